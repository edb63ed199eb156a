"""``summitry classroom DIR``, and what a class needs around it: sheet, lesson, wheels"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sim.classroom.class_files import not_read, read_class
from sim.classroom.coding_sheet import write_sheet
from sim.classroom.lesson import lesson_titles, write_lesson
from sim.classroom.page import classroom_text, faults_text, write_classroom
from sim.classroom.positions import classroom, planned_runs
from sim.classroom.wheels import make_wheels
from sim.commands.options import SHARED, WholeNumber
from sim.commands.output import progress, say, show
from sim.commands.question import Asked, question
from sim.defaults import DEFAULT_RUNS
from sim.errors import InputError
from sim.inputs.case_folder import find_case
from sim.inputs.layers import Reading
from sim.inputs.scenario import read_case_cards

CLASS_RUNS = 4_000  # of each position: a share to about 2 points, differences on the same worlds to a fraction of one


class Classroom(click.Group):
    """A folder is merged; the other words are subcommands."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in self.commands:
            return "", merge, args
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, (each.help or "").partition("\n")[0]) for name, each in self.commands.items()]
        with formatter.section("Instead of DIR"):
            formatter.write_dl(rows)


@click.command(
    name="classroom", cls=Classroom, subcommand_metavar="DIR | COMMAND [OPTIONS]",
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    params=[SHARED["case"]()],
)  # fmt: skip
@click.pass_context
def command(ctx: click.Context, case: Path | None) -> None:
    """Merge a class's files into one page, or make what a class needs.

    DIR holds one YAML file a student: a scenario, an `assume:` block as the page copies it, or a coding of claims.
    `summitry classroom DIR --help` lists the options. A folder called like a command is ./NAME.
    """
    if case is not None:  # given before the subcommand
        ctx.default_map = {name: {"case": str(case)} for name in ("", *command.commands)}


def _runs(usual: int, help: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    how: dict[str, Any] = {"type": WholeNumber(4), "default": usual, "show_default": True, "metavar": "RUNS"}
    return click.option("-n", "--runs", help=help, **how)


@question("merge", takes="seed out")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@_runs(CLASS_RUNS, "How many runs of each student's position.")
@click.option("--scenario", metavar="SCENARIO", help="What the class starts from (default: what most files extend).")
@click.option("--names", is_flag=True, help="Put the names of the files on the page instead of numbers.")
@click.option("--go-on", is_flag=True, help="Leave out files with faults and go on with the others.")
def merge(asked: Asked, folder: Path, scenario: str | None, names: bool, go_on: bool) -> None:
    """Merge the files of a class: how far it agrees, what its beliefs imply, which claim decides for whom.

    All faults of all files are listed before anything is played.
    """
    files = read_class(folder, scenario, asked.case)
    for name in not_read(folder):
        say(asked.screen.cut(f"not read, neither .yaml nor with a code in it: {name}", 80))
    if files.faults:
        say(str(InputError(files.faults)))
        say(faults_text(files.faults, len(files.skipped)))
        if not go_on or not files.readers:
            say("--go-on merges the other files without these" if files.readers else "no file is left")
            raise click.exceptions.Exit(2)
    with progress(planned_runs(files, asked.runs)) as on_runs:
        found = classroom(files, asked.runs, asked.seed, on_runs)
    show(classroom_text(found, names, asked.screen))
    written = write_classroom(found, asked.out / "classroom" / f"class{'-names' * names}.html", names, say)
    asked.show_wrapped(
        f"\n{written}: open it in any browser" + ("" if names else "; --names makes a copy with names beside it")
    )


@question("sheet", takes="out")
@click.option("--claims", metavar="A,B,...", help="Only these claims (default: all).")
def sheet(asked: Asked, claims: str | None) -> None:
    """Make a coding sheet: YAML to fill in and a page to print.

    A claim that is left empty keeps what the ledger has. `assume: {coding: FILE}` in a scenario runs the filled sheet.
    """
    cards = read_case_cards(Reading(find_case(asked.case)))
    wanted = [claim.strip() for claim in claims.split(",") if claim.strip()] if claims else None
    for path in write_sheet(cards, asked.out / "classroom", wanted, say):
        asked.show_wrapped(str(path))


@question("lesson", takes="seed out")
@click.argument("name", required=False)
@_runs(DEFAULT_RUNS, "Runs behind every figure.")
def lesson(asked: Asked, name: str | None) -> None:
    """Make a lesson, or a page about the case, printable; its figures are made by running it.

    Without NAME, lists what there is in scenarios/lessons/.
    """
    if name is None:
        titles = lesson_titles(find_case(asked.case))
        for known, title in titles:
            asked.show_wrapped(f"{known:<26} {title}", hang=" " * 27)
        if not titles:
            show("This case has no lessons: they are .md files in scenarios/lessons/.")
        return
    written = write_lesson(name, asked.out / "classroom", asked.runs, asked.seed, asked.case, say)
    asked.show_wrapped(f"{written}: open it in any browser and print it")


@question("wheels", takes="out")
@click.option(
    "--for", "system", type=click.Choice(["here", "windows", "macos", "linux"]), default="here", show_default=True,
    help="The system that it will be installed on.",
)  # fmt: skip
@click.option("--python", "version", metavar="3.X", help="Its Python (default: this one's).")
def wheels(asked: Asked, system: str, version: str | None) -> None:
    """Make a folder of wheels that installs Summitry without a network.

    Making it needs a network once, and pip. The folder's README.txt says how to install from it.
    """
    folder = make_wheels(asked.out / "classroom" / f"wheels-{system}", system, version)
    asked.show_wrapped(f"{folder}: its README.txt says how to install from it")


for each in (sheet, lesson, wheels):
    command.add_command(each)
