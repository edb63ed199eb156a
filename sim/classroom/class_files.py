"""A class's folder: scenarios, `assume:` blocks, codings of claims, and the page's codes or links, one a line.

Files are in the folder itself, or as learning platforms deliver them: a folder a student, all files called alike.
Each file becomes one scenario: its own, or the one that the class starts from with the file's block or coding applied.
A code is `S1`, then base64url of a CRC-32 and a deflated scenario file. The faults of all files are found in one pass.
"""

import base64
import hashlib
import json
import re
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sim.errors import Fault, InputError, Place, clean_text
from sim.inputs.case_folder import ROOT_SCENARIO, SUFFIXES, find_case, is_hidden, named_scenario
from sim.inputs.check import Kind, coding_of, kind_of
from sim.inputs.documents import html_lines
from sim.inputs.scenario import Scenario, load_scenario
from sim.inputs.text_decoding import read_text
from sim.inputs.yaml_source import parse_faulty_yaml, read_yaml

MOST_FILES = 500
CODES = ".txt"  # of files with codes or links in them
TYPED = "onlinetext.html"  # what a student typed on a learning platform, as Moodle calls it
NAMELESS = "reader"  # the name of every student's scenario, so that no student's name gets onto a page
NUMBERS = ("credence", "weight")
MARK = "S1"
LONGEST_CODE = 20_000  # characters of a code
LARGEST_CODED = 200_000  # bytes of the scenario file in it
_CODE = re.compile(r"(?<![\w-])S1[A-Za-z0-9_-]{8,}")


@dataclass(frozen=True)
class Reader:
    """One student's file. ``credences`` and ``weights`` name the claims whose number the file gives or changes."""

    path: Path
    name: str  # for pages that may hold names
    kind: Kind
    scenario: Scenario
    credences: frozenset[str]
    weights: frozenset[str]


@dataclass(frozen=True)
class Given:
    """What a student handed in: the file to read, its student, and the place that its faults name."""

    path: Path
    name: str
    place: Place | None = None  # None: in the file itself


@dataclass(frozen=True)
class ClassFiles:
    """The readers of a class in an order that hides their names, what they start from, and every fault."""

    start: Scenario
    readers: tuple[Reader, ...]
    faults: tuple[Fault, ...]
    skipped: tuple[Path, ...]  # the files with faults


def read_class(folder: Path, start: str | None = None, case: Path | str | None = None) -> ClassFiles:
    """Every student's file of a folder. Raises InputError where the folder or what the class starts from cannot be
    read."""
    with TemporaryDirectory(prefix="summitry-") as unpacked:
        given, faults, broken = _handed_in(folder, Path(unpacked))
        begin = load_scenario(start or _common_start([each.path for each in given], case), case=case)
        readers: list[Reader] = []
        for each in given:
            try:
                readers.append(_reader(each, start or begin.name, begin, case))
            except InputError as error:
                faults += [
                    fault if each.place is None else Fault(each.place, fault.field, fault.value, fault.allowed)
                    for fault in error.faults
                ]
                broken.append(each.path if each.place is None else Path(each.place.file))
    return ClassFiles(begin, tuple(sorted(readers, key=_shuffled)), tuple(dict.fromkeys(faults)), tuple(broken))


def _handed_in(folder: Path, unpacked: Path) -> tuple[list[Given], list[Fault], list[Path]]:
    """The files of a folder, faults of codes, and the files with such faults. Raises InputError for an empty folder."""
    try:
        paths = _files(folder)
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise InputError.at(str(folder), "DIR", reason, "a folder of YAML files") from None
    alike = Counter(path.parent for path in paths if path.parent != folder)
    found: list[Given] = []
    faults: list[Fault] = []
    broken: list[Path] = []
    for path in paths:
        name = _name_of(path, folder, alike[path.parent] > 1)
        if path.suffix.lower() in SUFFIXES:
            found.append(Given(path, name))
            continue
        try:
            codes = _codes_in(path)
        except InputError as error:
            faults += error.faults
            broken.append(path)
            continue
        for number, code in codes:
            where = Place(str(path), number, 1)
            file = unpacked / str(len(found)) / f"{len(found)}.yaml"  # beside no other's, which it could extend
            file.parent.mkdir(exist_ok=True)
            try:
                file.write_bytes(file_of(code))
            except DamagedCodeError:
                faults.append(
                    Fault(where, "code", f"{code[:12]}…", "a whole code or link: part of it is missing or changed")
                )
                broken.append(path)
            else:
                found.append(Given(file, name if path.name == TYPED else f"{name} {number}", where))
    if not found and not faults:
        allowed = "a folder with one .yaml file or one folder for each student, or a .txt with codes"
        raise InputError.at(str(folder), "DIR", "no YAML file", allowed)
    if len(found) > MOST_FILES:
        raise InputError.at(str(folder), "DIR", f"{len(found):,} files", f"at most {MOST_FILES}")
    return found, faults, broken


def _files(folder: Path) -> list[Path]:
    """Files with positions or codes, in the folder and in the folders in it. Raises OSError."""
    wanted = [path for path in _seen(folder) if path.suffix.lower() in (*SUFFIXES, CODES) or path.name == TYPED]
    return wanted[: 2 * MOST_FILES]


