"""Lessons and pages about the case: Markdown in the case's scenarios/lessons/, made into pages with fresh figures."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sim.classroom.lesson_figures import Figures, UnknownFigureError
from sim.classroom.plain_markdown import to_html
from sim.errors import Fault, InputError, Place
from sim.inputs.case_folder import CaseFolder, find_case
from sim.inputs.schema_faults import unknown
from sim.inputs.yaml_text import read_text
from sim.views.page.handout import write_handout

TEMPLATE = Path(__file__).with_name("lesson.html.j2")
_FIGURE = re.compile(r"\{\{ *([^{}\n]+?) *\}\}")


def lesson_titles(folder: CaseFolder) -> list[tuple[str, str]]:
    """Name and title of every lesson of a case, by name."""
    found = sorted((folder.scenarios / "lessons").glob("*.md"))
    return [(path.stem, _title(read_text(path, folder.display(path)))) for path in found]


def write_lesson(name: str, folder: Path, runs: int, seed: int, case: Path | str | None = None) -> Path:
    """Make the page of a lesson. Raises InputError for an unknown lesson or figure, CannotWrite."""
    return make_lesson(name, folder / f"{name}.html", Figures(runs, seed, case), case)


def make_lesson(name: str, path: Path, figures: Figures, case: Path | str | None = None) -> Path:
    """The same with figures that several lessons share."""
    source = _find(find_case(case), name)
    text = read_text(source, find_case(case).display(source))
    made = f"Every figure on this page was made with it: {figures.runs:,} runs, seed {figures.seed}."
    about = _about(_filled(text, source.name, figures), made if _FIGURE.search(text) else "")
    return write_handout(path, TEMPLATE, about)


def _find(folder: CaseFolder, name: str) -> Path:
    known = [path.stem for path in (folder.scenarios / "lessons").glob("*.md")]
    if name not in known:
        raise InputError([Fault(Place(name, 0, 0), "lesson", "no such lesson", unknown(name, known, "one of"))])
    return folder.scenarios / "lessons" / f"{name}.md"


def _title(text: str) -> str:
    return next((line.lstrip("# ").strip() for line in text.split("\n") if line.startswith("# ")), "")


def _filled(text: str, name: str, figures: Figures) -> str:
    """The text with its figures. Raises InputError with every figure that cannot be made."""
    faults: list[Fault] = []
    lines = [
        _line(line, Place(name, number, 1), figures, faults) for number, line in enumerate(text.split("\n"), start=1)
    ]
    if faults:
        raise InputError(faults)
    return "\n".join(lines)


def _line(line: str, place: Place, figures: Figures, faults: list[Fault]) -> str:
    def make(match: re.Match[str]) -> str:
        try:
            made = figures.make(match[1])
        except UnknownFigureError as error:
            faults.append(Fault(place, "figure", match[1], str(error)))
        except InputError as error:
            faults.extend(Fault(place, each.field, each.value, each.allowed) for each in error.faults)
        else:
            return f"```\n{made}\n```" if figures.is_block(match[1]) else made
        return ""

    return _FIGURE.sub(make, line)


def _about(text: str, made: str) -> dict[str, Any]:
    from markupsafe import Markup

    return {"title": _title(text), "body": Markup(to_html(text)), "made": made}
