"""How the runs end: one bar a class with its 95% interval, and the balanced ledger beside it."""

from matplotlib.axes import Axes

from sim.ensemble.intervals import Probability, outcome_probabilities
from sim.ensemble.result import Ensemble
from sim.views.charts import style
from sim.views.charts.labels import SAYS_LIMIT, bare, chance, interval, likeliest, name, notes, outcome_names, overlap
from sim.views.charts.style import INK, MARGIN, MUTED, PAPER, SMALL, Page
from sim.views.wording import capital, counted, listed

NAMES, NUMBERS = 3.3, 1.95  # inches left and right of the bars
ROW, ROW_WITH_BALANCED = 0.5, 0.62
KEY = 0.5  # inches above the rows for the key
BALANCED = "the same on the balanced ledger"


def draw_outcomes(ensemble: Ensemble, balanced: Ensemble | None = None) -> Page:
    """A bar for each class, in the classes' own order."""
    found = outcome_probabilities(ensemble)
    beside = outcome_probabilities(balanced) if balanced is not None else None
    labels = outcome_names(ensemble)
    row = ROW if beside is None else ROW_WITH_BALANCED
    what, body = "Bar chart of how the runs end.", row * len(found) + KEY + 0.45
    page = Page(sentence(labels, found, beside), body, _notes(ensemble, beside), what)
    bottom = page.bottom + 0.45
    axes = page.axes(MARGIN + NAMES, bottom, page.width - 2 * MARGIN - NAMES - NUMBERS, row * len(found))
    _frame(axes, len(found), [found] if beside is None else [found, beside])
    for place, outcome in enumerate(ensemble.scenario.case.outcomes):
        middle = bottom + row * (len(found) - place - 0.5)
        says = style.fit(outcome.says, NAMES - 0.15, 8, lines=2, limit=SAYS_LIMIT)
        up = 0.06 * (len(says) - 1)
        title = style.fit(capital(labels[outcome.name]), NAMES - 0.15, bold=True)
        page.say(MARGIN, middle + 0.01 + up, title, bold=True, va="bottom")
        page.say(MARGIN, middle - 0.02 + up, says, 8, shade=MUTED, spacing=1.15)
        if outcome.name in _not_counted(ensemble):
            page.say(page.width - MARGIN - 1.1, middle, ["not counted"], shade=MUTED, align="right", va="center")
            continue
        each, other = found[outcome.name], beside[outcome.name] if beside else None
        _bars(axes, place, each, other)
        _numbers(page, middle, each, other)
        text = f"{capital(labels[outcome.name])}: {chance(each)} in 100 (95% interval {interval(each)}; "
        balance = f"; balanced ledger {chance(other)}, {interval(other)}" if other else ""
        page.alt_lines.append(f"{text}{counted(each.count, 'run')}{balance}).")
    _key(page, bottom + row * len(found) + 0.14, beside is not None)
    return page


def sentence(
    labels: dict[str, str], found: dict[str, Probability], beside: dict[str, Probability] | None = None
) -> str:
    """What the chart shows: the two likeliest classes, or that they are too close to tell apart."""
    first, *others = [outcome for outcome in likeliest(found) if found[outcome].count]
    runs = found[first].runs
    if not others:
        return f"All {runs:,} runs of this model end in {labels[first]}."
    second = others[0]
    text = f"{chance(found[first])} end in {labels[first]} and {chance(found[second])} in {labels[second]}"
    if overlap(found[first], found[second]):
        text += ", too close to tell apart"
    if beside is not None:
        text += f"; on the balanced ledger {chance(beside[first])} and {chance(beside[second])}"
    return f"Of 100 runs of this model, {text}."


def _notes(ensemble: Ensemble, beside: object) -> list[str]:
    lines = notes([ensemble])
    if ensemble.scenario.imposed:
        fixed = [name(ensemble.scenario.case.variables[each].label) for each in ensemble.scenario.imposed]
        ends = [bare(outcome_names(ensemble)[each]) for each in _not_counted(ensemble)]
        so = f"; {listed(ends)} would be its own doing and is not counted" if ends else ""
        lines.insert(0, f"The scenario itself fixes {listed(fixed)}{so}.")
    if beside is not None:
        how = "in each pair the side with more is scaled down until both directions add up to the same"
        lines.insert(0, f"Balanced ledger: {how}.")
    return lines


def _not_counted(ensemble: Ensemble) -> list[str]:
    """The classes that the scenario imposes."""
    imposed = ensemble.scenario.imposed
    return [each.name for each in ensemble.scenario.case.outcomes if each.unless_pinned in imposed]


def _frame(axes: Axes, rows: int, found: list[dict[str, Probability]]) -> None:
    """Shares to the right, the first class on top."""
    every = [each for shares in found for each in shares.values()]
    most = max(end for each in every for end in (each.probability, each.high) if end == end)
    axes.set(xlim=(0, min(100.0, 100 * most * 1.04)), ylim=(rows - 0.5, -0.5), yticks=[])
    axes.xaxis.grid(True)
    axes.set_xlabel("of 100 runs of this model", fontsize=SMALL)
    axes.spines["left"].set_color(INK)


def _bars(axes: Axes, place: int, found: Probability, beside: Probability | None) -> None:
    where, height = (place, 0.6) if beside is None else (place - 0.2, 0.36)
    style.hatched_bar(axes, where, 100 * found.probability, height, style.colour(place), place)
    style.whisker(axes, 100 * found.low, 100 * found.high, where, cap=7)
    if beside is not None:
        axes.barh(place + 0.19, 100 * beside.probability, 0.26, color=PAPER, edgecolor=INK, linewidth=0.8)
        style.whisker(axes, 100 * beside.low, 100 * beside.high, place + 0.19, cap=7)


def _numbers(page: Page, middle: float, found: Probability, beside: Probability | None) -> None:
    right = page.width - MARGIN
    rows = [(found, 0.0, INK)] if beside is None else [(found, 0.12, INK), (beside, -0.12, MUTED)]
    for each, up, shade in rows:
        bold = shade == INK
        page.say(right - 1.1, middle + up, [chance(each)], bold=bold, shade=shade, align="right", va="center")
        page.say(right - 1.0, middle + up, [f"({interval(each)})"], SMALL, shade=MUTED, va="center")


def _key(page: Page, y: float, with_balanced: bool) -> None:
    right = page.width - MARGIN
    page.caption(right - 1.1, y, "in 100", align="right")
    page.caption(right - 1.0, y, "95% interval")
    if with_balanced:
        axes = page.axes(MARGIN + NAMES, y, 4.0, 0.18)
        axes.set_axis_off()
        axes.set(xlim=(0, 4.0), ylim=(0, 1))
        for x, shade, text in ((0.0, style.colour(6), "this scenario"), (1.4, PAPER, BALANCED)):
            axes.barh(0.45, 0.26, 0.6, left=x, color=shade, edgecolor=INK, linewidth=0.8)
            page.say(MARGIN + NAMES + x + 0.34, y + 0.08, [text], SMALL, va="center")
