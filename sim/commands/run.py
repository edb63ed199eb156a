"""``summitry run SCENARIO...``"""

from __future__ import annotations

from pathlib import Path

import click

from sim.commands.options import WholeNumber, case_option, months_option, runs_option, seed_option, set_option


@click.command(name="run")
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
    metavar="DIR",
    help="Parent folder: each scenario gets DIR/NAME.",
)
@click.option(
    "--workers", type=WholeNumber(1, 1024), metavar="N", help="Processes (default: chosen by what is asked for)."
)
@click.option(
    "--executor",
    default="processes",
    show_default=True,
    metavar="E",
    help="Where blocks are computed: processes, threads, dask or dask:ADDRESS. It never changes a result.",
)
@click.option("--fresh", is_flag=True, help="Run anew even where the same run is finished or half done.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document and nothing else.")
@click.option("--no-charts", is_flag=True, help="Write the tables, but no charts and no page.")
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
    workers: int | None,
    executor: str,
    fresh: bool,
    as_json: bool,
    no_charts: bool,
    case: Path | None,
) -> None:
    """Play scenarios in many worlds and chart how they might end.

    Ends with the outcome table, a plain sentence on what stands out, and the files written. A run that was finished
    before is shown again at once; one that was stopped goes on where it stopped.
    """
    from sim.commands.performance import Performance
    from sim.inputs.scenario import load_scenario

    loaded = [load_scenario(name, case=case, set=settings, months=months) for name in scenarios]
    performance = Performance(loaded, runs, seed, out, as_json, list(ctx.obj or ()), case=case)
    performance.check(workers, executor, fresh)
    performance.play(workers, executor, fresh)
    performance.write(charts=not no_charts)
