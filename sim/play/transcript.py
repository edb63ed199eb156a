"""The transcript: everything shown and typed, written and seen off line by line, so that a lost terminal loses
nothing.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import IO

from sim.errors import CannotWrite


class Transcript:
    """A text file that only grows. Raises CannotWrite."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file: IO[bytes] = open(path, "ab", opener=_open_no_link)  # noqa: SIM115 - open as long as the game
        except OSError as error:
            raise CannotWrite(f"{path}: cannot write there: {error.strerror}", 73) from error

    def add(self, text: str) -> None:
        """Text as it was shown, without colours."""
        try:
            self._file.write(text.encode("utf-8", errors="replace"))
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise CannotWrite(f"{self._path}: writing failed: {error.strerror}; the game itself is kept", 74) from error

    def close(self) -> None:
        self._file.close()


def _open_no_link(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NOFOLLOW", 0), 0o666)
