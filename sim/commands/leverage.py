"""``summitry leverage SCENARIO --pair A,B``"""

from __future__ import annotations

from collections.abc import Sequence

import click

from sim.commands.question import Asked, month_number, question
from sim.commands.stdout import show
from sim.errors import Fault, InputError, Place
from sim.inputs.schema_faults import unknown
from sim.views.text.leverage import leverage_text


@question("leverage", "SCENARIO", "seed set full")
@click.option("--pair", required=True, metavar="A,B", help="The leverage of state A over state B.")
@click.option("--month", metavar="M", help="In month M, 3 or 2018-06 (default: their first summit, else month 0).")
def command(asked: Asked, pair: str, month: str | None) -> None:
    """Take one leverage apart: each claim's part in it, with its paragraph."""
    from sim.analysis.leverage_parts import first_summit_month, leverage_parts

    scenario = asked.load_first()
    holder, target = _states(pair, list(scenario.case.states))
    when = first_summit_month(scenario, holder, target) if month is None else month_number(month, scenario, "--month")
    show(leverage_text(leverage_parts(scenario, holder, target, when, asked.seed), asked.screen, asked.full))


def _states(pair: str, known: Sequence[str]) -> tuple[str, str]:
    """The two states of `A,B`. Raises InputError."""
    place = Place("--pair", 0, 0)
    states = [word.strip() for word in pair.split(",")]
    if len(states) != 2 or states[0] == states[1]:
        allowed = f"two different states with a comma between them: {known[0]},{known[1]}"
        raise InputError([Fault(place, "pair", pair, allowed)])
    faults = [Fault(place, "pair", state, unknown(state, known, "one of")) for state in states if state not in known]
    if faults:
        raise InputError(faults)
    return states[0], states[1]
