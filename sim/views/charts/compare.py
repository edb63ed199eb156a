"""Two scenarios on the same draws, drawn: where the runs of each ending go, and what each ending gains or loses."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from sim.analysis.compare import Comparison
from sim.ensemble.result import Ensemble
from sim.views.charts import style
from sim.views.charts.months import mark_months, spread
from sim.views.charts.style import INK, MARGIN, SMALL, Page
from sim.views.charts.words import bare, capital, name, notes, outcome_names, per_hundred
from sim.views.text.compare import sentence
from sim.views.wording import plus_minus

FLOW = 4.6  # inches high
NAMES = 2.3
BAR = 0.03  # of the width of the flow
GAP = 0.012  # of its height, between two endings
LABEL = 0.17  # least distance between two names, in inches
MONTHLY = 2.1
SMALLEST = 0.0004  # share of the runs below which a flow is no longer drawn


def draw_comparison(found: Comparison, first: Ensemble, second: Ensemble) -> tuple[Page, str]:
    """The page and its alt text: flows on top, then the differences month by month."""
    labels = {key: bare(label) for key, label in outcome_names(first).items()}
    page = Page(sentence(found, first.scenario), FLOW + MONTHLY + 1.75, [_paired(found), *notes([first, second])])
    bottom = page.bottom + MONTHLY + 1.25
    width = page.width - 2 * MARGIN - 2 * NAMES
    axes = page.axes(MARGIN + NAMES, bottom, width, FLOW)
    axes.set_axis_off()
    axes.set(xlim=(0, 1), ylim=(1, 0))
    _flows(axes, found)
    _ends(page, axes, found, labels, bottom, width)
    _monthly(page, found, first, labels)
    return page, _alt(found, page.title, labels)


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
        page.say(edge + 0.1 * out, bottom + FLOW + 0.12, title, 10, bold=True, align=align, stand="bottom")
        shown = [place for place, size in enumerate(sizes) if size > 0]
        middles = FLOW * (1 - middles_of(sizes)[shown])
        for place, middle, at in zip(shown, middles, spread(list(middles), LABEL, 0.0, FLOW), strict=True):
            axes.plot(
                [side + out * step / width for step in (0, 0.06, 0.2)], [1 - y / FLOW for y in (middle, middle, at)],
                color=INK, linewidth=0.7, clip_on=False,
            )  # fmt: skip
            text = f"{capital(labels[list(found.outcomes)[place]])} {per_hundred(float(sizes[place]))}"
            lines = style.fit(text, NAMES - 0.25, SMALL)
            page.say(edge + 0.25 * out, bottom + at, lines, SMALL, align=align, stand="center")


def middles_of(sizes: np.ndarray) -> np.ndarray:
    """The middle of each ending's bar, from 0 (top) to 1."""
    return np.asarray(_tops(sizes) + sizes * (1 - GAP * (len(sizes) - 1)) / 2)


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


def _alt(found: Comparison, title: str, labels: dict[str, str]) -> str:
    lines = [f"Flow chart of how the runs of {found.a} end under {found.b}. {title}"]
    for outcome, one in found.outcomes.items():
        before, after = found.shares[outcome]
        lines.append(
            f"{capital(labels[outcome])}: {per_hundred(before)} of 100 runs under {found.a}, {per_hundred(after)} "
            f"under {found.b}; difference {plus_minus(100 * one.difference, 100 * one.half)}."
        )
    return "\n".join(lines)
