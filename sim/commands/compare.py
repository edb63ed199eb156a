"""``summitry compare A B [...]``"""

from collections.abc import Sequence

import click

from sim.analysis.compare import Comparison, against_first
from sim.commands.output import say
from sim.commands.question import Asked, answer_files, check_names, question
from sim.ensemble.result import Ensemble
from sim.ensemble.results_folder import common_folder
from sim.views.text.compare import compare_csv, comparison_document, comparisons_text, flips_csv, short_comparison
from sim.views.text.compare_several import several_comparisons
from sim.views.text.screen import Screen


@question("compare", "A B [...]", "runs seed set months out full json")
def command(asked: Asked) -> None:
    """Compare scenarios on the same draws: B, and any others, against A.

    Differences with intervals for every ending and measure, how runs moved between endings, and in how many things
    the scenarios differ. A comparison of more than one thing says so.
    """
    if len(asked.scenarios) < 2:
        raise click.UsageError("give two scenarios or more")
    check_names(asked.loaded)
    first, *others = finished = [asked.play(each) for each in asked.loaded]
    folder = common_folder(asked.out, asked.loaded, asked.seed, say)
    tables = ("compare.csv", "flips.csv")
    pictures = [f"{each.ensemble.scenario.name}-against-{first.ensemble.scenario.name}" for each in others]
    if asked.answered(folder, answer_files(tables, pictures)):
        return
    ensembles, scenario = [each.ensemble for each in finished], asked.loaded[0]
    found = against_first(*ensembles)
    documents = [comparison_document(one, scenario) for one in found]
    printed = asked.answer(
        lambda screen: (
            comparisons_text(found, scenario, screen) if asked.full else _on_a_screen(found, ensembles, screen)
        ),
        lambda: documents[0] if len(documents) == 1 else documents,
    )

    data = (compare_csv(found, scenario), flips_csv(found))
    charts = [
        ("compare.draw_comparison", one, first.ensemble, each.ensemble) for one, each in zip(found, others, strict=True)
    ]
    asked.keep(folder, dict(zip(tables, data, strict=True)), dict(zip(pictures, charts, strict=True)), printed)


def _on_a_screen(found: Sequence[Comparison], ensembles: Sequence[Ensemble], screen: Screen) -> str:
    if len(found) > 1:
        return several_comparisons(found, ensembles, screen)
    return short_comparison(found[0], (ensembles[0], ensembles[1]), screen)
