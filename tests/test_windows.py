"""What Windows does otherwise, tried here: newlines, marks, encodings, file names, path separators.

Windows itself is not run. These tests stand in for it: everything that it is known to change about files is changed.
"""

from __future__ import annotations

import ast
import os
import re
from functools import cache
from pathlib import Path, PureWindowsPath

import pytest

from sim.classroom.class_files import read_class
from sim.cli import main
from sim.commands.new import RESERVED, plain_name
from sim.errors import InputError
from sim.inputs.case_folder import CaseFolder, find_scenario
from sim.inputs.catalogue import listed_scenarios
from sim.inputs.documents import paragraph_hash, paragraphs
from sim.inputs.scenario import load_scenario
from tests.class_of_students import CASE, three

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.usefixtures("no_pixels")
FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]|[. ]$')
SOURCES = sorted((ROOT / "sim").rglob("*.py"))


def as_windows_saves(text: str) -> bytes:
    """Text as an editor on Windows saves it: a byte order mark, and carriage returns."""
    return b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode("utf-8")


@pytest.fixture
def windows_case(tmp_path: Path) -> Path:
    """The small case as if checked out and edited on Windows."""
    for path in CASE.rglob("*"):
        if path.is_file():
            new = tmp_path / "case" / path.relative_to(CASE)
            new.parent.mkdir(parents=True, exist_ok=True)
            new.write_bytes(as_windows_saves(path.read_text("utf-8")))
    return tmp_path / "case"


def test_marks_and_carriage_returns_change_nothing_but_the_hashes_of_files(windows_case: Path) -> None:
    for name in (each.name for each in listed_scenarios(CASE)):
        here, there = load_scenario(name, case=CASE), load_scenario(name, case=windows_case)
        assert there.ledger == here.ledger
        assert there.resolved == here.resolved
        assert there.case == here.case
        assert [file for file, _ in there.files] == [file for file, _ in here.files]


def test_paragraphs_of_a_document_with_carriage_returns(windows_case: Path) -> None:
    here, there = (paragraphs(case / "documents" / "river-letter.txt") for case in (CASE, windows_case))
    assert [paragraph_hash(text) for text in there] == [paragraph_hash(text) for text in here]


def test_faults_stand_in_the_same_line_and_column(windows_case: Path) -> None:
    text = "schema: 1\ntitle: t\nquestion: q\nextends: river\nassume:\n  claims: {wells-make-politer: off}\n"
    places = []
    for number, data in enumerate((text.encode(), as_windows_saves(text))):
        path = windows_case.parent / f"{number}.yaml"
        path.write_bytes(data)
        with pytest.raises(InputError) as error:
            load_scenario(path, case=windows_case)
        places.append([(fault.place.line, fault.place.column, fault.field) for fault in error.value.faults])
    assert places[0] == places[1] == [(6, 12, "assume.claims.wells-make-politer")]


def test_students_files_from_windows(tmp_path: Path) -> None:
    folder = three(tmp_path / "class")
    before = read_class(folder, case=CASE)
    for path in folder.iterdir():
        path.write_bytes(as_windows_saves(path.read_text("utf-8")))
    after = read_class(folder, case=CASE)
    assert after.faults == ()
    assert [each.scenario.ledger for each in after.readers] == [each.scenario.ledger for each in before.readers]


def test_utf16_and_the_old_code_page_are_explained(tmp_path: Path) -> None:
    for name, data in (("a.yaml", "assume: {}\n".encode("utf-16")), ("b.yaml", "why: Änderung\n".encode("cp1252"))):
        (tmp_path / name).write_bytes(data)
    assert ["UTF-8" in str(fault) for fault in read_class(tmp_path, case=CASE).faults] == [True, True]


