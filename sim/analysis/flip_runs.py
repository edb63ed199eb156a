"""Candidates for a flip, level by level, each confirmed (or not) by a fresh paired run on another seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.analysis.flip import Candidate, Gap, gap, numbers, one_claim, settings, side_of, two_claims
from sim.analysis.paired import paired
from sim.analysis.worlds import check_enough, check_known, plays, worlds_of
from sim.ensemble.intervals import Z95
from sim.inputs.differences import differences

if TYPE_CHECKING:
    from sim.ensemble.result import Ensemble
    from sim.inputs.scenario import Scenario

TRIES = 3  # candidates of a level that are run afresh, until one is confirmed

PlayBoth = Callable[[tuple[str, ...]], "tuple[Ensemble, Ensemble]"]  # both scenarios, fresh, with these --set strings
Verdict = Literal["reversed", "zero", "not confirmed"]
Level = Literal["one claim", "two claims", "a number"]


@dataclass(frozen=True)
class Tried:
    """A candidate and what fresh runs show at the change itself and with the same moves gone all the way."""

    level: Level
    candidate: Candidate
    fresh: Gap
    fresh_beyond: Gap
    verdict: Verdict


@dataclass(frozen=True)
class Flip:
    """``plain`` is B minus A as assumed. ``found`` has the best confirmed change of each level, ``failed`` what was
    tried.

    ``one_scenario`` names the assumptions that are all that A and B differ in, if a candidate moved them: with one
    value in both they are one scenario, which is no flip.

    ``searched`` counts the single claims, pairs and numbers that came into question, level by level.
    """

    a: str
    b: str
    quantity: str
    worlds: int
    plain: Gap
    found: tuple[Tried, ...]
    failed: tuple[Tried, ...]
    one_scenario: tuple[str, ...]
    searched: tuple[tuple[Level, int], ...]

    @property
    def smallest(self) -> Tried | None:
        """The confirmed change of the fewest assumptions."""
        return self.found[0] if self.found else None

    @property
    def nothing_to_flip(self) -> bool:
        """The difference cannot be told from 0 as it is."""
        return abs(self.plain.difference) <= Z95 * self.plain.se


def flip(a: Ensemble, b: Ensemble, asked: str | None, play_both: PlayBoth) -> Flip:
    """Raises InputError for an unknown quantity or too few worlds."""
    check_enough(a)
    check_enough(b)
    quantity = asked or plainest(a, b)
    shared = [name for name in a.told_measures if name in b.told_measures]
    check_known(quantity, (*a.names.outcomes, *shared), "an outcome, or a measure of both")
    worlds = min(worlds_of(a), worlds_of(b))
    values = [plays(each, quantity).mean(axis=0)[:worlds] for each in (a, b)]
    sides = [side_of(each, part) for each, part in zip((a, b), values, strict=True)]
    plain = gap(sides[0], sides[1], {})
    names = (a.scenario.name, b.scenario.name, quantity, worlds, plain)
    if abs(plain.difference) <= Z95 * plain.se:
        return Flip(*names, (), (), (), ())
    found: list[Tried] = []
    failed: list[Tried] = []
    apart, alike = _held_apart(a.scenario, b.scenario), list[str]()
    searched: list[tuple[Level, int]] = []
    levels: tuple[tuple[Level, Callable[[], list[Candidate]]], ...] = (
        ("one claim", lambda: one_claim(sides[0], sides[1])),
        ("two claims", lambda: two_claims(sides[0], sides[1])),
        ("a number", lambda: numbers(a, b, values[1] - values[0])),
    )
    for level, candidates in levels:
        if level == "two claims" and found:
            continue  # one claim does it
        several = candidates()
        searched.append((level, len(several)))
        good, bad = _confirm(level, several, plain, quantity, play_both, apart, alike)
        found += [good] if good else []
        failed += bad
    return Flip(*names, tuple(found), tuple(failed), tuple(alike), tuple(searched))


def plainest(a: Ensemble, b: Ensemble) -> str:
    """The outcome whose difference is surest."""
    worlds = min(worlds_of(a), worlds_of(b))
    names = a.names.outcomes
    apart = np.stack([(plays(b, name, worlds) - plays(a, name, worlds)).mean(axis=0) for name in names])
    sure = [abs(each.difference) / each.se if each.se > 0 else 0.0 for each in paired(apart)]
    return names[int(np.argmax(sure))]


def _confirm(
    level: Level,
    several: Sequence[Candidate],
    plain: Gap,
    quantity: str,
    play_both: PlayBoth,
    apart: frozenset[str],
    alike: list[str],
) -> tuple[Tried | None, list[Tried]]:
    """The first candidate that fresh runs confirm, and those before it that they do not; what makes both one scenario
    goes to ``alike`` and is passed over.
    """
    failed: list[Tried] = []
    for candidate in several:
        if len(failed) == TRIES:
            break
        names = [move.name for move in candidate.moves]
        if alike and set(alike) <= set(names):
            continue
        both = play_both(settings(candidate.moves))
        if not differences(both[0].scenario, both[1].scenario):
            alike[:] = [name for name in names if name in apart or "/" in name]
            continue
        fresh = _measure(both, quantity)
        same = candidate.extreme == candidate.moves
        beyond = fresh if same else _measure(play_both(settings(candidate.extreme)), quantity)
        verdict = _verdict(plain, fresh, beyond)
        tried = Tried(level, candidate, fresh, beyond, verdict)
        if verdict != "not confirmed":
            return tried, failed
        failed.append(tried)
    return None, failed


def _held_apart(a: Scenario, b: Scenario) -> frozenset[str]:
    """The claims of whose credence two scenarios do not think alike."""
    one, other = ({name: claim.credence for name, claim in each.ledger.claims.items()} for each in (a, b))
    return frozenset(name for name in one if one[name] != other.get(name))


def _measure(both: tuple[Ensemble, Ensemble], quantity: str) -> Gap:
    worlds = min(worlds_of(each) for each in both)
    apart = (plays(both[1], quantity, worlds) - plays(both[0], quantity, worlds)).mean(axis=0)
    found = paired(apart[None])[0]
    return Gap(found.difference, found.se, float(worlds))


def _verdict(plain: Gap, fresh: Gap, beyond: Gap) -> Verdict:
    """Reversed if either fresh run lies surely on the other side; zero if the change itself cannot be told from 0."""
    side = np.sign(plain.difference)
    if any(side * each.difference < -Z95 * each.se for each in (fresh, beyond)):
        return "reversed"
    return "zero" if abs(fresh.difference) <= Z95 * fresh.se else "not confirmed"
