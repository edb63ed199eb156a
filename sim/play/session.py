"""A session at the terminal: show what happened, ask, take the answer, until the last month is over.

The game is saved after every decision. Every mistake of the player gets one clear line and the question again.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from sim.ensemble.results_folder import hold
from sim.ensemble.safe_files import inside, prepare
from sim.errors import CannotWrite, InputError, SummitryError, did_you_mean
from sim.inputs.scenario import Scenario
from sim.play import text as view
from sim.play.debrief import debrief
from sim.play.decisions import MOVES, Decision, Question
from sim.play.forecast import Ahead, Position, ahead, odds, position, wishes
from sim.play.game import Game
from sim.play.save import SavedGame, read_game, write_game
from sim.play.terminal import COMMANDS, Command, Show, Terminal, Transcript, hint_text, menu_text, understand
from sim.views.text.screen import Screen

GAME_FILE = "game.json"


@dataclass(frozen=True)
class Kept:
    """A game and its folder, which is locked before it is read: nobody else decides meanwhile."""

    path: Path
    held: ExitStack
    saved: SavedGame
    scenario: Scenario
    game: Game

    @classmethod
    def read(cls, path: Path) -> Kept:
        """Lock and read a saved game. Raises InputError for a file that is none, and Busy, CannotWrite."""
        with ExitStack() as held:
            if path.is_file():
                held.enter_context(hold(path.parent))
            found = read_game(path)
            return cls(path, held.pop_all(), *found)


class Session:
    """One game at a terminal, saved in ``path``."""

    def __init__(self, kept: Kept, screen: Screen, show: Show) -> None:
        self.screen, self._show = screen, show
        self._begin(kept)

    @classmethod
    def load(cls, path: Path, screen: Screen, show: Show) -> Session:
        """The session of a saved game. Raises InputError for a file that is none, Busy if somebody else plays it."""
        return cls(Kept.read(path), screen, show)

    def run(self) -> bool:
        """Play until the game is over (True) or left (False). Raises CannotWrite, Busy and what the terminal raises."""
        try:
            self._show_opening()
            while self.game.question is not None:
                self._show_news()
                self._show_question()
                if not self._answer():
                    return False
            self._show_news()
            self._finish()
        finally:
            self._held.close()
        return True

    # -- showing ----------------------------------------------------------------------------------------------------

    def _begin(self, kept: Kept) -> None:
        """Save the game as it is and continue its transcript."""
        with kept.held as held:
            transcript = Transcript(kept.path.with_suffix(".transcript.txt"))
            held.callback(transcript.close)
            self._held = held.pop_all()
        self.path, self.saved, self.scenario, self.game = kept.path, kept.saved, kept.scenario, kept.game
        self.terminal = Terminal(self.screen, transcript, self._show)
        self._months_shown = max(len(self.game.months) - 1, 0)
        self._foreseen: dict[tuple[tuple[Decision, ...], Decision | None], Ahead] = {}
        self._keep()

    def _show_opening(self) -> None:
        aims = {seat: wishes(self.game, seat) for seat in self.game.seats}
        self.terminal.say(view.opening(self.scenario, aims, self.saved.seed, str(self.path), self.screen))

    def _show_news(self) -> None:
        unseen = self.game.months[self._months_shown :]
        if unseen:
            *passed, last = unseen
            if passed:
                self.terminal.say("\n" + view.passed_over(self.scenario, passed, self.screen))
            before = self.game.months[last.month - 1].levels if last.month else self.game.start
            self.terminal.say("\n" + view.news(self.scenario, last, before, self.screen))
        self._months_shown = len(self.game.months)

    def _show_question(self, everything: bool = False) -> None:
        """Show the turn, on 24 rows with the news above it; with ``everything``, all levels and the others' wishes."""
        game, question, say, screen = self.game, self.game.open_question, self.terminal.say, self.screen
        say(view.heading(game, screen))
        if everything:
            say(screen.paragraph(view.aim(wishes(game, question.state), game.case), "  "))
        if question.at == MOVES or everything:
            say(view.levels(game, screen, everything))
            say(view.leverage_line(self._position(), game.case, screen))
        if everything:
            others = [name for name in game.case.states if name != question.state]
            say("\n".join(view.wants(name, wishes(game, name), game.case, screen) for name in others))
        if question.at != MOVES:
            say(view.table_text(game, screen))
        answers = self.game.answers()
        say(menu_text(game, answers, {answer: self._foresee(game, answer) for answer in answers}, screen))

    # -- asking -----------------------------------------------------------------------------------------------------

    def _answer(self) -> bool:
        """Read lines until one is a decision; False when the player leaves."""
        while True:
            line = self.terminal.ask(f"{view.bare_name(self.game.case, self.game.open_question.state)}> ")
            if line is None:
                self._farewell("Input has ended")
                return False
            meant = understand(line, self.game.answers())
            if isinstance(meant, Decision):
                self._decide((*self.game.decisions, meant))
                return True
            if isinstance(meant, str):
                self._line(meant)
            elif meant.name == "quit":
                self._farewell("You leave the table")
                return False
            elif self._obey(meant):
                return True

    def _obey(self, command: Command) -> bool:
        """Carry out a command; True if the question has to be asked again."""
        rest = command.rest
        acts: dict[str, Callable[[], object]] = {
            "undo": self._undo, "wait": self._wait, "hint": self._hint, "help": self._help,
            "look": lambda: self._show_question(everything=True),
            "load": lambda: self._load(rest), "why": lambda: self._why(rest), "save": lambda: self._copy(rest),
        }  # fmt: skip
        try:
            return acts[command.name]() is True
        except SummitryError as error:
            self._line(f"{error}. The game goes on.")
        return False

    def _undo(self) -> bool:
        if not self.game.decisions:
            self._line("There is nothing to take back.")
            return False
        self._decide(self.game.decisions[:-1])
        self._months_shown = min(self._months_shown, len(self.game.months))
        self._line("The last decision is taken back.")
        return True

    def _wait(self) -> bool:
        """Choose the reference option, month by month, until an event comes or a summit of the player's is near."""
        started = self.game.decisions
        while (question := self.game.question) is not None and question.at == MOVES and not self._near(question):
            hold_still = next(option.name for option in self.game.options(question.state) if option.reference)
            self._decide((*self.game.decisions, Decision(question.month, question.state, MOVES, hold_still)))
        if self.game.decisions == started:
            self._line("There is something to decide this month: an event, or a summit of yours now or next month.")
        return self.game.decisions != started

    def _near(self, question: Question) -> bool:
        plan, case = self.scenario, self.game.case
        return any(
            question.state in case.pairs[each.pair].between and 0 <= each.month - question.month <= 1
            for each in plan.summits
        ) or any(event.month == question.month for event in plan.events)

    def _load(self, name: str) -> bool:
        if not name:
            self._line("load FILE: name the saved game.")
            return False
        path = _file(name)
        if path.resolve() == self.path.resolve():
            self._line("That is the game you are in.")
            return False
        before = self._held
        self._begin(Kept.read(path))
        before.close()
        self._show_opening()
        return True

    def _copy(self, name: str) -> None:
        if not name:
            self._line(f"The game is kept in {self.path} after every decision; save FILE writes a copy.")
            return
        path = _file(name)
        path = path if path.suffix else path.with_suffix(".json")
        if path.exists():
            self._line(f"{path} is there already: choose another name.")
            return
        write_game(path, self.saved, self.game.decisions)
        self._line(f"Written: {path}")

    def _hint(self) -> None:
        answers = self.game.answers()
        found = {answer: self._foresee(self.game, answer) for answer in answers}
        leaning = odds(self.game, self.saved.worlds).get(self.game.open_question.state, {})
        self.terminal.say(hint_text(self.game, answers, found, leaning, self.screen))

    def _why(self, name: str) -> None:
        others = [state for state in self.game.case.states if state != self.game.open_question.state]
        found = view.named(name, self.game.case)
        if found not in others:
            near = did_you_mean(name, others) if name else ""
            self._line(f"why STATE, one of {', '.join(others)}{near}.")
            return
        text = view.why_text(self._position(), found, wishes(self.game, found), self.game.case, self.screen)
        self.terminal.say(text)

    def _help(self) -> None:
        lines = [self.screen.paragraph("A number or the name of a move (its beginning will do), or:")]
        lines += [self.screen.paragraph(says, "  ", "    ") for says in COMMANDS.values()]
        self.terminal.say("\n".join(lines))

    # -- pieces -----------------------------------------------------------------------------------------------------

    def _decide(self, decisions: tuple[Decision, ...]) -> None:
        before, self.game = self.game, self.game.again(decisions)
        before.close()
        self._keep()

    def _keep(self) -> None:
        write_game(self.path, self.saved, self.game.decisions)

    def _position(self) -> Position:
        return position(self.game, self.game.open_question.state, self.saved.worlds)

    def _foresee(self, game: Game, answer: Decision | None, worlds: int = 0) -> Ahead:
        """A forecast, remembered."""
        key = (game.decisions, answer)
        if key not in self._foreseen:
            self._foreseen[key] = ahead(game, answer, worlds or self.saved.worlds)
        return self._foreseen[key]

    def _finish(self) -> None:
        """Show the debrief and write its chart and page."""
        from sim.play.debrief_report import debrief_text, write_debrief  # imports matplotlib, only needed here

        found = debrief(self.game, self.saved.worlds, self._foresee)
        self.terminal.say("\n" + debrief_text(found, self.screen))
        written = write_debrief(found, self.path.with_suffix(".debrief.html"))
        self._line(f"Written: {', '.join(str(each) for each in written)}")

    def _farewell(self, why: str) -> None:
        self._line(f"{why}. The game is kept; to go on: summitry play --load {self.path}")

    def _line(self, text: str) -> None:
        self.terminal.say(self.screen.paragraph(text) if len(text) > self.screen.width else self.screen.text(text))


