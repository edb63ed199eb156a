"""A class's agreement, deciding claims, opposed positions and common belief, against answers known beforehand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from statistics import fmean

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.analysis.agreement import krippendorff_alpha
from sim.analysis.paired import outcome_differences, total_variation
from sim.classroom.class_files import read_class
from sim.classroom.page import agreement_sentences
from sim.classroom.positions import (
    Belief,
    Classroom,
    believing,
    class_agreement,
    classroom,
    mean,
    middle,
    otherwise,
    reach,
)
from sim.inputs.case import Range
from sim.inputs.scenario import load_scenario
from tests.class_of_students import CASE, position, three

values = st.one_of(st.none(), st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.7, 0.9, 1.0]))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # which a busy machine fails, not the test
@given(st.dictionaries(st.sampled_from("abcdef"), st.lists(values, min_size=3, max_size=6), min_size=1))
def test_alpha_is_the_mean_of_the_claims_agreement_by_their_values(said: dict[str, list[float | None]]) -> None:
    found = class_agreement(said)
    several = sum(sum(value is not None for value in unit) > 1 for unit in said.values()) > 1
    assert found.alpha == (krippendorff_alpha(list(said.values()), "interval") if several else None)
    shared = [each for each in found.spreads if each.agreement is not None]
    if found.alpha is not None:
        parts = sum(len(each.values) * each.agreement for each in shared if each.agreement is not None)
        assert parts / sum(len(each.values) for each in shared) == pytest.approx(found.alpha, abs=1e-9)


def test_agreement_knows_its_ends() -> None:
    alike = class_agreement({"a": [0.2, 0.2, 0.2], "b": [0.8, 0.8, None]})
    assert alike.alpha == 1
    assert [each.agreement for each in alike.spreads] == [1, 1]
    assert class_agreement({"a": [0.5, 0.5], "b": [0.5, 0.5]}).alpha is None
    alone = class_agreement({"a": [0.5, None], "b": [None, 0.9]})
    assert (alone.claims, alone.alpha) == (0, None)


def test_one_claim_is_told_by_its_range_and_never_by_alpha() -> None:
    found = class_agreement({"wells": [0.8, 0.81, 0.82], "other": [None, None, 0.3]})
    assert found.alpha is None
    told = agreement_sentences("credences", found, {"wells": "Wells make polite."})
    assert told == ["On credences, 3 students speak of one claim: 0.80 to 0.82; they agree to within 0.02."]


def test_alpha_comes_after_the_spread_in_words() -> None:
    said = {"wells": [0.1, 0.9], "tolls": [0.5, 0.55]}
    first, second = agreement_sentences("credences", class_agreement(said), {"wells": "Wells.", "tolls": "Tolls."})
    assert "furthest apart on “Wells” (0.10 to 0.90) and closest on “Tolls” (0.50 to 0.55)" in first
    assert "alpha" not in first
    assert "Krippendorff’s alpha" in second


def test_middle_and_mean_of_beliefs() -> None:
    readers = [{"a": Belief(credence, Range(0, weight, 1))} for credence, weight in ((0, 0.2), (0.1, 0.4), (0.8, 0.9))]
    assert middle(readers)["a"] == Belief(0.1, Range(0, 0.4, 1))
    assert mean(readers)["a"].credence == pytest.approx(0.3)
    assert mean(readers)["a"].weight.mode == pytest.approx(0.5)


def test_reach_grows_with_the_change_and_is_none_without() -> None:
    one, other, heavy = Belief(0.2, Range(0, 0.4, 1)), Belief(0.7, Range(0, 0.4, 1)), Belief(0.2, Range(0, 0.8, 1))
    assert reach(one, one, 0.3) == 0
    assert reach(one, other, 0.3) == pytest.approx(0.15)
    assert reach(one, heavy, 0.3) == pytest.approx(0.3 * 0.2 * 0.5)


def test_apart_by_hand() -> None:
    one, two = np.tile([0, 0, 1, 1], 40).astype(np.int8), np.tile([0, 1, 1, 1], 40).astype(np.int8)
    found = outcome_differences(one, two, ("x", "y", "z"))
    assert found.points == found.changed == 0.25
    assert found.outcomes["x"].difference == -0.25
    assert total_variation(np.array([0.5, 0.5, 0]), np.array([0.25, 0.75, 0])) == 0.25


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Classroom:
    folder = three(tmp_path_factory.mktemp("class"))
    (folder / "dora.yaml").write_text(position(wells_make_polite="on", hand_on_the_throat="{credence: 0.74}"), "utf-8")
    return classroom(read_class(folder, case=CASE), 2_000, 2018)


def test_shares_add_up_and_the_mixture_is_their_mean(found: Classroom) -> None:
    for each in found.positions:
        assert sum(each.shares.values()) == pytest.approx(1)
    for name, share in found.mixed.items():
        assert share == pytest.approx(fmean(each.shares[name] for each in found.positions))


def test_a_readers_own_position_is_what_run_gives(found: Classroom) -> None:
    from sim.ensemble.run import run

    own = load_scenario("river", case=CASE, set=["assume.claims.wells-make-polite=on",
                                                 "assume.claims.tolls-are-an-argument.credence=0.9"])  # fmt: skip
    counts = run(own, 2_000, 2018).counts[-1]
    position = next(each for each in found.positions if each.name.startswith("Änne"))
    assert [round(2_000 * share) for share in position.shares.values()] == counts.tolist()


def test_the_deciding_claim_is_the_one_that_moves_most(found: Classroom) -> None:
    carl = next(each for each in found.positions if each.kind == "coding")
    assert carl.deciding is not None
    sizes = [turn.what.points for turn in carl.turns]
    assert sizes == sorted(sizes, reverse=True)
    assert carl.deciding.one.credence in (0.05, 0.1)
    assert carl.deciding.other == found.median[carl.deciding.claim]


def test_the_most_opposed_are_the_two_furthest_apart(found: Classroom) -> None:
    assert found.opposed is not None
    vectors = [np.array(list(each.shares.values())) for each in found.positions]
    furthest = max(total_variation(one, two) for one in vectors for two in vectors)
    assert found.opposed.whole.points == pytest.approx(furthest)
    assert {gap.claim for gap in found.opposed.gaps} <= set(found.median)
    assert found.opposed.lines == ()


def test_an_ensemble_of_classmates_who_agree_has_nobody_opposed(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text("assume: {}\n", "utf-8")
    alike = classroom(read_class(tmp_path, case=CASE), 200, 1)
    assert alike.opposed is None
    assert all(each.deciding is None and each.turns == () for each in alike.positions)
    assert alike.pooled == alike.start == alike.mixed


def test_what_files_differ_in_beside_beliefs() -> None:
    river = load_scenario("river", case=CASE)
    believed = believing(river, {"wells-make-polite": Belief(0.0, Range(0, 0, 0))})
    assert otherwise(river, replace(believed, coding="maria.yaml")) == []
    assert otherwise(river, load_scenario("no-league", case=CASE)) == ["DELTA and LEAGUE never meet (met in 2031-05)"]
    balanced = load_scenario("river", case=CASE, set=["assume.balance=on"])
    assert otherwise(river, balanced) == ["balance of each pair's two directions: off -> on"]
    (coded,) = otherwise(river, load_scenario("river", case=CASE, set=["assume.coding=second"]))
    assert coded.startswith("mechanism, effects or links of ")
