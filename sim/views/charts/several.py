"""Several scenarios side by side: one small panel a class and one a measure, one row a scenario."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from matplotlib.axes import Axes

from sim.ensemble.intervals import Mean, Probability, measure_means, outcome_probabilities
from sim.ensemble.result import Ensemble
from sim.inputs.case_rules import Measure
from sim.views.charts import style
from sim.views.charts.style import FAINT, INK, MARGIN, MUTED, SMALL, Page
from sim.views.charts.words import bare, capital, chance, listed, name, notes, number, outcome_names, overlap
from sim.views.wording import with_bound
from sim.vocabulary import gained

ACROSS = 5  # panels in a band
ACROSS_PAGE = 11.0  # inches
SHADES = ("#2b5c8a", "#a9c4de", "#717581", "#e3e3e3", "#14304a", "#cfd6c4")  # of scenarios: not those of the classes
NAMES, NUMBERS = 2.2, 0.5  # inches left of a band, and right of the bars in a panel
ROW, HEAD, GAP = 0.26, 0.62, 0.16
MOST = 12  # scenarios


@dataclass(frozen=True)
class Bar:
    """One scenario's value in a panel: a number in the panel's unit, its interval, and its text."""

    value: float
    low: float
    high: float
    says: str


@dataclass(frozen=True)
class Panel:
    label: str
    unit: str
    bars: tuple[Bar | None, ...]  # None where the scenario has no such value
    top: float
    low: float = 0.0


def draw_side_by_side(ensembles: Sequence[Ensemble]) -> tuple[Page, str]:
    """The page and its alt text. Raises ValueError without a scenario."""
    shown = list(ensembles)[:MOST]
    if not shown:
        raise ValueError("nothing to draw side by side")
    extra = [f"{len(ensembles) - MOST} more scenarios are not drawn."] if len(ensembles) > MOST else []
    extra += ["Each state's gain is its own: gains of different states have no common unit."] * _shows_gains(shown[0])
    outcomes, measures = outcome_panels(shown), measure_panels(shown)
    bands = [part[at : at + ACROSS] for part in (outcomes, measures) for at in range(0, len(part), ACROSS)]
    labels = scenario_labels(shown)
    lines = [style.fit(label, NAMES - 0.3, SMALL, lines=2) for label in labels]
    row = ROW + 0.12 * (max(map(len, lines)) - 1)
    band = HEAD + row * len(shown) + GAP
    page = Page(sentence(shown), band * len(bands) + 0.1, extra + notes(shown), width=ACROSS_PAGE)
    for place, panels in enumerate(bands):
        _band(page, page.top - band * place - HEAD, panels, lines, row)
    return page, _alt(page.title, labels, outcomes + measures)


def scenario_labels(ensembles: Sequence[Ensemble]) -> list[str]:
    """The scenarios' titles, or their names where two titles are the same."""
    titles = [name(each.scenario.title, 90) for each in ensembles]
    return [
        title if titles.count(title) == 1 else name(each.scenario.name)
        for title, each in zip(titles, ensembles, strict=True)
    ]


def outcome_panels(ensembles: Sequence[Ensemble]) -> list[Panel]:
    """The classes of the first scenario in their own order, on one scale; none where a scenario imposes one."""
    found = [outcome_probabilities(each) for each in ensembles]
    top = max([1e-9, *(100 * each.high for shares in found for each in shares.values() if each.high == each.high)])
    top = max(top, *(100 * each.probability for shares in found for each in shares.values()))
    imposed = [each.scenario.imposed for each in ensembles]
    pinned = {each.name: each.unless_pinned for each in ensembles[0].scenario.case.outcomes}
    return [
        Panel(label, "of 100 runs", tuple(
            None if pinned[outcome] in fixed else _share(shares.get(outcome))
            for fixed, shares in zip(imposed, found, strict=True)
        ), top)
        for outcome, label in outcome_names(ensembles[0]).items()
    ]  # fmt: skip


def measure_panels(ensembles: Sequence[Ensemble]) -> list[Panel]:
    """The measures that the case shows beside the classes; those of one unit share a scale that includes 0."""
    found = [measure_means(each) for each in ensembles]
    shown = [measure for measure in ensembles[0].scenario.case.measures.values() if measure.shown]
    bars = {
        each.name: tuple(_mean(one, means, each) for one, means in zip(ensembles, found, strict=True)) for each in shown
    }
    panels = []
    for measure in shown:
        alike = [bar for each in shown if each.unit == measure.unit for bar in bars[each.name] if bar]
        low = min([0.0, *(min(bar.value, bar.low) for bar in alike)])
        top = max([1e-9, *(max(bar.value, bar.high) for bar in alike)])
        panels.append(Panel(name(measure.label, 60), measure.unit or "mean", bars[measure.name], top, low))
    return panels


