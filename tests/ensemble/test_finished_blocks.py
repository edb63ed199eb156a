"""Blocks of an unfinished run as files: what is there is not played again, what is damaged is."""

from __future__ import annotations

import os
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.ensemble import finished_blocks
from sim.ensemble.finished_blocks import KEPT, PREFIX, TOTALS, BlockFiles, Joiner, Task, block_files, forget_old
from sim.ensemble.result import Ensemble
from sim.ensemble.run import finish, run, start, tasks
from sim.errors import CannotWrite, InputError
from sim.inputs.scenario import Scenario
from sim.model.streams import BLOCK_RUNS
from tests.ensemble.helpers import assert_same_bits

pytestmark = pytest.mark.usefixtures("small_blocks")
RUNS = 3 * BLOCK_RUNS + 5


@pytest.fixture(scope="module")
def whole(brief: Scenario, small_blocks: None) -> Ensemble:
    """The run as it is when nothing stops it."""
    return run(brief, RUNS, 7)


def _play(folder: Path, scenario: Scenario, blocks: int, seed: int = 7) -> BlockFiles:
    """Play some blocks and stop, as after `kill -9`; their files."""
    files = block_files(folder, scenario, RUNS, seed)
    files.make()
    played = finish(start(scenario, RUNS, seed), files, 1)
    for _ in range(blocks):
        next(played)
    return files


def _go_on(files: BlockFiles) -> tuple[int, Joiner]:
    """Go on and end; the runs that were there, and what came of it."""
    joiner = start(files.scenario, RUNS, files.seed, files.folder)
    files.go_on(joiner, tasks(RUNS))
    kept = joiner.runs
    return kept + sum(runs for runs, there in finish(joiner, files, 1) if there), joiner


@pytest.mark.parametrize("blocks", [0, 1, 2, 3, 4])
def test_a_run_goes_on_where_it_stopped_and_ends_the_same(
    tmp_path: Path, brief: Scenario, whole: Ensemble, blocks: int
) -> None:
    kept, joiner = _go_on(_play(tmp_path, brief, blocks))
    assert kept == min(blocks * BLOCK_RUNS, RUNS)
    assert_same_bits(joiner.ensemble(), whole)


def test_blocks_may_be_missing_in_the_middle(tmp_path: Path, brief: Scenario, whole: Ensemble) -> None:
    """As when one of two workers was ahead of the other."""
    files = _play(tmp_path, brief, 3)
    (files.folder / Task(BLOCK_RUNS, BLOCK_RUNS).file).unlink()
    kept, joiner = _go_on(files)
    assert kept == 2 * BLOCK_RUNS
    assert_same_bits(joiner.ensemble(), whole)


@pytest.mark.parametrize("damage", ["cut", "empty", "another block", "another scenario"])
def test_a_damaged_block_is_played_again(tmp_path: Path, brief: Scenario, whole: Ensemble, damage: str) -> None:
    files = _play(tmp_path, brief, 2)
    file = files.folder / Task(BLOCK_RUNS, BLOCK_RUNS).file
    data = {
        "cut": file.read_bytes()[:9000],
        "empty": b"",
        "another block": (files.folder / Task(0, 1).file).read_bytes(),
    }
    if damage == "another scenario":
        from sim.inputs.scenario import load_scenario

        other = BlockFiles(tmp_path / "other", load_scenario("baseline", months=3), 7)
        other.make()
        other(Task(BLOCK_RUNS, BLOCK_RUNS))
        data[damage] = (other.folder / file.name).read_bytes()
    file.write_bytes(data[damage])
    _, joiner = _go_on(files)
    assert_same_bits(joiner.ensemble(), whole)


def test_flipped_bits_are_seen(tmp_path: Path, brief: Scenario) -> None:
    """100 places of a block: it is the block that was written, or none."""
    files = BlockFiles(tmp_path / "blocks", brief, 7)
    files.make()
    task = Task(0, 64)
    files(task)
    file = files.folder / task.file
    whole, chance, refused = file.read_bytes(), random.Random(1), 0
    written = files.read(task)
    assert written is not None
    for _ in range(100):
        place = chance.randrange(len(whole))
        file.write_bytes(whole[:place] + bytes([whole[place] ^ (1 << chance.randrange(8))]) + whole[place + 1 :])
        found = files.read(task)
        refused += found is None
        assert found is None or found.values.tobytes() == written.values.tobytes()
        assert found is None or found.series_bins.tobytes() == written.series_bins.tobytes()
    assert refused >= 95


