"""``--watch``: gives the answer again whenever one of its files is saved."""

import time
from collections.abc import Callable, Iterable
from itertools import count
from pathlib import Path

import click

from sim.errors import SummitryError

Saved = dict[Path, tuple[int, int]]  # when each file was last changed, and its size

EVERY = 0.3  # seconds between two looks at the files


def watch(files: Callable[[], Iterable[Path]], answer: Callable[[], object], turns: int | None = None) -> None:
    """Answer, and again after every change of a file, until Ctrl-C or after ``turns`` answers.

    A fault is reported, and the next save may mend it.
    """
    for turn in count(1):
        seen: Saved | None = None
        try:
            seen = _saved(files())
            answer()
        except SummitryError as fault:
            click.echo(str(fault), err=True)
        if turn == turns:
            return
        click.echo("waiting for the next save; Ctrl-C ends it", err=True)
        while _now(files, seen) == seen:
            time.sleep(EVERY)


def _now(files: Callable[[], Iterable[Path]], seen: Saved | None) -> Saved | None:
    try:
        return _saved(files())
    except SummitryError:
        return seen


def _saved(files: Iterable[Path]) -> Saved:
    """When each file was last changed, and its size; missing files are left out."""
    found = ((path, path.stat()) for path in files if path.is_file())
    return {path: (about.st_mtime_ns, about.st_size) for path, about in found}
