"""Odd surroundings, in one place: CONTRIBUTING's table says what is promised of each."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.cli import main
from sim.ensemble.saved_runs import TABLES
from tests.commands.conftest import without_bar
from tests.ensemble.helpers import ROOT

NOWHERE = "/proc/1/nowhere"
SURROUNDINGS = (  # as usual; no HOME and no DISPLAY; decimal commas and a home that cannot be written
    {"TZ": "UTC", "PYTHONHASHSEED": "0", "HOME": os.environ.get("HOME", "/"), "LANG": "en_US.UTF-8"},
    {"TZ": "Asia/Pyongyang", "PYTHONHASHSEED": "1", "LC_ALL": "C"},
    {
        "TZ": "America/New_York", "PYTHONHASHSEED": "4242", "LC_ALL": "de_DE.UTF-8", "PYTHONUTF8": "0",
        "HOME": NOWHERE, "XDG_CACHE_HOME": NOWHERE, "MPLCONFIGDIR": NOWHERE,
    },
)  # fmt: skip
OPTIONS = ((), ("-OO", "-X", "utf8=0"), ("-W", "error"))  # of Python, each with one of these surroundings
RUN = ("run", "baseline", "-n", "200", "--months", "2", "--no-charts", "--out")


def test_surroundings_and_options_of_python_change_nothing(tmp_path: Path) -> None:
    found = []
    for place, (options, surroundings) in enumerate(zip(OPTIONS, SURROUNDINGS, strict=True)):
        done = subprocess.run(
            [sys.executable, *options, "-m", "sim", *RUN, str(tmp_path / str(place)), "--json"],
            cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False,
            env={**surroundings, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert (done.returncode, without_bar(done.stderr)) == (0, "")
        (folder,) = (tmp_path / str(place)).iterdir()
        tables = {name: (folder / name).read_bytes() for name in TABLES if name != "manifest.json"}
        found.append((done.stdout, tables))
    assert all(each == found[0] for each in found)


def test_a_terminal_of_twenty_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    status = main([*RUN, str(tmp_path)])
    out, err = capsys.readouterr()
    assert (status, without_bar(err)) == (0, "")
    assert "Not a forecast" in " ".join(out.split())


def test_output_that_ends_after_a_line_still_leaves_every_file(tmp_path: Path) -> None:
    """`summitry run ... | head -1`: the work goes on without its reader."""
    subprocess.run(
        ["bash", "-c", f"'{sys.executable}' -m sim {' '.join(RUN)} '{tmp_path}' | head -1"],
        cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=True,
    )  # fmt: skip
    (folder,) = tmp_path.iterdir()
    assert all((folder / name).stat().st_size for name in TABLES)
