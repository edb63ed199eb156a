"""What readers believe about claims: alone, in the middle, and how far a class agrees; and what that implies.

Every reader's position is played on the same worlds. The claims that decide how they end are found without further
runs: a claim's effect, in one ensemble drawn near the class's mean credences, times the reader's distance from the
class's median. The largest are confirmed by playing the reader's position with that one claim at the median.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from statistics import fmean, median, variance

import numpy as np

from sim.analysis.agreement import Unit, krippendorff_alpha
from sim.analysis.effects import claim_effects
from sim.analysis.paired import Endings, OutcomeDifferences, marked, outcome_differences, total_variation
from sim.analysis.reweight import holding
from sim.analysis.variants import Draws, endings, play_variants
from sim.analysis.world_means import world_table
from sim.classroom.class_files import ClassFiles, Reader
from sim.ensemble.run import run
from sim.inputs.case import Range
from sim.inputs.differences import differences
from sim.inputs.ledger import Ledger
from sim.inputs.scenario import Scenario

SHARED_RUNS = 20_000  # of the one ensemble that all readers are screened on
KEPT_FROM_CERTAINTY = 0.05  # least distance of its credences from 0 and 1: no claim holds, or fails, in all worlds
CANDIDATES = 3  # claims of a reader that are confirmed by playing, at most
MOST_PAIRED = 3  # of these, the strongest are also tried two at a time
MOST_TRIED = 6  # claims that the most opposed two hold differently, tried one at a time
WORTH = 0.25  # candidates below this share of the first one's reach are not confirmed


@dataclass(frozen=True)
class Belief:
    """Credence in [0, 1] and weight of a claim."""

    credence: float
    weight: Range


Beliefs = Mapping[str, Belief]


def beliefs(scenario: Scenario) -> dict[str, Belief]:
    """The belief that a scenario has about every claim."""
    return {name: Belief(claim.credence, claim.weight) for name, claim in scenario.ledger.claims.items()}


def believing(scenario: Scenario, new: Beliefs) -> Scenario:
    """The scenario with other credences and weights for some claims; effects and links stay as they are."""
    claims = dict(scenario.ledger.claims)
    for name, belief in new.items():
        claims[name] = replace(claims[name], credence=belief.credence, weight=belief.weight)
    return replace(scenario, ledger=Ledger(claims))


def middle(readers: Sequence[Beliefs]) -> dict[str, Belief]:
    """The median of the readers, claim by claim; of weights, the median of each corner."""
    return _joined(readers, median)


def mean(readers: Sequence[Beliefs]) -> dict[str, Belief]:
    """The mean of the readers: for credences the linear opinion pool (Stone 1961)."""
    return _joined(readers, fmean)


def reach(one: Belief, other: Belief, effect: float) -> float:
    """The first-order effect of moving a claim from one belief to another: its effect times the change of credence,
    plus its effect times the relative change of its weight where it holds."""
    weight = abs(one.weight.mode - other.weight.mode) / max(one.weight.mode, other.weight.mode, 1e-9)
    return effect * (abs(one.credence - other.credence) + min(one.credence, other.credence) * weight)


def _joined(readers: Sequence[Beliefs], join: Callable[[Sequence[float]], float]) -> dict[str, Belief]:
    found = {}
    for name in readers[0]:
        each = [reader[name] for reader in readers]
        corners = ([getattr(one.weight, corner) for one in each] for corner in ("low", "mode", "high"))
        found[name] = Belief(join([one.credence for one in each]), Range(*map(join, corners)))
    return found


@dataclass(frozen=True)
class Spread:
    """The values given to one claim, sorted, their median, and the agreement (None for less than two values, for the
    only claim of a class, or where all values of the class are equal)."""

    claim: str
    values: tuple[float, ...]
    median: float
    agreement: float | None

    @property
    def range(self) -> float:
        """From the lowest value to the highest."""
        return self.values[-1] - self.values[0]


@dataclass(frozen=True)
class ClassAgreement:
    """``alpha`` over all claims with two values or more (None where nothing varies, or for a single claim), and each
    claim's spread, the least agreed first."""

    alpha: float | None
    claims: int  # with two values or more
    values: int
    spreads: tuple[Spread, ...]


