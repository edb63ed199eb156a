"""Safe YAML: turns text into plain values and records where each was written.

Only this module uses the YAML parser. Values are built directly from its events and limits are checked meanwhile, so
that no hostile file is ever built in memory. Tags, anchors, aliases and merge keys are refused, a key is given once,
and :mod:`sim.inputs.yaml_scalars` reads unquoted words.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

from yaml.error import Mark, MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
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

from sim.errors import Fault, InputError, Place, field_name
from sim.inputs.text_decoding import check_text, look_alike, read_text
from sim.inputs.yaml_mistakes import OUT_OF_BOUNDS, explain_syntax
from sim.inputs.yaml_scalars import OddScalarError, read_plain

try:
    from yaml import CBaseLoader
except ImportError:  # PyYAML was built without libyaml
    CBaseLoader = None  # type: ignore[assignment,misc]

KeyPath = tuple[str | int, ...]

MOST_EVENTS = 50_000
MOST_LEVELS = 32
WHOLE_FILE = "file"  # the field of a fault that has none
SYNTAX: KeyPath = ("YAML",)  # the field of broken syntax

_REFUSED = "?"  # the key in place of one that is refused
_KEY_ADVICE = "a key is one word or quoted text"
_UNSAFE_ESCAPE = re.compile("[\0\ud800-\udfff]")  # cannot stand in a file name, cannot be printed
_ODD_INDENTATION = re.compile("^[^\\S\\n]*[\u00a0\u200b\u2007\u202f\u3000][^\\S\\n]*", re.MULTILINE)
_WIDE_COLON = re.compile("\\s*[\\w-]+\uff1a")
_READ_DIFFERENTLY = re.compile(r"\t|[|>][-+\d]*#")
_CORE_TAG = "tag:yaml.org,2002:"


LAST_LOADED = 16  # what was made of these sources is kept: scenarios are loaded again and again, unchanged


@dataclass(frozen=True, eq=False)  # compared by identity, so that results for it can be cached
class Source:
    """The values of a YAML text and their places.

    `data` is made of dict, list, str, int, float, bool and None. `places` maps the path of every value (keys
    and indices, `()` for the whole) to its place; `key_places` maps the path of every entry of a mapping to
    the place of its key. `faults` are those of the YAML itself; a value was put in their place. Where several files
    were merged, `rows` says of each summit and event in which file it was written, and its number there.
    """

    name: str
    data: Any
    places: Mapping[KeyPath, Place]
    key_places: Mapping[KeyPath, Place]
    faults: tuple[Fault, ...] = ()
    rows: Mapping[str, Sequence[tuple[Source, int]]] = field(default_factory=dict)


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
    """The values of one YAML document and its faults. Raises InputError where a fault makes the rest unreadable.

    libyaml's parser reads what has no fault. PyYAML's own reads all else, and what the two read differently (tabs, a
    comment at a block of text, a question mark in braces, nothing where words could stand), so that all machines say
    the same.
    """
    text = check_text(text, name)
    if CBaseLoader is not None and not _READ_DIFFERENTLY.search(text):
        with suppress(YAMLError, ValueError, OverflowError, InputError):
            quick = _Document(text, name, _QuickEvents(text))
            source = quick.source()
            if not source.faults and not quick.unlike:
                return source
    return _Document(text, name, _Events(text)).source()


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
            replace(fault, place=option, field="value" if fault.field in (WHOLE_FILE, *SYNTAX) else fault.field)
            for fault in error.faults
        ) from None


class _QuickEvents:
    """The events of libyaml, ten times as fast. Depth cannot crash it: it builds nothing, and stops at 1,000 levels."""

    def __init__(self, text: str) -> None:
        self.get_event = CBaseLoader(text).get_event

    def get_mark(self) -> Mark:
        """No place: a text with a fault is read again by the parser that has places."""
        return Mark("", 0, 0, 0, "", 0)


class _Events(Reader, Scanner, Parser):
    """PyYAML's pure-Python parser without what builds values."""

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


