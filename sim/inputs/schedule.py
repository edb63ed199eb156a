"""Summits and events of a scenario, in months counted from the first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from heapq import heappop, heappush
from typing import Any

from sim.inputs.expressions import Expression, simplify
from sim.inputs.months import first_month_in, month_number, month_of, written_month
from sim.inputs.name_checks import Names, Written
from sim.inputs.schema_faults import Findings, show
from sim.inputs.schema_scenario import ACTIONS, WITH_MOVES, Action, EventGiven, ScenarioFile, SummitGiven
from sim.inputs.schema_types import LARGEST
from sim.inputs.yaml_source import Source

__all__ = ["ACTIONS", "Action"]

_EVENT_KEYS = frozenset(info.alias or name for name, info in EventGiven.model_fields.items())
FirstMonth = tuple[int, int]  # year and month of month 0


@dataclass(frozen=True)
class Occasion:
    """The condition (it must be above 0) and chance on which something planned comes about in a run."""

    id: str
    condition: Expression | None = None
    says: str = ""  # the condition as written
    chance: float = 1.0
    stream: str | None = None  # the stream of its draws; None without a chance


@dataclass(frozen=True)
class Summit:
    """A meeting of a pair that is planned, tried from ``early`` months before its month to ``late`` months after it."""

    month: int
    pair: str
    note: str = ""
    certain: bool = False  # held, whatever the two wish
    early: int = 0
    late: int = 0
    occasion: Occasion | None = None  # tried only where it comes about, decided in every month in which it is due

    @property
    def opens(self) -> int:
        """The first month in which it may be held; below 0 where that is before month 0."""
        return self.month - self.early

    @property
    def closes(self) -> int:
        """The last month in which it may be held."""
        return self.month + self.late

    def meets(self, other: Summit) -> bool:
        """Whether the months in which two meetings may be held have one in common."""
        return self.opens <= other.closes and other.opens <= self.closes


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
    occasion: Occasion | None = None  # happens only where it comes about
    place: int = field(default=0, compare=False)  # in the list as written: what is inherited comes first


def said_of_occasion(occasion: Occasion | None) -> str:
    """The condition and chance of an occasion, in words; empty for what always happens.

    >>> said_of_occasion(Occasion("event.0", says="tension - 0.5", chance=0.3, stream="event/coin"))
    'only where tension - 0.5 is above 0, in 30 of 100 runs'
    """
    if occasion is None:
        return ""
    parts = [f"only where {occasion.says} is above 0"] if occasion.says else []
    return ", ".join([*parts, *([f"in {100 * occasion.chance:.3g} of 100 runs"] if occasion.stream else [])])


def month_name(index: int, first_month: FirstMonth) -> str:
    """The month as written: `2018-03`.

    >>> month_name(10, (2018, 3))
    '2019-01'
    """
    months = first_month[0] * 12 + first_month[1] - 1 + index
    return f"{months // 12:04}-{months % 12 + 1:02}"


def resolve_summits(given: ScenarioFile, constants: Mapping[str, float]) -> tuple[Summit, ...]:
    """The summits by month, in list order within a month. Those of one condition share their occasion."""
    first = month_of(given.first_month)
    pairs = {frozenset(pair.between): name for name, pair in given.pairs.items()}
    said = list(dict.fromkeys(row.condition.text for row in given.summits if row.condition is not None))
    found = [
        Summit(
            month_number(row.month, first), pairs[frozenset(row.between)], row.note, row.certain, row.early, row.late,
            _occasion(f"summit.{said.index(row.condition.text)}", row, constants) if row.condition else None,
        )
        for row in given.summits
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda summit: summit.month))


def _occasion(id: str, row: SummitGiven | EventGiven, constants: Mapping[str, float], **drawn: Any) -> Occasion | None:
    """The occasion of what is planned, with what is drawn for it; None where it always comes about."""
    if row.condition is None:
        return Occasion(id, **drawn) if drawn else None
    return Occasion(id, simplify(row.condition, constants), row.condition.text, **drawn)


def resolve_events(given: ScenarioFile, constants: Mapping[str, float]) -> tuple[Event, ...]:
    """The events by month, in list order within a month."""
    first = month_of(given.first_month)
    found: list[Event] = []
    for place, row in enumerate(given.events):
        on = [name for action in WITH_MOVES for name in getattr(row, action) or ()]
        stream = f"event/{row.name or '+'.join(on)}"
        drawn = {} if row.chance is None else {"chance": float(row.chance), "stream": stream}
        month, occasion = month_number(row.month, first), _occasion(f"event.{place}", row, constants, **drawn)
        until = None if row.until is None else month_number(row.until, first)
        for action in ACTIONS:
            for variable, value in (getattr(row, action) or {}).items():
                found.append(Event(month, action, variable, float(value), row.note, until, "", occasion, place))
        for state, option in (row.move or {}).items():
            option_place = [each.name for each in given.moves[state].options].index(option)
            found.append(Event(month, "move", state, float(option_place), row.note, None, option, occasion, place))
    return tuple(sorted(found, key=lambda event: event.month))


def check_schedule(data: Written, names: Names, found: Findings) -> None:
    """Notes summits and events that are impossible, whatever else is wrong with the data."""
    first = first_month_in(data.value)
    _check_summits(data["summits"], names, first, found)
    _check_events(data, names, first, found)


def _month(written: Written, first: FirstMonth | None, found: Findings) -> int | None:
    """The number of a month; None where it is none, or before the first, which is noted."""
    month = written_month(written.value, first)
    if first and written.text and month is not None and month < 0:
        found.add(written.path, written.text, f"not before the first month, {month_name(0, first)}")
        return None
    return month


def _check_summits(summits: Written, names: Names, first: FirstMonth | None, found: Findings) -> None:
    seen: dict[str, list[Summit]] = {}
    for row in summits.rows():
        month, pair = _month(row["month"], first, found), _pair(row["between"], names, found)
        if month is None or pair is None:
            continue
        summit = Summit(month, pair, early=_count(row["early"]), late=_count(row["late"]))
        others = seen.setdefault(pair, [])
        _check_window(row, summit, others, first or (0, 1), found)
        others.append(summit)


def _check_window(row: Written, summit: Summit, others: list[Summit], first: FirstMonth, found: Findings) -> None:
    for other in others:
        if other.month == summit.month:
            who = " and ".join(side.text or "" for side in row["between"].rows())
            when = month_name(summit.month, first)
            found.add(row.path, f"{who} again in {when}", "each two states once in a month")
            return
        if other.meets(summit):
            months = f"months that the meeting of {month_name(other.month, first)} has too"
            window = row["early" if summit.early else "late"]
            found.add(window.path, months, "windows of one pair that do not overlap")
            return


def _count(written: Written) -> int:
    return written.value if isinstance(written.value, int) and not isinstance(written.value, bool) else 0


def _pair(between: Written, names: Names, found: Findings) -> str | None:
    """The pair of two states that can meet."""
    sides = [side.text for side in between.rows()]
    if len(sides) != 2 or names.states is None or not all(side in names.states for side in sides):
        return None
    one, other = (side or "" for side in sides)
    pairs = {pair: [side.text or "" for side in each["between"].rows()] for pair, each in names.data["pairs"].items()}
    pair = next((pair for pair, sides in pairs.items() if set(sides) == {one, other}), None)
    if pair is None or one == other:
        allowed = f"two states that can meet: {', '.join(' and '.join(sides) for sides in pairs.values())}"
        found.add(between.path, f"{one} and {other}", allowed)
        return None
    return pair


@dataclass(frozen=True)
class _Change:
    """What an event does to a variable."""

    written: Written
    month: int
    action: str
    until: int | None
    always: bool  # without a condition or a chance


def _check_events(data: Written, names: Names, first: FirstMonth | None, found: Findings) -> None:
    changes: dict[str, list[_Change]] = {}
    for row in data["events"].rows():
        month, until = _month(row["month"], first, found), _month(row["until"], first, found)
        if month is not None and until is not None and until <= month:
            found.add(row["until"].path, str(row["until"].value), "a month after the event's own")
        several = _check_actions(row, found)
        always = row["if"].value is None and row["chance"].value is None
        if row["name"].value is not None and row["chance"].value is None:
            found.add(row["name"].path, show(row["name"].value), "only with chance: it names the draw")
        for action in ACTIONS:
            for variable, level in row[action].items():
                given = data["variables"][variable]
                if _check_level(given, variable, action, level, found) and month is not None:
                    if until is not None and action == "set" and given["kind"].text != "exogenous":
                        found.add(row["until"].path, variable, "with pin, or with set of an exogenous variable")
                    if several:  # which was reported
                        continue
                    changes.setdefault(variable, []).append(_Change(level, month, action, until, always))
        for state, option in row["move"].items():
            options = [each["name"].text for each in names.data["moves"][state]["options"].rows()]
            if options and option.text is not None:
                found.known(option.path, option.text, frozenset(filter(None, options)), f"move of {state}")
    for variable, each in changes.items():
        _check_pins(variable, each, found)


def _check_actions(row: Written, found: Findings) -> bool:
    """Whether an event does several things at once; notes that, and an event that does nothing."""
    given = [row[action] for action in WITH_MOVES if row[action].value is not None]
    readable = row.keys is not None and row.keys <= _EVENT_KEYS and all(each.keys is not None for each in given)
    if readable and (len(given) != 1 or not given[0].value):
        allowed = "exactly one of set, shift, pin and move, with at least one variable or state"
        found.add(row.path, show(row.value), allowed)
    elif readable and row["until"].value is not None and given[0].path[-1] not in ("set", "pin"):
        found.add(row["until"].path, show(row["until"].value), "only with pin, or with set of an exogenous variable")
    return len(given) > 1


def _check_level(given: Written, variable: str, action: str, level: Written, found: Findings) -> bool:
    """Whether something from outside can happen to the variable; a level or a shift out of bounds is noted."""
    if given["reading"].value is True:
        allowed = "a variable that other things depend on: this one only records"
        found.add(level.path, show(variable), allowed, at_key=True)
        return False
    high = LARGEST if given["unbounded"].value is True else 1.0
    check_inside(level, -high if action == "shift" else 0.0, high, found)
    return given.value is not None


def check_inside(written: Written, low: float, high: float, found: Findings) -> None:
    """Notes a number or a range that is out of bounds."""
    corners = written.corners
    if corners and corners[0] <= corners[1] and not low <= corners[0] <= corners[1] <= high:
        text = f"{corners[0]:g}" if written.number is not None else f"{corners[0]:g} to {corners[1]:g}"
        allowed = f"from {low:g} to {high:g}" if high < LARGEST else f"at least {low:g}"
        found.add(written.path, text, allowed)


def _check_pins(variable: str, changes: list[_Change], found: Findings) -> None:
    """Notes events on a variable while it is pinned."""
    waiting = [change for change in changes if change.action == "pin" and change.always]
    waiting.sort(key=lambda pin: pin.month, reverse=True)
    begun: list[tuple[int | str, _Change]] = []  # pins that have begun, by their row
    for change in sorted((each for each in changes if each.action != "pin"), key=lambda each: each.month):
        while waiting and waiting[-1].month <= change.month:
            pin = waiting.pop()
            heappush(begun, (pin.written.path[1], pin))
        while begun and (ends := begun[0][1].until) is not None and ends <= change.month:
            heappop(begun)
        if begun:
            pin = begun[0][1]
            held = f"it is pinned from month {pin.month}{'' if pin.until is None else f' to month {pin.until}'}"
            allowed = f"none while {held}: end the pin with until, or drop_events: [{variable}]"
            late = max(change, pin, key=lambda each: each.written.path[1])
            found.add(late.written.path, f"{change.action} of {variable} in month {change.month}", allowed)


def month_in(month: Any, source: Source) -> int | None:
    """The number of a month as it is written, None where it is none, or where the source has no first month."""
    return written_month(month, first_month_in(source.data))


@lru_cache(maxsize=256)  # so that the layer of a file that is read again is the same one
def with_last_month_counted(layer: Source, root: Source) -> Source:
    """The layer with the number of its last month, where that is written as a month of the calendar."""
    if not isinstance(root.data, dict) or not isinstance(layer.data, dict):
        return layer
    number = month_in(layer.data.get("months"), layer if "first_month" in layer.data else root)
    return layer if number is None or number < 0 else replace(layer, data={**layer.data, "months": number})
