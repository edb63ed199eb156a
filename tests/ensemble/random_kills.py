"""`python -m tests.ensemble.random_kills [ENSEMBLES [KILLS [RUNS]]]`: kill runs at random until each is done; compare.

Every ensemble is first played undisturbed. Then it is started and killed with SIGKILL at a random time, again and
again; after KILLS kills it may end. After every kill, whatever stands under a final name must be whole, and no worker
may be left. At the end every table and worlds.npz must be the same bytes as those of the undisturbed run.
"""

from __future__ import annotations

import json
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from sim.ensemble.saved_runs import TABLES
from tests.ensemble.helpers import children_of, start_python

MONTHS = 6


def disturb(folder: Path, runs: int, seed: int, kills: int, chance: random.Random, say: Callable[[str], None]) -> int:
    """Play one ensemble with that many kills and compare it; how often it was resumed. Raises AssertionError."""
    calm, torn = folder / "calm", folder / "torn"
    begun = time.monotonic()
    _play(calm, runs, 1, seed, None)
    lasts = time.monotonic() - begun
    resumed = 0
    for _ in range(kills):
        ended = _play(torn, runs, chance.choice([1, 2]), seed, chance.uniform(0.3, 0.9) * lasts)
        resumed += bool(list(torn.glob(".blocks-*/*.npz")))
        _assert_whole(torn)
        if ended:  # too early: it begins anew
            shutil.rmtree(torn)
    _play(torn, runs, 1, seed, None)
    left = sorted(str(path.relative_to(torn)) for path in torn.rglob("*"))
    assert left == sorted([*TABLES, ".lock"]), left
    for name in TABLES:
        assert name == "manifest.json" or (torn / name).read_bytes() == (calm / name).read_bytes(), name
    say(f"seed {seed}: {kills} kills, {resumed} of them with finished blocks on disk; the same bytes")
    return resumed


def _play(folder: Path, runs: int, workers: int, seed: int, kill_after: float | None) -> bool:
    """Whether the run came to its end."""
    process = start_python("tests.ensemble.play_into", [folder, runs, MONTHS, workers, 0, seed])
    if kill_after is None:
        _, err = process.communicate(timeout=600)
        assert (process.returncode, err) == (0, "")
        return True
    time.sleep(kill_after)
    workers_there = children_of(process.pid)
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in workers_there):
        assert time.monotonic() < deadline, "a worker outlived its parent"
        time.sleep(0.01)
    return process.returncode == 0


def _assert_whole(folder: Path) -> None:
    """Nothing half-written stands under a final name."""
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.suffix == ".csv" and not path.name.startswith("."):
            assert path.read_bytes().endswith(b"\n")
            assert path.name != "runs.csv" or path.read_bytes().count(b"\n") > 1
        elif path.name == "manifest.json":
            json.loads(path.read_text())
        elif path.name == "worlds.npz":
            with np.load(path, allow_pickle=False) as found:
                assert all(found[name].size >= 0 for name in found.files)


def main(ensembles: int = 10, kills: int = 6, runs: int = 250_000) -> None:
    """Disturb that many ensembles, and say how it went."""
    chance = random.Random(time.time_ns())
    resumed = 0
    for seed in range(ensembles):
        with tempfile.TemporaryDirectory() as folder:
            resumed += disturb(Path(folder), runs, seed, kills, chance, lambda line: print(line, flush=True))
    what = f"{ensembles * kills} kills over {ensembles} ensembles"
    print(f"{what}, {resumed} with finished blocks on disk; all the same bytes")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
