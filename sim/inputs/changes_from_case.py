"""How a scenario differs from the case, in plain lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from sim.inputs.layers import DESCRIBES, NOT_INHERITED
from sim.inputs.resolve import Assumptions
from sim.inputs.schedule import month_name
from sim.inputs.schema_faults import show
from sim.inputs.schema_scenario import WITH_MOVES
from sim.inputs.schema_types import month_of
from sim.inputs.yaml_source import Source

NOT_OF_A_RUN = frozenset((*DESCRIBES, *NOT_INHERITED))  # keys of a scenario that change no run
_TOLD_ELSEWHERE = NOT_OF_A_RUN | {"summits", "events", "assume", "months"}


def say_differences(root: Source, merged: Source, assumed: Assumptions, months: int) -> tuple[str, ...]:
    """A line for each change that the scenario and its options make to the case."""
    lines = [] if root.data.get("months") == months else [f"months: {root.data.get('months')} -> {months}"]
    lines += _happenings(root.data, merged.data)
    if assumed.given.coding != "pooled":
        lines.append(f"coding: pooled -> {assumed.given.coding}")
    lines += assumed.lines
    for key, value in merged.data.items():
        if key not in _TOLD_ELSEWHERE:
            lines += changed_values(key, root.data.get(key), value)
    return tuple(lines)


def _happenings(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Lines for summits and events that were removed or added."""
    lines = []
    for rows in (_summits, _events):
        old, new = Counter(rows(before)), Counter(rows(after))
        lines += [f"without {row}" for row in (old - new).elements()] + [
            f"with {row}" for row in (new - old).elements()
        ]
    if not lines and _order(before) != _order(after):
        lines.append("summits of one month in another order")
    return lines


def _when(data: dict[str, Any], month: Any) -> str:
    return month_name(month, month_of(data["first_month"])) if isinstance(month, int) else str(month)


def _summits(data: dict[str, Any]) -> Iterator[str]:
    for summit in data.get("summits") or ():
        yield f"summit {_when(data, summit['month'])} {' and '.join(sorted(summit['between']))}{_on_terms(summit)}"


def _order(data: dict[str, Any]) -> list[str]:
    return sorted(_summits(data), key=lambda row: row.split()[1])


def _events(data: dict[str, Any]) -> Iterator[str]:
    for event in data.get("events") or ():
        for action in WITH_MOVES:
            for name, value in (event.get(action) or {}).items():
                done = f"{action} {name} {value if action == 'move' else format(value, 'g')}"
                yield f"event {_when(data, event['month'])} {done}{_on_terms(event)}"


def _on_terms(row: dict[str, Any]) -> str:
    """The condition and chance of a summit or event."""
    return "".join(f" {key} {row[key]}" for key in ("if", "chance") if row.get(key) is not None)


def changed_values(key: str, before: Any, after: Any, say: Callable[[Any], str] = show) -> Iterator[str]:
    """A line for each value at or below a key that differs."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            yield from changed_values(f"{key}.{name}", before.get(name), after.get(name), say)
    elif before != after:
        yield f"{key}: {say(before)} -> {say(after)}"
