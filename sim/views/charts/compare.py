"""Scenarios compared: where the runs of each ending go under two of them, and several in small panels side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from sim.analysis.compare import Comparison
from sim.ensemble.intervals import Mean, Probability, measure_means, outcome_probabilities
from sim.ensemble.result import Ensemble
from sim.inputs.case_rules import Measure
from sim.views.charts import style
from sim.views.charts.labels import bare, chance, name, notes, outcome_names, overlap, per_hundred
from sim.views.charts.months import mark_months, spread
from sim.views.charts.style import FAINT, INK, MARGIN, MUTED, SMALL, Page
from sim.views.text.compare import sentence
from sim.views.wording import capital, in_points, listed, number, with_bound
from sim.vocabulary import gained

FLOW = 4.6  # inches high
NAMES = 2.3
BAR = 0.03  # of the width of the flow
GAP = 0.012  # of its height, between two endings
LABEL = 0.17  # least distance between two names, in inches
MONTHLY = 2.1
SMALLEST = 0.0004  # share of the runs below which a flow is no longer drawn
ACROSS = 5  # panels in a band
ACROSS_PAGE = 11.0  # inches
SHADES = ("#2b5c8a", "#a9c4de", "#717581", "#e3e3e3", "#14304a", "#cfd6c4")  # of scenarios: not those of the classes
LABELS, NUMBERS = 2.2, 0.5  # inches left of a band, and right of the bars in a panel
ROW, HEAD, BAND_GAP = 0.26, 0.62, 0.16
MOST = 12  # scenarios


def draw_comparison(found: Comparison, first: Ensemble, second: Ensemble) -> Page:
    """Flows on top, then the differences month by month."""
    labels = {key: bare(label) for key, label in outcome_names(first).items()}
    foot = [_paired(found), *notes([first, second])]
    what = f"Flow chart of how the runs of {found.a} end under {found.b}."
    page = Page(sentence(found, first.scenario), FLOW + MONTHLY + 1.75, foot, what)
    bottom = page.bottom + MONTHLY + 1.25
    width = page.width - 2 * MARGIN - 2 * NAMES
    axes = page.axes(MARGIN + NAMES, bottom, width, FLOW)
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(1, 0))
    _flows(axes, found)
    _ends(page, axes, found, labels, bottom, width)
    _monthly(page, found, first, labels)
    for outcome, one in found.outcomes.items():
        before, after = (f"{per_hundred(share)}" for share in found.shares[outcome])
        shares = f"{before} of 100 runs under {found.a}, {after} under {found.b}"
        page.alt_lines.append(f"{capital(labels[outcome])}: {shares}; difference {in_points(one)}.")
    return page


def _paired(found: Comparison) -> str:
    things = "one thing" if len(found.things) == 1 else f"{len(found.things)} things"
    return (
        f"They differ in {things}. Runs are paired: the same world and the same chance under both. Grey flows end "
        f"alike. {100 * found.changed:.1f} of 100 runs end otherwise. Bands below are 95% intervals of single months, "
        "none where fewer than ten worlds differ."
    )


def _tops(shares: np.ndarray) -> np.ndarray:
    """Upper end of each ending's bar, on an axis from 0 (top) to 1; the gaps are taken off the bars."""
    scaled = shares * (1 - GAP * (len(shares) - 1))
    return np.concatenate([[0.0], np.cumsum(scaled[:-1] + GAP)])


def _flows(axes: Axes, found: Comparison) -> None:
    shares = found.flips / found.runs
    scale = 1 - GAP * (len(shares) - 1)
    left, right = _tops(shares.sum(axis=1)), _tops(shares.sum(axis=0))
    for place in range(len(shares)):
        for x, top, size in ((0.0, left[place], shares[place].sum()), (1 - BAR, right[place], shares[:, place].sum())):
            axes.add_patch(Rectangle(
                (x, top), BAR, size * scale, facecolor=style.colour(place), edgecolor=INK, linewidth=0.5, clip_on=False,
            ))  # fmt: skip
    starts, ends = left.copy(), right.copy()
    for i in range(len(shares)):
        for j in range(len(shares)):
            size = shares[i, j] * scale
            if shares[i, j] >= SMALLEST:
                shade = style.FAINT if i == j else style.colour(i)
                axes.add_patch(_ribbon(starts[i], ends[j], size, shade, 0.6 if i == j else 0.85, 1 if i == j else 2))
            starts[i] += size
            ends[j] += size


