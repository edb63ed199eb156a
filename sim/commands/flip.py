"""``summitry flip A B``"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands.at_hand import COMPARE, at_hand, json_option, out_option
from sim.commands.options import LARGEST_SEED, case_option, months_option, runs_option, seed_option, set_option

if TYPE_CHECKING:
    from sim.ensemble.result import Ensemble


@click.command(name="flip")
@click.argument("a", metavar="A")
@click.argument("b", metavar="B")
@click.option(
    "--outcome", metavar="O", help="The ending or measure compared (default: the ending that differs most surely)."
)
@runs_option
@seed_option
@set_option
@months_option
@out_option
@json_option
@case_option
@click.pass_context
def command(
    ctx: click.Context, a: str, b: str, outcome: str | None, runs: int, seed: int, settings: tuple[str, ...],
    months: int | None, out: Path, as_json: bool, case: Path | None,
) -> None:  # fmt: skip
    """Find the smallest change of assumption that turns the comparison of A and B around.

    First the credence of one claim, then of two, then a number within its range. Found by reweighting the worlds at
    hand, confirmed by fresh runs on another seed.
    """
    from sim.analysis.flip_runs import flip
    from sim.commands.findings import leave, tell
    from sim.ensemble.run import run
    from sim.inputs.differences import differences
    from sim.inputs.scenario import load_scenario

    def load(name: str, more: tuple[str, ...] = ()) -> Ensemble:
        """A fresh run of one of the two under other assumptions."""
        scenario = load_scenario(name, case=case, set=[*settings, *more], months=months)
        return run(scenario, runs, (seed + 1) % LARGEST_SEED)

    words = list(ctx.obj or ())
    hands = [
        at_hand(load_scenario(name, case=case, set=settings, months=months), runs, seed, out, words) for name in (a, b)
    ]
    first, second = (hand.ensemble for hand in hands)
    found = flip(first, second, outcome, lambda more: (load(a, more), load(b, more)))

    from sim.views.text.flip import flip_csv, flip_document, flip_text

    things = tuple(differences(first.scenario, second.scenario))
    tell(
        lambda screen: flip_text(found, first.scenario, things, screen),
        lambda: flip_document(found, first.scenario) | {"differ_in": list(things)},
        as_json,
    )

    from sim.views.charts.flip import draw_flip

    name = f"flip-{first.scenario.name}-{second.scenario.name}-{found.quantity}"
    leave(out / COMPARE, name, flip_csv(found), lambda: draw_flip(found, first, second), as_json)