def class_agreement(said: Mapping[str, Unit]) -> ClassAgreement:
    """Agreement over claims; ``said`` holds each reader's value for a claim, None where a reader gives none.

    With s2 the variance (n - 1) of the n values given to one claim, and S2 that of all N values together,

        alpha = 1 - (sum over claims of n s2) / (N S2)          agreement on one claim = 1 - s2 / S2

    The first is Krippendorff's alpha for interval data (``analysis/agreement.py``), the second one claim's part of it:
    1 where all values are equal, 0 where they differ as much as values drawn at random from all N, below 0 where they
    differ more. Both need two claims or more.
    """
    given = {claim: tuple(sorted(v for v in unit if v is not None)) for claim, unit in said.items()}
    shared = [values for values in given.values() if len(values) > 1]
    every = [value for values in shared for value in values]
    hat = variance(every) if len(shared) > 1 else 0.0
    spreads = [
        Spread(claim, values, median(values), 1 - variance(values) / hat if len(values) > 1 and hat > 0 else None)
        for claim, values in given.items()
        if values
    ]
    alpha = krippendorff_alpha(list(said.values()), "interval") if len(shared) > 1 else None
    spreads.sort(key=lambda each: (len(each.values) < 2, -each.range, each.claim))  # of one value only: last
    return ClassAgreement(alpha, len(shared), len(every), tuple(spreads))


@dataclass(frozen=True)
class Gap:
    """One difference between two readers, or one and the class's median, and what it alone does to the outcomes
    of the first: a claim with both beliefs; or (``claim`` empty) everything else in which the files differ.
    """

    claim: str
    one: Belief | None
    other: Belief | None
    what: OutcomeDifferences


@dataclass(frozen=True)
class Position:
    """One reader: the shares of the outcomes, and the claims tried, the one that moves most first."""

    kind: str
    name: str
    shares: Mapping[str, float]
    moved: int  # claims whose belief differs from the scenario that the class starts from
    other: bool  # whether the file changes more than beliefs about claims
    turns: tuple[Gap, ...]

    @property
    def deciding(self) -> Gap | None:
        """The claim with the largest change when moved to the class's median, if any moves an outcome beyond noise."""
        return next((turn for turn in self.turns if turn.what.significant), None)


@dataclass(frozen=True)
class Together:
    """Two claims changed together, and the total variation that each made ``alone``."""

    claims: tuple[str, str]
    what: OutcomeDifferences
    alone: tuple[float, float]


@dataclass(frozen=True)
class Opposed:
    """Two readers, by their place. ``gaps`` are sorted by what each does alone, ``together`` are pairs of the
    strongest; ``untried`` counts further claims that the two hold differently; ``lines`` say what else differs between
    their files."""

    one: int
    other: int
    whole: OutcomeDifferences
    gaps: tuple[Gap, ...]
    together: tuple[Together, ...]
    untried: int
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Classroom:
    """A whole class. ``start``, ``pooled`` and ``mixed`` are shares of the outcomes: in the scenario that the class
    starts from, with the class's mean credences and weights, and as a mean over the readers' positions."""

    scenario: Scenario
    runs: int
    seed: int
    positions: tuple[Position, ...]
    credences: ClassAgreement
    weights: ClassAgreement
    median: Beliefs
    start: Mapping[str, float]
    pooled: Mapping[str, float]
    pooled_against_start: OutcomeDifferences
    mixed: Mapping[str, float]
    opposed: Opposed | None
    skipped: int


