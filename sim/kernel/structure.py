"""Splits a scenario into numbers and structure.

Two scenarios of one structure are played by the same compiled file, each with its own numbers. A number's name is its
path in the resolved scenario, ``case.parameters.lam.mode``; a threshold goes by its own name, however many conditions
use it.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache, lru_cache
from typing import Any, TypeAlias

from pydantic import BaseModel

from sim.inputs.case import Case, Package, Range
from sim.inputs.case_rules import Condition, Term
from sim.inputs.expressions import Expression
from sim.inputs.ledger import Claim, Coupling, Effect, Ledger, Link, MechanismPart
from sim.inputs.scenario import Scenario

Leaf: TypeAlias = tuple[str, Any, bool]  # path, value, whether it is one of the scenario's numbers

_NUMBERS: dict[type, frozenset[str]] = {
    Range: frozenset({"low", "mode", "high"}),
    Claim: frozenset({"credence"}),
    Effect: frozenset({"share"}),
    Link: frozenset({"factor"}),
    MechanismPart: frozenset({"part"}),
    Coupling: frozenset({"value"}),
    Package: frozenset({"gives", "on"}),
    Condition: frozenset({"value"}),
}
_WORDS = frozenset(  # texts for the reader, and what another field says too
    (
        *("every_package", "label", "called", "says", "source", "note", "claim", "active_when", "places", "leader"),
        *("unit", "shown", "basis", "meaning", "elsewhere", "observable", "colour"),
        "by_month",  # the calendar's
    )
)
_NAMES: dict[type, frozenset[str]] = {Link: frozenset({"source"}), Term: frozenset({"claim"})}  # claims, not words


class DataRange(Range):
    """A range whose numbers are not known when the model is traced, so it is always drawn."""

    @property
    def fixed(self) -> bool:
        return False


def with_numbers(scenario: Scenario, number: Callable[[str, float], Any]) -> Scenario:
    """The scenario with every number replaced by what ``number`` makes of its name and value."""
    return replace(scenario, **{name: _rebuilt(root, name, number, False) for name, root in _roots(scenario)})


def numbers_of(scenario: Scenario) -> dict[str, float]:
    """Every number of a scenario, by name, in an order that the structure fixes."""
    return {path: float(value) for path, value, counts in _all_leaves(_This(scenario)) if counts}


def structure_of(scenario: Scenario) -> str:
    """All of a scenario that is not a number, as text."""
    parts = [f"behaviour {scenario.behaviour}"]
    parts += [
        f"occasion {each.id} {each.condition and each.condition.text} {each.stream}" for each in scenario.occasions
    ]
    parts += [path if counts else f"{path} {value}" for path, value, counts in _all_leaves(_This(scenario))]
    return "\n".join(parts)


class _This:
    """A scenario as a key: equal to itself alone."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _This) and self.scenario is other.scenario

    def __hash__(self) -> int:
        return id(self.scenario)


@lru_cache(maxsize=4)
def _all_leaves(this: _This) -> tuple[Leaf, ...]:
    """Every leaf, kept for the next block and the page: to collect them again takes a twentieth of a block's time."""
    found: list[Leaf] = []
    for name, root in _roots(this.scenario):
        _collect(root, name, False, found)
    return tuple(found)


def _roots(scenario: Scenario) -> tuple[tuple[str, Case | Ledger], ...]:
    """The case with all packages, the ledger with all codings: which of them are in force is a number."""
    case = replace(scenario.case, packages=scenario.case.every_package)
    return ("case", case), ("ledger", scenario.ledger.under_any_coding())


def _name(owner: Any, field: str, path: str) -> str:
    """The path of a field; a threshold's own where a condition uses one."""
    if isinstance(owner, Condition) and field == "value" and owner.threshold is not None:
        return f"case.thresholds.{owner.threshold}.mode"
    return f"{path}.{field}"


def _rebuilt(value: Any, path: str, number: Callable[[str, float], Any], counts: bool) -> Any:
    if isinstance(value, Mapping):
        return {key: _rebuilt(each, f"{path}.{_key(key)}", number, counts) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(
            _rebuilt(each, f"{path}.{_item(place, each)}", number, counts) for place, each in enumerate(value)
        )
    if names := _parts(value.__class__):
        mine = _NUMBERS.get(type(value), frozenset())
        made = {name: _rebuilt(getattr(value, name), _name(value, name, path), number, name in mine) for name in names}
        if isinstance(value, Range):
            return DataRange(**made)
        return value.model_copy(update=made) if isinstance(value, BaseModel) else replace(value, **made)
    return number(path, value) if counts and isinstance(value, float | int) else value


def _collect(value: Any, path: str, counts: bool, found: list[Leaf]) -> None:
    """Adds everything that a model can depend on to ``found``: thousands of values, so the plain ones come first."""
    if value is None or isinstance(value, (float, int, str)):
        found.append((path, value, counts and isinstance(value, (float, int))))
    elif isinstance(value, (tuple, list)):
        for place, each in enumerate(value):
            _collect(each, f"{path}.{_item(place, each)}", counts, found)
    elif isinstance(value, Expression):
        found.append((path, value.text, False))
    elif names := _parts(value.__class__):
        mine = _NUMBERS.get(type(value), frozenset())
        for name in names:
            _collect(getattr(value, name), _name(value, name, path), name in mine, found)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            _collect(each, f"{path}.{_key(key)}", counts, found)
    else:
        found.append((path, sorted(value), False))


@cache
def _parts(kind: type) -> tuple[str, ...]:
    """The fields of a class that a run can depend on."""
    if issubclass(kind, BaseModel):
        names = tuple(kind.model_fields)
    elif is_dataclass(kind) and not issubclass(kind, Expression):
        names = tuple(field.name for field in fields(kind))
    else:
        return ()
    words = _WORDS - _NAMES.get(kind, frozenset())
    return tuple(name for name in names if name not in words)


def _item(place: int, item: Any) -> str:
    """The name of an item of a list: its place, or its content where another coding may put items before it."""
    if isinstance(item, Effect):
        return f"{item.holder}>{item.target}{'+' if item.sign > 0 else '-'}"
    if isinstance(item, Link):
        return item.source
    return item.name if isinstance(item, MechanismPart) else str(place)


def _key(key: Any) -> str:
    return ".".join(key) if isinstance(key, tuple) else str(key)
