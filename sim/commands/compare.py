"""``summitry compare A B [...]``"""

from __future__ import annotations

from collections.abc import Sequence

import click

from sim.analysis.compare import Comparison, against_first
from sim.commands.question import PICTURE_KINDS, Asked, InFolder, check_names, question
from sim.commands.stdout import say, show
from sim.ensemble.folder import WholeFiles
from sim.ensemble.results_folder import common_folder, writing
from sim.views.tables.compare import compare_csv, comparison_document, flips_csv
from sim.views.text.compare import comparisons_text
from sim.views.text.terminal import files_written


@question("compare", "A B [...]", "runs seed set months out full json")
def command(asked: Asked) -> None:
    """Compare scenarios on the same draws: B, and any others, against A.

    Differences with intervals for every outcome and measure, where the runs that end otherwise went, and in how many
    things the scenarios differ. A comparison of more than one thing says so first.
    """
    if len(asked.scenarios) < 2:
        raise click.UsageError("give two scenarios or more")
    check_names(asked.loaded)
    lie = [asked.play(each) for each in asked.loaded]
    found, first = against_first(*(each.ensemble for each in lie)), asked.loaded[0]
    documents = [comparison_document(one, first) for one in found]
    asked.answer(
        lambda screen: comparisons_text(found, [each.ensemble for each in lie], screen, asked.full),
        lambda: documents[0] if len(documents) == 1 else documents,
    )
    _write(asked, found, lie)


def _write(asked: Asked, found: Sequence[Comparison], lie: Sequence[InFolder]) -> None:
    """Write the tables and a picture for each comparison, and say where they are. Raises CannotWrite, Busy."""
    from sim.views.charts.compare import draw_comparison
    from sim.views.charts.style import look, write_picture

    first, folder = lie[0].ensemble, common_folder(asked.out, asked.loaded, asked.seed, say)
    pictures = [f"{one.b}-against-{one.a}" for one in found]
    files = ["compare.csv", "flips.csv", *(f"figures/{name}.{kind}" for name in pictures for kind in PICTURE_KINDS)]
    with writing(folder, files, asked.runs, say) as wanted:
        if not wanted:
            return
        with WholeFiles(folder) as whole:
            whole.write("compare.csv", [compare_csv(found, first.scenario)])
            whole.write("flips.csv", [flips_csv(found)])
        for name, one, each in zip(pictures, found, lie[1:], strict=True):
            with look():
                page, alt = draw_comparison(one, first, each.ensemble)
            write_picture(page, folder / "figures", name, alt)
    if not asked.json:
        show("\n" + files_written([folder / file for file in files], folder, asked.screen))
