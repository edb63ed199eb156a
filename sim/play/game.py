"""A game: one run of a scenario in which people decide for one or more states.

A game is a function of its scenario, its seed and the decisions so far, and is played from the start each time (a tenth
of a second). So undo drops the last decision, and a saved game is the list of decisions. Where a decision is needed and
there is none yet, the play ends with the question to ask, which holds nothing of the hidden world.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from sim.analysis.story import OneRun
from sim.inputs.case import Option
from sim.inputs.scenario import Scenario, Summit
from sim.model.assumptions import Value, World
from sim.model.calendar import ASKED, Calendar, Due
from sim.model.satisfaction import gains
from sim.model.states import State
from sim.model.streams import FloatArray
from sim.model.summits import Meeting
from sim.play.decisions import (
    BRING_FORWARD,
    COME,
    EARLY,
    GO,
    MOVES,
    PUSH,
    REFUSE,
    Decision,
    MeetingSeen,
    MonthSeen,
    OnTable,
    Question,
    UnfitDecisionError,
)
from sim.vocabulary import gain, happens

COLUMN = 0  # the run that is played, of the two in its world


class _Undecided(Exception):  # noqa: N818 - it ends a play and is no error
    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.question = question


class BroughtForward(Calendar):
    """A scenario's calendar with summits that players have asked for a month early: (month asked for, pair)."""

    def __init__(self, scenario: Scenario, asked: frozenset[tuple[int, str]]) -> None:
        super().__init__(scenario)
        self.asked = asked

    def due(self, month: int) -> list[Due]:
        """The summits due; those asked for come last, and if one fails nothing is counted and the planned one stays."""
        planned = [
            replace(due, opens=0.0) if (month - 1, due.pair) in self.asked else due for due in super().due(month)
        ]
        return planned + [Due(pair, 1.0, ASKED, 0.0) for when, pair in sorted(self.asked) if when == month]


