"""`summitry diff`: in words and numbers what each difference does, at 80 columns and as JSON."""

from __future__ import annotations

import json

from tests.class_of_students import CASE

RIVER = ("--case", str(CASE), "-n", "1000")


def test_one_thing(summitry) -> None:
    said = summitry("diff", "no-league", "river", *RIVER)
    assert said.status == 0
    assert "They differ in one thing:\n  the Council and the Secretary meet in 2031-05 (never met before)" in said.out
    assert "Not a forecast" in said.out
    assert all(len(line) <= 80 for line in said.out.splitlines())


def test_several_things_alone_and_together(summitry) -> None:
    short = summitry("diff", "history", "xi-first", "-n", "400")
    assert "... and 1 that move less (--full shows them)" in short.out
    assert len(short.out.splitlines()) <= 40
    said = summitry("diff", "history", "xi-first", "-n", "400", "--full")
    assert "They differ in 4 things" in said.out
    assert " 1. summit of Kim and Xi: 2018-05 -> " in said.out
    assert all(f" {number}. " in said.out for number in range(1, 5))
    assert "Together they do this" in said.out
    assert all(len(line) <= 80 for line in said.out.splitlines())


def test_too_few_runs_are_refused(summitry) -> None:
    said = summitry("diff", "no-league", "river", "--case", CASE, "-n", "3")
    assert said.status == 2
    assert "at least 4 runs" in said.err


def test_nothing(summitry) -> None:
    assert "Nothing differs between the two" in summitry("diff", "river", "river", *RIVER).out


def test_json_adds_up(summitry) -> None:
    document = json.loads(summitry("diff", "baseline", "no-league", *RIVER, "--json").out)
    assert document["scenarios"] == ["baseline", "no-league"]
    for name, whole in document["together"]["outcomes"].items():
        parts = sum(thing["outcomes"][name]["difference"] for thing in document["things"])
        assert abs(parts + document["beyond_the_sum"][name] - whole["difference"]) < 1e-12
    assert document["things"][0]["differs_in"] == ["DELTA and LEAGUE never meet (met in 2031-11)"]


def test_scenarios_that_end_otherwise_cannot_be_compared(summitry, tmp_path) -> None:
    text = (CASE / "scenarios" / "baseline.yaml").read_text("utf-8").replace("water-flows", "water-runs")
    (tmp_path / "other.yaml").write_text(text, "utf-8")
    said = summitry("diff", "river", "other.yaml", *RIVER)
    assert said.status == 2
    assert "water-runs" in said.err


def test_unknown_scenario(summitry) -> None:
    said = summitry("diff", "river", "rivr", *RIVER)
    assert said.status == 2
    assert 'did you mean "river"' in said.err
