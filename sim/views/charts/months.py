"""How the classes evolve: their shares if the run ended after each month, stacked, under the calendar.

The calendar has one lane a pair with its summits, and one for numbered events.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from sim.ensemble.intervals import measure_means, outcome_probabilities
from sim.ensemble.result import Ensemble
from sim.inputs.case import Pair
from sim.inputs.scenario import Scenario, Summit
from sim.views.charts import style
from sim.views.charts.labels import (
    SAYS_LIMIT,
    bare,
    chance,
    likeliest,
    measure_of,
    month_name,
    name,
    notes,
    outcome_names,
    overlap,
    pair_name,
    per_hundred,
)
from sim.views.charts.style import FAINT, INK, MARGIN, MUTED, SMALL, Page
from sim.views.text.case_words import event_change, on_condition
from sim.views.wording import capital, leader_name, number, with_bound
from sim.vocabulary import first, tally

LEFT, RIGHT = 2.15, 2.7  # inches for labels beside the areas
AREAS = 3.9  # inches
PLANS = (
    "Marks above: summits as planned, held if both wish to when the month comes; filled: certain; a bar: may be held "
    "earlier or later."
)
LABEL = 0.21  # least distance between two labels
LANE = 0.26  # inches
ENTRY, ENTRY_SIZE = 0.145, 8.0  # inches of a line of the list of events, and its points
MOST_LANES, MOST_EVENTS = 8, 14
TICKS = 7  # most dates below a chart


def draw_months(ensemble: Ensemble) -> Page:
    """Stacked areas under the calendar, and the list of its events below."""
    lanes = Lanes.of(ensemble.scenario)
    labels = outcome_names(ensemble)
    columns = lanes.columns(style.WIDTH - 2 * MARGIN)
    listing = ENTRY * max(map(len, columns)) + 0.1 if lanes.events else 0.0  # inches
    what = "Stacked areas: share of runs in each ending if the run ended after each month."
    page = Page(sentence(ensemble), AREAS + LANE * lanes.rows + listing + 0.85, [PLANS, *notes([ensemble])], what)
    bottom, width = page.bottom + listing + 0.5, page.width - 2 * MARGIN - LEFT - RIGHT
    axes = page.axes(MARGIN + LEFT, bottom, width, AREAS)
    ends = _areas(axes, ensemble)
    mark_months(axes, ensemble.scenario, TICKS)
    axes.set(ylim=(0, 100))
    axes.set_ylabel("of 100 runs, if they ended then", fontsize=SMALL)
    found = outcome_probabilities(ensemble)
    _name_areas(page, axes, [(with_bound(chance(found[each])), bare(labels[each])) for each in found], ends)
    if lanes.rows:
        draw_lanes(page, lanes, MARGIN + LEFT, bottom + AREAS + 0.12, width, ensemble.months)
    for place, missed in enumerate(attendance(ensemble)):
        y = bottom + AREAS + 0.12 + LANE * (lanes.rows - place - 0.5)
        page.say(MARGIN + LEFT + width + 0.2, y, missed, 7, shade=MUTED, va="center", inches=RIGHT - 0.2, most=2)
    for x, entries in zip((MARGIN, page.width / 2), columns, strict=True):
        page.say(x, page.bottom + listing - 0.08, entries, ENTRY_SIZE, shade=MUTED)
    _describe(page, ensemble, lanes)
    return page


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
        return f"{capital(labels[order[0]])} is the likeliest ending in every month; {end}."
    before = ensemble.names.outcomes[int(np.argmax(ensemble.counts[0]))]
    if before == order[0]:
        return (
            f"{capital(labels[order[0]])} is likeliest at first and again from {month_name(scenario, since)} on; {end}."
        )
    start = f"{capital(labels[before])} is likeliest at first"
    return f"{start}, {labels[order[0]]} from {month_name(scenario, since)} on; {end}."


def mark_months(axes: Axes, scenario: Scenario, most: int) -> None:
    """Dates below an axis of months, at most ``most``."""
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
            np.arange(len(shares)), upper[:, place + 1], upper[:, place], facecolor=shade,
            edgecolor=style.ink_on(shade), hatch=style.hatch(place), linewidth=0,
        )  # fmt: skip
        axes.plot(np.arange(len(shares)), upper[:, place + 1], color=style.PAPER, linewidth=1.0)
    return np.stack([upper[-1, 1:], upper[-1, :-1]], axis=1)


def _name_areas(page: Page, axes: Axes, labels: list[tuple[str, str]], ends: npt.NDArray[np.float64]) -> None:
    """Each area's share and name right of it, with a line to it where the name had to be moved."""
    middles = ends.mean(axis=1)
    places = spread(list(middles), 100 * LABEL / AREAS, 0.0, 100.0)
    edge = axes.get_xlim()[1]
    inch = edge / (axes.get_position().width * page.width)
    for place, ((share, label), middle, at) in enumerate(zip(labels, middles, places, strict=True)):
        axes.plot(
            [edge, edge + 0.06 * inch, edge + 0.2 * inch], [middle, middle, at], color=INK, linewidth=0.7, clip_on=False
        )
        shade = style.colour(place)
        axes.add_patch(Rectangle(
            (edge + 0.22 * inch, at - 1.6), 0.2 * inch, 3.2, facecolor=shade, edgecolor=style.ink_on(shade),
            hatch=style.hatch(place), linewidth=0, clip_on=False,
        ))  # fmt: skip
        axes.text(edge + 0.86 * inch, at, share, fontsize=SMALL, fontweight="bold", va="center", ha="right")
        axes.text(edge + 0.94 * inch, at, style.fit(label, RIGHT - 0.95, SMALL)[0], fontsize=SMALL, va="center")