@pytest.fixture(scope="module")
def written(no_pixels: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which commands have written all that they write."""
    folder, case = tmp_path_factory.mktemp("written"), ["--case", str(CASE)]
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["new", "idea", *case]) == 0
        assert main(["classroom", "sheet", *case]) == 0
        assert main(["run", "river", "-n", "200", "--set", "assume.parameters.a0=0.8", *case]) == 0
        assert main(["classroom", str(three(folder / "class")), "-n", "100", *case]) == 0
        assert main(["compare", "no-league", "river", "-n", "200", *case]) == 0
        assert main(["site", "site", "-n", "200", *case]) == 0
    return folder


def test_what_is_written_has_line_feeds_and_utf8(written: Path) -> None:
    texts = [path for path in written.rglob("*") if path.suffix in (".yaml", ".html", ".json", ".txt", ".svg")]
    assert len(texts) > 10
    for path in texts:
        assert b"\r" not in path.read_bytes(), path
        path.read_bytes().decode("utf-8")


def test_generated_names_can_be_kept_by_windows(written: Path) -> None:
    names = {part for path in written.rglob("*") for part in path.relative_to(written).parts}
    assert len(names) > 20
    for name in names:
        assert not FORBIDDEN.search(name), name
        assert name.split(".")[0].lower() not in RESERVED, name
        assert len(str(PureWindowsPath("C:/Users/a-teacher/Documents/summitry/results", name))) < 200


def test_tracked_names_can_be_kept_by_windows() -> None:
    for folder in ("seeds", "sim", "scenarios", "tests"):
        seen: set[str] = set()
        for path in (ROOT / folder).rglob("*"):
            relative = path.relative_to(ROOT).as_posix()
            assert not FORBIDDEN.search(path.name), relative
            assert relative.lower() not in seen, f"{relative} differs from another name in capitals only"
            seen.add(relative.lower())


@pytest.mark.parametrize("name", [*sorted(RESERVED), "CON", "Nul.yaml", "a\\b", "C:x", "x.", "tab\t"])
def test_new_files_are_never_called_like_a_device(name: str) -> None:
    with pytest.raises(InputError):
        plain_name(name)


def test_a_path_with_backslashes_is_a_path_and_never_a_name() -> None:
    with pytest.raises(InputError, match="no such scenario file"):
        find_scenario(CaseFolder(CASE), "scenarios\\river.yaml")


def test_names_in_files_and_results_have_slashes_whatever_the_system() -> None:
    for name in ("river", "variants/kappa-one"):
        scenario = load_scenario(name, case=CASE if name == "river" else None)
        assert all("\\" not in file and not os.path.isabs(file) for file, _ in scenario.files)


@cache
def calls() -> list[tuple[str, ast.Call]]:
    """Every call in the program, with its file and line."""
    return [
        (f"{path.relative_to(ROOT).as_posix()}:{node.lineno}", node)
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
    ]


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def says_encoding(call: ast.Call) -> bool:
    """Whether a call that reads or writes text says in which encoding; true of every other call."""
    if "encoding" in {keyword.arg for keyword in call.keywords}:
        return True
    if name_of(call) == "open" and isinstance(call.func, ast.Name):
        modes = [each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        return any("b" in mode and len(mode) <= 3 for mode in modes)
    if name_of(call) == "read_text":
        own = ast.unparse(call.func) == "read_text"  # ours, which reads UTF-8
        return bool(call.args) or own or "proc" in ast.unparse(call) or "group" in ast.unparse(call)
    return name_of(call) != "write_text" or len(call.args) > 1


def splits_at_a_slash(call: ast.Call) -> bool:
    first = call.args[0] if name_of(call) == "split" and call.args else None
    return isinstance(first, ast.Constant) and first.value == "/" and "show(given)" not in ast.unparse(call)


def test_text_is_never_opened_in_the_systems_encoding() -> None:
    assert [where for where, call in calls() if not says_encoding(call)] == []


def test_no_separator_is_written_out() -> None:
    assert [path for path in SOURCES if "os.sep" in path.read_text("utf-8")] == []
    assert [where for where, call in calls() if splits_at_a_slash(call)] == []
