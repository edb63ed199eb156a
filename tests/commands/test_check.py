"""`check`: all faults of all files in one pass."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.inputs.case_folder import find_case

ROOT = Path(__file__).parents[2]


def test_the_shipped_files_have_no_fault(summitry):
    case = find_case()
    files = [*case.cards(), *case.listed()][:6]
    said = summitry("check", *files)
    assert (said.status, said.out, said.err) == (0, f"{len(files)} files, no fault\n", "")


def test_every_fault_of_every_file_is_told_at_once_in_order(summitry):
    Path("b.yaml").write_text("schema: 1\nextends: baseline\nmonths: -1\nsumits: []\n", encoding="utf-8")
    Path("a.yaml").write_text("schema: 1\nextends: baseline\nassume: {claims: {warhead-clok: off}}\n", encoding="utf-8")
    said = summitry("check", "b.yaml", "a.yaml")
    lines = said.out.splitlines()
    assert said.status == 2
    assert [line.split(":")[0] for line in lines] == ["a.yaml", "b.yaml", "b.yaml"]
    assert lines[0].startswith("a.yaml:3:19: assume.claims.warhead-clok: ")
    assert 'did you mean "warhead-clock"?' in lines[0]
    assert lines[1].startswith("b.yaml:3:9: months: -1; ")
    assert 'did you mean "summits"?' in lines[2]
    assert said.err == "3 faults in 2 files\n"


def test_a_file_that_is_not_there(summitry):
    said = summitry("check", "nowhere.yaml")
    assert said.status == 2
    assert said.out.startswith("nowhere.yaml")
    assert said.err == "1 fault in 1 file\n"
    assert 'did you mean "xi-first"?' in summitry("check", "xi_first").err


def test_a_number_at_the_wrong_key_of_a_claim_is_told_what_to_write(summitry):
    Path("a.yaml").write_text("assume: {claims: {both-or-neither: {claim: 60%}}}\n", encoding="utf-8")
    assert "both-or-neither.claim: no such key; write credence: 60%\n" in summitry("check", "a.yaml").out


@pytest.mark.parametrize(
    ("given", "line"), [("a0=0.2", "assume.parameters.a0=0.2"), ("both_or_neither=0.1", "both-or-neither=0.1")]
)
def test_a_bare_name_of_set_is_told_its_key(summitry, given, line):
    said = summitry("story", "xi-first", "--set", given)
    assert (said.status, said.err.strip().endswith(f"no such key; write --set {line}")) == (2, True)


def test_a_run_tells_the_same_faults_on_standard_error(summitry):
    Path("a.yaml").write_text("schema: 1\nextends: baseline\nmonths: -1\nsumits: []\n", encoding="utf-8")
    said = summitry("run", "./a.yaml")
    assert said.status == 2
    assert said.out == ""
    assert said.err.splitlines() == summitry("check", "a.yaml").out.splitlines()


def test_a_name_and_a_folder_are_checked(summitry, tmp_path):
    assert summitry("check", "xi-first").out == "1 file, no fault\n"
    (tmp_path / "mine").mkdir()
    assert "no YAML in it" in summitry("check", "mine").err
    (tmp_path / "mine" / "a.yaml").write_text("extends: nowhere\n", encoding="utf-8")
    said = summitry("check", "mine")
    assert (said.status, "a.yaml" in said.out) == (2, True)


def test_each_file_is_checked_in_the_case_that_it_lies_in(summitry, tmp_path, monkeypatch):
    root = Path(__file__).parents[1]
    monkeypatch.chdir(root / "gas_case")  # a case too, which is not theirs
    for given in ("../other_case", "../other_case/scenarios/baseline.yaml", "../other_case/seeds"):
        said = summitry("check", given)
        assert (said.status, said.out.splitlines()[0]) == (0, "Case: other_case"), said.out
    assert summitry("check", "scenarios", "../other_case").status == 0
    assert summitry("check", "scenarios", "--case", "../other_case").status == 2


def test_what_is_hidden_in_a_folder_is_not_checked(summitry, tmp_path):
    for name in (".github/ci.yaml", "__MACOSX/._a.yaml", "._a.yaml", "in/a.yaml"):
        (tmp_path / ".mine" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / ".mine" / name).write_text("extends: xi-first\n" if name == "in/a.yaml" else "x", encoding="utf-8")
    assert summitry("check", ".mine").out == "1 file, no fault\n"


def test_what_comes_after_the_last_month_is_told_by_check_and_run(summitry):
    late = "schema: 1\nextends: baseline\nsummits: []\nevents: [{month: 2031-01, set: {tariffs: 0.5}}]\n"
    Path("late.yaml").write_text(late, encoding="utf-8")
    said = summitry("check", "late.yaml")
    assert said.status == 0
    assert "note: late.yaml: set tariffs in 2031-01 comes after the last month" in said.out
    assert "note: set tariffs in 2031-01" in summitry("run", "late.yaml", "-n", "20", "--no-charts").out
    Path("late.yaml").write_text("extends: baseline\nsummits: [{month: 2031-01, between: [DPRK, US]}]\n", "utf-8")
    assert "better off" not in summitry("run", "late.yaml", "-n", "200", "--no-charts").out.casefold()


@pytest.mark.parametrize("text", ["0.5", "[1, 2]", "words", "~"])
def test_a_case_that_is_no_map_is_one_fault(summitry, tmp_path, text):
    """Found by the mutated files: a number ended in a traceback, here and in a scenario on top of it."""
    scenarios = tmp_path / "case/scenarios"
    shutil.copytree(ROOT / "tests/other_case", tmp_path / "case")
    (scenarios / "baseline.yaml").write_text(text + "\n", encoding="utf-8")
    (scenarios / "more.yaml").write_text("schema: 1\nextends: baseline\nmonths: 2\n", encoding="utf-8")
    for name in ("baseline", "more"):
        said = summitry("check", "--case", str(tmp_path / "case"), str(scenarios / f"{name}.yaml"))
        assert said.status == 2
        assert next(line for line in said.out.splitlines() if "baseline.yaml:1:1: " in line).endswith("keys and values")
        assert said.err == f"{len(said.out.splitlines()) - 1} fault in 1 file\n"
