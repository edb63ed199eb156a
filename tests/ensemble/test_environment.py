"""No home, no display, another language, time zone or hash seed: the same bytes."""

from __future__ import annotations

import os
from pathlib import Path

from sim.ensemble.store import TABLES
from tests.ensemble.helpers import run_python

SURROUNDINGS = (
    {"TZ": "UTC", "PYTHONHASHSEED": "0", "HOME": os.environ.get("HOME", "/"), "LANG": "en_US.UTF-8"},
    {"TZ": "Asia/Pyongyang", "PYTHONHASHSEED": "1", "LC_ALL": "C"},  # no HOME, no DISPLAY
    {"TZ": "America/New_York", "PYTHONHASHSEED": "4242", "LC_ALL": "de_DE.UTF-8", "PYTHONUTF8": "0"},
)


def test_surroundings_change_nothing(tmp_path: Path) -> None:
    found = []
    for place, surroundings in enumerate(SURROUNDINGS):
        folder = tmp_path / str(place)
        status, out, err = run_python("tests.ensemble.play_into", [folder, 3000, 5, 1], surroundings)
        assert (status, err) == (0, "")
        tables = {name: (folder / name).read_bytes() for name in TABLES if name != "manifest.json"}
        found.append((out, tables))
    assert found[0] == found[1] == found[2]
