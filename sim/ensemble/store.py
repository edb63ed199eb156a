"""Results on disk: a run goes into its folder, goes on there after it was stopped, and is shown again from there.

Whoever calls may hold the folder over several steps (``with hold(folder): ...``); each step here holds it anyway.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sim.ensemble import archive, tables
from sim.ensemble.block_files import BlockFiles, block_files, forget_old
from sim.ensemble.folder import WholeFiles, clean, half_written, inside
from sim.ensemble.identity import short_hash
from sim.ensemble.lock import hold
from sim.ensemble.result import Ensemble
from sim.ensemble.run import blocks, finish, start, tasks
from sim.ensemble.signals import stops_are_interrupts
from sim.errors import Busy, CannotWrite
from sim.inputs.scenario import Scenario

__all__ = ["Finished", "again", "folder_for", "hold", "load", "occupied", "run_into", "stands", "write_tables"]

WORLDS = "worlds.npz"
PAGE = "report.html"  # written last of all: where it is, the charts are too
PICTURES = (".png", ".svg", ".txt")
ANSWERS = ("explain*.csv", "sensitivity*.csv", "discover*.csv")  # to questions about the run in the folder
TABLES = ("manifest.json", "outcomes.csv", "leverage.csv", "claims.csv", "runs.csv", WORLDS)


@dataclass(frozen=True)
class Finished:
    """An ensemble, and how it came: played, played on from ``kept`` runs that were there, or found finished."""

    ensemble: Ensemble
    state: Literal["new", "resumed", "again"]
    kept: int = 0


def folder_for(out: Path | str, scenario: Scenario) -> Path:
    """``OUT/NAME``, or ``OUT/NAME~HASH`` with ``--set`` or another number of months than the files say.

    Raises InputError where a link or a name would lead out of ``out``.
    """
    name = scenario.name
    if scenario.overrides or scenario.months != scenario.resolved.get("months"):
        name += "~" + short_hash([scenario.overrides, scenario.months])[:8]
    return inside(Path(out), name)


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
        files = block_files(folder, scenario, runs, seed)
        if fresh:
            files.remove()
            (folder / WORLDS).unlink(missing_ok=True)  # so that the run goes on when it is stopped now
        forget_old(files)
        return _play(files, runs, workers, executor, on_block or _nobody)


def stands(folder: Path, scenario: Scenario, runs: int, seed: int) -> bool:
    """Whether the run is finished and its files are there."""
    return _complete(folder) and archive.stands(inside(folder, WORLDS), scenario, runs, seed)


def _complete(folder: Path) -> bool:
    return all((folder / name).is_file() for name in TABLES)


def again(folder: Path, scenario: Scenario, runs: int, seed: int) -> Finished | None:
    """The run if it is finished and stands in its folder, which need not be writable."""
    found = load(folder, scenario, runs, seed) if _complete(folder) else None
    if found is None:
        return None
    files = block_files(folder, scenario, runs, seed)
    if files.folder.exists() or half_written(folder):
        with suppress(Busy, CannotWrite), hold(folder):  # left by one that was killed at its very end
            clean(folder)
            files.remove()
    return Finished(found, "again", runs)


def occupied(folder: Path, scenario: Scenario, runs: int, seed: int) -> int:
    """Bytes that the finished blocks of the unfinished run hold on disk already."""
    return block_files(folder, scenario, runs, seed).occupies()


def _nobody(_runs: int) -> None:
    """Listens when nobody else does."""


def _play(
    files: BlockFiles, runs: int, workers: int | None, executor: str, on_block: Callable[[int], None]
) -> Finished:
    """Play what is missing; blocks that are finished stay as files, however this ends."""
    several = blocks(runs) > 1  # one block leaves nothing to go on from
    if several:
        files.make()
    joiner = start(files.scenario, runs, files.seed, files.folder if several else None)
    if several:
        files.go_on(joiner, tasks(runs))
    kept = joiner.runs
    if kept:
        on_block(kept)
    for block_runs, there in finish(joiner, files if several else None, workers, executor):
        kept += block_runs if there else 0
        on_block(block_runs)
    return Finished(joiner.ensemble(), "resumed" if kept else "new", kept)


def write_tables(folder: Path, ensemble: Ensemble, command: str | Sequence[str], started: datetime) -> list[Path]:
    """Write all tables and ``worlds.npz``: together, or none. ``command`` and ``started`` go into the manifest.

    What stands there of another run goes: its pictures, its page, answers to questions about it, and first of all
    ``worlds.npz``, without which no table counts. Raises CannotWrite, Busy.
    """
    with hold(folder):
        _forget_other(folder)
        with WholeFiles(folder) as files:
            files.write("outcomes.csv", [tables.outcomes_csv(ensemble)])
            files.write("leverage.csv", [tables.leverage_csv(ensemble)])
            files.write("claims.csv", [tables.claims_csv(ensemble)])
            files.write("runs.csv", tables.runs_csv(ensemble))
            files.write("manifest.json", [_json(tables.manifest(ensemble, command, started))])
            with files.file(WORLDS) as file:  # named last: where it is, the others are
                archive.save(file, ensemble)
        block_files(folder, ensemble.scenario, ensemble.runs, ensemble.seed).remove()
    return [folder / name for name in TABLES]


def _forget_other(folder: Path) -> None:
    """Raises CannotWrite."""
    pictures = [path for path in (folder / "figures").glob("*.*") if path.suffix in PICTURES]
    answers = [path for pattern in ANSWERS for path in folder.glob(pattern)]
    try:
        for path in (folder / WORLDS, folder / PAGE, *pictures, *answers):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise CannotWrite(f"{folder}: cannot write there: {error.strerror}", 73) from error


def load(folder: Path, scenario: Scenario, runs: int | None = None, seed: int | None = None) -> Ensemble | None:
    """The finished ensemble of exactly this scenario (and, where given, these runs and this seed), or None."""
    return archive.load(inside(folder, WORLDS), scenario, runs, seed)


def _json(data: object) -> bytes:
    return (json.dumps(data, indent=2, allow_nan=False, ensure_ascii=False) + "\n").encode()
