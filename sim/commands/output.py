"""What a person sees: answers on standard output; remarks, and a bar while waiting, on standard error.

Nothing is written with terminal control characters, since a case may come from a stranger, and its words could move
the cursor, set the window's title or hide a line. Nothing fails when the reader leaves: standard output may be closed,
full, a pipe that nobody reads any more (``| head``), or unable to show a character.
"""

import errno
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from sim.errors import SENTENCE_LIMIT, clean_lines, clean_text

BETWEEN_LINES = 5.0  # seconds between the lines of a bar in a log or file
_READER_LEFT = (errno.EPIPE, errno.EINVAL)  # Windows says EINVAL
_lost: list[OSError] = []  # why standard output can no longer be written


class StdoutGoneError(Exception):
    """Standard output cannot be written. Its message is empty where the reader has simply left (`| head`)."""

    exit_code = 74


def open_output() -> None:
    """Check that there is a standard output, and replace characters it cannot show. Raises StdoutGoneError."""
    _lost.clear()
    if sys.stdout is None:
        raise StdoutGoneError("summitry: cannot write to standard output: it is closed")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def show(text: str, end: str = "\n") -> None:
    """Write text to standard output. When nobody reads any more, work continues without it: files are still written."""
    try:
        sys.stdout.write(clean_lines(text, sys.stdout.isatty()) + end)
        sys.stdout.flush()
    except OSError as error:
        _lose(error)


def say(text: str) -> None:
    """A line on standard error, where there is one."""
    if sys.stderr is not None:
        with suppress(OSError):  # the terminal may have gone
            print(clean_lines(text, sys.stderr.isatty()), file=sys.stderr, flush=True)


def finish_output() -> None:
    """Write what is still held back. Raises StdoutGoneError where something could not be written."""
    if not _lost:
        try:
            sys.stdout.flush()
        except OSError as error:
            _lose(error)
    if _lost:
        raise _gone(_lost[0])


def _lose(error: OSError) -> None:
    """Drop what standard output still holds, so that the interpreter does not fail on it at exit."""
    _lost.append(error)
    with suppress(OSError, ValueError):  # a standard output without a file
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _gone(error: OSError) -> StdoutGoneError:
    if error.errno in _READER_LEFT:
        return StdoutGoneError("")
    return StdoutGoneError(clean_text(f"summitry: cannot write to standard output: {error.strerror}", SENTENCE_LIMIT))


@contextmanager
def progress(runs: int) -> Iterator[Callable[[int], None]]:
    """A bar with the time left, shown after a second; call what it yields with the number of finished runs."""
    from tqdm import tqdm

    watched = _watched()
    tqdm.monitor_interval = 0  # its watching thread would keep workers from being forked
    with tqdm(
        total=runs, unit=" runs", unit_scale=True, delay=1, leave=not watched, disable=sys.stderr is None,
        mininterval=0.1 if watched else BETWEEN_LINES, dynamic_ncols=watched, ncols=None if watched else 79,
    ) as bar:  # fmt: skip

        def advance(done: int) -> None:
            bar.update(done)

        yield advance


@contextmanager
def meanwhile(what: str) -> Iterator[None]:
    """Show what is being done, in a terminal only; the line disappears when it is done."""
    watched = _watched()
    if watched:
        print(f"{what} ...", end="", file=sys.stderr, flush=True)
    try:
        yield
    finally:
        if watched:
            print("\r" + " " * (len(what) + 4) + "\r", end="", file=sys.stderr, flush=True)


def _watched() -> bool:
    return sys.stderr is not None and sys.stderr.isatty()
