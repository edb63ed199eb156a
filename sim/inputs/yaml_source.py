"""Safe YAML: turns text into plain values and records where each was written.

Only this module uses the YAML parser. Values are built directly from its events and limits are checked meanwhile, so
that no hostile file is ever built in memory. Tags, anchors, aliases and merge keys are refused, a key is given once,
and :mod:`sim.inputs.yaml_scalars` reads unquoted words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from yaml.error import MarkedYAMLError
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

from sim.errors import Fault, InputError, Place
from sim.inputs.safe_text import check_text, look_alike, read_text
from sim.inputs.yaml_builder import SYNTAX, WHOLE_FILE, Builder, KeyPath
from sim.inputs.yaml_mistakes import OUT_OF_BOUNDS, explain_syntax

__all__ = ["MOST_EVENTS", "KeyPath", "Source", "parse_faulty_yaml", "parse_value", "parse_yaml", "read_yaml"]

MOST_EVENTS = 50_000

_ODD_INDENTATION = re.compile("^[^\\S\\n]*[\u00a0\u200b\u2007\u202f\u3000][^\\S\\n]*", re.MULTILINE)
_CORE_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True, eq=False)  # compared by identity, so that results for it can be cached
class Source:
    """The values of a YAML text and their places.

    `data` is made of dict, list, str, int, float, bool and None. `places` maps the path of every value (keys
    and indices, `()` for the whole) to its place; `key_places` maps the path of every entry of a mapping to
    the place of its key. `faults` are those of the YAML itself; a value was put in their place. Where several files
    were merged, `own_rows` gives the number that each summit and event has in its own file.
    """

    name: str
    data: Any
    places: Mapping[KeyPath, Place]
    key_places: Mapping[KeyPath, Place]
    faults: tuple[Fault, ...] = ()
    own_rows: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


def read_yaml(path: Path, name: str | None = None) -> Source:
    """The values of a YAML file, called `name` in messages (default: its path). Raises InputError."""
    name = str(path) if name is None else name
    return parse_yaml(read_text(path, name), name)


def parse_yaml(text: str | bytes, name: str) -> Source:
    """The values of one YAML document. Raises InputError with every fault that can be known."""
    source = parse_faulty_yaml(text, name)
    if source.faults:
        raise InputError(source.faults)
    return source


def parse_faulty_yaml(text: str | bytes, name: str) -> Source:
    """The values of one YAML document and its faults. Raises InputError where a fault makes the rest unreadable."""
    builder, checked = Builder(), check_text(text, name)
    _check_indentation(builder, checked, name)
    _feed(builder, checked, name)
    if not builder.places:
        builder.stop(Place(name, 1, 1), WHOLE_FILE, "empty", "write something")
    return Source(name, builder.data, builder.places, builder.key_places, tuple(builder.faults))


def _check_indentation(builder: Builder, text: str, name: str) -> None:
    """Notes every line that is indented by something that only looks like spaces. Raises InputError after the last."""
    for found in _ODD_INDENTATION.finditer(text):
        odd = look_alike(found[0])
        if odd:
            place = Place(name, text.count("\n", 0, found.start()) + 1, odd[0] + 1)
            builder.fault(place, SYNTAX, "the indentation of this line", odd[1])
    if builder.faults:
        raise InputError(builder.faults)


def parse_value(text: str, name: str) -> Any:
    """The value of an option such as `--set KEY=VALUE`.

    Raises InputError with faults at `name`, without a line.
    """
    if " #" in text and text.lstrip()[:1] not in ("'", '"', "[", "{", "#"):
        return text.strip()  # words with a number sign are no comment of an option
    try:
        return parse_yaml(text, name).data
    except InputError as error:
        option = Place(name, 0, 0)
        raise InputError(
            replace(fault, place=option, field="value" if fault.field in (WHOLE_FILE, SYNTAX) else fault.field)
            for fault in error.faults
        ) from None


class _Events(Reader, Scanner, Parser):
    """PyYAML's pure-Python parser without what builds values. The C parser crashes on deep nesting."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)

    def forward(self, length: int = 1) -> None:
        """Reader.forward without checking each character: lines of a checked text end with a line feed."""
        start = self.pointer
        self.pointer = self.index = end = start + length
        lines = self.buffer.count("\n", start, end)
        if lines:
            self.line += lines
            self.column = end - self.buffer.rfind("\n", start, end) - 1
        else:
            self.column += length


