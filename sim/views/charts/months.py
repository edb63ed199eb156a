"""How the classes evolve: their shares if the run ended after each month, stacked, under the calendar."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.ensemble.intervals import outcome_probabilities
from sim.ensemble.result import Ensemble
from sim.inputs.scenario import Scenario
from sim.views.charts import style
from sim.views.charts.lanes import LANE, Lanes, draw_lanes, list_events, list_height
from sim.views.charts.style import INK, MARGIN, SMALL, Page
from sim.views.charts.words import bare, capital, chance, likeliest, month_name, notes, outcome_names, overlap

LEFT, RIGHT = 2.15, 2.7  # inches for labels beside the areas
AREAS = 3.9  # inches
LABEL = 0.21  # least distance of two labels
TICKS = 7  # at most so many dates below a chart


def draw_months(ensemble: Ensemble) -> tuple[Page, str]:
    """The page and its alt text."""
    lanes = Lanes.of(ensemble.scenario)
    labels = outcome_names(ensemble)
    listing = list_height(lanes, style.WIDTH - 2 * MARGIN)
    page = Page(sentence(ensemble), AREAS + LANE * lanes.rows + listing + 0.85, notes([ensemble]))
    bottom, width = page.bottom + listing + 0.5, page.width - 2 * MARGIN - LEFT - RIGHT
    axes = page.axes(MARGIN + LEFT, bottom, width, AREAS)
    ends = _areas(axes, ensemble)
    mark_months(axes, ensemble.scenario, TICKS)
    axes.set(ylim=(0, 100))
    axes.set_ylabel("of 100 runs, if they ended then", fontsize=SMALL)
    found = outcome_probabilities(ensemble)
    _name_areas(page, axes, [(chance(found[each]), bare(labels[each])) for each in found], ends)
    if lanes.rows:
        draw_lanes(page, lanes, MARGIN + LEFT, bottom + AREAS + 0.12, width, ensemble.months)
    list_events(page, lanes, page.bottom + listing - 0.08)
    return page, _alt(ensemble, page.title, lanes)


def sentence(ensemble: Ensemble) -> str:
    """Which class is likeliest, since when, and at the end."""
    scenario, labels, found = ensemble.scenario, outcome_names(ensemble), outcome_probabilities(ensemble)
    order = likeliest(found)
    last = ensemble.names.outcomes.index(order[0])
    leads = ensemble.counts[:, last] == ensemble.counts.max(axis=1)
    since = len(leads) - int(np.argmin(leads[::-1])) if not leads.all() else 0
    end = f"at the end {chance(found[order[0]])} of 100 runs are there"
    if len(order) > 1 and found[order[1]].count and overlap(found[order[0]], found[order[1]]):
        end += f", about as many as in {labels[order[1]]}"
    if since == 0:
        return f"{capital(labels[order[0]])} is the likeliest class in every month; {end}."
    before = ensemble.names.outcomes[int(np.argmax(ensemble.counts[0]))]
    if before == order[0]:
        return (
            f"{capital(labels[order[0]])} is likeliest at first and again from {month_name(scenario, since)} on; {end}."
        )
    start = f"{capital(labels[before])} is likeliest at first"
    return f"{start}, {labels[order[0]]} from {month_name(scenario, since)} on; {end}."


def mark_months(axes: Axes, scenario: Scenario, most: int) -> None:
    """Dates below an axis of months, at most so many."""
    last = max(scenario.months, 1)
    step = next(each for each in (1, 2, 3, 4, 6, 12, 24, 60, 120, 240) if last / each < most)
    axes.set_xlim(0, last)
    axes.set_xticks(range(0, last + 1, step), [month_name(scenario, month) for month in range(0, last + 1, step)])


def _areas(axes: Axes, ensemble: Ensemble) -> npt.NDArray[np.float64]:
    """Draw the stack; the ends of the areas after the last month, from the top class down, shape (outcomes, 2)."""
    shares = 100 * ensemble.counts / ensemble.runs
    if len(shares) == 1:
        shares = np.repeat(shares, 2, axis=0)
    upper = 100 - np.concatenate([np.zeros((len(shares), 1)), np.cumsum(shares, axis=1)], axis=1)  # first class on top
    for place in range(shares.shape[1]):
        shade = style.colour(place)
        axes.fill_between(
            np.arange(len(shares)), upper[:, place + 1], upper[:, place], facecolor=shade, edgecolor=style.over(shade),
            hatch=style.hatch(place), linewidth=0,
        )  # fmt: skip
        axes.plot(np.arange(len(shares)), upper[:, place + 1], color=style.PAPER, linewidth=1.0)
    return np.stack([upper[-1, 1:], upper[-1, :-1]], axis=1)


def _name_areas(page: Page, axes: Axes, labels: list[tuple[str, str]], ends: npt.NDArray[np.float64]) -> None:
    """Each area's share and name right of it, with a line to it where the names had to move apart."""
    middles = ends.mean(axis=1)
    places = spread(list(middles), 100 * LABEL / AREAS, 0.0, 100.0)
    edge = axes.get_xlim()[1]
    inch = edge / (axes.get_position().width * page.width)
    for place, ((share, label), middle, at) in enumerate(zip(labels, middles, places, strict=True)):
        axes.plot(
            [edge, edge + 0.06 * inch, edge + 0.2 * inch], [middle, middle, at], color=INK, linewidth=0.7, clip_on=False
        )
        axes.add_patch(_swatch((edge + 0.22 * inch, at - 1.6), 0.2 * inch, 3.2, place))
        axes.text(edge + 0.86 * inch, at, share, fontsize=SMALL, fontweight="bold", va="center", ha="right")
        axes.text(edge + 0.94 * inch, at, style.fit(label, RIGHT - 0.95, SMALL)[0], fontsize=SMALL, va="center")


def _swatch(corner: tuple[float, float], width: float, height: float, place: int) -> Rectangle:
    shade = style.colour(place)
    return Rectangle(
        corner, width, height, facecolor=shade, edgecolor=style.over(shade), hatch=style.hatch(place), linewidth=0,
        clip_on=False,
    )  # fmt: skip


def spread(wanted: list[float], apart: float, low: float, high: float) -> list[float]:
    """Places as near as possible to those wanted (from high to low) and at least so far apart, within the bounds."""
    apart = min(apart, (high - low) / max(len(wanted), 1))
    places: list[float] = []
    for at, middle in enumerate(wanted):
        room_below = low + apart * (len(wanted) - 1 - at + 0.5)
        highest = places[-1] - apart if places else high - apart / 2
        places.append(min(max(middle, room_below), highest))
    return places


def _alt(ensemble: Ensemble, title: str, lanes: Lanes) -> str:
    scenario, labels = ensemble.scenario, outcome_names(ensemble)
    lines = [f"Stacked areas: share of runs in each class if the run ended after each month. {title}"]
    for month in sorted({0, ensemble.months // 4, ensemble.months // 2, 3 * ensemble.months // 4, ensemble.months}):
        found = outcome_probabilities(ensemble, month)
        shares = ", ".join(
            f"{bare(labels[each])} {chance(found[each])}" for each in likeliest(found) if found[each].count
        )
        lines.append(f"After {month_name(scenario, month)}, of 100 runs: {shares}.")
    for label, held in lanes.summits:
        lines.append(f"Summits of {label}: {', '.join(month_name(scenario, month) for month in held)}.")
    return "\n".join(lines + [f"{capital(text)}." for _, text in lanes.events])
