"""What a person sees while waiting: a bar for runs, a word for later work. All on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

BETWEEN_LINES = 5.0  # seconds between lines in a log or file


@contextmanager
def progress(runs: int) -> Iterator[Callable[[int], None]]:
    """A bar with the time left, shown after a second; call what it yields with the number of finished runs."""
    from tqdm import tqdm

    watched = _watched()
    tqdm.monitor_interval = 0  # its watching thread would keep workers from being forked
    with tqdm(
        total=runs,
        unit=" runs",
        unit_scale=True,
        delay=1,
        leave=not watched,
        disable=sys.stderr is None,
        mininterval=0.1 if watched else BETWEEN_LINES,
        dynamic_ncols=watched,
        ncols=None if watched else 79,
    ) as bar:

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
