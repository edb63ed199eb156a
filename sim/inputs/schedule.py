"""What happens and when: summits and events of a scenario, in months counted from the first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from sim.inputs.resolver import Resolver, fixed
from sim.inputs.schema_faults import Findings, show
from sim.inputs.schema_scenario import ScenarioFile
from sim.inputs.schema_types import LARGEST, month_of
from sim.inputs.yaml_source import KeyPath

Action: TypeAlias = Literal["set", "shift", "pin"]
ROWS = ("summits", "events")
ACTIONS: tuple[Action, ...] = ("set", "shift", "pin")


@dataclass(frozen=True)
class Summit:
    """A meeting of a pair."""

    month: int
    pair: str
    note: str = ""


@dataclass(frozen=True)
class Event:
    """Something that happens to a variable from outside: set once, shifted once, or pinned from then on."""

    month: int
    action: Action
    variable: str
    value: float
    note: str = ""


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
        found[month, pair] = Summit(month, pair, given.note)
    return tuple(sorted(found.values(), key=lambda summit: summit.month))


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
        for action in ACTIONS:
            for variable, value in (getattr(given, action) or {}).items():
                if _check_level(to, (*path, action, variable), action, variable, value) and month is not None:
                    found.append(Event(month, action, variable, float(value), given.note))
    return tuple(sorted(found, key=lambda event: event.month))


def _check_level(to: Resolver, path: KeyPath, action: Action, variable: str, value: float) -> bool:
    """Whether the variable exists; a level or a shift out of bounds is noted."""
    if not known_variable(to.findings, path, variable, to.names.case):
        return False
    high = LARGEST if to.names.case.variables[variable].unbounded else 1.0
    to.inside(path, fixed(value), -high if action == "shift" else 0.0, high)
    return True


def known_variable(findings: Findings, path: KeyPath, variable: str, case: ScenarioFile) -> bool:
    """Whether something from outside can happen to a variable of this name; if not, that is a fault of the key."""
    if variable in case.derived:
        findings.add(path, show(variable), "a variable that is not computed from others", at_key=True)
        return False
    return findings.known(path, variable, case.variables, "variable", at_key=True)
