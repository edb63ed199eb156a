"""How levels moved: each lever from the start to the end of the run, and the leverage of each pair month by month."""

from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.ensemble.result import Ensemble
from sim.inputs.case import Pair, Range, Variable
from sim.views.charts import style
from sim.views.charts.labels import bare, month_name, name, notes, state_name
from sim.views.charts.months import mark_months
from sim.views.charts.style import BAND_ENDS, HALF, INK, MARGIN, NINE_IN_TEN, PAPER, SMALL, TWO, Page
from sim.views.wording import capital, listed, number

NAMES, WORDS = 2.4, 2.35  # inches left and right of the bars
LEVER = 0.46
MOST_LEVERS = 16
BEGINNING = "#94a4a2"
NOTHING = 0.005  # a change that two decimals do not show
ROW, GAP = 1.22, 0.62  # inches of a panel, and between two rows
LEFT, BETWEEN = 0.45, 0.6
MOST_PAIRS = 6
TICKS = 5

Dyad = tuple[str, str]


@dataclass(frozen=True)
class Move:
    """A lever at the start and at the end: means, and quantiles BAND_ENDS."""

    label: str
    start: float
    end: float
    start_spread: tuple[float, ...]
    end_spread: tuple[float, ...]
    pinned: bool

    @property
    def change(self) -> float:
        return self.end - self.start

    @property
    def says(self) -> str:
        """From where to where."""
        if self.pinned:
            return f"fixed by the scenario at {number(self.end)}"
        if abs(self.change) < NOTHING:
            return f"stays at {number(self.end)}"
        return f"{'up' if self.change > 0 else 'down'} from {number(self.start)} to {number(self.end)}"


def moves(ensemble: Ensemble) -> list[Move]:
    """Every lever of the case, the largest change of the mean first."""
    levers = [variable for variable in ensemble.scenario.case.variables.values() if variable.kind == "lever"]
    found = [_move(ensemble, variable) for variable in levers]
    return sorted(found, key=lambda move: -abs(round(move.change, 6)))


def draw_levers(ensemble: Ensemble) -> Page:
    """Every lever with its start above its end, the largest change first."""
    found = moves(ensemble)
    shown = found[:MOST_LEVERS]
    extra = [f"{len(found) - len(shown)} levers that move less are not drawn."] if len(found) > len(shown) else []
    height, what = LEVER * max(len(shown), 1), "Bars of where each lever stands at the end, against its start."
    page = Page(moved_most(found), height + 0.95, extra + notes([ensemble]), what)
    bottom = page.bottom + 0.45
    width = page.width - 2 * MARGIN - NAMES - WORDS
    axes = page.axes(MARGIN + NAMES, bottom, width, height)
    unbounded = [name(each.label) for each in ensemble.scenario.case.variables.values() if each.unbounded]
    _levers_frame(axes, shown, [move.label for move in shown if move.label in unbounded and move.end_spread[-1] > 1])
    for place, move in enumerate(shown):
        middle = bottom + height - LEVER * (place + 0.5)
        page.say(MARGIN, middle, capital(move.label), bold=True, va="center", inches=NAMES - 0.15, most=2)
        page.say(page.width - MARGIN - WORDS + 0.2, middle, move.says, va="center", inches=WORDS - 0.2)
        _lever(axes, place, move)
    _levers_key(page, ensemble)
    for move in found:
        low, lower, upper, high = (number(each) for each in move.end_spread)
        spread = f"half of the runs end between {lower} and {upper}, nine in ten between {low} and {high}"
        page.alt_lines.append(f"{capital(move.label)}: {move.says} on average; {spread}.")
    return page


def moved_most(found: list[Move]) -> str:
    """The two levers that move most."""
    moving = [f"in {move.label}, {move.says}" for move in found if abs(move.change) >= NOTHING and not move.pinned][:2]
    if not moving:
        return "On average no lever moves."
    return f"Most has moved, on average, {', and '.join(moving)}."


def _move(ensemble: Ensemble, variable: Variable) -> Move:
    start, lever = variable.start, variable.name
    spread = ensemble.series_quantiles(lever, BAND_ENDS)[-1]
    return Move(
        name(variable.label), (start.low + start.mode + start.high) / 3, float(ensemble.series_mean(lever)[-1]),
        tuple(quantile(start, level) for level in BAND_ENDS), tuple(float(each) for each in spread),
        lever in ensemble.scenario.imposed,
    )  # fmt: skip


def quantile(start: Range, level: float) -> float:
    """Quantile of a triangular distribution."""
    width = start.high - start.low
    if width == 0:
        return start.low
    turn = (start.mode - start.low) / width
    if level < turn:
        return start.low + sqrt(level * width * (start.mode - start.low))
    return start.high - sqrt((1 - level) * width * (start.high - start.mode))


