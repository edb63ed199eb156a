"""The calendar of a scenario above a chart: one lane a pair with its summits, one for numbered events."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.axes import Axes

from sim.inputs.scenario import Scenario
from sim.views import style
from sim.views.chart_words import bare, month_name, name, pair_name
from sim.views.style import FAINT, INK, MARGIN, MUTED, SMALL, Page

LANE = 0.26  # inches
MOST_LANES, MOST_EVENTS = 8, 12


@dataclass(frozen=True)
class Lanes:
    """What there is to mark: pairs that meet, with their months, and what happens by month."""

    summits: tuple[tuple[str, tuple[int, ...]], ...]  # (label, months)
    events: tuple[tuple[int, str], ...]  # (month, notes)

    @classmethod
    def of(cls, scenario: Scenario) -> Lanes:
        held: dict[str, list[int]] = {}
        for summit in scenario.summits:
            if summit.month <= scenario.months:
                held.setdefault(summit.pair, []).append(summit.month)
        pairs = [pair for pair in scenario.case.pairs if pair in held][:MOST_LANES]
        said: dict[int, list[str]] = {}
        for event in scenario.events:
            if event.month <= scenario.months:
                said.setdefault(event.month, []).append(event.note or _plain(scenario, event.variable, event.value))
        return cls(
            tuple((pair_name(scenario.case, scenario.case.pairs[pair]), tuple(held[pair])) for pair in pairs),
            tuple((month, "; ".join(said[month])) for month in sorted(said)[:MOST_EVENTS]),
        )

    @property
    def height(self) -> float:
        """Inches that the lanes take."""
        return LANE * (len(self.summits) + bool(self.events)) + 0.12

    def legend_height(self, inside: float) -> float:
        """Inches that the list of events takes."""
        return 0.155 * sum(len(lines) for lines in _columns(self, inside)[0]) + 0.1 if self.events else 0.0


def draw_lanes(page: Page, lanes: Lanes, x: float, y: float, width: float, months: int) -> Axes:
    """Marks of the months, from (x, y) upward; the labels stand left of x."""
    rows = len(lanes.summits) + bool(lanes.events)
    axes = page.axes(x, y, width, LANE * max(rows, 1))
    axes.set(xlim=(0, max(months, 1)), ylim=(max(rows, 1) - 0.5, -0.5), xticks=[], yticks=[])
    axes.spines[["left", "bottom"]].set_visible(False)
    for place, (label, held) in enumerate(lanes.summits):
        _lane(page, axes, place, rows, label, months)
        axes.plot(held, [place] * len(held), style.marker(place), color=INK, markersize=6.5, clip_on=False)
    if lanes.events:
        place = len(lanes.summits)
        _lane(page, axes, place, rows, "what else happens", months)
        for at, (month, _) in enumerate(lanes.events, start=1):
            axes.text(
                month, place, str(at), fontsize=7, ha="center", va="center_baseline", clip_on=False,
                bbox={"boxstyle": "circle,pad=0.22", "facecolor": style.PAPER, "edgecolor": INK, "linewidth": 0.8},
            )  # fmt: skip
    return axes


def _lane(page: Page, axes: Axes, place: int, rows: int, label: str, months: int) -> None:
    axes.plot([0, max(months, 1)], [place, place], color=FAINT, linewidth=0.8, zorder=0, clip_on=False)
    box = axes.get_position()
    y = box.y0 * page.height + LANE * (rows - place - 0.5)
    inside = box.x0 * page.width - MARGIN - 0.15
    page.say(box.x0 * page.width - 0.15, y, style.fit(label, inside, SMALL), SMALL, align="right", stand="center")


def list_events(page: Page, scenario: Scenario, lanes: Lanes, y: float) -> None:
    """What the numbers mean, in two columns downward from y."""
    inside = page.width - 2 * MARGIN
    columns, places = _columns(lanes, inside), (MARGIN, MARGIN + inside / 2)
    del scenario
    for x, lines in zip(places, columns, strict=True):
        page.say(x, y, lines, 8, shade=MUTED)
