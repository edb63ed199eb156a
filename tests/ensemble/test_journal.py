"""The log of an unfinished run: what is in it is not played again, what is damaged is thrown away."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.ensemble import journal, rows
from sim.ensemble import run as running
from sim.ensemble.journal import PREFIX, Journal
from sim.ensemble.run import finish, run, start
from sim.errors import CannotWrite, InputError
from sim.inputs.scenario import Scenario
from sim.model.streams import BLOCK_RUNS
from tests.ensemble.helpers import assert_same_bits

RUNS = 3 * BLOCK_RUNS + 5


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks as small as they can be: these tests play many."""
    monkeypatch.setattr(running, "COMPUTED_RUNS", BLOCK_RUNS)


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """A record after every block."""
    monkeypatch.setattr(journal, "INTERVAL", 0.0)
    monkeypatch.setattr(journal, "PATIENCE", 0.0)


def _play(folder: Path, scenario: Scenario, blocks: int, seed: int = 7) -> Path:
    """Play some blocks and stop; the folder of the log."""
    joiner = start(scenario, RUNS, seed)
    log = Journal(folder, joiner)
    played = finish(joiner, 1)
    for _ in range(blocks):
        next(played)
        log.note()
    return log._folder


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("blocks", [1, 2, 3])
def test_a_run_goes_on_where_it_stopped_and_ends_the_same(tmp_path: Path, brief: Scenario, blocks: int) -> None:
    _play(tmp_path, brief, blocks)
    joiner = start(brief, RUNS, 7)
    assert Journal(tmp_path, joiner).take_up() == joiner.runs == blocks * BLOCK_RUNS
    assert sum(finish(joiner, 1)) == RUNS - blocks * BLOCK_RUNS
    assert_same_bits(joiner.ensemble(), run(brief, RUNS, 7))


@pytest.mark.usefixtures("eager")
def test_a_second_stop_adds_to_the_log(tmp_path: Path, brief: Scenario) -> None:
    _play(tmp_path, brief, 1)
    joiner = start(brief, RUNS, 7)
    log = Journal(tmp_path, joiner)
    log.take_up()
    next(finish(joiner, 1))
    log.record()
    last = start(brief, RUNS, 7)
    assert Journal(tmp_path, last).take_up() == 2 * BLOCK_RUNS
    assert sum(finish(last, 1)) == RUNS - 2 * BLOCK_RUNS
    assert_same_bits(last.ensemble(), run(brief, RUNS, 7))


@pytest.mark.usefixtures("eager")
@pytest.mark.parametrize("name", ["totals.npz", "classes.npy", "values.npy", "holds.npy", "numbers.npy"])
@pytest.mark.parametrize("damage", ["cut", "flipped", "gone", "empty"])
def test_a_damaged_log_is_thrown_away(tmp_path: Path, brief: Scenario, name: str, damage: str) -> None:
    file = _play(tmp_path, brief, 2) / name
    data = file.read_bytes()
    middle = len(data) // 2 if name == "totals.npz" else 150  # of an array: among what was written of its first line
    if damage == "gone":
        file.unlink()
    else:
        flipped = data[:middle] + bytes([data[middle] ^ 255]) + data[middle + 1 :]
        file.write_bytes({"cut": data[:middle], "flipped": flipped, "empty": b""}[damage])
    joiner = start(brief, RUNS, 7)
    assert Journal(tmp_path, joiner).take_up() == joiner.runs == 0
    next(finish(joiner, 1))
    assert joiner.runs == BLOCK_RUNS


@pytest.mark.usefixtures("eager")
def test_another_run_does_not_take_it_up(tmp_path: Path, brief: Scenario) -> None:
    _play(tmp_path, brief, 1)
    for runs, seed in ((RUNS, 8), (RUNS + 1, 7)):
        assert Journal(tmp_path, start(brief, runs, seed)).take_up() == 0
    assert Journal(tmp_path, start(brief, RUNS, 7)).take_up() == BLOCK_RUNS


def test_a_run_of_one_block_has_no_log(tmp_path: Path, brief: Scenario) -> None:
    joiner = start(brief, BLOCK_RUNS, 7)
    log = Journal(tmp_path, joiner)
    list(finish(joiner, 1))
    log.record()
    assert list(tmp_path.iterdir()) == []
    assert Journal(tmp_path, start(brief, BLOCK_RUNS, 7)).take_up() == 0


def test_a_run_that_was_killed_before_its_first_record_begins_anew(
    tmp_path: Path, brief: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "INTERVAL", 1e9)
    log = _play(tmp_path, brief, 2)
    assert (log / "classes.npy").exists()
    assert not (log / "totals.npz").exists()
    joiner = start(brief, RUNS, 7)
    assert Journal(tmp_path, joiner).take_up() == 0
    list(finish(joiner, 1))
    assert_same_bits(joiner.ensemble(), run(brief, RUNS, 7))


@pytest.mark.usefixtures("eager")
def test_rows_that_were_written_after_the_last_record_are_written_again(tmp_path: Path, brief: Scenario) -> None:
    joiner = start(brief, RUNS, 7)
    log, played = Journal(tmp_path, joiner), finish(joiner, 1)
    next(played)
    log.record()
    next(played)  # and then the power is gone
    again = start(brief, RUNS, 7)
    assert Journal(tmp_path, again).take_up() == BLOCK_RUNS
    list(finish(again, 1))
    assert_same_bits(again.ensemble(), run(brief, RUNS, 7))


@pytest.mark.usefixtures("eager")
def test_the_log_stops_growing_once_no_rows_are_kept(
    tmp_path: Path, brief: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ROWS_KEPT", "NUMBERS_KEPT"):
        monkeypatch.setattr(rows, name, BLOCK_RUNS)
    sizes = [{path.name: path.stat().st_size for path in _play(tmp_path, brief, blocks).iterdir()} for blocks in (1, 3)]
    assert sizes[0].keys() == sizes[1].keys()
    assert all(sizes[0][name] == sizes[1][name] for name in sizes[0] if name != "totals.npz")
    joiner = start(brief, RUNS, 7)
    assert Journal(tmp_path, joiner).take_up() == 3 * BLOCK_RUNS
    list(finish(joiner, 1))
    assert_same_bits(joiner.ensemble(), run(brief, RUNS, 7))


@pytest.mark.usefixtures("eager")
def test_only_the_last_few_logs_stay(tmp_path: Path, brief: Scenario) -> None:
    for seed in range(5):
        _play(tmp_path, brief, 1, seed)
    log = Journal(tmp_path, start(brief, RUNS, 0))
    log.forget_old()
    left = list(tmp_path.glob(PREFIX + "*"))
    assert log._folder in left
    assert len(left) == 1 + journal.KEPT


def test_a_log_that_leads_elsewhere_is_refused(tmp_path: Path, brief: Scenario) -> None:
    (tmp_path / "run").mkdir()
    log = Journal(tmp_path / "run", start(brief, RUNS, 7))._folder
    log.symlink_to(tmp_path)
    with pytest.raises(InputError, match="leads out"):
        Journal(tmp_path / "run", start(brief, RUNS, 7))


@pytest.mark.usefixtures("eager")
def test_a_log_that_cannot_be_written_is_one_line(tmp_path: Path, brief: Scenario) -> None:
    joiner = start(brief, RUNS, 7)
    log = Journal(tmp_path, joiner)
    log._folder.write_text("in the way")
    with pytest.raises(CannotWrite) as told:
        next(finish(joiner, 1))
    assert told.value.exit_code == 74
