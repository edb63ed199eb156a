"""The log of an unfinished run, kept on disk now and then: its rows, and the totals of its finished blocks.

Rows are written where they belong as their blocks come in (rows.py). A record is the totals of all runs so far
(``totals.npz``, replaced), with what is needed to see that the rows are still those that were written. It is made when
the last is half a second old (older where writing is slow), and when a run stops: only ``kill -9`` loses that half
second. A run of one block has nothing to go on from, and no log.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from time import monotonic

from sim.ensemble.archive import LAYOUT, UNREADABLE, read_arrays, read_head, write_arrays
from sim.ensemble.folder import WholeFiles, inside
from sim.ensemble.identity import journal_key
from sim.ensemble.join import Joiner
from sim.ensemble.run import blocks

INTERVAL = 0.5  # seconds between records at least
PATIENCE = 20  # times as long as a record took to write
KEPT = 3  # logs of other unfinished runs that stay in a folder
PREFIX = ".blocks-"
TOTALS = "totals.npz"


class Journal:
    """The log of one run in a results folder. Only whoever holds the folder may use it."""

    def __init__(self, folder: Path, joiner: Joiner) -> None:
        self._joiner = joiner
        self._parent = folder
        self._folder = inside(folder, PREFIX + journal_key(joiner.scenario, joiner.total, joiner.seed))
        self._files = joiner.keep_rows_in(self._folder) if blocks(joiner.total) > 1 else None
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
        if self._files is None or joiner.runs == self._recorded:
            return
        self._files.settle()
        head = {"layout": LAYOUT, "runs": joiner.runs, "rows": self._files.stretches, "numbers": joiner.numbers}
        with WholeFiles(self._folder) as files, files.file(TOTALS) as file:
            write_arrays(file, head, joiner.totals)
        self._recorded = joiner.runs
        now = monotonic()
        self._due = now + max(INTERVAL, PATIENCE * (now - begun))

    def occupies(self) -> int:
        """Bytes of it that are on disk."""
        return sum(path.stat().st_blocks * 512 for path in self._folder.glob("*") if hasattr(path.stat(), "st_blocks"))

    def remove(self) -> None:
        """The run is finished, or is to begin anew."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def forget_old(self) -> None:
        """Take away the logs of other runs, but for the last few."""
        others = [path for path in self._parent.glob(PREFIX + "*") if path != self._folder and not path.is_symlink()]
        others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
        for path in others[KEPT:]:
            shutil.rmtree(path, ignore_errors=True)

    def _read(self) -> int:
        """Raises what reading damaged files raises."""
        if self._files is None or read_head(self._folder / TOTALS) is None:
            raise KeyError("no totals")
        head, totals = read_arrays(self._folder / TOTALS)
        self._files.take_up([stretch for stretch in head["rows"] if stretch[1] <= head["runs"]])
        self._joiner.take_up(head["runs"], totals, head["numbers"])
        return int(head["runs"])
