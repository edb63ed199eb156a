"""Each claim's credence before and after what happened, and how every forecast scored by date."""

from math import exp

from sim.analysis.hindcast import BEST
from sim.analysis.posterior import ClaimPosterior, updated
from sim.ensemble.intervals import Z95
from sim.ensemble.result import Ensemble
from sim.views.charts import style
from sim.views.charts.style import FAINT, INK, MARGIN, ONE, SMALL, TWO, Page
from sim.views.charts.words import claim_sentence, notes
from sim.views.text.hindcast import Hindcast, sentence

NAMES, SCORES, ROW = 3.2, 2.9, 0.32
MOST = 14


def draw_hindcast(found: Hindcast, ensemble: Ensemble) -> tuple[Page, str]:
    """The page and its alt text."""
    claims = found.posterior.loud[:MOST] or list(found.posterior.claims[:6])
    height = max(ROW * len(claims), 3.0)
    how = (
        "One path of events, labels written after it and disputed: a plausibility check, never validation. Black bars:"
        f" simulation noise (95%), mostly narrower than the mark; {found.posterior.worlds:,} weighted worlds are worth"
        f" {found.posterior.effective:,.0f}."
    )
    page = Page(f"{sentence(found).partition('; on average')[0]}.", height + 1.2, [how, *notes([ensemble])])
    bottom = page.bottom + 0.65
    _credences(page, found, claims, bottom, page.width - 2 * MARGIN - NAMES - SCORES - 0.9, height)
    _scores(page, found, bottom, height)
    alt = [f"Credence of claims before and after, and log scores by date. {page.title}"]
    alt += [
        f"{each.claim}: {each.prior:.2f} before, {each.posterior:.2f} after, Bayes factor {each.factor:.2f}."
        for each in claims
    ]
    months = [label.month for label in found.scored.labels]
    for name in found.scored.forecasts:
        told = ", ".join(f"{found.scored.at(name, month).log:.2f} after month {month}" for month in months)
        alt.append(f"Log score of {name}: {told}.")
    return page, "\n".join(alt)


def _credences(
    page: Page, found: Hindcast, claims: list[ClaimPosterior], bottom: float, width: float, height: float
) -> None:
    axes = page.axes(MARGIN + NAMES, bottom, width, height)
    axes.set(xlim=(0, 100), ylim=(len(claims) - 0.5, -0.5), yticks=[])
    axes.xaxis.grid(True)
    axes.set_xlabel("credence, of 100", fontsize=SMALL)
    axes.spines["left"].set_visible(False)
    page.caption(MARGIN + NAMES, bottom + height + 0.1, "Hollow: before; filled: after the labels")
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
        page.say(MARGIN, middle, style.fit(says, NAMES - 0.1, 7, lines=2), 7, stand="center", spacing=1.1)


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
