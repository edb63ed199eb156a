"""The difference as assumed, and after each change that was tried: points with intervals around zero."""

from __future__ import annotations

from sim.analysis.flip import Gap
from sim.analysis.flip_runs import Flip
from sim.ensemble.intervals import Z95
from sim.ensemble.result import Ensemble
from sim.views.charts import style
from sim.views.charts.style import INK, MARGIN, MUTED, ONE, SMALL, TWO, Page
from sim.views.charts.words import notes
from sim.views.text.factor_words import label_of
from sim.views.text.flip import moves_in_words, sentence, standing

NAMES, ROW = 4.3, 0.55
MOST = 6


def draw_flip(found: Flip, a: Ensemble, b: Ensemble) -> tuple[Page, str]:
    """The page and its alt text."""
    scenario = a.scenario
    rows: list[tuple[str, Gap, str]] = [("as assumed", found.plain, MUTED)]
    for each in (*found.found, *found.failed)[:MOST]:
        shade = ONE if each in found.found else TWO
        rows.append((moves_in_words(each.candidate.moves, scenario), each.fresh, shade))
        if each.candidate.extreme != each.candidate.moves:
            rows.append(
                (f"and all the way: {moves_in_words(each.candidate.extreme[-1:], scenario)}", each.fresh_beyond, shade)
            )
    scale = 100 if found.quantity in a.names.outcomes else 1
    foot = [
        (
            "Points are fresh paired runs on another seed, with 95% intervals (the first: the ensemble at hand)."
            " Circles: confirmed changes; diamonds: looked like it, but not confirmed."
        ),
        *notes([a, b]),
    ]
    page = Page(sentence(found, scenario), ROW * len(rows) + 0.75, foot)
    bottom = page.bottom + 0.6
    axes = page.axes(MARGIN + NAMES, bottom, page.width - 2 * MARGIN - NAMES, ROW * len(rows))
    axes.set(ylim=(len(rows) - 0.5, -0.5), yticks=[])
    axes.axvline(0, color=INK, linewidth=1)
    axes.xaxis.grid(True)
    axes.spines["left"].set_visible(False)
    unit = "points of 100 runs" if scale == 100 else "its own unit"
    axes.set_xlabel(f"{label_of(scenario, found.quantity)}: {found.b} minus {found.a}, in {unit}", fontsize=SMALL)
    for place, (text, gap, shade) in enumerate(rows):
        low, high = (scale * (gap.difference + side * Z95 * gap.se) for side in (-1, 1))
        axes.plot([low, high], [place, place], color=shade, linewidth=2)
        axes.plot(
            scale * gap.difference, place, "D" if shade == TWO else "o", color=shade, markeredgecolor=INK, markersize=8
        )
        lines = style.fit(text, NAMES - 0.2, 9, lines=3, limit=300)
        page.say(MARGIN, bottom + ROW * (len(rows) - place - 0.5), lines, 9, stand="center", spacing=1.1)
    alt = [f"Differences with intervals. {page.title}", standing(found, scenario)]
    alt += [f"{text}: {scale * gap.difference:.3g} (±{scale * Z95 * gap.se:.2g})." for text, gap, _ in rows[1:]]
    return page, "\n".join(alt)
