"""Results on disk: a run goes into its folder, goes on there after it was stopped, and is shown again from there.

Whoever calls may hold the folder over several steps (``with hold(folder): ...``); each step here holds it anyway.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sim.ensemble import archive, tables
from sim.ensemble.folder import WholeFiles, clean, folder_for, inside
from sim.ensemble.join import Joiner
from sim.ensemble.journal import Journal
from sim.ensemble.lock import hold
from sim.ensemble.result import Ensemble
from sim.ensemble.run import finish, start
from sim.ensemble.signals import stops_are_interrupts
from sim.inputs.scenario import Scenario

__all__ = ["Finished", "folder_for", "hold", "load", "run_into", "write_tables"]

WORLDS = "worlds.npz"
TABLES = ("manifest.json", "outcomes.csv", "leverage.csv", "claims.csv", "runs.csv", WORLDS)


@dataclass(frozen=True)
class Finished:
    """An ensemble, and how it came: played, played on from ``kept`` runs that were there, or found finished."""

    ensemble: Ensemble
    state: Literal["new", "resumed", "again"]
    kept: int = 0


def run_into(
    folder: Path,
    scenario: Scenario,
    runs: int,
    seed: int,
    *,
    workers: int | None = None,
    executor: str = "processes",
    fresh: bool = False,
    on_block: Callable[[int], None] | None = None,
) -> Finished:
    """The ensemble of a scenario in its results folder: found there, played on or played.

    Finished blocks are kept when the run is stopped (KeyboardInterrupt, also for SIGTERM) and when workers die.
    ``on_block`` is told the runs of each finished block, first of those that were already there.
    Raises CannotWrite, Busy, and InputError for a folder that leads elsewhere or an unknown executor.
    """
    if not fresh and (found := again(folder, scenario, runs, seed)):
        return found
    with hold(folder), stops_are_interrupts():
        clean(folder)
        joiner = start(scenario, runs, seed)
        journal = Journal(folder, joiner)
        if fresh:
            journal.remove()
        journal.forget_old()
        return _play(journal, joiner, workers, executor, on_block or _nobody)


def again(folder: Path, scenario: Scenario, runs: int, seed: int) -> Finished | None:
    """The run if it is finished and stands in its folder, which need not be writable."""
    found = load(folder, scenario, runs=runs, seed=seed)
    return Finished(found, "again", runs) if found else None


def _nobody(_runs: int) -> None:
    """Listens when nobody else does."""


def _play(
    journal: Journal, joiner: Joiner, workers: int | None, executor: str, on_block: Callable[[int], None]
) -> Finished:
    """Play what is missing, keeping a log."""
    kept = journal.take_up()
    if kept:
        on_block(kept)
    try:
        for block_runs in finish(joiner, workers, executor):
            journal.note()
            on_block(block_runs)
    except BaseException:
        journal.record()
        raise
    return Finished(joiner.ensemble(), "resumed" if kept else "new", kept)


def write_tables(folder: Path, ensemble: Ensemble, command: str | Sequence[str], started: datetime) -> list[Path]:
    """Write all tables and ``worlds.npz``: together, or none. ``command`` and ``started`` go into the manifest.

    Raises CannotWrite, Busy.
    """
    with hold(folder):
        with WholeFiles(folder) as files:
            files.write("outcomes.csv", [tables.outcomes_csv(ensemble)])
            files.write("leverage.csv", [tables.leverage_csv(ensemble)])
            files.write("claims.csv", [tables.claims_csv(ensemble)])
            files.write("runs.csv", tables.runs_csv(ensemble))
            files.write("manifest.json", [_json(tables.manifest(ensemble, command, started))])
            with files.file(WORLDS) as file:  # named last: where it is, the others are
                archive.save(file, ensemble)
        Journal(folder, start(ensemble.scenario, ensemble.runs, ensemble.seed)).remove()
    return [folder / name for name in TABLES]


def load(folder: Path, scenario: Scenario, runs: int | None = None, seed: int | None = None) -> Ensemble | None:
    """The finished ensemble of exactly this scenario (and, where given, these runs and this seed), or None."""
    return archive.load(inside(folder, WORLDS), scenario, runs, seed)


def _json(data: object) -> bytes:
    return (json.dumps(data, indent=2, allow_nan=False, ensure_ascii=False) + "\n").encode()
