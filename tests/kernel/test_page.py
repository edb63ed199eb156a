"""Run k of the page is run k of Python, to the bit: the same file played by Node and by wasmtime."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest

from sim.inputs.scenario import Scenario, load_scenario
from sim.kernel.compiled import compiled, scenario_data
from sim.kernel.instance import ROWS
from sim.model.calendar import Calendar
from sim.model.diplomacy import Diplomacy
from tests.kernel.helpers import scenario

RUNS, FIRST, SEED = 700, 4096 + 256, 2**63 + 11
BUSY = (
    "events=[{month: 3, pin: {us_troops: 0.4}, until: 9}, {month: 2, shift: {tariffs: 0.2}}, "
    "{month: 4, pin: {tariffs: 0.9}, until: 7}, {month: 5, move: {DPRK: strategic test}}]"
)
UNCERTAIN = (
    "events=[{month: 3, pin: {us_troops: 0.4}, until: 9, if: deals.KU - 0.5}, {month: 4, shift: {hawk: 0.05}}, "
    "{month: 2, shift: {tariffs: 0.2}, chance: 0.5, name: coin}, {month: 8, shift: {hawk: 0.3}, chance: 0.5}, "
    "{month: 2, set: {hawk: 0.3}, chance: 0.5, name: coin, until: 6}, {month: 9, shift: {tariffs: 0.1}}, "
    "{month: 4, set: {hawk: 0.9}, if: tension - 0.5, until: 11}, "
    "{month: 5, move: {DPRK: strategic test}, if: momentum - 0.4, chance: 0.7}]",
    "summits=[{month: 4, between: [DPRK, US], early: 2, late: 3, if: tension - 0.5}, "
    "{month: 3, between: [DPRK, PRC], certain: true, if: momentum - 0.35}, "
    "{month: 11, between: [DPRK, US], if: tension - 0.5}]",
    "variables.tariffs.by_month=[1, 2, 3, 4, 5, 1, 2, 3, 4, 5, 1, 2]",
)
pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="Node plays the page's file")


def busy() -> Scenario:
    """Everything that a calendar can say."""
    summits = "[{month: 4, between: [DPRK, US], early: 2, late: 3}, {month: 3, between: [DPRK, PRC], certain: true}]"
    return load_scenario("history", set=["drop_events=[tariffs]", BUSY, f"summits={summits}"])


def uncertain() -> Scenario:
    """Everything that can have a condition, a chance or a season."""
    return load_scenario("history", set=["drop_events=[tariffs]", *UNCERTAIN])


def plan_of(name: str) -> Scenario:
    made = {"busy": busy, "uncertain": uncertain}
    return made[name]() if name in made else scenario(name)


def listed(planned: Sequence[Any]) -> list[dict[str, Any]]:
    """What a calendar says, as JSON has it."""
    return [asdict(each) | {"where": list(each.where)} for each in planned]


def by_state(move: dict[str, Any]) -> tuple[str, float]:
    return move["name"], move["value"]


@cache
def in_node(name: str) -> dict[str, Any]:
    """All that the page says of a scenario's runs."""
    plan = plan_of(name)
    model = compiled(plan)
    given = {"layout": model.layout, "given": scenario_data(plan, model.layout), "seed": str(SEED)}
    with TemporaryDirectory() as folder:
        Path(folder, "case.json").write_text(json.dumps(given | {"first": FIRST, "runs": RUNS}))
        Path(folder, "model.wasm").write_bytes(model.wasm)
        command = ["node", str(Path(__file__).with_name("page.mjs")), folder]
        return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.parametrize("name", ["history", "xi-first", "drawdown-none", "other:baseline", "busy", "uncertain"])
def test_the_page_plays_pythons_runs_to_the_bit(name: str) -> None:
    plan, found = plan_of(name), in_node(name)
    model = compiled(plan)
    played = model.play(plan, SEED, FIRST, RUNS, ROWS)
    np.testing.assert_array_equal(found["counts"], played.counts)
    np.testing.assert_array_equal(found["final"], played.classes[-1])
    for name, values in zip(model.layout["finals"], played.values, strict=True):
        np.testing.assert_array_equal(np.array(found["values"][name], dtype=np.uint32), values.view(np.uint32))
    means = {**found["series"], **{f"leverage {name.replace('.', '>')}": of for name, of in found["leverage"].items()}}
    for column, sums in zip(model.layout["columns"], played.sums.T, strict=True):
        np.testing.assert_array_equal(means[column], sums / RUNS)


@pytest.mark.parametrize("name", ["history", "busy", "uncertain"])
def test_the_calendar_is_the_models(name: str) -> None:
    calendar = Calendar(plan_of(name))
    for month, found in enumerate(in_node(name)["months"]):
        assert found["occasions"] == [{"id": each.id, "chance": each.chance} for each in calendar.occasions(month)]
        assert found["due"] == listed(calendar.due(month))
        named = {"ofNow": "of_now", "ofStart": "of_start"}
        changes = [{named.get(key, key): value for key, value in each.items()} for each in found["changes"]]
        assert changes == listed(calendar.changes(month))
        assert found["pins"] == listed(calendar.pins(month))
        assert found["pinned"] == listed(calendar.pinned_before(month))
        moves = sorted(listed(calendar.moves(month)), key=by_state)
        assert sorted(found["moves"], key=by_state) == moves
        assert found["flags"] == calendar.flags(month)


def test_a_story_is_that_of_the_run() -> None:
    plan, run = scenario("history"), FIRST + 5
    told = in_node("history")["story"]
    model = Diplomacy(plan, runs=run % 4096 + 1, seed=SEED, first_block=run // 4096, diary=True)
    for found in told["months"]:
        model.step()
        for name, value in model.variables.items():
            if name in found["variables"] and name not in ("noise", "first_meeting"):
                here = value[-1] if isinstance(value, np.ndarray) else value
                assert found["variables"][name] == pytest.approx(here, abs=1e-4), name
        for state, odds in found["odds"].items():
            assert odds == pytest.approx([each[-1] for each in model.states[state].odds], abs=1e-4)
            assert found["choices"][state] == model.states[state].choice[-1]
        today = [meeting for meeting in model.meetings if meeting.month == model.month - 1]
        held = [meeting for meeting in today if meeting.attendance.tried[-1]]
        assert [meeting["pair"] for meeting in found["meetings"]] == [meeting.pair.id for meeting in held]
        for mine, theirs in zip(found["meetings"], held, strict=True):
            assert mine["held"] == theirs.come[-1]
            assert mine["deal"] == theirs.deal[-1]
            assert mine["chance"] == pytest.approx(theirs.chance[-1], abs=1e-4)
            assert mine["picked"] == theirs.picked[-1]
            for one, other in zip(mine["offers"], theirs.accepts, strict=True):
                assert one["accepts"] == pytest.approx({side: each[-1] for side, each in other.items()}, abs=1e-4)
    assert told["outcome"] == model.outcomes()[-1]
