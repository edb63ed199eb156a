"""Builds the values of one YAML document, piece by piece, collecting what is wrong with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, NoReturn

from sim.errors import Fault, InputError, Place, field_name
from sim.inputs.yaml_scalars import OddScalarError, read_plain

MOST_LEVELS = 32

WHOLE_FILE = "file"  # the field of a fault that has none
SYNTAX = "YAML"

KeyPath = tuple[str | int, ...]

_REFUSED = "?"  # the key in place of one that is refused
_KEY_ADVICE = "a key is one word or quoted text"
_UNSAFE_ESCAPE = re.compile("[\0\ud800-\udfff]")  # cannot stand in a file name, cannot be printed


@dataclass(slots=True)
class _Open:
    """A mapping or list that has begun; `key` is the key of the next value, None where a key comes next."""

    path: KeyPath
    values: dict[str, Any] | list[Any]
    key: str | None = None

    @property
    def wants_key(self) -> bool:
        return self.key is None and isinstance(self.values, dict)


class Builder:
    """The data so far, the places of its values and keys, and its faults.

    Pieces come in the order of the text. Raises InputError at once for nesting beyond 32 levels.
    """

    def __init__(self) -> None:
        self.data: Any = None
        self.places: dict[KeyPath, Place] = {}
        self.key_places: dict[KeyPath, Place] = {}
        self.faults: list[Fault] = []
        self.open: list[_Open] = []

    def take_scalar(self, text: str, style: str | None, place: Place) -> None:
        """A key, a quoted text or (style None) an unquoted word."""
        if style == '"' and _UNSAFE_ESCAPE.search(text):
            self.fault(place, self.field(), "\\0 or half a character", "delete this escape")
        if self.open and self.open[-1].wants_key:
            self.take_key(text, style, place)
        elif style is not None:
            self.take_value(text, place)
        elif text or self.open:  # else a document without content
            try:
                self.take_value(read_plain(text), place)
            except OddScalarError as odd:
                self.fault(place, self.field(), text, str(odd))
                self.take_value(text, place)

    def take_key(self, key: str, style: str | None, place: Place) -> None:
        """The key of the next value: always text, given once."""
        top = self.open[-1]
        path = (*top.path, key)
        if style is None and key == "":
            self.fault(place, self.field(), "no key", "write a key before the colon")
        elif style is None and key == "<<":
            self.fault(place, self.field(), key, "no merge keys: write the keys out")
        elif style in ("|", ">"):
            self.fault(place, self.field(), "a block of text", _KEY_ADVICE)
        elif key in top.values:
            first = self.key_places[path]
            self.fault(place, field_name(path), "given twice", f"keep one; the first is at {first}")
        self.key_places.setdefault(path, place)
        top.key = key

    def take_value(self, value: Any, place: Place) -> None:
        """Puts a value where it belongs: the whole, the next item of a list, or the value of the last key."""
        self.places[self.path()] = place
        if not self.open:
            self.data = value
            return
        top = self.open[-1]
        if isinstance(top.values, list):
            top.values.append(value)
        elif top.key is None:
            top.key = _REFUSED
        else:
            top.values[top.key] = value
            top.key = None

    def begin(self, values: dict[str, Any] | list[Any], place: Place) -> None:
        """Begins a mapping or a list, which is no key."""
        if len(self.open) == MOST_LEVELS:
            self.stop(place, self.field(), "nested too deeply", f"at most {MOST_LEVELS} levels")
        if self.open and self.open[-1].wants_key:
            self.fault(place, self.field(), "a list or mapping as a key", _KEY_ADVICE)
        path = self.path()
        self.take_value(values, place)
        self.open.append(_Open(path, values))

    def end(self) -> None:
        """Ends the mapping or list that began last."""
        self.open.pop()

    def path(self) -> KeyPath:
        """The path of the next value; where a key comes next, with ``_REFUSED`` for it."""
        if not self.open:
            return ()
        top = self.open[-1]
        if isinstance(top.values, list):
            return (*top.path, len(top.values))
        return (*top.path, _REFUSED if top.key is None else top.key)

    def field(self) -> str:
        """The name of the field that is being read."""
        top = self.open[-1] if self.open else None
        return field_name(top.path if top and top.wants_key else self.path()) or WHOLE_FILE

    def fault(self, place: Place, field: str, value: str, allowed: str) -> None:
        """Notes a fault and goes on."""
        self.faults.append(Fault(place, field, value, allowed))

    def stop(self, place: Place, field: str, value: str, allowed: str) -> NoReturn:
        """Notes a last fault. Raises InputError."""
        self.fault(place, field, value, allowed)
        raise InputError(self.faults)
