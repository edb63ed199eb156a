"""``summitry compare A B [...]``"""

from __future__ import annotations

from pathlib import Path

import click

from sim.commands.at_hand import COMPARE, at_hand, json_option, out_option
from sim.commands.options import case_option, months_option, runs_option, seed_option, set_option
from sim.commands.stdout import show


@click.command(name="compare")
@click.argument("scenarios", metavar="A B [...]", nargs=-1, required=True)
@runs_option
@seed_option
@set_option
@months_option
@out_option
@json_option
@case_option
@click.pass_context
def command(
    ctx: click.Context,
    scenarios: tuple[str, ...],
    runs: int,
    seed: int,
    settings: tuple[str, ...],
    months: int | None,
    out: Path,
    as_json: bool,
    case: Path | None,
) -> None:
    """Compare scenarios on the same draws: B, and any others, against A.

    Differences with intervals for every outcome and measure, where the runs that end otherwise went, and in how many
    things the scenarios differ. A comparison of more than one thing says so first.
    """
    if len(scenarios) < 2:
        raise click.UsageError("give two scenarios or more")
    from sim.analysis.compare import against_first
    from sim.commands.comparison import check_names, write_files
    from sim.inputs.scenario import load_scenario
    from sim.views.tables.compare import comparison_document
    from sim.views.tables.json_report import as_text
    from sim.views.text.compare import comparisons_text
    from sim.views.text.screen import Screen

    loaded = [load_scenario(name, case=case, set=settings, months=months) for name in scenarios]
    check_names(loaded)
    words = list(ctx.obj or ())
    hands = [at_hand(each, runs, seed, out, words) for each in loaded]
    found = against_first(*(hand.ensemble for hand in hands))
    if as_json:
        documents = [comparison_document(one, loaded[0]) for one in found]
        show(as_text(documents[0] if len(documents) == 1 else documents))
    else:
        show(comparisons_text(found, loaded[0], Screen.here()))
    written = write_files(found, hands, out / COMPARE)
    if not as_json:
        show("\n" + written)
