"""``summitry diff A B``"""

from __future__ import annotations

from pathlib import Path

import click

from sim.commands.at_hand import json_option
from sim.commands.options import WholeNumber, case_option, seed_option
from sim.commands.stdout import show
from sim.defaults import DEFAULT_RUNS


@click.command(name="diff")
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option(
    "-n", "--runs", type=WholeNumber(4), default=DEFAULT_RUNS, show_default=True, metavar="RUNS",
    help="How many runs of A, of B, and of A with each difference.",
)  # fmt: skip
@seed_option
@json_option
@case_option
def command(a: str, b: str, runs: int, seed: int, as_json: bool, case: Path | None) -> None:
    """Say in words how scenario B differs from A, and what each difference does.

    Every difference is changed alone in A and played on the same worlds and the same chance; then all of them together.
    Nothing is written.
    """
    from sim.analysis.one_at_a_time import one_at_a_time
    from sim.commands.progress import progress
    from sim.inputs.case_folder import find_case, find_scenario
    from sim.inputs.differences import single_changes
    from sim.inputs.scenario import load_scenario
    from sim.views.tables.json_report import as_text
    from sim.views.text.diff import diff_document, diff_text
    from sim.views.text.screen import Screen

    first, second = (load_scenario(name, case=case) for name in (a, b))
    folder = find_case(case)
    changes = single_changes(first, second, (find_scenario(folder, a), find_scenario(folder, b)), case)
    with progress(runs * (2 + len(changes))) as on_runs:
        found = one_at_a_time(first, second, changes, runs, seed, on_runs)
    show(as_text(diff_document(found)) if as_json else diff_text(found, first, Screen.here()))
