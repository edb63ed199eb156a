"""The finished ensemble behind a question: read from its results folder where its files still match, played where
not."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sim.commands.progress import progress

if TYPE_CHECKING:
    from sim.ensemble.result import Ensemble
    from sim.ensemble.store import Finished
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
    """An ensemble, the folder it lives in, and how it came there."""

    finished: Finished
    folder: Path
    started: datetime

    @property
    def ensemble(self) -> Ensemble:
        return self.finished.ensemble

    def keep(self, words: Sequence[str]) -> None:
        """Write the run's own tables, unless they are there. ``words`` is the command line. Raises CannotWrite,
        Busy."""
        from sim.ensemble.store import write_tables

        if self.finished.state != "again":
            write_tables(self.folder, self.ensemble, ["summitry", *words], self.started)


def at_hand(scenario: Scenario, runs: int, seed: int, out: Path, words: Sequence[str]) -> AtHand:
    """The ensemble of a scenario. Raises InputError where it is too large, CannotWrite, Busy; a stop tells how to go
    on."""
    from sim.ensemble import store
    from sim.ensemble.estimate import refuse_if_too_large

    folder = store.folder_for(out, scenario)
    refuse_if_too_large(scenario, runs, scenario.months, folder)
    started = datetime.now(UTC)
    try:
        with progress(runs) as on_block:
            finished = store.run_into(folder, scenario, runs, seed, on_block=on_block)
    except KeyboardInterrupt:
        again = shlex.join(["summitry", *words])
        raise KeyboardInterrupt(f"stopped: finished blocks are kept in {folder}; to go on: {again}") from None
    return AtHand(finished, folder, started)
