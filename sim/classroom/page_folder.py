"""A folder of pages for a class without Python: every scenario, the lessons, the coding sheet and an index.

All links are relative and lead to files of the folder, so it works from a memory stick.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from sim.classroom.coding_sheet import FILE, write_sheet
from sim.classroom.lesson import lesson_titles, make_lesson
from sim.classroom.lesson_figures import Figures
from sim.ensemble.estimate import refuse_if_too_large
from sim.ensemble.run import run
from sim.errors import clean_text
from sim.inputs.case_folder import find_case
from sim.inputs.layers import Reading
from sim.inputs.listing import listed_scenarios
from sim.inputs.scenario import Scenario, load_scenario, read_case_cards
from sim.page.handout import write_handout
from sim.views.page.report import write_report

INDEX = "index.html"
TEMPLATE = Path(__file__).with_name("index.html.j2")
Meanwhile = Callable[[str], AbstractContextManager[None]]


def write_folder(folder: Path, runs: int, seed: int, case: Path | str | None, meanwhile: Meanwhile) -> Path:
    """Write every page; gives the index. Raises CannotWrite, and InputError for a case that does not hold together."""
    names = [each.name for each in listed_scenarios(case)]
    scenarios = {name: load_scenario(name, case=case) for name in names}
    rows = []
    for name, scenario in scenarios.items():
        with meanwhile(f"the page of {name}"):
            rows.append(_report([scenario], folder / "scenarios" / f"{name}.html", runs, seed, case))
    pairs = []
    for one, other in [*_pairs(scenarios), *_of_lessons(scenarios, case)]:
        with meanwhile(f"{other.name} beside {one.name}"):
            path = folder / "side-by-side" / f"{other.name}-and-{one.name}.html"
            pairs.append(_report([one, other], path, runs, seed, case))
    with meanwhile("the lessons"):
        lessons = _lessons(folder, Figures(runs, seed, case), case)
    write_sheet(read_case_cards(Reading(find_case(case))), folder)
    return write_handout(folder / INDEX, TEMPLATE, {
        "title": "Summitry for a class", "scenarios": rows, "pairs": pairs, "lessons": lessons,
        "sheets": [f"{FILE}.html", f"{FILE}.yaml"], "runs": f"{runs:,}", "seed": seed,
    })  # fmt: skip


def _report(scenarios: list[Scenario], path: Path, runs: int, seed: int, case: Path | str | None) -> dict[str, str]:
    """One page of one or two scenarios, and its line in the index."""
    for each in scenarios:
        refuse_if_too_large(each, runs, each.months, path.parent, in_files=False)
    write_report([run(each, runs, seed) for each in scenarios], path, case=case)
    return {
        "link": f"{path.parent.name}/{path.name}",
        "title": " / ".join(clean_text(each.title, 200) for each in scenarios),
        "question": clean_text(scenarios[-1].question, 400),
    }


def _pairs(scenarios: dict[str, Scenario]) -> list[tuple[Scenario, Scenario]]:
    """Every scenario that is to be read against another, with that other before it."""
    return [
        (scenarios[each.read_against], each) for each in scenarios.values() if each.read_against in scenarios
    ]  # fmt: skip


def _of_lessons(scenarios: dict[str, Scenario], case: Path | str | None) -> list[tuple[Scenario, Scenario]]:
    """The scenarios that lessons bring, each after the one it starts from."""
    own = [name for name in find_case(case).names() if name.startswith("lessons/")]
    loaded = [load_scenario(name, case=case) for name in own]
    return [(scenarios[parent], each) for each in loaded if (parent := each.resolved.get("extends")) in scenarios]


def _lessons(folder: Path, figures: Figures, case: Path | str | None) -> list[dict[str, Any]]:
    found = []
    for name, title in lesson_titles(find_case(case)):
        make_lesson(name, folder / "lessons" / f"{name}.html", figures, case)
        found.append({"link": f"lessons/{name}.html", "title": clean_text(title, 200)})
    return found