def _levers_frame(axes: Axes, shown: list[Move], past_full: list[str]) -> None:
    """``past_full``: the levers drawn beyond 1, which only those without a bound can be."""
    top = max([1.0] + [move.end_spread[-1] for move in shown])
    axes.set(xlim=(0, top * 1.02), ylim=(max(len(shown), 1) - 0.5, -0.5), yticks=[])
    axes.xaxis.grid(True)
    axes.spines["left"].set_visible(False)
    beyond = f"; past it only {listed(past_full)}" if past_full else ""
    axes.set_xlabel(f"level: 0 is none, 1 is full{beyond}", fontsize=SMALL)


def _lever(axes: Axes, place: int, move: Move) -> None:
    """Start above, end below; an arrow where the mean moved."""
    low, *_, high = move.start_spread
    axes.plot([low, high], [place - 0.2] * 2, color=BEGINNING, linewidth=3, solid_capstyle="butt", clip_on=False)
    axes.plot(
        move.start, place - 0.2, "o", markersize=6, color=PAPER, markeredgecolor=INK, markeredgewidth=1.2,
        clip_on=False, zorder=4,
    )  # fmt: skip
    low, lower, upper, high = move.end_spread
    axes.barh(place + 0.14, high - low, 0.3, left=low, color=NINE_IN_TEN)
    axes.barh(place + 0.14, upper - lower, 0.3, left=lower, color=HALF)
    axes.plot([move.start, move.end], [place - 0.2, place + 0.14], color=INK, linewidth=0.8, zorder=3, clip_on=False)
    axes.plot(move.end, place + 0.14, "D", markersize=6, color=INK, clip_on=False, zorder=4)


def _levers_key(page: Page, ensemble: Ensemble) -> None:
    end = month_name(ensemble.scenario, ensemble.months)
    handles = [
        Line2D([], [], color=BEGINNING, linewidth=3, marker="o", markersize=6, markerfacecolor=PAPER,
               markeredgecolor=INK, label="mean and nine runs in ten at the start"),
        Line2D([], [], color=INK, marker="D", markersize=6, linestyle="none", label=f"mean at the end ({end})"),
        Patch(color=HALF, label="half of the runs"),
        Patch(color=NINE_IN_TEN, label="nine in ten"),
    ]  # fmt: skip
    page.key(handles)


def draw_leverage(ensemble: Ensemble) -> Page:
    """A panel for each direction of each pair; of many pairs, of those whose leverage moves most."""
    every = list(ensemble.scenario.case.pairs.values())
    moved = {pair.id: max(np.ptp(ensemble.leverage_mean(dyad)) for dyad in both_ways(pair)) for pair in every}
    most = sorted(every, key=lambda pair: -moved[pair.id])[:MOST_PAIRS]
    pairs = [pair for pair in every if pair in most]
    not_drawn = len(every) - len(pairs)
    extra = [f"{not_drawn} pairs whose leverage moves less are not drawn."] if not_drawn else []
    body = len(pairs) * (ROW + GAP) + 0.75
    what = "Small charts of leverage by month, one for each direction of each pair."
    page = Page(shifted_most(ensemble), body, extra + notes([ensemble]), what)
    width = (page.width - 2 * MARGIN - LEFT - BETWEEN) / 2
    for row, pair in enumerate(pairs):
        y = page.top - 0.95 - ROW - row * (ROW + GAP)
        for column, dyad in enumerate(both_ways(pair)):
            axes = page.axes(MARGIN + LEFT + column * (width + BETWEEN), y, width, ROW)
            page.alt_lines.append(_panel(page, axes, ensemble, pair, dyad, dates=row == len(pairs) - 1))
        planned = [each.month for each in ensemble.scenario.summits if each.pair == pair.id]
        held = [month_name(ensemble.scenario, month) for month in planned if month <= ensemble.months]
        names = " and ".join(bare(state_name(ensemble.scenario.case, state)) for state in pair.between)
        page.alt_lines.append(f"Summits of {names}: {', '.join(held)}." if held else f"No summits of {names}.")
    _leverage_key(page)
    return page


def both_ways(pair: Pair) -> tuple[Dyad, Dyad]:
    """Each side over the other."""
    return pair.between, (pair.between[1], pair.between[0])


def over_whom(ensemble: Ensemble, dyad: Dyad) -> str:
    """X over Y"""
    case = ensemble.scenario.case
    return f"{state_name(case, dyad[0])} over {state_name(case, dyad[1])}"


