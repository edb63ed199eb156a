"""A run in its folder: new, gone on with, shown again; whole tables or none."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from sim.ensemble import run as running
from sim.ensemble import store
from sim.ensemble.block_files import PREFIX, Task, block_files
from sim.ensemble.folder import UNFINISHED
from sim.ensemble.run import run
from sim.errors import CannotWrite
from sim.inputs.scenario import Scenario
from sim.model.streams import BLOCK_RUNS
from tests.ensemble.helpers import assert_same_bits

STARTED = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
RUNS = 2001


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


@pytest.fixture(scope="module")
def folder(brief: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of 2,001 runs."""
    folder = store.folder_for(tmp_path_factory.mktemp("results"), brief)
    finished = store.run_into(folder, brief, RUNS, 7)
    assert (finished.state, finished.kept) == ("new", 0)
    written = store.write_tables(folder, finished.ensemble, ["summitry", "run", "baseline"], STARTED)
    assert sorted(path.name for path in written) == sorted(store.TABLES)
    return folder


def test_nothing_but_the_tables_is_there(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == sorted([*store.TABLES, ".lock"])


def test_a_finished_run_is_shown_again(folder: Path, brief: Scenario) -> None:
    told: list[int] = []
    again = store.run_into(folder, brief, RUNS, 7, on_block=told.append)
    assert (again.state, again.kept, told) == ("again", RUNS, [])
    assert_same_bits(again.ensemble, run(brief, RUNS, 7))
    assert store.load(folder, brief) is not None
    assert store.load(folder, brief, seed=8) is None


@pytest.mark.parametrize(("runs", "seed", "fresh"), [(RUNS + 1, 7, False), (RUNS, 8, False), (RUNS, 7, True)])
def test_another_run_and_a_fresh_one_are_played(
    folder: Path, tmp_path: Path, brief: Scenario, runs: int, seed: int, fresh: bool
) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    finished = store.run_into(tmp_path / "copy", brief, runs, seed, fresh=fresh)
    assert (finished.state, finished.ensemble.runs, finished.ensemble.seed) == ("new", runs, seed)


def test_nothing_of_another_run_stays_beside_new_tables(folder: Path, tmp_path: Path, brief: Scenario) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / "figures").mkdir()
    for name in ("report.html", "figures/outcomes.png", "figures/explain.svg", "explain.csv", "notes.md"):
        (copy / name).write_text("of the run before")
    store.write_tables(copy, run(brief, 60, 7), "x", STARTED)
    assert not (copy / "report.html").exists()
    assert not (copy / "explain.csv").exists()
    assert not list((copy / "figures").iterdir())
    assert (copy / "notes.md").exists()


@pytest.mark.parametrize("name", store.TABLES)
def test_a_run_without_one_of_its_tables_is_not_finished(
    folder: Path, tmp_path: Path, brief: Scenario, name: str
) -> None:
    shutil.copytree(folder, tmp_path / "copy")
    assert store.stands(tmp_path / "copy", brief, RUNS, 7)
    (tmp_path / "copy" / name).unlink()
    assert not store.stands(tmp_path / "copy", brief, RUNS, 7)
    assert store.again(tmp_path / "copy", brief, RUNS, 7) is None


def test_tables_that_fail_half_way_are_not_shown_again(folder: Path, tmp_path: Path, brief: Scenario) -> None:
    """Some tables have their new names already: those of the old run no longer count."""
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    (copy / "runs.csv").unlink()
    (copy / "runs.csv").mkdir()
    with pytest.raises(CannotWrite):
        store.write_tables(copy, run(brief, 60, 7), "x", STARTED)
    (copy / "runs.csv").rmdir()
    (copy / "runs.csv").touch()
    assert store.again(copy, brief, RUNS, 7) is None
    assert store.again(copy, brief, 60, 7) is None


def test_what_one_left_that_was_killed_at_its_very_end_goes(folder: Path, tmp_path: Path, brief: Scenario) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    files = block_files(copy, brief, RUNS, 7)
    files.make()
    (files.folder / Task(0, 1).file).write_bytes(b"x" * 9000)
    (copy / (UNFINISHED + 32 * "7")).write_text("half")
    again = store.again(copy, brief, RUNS, 7)
    assert again is not None
    assert not list(copy.glob(".blocks-*"))
    assert not list(copy.glob(".part-*"))


