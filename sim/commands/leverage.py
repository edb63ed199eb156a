"""``summitry leverage SCENARIO --pair A,B``"""

import click

from sim.analysis.summit_chain import chain_pair
from sim.commands.options import complete_states, find_states, month_number
from sim.commands.output import show
from sim.commands.question import Asked, question
from sim.errors import InputError
from sim.inputs.scenario import Scenario
from sim.views.text.ledger import leverage_text


@question("leverage", "SCENARIO", "seed set full")
@click.option(
    "--pair", shell_complete=complete_states, metavar="A,B",
    help="Of state A over state B (default: the pair that the case shows first).",
)  # fmt: skip
@click.option("--month", metavar="M", help="In month M, 3 or 2018-06 (default: their first summit, else month 0).")
def command(asked: Asked, pair: str | None, month: str | None) -> None:
    """Show each claim's part in one leverage, with its paragraph."""
    from sim.analysis.leverage_parts import first_summit_month, leverage_parts

    scenario = asked.load_first()
    holder, target = _states(pair, scenario)
    when = first_summit_month(scenario, holder, target) if month is None else month_number(month, scenario, "--month")
    show(leverage_text(leverage_parts(scenario, holder, target, when, asked.seed), asked.screen, asked.full))


def _states(pair: str | None, scenario: Scenario) -> tuple[str, str]:
    """The two states of `A,B`; by default those whose summit the case shows, or its first two. Raises InputError."""
    case, shown = scenario.case, chain_pair(scenario)
    if pair is None:
        one, two = shown.between if shown else list(case.states)[:2]
        return one, two
    states = find_states(pair, case, "--pair")
    if len(states) != 2 or states[0] == states[1]:
        allowed = f"two different states with a comma between them: {','.join(list(case.states)[:2])}"
        raise InputError.at("--pair", "pair", pair, allowed)
    return states[0], states[1]
