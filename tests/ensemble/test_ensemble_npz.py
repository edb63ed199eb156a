"""A whole ensemble in one file and back."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.ensemble import ensemble_npz, identity
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.inputs.scenario import Scenario
from tests.ensemble.helpers import assert_same_bits


@pytest.fixture(scope="module")
def ensemble(brief: Scenario) -> Ensemble:
    return run(brief, 1001, 7)


@pytest.fixture
def file(tmp_path: Path, ensemble: Ensemble) -> Path:
    path = tmp_path / "worlds.npz"
    with open(path, "wb") as target:
        ensemble_npz.save(target, ensemble)
    return path


def test_it_comes_back_to_the_last_bit(file: Path, brief: Scenario, ensemble: Ensemble) -> None:
    for found in (ensemble_npz.load(file, brief), ensemble_npz.load(file, brief, runs=1001, seed=7)):
        assert found is not None
        assert_same_bits(found, ensemble)


def test_the_same_ensemble_is_the_same_bytes(file: Path, brief: Scenario) -> None:
    again = io.BytesIO()
    ensemble_npz.save(again, run(brief, 1001, 7, workers=2))
    assert again.getvalue() == file.read_bytes()


def test_nothing_in_it_is_a_pickle(file: Path) -> None:
    with np.load(file, allow_pickle=False) as found:
        assert all(not found[name].dtype.hasobject for name in found.files)


def test_another_run_is_not_taken_for_it(file: Path, brief: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    (name, digest), *rest = brief.files
    others = [
        replace(brief, files=((name, digest[::-1]), *rest)),
        replace(brief, overrides=("assume.parameters.a0=0.5",)),
        replace(brief, months=3),
        replace(brief, name="other"),
    ]
    assert [ensemble_npz.load(file, other) for other in others] == [None] * 4
    assert ensemble_npz.load(file, brief, runs=1000) is None
    assert ensemble_npz.load(file, brief, seed=8) is None
    monkeypatch.setattr(identity, "VERSION", "99")
    assert ensemble_npz.load(file, brief) is None


def test_another_program_does_not_take_it(file: Path, brief: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identity, "engine_hash", lambda: "edited")
    assert ensemble_npz.load(file, brief) is None


def test_a_damaged_file_is_none(file: Path, brief: Scenario) -> None:
    data = file.read_bytes()
    for place in range(0, len(data), len(data) // 40):
        file.write_bytes(data[:place])
        assert ensemble_npz.load(file, brief) is None
        file.write_bytes(data[:place] + bytes(50) + data[place + 50 :])
        found = ensemble_npz.load(file, brief)  # the bytes hit may be zero, or in no array
        assert found is None or found.runs == 1001
    file.unlink()
    assert ensemble_npz.load(file, brief) is None


def test_strangers_files_are_none(file: Path, brief: Scenario) -> None:
    np.savez(file, head=np.array([{"layout": 1}], dtype=object))
    assert ensemble_npz.load(file, brief) is None
    np.savez(file, head=np.frombuffer(b"[1]", dtype=np.uint8))
    assert ensemble_npz.load(file, brief) is None
    with open(file, "wb") as target:
        np.save(target, np.arange(3))
    assert ensemble_npz.load(file, brief) is None


def test_an_array_that_is_no_archive_is_not_read(file: Path) -> None:
    """Its header claims eight terabytes, which must not be allocated."""
    with open(file, "wb") as target:
        np.lib.format.write_array_header_1_0(target, {"descr": "<f8", "fortran_order": False, "shape": (10**12,)})
    with pytest.raises(ensemble_npz.UNREADABLE):
        ensemble_npz.read_arrays(file)


@pytest.mark.parametrize(
    "spoil",
    [
        {"moments": lambda given: given.astype("U3")},
        {"moments": lambda given: given[:0]},
        {"moments": lambda given: np.full_like(given, np.nan)},
        {"classes": lambda given: given.astype(float)},
        {"classes": lambda given: np.full_like(given, 100)},
        {"counts": lambda given: given.astype(complex)},
        {"counts": lambda given: given + 1},
        {"values": lambda given: given.astype("M8[s]")},
        {"holds": lambda given: given[0]},
        {"number0": lambda given: given[:5]},
    ],
)
def test_arrays_of_another_kind_or_shape_are_none(file: Path, brief: Scenario, spoil: Any) -> None:
    arrays = dict(np.load(file))
    np.savez(file, **(arrays | {name: change(arrays[name]) for name, change in spoil.items()}))
    assert ensemble_npz.load(file, brief) is None


def test_entries_that_share_their_bytes_take_no_memory(file: Path) -> None:
    """Each array holds the next, so that together they are many times as large as the file."""
    whole, entries = bytes(100_000), []
    for number in range(9):
        held, array = io.BytesIO(), io.BytesIO()
        np.save(array, np.frombuffer(whole, np.uint8))
        with zipfile.ZipFile(held, "w") as archive:
            archive.writestr(f"{number}.npy", array.getvalue())
            outer = held.getvalue()
        for entry in entries:
            entry.header_offset += len(outer) - len(whole)
        whole, entries = outer, [*entries, archive.infolist()[0]]
    with zipfile.ZipFile(file, "w") as archive:
        archive.filelist, archive.start_dir, archive._didModify = entries, len(whole), True
        archive.fp.write(whole)
    with pytest.raises(ensemble_npz.UNREADABLE):
        ensemble_npz.read_arrays(file)


@pytest.mark.parametrize(("most", "kind"), [(255, "u1"), (256, "u2"), (65_536, "u4"), (2**32, "u8"), (0, "u1")])
def test_counts_take_the_smallest_type(most: int, kind: str) -> None:
    assert ensemble_npz.smallest(np.array([0, most])).dtype == np.dtype(kind)
