"""A quick forecast from the middle of a game: the visible levels of this month, carried on in fresh worlds.

Which claims hold in the player's world is unknown, so it is drawn anew; levers, climate, ties, meetings held,
tallies and the levels at the start are as everybody has seen them. The asker's next answer is given; afterwards
every state follows the model's own rule (or the scenario's). All answers to one question share their draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import sqrt

import numpy as np
import numpy.typing as npt

from sim.defaults import DEFAULT_WORLDS
from sim.ensemble.intervals import Z95, Probability, wilson
from sim.ensemble.memory import keep_freed_memory
from sim.inputs.case import Case, Range
from sim.inputs.scenario import Scenario
from sim.model.assumptions import Value
from sim.model.diplomacy import Diplomacy
from sim.model.satisfaction import satisfaction
from sim.model.states import State
from sim.model.streams import FloatArray
from sim.model.summits import Meeting
from sim.play.game import COLUMN, MOVES, PUSH, REFUSE, Decision, Game

FRESH_BLOCK = 1  # the player's own world is the first of draw block 0


@dataclass(frozen=True)
class Ahead:
    """How a game might end: class of each run (int8) and the asker's satisfaction at the end, both of shape (runs,)."""

    case: Case
    classes: npt.NDArray[np.int8]
    satisfied: FloatArray
    signs: float | None = None  # at a summit: mean chance that the other side signs

    @cached_property
    def outcomes(self) -> dict[str, Probability]:
        """Probability of each class with its 95% interval over worlds."""
        return {rule.name: probability(self.classes == place) for place, rule in enumerate(self.case.outcomes)}


@dataclass(frozen=True)
class Swing:
    """Paired difference of a probability on the same draws, with its 95% interval."""

    difference: float
    low: float
    high: float

    @property
    def stands_out(self) -> bool:
        return self.low > 0 or self.high < 0


def probability(hit: npt.NDArray[np.bool_]) -> Probability:
    """A share of runs, two of which share each world: Wilson's interval at the effective number of runs."""
    runs, count = hit.size, int(hit.sum())
    share = count / runs
    common: float | None = None
    if 0 < share < 1:
        both = float((hit[0::2] & hit[1::2]).mean())
        common = min(max((both - share * share) / (share * (1 - share)), 0.0), 1.0)
    effective = runs / (1 + (common or 0.0))
    low, high = wilson(share * effective, effective)
    return Probability(count, runs, share, low, high, common)


def swing(before: Ahead, after: Ahead, outcome: int) -> Swing:
    """What going from one forecast to the other does to a class; ``outcome`` is its place."""
    apart = (after.classes == outcome).astype(np.float64) - (before.classes == outcome)
    by_world = (apart[0::2] + apart[1::2]) / 2
    mean, half = float(by_world.mean()), Z95 * float(by_world.std(ddof=1)) / sqrt(by_world.size)
    return Swing(mean, mean - half, mean + half)


def ahead(game: Game, answer: Decision | None, worlds: int = DEFAULT_WORLDS) -> Ahead:
    """The forecast after an answer to the game's question; with None the model's own state answers."""
    assert game.question is not None
    keep_freed_memory()
    model = Continued(game, worlds, answer)
    model.play_on()
    found = Ahead(game.case, model.outcomes(), satisfaction(model, game.question.state).copy(), model.signs)
    model.close()
    return found


class Continued(Diplomacy):
    """Fresh worlds that stand where the game stands."""

    def __init__(self, game: Game, worlds: int, answer: Decision | None = None, diary: bool = False) -> None:
        super().__init__(
            _from_here(game), runs=2 * worlds, seed=game.streams.seed, first_block=FRESH_BLOCK, diary=diary
        )
        assert game.question is not None
        self.month, self.stage, self.held = game.month, game.stage, game.held
        self.signs: float | None = None
        self._answer, self._question = answer, game.question
        self._see(game, game.before_arguments)
        self._arguments()
        self._see(game, game.variables)
        if answer is not None and answer.at == MOVES:
            self.states[answer.state].behaviour = _Once(self.states[answer.state], answer.choice)

    def play_on(self) -> None:
        """The rest of this month, then the months that are left."""
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
        """Only the moves that come next, for the odds by which states would choose."""
        self._moves()

    def settle(self, meeting: Meeting, uniform: FloatArray) -> Meeting:
        """The first meeting ends as the answer says, on the package that lies on the player's table."""
        answer, question = self._answer, self._question
        if question.at == MOVES or self.signs is not None or not meeting.offers:
            return meeting
        come = replace(meeting.attendance, come=np.ones_like(meeting.come))  # both sit at the player's table
        names = [offer.package.name for offer in meeting.offers]
        place = names.index(str(answer.package)) if answer is not None and answer.choice == PUSH else question.picked
        chances = meeting.accepts[place]
        signed = chances[meeting.pair.other(question.state)]
        self.signs = float(signed.mean())
        if answer is None:
            signed = signed * chances[question.state]
        elif answer.choice == REFUSE:
            signed = np.zeros_like(signed)
        return replace(meeting, attendance=come, picked=np.full_like(meeting.picked, place), deal=uniform < signed)

    def _see(self, game: Game, variables: Mapping[str, Value]) -> None:
        """Take over what everybody can see, a number for a number and an array for an array."""
        for name in visible(game):
            value = variables[name]
            if isinstance(value, np.ndarray):
                value = np.full(self.runs, value[COLUMN], dtype=np.float32)
            self.variables[name] = value
        self._derive()


class _Once:
    """The given move in the first month, the model's own (or the scenario's) afterwards."""

    def __init__(self, state: State, choice: str) -> None:
        assert state.menu is not None
        self._place = [option.name for option in state.menu.options].index(choice)
        self._month = state.model.month
        self._then = state.behaviour

    def move(self, state: State) -> np.ndarray:
        if state.model.month == self._month:
            return np.full(state.model.runs, self._place, dtype=np.int8)
        assert state.choice is not None
        return state.choice if self._then is None else self._then.move(state)

    def come(self, state: State, other: State, own: Value) -> Value:
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
