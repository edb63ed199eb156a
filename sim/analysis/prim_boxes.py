"""PRIM by EMA Workbench (extra ``discover``): from a table of assumptions and a column of 0 and 1 to boxes.

The workbench is loaded here only, in either of its forms: 2.5 (Python 3.11) and 3 (from Python 3.12).
"""

from __future__ import annotations

import inspect
import logging
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.errors import Fault, InputError, Place

COVERED = 0.25  # of the runs of interest, at least
SMALLEST = 0.05  # share of the runs that a box holds at least
HOLDS, FAILS = "holds", "fails"

Columns = Mapping[str, npt.NDArray[Any]]  # words for what holds or fails, floats for numbers


@dataclass(frozen=True)
class Limit:
    """One side of a box: a claim that must hold or fail, or a number between two values (None: open).

    ``at`` are the shares of worlds below the two values, for a reader who does not know the number's range (of a claim,
    those where it fails come first).
    """

    factor: str  # kind/name
    state: str | None
    low: float | None
    high: float | None
    at: tuple[float, float]


@dataclass(frozen=True)
class Point:
    """A box on the way from all worlds to the smallest: coverage, density, share of the runs and number of limits."""

    coverage: float
    density: float
    mass: float
    limits: int
    chosen: bool


def load_prim() -> Any:
    """EMA Workbench's PRIM module. Raises InputError where the extra is not installed."""
    try:
        with quiet():
            from ema_workbench.analysis import prim
    except ImportError:
        allowed = "first install the extra: python -m pip install 'summitry[discover]'"
        raise InputError([Fault(Place("discover", 0, 0), "ema_workbench", "not installed", allowed)]) from None
    return prim


@contextmanager
def quiet() -> Iterator[None]:
    """The workbench and what it imports warn and log about things that are no concern of ours."""
    level = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)


def search_boxes(
    prim: Any, columns: Columns, ended: npt.NDArray[np.float64], most: int
) -> list[tuple[tuple[Limit, ...], tuple[Point, ...]]]:
    """The limits and the path of each box. The rows are runs: both plays of a world share its assumptions."""
    with quiet():
        import pandas

        table = pandas.DataFrame({name: np.repeat(column, 2) for name, column in columns.items()})
        y = ended.T.ravel().astype(np.int64)
        algorithm = make_prim(prim, table, y)
        found = []
        for _ in range(most):
            box = algorithm.find_box()
            if box is None:
                break
            path = _path(box)
            at = next((place for place, point in enumerate(path) if point.chosen), 0)
            box.select(at)
            found.append((_limits(box.box_lims[at], box.box_lims[0], columns), path))
    return found


def make_prim(prim: Any, table: Any, y: npt.NDArray[np.int64]) -> Any:
    """PRIM on a y of 0 and 1 in either form of the workbench: 3 has dropped the threshold, which 2.5 needs.

    2.5 counts a case from the threshold up and throws away a box whose mean is below it: any number just above 0 will
    do.
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
    """What the box narrows, by factor in the order of the columns."""
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
