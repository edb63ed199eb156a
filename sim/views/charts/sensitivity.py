"""Which assumption moves which ending: a dot for each share, larger the more it explains alone."""

from math import radians, sin

from sim.ensemble.result import Ensemble
from sim.views.charts import style
from sim.views.charts.style import FAINT, INK, MARGIN, MUTED, ONE, SMALL, TWO, Page
from sim.views.charts.words import capital, notes
from sim.views.text.case_words import label_of, says_of, short_name
from sim.views.text.sensitivity import Findings, sentence

NAMES, RIGHT = 3.1, 0.8
ROW = 0.5
SAYS, TINY = 8.5, 7.5  # points, of what an assumption says and what it is called
SLANT, DEGREES = 2.2, 65  # inches of a line of a column's name, and how steep it is
MOST_ROWS = 18
LEAST, NUMBERED = 0.005, 0.039  # share that is drawn, and that has room for its number


def draw_sensitivity(found: Findings, ensemble: Ensemble) -> tuple[Page, str]:
    """The page and its alt text."""
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
        page = Page(sentence(found), 0.3, foot)
        return page, page.title
    heads = [_two_lines(capital(label_of(found.scenario, alone.quantities[q]))) for q in columns]
    head = 0.4 + sin(radians(DEGREES)) * max(style.width_of(line, SMALL) for lines in heads for line in lines)
    page = Page(sentence(found), ROW * len(rows) + head + 0.2, foot)
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
                    axes.text(place, row, label, fontsize=7.5, ha="center", va="center", color=style.over(shade))
    alt = [f"Table of dots: shares of variance by assumption and ending. {page.title}"]
    for q in known:
        told = [f"{short_name(alone.factors[f])} {100 * alone.share[f, q]:.1f}" for f in alone.ranked(q)[:4]]
        alt.append(f"{label_of(found.scenario, alone.quantities[q])}: {', '.join(told) or 'nothing stands out'}.")
    return page, "\n".join(alt)


def _row(page: Page, middle: float, factor: str, meaning: str) -> None:
    """What a row's assumption says, and under it what it is called where scenarios set it."""
    says = style.fit(capital(meaning or short_name(factor)), NAMES - 0.15, SAYS, lines=2)
    line = 0.065 * (len(says) - 1)
    page.say(MARGIN, middle - line, says, SAYS, stand="center" if not meaning else "bottom", spacing=1.1)
    if meaning:
        page.say(MARGIN, middle - line - 0.02, style.fit(short_name(factor), NAMES - 0.15, TINY), TINY, shade=MUTED)


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
