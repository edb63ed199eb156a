"""``summitry list``"""

from __future__ import annotations

from pathlib import Path

import click

from sim.commands.options import case_option
from sim.commands.stdout import show


@click.command(name="list")
@case_option
def command(case: Path | None) -> None:
    """Show the scenarios: name, title and question.

    A scenario stands under the one it is read against, from which it differs in one
    or two things.
    """
    from sim.inputs.listing import listed_scenarios
    from sim.views.text.catalogue import catalogue
    from sim.views.text.screen import Screen

    show(catalogue(listed_scenarios(case), Screen.here()))
