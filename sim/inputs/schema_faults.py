"""Checks the form of a file, and turns pydantic's errors into faults with places.

:func:`check` reports each place once, in plain words, with a near miss for unknown keys. The models are in the modules
of their files, their parts in `schema_types.py`.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from sim.errors import Fault, Place, did_you_mean, field_name
from sim.inputs.renamed_keys import REPLACED
from sim.inputs.schema_types import FILE, PARTIAL, WEB, percent, places_in
from sim.inputs.text_decoding import look_alike
from sim.inputs.yaml_source import KeyPath, Source

T = TypeVar("T", bound=BaseModel | Mapping[str, BaseModel])

_RANGE = "a number, or {low, mode, high}"
_TAGGED = {  # what a union allows, by the branch tried
    "<number>": _RANGE,
    "<claim>": "off, on, a credence such as 0.2 or 20%, or {weight: {low: 0.2, mode: 0.4, high: 0.6}}",
    "<credence>": "a credence from 0 to 1, such as 0.2 or 20%",
    "<package>": "off, on, or {STATE: {LEVER: share}}",
}
_WORDS = {
    "float_type": "a number",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "string_type": "text",
    "string_too_short": "some text",
    "string_too_long": "at most {max_length} characters",
    "greater_than_equal": "at least {ge:g}",
    "less_than_equal": "at most {le:g}",
    "list_type": "a list: [a, b] or lines that begin with -",
    "dict_type": "a map of keys and values",
    "model_type": "a map of keys and values",
    "model_attributes_type": "a map of keys and values",
    "too_short": "at least {min_length} of them",
    "too_long": "at most {max_length} of them",
    "allowed": "{allowed}",
}
_PATTERNS = {
    r"^(\d{4}-(?:0[1-9]|1[0-2])|\d{1,4}) ([A-Za-z]\w*)(?: ([A-Za-z]\w*))?$": "a month and states: 2018-06 and a state",
    "^[A-Za-z][A-Za-z0-9_]*$": "a name of letters, digits and underscores, beginning with a letter",
    "^[a-z0-9]+(-[a-z0-9]+)*$": "a name of small letters and digits, with single hyphens between them",
    WEB: "an address that begins with https:// or http://, or no url",
    FILE: "the name of a file in the folder of documents, without folders",
    "^[0-9a-f]{64}$": "64 hexadecimal digits, with small letters",
}
_NUMBER = re.compile(r"[-+]?(\d+[.,]\d+|\d+|[.,]\d+)", re.ASCII)  # also with a comma, or in quotation marks
_TYPE_ERRORS = ("float_type", "allowed", "dict_type")
_TAGS = frozenset((*_TAGGED, "<map>"))  # steps that pydantic puts in for the branch of a union
_AT_KEY = "[key]"  # the step that it adds where the key itself is faulty
MOST_NEAR_MISSES = 100  # in one file: searching for more takes long, and so many names are not misspelled


@dataclass(frozen=True)
class Problem:
    """A fault of a source before it has its place: at the key or at the value of `path`."""

    path: KeyPath
    value: str
    allowed: str
    at_key: bool = False
    missing: bool = False

    def fault(self, source: Source) -> Fault:
        """The fault, at its place in the source or at the nearest place around it."""
        place = place_of(source, self.path, at_key=self.at_key)
        word = str(self.path[-1]) if self.at_key and self.path else self.value
        odd = look_alike(word)
        allowed = f"{odd[1]}; {self.allowed}" if odd else self.allowed
        return Fault(place, field_name(_in_its_file(source, self.path)[1]) or "file", self.value, allowed)


def _in_its_file(source: Source, path: KeyPath) -> tuple[Source, KeyPath]:
    """The file of a value and its path there, where a source was put together from several."""
    rows = source.rows.get(str(path[0]), ()) if len(path) > 1 else ()
    if rows and isinstance(path[1], int) and path[1] < len(rows):
        file, at = rows[path[1]]
        return file, (path[0], at, *path[2:])
    return source, path


def place_of(source: Source, path: KeyPath, *, at_key: bool = False) -> Place:
    """The place of the value (or key) at `path`, or of the nearest thing around it that has a place."""
    source, path = _in_its_file(source, path)
    if at_key and path in source.key_places:
        return source.key_places[path]
    for length in range(len(path), 0, -1):
        if path[:length] in source.places:
            return source.places[path[:length]]
    for inner, place in source.places.items():  # an option gives a value deep inside and nothing around it
        if path and inner[: len(path)] == path:
            return place
    if () in source.places:
        return source.places[()]
    return Place(source.name, 1, 1)


def check(form: TypeAdapter[T], source: Source, context: str | None = None) -> tuple[T | None, list[Fault]]:
    """The data of a source as the form makes them (None if they are invalid), and every fault of their form.

    A value with a fault of its YAML gets no other fault, and nothing is missing in one file of several.
    """
    try:
        return form.validate_python(source.data, context=context), []
    except ValidationError as error:
        found: dict[KeyPath, Problem] = {}
        unknown_keys = 0
        for details in error.errors(include_url=False):
            unknown_keys += details["type"] == "extra_forbidden"
            problem = _problem(details, source.data, form, near=unknown_keys <= MOST_NEAR_MISSES)
            found.setdefault(problem.path, problem)
        reported = {fault.place for fault in source.faults}
        problems = _without_misspelled(list(found.values()))
        faults = [each.fault(source) for each in problems if not (each.missing and context == PARTIAL)]
        return None, [fault for fault in faults if fault.place not in reported]


def check_file(form: TypeAdapter[T], source: Source) -> tuple[T | None, list[Fault]]:
    """The data of a file as the form makes them (None if they are invalid), and the faults of its YAML and its form."""
    given, faults = check(form, source)
    return given, [*source.faults, *faults]


def _without_misspelled(problems: list[Problem]) -> list[Problem]:
    """The problems, without missing keys that are only misspelled: the misspelled key is reported."""
    meant = {(*each.path[:-1], each.allowed) for each in problems if each.at_key and each.path}

    def misspelled(each: Problem, names: Sequence[str]) -> bool:
        return any((*each.path[:-1], unknown(name, (name,), "")) in meant for name in names)

    corners = ("low", "mode", "high")
    return [
        each
        for each in problems
        if each.value != "missing" or not each.path or not misspelled(each, (str(each.path[-1]), *corners))
    ]


def show(value: Any) -> str:
    """A value of a file in a few words."""
    if value is None:
        return "nothing"
    if isinstance(value, dict):
        short = 0 < len(value) <= 4 and not any(isinstance(item, dict | list) for item in value.values())
        return f"{{{', '.join(f'{key}: {show(item)}' for key, item in value.items())}}}" if short else "a map"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) or '""'


def unknown(word: str, known: Iterable[str], what: str, *, near: bool = True) -> str:
    """What is allowed instead of an unknown name: its replacement in a later version of the model, else a near miss
    (with ``near``), else all known names.
    """
    if word in REPLACED:
        return REPLACED[word]
    names = sorted(known)
    meant = did_you_mean(word, names) if near else ""
    if meant:
        return meant.strip(" ()")
    return f"{what}: {', '.join(names[:24])}{', …' if len(names) > 24 else ''}" if names else what


def _problem(details: ErrorDetails, data: Any, form: TypeAdapter[Any], *, near: bool) -> Problem:
    kind, context = details["type"], details.get("ctx") or {}
    steps, tags = _steps(details["loc"], data)
    if len(steps) > 1 and steps[-1] == _AT_KEY and details["input"] == steps[-2]:
        return Problem(steps[:-1], show(steps[-2]), _words(details, context), at_key=True)
    if kind == "missing":
        info = _fields(form, steps[:-1]).get(str(steps[-1]))
        needed = f"it is needed: {info.description}" if info and info.description else "it is needed"
        return Problem(steps, "missing", needed, missing=not any(isinstance(step, int) for step in steps))
    if kind == "extra_forbidden":
        keys = _fields(form, steps[:-1]).keys()
        allowed = (
            _split_at_a_comma(steps, data)
            or _meant_credence(steps, data, keys)
            or _meant_assume(steps, form)
            or unknown(str(steps[-1]), keys, "allowed", near=near)
        )
        return Problem(steps, "no such key", allowed, at_key=True)
    value = value_at(data, steps)
    if value is None and steps and (split := _split_at_a_comma(steps, data)):
        return Problem(steps, "no such key", split, at_key=True)
    if isinstance(value, str) and (kind in ("float_type", "int_type") or tags) and _NUMBER.fullmatch(value.strip()):
        number = value.strip().replace(",", ".")
        return Problem(steps, show(value), f"write {number}{' without quotation marks' * (number == value)}")
    if not (tags or isinstance(value, dict)) and _fields(form, steps).keys() == {"low", "mode", "high"}:
        return Problem(steps, show(value), _around(value))
    if tags and kind in _TYPE_ERRORS and not isinstance(value, dict):
        return Problem(steps, show(value), _TAGGED[tags[-1]])
    if kind == "literal_error":
        options = [option.strip("'") for option in str(context["expected"]).replace(" or ", ", ").split(", ")]
        meant = did_you_mean(value, options) if isinstance(value, str) else ""
        return Problem(steps, show(value), f"{'one of' if len(options) > 1 else 'only'} {', '.join(options)}{meant}")
    return Problem(steps, show(value), _words(details, context))


def _around(value: Any) -> str:
    """What to write where a share stands in place of a range: it as the mode, and a guess of how far it may be off."""
    mode = percent(value)
    if isinstance(mode, bool) or not isinstance(mode, int | float) or not 0 <= mode <= 1:
        return "{low: 0.2, mode: 0.4, high: 0.6}, from 0 to 1"
    low, high = max(0, mode - 0.2), min(1, mode + 0.2)
    return f"write {{low: {low:.3g}, mode: {mode:g}, high: {high:.3g}}} with your own lowest and highest"


def _meant_credence(steps: KeyPath, data: Any, keys: Collection[str]) -> str:
    """What to write where a claim's credence was called something else, `{claim: 0.6}` or `{probability: 60%}`, or its
    weight not called at all.
    """
    value = value_at(data, steps)
    if set(keys) == {"credence", "weight"} and steps[-1] in ("low", "mode", "high"):
        return "write weight: {low: 0.2, mode: 0.4, high: 0.6}"
    number = isinstance(value, int | float) or (
        isinstance(value, str) and value.rstrip(" %").replace(".", "").isdigit()
    )
    wrong = set(keys) != {"credence", "weight"} or isinstance(value, bool) or not number
    return "" if wrong or did_you_mean(str(steps[-1]), keys) else f"write credence: {show(value)}"


def _meant_assume(steps: KeyPath, form: TypeAdapter[Any]) -> str:
    """Where to write what is assumed, such as `claims:`, that was written one level too far out."""
    inside = str(steps[-1]) in _fields(form, (*steps[:-1], "assume"))
    return f"write assume: and {steps[-1]}: below it, further in" if inside else ""


def _split_at_a_comma(steps: KeyPath, data: Any) -> str:
    """What to write where `{credence: 0,3}` or `{note: one thing, and another}` was read as two entries."""
    around = value_at(data, steps[:-1])
    if not isinstance(around, dict):
        return ""
    keys = list(around)
    at = keys.index(steps[-1]) if steps[-1] in keys else 0
    before = around[keys[at - 1]] if at else None
    if str(steps[-1]).isdigit() and around[steps[-1]] is None and type(before) is int:
        return f"write {keys[at - 1]}: {before}.{steps[-1]} with a point"
    if around[steps[-1]] is None and isinstance(before, str) and " " in f"{before}{steps[-1]}":
        return f'write {keys[at - 1]}: "{before}, {steps[-1]}" with quotation marks'
    return ""


def _steps(location: Iterable[str | int], data: Any) -> tuple[KeyPath, list[str]]:
    """The path of pydantic's location, and the tags in it. A key of the data is always a step of the path."""
    steps: list[str | int] = []
    tags: list[str] = []
    for step in location:
        written = isinstance(data, dict) and step in data
        if step in _TAGS and not written:
            tags += [str(step)] if step in _TAGGED else []
            continue
        steps.append(step)
        data = value_at(data, (step,))
    return tuple(steps), tags


