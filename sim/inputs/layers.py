"""The files that make up a scenario: the chain of `extends` from the case down, and what `--set` adds.

Each file is checked by itself before anything is merged. Maps merge, everything else replaces; `events` are added to
the inherited ones, from which `drop_events` first removes those on the variables it names; `drop_summits` removes
inherited meetings, in place of a list of `summits`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from sim.errors import Fault, InputError, Place, did_you_mean
from sim.inputs.case_folder import ROOT_SCENARIO, CaseFolder, named_scenario, parent_scenario
from sim.inputs.engine_numbers import with_defaults
from sim.inputs.name_checks import Written
from sim.inputs.schedule import month_in, with_last_month_counted
from sim.inputs.schema_faults import Findings, check, show, unknown
from sim.inputs.schema_scenario import ACTIONS, DROPPED, WITH_MOVES, ScenarioFile
from sim.inputs.schema_types import PARTIAL
from sim.inputs.text_decoding import escaped, read_text
from sim.inputs.yaml_source import LAST_LOADED, KeyPath, Source, parse_faulty_yaml, parse_value

DESCRIBES = ("schema", "extends", "title", "question", "note", "read_against")  # keys that change nothing in a run
NOT_INHERITED = ("note", "read_against", "extends", "drop_events", "drop_summits")
MOST_PARENTS = 8
ADDED = ("events", "drop_events", "drop_summits")  # lists that several changes add to
_PLAIN = re.compile(r"[^.=\s]+")  # a key that can be part of a dotted one
SCENARIO: TypeAdapter[ScenarioFile] = TypeAdapter(ScenarioFile)
_KEYS = frozenset(info.alias or name for name, info in ScenarioFile.model_fields.items())


@dataclass
class Reading:
    """Files read so far, with the hash of each, and the faults found in them."""

    folder: CaseFolder
    files: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def read_faulty(self, path: Path) -> Source:
        """The values of a file and its faults. Raises InputError where a fault makes the rest unreadable."""
        name = self.folder.display(path)
        text = read_text(path, name)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        self.files.append((self.folder.relative(path) or path.name, digest))
        return _parsed(text, name)

    def read_layer(self, path: Path) -> Source | None:
        """The values of one file of several, None where it is unreadable; its faults are noted."""
        try:
            source = self.read_faulty(path)
        except InputError as error:
            self.faults += error.faults
            return None
        self.faults += source.faults
        return source


_parsed = lru_cache(maxsize=256)(parse_faulty_yaml)


def read_chain(reading: Reading, path: Path) -> list[Source]:
    """The scenario and all that it extends, the case first, as far as the chain can be followed."""
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
    """The scenario that this one starts from; the case if that is faulty, so that the rest is checked too. None for the
    case itself.
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
    if not _reported(source, given):
        value = "no extends" if given is None else show(given)
        found_here = Findings(source)
        found_here.add(("extends",), value, allowed)
        reading.faults += found_here.faults
    case = named_scenario(reading.folder, ROOT_SCENARIO)
    return None if case is None or case.resolve() in seen else case


def _reported(source: Source, given: Any) -> bool:
    """Whether the faults of the file's form include a faulty or misspelt `extends`."""
    if given is None:
        return any('"extends"' in did_you_mean(key, _KEYS) for key in source.data if key not in _KEYS)
    return not isinstance(given, str) or not given


@dataclass(frozen=True, eq=False)  # compared by identity, as sources are
class Laid:
    """The merged chain: its raw data, and the checked form if there is no fault.

    The case at its root is completed by the engine's numbers.
    """

    merged: Source
    given: ScenarioFile | None
    faults: list[Fault]  # of the form
    layers: Sequence[Source]
    whole: bool  # whether the root of the chain is a case, so that names can be looked up

    def dropped(self, variables: Collection[str] | None) -> list[Fault]:
        """Faults of `drop_events` in each layer: words that are no variables."""
        faults = []
        for layer in self.layers:
            found = Findings(layer, self.faults)
            for name in Written(layer.data)["drop_events"].rows():
                if name.text is not None:
                    found.known(name.path, name.text, variables, "variable")
            faults += found.faults
        return faults


