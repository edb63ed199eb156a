"""Everything that Summitry raises on purpose, with its exit status.

A fault in what a person wrote is a :class:`Fault`: where, which field, what is written there, what is allowed.
It prints as one line whatever the file contains, because the file may come from a stranger.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

VALUE_LIMIT = 60
FIELD_LIMIT = 200
SENTENCE_LIMIT = 500

_TERMINAL_ESCAPE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # colours, cursor moves
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90-\x9f]*(?:\x07|\x1b\\|\x9c)"  # titles, links
    r"|\x1b[ -/]*[0-~]?"
)
_JOINERS = "\u200c\u200d"  # format characters in ordinary words and emoji


def clean_text(text: str, limit: int) -> str:
    """One printable line of at most `limit` characters, the last an ellipsis where text was cut.

    Terminal escapes, control characters and bidirectional overrides go; line breaks and tabs become spaces.
    """
    text = text[: 16 * limit + 1024]  # do not clean a megabyte for one line
    if not text.isprintable():
        text = "".join(map(_printable, _TERMINAL_ESCAPE.sub("", text)))
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + "…"


_STYLE = re.compile(r"(\x1b\[[012]m)")  # bold, dim and plain: what our own texts use on a terminal


def clean_lines(text: str, styled: bool = False) -> str:
    """Text without terminal control characters except line breaks and, where it is ``styled``, bold and dim.

    >>> clean_lines("one\\x1b]0;title\\x07\\ntwo\\r")
    'one\\ntwo '
    """
    if text.replace("\n", "").isprintable():
        return text
    pieces = _STYLE.split(text) if styled else [text]
    for place in range(0, len(pieces), 2):
        lines = _TERMINAL_ESCAPE.sub("", pieces[place]).split("\n")
        pieces[place] = "\n".join(line if line.isprintable() else "".join(map(_printable, line)) for line in lines)
    return "".join(pieces)


def _printable(character: str) -> str:
    """The character itself, a space, a replacement mark or nothing."""
    if character.isprintable() or character in _JOINERS:
        return character
    if character.isspace():
        return " "
    return "\ufffd" if unicodedata.category(character) == "Cs" else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` (did you mean "x"?)` for the nearest of the known words, or nothing when none is near."""
    if len(word) > FIELD_LIMIT:  # difflib takes quadratic time
        return ""
    return _nearest(word, frozenset(known))


@lru_cache(maxsize=4096)
def _nearest(word: str, known: frozenset[str]) -> str:
    folded: dict[str, str] = {}
    for candidate in sorted(known):
        folded.setdefault(candidate.casefold(), candidate)
    near = difflib.get_close_matches(word.casefold(), folded, n=1)
    return f' (did you mean "{clean_text(folded[near[0]], VALUE_LIMIT)}"?)' if near else ""


def field_name(path: Iterable[str | int]) -> str:
    """The path of a value as people write it: `assume.parameters.a0`, `summits[2].month`."""
    name = ""
    for step in path:
        name += f"[{step}]" if isinstance(step, int) else f".{step}" if name else step
    return name


@dataclass(frozen=True, order=True)
class Place:
    """Where a value was written. Lines and columns count from 1; an option has line 0."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        file = clean_text(self.file, FIELD_LIMIT)
        return f"{file}:{self.line}:{self.column}" if self.line else file


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with an input: where, in which field, what is written there, what is allowed."""

    place: Place
    field: str
    value: str
    allowed: str

    def __str__(self) -> str:
        field, value = clean_text(self.field, FIELD_LIMIT), clean_text(self.value, VALUE_LIMIT)
        return f"{self.place}: {field}: {value}; {clean_text(self.allowed, SENTENCE_LIMIT)}"


class SummitryError(Exception):
    """The root of the hierarchy. Raised itself, it is our own fault."""

    exit_code: int = 70


class InputError(SummitryError):
    """An input cannot be used. `faults` holds each fault once, in the order of files and lines.

    Raises ValueError when made without a fault.
    """

    exit_code = 2

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(dict.fromkeys(faults), key=lambda fault: fault.place))
        if not self.faults:
            raise ValueError("an input error needs at least one fault")
        super().__init__(self.faults)

    @classmethod
    def at(cls, where: str, field: str, value: str, allowed: str) -> InputError:
        """The error of one fault that has no line: of an option, or of a file as a whole.

        >>> print(InputError.at("--pair", "pair", "Kim", "two states: A,B"))
        --pair: pair: Kim; two states: A,B
        """
        return cls([Fault(Place(where, 0, 0), field, value, allowed)])

    def __str__(self) -> str:
        return "\n".join(map(str, self.faults))


class CannotWrite(SummitryError):  # noqa: N818 - it reads as what happened
    """Results cannot be written: status 73 when the place cannot be created, 74 when writing there failed."""

    def __init__(self, message: str, exit_code: int) -> None:
        if exit_code not in (73, 74):
            raise ValueError(f"the exit status of a failed write is 73 or 74, not {exit_code}")
        super().__init__(message, exit_code)
        self.message = message
        self.exit_code = exit_code

    def __str__(self) -> str:
        return clean_text(self.message, SENTENCE_LIMIT)


class Busy(SummitryError):  # noqa: N818
    """Somebody else is writing to the same folder."""

    exit_code = 75