def _ribbon(start: float, end: float, size: float, shade: str, alpha: float, order: int) -> PathPatch:
    """A band from the left bars to the right ones, level at both ends."""
    a, b, middle = BAR, 1 - BAR, 0.5
    points = [
        (a, start), (middle, start), (middle, end), (b, end),
        (b, end + size), (middle, end + size), (middle, start + size), (a, start + size), (a, start),
    ]  # fmt: skip
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    return PathPatch(Path(points, codes), facecolor=shade, edgecolor="none", alpha=alpha, zorder=order)


def _ends(page: Page, axes: Axes, found: Comparison, labels: dict[str, str], bottom: float, width: float) -> None:
    """Names and shares beside the bars, with a line to the bar where a name had to be moved."""
    shares = found.flips / found.runs
    sides = (
        (0, MARGIN + NAMES, -1, "right", shares.sum(axis=1)),
        (1, MARGIN + NAMES + width, 1, "left", shares.sum(axis=0)),
    )
    for side, edge, out, align, sizes in sides:
        title = style.fit(name((found.a, found.b)[side]), NAMES, 10, bold=True)
        page.say(edge + 0.1 * out, bottom + FLOW + 0.12, title, 10, bold=True, align=align, va="bottom")
        shown = [place for place, size in enumerate(sizes) if size > 0]
        middles = FLOW * (1 - (_tops(sizes) + sizes * (1 - GAP * (len(sizes) - 1)) / 2)[shown])
        for place, middle, at in zip(shown, middles, spread(list(middles), LABEL, 0.0, FLOW), strict=True):
            axes.plot(
                [side + out * step / width for step in (0, 0.06, 0.2)], [1 - y / FLOW for y in (middle, middle, at)],
                color=INK, linewidth=0.7, clip_on=False,
            )  # fmt: skip
            text = f"{capital(labels[list(found.outcomes)[place]])} {per_hundred(float(sizes[place]))}"
            page.say(edge + 0.25 * out, bottom + at, text, SMALL, align=align, va="center", inches=NAMES - 0.25)


def _monthly(page: Page, found: Comparison, first: Ensemble, labels: dict[str, str]) -> None:
    """The differences if the runs had ended after each month, for the endings that differ most."""
    difference, low, high = (100 * part for part in (found.monthly.difference, found.monthly.low, found.monthly.high))
    bottom = page.bottom + 0.45
    axes = page.axes(MARGIN + 0.55, bottom, page.width - 2 * MARGIN - 0.55 - NAMES, MONTHLY)
    months = np.arange(len(difference))
    chosen = sorted(np.argsort(-np.abs(difference).max(axis=0), kind="stable")[:4].tolist())
    for place in chosen:
        axes.fill_between(months, low[:, place], high[:, place], color=style.colour(place), alpha=0.25, linewidth=0)
        axes.plot(
            months, difference[:, place], color=style.colour(place), marker=style.marker(place), markersize=4,
            linewidth=1.6, label=capital(labels[list(found.outcomes)[place]]),
        )  # fmt: skip
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.yaxis.grid(True)
    axes.set_ylabel("of 100 runs", fontsize=SMALL)
    mark_months(axes, first.scenario, 7)
    axes.set_xlim(0, max(len(months) - 1, 1))
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=SMALL)
    says = f"{name(found.b)} minus {name(found.a)}, had the runs ended after each month"
    page.caption(MARGIN, bottom + MONTHLY + 0.12, says)


@dataclass(frozen=True)
class Bar:
    """One scenario's value in a panel: a number in the panel's unit, its interval, and its text."""

    value: float
    low: float
    high: float
    says: str


@dataclass(frozen=True)
class Panel:
    """A small chart of one quantity: a bar for each scenario, on an axis from ``low`` to ``top``."""

    label: str
    unit: str
    bars: tuple[Bar | None, ...]  # None where the scenario has no such value
    top: float
    low: float = 0.0


