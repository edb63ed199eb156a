"""Which case a file belongs to, which meetings are dropped, and what never comes about."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import InputError
from sim.inputs.case_folder import case_around, find_case
from sim.inputs.scenario import load_scenario
from sim.views.text.run import question_lines
from sim.views.text.screen import Screen

OTHER = Path(__file__).resolve().parent.parent / "other_case"
HEAD = "title: t\nquestion: q\nextends: history\n"


def calendar(scenario):
    return [(summit.month, summit.pair) for summit in scenario.summits]


def test_the_case_is_that_of_the_file_then_of_the_working_directory_then_of_the_environment(monkeypatch, tmp_path):
    river = OTHER / "scenarios" / "river.yaml"
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SUMMITRY_CASE", raising=False)
    assert case_around() is None
    assert case_around([river]) == OTHER
    assert set(load_scenario(river).case.states) != set(load_scenario("history").case.states)
    monkeypatch.setenv("SUMMITRY_CASE", str(OTHER))
    assert find_case().root == OTHER
    monkeypatch.setenv("SUMMITRY_CASE", str(tmp_path))
    with pytest.raises(InputError, match="no folder seeds/"):
        find_case()
    monkeypatch.chdir(OTHER)
    assert find_case().root == OTHER


def test_a_dropped_meeting_is_the_only_thing_that_changes(tmp_path):
    path = tmp_path / "dropped.yaml"
    path.write_text(HEAD + "drop_summits: [2018-06 US, 15 DPRK PRC]\n")
    history, dropped = load_scenario("history"), load_scenario(path)
    assert calendar(dropped) == [each for each in calendar(history) if each not in ((3, "KU"), (15, "KP"))]
    assert dropped.events == history.events
    child = tmp_path / "child.yaml"
    child.write_text("title: t\nquestion: q\nextends: dropped\n")
    assert calendar(load_scenario(child)) == calendar(dropped)
    option = load_scenario("history", set=["drop_summits=[2018-06 US, 2019-06 PRC]"])
    assert calendar(option) == calendar(dropped)


def test_what_comes_after_the_last_month_is_named():
    assert load_scenario("history").never_happens == ()
    found = load_scenario("history", months=5).never_happens
    assert "the American summit of 2019-02 is planned after the last month, 2018-08: it is never held" in found
    assert len(found) == len([each for each in calendar(load_scenario("history")) if each[0] > 5]) + len(
        [event for event in load_scenario("history").events if event.month > 5]
    )


def test_of_what_comes_too_late_a_scenarios_own_is_named_first(tmp_path):
    path = tmp_path / "late.yaml"
    path.write_text(HEAD + "months: 6\nevents:\n  - {month: 2018-12, set: {tariffs: 0.1}}\n")
    found = load_scenario(path)
    assert found.never_happens[0] == "set tariffs in 2018-12 comes after the last month, 2018-09: it never happens"
    assert found.never_happens[0] in question_lines(found, Screen(width=200))


def test_numbers_as_people_type_them(tmp_path):
    path = tmp_path / "typed.yaml"
    path.write_text(HEAD + "assume: {claims: {both-or-neither: 0.6, warhead-clock: 25%}, documents:, start:}\n")
    claims = load_scenario(path, set=["fatal-step-risk=40%", "title=A #1 case"]).ledger.claims
    credences = [claims[name].credence for name in ("both-or-neither", "warhead-clock", "fatal-step-risk")]
    assert credences == [0.6, 0.25, 0.4]
    assert load_scenario(path, set=["title=A #1 case"]).title == "A #1 case"


def test_a_map_whose_entries_are_commented_out_is_empty(tmp_path):
    path = tmp_path / "empty.yaml"
    path.write_text(HEAD + "assume:\n  claims:\n    # both-or-neither: off\n")
    assert load_scenario(path).ledger == load_scenario("history").ledger


def test_lists_that_add_up_are_empty_where_every_entry_is_commented_out(tmp_path):
    path = tmp_path / "empty.yaml"
    path.write_text(HEAD + "drop_events:\n  # - tariffs\nevents:\n  # - {month: 2018-05, pin: {us_troops: 0.1}}\n")
    assert load_scenario(path).events == load_scenario("history").events


def test_the_last_month_may_be_a_month_of_the_calendar(tmp_path):
    path = tmp_path / "short.yaml"
    path.write_text(HEAD + "months: 2018-12\n")
    assert load_scenario(path).months == load_scenario("history", set=["months=2018-12"]).months == 9


def test_a_misspelt_claim_of_an_option_has_its_near_miss():
    with pytest.raises(InputError, match='no such claim; did you mean "both-or-neither"'):
        load_scenario("history", set=["both-or-niether=0.1"])
