"""A planted mistake that every other check passes is found; a case without one is left in peace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sim.analysis.wiring import unmet, wiring
from sim.cli import main
from sim.inputs.ledger import Effect
from sim.inputs.scenario import load_scenario

OTHER_CASE = Path(__file__).parent.parent / "other_case"


def test_a_case_without_a_mistake_is_left_in_peace() -> None:
    assert wiring(load_scenario("river", case=OTHER_CASE)) == []


def test_all_that_is_said_of_the_shipped_case_is_known() -> None:
    """Short-range tests are promised in packages and priced nowhere: the issue counts strategic tests alone."""
    assert [remark.name for remark in wiring(load_scenario("history"))] == ["variables.short_range_tests"]


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ("variables: {water: {direction: down}}", "packages.water-for-tolls.gives.UPLANDS.water: DELTA wants it"),
        ("states: {DELTA: {ideals: {loan: {position: 0, confidence: high}}}}\n"
         "variables: {loan: {start: 0.2}}", "packages.wells.gives.LEAGUE.loan: DELTA wants it"),
        ("issues: {patrols: {moved_by: [tolls]}}", "variables.patrols: given in quiet-banks, wells"),
        ("thresholds: {angry: {value: 5, low: 5, high: 5}}", "outcomes, standoff: none of"),
    ],
)  # fmt: skip
def test_a_planted_mistake_is_found(planted: str, found: str, tmp_path: Path) -> None:
    path = tmp_path / "planted.yaml"
    path.write_text(f"schema: 1\nextends: river\n{planted}\n")
    assert any(str(remark).startswith(found) for remark in wiring(load_scenario(path, case=OTHER_CASE)))


@pytest.mark.parametrize("reads", ["averages: {held: IT}", "drift: {anger: {value: anger + 0.1 * IT}}", ""])
def test_leverage_that_nothing_reads_is_found_with_the_claims_that_feed_it(reads: str, tmp_path: Path) -> None:
    path = tmp_path / "planted.yaml"
    path.write_text(f"schema: 1\nextends: river\nmonth: {{{reads.replace('IT', 'leverage.UPLANDS.LEAGUE')}}}\n")
    plan = load_scenario(path, case=OTHER_CASE)
    claim = plan.ledger.claims["tolls-are-an-argument"]
    fed = replace(claim, effects=(Effect("UPLANDS", "LEAGUE", 1, 0.5),))
    found = wiring(replace(plan, ledger=replace(plan.ledger, claims={**plan.ledger.claims, claim.id: fed})))
    assert [remark.name for remark in found] == ["leverage of UPLANDS over LEAGUE"] * (not reads)


def test_the_command_says_where_it_stands(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "planted.yaml"
    path.write_text("schema: 1\nextends: river\nvariables: {water: {direction: down}}\n")
    assert main(["check", "--wiring", str(path), "--case", str(OTHER_CASE)]) == 0
    text = (OTHER_CASE / "scenarios" / "baseline.yaml").read_text("utf-8").splitlines()
    line = text.index("      UPLANDS: {water: 0.5}") + 1
    said = capsys.readouterr().out
    assert f"wiring: scenarios/baseline.yaml:{line}:17: packages.water-for-tolls.gives.UPLANDS.water: DELTA" in said


def test_leverage_that_is_only_cut_is_found() -> None:
    plan = load_scenario("river", case=OTHER_CASE)
    claims = {
        name: replace(claim, effects=tuple(replace(effect, sign=-1) for effect in claim.effects))
        for name, claim in plan.ledger.claims.items()
    }
    found = wiring(replace(plan, ledger=replace(plan.ledger, claims=claims)))
    assert [
        remark for remark in found if "it stays at 0" in remark.text and remark.name == "leverage of LEAGUE over DELTA"
    ]


def test_leverage_of_a_pair_that_never_meets_is_found() -> None:
    plan = load_scenario("river", case=OTHER_CASE)
    assert unmet(plan) == []
    alone = replace(
        plan, summits=tuple(each for each in plan.summits if "LEAGUE" not in plan.case.pairs[each.pair].between)
    )
    assert [remark.name for remark in unmet(alone)] == ["leverage of LEAGUE over DELTA"]


def test_the_command_tells_remarks_and_no_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--wiring", str(OTHER_CASE / "scenarios" / "river.yaml")]) == 0
    assert "wiring: 0 remarks" in capsys.readouterr().out
