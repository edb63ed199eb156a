"""``summitry hindcast [SCENARIO...]``"""

from dataclasses import replace

import click

from sim.analysis.hindcast import leave_one_out, score_forecasts, threshold_effects, threshold_ends
from sim.analysis.posterior import other_weighings, posterior
from sim.analysis.world_means import check_enough
from sim.commands.options import month_number
from sim.commands.output import progress
from sim.commands.question import Asked, question
from sim.inputs.records import DEFAULT, load_record
from sim.views.text.hindcast import Hindcast, hindcast_csv, hindcast_document, hindcast_text, short_hindcast


@question("hindcast", "[SCENARIO...]", "runs seed set months out full json")
@click.option(
    "--leave-out", "without", metavar="MONTH", help="Weight on the other dates and score this one, 20 or 2019-11."
)
@click.option(
    "--record", "record_name", metavar="NAME", help="What happened: a record of the case (`summitry list` shows them)."
)
@click.option("--no-thresholds", is_flag=True, help="Leave out the runs with the disputed thresholds moved.")
def command(asked: Asked, without: str | None, record_name: str | None, no_thresholds: bool) -> None:
    """Compare scenarios with what happened, and say what that does to each claim.

    Scores against soft labels written after the event, next to naive forecasts; then prior and posterior credence of
    every claim of the first scenario (default: the one that follows what happened). A plausibility check, never
    validation.
    """
    record = load_record(name=record_name, case=asked.case)
    asked = replace(asked, scenarios=tuple(dict.fromkeys(asked.scenarios or (record.scenario,))))
    first = asked.loaded[0]
    record = load_record(tuple(rule.name for rule in first.case.outcomes), record_name, case=asked.case)
    month = None if without is None else month_number(without, first, "--leave-out")
    finished = [asked.play(scenario) for scenario in asked.loaded]
    ensembles = [each.ensemble for each in finished]
    check_enough(ensembles[0])
    scored, after = score_forecasts(record, ensembles), posterior(ensembles[0], record, month)
    one_out = None if month is None else leave_one_out(ensembles[0], record, month)
    claims = tuple(each.claim for each in after.claims if each.stands_out)
    moved = [] if no_thresholds else threshold_ends(first.case)
    with progress(len(moved) * asked.runs) as on_runs:
        effects = threshold_effects(ensembles[0], record, claims, asked.load_first, month, on_runs) if moved else []
    weighings = other_weighings(ensembles[0], record, claims, month)
    found = Hindcast(record, first, scored, after, one_out, tuple(effects), weighings)

    asked.answer(
        lambda screen: (hindcast_text if asked.full else short_hindcast)(found, screen),
        lambda: hindcast_document(found),
    )
    parts = ["hindcast", *([] if record.name == DEFAULT else [record.name])]
    parts += [] if month is None else [f"without-{month}"]
    name = "-".join(parts)
    chart = ("assumptions.draw_hindcast", found, ensembles[0])
    asked.keep(finished[0].folder, {f"{name}.csv": hindcast_csv(found)}, {name: chart})
