"""Every way in which two scenarios differ, in plain words: one line for each thing that a reader would call one.

A summit that moved is one thing, a pair that no longer meets is one, the events on one variable are one, a document
that is dropped is one whatever it takes along.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.inputs.case import Range
from sim.inputs.case_folder import file_beside
from sim.inputs.changes_from_case import NOT_OF_A_RUN
from sim.inputs.pooling import CODINGS
from sim.inputs.scenario import Scenario, load_data
from sim.inputs.schedule import ACTIONS, month_name
from sim.inputs.schema_faults import show
from sim.inputs.schema_types import month_of

if TYPE_CHECKING:
    from sim.inputs.ledger import Claim

_TOLD_APART = (
    NOT_OF_A_RUN
    | frozenset(
        ("first_month", "months", "summits", "events", "assume", "states", "variables", "parameters", "constants")
    )
    | {"thresholds", "packages"}
)


def differences(a: Scenario, b: Scenario) -> list[str]:
    """One line for each thing in which b differs from a, what it is in a first. Empty for the same scenario."""
    return [
        *_months(a, b), *_summits(a, b), *_events(a, b), *_ledger(a, b), *_numbers(a, b), *_packages(a, b),
        *_rest(a.resolved, b.resolved),
    ]  # fmt: skip


def _months(a: Scenario, b: Scenario) -> Iterator[str]:
    if a.first_month != b.first_month:
        yield f"month 0: {month_name(0, a.first_month)} -> {month_name(0, b.first_month)}"
    if a.months != b.months:
        yield f"length: {a.months} months -> {b.months} months"


def _summits(a: Scenario, b: Scenario) -> Iterator[str]:
    told = False
    for pair in dict.fromkeys(summit.pair for summit in (*a.summits, *b.summits)):
        for line in _summits_of(pair, a, b):
            told = True
            yield line
    if not told and [summit.pair for summit in a.summits] != [summit.pair for summit in b.summits]:
        for month in sorted({summit.month for summit in a.summits}):
            orders = [_order(scenario, month) for scenario in (a, b)]
            if orders[0] != orders[1]:
                yield f"order of the summits in {month_name(month, a.first_month)}: {orders[0]} -> {orders[1]}"


def _summits_of(pair: str, a: Scenario, b: Scenario) -> Iterator[str]:
    """What changes for one pair: it no longer meets, meets at last, or meetings move, go and come."""
    one, two = ([summit.month for summit in scenario.summits if summit.pair == pair] for scenario in (a, b))
    who = _who(a, pair)
    if one == two:
        return
    if not two:
        yield f"{who} never meet (met in {_list_months(a, one)})"
    elif not one:
        yield f"{who} meet in {_list_months(b, two)} (never met before)"
    else:
        gone = list((Counter(one) - Counter(two)).elements())
        come = list((Counter(two) - Counter(one)).elements())
        for old, new in zip(gone, come, strict=False):
            was, now = month_name(old, a.first_month), month_name(new, b.first_month)
            yield f"summit of {who}: {was} -> {now}{_place(b, pair, new)}"
        for old in gone[len(come) :]:
            yield f"no summit of {who} in {month_name(old, a.first_month)}"
        for new in come[len(gone) :]:
            yield f"summit of {who} in {month_name(new, b.first_month)}{_place(b, pair, new)}, which was not there"


def _place(scenario: Scenario, pair: str, month: int) -> str:
    """Where a summit stands among others of its month."""
    here = [summit.pair for summit in scenario.summits if summit.month == month]
    at = here.index(pair)
    if len(here) == 1:
        return ""
    return f", after {_who(scenario, here[at - 1])}" if at else f", before {_who(scenario, here[1])}"


def _order(scenario: Scenario, month: int) -> str:
    return ", then ".join(_who(scenario, summit.pair) for summit in scenario.summits if summit.month == month)


def _who(scenario: Scenario, pair: str) -> str:
    return " and ".join(scenario.case.pairs[pair].between)


def _list_months(scenario: Scenario, months: list[int]) -> str:
    return ", ".join(month_name(month, scenario.first_month) for month in months)


def _events(a: Scenario, b: Scenario) -> Iterator[str]:
    for variable in dict.fromkeys(event.variable for event in (*a.events, *b.events)):
        one, two = (_happens(scenario, variable) for scenario in (a, b))
        if one != two:
            yield f"events on {variable}: {one} -> {two}"


def _happens(scenario: Scenario, variable: str) -> str:
    told = [
        f"{event.action} {event.value:g} in {month_name(event.month, scenario.first_month)}"
        for event in scenario.events
        if event.variable == variable
    ]
    return ", ".join(told) or "none"


def _ledger(a: Scenario, b: Scenario) -> Iterator[str]:
    """Coding, documents, balance, and claims that are assumed otherwise one by one."""
    one, two = (_assumed(scenario) for scenario in (a, b))
    if a.coding != b.coding:
        yield f"coding: {a.coding} -> {b.coding}"
    if one.get("known_by") != two.get("known_by"):
        yield f"documents known by: {_or(one.get('known_by'), 'any date')} -> {_or(two.get('known_by'), 'any date')}"
    yield from _switches("document", one.get("documents") or {}, two.get("documents") or {})
    if a.balance != b.balance:
        yield f"balance of each pair's two directions: {_switch(a.balance)} -> {_switch(b.balance)}"
    given = (one.get("claims") or {}, two.get("claims") or {})
    for claim in dict.fromkeys((*given[0], *given[1])):
        if given[0].get(claim) != given[1].get(claim):
            yield from _claim(claim, a.ledger.claims.get(claim), b.ledger.claims.get(claim), a.coding == b.coding)
    for claim in sorted(set(a.ledger.claims) ^ set(b.ledger.claims)):
        yield f"claim {claim}: only in {a.name if claim in a.ledger.claims else b.name}"


def _assumed(scenario: Scenario) -> Mapping[str, Any]:
    return scenario.resolved.get("assume") or {}


def _switches(what: str, one: Mapping[str, Any], two: Mapping[str, Any]) -> Iterator[str]:
    for name in dict.fromkeys((*one, *two)):
        was, now = _switch(one.get(name, True)), _switch(two.get(name, True))
        if was != now:
            yield f"{what} {name}: {was} -> {now}"


def _switch(value: object) -> str:
    return "on" if value in (True, "on") else "off"


def _or(value: object, otherwise: str) -> str:
    return otherwise if value is None else str(value)


def _claim(name: str, one: Claim | None, two: Claim | None, same_coding: bool) -> Iterator[str]:
    """What is assumed otherwise of one claim, as one thing; weights of different codings were told already."""
    if one is None or two is None:
        return
    parts = []
    if one.credence != two.credence:
        parts.append(f"credence {one.credence:g} -> {two.credence:g}")
    if one.weight != two.weight and same_coding:
        parts.append(f"weight {one.weight} -> {two.weight}")
    if parts:
        yield f"claim {name}: {', '.join(parts)}"


def _numbers(a: Scenario, b: Scenario) -> Iterator[str]:
    one, two = a.case, b.case
    yield from _ranges("parameter", one.parameters, two.parameters)
    yield from _ranges("threshold", one.thresholds, two.thresholds)
    for name in dict.fromkeys((*one.constants, *two.constants)):
        if one.constants.get(name) != two.constants.get(name):
            yield f"constant {name}: {show(one.constants.get(name))} -> {show(two.constants.get(name))}"
    yield from _ranges("start of", *({name: of.start for name, of in case.variables.items()} for case in (one, two)))
    for state in one.states:
        if state in two.states:
            for issue, point in one.states[state].ideals.items():
                other = two.states[state].ideals.get(issue)
                if other is not None and (point.position, point.salience) != (other.position, other.salience):
                    yield f"what {state} wants on {issue}: {_say_point(point)} -> {_say_point(other)}"


def _say_point(point: Any) -> str:
    return f"{point.position}, salience {point.salience}"


def _ranges(what: str, one: Mapping[str, Range], two: Mapping[str, Range]) -> Iterator[str]:
    for name in dict.fromkeys((*one, *two)):
        if one.get(name) != two.get(name):
            was, now = (str(found[name]) if name in found else "none" for found in (one, two))
            yield f"{what} {name}: {was} -> {now}"


def _packages(a: Scenario, b: Scenario) -> Iterator[str]:
    one, two = a.case.packages, b.case.packages
    for name in dict.fromkeys((*one, *two)):
        if name not in two:
            yield f"package {name}: taken off the table"
        elif name not in one:
            yield f"package {name}: put on the table"
        elif one[name].gives != two[name].gives or one[name].whole != two[name].whole:
            yield f"package {name}: {_gives(one[name].gives)} -> {_gives(two[name].gives)}"


def _gives(gives: Mapping[str, Mapping[str, float]]) -> str:
    return "; ".join(
        f"{giver} gives {', '.join(f'{lever} {share:g}' for lever, share in parts.items())}"
        for giver, parts in gives.items()
    )


def _rest(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[str]:
    """Anything else in the data of the two, value by value."""
    for key in dict.fromkeys((*a, *b)):
        if key not in _TOLD_APART:
            yield from _values(key, a.get(key), b.get(key))


def _values(key: str, one: Any, two: Any) -> Iterator[str]:
    if one == two:
        return
    if isinstance(one, dict) and isinstance(two, dict):
        for name in dict.fromkeys((*one, *two)):
            yield from _values(f"{key}.{name}", one.get(name), two.get(name))
    else:
        yield f"{key}: {_say(one)} -> {_say(two)}"


def _say(value: Any) -> str:
    """A value, a list of plain values in full."""
    if isinstance(value, list) and all(isinstance(item, str | float | int) for item in value):
        return ", ".join(str(item) for item in value)
    return show(value)


Data = Mapping[str, Any]

_SAME_THING = frozenset(
    ("schema", "title", "question", "note", "read_against", "extends", "drop_events", "drop_summits")
)
_CALENDAR = ("first_month", "summits", "events")
_BY_NAME = frozenset(("claims", "documents", "start", "packages", "parameters", "thresholds", "constants"))
_GONE = object()


def single_changes(
    a: Scenario, b: Scenario, files: tuple[Path, Path], case: Path | str | None = None
) -> list[tuple[tuple[str, ...], Scenario]]:
    """For each thing in which b differs from a, what it is in words, and a with that thing alone changed.

    ``files`` are the two scenario files, beside which a class's coding may lie. Raises InputError where one thing alone
    makes no scenario.
    """
    one, two = (_data(scenario, file) for scenario, file in zip((a, b), files, strict=True))
    found = []
    for data in _patches(one, two):
        scenario = load_data(data, a, case=case, months=a.months if data["months"] == one["months"] else None)
        if lines := differences(a, scenario):
            found.append((tuple(lines), scenario))
    return found


def _data(scenario: Scenario, file: Path) -> dict[str, Any]:
    """What a scenario says, without what does not matter to a run; a class's coding as a path that holds anywhere."""
    data = {
        key: value
        for key, value in scenario.resolved.items()
        if key not in ("read_against", "drop_events", "drop_summits")
    }
    coding = (data.get("assume") or {}).get("coding")
    if isinstance(coding, str) and coding not in CODINGS:
        data["assume"] = {**data["assume"], "coding": str((file_beside(file, coding) or Path(coding)).resolve())}
    return data


