"""The smallest change of assumption that reverses a comparison, or makes its difference vanish.

Two scenarios on common random numbers differ by d = mean of (B - A) of one quantity. Claims are moved by reweighting:
the credence of one claim goes toward 0 or 1 until d is 0; then of two, the first all the way and the second as far as
needed. Numbers are moved by looking at the worlds that drew them high or low. The size of a change of credences is the
sum of their moves; of a number, its distance from its mode as a share of its range. The changes found are candidates:
``flip.py`` confirms them with fresh runs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np

from sim.analysis.reweight import Holding, effective_worlds, holding, world_weights
from sim.analysis.sensitivity import equal_bins, worlds_with_numbers
from sim.analysis.world_means import Floats, plays, worlds_of
from sim.ensemble.result import Ensemble
from sim.inputs.case import Range
from sim.model.assumptions import ranges_drawn

NEAREST = 12  # single claims that come nearest to a flip, tried in pairs
BISECTIONS = 20
NUMBER_BINS = 10
SURE = 2.0  # standard errors by which a bin's difference must have the other sign to be tried


@dataclass(frozen=True)
class Side:
    """One scenario of the pair: what holds in its worlds, and the quantity's mean over the two plays of each."""

    worlds: Holding
    values: Floats  # (worlds,)


@dataclass(frozen=True)
class Gap:
    """B minus A with its standard error, paired by world, and the effective worlds behind it."""

    difference: float
    se: float
    effective: float


@dataclass(frozen=True)
class Move:
    """One assumption moved: a claim's credence, or a number (by its stream name) fixed at a value."""

    name: str
    before: float
    after: float


@dataclass(frozen=True)
class Candidate:
    """A change of assumptions that brings the difference to 0 or, of a number, beyond it (``moves``).

    ``extreme`` are the same moves to the end of the range, and ``beyond`` is the difference there.
    """

    moves: tuple[Move, ...]
    size: float
    extreme: tuple[Move, ...]
    beyond: Gap


def both_sides(a: Ensemble, b: Ensemble, quantity: str) -> tuple[list[Side], Floats]:
    """Both sides of the comparison in the worlds where both have a value, and each world's difference (or NaN)."""
    worlds = min(worlds_of(a), worlds_of(b))
    one, other = (plays(each, quantity, worlds).mean(axis=0) for each in (a, b))
    known = np.isfinite(one) & np.isfinite(other)
    held = (holding(each).part(slice(0, worlds)).only(known) for each in (a, b))
    return [Side(holds, values[known]) for holds, values in zip(held, (one, other), strict=True)], other - one


def gap(a: Side, b: Side, credences: Mapping[str, float]) -> Gap:
    """B minus A under other credences; a claim at credence 0 or 1 on one side keeps it there."""
    parts, weights = [], []
    for side in (a, b):
        open_here = {claim: to for claim, to in credences.items() if claim not in side.worlds.fixed}
        w = world_weights(side.worlds, open_here)
        mean = float((w * side.values).sum() / w.sum())
        parts.append((mean, w / w.sum() * (side.values - mean)))
        weights.append(w)
    (mean_a, away_a), (mean_b, away_b) = parts
    effective = min(effective_worlds(w) for w in weights)
    return Gap(mean_b - mean_a, float(np.sqrt(((away_b - away_a) ** 2).sum())), effective)


def one_claim(a: Side, b: Side) -> list[Candidate]:
    """Every single claim that can bring the difference to 0, sorted by ``_in_order``."""
    found = [candidate for start in _corners(a, b) if (candidate := _along(a, b, (), start))]
    return _in_order(found)


def two_claims(a: Side, b: Side) -> list[Candidate]:
    """Pairs among the claims that alone come nearest: the first all the way, the second as far as needed."""
    sign = np.sign(gap(a, b, {}).difference)
    ends = [(sign * gap(a, b, {end.name: end.after}).difference, end) for end in _corners(a, b)]
    nearest = [end for _, end in sorted(ends, key=lambda each: each[0])[:NEAREST]]
    pairs = [(first, second) for first, second in permutations(nearest, 2) if first.name != second.name]
    found = [candidate for first, second in pairs if (candidate := _along(a, b, (first,), second))]
    return _in_order(found)


