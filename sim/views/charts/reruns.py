"""What each variant changes, run again on the same draws: one panel an outcome, one row a variant, with 95%
intervals."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from sim.analysis.ledger_variants import LedgerEffect, LedgerEffects
from sim.analysis.paired import Difference
from sim.ensemble.result import Ensemble
from sim.views.charts import style
from sim.views.charts.style import INK, MARGIN, PAPER, SMALL, Page
from sim.views.charts.words import capital, listed, notes, outcome_names
from sim.views.text.reruns import SAYS, net

NAMES = 3.2
ROW = 0.27
PANELS = 3
MOST_ROWS = 24


def draw_reruns(found: LedgerEffects, ensemble: Ensemble) -> tuple[Page, str]:
    """The page and its alt text."""
    labels = outcome_names(ensemble)
    rows = sorted(
        (*found.found, *found.shares), key=lambda each: (_kinds(found).index(each.kind), -net(each, found.outcomes))
    )[:MOST_ROWS]
    panels = _panels(found, rows)
    height = ROW * max(len(rows), 1)
    page = Page(heading(found, labels), height + 1.3, [_how(found), *notes([ensemble])])
    bottom, gap = page.bottom + 0.7, 0.2
    width = (page.width - 2 * MARGIN - NAMES - gap * (len(panels) - 1)) / len(panels)
    for place, each in enumerate(rows):
        text = style.fit(says(each), NAMES - 0.2, 9)
        page.say(
            MARGIN + NAMES - 0.12, bottom + ROW * (len(rows) - place - 0.5), text, 9, align="right", stand="center"
        )
    for place, outcome in enumerate(panels):
        left = MARGIN + NAMES + place * (width + gap)
        axes = page.axes(left, bottom, width, height)
        _panel(axes, [each.differences[outcome] for each in rows])
        title = style.fit(capital(labels[outcome]), width, SMALL, lines=2, bold=True)
        page.say(left, bottom + height + 0.1, title, SMALL, bold=True, stand="bottom")
        axes.set_xlabel("fewer ← of 100 runs → more", fontsize=SMALL)
    return page, _alt(page.title, labels, rows, panels)


def says(each: LedgerEffect) -> str:
    """A variant in a few words."""
    return ("share of " if each.kind == "share" else "") + SAYS[each.kind].format(each.name)


def heading(found: LedgerEffects, labels: dict[str, str]) -> str:
    """The variant that changes most, in a sentence."""
    loud = [
        each
        for each in found.found
        if any(one.stands_out for name, one in each.differences.items() if name in found.outcomes)
    ]
    if not loud:
        return f"No variant by {found.by} stands out from the noise of so few worlds."
    first = [each for each in loud if each.kind == loud[0].kind or each.kind == "dropped"]
    most = max([each for each in first if each.kind == "dropped"] or first, key=lambda each: net(each, found.outcomes))
    name = max((name for name in found.outcomes), key=lambda name: abs(most.differences[name].difference))
    one = most.differences[name]
    return (
        f"{capital(says(most))}, {abs(100 * one.difference):.0f} {'more' if one.difference > 0 else 'fewer'} of 100 "
        f"runs end in {labels[name]}."
    )


def _kinds(found: LedgerEffects) -> list[str]:
    return list(dict.fromkeys(["dropped", "alone", *(each.kind for each in found.found), "share"]))


def _panels(found: LedgerEffects, rows: Sequence[LedgerEffect]) -> list[str]:
    """The outcomes that the variants move most, in the classes' own order."""
    size = {name: sum(abs(each.differences[name].difference) for each in rows) for name in found.outcomes}
    chosen = sorted(found.outcomes, key=lambda name: -size[name])[:PANELS]
    return [name for name in found.outcomes if name in chosen]


def _how(found: LedgerEffects) -> str:
    shared = (
        " Share: what each author adds, averaged over all orders in which authors could join (Shapley)."
        if found.shares
        else ""
    )
    return (
        f"Variant minus the scenario as it stands, paired over {found.worlds:,} worlds, with 95% intervals. Filled: "
        f"stands out after Holm's adjustment over {found.tests} tests; hollow: does not.{shared}"
    )


def _panel(axes: Axes, rows: Sequence[Difference]) -> None:
    reach = (
        max((max(abs(each.low), abs(each.high)) for each in rows if each.half == each.half), default=0.0) * 105 + 0.1
    )
    axes.set(xlim=(-reach, reach), ylim=(len(rows) - 0.5, -0.5), yticks=[])
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.xaxis.grid(True)
    axes.spines["left"].set_visible(False)
    for place, each in enumerate(rows):
        shade = style.ONE if each.difference > 0 else style.TWO
        axes.plot([100 * each.low, 100 * each.high], [place, place], color=shade, linewidth=1.6, solid_capstyle="butt")
        axes.plot(
            100 * each.difference, place, "o" if each.difference > 0 else "D", markersize=6, color=shade,
            markerfacecolor=shade if each.stands_out else PAPER,
        )  # fmt: skip


def _alt(title: str, labels: dict[str, str], rows: Sequence[LedgerEffect], panels: Sequence[str]) -> str:
    lines = [f"Chart of what each variant changes. {title}"]
    for each in rows:
        said = [f"{labels[name]} {100 * each.differences[name].difference:+.1f}" for name in panels]
        lines.append(f"{says(each)}: {listed(said)} of 100 runs.")
    return "\n".join(lines)