def _patches(one: Data, two: Data) -> Iterator[dict[str, Any]]:
    if one.get("first_month") != two.get("first_month"):
        yield {**one, **{key: two[key] for key in _CALENDAR}}
    else:
        yield from _moved_summits(one, two)
        yield from _changed_events(one, two)
    for key in dict.fromkeys((*one, *two)):
        if key not in NOT_OF_A_RUN and key not in _CALENDAR and one.get(key) != two.get(key):
            yield from _key(one, two, key)


def _key(one: Data, two: Data, key: str) -> Iterator[dict[str, Any]]:
    """One key of the file: a map value by value, anything else as a whole."""
    mine, theirs = one.get(key), two.get(key, _GONE)
    if key == "assume":
        for part in _assumption_patches(mine or {}, {} if theirs is _GONE else theirs or {}):
            yield {**one, "assume": part}
    elif isinstance(mine, dict) and isinstance(theirs, dict):
        for part in _value_patches(mine, theirs):
            yield {**one, key: part}
    else:
        yield _put(one, key, theirs)


def _value_patches(mine: Data, theirs: Data) -> Iterator[dict[str, Any]]:
    for name in dict.fromkeys((*mine, *theirs)):
        if mine.get(name, _GONE) != theirs.get(name, _GONE):
            yield _put(mine, name, theirs.get(name, _GONE))


