"""All differences between two scenarios in plain words, one line for each.

A summit that moved is one difference, and so are a pair that no longer meets, the events on one variable, and a
document that is dropped, with all its claims.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from sim.inputs.case import Case, Range
from sim.inputs.ledger import Claim
from sim.inputs.scenario import NOT_OF_A_RUN, Scenario, changed_values
from sim.inputs.schedule import Summit, month_name, said_of_occasion
from sim.inputs.schema_faults import show

_OWN_LINES = (  # keys that no run depends on or that the functions below compare; `_rest` compares all others
    NOT_OF_A_RUN
    | frozenset(
        ("first_month", "months", "summits", "events", "assume", "states", "variables", "parameters", "constants")
    )
    | {"thresholds", "packages"}
)
_WORDS = ("label", "says", "source", "basis", "rises_source", "shown")
_OWN_PARTS = {"variables": ("start", "by_month", *_WORDS), "packages": ("gives", "whole", *_WORDS)}  # as _OWN_LINES
_DONE = {"set": "set to {} in", "shift": "changed by {} in", "pin": "held at {} from", "move": "made to do “{}” in"}
_USUAL = ("held if both wish", "in its month alone", "without a condition")


def differences(a: Scenario, b: Scenario) -> list[str]:
    """A line for each difference, a's value first. Empty for the same scenario."""
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
    differs = False
    for pair in dict.fromkeys(summit.pair for summit in (*a.summits, *b.summits)):
        for line in _summits_of(pair, a, b):
            differs = True
            yield line
    if not differs and [summit.pair for summit in a.summits] != [summit.pair for summit in b.summits]:
        for month in sorted({summit.month for summit in a.summits}):
            was, now = (", then ".join(_who(each, pair) for pair in _pairs_in(month, each)) for each in (a, b))
            if was != now:
                yield f"order of the summits in {month_name(month, a.first_month)}: {was} -> {now}"
    yield from _held_otherwise(a, b)


def _held_otherwise(a: Scenario, b: Scenario) -> Iterator[str]:
    """Differences between meetings planned in both: whether they are certain, and the months of their windows."""
    both = [(one, two) for one in a.summits for two in b.summits if (one.month, one.pair) == (two.month, two.pair)]
    changes: dict[str, list[Summit]] = {}
    for one, two in both:
        for was, now in zip(_terms(one), _terms(two), strict=True):
            if was != now:
                changes.setdefault(f"{was} -> {now}", []).append(two)
    for change, some in changes.items():
        meetings = ", ".join(f"{_who(b, each.pair)} in {month_name(each.month, b.first_month)}" for each in some)
        yield f"{'every summit' if len(some) == len(b.summits) else f'summit of {meetings}'}: {change}"


def _terms(summit: Summit) -> tuple[str, str, str]:
    """How a planned meeting is held, in which months it may be, and on what condition."""
    held, window, condition = _USUAL
    if summit.certain:
        held = "held whatever the two wish"
    if summit.early or summit.late:
        window = f"in its month, {summit.early} before or {summit.late} after"
    return held, window, said_of_occasion(summit.occasion) or condition


def _marks(summit: Summit) -> str:
    """What is special about a planned meeting."""
    return "".join(f", {term}" for term, usual in zip(_terms(summit), _USUAL, strict=True) if term != usual)


def _summits_of(pair: str, a: Scenario, b: Scenario) -> Iterator[str]:
    """The differences for one pair: it no longer meets, meets at last, or meetings are moved, removed or added."""
    marks = [{each.month: _marks(each) for each in scenario.summits if each.pair == pair} for scenario in (a, b)]
    one, two = (list(each) for each in marks)
    who = _who(a, pair)
    if one == two:
        return
    if not two:
        yield f"{who} never meet (met in {_list_months(a, one)})"
    elif not one:
        yield f"{who} meet in {_list_months(b, two)} (never met before)"
    else:
        gone = [month for month in one if month not in two]
        come = [month for month in two if month not in one]
        for old, new in zip(gone, come, strict=False):
            was, now = month_name(old, a.first_month), month_name(new, b.first_month)
            other = marks[1][new] if marks[0][old] != marks[1][new] else ""
            yield f"summit of {who}: {was} -> {now}{_place(b, pair, new)}{other}"
        for old in gone[len(come) :]:
            yield f"no summit of {who} in {month_name(old, a.first_month)}"
        for new in come[len(gone) :]:
            special = f"{_place(b, pair, new)}{marks[1][new]}"
            yield f"one more summit of {who} in {month_name(new, b.first_month)}{special}"


def _place(scenario: Scenario, pair: str, month: int) -> str:
    """The place of a summit among others of its month."""
    here = _pairs_in(month, scenario)
    at = here.index(pair)
    if len(here) == 1:
        return ""
    return f", after {_who(scenario, here[at - 1])}" if at else f", before {_who(scenario, here[1])}"


def _pairs_in(month: int, scenario: Scenario) -> list[str]:
    return [summit.pair for summit in scenario.summits if summit.month == month]


def _who(scenario: Scenario, pair: str) -> str:
    return " and ".join(scenario.case.pairs[pair].between)


def _list_months(scenario: Scenario, months: list[int]) -> str:
    return ", ".join(month_name(month, scenario.first_month) for month in months)


def _events(a: Scenario, b: Scenario) -> Iterator[str]:
    for variable in dict.fromkeys(event.variable for event in (*a.events, *b.events)):
        one, two = (_happens(scenario, variable) for scenario in (a, b))
        if one != two:
            yield f"events on {_named(a.case, variable)}: {one} -> {two}"


