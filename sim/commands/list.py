"""``summitry list``"""

from sim.commands.output import show
from sim.commands.question import Asked, question
from sim.inputs.catalogue import listed_records, listed_scenarios
from sim.views.text.catalogue import catalogue


@question("list")
def command(asked: Asked) -> None:
    """Show the scenarios: name, title and question; then the records of what happened.

    A scenario is listed under the one it is read against, from which it differs in one or two things.
    """
    show(catalogue(listed_scenarios(asked.case), asked.screen, listed_records(asked.case)))