class Game(OneRun):
    """The play as far as its decisions reach. ``question`` is what comes next, None when the last month is over.

    ``seats`` are the states that people play. ``stage`` and ``held`` say how far the play is in its month: the place of
    the stage in the month's order, and how many summits of the month are over. ``before_arguments`` are the variables
    on which the month's arguments were weighed.
    """

    calendar: BroughtForward
    column = COLUMN

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        seats: Sequence[str],
        decisions: Sequence[Decision],
        world: World | None = None,
    ) -> None:
        super().__init__(scenario, runs=2, seed=seed, diary=True, world=world)
        self.seats = tuple(seats)
        self.decisions = tuple(decisions)
        self.question: Question | None = None
        self.calendar = BroughtForward(scenario, frozenset())
        self.stage = 0
        self.held = 0
        self.due: Due | None = None
        # by month, pair and seat: the chance that the model's own state comes
        self.own_wishes: dict[tuple[int, str, str], float] = {}
        self.before_arguments: dict[str, Value] = dict(self.variables)
        self.start = self.levels()
        self.months: list[MonthSeen] = []
        self.met: list[MeetingSeen] = []
        self._used = 0
        for seat in self.seats:
            self.states[seat].behaviour = _Seat()
        self._play()

    def again(self, decisions: Sequence[Decision]) -> Game:
        """The same game with these decisions. Its world is not drawn again, which is half of the work."""
        return Game(self.plan, self.streams.seed, self.seats, decisions, self.world)

    @property
    def open_question(self) -> Question:
        """The question that comes next. Raises ValueError when the game is over."""
        if self.question is None:
            raise ValueError("the game is over: nothing is asked")
        return self.question

    def options(self, state: str) -> tuple[Option, ...]:
        """What a state can choose among in the month's moves."""
        menu = self.states[state].menu
        return tuple(menu.options) if menu else ()

    def answers(self) -> tuple[Decision, ...]:
        """Every answer to the question that comes next."""
        return self.open_question.answers(self.options(self.open_question.state))

    def ask(self, question: Question) -> Decision:
        """The decision on this question. Ends the play where there is none; raises UnfitDecisionError where the next
        decision answers another question.
        """
        if self._used == len(self.decisions):
            raise _Undecided(question)
        decision = self.decisions[self._used]
        if decision not in question.answers(self.options(question.state)):
            raise UnfitDecisionError(self._used)
        self._used += 1
        return decision

    def step(self) -> None:
        """Play one month, and record how far it has come."""
        self.held, self.met = 0, []
        self._look()
        for place, name in enumerate(self.case.month.order):
            self.stage = place
            self._stages[name]()
        self.months.append(self._seen())
        self.month += 1

    def comes(self, side: str, own: Value) -> Value:
        """Whether a player comes to the summit that is due; nobody is asked if it is certain or already over."""
        due = self.due
        assert due is not None
        still_open = self.at(self.variables[f"open.{due.pair}"]) > 0 or due.opens > 0
        called_for = still_open and all(self.at(self.variables[happens(each)]) > 0 for each in due.where)
        if due.certain or not called_for or not due.planned:
            return own
        if due.planned == ASKED and side in self._hurriers(due.pair):
            return 1.0
        self.own_wishes[self.month, due.pair, side] = self.at(own)
        return float(self.ask(Question(self.month, side, COME + due.pair)).choice == GO)

    def settle(self, meeting: Meeting, draw: FloatArray) -> Meeting:
        """A summit of a player ends as players decide; a side without a player signs by its own chance."""
        came = meeting.attendance
        if not meeting.come[COLUMN]:
            self.held += 1
            if came.tried[COLUMN]:
                away = tuple(side for side, stays in came.refused.items() if stays[COLUMN])
                asked = self._hurriers(meeting.pair.id)
                away = away or tuple(side for side in meeting.pair.between if side not in asked)
                self.met.append(self._met(meeting, None, {}, away))
            return meeting
        sides = [state for state in meeting.pair.between if state in self.seats]
        signs: dict[str, Value] = dict(meeting.accepts[int(meeting.picked[COLUMN])]) if meeting.offers else {}
        if sides and meeting.offers:
            picked, signs = self._at_the_table(meeting, sides)
            signed = np.prod([np.broadcast_to(each, meeting.draw.shape) for each in signs.values()], axis=0)
            deal = meeting.come & (draw < signed)
            meeting = replace(meeting, picked=np.full_like(meeting.picked, picked), deal=deal)
        offer = self._on_table(meeting)[int(meeting.picked[COLUMN])] if meeting.offers else None
        self.met.append(self._met(meeting, offer, signs, ()))
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

    def _met(
        self, meeting: Meeting, offer: OnTable | None, signs: Mapping[str, Value], away: tuple[str, ...]
    ) -> MeetingSeen:
        early = (self.month, meeting.pair.id) in self.calendar.asked
        own = self.each(meeting.accepts[int(meeting.picked[COLUMN])]) if meeting.offers else {}
        return MeetingSeen(
            meeting.pair, offer, bool(meeting.deal[COLUMN]), own, not away, away, early, self.each(signs),
            self.each(meeting.attendance.wishes),
        )  # fmt: skip

    def _arguments(self) -> None:
        self.before_arguments = dict(self.variables)
        super()._arguments()

    def _moves(self) -> None:
        for seat in self.seats:
            for summit in self._next_month(seat):
                decision = self.ask(Question(self.month, seat, EARLY + summit.pair))
                if decision.choice == BRING_FORWARD:
                    self.calendar = BroughtForward(self.plan, self.calendar.asked | {(self.month, summit.pair)})
        super()._moves()

    def _next_month(self, seat: str) -> list[Summit]:
        """The summits that a seat may ask for a month early: planned for the next month, and not certain."""
        order = self.case.month.order
        if order.index("summits") < order.index("moves"):
            return []
        return [
            summit
            for summit in self.plan.summits
            if summit.month == self.month + 1 and not summit.certain and not summit.early and summit.occasion is None
            and seat in self.case.pairs[summit.pair].between
            and (self.month, summit.pair) not in self.calendar.asked
            and all(other.pair != summit.pair for other in self.calendar.summits(self.month))
        ]  # fmt: skip

    def _hurriers(self, pair: str) -> list[str]:
        """The seats that have asked for a pair's summit this month."""
        asked = [each for each in self.decisions if each.month == self.month and each.at == EARLY + pair]
        return [each.state for each in asked if each.choice == BRING_FORWARD]

    def _hold(self, due: Due) -> None:
        self.due = due
        super()._hold(due)

    def _at_the_table(self, meeting: Meeting, sides: Sequence[str]) -> tuple[int, dict[str, Value]]:
        """The package, and the chance with which each side signs it.

        Each player is asked once, and once more if the other has pushed another package since.
        """
        picked = int(meeting.picked[COLUMN])
        again: list[str] = []
        for place, side in enumerate(sides):
            decision = self._ask_at(meeting, side, picked, may_push=True)
            if decision.choice == REFUSE:
                return picked, {**meeting.accepts[picked], side: 0.0}
            if decision.choice == PUSH:
                picked = [each.key for each in self._on_table(meeting)].index(str(decision.package))
                again = list(sides[:place])
        for side in again:
            if self._ask_at(meeting, side, picked, may_push=False).choice == REFUSE:
                return picked, {**meeting.accepts[picked], side: 0.0}
        return picked, {**meeting.accepts[picked], **dict.fromkeys(sides, 1.0)}

    def _ask_at(self, meeting: Meeting, side: str, picked: int, may_push: bool) -> Decision:
        return self.ask(Question(self.month, side, meeting.pair.id, self._on_table(meeting), picked, may_push))

    def _on_table(self, meeting: Meeting) -> tuple[OnTable, ...]:
        return tuple(OnTable(offer.package, self.given(offer), offer.push) for offer in meeting.offers)

    def _seen(self) -> MonthSeen:
        moves = {
            state.name: state.menu.options[int(state.choice[COLUMN])]
            for state in self.states.values()
            if state.menu is not None and state.choice is not None
        }
        odds = {name: tuple(self.at(each) for each in self.states[name].odds) for name in moves}
        events = tuple(e for e in self.plan.events if e.month == self.month and self.comes_about(e))
        return MonthSeen(self.month, events, moves, tuple(self.met), self.levels(), odds, self.scores())

    def scores(self) -> dict[str, float]:
        """How far each seat has come of the way to all it wants, of 100."""
        found = gains(self, self._at_start, None)
        return {seat: 100 * self.at(found[gain(seat)]) for seat in self.seats}


class _Seat:
    """The behaviour of a state that a person plays: it does what was decided."""

    def move(self, state: State) -> np.ndarray:
        game = state.model
        assert isinstance(game, Game)
        assert state.choice is not None
        if game.at(game.forced[state.name]) >= 0:
            return state.choice  # an event makes it act: there is nothing to decide
        decision = game.ask(Question(game.month, state.name, MOVES))
        place = [option.name for option in game.options(state.name)].index(decision.choice)
        return np.full(game.runs, place, dtype=np.int8)

    def come(self, state: State, other: State, own: Value) -> Value:
        game = state.model
        assert isinstance(game, Game)
        return game.comes(state.name, own)

    def sign(self, state: State, other: State, own: Sequence[FloatArray]) -> Sequence[FloatArray]:
        """The model's own chances, which choose the package on the table; the player decides afterwards."""
        return own