def _feed(builder: Builder, text: str, name: str) -> None:
    """Give a text to the builder, event by event. Raises InputError for limits and broken syntax at once."""
    events = _Events(text)
    documents = 0
    for _ in range(MOST_EVENTS + 1):
        event = _next_event(events, builder, text, name)
        if event is None:
            return
        if isinstance(event, NodeEvent):
            _feed_node(builder, event, _place(event.start_mark, name))
        elif isinstance(event, CollectionEndEvent):
            builder.end()
        elif isinstance(event, DocumentStartEvent):
            documents += 1
            _check_document(builder, event, documents, _place(event.start_mark, name))
    place = _place(events.get_mark(), name)
    builder.stop(place, WHOLE_FILE, f"more than {MOST_EVENTS:,} parts", "split the file")


def _next_event(events: _Events, builder: Builder, text: str, name: str) -> Event | None:
    """The next event, None after the last."""
    try:
        event: Event | None = events.get_event()  # type: ignore[no-untyped-call]
        return event
    except MarkedYAMLError as error:
        mistake = explain_syntax(error.problem or "", error.context or "")
        mark = error.context_mark if mistake.at_start else error.problem_mark
    except (ValueError, OverflowError):  # from int() and chr()
        mistake, mark = explain_syntax(OUT_OF_BOUNDS, ""), None
    place = _place(mark or events.get_mark(), name)
    line = text.split("\n", place.line)[place.line - 1]
    odd = look_alike(line)
    if odd:
        place = Place(name, place.line, odd[0] + 1)
    builder.stop(place, SYNTAX, line.strip() or "end of the file", odd[1] if odd else mistake.advice)


def _feed_node(builder: Builder, event: NodeEvent, place: Place) -> None:
    """A scalar, or the beginning of a mapping or list. Tags, anchors and aliases are refused."""
    tag = getattr(event, "tag", None)
    if tag is not None:
        tag = f"!!{tag.removeprefix(_CORE_TAG)}" if tag.startswith(_CORE_TAG) else tag
        builder.fault(place, builder.field(), tag, "tags are not used: delete it, or quote the text")
    if event.anchor is not None:
        alias = isinstance(event, AliasEvent)
        word, advice = ("*", "no aliases: write it out") if alias else ("&", "no anchors: delete it")
        builder.fault(place, builder.field(), f"{word}{event.anchor}", f"{advice}, or quote the text")
    if isinstance(event, ScalarEvent):
        builder.take_scalar(event.value, event.style, place)
    elif isinstance(event, CollectionStartEvent):
        builder.begin({} if isinstance(event, MappingStartEvent) else [], place)
    else:
        builder.take_value(None, place)  # in place of the alias


def _check_document(builder: Builder, event: DocumentStartEvent, number: int, place: Place) -> None:
    """Refuses a second document and directives other than YAML 1.2."""
    if number > 1:
        builder.stop(place, WHOLE_FILE, "a second document", "one document a file: delete this line")
    if event.version not in (None, (1, 2)):
        builder.fault(place, SYNTAX, "%YAML of another version", "YAML 1.2: delete this line")
    if event.tags:
        builder.fault(place, SYNTAX, "%TAG", "tags are not used: delete this line")


def _place(mark: Any, name: str) -> Place:
    """The place of a parser's mark, which counts from 0."""
    return Place(name, mark.line + 1, mark.column + 1)
