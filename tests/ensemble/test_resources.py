"""What a run needs is estimated, tested against what was used, and refused where it cannot work."""

from __future__ import annotations

import shutil
from collections import namedtuple
from dataclasses import replace
from pathlib import Path

import pytest

from sim.ensemble import resources
from sim.ensemble.block import COMPUTED_RUNS
from sim.ensemble.resources import describe, estimate, free_memory, refuse_if_too_large
from sim.errors import CannotWrite, InputError
from sim.inputs.scenario import Scenario, load_scenario
from tests.ensemble.helpers import run_python

Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(("runs", "months", "workers"), [(1_000, 2, 1), (20_000, 20, 1), (40_000, 1, 2)])
def test_the_disk_and_the_memory_that_were_used(tmp_path: Path, runs: int, months: int, workers: int) -> None:
    """Of memory, the most that all processes together held, as far as they share nothing."""
    status, out, err = run_python("tests.ensemble.memory_used", [tmp_path, runs, months, workers])
    assert (status, err) == (0, "")
    memory, disk = int(out), sum(path.stat().st_size for path in tmp_path.rglob("*"))
    needs = estimate(load_scenario("baseline", months=months), runs, workers)
    assert memory / 1.25 <= needs.memory <= 2.5 * memory
    assert disk <= needs.disk <= 2 * disk


def test_memory_is_level(tmp_path: Path) -> None:
    """Rows lie in files, of which only what is touched takes memory; held there they add a third (measured)."""
    used = []
    for runs in (2 * COMPUTED_RUNS, 4 * COMPUTED_RUNS):
        status, out, err = run_python("tests.ensemble.memory_used", [tmp_path / str(runs), runs, 1, 1])
        assert (status, err) == (0, "")
        used.append(int(out))
    assert used[1] < 1.05 * used[0]


def test_what_grows() -> None:
    scenario = load_scenario("baseline")
    small, large, huge = (estimate(scenario, runs, 1) for runs in (10**6, 10**7, 10**9))
    assert small.memory == large.memory == huge.memory  # rows are capped
    assert large.seconds / small.seconds == pytest.approx(10, rel=0.1)
    assert huge.disk < 1.05 * large.disk < 1.1 * small.disk
    assert estimate(scenario, 10**6, 4).seconds < small.seconds / 3
    assert estimate(scenario, 10**6, 4).memory > small.memory


@pytest.mark.parametrize("runs", [10**12, 10**15, 10**30])
def test_too_many_runs_are_refused_with_the_number(tmp_path: Path, runs: int) -> None:
    with pytest.raises(InputError, match=f"runs: {runs:,}"[:40]) as told:
        refuse_if_too_large(load_scenario("baseline"), runs, tmp_path)
    assert "at most 2 days" in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize("months", [1201, 10**9])
def test_too_many_months_are_refused(brief: Scenario, tmp_path: Path, months: int) -> None:
    with pytest.raises(InputError, match=r"months: 1,.*at most 1,200"):
        refuse_if_too_large(replace(brief, months=months), 1000, tmp_path)


def test_too_little_memory_is_refused(brief: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needs = estimate(brief, 1000).memory
    monkeypatch.setattr(resources, "free_memory", lambda: needs)
    refuse_if_too_large(brief, 1000, tmp_path)
    monkeypatch.setattr(resources, "free_memory", lambda: 0.99 * needs)
    with pytest.raises(InputError, match=r"need about .* MB of memory; at most \d+ MB"):
        refuse_if_too_large(brief, 1000, tmp_path)


def test_a_full_disk_is_told_before_work(brief: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9 - 1000, 1000))
    with pytest.raises(
        CannotWrite, match=r"1,000 runs of 3 months need about \d+ MB of disk, and 0 MB are free"
    ) as told:
        refuse_if_too_large(brief, 1000, tmp_path / "not" / "yet")
    assert told.value.exit_code == 74


def test_an_ordinary_run_is_not_refused(tmp_path: Path) -> None:
    for runs in (1, 10_000, 10**6):
        needs = refuse_if_too_large(load_scenario("baseline"), runs, tmp_path / "results" / "baseline")
        assert describe(needs).startswith("about ")


def test_saying_it() -> None:
    assert describe(resources.Estimate(1.23e9, 200, 4.8e8)) == "about 1.2 GB of memory, 3 minutes and 480 MB of disk"
    assert describe(resources.Estimate(5e12, 90_000, 3e15)) == "about 5.0 TB of memory, 25 hours and 3.0 PB of disk"
    assert describe(resources.Estimate(2e6, 1, 0)) == "about 2 MB of memory, 1 second and 0 MB of disk"


def test_free_memory_is_known_here() -> None:
    free = free_memory()
    assert free is not None
    assert free > 1e8


def test_rows_in_memory_are_told() -> None:
    scenario = load_scenario("baseline")
    inside, outside = (estimate(scenario, 10**6, 1, in_files=place).memory for place in (True, False))
    assert outside - inside > 200e6  # 49 measures of four bytes and 21 classes of one, a million times
    assert estimate(scenario, 1000, 1, in_files=True) == estimate(scenario, 1000, 1, in_files=False)
