"""``summitry new NAME``"""

from __future__ import annotations

from pathlib import Path

import click

from sim.commands.options import case_option
from sim.commands.stdout import show


@click.command(name="new")
@click.argument("name", metavar="NAME")
@click.option("--from", "parent", metavar="SCENARIO", help="The scenario to start from (default: the case itself).")
@case_option
def command(name: str, parent: str | None, case: Path | None) -> None:
    """Write NAME.yaml, a commented scenario to start from, into the working directory.

    It passes `check` as it is. A file that is there is never overwritten.
    """
    from sim.commands.new_file import parent_word, write_new
    from sim.inputs.case_folder import ROOT_SCENARIO
    from sim.inputs.scenario import load_scenario
    from sim.views.text.new_scenario import new_scenario
    from sim.views.text.screen import Screen

    word = parent_word(parent or ROOT_SCENARIO, Path.cwd(), case)
    start = load_scenario(parent or ROOT_SCENARIO, case=case)
    path = write_new(name, lambda stem: new_scenario(stem, start, word))
    also = f" --case {case}" if case else ""
    screen = Screen.here()
    show(screen.paragraph(f"{path}: edit it, then:", hang="  "))
    for word in ("check", "run"):
        show(screen.paragraph(f"summitry {word} {path}{also}", "  ", "    "))
