"""One scenario laid over another, as plain data that remembers where each value was written.

Maps merge, everything else replaces; `events` are added to the inherited ones, of which `drop_events` first takes away
those on the variables it names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sim.errors import Place
from sim.inputs.schedule import ACTIONS
from sim.inputs.yaml_source import KeyPath, Source

ROWS = ("summits", "events")
LAST_MONTH = 100_000  # of stand-ins for faulty months, which count down from it so that no two rows meet
NOT_INHERITED = ("note", "read_against", "extends", "drop_events")


def merge(base: Source, child: Source) -> Source:
    """The child laid over what it inherits. Neither source is changed."""
    data = {key: value for key, value in base.data.items() if key not in NOT_INHERITED}
    places, key_places = dict(base.places), dict(base.key_places)
    places.update(child.places)
    key_places.update(child.key_places)
    own = {key: value for key, value in child.data.items() if key != "events"}
    merged = _merge_maps(data, own)
    if child.data.get("events") or child.data.get("drop_events"):
        dropped = [name for name in child.data.get("drop_events") or () if isinstance(name, str)]
        rows = [*kept_events(base, dropped), *_events(child)]
        merged["events"] = [row for row, _ in rows]
        for index, (_, found) in enumerate(rows):
            places.update({("events", index, *path): place for path, place in found.items()})
    return Source(child.name, merged, places, key_places)


def without(source: Source, bad: Collection[KeyPath]) -> Source:
    """The source without the values at these paths, so that the rest of a faulty file can still be looked at.

    Of a list goes the whole entry, except that a summit or an event stays where something can stand in for its fault.
    """
    places: dict[KeyPath, Place] = {}
    key_places: dict[KeyPath, Place] = {}

    def copy(value: Any, old: KeyPath, new: KeyPath, bad: Collection[KeyPath]) -> Any:
        if old in source.places:
            places[new] = source.places[old]
        if old in source.key_places:
            key_places[new] = source.key_places[old]
        if isinstance(value, dict):
            return {
                key: copy(item, (*old, key), (*new, key), bad) for key, item in value.items() if (*old, key) not in bad
            }
        if isinstance(value, list):
            rows = ((index, _sound(row, old, index, bad)) for index, row in enumerate(value))
            kept = [(index, row) for index, row in rows if row is not None]
            return [copy(row, (*old, index), (*new, place), ()) for place, (index, row) in enumerate(kept)]
        return value

    return Source(source.name, copy(source.data, (), (), bad), places, key_places)


def _sound(row: Any, path: KeyPath, index: int, bad: Collection[KeyPath]) -> Any:
    """An entry of a list: as it is, mended, or None where it has to go."""
    item = (*path, index)
    faults = [each[len(item) :] for each in bad if each[: len(item)] == item]
    if not faults:
        return row
    return _mended(row, index, faults) if path in [(name,) for name in ROWS] and isinstance(row, dict) else None


def _mended(row: dict[str, Any], index: int, faults: Iterable[KeyPath]) -> dict[str, Any] | None:
    """A summit or an event with something harmless in the place of its faults, if they are of a kind that can be."""
    row = dict(row)
    for fault in faults:
        if fault == ("month",):
            row["month"] = LAST_MONTH - index
        elif len(fault) == 2 and fault[0] in ACTIONS:
            row[str(fault[0])] = {**row[fault[0]], fault[1]: 0.0}
        elif len(fault) == 1 and fault[0] not in ("between", *ACTIONS):
            row.pop(str(fault[0]))
        else:
            return None
    return row if any(key in row for key in ("between", *ACTIONS)) else None


def _merge_maps(base: Any, child: Any) -> Any:
    if not (isinstance(base, dict) and isinstance(child, dict)):
        return child
    merged = dict(base)
    for key, value in child.items():
        merged[key] = _merge_maps(base[key], value) if key in base else value
    return merged


def _events(source: Source) -> list[tuple[Any, dict[KeyPath, Place]]]:
    """The events of a source, each with the places in it."""
    rows: list[tuple[Any, dict[KeyPath, Place]]] = []
    for row in source.data.get("events") or ():
        rows.append((row, {}))
    for path, place in source.places.items():
        if len(path) > 1 and path[0] == "events" and isinstance(path[1], int) and path[1] < len(rows):
            rows[path[1]][1][path[2:]] = place
    return rows


def kept_events(base: Source, dropped: Collection[str]) -> list[tuple[Any, dict[KeyPath, Place]]]:
    """The inherited events without what they do to the dropped variables."""
    kept = []
    for row, places in _events(base):
        rest = {
            key: {name: level for name, level in value.items() if name not in dropped} if key in ACTIONS else value
            for key, value in row.items()
        }
        if any(rest.get(action) for action in ACTIONS):
            kept.append((rest, places))
    return kept
