"""The log of an unfinished run: the totals of its finished blocks and their rows, kept on disk now and then.

A record is two files: rows that came since the last record (``rows-FIRST.npz``, they stay), then the totals of all
runs so far (``totals.npz``, replaced). So the log grows with the rows that are kept and not with the runs. A record is
made when the last is half a second old (older where writing is slow), and when a run stops: only ``kill -9`` loses
that half second.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

from sim.ensemble.archive import LAYOUT, UNREADABLE, read_arrays, read_head, write_arrays
from sim.ensemble.folder import WholeFiles, cannot_finish, inside
from sim.ensemble.identity import journal_key
from sim.ensemble.join import ROWS_KEPT, Joiner

INTERVAL = 0.5  # seconds between records at least
PATIENCE = 20  # times as long as a record took to write
KEPT = 3  # logs of other unfinished runs that stay in a folder
PREFIX = ".blocks-"


class Journal:
    """The log of one run in a results folder. Only whoever holds the folder may use it."""

    def __init__(self, folder: Path, joiner: Joiner) -> None:
        self._joiner = joiner
        self._parent = folder
        self._folder = inside(folder, PREFIX + journal_key(joiner.scenario, joiner.total, joiner.seed))
        self._recorded = 0  # runs whose rows and totals are on disk
        self._due = monotonic() + INTERVAL

    def take_up(self) -> int:
        """Go on where the log ends: the runs that need not be played again. A damaged log is thrown away."""
        try:
            runs = self._read()
        except UNREADABLE:
            self.remove()
            runs = 0
        self._recorded = runs
        return runs

    def note(self) -> None:
        """A block is in: make a record if one is due. Raises CannotWrite."""
        if monotonic() >= self._due and self._joiner.runs < self._joiner.total:
            self.record()

    def record(self) -> None:
        """Make a record of all blocks that are in. Raises CannotWrite."""
        joiner, begun = self._joiner, monotonic()
        if joiner.runs == self._recorded:
            return
        try:
            self._folder.mkdir(exist_ok=True)
        except OSError as error:
            raise cannot_finish(self._folder, error) from error
        if self._recorded < ROWS_KEPT:
            rows = joiner.rows(self._recorded, joiner.runs)
            self._write(f"rows-{self._recorded:012d}.npz", {"first": self._recorded, "runs": joiner.runs}, rows)
        self._write("totals.npz", {"runs": joiner.runs}, joiner.totals)
        self._recorded = joiner.runs
        now = monotonic()
        self._due = now + max(INTERVAL, PATIENCE * (now - begun))

    def remove(self) -> None:
        """The run is finished, or is to begin anew."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def forget_old(self) -> None:
        """Take away the logs of other runs, but for the last few."""
        others = [path for path in self._parent.glob(PREFIX + "*") if path != self._folder and not path.is_symlink()]
        others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        for path in others[KEPT:]:
            shutil.rmtree(path, ignore_errors=True)

    def _write(self, name: str, head: dict[str, Any], arrays: dict[str, Any]) -> None:
        names = list(arrays)
        with WholeFiles(self._folder) as files, files.file(name) as file:
            head = {"layout": LAYOUT, "names": names, **head}
            write_arrays(file, head, {f"array{place}": arrays[each] for place, each in enumerate(names)})

    def _read(self) -> int:
        """Raises what reading damaged files raises."""
        head = read_head(self._folder / "totals.npz")
        if head is None:
            raise KeyError("no totals")
        _, totals = _named(self._folder / "totals.npz")
        self._joiner.take_up(head["runs"], totals, self._pieces(head["runs"]))
        return int(head["runs"])

    def _pieces(self, runs: int) -> Iterator[tuple[int, dict[str, Any]]]:
        """The rows of these runs, piece after piece, each where the one before ended. Raises KeyError for a gap."""
        first = 0
        while first < min(runs, ROWS_KEPT):
            head, rows = _named(self._folder / f"rows-{first:012d}.npz")
            yield first, rows
            if head["runs"] <= first:
                raise KeyError("a piece without rows")
            first = int(head["runs"])


def _named(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    head, arrays = read_arrays(path)
    return head, {name: arrays[f"array{place}"] for place, name in enumerate(head["names"])}