def classroom(files: ClassFiles, runs: int, seed: int, on_runs: Callable[[int], None] | None = None) -> Classroom:
    """Play every position with ``runs`` runs and compare them. Raises ValueError for fewer than 4 runs."""
    if runs < 4:
        raise ValueError("a difference needs two worlds of two plays")
    readers, start = files.readers, files.start
    names = [rule.name for rule in start.case.outcomes]
    held = [beliefs(reader.scenario) for reader in readers]
    median, average = middle(held), mean(held)
    effect = screen(start, average, seed)
    if on_runs is not None:
        on_runs(SHARED_RUNS)
    scenarios = [start, believing(start, average), *(reader.scenario for reader in readers)]
    tried = []
    for one in held:
        sizes = _widest(one, median, effect)  # of the claims worth a try, the most promising first
        worth = WORTH * max(sizes.values(), default=0.0)
        tried.append([claim for claim, size in sizes.items() if size >= worth][:CANDIDATES])
    turned_in = [
        believing(reader.scenario, {claim: median[claim]})
        for reader, some in zip(readers, tried, strict=True)
        for claim in some
    ]
    ends = list(play_variants([*scenarios, *turned_in], Draws(runs, seed), endings, on_runs))
    begin, pooled, own = ends[0], ends[1], ends[2 : len(scenarios)]
    turned = iter(ends[len(scenarios) :])
    turns = [
        _turns(own[k], held[k], median, tried[k], [next(turned) for _ in tried[k]], names) for k in range(len(own))
    ]
    shares, positions = [share_of(each, names) for each in own], []
    for reader, ending, tries in zip(readers, shares, turns, strict=True):
        moved = sum(claim != start.ledger.claims[name] for name, claim in reader.scenario.ledger.claims.items())
        beside = bool(otherwise(start, reader.scenario))
        positions.append(Position(reader.kind, reader.name, ending, moved, beside, tries))
    return Classroom(
        start, runs, seed, tuple(positions),
        class_agreement(_said(readers, "credences")), class_agreement(_said(readers, "weights")),
        median, share_of(begin, names), share_of(pooled, names),
        marked([outcome_differences(begin, pooled, names)])[0],
        {name: float(np.mean([some[name] for some in shares])) for name in names},
        most_opposed(scenarios[2:], own, effect, names, runs, seed, on_runs),
        len(files.skipped),
    )  # fmt: skip


def planned_runs(files: ClassFiles, runs: int) -> int:
    """About how many runs :func:`classroom` plays, for a progress bar."""
    return SHARED_RUNS + runs * (2 + (1 + CANDIDATES) * len(files.readers))


def screen(start: Scenario, average: Beliefs, seed: int) -> dict[str, float]:
    """How much each claim moves the outcomes: total variation distance between worlds where it holds and fails."""
    low, high = KEPT_FROM_CERTAINTY, 1 - KEPT_FROM_CERTAINTY
    inside = {name: Belief(min(max(each.credence, low), high), each.weight) for name, each in average.items()}
    ensemble = run(believing(start, inside), SHARED_RUNS, seed, workers=1)
    found = claim_effects(holding(ensemble), world_table(ensemble).of_outcomes)
    sizes = np.nan_to_num(np.abs(found.effect)).sum(axis=1) / 2
    return dict(zip(found.rows, map(float, sizes), strict=True))


def _turns(
    ends: Endings, own: Beliefs, median: Beliefs, tried: Sequence[str], turned: Sequence[Endings], names: Sequence[str]
) -> tuple[Gap, ...]:
    if not tried:
        return ()
    found = marked([outcome_differences(ends, each, names) for each in turned])
    turns = [Gap(claim, own[claim], median[claim], what) for claim, what in zip(tried, found, strict=True)]
    return tuple(sorted(turns, key=lambda turn: -turn.what.points))


def share_of(ends: Endings, names: Sequence[str]) -> dict[str, float]:
    """The share of the runs that end in each outcome."""
    counts = np.bincount(ends, minlength=len(names))
    return {name: float(count) / len(ends) for name, count in zip(names, counts, strict=True)}


