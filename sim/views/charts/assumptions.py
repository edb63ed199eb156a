"""Assumptions, drawn: which moves which ending, the box that PRIM found, and what happened against the claims."""

from math import exp, radians, sin
from typing import Any

from sim.analysis.discovery import Box, Discovery
from sim.analysis.hindcast import BEST
from sim.analysis.posterior import ClaimPosterior, updated
from sim.ensemble.intervals import Z95
from sim.ensemble.result import Ensemble
from sim.inputs.scenario import Scenario
from sim.views.charts import style
from sim.views.charts.labels import claim_sentence, notes
from sim.views.charts.style import FAINT, INK, MARGIN, MUTED, ONE, SMALL, TWO, Page
from sim.views.text import discover, hindcast, sensitivity
from sim.views.text.case_words import label_of, says_of, short_name
from sim.views.text.hindcast import Hindcast
from sim.views.text.sensitivity import Findings
from sim.views.wording import capital

NAMES, RIGHT, ROW = 3.1, 0.8, 0.5  # inches left and right of the dots, and of a row
SAYS, TINY = 8.5, 7.5  # points, of what an assumption says and what it is called
SLANT, DEGREES = 2.2, 65  # inches of a line of a column's name, and how steep it is
MOST_ROWS = 18
LEAST, NUMBERED = 0.005, 0.039  # share that is drawn, and that has room for its number
LIMITS, TRADE, LIMIT_ROW = 2.7, 3.0, 0.62  # inches of the names of a box's limits, of its trade-off, and of a row
CLAIMS, SCORES, CLAIM_ROW = 3.2, 2.9, 0.32
MOST_CLAIMS = 14


def draw_sensitivity(found: Findings, ensemble: Ensemble) -> Page:
    """Which assumption moves which ending: a dot for each share, larger the more it explains alone."""
    alone = found.alone
    known = [q for q, assumed in enumerate(alone.assumptions) if assumed is not None]
    loud = {(f, q) for f in range(len(alone.factors)) for q in known
            if alone.stands_out(f, q) and alone.share[f, q] > LEAST}  # fmt: skip
    best = {f: max(float(alone.share[f, q]) for row, q in loud if row == f) for f, _ in loud}
    rows = sorted(best, key=lambda f: -best[f])[:MOST_ROWS]
    columns = [q for q in known if any((f, q) in loud for f in rows)]
    gone = len(known) - len(columns)
    without = f" Of {gone} more endings and measures nothing stands out." if gone else ""
    how = (
        "Size: of 100 parts of the variance due to assumptions, how many the row explains alone (with its number where"
        " there is room); only what stands out (Holm, 5%, over all rows and columns). Blue circles: claims and causes;"
        f" orange squares: other assumptions.{without}"
    )
    foot = [how, *notes([ensemble])]
    if not rows:
        return Page(sensitivity.sentence(found), 0.3, foot)
    heads = [_two_lines(capital(label_of(found.scenario, alone.quantities[q]))) for q in columns]
    head = 0.4 + sin(radians(DEGREES)) * max(style.width_of(line, SMALL) for lines in heads for line in lines)
    what = "Table of dots: shares of variance by assumption and ending."
    page = Page(sensitivity.sentence(found), ROW * len(rows) + head + 0.2, foot, what)
    bottom, height = page.bottom + 0.2, ROW * len(rows)
    axes = page.axes(MARGIN + NAMES, bottom, page.width - 2 * MARGIN - NAMES - RIGHT, height)
    axes.set(xlim=(-0.5, len(columns) - 0.5), ylim=(len(rows) - 0.5, -0.5), xticks=[], yticks=[])
    axes.spines[["left", "bottom"]].set_visible(False)
    step = (page.width - 2 * MARGIN - NAMES - RIGHT) / len(columns)
    for place, lines in enumerate(heads):
        _column(page, MARGIN + NAMES + step * (place + 0.5), bottom + height + 0.06, lines)
    for row, f in enumerate(rows):
        axes.axhline(row, color=FAINT, linewidth=0.6, zorder=0)
        _row(page, bottom + height - ROW * (row + 0.5), alone.factors[f], says_of(found.scenario, alone.factors[f]))
        for place, q in enumerate(columns):
            share = alone.share[f, q]
            if (f, q) in loud:
                claim = alone.kind(f) in ("claim", "cause")
                shade = ONE if claim else TWO
                axes.plot(
                    place, row, "o" if claim else "s", color=shade, markeredgecolor=INK, markeredgewidth=0.5,
                    markersize=4 + 30 * share**0.5 / 0.7, clip_on=False,
                )  # fmt: skip
                if share >= NUMBERED:
                    label = f"{100 * share:.0f}" if share >= 0.095 else f"{100 * share:.1f}"
                    axes.text(place, row, label, fontsize=7.5, ha="center", va="center", color=style.ink_on(shade))
    for q in known:
        texts = [f"{short_name(alone.factors[f])} {100 * alone.share[f, q]:.1f}" for f in alone.ranked(q)[:4]]
        says = ", ".join(texts) or "nothing stands out"
        page.alt_lines.append(f"{label_of(found.scenario, alone.quantities[q])}: {says}.")
    return page


