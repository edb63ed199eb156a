"""``summitry site DIR``"""

from collections.abc import Mapping
from pathlib import Path

import click

from sim.analysis.world_means import refuse_too_few
from sim.classroom.coding_sheet import sheet_body
from sim.classroom.lesson import Figures, lesson_body, lesson_titles
from sim.commands.output import meanwhile, show
from sim.commands.question import Asked, question
from sim.ensemble.result import Ensemble
from sim.inputs.case_folder import find_case
from sim.inputs.catalogue import listed_scenarios
from sim.inputs.layers import Reading
from sim.inputs.scenario import load_scenario, read_case_cards
from sim.page.explorer import write_report
from sim.page.static_page import ours_or_new

INDEX = "index.html"


@question("site", takes="runs seed")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def command(asked: Asked, folder: Path) -> None:
    """Write one page with every scenario, the lessons and the coding sheet, for a memory stick or a static host.

    Nobody needs Python or a network to use it: the page is the model.
    """
    refuse_too_few(asked.runs)
    path = ours_or_new(folder / INDEX)
    names = [each.name for each in listed_scenarios(asked.case)]
    ensembles = asked.play_in_memory([load_scenario(name, case=asked.case) for name in names], folder)
    with meanwhile("the lessons"):
        reading = _reading(asked, dict(zip(names, ensembles, strict=True)))
    written = write_report(ensembles, path, case=asked.case, reading=reading)
    show(f"{written} ({written.stat().st_size / 1000:,.0f} kB): copy it anywhere; it needs no network")


def _reading(asked: Asked, played: Mapping[str, Ensemble]) -> list[dict[str, str]]:
    """The lessons and the coding sheet, as parts of a page."""
    case = find_case(asked.case)
    figures = Figures(asked.runs, asked.seed, asked.case, played)
    lessons = [
        {"id": f"lesson-{name}", "title": title, "html": lesson_body(name, figures, asked.case)}
        for name, title in lesson_titles(case)
    ]
    sheet = sheet_body(read_case_cards(Reading(case)))
    return [*lessons, {"id": "coding-sheet", "title": "Coding sheet, to print", "html": sheet}]
