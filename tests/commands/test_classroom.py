"""`summitry classroom`: a class merged, faults in one list, no names, sheets that come back, lessons, pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.inputs.scenario import load_scenario
from tests.class_of_students import CASE, CLAIMS, position, three


def merge(summitry, folder: Path, *words: str):
    return summitry("classroom", str(folder), "-n", "400", "--case", str(CASE), "--out", "out", *words)


def test_a_class_becomes_one_page_without_names(summitry, tmp_path: Path) -> None:
    said = merge(summitry, three(tmp_path / "class"))
    assert said.status == 0, said.err
    assert "3 students on river, 400 runs each" in said.out
    assert "Not a forecast" in said.out
    assert all(len(line) <= 80 for line in said.out.splitlines())
    page = (tmp_path / "out" / "classroom" / "class.html").read_text("utf-8")
    for name in ("Müller", "Änne", "bea", "carl", "Bea"):
        assert name not in page
        assert name not in said.out
    assert "Student 1" in page
    assert "Student 3" in page
    assert "Not a forecast: these percentages" in page


def test_names_only_when_asked(summitry, tmp_path: Path) -> None:
    assert merge(summitry, three(tmp_path / "class"), "--names").status == 0
    assert not (tmp_path / "out" / "classroom" / "class.html").exists()
    page = (tmp_path / "out" / "classroom" / "class-names.html").read_text("utf-8")
    assert "Änne Müller (1)" in page
    assert "Student 1" not in page


def test_a_page_with_names_is_a_copy_beside_the_one_without(summitry, tmp_path: Path) -> None:
    merge(summitry, three(tmp_path / "class"))
    plain = (tmp_path / "out" / "classroom" / "class.html").read_bytes()
    merge(summitry, tmp_path / "class", "--names")
    assert (tmp_path / "out" / "classroom" / "class.html").read_bytes() == plain


def test_what_somebody_has_changed_in_the_folder_is_kept(summitry, tmp_path: Path) -> None:
    of_case = ("--case", str(CASE))
    students = str(three(tmp_path / "class"))
    commands = ((students, "-n", "40", *of_case), ("sheet", *of_case), ("lesson", "five-minutes", "-n", "40"))
    made = tmp_path / "out" / "classroom"
    for words in (*commands, *commands):
        said = summitry("classroom", *words, "--out", "out")
        assert (said.status, said.err) == (0, "")
    files = sorted(path.name for path in made.iterdir() if path.suffix in (".html", ".yaml"))
    assert files == ["class.html", "coding-sheet.html", "coding-sheet.yaml", "five-minutes.html"]
    for name in files:
        (made / name).write_text("mine", "utf-8")
    assert "coding-sheet.yaml~" in "".join(summitry("classroom", *words, "--out", "out").err for words in commands)
    assert sorted(path.name.partition("~")[0] for path in made.iterdir() if path.read_bytes() == b"mine") == files


def test_the_page_says_whose_medians_it_shows(summitry, tmp_path: Path) -> None:
    merge(summitry, three(tmp_path / "class"))
    page = " ".join((tmp_path / "out" / "classroom" / "class.html").read_text("utf-8").split())
    assert "who says nothing of a claim counts with the scenario’s credence" in page
    assert "solid line: the median of these students" in page


def test_the_page_needs_no_network_and_runs_no_script(summitry, tmp_path: Path) -> None:
    merge(summitry, three(tmp_path / "class"))
    page = (tmp_path / "out" / "classroom" / "class.html").read_text("utf-8")
    assert re.search(r"content=\"default-src &#39;none&#39;; style-src &#39;sha256-[\w+/=]{44}&#39;; base-uri", page)
    assert "<script" not in page
    assert "style=" not in page
    assert not re.search(r"(?:src|href)=", page)
    assert "http" not in page.replace("http-equiv", "")


def test_all_faults_end_with_two_and_nothing_is_written(summitry, tmp_path: Path) -> None:
    folder = three(tmp_path / "class")
    (folder / "dora.yaml").write_text(position(wells_make_politer="on", one_shot_ends_it="{credence: 2}"), "utf-8")
    (folder / "emil.yaml").write_text("assume: [\n", "utf-8")
    said = merge(summitry, folder)
    assert said.status == 2
    assert said.err.count("dora.yaml:") == 2
    assert said.err.count("emil.yaml:") == 1
    assert 'did you mean "wells-make-polite"' in said.err
    assert "3 faults in 2 files" in said.err
    assert not (tmp_path / "out").exists()
    on = merge(summitry, folder, "--go-on")
    assert on.status == 0
    assert "3 faults in 2 files" in on.err
    assert "2 more with faults in their files are left out" in (tmp_path / "out/classroom/class.html").read_text(
        "utf-8"
    )


def test_hostile_files_stay_text(summitry, tmp_path: Path) -> None:
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "<script>alert(1)<.yaml").write_text(position(wells_make_polite="on"), "utf-8")
    (folder / "b.yaml").write_text(
        'schema: 1\ntitle: "<img src=x onerror=alert(1)>"\nquestion: q\nextends: river\nevents:\n'
        '  - {month: 2, set: {drought: 0.9}, note: "<script>"}\n', "utf-8",
    )  # fmt: skip
    assert merge(summitry, folder, "--names").status == 0
    page = (tmp_path / "out/classroom/class-names.html").read_text("utf-8")
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;" in page


@pytest.mark.parametrize("words", [["classroom"], ["classroom", "--help"]])
def test_help_names_what_there_is(summitry, words: list[str]) -> None:
    said = summitry(*words)
    for each in ("DIR", "sheet", "lesson", "wheels"):
        assert each in said.out + said.err


@pytest.mark.parametrize("before", [True, False])
def test_options_may_stand_before_or_after_the_folder(summitry, tmp_path: Path, before: bool) -> None:
    options, folder = ["--case", str(CASE), "-n", "100"], str(three(tmp_path / "class"))
    said = summitry("classroom", *([*options, folder] if before else [folder, *options]))
    assert said.status == 0, said.err
    assert "3 students on river" in said.out


def test_an_unfilled_sheet_changes_nothing_and_a_filled_one_does(summitry, tmp_path: Path) -> None:
    assert summitry("classroom", "sheet", "--case", str(CASE), "--out", "out").status == 0
    sheet = tmp_path / "out/classroom/coding-sheet.yaml"
    plain = load_scenario("river", case=CASE)
    assert load_scenario("river", case=CASE, set=[f"assume.coding={sheet}"]).ledger == plain.ledger
    text = sheet.read_text("utf-8")
    for claim in CLAIMS:
        assert f"\n{claim}:\n  credence:\n  weight:\n  why:\n" in text
    filled = text.replace(
        "wells-make-polite:\n  credence:\n  weight:",
        "wells-make-polite:\n  credence: 0.15\n  weight: {low: 0.1, mode: 0.2, high: 0.3}",
    )
    (tmp_path / "heron.yaml").write_text(filled, "utf-8")
    (tmp_path / "mine.yaml").write_text(
        "schema: 1\ntitle: t\nquestion: q\nextends: river\nassume: {coding: heron.yaml}\n", "utf-8"
    )
    own = load_scenario(tmp_path / "mine.yaml", case=CASE).ledger.claims
    assert own["wells-make-polite"].credence == 0.15
    assert own["wells-make-polite"].weight.mode == 0.2
    assert own["hand-on-the-throat"] == plain.ledger.claims["hand-on-the-throat"]
    assert summitry("run", "mine.yaml", "-n", "100", "--case", str(CASE)).status == 0


def test_the_printed_example_of_the_sheet_can_be_used(summitry, tmp_path: Path) -> None:
    summitry("classroom", "sheet", "--case", str(CASE), "--out", "out", "--claims", "wells-make-polite")
    text = (tmp_path / "out/classroom/coding-sheet.yaml").read_text("utf-8")
    example = text.split("# A filled entry:\n")[1].split("\n\n")[0]
    entry = "\n".join(line[4:] for line in example.splitlines()).replace("some-claim", "wells-make-polite")
    (tmp_path / "x.yaml").write_text(entry, "utf-8")
    found = load_scenario("river", case=CASE, set=[f"assume.coding={tmp_path / 'x.yaml'}"])
    assert found.ledger.claims["wells-make-polite"].credence == 0.65


def test_a_sheet_of_some_claims_and_of_an_unknown_one(summitry, tmp_path: Path) -> None:
    summitry(
        "classroom", "sheet", "--case", str(CASE), "--out", "out", "--claims", "wells-make-polite, one-shot-ends-it"
    )
    page = (tmp_path / "out/classroom/coding-sheet.html").read_text("utf-8")
    assert page.count('class="claim"') == 2
    said = summitry("classroom", "sheet", "--case", str(CASE), "--claims", "wells-make-polit")
    assert said.status == 2
    assert "wells-make-polite" in said.err


def test_every_lesson_is_made_with_every_figure(summitry, tmp_path: Path) -> None:
    said = summitry("classroom", "lesson")
    assert max(map(len, said.out.splitlines())) <= 80
    names = [line.split()[0] for line in said.out.splitlines() if not line.startswith(" ")]
    assert "which-claim-does-the-work" in names
    assert "a-class-reads-the-texts" in names
    assert "bring-your-own-documents" in names
    for name in names:
        said = summitry("classroom", "lesson", name, "-n", "600", "--out", "out")
        assert said.status == 0, said.err
        assert max(map(len, said.out.splitlines())) <= 80
        page = (tmp_path / f"out/classroom/{name}.html").read_text("utf-8")
        assert "{{" not in page
        assert "<h1>" in page
        assert "Not a forecast" in page


def test_an_unknown_lesson(summitry) -> None:
    said = summitry("classroom", "lesson", "which-claim-does-the-werk")
    assert said.status == 2
    assert 'did you mean "which-claim-does-the-work"' in said.err
