"""``summitry new NAME``: a new file that overwrites nothing, under a name that is valid on every system."""

from collections.abc import Callable
from pathlib import Path

import click

from sim.commands.question import Asked, question
from sim.ensemble.safe_files import cannot_finish, cannot_write
from sim.errors import InputError
from sim.inputs.case_folder import (
    ROOT_SCENARIO,
    find_case,
    find_scenario,
    named_scenario,
    parent_scenario,
    scenario_name,
)
from sim.views.text.new_files import new_scenario

RESERVED = frozenset(
    ("con", "prn", "aux", "nul", *(f"{device}{number}" for device in ("com", "lpt") for number in range(1, 10)))
)  # names that Windows reserves for devices, whatever their ending


@question("new", names_case=False)
@click.argument("name", metavar="NAME")
@click.option("--from", "parent", metavar="SCENARIO", help="The scenario to start from (default: the case itself).")
def command(asked: Asked, name: str, parent: str | None) -> None:
    """Write NAME.yaml, a commented scenario to start from, into the working directory.

    It passes `check` as it is. A file that is there is never overwritten.
    """
    extends = parent_word(parent or ROOT_SCENARIO, Path.cwd(), asked.case)
    start = asked.load(parent) if parent else asked.load_sound()
    path = write_new(name, lambda stem: new_scenario(stem, start, extends))
    also = f" --case {asked.case}" if asked.case else ""
    asked.show_wrapped(f"{path}: edit it, then:")
    for word in ("check", "run"):
        asked.show_wrapped(f"summitry {word} {path}{also}", "  ", "    ")


def plain_name(name: str) -> str:
    """The name of a new scenario without its ending. Raises InputError for one that is invalid on some system."""
    stem = scenario_name(Path(f"{name.removesuffix('.yaml')}.yaml"))
    bad = Path(name).name != name or "\\" in name or stem.split(".")[0].lower() in RESERVED or stem.endswith(".")
    if bad or len(stem) > 80:
        allowed = "a name of letters, digits, hyphens and underscores, without a folder, that Windows can keep too"
        raise InputError.at("NAME", "name", name, allowed)
    return stem


def write_new(name: str, text: Callable[[str], str]) -> Path:
    """Write NAME.yaml here. Raises InputError if it exists, CannotWrite."""
    stem = plain_name(name)
    path = Path(f"{stem}.yaml")
    whole = text(stem)
    try:
        file = open(path, "x", encoding="utf-8", newline="\n")  # noqa: SIM115 - what follows is another fault
    except FileExistsError:
        allowed = "a new name; nothing was overwritten"
        raise InputError.at(str(path), "name", "there already", allowed) from None
    except OSError as error:
        raise cannot_write(path, error) from error
    try:
        with file:
            file.write(whole)
    except OSError as error:
        path.unlink()
        raise cannot_finish(path, error) from error
    return path


def parent_word(given: str, here: Path, case: Path | None) -> str:
    """The value of ``extends:`` for a scenario in the folder ``here``. Raises InputError where there is none."""
    folder = find_case(case)
    found = find_scenario(folder, given)
    for word in (given, found.stem):
        if named_scenario(folder, word) == found:
            return word
    if parent_scenario(folder, found.stem, here / "new.yaml") is not None and found.resolve().parent == here.resolve():
        return found.stem
    raise InputError.at("--from", "scenario", given, "a scenario of the case, or a file in this folder")
