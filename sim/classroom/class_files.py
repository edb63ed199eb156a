"""A folder of students' files: scenarios, `assume:` blocks as the page copies them, or codings of claims.

Whatever a file is, it becomes one scenario: its own, or the one the class starts from with the block or the coding laid
over it. The faults of all files are found in one pass.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.errors import Fault, InputError, Place, clean_text
from sim.inputs.case_folder import ROOT_SCENARIO, SUFFIXES, find_case, named_scenario
from sim.inputs.check import Kind, coding_of, kind_of
from sim.inputs.scenario import Scenario, load_scenario
from sim.inputs.yaml_source import parse_faulty_yaml, read_yaml
from sim.inputs.yaml_text import read_text

MOST_FILES = 500
NAMELESS = "reader"  # what every student's scenario goes by, so that no name gets onto a page
NUMBERS = ("credence", "weight")


@dataclass(frozen=True)
class Reader:
    """One student's file. ``credences`` and ``weights`` name the claims of which the file itself says that number."""

    path: Path
    kind: Kind
    scenario: Scenario
    credences: frozenset[str]
    weights: frozenset[str]

    @property
    def name(self) -> str:
        """The file's name, for pages that may hold names."""
        return clean_text(self.path.stem, 60)


@dataclass(frozen=True)
class ClassFiles:
    """The readers of a class in an order that tells nothing of their names, what they start from, and every fault."""

    start: Scenario
    readers: tuple[Reader, ...]
    faults: tuple[Fault, ...]
    left_out: tuple[Path, ...]  # the files with faults


def read_class(folder: Path, start: str | None = None, case: Path | str | None = None) -> ClassFiles:
    """Every YAML file of a folder. Raises InputError where the folder or what the class starts from cannot be read."""
    paths = _files(folder)
    begin = load_scenario(start or _common_start(paths, case), case=case)
    named = start or begin.name
    readers: list[Reader] = []
    faults: list[Fault] = []
    broken: list[Path] = []
    for path in paths:
        try:
            readers.append(_reader(path, named, begin, case))
        except InputError as error:
            faults += error.faults
            broken.append(path)
    return ClassFiles(begin, tuple(sorted(readers, key=_shuffled)), tuple(dict.fromkeys(faults)), tuple(broken))


def _files(folder: Path) -> list[Path]:
    place = Place(str(folder), 0, 0)
    try:
        found = sorted(
            path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.name[0] not in "._"
        )
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise InputError([Fault(place, "DIR", reason, "a folder of YAML files")]) from None
    if not found:
        raise InputError([Fault(place, "DIR", "no YAML file", "a folder with one .yaml file for each student")])
    if len(found) > MOST_FILES:
        raise InputError([Fault(place, "DIR", f"{len(found):,} files", f"at most {MOST_FILES}")])
    return found


def not_read(folder: Path) -> list[str]:
    """Files of the folder that are passed over because their names do not end in .yaml, such as `maria.yaml.txt`."""
    return sorted(
        path.name
        for path in folder.iterdir()
        if path.is_file() and path.suffix.lower() not in SUFFIXES and path.name[0] not in "._"
    )


def _shuffled(reader: Reader) -> str:
    """A stable order that is not the alphabet's: pseudonyms must not tell who comes first in the list of names."""
    return hashlib.sha256(reader.path.name.encode("utf-8", "surrogatepass")).hexdigest()


def _common_start(paths: Sequence[Path], case: Path | str | None) -> str:
    """The scenario of the case that most of the files extend, the case itself where none does."""
    folder = find_case(case)
    parents: Counter[str] = Counter()
    for path in paths:
        try:
            data = read_yaml(path).data
        except InputError:
            continue
        parent = data.get("extends") if isinstance(data, dict) else None
        if isinstance(parent, str) and named_scenario(folder, parent):
            parents[parent] += 1
    best = sorted(parents, key=lambda name: (-parents[name], name))
    return best[0] if best else ROOT_SCENARIO


def _reader(path: Path, start: str, begin: Scenario, case: Path | str | None) -> Reader:
    """One file as a scenario. Raises InputError with its faults."""
    if path.suffix not in SUFFIXES:
        raise InputError(
            [Fault(Place(str(path), 0, 0), "file", path.suffix, "a name that ends in .yaml, in small letters")]
        )
    source = parse_faulty_yaml(read_text(path, str(path)), str(path))
    kind = kind_of(source.data)
    if kind == "scenario":
        scenario = load_scenario(path, case=case, name=NAMELESS)
    elif kind == "position":
        scenario = load_scenario(start, case=case, over=path, name=NAMELESS)
    else:
        scenario = load_scenario(start, case=case, set=[coding_of(path)], name=NAMELESS)
    _check_outcomes(path, scenario, begin)
    said = _said(source.data, kind)
    return Reader(
        path, kind, scenario,
        *(frozenset(said[what] & set(begin.ledger.claims) | _moved(begin, scenario, what)) for what in NUMBERS),
    )  # fmt: skip


def _check_outcomes(path: Path, scenario: Scenario, begin: Scenario) -> None:
    """Raises InputError for a file whose runs end in other classes than those of the class's scenario."""
    ends, usual = ([rule.name for rule in each.case.outcomes] for each in (scenario, begin))
    if ends != usual or list(scenario.case.states) != list(begin.case.states):
        allowed = f"the outcomes and states of {begin.name}, so that the files can be compared"
        raise InputError([Fault(Place(str(path), 0, 0), "outcomes", ", ".join(ends), allowed)])


def _said(data: Any, kind: Kind) -> dict[str, set[str]]:
    """The claims of which a checked file itself gives a credence, and those of which it gives a weight."""
    entries: Any = data
    if kind != "coding":
        entries = (data.get("assume") or {}).get("claims") or {}
    elif isinstance(data, dict) and isinstance(data.get("claims"), dict | list):
        entries = data["claims"]
    if isinstance(entries, list):
        entries = {row["id"]: row for row in entries}
    said: dict[str, set[str]] = {what: set() for what in NUMBERS}
    for claim, entry in entries.items():
        for what in NUMBERS:
            if entry[what] is not None if isinstance(entry, dict) and what in entry else _switch(entry, what):
                said[what].add(claim)
    return said


def _switch(entry: Any, what: str) -> bool:
    """Whether an entry is `on` or `off`, which is a credence."""
    return what == "credence" and isinstance(entry, bool | str)


def _moved(begin: Scenario, scenario: Scenario, what: str) -> set[str]:
    """The claims of which a number differs from what the class starts from, whatever moved it."""
    old, new = begin.ledger.claims, scenario.ledger.claims
    return {claim for claim in old if getattr(old[claim], what) != getattr(new[claim], what)}
