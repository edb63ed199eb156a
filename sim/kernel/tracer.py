"""Runs ``Diplomacy`` once with symbols in place of numbers, and writes each of its stages as a program on named slots.

Nothing here knows a formula: a stage is called as the model calls it, on variables that are slots, and the slots that
it has changed are its program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, cast

import numpy as np

from sim.inputs.case import Case
from sim.inputs.scenario import Occasion, Scenario
from sim.kernel.columns import Names
from sim.kernel.program import Program
from sim.kernel.structure import numbers_of, with_numbers
from sim.kernel.symbols import Symbol
from sim.kernel.wasm import MonthStream
from sim.model.calendar import Change, Due, Made
from sim.model.diplomacy import Diplomacy
from sim.model.satisfaction import satisfactions, wishes
from sim.model.states import Behaviour, State
from sim.model.streams import Streams
from sim.model.summits import Meeting
from sim.vocabulary import happens

NO_CHOICE_YET = -1.0  # of a state, before its first month: it counts as conceding
PLANNED = ("planned",)  # the occasion of whatever is planned next


class _SymbolicStreams(Streams):
    """Streams whose draws are slots."""

    def __init__(self, program: Program) -> None:
        super().__init__(seed=0, runs=1)
        self._program = program
        self.world_streams: dict[str, None] = {}
        self.month_streams: dict[str, MonthStream] = {}

    def world_uniforms(self, name: str) -> Any:
        self.world_streams[name] = None
        return Symbol(self._program, self._program.slot(f"w:{name}"))

    def monthly(self, name: str, rows: int = 1) -> Any:
        pair = name.removeprefix("summit/") if name.startswith("summit/") else None
        self.month_streams[name] = MonthStream(name, rows, pair)
        return _SymbolicMonths([Symbol(self._program, self._program.slot(f"u:{name}:{row}")) for row in range(rows)])


class _SymbolicMonths:
    def __init__(self, rows: list[Symbol]) -> None:
        self._rows = rows

    def month(self, month: Any) -> list[Symbol]:
        return [row.copy() for row in self._rows]


class _SymbolicCalendar:
    """Stands for any calendar: it answers with whatever the tracer has put into ``now``, by name."""

    def __init__(self, states: Iterator[str], slot: Callable[[str], Symbol]) -> None:
        self._moves = [Made(state, slot(f"move.{state}")) for state in states]  # type: ignore[arg-type]
        self.now: dict[str, Any] = {}

    def occasions(self, month: Any) -> list[Occasion]:
        return self.now.get("occasions", [])

    def changes(self, month: Any) -> list[Change]:
        return self.now.get("changes", [])

    def due(self, month: Any) -> list[Due]:
        return self.now.get("due", [])

    def pins(self, month: Any) -> list[Made]:
        return self.now.get("pins", [])

    def moves(self, month: Any) -> list[Made]:
        return self._moves

    def pinned_before(self, month: Any) -> list[Made]:
        return []

    def flags(self, month: Any) -> dict[str, float]:
        return {}


class _Seat:
    """What a state does by itself, unless a player in its seat decides to come or not (a slot at 0 or above).

    ``comes`` gives the slot that says so at the summit which is being traced, by state.
    """

    def __init__(self, own: Behaviour | None, comes: Callable[[str], Symbol]) -> None:
        self._own, self._comes = own, comes

    def move(self, state: State) -> Any:
        return state.choice if self._own is None else self._own.move(state)

    def come(self, state: State, other: State, own: Any) -> Any:
        chance = own if self._own is None else self._own.come(state, other, own)
        decided = self._comes(state.name)
        return np.where(decided >= 0, decided, chance)

    def sign(self, state: State, other: State, own: Sequence[Any]) -> Sequence[Any]:
        return own if self._own is None else self._own.sign(state, other, own)


class Tracer:
    """Runs one ``Diplomacy`` on symbols and keeps what every stage did to its slots in ``stages``."""

    def __init__(self, scenario: Scenario) -> None:
        self.program = Program()
        self.names = Names.of(scenario)
        self.numbers = tuple(numbers_of(scenario))
        self.streams = _SymbolicStreams(self.program)
        symbolic = with_numbers(scenario, lambda name, _: Symbol(self.program, self.program.slot(f"d:{name}")))
        self.model = Diplomacy(symbolic, runs=1, seed=0, streams=self.streams, diary=True)
        self.case = symbolic.case
        self.world = {f"v:{name}": self._node(value) for name, value in self.model.variables.items()}
        self.world |= {f"v:leverage {one}>{two}": self.program.constant(0) for one, two in self.names.dyads}
        self.world |= {f"v:choice.{state}": self.program.constant(NO_CHOICE_YET) for state in self.case.menus}
        self.occasions = tuple(occasion.id for occasion in scenario.occasions)
        self.model.variables[happens(*PLANNED)] = self._slot(happens(*PLANNED))  # type: ignore[assignment]
        self.calendar = _SymbolicCalendar(iter(self.case.menus), lambda name: self._slot(name))
        self.model.calendar = self.calendar  # type: ignore[assignment]
        self.model.month = self._slot("month")  # type: ignore[assignment]
        for state in self.model.states.values():
            state.behaviour = _Seat(state.behaviour, lambda side: self._slot(f"come.{self.pair}.{side}"))
        self.model.settle = self._settled  # type: ignore[method-assign]
        self.pair = ""  # whose summit is being traced
        self.drawn = {f"drawn {name}": self._node(value) for name, value in self.model.world.drawn.items()}
        self.held = {f"holds {id}": self._node(holds) for id, holds in self.model.holds.items()}
        self.caused = {f"cause {group}": self._node(self.model.world.causes[group]) for group in self.names.causes}
        self.stages: dict[str, dict[str, int]] = {}
        self.about = about(self.case)

    def traced(self) -> Tracer:
        """Record all stages. Raises Untraceable where the model cannot be written as a program."""
        model, case = self.model, self.case
        self._dyads_fed = self._find_dyads()
        self._take("derive", model._derive)
        derived = {f"v:{name}" for name in case.derived}
        model._derive = lambda: None  # type: ignore[method-assign]  # from here on it is a stage of its own
        for occasion in model.plan.occasions:
            drawn = replace(occasion, chance=self._slot("look.chance"))  # type: ignore[arg-type]
            self._take(f"look.{occasion.id}", model._look, occasions=[drawn])
        by, of_now, of_start = (self._slot(f"change.{each}") for each in ("by", "of_now", "of_start"))
        for name in case.variables:
            change = Change(name, by, of_now, of_start, PLANNED)  # type: ignore[arg-type]
            self._take(f"change.{name}", model._events, changes=[change])
            self._take(f"pin.{name}", model._pins, pins=[Made(name, by, PLANNED)])  # type: ignore[arg-type]
        for stage in case.month.order:
            if stage not in ("events", "summits", "pins"):
                self._take(stage, model._stages[stage])
        for pair in case.pairs:
            self._take_summit(pair)
        self._take_odds()
        assert not any(derived & set(outputs) for name, outputs in self.stages.items() if name != "derive")
        return self

    def _take(self, name: str, stage: Callable[[], object], **calendar: Any) -> None:
        """Record a stage as the slots that it changes."""
        self._reset()
        self.calendar.now = calendar
        stage()
        found = self._state()
        self.stages[name] = {slot: node for slot, node in found.items() if node != self.program.slot(slot)}

    def _take_summit(self, pair: str) -> None:
        """Record three functions: leverage between two summits of a month, the summit, and its facts for a story."""
        model, self.pair = self.model, pair
        opens, planned, certain = (self._slot(f"due.{each}") for each in ("opens", "planned", "certain"))
        due = Due(pair, opens, planned, certain, PLANNED)  # type: ignore[arg-type]
        hold, model._hold = model._hold, lambda due: None  # type: ignore[method-assign]
        self._take(f"leverage.{pair}", model._summits, due=[due, due])
        model._hold = hold  # type: ignore[method-assign]
        model.meetings.clear()
        self._take(f"summit.{pair}", model._summits, due=[due])
        (meeting,) = model.meetings
        self.stages[f"meeting.{pair}"] = {f"v:meeting.{pair}.{path}": node for path, node in _symbols(meeting, "")}

    def _settled(self, meeting: Meeting, draw: Any) -> Meeting:
        """A meeting in which a player may push for an offer, sign or refuse it (slots at 0 or above)."""
        if not meeting.offers:
            return meeting
        pushed, signed = self._slot(f"pick.{self.pair}"), cast("Any", 0.0)
        picked = np.where(pushed >= 0, pushed, meeting.picked)
        decided = {side: self._slot(f"sign.{self.pair}.{side}") for side in meeting.pair.between}
        for place, (offer, accepts) in enumerate(zip(meeting.offers, meeting.accepts, strict=True)):
            one, two = (np.where(decided[side] >= 0, decided[side], chance) for side, chance in accepts.items())
            signed = np.where(picked >= place, one * two * offer.package.on, signed)
        return replace(meeting, picked=picked, deal=meeting.come & (draw < signed))

    def _take_odds(self) -> None:
        """Record what each state wants changed and the odds of its options, for a story."""
        self._reset()
        wanted = {
            f"v:wants.{state.name}.{issue}": self._node(each)
            for state in self.model.states.values()
            for issue, each in wishes(self.case, state.side, self.model.variables).items()
        }
        self.model._moves()
        self.stages["odds"] = wanted | {
            f"v:odds.{state.name}.{place}": self._node(each)
            for state in self.model.states.values()
            for place, each in enumerate(state.odds)
        }

    def columns(self) -> tuple[dict[str, int], dict[str, int]]:
        """What is recorded every month, and at the end."""
        self._reset()
        model, names = self.model, self.names
        classes = model.outcomes()
        now = model.variables | model.last_measures
        columns = {"class": self._node(classes)} | {name: self._node(now[name]) for name in names.series}
        columns |= {
            f"leverage {one}>{two}": self._node(model.leverage.get((one, two), 0.0)) for one, two in names.dyads
        }
        found = model.variables | model.measures()
        found |= {f"satisfaction.{state}": value for state, value in satisfactions(model).items()}
        return columns, {name: self._node(found[name]) for name in names.finals}

    def _find_dyads(self) -> list[tuple[str, str]]:
        self._reset_variables()
        self.model._arguments()
        return list(self.model.leverage)

    def _reset_variables(self) -> None:
        for name in self.model.variables:
            if not self._kept(name):
                self.model.variables[name] = self._slot(name)  # type: ignore[assignment]

    def _kept(self, name: str) -> bool:
        """Whether a variable belongs to the world and no stage changes it."""
        return name in self.case.parameters or name == "met_fades" or name.startswith("start.")

    def _reset(self) -> None:
        """Make everything that the months change a slot again."""
        self._reset_variables()
        self.model.leverage = {
            dyad: self._slot("leverage {}>{}".format(*dyad))  # type: ignore[misc]
            for dyad in self._dyads_fed
        }
        for state in self.model.states.values():
            if state.menu is not None:
                state.choice = self._slot(f"choice.{state.name}")  # type: ignore[assignment]
        self.calendar.now = {}

    def _state(self) -> dict[str, int]:
        model = self.model
        found = {f"v:{name}": self._node(value) for name, value in model.variables.items() if not self._kept(name)}
        found |= {f"v:leverage {one}>{two}": self._node(value) for (one, two), value in model.leverage.items()}
        return found | {
            f"v:choice.{state.name}": self._node(state.choice)
            for state in model.states.values()
            if state.menu is not None
        }

    def _slot(self, name: str) -> Symbol:
        return Symbol(self.program, self.program.slot(f"v:{name}"))

    def _node(self, value: Any) -> int:
        """The node of a value, as a number."""
        if isinstance(value, Symbol):
            return self.program.number(value.node)
        return self.program.constant(float(value.flat[0] if hasattr(value, "flat") else value))


def about(case: Case) -> dict[str, object]:
    """What a page needs to know of the case."""
    return {
        "sides": {name: list(pair.between) for name, pair in case.pairs.items()},
        "offers": {
            pair: [
                {"package": package.name, "push": push}
                for push in case.bargaining[pair].haggle
                for package in case.packages.values()
                if package.pair == pair
            ]
            for pair in case.pairs
        },
        "states": {
            name: [option.name for option in case.menus[name].options] if name in case.menus else []
            for name in case.states
        },
        "flags": [
            {"name": flag.name, "pairs": list(flag.pairs), "within": flag.within} for flag in case.flags.values()
        ],
        "exogenous": [name for name, variable in case.variables.items() if variable.kind == "exogenous"],
        "fatal": case.month.hazard.measure if case.month.hazard else None,
    }


def _symbols(value: Any, path: str) -> Iterator[tuple[str, int]]:
    """(path, node) of every symbol in a meeting."""
    if isinstance(value, Symbol):
        yield path.lstrip("."), value.program.number(value.node)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _symbols(each, f"{path}.{key}")
    elif isinstance(value, tuple):
        for place, each in enumerate(value):
            yield from _symbols(each, f"{path}.{place}")
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            if field.name not in ("pair", "package"):
                yield from _symbols(getattr(value, field.name), f"{path}.{field.name}")
