"""Coders write `004 p52` for a paragraph of the document whose file begins with 004; this puts in its name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from sim.inputs.cards import Card

_NUMBER = re.compile(r"(\d{3,})_")  # what a document's file begins with
_VERBATIM = frozenset({"phrase", "file", "sha256", "url"})


def spelled(text: str, cards: Sequence[Card]) -> str:
    """The text with the documents' names in place of their numbers."""
    begins = {card.id: _NUMBER.match(card.given.document.file) for card in cards}
    names = {found[1]: name for name, found in begins.items() if found}
    if not names:
        return text
    return re.sub(rf"(?<![\w.,-])({'|'.join(names)})(?![\w-]|[.,]\d)", lambda found: names[found[1]], text)


def spelled_cards(cards: Sequence[Card]) -> tuple[Card, ...]:
    """The cards, with documents' names in place of numbers in all free text."""
    return tuple(replace(card, given=_spelled(card.given, cards)) for card in cards)


def _spelled(value: Any, cards: Sequence[Card]) -> Any:
    if isinstance(value, str):
        return spelled(value, cards)
    if isinstance(value, list):
        return [_spelled(each, cards) for each in value]
    if isinstance(value, BaseModel):
        names = type(value).model_fields.keys() - _VERBATIM
        return value.model_copy(update={name: _spelled(getattr(value, name), cards) for name in names})
    return value
