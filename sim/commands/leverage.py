"""``summitry leverage SCENARIO --pair A,B``"""

from __future__ import annotations

from pathlib import Path

import click

from sim.commands.options import case_option, month_number, seed_option, set_option
from sim.commands.stdout import show


@click.command(name="leverage")
@click.argument("scenario")
@click.option("--pair", required=True, metavar="A,B", help="The leverage of state A over state B.")
@click.option("--month", metavar="M", help="In month M, 3 or 2018-06 (default: their first summit, else month 0).")
@seed_option
@set_option
@case_option
def command(
    scenario: str, pair: str, month: str | None, seed: int, settings: tuple[str, ...], case: Path | None
) -> None:
    """Take one leverage apart: each claim's part in it, with its paragraph."""
    from sim.analysis.leverage_parts import first_summit_month, leverage_parts
    from sim.inputs.scenario import load_scenario
    from sim.views.text.leverage import leverage_text
    from sim.views.text.screen import Screen

    loaded = load_scenario(scenario, case=case, set=settings)
    holder, target = _states(pair, list(loaded.case.states))
    when = first_summit_month(loaded, holder, target) if month is None else month_number(month, loaded, "--month")
    show(leverage_text(leverage_parts(loaded, holder, target, when, seed), Screen.here()))


def _states(pair: str, known: list[str]) -> tuple[str, str]:
    """The two states of `A,B`. Raises InputError."""
    from sim.errors import Fault, InputError, Place
    from sim.inputs.schema_faults import unknown

    place = Place("--pair", 0, 0)
    states = [word.strip() for word in pair.split(",")]
    if len(states) != 2 or states[0] == states[1]:
        allowed = f"two different states with a comma between them: {known[0]},{known[1]}"
        raise InputError([Fault(place, "pair", pair, allowed)])
    faults = [Fault(place, "pair", state, unknown(state, known, "one of")) for state in states if state not in known]
    if faults:
        raise InputError(faults)
    return states[0], states[1]
