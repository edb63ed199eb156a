"""A solved game in the terminal, as JSON and as a table for a spreadsheet."""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.analysis.game import Cell, Solved
from sim.defaults import VERSION
from sim.ensemble.tables import table
from sim.errors import SENTENCE_LIMIT, clean_text
from sim.views import wording
from sim.views.text.screen import Screen, columns
from sim.views.wording import NOT_A_FORECAST, capital, listed, percent

SURE = 0.9  # share of the bootstrap samples below which a statement becomes "may be"
NARROW = 60  # columns of the screen below which every profile has its own lines
PAYOFFS_GIVEN = "The payoffs were given as numbers in the file, so there is no noise in them."


def game_text(found: Solved, screen: Screen) -> str:
    """Title, players, the solution in words, and the table of profiles."""
    game = found.game
    title, question = clean_text(game.title, 200), clean_text(game.question, SENTENCE_LIMIT)
    profiles = _rows(found, screen) if screen.width >= NARROW else _lines(found, screen)
    choices = []
    for player in game.players:
        choices.append(screen.paragraph(f"{capital(player_name(found, player))} chooses:", "  "))
        for each in game.strategies[player]:
            says = f": {clean_text(each.says, 160)}" if each.says else ""
            choices.append(screen.paragraph(f"{each.name}{says}", "    ", "      "))
    parts = [
        [screen.strong(screen.paragraph(title)), screen.paragraph(question)],
        choices,
        [screen.paragraph(in_words(found))],
        [screen.paragraph(how_read(found)), *profiles],
        [screen.paragraph(NOT_A_FORECAST)] if found.sure is not None else [],
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def how_read(found: Solved) -> str:
    """What the numbers of the table are."""
    if found.sure is None:
        return f"Payoffs by profile; * marks a best reply, = an equilibrium. {PAYOFFS_GIVEN}"
    game = found.game
    hazard = game.base is not None and game.base.case.month.hazard is not None
    fatal = f"; a fatal step costs {game.fatal_cost:g}: {clean_text(game.fatal_source, 120)}" if hazard else ""
    return (
        "Payoffs: each state's own satisfaction at the end (minus its salience-weighted distance to its ideal "
        f"points{fatal}), mean of {found.runs:,} runs in {(found.runs + 1) // 2:,} "
        "worlds, the same for every profile, ± half the 95% interval. * a best reply, = an equilibrium; sure: share of "
        f"{found.samples:,} bootstrap samples of worlds in which the profile is one."
    )


def in_words(found: Solved) -> str:
    """The solution as one paragraph."""
    return " ".join([_pure(found), *_nearly(found), *_mixed(found), *_dominated(found), *_doubt(found)])


def game_json(found: Solved) -> dict[str, Any]:
    """Everything, as plain JSON data."""
    game = found.game
    called = game.players
    return {
        "game": game.name, "title": game.title, "question": game.question, "version": VERSION,
        "file_hash": game.file_hash,
        "scenario": game.base.name if game.base else None, "months": game.base.months if game.base else None,
        "runs": found.runs, "samples": found.samples, "seed": found.seed,
        "fatal": {"cost": game.fatal_cost, "source": game.fatal_source},
        "players": {player: {each.name: each.says for each in game.strategies[player]} for player in called},
        "profiles": [
            {
                "strategies": dict(zip(called, found.profile(cell), strict=True)), "payoffs": _payoffs(found, cell),
                "best_reply": {player: bool(found.replies[(place, *cell)]) for place, player in enumerate(called)},
                "equilibrium": cell in found.pure, "sure": sureness(found, cell),
            }
            for cell in found.cells
        ],
        "pure": [list(found.profile(cell)) for cell in found.pure],
        "mixed": [
            {
                "chances": {
                    player: dict(zip([each.name for each in game.strategies[player]], chances, strict=True))
                    for player, chances in zip(called, mixed.chances, strict=True)
                },
                "payoffs": dict(zip(called, mixed.payoffs, strict=True)),
            }
            for mixed in found.mixed.equilibria
        ],
        "mixed_note": found.mixed.note,
        "dominated": _some(found.dominated), "dominated_sure": found.dominated_sure,
        "weakly_dominated": _some(found.weakly_dominated), "dominated_by_lots": dict(found.dominated_by_lots),
        "in_words": in_words(found), "not_a_forecast": NOT_A_FORECAST,
    }  # fmt: skip


def _some(dominated: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, dict[str, list[str]]]:
    """By player, the strategies that others dominate, with those others."""
    return {player: {name: list(by) for name, by in each.items() if by} for player, each in dominated.items()}


def game_csv(found: Solved) -> bytes:
    """One row a profile and player."""
    players = found.game.players
    header = [*(f"strategy_{player}" for player in players), "player", "payoff", "low", "high", "best_reply",
              "equilibrium", "sure"]  # fmt: skip
    rows: list[list[object]] = []
    for cell in found.cells:
        sure = sureness(found, cell)
        for player, payoff in _payoffs(found, cell).items():
            reply = int(found.replies[(players.index(player), *cell)])
            rows.append([*found.profile(cell), player, *payoff.values(), reply, int(cell in found.pure), sure])
    return table(header, rows)


def number(found: Solved, value: float) -> str:
    """A payoff, with as many digits as its source."""
    return f"{value:.4g}".replace("-", "−") if found.sure is None else wording.number(value)


def sureness(found: Solved, cell: Cell) -> float | None:
    """The share of samples in which a profile is an equilibrium; None where payoffs are given."""
    return None if found.sure is None else float(found.sure[cell])


def share_of_samples(share: float | None) -> str:
    """`none`, `all` or a percentage that is neither; nothing where payoffs are given."""
    if share is None:
        return ""
    if share in (0.0, 1.0):
        return "all" if share else "none"
    return percent(share, 0 if 0.005 <= share <= 0.99 else 1)


def player_name(found: Solved, player: str) -> str:
    """A player's name in sentences."""
    return clean_text(found.game.labels[player], 40)


def profile_text(found: Solved, cell: Cell) -> str:
    """`Row one, Column two`."""
    chosen = zip(found.game.players, found.profile(cell), strict=True)
    return ", ".join(f"{player_name(found, player)} {name}" for player, name in chosen)


def _rows(found: Solved, screen: Screen) -> list[str]:
    called = [capital(player_name(found, player)) for player in found.game.players]
    rows = [["profile", *[""] * (len(called) - 1), *called, "" if found.sure is None else "sure  "]]
    for cell in found.cells:
        sure = share_of_samples(sureness(found, cell))
        rows.append([*found.profile(cell), *_cells(found, cell), f"{sure} {'=' if cell in found.pure else ' '}"])
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    if sum(widths) + 2 * (len(widths) - 1) > screen.width:
        return _lines(found, screen)
    return columns(rows, screen)


def _lines(found: Solved, screen: Screen) -> list[str]:
    lines = []
    for cell in found.cells:
        mark = " =" if cell in found.pure else ""
        lines.append(screen.paragraph(f"{', '.join(found.profile(cell))}{mark}", "  ", "    "))
        called = (player_name(found, player) for player in found.game.players)
        payoffs = zip(called, _cells(found, cell), strict=True)
        sure = [] if found.sure is None else [f"sure: {share_of_samples(sureness(found, cell))}"]
        texts = [*(f"{player} {text.strip()}" for player, text in payoffs), *sure]
        lines.append(screen.paragraph(", ".join(texts), "      "))
    return lines


def _cells(found: Solved, cell: Cell) -> list[str]:
    texts = []
    for place in range(len(found.game.players)):
        at = (place, *cell)
        noise = "" if found.sure is None else f" ±{float(found.half[at]):.2f}"
        texts.append(f"{number(found, float(found.payoffs[at]))}{noise}{'*' if found.replies[at] else ' '}")
    return texts


def _pure(found: Solved) -> str:
    if not found.pure:
        return "No profile of pure strategies is an equilibrium: whatever is chosen, somebody would rather change."
    texts = []
    for cell in found.pure:
        sure = share_of_samples(sureness(found, cell))
        texts.append(profile_text(found, cell) + (f" (one in {sure} of the bootstrap samples)" if sure else ""))
    many = "One profile is an equilibrium" if len(texts) == 1 else f"{len(texts)} profiles are equilibria"
    return f"{many}, from which nobody gains by changing alone: {'; '.join(texts)}."


def _nearly(found: Solved) -> list[str]:
    """Profiles that are no equilibrium of the mean payoffs, but are one in more than half of the samples."""
    if found.sure is None:
        return []
    texts = [
        f"{profile_text(found, cell)} (one in {share_of_samples(float(found.sure[cell]))})"
        for cell in found.cells
        if found.sure[cell] > 0.5 and cell not in found.pure
    ]
    text = f"No equilibrium by these means, but one in more than half of the samples: {'; '.join(texts)}."
    return [text] if texts else []


def _mixed(found: Solved) -> list[str]:
    lines = []
    for each in found.mixed.equilibria:
        drawn = zip(found.game.players, each.chances, strict=True)
        lots = "; ".join(_lots(found, player, chances) for player, chances in drawn)
        gets = listed([number(found, payoff) for payoff in each.payoffs])
        lines.append(f"Drawing lots is an equilibrium too: {lots}, which gives them {gets}.")
    return [*lines, *([f"{capital(found.mixed.note)}."] if found.mixed.note else [])]


def _lots(found: Solved, player: str, chances: Sequence[float]) -> str:
    """`Row heads 50% and tails 50%`."""
    drawn = zip(found.game.strategies[player], chances, strict=True)
    text = listed([f"{each.name} {percent(chance, 0)}" for each, chance in drawn if chance])
    return f"{player_name(found, player)} {text}"


def _dominated(found: Solved) -> list[str]:
    lines = []
    for player, each in found.dominated.items():
        for name, by in each.items():
            if by:
                sure = 1.0 if found.dominated_sure is None else found.dominated_sure[player][name]
                samples = "" if found.dominated_sure is None else f" (in {share_of_samples(sure)} of the samples)"
                lines.append(
                    f"For {player_name(found, player)}, {name} {'is' if sure >= SURE else 'may be'} dominated: "
                    f"{listed(list(by), 'or')} is better whatever the others do{samples}."
                )
    lines += [
        f"For {player_name(found, player)}, {name} is weakly dominated: {listed(list(by), 'or')} is never worse, and "
        "sometimes better."
        for player, each in found.weakly_dominated.items() for name, by in each.items()
        if by and not found.dominated[player][name]
    ]  # fmt: skip
    lines += [
        f"For {player_name(found, player)}, {name} is dominated by drawing lots: "
        f"{listed([f'{other} {percent(chance, 0)}' for other, chance in lots.items()])} is better, whatever others do."
        for player, each in found.dominated_by_lots.items() for name, lots in each.items()
    ]  # fmt: skip
    return lines or ["No strategy is dominated by another, nor by drawing lots among others."]


def _doubt(found: Solved) -> list[str]:
    """A sentence where the payoffs are too noisy to solve the game."""
    if found.sure is None or max(float(found.sure[cell]) for cell in found.cells) >= SURE:
        return []
    why = "The payoffs are too near each other for the solution to be sure: no profile is an equilibrium in nine of"
    return [f"{why} ten samples. More runs (-n) would narrow the intervals."]


def _payoffs(found: Solved, cell: Cell) -> dict[str, dict[str, float]]:
    """Each player's mean payoff with its interval."""
    by_player = {}
    for place, player in enumerate(found.game.players):
        mean, half = float(found.payoffs[(place, *cell)]), float(found.half[(place, *cell)])
        by_player[player] = {"mean": mean, "low": mean - half, "high": mean + half}
    return by_player