def _seen(folder: Path) -> list[Path]:
    """The files in the folder and in the folders in it, without hidden ones, by name. Raises OSError."""
    first = [path for path in folder.iterdir() if not is_hidden(path, folder)]
    found = [each for path in first for each in (path.iterdir() if path.is_dir() else (path,))]
    return sorted((path for path in found if path.is_file() and not is_hidden(path, folder)), key=str)


def _codes_in(path: Path) -> list[tuple[int, str]]:
    """The codes in a file with their lines. Raises InputError for what cannot be read."""
    text = read_text(path, str(path))
    return codes_in("\n".join(filter(str.strip, html_lines(text, str(path)))) if path.name == TYPED else text)


def _name_of(path: Path, folder: Path, several: bool) -> str:
    """A student's name, from the file or from the folder that a platform made for the student (`Name_12345_...`)."""
    if path.parent == folder:
        return clean_text(path.stem, 60)
    student = re.split(r"_\d{3,}", path.parent.name)[0]
    return clean_text(f"{student} {path.stem}" if several else student, 60)


def not_read(folder: Path) -> list[str]:
    """Files that are not read, such as `maria.yaml.txt`: their names do not end in .yaml, and they hold no code."""
    files = _files(folder)
    others = [path for path in _seen(folder) if path.suffix.lower() not in SUFFIXES]
    return [path.relative_to(folder).as_posix() for path in others if path not in files or not _may_hold_codes(path)]


def _may_hold_codes(path: Path) -> bool:
    """Whether a file holds codes, or is reported as one that cannot be read."""
    try:
        return bool(_codes_in(path))
    except InputError:
        return True


def _shuffled(reader: Reader) -> str:
    """A key for a stable order that is not alphabetical, so that a student's number says nothing about the name."""
    return hashlib.sha256(reader.name.encode("utf-8", "surrogatepass")).hexdigest()


def _common_start(paths: Sequence[Path], case: Path | str | None) -> str:
    """The scenario of the case that most of the files extend; the case itself where none extends any."""
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


def _reader(given: Given, start: str, begin: Scenario, case: Path | str | None) -> Reader:
    """One file as a scenario. Raises InputError with its faults."""
    path = given.path
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
        path, given.name, kind, scenario,
        *(frozenset(said[what] & set(begin.ledger.claims) | _moved(begin, scenario, what)) for what in NUMBERS),
    )  # fmt: skip


def _check_outcomes(path: Path, scenario: Scenario, begin: Scenario) -> None:
    """Raises InputError for a file whose runs end in other classes than those of the class's scenario."""
    ends, usual = ([rule.name for rule in each.case.outcomes] for each in (scenario, begin))
    if ends != usual or list(scenario.case.states) != list(begin.case.states):
        allowed = f"the outcomes and states of {begin.name}, so that the files can be compared"
        raise InputError.at(str(path), "outcomes", ", ".join(ends), allowed)


def _said(data: Any, kind: Kind) -> dict[str, set[str]]:
    """The claims for which a checked file itself gives a credence, and those for which it gives a weight."""
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
            number = entry.get(what) if isinstance(entry, dict) else None
            if number is not None or (what == "credence" and isinstance(entry, bool | str | float | int)):
                said[what].add(claim)
    return said


def _moved(begin: Scenario, scenario: Scenario, what: str) -> set[str]:
    """The claims with a number that differs from what the class starts from, whatever changed it."""
    old, new = begin.ledger.claims, scenario.ledger.claims
    return {claim for claim in old if getattr(old[claim], what) != getattr(new[claim], what)}


class DamagedCodeError(ValueError):
    """A code of which part is missing or changed."""


def codes_in(text: str) -> list[tuple[int, str]]:
    """The codes of a text with their line numbers; of each line the last, in a link or a sentence too.

    >>> codes_in("Ann: https://example.org/page#S1abcdefgh&seat=DPRK:y\\nnothing\\nS1ABCDEFGH,")
    [(1, 'S1abcdefgh'), (3, 'S1ABCDEFGH')]
    """
    lines = enumerate(text.splitlines(), start=1)
    return [(number, found[-1]) for number, line in lines if (found := _CODE.findall(line.strip()[-LONGEST_CODE:]))]


def file_of(code: str) -> bytes:
    """The scenario file in a code, as JSON (which is YAML) in UTF-8. Raises DamagedCodeError."""
    try:
        packed = base64.urlsafe_b64decode(code.removeprefix(MARK) + "=" * (-len(code.removeprefix(MARK)) % 4))
        unpacking = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
        plain = unpacking.decompress(packed[4:], LARGEST_CODED)
        whole = unpacking.eof and zlib.crc32(plain) == int.from_bytes(packed[:4], "big")
        given = json.loads(plain) if whole else None
        if not isinstance(given, dict):
            raise DamagedCodeError
        given = {"schema": 1, "title": "A position", "question": "What does this reader's position imply?", **given}
        return json.dumps(given, indent=1, ensure_ascii=False).encode()
    except (zlib.error, ValueError, RecursionError) as error:  # also half a character
        raise DamagedCodeError from error
