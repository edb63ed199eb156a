"""``summitry report SCENARIO...``"""

from contextlib import nullcontext
from pathlib import Path

import click

from sim.commands.output import say, show
from sim.commands.question import Asked, check_names, question
from sim.ensemble.result import Ensemble
from sim.ensemble.results_folder import common_folder, writing
from sim.page.explorer import write_report
from sim.page.static_page import ours_or_new


@question("report", "SCENARIO...", "runs seed set months")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("results"), show_default=True, metavar="FILE|DIR",
    help="The page itself (a name in .html), or the folder in which it has a folder of its own.",
)  # fmt: skip
def command(asked: Asked) -> None:
    """Write the page of one or several scenarios: the model itself, in one file.

    No server, no network, no Python: a reader drags a meeting to another month, and leverage, terms, deals and endings
    answer from fresh runs. Several scenarios share one page.
    """
    check_names(asked.loaded)
    path, ensembles = _ensembles(asked)
    with nullcontext(True) if path == asked.out else writing(path.parent, [path.name], asked.runs, say) as wanted:
        if wanted:
            write_report(ensembles, path, case=asked.case)
    show(f"{path} ({path.stat().st_size / 1000:,.0f} kB): open it in any browser; it needs no network")


def _ensembles(asked: Asked) -> tuple[Path, list[Ensemble]]:
    """The page's path and ensembles: played in memory if a file is named, else from the results folders."""
    loaded, out = asked.loaded, asked.out
    if out.suffix.lower() in (".html", ".htm"):
        return ours_or_new(out), asked.play_in_memory(loaded, out.parent)
    finished = [asked.play(each) for each in loaded]
    folder = finished[0].folder if len(finished) == 1 else common_folder(out, loaded, asked.seed, say)
    return folder / "report.html", [each.ensemble for each in finished]