def _row(page: Page, middle: float, factor: str, meaning: str) -> None:
    """What a row's assumption says, and under it what it is called where scenarios set it."""
    says = style.fit(capital(meaning or short_name(factor)), NAMES - 0.15, SAYS, lines=2)
    line = 0.065 * (len(says) - 1)
    page.say(MARGIN, middle - line, says, SAYS, va="center" if not meaning else "bottom", spacing=1.1)
    if meaning:
        page.say(MARGIN, middle - line - 0.02, short_name(factor), TINY, shade=MUTED, inches=NAMES - 0.15)


def _column(page: Page, x: float, y: float, lines: list[str]) -> None:
    """A column's name, slanted so that it has room."""
    page.figure.text(
        x / page.width, y / page.height, "\n".join(lines), fontsize=SMALL,
        rotation=DEGREES, ha="left", va="bottom", rotation_mode="anchor", color=INK, linespacing=1.1,
    )  # fmt: skip


def _two_lines(label: str) -> list[str]:
    """A long name in two lines that are about as long."""
    whole = style.width_of(label, SMALL)
    for part in (0.5, 0.55, 0.6, 0.7, 0.8):
        inches = min(max(part * whole, SLANT / 2), SLANT)
        lines = style.fit(label, inches, SMALL, lines=3)
        if len(lines) < 3:
            return lines
    return style.fit(label, SLANT, SMALL, lines=2)


def draw_discovery(found: Discovery, ensemble: Ensemble) -> Page:
    """The part of each assumption that the box takes, and how PRIM traded coverage for density."""
    scenario = ensemble.scenario
    if not found.boxes:
        return Page(discover.nothing(found, scenario), 0.3, notes([ensemble]))
    how = f"The sentence is counted on {found.worlds:,} worlds that the box was not searched on"
    foot = [f"{how} (square; diamond: where it was searched).", *notes([ensemble])]
    box = found.boxes[0]
    height = max(LIMIT_ROW * len(box.limits), 2.3)
    what = "Box of assumptions and its trade-off."
    page = Page(discover.box_in_words(found, box, scenario), height + 1.0, foot, what)
    bottom = page.bottom + 0.6
    width = page.width - 2 * MARGIN - LIMITS - TRADE - 1.0
    _sides(page, box, ensemble.scenario, bottom, width, height)
    _trade(page, found, box, bottom, height)
    page.alt_lines += [discover.limit_words(scenario, each) for each in box.limits]
    return page


def _sides(page: Page, box: Box, scenario: Scenario, bottom: float, width: float, height: float) -> None:
    """A bar for each limit: the part of the worlds, ordered by the number, that is in the box."""
    axes = page.axes(MARGIN + LIMITS, bottom, width, height)
    axes.set(xlim=(0, 100), ylim=(len(box.limits) - 0.5, -0.5), yticks=[])
    axes.set_xlabel("of 100 worlds, low to high (claims: fails, holds)", fontsize=SMALL)
    axes.spines["left"].set_visible(False)
    page.caption(MARGIN + LIMITS, bottom + height + 0.1, "The box takes the dark part of")
    for place, limit in enumerate(box.limits):
        low, high = (100 * at for at in limit.at)
        axes.barh(place, 100, 0.34, color=FAINT, edgecolor="none")
        axes.barh(place, high - low, 0.34, left=low, color=ONE, edgecolor=INK, linewidth=0.8)
        middle = bottom + height * (1 - (place + 0.5) / len(box.limits))
        says = says_of(scenario, limit.factor) or short_name(limit.factor)
        title = style.fit(capital(says), LIMITS - 0.2, SMALL, lines=2, bold=True)
        page.say(MARGIN, middle - 0.03, title, SMALL, bold=True, va="bottom", spacing=1.1)
        under = f"{limit.state or discover.bounds(limit)} ({limit.factor.partition('/')[2]})"
        page.say(MARGIN, middle - 0.05, under, SMALL, shade=MUTED, inches=LIMITS - 0.2)


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


