"""The model on one page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import model_picture
import numpy as np
import picture_cloud
import picture_flow
import pytest
from first_summit import first_summit
from model_picture_plan import FILE, Plan, load_plan
from picture_summit import BINS, Row, density, signed_shares

from sim.ensemble.run import run
from sim.errors import InputError
from sim.views.charts import style
from tests.views.imaginary import HOSTILE, scenario
from tests.views.whole import assert_whole, overlaps, texts

RUNS, SEED = 400, 3


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan()


@pytest.fixture(scope="module")
def rows(plan: Plan) -> list[Row]:
    return [
        Row(each.label, each.scenario, first_summit(each.scenario, plan.pair, RUNS, SEED)) for each in plan.calendars
    ]


@pytest.fixture(scope="module")
def ended(plan: Plan) -> list:
    return [run(each.scenario, RUNS, SEED, workers=1) for each in plan.clouds]


def test_it_is_whole_and_about_a4(plan: Plan, rows: list[Row], ended: list) -> None:
    with style.look():
        page = model_picture.compose(plan, rows, ended)
    assert_whole(page)
    assert overlaps(page) == []
    assert 1.2 < page.width / page.height < 1.5
    said = " ".join(text for text, _ in texts(page))
    for step, _ in picture_flow.steps(rows[0].scenario):
        assert step in said
        assert step in page.alt
    for row in rows:
        assert row.label in said
        assert f"terms {row.found.terms.mean():.2f}" in page.alt


def test_the_title_says_a_difference_only_where_there_is_one(plan: Plan, rows: list[Row]) -> None:
    first, second = rows
    same = np.where(np.arange(RUNS) % 2, 0, -1).astype(np.int8)
    alike = [replace(row, found=replace(row.found, signed=same)) for row in rows]
    assert "a deal is about as likely (50 of 100 runs)" in model_picture.sentence(plan, alike)
    apart = replace(second, found=replace(second.found, signed=np.full(RUNS, -1, np.int8)))
    assert "of 100 runs instead of 0" in model_picture.sentence(plan, [first, apart])
    assert f"{first.found.terms.mean():.2f} instead of {second.found.terms.mean():.2f}" in model_picture.sentence(
        plan, rows
    )


def test_every_run_is_signed_once_or_not_at_all(rows: list[Row]) -> None:
    shares = signed_shares(rows[0].scenario.case, rows[0].found)
    assert sum(share for _, share in shares) == pytest.approx(1)
    assert shares[-1][0] == "no deal"


def test_a_density_counts_every_run_in_its_bin() -> None:
    found = density(np.array([0.0, 0.5, 1.0, 1.0], np.float32))
    assert found.tolist() == [0.25, *[0.0] * (BINS // 2 - 1), 0.25, *[0.0] * (BINS // 2 - 2), 0.5]


def test_quadrants_are_named_by_the_classes(plan: Plan, ended: list) -> None:
    case = ended[0].scenario.case
    found = picture_cloud.quadrants(case, plan.across, plan.up, plan.rest)
    assert found.across_limit == case.thresholds["u"].mode
    assert [corner.label for corner in found.corners] == [
        "neither troops nor bombs", "disarmament under way", "withdrawal", plan.rest,
    ]  # fmt: skip
    across, up = np.array([0.1, 0.1, 0.9, 0.9], np.float32), np.array([0.1, 0.9, 0.1, 0.9], np.float32)
    assert picture_cloud.quadrant_shares(found, across, up) == [0.25] * 4
    with pytest.raises(ValueError, match="no class has limits"):
        picture_cloud.quadrants(scenario().case, "mood", "first", "rest")


@pytest.mark.parametrize("kind", ["long", "unbroken", "mathematics", "escapes"])
def test_hostile_labels_do_not_break_it(kind: str, plan: Plan, rows: list[Row], ended: list) -> None:
    text = HOSTILE[kind]
    hostile = replace(plan, rest=text, clouds=tuple(replace(each, label=text) for each in plan.clouds))
    with style.look():
        page = model_picture.compose(hostile, [replace(row, label=text) for row in rows], ended)
    assert_whole(page)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("summit: KU", "summit: KX"), "summit: KX"),
        (("across: bombs_going", "across: bombs_goin"), "did you mean"),
        (("scenario: xi-first", "scenario: no-such"), "no such scenario"),
        (("calendars:", "calendar:"), "calendar"),
    ],
)
def test_a_faulty_plan_is_explained(change: tuple[str, str], complaint: str, tmp_path: Path) -> None:
    plan = tmp_path / FILE.name
    plan.write_text(FILE.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    with pytest.raises(InputError, match=complaint):
        load_plan(file=plan)
