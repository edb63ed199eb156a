"""Which claims do the work, as a ranked chart: what each does to an outcome, with its 95% interval."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from sim.analysis.explain import Explanation, Finding
from sim.ensemble.result import Ensemble
from sim.views.charts import style
from sim.views.charts.style import INK, MARGIN, MUTED, PAPER, SMALL, Page
from sim.views.charts.words import capital, listed, name, notes, outcome_names
from sim.views.wording import plus_minus, where_the_spread_comes_from

NAMES = 3.2  # inches left of the panels
ROW = 0.27
MOST_ROWS = 20
PANELS = 3
HEAD = 0.55


def draw_explanation(found: Explanation, ensemble: Ensemble) -> tuple[Page, str]:
    """The page and its alt text. Panels are the outcomes that the claims move most (or the one asked for)."""
    labels = outcome_names(ensemble)
    outcomes = panels_of(found)
    claims = ranked(found)[:MOST_ROWS]
    page = Page(heading(found, labels), ROW * max(len(claims), 1) + HEAD + 0.75, [*_how(found), *notes([ensemble])])
    bottom, height = page.bottom + 0.7, ROW * max(len(claims), 1)
    _names(page, found, claims, bottom)
    gap = 0.2
    width = (page.width - 2 * MARGIN - NAMES - gap * (len(outcomes) - 1)) / len(outcomes)
    for place, outcome in enumerate(outcomes):
        axes = page.axes(MARGIN + NAMES + place * (width + gap), bottom, width, height)
        effects = [found.of(claim, outcome) for claim in claims]
        _panel(axes, [each for each in effects if each is not None], len(claims))
        title = style.fit(capital(labels[outcome]), width, SMALL, lines=2, bold=True)
        page.say(MARGIN + NAMES + place * (width + gap), bottom + height + 0.1, title, SMALL, bold=True, stand="bottom")
        axes.set_xlabel("fewer ← of 100 runs → more", fontsize=SMALL)
    return page, _alt(found, page.title, labels, claims, outcomes)


def panels_of(found: Explanation) -> list[str]:
    """The outcomes with the most effect in all, in the classes' own order."""
    size = {
        name: sum(abs(each.effect) for each in found.effects if each.quantity == name and each.stands_out)
        for name in found.outcomes
    }
    chosen = sorted(found.outcomes, key=lambda name: -size[name])[:PANELS]
    return [name for name in found.outcomes if name in chosen]


def ranked(found: Explanation) -> list[str]:
    """Claims, the one that does most first: those that stand out anywhere, or all where none does."""
    loud = {each.name for each in found.effects if each.stands_out}
    if len(found.outcomes) == 1:
        order = [each.name for each in found.effects]
    else:
        order = sorted(found.moved, key=lambda claim: -found.moved[claim])
    return [claim for claim in order if claim in loud] or order


def heading(found: Explanation, labels: dict[str, str]) -> str:
    """What the chart shows, in a sentence."""
    loud = [each for each in found.effects if each.stands_out]
    if not loud:
        return "No claim stands out from the noise of so few worlds."
    first = ranked(found)[0]
    each = max((one for one in loud if one.name == first), key=lambda one: abs(one.effect))
    most = "does most of the work" if len(found.outcomes) > 1 else f"matters most for {labels[each.quantity]}"
    where = f"in {labels[each.quantity]}" if len(found.outcomes) > 1 else "there"
    more = "more" if each.effect > 0 else "fewer"
    return (
        f"{name(first)} {most}: certain rather than false, {abs(100 * each.effect):.0f} {more} of 100 runs end {where}."
    )


def _how(found: Explanation) -> list[str]:
    spread = found.spread
    lines = [
        f"Effect of a claim: certain minus false, other credences as they are; read off {found.worlds:,} worlds, with "
        f"95% intervals. Filled: stands out after Holm's adjustment over {found.tests[0]} tests; hollow: does not."
    ]
    if spread is not None and spread.claims is not None:
        lines.append(where_the_spread_comes_from(spread))
    return lines


def _names(page: Page, found: Explanation, claims: Sequence[str], bottom: float) -> None:
    ledger = found.scenario.ledger
    for place, claim in enumerate(claims):
        middle = bottom + ROW * (len(claims) - place - 0.5)
        page.say(MARGIN + NAMES - 0.12, middle, style.fit(claim, NAMES - 0.55, 9), 9, align="right", stand="center")
        page.say(MARGIN, middle, [f"{ledger.claims[claim].credence:.2f}"], 8, shade=MUTED, stand="center")
    page.say(MARGIN, bottom + ROW * len(claims) + 0.1, ["credence"], 8, shade=MUTED, stand="bottom")


def _panel(axes: Axes, effects: Sequence[Finding], rows: int) -> None:
    reach = (
        max((max(abs(each.low), abs(each.high)) for each in effects if each.se == each.se), default=0.01) * 105 + 0.1
    )
    axes.set(xlim=(-reach, reach), ylim=(rows - 0.5, -0.5), yticks=[])
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.xaxis.grid(True)
    axes.spines["left"].set_visible(False)
    for place, each in enumerate(effects):
        if each.se != each.se:  # not a number: no world tells
            continue
        shade = style.ONE if each.effect > 0 else style.TWO
        axes.plot([100 * each.low, 100 * each.high], [place, place], color=shade, linewidth=1.6, solid_capstyle="butt")
        axes.plot(
            100 * each.effect, place, "o" if each.effect > 0 else "D", markersize=6, color=shade,
            markerfacecolor=shade if each.stands_out else PAPER,
        )  # fmt: skip


def _alt(found: Explanation, title: str, labels: dict[str, str], claims: Sequence[str], outcomes: Sequence[str]) -> str:
    lines = [f"Ranked chart of what each claim does. {title}"]
    for claim in claims:
        effects = [each for each in (found.of(claim, outcome) for outcome in outcomes) if each is not None]
        said = [f"{labels[each.quantity]} {plus_minus(100 * each.effect, 100 * each.half)}" for each in effects]
        lines.append(f"{claim}: {listed(said)} of 100 runs.")
    return "\n".join(lines)
