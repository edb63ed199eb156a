"""A quick forecast from the middle of a game: this month's visible levels, played on in fresh worlds.

Which claims hold in the player's world is unknown, so it is drawn anew; levers, climate, ties, meetings held, tallies
and the levels at the start are as everybody has seen them. What the players have decided in this month holds, and the
next answer is given; afterwards every state follows the model's own rule (or the scenario's). All answers to one
question share their draws. The same worlds also give a state's leverage, and what everybody can see of the others'
wishes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sim.analysis.leverage_parts import ClaimPart, claim_parts
from sim.defaults import DEFAULT_WORLDS
from sim.ensemble.intervals import Probability, probability
from sim.ensemble.signals_and_memory import keep_freed_memory
from sim.inputs.case import Case, Issue, Range
from sim.inputs.scenario import Scenario
from sim.model.assumptions import Value
from sim.model.diplomacy import Diplomacy
from sim.model.packages import Side
from sim.model.satisfaction import NOTICED, gains
from sim.model.satisfaction import wishes as gaps
from sim.model.states import State
from sim.model.streams import FloatArray
from sim.model.summits import Meeting
from sim.play.decisions import BRING_FORWARD, GO, MOVES, PUSH, REFUSE, STAY_AWAY, Decision
from sim.play.game import COLUMN, BroughtForward, Game
from sim.vocabulary import gain

FRESH_BLOCK = 1  # the player's own world is the first of draw block 0


@dataclass(frozen=True)
class Ahead:
    """How a game might end: class of each run (int8) and the player's score at the end, both of shape (runs,).

    The score is how far the state has come since the first month of the way to all that it wants, of 100.
    """

    case: Case
    classes: npt.NDArray[np.int8]
    score: FloatArray
    signs: float | None = None  # at a summit: mean chance that the other side signs

    @cached_property
    def outcomes(self) -> dict[str, Probability]:
        """Probability of each class with its 95% interval over worlds."""
        return {rule.name: _share(self.classes == place) for place, rule in enumerate(self.case.outcomes)}


def _share(hit: npt.NDArray[np.bool_]) -> Probability:
    return probability(int(hit.sum()), int((hit[0::2] & hit[1::2]).sum()), hit.size)


def ahead(game: Game, answer: Decision | None, worlds: int = DEFAULT_WORLDS) -> Ahead:
    """The forecast after an answer to the game's question; with None the model's own state answers."""
    keep_freed_memory()
    model = Continued(game, worlds, answer)
    model.play_on()
    won = gains(model, model.at_start, None)[gain(game.open_question.state)]
    score = np.array(np.broadcast_to(100 * won, (model.runs,)), dtype=np.float32)
    found = Ahead(game.case, model.outcomes(), score, model.signs)
    model.close()
    return found


class Continued(Diplomacy):
    """Fresh worlds in the same month and with the same visible levels as the game."""

    calendar: BroughtForward

    def __init__(self, game: Game, worlds: int, answer: Decision | None = None, diary: bool = False) -> None:
        super().__init__(
            _from_here(game), runs=2 * worlds, seed=game.streams.seed, first_block=FRESH_BLOCK, diary=diary
        )
        self.at_start = self._at_start
        asked = game.calendar.asked
        if answer is not None and answer.choice == BRING_FORWARD:
            asked |= {(answer.month, game.open_question.pair)}
        self.calendar = BroughtForward(game.plan, asked)
        self.month, self.stage, self.held = game.month, game.stage, game.held
        self.signs: float | None = None
        self._answer, self._question = answer, game.open_question
        self.see(game, game.before_arguments)
        self._arguments()
        self.see(game, game.variables)
        said = [*(each for each in game.decisions if each.month == game.month), *([answer] if answer else [])]
        self._agreed = _agreed([each for each in said if each.at == self._question.at])
        for name in game.seats:
            self.states[name].behaviour = _Once(self.states[name], [each for each in said if each.state == name])

    def play_on(self) -> None:
        """Play the rest of this month, then the months that are left."""
        order = self.case.month.order[self.stage :]
        for place, name in enumerate(order):
            if place == 0 and name == "summits":
                self._summits(self.held)
            else:
                self._stages[name]()
        self.month += 1
        while not self.finished:
            self.step()

    def play_moves(self) -> None:
        """Play only the next moves, for the odds of each state's options."""
        self._moves()

    def settle(self, meeting: Meeting, uniform: FloatArray) -> Meeting:
        """The first meeting, ended as the answer says, on the package that is on the player's table."""
        answer, question = self._answer, self._question
        if not question.pair_met or self.signs is not None or not meeting.offers:
            return meeting
        come = replace(meeting.attendance, come=np.ones_like(meeting.come))  # both sides came in the player's run
        keys = [each.key for each in question.table]
        place = keys.index(str(answer.package)) if answer is not None and answer.choice == PUSH else question.picked
        chances = meeting.accepts[place]
        other = meeting.pair.other(question.state)
        signed = np.ones_like(chances[other]) if other in self._agreed else chances[other]
        self.signs = float(signed.mean())
        if answer is None:
            signed = signed * chances[question.state]
        elif answer.choice == REFUSE:
            signed = np.zeros_like(signed)
        return replace(meeting, attendance=come, picked=np.full_like(meeting.picked, place), deal=uniform < signed)

    def see(self, game: Game, variables: Mapping[str, Value]) -> None:
        """Copy what everybody can see: a number stays a number, an array an array."""
        for name in visible(game):
            value = variables[name]
            if isinstance(value, np.ndarray):
                value = np.full(self.runs, value[COLUMN], dtype=np.float32)
            self.variables[name] = value
        self._derive()


