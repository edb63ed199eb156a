"""The transcript: everything shown and typed, written and seen off line by line, so that a lost terminal loses
nothing.
"""

from __future__ import annotations

import os
from pathlib import Path

from sim.errors import CannotWrite


class Transcript:
    """A text file that only grows. Raises CannotWrite."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0), 0o666)
        except OSError as error:
            raise CannotWrite(f"{path}: cannot write there: {error.strerror}", 73) from error

    def add(self, text: str) -> None:
        """Text as it was shown, without colours."""
        try:
            rest = text.encode("utf-8", errors="replace")
            while rest:
                rest = rest[os.write(self._file, rest) :]
            os.fsync(self._file)
        except OSError as error:
            raise CannotWrite(f"{self._path}: writing failed: {error.strerror}; the game itself is kept", 74) from error

    def close(self) -> None:
        os.close(self._file)
