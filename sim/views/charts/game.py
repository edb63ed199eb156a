"""The payoff matrix as a picture: rows are the first player's strategies, columns the second's, a panel for every
choice of the others. Underlined payoffs are best replies, framed cells equilibria; the shade says how sure."""

import numpy as np
from matplotlib.patches import Rectangle

from sim.analysis.game import Cell, Solved
from sim.views.charts.labels import bare
from sim.views.charts.style import INK, MARGIN, MUTED, PAPER, Page
from sim.views.text.game import PAYOFFS_GIVEN, in_words, number, player_name, profile_text, share_of_samples, sureness
from sim.views.wording import NOT_A_FORECAST, capital

NAMES = 1.7  # inches for the row labels
LINE, HEAD, GAP = 0.21, 0.75, 0.22
SURE = "#9cc9f0"  # of a profile that is an equilibrium in every sample


def draw_game(found: Solved) -> Page:
    """A panel for every choice of the players after the second."""
    shape = found.payoffs.shape[1:]
    cell_height = LINE * len(found.game.players) + 0.34
    panels = list(np.ndindex(*shape[2:]))
    panel = HEAD + shape[0] * cell_height
    page = Page(heading(found), len(panels) * (panel + GAP), _notes(found), "Payoff matrix.")
    page.alt_lines[0] += f" {in_words(found)}"
    for place, others in enumerate(panels):
        top = page.top - place * (panel + GAP)
        _panel(page, found, tuple(int(each) for each in others), top, cell_height)
    for cell in found.cells:
        texts = [
            f"{player_name(found, player)} {number(found, float(found.payoffs[(place, *cell)]))}"
            for place, player in enumerate(found.game.players)
        ]
        page.alt_lines.append(f"{', '.join(found.profile(cell))}: {', '.join(texts)}.")
    return page


def heading(found: Solved) -> str:
    """The solution in a sentence."""
    if len(found.pure) == 1:
        return f"The equilibrium: {profile_text(found, found.pure[0])}."
    if not found.pure:
        return "No profile is an equilibrium: whatever is chosen, somebody would rather change."
    if len(found.pure) == 2:
        return f"Two equilibria: {profile_text(found, found.pure[0])}; or {profile_text(found, found.pure[1])}."
    return f"{len(found.pure)} profiles are equilibria."


def _notes(found: Solved) -> list[str]:
    order = ", ".join(bare(player_name(found, player)) for player in found.game.players)
    how = f"In each cell the payoffs of {order}, from top to bottom."
    how += " Bold with a bar: a best reply. Framed: an equilibrium."
    if found.sure is None:
        return [how, PAYOFFS_GIVEN]
    return [
        f"{how} Shade and percentage: share of bootstrap samples of worlds in which the profile is an equilibrium.",
        "Payoff: own satisfaction at the end of the run (0 would be all that a state wants), ± half the 95% interval; "
        f"{found.runs:,} runs, the same worlds for every profile; seed {found.seed}.",
        NOT_A_FORECAST,
    ]


def _panel(page: Page, found: Solved, others: tuple[int, ...], top: float, height: float) -> None:
    rows, columns = ([each.name for each in found.game.strategies[player]] for player in found.game.players[:2])
    first, second, *rest = found.game.players
    inside = page.width - 2 * MARGIN - NAMES
    width = inside / len(columns)
    said = [
        f"{bare(player_name(found, player))}: {found.game.strategies[player][at].name}"
        for player, at in zip(rest, others, strict=True)
    ]
    if said:
        page.say(MARGIN, top, capital("; ".join(said)), 10, bold=True, inches=inside)
    down, across = (capital(bare(player_name(found, player))) for player in (first, second))
    page.say(MARGIN + NAMES + inside / 2, top - 0.22, [across], 9, shade=MUTED, align="center")
    page.say(MARGIN, top - 0.47, [down], 9, shade=MUTED)
    for column, name in enumerate(columns):
        page.say(MARGIN + NAMES + (column + 0.5) * width, top - 0.47, name, align="center", inches=width - 0.1)
    for row, name in enumerate(rows):
        upper = top - HEAD - row * height
        page.say(MARGIN, upper - height / 2, name, va="center", inches=NAMES - 0.1, most=2)
        for column in range(len(columns)):
            _cell(page, found, (row, column, *others), MARGIN + NAMES + column * width, upper, width, height)


def _cell(page: Page, found: Solved, cell: Cell, left: float, upper: float, width: float, height: float) -> None:
    sure = sureness(found, cell)
    framed = cell in found.pure
    axes = page.axes(left + 0.03, upper - height + 0.03, width - 0.06, height - 0.06)
    axes.set(xlim=(0, 1), ylim=(0, 1), xticks=[], yticks=[])
    axes.set_axis_off()
    share = float(framed) if sure is None else sure
    ends = [[int(text[at : at + 2], 16) for at in (1, 3, 5)] for text in (PAPER, SURE)]
    shade = "#" + "".join(f"{round(low + (high - low) * share):02x}" for low, high in zip(*ends, strict=True))
    edge, width_of_edge = (INK, 2.4) if framed else (MUTED, 0.5)
    frame = Rectangle((0, 0), 1, 1, facecolor=shade, edgecolor=edge, linewidth=width_of_edge, clip_on=False)
    axes.add_patch(frame)
    for place in range(len(found.game.players)):
        at = (place, *cell)
        best = bool(found.replies[at])
        noise = "" if sure is None else f" ± {float(found.half[at]):.2f}"
        text = f"{'▌' if best else ''}{number(found, float(found.payoffs[at]))}{noise}"
        page.say(left + width / 2, upper - 0.1 - LINE * place, [text], 10, bold=best, align="center")
    if sure is not None:
        page.caption(left + width - 0.1, upper - height + 0.09, share_of_samples(sure), align="right")
