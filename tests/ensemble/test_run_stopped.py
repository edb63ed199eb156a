"""Runs in processes of their own: stopped, doubled, on a full disk."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from sim.ensemble import saved_runs
from sim.ensemble.finished_blocks import PREFIX
from tests.ensemble import play_into
from tests.ensemble.helpers import run_python, start_python

PLAY = "tests.ensemble.play_into"


@pytest.mark.parametrize(("workers", "stop"), [(1, signal.SIGTERM), (2, signal.SIGINT), (1, signal.SIGHUP)])
def test_signals_keep_what_is_finished(tmp_path: Path, workers: int, stop: signal.Signals) -> None:
    process = start_python(PLAY, [tmp_path, 10_000_000, 0, workers])
    assert process.stdout is not None
    assert process.stdout.readline() == "playing\n"
    process.send_signal(stop)
    out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (130, "", "stopped\n")
    (blocks,) = tmp_path.glob(PREFIX + "*")
    assert list(blocks.glob("block-*.npz"))
    assert not any((tmp_path / name).exists() for name in saved_runs.TABLES)


def test_two_runs_in_one_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = start_python(PLAY, [tmp_path, 10_000_000, 0, 1])
    assert first.stdout is not None
    assert first.stdout.readline() == "playing\n"
    status = play_into.main(tmp_path, 1000, 0, 1)
    out, err = capsys.readouterr()
    assert (status, out) == (75, "")
    assert "somebody else is writing there" in err
    assert err.count("\n") == 1
    first.kill()
    first.communicate()
    assert play_into.main(tmp_path, 1000, 0, 1) == 0
    assert capsys.readouterr().out.split()[:2] == ["playing", "new"]


@pytest.mark.parametrize("limit", [1, 100_000])
def test_a_full_disk(tmp_path: Path, limit: int) -> None:
    status, _, err = run_python(PLAY, [tmp_path, 2000, 0, 1, limit])
    assert status == 74
    assert err.count("\n") == 1
    assert {path.name for path in tmp_path.iterdir()} <= {".lock"}
