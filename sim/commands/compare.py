"""``summitry compare A B [...]``"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from sim.analysis.compare import Comparison, against_first
from sim.commands.question import COMPARE, Asked, InFolder, check_names, question
from sim.commands.stdout import show
from sim.ensemble.folder import WholeFiles
from sim.ensemble.lock import hold
from sim.views.tables.compare import compare_csv, comparison_document, flips_csv
from sim.views.text.compare import comparisons_text
from sim.views.text.terminal import files_written


@question("compare", "A B [...]", "runs seed set months out json")
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
        lambda screen: comparisons_text(found, first, screen),
        lambda: documents[0] if len(documents) == 1 else documents,
    )
    written = _write(found, lie, asked.out / COMPARE)
    if not asked.json:
        show("\n" + files_written(written, asked.out / COMPARE, asked.screen))


def _write(found: Sequence[Comparison], lie: Sequence[InFolder], folder: Path) -> list[Path]:
    """Write the tables and a picture for each comparison. Raises CannotWrite, Busy."""
    from sim.views.charts.compare import draw_comparison
    from sim.views.charts.style import look, write_picture

    first, paths = lie[0].ensemble, [folder / "compare.csv", folder / "flips.csv"]
    with hold(folder):
        with WholeFiles(folder) as files:
            files.write("compare.csv", [compare_csv(found, first.scenario)])
            files.write("flips.csv", [flips_csv(found)])
        for one, each in zip(found, lie[1:], strict=True):
            with look():
                page, alt = draw_comparison(one, first, each.ensemble)
            paths += write_picture(page, folder / "figures", f"{one.b}-against-{one.a}", alt)
    return paths
