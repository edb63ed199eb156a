"""Lessons and pages about the case: Markdown in the case's scenarios/lessons/, made into pages with figures run anew.

A lesson may be a stranger's: its text cannot write HTML, and its links can only lead to files beside it or to https.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markupsafe import Markup

from sim.classroom.lesson_figures import Figures, UnknownFigureError
from sim.errors import Fault, InputError, Place
from sim.inputs.case_folder import CaseFolder, find_case
from sim.inputs.safe_text import read_text
from sim.inputs.schema_faults import unknown
from sim.page.static_page import body, write_handout

TEMPLATE = Path(__file__).with_name("lesson.html.j2")
_FIGURE = re.compile(r"\{\{([^{}\n]*)\}\}")


def lesson_titles(folder: CaseFolder) -> list[tuple[str, str]]:
    """Name and title of every lesson of a case, by name."""
    found = sorted((folder.scenarios / "lessons").glob("*.md"))
    return [(path.stem, _title(read_text(path, folder.display(path)))) for path in found]


def write_lesson(name: str, folder: Path, runs: int, seed: int, case: Path | str | None = None) -> Path:
    """Make the page of a lesson. Raises InputError for an unknown lesson or figure, CannotWrite."""
    return write_handout(folder / f"{name}.html", TEMPLATE, _read(name, Figures(runs, seed, case), case))


def lesson_body(name: str, figures: Figures, case: Path | str | None = None) -> Markup:
    """A lesson as a part of another page. Raises as :func:`write_lesson`."""
    return body(TEMPLATE, _read(name, figures, case))


def _read(name: str, figures: Figures, case: Path | str | None) -> dict[str, Any]:
    folder = find_case(case)
    known = {path.stem: path for path in (folder.scenarios / "lessons").glob("*.md")}
    if name not in known:
        raise InputError.at(name, "lesson", "no such lesson", unknown(name, known, "one of"))
    given = read_text(known[name], folder.display(known[name]))
    text = _filled(given, known[name].name, figures)
    made = f"The figures on this page come from {figures.runs:,} runs of the model, seed {figures.seed}."
    made = made if _FIGURE.search(given) else ""
    return {"title": _title(text), "body": Markup(to_html(text)), "made": made}


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
        asked = match[1].strip()
        try:
            made = figures.make(asked)
        except UnknownFigureError as error:
            faults.append(Fault(place, "figure", asked, str(error)))
        except InputError as error:
            faults.extend(Fault(place, each.field, each.value, each.allowed) for each in error.faults)
        else:
            return f"```\n{made}\n```" if figures.is_block(asked) else made
        return ""

    return _FIGURE.sub(make, line)


def to_html(text: str) -> str:
    """The HTML of a Markdown text: CommonMark with tables, without raw HTML and without pictures.

    >>> to_html("**a** [b](c.html) [d](//host/share)")
    '<p><strong>a</strong> <a href="c.html">b</a> [d](//host/share)</p>'
    """
    return _MARKDOWN.render(text).strip()


class _Lesson(MarkdownIt):
    """CommonMark with tables; tables and code scroll in a box that can be reached by keyboard."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False}, renderer_cls=_Scrolling)
        self.enable("table").disable("image")

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        """A file in or below the lesson's folder, or a page by https."""
        plain = unquote(url)
        try:
            parts = urlsplit(plain)
        except ValueError:
            return False
        if parts.scheme or parts.netloc:
            return parts.scheme == "https" and bool(parts.netloc)
        return not plain.startswith(("/", "\\")) and ".." not in re.split(r"[/\\]", plain) and ":" not in parts.path


class _Scrolling(RendererHTML):
    def table_open(self, *_: Any) -> str:
        return '<div class="wide" tabindex="0"><table>\n'

    def table_close(self, *_: Any) -> str:
        return "</table></div>\n"

    def fence(self, *given: Any) -> str:
        return super().fence(*given).replace("<pre>", '<pre tabindex="0">', 1)

    def code_block(self, *given: Any) -> str:
        return super().code_block(*given).replace("<pre>", '<pre tabindex="0">', 1)


_MARKDOWN = _Lesson()
