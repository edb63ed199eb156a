"""Odd surroundings, in one place: CONTRIBUTING's table says what is promised of each."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sim.ensemble.saved_runs import TABLES
from tests.commands.conftest import without_bar
from tests.ensemble.helpers import ROOT, run_python

NOWHERE = "/proc/1/nowhere"
SURROUNDINGS = (  # as usual; no HOME and no DISPLAY; decimal commas and a home that cannot be written
    {"TZ": "UTC", "PYTHONHASHSEED": "0", "HOME": os.environ.get("HOME", "/"), "LANG": "en_US.UTF-8"},
    {"TZ": "Asia/Pyongyang", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
    {
        "TZ": "America/New_York", "PYTHONHASHSEED": "4242", "LC_ALL": "de_DE.UTF-8", "PYTHONUTF8": "0",
        "HOME": NOWHERE, "XDG_CACHE_HOME": NOWHERE, "MPLCONFIGDIR": NOWHERE,
    },
)  # fmt: skip
PROGRAM = (sys.executable, "-m", "sim", "run", "baseline", "-n", "200", "--months", "2")


def test_surroundings_change_nothing(tmp_path: Path) -> None:
    found = []
    for place, surroundings in enumerate(SURROUNDINGS):
        folder = tmp_path / str(place)
        status, out, err = run_python("tests.ensemble.play_into", [folder, 600, 3, 1], surroundings)
        assert (status, err) == (0, "")
        tables = {name: (folder / name).read_bytes() for name in TABLES if name != "manifest.json"}
        found.append((out, tables))
    assert all(each == found[0] for each in found)


def test_options_of_python_change_nothing(tmp_path: Path) -> None:
    said = []
    for options in ((), ("-OO", "-X", "utf8=0"), ("-W", "error")):
        done = subprocess.run(
            [sys.executable, *options, *PROGRAM[1:], "--json", "--no-charts", "--out", str(tmp_path / str(len(said)))],
            cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert (done.returncode, without_bar(done.stderr)) == (0, "")
        said.append(done.stdout)
    assert said == 3 * said[:1]


def test_a_terminal_of_twenty_columns(tmp_path: Path) -> None:
    done = subprocess.run(
        [*PROGRAM, "--no-charts", "--out", str(tmp_path)],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "20"},
    )  # fmt: skip
    assert (done.returncode, without_bar(done.stderr)) == (0, "")
    assert "Not a forecast" in " ".join(done.stdout.split())


def test_output_that_ends_after_a_line_still_leaves_every_file(tmp_path: Path) -> None:
    """`summitry run ... | head -1`: the work goes on without its reader."""
    words = f"run baseline -n 200 --months 2 --no-charts --out '{tmp_path}'"
    subprocess.run(
        ["bash", "-c", f"'{sys.executable}' -m sim {words} | head -1"],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=True,
    )  # fmt: skip
    (folder,) = tmp_path.iterdir()
    assert all((folder / name).stat().st_size for name in TABLES)
