"""Standard output that may be closed, full, a pipe that nobody reads on, or unable to show a character."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress

from sim.errors import SENTENCE_LIMIT, clean_text

_READER_LEFT = (errno.EPIPE, errno.EINVAL)  # Windows says EINVAL


class StdoutGoneError(Exception):
    """Standard output cannot be written. Its message is empty where the reader has simply left (`| head`)."""

    exit_code = 74


def open_output() -> None:
    """Check that there is a standard output, and that an unknown character never stops it. Raises StdoutGoneError."""
    if sys.stdout is None:
        raise StdoutGoneError("summitry: cannot write to standard output: it is closed")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def show(text: str, end: str = "\n") -> None:
    """Write text to standard output and see it off. Raises StdoutGoneError."""
    try:
        sys.stdout.write(text + end)
        sys.stdout.flush()
    except OSError as error:
        raise gone(error) from error


def finish_output() -> None:
    """See off what is left. Raises StdoutGoneError."""
    try:
        sys.stdout.flush()
    except OSError as error:
        raise gone(error) from error


def gone(error: OSError) -> StdoutGoneError:
    """The end of standard output; what it still holds is dropped, so that the interpreter does not trip over it."""
    with suppress(OSError, ValueError):  # a standard output without a file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if error.errno in _READER_LEFT:
        return StdoutGoneError("")
    return StdoutGoneError(clean_text(f"summitry: cannot write to standard output: {error.strerror}", SENTENCE_LIMIT))
