"""``summitry report SCENARIO...``"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands.options import case_option, months_option, runs_option, seed_option, set_option
from sim.commands.stdout import show

if TYPE_CHECKING:
    from sim.ensemble.result import Ensemble
    from sim.inputs.scenario import Scenario


@click.command(name="report")
@click.argument("scenarios", metavar="SCENARIO...", nargs=-1, required=True)
@runs_option
@seed_option
@set_option
@months_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("results"),
    show_default=True,
    metavar="FILE|DIR",
    help="The page itself (a name in .html), or the parent of the results folders.",
)
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
    case: Path | None,
) -> None:
    """Write the page of one or several scenarios: a report that is the explorer too.

    One file, without a server or a network: a reader drags the credence of a claim and the outcomes answer. Several
    scenarios share one page, with a switch between them and a view side by side.
    """
    from sim.commands.comparison import check_names
    from sim.inputs.scenario import load_scenario
    from sim.views.page.report import write_report

    loaded = [load_scenario(name, case=case, set=settings, months=months) for name in scenarios]
    check_names(loaded)
    path, ensembles = _played(loaded, runs, seed, out, list(ctx.obj or ()))
    written = write_report(ensembles, path, case=case)
    show(f"{written} ({written.stat().st_size / 1000:,.0f} kB): open it in any browser; it needs no network")


def _played(loaded: list[Scenario], runs: int, seed: int, out: Path, words: list[str]) -> tuple[Path, list[Ensemble]]:
    """Where the page goes, and its ensembles: played for a file of its own, else from the results folders."""
    from sim.commands.at_hand import COMPARE, at_hand
    from sim.commands.progress import progress
    from sim.ensemble.estimate import refuse_if_too_large
    from sim.ensemble.run import run

    if out.suffix.lower() in (".html", ".htm"):
        for each in loaded:
            refuse_if_too_large(each, runs, each.months, out.parent, in_files=False)
        with progress(runs * len(loaded)) as on_block:
            return out, [run(each, runs, seed, on_block=on_block) for each in loaded]
    hands = [at_hand(each, runs, seed, out, words) for each in loaded]
    folder = hands[0].folder if len(hands) == 1 else out / COMPARE
    return folder / "report.html", [hand.ensemble for hand in hands]
