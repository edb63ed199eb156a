"""Leverage of each pair over time: one row a pair, one panel a direction, with bands and the pair's summits."""

from itertools import permutations
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.ensemble.result import Ensemble
from sim.inputs.case import Pair
from sim.views.charts import style
from sim.views.charts.months import mark_months
from sim.views.charts.style import BAND_ENDS, HALF, INK, MARGIN, NINE_IN_TEN, SMALL, TWO, Page
from sim.views.charts.words import bare, capital, month_name, notes, number, state_name

ROW, GAP = 1.22, 0.62  # inches of a panel, and between two rows
LEFT, BETWEEN = 0.45, 0.6
MOST_PAIRS = 6
TICKS = 5

Dyad = tuple[str, str]


def draw_leverage(ensemble: Ensemble) -> tuple[Page, str]:
    """The page and its alt text. Of many pairs, those whose leverage moves most are drawn."""
    pairs = chosen_pairs(ensemble)
    not_drawn = len(ensemble.scenario.case.pairs) - len(pairs)
    extra = [f"{not_drawn} pairs whose leverage moves less are not drawn."] if not_drawn else []
    body = len(pairs) * (ROW + GAP) + 0.75
    page = Page(sentence(ensemble), body, extra + notes([ensemble]))
    width = (page.width - 2 * MARGIN - LEFT - BETWEEN) / 2
    for row, pair in enumerate(pairs):
        y = page.top - 0.95 - ROW - row * (ROW + GAP)
        for column, dyad in enumerate(permutations(pair.between)):
            axes = page.axes(MARGIN + LEFT + column * (width + BETWEEN), y, width, ROW)
            _panel(axes, ensemble, pair, (dyad[0], dyad[1]), dates=row == len(pairs) - 1)
    _key(page)
    return page, _alt(ensemble, page.title, pairs)


def chosen_pairs(ensemble: Ensemble) -> list[Pair]:
    """The pairs of the case in their order, at most MOST_PAIRS."""
    pairs = list(ensemble.scenario.case.pairs.values())
    moved = {pair.id: max(np.ptp(ensemble.leverage_mean(dyad)) for dyad in both_ways(pair)) for pair in pairs}
    most = sorted(pairs, key=lambda pair: -moved[pair.id])[:MOST_PAIRS]
    return [pair for pair in pairs if pair in most]


def both_ways(pair: Pair) -> tuple[Dyad, Dyad]:
    return pair.between, (pair.between[1], pair.between[0])


def over_whom(ensemble: Ensemble, dyad: Dyad) -> str:
    """X over Y"""
    case = ensemble.scenario.case
    return f"{state_name(case, dyad[0])} over {state_name(case, dyad[1])}"


def sentence(ensemble: Ensemble) -> str:
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


def _panel(axes: Axes, ensemble: Ensemble, pair: Pair, dyad: Dyad, *, dates: bool) -> None:
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
    width = axes.get_position().width * style.inches_wide(axes)
    title = style.fit(capital(over_whom(ensemble, dyad)), width, style.TEXT, bold=True)
    axes.set_title(title[0], fontsize=style.TEXT, fontweight="bold", loc="left", pad=9, y=1)  # no search for a place


def _key(page: Page) -> None:
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


def _alt(ensemble: Ensemble, title: str, pairs: list[Pair]) -> str:
    scenario = ensemble.scenario
    lines = [f"Small charts of leverage by month, one for each direction of each pair. {title}"]
    for pair in pairs:
        held = [
            month_name(scenario, each.month)
            for each in scenario.summits
            if each.pair == pair.id and each.month <= ensemble.months
        ]
        for dyad in both_ways(pair):
            mean, bands = ensemble.leverage_mean(dyad), ensemble.leverage_quantiles(dyad, BAND_ENDS)[-1]
            lines.append(
                f"{capital(over_whom(ensemble, dyad))}: mean {number(float(mean[0]))} in {month_name(scenario, 0)}, "
                f"{number(float(mean[-1]))} in {month_name(scenario, ensemble.months)}; "
                f"nine runs in ten then lie between {number(float(bands[0]))} and {number(float(bands[3]))}."
            )
        names = " and ".join(bare(state_name(scenario.case, state)) for state in pair.between)
        lines.append(f"Summits of {names}: {', '.join(held)}." if held else f"No summits of {names}.")
    return "\n".join(lines)