class _Document:
    """Reads a text event by event into values, their places and the faults in them."""

    def __init__(self, text: str, name: str, events: _Events | _QuickEvents) -> None:
        self.text = text
        self.name = name
        self.events = events
        self.left = MOST_EVENTS + 1
        self.flows = 0  # brackets and braces around what is read
        self.unlike = False  # whether the two parsers may read it differently
        self.places: dict[KeyPath, Place] = {}
        self.key_places: dict[KeyPath, Place] = {}
        self.faults: list[Fault] = []

    def check_indentation(self) -> None:
        """Notes lines that are indented by something that only looks like spaces. Raises InputError after the last."""
        for found in _ODD_INDENTATION.finditer(self.text):
            odd = look_alike(found[0])
            if odd:
                place = Place(self.name, self.text.count("\n", 0, found.start()) + 1, odd[0] + 1)
                self.fault(place, SYNTAX, "the indentation of this line", odd[1])
        if self.faults:
            raise InputError(self.faults)

    def source(self) -> Source:
        """The values, their places and their faults. Raises InputError where a fault makes the rest unreadable."""
        self.check_indentation()
        data = self.read()
        if not self.places:
            self.stop(Place(self.name, 1, 1), (), "empty", "write something")
        return Source(self.name, data, self.places, self.key_places, tuple(self.faults))

    def read(self) -> Any:
        """The value of the only document. Raises InputError for limits and broken syntax at once."""
        data, documents = None, 0
        while (event := self.next()) is not None:
            if isinstance(event, NodeEvent):
                data = self.value(event, ())
            elif isinstance(event, DocumentStartEvent):
                documents += 1
                self.check_document(event, documents)
        return data

    def next(self) -> Event | None:
        """The next event, None after the last."""
        if not self.left:
            self.stop(self.place(self.events.get_mark()), (), f"more than {MOST_EVENTS:,} parts", "split the file")
        self.left -= 1
        try:
            event: Event | None = self.events.get_event()
            return event
        except MarkedYAMLError as error:
            mistake = explain_syntax(error.problem or "", error.context or "")
            mark = error.context_mark if mistake.at_start else error.problem_mark
        except (ValueError, OverflowError):  # from int() and chr()
            mistake, mark = explain_syntax(OUT_OF_BOUNDS, ""), None
        place = self.place(mark or self.events.get_mark())
        lines = self.text.split("\n", place.line)[: place.line]
        line, odd = lines[-1], look_alike(lines[-1])
        if odd is None and len(lines) > 1 and _WIDE_COLON.match(lines[-2]):  # no key, so that the next line fails
            line, odd, place = lines[-2], look_alike(lines[-2]), replace(place, line=place.line - 1)
        if odd:
            place = replace(place, column=odd[0] + 1)
        self.stop(place, SYNTAX, line.strip() or "end of the file", odd[1] if odd else mistake.advice)

    def check_document(self, event: DocumentStartEvent, number: int) -> None:
        """Refuses a second document and directives other than YAML 1.2."""
        place = self.place(event.start_mark)
        if number > 1:
            self.stop(place, (), "a second document", "one document a file: delete this line")
        if event.version not in (None, (1, 2)):
            self.fault(place, SYNTAX, "%YAML of another version", "YAML 1.2: delete this line")
        if event.tags:
            self.fault(place, SYNTAX, "%TAG", "tags are not used: delete this line")

    def value(self, event: NodeEvent, path: KeyPath, key_of: KeyPath | None = None) -> Any:
        """The value that begins with this event. ``key_of`` is the map of which it is a key, and so is refused."""
        field = path if key_of is None else key_of
        place = self.check_node(event, field)
        if isinstance(event, ScalarEvent) and not (path or event.value or event.style):
            return None  # a document without content
        if isinstance(event, CollectionStartEvent) and len(path) == MOST_LEVELS:
            self.stop(place, field, "nested too deeply", f"at most {MOST_LEVELS} levels")
        if isinstance(event, CollectionStartEvent) and key_of is not None:
            self.fault(place, field, "a list or mapping as a key", _KEY_ADVICE)
        self.places[path] = place
        if isinstance(event, CollectionStartEvent):
            self.flows += bool(event.flow_style)
            found = self.mapping(path) if isinstance(event, MappingStartEvent) else self.rows(path)
            self.flows -= bool(event.flow_style)
            return found
        return self.scalar(event, path, place) if isinstance(event, ScalarEvent) else None  # None for an alias

    def mapping(self, path: KeyPath) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while isinstance(event := self.next(), NodeEvent):
            key = self.key(event, path, found)
            inner = self.next()
            assert isinstance(inner, NodeEvent)
            found[key] = self.value(inner, (*path, key))
        return found

    def rows(self, path: KeyPath) -> list[Any]:
        found: list[Any] = []
        while isinstance(event := self.next(), NodeEvent):
            found.append(self.value(event, (*path, len(found))))
        return found

    def key(self, event: NodeEvent, around: KeyPath, taken: Collection[str]) -> str:
        """A key of a map: always text, given once."""
        if not isinstance(event, ScalarEvent):
            self.value(event, (*around, _REFUSED), around)
            return _REFUSED
        place = self.check_node(event, around)
        key, path = event.value, (*around, event.value)
        if not event.style and key == "":
            self.fault(place, around, "no key", "write a key before the colon")
        elif not event.style and key == "<<":
            self.fault(place, around, key, "no merge keys: write the keys out")
        elif event.style in ("|", ">"):
            self.fault(place, around, "a block of text", _KEY_ADVICE)
        elif key in taken:
            self.fault(place, path, "given twice", f"keep one; the first is at {self.key_places[path]}")
        self.key_places.setdefault(path, place)
        return key

    def scalar(self, event: ScalarEvent, path: KeyPath, place: Place) -> Any:
        """A quoted text, or the meaning of an unquoted word."""
        if event.style:
            return event.value
        try:
            return read_plain(event.value)
        except OddScalarError as odd:
            self.fault(place, path, event.value, str(odd))
            return event.value

    def check_node(self, event: NodeEvent, field: KeyPath) -> Place:
        """The place of a node; tags, anchors, aliases and escapes of what cannot be printed are refused."""
        place = self.place(event.start_mark)
        tag = getattr(event, "tag", None)
        if tag is not None:
            tag = f"!!{tag.removeprefix(_CORE_TAG)}" if tag.startswith(_CORE_TAG) else tag
            self.fault(place, field, tag, "tags are not used: delete it, or quote the text")
        if event.anchor is not None:
            alias = isinstance(event, AliasEvent)
            word, advice = ("*", "no aliases: write it out") if alias else ("&", "no anchors: delete it")
            self.fault(place, field, f"{word}{event.anchor}", f"{advice}, or quote the text")
        if isinstance(event, ScalarEvent) and not event.style:
            self.unlike |= not event.value or ("?" in event.value and self.flows > 0)
        if isinstance(event, ScalarEvent) and event.style == '"' and _UNSAFE_ESCAPE.search(event.value):
            self.fault(place, field, "\\0 or half a character", "delete this escape")
        return place

    def place(self, mark: Any) -> Place:
        """The place of a parser's mark, which counts from 0."""
        return Place(self.name, mark.line + 1, mark.column + 1)

    def fault(self, place: Place, field: KeyPath, value: str, allowed: str) -> None:
        """Notes a fault and goes on."""
        self.faults.append(Fault(place, field_name(field) or WHOLE_FILE, value, allowed))

    def stop(self, place: Place, field: KeyPath, value: str, allowed: str) -> NoReturn:
        """Notes a last fault. Raises InputError."""
        self.fault(place, field, value, allowed)
        raise InputError(self.faults)
