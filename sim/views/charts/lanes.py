"""The calendar of a scenario above a chart: one lane a pair with its summits, one for numbered events."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from sim.inputs.scenario import Event, Scenario
from sim.views.charts import style
from sim.views.charts.style import FAINT, INK, MARGIN, MUTED, SMALL, Page
from sim.views.charts.words import SAYS_LIMIT, capital, month_name, name, number, pair_name

LANE = 0.26  # inches
ENTRY, ENTRY_SIZE = 0.145, 8.0  # inches of a line of the list of events, and its points
MOST_LANES, MOST_EVENTS = 8, 14


@dataclass(frozen=True)
class Lanes:
    """What there is to mark: pairs that meet, with their months, and what happens by month, with what it is."""

    summits: tuple[tuple[str, tuple[int, ...]], ...]
    events: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, scenario: Scenario) -> Lanes:
        held: dict[str, list[int]] = {}
        for summit in scenario.summits:
            if summit.month <= scenario.months:
                held.setdefault(summit.pair, []).append(summit.month)
        said: dict[int, list[str]] = {}
        for event in scenario.events:
            if event.month <= scenario.months:
                said.setdefault(event.month, []).append(_says(scenario, event))
        pairs = [pair for pair in scenario.case.pairs.values() if pair.id in held][:MOST_LANES]
        return cls(
            tuple((pair_name(scenario.case, pair), tuple(held[pair.id])) for pair in pairs),
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


def _says(scenario: Scenario, event: Event) -> str:
    label = name(scenario.case.variables[event.variable].label)
    return (
        name(event.note, SAYS_LIMIT)
        or f"{label} {'moves by' if event.action == 'shift' else 'set to'} {number(event.value)}"
    )


def draw_lanes(page: Page, lanes: Lanes, x: float, y: float, width: float, months: int) -> None:
    """Marks of the months, from (x, y) upward; the labels stand left of x."""
    rows = max(lanes.rows, 1)
    axes = page.axes(x, y, width, LANE * rows)
    axes.set(xlim=(0, max(months, 1)), ylim=(rows - 0.5, -0.5), xticks=[], yticks=[])
    axes.spines[["left", "bottom"]].set_visible(False)
    for place, (label, held) in enumerate(lanes.summits):
        _lane(page, axes, place, label, x, y + LANE * (rows - place - 0.5))
        axes.plot(held, [place] * len(held), style.marker(place), color=INK, markersize=6.5, clip_on=False)
    if lanes.events:
        place = len(lanes.summits)
        _lane(page, axes, place, "what else happens", x, y + LANE * (rows - place - 0.5))
        for at, (month, _) in enumerate(lanes.events, start=1):
            axes.plot(
                month,
                place,
                "o",
                color=style.PAPER,
                markeredgecolor=INK,
                markeredgewidth=0.8,
                markersize=10.5,
                clip_on=False,
            )
            axes.text(month, place, str(at), fontsize=7, ha="center", va="center_baseline")


def _lane(page: Page, axes: Axes, place: int, label: str, x: float, y: float) -> None:
    axes.plot(axes.get_xlim(), [place, place], color=FAINT, linewidth=0.8, zorder=0, clip_on=False)
    lines = style.fit(capital(label), x - MARGIN - 0.15, SMALL)
    page.say(x - 0.15, y, lines, SMALL, align="right", stand="center")


def list_height(lanes: Lanes, inside: float) -> float:
    """Inches that the list of events takes."""
    return ENTRY * max(map(len, lanes.columns(inside))) + 0.1 if lanes.events else 0.0


def list_events(page: Page, lanes: Lanes, y: float) -> None:
    """What the numbers mean, in two columns downward from y."""
    inside = page.width - 2 * MARGIN
    for x, lines in zip((MARGIN, MARGIN + inside / 2), lanes.columns(inside), strict=True):
        page.say(x, y, lines, ENTRY_SIZE, shade=MUTED)
