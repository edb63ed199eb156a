"""The states: Mesa agents, each living in every run of a block at once.

A state's attributes are arrays over runs, so its code reads like one state in one run. Each month all states choose
from their menus at once (simultaneous logit choice) and then act.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from typing import Protocol
from weakref import WeakKeyDictionary

import mesa
import numpy as np

from sim.inputs.arithmetic import evaluate
from sim.inputs.case import Case, Menu
from sim.inputs.case import State as Portrait
from sim.model.assumptions import Value, World, single
from sim.model.logit import logit_weights
from sim.model.packages import Side, ideal_now
from sim.model.satisfaction import Society
from sim.model.streams import FloatArray, MonthlyStream
from sim.model.summits import Scripted, weigh


class Surroundings(Society, Protocol):
    """The model that a state lives in, as far as states, behaviours and reporters look at it."""

    month: int
    diary: bool
    holds: Mapping[str, FloatArray]
    forced: dict[str, Value]
    shares: np.ndarray
    states: dict[str, State]
    last_choices: dict[str, np.ndarray | None]

    def change(self, variable: str, amount: Value) -> None: ...

    def raise_to(self, variable: str, level: Value) -> None: ...


class Behaviour(Protocol):
    """A rule in place of a state's own choices (``behaviours.py`` has some). One object may serve many states."""

    def move(self, state: State) -> np.ndarray:
        """Place of the option taken this month, int8, shape (runs,); ``state.choice`` is what the model would take."""

    def come(self, state: State, other: State, own: Value) -> Value:
        """Chance to come to a summit with ``other`` that is due; ``own`` is the model's."""

    def sign(self, state: State, other: State, own: Sequence[FloatArray]) -> Sequence[FloatArray]:
        """Chance to sign each offer on the table with ``other``, shape (runs,); ``own`` is the model's."""


class NumbersOfAgents:
    """Mesa 3.3's counter of agents, kept only as long as the model: Mesa's own keeps every model in memory."""

    def __init__(self) -> None:
        self._numbers: WeakKeyDictionary[mesa.Model, Iterator[int]] = WeakKeyDictionary()

    def __getitem__(self, model: mesa.Model) -> Iterator[int]:
        return self._numbers.setdefault(model, count(1))


class State(mesa.Agent):
    """One state in every run.

    ``side`` holds its ideal points and saliences by issue, ``choice`` the place of the option it took this month in
    its menu (int8, shape (runs,); None before the first choice), ``odds`` (with a diary) the probability of each option
    by the model's rule. ``behaviour`` replaces that rule, when it is set.
    """

    model: Surroundings
    _ids = NumbersOfAgents()

    def __init__(
        self, model: Surroundings, portrait: Portrait, world: World, menu: Menu | None, stream: MonthlyStream
    ) -> None:
        super().__init__(model)
        self.name = portrait.name
        self.label = portrait.label
        self.side = Side(
            portrait.name,
            {issue: world.spread(value) for (state, issue), value in world.ideals.items() if state == self.name},
            {issue: world.spread(value) for (state, issue), value in world.saliences.items() if state == self.name},
        )
        self.menu = menu
        self.choice: np.ndarray | None = None
        self.odds: list[Value] = []
        self.behaviour: Behaviour | None = None
        self._stream = stream

    def __repr__(self) -> str:
        options = 0 if self.menu is None else len(self.menu.options)
        return f"<{type(self).__name__} {self.name}: {options} options a month>"

    def choose(self) -> None:
        """Pick an option by one uniform per run: P(k) proportional to exp(lam_act u_k), the reference at u = 0.

        Where events make the state act (``model.forced``, the place of an option; below 0 none), it does that instead.
        """
        if self.menu is None:
            return
        weights = logit_weights([self._power(place) for place in range(len(self.menu.options))])
        total = weights[0]
        for weight in weights[1:]:
            total = total + weight
        point = self._stream.month(self.model.month)[0] * total
        self.choice = np.zeros(self.model.runs, dtype=np.int8)
        reach: Value = 0.0
        for weight in weights[:-1]:
            reach = reach + weight
            self.choice = self.choice + (point >= reach)
        self.odds = [weight / total for weight in weights] if self.model.diary else []
        if self.behaviour is not None:
            self.choice = self.behaviour.move(self)
        made = self.model.forced[self.name]
        if not isinstance(made, float) or made >= 0:
            self.choice = np.where(made >= 0, single(made), self.choice).astype(np.int8)

    def act(self) -> None:
        """Add what the chosen option does to this month's changes, which the model then scales by ``step``."""
        if self.menu is None or self.choice is None:
            return
        for place, option in enumerate(self.menu.options):
            if not option.effects and not option.at_least:
                continue
            done = (self.choice == place).astype(np.float32)
            for variable, change in option.effects.items():
                self.model.change(variable, done * evaluate(change, self.model.variables))
            for variable, level in option.at_least.items():
                self.model.raise_to(variable, done * evaluate(level, self.model.variables))

    def gap(self, issue: str) -> Value:
        """Salience times (ideal minus present level): positive where the state wants more of it."""
        case, variables = self.model.case, self.model.variables
        levels = {f"level.{name}": evaluate(case.issues[name].now, variables) for name in _levels(case, issue)}
        wanted = ideal_now(case, self.side, issue, variables, levels)
        return self.side.saliences[issue] * (wanted - levels[f"level.{issue}"])

    def _power(self, place: int) -> Value:
        """lam_act u of one option; 0 for the reference."""
        assert self.menu is not None
        option, variables = self.menu.options[place], self.model.variables
        if option.reference:
            return 0.0
        utility: Value = option.constant
        if option.bias is not None:
            utility = variables[option.bias] + utility
        for term in option.utility:
            utility = utility + weigh(term, variables, self.model.holds)
        return variables["lam_act"] * utility


def scripted(one: State, two: State) -> Scripted:
    """How the sides of a summit that have a behaviour of their own come and sign."""
    own = [(state, other, state.behaviour) for state, other in ((one, two), (two, one))]
    return Scripted(
        {state.name: partial(rule.come, state, other) for state, other, rule in own if rule is not None},
        {state.name: partial(rule.sign, state, other) for state, other, rule in own if rule is not None},
    )


def _levels(case: Case, issue: str) -> set[str]:
    """The issue itself and those its ideal point depends on."""
    times = case.issues[issue].ideal_times
    names = times.of.names if times else ()
    return {issue, *(name.removeprefix("level.") for name in names if name.startswith("level."))}
