"""One scenario laid over another, as plain data that remembers where each value was written.

Maps merge, everything else replaces; `events` are added to the inherited ones, of which `drop_events` first takes away
those on the variables it names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from sim.errors import Place
from sim.inputs.schedule import ACTIONS
from sim.inputs.yaml_source import KeyPath, Source

ROWS = ("summits", "events")
LAST_MONTH = 100_000  # of stand-ins for faulty months, which count down from it so that no two rows meet
NOT_INHERITED = ("note", "read_against", "extends", "drop_events")


class Event(NamedTuple):
    """An event as written, with the places of what is in it and of the keys in it, by their paths in the event."""

    row: Any
    places: dict[KeyPath, Place]
    key_places: dict[KeyPath, Place]


def merge(base: Source, child: Source) -> Source:
    """The child laid over what it inherits. Neither source is changed."""
    data = {key: value for key, value in base.data.items() if key not in NOT_INHERITED}
    merged = _merge_maps(data, {key: value for key, value in child.data.items() if key != "events"})
    dropped = [name for name in child.data.get("drop_events") or () if isinstance(name, str)]
    events = [*kept_events(base, dropped), *_events(child)]
    places = _but_events({**base.places, **child.places})
    key_places = _but_events({**base.key_places, **child.key_places})
    if "events" in base.data or "events" in child.data:
        merged["events"] = [event.row for event in events]
    for index, event in enumerate(events):
        places.update({("events", index, *path): place for path, place in event.places.items()})
        key_places.update({("events", index, *path): place for path, place in event.key_places.items()})
    return Source(child.name, merged, places, key_places)


def _but_events(places: Mapping[KeyPath, Place]) -> dict[KeyPath, Place]:
    """The places without those in events, which are counted anew."""
    return {path: place for path, place in places.items() if len(path) < 2 or path[0] != "events"}


def without(source: Source, bad: Collection[KeyPath]) -> tuple[Source, list[KeyPath]]:
    """The source without the values at these paths, so that the rest of a faulty file can still be looked at.

    Of a list goes the whole entry, except that a summit or an event stays where something can stand in for its fault;
    the paths of the entries that went come back too.
    """
    places: dict[KeyPath, Place] = {}
    key_places: dict[KeyPath, Place] = {}
    in_entries = _by_entry(bad)
    gone: list[KeyPath] = []

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
            kept: list[Any] = []
            for index, row in enumerate(value):
                entry = (*old, index)
                faults = in_entries.get(entry, []) if bad else []
                sound = _mended(row, entry, faults) if faults else row
                if faults and sound is None:
                    gone.append(entry)
                else:
                    kept.append(copy(sound, entry, (*new, len(kept)), ()))
            return kept
        return value

    return Source(source.name, copy(source.data, (), (), bad), places, key_places), gone


def _by_entry(bad: Collection[KeyPath]) -> dict[KeyPath, list[KeyPath]]:
    """The faults in each entry of a list, by the path of the entry, as paths inside it."""
    found: dict[KeyPath, list[KeyPath]] = {}
    for path in bad:
        end = next((at + 1 for at, step in enumerate(path) if isinstance(step, int)), None)
        if end is not None:
            found.setdefault(path[:end], []).append(path[end:])
    return found


def _mended(row: Any, path: KeyPath, faults: Iterable[KeyPath]) -> dict[str, Any] | None:
    """A summit or an event with something harmless in the place of its faults, if they are of a kind that can be."""
    if len(path) != 2 or path[0] not in ROWS or not isinstance(row, dict):
        return None
    row = dict(row)
    for fault in faults:
        if fault == ("month",):
            row["month"] = LAST_MONTH - int(path[1])
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


def _events(source: Source) -> list[Event]:
    """The events of a source."""
    events = [Event(row, {}, {}) for row in source.data.get("events") or ()]
    for path, place in source.places.items():
        if _in_event(path, len(events)):
            events[int(path[1])].places[path[2:]] = place
    for path, place in source.key_places.items():
        if _in_event(path, len(events)):
            events[int(path[1])].key_places[path[2:]] = place
    return events


def _in_event(path: KeyPath, count: int) -> bool:
    return len(path) > 1 and path[0] == "events" and isinstance(path[1], int) and path[1] < count


def kept_events(base: Source, dropped: Collection[str]) -> list[Event]:
    """The inherited events without what they do to the dropped variables."""
    kept = []
    for event in _events(base):
        rest = {
            key: {name: level for name, level in value.items() if name not in dropped}
            if key in ACTIONS and isinstance(value, dict)
            else value
            for key, value in event.row.items()
        }
        if any(rest.get(action) for action in ACTIONS):
            kept.append(event._replace(row=rest))
    return kept