def _file(name: str) -> Path:
    """The file that a player names. Raises InputError for a name that no file can have."""
    try:
        path = Path(name)
        path.resolve()
        path.with_suffix(path.suffix or ".json").exists()
    except (OSError, RuntimeError, ValueError):  # too long or a loop of links, a NUL, a folder's name such as "/"
        raise InputError.at("FILE", "name", name, "a name that a file can have") from None
    return path


def started(saved: SavedGame, scenario: Scenario, path: Path, screen: Screen, show: Show) -> Session:
    """The session of a new game. Raises InputError, CannotWrite, Busy."""
    held = ExitStack()
    held.enter_context(hold(path.parent))
    return Session(Kept(path, held, saved, scenario, Game(scenario, saved.seed, saved.seats, ())), screen, show)


def new_folder(out: Path, scenario: Scenario, seats: list[str]) -> Path:
    """A new folder for a game, so that no earlier game is overwritten. Raises CannotWrite."""
    parent = out / "play"
    prepare(parent)
    for number in range(1, 10_000):
        folder = inside(parent, f"{scenario.name}~{'-'.join(seats)}~{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        except OSError as error:
            raise CannotWrite(f"{folder}: cannot be made: {error.strerror}", 73) from error
        return folder
    raise CannotWrite(f"{parent}: ten thousand games are kept there; choose another --out", 73)
