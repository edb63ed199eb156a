"""The terminal of a game: shows text and writes it to a transcript, reads a line, and says what the line means."""

import os
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.ensemble.safe_files import cannot_write
from sim.errors import CannotWrite, clean_lines, clean_text, did_you_mean
from sim.play.decisions import Decision
from sim.play.menu import short
from sim.views.text.screen import Screen

_COLOUR = re.compile(r"\x1b\[[0-9]*m")
LONGEST_LINE = 1000
COMMANDS = {
    "hint": "hint: what the model's own state would choose, and which answer serves your aims best in the forecast",
    "why": "why STATE: the claims behind your leverage over a state and its leverage over you",
    "look": "look: every level, what the others seem to want, and the screen again",
    "wait": "wait: hold still until a summit or an event of yours",
    "undo": "undo: take the last decision back",
    "save": "save FILE: a copy of the game (it is kept after every decision anyway)",
    "load": "load FILE: go on with another saved game",
    "help": "help: these lines",
    "quit": "quit: leave; the game is kept",
}

Show = Callable[[str], None]
"""Writes text to the screen unchanged; raises what ends a game whose screen is gone."""


class Transcript:
    """A text file that only grows. Raises CannotWrite."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0), 0o666)
        except OSError as error:
            raise cannot_write(path, error) from error

    def add(self, text: str) -> None:
        """Add text as it was shown, without colours."""
        try:
            rest = clean_lines(text).encode("utf-8", errors="replace")
            while rest:
                rest = rest[os.write(self._file, rest) :]
            os.fsync(self._file)
        except OSError as error:
            raise CannotWrite(f"{self._path}: writing failed: {error.strerror}; the game itself is kept", 74) from error

    def close(self) -> None:
        os.close(self._file)


class Terminal:
    """Standard input and output as a player sees them."""

    def __init__(self, screen: Screen, transcript: Transcript, show: Show) -> None:
        self.screen = screen
        self._show = show
        self.transcript = transcript

    def say(self, text: str, end: str = "\n") -> None:
        """Write text to the transcript, which outlives the terminal, and then show it."""
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


@dataclass(frozen=True)
class Command:
    """A command and the words after it."""

    name: str
    rest: str


def understand(line: str, answers: Sequence[Decision]) -> Decision | Command | str:
    """The answer or the command that a line means, or the sentence to show if it means none."""
    text = " ".join(line.split())[:200]
    if not text:
        return f"Type a number from 1 to {len(answers)}, or help."
    if text.isascii() and text.isdigit() and len(text) < 6:
        if 1 <= int(text) <= len(answers):
            return answers[int(text) - 1]
        return f"There is no {text}: type a number from 1 to {len(answers)}."
    named = {short(answer).casefold(): answer for answer in answers}
    if text.casefold() in named:
        return named[text.casefold()]
    word, _, rest = text.partition(" ")
    if word.casefold() in COMMANDS:
        return Command(word.casefold(), rest)
    begun = [answer for name, answer in named.items() if name.startswith(text.casefold())]
    if len(begun) == 1:
        return begun[0]
    near = did_you_mean(text, [*named, *COMMANDS])
    return f"No such move: {clean_text(text, 40)}{near}. Type a number from 1 to {len(answers)}, or help."
