"""Turns a valid scenario file into what the engine computes on: constants put into expressions, assumptions applied.

Nothing is checked here: :mod:`sim.inputs.name_checks` and :mod:`sim.inputs.case_checks` have done it before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel

from sim import vocabulary
from sim.inputs.assume import Assumptions, assume_ledger
from sim.inputs.cards import Card
from sim.inputs.case import Case, IdealGiven, IdealPoint, Package, PackageGiven, Pair, State, StateGiven, Widths
from sim.inputs.case_rules import (
    Condition,
    Measure,
    Outcome,
    OutcomeGiven,
    contested_range,
    drawn_range,
    fixed_value,
)
from sim.inputs.codings import CodingChoice, pool
from sim.inputs.expressions import Expression, Name, simplify
from sim.inputs.ledger import Ledger
from sim.inputs.schedule import Event, Occasion, Summit, resolve_events, resolve_summits
from sim.inputs.schema_scenario import ScenarioFile
from sim.inputs.schema_types import Range

T = TypeVar("T")


@dataclass(frozen=True)
class Resolved:
    """A resolved scenario, with a line for each assumption that differs from the case."""

    case: Case
    ledger: Ledger
    pooled: Ledger
    summits: tuple[Summit, ...]
    events: tuple[Event, ...]
    occasions: tuple[Occasion, ...]
    lines: list[str] = field(default_factory=list)
    behaviour: tuple[tuple[str, str], ...] = ()  # (state, name of its rule)


def resolve(given: ScenarioFile, cards: Sequence[Card], coding: CodingChoice) -> Resolved:
    """Resolve a valid scenario file, with the ledger under a coding."""
    assumed = Assumptions(given.assume)
    constants = assumed.constants({name: fixed_value(entry) for name, entry in given.constants.items()})
    case = _case(given, constants, assumed)
    pooled = pool(cards, coding, constants)
    ledger = assume_ledger(given.assume, pooled, cards, assumed.lines)
    summits, events = resolve_summits(given, constants), resolve_events(given, constants)
    planned = [each.occasion for each in summits] + [each.occasion for each in events]
    occasions = tuple(dict.fromkeys(each for each in planned if each is not None))
    return Resolved(case, ledger, pooled, summits, events, occasions, assumed.lines, tuple(given.behaviour.items()))


def _case(given: ScenarioFile, constants: dict[str, float], assumed: Assumptions) -> Case:
    contested = {name: contested_range(entry) for name, entry in given.thresholds.items()}
    thresholds = assumed.ranges("thresholds", contested)
    drawn = {name: drawn_range(entry) for name, entry in given.parameters.items()}
    states = assumed.states({name: _state(name, each, given) for name, each in given.states.items()})
    packages = assumed.packages({name: _package(name, each, constants) for name, each in given.packages.items()})
    return Case(
        states=states,
        variables=assumed.start(fold(given.variables, constants)),
        pairs={
            name: Pair(name, (each.between[0], each.between[1]), each.name, each.tie, each.met)
            for name, each in given.pairs.items()
        },
        flags=fold(given.flags, constants),
        ranks=dict(given.ranks),
        derived=fold(given.derived, constants),
        mechanisms=dict(given.mechanisms),
        menus=fold(given.moves, constants),
        issues=fold(given.issues, constants),
        packages={name: package for name, package in packages.items() if package.on},
        every_package=packages,
        bargaining=fold(given.bargaining, constants),
        month=fold(given.month, constants),
        promises=fold(given.promises, constants),
        measures=fold(given.measures, constants) | _who_gained(states),
        thresholds=thresholds,
        outcomes=tuple(_outcome(each, thresholds) for each in given.outcomes),
        parameters=assumed.ranges("parameters", drawn),
        constants=constants,
    )


def fold(value: T, constants: Mapping[str, float]) -> T:
    """A copy of models, maps and lists in which every expression has its constants as numbers."""
    found: Any = value
    if isinstance(value, Expression):
        found = simplify(value, constants)
    elif isinstance(value, dict):
        found = {key: fold(each, constants) for key, each in value.items()}
    elif isinstance(value, list):
        found = [fold(each, constants) for each in value]
    elif isinstance(value, BaseModel) and (names := _with_expressions(type(value))):
        found = value.model_copy(update={name: fold(getattr(value, name), constants) for name in names})
    return found


@lru_cache(maxsize=128)
def _with_expressions(model: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a model that may hold expressions: all but plain texts and numbers."""
    plain = {str, float, int, bool, str | None}
    return tuple(name for name, info in model.model_fields.items() if info.annotation not in plain)


def _state(name: str, given: StateGiven, file: ScenarioFile) -> State:
    widths = file.confidence_widths
    ideals = {issue: _ideal(each, widths.position, widths.salience) for issue, each in given.ideals.items()}
    label = given.name or name
    leader = given.leader or label
    return State(name, label, leader, ideals, given.called or leader)


def _ideal(given: IdealGiven, positions: Widths, saliences: Widths) -> IdealPoint:
    sure = given.confidence_salience or given.confidence
    return IdealPoint(
        _around(given.position, getattr(positions, given.confidence)),
        _around(given.salience, getattr(saliences, sure)),
        given.source or "",
    )


def _around(value: float, width: float) -> Range:
    """The value plus and minus a width, the bounds cut at 0 and 1."""
    return Range(max(0.0, value - width), float(value), min(1.0, value + width))


def _who_gained(states: Mapping[str, State]) -> dict[str, Measure]:
    """The measures that the engine makes for every state: its gain, and the same less that without summits."""
    found = {}
    for what, name_of in (
        ("gain over the run", vocabulary.gain),
        ("gain by the summits", vocabulary.gained),
        ("better off by the summits", vocabulary.better),
    ):
        for state, each in states.items():
            name, label = name_of(state), f"{each.leader}: {what}"
            shown = name_of is vocabulary.gained
            measure = Measure(value=Name(name), label=label, unit="", shown=shown, needs=None, where=None)
            found[name] = measure.called(name)
    return found


def _package(name: str, given: PackageGiven, constants: Mapping[str, float]) -> Package:
    return Package(name, given.pair, given.says, given.gives, frozenset(given.whole), fold(given.costs, constants))


def _outcome(given: OutcomeGiven, thresholds: Mapping[str, Range]) -> Outcome:
    when = [
        Condition(variable, bound, name, thresholds[name].mode)
        if (name := str(text)) in thresholds
        else Condition(variable, bound, None, float(text))
        for variable, bounds in given.when.items()
        for bound, text in bounds.items()
    ]
    return Outcome(given.name, given.label, given.says, given.source or "", tuple(when), given.unless_pinned)
