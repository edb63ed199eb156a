"""What happens and when: summits and events of a scenario, in months counted from the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sim.inputs.resolver import Resolver, fixed
from sim.inputs.schema_faults import Findings, show
from sim.inputs.schema_scenario import ScenarioFile
from sim.inputs.schema_types import LARGEST, month_of
from sim.inputs.yaml_source import KeyPath

Action: TypeAlias = Literal["set", "shift", "pin", "move"]
ROWS = ("summits", "events")
ACTIONS: tuple[Action, ...] = ("set", "shift", "pin")  # what happens to a variable


@dataclass(frozen=True)
class Summit:
    """A meeting of a pair that is planned, tried from ``early`` months before its month to ``late`` months after it."""

    month: int
    pair: str
    note: str = ""
    certain: bool = False  # held, whatever the two wish
    early: int = 0
    late: int = 0


@dataclass(frozen=True)
class Event:
    """Something that happens from outside: a variable is set once, shifted once or pinned, or a state makes a move."""

    month: int
    action: Action
    variable: str  # a state, where it moves
    value: float  # place of the option in the state's menu, where it moves
    note: str = ""
    until: int | None = None  # first month in which it no longer holds
    option: str = ""  # name of the move


def month_index(to: Resolver, path: KeyPath, month: int | str, first_month: tuple[int, int]) -> int | None:
    """The number of a month counted from the first; None before it, which is a fault."""
    if isinstance(month, int):
        return month
    year, number = month_of(month)
    index = (year - first_month[0]) * 12 + number - first_month[1]
    if index < 0:
        to.findings.add(path, month, f"not before the first month, {month_name(0, first_month)}")
        return None
    return index


def month_name(index: int, first_month: tuple[int, int]) -> str:
    """The month as written: `2018-03`."""
    months = first_month[0] * 12 + first_month[1] - 1 + index
    return f"{months // 12:04}-{months % 12 + 1:02}"


def resolve_summits(to: Resolver, first_month: tuple[int, int]) -> tuple[Summit, ...]:
    """The summits by month, in list order within a month."""
    found: dict[tuple[int, str], Summit] = {}
    for index, given in enumerate(to.names.case.summits):
        path = ("summits", index)
        month = month_index(to, (*path, "month"), given.month, first_month)
        pair = _pair(to, (*path, "between"), given.between)
        if pair is None or month is None:
            continue
        if (month, pair) in found:
            when = month_name(month, first_month)
            to.findings.add(path, f"{' and '.join(given.between)} again in {when}", "each two states once in a month")
        summit = Summit(month, pair, given.note, given.certain, given.early, given.late)
        for other in found.values():
            if other.pair == pair and (month, pair) not in found and _overlap(other, summit):
                to.findings.add(
                    (*path, "early" if given.early else "late"),
                    f"months that the meeting of {month_name(other.month, first_month)} has too",
                    "windows of one pair that do not overlap",
                )
                break
        found[month, pair] = summit
    return tuple(sorted(found.values(), key=lambda summit: summit.month))


def _overlap(one: Summit, two: Summit) -> bool:
    """Whether the months in which two meetings may be held have one in common."""
    return one.month - one.early <= two.month + two.late and two.month - two.early <= one.month + one.late


def _pair(to: Resolver, path: KeyPath, between: list[str]) -> str | None:
    """The pair of two states that can meet."""
    known = [to.findings.known((*path, side), state, to.names.states, "state") for side, state in enumerate(between)]
    if not all(known):
        return None
    pair = to.names.pair_of(*between)
    if pair is None or between[0] == between[1]:
        pairs = ", ".join(" and ".join(given.between) for given in to.names.case.pairs.values())
        to.findings.add(path, " and ".join(between), f"two states that can meet: {pairs}")
        return None
    return pair


def resolve_events(to: Resolver, first_month: tuple[int, int]) -> tuple[Event, ...]:
    """The events by month, in list order within a month."""
    found: list[Event] = []
    for index, given in enumerate(to.names.case.events):
        path = ("events", index)
        month = month_index(to, (*path, "month"), given.month, first_month)
        until = None if given.until is None else month_index(to, (*path, "until"), given.until, first_month)
        if month is not None and until is not None and until <= month:
            to.findings.add((*path, "until"), given.until, "a month after the event's own")
        for action in ACTIONS:
            for variable, value in (getattr(given, action) or {}).items():
                if _check_level(to, (*path, action, variable), action, variable, value) and month is not None:
                    found.append(Event(month, action, variable, float(value), given.note, until))
                    _check_held(to, (*path, action, variable), found)
        for state, option in (given.move or {}).items():
            place = _place_of_move(to, (*path, "move", state), state, option)
            if place is not None and month is not None:
                found.append(Event(month, "move", state, float(place), given.note, None, option))
    return tuple(sorted(found, key=lambda event: event.month))


def _place_of_move(to: Resolver, path: KeyPath, state: str, option: str) -> int | None:
    """Where an option stands in a state's menu."""
    menus = to.names.case.moves
    if not to.findings.known(path, state, menus, "state with moves", at_key=True):
        return None
    names = [given.name for given in menus[state].options]
    return names.index(option) if to.findings.known(path, option, names, f"move of {state}") else None


def _check_held(to: Resolver, path: KeyPath, events: Sequence[Event]) -> None:
    """Notes an event that meets a pin of its variable, and an end that means nothing."""
    last = events[-1]
    exogenous = to.names.case.variables[last.variable].kind == "exogenous"
    if last.until is not None and last.action == "set" and not exogenous:
        to.findings.add((*path[:-2], "until"), last.variable, "with pin, or with set of an exogenous variable")
    for other in events[:-1]:
        if other.variable == last.variable and "pin" in (other.action, last.action) and other.action != last.action:
            pin, change = (other, last) if other.action == "pin" else (last, other)
            if pin.month <= change.month and (pin.until is None or change.month < pin.until):
                held = f"it is pinned from month {pin.month}"
                end = "" if pin.until is None else f" to month {pin.until}"
                allowed = f"none while {held}{end}: end the pin with until, or drop_events: [{last.variable}]"
                to.findings.add(path, f"{change.action} of {last.variable} in month {change.month}", allowed)
                return


def _check_level(to: Resolver, path: KeyPath, action: Action, variable: str, value: float) -> bool:
    """Whether the variable exists; a level or a shift out of bounds is noted."""
    if not known_variable(to.findings, path, variable, to.names.case):
        return False
    given = to.names.case.variables[variable]
    if given.reading:
        to.findings.add(path, show(variable), "a variable that something follows from: this one records", at_key=True)
        return False
    high = LARGEST if given.unbounded else 1.0
    to.inside(path, fixed(value), -high if action == "shift" else 0.0, high)
    return True


def known_variable(findings: Findings, path: KeyPath, variable: str, case: ScenarioFile) -> bool:
    """Whether something from outside can happen to a variable of this name; if not, that is a fault of the key."""
    if variable in case.derived:
        findings.add(path, show(variable), "a variable that is not computed from others", at_key=True)
        return False
    return findings.known(path, variable, case.variables, "variable", at_key=True)