def _said(readers: Sequence[Reader], what: str) -> dict[str, list[float | None]]:
    """By claim, the number that each reader's file gives or changes, else None."""
    found: dict[str, list[float | None]] = {name: [] for name in readers[0].scenario.ledger.claims}
    for reader in readers:
        for name, values in found.items():
            claim = reader.scenario.ledger.claims[name]
            value = claim.credence if what == "credences" else claim.weight.mode
            values.append(value if name in getattr(reader, what) else None)
    return found


def most_opposed(
    scenarios: Sequence[Scenario], ends: Sequence[Endings], effect: Mapping[str, float], names: Sequence[str],
    runs: int, seed: int, on_runs: Callable[[int], None] | None = None,
) -> Opposed | None:  # fmt: skip
    """The two readers whose outcomes differ most; None where all are alike or there is one reader."""
    shares = [np.bincount(each, minlength=len(names)) / len(each) for each in ends]
    distance = {(i, j): total_variation(shares[i], shares[j]) for i, j in combinations(range(len(ends)), 2)}
    if not any(distance.values()):
        return None
    one, other = max(distance, key=lambda pair: round(distance[pair], 9))  # of equals the first, as on the page
    a, b = scenarios[one], scenarios[other]
    held, theirs = beliefs(a), beliefs(b)
    claims = list(_widest(held, theirs, effect))
    lines = tuple(otherwise(a, b))
    changed = [believing(a, {claim: theirs[claim]}) for claim in claims[:MOST_TRIED]]
    changed += [believing(b, held)] if lines else []
    played = play_variants(changed, Draws(runs, seed), endings, on_runs)
    whole, *parts = marked([outcome_differences(ends[one], each, names) for each in (ends[other], *played)])
    alone = zip([*claims[:MOST_TRIED], ""], parts, strict=False)
    gaps = [Gap(claim, held.get(claim), theirs.get(claim), what) for claim, what in alone]
    gaps.sort(key=lambda gap: -gap.what.points)
    strongest = [gap for gap in gaps if gap.claim and gap.what.significant][:MOST_PAIRED]
    both = list(combinations(strongest, 2))
    joint = [believing(a, {gap.claim: theirs[gap.claim] for gap in pair}) for pair in both]
    also = play_variants(joint, Draws(runs, seed), endings, on_runs)
    moved = marked([outcome_differences(ends[one], each, names) for each in also])
    found = zip(both, moved, strict=True)
    together = tuple(Together((x.claim, y.claim), what, (x.what.points, y.what.points)) for (x, y), what in found)
    return Opposed(one, other, whole, tuple(gaps), together, max(len(claims) - MOST_TRIED, 0), lines)


def otherwise(a: Scenario, b: Scenario) -> list[str]:
    """The differences between two scenarios other than beliefs about claims, one line each."""
    theirs, lines = b.ledger.claims, differences(_plain(a), replace(_plain(b), ledger=a.ledger))
    coded = [
        name for name, one in a.ledger.claims.items()
        if replace(theirs[name], credence=one.credence, weight=one.weight) != one
    ]  # fmt: skip
    if coded and a.balance == b.balance:
        lines.append(f"mechanism, effects or links of {', '.join(coded)}")
    return lines


def _plain(scenario: Scenario) -> Scenario:
    """The scenario without its documents, codings and claims, whose result is in the ledger."""
    assume = dict(scenario.resolved.get("assume") or {})
    kept = {key: value for key, value in assume.items() if key not in ("claims", "documents", "known_by", "coding")}
    return replace(scenario, coding="", resolved={**scenario.resolved, "assume": kept})


def _widest(held: Beliefs, theirs: Beliefs, effect: Mapping[str, float]) -> dict[str, float]:
    """The claims that the two hold differently, with how much that can move the outcomes, the most first."""
    sizes = {claim: reach(held[claim], theirs[claim], effect[claim]) for claim in held if held[claim] != theirs[claim]}
    return dict(sorted(sizes.items(), key=lambda item: (-item[1], item[0])))
