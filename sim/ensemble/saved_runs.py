"""Runs on disk: a run is written into its folder, continues there after a stop, and is read again from there.

A caller may lock the folder over several steps (``with hold(folder): ...``); each step here locks it anyway.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sim.ensemble import ensemble_npz, results_folder, tables
from sim.ensemble.block import ROWS_KEPT
from sim.ensemble.finished_blocks import BlockFiles, block_files, forget_old
from sim.ensemble.identity import run_identity
from sim.ensemble.result import Ensemble
from sim.ensemble.results_folder import MANIFEST, TABLES, WORLDS, Say, candidates, folder_for, hold, silent
from sim.ensemble.run import blocks, finish, start, tasks
from sim.ensemble.safe_files import WholeFiles, clean, half_written, inside
from sim.ensemble.signals_and_memory import stops_are_interrupts
from sim.errors import Busy, CannotWrite
from sim.inputs.scenario import Scenario

__all__ = [
    "PAGE", "TABLES", "WORLDS", "Finished", "find", "finished", "folder_for", "hold", "occupied", "run_into",
    "write_tables",
]  # fmt: skip

PAGE = "report.html"


@dataclass(frozen=True)
class Finished:
    """An ensemble, its folder, and how it was obtained: played, continued from ``kept`` finished runs, found finished,
    or cut from a larger one of ``kept`` runs.
    """

    ensemble: Ensemble
    state: Literal["new", "resumed", "again", "part"]
    kept: int
    folder: Path


def find(out: Path | str, scenario: Scenario, runs: int, seed: int, say: Say = silent) -> Finished | None:
    """The finished run of exactly these files, settings, seed and version, or the first runs of a larger one.

    Damaged files in its folder are reported and written again where possible; a run whose ``worlds.npz`` is damaged
    does not count. Raises InputError, CannotWrite.
    """
    folder = folder_for(out, scenario, runs, seed)
    for size, place in sorted(_finished(out, scenario, runs, seed), key=lambda found: (found[0], found[1] != folder)):
        if size == runs and folder.name == scenario.name:
            place = results_folder.take_place(folder, place, run_identity(scenario, runs, seed), say)
        ensemble = _whole(place, scenario, size, seed, say)
        if ensemble is None:
            continue
        _tidy(place, scenario, size, seed)
        if size == runs:
            return Finished(ensemble, "again", runs, place)
        return Finished(ensemble.first(runs), "part", size, place)
    if WORLDS in results_folder.listed(folder) and results_folder.damaged(folder, (WORLDS,)):
        _say_damaged(folder, say)
    return None


def _say_damaged(folder: Path, say: Say) -> None:
    say(f"{folder / WORLDS} is not what {MANIFEST} lists: its runs are played again")


def finished(out: Path | str, scenario: Scenario, runs: int, seed: int) -> bool:
    """Whether `find` will find such a run, unless it is damaged."""
    return bool(_finished(out, scenario, runs, seed))


def _finished(out: Path | str, scenario: Scenario, runs: int, seed: int) -> list[tuple[int, Path]]:
    """Sizes and folders of finished runs whose rows include these runs."""
    found = []
    for folder in candidates(out, scenario.name):
        size = ensemble_npz.runs_of(folder / WORLDS, scenario, seed)
        if size is not None and (size == runs or (runs < size and runs <= ROWS_KEPT)):
            found.append((size, folder))
    return found


def _whole(folder: Path, scenario: Scenario, runs: int, seed: int, say: Say) -> Ensemble | None:
    """The ensemble in a folder, if its archive is undamaged; damaged tables are written again."""
    damaged = results_folder.damaged(folder, TABLES[1:])
    ensemble = None if WORLDS in damaged else ensemble_npz.load(inside(folder, WORLDS), scenario, runs, seed)
    if ensemble is None:
        _say_damaged(folder, say)
        return None
    if damaged:
        say(f"{folder}: {', '.join(damaged)} not as {MANIFEST} lists them: written again")
        with suppress(Busy, CannotWrite):
            manifest = results_folder.read_manifest(folder)
            write_tables(folder, ensemble, manifest.get("command", ""), manifest.get("started", ""), say)
    return ensemble


def _tidy(folder: Path, scenario: Scenario, runs: int, seed: int) -> None:
    """Delete what a process killed at its very end has left; the folder may be read-only."""
    files = block_files(folder, scenario, runs, seed)
    if files.folder.exists() or half_written(folder):
        with suppress(Busy, CannotWrite), hold(folder):
            clean(folder)
            files.remove()


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
    say: Say = silent,
) -> Finished:
    """Play a run in its results folder, continuing from the blocks that are there; ``fresh`` deletes them first.

    Finished blocks are kept when the run is stopped (KeyboardInterrupt, also for SIGTERM) and when workers die.
    ``on_block`` is called with the number of runs of each finished block, also of those already there. Results of
    another run in the folder are moved aside. Raises CannotWrite, Busy, and InputError for a folder that is a link
    elsewhere or an unknown executor.
    """
    with hold(folder), stops_are_interrupts():
        results_folder.make_room(folder, run_identity(scenario, runs, seed), say)
        clean(folder)
        files = block_files(folder, scenario, runs, seed)
        if fresh:
            files.remove()
        forget_old(files)
        return _play(files, runs, workers, executor, on_block or (lambda _runs: None))


def _play(
    files: BlockFiles, runs: int, workers: int | None, executor: str, on_block: Callable[[int], None]
) -> Finished:
    """Play the missing blocks; finished blocks stay as files, even if this fails."""
    several = blocks(runs) > 1  # with a single block there is nothing to continue from
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
    return Finished(joiner.ensemble(), "resumed" if kept else "new", kept, files.folder.parent)


def occupied(folder: Path, scenario: Scenario, runs: int, seed: int) -> int:
    """Bytes that the finished blocks of an unfinished run already take on disk."""
    files = (path.stat() for path in block_files(folder, scenario, runs, seed).folder.glob("*"))
    return sum(about.st_blocks * 512 for about in files if hasattr(about, "st_blocks"))


def write_tables(
    folder: Path, ensemble: Ensemble, command: str | Sequence[str], started: datetime | str, say: Say = silent
) -> list[Path]:
    """Write all tables and ``worlds.npz`` together, or none. ``command`` and ``started`` go into the manifest.

    The user's own files of these names are moved aside first; results of another run, with their whole folder.
    Raises CannotWrite, Busy.
    """
    identity = run_identity(ensemble.scenario, ensemble.runs, ensemble.seed)
    with hold(folder):
        results_folder.make_room(folder, identity, say)
        with WholeFiles(folder) as files:
            with files.file(WORLDS) as file:
                ensemble_npz.save(file, ensemble)
            files.write("outcomes.csv", [tables.outcomes_csv(ensemble)])
            files.write("leverage.csv", [tables.leverage_csv(ensemble)])
            files.write("claims.csv", [tables.claims_csv(ensemble)])
            files.write("runs.csv", tables.runs_csv(ensemble))
            new = {name: files.sha256(name) for name in TABLES[1:]}
            results_folder.keep_what_is_not_ours(folder, TABLES[1:], say, new)
            ours = {name: results_folder.entry(new[name], ensemble.runs) for name in TABLES[1:]}
            listed = {results_folder.FILES: results_folder.listed(folder) | ours}
            manifest = tables.manifest(ensemble, command, started) | {"identity": identity} | listed
            files.write(MANIFEST, [results_folder.manifest_bytes(manifest)], first=True)
        block_files(folder, ensemble.scenario, ensemble.runs, ensemble.seed).remove()
    return [folder / name for name in TABLES]
