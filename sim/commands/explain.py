"""``summitry explain SCENARIO``"""

import time
from collections.abc import Callable, Sequence

import click

from sim.analysis.explain import claim_pairs, explain
from sim.analysis.ledger_variants import LedgerVariant, ledger_effects, ledger_variants
from sim.analysis.world_means import check_known, quantities, refuse_too_few
from sim.commands.options import outcome_option
from sim.commands.output import say
from sim.commands.question import Asked, Chart, answer_files, question
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.ensemble.saved_runs import Finished
from sim.inputs.scenario import Scenario
from sim.kernel.columns import Names
from sim.views.text.explain import (
    explain_csv,
    explain_document,
    explanation_text,
    pairs_csv,
    pairs_data,
    pairs_text,
    short_explanation,
)
from sim.views.text.explain_by import beforehand, reruns_csv, reruns_document, reruns_text
from sim.views.text.run import heading, question_lines
from sim.views.text.screen import Screen

SMALL_BLOCK = 2048  # runs of one variant, timed to estimate the time of all


@question("explain", "SCENARIO", "runs seed set months out full json")
@outcome_option("Only this ending (or measure), claims ranked by their effect on it.")
@click.option(
    "--by", type=click.Choice(["claim", "document", "mechanism", "coding"]), default="claim", show_default=True,
    help="Claims are read from one ensemble; the others run variants on the same draws.",
)  # fmt: skip
@click.option("--pairs", is_flag=True, help="Which claims work together: all pairs, read from the same ensemble.")
def command(asked: Asked, outcome: str | None, by: str, pairs: bool) -> None:
    """Say which claims move the endings.

    The effect of every claim on every ending, read from one finished ensemble: no further run is needed to see what a
    claim does, or how sure that is. --by document drops each author in turn and shows what each alone would say.
    """
    if pairs and by != "claim":
        raise click.UsageError("--pairs goes with --by claim")
    scenario = asked.load_first()
    if outcome is not None:
        check_known(outcome, Names.of(scenario).outcomes + Names.of(scenario).measures, "an outcome or a measure")
    finished = asked.play(scenario)
    if outcome is not None:
        quantities(finished.ensemble, outcome)
    refuse_too_few(finished.ensemble.kept_runs)
    ending = "" if outcome is None else f"-{outcome}"
    stems = [f"explain-by-{by}"] if by != "claim" else ["explain-pairs", "explain"] if pairs else ["explain"]
    names = [stem + ending for stem in stems]
    if asked.answered(finished.folder, answer_files([f"{name}.csv" for name in names], names)):
        return
    if by == "claim":
        _claims(asked, finished, outcome, names)
    else:
        _variants(asked, finished, by, outcome, names[0])


def _claims(asked: Asked, finished: Finished, outcome: str | None, names: Sequence[str]) -> None:
    """Effects of claims, read from the ensemble; effects of pairs first, where a name for them is given."""
    wanted = None if outcome is None else [outcome]
    found = explain(finished.ensemble, wanted)
    together = claim_pairs(finished.ensemble, wanted) if len(names) > 1 else None
    head = heading(finished.ensemble.scenario, found.runs, found.seed, asked.screen)

    def text(screen: Screen) -> str:
        more = [pairs_text(together, found, screen)] if together else []
        if asked.full:
            return "\n\n".join([head, *more, explanation_text(found, screen)])
        top = question_lines(finished.ensemble.scenario, screen)
        return "\n".join([top, "", *(more or [short_explanation(found, screen)])])

    printed = asked.answer(text, lambda: explain_document(found) | (pairs_data(together) if together else {}))
    charts: list[Chart] = [("effects.draw_explanation", found, finished.ensemble)]
    tables = [explain_csv(found)]
    if together is not None:
        tables.insert(0, pairs_csv(together))
        charts.insert(0, ("effects.draw_together", together, found, finished.ensemble))
    files = [f"{name}.csv" for name in names]
    asked.keep(finished.folder, dict(zip(files, tables, strict=True)), dict(zip(names, charts, strict=True)), printed)


def _variants(asked: Asked, finished: Finished, by: str, outcome: str | None, name: str) -> None:
    """Effects of authors, codings or mechanisms, from variants run on the same draws."""
    ensemble, screen = finished.ensemble, asked.screen
    wanted = ledger_variants(ensemble.scenario, by)
    if wanted:
        say(screen.paragraph(beforehand(wanted, by, ensemble.runs, _seconds(wanted, ensemble, asked.load_first))))
    found = ledger_effects(ensemble, wanted, by, asked.load_first, outcome)
    full_head = heading(ensemble.scenario, found.runs, found.seed, screen)
    head = f"{full_head}\n\n" if asked.full else f"{question_lines(ensemble.scenario, screen)}\n"

    printed = asked.answer(lambda screen: head + reruns_text(found, screen, asked.full), lambda: reruns_document(found))
    if wanted:
        chart = ("effects.draw_reruns", found, ensemble)
        asked.keep(finished.folder, {f"{name}.csv": reruns_csv(found)}, {name: chart}, printed)


def _seconds(wanted: Sequence[LedgerVariant], ensemble: Ensemble, load: Callable[[Sequence[str]], Scenario]) -> float:
    """How long all variants will take, from a small block of the first."""
    started = time.perf_counter()
    scenario = load(wanted[0].settings)
    loaded = time.perf_counter()
    small = min(SMALL_BLOCK, ensemble.runs)
    run(scenario, small, ensemble.seed, workers=1)
    played = time.perf_counter()
    return len(wanted) * ((loaded - started) + (played - loaded) * ensemble.runs / small)
