"""A real small disk and a real read-only one, mounted in a name space of their own that ends with the process.

Root ignores file modes, and /proc and RLIMIT_FSIZE only stand in for such disks; these are the disks themselves.
"""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli import main
from tests.ensemble.helpers import ROOT

PLAY = "tests.ensemble.play_into"
WAYS = (["unshare", "--user", "--map-root-user", "--mount"], ["unshare", "--mount"])  # anybody's, and root's


def _works(way: list[str]) -> bool:
    """Whether this machine lets us mount in a name space made so."""
    if shutil.which("unshare") is None or not sys.platform.startswith("linux"):
        return False
    tried = subprocess.run([*way, "mount", "-t", "tmpfs", "none", "/tmp"], capture_output=True, check=False)
    return tried.returncode == 0


OWN = next(filter(_works, WAYS), [])
pytestmark = pytest.mark.skipif(not OWN, reason="needs unshare and the right to mount in a name space")


def _on(
    mounted: str, folder: Path, command: list[object], after: str = "true", at: Path = ROOT
) -> tuple[int, str, str]:
    """Mount, run `python -m COMMAND`, then say what `after` says: its status, its output and its errors."""
    words = shlex.join(["env", f"PYTHONPATH={ROOT}", sys.executable, "-W", "error", "-m", *map(str, command)])
    script = f"{mounted} || exit 99; cd {shlex.quote(str(at))} && {words}; status=$?; {after}; exit $status"
    done = subprocess.run([*OWN, "sh", "-c", script], cwd=folder, capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout, done.stderr


def _small(folder: Path, size: str) -> str:
    return f"mount -t tmpfs -o size={size} none {shlex.quote(str(folder))}"


def _read_only(folder: Path) -> str:
    there = shlex.quote(str(folder))
    return f"mount --bind {there} {there} && mount -o remount,ro,bind {there}"


@pytest.mark.parametrize(
    ("size", "runs", "months", "left"),
    [
        ("64k", 2_000, 2, {".lock"}),  # the tables do not fit
        ("700k", 4_000, 2, {".lock"}),  # all tables but runs.csv would
        ("4m", 40_000, 2, {".lock", "log"}),  # the log fills it in the second block
        ("20m", 40_000, 2, {".lock", "log"}),  # the log fits, and then the tables do not
    ],
)
def test_a_small_disk_that_fills_up(tmp_path: Path, size: str, runs: int, months: int, left: set[str]) -> None:
    """Exit 74 in one line, and no file under a final name, however full it was."""
    status, out, err = _on(_small(tmp_path, size), tmp_path, [PLAY, tmp_path, runs, months, 1], f"ls -A {tmp_path}")
    assert status == 74, err
    assert err.count("\n") == 1
    assert "No space left on device; nothing half-written was left" in err
    there = {"log" if name.startswith(".blocks-") else name for name in out.split() if name != "playing"}
    assert there == left


def test_a_small_disk_is_seen_before_work(tmp_path: Path) -> None:
    command = ["sim", "run", "baseline", "-n", "100000", "--out", tmp_path]
    status, out, err = _on(_small(tmp_path, "20m"), tmp_path, command, f"ls -A {tmp_path}")
    assert (status, out) == (74, "")
    assert err.count("\n") == 1
    assert "100,000 runs of 21 months need about" in err
    assert "MB of disk, and 21 MB are free" in err


def test_a_read_only_disk_is_seen_before_work(tmp_path: Path) -> None:
    command = ["sim", "run", "baseline", "-n", "100000", "--out", tmp_path]
    status, out, err = _on(_read_only(tmp_path), tmp_path, command, f"ls -A {tmp_path}")
    assert status == 73
    assert "how it ends" not in out
    assert err.count("\n") == 1
    assert "cannot write there: Read-only file system" in err


def test_a_finished_run_is_shown_from_a_read_only_disk(tmp_path: Path) -> None:
    words = ["run", "baseline", "-n", "200", "--months", "2", "--no-charts", "--out", str(tmp_path)]
    assert main(words) == 0
    status, out, err = _on(_read_only(tmp_path), tmp_path, ["sim", *words])
    assert (status, err) == (0, "")
    assert "Shown again from its folder" in " ".join(out.split())


@pytest.mark.parametrize(("size", "status"), [("16k", 73), ("100k", 0)])  # too small for the case, and for two of it
def test_a_new_case_is_whole_or_not_there(tmp_path: Path, size: str, status: int) -> None:
    text = tmp_path / "text.txt"
    text.write_text("\n\n".join(f"Paragraph {number}: {30 * 'word '}" for number in range(350)))
    (disk := tmp_path / "disk").mkdir()
    case = ["sim", "new-case", disk / "case", "--states", "A,B", "--texts", text]
    done, out, err = _on(_small(disk, size), tmp_path, case, f"find {disk} -type f | wc -l")
    assert (done, out.split()[-1]) == (status, "0" if status else "3"), err


def test_a_new_scenario_is_whole_or_not_there(tmp_path: Path) -> None:
    (disk := tmp_path / "disk").mkdir()
    fill = f"{_small(disk, '16k')} && (head -c 16384 /dev/zero > {disk}/full)"
    done, out, err = _on(fill, tmp_path, ["sim", "new", "mine"], f"ls {disk}", at=disk)
    assert (done, out) == (74, "full\n"), err
