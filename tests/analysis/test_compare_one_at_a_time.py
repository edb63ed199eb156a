"""Differences one at a time and together: the words, the parts, and their sum."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.analysis.compare import one_at_a_time
from sim.inputs.case_folder import find_case, find_scenario
from sim.inputs.scenario import Scenario, load_scenario
from sim.inputs.single_changes import single_changes
from tests.class_of_students import CASE

Changes = list[tuple[tuple[str, ...], Scenario]]


def changes(a: str, b: str, case: Path | None = None) -> tuple[Scenario, Scenario, Changes]:
    first, second = load_scenario(a, case=case), load_scenario(b, case=case)
    files = (find_scenario(find_case(case), a), find_scenario(find_case(case), b))
    return first, second, single_changes(first, second, files, case)


def test_matched_pairs_are_one_change_that_is_the_other_scenario() -> None:
    first, second, found = changes("no-league", "river", CASE)
    assert [lines for lines, _ in found] == [("DELTA and LEAGUE meet in 2031-05 (never met before)",)]
    assert [(s.month, s.pair) for s in found[0][1].summits] == [(s.month, s.pair) for s in second.summits]
    told = one_at_a_time(first, second, found, 400, 1)
    assert told.parts[0].what.points == told.whole.points
    assert told.interplay == pytest.approx(0)


@pytest.mark.parametrize(
    ("a", "b", "things"),
    [("history", "xi-first", 4), ("history", "no-trade-war", 2), ("drawdown-chip", "drawdown-none", 1),
     ("history", "variants/pause-before-mirage", 1), ("xi-first", "xi-first", 0),
     ("history", "variants/first-coder", 1),
     ("history", "balanced-ledger", 1), ("history", "documents-march-2018", 1)],
)  # fmt: skip
def test_every_difference_is_found_once(a: str, b: str, things: int) -> None:
    from sim.inputs.differences import differences

    first, second, found = changes(a, b)
    lines = [line for some, _ in found for line in some]
    assert len(lines) == things
    assert len(differences(first, second)) == things
    assert all(len(differences(scenario, second)) == things - 1 for _, scenario in found)


def test_a_students_file_and_a_coding_beside_it(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("wells-make-polite: {credence: 0.1}\n", "utf-8")
    (tmp_path / "idea.yaml").write_text(
        "schema: 1\ntitle: Idea\nquestion: What?\nextends: river\nassume:\n  coding: mine.yaml\n"
        "  claims: {one-shot-ends-it: off}\n  states: {DELTA: {water: {salience: 0.5}}}\n  parameters: {a0: 0.8}\n"
        "events:\n  - {month: 2, set: {drought: 0.9}}\n",
        "utf-8",
    )
    _, _, found = changes("river", str(tmp_path / "idea.yaml"), CASE)
    told = [line for some, _ in found for line in some]
    assert [line.split(":")[0].split(" (")[0] for line in told] == [
        "events on drought", "coding", "claim one-shot-ends-it", "what the Delta wants on water", "parameter a0",
    ]  # fmt: skip
    coded = next(scenario for some, scenario in found if some[0].startswith("coding"))
    assert coded.ledger.claims["wells-make-polite"].credence == 0.1
    assert coded.ledger.claims["one-shot-ends-it"].credence == 0.5
