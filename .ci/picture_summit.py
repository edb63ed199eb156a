"""One summit in one calendar as a row of panels: what came before, leverage, terms, promises, what is signed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from first_summit import FirstSummit
from matplotlib.axes import Axes

from sim.inputs.case import Case, Pair
from sim.inputs.scenario import Scenario
from sim.views.charts import style
from sim.views.charts.labels import bare, month_name, name, pair_name, per_hundred, state_name
from sim.views.charts.style import FAINT, INK, MARGIN, MUTED, ONE, PAPER, TWO, Page
from sim.views.wording import capital, number

WIDTHS = (1.72, 2.2, 1.5, 1.55, 3.48)  # inches of the columns
GAP = 0.16
SIZE, LEGEND = 7.8, 7.4
BINS = 40
HELD, NOTHING = "#2b5c8a", "#e3e3e3"
MOST_MEETINGS, MOST_PACKAGES = 5, 5


@dataclass(frozen=True)
class Row:
    label: str
    scenario: Scenario
    found: FirstSummit


def columns() -> list[float]:
    """Left end of each column."""
    return [MARGIN + sum(WIDTHS[:place]) + GAP * place for place in range(len(WIDTHS))]


def draw_heads(page: Page, y: float, row: Row) -> None:
    """What the columns show, upward from y."""
    case = row.scenario.case
    home = bare(state_name(case, row.found.between[0]))
    heads = (
        ("Calendar", f"{home} meets"),
        ("2  Leverage before it", "in all runs; the line is the mean"),
        ("3  Terms", "1 is all; dotted: even"),
        ("4  Promised", "mean; no deal counts 0"),
        ("5  Signed", "of 100 runs"),
    )
    for x, width, (title, says) in zip(columns(), WIDTHS, heads, strict=True):
        page.say(x, y + 0.16, style.fit(title, width, 9.5, bold=True), 9.5, bold=True, va="bottom")
        page.say(x, y, style.fit(says, width, LEGEND), LEGEND, shade=MUTED, va="bottom")


def draw_row(page: Page, y: float, height: float, row: Row, *, last: bool, scales: tuple[float, float, float]) -> None:
    """A row with its feet at y. ``scales``: see below."""
    x, found = columns(), row.found
    _calendar(page, x[0], y, height, row)
    leverage = page.axes(x[1], y, WIDTHS[1], height)
    _leverage(leverage, row, scales[0], last=last)
    terms = page.axes(x[2], y, WIDTHS[2] - 0.1, height)
    _density(terms, found.terms, ONE, scales[1], hatched=False)
    terms.axvline(0.5, ymax=0.78, color=INK, linewidth=1, linestyle=":")
    _mean(terms, found.terms, scales[1])
    _bare(terms, (0.0, 1.0), [0, 0.5, 1], last=last)
    _promises(page, x[3], y, height, row, scales[2])
    _signed(page, x[4], y, height, row)


def scales(rows: list[Row]) -> tuple[float, float, float]:
    """Tops common to all rows: of the densities of leverage and of terms, and of the promises."""
    leverage = max(density(each).max() for row in rows for each in row.found.leverage.values())
    terms = max(density(row.found.terms).max() for row in rows)
    promised = max(float(each.mean()) for row in rows for each in row.found.promised.values())
    return float(leverage) * 1.5, float(terms) * 1.3, max(promised, 1e-9)


def density(values: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """Share of runs in each of BINS equal bins of [0, 1]."""
    counts = np.bincount(np.minimum((values * BINS).astype(int), BINS - 1), minlength=BINS)
    return counts / len(values)


def _calendar(page: Page, x: float, y: float, height: float, row: Row) -> None:
    """The summits up to this one, then those of the same month that come after it."""
    page.say(x, y + height, style.fit(capital(row.label), WIDTHS[0], 9.5, lines=2, bold=True), 9.5, bold=True)
    case, found = row.scenario.case, row.found
    before = [each for each in row.scenario.summits if each.month <= found.month]
    at = next(place for place, each in enumerate(before) if each.pair == found.pair)
    shown = before[max(0, at + 1 - MOST_MEETINGS) :]
    step = min(0.185, (height - 0.28) / max(len(shown), 1))
    axes = page.axes(x, y, WIDTHS[0], height - 0.24)
    axes.set_axis_off()
    axes.set(xlim=(0, WIDTHS[0]), ylim=(0, height - 0.24))
    top = height - 0.24 - step / 2
    axes.plot([0.07, 0.07], [top, top - step * (len(shown) - 1)], color=INK, linewidth=1)
    for place, each in enumerate(shown):
        focal, after = each is before[at], each in before[at + 1 :]
        face = ONE if focal else PAPER if after else INK
        axes.plot(
            0.07,
            top - step * place,
            "D" if focal else "o",
            color=face,
            markeredgecolor=INK,
            markersize=7 if focal else 5.5,
        )
        text = f"{month_name(row.scenario, each.month)}  {_whom(case, case.pairs[each.pair], found.between[0])}"
        fitted = style.fit(text, WIDTHS[0] - 0.2, SIZE, bold=focal)[0]
        axes.text(0.2, top - step * place, fitted, fontsize=SIZE, va="center", fontweight="bold" if focal else "normal")


def _whom(case: Case, pair: Pair, home: str) -> str:
    """The other side, or both where the home side does not take part."""
    return bare(state_name(case, pair.other(home))) if home in pair.between else pair_name(case, pair)


def _leverage(axes: Axes, row: Row, top: float, *, last: bool) -> None:
    """Both directions on one scale, the second hatched."""
    case = row.scenario.case
    for place, (dyad, values) in enumerate(row.found.leverage.items()):
        shade = (ONE, TWO)[place]
        _density(axes, values, shade, top, hatched=place == 1)
        mean = float(values.mean())
        axes.axvline(mean, ymax=0.67, color=shade if place else "#0f3d6e", linewidth=1.6)
        names = [bare(state_name(case, state)) for state in dyad]
        label = f"{names[0]} over {names[1]}: {number(mean)}"
        y = 0.99 - 0.15 * place
        axes.text(0.0, y, "■" if not place else "▨", transform=axes.transAxes, fontsize=SIZE, color=shade, va="top")
        axes.text(
            0.07, y, style.fit(label, WIDTHS[1] - 0.2, LEGEND)[0], transform=axes.transAxes, fontsize=LEGEND, va="top"
        )
    _bare(axes, (0.0, 1.0), [0, 0.5, 1], last=last)


def _density(axes: Axes, values: npt.NDArray[np.float32], shade: str, top: float, *, hatched: bool) -> None:
    edges = np.linspace(0, 1, BINS + 1)
    axes.stairs(
        density(values), edges, fill=True, facecolor="none" if hatched else shade, edgecolor=shade,
        alpha=None if hatched else 0.55, hatch="////" if hatched else None, linewidth=0.9 if hatched else 0,
    )  # fmt: skip
    axes.set_ylim(0, top)


def _mean(axes: Axes, values: npt.NDArray[np.float32], top: float) -> None:
    mean = float(values.mean())
    axes.axvline(mean, ymax=0.79, color="#0f3d6e", linewidth=1.6)
    axes.text(mean, top * 0.81, f"mean {number(mean)}", fontsize=SIZE, fontweight="bold", ha="center", va="bottom")


def _bare(axes: Axes, ends: tuple[float, float], ticks: list[float], *, last: bool) -> None:
    axes.set(xlim=ends, yticks=[])
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks] if last else [])
    axes.tick_params(labelsize=LEGEND)
    axes.spines["left"].set_visible(False)


def _promises(page: Page, x: float, y: float, height: float, row: Row, top: float) -> None:
    """What each side promises, as bars under their names."""
    axes = page.axes(x, y, WIDTHS[3] - 0.45, height)
    axes.set_axis_off()
    axes.set(xlim=(0, top), ylim=(1.5, -0.5))
    for place, (giver, values) in enumerate(row.found.promised.items()):
        mean = float(values.mean())
        axes.barh(
            place + 0.14,
            mean,
            0.3,
            color=(ONE, PAPER)[place % 2],
            edgecolor=(ONE, TWO)[place % 2],
            hatch=(None, "////")[place % 2],
        )
        label = style.fit(f"by {state_name(row.scenario.case, giver)}", WIDTHS[3], SIZE)[0]
        axes.text(0, place - 0.1, label, fontsize=SIZE, va="bottom")
        axes.text(mean + top * 0.05, place + 0.14, number(mean), fontsize=SIZE, fontweight="bold", va="center")


def _signed(page: Page, x: float, y: float, height: float, row: Row) -> None:
    """How often each package is signed, and how often none."""
    shares = signed_shares(row.scenario.case, row.found)
    rows = len(shares)
    axes = page.axes(x, y, 0.6, height)
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(rows - 0.5, -0.5))
    for place, (says, share) in enumerate(shares):
        nothing = place == rows - 1
        axes.barh(place, 1, 0.66, color="#f4f4f4", edgecolor=FAINT, linewidth=0.6)
        axes.barh(place, share, 0.66, color=NOTHING if nothing else HELD, edgecolor=INK, linewidth=0.6)
        middle = y + height * (1 - (place + 0.5) / rows)
        page.say(x + 0.92, middle, [per_hundred(share)], SIZE, bold=True, align="right", va="center")
        page.say(x + 0.98, middle, style.fit(says, WIDTHS[4] - 0.98, SIZE), SIZE, va="center")


def signed_shares(case: Case, found: FirstSummit) -> list[tuple[str, float]]:
    """What each package says and the share of runs that sign it, the commonest first; at last that of no deal."""
    none, *counts = np.bincount(found.signed + 1, minlength=len(found.packages) + 1)
    signed: dict[str, int] = {}
    for package, count in zip(found.packages, counts, strict=True):  # a package is offered at several terms
        signed[package] = signed.get(package, 0) + int(count)
    order = sorted(signed, key=lambda package: -signed[package])[:MOST_PACKAGES]
    told = [(name(case.packages[package].says, 60), signed[package] / found.runs) for package in order]
    return [*told, ("no deal", float(none) / found.runs)]
