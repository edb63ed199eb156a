"""``summitry check FILE...``"""

from __future__ import annotations

from pathlib import Path

import click

from sim.commands.options import case_option
from sim.commands.stdout import show


@click.command(name="check")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(path_type=Path))
@case_option
def command(files: tuple[Path, ...], case: Path | None) -> None:
    """Check scenario files, source cards, games and a class's files, without running anything.

    Every fault of every file is found in one pass and told as file:line:column: field: value; what is allowed.
    """
    from sim.errors import InputError
    from sim.inputs.check import check_files

    faults = check_files(files, case)
    if faults:
        for fault in InputError(faults).faults:
            show(str(fault))
        click.echo(f"{_count(len(faults), 'fault')} in {_count(len(files), 'file')}", err=True)
        raise click.exceptions.Exit(2)
    show(f"{_count(len(files), 'file')}, no fault")


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}" + ("" if number == 1 else "s")
