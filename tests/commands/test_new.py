"""`summitry new`: a file that passes `check`, every example of which can be tried, and that overwrites nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.inputs.scenario import load_scenario
from tests.class_of_students import CASE


@pytest.mark.parametrize(("parent", "case"), [("xi-first", None), ("baseline", None), ("river", CASE)])
def test_it_passes_check_and_starts_from_its_parent(summitry, tmp_path: Path, parent: str, case: Path | None) -> None:
    more = ["--case", str(case)] if case else []
    assert summitry("new", "my-idea", "--from", parent, *more).status == 0
    assert summitry("check", "my-idea.yaml", *more).status == 0
    own = load_scenario(tmp_path / "my-idea.yaml", case=case)
    assert own.ledger == load_scenario(parent, case=case).ledger
    assert own.summits == load_scenario(parent, case=case).summits


@pytest.mark.parametrize(("parent", "case"), [("xi-first", None), ("river", CASE)])
def test_every_example_in_it_can_be_tried(summitry, tmp_path: Path, parent: str, case: Path | None) -> None:
    more = ["--case", str(case)] if case else []
    summitry("new", "my-idea", "--from", parent, *more)
    text = (tmp_path / "my-idea.yaml").read_text("utf-8").replace("claims: {}", "claims:")
    keys = "summits|events|drop_events|documents|coding|states|parameters|packages"
    tried = re.sub(rf"^( *)# (?=({keys}):)", r"\1", text, flags=re.MULTILINE)
    tried = re.sub(r"^( *)# (?= +- \{month)", r"\1", tried, flags=re.MULTILINE)
    tried = re.sub(r"^  # (?=  [A-Za-z-]+: )", "  ", tried, flags=re.MULTILINE)
    (tmp_path / "tried.yaml").write_text(tried, "utf-8")
    said = summitry("check", "tried.yaml", *more)
    assert said.status == 0, said.out + said.err + tried
    assert len(load_scenario(tmp_path / "tried.yaml", case=case).changes) > 6


def test_the_line_that_cancels_a_meeting_can_be_tried(summitry, tmp_path: Path) -> None:
    summitry("new", "my-idea", "--from", "xi-first")
    text = (tmp_path / "my-idea.yaml").read_text("utf-8")
    (tmp_path / "tried.yaml").write_text(text.replace("# drop_summits:", "drop_summits:"), "utf-8")
    whole, tried = (load_scenario(tmp_path / f"{name}.yaml").summits for name in ("my-idea", "tried"))
    assert tried == whole[:-1]


def test_nothing_is_overwritten(summitry, tmp_path: Path) -> None:
    (tmp_path / "idea.yaml").write_text("mine", "utf-8")
    said = summitry("new", "idea")
    assert said.status == 2
    assert "nothing was overwritten" in said.err
    assert (tmp_path / "idea.yaml").read_text("utf-8") == "mine"


@pytest.mark.parametrize("name", ["my-idea", "a-long-name-for-a-scenario-of-one-student-of-a-class"])
def test_what_it_says_fits_the_screen(summitry, name: str) -> None:
    said = summitry("new", name)
    assert max(map(len, said.out.splitlines())) <= 80
    assert f"\n  summitry check {name}.yaml\n  summitry run {name}.yaml\n" in said.out


@pytest.mark.parametrize(
    "name", ["con", "NUL.txt", "com1", "a/b", "..", "a b", "", "x" * 90, "a\\b", "what?", "colon:"]
)
def test_names_that_some_system_cannot_keep(summitry, tmp_path: Path, name: str) -> None:
    assert summitry("new", name).status == 2
    assert list(tmp_path.iterdir()) == []


def test_from_a_file_beside_and_from_one_elsewhere(summitry, tmp_path: Path) -> None:
    summitry("new", "first")
    assert summitry("new", "second", "--from", "first.yaml").status == 0
    assert "extends: first\n" in (tmp_path / "second.yaml").read_text("utf-8")
    (tmp_path / "far").mkdir()
    (tmp_path / "first.yaml").rename(tmp_path / "far" / "third.yaml")
    said = summitry("new", "fourth", "--from", "far/third.yaml")
    assert said.status == 2
    assert "a file in this folder" in said.err