def test_a_fresh_run_that_is_stopped_goes_on(
    folder: Path, tmp_path: Path, brief: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "COMPUTED_RUNS", BLOCK_RUNS)
    copy = tmp_path / "copy"
    runs = 2 * BLOCK_RUNS
    store.write_tables(copy, store.run_into(copy, brief, runs, 7).ensemble, "x", STARTED)

    def stop(_runs: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.run_into(copy, brief, runs, 7, fresh=True, on_block=stop)
    assert store.run_into(copy, brief, runs, 7).state == "resumed"


def test_the_same_bytes_on_rewrite(folder: Path, brief: Scenario) -> None:
    before = {name: (folder / name).read_bytes() for name in store.TABLES if name != "manifest.json"}
    store.write_tables(folder, run(brief, RUNS, 7, workers=2), "other command", STARTED)
    assert before == {name: (folder / name).read_bytes() for name in before}


def test_outcomes(folder: Path, brief: Scenario) -> None:
    rows = _rows(folder / "outcomes.csv")
    assert [row["month"] for row in rows[::9]] == ["2018-03", "2018-04", "2018-05"]
    assert [row["outcome"] for row in rows[:9]] == [rule.name for rule in brief.case.outcomes]
    for month in range(3):
        of_month = rows[9 * month : 9 * month + 9]
        assert sum(int(row["count"]) for row in of_month) == RUNS
        assert sum(float(row["probability"]) for row in of_month) == pytest.approx(1, abs=5e-6)
        assert all(float(row["low"]) <= float(row["probability"]) <= float(row["high"]) for row in of_month)


def test_leverage(folder: Path, brief: Scenario) -> None:
    rows = _rows(folder / "leverage.csv")
    states = len(brief.case.states)
    assert len(rows) == 3 * states * (states - 1)
    for row in rows:
        levels = [float(row[name]) for name in ("q05", "q25", "q50", "q75", "q95")]
        assert levels == sorted(levels)
        assert levels[0] >= 0
        assert levels[-1] <= 1
        assert 0 <= float(row["mean"]) <= 1


def test_claims(folder: Path, brief: Scenario) -> None:
    rows = _rows(folder / "claims.csv")
    assert [row["claim"] for row in rows] == list(brief.ledger.claims)
    assert all(int(row["worlds_holds"]) + int(row["worlds_fails"]) == RUNS // 2 + 1 for row in rows)
    assert all(" p" in row["paragraphs"] for row in rows)


def test_runs(folder: Path, brief: Scenario) -> None:
    ensemble = store.load(folder, brief)
    assert ensemble is not None
    rows = _rows(folder / "runs.csv")
    assert [(int(row["run"]), int(row["world"])) for row in rows] == [(n, n // 2) for n in range(RUNS)]
    assert [row["outcome"] for row in rows] == [ensemble.names.outcomes[place] for place in ensemble.classes[-1]]
    for place, name in enumerate(ensemble.names.measures):
        assert np.allclose([float(row[name]) for row in rows], ensemble.values[place], atol=5e-7)


def test_the_manifest_is_enough_to_repeat_the_run(folder: Path, brief: Scenario) -> None:
    told = json.loads((folder / "manifest.json").read_text())
    assert (told["seed"], told["runs"], told["months"], told["scenario"]) == (7, RUNS, 2, "baseline")
    assert told["files"] == dict(brief.files)
    assert told["started"] == "2026-11-22T09:30:00Z"
    assert set(told["versions"]) == {"summitry", "engine", "python", "numpy", "mesa"}
    assert sum(each["count"] for each in told["outcomes"].values()) == RUNS
    assert set(told["uncertainty"]["assumptions"]) == set(told["outcomes"])
    assert told["rows"]["note"] == ""


def test_no_column_is_a_formula(tmp_path: Path, brief: Scenario) -> None:
    claims = {id: replace(claim, mechanism="=cmd|' /C calc'!A0") for id, claim in brief.ledger.claims.items()}
    ensemble = run(replace(brief, ledger=replace(brief.ledger, claims=claims)), 10, 7)
    store.write_tables(tmp_path, ensemble, "=1+1", STARTED)
    assert {row["mechanism"] for row in _rows(tmp_path / "claims.csv")} == {"'=cmd|' /C calc'!A0"}


def test_a_stopped_run_goes_on(tmp_path: Path, brief: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "COMPUTED_RUNS", BLOCK_RUNS)
    runs, told = 3 * BLOCK_RUNS, []

    def stop(block_runs: int) -> None:
        told.append(block_runs)
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.run_into(tmp_path, brief, runs, 7, on_block=stop)
    assert not any((tmp_path / name).exists() for name in store.TABLES)
    told = [0, 0]
    finished = store.run_into(tmp_path, brief, runs, 7, on_block=told.append)
    assert (finished.state, finished.kept) == ("resumed", 2 * BLOCK_RUNS)
    assert told[2:] == 3 * [BLOCK_RUNS]
    assert_same_bits(finished.ensemble, run(brief, runs, 7))
    assert list(tmp_path.glob(PREFIX + "*"))
    store.write_tables(tmp_path, finished.ensemble, "x", STARTED)
    assert not list(tmp_path.glob(PREFIX + "*"))


def test_a_fresh_run_forgets_the_log(tmp_path: Path, brief: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "COMPUTED_RUNS", BLOCK_RUNS)

    def stop(_runs: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.run_into(tmp_path, brief, 2 * BLOCK_RUNS, 7, on_block=stop)
    assert store.run_into(tmp_path, brief, 2 * BLOCK_RUNS, 7, fresh=True).state == "new"


def test_rows_beyond_the_cap_are_told(tmp_path: Path, brief: Scenario) -> None:
    whole = run(brief, 100, 7)
    capped = replace(whole, classes=whole.classes[:, :40], values=whole.values[:, :40], holds=whole.holds[:, :20])
    store.write_tables(tmp_path, capped, "x", STARTED)
    told = json.loads((tmp_path / "manifest.json").read_text())["rows"]
    assert (told["kept"], told["of"]) == (40, 100)
    assert told["note"] == "runs.csv holds the first 40 of 100 runs; outcomes.csv and leverage.csv count every run"
    assert len(_rows(tmp_path / "runs.csv")) == 40


def test_a_disk_that_fills_up_while_a_block_is_written(
    tmp_path: Path, brief: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource

    monkeypatch.setattr(running, "COMPUTED_RUNS", BLOCK_RUNS)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(CannotWrite) as told:
            store.run_into(tmp_path, brief, 3 * BLOCK_RUNS, 7)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert told.value.exit_code == 74
    assert not any((tmp_path / name).exists() for name in store.TABLES)
