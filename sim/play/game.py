"""A game: one run of a scenario in which people decide for one or more states.

A game is a function of its scenario, its seed and the decisions taken so far, and is played from the start whenever
it is asked for (a tenth of a second). So undoing is leaving the last decision out, and a saved game is the list of
decisions. What a decision needs and does not find ends the play with the question to be put; nothing of the hidden
world is in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from sim.analysis.one_run import OneRun
from sim.inputs.case import Option, Package, Pair
from sim.inputs.scenario import Scenario
from sim.inputs.schedule import Event
from sim.model.assumptions import Value
from sim.model.packages import Shares
from sim.model.states import State
from sim.model.streams import FloatArray
from sim.model.summits import Meeting

COLUMN = 0  # the run that is played, of the two that share its world
MOVES = "moves"  # where a decision is taken: in the month's moves, or at the summit of a pair (its id)
ACCEPT, REFUSE, PUSH = "accept", "refuse", "push"

At = Literal["moves"] | str


@dataclass(frozen=True)
class Decision:
    """What a person did: the name of an option in the month's moves; ``accept``, ``refuse`` or ``push`` at a summit."""

    month: int
    state: str
    at: str
    choice: str
    package: str | None = None  # that is pushed for


@dataclass(frozen=True)
class OnTable:
    """A package on the table: who would give what share of which lever under the terms of this meeting."""

    package: Package
    shares: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Question:
    """What a person has to decide. At a summit: the packages, which of them lies on the table, whether another may
    be had.
    """

    month: int
    state: str
    at: str
    table: tuple[OnTable, ...] = ()
    picked: int = -1
    may_push: bool = False

    def answers(self, options: Sequence[Option]) -> tuple[Decision, ...]:
        """Every decision that answers it; ``options`` are the state's menu."""
        if self.at == MOVES:
            return tuple(Decision(self.month, self.state, MOVES, option.name) for option in options)
        found = [Decision(self.month, self.state, self.at, choice) for choice in (ACCEPT, REFUSE)]
        others = [each.package.name for place, each in enumerate(self.table) if place != self.picked]
        pushes = [Decision(self.month, self.state, self.at, PUSH, name) for name in others if self.may_push]
        return (*found, *pushes)


@dataclass(frozen=True)
class MeetingSeen:
    """A summit as everybody saw it."""

    pair: Pair
    offer: OnTable | None
    deal: bool
    own_chance: Mapping[str, float]  # with which the model's own state would have signed, by side; for the debrief


@dataclass(frozen=True)
class MonthSeen:
    """A month as everybody saw it. ``levels`` are all variables at its end, ``odds`` (for the debrief) by state and
    option.
    """

    month: int
    events: tuple[Event, ...]
    moves: Mapping[str, Option]
    meetings: tuple[MeetingSeen, ...]
    levels: Mapping[str, float]
    odds: Mapping[str, tuple[float, ...]]


class _Undecided(Exception):  # noqa: N818 - it ends a play, it is no fault
    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.question = question


