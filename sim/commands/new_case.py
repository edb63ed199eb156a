"""``summitry new-case DIR --states A,B --texts FILE...``: a case from your own texts."""

import re
import shutil
import tempfile
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from sim.commands.question import Asked, question
from sim.ensemble.safe_files import cannot_write
from sim.errors import Fault, InputError, Place
from sim.inputs.case_folder import ROOT_SCENARIO
from sim.inputs.check import check_files
from sim.inputs.documents import paragraphs_of
from sim.views.text.new_files import new_baseline, new_card

MOST_STATES = 9


@question("new-case", names_case=False)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--states", required=True, metavar="A,B,...", help="Who bargains; the first meets every other.")
@click.option("--texts", is_flag=True, help="What follows are texts: plain text, HTML, or PDF (needs pypdf).")
@click.argument("files", metavar="FILE...", nargs=-1, type=click.Path(path_type=Path))
def command(asked: Asked, folder: Path, states: str, texts: bool, files: tuple[Path, ...]) -> None:
    """Begin a case in DIR, which must be new or empty: a commented baseline that passes `check` and runs as it is,
    and a card without claims for every text.

    The texts are written to DIR/documents with a paragraph a line, so that a line's number is its paragraph's.
    """
    if texts != bool(files):
        raise click.UsageError("new-case DIR --states A,B --texts FILE...: --texts goes before the texts")
    names = _states(states)
    pieces = _pieces(names, files)
    _write(folder, pieces, states)
    also = f" --case {folder}"
    asked.show_wrapped(f"{folder}: a case that means nothing yet: edit scenarios/baseline.yaml. Then:", hang="")
    for line in (f"check {folder}", f"run {ROOT_SCENARIO}{also} -n 1000", f"claims add --help{also}"):
        asked.show_wrapped(f"summitry {line}", "  ", "    ")


def _states(given: str) -> list[str]:
    """The names of the states. Raises InputError."""
    names = [name.strip() for name in given.split(",")]
    fit = all(re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,19}", name) for name in names)
    if not fit or not 2 <= len({name.lower() for name in names}) == len(names) <= MOST_STATES:
        allowed = f"two to {MOST_STATES} different names of letters, digits and underscores, such as NORTH,SOUTH"
        raise InputError.at("--states", "states", given, allowed)
    return names


def _pieces(states: Sequence[str], texts: Sequence[Path]) -> dict[str, str]:
    """The files of the case by name. Raises InputError with every fault of the texts."""
    today = datetime.now(UTC).date()
    pieces = {f"scenarios/{ROOT_SCENARIO}.yaml": new_baseline(states, today)}
    faults: list[Fault] = []
    for text in texts:
        id = _slug(text.stem)
        if f"seeds/{id}.yaml" in pieces:
            faults.append(Fault(Place(str(text), 0, 0), "text", text.name, f"a name of its own: {id} is another's"))
            continue
        pieces[f"seeds/{id}.yaml"] = new_card(id, text.stem, f"{id}.txt", states, today)
        try:
            pieces[f"documents/{id}.txt"] = "\n".join(paragraphs_of(text)) + "\n"
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return pieces


def _slug(stem: str) -> str:
    """The id of a document from its file's name."""
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode().lower()
    return re.sub("[^a-z0-9]+", "-", plain)[:60].strip("-") or "text"


def _write(folder: Path, pieces: Mapping[str, str], states: str) -> None:
    """Write the case whole or not at all. Raises InputError where something is there, CannotWrite."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        allowed = "a new or empty folder; nothing was overwritten"
        raise InputError([Fault(Place(str(folder), 0, 0), "DIR", "there already", allowed)])
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-case-") as temporary:
            made = Path(temporary) / "case"
            for name in ("seeds", "scenarios", "documents"):
                (made / name).mkdir(parents=True)
            for name, text in pieces.items():
                (made / name).write_text(text, "utf-8", newline="\n")
            if faults := check_files(sorted(made.rglob("*.yaml")), made):
                allowed = f"names that mean nothing else ({faults[0].value}; {faults[0].allowed})"
                raise InputError.at("--states", "states", states, allowed)
            folder.mkdir(exist_ok=True)
            for piece in sorted(made.iterdir()):
                shutil.move(piece, folder)
    except OSError as error:
        raise cannot_write(folder, error) from error