def _shows_gains(ensemble: Ensemble) -> bool:
    measures = ensemble.scenario.case.measures
    return any(gained(state) in measures and measures[gained(state)].shown for state in ensemble.scenario.case.states)


def _share(found: Probability | None) -> Bar | None:
    if found is None:
        return None
    return _bar(100 * found.probability, 100 * found.low, 100 * found.high, with_bound(chance(found)))


def _mean(ensemble: Ensemble, means: dict[str, Mean], measure: Measure) -> Bar | None:
    mean = means.get(measure.name)
    if measure.name not in ensemble.meaningful_measures or mean is None or mean.mean != mean.mean:
        return None
    return _bar(mean.mean, mean.low, mean.high, number(mean.mean))


def _bar(value: float, low: float, high: float, says: str) -> Bar:
    """A bar; where there are too few worlds for an interval (NaN), the interval is the value itself."""
    return Bar(value, low, high, says) if low == low and high == high else Bar(value, value, value, says)


def sentence(ensembles: Sequence[Ensemble]) -> str:
    """The class in which two of the scenarios differ most, if their intervals part."""
    labels, titles = outcome_names(ensembles[0]), scenario_labels(ensembles)
    found = [outcome_probabilities(each) for each in ensembles]
    clear = [
        (abs(found[one][outcome].probability - found[two][outcome].probability), outcome, one, two)
        for outcome in labels
        for one, two in combinations(range(len(found)), 2)
        if outcome in found[one] and outcome in found[two] and not overlap(found[one][outcome], found[two][outcome])
    ]
    if not clear:
        return "No class is clearly likelier in one scenario than in another: all intervals overlap."
    _, outcome, one, two = max(clear, key=lambda each: each[0])
    more, less = (one, two) if found[one][outcome].probability > found[two][outcome].probability else (two, one)
    shares = chance(found[more][outcome]), chance(found[less][outcome])
    where = [f"“{' '.join(style.fit(titles[at], 4.6, style.TITLE, bold=True))}”" for at in (more, less)]
    return f"They differ most in {labels[outcome]}: {shares[0]} of 100 runs in {where[0]}, {shares[1]} in {where[1]}."


def _band(page: Page, y: float, panels: Sequence[Panel], lines: list[list[str]], row: float) -> None:
    """Panels side by side below y, with the scenarios named on the left."""
    height = row * len(lines)
    for place, each in enumerate(lines):
        page.say(MARGIN, y - row * (place + 0.5), each, SMALL, stand="center", spacing=1.1)
    width = (page.width - 2 * MARGIN - NAMES) / ACROSS
    for column, panel in enumerate(panels):
        x = MARGIN + NAMES + column * width
        title = style.fit(capital(bare(panel.label)), width - 0.12, SMALL, lines=3, bold=True)
        page.say(x, y + 0.2, title, SMALL, bold=True, stand="bottom", spacing=1.1)
        page.say(x, y + 0.04, style.fit(panel.unit, width - 0.15, 7.5), 7.5, shade=MUTED, stand="bottom")
        axes = page.axes(x, y - height, width - NUMBERS - 0.15, height)
        _draw(axes, panel)


def _draw(axes: Axes, panel: Panel) -> None:
    axes.set(xlim=(panel.low, panel.top), ylim=(len(panel.bars) - 0.5, -0.5), xticks=[], yticks=[])
    axes.spines["bottom"].set_visible(False)
    inch = (panel.top - panel.low) / (axes.get_position().width * style.inches_wide(axes))
    for place, bar in enumerate(panel.bars):
        if bar is None:
            axes.text(0.06 * inch, place, "none", fontsize=SMALL, color=MUTED, va="center")
            continue
        shade = SHADES[place % len(SHADES)]
        style.hatched_bar(axes, place, bar.value, 0.62, shade, place)
        style.whisker(axes, bar.low, bar.high, place, cap=6)
        axes.text(max(bar.value, bar.high) + 0.07 * inch, place, bar.says, fontsize=SMALL, va="center")
    axes.spines["left"].set_color(FAINT if not any(panel.bars) else INK)


def _alt(title: str, labels: list[str], panels: Sequence[Panel]) -> str:
    lines = [f"Small bar charts, one a class and one a measure, one bar a scenario: {listed(labels)}. {title}"]
    for panel in panels:
        said = "; ".join(
            f"{label}: {bar.says if bar else 'none'}" for label, bar in zip(labels, panel.bars, strict=True)
        )
        lines.append(f"{capital(panel.label)} ({panel.unit}). {said}.")
    return "\n".join(lines)