def _in_order(found: list[Candidate]) -> list[Candidate]:
    """The smallest move first; candidates that may cross 0 only by noise come last."""
    return sorted(found, key=lambda each: (abs(each.beyond.difference) < each.beyond.se, each.size))


def _corners(a: Side, b: Side) -> list[Move]:
    """Each claim that can be moved, to credence 0 and to 1."""
    return [
        Move(claim, a.worlds.credences[claim], end)
        for claim in a.worlds.credences for end in (0.0, 1.0)
        if claim in b.worlds.credences and not (claim in a.worlds.fixed and claim in b.worlds.fixed)
    ]  # fmt: skip


def _along(a: Side, b: Side, gone: tuple[Move, ...], last: Move) -> Candidate | None:
    """Where on the last move's way the difference is 0, with the other moves made in full; None if nowhere."""
    fixed = {move.name: move.after for move in gone}
    start, end = gap(a, b, fixed), gap(a, b, {**fixed, last.name: last.after})
    plain = gap(a, b, {}).difference
    if not (start.difference * plain > 0 and end.difference * plain <= 0):
        return None
    near, far = last.before, last.after
    for _ in range(BISECTIONS):
        middle = (near + far) / 2
        on_the_way = gap(a, b, {**fixed, last.name: middle}).difference * plain > 0
        near, far = (middle, far) if on_the_way else (near, middle)
    stop = Move(last.name, last.before, far)
    size = sum(abs(move.after - move.before) for move in (*gone, stop))
    return Candidate((*gone, stop), size, (*gone, last), end)


def numbers(a: Ensemble, b: Ensemble, by_world: Floats) -> list[Candidate]:
    """Numbers with a tenth of draws where the difference surely has the other sign, the nearest to its mode first.

    ``by_world`` is B minus A in each world, shape (worlds,), NaN where either has no value. Only numbers that both
    scenarios draw alike and that a scenario can fix are tried.
    """
    worlds = min(worlds_with_numbers(a), worlds_with_numbers(b), len(by_world))
    known = np.flatnonzero(np.isfinite(by_world[:worlds]))
    plain = by_world[known].mean()
    found = []
    ranges = ranges_drawn(a.scenario.case)
    for name in a.numbers:
        drawn, span = a.numbers[name][:worlds], ranges.get(name)
        if span is None or name not in b.numbers or not np.array_equal(drawn, b.numbers[name][:worlds]):
            continue
        found += _reversed_bins(name, span, drawn[known].astype(np.float64), by_world[known], float(plain))
    return sorted(found, key=lambda each: each.size)


def _reversed_bins(name: str, span: Range, drawn: Floats, by_world: Floats, plain: float) -> list[Candidate]:
    """The bin nearest to the mode in which the sign is surely the other one."""
    places = equal_bins(drawn, NUMBER_BINS)
    found = []
    for place in range(int(places.max()) + 1):
        inside = places == place
        here, middle = by_world[inside], float(np.median(drawn[inside]))
        se = float(here.std(ddof=1) / np.sqrt(len(here)))
        if here.mean() * plain < 0 and abs(here.mean()) > SURE * se:
            move = (Move(name, span.mode, middle),)
            size = abs(middle - span.mode) / (span.high - span.low)
            found.append(Candidate(move, size, move, Gap(float(here.mean()), se, float(len(here)))))
    return sorted(found, key=lambda each: each.size)[:1]


def setting(move: Move) -> str:
    """The ``--set`` string that makes a move."""
    kind, stroke, name = move.name.partition("/")
    if not stroke:
        return f"assume.claims.{move.name}.credence={move.after:.6g}"
    if kind in ("ideal", "salience"):
        return f"assume.states.{name}.{kind}={move.after:.6g}"
    return f"assume.{'parameters' if kind == 'parameter' else kind}.{name}={move.after:.6g}"


def settings(moves: Sequence[Move]) -> tuple[str, ...]:
    """The ``--set`` strings that make several moves."""
    return tuple(setting(move) for move in moves)
