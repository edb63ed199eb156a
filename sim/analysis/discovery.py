"""Under which assumptions does an outcome happen? Boxes in the space of assumptions by PRIM (Friedman and Fisher 1999).

The boxes are searched with EMA Workbench (extra ``discover``) on every second world and counted on the others, which
exposes a box that only fits noise. PRIM restricts any factor that helps a little, so it gets only the few factors that
move the outcome most (its constrained form, Kwakkel 2019), and a box can be said in a sentence. Only this module
imports the workbench, version 2.5 (Python 3.11) or 3 (from Python 3.12).
Coverage is the share of the runs of interest that lie in the box, density the share of its runs that are of interest
(Bryant and Lempert 2010). Of the boxes on PRIM's way, the densest that still covers a quarter is reported.
"""

import inspect
import logging
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.analysis.sensitivity import explained_alone, factor_bins, held, worlds_with_numbers
from sim.analysis.world_means import Floats, check_enough, check_known, plays
from sim.ensemble.result import Ensemble
from sim.errors import InputError
from sim.inputs.case import Case

FACTORS = 4  # that a box may limit
COVERED = 0.25  # of the runs of interest, at least
SMALLEST = 0.05  # share of the runs that a box holds at least
HOLDS, FAILS = "holds", "fails"

Columns = Mapping[str, npt.NDArray[Any]]  # words for what holds or fails, floats for numbers


@dataclass(frozen=True)
class Limit:
    """One side of a box: a claim that must hold or fail, or a number between two values (None: open).

    ``at`` are the shares of worlds below the two values, for readers who do not know the number's range (a claim sorts
    worlds where it fails before those where it holds).
    """

    factor: str  # kind/name
    state: str | None
    low: float | None
    high: float | None
    at: tuple[float, float]


@dataclass(frozen=True)
class Point:
    """A box on PRIM's way from all worlds to the smallest: coverage, density, share of the runs, number of limits."""

    coverage: float
    density: float
    mass: float
    limits: int
    chosen: bool


def load_prim() -> Any:
    """EMA Workbench's PRIM module, which takes seconds. Raises InputError where the extra is not installed."""
    try:
        with quiet():
            from ema_workbench.analysis import prim
    except ImportError:
        raise _not_installed() from None
    return prim


def _not_installed() -> InputError:
    allowed = "first install the extra: python -m pip install 'summitry[discover]'"
    return InputError.at("discover", "ema_workbench", "not installed", allowed)


@contextmanager
def quiet() -> Iterator[None]:
    """Silence the warnings and logs of the workbench and its imports."""
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)


def search_box(
    prim: Any, columns: Columns, ended: npt.NDArray[np.float64]
) -> tuple[tuple[Limit, ...], tuple[Point, ...]] | None:
    """The limits and the path of a box, None where there is none. Both plays of a world share its assumptions."""
    with quiet():
        import pandas

        table = pandas.DataFrame({name: np.repeat(column, 2) for name, column in columns.items()})
        box = make_prim(prim, table, ended.T.ravel().astype(np.int64)).find_box()
    if box is None:
        return None
    path = _path(box)
    at = next((place for place, point in enumerate(path) if point.chosen), 0)
    return _limits(box.box_lims[at], box.box_lims[0], columns), path


def make_prim(prim: Any, table: Any, y: npt.NDArray[np.int64]) -> Any:
    """PRIM on a y of 0 and 1 in either version of the workbench: 3 has dropped the threshold, which 2.5 needs.

    2.5 counts cases from the threshold up and discards a box whose mean is below it, so it gets a number just above 0.
    """
    options: dict[str, Any] = {"peel_alpha": 0.05, "mass_min": SMALLEST}
    if "threshold" in inspect.signature(prim.Prim.__init__).parameters:
        options["threshold"] = 1e-9
    return prim.Prim(table, y, **options)