def spread(wanted: list[float], least: float, low: float, high: float) -> list[float]:
    """Places as near as possible to those wanted (from high to low), ``least`` or more from each other, in bounds."""
    least = min(least, (high - low) / max(len(wanted), 1))
    places: list[float] = []
    for at, middle in enumerate(wanted):
        room_below = low + least * (len(wanted) - 1 - at + 0.5)
        highest = places[-1] - least if places else high - least / 2
        places.append(min(max(middle, room_below), highest))
    return places


def _describe(page: Page, ensemble: Ensemble, lanes: Lanes) -> None:
    """The alternative text: shares after some months, then the calendar."""
    scenario, labels = ensemble.scenario, outcome_names(ensemble)
    for month in sorted({0, ensemble.months // 4, ensemble.months // 2, 3 * ensemble.months // 4, ensemble.months}):
        found = outcome_probabilities(ensemble, month)
        shares = ", ".join(
            f"{bare(labels[each])} {chance(found[each])}" for each in likeliest(found) if found[each].count
        )
        page.alt_lines.append(f"After {month_name(scenario, month)}, of 100 runs: {shares}.")
    for (label, planned), missed in zip(lanes.summits, attendance(ensemble), strict=True):
        months = ", ".join(
            month_name(scenario, summit.month) + " (certain)" * summit.certain + on_condition(summit)
            for summit in planned
        )
        page.alt_lines.append(f"Summits planned of {label}: {months}{'; ' * bool(missed)}{missed}.")
    page.alt_lines += [f"{capital(text)}." for _, text in lanes.events]


@dataclass(frozen=True)
class Lanes:
    """What the calendar marks: the pairs with their planned summits, and the events by month."""

    summits: tuple[tuple[str, tuple[Summit, ...]], ...]
    events: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, scenario: Scenario) -> Lanes:
        planned: dict[str, list[Summit]] = {}
        for summit in scenario.summits:
            if summit.month <= scenario.months:
                planned.setdefault(summit.pair, []).append(summit)
        said: dict[int, list[str]] = {}
        for event in scenario.events:
            if event.month <= scenario.months:
                what = name(event.note, SAYS_LIMIT) or event_change(event, scenario.case)
                said.setdefault(event.month, []).append(what + on_condition(event))
        return cls(
            tuple((pair_name(scenario.case, pair), tuple(planned[pair.id])) for pair in lanes_of(scenario)),
            tuple((month, f"{month_name(scenario, month)}: {'; '.join(said[month])}") for month in sorted(said))[
                :MOST_EVENTS
            ],
        )

    @property
    def rows(self) -> int:
        return len(self.summits) + bool(self.events)

    def columns(self, inside: float) -> tuple[list[str], list[str]]:
        """The numbered events as the lines of two columns in a page of this width."""
        entries = [
            style.fit(f"({at}) {text}", inside / 2 - 0.1, ENTRY_SIZE, lines=2, limit=2 * SAYS_LIMIT)
            for at, (_, text) in enumerate(self.events, start=1)
        ]
        half = (len(entries) + 1) // 2
        left, right = ([line for entry in part for line in entry] for part in (entries[:half], entries[half:]))
        return left, right


def attendance(ensemble: Ensemble) -> list[str]:
    """For each lane of summits, how often they were held, called off or moved, where the case measures that."""
    case, means = ensemble.scenario.case, measure_means(ensemble)

    def mean(quantity: str) -> float | None:
        found = means.get(measure_of(case, quantity) or "")
        return None if found is None or found.mean != found.mean else found.mean

    texts = []
    for pair in lanes_of(ensemble.scenario):
        held, off = mean(first(pair.id, "held")), mean(tally("calledoff", pair.id))
        parts = [] if held is None else [f"{per_hundred(held)} of 100 ever meet"]
        refused = {state: mean(tally("refused", pair.id, state)) for state in pair.between}
        who = [f"{leader_name(case, state)} {number(each)}" for state, each in refused.items() if each is not None]
        by = f" (refused by {', '.join(who)})" if who else ""
        parts += [] if off is None else [f"called off {number(off)} times a run{by}"]
        planned = next(summit for summit in ensemble.scenario.summits if summit.pair == pair.id)
        month = mean(first(pair.id, "month")) if planned.early or planned.late else None
        if month is not None:
            when = "before" if month < planned.month else "after"
            parts += [f"first met {number(abs(month - planned.month))} months {when} the plan"]
        texts.append("; ".join(parts))
    return texts


def lanes_of(scenario: Scenario) -> list[Pair]:
    """The pairs that are to meet, in the case's order."""
    meet = {summit.pair for summit in scenario.summits if summit.month <= scenario.months}
    return [pair for pair in scenario.case.pairs.values() if pair.id in meet][:MOST_LANES]


def draw_lanes(page: Page, lanes: Lanes, x: float, y: float, width: float, months: int) -> None:
    """Marks of the months, from (x, y) upward; the labels are left of x."""
    rows = max(lanes.rows, 1)
    axes = page.axes(x, y, width, LANE * rows)
    axes.set(xlim=(0, max(months, 1)), ylim=(rows - 0.5, -0.5), xticks=[], yticks=[])
    axes.spines[["left", "bottom"]].set_visible(False)
    for place, (label, planned) in enumerate(lanes.summits):
        _lane(page, axes, place, label, x, y + LANE * (rows - place - 0.5))
        for summit in planned:
            window = [max(summit.opens, 0), min(summit.closes, months)]
            axes.plot(window, [place, place], color=INK, linewidth=2.4, clip_on=False)
            axes.plot(
                summit.month, place, style.marker(place), color=INK, markersize=6.5, clip_on=False,
                markerfacecolor=INK if summit.certain else style.PAPER,
            )  # fmt: skip
    if lanes.events:
        place = len(lanes.summits)
        _lane(page, axes, place, "what else happens", x, y + LANE * (rows - place - 0.5))
        for at, (month, _) in enumerate(lanes.events, start=1):
            axes.plot(
                month, place, "o", color=style.PAPER, markeredgecolor=INK, markeredgewidth=0.8, markersize=10.5,
                clip_on=False,
            )  # fmt: skip
            axes.text(month, place, str(at), fontsize=7, ha="center", va="center_baseline")


def _lane(page: Page, axes: Axes, place: int, label: str, x: float, y: float) -> None:
    axes.plot(axes.get_xlim(), [place, place], color=FAINT, linewidth=0.8, zorder=0, clip_on=False)
    page.say(x - 0.15, y, capital(label), SMALL, align="right", va="center", inches=x - MARGIN - 0.15)
