"""The first files of a case: a baseline that runs before there is any claim, and a card for each text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sim.inputs.card_edits import UNWRITTEN
from sim.views.text.new_scenario import SCHEMA

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,
)
_TEMPLATES.filters["quoted"] = lambda text: json.dumps(text, ensure_ascii=False)


def new_baseline(states: Sequence[str], today: date) -> str:
    """A commented case: the first can meet every other, and each of the two wants what the other would rather keep."""
    template = _TEMPLATES.get_template("new_case.yaml.j2")
    return template.render(states=list(states), first_month=f"{today:%Y-%m}", schema=SCHEMA.as_uri())


def new_card(id: str, title: str, file: str, states: Sequence[str], today: date) -> str:
    """A source card without claims for the text in ``file``."""
    schema = SCHEMA.with_name("card.schema.json").as_uri()
    template = _TEMPLATES.get_template("new_card.yaml.j2")
    return template.render(
        id=id, title=title, file=file, states=list(states), today=f"{today}", schema=schema, unwritten=UNWRITTEN
    )
