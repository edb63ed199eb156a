"""Pages to print or project: one HTML file each, without script or network, whose policy allows their one style.

Text of strangers is escaped by the templates.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent
STYLE = PAGE / "handout.css"


def handout(template: Path, about: Mapping[str, Any]) -> str:
    """The text of a page: the template filled with ``about``, its style and its policy."""
    from sim.views.wording import NOT_A_FORECAST

    return filled(template, STYLE, {"not_a_forecast": NOT_A_FORECAST, **about})


def filled(template: Path, style_file: Path, about: Mapping[str, Any], sources: str = "") -> str:
    """The template filled with ``about`` and its style; ``sources`` is what its policy allows besides.

    A template may extend `handout.html.j2` wherever it lies itself.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    from sim import __version__

    style = style_file.read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    environment = Environment(
        loader=FileSystemLoader([template.parent, PAGE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template.name).render(
        policy=f"default-src 'none'; style-src 'sha256-{digest}'; {sources}base-uri 'none'; form-action 'none'",
        style=Markup(style), version=__version__, **about,
    )  # fmt: skip


def write_handout(path: Path, template: Path, about: Mapping[str, Any]) -> Path:
    """Write a page, whole or not at all. Raises CannotWrite."""
    from sim.ensemble.folder import prepare, write_whole

    text = handout(template, about)
    prepare(path.parent)
    write_whole(path, [text.encode("utf-8")])
    return path
