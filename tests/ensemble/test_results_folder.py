"""One writer a folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sim.ensemble.results_folder import LOCK_NAME, hold, silent, take_place
from sim.errors import Busy, CannotWrite
from tests.ensemble.helpers import ROOT

HOLD_AND_WAIT = """
import sys
from pathlib import Path
from sim.ensemble.results_folder import hold
with hold(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def _holder(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD_AND_WAIT, str(folder)], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_another_process_is_told_to_wait(tmp_path: Path) -> None:
    other = _holder(tmp_path)
    with pytest.raises(Busy, match="somebody else is writing there") as told, hold(tmp_path):
        pytest.fail("two hold the folder")
    assert told.value.exit_code == 75
    other.communicate("")
    with hold(tmp_path):
        assert (tmp_path / LOCK_NAME).exists()


def test_the_lock_of_a_dead_process_is_none(tmp_path: Path) -> None:
    other = _holder(tmp_path)
    os.kill(other.pid, signal.SIGKILL)
    other.communicate()
    with hold(tmp_path):
        pass


def test_the_holder_may_ask_again(tmp_path: Path) -> None:
    with hold(tmp_path):
        with hold(tmp_path / "." / ""):
            pass
        other = subprocess.run(
            [sys.executable, "-c", HOLD_AND_WAIT, str(tmp_path)], cwd=ROOT, input="", capture_output=True, text=True
        )
        assert "Busy" in other.stderr


def test_another_thread_is_told_to_wait(tmp_path: Path) -> None:
    told: list[Exception] = []

    def ask() -> None:
        try:
            with hold(tmp_path):
                pass
        except Busy as error:
            told.append(error)

    with hold(tmp_path):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert len(told) == 1


def test_a_lock_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / LOCK_NAME).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CannotWrite) as told, hold(tmp_path / "run"):
        pass
    assert told.value.exit_code == 73
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_in_which_somebody_begins_to_write_is_not_replaced(tmp_path: Path) -> None:
    plain, aside = tmp_path / "history", tmp_path / "history~1"
    aside.mkdir()
    other = _holder(plain)
    assert take_place(plain, aside, {}, silent) == aside
    assert (plain / LOCK_NAME).exists()
    other.communicate("")
    assert take_place(plain, aside, {}, silent) == plain
    assert not aside.exists()
