"""The files that make up a scenario: the chain of `extends` from the case down, and what `--set` adds.

Each file is checked by itself with all its faults before anything is merged. Maps merge, everything else replaces;
`events` are added to the inherited ones, of which `drop_events` first takes away those on the variables it names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from sim.errors import Fault, InputError, Place, did_you_mean
from sim.inputs.case_folder import ROOT_SCENARIO, CaseFolder, named_scenario, parent_scenario
from sim.inputs.schedule import ACTIONS, ROWS
from sim.inputs.schema_faults import Findings, Problem, check, news, place_of, show, unknown, value_at
from sim.inputs.schema_scenario import ScenarioFile
from sim.inputs.schema_types import PARTIAL
from sim.inputs.written_rows import as_written
from sim.inputs.yaml_source import KeyPath, Source, parse_faulty_yaml
from sim.inputs.yaml_text import read_text

LAST_MONTH = 100_000  # of stand-ins for faulty months, which count down from it so that no two rows meet
NOT_INHERITED = ("note", "read_against", "extends", "drop_events")
MOST_PARENTS = 8
# Faults in these leave the rest of the case in order, so that names in it can still be looked up.
_LEAVES = frozenset(
    (
        "title",
        "question",
        "note",
        "read_against",
        "months",
        "summits",
        "drop_events",
        "events",
        "assume",
        "behaviour",
        "extends",
        "schema",
    )
)
# What stands in for those of them that a case cannot do without.
_STAND_INS = {"schema": 1, "title": "x", "question": "x", "months": 0, "summits": [], "events": []}
_CORNERS = ("low", "mode", "high")
_RANGES = {"start": 3, "parameters": 3, "thresholds": 3, "claims": 4, "states": 5}  # how deep they lie in `assume`
_FORM: TypeAdapter[ScenarioFile] = TypeAdapter(ScenarioFile)
_KEYS = frozenset(info.alias or name for name, info in ScenarioFile.model_fields.items())
_parsed: dict[tuple[str, str], Source] = {}


@dataclass
class Reading:
    """Files read so far, with the hash of each, and the faults found in them."""

    folder: CaseFolder
    files: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    pruned: set[KeyPath] = field(default_factory=set)  # what was left out because of them
    left_out: list[tuple[Source, KeyPath]] = field(default_factory=list)  # such of it as has names in it
    spoilt: bool = False  # whether they leave a hole in the case: looking names up would only tell of the hole

    def read(self, path: Path) -> Source:
        """The values of a file. Raises InputError."""
        source = self.read_faulty(path)
        if source.faults:
            raise InputError(source.faults)
        return source

    def read_faulty(self, path: Path) -> Source:
        """The same for who has more to find: only faults that hide what comes after them are raised."""
        name = self.folder.display(path)
        text = read_text(path, name)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        self.files.append((self.folder.relative(path) or path.name, digest))
        key = (name, hashlib.sha256(text.encode()).hexdigest())
        if key not in _parsed:
            if len(_parsed) > 256:
                _parsed.clear()
            _parsed[key] = parse_faulty_yaml(text, name)
        return _parsed[key]

    def read_layer(self, path: Path) -> Source | None:
        """The same for who has other files to look at besides: every fault is noted, none is raised."""
        try:
            source = self.read_faulty(path)
        except InputError as error:
            self.faults += error.faults
            self.spoilt = True
            return None
        self.faults += source.faults
        return source


def read_chain(reading: Reading, path: Path) -> list[Source]:
    """The scenario and all it extends, the case first, as far as the chain can be followed."""
    chain: list[Source] = []
    seen: list[Path] = []
    following: Path | None = path
    while following and (source := reading.read_layer(following)):
        chain.insert(0, source)
        seen.append(following.resolve())
        if not isinstance(source.data, dict) or (source.data.get("extends") is None and "states" in source.data):
            break
        following = _parent(reading, source, following, seen)
    return chain


def _parent(reading: Reading, source: Source, path: Path, seen: Sequence[Path]) -> Path | None:
    """The scenario that this one starts from. Where that will not do it is the case, so that the rest is checked too;
    None where this is the case.
    """
    given = source.data.get("extends")
    found = parent_scenario(reading.folder, given, path) if isinstance(given, str) else None
    if found and found.resolve() not in seen and len(seen) <= MOST_PARENTS:
        return found
    if found and found.resolve() in seen:
        allowed = "a scenario that does not extend this one in turn"
    elif found:
        allowed = f"at most {MOST_PARENTS} scenarios, one extending another"
    elif given is None:
        allowed = "the scenario that this one starts from, such as extends: baseline"
    else:
        folder = show(given).split("/")[0]
        known = [name for name in reading.folder.names() if "/" not in name or name.startswith(f"{folder}/")]
        allowed = unknown(show(given), known, "a scenario of the case, or a file beside this one")
    if not _told(source, given):
        value = "no extends" if given is None else show(given)
        reading.faults += news([Fault(place_of(source, ("extends",)), "extends", value, allowed)], source)
    case = named_scenario(reading.folder, ROOT_SCENARIO)
    if case is None or case.resolve() in seen:
        reading.spoilt = True
        return None
    return case


def _told(source: Source, given: Any) -> bool:
    """Whether the form of the file tells that its `extends` is faulty, or that the key is misspelt."""
    if given is None:
        return any('"extends"' in did_you_mean(key, _KEYS) for key in source.data if key not in _KEYS)
    return not isinstance(given, str) or not given


def lay_together(reading: Reading, chain: Sequence[Source]) -> tuple[Source, ScenarioFile]:
    """The chain as one, checked. Faults that leave the rest readable go to `reading`. Raises InputError for others."""
    sound = [_checked(reading, source) for source in chain]
    if reading.spoilt:
        raise InputError(reading.faults)
    merged = sound[0]
    for source in sound[1:]:
        merged = merge(merged, source)
    while (checked := check(_FORM, merged)).given is None:
        told = [problem for problem in checked.problems if not (problem.missing and problem.path in reading.pruned)]
        reading.faults += [problem.fault(merged) for problem in told]
        if any(_spoils(problem) for problem in checked.problems):
            raise InputError(reading.faults)
        merged = _pruned(reading, merged, {_whole(problem, merged.data) for problem in checked.problems})
        merged.data.update({key: value for key, value in _STAND_INS.items() if key not in merged.data})
    return merged, checked.given


def _checked(reading: Reading, source: Source) -> Source:
    """The source without what is faulty in it; the faults go to `reading`.

    It is looked at again without them: a summit or an event is checked as a whole only when each part of it is sound.
    """
    sound = source
    while problems := [problem for problem in check(_FORM, sound, PARTIAL).problems if not problem.missing]:
        reading.faults += as_written(news([problem.fault(sound) for problem in problems], source), [source])
        spoilt = {problem.path[:1] for problem in problems if _spoils(problem)}
        reading.spoilt |= bool(spoilt)
        if () in spoilt:
            break
        bad = {_whole(problem, sound.data) for problem in problems if problem.path[:1] not in spoilt}
        sound = _pruned(reading, sound, bad | spoilt)
    return sound


def _pruned(reading: Reading, source: Source, bad: set[KeyPath]) -> Source:
    """The source without what is faulty; `reading` keeps what was left out."""
    sound, gone = without(source, bad)
    named = [path for path in bad if path[0] == "assume" and len(path) == 3]
    rows = [path for path in gone if len(path) == 2 and path[0] in ROWS]
    reading.pruned |= bad
    reading.left_out += [(source, path) for path in (*named, *rows)]
    return sound


def _whole(problem: Problem, data: Any) -> KeyPath:
    """What goes because of a problem: of a range all, since with an inherited corner it would be another range."""
    path, around = problem.path, problem.path[:-1]
    if not (path[0] == "assume" and len(path) > 1 and len(around) == _RANGES.get(str(path[1]))):
        return path
    given = value_at(data, around)
    misspelt = problem.value == "no such key" and not all(corner in given for corner in _CORNERS)
    return around if path[-1] in _CORNERS or misspelt else path


def _spoils(problem: Problem) -> bool:
    """Whether a fault leaves a hole in the case, so that looking names up would only tell of the hole."""
    return not problem.path or (problem.path[0] not in _LEAVES and problem.value != "no such key")


def check_dropped(chain: Sequence[Source], variables: Sequence[str]) -> list[Fault]:
    """Faults of `drop_events`: words that are no variables."""
    faults = []
    for source in chain:
        findings = Findings(source)
        dropped = source.data.get("drop_events")
        for index, name in enumerate(dropped if isinstance(dropped, list) else ()):
            if isinstance(name, str):
                findings.known(("drop_events", index), name, variables, "variable")
        faults += findings.faults
    return faults


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