def shifted_most(ensemble: Ensemble) -> str:
    """The pair in which leverage shifts most between the first month and the last, and in which direction."""
    case, scenario = ensemble.scenario.case, ensemble.scenario
    if not case.pairs:
        return "No two states of this case can meet."
    shifts = {}
    for pair in case.pairs.values():
        ahead, back = (ensemble.leverage_mean(dyad) for dyad in both_ways(pair))
        shifts[pair.between], shifts[pair.between[::-1]] = _shift(ahead - back), _shift(back - ahead)
    to, away = max(shifts, key=lambda dyad: shifts[dyad])
    ahead, back = ensemble.leverage_mean((to, away)), ensemble.leverage_mean((away, to))
    first, last = (f"{number(float(ahead[at]))} against {number(float(back[at]))}" for at in (0, -1))
    names = state_name(case, to), state_name(case, away)
    if first == last:
        return f"Leverage ends where it began, between {names[0]} and {names[1]} at {first} on average."
    when = f"From {month_name(scenario, 0)} to {month_name(scenario, ensemble.months)} leverage shifts most"
    return f"{when} toward {names[0]}, away from {names[1]}: on average from {first} to {last}."


def _shift(gap: npt.NDArray[np.float64]) -> float:
    return round(float(gap[-1] - gap[0]), 6)


def _panel(page: Page, axes: Axes, ensemble: Ensemble, pair: Pair, dyad: Dyad, *, dates: bool) -> str:
    """One direction of a pair, and the same in words."""
    months = np.arange(ensemble.months + 1)
    bands, mean = ensemble.leverage_quantiles(dyad, BAND_ENDS), ensemble.leverage_mean(dyad)
    back = ensemble.leverage_mean((dyad[1], dyad[0]))
    if len(months) == 1:  # one month is drawn as a level
        months, bands, mean, back = np.arange(2), bands.repeat(2, 0), mean.repeat(2), back.repeat(2)
    axes.fill_between(months, bands[:, 0], bands[:, 3], color=NINE_IN_TEN, linewidth=0)
    axes.fill_between(months, bands[:, 1], bands[:, 2], color=HALF, linewidth=0)
    axes.plot(months, back, color=style.PAPER, linewidth=3.2)
    axes.plot(months, back, color=TWO, linewidth=1.5, linestyle=(0, (4, 2)))
    axes.plot(months, mean, color=INK, linewidth=2)
    for summit in ensemble.scenario.summits:
        if summit.pair == pair.id and summit.month <= ensemble.months:
            axes.axvline(summit.month, color=INK, linewidth=0.8, linestyle=":")
            axes.plot(summit.month, 1.0, "v", color=INK, markersize=6, clip_on=False)
    if not mean.any():
        middle: dict[str, Any] = {"transform": axes.transAxes, "ha": "center", "va": "center"}
        axes.text(0.5, 0.5, "no claim gives any", fontsize=SMALL, color=style.MUTED, **middle)
    axes.set(ylim=(0, 1), yticks=[0, 0.5, 1])
    mark_months(axes, ensemble.scenario, TICKS)
    axes.tick_params(labelbottom=dates)
    width = axes.get_position().width * page.width
    title = style.fit(capital(over_whom(ensemble, dyad)), width, style.TEXT, bold=True)
    axes.set_title(title[0], fontsize=style.TEXT, fontweight="bold", loc="left", pad=9, y=1)  # no search for a place
    begin, end, low, high = (number(float(each)) for each in (mean[0], mean[-1], bands[-1, 0], bands[-1, 3]))
    first, last = (month_name(ensemble.scenario, month) for month in (0, ensemble.months))
    said = f"{capital(over_whom(ensemble, dyad))}: mean {begin} in {first}, {end} in {last}"
    return f"{said}; nine runs in ten then lie between {low} and {high}."


def _leverage_key(page: Page) -> None:
    """The legend, in one row below the title."""
    handles = [
        Line2D([], [], color=INK, linewidth=2, label="mean"),
        Patch(color=HALF, label="half of the runs"),
        Patch(color=NINE_IN_TEN, label="nine runs in ten"),
        Line2D([], [], color=TWO, linewidth=1.5, linestyle=(0, (4, 2)), label="mean of the other direction"),
        Line2D([], [], color=INK, marker="v", markersize=6, linestyle=":", linewidth=0.8, label="a summit planned"),
    ]
    page.key(handles)
    says = "Leverage of one state over another, 0 to 1, month by month: what these texts claim, not who is strong"
    page.say(MARGIN, page.top - 0.28, [says], SMALL, shade=style.MUTED)