def draw_hindcast(found: Hindcast, ensemble: Ensemble) -> Page:
    """Claims' credence before and after what happened, and how every forecast scored by date."""
    claims = found.posterior.loud[:MOST_CLAIMS] or list(found.posterior.claims[:6])
    height = max(CLAIM_ROW * len(claims), 3.0)
    how = (
        "One path of events, labels written after it and disputed: a plausibility check, never validation. Black bars:"
        f" simulation noise (95%), mostly narrower than the mark; {found.posterior.worlds:,} weighted worlds are worth"
        f" {found.posterior.effective:,.0f}."
    )
    title, what = hindcast.sentence(found), "Credence of claims before and after, and log scores by date."
    page = Page(f"{title.partition('; on average')[0]}.", height + 1.2, [how, *notes([ensemble])], what)
    bottom = page.bottom + 0.65
    _credences(page, found, claims, bottom, page.width - 2 * MARGIN - CLAIMS - SCORES - 0.9, height)
    _scores(page, found, bottom, height)
    page.alt_lines += [
        f"{each.claim}: {each.prior:.2f} before, {each.posterior:.2f} after, Bayes factor {each.factor:.2f}."
        for each in claims
    ]
    months = [label.month for label in found.scored.labels]
    for name in found.scored.forecasts:
        text = ", ".join(f"{found.scored.at(name, month).log:.2f} after month {month}" for month in months)
        page.alt_lines.append(f"Log score of {name}: {text}.")
    return page


def _credences(
    page: Page, found: Hindcast, claims: list[ClaimPosterior], bottom: float, width: float, height: float
) -> None:
    axes = page.axes(MARGIN + CLAIMS, bottom, width, height)
    axes.set(xlim=(0, 100), ylim=(len(claims) - 0.5, -0.5), yticks=[])
    axes.xaxis.grid(True)
    axes.set_xlabel("credence, of 100", fontsize=SMALL)
    axes.spines["left"].set_visible(False)
    page.caption(MARGIN + CLAIMS, bottom + height + 0.1, "Hollow: before; filled: after the labels")
    for place, each in enumerate(claims):
        shade, shape = (ONE, "^") if each.factor > 1 else (TWO, "v")
        low, high = (updated(each.prior, each.factor * exp(end * Z95 * each.log_se)) for end in (-1, 1))
        axes.axhline(place, color=FAINT, linewidth=0.6, zorder=0)
        axes.plot([100 * each.prior, 100 * each.posterior], [place, place], color=shade, linewidth=1.5)
        axes.plot([100 * low, 100 * high], [place, place], color=INK, linewidth=3.5, solid_capstyle="butt")
        axes.plot(100 * each.prior, place, "o", color="white", markeredgecolor=INK, markersize=6)
        axes.plot(100 * each.posterior, place, shape, color=shade, markeredgecolor=INK, markersize=7)
        middle = bottom + height * (1 - (place + 0.5) / len(claims))
        says = claim_sentence(found.scenario.ledger.claims[each.claim])
        page.say(MARGIN, middle, says, 7, va="center", spacing=1.1, inches=CLAIMS - 0.1, most=2)


def _scores(page: Page, found: Hindcast, bottom: float, height: float) -> None:
    months = [label.month for label in found.scored.labels]
    axes = page.axes(page.width - MARGIN - SCORES, bottom, SCORES, height)
    for place, name in enumerate(found.scored.forecasts[:8]):
        logs = [found.scored.at(name, month).log for month in months]
        axes.plot(
            months, logs, marker=style.marker(place), color=style.colour(place), markeredgecolor=INK, markersize=6,
            linewidth=1.3, label=name,
        )  # fmt: skip
    axes.set_xticks(months)
    axes.yaxis.grid(True)
    axes.set_xlabel("after month", fontsize=SMALL)
    axes.set_ylim(top=0)
    axes.legend(fontsize=7.5, loc="lower right", framealpha=0.9)
    right = page.width - MARGIN - SCORES - 0.3
    page.caption(right, bottom + height + 0.1, f"Log score by date (best possible: {BEST})")