def _path(box: Any) -> tuple[Point, ...]:
    steps = box.peeling_trajectory
    rows = [
        (float(row.coverage), float(row.density), float(row.mass), int(row.res_dim))
        for row in steps.itertuples(index=False)
    ]
    enough = [place for place, row in enumerate(rows) if row[0] >= COVERED]
    best = max(enough, key=lambda place: rows[place][1], default=0)
    return tuple(Point(*row, chosen=place == best) for place, row in enumerate(rows))


def _limits(box: Any, whole: Any, columns: Columns) -> tuple[Limit, ...]:
    """The limits of a box, by factor in the order of the columns."""
    found = []
    for name, column in columns.items():
        if column.dtype == object:
            states = {str(state) for state in box[name].iloc[0]}
            if len(states) == 1:
                state, failing = states.pop(), float((column == FAILS).mean())
                found.append(Limit(name, state, None, None, (failing, 1.0) if state == HOLDS else (0.0, failing)))
            continue
        (low, high), (least, most) = (box[name].astype(float), whole[name].astype(float))
        if low > least or high < most:
            at = (float((column < low).mean()), float((column <= high).mean()))
            found.append(
                Limit(name, None, float(low) if low > least else None, float(high) if high < most else None, at)
            )
    return tuple(found)


@dataclass(frozen=True)
class Box:
    """A box, counted on the worlds that were not searched. ``lift`` is density over the base rate."""

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    density_se: float
    mass: float
    lift: float
    searched_density: float
    path: tuple[Point, ...]  # on the worlds that were searched


@dataclass(frozen=True)
class Discovery:
    """What PRIM found for one outcome; ``boxes`` is empty where none is denser than the whole beyond its noise."""

    scenario: str
    outcome: str
    worlds: int  # number searched, and the same number counted
    rate: float  # of the outcome among the worlds counted
    factors: tuple[str, ...]
    boxes: tuple[Box, ...]


def discover(ensemble: Ensemble, outcome: str) -> Discovery:
    """A box, if any is good. Raises InputError for a missing extra, an unknown outcome, or too few worlds or cases."""
    check_outcome(ensemble.scenario.case, outcome)
    check_enough(ensemble)
    worlds = worlds_with_numbers(ensemble) // 2 * 2
    ended = plays(ensemble, outcome, worlds)
    searched, counted = slice(0, worlds, 2), slice(1, worlds, 2)
    _check_cases(ended[:, searched], outcome)
    columns = _columns(ensemble, worlds)
    factors = _moving(ensemble, worlds, ended, searched)
    found = search_box(load_prim(), {name: columns[name][searched] for name in factors}, ended[:, searched])
    boxes = [_count(*found, columns, ended, counted)] if found else []
    rate = float(ended[:, counted].mean())
    good = tuple(box for box in boxes if box.limits and box.density - 2 * box.density_se > rate)
    return Discovery(ensemble.scenario.name, outcome, worlds // 2, rate, tuple(factors), good)


def check_outcome(case: Case, outcome: str) -> None:
    """Raises InputError for a missing extra or an unknown outcome, before any work."""
    if find_spec("ema_workbench") is None:
        raise _not_installed()
    check_known(outcome, [rule.name for rule in case.outcomes])


def _check_cases(ended: Floats, outcome: str) -> None:
    cases = int(ended.sum())
    if not 20 <= cases <= ended.size - 20:
        found = f"{cases:,} of {ended.size:,} runs searched end in {outcome}"
        raise InputError.at("-n", "runs", found, "more runs: 20 must end in it, and 20 must not")


def _columns(ensemble: Ensemble, worlds: int) -> dict[str, npt.NDArray[Any]]:
    """Every factor in every world: words for claims and causes, numbers as drawn."""
    words = {name: np.where(row, HOLDS, FAILS).astype(object) for name, row in held(ensemble, worlds).items()}
    return words | {name: drawn[:worlds].astype(np.float64) for name, drawn in ensemble.numbers.items()}


def _moving(ensemble: Ensemble, worlds: int, ended: Floats, searched: slice) -> list[str]:
    """The factors that each explain most of the outcome in the worlds searched."""
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