def _agreed(said: Sequence[Decision]) -> set[str]:
    """Who has agreed to what is on a table, after what was said there: a push needs the others' word anew."""
    agreed: set[str] = set()
    for each in said:
        agreed = {each.state} if each.choice == PUSH else agreed | {each.state}
    return agreed


class _Once:
    """A behaviour that decides as a player has in one month; otherwise the model's own (or the scenario's)."""

    def __init__(self, state: State, said: Sequence[Decision]) -> None:
        self._said, self._then = said, state.behaviour

    def move(self, state: State) -> np.ndarray:
        for each in self._said:
            if each.at == MOVES and state.model.month == each.month:
                assert state.menu is not None
                place = [option.name for option in state.menu.options].index(each.choice)
                return np.full(state.model.runs, place, dtype=np.int8)
        assert state.choice is not None
        return state.choice if self._then is None else self._then.move(state)

    def come(self, state: State, other: State, own: Value) -> Value:
        pairs = state.model.case.pairs.values()
        meet = [pair.id for pair in pairs if {state.name, other.name} == set(pair.between)]
        for each in self._said:
            if each.month == state.model.month and each.at.split(" ")[-1] in meet:
                if each.choice in (GO, BRING_FORWARD):
                    return 1.0
                if each.choice == STAY_AWAY:
                    return 0.0
        return own if self._then is None else self._then.come(state, other, own)

    def sign(self, state: State, other: State, own: Sequence[FloatArray]) -> Sequence[FloatArray]:
        return own if self._then is None else self._then.sign(state, other, own)


def visible(game: Game) -> list[str]:
    """Names of the variables that everybody sees: all but parameters, leverage, gaps, chance and what is computed."""
    case = game.case
    hidden = {*case.parameters, *case.derived, "met_fades", "noise"}
    prefixes = ("leverage.", "gap.", "start.")
    return [name for name in game.before_arguments if name not in hidden and not name.startswith(prefixes)]


def _from_here(game: Game) -> Scenario:
    """The scenario with the start that everybody saw."""
    start = {
        name: variable.model_copy(update={"start": Range(*[game.start[name]] * 3)})
        for name, variable in game.case.variables.items()
    }
    return replace(game.plan, case=replace(game.case, variables=start))


@dataclass(frozen=True)
class Position:
    """Leverage of and over one state by (holder, target), as means over fresh worlds; claims, the weightiest first."""

    state: str
    leverage: Mapping[tuple[str, str], float]
    reasons: Mapping[tuple[str, str], Sequence[ClaimPart]]


@dataclass(frozen=True)
class Wish:
    """An issue that a state wants changed: salience times (ideal minus present level), at its likeliest numbers."""

    state: str
    issue: Issue
    gap: float


def position(game: Game, state: str, worlds: int = DEFAULT_WORLDS) -> Position:
    """Leverage of a state over each other and of each over it in this month, before its moves."""
    model = Continued(game, worlds)
    model.see(game, game.before_arguments)  # claims are as strong as when this leverage was weighed
    others = [name for name in game.case.states if name != state]
    dyads = [dyad for other in others for dyad in ((state, other), (other, state))]
    leverage = {dyad: float(np.mean(model.leverage.get(dyad, 0.0))) for dyad in dyads}
    reasons = {dyad: sorted(claim_parts(model, *dyad)[1], key=lambda each: -abs(each.part)) for dyad in dyads}
    model.close()
    return Position(state, leverage, reasons)


def odds(game: Game, worlds: int = DEFAULT_WORLDS) -> dict[str, dict[str, float]]:
    """The odds by which the model's own states would choose this month: state -> option -> mean over fresh worlds."""
    if game.question is None or game.question.at != MOVES:
        return {}
    model = Continued(game, worlds, diary=True)
    model.play_moves()
    found = {
        name: {
            option.name: float(np.mean(chance)) for option, chance in zip(state.menu.options, state.odds, strict=True)
        }
        for name, state in model.states.items()
        if state.menu is not None
    }
    model.close()
    return found


def wishes(game: Game, state: str) -> list[Wish]:
    """What a state seems to want, the strongest first: public positions against visible levels."""
    case, levels = game.case, game.levels()
    likeliest = {name: parameter.mode for name, parameter in case.parameters.items()}
    points = case.states[state].ideals
    side = Side(
        state,
        {name: point.position.mode for name, point in points.items()},
        {name: point.salience.mode for name, point in points.items()},
    )
    wanted = gaps(case, side, levels | likeliest).items()
    found = [Wish(state, case.issues[name], float(np.asarray(gap, dtype=float))) for name, gap in wanted]
    return sorted((wish for wish in found if abs(wish.gap) >= NOTICED), key=lambda wish: -abs(wish.gap))
