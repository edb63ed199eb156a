"""Students' files: recognised by kind, laid over what the class starts from, and all their faults in one pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sim.classroom.class_files import DamagedCodeError, file_of, not_read, read_class
from sim.errors import InputError
from sim.inputs.check import check_files
from tests.class_of_students import CASE, code_of, position, three


def test_three_kinds_of_files_become_scenarios(tmp_path: Path) -> None:
    files = read_class(three(tmp_path), case=CASE)
    assert files.start.name == "river"  # what most of the scenario files extend
    assert files.faults == ()
    by_name = {reader.name: reader for reader in files.readers}
    assert {name: reader.kind for name, reader in by_name.items()} == {
        "Änne Müller (1)": "position", "bea": "scenario", "carl": "coding",
    }  # fmt: skip
    wells = {name: reader.scenario.ledger.claims["wells-make-polite"].credence for name, reader in by_name.items()}
    assert wells == {"Änne Müller (1)": 1.0, "bea": 0.7, "carl": 0.05}
    assert by_name["carl"].weights == {"wells-make-polite"}
    assert by_name["carl"].credences == {"wells-make-polite", "tolls-are-an-argument"}
    assert all(reader.scenario.summits == files.start.summits for reader in files.readers)


def test_no_scenario_is_called_by_its_students_name(tmp_path: Path) -> None:
    assert {reader.scenario.name for reader in read_class(three(tmp_path), case=CASE).readers} == {"reader"}


def test_all_faults_of_all_files_at_once_with_their_places(tmp_path: Path) -> None:
    three(tmp_path)
    (tmp_path / "dora.yaml").write_text(position(wells_make_politer="on", one_shot_ends_it="{credence: 2}"), "utf-8")
    (tmp_path / "emil.yaml").write_text("wells-make-polite: {credence: maybe}\n", "utf-8")
    files = read_class(tmp_path, case=CASE)
    assert len(files.readers) == 3
    assert [path.name for path in files.skipped] == ["dora.yaml", "emil.yaml"]
    told = "\n".join(map(str, files.faults))
    assert f"{tmp_path / 'dora.yaml'}:4:34: assume.claims.one-shot-ends-it.credence: 2" in told
    assert f"{tmp_path / 'emil.yaml'}:1:31: wells-make-polite.credence: maybe; a number" in told


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.yaml", "- 1\n- 2\n", "a map"),
        ("a.yaml", "assume: 3\n", "a map"),
        ("a.yaml", "title: x\n", "no extends"),
        ("a.yaml", "assume: {}\nsummit: []\n", "no such key"),
        ("a.yaml", "", "empty"),
    ],
)
def test_what_is_no_students_file(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text, "utf-8")
    files = read_class(tmp_path, case=CASE)
    assert files.readers == ()
    assert told in str(files.faults[0])


def test_an_empty_folder_and_no_folder(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(InputError, match="DIR"):
            read_class(folder, case=CASE)


def test_a_hidden_ending_is_told(tmp_path: Path) -> None:
    three(tmp_path)
    (tmp_path / "maria.yaml.txt").write_text("assume: {}\n", "utf-8")
    assert not_read(tmp_path) == ["maria.yaml.txt"]


def test_the_order_is_stable_and_not_the_alphabets(tmp_path: Path) -> None:
    for letter in "abcdefghij":
        (tmp_path / f"{letter}.yaml").write_text("assume: {}\n", "utf-8")
    names = [reader.name for reader in read_class(tmp_path, case=CASE).readers]
    assert sorted(names) == list("abcdefghij") != names
    assert names == [reader.name for reader in read_class(tmp_path, case=CASE).readers]


def test_a_file_has_the_same_faults_for_its_student_as_for_the_class(tmp_path: Path) -> None:
    path = tmp_path / "anna.yaml"
    path.write_text(
        "extends: river\ntitle: t\ntitle: u\nassume: {claims: {nobody: off}, coding: pool}\nmonths: abc\n", "utf-8"
    )
    told = read_class(tmp_path, case=CASE).faults
    assert len(told) == 4
    assert set(told) == set(check_files([path], CASE))


def test_folders_as_a_learning_platform_delivers_them(tmp_path: Path) -> None:
    for folder in ("Ann Ames_12345_assignsubmission_file", "Bo Ek_12346_onlinetext"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "position.YAML").write_text(position(wells_make_polite="{credence: 0.8}"), "utf-8")
    files = read_class(tmp_path, case=CASE)
    assert files.faults == ()
    assert sorted(reader.name for reader in files.readers) == ["Ann Ames", "Bo Ek"]


def test_a_text_of_codes_and_links_is_a_class(tmp_path: Path) -> None:
    code = code_of({"extends": "river", "assume": {"claims": {"wells-make-polite": {"credence": 0.8}}}})
    other = code_of({"extends": "river", "assume": {"claims": {"wells-make-polite": "off"}}})
    (tmp_path / "codes.txt").write_text(f"{code}\nhttps://example.org/p.html#{other}\nand no code\n", "utf-8")
    files = read_class(tmp_path, case=CASE)
    assert files.faults == ()
    assert files.start.name == "river"
    held = {reader.name: reader.scenario.ledger.claims["wells-make-polite"].credence for reader in files.readers}
    assert held == {"codes 1": 0.8, "codes 2": 0.0}
    assert not_read(tmp_path) == []


def test_a_code_extends_no_other_students(tmp_path: Path) -> None:
    (tmp_path / "codes.txt").write_text("\n".join(code_of({"extends": name}) for name in ("river", "0")), "utf-8")
    (fault,) = read_class(tmp_path, "river", case=CASE).faults
    assert "codes.txt:2:1: extends: 0;" in str(fault)


def test_a_damaged_code_is_told_with_its_line_and_so_are_the_faults_in_a_whole_one(tmp_path: Path) -> None:
    code = code_of({"extends": "river", "assume": {"claims": {"wells-make-polit": {"credence": 0.8}}}})
    (tmp_path / "codes.txt").write_text(f"\n{code}\n{code[:-6]}\n", "utf-8")
    told = [str(fault) for fault in read_class(tmp_path, "river", case=CASE).faults]
    assert any("codes.txt:3:1: code: S1" in each for each in told)
    assert any("codes.txt:2:1: assume.claims" in each and 'did you mean "wells-make-polite"' in each for each in told)


@pytest.mark.parametrize("file", [{"title": "x" * 1_000_000}, {"title": "\ud800"}])
def test_a_code_of_very_much_or_of_what_is_no_text_is_damaged(file: dict[str, Any]) -> None:
    with pytest.raises(DamagedCodeError):
        file_of(code_of(file))


def test_a_code_with_another_check_sum_is_damaged() -> None:
    code = code_of({"title": "x"})
    for place in range(2, 7):  # the characters of the check sum
        with pytest.raises(DamagedCodeError):
            file_of(f"{code[:place]}{'B' if code[place] == 'A' else 'A'}{code[place + 1 :]}")


@pytest.mark.parametrize("text", ["codes\n".encode("utf-16"), b"x\n" * 600_000])
def test_a_text_that_cannot_be_read_is_told_with_all_other_faults(tmp_path: Path, text: bytes) -> None:
    three(tmp_path)
    (tmp_path / "codes.txt").write_bytes(text)
    (tmp_path / "dora.yaml").write_text("- 1\n", "utf-8")
    files = read_class(tmp_path, case=CASE)
    assert len(files.readers) == 3
    assert sorted(path.name for path in files.skipped) == ["codes.txt", "dora.yaml"]
    assert len(files.faults) == 2
    assert not_read(tmp_path) == []


def test_a_code_that_was_typed_on_a_learning_platform_is_read_and_the_rest_is_told(tmp_path: Path) -> None:
    code = code_of({"extends": "river", "assume": {"claims": {"wells-make-polite": {"credence": 0.8}}}})
    typed = {"Ann Ames": f"<p>Mine:<br></p><p>https://example.org/p.html#{code}</p>", "Bo Ek": "<p>I agree.</p>"}
    for student, text in typed.items():
        folder = tmp_path / f"{student}_12345_assignsubmission_onlinetext"
        folder.mkdir()
        (folder / "onlinetext.html").write_text(text, "utf-8")
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "__MACOSX" / "._ann.yaml").write_bytes(b"\0\0")
    files = read_class(tmp_path, case=CASE)
    assert (files.faults, [reader.name for reader in files.readers]) == ((), ["Ann Ames"])
    assert files.readers[0].scenario.ledger.claims["wells-make-polite"].credence == 0.8
    assert not_read(tmp_path) == ["Bo Ek_12345_assignsubmission_onlinetext/onlinetext.html"]
