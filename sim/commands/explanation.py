"""One call of `explain`: the answer first, then the files."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from sim.commands.at_hand import AtHand
from sim.commands.findings import leave, tell
from sim.errors import Fault, InputError, Place
from sim.inputs.scenario import Scenario
from sim.views.text.screen import Screen

if TYPE_CHECKING:
    from sim.analysis.ledger_variants import LedgerVariant
    from sim.ensemble.result import Ensemble
    from sim.views.charts.style import Page

SMALL_BLOCK = 2048  # runs of one variant, timed to tell how long all will take


def check_outcome(scenario: Scenario, outcome: str | None) -> None:
    """Raises InputError where it is no outcome of the scenario's case."""
    from sim.analysis.worlds import check_known

    if outcome is not None:
        known = [rule.name for rule in scenario.case.outcomes]
        check_known(outcome, known, "one of the outcomes", " (effects on measures stand in explain.csv)")


def explain_claims(hand: AtHand, outcome: str | None, as_json: bool) -> None:
    """Effects of claims, read off the ensemble at hand."""
    from sim.analysis.explain import explain
    from sim.views.tables.explain import explain_csv, explain_document
    from sim.views.text.explain import explanation_text
    from sim.views.text.terminal import heading

    _refuse_too_few(hand.ensemble)
    found = explain(hand.ensemble, None if outcome is None else [outcome])

    def text(screen: Screen) -> str:
        return f"{heading(hand.ensemble.scenario, found.runs, found.seed, screen)}\n\n{explanation_text(found, screen)}"

    def draw() -> tuple[Page, str]:
        from sim.views.charts.explain import draw_explanation

        return draw_explanation(found, hand.ensemble)

    tell(text, lambda: explain_document(found), as_json)
    name = "explain" if outcome is None else f"explain-{outcome}"
    leave(hand.folder, name, explain_csv(found), draw, as_json)


def explain_variants(
    hand: AtHand,
    by: str,
    outcome: str | None,
    load: Callable[[Sequence[str]], Scenario],
    as_json: bool,
) -> None:
    """Effects of authors, codings or mechanisms, from variants run on the same draws."""
    from sim.analysis.ledger_variants import ledger_effects, ledger_variants
    from sim.views.tables.explain import reruns_csv, reruns_document
    from sim.views.text.reruns import beforehand, reruns_text
    from sim.views.text.terminal import heading

    ensemble, screen = hand.ensemble, Screen.here()
    _refuse_too_few(ensemble)
    wanted = ledger_variants(ensemble.scenario, by)
    click.echo(screen.paragraph(beforehand(wanted, by, ensemble.runs, _seconds(wanted, ensemble, load))), err=True)
    found = ledger_effects(ensemble, wanted, by, load, outcome)

    def text(screen: Screen) -> str:
        return f"{heading(ensemble.scenario, found.runs, found.seed, screen)}\n\n{reruns_text(found, screen)}"

    def draw() -> tuple[Page, str]:
        from sim.views.charts.reruns import draw_reruns

        return draw_reruns(found, ensemble)

    tell(text, lambda: reruns_document(found), as_json)
    name = f"explain-by-{by}" if outcome is None else f"explain-by-{by}-{outcome}"
    leave(hand.folder, name, reruns_csv(found), draw, as_json)


def _refuse_too_few(ensemble: Ensemble) -> None:
    if ensemble.kept_runs < 4:
        allowed = "at least 4 runs, which are two worlds with two plays each"
        raise InputError([Fault(Place("-n", 0, 0), "runs", str(ensemble.runs), allowed)])


def _seconds(wanted: Sequence[LedgerVariant], ensemble: Ensemble, load: Callable[[Sequence[str]], Scenario]) -> float:
    """How long all variants will take, from a small block of the first."""
    from sim.ensemble.run import run

    if not wanted:
        return 0.0
    started = time.perf_counter()
    scenario = load(wanted[0].settings)
    loaded = time.perf_counter()
    small = min(SMALL_BLOCK, ensemble.runs)
    run(scenario, small, ensemble.seed, workers=1)
    played = time.perf_counter()
    return len(wanted) * ((loaded - started) + (played - loaded) * ensemble.runs / small)