def draw_side_by_side(ensembles: Sequence[Ensemble]) -> Page:
    """A small panel for each class and for each measure, a row for each scenario. Raises ValueError without one."""
    shown = list(ensembles)[:MOST]
    if not shown:
        raise ValueError("nothing to draw side by side")
    extra = [f"{len(ensembles) - MOST} more scenarios are not drawn."] if len(ensembles) > MOST else []
    case = shown[0].scenario.case
    if any(name in case.measures and case.measures[name].shown for name in map(gained, case.states)):
        extra.append("Each state's gain is its own: gains of different states have no common unit.")
    outcomes, measures = outcome_panels(shown), measure_panels(shown)
    bands = [part[at : at + ACROSS] for part in (outcomes, measures) for at in range(0, len(part), ACROSS)]
    labels = scenario_labels(shown)
    lines = [style.fit(label, LABELS - 0.3, SMALL, lines=2) for label in labels]
    row = ROW + 0.12 * (max(map(len, lines)) - 1)
    band = HEAD + row * len(shown) + BAND_GAP
    what = f"Small bar charts, one an ending and one a measure, one bar a scenario: {listed(labels)}."
    page = Page(largest_difference(shown), band * len(bands) + 0.1, extra + notes(shown), what, width=ACROSS_PAGE)
    for place, panels in enumerate(bands):
        _band(page, page.top - band * place - HEAD, panels, lines, row)
    for panel in outcomes + measures:
        bars = zip(labels, panel.bars, strict=True)
        said = "; ".join(f"{label}: {bar.says if bar else 'none'}" for label, bar in bars)
        page.alt_lines.append(f"{capital(panel.label)} ({panel.unit}). {said}.")
    return page


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


def largest_difference(ensembles: Sequence[Ensemble]) -> str:
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
        return "No ending is clearly likelier in one scenario than in another: all intervals overlap."
    _, outcome, one, two = max(clear, key=lambda each: each[0])
    more, less = (one, two) if found[one][outcome].probability > found[two][outcome].probability else (two, one)
    shares = chance(found[more][outcome]), chance(found[less][outcome])
    where = [f"“{' '.join(style.fit(titles[at], 4.6, style.TITLE, bold=True))}”" for at in (more, less)]
    return f"They differ most in {labels[outcome]}: {shares[0]} of 100 runs in {where[0]}, {shares[1]} in {where[1]}."


def _band(page: Page, y: float, panels: Sequence[Panel], lines: list[list[str]], row: float) -> None:
    """Panels side by side below y, with the scenarios named on the left."""
    height = row * len(lines)
    for place, each in enumerate(lines):
        page.say(MARGIN, y - row * (place + 0.5), each, SMALL, va="center", spacing=1.1)
    width = (page.width - 2 * MARGIN - LABELS) / ACROSS
    for column, panel in enumerate(panels):
        x = MARGIN + LABELS + column * width
        title = style.fit(capital(bare(panel.label)), width - 0.12, SMALL, lines=3, bold=True)
        page.say(x, y + 0.2, title, SMALL, bold=True, va="bottom", spacing=1.1)
        page.say(x, y + 0.04, panel.unit, 7.5, shade=MUTED, va="bottom", inches=width - 0.15)
        axes = page.axes(x, y - height, width - NUMBERS - 0.15, height)
        _draw(page, axes, panel)


def _draw(page: Page, axes: Axes, panel: Panel) -> None:
    axes.set(xlim=(panel.low, panel.top), ylim=(len(panel.bars) - 0.5, -0.5), xticks=[], yticks=[])
    axes.spines["bottom"].set_visible(False)
    inch = (panel.top - panel.low) / (axes.get_position().width * page.width)
    for place, bar in enumerate(panel.bars):
        if bar is None:
            axes.text(0.06 * inch, place, "none", fontsize=SMALL, color=MUTED, va="center")
            continue
        shade = SHADES[place % len(SHADES)]
        style.hatched_bar(axes, place, bar.value, 0.62, shade, place)
        style.whisker(axes, bar.low, bar.high, place, cap=6)
        axes.text(max(bar.value, bar.high) + 0.07 * inch, place, bar.says, fontsize=SMALL, va="center")
    axes.spines["left"].set_color(FAINT if not any(panel.bars) else INK)
