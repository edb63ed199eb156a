"""``summitry check FILE...``"""

from __future__ import annotations

from pathlib import Path

import click

from sim.commands.question import Asked, question
from sim.commands.stdout import say, show
from sim.errors import InputError
from sim.inputs.check import check_files
from sim.views.wording import counted


@question("check")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
def command(asked: Asked, files: tuple[Path, ...]) -> None:
    """Check scenario files, source cards, games and a class's files, without running anything.

    Every fault of every file is found in one pass and told as file:line:column: field: value; what is allowed.
    """
    faults = check_files(files, asked.case)
    if faults:
        for fault in InputError(faults).faults:
            show(str(fault))
        say(f"{counted(len(faults), 'fault')} in {counted(len(files), 'file')}")
        raise click.exceptions.Exit(2)
    show(f"{counted(len(files), 'file')}, no fault")
