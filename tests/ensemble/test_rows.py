"""Rows in files are the rows in memory, and what was damaged is seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.ensemble import rows
from sim.ensemble.memory import let_go_of_pages
from sim.ensemble.rows import RowFiles, Rows
from sim.errors import CannotWrite

TOTAL = 11


def _block(first: int, runs: int, numbers: bool = True) -> dict[str, np.ndarray]:
    """Rows that tell where they belong."""
    per_run, per_world = np.arange(first, first + runs), np.arange(first // 2, -(-(first + runs) // 2))
    drawn = {"numbers": np.stack([per_world, 7 * per_world]).astype(np.float32)} if numbers else {}
    return {
        "classes": np.stack([per_run % 3, per_run % 5]).astype(np.int8),
        "values": np.stack([per_run, -per_run, per_run / 2]).astype(np.float32),
        "holds": np.stack([per_world % 2 == 0]),
        "caused": np.zeros((0, len(per_world)), dtype=bool),
        **drawn,
    }


@pytest.fixture
def files(tmp_path: Path) -> RowFiles:
    return RowFiles(tmp_path / "log", TOTAL)


def _fill(of: Rows) -> None:
    for first, runs in ((0, 4), (4, 4), (8, 3)):
        of.put(first, _block(first, runs))


@pytest.mark.parametrize("runs", [1, 3, 8, TOTAL])
def test_files_and_memory_hold_the_same(files: RowFiles, runs: int) -> None:
    memory = Rows(TOTAL)
    _fill(memory)
    _fill(files)
    told, read = memory.first(runs), files.first(runs)
    assert list(read) == ["classes", "values", "holds", "caused", "numbers"]
    assert read["values"].shape == (3, runs)
    assert read["holds"].shape == (1, (runs + 1) // 2)
    assert read["values"][0].tolist() == list(range(runs))
    for name, array in read.items():
        assert array.dtype == told[name].dtype
        assert np.array_equal(array, told[name])
        assert not array.flags.writeable


def test_what_goes_beyond_the_cap_is_left_out(files: RowFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "ROWS_KEPT", 6)
    monkeypatch.setattr(rows, "NUMBERS_KEPT", 4)
    memory = Rows(TOTAL)
    for of in (memory, files):
        of.put(0, _block(0, 4))
        of.put(4, _block(4, 4, numbers=False))
        kept = of.first(TOTAL)
        assert kept["values"][0].tolist() == [0, 1, 2, 3, 4, 5]
        assert kept["numbers"][1].tolist() == [0, 7]
    files.take_up(files.stretches)


def test_a_block_written_twice_is_there_once(files: RowFiles) -> None:
    _fill(files)
    before = files.stretches
    files.put(4, _block(4, 4))
    assert files.stretches == before[:2]
    files.put(8, _block(8, 3))
    assert files.stretches == before


@pytest.mark.parametrize("name", ["classes", "values", "holds", "numbers"])
def test_damage_is_seen(files: RowFiles, tmp_path: Path, name: str) -> None:
    _fill(files)
    again = RowFiles(tmp_path / "log", TOTAL)
    again.take_up(files.stretches)
    path = tmp_path / "log" / f"{name}.npy"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(ValueError, match="runs 8 to 10 are not those that were written"):
        again.take_up(files.stretches)


def test_another_shape_is_refused(files: RowFiles) -> None:
    files.put(0, _block(0, 4))
    wrong = _block(4, 4) | {"values": np.zeros((2, 4), np.float32)}
    with pytest.raises(ValueError, match=r"shape \(2, 4\).*not 3 lines of float32"):
        files.put(4, wrong)


def test_an_array_outlives_its_file(files: RowFiles) -> None:
    """Whoever reads a finished run goes on reading it while another begins anew."""
    _fill(files)
    read = files.first(TOTAL)["values"]
    files.put(0, _block(0, 4) | {"values": np.full((3, 4), 99, np.float32)})
    let_go_of_pages(read)
    assert read[0].tolist() == list(range(TOTAL))


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("in the way")
    with pytest.raises(CannotWrite, match="log: writing failed") as told:
        RowFiles(tmp_path / "log", TOTAL).put(0, _block(0, 4))
    assert told.value.exit_code == 74


def test_letting_go_of_other_arrays_does_nothing() -> None:
    array = np.arange(5)
    let_go_of_pages(array[1:])
    assert array.tolist() == [0, 1, 2, 3, 4]


def test_a_write_that_takes_only_some_bytes_is_gone_on_with(files: RowFiles, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that fills up takes what it has room for, without an error until the next write."""
    real_open = open

    def slow(path, mode="r", **options):
        opened = real_open(path, mode, **options)
        if mode == "r+b":
            write = opened.write

            class Slow:
                def __enter__(self):
                    return self

                def __exit__(self, *_):
                    opened.close()

                def __getattr__(self, name):
                    return getattr(opened, name)

                def write(self, data):
                    return write(bytes(data)[:3])

            return Slow()
        return opened

    monkeypatch.setattr(rows, "open", slow, raising=False)
    _fill(files)
    memory = Rows(TOTAL)
    _fill(memory)
    for name, array in files.first(TOTAL).items():
        assert np.array_equal(array, memory.first(TOTAL)[name]), name


def test_rows_that_were_taken_away_are_one_line(files: RowFiles, tmp_path: Path) -> None:
    _fill(files)
    (tmp_path / "log" / "holds.npy").unlink()
    with pytest.raises(CannotWrite, match="the rows of this run were taken away") as told:
        files.first(TOTAL)
    assert told.value.exit_code == 74
