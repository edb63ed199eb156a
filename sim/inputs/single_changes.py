"""For each difference between two scenarios, the first scenario with that difference alone.

What counts as one difference is a line of `differences`.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.inputs.case_folder import file_beside
from sim.inputs.codings import CODINGS
from sim.inputs.differences import differences
from sim.inputs.months import month_number
from sim.inputs.scenario import NOT_OF_A_RUN, Scenario, load_data
from sim.inputs.schedule import Summit
from sim.inputs.schema_scenario import WITH_MOVES

Data = Mapping[str, Any]

_CALENDAR = ("first_month", "summits", "events")
_BY_NAME = ("claims", "documents", "start", "packages", "parameters", "thresholds", "constants")
_DEPTH = {"assume": 1, "assume.states": 2, **{f"assume.{name}": 1 for name in _BY_NAME}}
_MARKS = ("certain", "early", "late", "if")  # of a planned meeting
_GONE = object()


def single_changes(
    a: Scenario, b: Scenario, files: tuple[Path, Path], case: Path | str | None = None
) -> list[tuple[tuple[str, ...], Scenario]]:
    """Each difference between b and a in words, and a with that difference alone.

    ``files`` are the two scenario files, beside which a class's coding may be. Raises InputError where one difference
    alone gives no valid scenario.
    """
    one, two = (_data(scenario, file) for scenario, file in zip((a, b), files, strict=True))
    found = []
    for data in _patches(one, two):
        scenario = load_data(data, a, case=case, months=a.months if data["months"] == one["months"] else None)
        if lines := differences(a, scenario):
            found.append((tuple(lines), scenario))
    return found


def _data(scenario: Scenario, file: Path) -> dict[str, Any]:
    """A scenario's data without keys that do not matter to a run, with months as numbers, and with the absolute path of
    a class's coding.
    """
    data = {
        key: value
        for key, value in scenario.resolved.items()
        if key not in ("read_against", "drop_events", "drop_summits")
    }
    for section in ("summits", "events"):
        data[section] = [
            row | {key: month_number(row[key], scenario.first_month) for key in ("month", "until") if row.get(key)}
            for row in data.get(section) or ()
        ]
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
        if key not in NOT_OF_A_RUN and key not in _CALENDAR:
            deep = _DEPTH.get(key, 1 if all(isinstance(data.get(key), dict) for data in (one, two)) else 0)
            yield from _changed(one, two, key, deep)


def _changed(one: Data, two: Data, key: str, deep: int) -> Iterator[dict[str, Any]]:
    """The first data with one value under a key as in the second: the whole value, or one ``deep`` maps inside it."""
    if not deep:
        if one.get(key, _GONE) != two.get(key, _GONE):
            changed = {**one, key: two.get(key, _GONE)}
            yield {name: value for name, value in changed.items() if value is not _GONE}
        return
    mine, theirs = one.get(key) or {}, two.get(key) or {}
    for name in dict.fromkeys((*mine, *theirs)):
        for part in _changed(mine, theirs, name, _DEPTH.get(f"{key}.{name}", deep - 1)):
            yield {**one, key: part}


def _pair(row: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(row["between"])


def _of(rows: Iterable[Any], pair: frozenset[str]) -> list[Any]:
    """The meetings of a pair."""
    return [row for row in rows if _pair(row) == pair]


def _moved_summits(one: Data, two: Data) -> Iterator[dict[str, Any]]:
    """Each meeting that was moved, added or removed, or all of a pair at once where they would collide one by one; the
    order within months if only that differs.
    """
    marked = list(_marked(one, two))
    calendars = []
    for pair in dict.fromkeys(_pair(row) for data in (one, two) for row in data["summits"]):
        singly = list(_meetings(one, two, pair))
        if any(_collide(rows, pair) for rows in (*singly, marked)):
            mine, theirs = (_of(data["summits"], pair) for data in (one, two))
            singly, kept = [_exchanged(one, two, mine, theirs)], iter(mine)
            marked = [next(kept) if _pair(row) == pair else row for row in marked]
        calendars += singly
    if not calendars and _calendar(one) != _calendar(two):
        calendars = [two["summits"]]
    for rows in calendars if marked == one["summits"] else [*calendars, marked]:
        yield {**one, "summits": rows}


def _collide(rows: list[Any], pair: frozenset[str]) -> bool:
    """Whether two meetings of a pair could be held in one month."""
    windows = ((row["month"], row.get("early", 0), row.get("late", 0)) for row in _of(rows, pair))
    mine = [Summit(month, "", early=early, late=late) for month, early, late in windows]
    return any(mine[place].meets(other) for place in range(len(mine)) for other in mine[:place])


def _marked(one: Data, two: Data) -> Iterator[dict[str, Any]]:
    """The first one's summits, with certainty and windows of those planned in both as in the second."""
    there = {(row["month"], _pair(row)): row for row in two["summits"]}
    for row in one["summits"]:
        other = there.get((row["month"], _pair(row)), row)
        kept = {key: value for key, value in row.items() if key not in _MARKS}
        yield kept | {key: other[key] for key in _MARKS if key in other}


def _calendar(data: Data) -> list[tuple[int, frozenset[str]]]:
    return sorted(((row["month"], _pair(row)) for row in data["summits"]), key=lambda row: row[0])


def _meetings(one: Data, two: Data, pair: frozenset[str]) -> Iterator[list[Any]]:
    """The first one's summits with one change of a pair's meetings."""
    mine, theirs = ({row["month"]: row for row in _of(data["summits"], pair)} for data in (one, two))
    gone = [row for month, row in mine.items() if month not in theirs]
    come = [row for month, row in theirs.items() if month not in mine]
    if not theirs or not mine:
        yield _exchanged(one, two, gone, come)
        return
    for place in range(max(len(gone), len(come))):
        yield _exchanged(one, two, gone[place : place + 1], come[place : place + 1])


def _exchanged(one: Data, two: Data, gone: list[Any], come: list[Any]) -> list[Any]:
    """The first one's summits without some and with others, which have their place in the month as in the second."""
    rows = [row for row in one["summits"] if not any(row is old for old in gone)]
    for new in come:
        there = [row for row in two["summits"] if row["month"] == new["month"]]
        later = [_pair(row) for row in there[there.index(new) + 1 :]]
        at = [place for place, row in enumerate(rows) if row["month"] == new["month"] and _pair(row) in later]
        rows.insert(at[0] if at else len(rows), new)
    return rows


def _changed_events(one: Data, two: Data) -> Iterator[dict[str, Any]]:
    """The events on each variable, exchanged as a whole."""
    for variable in dict.fromkeys(name for data in (one, two) for row in data["events"] for name in _touched(row)):
        mine, theirs = ([left for row in data["events"] if (left := _only(row, variable, True))] for data in (one, two))
        if mine != theirs:
            others = [left for row in one["events"] if (left := _only(row, variable, False))]
            yield {**one, "events": others + theirs}


def _touched(row: Mapping[str, Any]) -> list[str]:
    return [name for action in WITH_MOVES for name in row.get(action) or ()]


def _only(row: Mapping[str, Any], variable: str, kept: bool) -> dict[str, Any]:
    """A row of events with only what it does to a variable, or without that; empty where nothing is left."""
    actions: dict[str, Any] = {
        action: {name: value for name, value in (row.get(action) or {}).items() if (name == variable) == kept}
        for action in WITH_MOVES
    }
    actions = {action: values for action, values in actions.items() if values}
    rest = {key: value for key, value in row.items() if key not in WITH_MOVES}
    return rest | actions if actions else {}