@lru_cache(maxsize=LAST_LOADED)
def lay_together(*files: Source) -> Laid:
    """Merge the files. The form of each is checked by itself, and that of the result."""
    layers = [with_last_month_counted(layer, files[0]) for layer in files]
    yaml_faults = [fault for layer in layers for fault in layer.faults]
    faults = [fault for layer in layers for fault in _form_faults(layer)]
    whole = isinstance(layers[0].data, dict) and "states" in layers[0].data
    if whole:
        layers = [replace(layers[0], data=with_defaults(layers[0].data)), *layers[1:]]
    merged = layers[0]
    for layer in layers[1:]:
        if isinstance(layer.data, dict) and isinstance(merged.data, dict):
            faults += dropped_summit_faults(merged, layer)
            merged = merge(merged, layer)
    if not whole:
        return Laid(merged, None, faults, layers, whole)
    merged = replace(merged, data=with_defaults(merged.data), faults=())  # defaults of states that a scenario adds
    given, more = check(SCENARIO, merged)
    reported = {fault.place for fault in (*faults, *yaml_faults) if fault.value != "missing"}
    faults += [fault for fault in more if fault.place not in reported or fault.value == "missing"]
    return Laid(merged, given, faults, layers, whole)


@lru_cache(maxsize=256)
def _form_faults(layer: Source) -> list[Fault]:
    """Faults of the form of one file by itself; checked once, however often the file is loaded."""
    return check(SCENARIO, layer, PARTIAL)[1]


def merge(base: Source, child: Source) -> Source:
    """The child merged into what it inherits: maps merge, events add up, everything else replaces."""
    data = {key: value for key, value in base.data.items() if key not in NOT_INHERITED}
    replaced: set[KeyPath] = set()
    merged = _merge_maps(data, child.data, (), replaced)
    rows = {section: origins for section, origins in base.rows.items() if section not in child.data}
    for section, laid in _laid_rows(base, child).items():
        merged[section] = [row for row, _ in laid]
        rows[section] = tuple(origin for _, origin in laid)
    places = {**_but(base.places, replaced), **child.places}
    keys = {**_but(base.key_places, replaced), **child.key_places}
    return Source(child.name, merged, places, keys, (), rows)


def _laid_rows(base: Source, child: Source) -> dict[str, list[Row]]:
    """The merged events, and the summits that are left where the child drops some."""
    found = {}
    if isinstance(child.data.get("events") or base.data.get("events"), list):
        gone = _list(child, "drop_events")
        left = ((_without(row, gone), origin) for row, origin in _rows(base, "events"))
        found["events"] = [(row, origin) for row, origin in left if row is not None] + _rows(child, "events")
    if _list(child, "drop_summits") and "summits" not in child.data:
        dropped = [_dropped(text, base) for text in _list(child, "drop_summits")]
        kept = (row for row in _rows(base, "summits") if not any(_matches(row[0], each, base) for each in dropped))
        found["summits"] = list(kept)
    return found


def _list(source: Source, key: str) -> list[Any]:
    value = source.data.get(key)
    return value if isinstance(value, list) else []


def _dropped(text: Any, base: Source) -> tuple[int, frozenset[str]] | None:
    """The month and the states in an entry of `drop_summits`."""
    found = DROPPED.match(text) if isinstance(text, str) else None
    month = found and month_in(int(found[1]) if found[1].isdigit() else found[1], base)
    return None if not found or month is None else (month, frozenset(filter(None, found.groups()[1:])))


def _matches(row: Any, dropped: tuple[int, frozenset[str]] | None, base: Source) -> bool:
    if dropped is None or not isinstance(row, dict) or not isinstance(row.get("between"), list):
        return False
    return month_in(row.get("month"), base) == dropped[0] and dropped[1] <= set(map(str, row["between"]))


def dropped_summit_faults(base: Source, child: Source) -> list[Fault]:
    """Faults of `drop_summits`: entries that drop nothing, or a list of `summits` in the same file."""
    entries, found = _list(child, "drop_summits"), Findings(child)
    if entries and "summits" in child.data:
        found.add(("drop_summits",), "beside summits", "one of the two: summits replaces all", at_key=True)
        return found.faults
    for at, text in enumerate(entries):
        dropped = _dropped(text, base)
        if dropped and not any(_matches(row, dropped, base) for row in _list(base, "summits")):
            rows = [row for row in _list(base, "summits") if isinstance(row, dict)]
            planned = [f"{row.get('month')} {' '.join(map(str, row.get('between') or ()))}" for row in rows]
            found.add(("drop_summits", at), str(text), unknown(str(text), planned, "an inherited meeting", near=False))
    return found.faults


Row = tuple[Any, tuple[Source, int]]  # what a summit or an event says; the file it was written in, and its number there


