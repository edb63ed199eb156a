"""Which levers moved: from the start to the end of the run, with the spread of the runs, the largest change first."""

from dataclasses import dataclass
from math import sqrt

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from sim.ensemble.result import Ensemble
from sim.inputs.case import Range, Variable
from sim.views.charts import style
from sim.views.charts.style import BAND_ENDS, HALF, INK, MARGIN, NINE_IN_TEN, PAPER, SMALL, Page
from sim.views.charts.words import capital, listed, month_name, name, notes, number

NAMES, WORDS = 2.4, 2.35  # inches left and right of the bars
ROW = 0.46
MOST_LEVERS = 16
BEGINNING = "#94a4a2"
NOTHING = 0.005  # a change that two decimals do not show


@dataclass(frozen=True)
class Move:
    """A lever at the start and at the end: means, and quantiles BAND_ENDS."""

    label: str
    start: float
    end: float
    start_spread: tuple[float, ...]
    end_spread: tuple[float, ...]
    pinned: bool

    @property
    def change(self) -> float:
        return self.end - self.start

    @property
    def says(self) -> str:
        """From where to where."""
        if self.pinned:
            return f"fixed by the scenario at {number(self.end)}"
        if abs(self.change) < NOTHING:
            return f"stays at {number(self.end)}"
        return f"{'up' if self.change > 0 else 'down'} from {number(self.start)} to {number(self.end)}"


def moves(ensemble: Ensemble) -> list[Move]:
    """Every lever of the case, the largest change of the mean first."""
    levers = [variable for variable in ensemble.scenario.case.variables.values() if variable.kind == "lever"]
    found = [_move(ensemble, variable) for variable in levers]
    return sorted(found, key=lambda move: -abs(round(move.change, 6)))


def draw_levers(ensemble: Ensemble) -> tuple[Page, str]:
    """The page and its alt text."""
    found = moves(ensemble)
    shown = found[:MOST_LEVERS]
    extra = [f"{len(found) - len(shown)} levers that move less are not drawn."] if len(found) > len(shown) else []
    page = Page(sentence(found), ROW * max(len(shown), 1) + 0.95, extra + notes([ensemble]))
    bottom, height = page.bottom + 0.45, ROW * max(len(shown), 1)
    width = page.width - 2 * MARGIN - NAMES - WORDS
    axes = page.axes(MARGIN + NAMES, bottom, width, height)
    _frame(axes, shown, _past_full(ensemble, shown))
    for place, move in enumerate(shown):
        middle = bottom + height - ROW * (place + 0.5)
        label = style.fit(capital(move.label), NAMES - 0.15, lines=2, bold=True)
        page.say(MARGIN, middle, label, bold=True, stand="center")
        page.say(page.width - MARGIN - WORDS + 0.2, middle, style.fit(move.says, WORDS - 0.2), stand="center")
        _row(axes, place, move)
    _key(page, ensemble)
    return page, _alt(page.title, found)


def sentence(found: list[Move]) -> str:
    """The two levers that move most."""
    moving = [f"in {move.label}, {move.says}" for move in found if abs(move.change) >= NOTHING and not move.pinned][:2]
    if not moving:
        return "On average no lever moves."
    return f"Most has moved, on average, {', and '.join(moving)}."


def _move(ensemble: Ensemble, variable: Variable) -> Move:
    start, lever = variable.start, variable.name
    spread = ensemble.series_quantiles(lever, BAND_ENDS)[-1]
    return Move(
        name(variable.label), (start.low + start.mode + start.high) / 3, float(ensemble.series_mean(lever)[-1]),
        tuple(quantile(start, level) for level in BAND_ENDS), tuple(float(each) for each in spread),
        lever in ensemble.scenario.imposed,
    )  # fmt: skip


def quantile(start: Range, level: float) -> float:
    """Quantile of a triangular distribution."""
    width = start.high - start.low
    if width == 0:
        return start.low
    turn = (start.mode - start.low) / width
    if level < turn:
        return start.low + sqrt(level * width * (start.mode - start.low))
    return start.high - sqrt((1 - level) * width * (start.high - start.mode))


def _frame(axes: Axes, shown: list[Move], past_full: list[str]) -> None:
    top = max([1.0] + [move.end_spread[-1] for move in shown])
    axes.set(xlim=(0, top * 1.02), ylim=(max(len(shown), 1) - 0.5, -0.5), yticks=[])
    axes.xaxis.grid(True)
    axes.spines["left"].set_visible(False)
    beyond = f"; past it only {listed(past_full)}" if past_full else ""
    axes.set_xlabel(f"level: 0 is none, 1 is full{beyond}", fontsize=SMALL)


def _past_full(ensemble: Ensemble, shown: list[Move]) -> list[str]:
    """The levers drawn beyond 1, which only those without a bound can be."""
    unbounded = [name(each.label) for each in ensemble.scenario.case.variables.values() if each.unbounded]
    return [move.label for move in shown if move.label in unbounded and move.end_spread[-1] > 1]


def _row(axes: Axes, place: int, move: Move) -> None:
    """Start above, end below; an arrow where the mean moved."""
    low, *_, high = move.start_spread
    axes.plot([low, high], [place - 0.2] * 2, color=BEGINNING, linewidth=3, solid_capstyle="butt", clip_on=False)
    axes.plot(
        move.start, place - 0.2, "o", markersize=6, color=PAPER, markeredgecolor=INK, markeredgewidth=1.2,
        clip_on=False, zorder=4,
    )  # fmt: skip
    low, lower, upper, high = move.end_spread
    axes.barh(place + 0.14, high - low, 0.3, left=low, color=NINE_IN_TEN)
    axes.barh(place + 0.14, upper - lower, 0.3, left=lower, color=HALF)
    axes.plot([move.start, move.end], [place - 0.2, place + 0.14], color=INK, linewidth=0.8, zorder=3, clip_on=False)
    axes.plot(move.end, place + 0.14, "D", markersize=6, color=INK, clip_on=False, zorder=4)


def _key(page: Page, ensemble: Ensemble) -> None:
    end = month_name(ensemble.scenario, ensemble.months)
    handles = [
        Line2D([], [], color=BEGINNING, linewidth=3, marker="o", markersize=6, markerfacecolor=PAPER,
               markeredgecolor=INK, label="mean and nine runs in ten at the start"),
        Line2D([], [], color=INK, marker="D", markersize=6, linestyle="none", label=f"mean at the end ({end})"),
        Patch(color=HALF, label="half of the runs"),
        Patch(color=NINE_IN_TEN, label="nine in ten"),
    ]  # fmt: skip
    page.key(handles)


def _alt(title: str, found: list[Move]) -> str:
    lines = [f"Bars of where each lever stands at the end, against its start. {title}"]
    for move in found:
        low, lower, upper, high = (number(each) for each in move.end_spread)
        spread = f"half of the runs end between {lower} and {upper}, nine in ten between {low} and {high}"
        lines.append(f"{capital(move.label)}: {move.says} on average; {spread}.")
    return "\n".join(lines)
