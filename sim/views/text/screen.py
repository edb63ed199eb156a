"""The terminal: its width, the characters it can show, and text laid out for it."""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TextIO

from sim.errors import clean_text

WIDEST = 80
NARROWEST = 24
LONGEST_BAR, SHORTEST_BAR = 20, 5
_EIGHTHS = "▏▎▍▌▋▊▉█"
_PLAIN = str.maketrans(
    {"±": "+/-", "–": "-", "—": "-", "−": "-", "×": "x", "≥": ">=", "≤": "<=", "…": "...", "‘": "'", "’": "'", "“": '"',
     "”": '"', "é": "e", "·": "-"}
)  # fmt: skip


@dataclass(frozen=True)
class Screen:
    """``width`` in columns, at most 80; ``unicode``: block characters can be shown; ``colour``: use it."""

    width: int = WIDEST
    unicode: bool = True
    colour: bool = False

    @classmethod
    def here(cls, stream: TextIO | None = None) -> Screen:
        """The screen of a stream, by default standard output; COLUMNS, NO_COLOR and TERM count."""
        stream = sys.stdout if stream is None else stream
        columns = shutil.get_terminal_size((WIDEST, 24)).columns
        colour = stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
        return cls(min(max(columns, NARROWEST), WIDEST), _can_show(stream, _EIGHTHS + "±"), colour)

    def text(self, text: str) -> str:
        """Text in the characters that this screen has."""
        return text if self.unicode else text.translate(_PLAIN)

    def strong(self, text: str) -> str:
        """Text in bold, where there is colour."""
        return f"\x1b[1m{self.text(text)}\x1b[0m" if self.colour else self.text(text)

    def faint(self, text: str) -> str:
        """Text in a quiet tone, where there is colour."""
        return f"\x1b[2m{self.text(text)}\x1b[0m" if self.colour else self.text(text)

    def paragraph(self, text: str, indent: str = "", hang: str | None = None) -> str:
        """Text wrapped to the screen; ``hang`` begins the lines after the first (default: the indent)."""
        later = indent if hang is None else hang
        return textwrap.fill(
            self.text(text), self.width, initial_indent=indent, subsequent_indent=later, break_on_hyphens=False
        )

    def cut(self, text: str, width: int) -> str:
        """One line of at most ``width`` characters."""
        line = self.text(clean_text(text, width))
        return line if len(line) <= width else line[: max(width - 3, 0)] + "..."

    def bar(self, share: float, width: int) -> str:
        """A bar of ``share`` (0 to 1) of ``width`` columns, to an eighth of a column; # where there are no blocks."""
        if not self.unicode:
            return "#" * round(share * width)
        eighths = round(share * width * 8)
        if share > 0 and eighths == 0:
            eighths = 1
        whole, rest = divmod(eighths, 8)
        return "█" * whole + (_EIGHTHS[rest - 1] if rest else "")


def columns(rows: Sequence[Sequence[str]], screen: Screen) -> list[str]:
    """Rows as lines: the first column flush left, the others right. Last columns that do not fit are dropped."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    shown = len(widths)
    while shown > 2 and sum(widths[:shown]) + 2 * (shown - 1) > screen.width:
        shown -= 1
    cells = ([row[0].ljust(widths[0]), *(row[place].rjust(widths[place]) for place in range(1, shown))] for row in rows)
    return [screen.text("  ".join(each)).rstrip() for each in cells]


def headed(rows: Sequence[Sequence[str]], screen: Screen) -> list[str]:
    """Rows as lines, with the first row as a faint head."""
    head, *lines = columns(rows, screen)
    return [screen.faint(head), *lines]


def with_bars(lines: Sequence[str], shares: Sequence[float], screen: Screen) -> list[str]:
    """Each line followed by a bar; the bar of the largest share fills the room that the screen has."""
    start = max(map(len, lines)) + 2
    room = min(screen.width - start, LONGEST_BAR)
    if room < SHORTEST_BAR or max(shares) == 0:
        return list(lines)
    bars = [screen.bar(share / max(shares), room) for share in shares]
    return [f"{line:<{start}}{bar}".rstrip() for line, bar in zip(lines, bars, strict=True)]


def _can_show(stream: TextIO, characters: str) -> bool:
    try:
        characters.encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True
