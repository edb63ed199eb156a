"""Scripted behaviour: simple rules, whose effect one can foresee, in place of a state's own choices.

In a menu the options before the reference concede, the reference holds, those after it press. A scenario names a rule
under ``behaviour:``; in Python any object with ``move``, ``come`` and ``sign`` may be used:

>>> model.states[name].behaviour = BEHAVIOURS["tit-for-tat"]   # doctest: +SKIP
"""

from collections.abc import Mapping, Sequence

import numpy as np

from sim.inputs.case import Menu
from sim.model.assumptions import Value
from sim.model.states import Behaviour, State
from sim.model.streams import FloatArray

CONCEDE, HOLD, PRESS = -1, 0, 1


def place_of(menu: Menu, stance: int) -> int:
    """The option of a menu that takes this stance; the reference where the menu has none."""
    reference = reference_of(menu)
    if stance == CONCEDE:
        return 0
    return reference if stance == HOLD else len(menu.options) - 1


def stance_of(menu: Menu, choice: np.ndarray) -> np.ndarray:
    """CONCEDE, HOLD or PRESS of each run's choice, int8."""
    return np.sign(choice.astype(np.int8) - reference_of(menu)).astype(np.int8)


def reference_of(menu: Menu) -> int:
    """Place of the reference option."""
    return next(place for place, option in enumerate(menu.options) if option.reference)


class Always:
    """The same stance every month.

    A state that concedes comes to every summit that is due and signs whatever is on the table; one that holds comes and
    signs nothing; one that presses never comes.
    """

    def __init__(self, stance: int) -> None:
        self.stance = stance

    def move(self, state: State) -> np.ndarray:
        assert state.menu is not None
        return np.full(state.model.runs, place_of(state.menu, self.stance), dtype=np.int8)

    def come(self, state: State, other: State, own: Value) -> Value:
        return 0.0 if self.stance == PRESS else 1.0

    def sign(self, state: State, other: State, own: Sequence[FloatArray]) -> Sequence[FloatArray]:
        chance = 1 if self.stance == CONCEDE else 0
        return [np.full_like(each, chance) for each in own]


class TitForTat:
    """Concedes at first and then answers in kind (Axelrod 1984).

    It does what most of the states that it can meet did last month (concede or press), and holds where they balance.
    It comes to a summit, and signs there, unless the other side pressed this month; states without a menu never press.
    """

    def move(self, state: State) -> np.ndarray:
        assert state.menu is not None
        stances = [_stance(each, state.model.last_choices.get(each.name)) for each in partners(state)]
        seen = [stance for stance in stances if stance is not None]
        if not seen:
            return np.full(state.model.runs, place_of(state.menu, CONCEDE), dtype=np.int8)
        balance = sum(seen[1:], start=seen[0])
        concede, hold, press = (place_of(state.menu, stance) for stance in (CONCEDE, HOLD, PRESS))
        return np.where(balance < 0, concede, np.where(balance > 0, press, hold)).astype(np.int8)

    def come(self, state: State, other: State, own: Value) -> Value:
        stance = _stance(other, other.choice)
        return 1.0 if stance is None else (stance != PRESS).astype(np.float32)

    def sign(self, state: State, other: State, own: Sequence[FloatArray]) -> Sequence[FloatArray]:
        stance = _stance(other, other.choice)
        if stance is None:
            return [np.ones_like(each) for each in own]
        return [(stance != PRESS).astype(np.float32)] * len(own)


BEHAVIOURS: Mapping[str, Behaviour | None] = {
    "model": None,
    "always-hold": Always(HOLD),
    "always-concede": Always(CONCEDE),
    "always-press": Always(PRESS),
    "tit-for-tat": TitForTat(),
}


def partners(state: State) -> list[State]:
    """The states that this one can hold a summit with."""
    pairs = state.model.case.pairs.values()
    return [state.model.states[pair.other(state.name)] for pair in pairs if state.name in pair.between]


def _stance(state: State, choice: np.ndarray | None) -> np.ndarray | None:
    return None if choice is None or state.menu is None else stance_of(state.menu, choice)
