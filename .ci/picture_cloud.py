"""Where runs end, by two measures: a cloud in four quadrants that the case's classes name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

from sim.ensemble.result import Ensemble
from sim.inputs.case import Case
from sim.views.charts import style
from sim.views.charts.labels import name, per_hundred
from sim.views.charts.style import INK, MARGIN, MUTED, PAPER, SMALL, Page
from sim.views.wording import capital

DOTS = 3000
LETTERS = "ABCD"
READING = (
    "A dot is one run. The lines are the limits of the classes: past them, what is measured there counts as gone or "
    "agreed to go."
)
GOLDEN = 0.6180339887498949  # multiples of it, modulo 1, spread evenly: no chance is needed to move dots apart
APART = 0.035
DOT = "#174a7c"


@dataclass(frozen=True)
class Quadrant:
    """A corner of the two measures: whether each is past its limit, and what that is called."""

    past_across: bool
    past_up: bool
    label: str


@dataclass(frozen=True)
class Quadrants:
    """The limits, and whether what is past them lies above (``min`` in the classes' rules) or below."""

    across_limit: float
    up_limit: float
    above: bool
    corners: tuple[Quadrant, ...]


def quadrants(case: Case, across: str, up: str, rest: str) -> Quadrants:
    """The classes with limits on these two measures alone; the lowest limit of each. Raises ValueError without any."""
    named: dict[tuple[bool, bool], str] = {(False, False): rest}
    limits: dict[str, list[float]] = {across: [], up: []}
    above = any(each.bound == "min" for rule in case.outcomes for each in rule.when if each.variable in limits)
    for outcome in case.outcomes:
        found = {each.variable: each.value for each in outcome.when if (each.bound == "min") == above}
        if found and set(found) <= {across, up} and len(found) == len(outcome.when):
            named.setdefault((across in found, up in found), outcome.label)
            for measure, value in found.items():
                limits[measure].append(value)
    if not all(limits.values()):
        raise ValueError(f"no class has limits on {across} and {up} alone")
    order = ((True, True), (True, False), (False, True), (False, False))
    return Quadrants(
        min(limits[across]),
        min(limits[up]),
        above,
        tuple(Quadrant(*each, name(named.get(each, rest))) for each in order),
    )


def quadrant_shares(found: Quadrants, across: npt.NDArray[np.float32], up: npt.NDArray[np.float32]) -> list[float]:
    """Share of runs that end in each corner."""
    if found.above:
        past_across, past_up = across >= found.across_limit, up >= found.up_limit
    else:
        past_across, past_up = across <= found.across_limit, up <= found.up_limit
    return [float(np.mean((past_across == each.past_across) & (past_up == each.past_up))) for each in found.corners]


def draw_cloud(
    page: Page, place: tuple[float, float, float, float], title: str, ensemble: Ensemble, axes_of: tuple[str, str],
    found: Quadrants, ends: tuple[float, float],
) -> None:  # fmt: skip
    """A cloud at (x, y, width, height) of the page; ``ends`` are the largest values of the two measures."""
    x, y, width, height = place
    axes = page.axes(*place)
    across, up = axes_of
    one, two = (_moved(ensemble.measure(each), step) for each, step in ((across, GOLDEN**2), (up, GOLDEN)))
    axes.plot(one, two, ".", color=DOT, markersize=2.6, alpha=0.55, markeredgewidth=0, rasterized=True)
    right, top = ends[0] + 0.06, ends[1] + 0.12
    axes.set(xlim=(-0.05, right), ylim=(-0.05, top))
    axes.axvline(found.across_limit, color=INK, linewidth=1)
    axes.axhline(found.up_limit, color=INK, linewidth=1)
    for letter, corner in zip(LETTERS, found.corners, strict=True):
        at = (
            right - 0.1 if corner.past_across == found.above else found.across_limit / 2,
            top - 0.12 if corner.past_up == found.above else found.up_limit / 2,
        )
        axes.text(
            *at, letter, fontsize=10, fontweight="bold", ha="center", va="center",
            bbox={"boxstyle": "circle,pad=0.2", "facecolor": PAPER, "edgecolor": INK, "linewidth": 0.8},
        )  # fmt: skip
    _label(axes, ensemble.scenario.case, across, up)
    page.say(x, y + height + 0.06, style.fit(capital(title), width, 9.5, bold=True), 9.5, bold=True, va="bottom")


def _moved(values: npt.NDArray[np.float32], step: float) -> npt.NDArray[np.float64]:
    """The values of the dots, each moved by at most half of APART."""
    shown = values[:DOTS].astype(float)
    return shown + APART * ((np.arange(len(shown)) * step) % 1 - 0.5)


def furthest(ensembles: Sequence[Ensemble], measure: str) -> float:
    """The largest value among the dots, and at least 1."""
    return max([1.0] + [float(each.measure(measure)[:DOTS].max()) for each in ensembles])


def _label(axes: Axes, case: Case, across: str, up: str) -> None:
    axes.set_xticks([tick / 2 for tick in range(int(2 * axes.get_xlim()[1]) + 1)])
    axes.set_yticks([tick / 2 for tick in range(int(2 * axes.get_ylim()[1]) + 1)])
    one, two = (
        f"{capital(name(case.measures[each].label))}, {name(case.measures[each].unit)}".rstrip(", ")
        for each in (across, up)
    )
    axes.set_xlabel(one, fontsize=SMALL, labelpad=2)
    axes.set_ylabel(two, fontsize=SMALL, labelpad=2)
    axes.tick_params(labelsize=7.5)


def draw_quadrant_table(
    page: Page, x: float, top: float, found: Quadrants, titles: list[str], shares: list[list[float]]
) -> None:
    """What the letters mean, and how many of 100 runs end there in each cloud."""
    width = page.width - MARGIN - x
    ends = [page.width - MARGIN - 0.75 * place for place in reversed(range(len(titles)))]
    for end, title in zip(ends, titles, strict=True):
        page.say(
            end,
            top,
            style.fit(title, 0.72, 7.4, lines=3),
            7.4,
            shade=MUTED,
            align="right",
            va="bottom",
            spacing=1.1,
        )
    page.say(x, top, ["Of 100 runs end in"], 8, shade=MUTED, va="bottom")
    for place, (letter, corner) in enumerate(zip(LETTERS, found.corners, strict=True)):
        y = top - 0.2 - 0.32 * place
        label = style.fit(capital(corner.label), width - 0.3 - 0.75 * len(titles), SMALL, lines=2)
        page.say(x, y, [letter], 10, bold=True, va="center")
        page.say(x + 0.22, y, label, SMALL, va="center", spacing=1.1)
        for end, each in zip(ends, shares, strict=True):
            page.say(end, y, [per_hundred(each[place])], 10, bold=True, align="right", va="center")
    page.say(
        x,
        top - 0.34 - 0.32 * len(found.corners),
        style.fit(READING, width, 7.8, lines=4),
        7.8,
        shade=MUTED,
        spacing=1.2,
    )
