"""Every way in which two scenarios differ, and how many things that is."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.inputs.catalogue import listed_scenarios
from sim.inputs.differences import differences
from sim.inputs.scenario import Scenario, load_scenario
from sim.inputs.single_changes import single_changes

VARIANTS = Path(__file__).parents[2] / "scenarios" / "variants"


def told(*settings: str, against: str = "history", months: int | None = None) -> list[str]:
    return differences(load_scenario("history"), load_scenario(against, set=settings, months=months))


def test_nothing_differs_from_itself() -> None:
    assert told() == []


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (["assume.claims.both-or-neither=off"], "claim both-or-neither: credence "),
        (["assume.claims.both-or-neither={weight: 0.5}"], "claim both-or-neither: weight "),
        (["assume.parameters.a0=0.5"], "parameter a0: 0.7 (0.4 to 0.9) -> 0.5"),
        (["assume.thresholds.c=0.12"], "threshold c: 0.1 "),
        (["assume.constants.friendly=0.3"], "constant friendly: 0.2 -> 0.3"),
        (["assume.start.tension=0.4"], "start of tension: "),
        (["assume.states.US.us_troops={ideal: 0.9}"], "what the United States wants on us_troops (US troops"),
        (["assume.packages.grand=off"], "package grand: taken off the table"),
        (["assume.packages.grand={US: {us_troops: 0.5}}"], "package grand: "),
        (["assume.documents.mansudae-2019=off"], "document mansudae-2019: on -> off"),
        (["assume.coding=first"], "coding: pooled -> first"),
        (["assume.known_by=2018-04"], "documents known by: any date -> 2018-04"),
        (["assume.balance=true"], "balance of each pair's two directions: off -> on"),
    ],
)
def test_one_change_is_one_thing(settings: list[str], line: str) -> None:
    found = told(*settings)
    assert len(found) == 1
    assert found[0].startswith(line)


def test_a_claim_changed_under_another_coding_is_two_things() -> None:
    found = told("assume.coding=first", "assume.claims.both-or-neither=off")
    assert len(found) == 2


def test_another_length_is_one_thing() -> None:
    assert told(months=3) == ["length: 20 months -> 3 months"]


def test_the_same_said_twice_is_nothing() -> None:
    one = load_scenario("history", set=["assume.claims.both-or-neither=off"])
    other = load_scenario("history", set=["assume.claims.both-or-neither={credence: 0}"])
    assert differences(one, other) == []


@pytest.mark.parametrize(
    ("name", "against", "line"),
    [
        ("moscow-early", "history", "summit of DPRK and RUS: 2019-04 -> 2018-04, before DPRK and ROK"),
        ("xi-fourth", "xi-first", "summit of DPRK and PRC: 2018-03 -> 2018-06, after DPRK and US"),
        ("no-moscow", "history", "DPRK and RUS never meet (met in 2019-04)"),
        ("no-hawk", "history",
         "events on hawk (a hawkish adviser in office): set to 1 in 2018-03, set to 0 in 2019-09 -> none"),
        ("drawdown-gift", "drawdown-chip",
         "events on us_troops (US troops in the South): none -> held at 0.1 from 2018-05"),
    ],
)  # fmt: skip
def test_calendars(name: str, against: str, line: str) -> None:
    assert differences(load_scenario(against), load_scenario(name)) == [line]


@pytest.mark.parametrize(
    ("settings", "lines"),
    [
        ("{month: 2018-03, between: [DPRK, PRC], certain: true}",
         ["every summit: held if both wish -> held whatever the two wish"]),
        ("{month: 2018-03, between: [DPRK, PRC], late: 2}",
         ["every summit: in its month alone -> in its month, 0 before or 2 after"]),
        ("{month: 2018-05, between: [DPRK, PRC], certain: true}",
         ["summit of DPRK and PRC: 2018-03 -> 2018-05, held whatever the two wish"]),
    ],
)  # fmt: skip
def test_what_is_certain_and_windows_are_told_and_changed_alone(settings: str, lines: list[str]) -> None:
    plain = load_scenario("history", set=["summits=[{month: 2018-03, between: [DPRK, PRC]}]"])
    other = load_scenario("history", set=[f"summits=[{settings}]"])
    assert differences(plain, other) == lines
    (alone,) = single_changes(plain, other, (VARIANTS, VARIANTS))
    assert alone[0] == tuple(lines)
    assert alone[1].summits == other.summits


def test_meetings_of_a_pair_whose_windows_would_meet_if_changed_alone_are_one_change() -> None:
    """June with three months before it cannot stand beside the meetings of March and May that it replaces."""
    plain = load_scenario("history")
    summits = "{month: 2018-06, between: [DPRK, PRC], early: 3}, {month: 2018-09, between: [DPRK, US], certain: true}"
    other = load_scenario("history", set=[f"summits=[{summits}]"])
    found = single_changes(plain, other, (VARIANTS, VARIANTS))
    together = next(scenario for lines, scenario in found if any("3 before" in line for line in lines))
    assert [each for each in together.summits if each.pair == "KP"] == [other.summits[0]]
    assert [each for each in together.summits if each.pair != "KP"] == [
        each for each in plain.summits if each.pair != "KP"
    ]
    assert sum("DPRK and PRC" in line for lines, _ in found for line in lines) == len(
        [line for line in differences(plain, other) if "DPRK and PRC" in line]
    )


def test_the_end_of_a_pin_and_a_move_are_told() -> None:
    pin = "events=[{month: 2018-05, pin: {prc_enforcement: 1}%s}]"
    held, ended = (load_scenario("history", set=[pin % until]) for until in ("", ", until: 2018-11"))
    (found,) = differences(held, ended)
    assert found.startswith("events on prc_enforcement (")
    assert found.endswith("): held at 1 from 2018-05 -> held at 1 from 2018-05 until 2018-11")
    assert [each.events for _, each in single_changes(held, ended, (VARIANTS, VARIANTS))] == [ended.events]
    moved = load_scenario("history", set=["events=[{month: 2018-05, move: {DPRK: strategic test}}]"])
    assert "events on DPRK (North Korea): none -> made to do “strategic test” in 2018-05" in differences(
        load_scenario("history"), moved
    )


def test_meetings_that_come_back_are_told_the_other_way_round() -> None:
    found = differences(load_scenario("no-moscow"), load_scenario("history"))
    assert found == ["DPRK and RUS meet in 2019-04 (never met before)"]


def test_order_within_a_month() -> None:
    def with_order(*pairs: str) -> Scenario:
        summits = ", ".join(f"{{month: 2018-04, between: [DPRK, {other}]}}" for other in pairs)
        return load_scenario("history", set=[f"summits=[{summits}]"])

    found = differences(with_order("ROK", "US"), with_order("US", "ROK"))
    assert found == [
        "order of the summits in 2018-04: DPRK and ROK, then DPRK and US -> DPRK and US, then DPRK and ROK"
    ]


def test_any_other_part_of_the_case_is_told() -> None:
    found = differences(load_scenario("history"), load_scenario(VARIANTS / "summits-before-moves.yaml"))
    assert len(found) == 1
    assert found[0].startswith("month.order: ")
    parts = ["variables.us_troops.irreversible=0.1", "packages.grand.costs.US=0"]
    lines = differences(load_scenario("history", set=parts), load_scenario("history"))
    costs = "packages.grand.costs.US: 0 -> remote*(1 - 0.5*america_first)"
    assert sorted(lines) == [costs, "variables.us_troops.irreversible: 0.1 -> 0.3"]


def test_what_a_variable_is_called_is_no_difference() -> None:
    assert (
        differences(load_scenario("history", set=["variables.us_troops.label=bases"]), load_scenario("history")) == []
    )


def test_each_scenario_differs_from_the_one_it_is_read_against() -> None:
    for name in (each.name for each in listed_scenarios()):
        scenario = load_scenario(name)
        if scenario.read_against:
            most = {"no-summits": 4, "xi-trip-in-plan": 6}.get(
                name, 2
            )  # whole pairs that never meet; a plan without visits
            assert 1 <= len(differences(load_scenario(scenario.read_against), scenario)) <= most