def _put(data: Data, key: str, value: Any) -> dict[str, Any]:
    rest = {name: old for name, old in data.items() if name != key}
    if value is _GONE:
        return rest
    return {name: value if name == key else old for name, old in data.items()} | ({} if key in data else {key: value})


def _assumption_patches(mine: Data, theirs: Data) -> Iterator[dict[str, Any]]:
    for key in dict.fromkeys((*mine, *theirs)):
        old, new = mine.get(key, _GONE), theirs.get(key, _GONE)
        if key in _BY_NAME:
            inner = [{} if part is _GONE else part or {} for part in (old, new)]
            for part in _value_patches(*inner):
                yield {**mine, key: part}
        elif key == "states":
            yield from _wants(mine, {} if old is _GONE else old, {} if new is _GONE else new)
        elif old != new:
            yield _put(mine, key, new)


def _wants(assume: Data, old: Data, new: Data) -> Iterator[dict[str, Any]]:
    """What each state wants, issue by issue."""
    for state in dict.fromkeys((*old, *new)):
        for part in _value_patches(old.get(state, {}), new.get(state, {})):
            yield {**assume, "states": {**old, state: part}}


def _month_number(data: Data, row: Mapping[str, Any]) -> int:
    """The month of a row counted from the first."""
    month = row["month"]
    if isinstance(month, int):
        return month
    (year, number), (first, begin) = month_of(month), month_of(data["first_month"])
    return (year - first) * 12 + number - begin