class UnfitDecisionError(ValueError):
    """A decision that does not answer the question it was kept for. ``place`` counts from 0."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


class Game(OneRun):
    """The play as far as its decisions reach. ``question`` is what comes next, None when the last month is over.

    ``seats`` are the states that people hold. ``stage`` and ``held`` say where in its month the play stands: the
    place of the stage in the month's order, and how many summits of the month are over. ``before_arguments`` are
    the variables of the month as its arguments were weighed.
    """

    column = COLUMN

    def __init__(self, scenario: Scenario, seed: int, seats: Sequence[str], decisions: Sequence[Decision]) -> None:
        super().__init__(scenario, runs=2, seed=seed, diary=True)
        self.seats = tuple(seats)
        self.decisions = tuple(decisions)
        self.question: Question | None = None
        self.stage = 0
        self.held = 0
        self.before_arguments: dict[str, Value] = dict(self.variables)
        self.start = self.levels()
        self.months: list[MonthSeen] = []
        self.met: list[MeetingSeen] = []
        self._used = 0
        for seat in self.seats:
            self.states[seat].behaviour = _Seat()
        self._play()

    def ask(self, question: Question) -> Decision:
        """The decision kept for this question. Ends the play where there is none; raises UnfitDecisionError for
        another's.
        """
        if self._used == len(self.decisions):
            raise _Undecided(question)
        decision = self.decisions[self._used]
        menu = self.states[question.state].menu
        if decision not in question.answers(menu.options if menu else ()):
            raise UnfitDecisionError(self._used)
        self._used += 1
        return decision

    def step(self) -> None:
        """Play one month, and remember how far it has come."""
        self.held, self.met = 0, []
        for place, name in enumerate(self.case.month.order):
            self.stage = place
            self._stages[name]()
        self.months.append(self._seen())
        self.month += 1

    def settle(self, meeting: Meeting, uniform: FloatArray) -> Meeting:
        """At a summit of somebody's the table ends as people decide; the other side signs by its own chance."""
        if not meeting.come[COLUMN]:
            self.held += 1
            return meeting
        own = self._own_chances(meeting)
        sides = [state for state in meeting.pair.between if state in self.seats]
        if sides and meeting.offers:
            picked, signed = self._at_the_table(meeting, sides)
            deal = meeting.come & (uniform < signed)
            meeting = replace(meeting, picked=np.full_like(meeting.picked, picked), deal=deal)
        place = int(meeting.picked[COLUMN])
        offer = self._on_table(meeting)[place] if meeting.offers else None
        self.met.append(MeetingSeen(meeting.pair, offer, bool(meeting.deal[COLUMN]), own))
        self.held += 1
        return meeting

    # -- pieces -----------------------------------------------------------------------------------------------------

    def _play(self) -> None:
        try:
            while not self.finished:
                self.step()
        except _Undecided as pause:
            self.question = pause.question
        if self._used < len(self.decisions):
            raise UnfitDecisionError(self._used)

    def _arguments(self) -> None:
        self.before_arguments = dict(self.variables)
        super()._arguments()

    def _at_the_table(self, meeting: Meeting, sides: Sequence[str]) -> tuple[int, FloatArray]:
        """Package and chance of a deal. Each speaks once; who spoke before another pushed is asked once more."""
        picked = int(meeting.picked[COLUMN])
        nothing = np.zeros_like(meeting.chance)
        again: list[str] = []
        for place, side in enumerate(sides):
            decision = self._ask_at(meeting, side, picked, may_push=True)
            if decision.choice == REFUSE:
                return picked, nothing
            if decision.choice == PUSH:
                picked = [offer.package.name for offer in meeting.offers].index(str(decision.package))
                again = list(sides[:place])
        for side in again:
            if self._ask_at(meeting, side, picked, may_push=False).choice == REFUSE:
                return picked, nothing
        others = [state for state in meeting.pair.between if state not in sides]
        signed = np.ones_like(nothing)
        for other in others:
            signed = signed * meeting.accepts[picked][other]
        return picked, signed

    def _ask_at(self, meeting: Meeting, side: str, picked: int, may_push: bool) -> Decision:
        return self.ask(Question(self.month, side, meeting.pair.id, self._on_table(meeting), picked, may_push))

    def _on_table(self, meeting: Meeting) -> tuple[OnTable, ...]:
        return tuple(OnTable(offer.package, self._shares(offer.shares)) for offer in meeting.offers)

    def _shares(self, shares: Shares) -> dict[str, dict[str, float]]:
        return {giver: {lever: self.at(part) for lever, part in parts.items()} for giver, parts in shares.items()}

    def _own_chances(self, meeting: Meeting) -> dict[str, float]:
        if not meeting.offers:
            return {}
        return {side: self.at(chance) for side, chance in meeting.accepts[int(meeting.picked[COLUMN])].items()}

    def _seen(self) -> MonthSeen:
        moves = {
            state.name: state.menu.options[int(state.choice[COLUMN])]
            for state in self.states.values()
            if state.menu is not None and state.choice is not None
        }
        odds = {name: tuple(self.at(each) for each in self.states[name].odds) for name in moves}
        events = tuple(event for event in self.plan.events if event.month == self.month)
        return MonthSeen(self.month, events, moves, tuple(self.met), self.levels(), odds)


class _Seat:
    """A state that a person holds: it does what was decided."""

    def move(self, state: State) -> np.ndarray:
        game = state.model
        assert isinstance(game, Game)
        assert state.menu is not None
        decision = game.ask(Question(game.month, state.name, MOVES))
        place = [option.name for option in state.menu.options].index(decision.choice)
        return np.full(game.runs, place, dtype=np.int8)

    def come(self, state: State, other: State, own: Value) -> Value:
        """As the model's own state would."""
        return own

    def sign(self, state: State, other: State, own: Sequence[FloatArray]) -> Sequence[FloatArray]:
        """The table is laid as if the model's own state sat there; what the person says comes after."""
        return own
