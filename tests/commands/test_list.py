"""`list`: every scenario with its title and question, under the one it is read against."""

from __future__ import annotations

import shutil

from sim.inputs.catalogue import Listed, listed_scenarios
from sim.views.text.catalogue import catalogue
from sim.views.text.screen import Screen
from tests.class_of_students import CASE


def test_every_scenario_is_listed_once_with_title_and_question(summitry):
    said = summitry("list")
    assert (said.status, said.err) == (0, "")
    assert max(map(len, said.out.splitlines())) <= 80
    text = " ".join(said.out.split())
    assert "they differ in one or two things (`summitry diff` lists them)" in text
    for each in listed_scenarios():
        assert sum(line.strip() == each.name for line in said.out.splitlines()) == 1
        assert each.title in text
        assert each.question in text


def test_the_records_are_listed_with_their_title(summitry):
    said = " ".join(summitry("list").out.split())
    assert "record history: North Korea and the four powers, March 2018 to November 2019" in said
    assert "summitry hindcast SCENARIO --record NAME" in said


def test_a_scenario_stands_under_the_one_it_is_read_against():
    rows = (
        Listed("a", "A", "a?", None),
        Listed("b", "B", "b?", "a"),
        Listed("c", "C", "c?", "b"),
        Listed("d", "D", "d?", "x"),
    )
    lines = catalogue(rows, Screen()).splitlines()
    assert [line for line in lines if line.strip() in "abcd" and line] == ["a", "  b", "    c", "d"]


def test_scenarios_read_against_one_another_in_a_circle_are_still_listed():
    rows = (Listed("a", "A", "a?", "b"), Listed("b", "B", "b?", "a"), Listed("c", "C", "c?", "c"))
    lines = catalogue(rows, Screen()).splitlines()
    assert sorted(line.strip() for line in lines if line.strip() in ("a", "b", "c")) == ["a", "b", "c"]


def test_strangers_titles_cannot_steer_the_terminal():
    text = catalogue((Listed("a", "red \x1b[31m\x07title", "x" * 5000, None),), Screen())
    assert "red title" in text
    assert "\x1b" not in text
    assert len(text) < 1000


def test_another_case(summitry, tmp_path):
    (tmp_path / "mine/seeds").mkdir(parents=True)
    (tmp_path / "mine/scenarios").mkdir()
    (tmp_path / "mine/scenarios/alone.yaml").write_text("title: Alone\nquestion: Why?\n", encoding="utf-8")
    said = summitry("list", "--case", "mine")
    assert said.status == 0
    assert said.out.startswith("Case: mine\nalone\n  Alone\n  Why?\n")


def test_a_scenario_that_cannot_be_read_is_listed_as_such(summitry, tmp_path):
    shutil.copytree(CASE, tmp_path / "case")
    (tmp_path / "case" / "scenarios" / "broken.yaml").write_text("title: [\n")
    said = summitry("list", "--case", "case")
    assert (said.status, said.err) == (0, "")
    assert "cannot be read; see: summitry check broken.yaml" in " ".join(said.out.split())
    assert all(each.title in " ".join(said.out.split()) for each in listed_scenarios(CASE))
