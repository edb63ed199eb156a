"""Standard output that may be closed, full, a pipe that nobody reads on, or unable to show a character."""

from __future__ import annotations

import errno
import os
import sys

from sim.errors import SENTENCE_LIMIT, clean_text

_READER_LEFT = (errno.EPIPE, errno.EINVAL)  # Windows says EINVAL


class StdoutGone(Exception):
    """Standard output cannot be written. Its message is empty where the reader has simply left (`| head`)."""

    exit_code = 74


def open_output() -> None:
    """Check that there is a standard output, and see that an unknown character never stops it. Raises StdoutGone."""
    if sys.stdout is None:
        raise StdoutGone("summitry: cannot write to standard output: it is closed")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def show(text: str, end: str = "\n") -> None:
    """Write text to standard output and see it off. Raises StdoutGone."""
    try:
        sys.stdout.write(text + end)
        sys.stdout.flush()
    except OSError as error:
        raise gone(error) from error


def finish_output() -> None:
    """See off what is left. Raises StdoutGone."""
    try:
        sys.stdout.flush()
    except OSError as error:
        raise gone(error) from error


def gone(error: OSError) -> StdoutGone:
    """The end of standard output; what it still holds is dropped, so that the interpreter does not trip over it later."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # a standard output without a file
        pass
    if error.errno in _READER_LEFT:
        return StdoutGone("")
    return StdoutGone(clean_text(f"summitry: cannot write to standard output: {error.strerror}", SENTENCE_LIMIT))
