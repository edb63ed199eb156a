"""The terminal of a game: text out (and into the transcript), one line in."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable

from sim.errors import clean_text
from sim.play.transcript import Transcript
from sim.views.text.screen import Screen

_COLOUR = re.compile(r"\x1b\[[0-9]*m")
LONGEST_LINE = 1000

Show = Callable[[str], None]
"""Writes text to the screen as it is, and raises what ends a game whose screen has gone."""


class Terminal:
    """Standard input and output as a player sees them."""

    def __init__(self, screen: Screen, transcript: Transcript, show: Show) -> None:
        self.screen = screen
        self._show = show
        self.transcript = transcript

    def say(self, text: str, end: str = "\n") -> None:
        """Show text and write it down. The transcript comes first: it outlives the terminal."""
        self.transcript.add(_COLOUR.sub("", text) + end)
        self._show(text + end)

    def ask(self, prompt: str) -> str | None:
        """The line that is typed; None when input is closed."""
        self.say(prompt, end="")
        line = read_line()
        self.transcript.add((clean_text(line, LONGEST_LINE) if line is not None else "(input closed)") + "\n")
        if line is None or not sys.stdin.isatty():
            self._show("\n" if line is None else f"{clean_text(line, self.screen.width)}\n")
        return line


def read_line() -> str | None:
    """One line of standard input without its end; None where there is none."""
    if sys.stdin is None:
        return None
    try:
        line = sys.stdin.readline()
    except (OSError, ValueError, UnicodeDecodeError):  # closed, or not text
        return None
    return line.rstrip("\r\n")[:LONGEST_LINE] if line else None
