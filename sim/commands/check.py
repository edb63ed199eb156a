"""``summitry check FILE...``"""

from dataclasses import replace
from pathlib import Path

import click

from sim.analysis.wiring import unmet, wiring
from sim.commands.options import complete_scenarios
from sim.commands.output import show
from sim.commands.question import Asked, question
from sim.commands.watch import watch
from sim.errors import InputError, clean_text, field_name
from sim.inputs.card_edits import placeholders
from sim.inputs.case_folder import SUFFIXES, find_case, find_scenario, is_hidden, named_scenario
from sim.inputs.check import check_files, file_kind, places_of
from sim.inputs.layers import Reading
from sim.inputs.scenario import load_scenario, read_case_cards
from sim.inputs.schema_faults import place_of
from sim.inputs.yaml_source import read_yaml
from sim.views.wording import counted

LONGEST = 500  # characters of a note
WIRING = "Also: what leads nowhere or away from what a side wants, and placeholders that are not filled in."


@question("check")
@click.argument("given", metavar="FILE|NAME|FOLDER...", nargs=-1, required=True, shell_complete=complete_scenarios)
@click.option("--watch", "watching", is_flag=True, help="Check again whenever one of the files is saved.")
@click.option("--wiring", "wired", is_flag=True, help=WIRING)
def command(asked: Asked, given: tuple[str, ...], watching: bool, wired: bool) -> None:
    """Check scenario files, source cards, games and a class's files, without running anything.

    A name is a scenario of the case, a folder means all YAML files in it. Every fault of every file is reported in one
    pass, as file:line:column: field: value; what is allowed.
    """
    asked = replace(asked, case=click.get_current_context().params["case"])  # unless it is named, each file's own
    if watching:
        watch(lambda: _files(asked, given), lambda: _check(asked, given, wired))
    elif not _check(asked, given, wired):
        raise click.exceptions.Exit(2)


def _check(asked: Asked, given: tuple[str, ...], wired: bool) -> bool:
    """Print every fault; whether there is none."""
    files = _files(asked, given)
    notes: list[str] = []
    faults = check_files(files, asked.case, notes)
    for note in notes:
        show(f"note: {clean_text(note, LONGEST)}")
    for fault in InputError(faults).faults if faults else ():
        show(str(fault))
    if faults:
        click.echo(f"{counted(len(faults), 'fault')} in {counted(len(files), 'file')}", err=True)
    else:
        show(f"{counted(len(files), 'file')}, no fault")
        if wired:
            _show_wiring(asked, files)
    return not faults


def _show_wiring(asked: Asked, files: list[Path]) -> None:
    """Remarks on the scenarios among the files, each once, and on the cards of their case; they are no faults: some are
    meant.
    """
    plans = {
        path: load_scenario(path, case=asked.case) for path in files if file_kind(read_yaml(path).data) == "scenario"
    }
    silent = [set(unmet(plan)) for plan in plans.values() if plan.summits]
    everywhere = sorted(set.intersection(*silent), key=str) if silent else []
    remarks: dict[str, None] = {}
    for path, plan in plans.items():
        place = places_of(path, asked.case)
        remarks |= dict.fromkeys(f"{place(remark.path)}: {remark}" for remark in [*wiring(plan), *everywhere])
    for card in read_case_cards(Reading(find_case(asked.case, *files))):
        for key, text in placeholders(card):
            remarks[f"{place_of(card.source, key)}: {field_name(key)}: {text}"] = None
    for remark in remarks:
        show(f"wiring: {clean_text(remark, LONGEST)}")
    show(f"wiring: {counted(len(remarks), 'remark')} (not faults: read each, some are meant)")


def _is_yaml(path: Path, folder: Path) -> bool:
    """Whether it is a YAML file that somebody sees in the folder."""
    return path.suffix.lower() in SUFFIXES and not is_hidden(path, folder) and path.is_file()


def _files(asked: Asked, given: tuple[str, ...]) -> list[Path]:
    """The files that paths, names of scenarios and folders mean. Raises InputError for a folder without any."""
    files: list[Path] = []
    for word in given:
        path = Path(word)
        is_name = path.name == word and not path.suffix
        find = find_scenario if is_name else named_scenario  # the first refuses a name that is none
        named = None if path.exists() else find(find_case(asked.case), word)
        if path.is_dir():
            inside = sorted(each for each in path.rglob("*") if _is_yaml(each, path))
            if not inside:
                raise InputError.at(word, "folder", "no YAML in it", "a folder with .yaml files")
            files += inside
        else:
            files.append(named or path)
    return files
