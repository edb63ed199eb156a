"""Leverage over the months as small drawings: both directions between two states, a band, and the pair's summits."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.ensemble.result import Ensemble
from sim.views import wording
from sim.views.charts.words import month_name

WIDTH, HEIGHT = 320, 150
LEFT, RIGHT, TOP, BASE = 28, 312, 8, 128  # the plot within the drawing
MIDDLE = (0.1, 0.9)  # quantiles of the band
FAINT = 0.05  # a pair whose leverage never passes this is left out
MOST_PAIRS = 8


def leverage_lines(ensemble: Ensemble) -> list[dict[str, Any]]:
    """One drawing for every two states with leverage between them, those that meet first."""
    case = ensemble.scenario.case
    meeting = [pair.between for pair in case.pairs.values()]
    others = [two for two in combinations(case.states, 2) if set(two) not in [set(met) for met in meeting]]
    strong = [two for two in [*meeting, *others] if _largest(ensemble, two) > FAINT]
    top = max([0.2, *(_highest(ensemble, two) for two in strong)])
    return [_drawing(ensemble, two, min(1.0, float(np.ceil(top * 5) / 5))) for two in strong[:MOST_PAIRS]]


def _largest(ensemble: Ensemble, two: tuple[str, str]) -> float:
    return max(float(ensemble.leverage_mean(dyad).max()) for dyad in (two, two[::-1]))


def _highest(ensemble: Ensemble, two: tuple[str, str]) -> float:
    return max(float(ensemble.leverage_quantiles(dyad, MIDDLE).max()) for dyad in (two, two[::-1]))


def _drawing(ensemble: Ensemble, two: tuple[str, str], top: float) -> dict[str, Any]:
    scenario = ensemble.scenario
    one, other = (wording.state_name(scenario.case, state) for state in two)
    lines = [
        _line(ensemble, dyad, top, kind, f"{holder} over {target}")
        for dyad, kind, holder, target in ((two, "there", one, other), (two[::-1], "back", other, one))
    ]
    met = [
        summit.month
        for summit in scenario.summits
        if summit.month <= ensemble.months and set(scenario.case.pairs[summit.pair].between) == set(two)
    ]
    return {
        "caption": f"{wording.capital(one)} and {other}",
        "alt": "; ".join(f"{line['label']}: {line['first']} at the start, {line['last']} at the end" for line in lines),
        "width": WIDTH, "height": HEIGHT, "left": LEFT, "right": RIGHT, "base": BASE,
        "ticks": [{"y": round(_y(value, top), 1), "text": f"{value:g}"} for value in (0.0, top / 2, top)],
        "months": [
            {"x": LEFT, "anchor": "start", "text": month_name(scenario, 0)},
            {"x": RIGHT, "anchor": "end", "text": month_name(scenario, ensemble.months)},
        ],
        "lines": lines,
        "summits": [round(_x(month, ensemble.months), 1) for month in met],
    }  # fmt: skip


def _line(ensemble: Ensemble, dyad: tuple[str, str], top: float, kind: str, label: str) -> dict[str, Any]:
    mean = ensemble.leverage_mean(dyad)
    band = ensemble.leverage_quantiles(dyad, MIDDLE)
    months = range(len(mean))
    around = [
        *_points(list(months), band[:, 1], top, ensemble.months),
        *_points(list(months)[::-1], band[::-1, 0], top, ensemble.months),
    ]
    return {
        "kind": kind,
        "label": label,
        "first": f"{mean[0]:.2f}",
        "last": f"{mean[-1]:.2f}",
        "path": "M" + "L".join(_points(list(months), mean, top, ensemble.months)),
        "band": "M" + "L".join(around) + "z",
    }


def _points(months: list[int], values: npt.NDArray[np.float64], top: float, last: int) -> list[str]:
    return [f"{_x(month, last):.1f} {_y(float(value), top):.1f}" for month, value in zip(months, values, strict=True)]


def _x(month: int, last: int) -> float:
    return LEFT + (RIGHT - LEFT) * month / max(last, 1)


def _y(value: float, top: float) -> float:
    return BASE - (BASE - TOP) * min(value / top, 1.0)
