"""The model in seven boxes: from a paragraph to an ending."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from sim.inputs.scenario import Scenario
from sim.views.charts import style
from sim.views.charts.style import INK, MARGIN, MUTED, Page

HEIGHT = 1.22  # inches of the boxes; the way back takes BACK more
BACK = 0.3
GAP = 0.2
SIZE = 7.6
BOX = "#eef3f8"
WORLD = "In each world every claim holds or fails, as likely as it is believed."
END = "Where the levers stand after the last month is how the run ends"


def steps(scenario: Scenario) -> list[tuple[str, str]]:
    """Name and explanation of each step."""
    ledger = scenario.ledger
    claims, documents = len(ledger.claims), len({claim.document for claim in ledger.claims.values()})
    return [
        ("Claims", f"{claims} claims from {documents} documents. {WORLD}"),
        ("Leverage", "The claims that hold add up to leverage of each state over each other one."),
        ("Terms", "At a summit the gap in leverage sets each side's share. One half is even."),
        ("Packages", "The terms say how much each side gives in each of the packages on the table."),
        ("Deal", "A package is signed if both sides accept it; if not, they part without an agreement."),
        ("Levers", "What is signed moves the levers, as far as it is carried out. So do the moves of each month."),
        ("Ending", f"{END}: one of {len(scenario.case.outcomes)} endings."),
    ]  # fmt: skip


def draw_flow(page: Page, y: float, scenario: Scenario) -> None:
    """Boxes with their feet at y, and the way back below them."""
    found = steps(scenario)
    inside = page.width - 2 * MARGIN
    width = (inside - GAP * (len(found) - 1)) / len(found)
    axes = page.axes(MARGIN, y - BACK, inside, HEIGHT + BACK)
    axes.set_axis_off()
    axes.set(xlim=(0, inside), ylim=(-BACK, HEIGHT))
    for place, (title, text) in enumerate(found):
        x = place * (width + GAP)
        _box(axes, x, width)
        page.say(MARGIN + x + 0.09, y + HEIGHT - 0.1, [f"{place + 1}  {title}"], 10, bold=True)
        page.say(MARGIN + x + 0.09, y + HEIGHT - 0.33, style.fit(text, width - 0.14, SIZE, lines=6), SIZE, spacing=1.2)
        if place:
            _arrow(axes, (x - GAP + 0.02, HEIGHT / 2), (x - 0.02, HEIGHT / 2))
    _back(page, axes, y, 5 * (width + GAP) + width / 2, width / 2)


def _box(axes: Axes, x: float, width: float) -> None:
    axes.add_patch(
        FancyBboxPatch(
            (x + 0.04, 0.04), width - 0.08, HEIGHT - 0.08, boxstyle="round,pad=0.04",
            facecolor=BOX, edgecolor=MUTED, linewidth=0.8,
        )
    )  # fmt: skip


def _arrow(axes: Axes, start: tuple[float, float], end: tuple[float, float]) -> None:
    axes.add_patch(
        FancyArrowPatch(start, end, arrowstyle="-|>", mutation_scale=9, color=INK, linewidth=1.1, shrinkA=0, shrinkB=0)
    )


def _back(page: Page, axes: Axes, y: float, start: float, end: float) -> None:
    """From the levers back to the claims."""
    low = -BACK + 0.12
    axes.plot([start, start, end], [0, low, low], color=INK, linewidth=1.1)
    axes.plot([end, end], [low, -0.05], color=INK, linewidth=1.1)
    _arrow(axes, (end, -0.1), (end, 0.0))
    says = "every month again: what has changed makes claims weigh more or less"
    x = MARGIN + (start + end) / 2
    page.say(x, y + low, [f"  {says}  "], SIZE, align="center", va="center", paper=True)
