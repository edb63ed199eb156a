"""The finished ensemble behind a question: read from its results folder where its files still match, played where
not."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sim.commands.progress import progress

if TYPE_CHECKING:
    from sim.ensemble.result import Ensemble
    from sim.inputs.scenario import Scenario

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

COMPARE = "compare"  # the folder for what several scenarios have in common


def out_option(command: Decorated) -> Decorated:
    """``--out DIR``"""
    return click.option(
        "--out",
        type=click.Path(path_type=Path),
        default=Path("results"),
        show_default=True,
        metavar="DIR",
        help="Parent of the results folders, where a finished run is read and a new one is kept.",
    )(command)


def json_option(command: Decorated) -> Decorated:
    """``--json``"""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")(command)


@dataclass(frozen=True)
class AtHand:
    """An ensemble and the folder it lives in."""

    ensemble: Ensemble
    folder: Path


def at_hand(scenario: Scenario, runs: int, seed: int, out: Path, words: Sequence[str]) -> AtHand:
    """The ensemble of a scenario, in its folder with its own tables before anything is asked of it.

    ``words`` is the command line. Raises InputError where it is too large, CannotWrite, Busy; a stop tells how to go
    on.
    """
    from sim.ensemble import store
    from sim.ensemble.estimate import refuse_if_too_large

    folder = store.folder_for(out, scenario)
    if found := store.again(folder, scenario, runs, seed):
        return AtHand(found.ensemble, folder)
    ours = store.occupied(folder, scenario, runs, seed)
    refuse_if_too_large(scenario, runs, scenario.months, folder, in_files=False, taken=-ours)  # questions need its rows
    command, started = ["summitry", *words], datetime.now(UTC)
    with told_how_to_go_on(folder, words), store.hold(folder), progress(runs) as on_block:
        finished = store.run_into(folder, scenario, runs, seed, on_block=on_block)
        store.write_tables(folder, finished.ensemble, command, started)
    return AtHand(finished.ensemble, folder)


@contextmanager
def told_how_to_go_on(folder: Path, words: Sequence[str]) -> Iterator[None]:
    """Ctrl-C or SIGTERM ends in one line: what is kept, and the command to go on."""
    try:
        yield
    except KeyboardInterrupt:
        command = shlex.join(["summitry", *(word for word in words if word != "--fresh")])
        raise KeyboardInterrupt(f"stopped; what is finished is kept in {folder}; to go on: {command}") from None
