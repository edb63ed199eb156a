"""The two readers of a class whose worlds end most differently, and what separates them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from sim.analysis.beliefs import Belief, Beliefs, beliefs, believing, reach
from sim.analysis.paired import Endings, OutcomeDifferences, marked, outcome_differences, total_variation
from sim.analysis.variants import Draws, endings, play_variants
from sim.inputs.differences import differences
from sim.inputs.scenario import Scenario

MOST_TRIED = 6  # claims that the two hold differently, tried one at a time


@dataclass(frozen=True)
class Gap:
    """One thing on which two readers differ and what it does alone to the first one's outcomes.

    A claim, with both beliefs; or (``claim`` empty) everything in which the files differ beside their beliefs.
    """

    claim: str
    one: Belief | None
    other: Belief | None
    what: OutcomeDifferences


@dataclass(frozen=True)
class Opposed:
    """Two readers, by their place. ``gaps`` are sorted by what each does alone; ``untried`` counts the other claims
    that the two hold differently; ``lines`` say in what else their files differ."""

    one: int
    other: int
    whole: OutcomeDifferences
    gaps: tuple[Gap, ...]
    untried: int
    lines: tuple[str, ...]


def most_opposed(
    scenarios: Sequence[Scenario], ends: Sequence[Endings], effect: Mapping[str, float], names: Sequence[str],
    runs: int, seed: int, on_runs: Callable[[int], None] | None = None,
) -> Opposed | None:  # fmt: skip
    """The two whose outcomes are furthest apart, None where all are alike or there is one reader."""
    shares = [np.bincount(each, minlength=len(names)) / len(each) for each in ends]
    pairs = list(combinations(range(len(ends)), 2))
    if not pairs:
        return None
    one, other = max(pairs, key=lambda pair: total_variation(shares[pair[0]], shares[pair[1]]))
    if total_variation(shares[one], shares[other]) == 0:
        return None
    a, b = scenarios[one], scenarios[other]
    held, theirs = beliefs(a), beliefs(b)
    claims = _widest(held, theirs, effect)
    lines = tuple(otherwise(a, b))
    changed = [believing(a, {claim: theirs[claim]}) for claim in claims[:MOST_TRIED]]
    changed += [believing(b, held)] if lines else []
    played = play_variants(changed, Draws(runs, seed), endings, on_runs)
    whole, *parts = marked([outcome_differences(ends[one], each, names) for each in (ends[other], *played)])
    gaps = [_gap(claim, held, theirs, what) for claim, what in zip([*claims[:MOST_TRIED], ""], parts, strict=False)]
    return Opposed(one, other, whole, tuple(sorted(gaps, key=lambda gap: -gap.what.points)),
                   max(len(claims) - MOST_TRIED, 0), lines)  # fmt: skip


def otherwise(a: Scenario, b: Scenario) -> list[str]:
    """In what two scenarios differ beside what they believe of claims, one line each."""
    return differences(_plain(a), replace(_plain(b), ledger=a.ledger))


def _plain(scenario: Scenario) -> Scenario:
    """The scenario without what it says of documents, codings and claims; what follows from it is in the ledger."""
    assume = dict(scenario.resolved.get("assume") or {})
    kept = {key: value for key, value in assume.items() if key not in ("claims", "documents", "known_by", "coding")}
    return replace(scenario, coding="", balance=False, resolved={**scenario.resolved, "assume": kept})


def _gap(claim: str, held: Beliefs, theirs: Beliefs, what: OutcomeDifferences) -> Gap:
    return Gap(claim, held.get(claim), theirs.get(claim), what)


def _widest(held: Beliefs, theirs: Beliefs, effect: Mapping[str, float]) -> list[str]:
    """The claims that the two hold differently, those that can do most first."""
    sizes = {claim: reach(held[claim], theirs[claim], effect[claim]) for claim in held if held[claim] != theirs[claim]}
    return sorted(sizes, key=lambda claim: (-sizes[claim], claim))
