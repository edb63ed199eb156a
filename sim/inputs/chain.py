"""The files that make up a scenario: the chain of `extends` from the case down, and what `--set` adds.

Each file is checked by itself with all its faults before anything is merged.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

from pydantic import TypeAdapter

from sim.errors import Fault, InputError, Place
from sim.inputs.case_folder import ROOT_SCENARIO, CaseFolder, find_scenario, parent_scenario
from sim.inputs.merge import merge, without
from sim.inputs.schema import Findings, Problem, check, news, place_of, show, unknown
from sim.inputs.schema_parts import PARTIAL
from sim.inputs.schema_scenario import ScenarioFile
from sim.inputs.yaml_source import KeyPath, Source, parse_faulty_yaml, parse_value
from sim.inputs.yaml_text import read_text

MOST_PARENTS = 8
_ROW = re.compile(r"(summits|events)\[\d+\]")
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
_FORM: TypeAdapter[ScenarioFile] = TypeAdapter(ScenarioFile)
_parsed: dict[tuple[str, str], Source] = {}


@dataclass
class Reading:
    """Files read so far, with the hash of each, and the faults found in them."""

    folder: CaseFolder
    files: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    pruned: set[KeyPath] = field(default_factory=set)  # what was left out because of them

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


def read_chain(reading: Reading, path: Path) -> list[Source]:
    """The scenario and all it extends, the case first. Raises InputError for a chain that cannot be followed."""
    chain: list[Source] = []
    seen = [path.resolve()]
    while True:
        source = reading.read_faulty(path)
        reading.faults += source.faults
        chain.insert(0, source)
        if not isinstance(source.data, dict):
            return chain
        parent = source.data.get("extends")
        if parent is None:
            if "states" not in source.data:
                _refuse(
                    source,
                    (),
                    "no extends",
                    "the scenario that this one starts from, such as extends: baseline",
                )
            return chain
        found = parent_scenario(reading.folder, parent, path) if isinstance(parent, str) else None
        if found is None:
            folder = show(parent).split("/")[0]
            known = [name for name in reading.folder.names() if "/" not in name or name.startswith(f"{folder}/")]
            allowed = unknown(show(parent), known, "a scenario of the case, or a file beside this one")
            reading.faults.append(Fault(place_of(source, ("extends",)), "extends", show(parent), allowed))
            found = find_scenario(reading.folder, ROOT_SCENARIO)  # so that the rest of the file is checked too
            if found.resolve() in seen:
                raise InputError(reading.faults)
        if found.resolve() in seen:
            _refuse(source, ("extends",), show(parent), "a scenario that does not extend this one in turn")
        if len(seen) > MOST_PARENTS:
            _refuse(source, ("extends",), show(parent), f"at most {MOST_PARENTS} scenarios, one extending another")
        path = found
        seen.append(path.resolve())


def _refuse(source: Source, path: KeyPath, value: str, allowed: str) -> NoReturn:
    field_name = str(path[0]) if path else "extends"
    raise InputError([Fault(place_of(source, path), field_name, value, allowed)])


def lay_together(reading: Reading, chain: Sequence[Source]) -> tuple[Source, ScenarioFile]:
    """The chain as one, checked. Faults that leave the rest readable go to `reading`. Raises InputError for others."""
    sound = [_checked(reading, source) for source in chain]
    merged = sound[0]
    for source in sound[1:]:
        merged = merge(merged, source)
    checked = check(_FORM, merged)
    given = checked.given
    problems = [problem for problem in checked.problems if not (problem.missing and problem.path in reading.pruned)]
    reading.faults += [problem.fault(merged) for problem in problems]
    if given is None:
        raise InputError(reading.faults)
    return merged, given


def _checked(reading: Reading, source: Source) -> Source:
    """The source without what is faulty in it; the faults go to `reading`.

    It is looked at again without them: a summit or an event is checked as a whole only when each part of it is sound.
    """
    sound = source
    while problems := [problem for problem in check(_FORM, sound, PARTIAL).problems if not problem.missing]:
        reading.faults += as_written(news([problem.fault(sound) for problem in problems], source), [source])
        if any(_spoils(problem) for problem in problems):
            raise InputError(reading.faults)
        pruned = {problem.path for problem in problems}
        reading.pruned |= pruned
        sound = without(sound, pruned)
    return sound


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


def as_written(faults: Sequence[Fault], chain: Sequence[Source]) -> list[Fault]:
    """The faults, with summits and events counted as in their own file rather than in the merged list."""
    return [_as_written(fault, source) for fault in faults for source in [_source_of(fault, chain)]]


def _source_of(fault: Fault, chain: Sequence[Source]) -> Source | None:
    return next((source for source in chain if source.name == fault.place.file), None)


def _as_written(fault: Fault, source: Source | None) -> Fault:
    match = _ROW.match(fault.field)
    if match is None or source is None:
        return fault
    rows = source.data.get(match[1])
    before = [index for index in range(len(rows)) if source.places[match[1], index] <= fault.place] if rows else []
    return replace(fault, field=f"{match[1]}[{max(before, default=0)}]{fault.field[match.end() :]}")


def read_overrides(overrides: Sequence[str]) -> Source | None:
    """What the `--set KEY=VALUE` strings say, as if it stood in one more file. Raises InputError."""
    data: dict[str, Any] = {}
    places: dict[KeyPath, Place] = {}
    faults: list[Fault] = []
    for text in overrides:
        key, equals, written = text.partition("=")
        key = key.strip()
        path = tuple(key.split("."))
        place = Place(f"--set {key}", 0, 0)
        if not equals or not all(path) or len(path) > 16:
            faults.append(Fault(Place("--set", 0, 0), "option", text, "KEY=VALUE, such as assume.parameters.a0=0.5"))
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
    if faults:
        raise InputError(faults)
    return Source("--set", data, places, places) if data else None


def _put(data: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for step in path[:-1]:
        inner = data.get(step)
        if not isinstance(inner, dict):
            inner = data[step] = {}
        data = inner
    data[path[-1]] = value


def _note_places(places: dict[KeyPath, Place], path: KeyPath, value: Any, place: Place) -> None:
    places[path] = place
    for step, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        _note_places(places, (*path, step), inner, place)
