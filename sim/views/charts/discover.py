"""The box as a picture: the part of each assumption that it takes, and how PRIM traded coverage for density."""

from typing import Any

from sim.analysis.discovery import Box, Discovery
from sim.ensemble.result import Ensemble
from sim.inputs.scenario import Scenario
from sim.views.charts import style
from sim.views.charts.style import FAINT, INK, MARGIN, MUTED, ONE, SMALL, Page
from sim.views.charts.words import capital, notes
from sim.views.text.case_words import says_of, short_name
from sim.views.text.discover import bounds, box_in_words, limit_words, nothing

NAMES, TRADE = 2.7, 3.0
ROW = 0.62


def draw_discovery(found: Discovery, ensemble: Ensemble) -> tuple[Page, str]:
    """The page and its alt text; without a box it says so."""
    scenario = ensemble.scenario
    if not found.boxes:
        page = Page(nothing(found, scenario), 0.3, notes([ensemble]))
        return page, page.title
    how = f"The sentence is counted on {found.worlds:,} worlds that the box was not searched on"
    foot = [f"{how} (square; diamond: where it was searched).", *notes([ensemble])]
    box = found.boxes[0]
    height = max(ROW * len(box.limits), 2.3)
    page = Page(box_in_words(found, box, scenario), height + 1.0, foot)
    bottom = page.bottom + 0.6
    width = page.width - 2 * MARGIN - NAMES - TRADE - 1.0
    _sides(page, box, ensemble.scenario, bottom, width, height)
    _trade(page, found, box, bottom, height)
    alt = [f"Box of assumptions and its trade-off. {page.title}", *(limit_words(scenario, each) for each in box.limits)]
    return page, "\n".join(alt)


def _sides(page: Page, box: Box, scenario: Scenario, bottom: float, width: float, height: float) -> None:
    """A bar for each limit: the part of the worlds, ordered by the number, that is in the box."""
    axes = page.axes(MARGIN + NAMES, bottom, width, height)
    axes.set(xlim=(0, 100), ylim=(len(box.limits) - 0.5, -0.5), yticks=[])
    axes.set_xlabel("of 100 worlds, low to high (claims: fails, holds)", fontsize=SMALL)
    axes.spines["left"].set_visible(False)
    page.caption(MARGIN + NAMES, bottom + height + 0.1, "The box takes the dark part of")
    for place, limit in enumerate(box.limits):
        low, high = (100 * at for at in limit.at)
        axes.barh(place, 100, 0.34, color=FAINT, edgecolor="none")
        axes.barh(place, high - low, 0.34, left=low, color=ONE, edgecolor=INK, linewidth=0.8)
        middle = bottom + height * (1 - (place + 0.5) / len(box.limits))
        says = says_of(scenario, limit.factor) or short_name(limit.factor)
        title = style.fit(capital(says), NAMES - 0.2, SMALL, lines=2, bold=True)
        page.say(MARGIN, middle - 0.03, title, SMALL, bold=True, stand="bottom", spacing=1.1)
        under = f"{limit.state or bounds(limit)} ({limit.factor.partition('/')[2]})"
        page.say(MARGIN, middle - 0.05, style.fit(under, NAMES - 0.2, SMALL), SMALL, shade=MUTED)


def _trade(page: Page, found: Discovery, box: Box, bottom: float, height: float) -> None:
    """Coverage against density on PRIM's way from all worlds to small boxes."""
    axes = page.axes(page.width - MARGIN - TRADE, bottom, TRADE, height)
    way = [100 * p.coverage for p in box.path], [100 * p.density for p in box.path]
    axes.plot(*way, "o-", color=MUTED, markersize=3, linewidth=0.8)
    chosen = next(point for point in box.path if point.chosen)
    axes.plot(100 * chosen.coverage, 100 * chosen.density, "D", color=ONE, markeredgecolor=INK, markersize=8)
    axes.plot(100 * box.coverage, 100 * box.density, "s", color="none", markeredgecolor=INK, markersize=8)
    axes.set(xlim=(0, 104), ylim=(0, 112 * max(box.density, *(point.density for point in box.path))))
    axes.grid(True)
    axes.set_xlabel("coverage: of 100 that end so, so many in the box", fontsize=SMALL)
    right = page.width - MARGIN - TRADE - 0.3
    page.caption(right, bottom + height + 0.1, "Density: of 100 runs in the box, so many end so")
    how: dict[str, Any] = {"textcoords": "offset points", "fontsize": SMALL}
    axes.annotate("this box", (100 * chosen.coverage, 100 * chosen.density), xytext=(10, 4), **how)
    axes.annotate("all worlds", (100, 100 * found.rate), xytext=(4, -13), ha="right", **how)
