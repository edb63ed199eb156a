"""Under which assumptions does an outcome happen? Boxes in the space of assumptions by PRIM (Friedman and Fisher 1999).

The boxes are searched with EMA Workbench (extra ``discover``) on every second world and counted on the others, so that
a box that only fits noise shows it. PRIM peels off worlds wherever that pays a little, so it is given only the few
factors that move the outcome most (its constrained form, Kwakkel 2019): a box with more limits is no sentence.
Coverage is the share of the runs of interest that lie in the box, density the share of its runs that are of interest
(Bryant and Lempert 2010). Of the boxes on PRIM's way the densest that still covers a quarter is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.analysis.binning import explained_alone
from sim.analysis.prim_boxes import FAILS, HOLDS, Limit, Point, load_prim, search_boxes
from sim.analysis.quantities import check_enough, check_known, plays
from sim.analysis.sensitivity import factor_bins, worlds_with_numbers
from sim.errors import Fault, InputError, Place
from sim.inputs.case import Case

if TYPE_CHECKING:
    from sim.ensemble.result import Ensemble

Floats = npt.NDArray[np.float64]

FACTORS = 4  # that a box may limit


@dataclass(frozen=True)
class Box:
    """A box as counted on the worlds that it was not searched on. ``lift`` is density over the base rate."""

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    density_se: float
    mass: float
    lift: float
    searched_density: float
    path: tuple[Point, ...]  # on the worlds it was searched on


@dataclass(frozen=True)
class Discovery:
    scenario: str
    outcome: str
    worlds: int  # searched, and as many counted
    rate: float  # of the outcome among the worlds counted
    factors: tuple[str, ...]
    boxes: tuple[Box, ...]


def discover(ensemble: Ensemble, outcome: str, most: int = 1) -> Discovery:
    """Up to ``most`` boxes. Raises InputError for a missing extra, an unknown outcome, or too few worlds or cases."""
    prim = load_prim()
    check_outcome(ensemble.scenario.case, outcome)
    check_enough(ensemble)
    worlds = worlds_with_numbers(ensemble) // 2 * 2
    ended = plays(ensemble, outcome, worlds)
    searched, counted = slice(0, worlds, 2), slice(1, worlds, 2)
    _check_cases(ended[:, searched], outcome)
    columns = _columns(ensemble, worlds)
    factors = _moving(ensemble, worlds, ended, searched)
    boxes = search_boxes(prim, {name: columns[name][searched] for name in factors}, ended[:, searched], most)
    told = [_count(box, path, columns, ended, counted) for box, path in boxes]
    rate = float(ended[:, counted].mean())
    good = tuple(box for box in told if box.limits and box.density - 2 * box.density_se > rate)
    return Discovery(ensemble.scenario.name, outcome, worlds // 2, rate, tuple(factors), good)


def check_outcome(case: Case, outcome: str) -> None:
    """Raises InputError for a missing extra or an unknown outcome, before any work."""
    load_prim()
    check_known(outcome, [rule.name for rule in case.outcomes])


def _check_cases(ended: Floats, outcome: str) -> None:
    cases = int(ended.sum())
    if not 20 <= cases <= ended.size - 20:
        found = f"{cases:,} of {ended.size:,} runs searched end in {outcome}"
        raise InputError(
            [Fault(Place("-n", 0, 0), "runs", found, "more runs, or an outcome that comes and fails to come 20 times")]
        )


def _columns(ensemble: Ensemble, worlds: int) -> dict[str, npt.NDArray[Any]]:
    """Every factor in every world: words for claims and causes, numbers as drawn."""
    found: dict[str, npt.NDArray[Any]] = {}
    for kind, names, rows in (
        ("claim", ensemble.names.claims, ensemble.holds),
        ("cause", ensemble.names.causes, ensemble.caused),
    ):
        found |= {
            f"{kind}/{name}": np.where(row[:worlds], HOLDS, FAILS).astype(object)
            for name, row in zip(names, rows, strict=True)
        }
    return found | {name: drawn[:worlds].astype(np.float64) for name, drawn in ensemble.numbers.items()}


def _moving(ensemble: Ensemble, worlds: int, ended: Floats, searched: slice) -> list[str]:
    """The factors that explain most of the outcome alone among the worlds searched."""
    bins = factor_bins(ensemble, worlds)
    alone = explained_alone([places[searched] for places in bins.values()], ended[:, searched].mean(axis=0)[None])
    order = np.argsort(alone.p[:, 0], kind="stable")
    return [list(bins)[place] for place in order[:FACTORS]]


def inside(limits: Sequence[Limit], columns: dict[str, npt.NDArray[Any]], worlds: int) -> npt.NDArray[np.bool_]:
    """Which worlds lie in a box, shape (worlds,)."""
    found = np.ones(worlds, dtype=bool)
    for limit in limits:
        column = columns[limit.factor]
        if limit.state is not None:
            found &= column == limit.state
        else:
            found &= (column >= (-np.inf if limit.low is None else limit.low)) & (
                column <= (np.inf if limit.high is None else limit.high)
            )
    return found


def _count(
    limits: tuple[Limit, ...],
    path: tuple[Point, ...],
    columns: dict[str, npt.NDArray[Any]],
    ended: Floats,
    counted: slice,
) -> Box:
    here = {limit.factor: columns[limit.factor][counted] for limit in limits}
    values = ended[:, counted].mean(axis=0)
    within = inside(limits, here, len(values))
    many = int(within.sum())
    density = float(values[within].mean()) if many else 0.0
    error = float(values[within].std(ddof=1) / np.sqrt(many)) if many > 1 else float("inf")
    coverage = float(values[within].sum() / values.sum()) if values.sum() else 0.0
    lift = density / float(values.mean()) if values.sum() else 0.0
    searched = next(point.density for point in path if point.chosen)
    return Box(limits, coverage, density, error, many / len(values), lift, searched, path)
