"""The options and arguments that commands share, defined once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from sim.commands import completion
from sim.commands.typed import Month, WholeNumber
from sim.defaults import DEFAULT_RUNS, DEFAULT_SEED

LARGEST_SEED = 2**63 - 1


def _option(*names: str, **how: Any) -> Callable[[], click.Option]:
    return lambda: click.Option([*names], **how)


SHARED: Mapping[str, Callable[[], click.Option]] = {
    "runs": _option(
        "-n", "--runs", type=WholeNumber(1), default=DEFAULT_RUNS, show_default=True, metavar="RUNS",
        help="How many runs; two share a world.",
    ),
    "seed": _option(
        "--seed", type=WholeNumber(0, LARGEST_SEED), default=DEFAULT_SEED, show_default=True, metavar="S",
        help="Seed of all draws: same seed, same result.",
    ),
    "set": _option(
        "--set", "settings", multiple=True, metavar="KEY=VALUE", shell_complete=completion.settings,
        help="Change one assumption: a dotted key of the scenario and a YAML value, like assume.claims.ID=off or "
        "assume.parameters.NAME=0.5. May be repeated.",
    ),
    "months": _option(
        "--months", type=Month(), metavar="M", help="Last month to play, 12 or 2019-03 (default: the scenario's)."
    ),
    "out": _option(
        "--out", type=click.Path(path_type=Path), default=Path("results"), show_default=True, metavar="DIR",
        help="Parent of the results folders, where a finished run is read and a new one is kept.",
    ),
    "workers": _option(
        "--workers", type=WholeNumber(1, 1024), metavar="N", help="Processes (default: chosen by what is asked for)."
    ),
    "executor": _option(
        "--executor", default="processes", show_default=True, metavar="E",
        help="Where blocks are computed: processes, threads, dask or dask:ADDRESS. It never changes a result.",
    ),
    "engine": _option(
        "--engine", type=click.Choice(["compiled", "mesa"]), default="compiled", show_default=True,
        help="What plays the runs: the Mesa model itself, or the same model compiled from it, several times as fast.",
    ),
    "insecure": _option(
        "--insecure", is_flag=True, help="Take a dask:ADDRESS without TLS: whoever reaches it can run programs there."
    ),
    "fresh": _option("--fresh", is_flag=True, help="Run anew even where the same run is finished or half done."),
    "full": _option("--full", is_flag=True, help="Show everything, however many lines it takes."),
    "json": _option("--json", is_flag=True, help="Print one JSON document and nothing else."),
    "case": _option(
        "--case", type=click.Path(path_type=Path), metavar="DIR",
        help="Folder of another case, with seeds/ and scenarios/ (default: the case that the file lies in, else the "
        "working directory's, else that of SUMMITRY_CASE, else the shipped one).",
    ),
}  # fmt: skip
"""The shared options by name, in the order of the help; every command takes ``case``."""

GIVEN: Mapping[str, dict[str, Any]] = {
    "SCENARIO": {"nargs": 1},
    "[SCENARIO]": {"nargs": 1, "required": False},
    "A B": {"nargs": 2},
    "A B [...]": {"nargs": -1, "required": True},
    "SCENARIO...": {"nargs": -1, "required": True},
    "[SCENARIO...]": {"nargs": -1, "required": False},
}


def outcome_option(help: str, required: bool = False) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The option ``--outcome`` of a command, completed by the endings of the case."""
    return click.option("--outcome", shell_complete=completion.outcomes, required=required, metavar="O", help=help)