def _named(case: Case, name: str) -> str:
    """A variable, issue or state as it is written, with what it means."""
    known = case.variables.get(name) or case.issues.get(name) or case.states[name]
    return f"{name} ({known.label})" if known.label not in ("", name) else name


def _happens(scenario: Scenario, variable: str) -> str:
    def when(month: int) -> str:
        return month_name(month, scenario.first_month)

    lines = [
        f"{_DONE[event.action].format(event.option or f'{event.value:g}')} {when(event.month)}"
        + ("" if event.until is None else f" until {when(event.until)}")
        + (f" ({said_of_occasion(event.occasion)})" if event.occasion else "")
        for event in scenario.events
        if event.variable == variable
    ]
    return ", ".join(lines) or "none"


def _ledger(a: Scenario, b: Scenario) -> Iterator[str]:
    """Differences in coding, documents and balance, and in single claims."""
    one, two = (scenario.resolved.get("assume") or {} for scenario in (a, b))
    if a.coding != b.coding:
        yield f"coding: {a.coding} -> {b.coding}"
    if one.get("known_by") != two.get("known_by"):
        was, now = (each.get("known_by") or "any date" for each in (one, two))
        yield f"documents known by: {was} -> {now}"
    documents = [each.get("documents") or {} for each in (one, two)]
    for name, *_ in _changed(*documents):
        was, now = (_switch(each.get(name, True)) for each in documents)
        if was != now:
            yield f"document {name}: {was} -> {now}"
    if a.balance != b.balance:
        yield f"balance of each pair's two directions: {_switch(a.balance)} -> {_switch(b.balance)}"
    for claim, *_ in _changed(one.get("claims") or {}, two.get("claims") or {}):
        yield from _claim(claim, a.ledger.claims.get(claim), b.ledger.claims.get(claim), a.coding == b.coding)
    for claim in sorted(set(a.ledger.claims) ^ set(b.ledger.claims)):
        yield f"claim {claim}: only in {a.name if claim in a.ledger.claims else b.name}"


def _changed(one: Mapping[str, Any], two: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Each name whose value differs, with both values; None where one of the two does not have it."""
    for name in dict.fromkeys((*one, *two)):
        if one.get(name) != two.get(name):
            yield name, one.get(name), two.get(name)


def _switch(value: object) -> str:
    return "on" if value in (True, "on") else "off"


def _claim(name: str, one: Claim | None, two: Claim | None, same_coding: bool) -> Iterator[str]:
    """A line for a claim's other credence or weight; no weights under another coding, where all may differ."""
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
    for name, was, now in _changed(one.constants, two.constants):
        yield f"constant {name}: {show(was)} -> {show(now)}"
    called = {name: _named(case, name) for case in (two, one) for name in case.variables}
    starts = ({called[name]: of.start for name, of in case.variables.items()} for case in (one, two))
    yield from _ranges("start of", *starts)
    for name in one.variables:
        was, now = (case.variables[name].by_month if name in case.variables else None for case in (one, two))
        if was != now:
            yield f"season of {_named(one, name)}: {_season(was)} -> {_season(now)}"
    for state in one.states:
        if state in two.states:
            for issue, point in one.states[state].ideals.items():
                other = two.states[state].ideals.get(issue)
                if other is not None and (point.position, point.salience) != (other.position, other.salience):
                    wants = f"what {one.states[state].said} wants on {_named(one, issue)}"
                    yield f"{wants}: {point} -> {other}"


def _season(by_month: list[float] | None) -> str:
    return "none" if by_month is None else ", ".join(f"{each:g}" for each in by_month)


def _ranges(what: str, one: Mapping[str, Range], two: Mapping[str, Range]) -> Iterator[str]:
    for name, was, now in _changed(one, two):
        yield f"{what} {name}: {was or 'none'} -> {now or 'none'}"


def _packages(a: Scenario, b: Scenario) -> Iterator[str]:
    one, two = a.case.packages, b.case.packages
    for name, was, now in _changed(one, two):
        if now is None:
            yield f"package {name}: taken off the table"
        elif was is None:
            yield f"package {name}: put on the table"
        elif was.gives != now.gives or was.whole != now.whole:
            yield f"package {name}: {_gives(a.case, was.gives)} -> {_gives(b.case, now.gives)}"


def _gives(case: Case, gives: Mapping[str, Mapping[str, float]]) -> str:
    return "; ".join(
        f"{case.states[giver].said} gives {', '.join(f'{lever} {share:g}' for lever, share in parts.items())}"
        for giver, parts in gives.items()
    )


def _rest(a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[str]:
    """Anything else in the data of the two, value by value."""
    for key, one, two in _changed(a, b):
        if key not in _OWN_LINES:
            yield from changed_values(key, one, two, _say)
    for key, parts in _OWN_PARTS.items():
        both = a[key].keys() & b[key].keys()
        one, two = (
            {name: _without(each, parts) for name, each in data[key].items() if name in both} for data in (a, b)
        )
        yield from changed_values(key, one, two, _say)


def _without(entry: Mapping[str, Any], parts: tuple[str, ...]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in parts}


def _say(value: Any) -> str:
    """A value in words; a list of plain values in full."""
    if isinstance(value, list) and all(isinstance(item, str | float | int) for item in value):
        return ", ".join(str(item) for item in value)
    return show(value)