def _words(details: ErrorDetails, context: Mapping[str, Any]) -> str:
    if details["type"] == "string_pattern_mismatch":
        return _PATTERNS.get(context["pattern"], "another form")
    words = _WORDS.get(details["type"])
    return words.format_map(context) if words else details["msg"]


def value_at(data: Any, path: Iterable[str | int]) -> Any:
    """The value at a path, None where there is none."""
    for step in path:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _fields(form: TypeAdapter[Any], path: KeyPath) -> Mapping[str, FieldInfo]:
    """The keys that are allowed at a path inside a form."""
    places = [places_in(form)]
    for step in path:
        places = [place.inside[key] for place in places for key in (step, dict, list) if key in place.inside]
    return {key: info for place in reversed(places) for key, info in place.keys.items()}


class Findings:
    """The faults found so far in one source, so that all of them are reported at once.

    A place with a fault that was `reported` before (of the YAML, or of the form of a value) gets no other.
    """

    def __init__(self, source: Source, reported: Iterable[Fault] = ()) -> None:
        self.source = source
        self.faults: list[Fault] = []
        self._reported = {fault.place for fault in (*source.faults, *reported) if fault.value != "missing"}
        self._unknown = 0

    def add(self, path: KeyPath, value: str, allowed: str, *, at_key: bool = False) -> None:
        """Notes a fault of the value (or key) at a path."""
        fault = Problem(path, value, allowed, at_key=at_key).fault(self.source)
        if fault.place not in self._reported:
            self.faults.append(fault)

    def known(
        self, path: KeyPath, word: str, names: Collection[str] | None, what: str, *, at_key: bool = False
    ) -> bool:
        """Whether a word is one of the names, if these are known; if not, that is a fault: a `what` is needed."""
        if names is None or word in names:
            return True
        self._unknown += 1
        allowed = unknown(word, names, f"a {what}", near=self._unknown <= MOST_NEAR_MISSES)
        self.add(path, f"no such {what}" if at_key else show(word), allowed, at_key=at_key)
        return False
