"""Effects as points with 95% intervals around zero: one row a claim, a variant or a change, one panel an outcome.

Panels of one chart share their scale. Filled points stand out after Holm's adjustment, hollow ones do not.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from sim.analysis.explain import Explanation, Together
from sim.analysis.flip import Flip
from sim.analysis.ledger_variants import LedgerEffect, LedgerEffects
from sim.ensemble.intervals import Z95
from sim.ensemble.result import Ensemble
from sim.views.charts import style
from sim.views.charts.labels import claim_sentence, notes, outcome_names
from sim.views.charts.style import INK, MARGIN, MUTED, PAPER, SMALL, Page
from sim.views.text.case_words import label_of
from sim.views.text.explain import sentences, strongest_first
from sim.views.text.explain_by import SAYS, net
from sim.views.text.flip import as_assumed, moves_in_words, sentence
from sim.views.wording import capital, listed, plus_minus, signed, where_the_spread_comes_from

NAMES, NAMES_OF_FEW = 4.2, 4.6  # inches left of the panels
LINE, GAP = 0.135, 0.2  # inches of a line of a name, and between panels
MOST_PANELS, MOST_ROWS, MOST_CHANGES, MOST_PAIRS = 3, 20, 6, 12
OF_100, OWN_UNIT = "change, of 100 runs", "change, in its own unit"


@dataclass(frozen=True)
class Point:
    """An effect in the unit of its axis with the ends of its interval; ``sure`` points are filled."""

    value: float
    low: float
    high: float
    sure: bool


@dataclass(frozen=True)
class Row:
    """The text at the left (two lines at most, or the lines given), a number before it, a point for each panel;
    ``called`` so in the alternative text, if at all.
    """

    called: str
    says: str | tuple[str, ...]
    points: Sequence[Point | None]  # None where it is not known
    aside: str = ""


def draw_explanation(found: Explanation, ensemble: Ensemble) -> Page:
    """What each claim does to the outcomes that the claims move most (or to the one asked for)."""
    labels, ledger, claims = outcome_names(ensemble), found.scenario.ledger, ranked(found)[:MOST_ROWS]
    loud = [each for each in found.effects if each.stands_out]
    moved = {name: sum(abs(each.effect) for each in loud if each.quantity == name) for name in found.outcomes}
    outcomes = _largest(found.outcomes, moved)
    labels |= {name: label_of(found.scenario, name) for name in outcomes if name not in labels}
    scale, axis = _scale(found)
    rows = [
        Row(claim, claim_sentence(ledger.claims[claim]), [
            None if each is None
            else _known(scale * each.effect, scale * each.low, scale * each.high, each.stands_out)
            for each in (found.of(claim, name) for name in outcomes)
        ], f"{ledger.claims[claim].credence:.2f}")
        for claim in claims
    ]  # fmt: skip
    how = (
        f"Effect of a claim: certain minus false, other credences as they are; read off {found.worlds:,} worlds, with "
        f"95% intervals. Filled: stands out after Holm's adjustment over {found.tests[0]} tests; hollow: does not."
    )
    foot = [how, where_the_spread_comes_from(found.spread), *notes([ensemble])]
    names, what = [labels[each] for each in outcomes], "Ranked chart of what each claim does."
    return _points(heading(found, labels), rows, names, foot, what, axis=axis, aside="credence")


def draw_together(together: Together, found: Explanation, ensemble: Ensemble) -> Page:
    """What claims do where another holds and where it fails, of the pairs that work together most."""
    scale, axis = _scale(found)
    labels, claims = dict(outcome_names(ensemble)), found.scenario.ledger.claims
    shown = [each for each in together.pairs if each.stands_out][:MOST_PAIRS] or together.pairs[:3]
    panels = ["where the other holds", "where the other fails"]
    rows = [
        Row(" with ".join(each.claims), (
            claim_sentence(claims[each.claims[0]]), f"the other: {claim_sentence(claims[each.claims[1]])}",
            f"on {labels.get(each.quantity, label_of(found.scenario, each.quantity))}",
        ), [
            _with_error(scale * value, scale * se, each.stands_out)
            for value, se in (each.where_holds, each.where_fails)
        ])
        for each in shown
    ]  # fmt: skip
    loud = sum(each.stands_out for each in together.pairs)
    foot = [
        "Effect of the first claim, certain minus false, with the other certain (left) and ruled out (right); read off "
        f"{together.worlds:,} worlds, with 95% intervals. Filled: the two sides differ beyond noise, as do {loud} of "
        f"{together.tests:,} pairs (Holm's adjustment); hollow: they do not.",
        *notes([ensemble]),
    ]
    title = sentences(shown[0], found) if loud else "No pair of claims stands out from the noise of so few worlds."
    page = _points(title, rows, panels, foot, "", axis=axis)
    page.alt_lines[0] = f"Chart of which claims work together. {title}"
    return page


def draw_reruns(found: LedgerEffects, ensemble: Ensemble) -> Page:
    """What each variant of the ledger changes, run again on the same draws."""
    labels = {name: label_of(found.scenario, name) for name in found.outcomes} | outcome_names(ensemble)
    scale, axis = _scale(found)
    kinds = list(dict.fromkeys(["dropped", "alone", *(each.kind for each in found.found), "share"]))
    shown = sorted(
        (*found.found, *found.shares), key=lambda each: (kinds.index(each.kind), -net(each, found.outcomes))
    )[:MOST_ROWS]
    size = {name: sum(abs(each.differences[name].difference) for each in shown) for name in found.outcomes}
    outcomes = _largest(found.outcomes, size)
    rows = [
        Row(says(each), says(each), [
            _known(scale * one.difference, scale * one.low, scale * one.high, one.stands_out)
            for one in (each.differences[outcome] for outcome in outcomes)
        ])
        for each in shown
    ]  # fmt: skip
    shared = " Share: what each author adds, averaged over all orders in which authors could join (Shapley)."
    how = (
        f"Variant minus the scenario as it stands, paired over {found.worlds:,} worlds, with 95% intervals. Filled: "
        f"stands out after Holm's adjustment over {found.tests} tests; hollow: does not."
        f"{shared if found.shares else ''}"
    )
    names, what = [labels[each] for each in outcomes], "Chart of what each variant changes."
    return _points(_heading_of_variants(found, labels), rows, names, [how, *notes([ensemble])], what, axis=axis)


def draw_flip(found: Flip, a: Ensemble, b: Ensemble) -> Page:
    """The difference as assumed and after each change that was tried."""
    scenario, share = a.scenario, found.quantity in a.names.outcomes
    scale = 100 if share else 1
    gaps = [("as assumed", found.plain, True)]
    for each in (*found.found, *found.failed)[:MOST_CHANGES]:
        sure = each in found.found
        gaps.append((moves_in_words(each.candidate.moves, scenario, spoken=True), each.fresh, sure))
        if each.candidate.extreme != each.candidate.moves:
            beyond = f"and all the way: {moves_in_words(each.candidate.extreme[-1:], scenario, spoken=True)}"
            gaps.append((beyond, each.fresh_beyond, sure))
    rows = [Row("", text, [_with_error(scale * gap.difference, scale * gap.se, sure)]) for text, gap, sure in gaps]
    foot = [
        "Points are fresh paired runs on another seed, with 95% intervals (the first: the finished ensembles). "
        "Filled: confirmed; hollow: looked like it, but not confirmed.",
        *notes([a, b]),
    ]
    unit = "points of 100 runs" if share else "its own unit"
    axis = f"{label_of(scenario, found.quantity)}: {found.b} minus {found.a}, in {unit}"
    title, what = sentence(found, scenario, spoken=True), "Differences with intervals."
    page = _points(title, rows, [""], foot, what, axis=axis, names=NAMES_OF_FEW)
    page.alt_lines.append(as_assumed(found, scenario))
    page.alt_lines += [
        f"{text}: {scale * gap.difference:.3g} (±{scale * Z95 * gap.se:.2g})." for text, gap, _ in gaps[1:]
    ]
    return page


def ranked(found: Explanation) -> list[str]:
    """The claims that stand out anywhere (all, where none does), the strongest first."""
    loud, order = {each.name for each in found.effects if each.stands_out}, strongest_first(found)
    return [claim for claim in order if claim in loud] or order


def heading(found: Explanation, labels: Mapping[str, str]) -> str:
    """The claim that does most, in a sentence."""
    loud = [each for each in found.effects if each.stands_out]
    if not loud:
        return "No claim stands out from the noise of so few worlds."
    first = ranked(found)[0]
    each = max((one for one in loud if one.name == first), key=lambda one: abs(one.effect))
    claim = claim_sentence(found.scenario.ledger.claims[first]).rstrip(".")
    return f"“{claim}”: certain rather than false, {_moves(found, each.quantity, each.effect, labels)}."


def _moves(found: Explanation | LedgerEffects, name: str, change: float, labels: Mapping[str, str]) -> str:
    if not found.counts_runs(name):
        return f"{labels[name]} changes by {signed(change, 2)}"
    return f"{abs(100 * change):.0f} {'more' if change > 0 else 'fewer'} of 100 runs end in {labels[name]}"


def _scale(found: Explanation | LedgerEffects) -> tuple[int, str]:
    """What an effect on what was asked about is multiplied by, and the words below its axis."""
    return (100, OF_100) if found.counts_runs(found.outcomes[0]) else (1, OWN_UNIT)


def says(each: LedgerEffect) -> str:
    """A variant in a few words."""
    return ("share of " if each.kind == "share" else "") + SAYS[each.kind].format(each.name)


def _heading_of_variants(found: LedgerEffects, labels: Mapping[str, str]) -> str:
    """The variant that changes most, in a sentence."""
    loud = [each for each in found.found if any(each.differences[name].stands_out for name in found.outcomes)]
    if not loud:
        return f"No variant by {found.by} stands out from the noise of so few worlds."
    first = [each for each in loud if each.kind == loud[0].kind or each.kind == "dropped"]
    most = max([each for each in first if each.kind == "dropped"] or first, key=lambda each: net(each, found.outcomes))
    name = max(found.outcomes, key=lambda name: abs(most.differences[name].difference))
    return f"{capital(says(most))}, {_moves(found, name, most.differences[name].difference, labels)}."


def _known(value: float, low: float, high: float, sure: bool) -> Point | None:
    """A point; None where there are too few worlds for an interval (NaN)."""
    return Point(value, low, high, sure) if low == low and high == high else None


def _with_error(value: float, se: float, sure: bool) -> Point:
    return Point(value, value - Z95 * se, value + Z95 * se, sure)


def _largest(outcomes: Sequence[str], size: Mapping[str, float]) -> list[str]:
    """The outcomes of the largest size, in their own order."""
    chosen = sorted(outcomes, key=lambda name: -size[name])[:MOST_PANELS]
    return [name for name in outcomes if name in chosen]


def _points(
    title: str, rows: Sequence[Row], panels: Sequence[str], foot: Sequence[str], what: str, *, axis: str = OF_100,
    aside: str = "", names: float = NAMES,
) -> Page:  # fmt: skip
    """The frame of all these charts: rows named on the left, panels beside one another, one scale."""
    indent = 0.42 if aside else 0.0
    row_lines = [_lines(row.says, names - indent - 0.15) for row in rows]
    high = 0.13 + LINE * max((len(lines) for lines in row_lines), default=1)
    height = high * max(len(rows), 1)
    page = Page(title, height + 1.3, foot, what)
    bottom = page.bottom + 0.7
    for place, (row, lines) in enumerate(zip(rows, row_lines, strict=True)):
        middle = bottom + high * (len(rows) - place - 0.5)
        page.say(MARGIN + indent, middle, lines, SMALL, va="center", spacing=1.1)
        page.say(MARGIN, middle, [row.aside], 8, shade=MUTED, va="center")
        page.alt_lines += [f"{row.called}: {_in_words(row, panels, axis)}."] if row.called else []
    page.say(MARGIN, bottom + height + 0.1, [aside], 8, shade=MUTED, va="bottom")
    width = (page.width - 2 * MARGIN - names - GAP * (len(panels) - 1)) / len(panels)
    reach = 1.08 * max((max(abs(p.low), abs(p.high)) for row in rows for p in row.points if p), default=0.0) or 1.0
    for place, label in enumerate(panels):
        left = MARGIN + names + place * (width + GAP)
        axes = page.axes(left, bottom, width, height)
        axes.set(xlim=(-reach, reach), ylim=(max(len(rows), 1) - 0.5, -0.5), yticks=[])
        _panel(axes, [row.points[place] for row in rows])
        axes.set_xlabel("\n".join(style.fit(axis, width, SMALL, lines=2)), fontsize=SMALL)
        page.say(left, bottom + height + 0.1, capital(label), SMALL, bold=True, va="bottom", inches=width, most=2)
    return page


def _lines(says: str | tuple[str, ...], inches: float) -> list[str]:
    if isinstance(says, str):
        return style.fit(says, inches, SMALL, lines=2)
    return [line for text in says for line in style.fit(text, inches, SMALL)]


def _panel(axes: Axes, points: Sequence[Point | None]) -> None:
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.xaxis.set_major_locator(MaxNLocator(4, prune="both"))
    axes.xaxis.grid(True)
    axes.spines["left"].set_visible(False)
    for place, each in enumerate(points):
        if each is None:
            continue
        shade, shape = (style.ONE, "o") if each.value > 0 else (style.TWO, "D")
        axes.plot([each.low, each.high], [place, place], color=shade, linewidth=1.6, solid_capstyle="butt")
        fill = shade if each.sure else PAPER
        axes.plot(each.value, place, shape, markersize=6, color=shade, markerfacecolor=fill)


def _in_words(row: Row, panels: Sequence[str], axis: str) -> str:
    digits, unit = (1, " of 100 runs") if axis == OF_100 else (3, "")
    said = [
        f"{panel} {plus_minus(point.value, max(point.high - point.value, point.value - point.low), digits)}"
        for panel, point in zip(panels, row.points, strict=True)
        if point
    ]
    return listed(said) + unit if said else "nothing is known"