def _moved_summits(one: Data, two: Data) -> Iterator[dict[str, Any]]:
    """Each meeting that moved, came or went; the order within months where only that differs."""
    moved = False
    pairs = dict.fromkeys(frozenset(row["between"]) for data in (one, two) for row in data["summits"])
    for pair in pairs:
        for rows in _meetings(one, two, pair):
            moved = True
            yield {**one, "summits": rows}
    if not moved and _calendar(one) != _calendar(two):
        yield {**one, "summits": two["summits"]}


def _calendar(data: Data) -> list[tuple[int, frozenset[str]]]:
    rows = [(_month_number(data, row), frozenset(row["between"])) for row in data["summits"]]
    return sorted(rows, key=lambda row: row[0])


def _meetings(one: Data, two: Data, pair: frozenset[str]) -> Iterator[list[Any]]:
    """The first one's summits with one change of the meetings of a pair: all at once where single changes collide."""
    mine, theirs = ([row for row in data["summits"] if frozenset(row["between"]) == pair] for data in (one, two))
    months = [Counter(_month_number(data, row) for row in rows) for data, rows in ((one, mine), (two, theirs))]
    gone = [row for row in mine if not months[1][_month_number(one, row)]]
    come = [row for row in theirs if not months[0][_month_number(two, row)]]
    if not theirs or not mine:
        yield _exchanged(one, two, gone, come)
        return
    for place in range(max(len(gone), len(come))):
        yield _exchanged(one, two, gone[place : place + 1], come[place : place + 1])


def _exchanged(one: Data, two: Data, gone: list[Any], come: list[Any]) -> list[Any]:
    """The first one's summits without some and with others, which stand among their month as in the second."""
    rows = [row for row in one["summits"] if not any(row is old for old in gone)]
    for new in come:
        month = _month_number(two, new)
        there = [row for row in two["summits"] if _month_number(two, row) == month]
        later = [frozenset(row["between"]) for row in there[there.index(new) + 1 :]]
        at = [
            place
            for place, row in enumerate(rows)
            if _month_number(one, row) == month and frozenset(row["between"]) in later
        ]
        rows.insert(at[0] if at else len(rows), new)
    return rows


def _changed_events(one: Data, two: Data) -> Iterator[dict[str, Any]]:
    """The events on each variable, exchanged as a whole."""
    for variable in dict.fromkeys(name for data in (one, two) for row in data["events"] for name in _touched(row)):
        if _rows_on(one, variable) != _rows_on(two, variable):
            kept = [left for row in one["events"] if (left := _only(row, variable, False))]
            new = [left for row in two["events"] if (left := _only(row, variable, True))]
            yield {**one, "events": kept + new}


def _touched(row: Mapping[str, Any]) -> list[str]:
    return [name for action in ACTIONS for name in row.get(action) or ()]


def _rows_on(data: Data, variable: str) -> list[tuple[int, str, float]]:
    return [
        (_month_number(data, row), action, row[action][variable])
        for row in data["events"]
        for action in ACTIONS
        if variable in (row.get(action) or {})
    ]


def _only(row: Mapping[str, Any], variable: str, kept: bool) -> dict[str, Any]:
    """A row of events with what it does to the variable alone, or without that; empty where nothing is left."""
    actions: dict[str, Any] = {
        action: {name: value for name, value in (row.get(action) or {}).items() if (name == variable) == kept}
        for action in ACTIONS
    }
    actions = {action: values for action, values in actions.items() if values}
    return {"month": row["month"], "note": row.get("note", ""), **actions} if actions else {}
