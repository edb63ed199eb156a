"""Pages to print or project: one HTML file each, without script or network, whose policy allows only their style.

``base.html.j2`` and ``style.css`` are shared by all; a template of another folder begins with
``{% extends "base.html.j2" %}``. The templates escape all text.
"""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sim.defaults import VERSION
from sim.ensemble.safe_files import write_text
from sim.errors import CannotWrite
from sim.views.wording import NOT_A_FORECAST

PAGE = Path(__file__).resolve().parent
STYLE = PAGE / "style.css"
OURS = b'<meta name="generator" content="Summitry '  # near the top of every page


def handout(template: Path, about: Mapping[str, Any], sources: str = "") -> str:
    """The text of a page: ``template`` filled with ``about``; ``sources`` is what its policy allows besides its style.

    ``sources`` is written as in a policy and ends in a semicolon: ``"img-src data:; "``.
    """
    style = STYLE.read_text("utf-8")
    policy = f"default-src 'none'; style-src {source_hash(style)}; {sources}base-uri 'none'; form-action 'none'"
    return environment(template.parent).get_template(template.name).render(
        policy=policy, style=Markup(style), version=VERSION, not_a_forecast=NOT_A_FORECAST, **about
    )  # fmt: skip


def write_handout(path: Path, template: Path, about: Mapping[str, Any], sources: str = "") -> Path:
    """Write a page, whole or not at all. Raises CannotWrite."""
    text = handout(template, about, sources)
    write_text(path, text)
    return path


def ours_or_new(path: Path) -> Path:
    """Where a page may be written: nothing is there, or a page of ours. Raises CannotWrite where other text is."""
    if path.is_file():
        with open(path, "rb") as file:
            if OURS not in file.read(4096):
                raise CannotWrite(f"{path}: there already, and no page of Summitry's: choose another name", 73)
    return path


def body(template: Path, about: Mapping[str, Any]) -> Markup:
    """The content of a template, without the page around it."""
    found = environment(template.parent).get_template(template.name)
    return Markup("".join(found.blocks["body"](found.new_context(dict(about)))))


def environment(*folders: Path) -> Environment:
    """A Jinja environment with the templates of ``folders`` and of this one, which escapes everything."""
    loader = FileSystemLoader([*folders, PAGE])
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def source_hash(text: str) -> str:
    """The name of an inline style or script in a Content-Security-Policy.

    >>> source_hash("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