@pytest.mark.parametrize(
    ("name", "spoilt"),
    [
        ("counts", np.zeros((3, 10), "U1")), ("counts", np.zeros((1, 10), int)), ("moments", np.float64(1)),
        ("values", np.zeros((1, BLOCK_RUNS), "M8[s]")), ("classes", np.zeros((3, 1), "i1")),
        ("number.planted", np.zeros(BLOCK_RUNS // 2, "f4")), ("holds", np.zeros((2, 2, 2), bool)),
    ],
)  # fmt: skip
def test_arrays_of_another_kind_or_shape_are_played_again(
    tmp_path: Path, brief: Scenario, whole: Ensemble, name: str, spoilt: Any
) -> None:
    files = _play(tmp_path, brief, 2)
    file = files.folder / Task(0, BLOCK_RUNS).file
    np.savez(file, **(dict(np.load(file)) | {name: spoilt}))
    _, joiner = _go_on(files)
    assert_same_bits(joiner.ensemble(), whole)


def test_another_run_does_not_take_them(tmp_path: Path, brief: Scenario) -> None:
    ours = _play(tmp_path, brief, 1)
    assert block_files(tmp_path, brief, RUNS, 7) == ours
    assert block_files(tmp_path, brief, RUNS, 8).folder != ours.folder
    assert block_files(tmp_path, brief, RUNS + 1, 7).folder != ours.folder


def test_blocks_without_rows_are_folded_into_totals(
    tmp_path: Path, brief: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk does not grow with the runs, and the run goes on from the totals to the same bits."""
    monkeypatch.setattr(finished_blocks, "FOLD", 1)
    monkeypatch.setattr(finished_blocks, "ROWS_KEPT", BLOCK_RUNS)
    monkeypatch.setattr(finished_blocks, "NUMBERS_KEPT", BLOCK_RUNS)
    whole = run(brief, RUNS, 7)
    files = _play(tmp_path, brief, 3)
    assert {path.name for path in files.folder.iterdir()} == {TOTALS, Task(0, 1).file}
    kept, joiner = _go_on(files)
    assert kept == 3 * BLOCK_RUNS
    assert_same_bits(joiner.ensemble(), whole)
    for name in (TOTALS, Task(0, 1).file):
        files.remove()
        files = _play(tmp_path, brief, 3)
        (files.folder / name).write_bytes(b"damaged")
        assert_same_bits(_go_on(files)[1].ensemble(), whole)


@pytest.mark.parametrize(
    ("name", "spoilt"), [("runs", np.int64(10**6)), ("runs", np.int64(-BLOCK_RUNS)), ("counts", np.zeros((3, 1)))]
)
def test_totals_of_other_runs_are_not_believed(
    tmp_path: Path, brief: Scenario, monkeypatch: pytest.MonkeyPatch, name: str, spoilt: Any
) -> None:
    monkeypatch.setattr(finished_blocks, "FOLD", 1)
    monkeypatch.setattr(finished_blocks, "ROWS_KEPT", BLOCK_RUNS)
    monkeypatch.setattr(finished_blocks, "NUMBERS_KEPT", BLOCK_RUNS)
    files = _play(tmp_path, brief, 3)
    totals = dict(np.load(files.folder / TOTALS))
    scale = spoilt / totals["runs"] if name == "runs" else 1
    totals["counts"] = (totals["counts"] * scale).astype(int)
    np.savez(files.folder / TOTALS, **(totals | {name: spoilt}))
    assert_same_bits(_go_on(files)[1].ensemble(), run(brief, RUNS, 7))


def test_only_the_last_few_unfinished_runs_stay(tmp_path: Path, brief: Scenario) -> None:
    ours, *others = [_play(tmp_path, brief, 1, seed) for seed in range(5)]
    for age, files in enumerate(reversed(others)):
        os.utime(files.folder, (2e9 - age, 2e9 - age))
    (tmp_path / f"{PREFIX}0123").mkdir()
    (tmp_path / f"{PREFIX}0123" / "notes.txt").write_text("mine")
    forget_old(ours)
    left = list(tmp_path.glob(PREFIX + "*"))
    assert ours.folder in left
    assert [files.folder in left for files in others] == [False, True, True, True]
    assert KEPT == 3
    ours.remove()
    assert not ours.folder.exists()


def test_what_is_not_ours_stays_where_blocks_are_removed(tmp_path: Path, brief: Scenario) -> None:
    files = _play(tmp_path, brief, 1)
    (files.folder / "notes.txt").write_text("mine")
    files.remove()
    assert [path.name for path in files.folder.iterdir()] == ["notes.txt"]


def test_a_link_in_their_place_is_refused(tmp_path: Path, brief: Scenario) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "elsewhere").mkdir()
    folder = block_files(tmp_path / "run", brief, RUNS, 7).folder
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InputError, match="leads out"):
        block_files(tmp_path / "run", brief, RUNS, 7)
    with pytest.raises(CannotWrite, match="is a link"):
        BlockFiles(folder, brief, 7).make()


def test_blocks_that_cannot_be_written_are_one_line(tmp_path: Path, brief: Scenario) -> None:
    files = block_files(tmp_path, brief, RUNS, 7)
    files.folder.write_text("in the way")
    with pytest.raises(CannotWrite) as told:
        files.make()
    assert told.value.exit_code == 73
    with pytest.raises(CannotWrite):
        next(finish(start(brief, RUNS, 7), files, 1))