def _rows(source: Source, section: str) -> list[Row]:
    rows = _list(source, section)
    return list(zip(rows, source.rows.get(section) or [(source, at) for at in range(len(rows))], strict=True))


def _merge_maps(base: Any, child: Any, path: KeyPath, replaced: set[KeyPath]) -> Any:
    """The child's values merged into the base's; ``replaced`` collects paths whose value is replaced as a whole."""
    if child is None and isinstance(base, dict):
        return base  # every entry is commented out
    if not (isinstance(base, dict) and isinstance(child, dict)):
        replaced.add(path)
        return child
    merged = dict(base)
    for key, value in child.items():
        merged[key] = _merge_maps(base[key], value, (*path, key), replaced) if key in base else value
    return merged


def _but(places: Mapping[KeyPath, Place], replaced: Collection[KeyPath]) -> dict[KeyPath, Place]:
    """The places without those inside replaced values."""
    lengths = {len(path) for path in replaced}
    return {path: place for path, place in places.items() if not any(path[:end] in replaced for end in lengths)}


def _without(row: Any, dropped: Collection[Any]) -> Any:
    """An event without what it does to some variables, None where nothing is left of it."""
    if not dropped or not isinstance(row, dict):
        return row
    left = {
        key: {name: level for name, level in value.items() if name not in dropped}
        if key in ACTIONS and isinstance(value, dict)
        else value
        for key, value in row.items()
    }
    return left if any(left.get(action) for action in WITH_MOVES) else None


def settings(patches: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Patches as ``--set`` strings, one for each value; the lists of events of all patches become one list."""
    together: dict[str, list[Any]] = {}
    single: list[str] = []
    for patch in patches:
        for key, value in patch.items():
            if key in ADDED and isinstance(value, list):
                together.setdefault(key, []).extend(value)
            else:
                single += [f"{name}={_written(leaf)}" for name, leaf in leaves(key, value)]
    return (*single, *(f"{key}={_written(value)}" for key, value in together.items()))


def _written(value: Any) -> str:
    return escaped(json.dumps(value, ensure_ascii=False))


def leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Dotted keys down to the first value that is no map, or has a key that cannot be part of a dotted one."""
    if isinstance(value, dict) and value and all(map(_PLAIN.fullmatch, value)):
        for key, inner in value.items():
            yield from leaves(f"{name}.{key}", inner)
    else:
        yield name, value


def read_overrides(
    overrides: Sequence[str], claims: Collection[str] = (), parameters: Collection[str] = ()
) -> tuple[Source | None, list[Fault]]:
    """The data of the `--set KEY=VALUE` strings, if any, and the faults of those that cannot be read.

    A claim's name alone is short for `assume.claims.NAME`; a word with a hyphen can only be meant as one.
    """
    data: dict[str, Any] = {}
    places: dict[KeyPath, Place] = {}
    faults: list[Fault] = []
    for text in overrides:
        key, equals, written = text.partition("=")
        key = key.strip()
        short = key in claims or ("-" in key and "." not in key)
        path = ("assume", "claims", key) if short else tuple(key.split("."))
        place = Place(f"--set {key}", 0, 0)
        claim = key.replace("_", "-")
        meant = f"assume.parameters.{key}" if key in parameters else claim if claim in claims and not short else ""
        if not equals or not all(path) or len(path) > 16:
            faults.append(Fault(Place("--set", 0, 0), "option", text, "KEY=VALUE, such as assume.parameters.a0=0.5"))
        elif meant:
            faults.append(Fault(place, key, "no such key", f"write --set {meant}={written.strip()}"))
        elif path[0] in ("extends", "schema"):
            faults.append(Fault(place, path[0], written, "a key that says what happens or what is assumed"))
        else:
            try:
                value = parse_value(written, place.file) if written.strip() else None
            except InputError as error:
                faults += error.faults
                continue
            _put(data, path, value)
            _note_places(places, path, value, place)
    return (Source("--set", data, places, places) if data else None), faults


def _put(data: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for step in path[:-1]:
        if not isinstance(data.get(step), dict):
            data[step] = {}
        data = data[step]
    data[path[-1]] = value


def _note_places(places: dict[KeyPath, Place], path: KeyPath, value: Any, place: Place) -> None:
    places[path] = place
    rows = enumerate(value) if isinstance(value, list) else ()
    for step, inner in value.items() if isinstance(value, dict) else rows:
        _note_places(places, (*path, step), inner, place)
