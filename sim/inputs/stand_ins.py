"""Something harmless in the place of each faulty value, so that the rest of a file is looked at in the same pass."""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from sim.errors import Fault
from sim.inputs.schema_faults import Faulty, Problem, check, news, value_at
from sim.inputs.yaml_source import MOST_EVENTS, KeyPath, Source

T = TypeVar("T")

MOST_ROUNDS = 8  # a whole is looked at when its parts are sound, and so on
_WORDS = ("x", "2018-03", "2018-03-29", "0" * 64)


@dataclass(frozen=True)
class Patched(Generic[T]):
    """Data in their form with stand-ins at ``faulty``, where the ``problems`` are; None where nothing can stand in."""

    given: T | None
    problems: list[Problem]
    faulty: frozenset[KeyPath]
    data: Any  # the same as plain data

    def faults(self, source: Source) -> list[Fault]:
        """The faults of the YAML itself and of its form."""
        return [*source.faults, *news([problem.fault(source) for problem in self.problems], source)]


def check_all(form: TypeAdapter[T], source: Source) -> Patched[T]:
    """Like `schema.check`, but what is sound in a faulty file comes back too."""
    checked = check(form, source)
    if checked.given is not None:
        return Patched(checked.given, [], frozenset(), source.data)
    schema, data = form.json_schema(), copy.deepcopy(source.data)
    problems, faulty = list[Problem](), Faulty()
    for turn in range(MOST_ROUNDS):
        if turn:
            checked = check(form, Source(source.name, data, source.places, source.key_places))
        problems += [problem for problem in checked.problems if not faulty.touches(problem.path)]
        if checked.given is not None:
            return Patched(checked.given, problems, frozenset(faulty.paths), data)
        replaced = _to_replace(checked.problems, faulty)
        if not all(replaced):
            break
        for path in replaced:
            faulty.add(path)
        _replace_all(data, replaced, schema, faulty)
    return Patched(None, problems, frozenset(faulty.paths), data)


def _to_replace(problems: list[Problem], faulty: Faulty) -> dict[KeyPath, bool]:
    """What something is to stand in for, and whether its key is to go; an empty path where nothing can stand in."""
    found: dict[KeyPath, bool] = {}
    for problem in problems:
        path = next((each for each in _wider(problem.path) if each and each not in faulty.paths), ())
        found[path] = problem.at_key and path == problem.path
    return found


def _wider(path: KeyPath) -> Iterator[KeyPath]:
    """The path, the entry of a list in which it lies, and that list."""
    yield path
    for end in reversed(range(len(path))):
        if isinstance(path[end], int):
            yield path[: end + 1]
            yield path[:end]
            return


def _replace_all(data: Any, replaced: Mapping[KeyPath, bool], schema: Mapping[str, Any], faulty: Faulty) -> None:
    """Puts something harmless at each path; at the entry of a list a copy of a sound one, if there is one."""
    wanted = Counter(path[:-1] for path in replaced)
    entries: dict[KeyPath, Any] = {}  # by list: what stands in for each faulty entry of it
    for path, key_goes in sorted(replaced.items(), key=lambda each: -len(each[0])):  # parts of an entry before entries
        inside, around = value_at(data, path[:-1]), path[:-1]
        if isinstance(inside, list) and isinstance(path[-1], int) and path[-1] < len(inside):
            if around not in entries:
                sound = _sound_entry(inside, around, faulty, wanted[around])
                entries[around] = sound[0] if sound else _harmless(_schema_at(schema, schema, path), schema)
            inside[path[-1]] = copy.deepcopy(entries[around])
        elif isinstance(inside, dict) and key_goes:
            inside.pop(path[-1], None)
        elif isinstance(inside, dict):
            inside[path[-1]] = _harmless(_schema_at(schema, schema, path), schema)


def _sound_entry(entries: list[Any], around: KeyPath, faulty: Faulty, copies: int) -> list[Any]:
    """The first entry of a list with no fault in it, else one in which something stands in for its faults; nothing
    where so many copies of it would be too much.
    """
    paths = [(*around, at) for at in range(len(entries))]
    sound = [at for at, path in enumerate(paths) if path not in faulty]
    mended = [at for at, path in enumerate(paths) if path not in faulty.paths]
    at = next(iter([*sound[:1], *mended[:1]]), None)
    return [] if at is None or copies * _parts(entries[at]) > MOST_EVENTS else [entries[at]]


def _parts(value: Any) -> int:
    """How many values there are in one."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(_parts, inner))


def _schema_at(node: Mapping[str, Any], root: Mapping[str, Any], path: KeyPath) -> Mapping[str, Any]:
    """What may stand at a path."""
    if not path:
        return node
    step = path[0]
    for form in _forms(node, root):
        any_key = [form.get("additionalProperties"), *form.get("patternProperties", {}).values()]
        inner = [form.get("items")] if isinstance(step, int) else [form.get("properties", {}).get(step), *any_key]
        for each in inner:
            if isinstance(each, Mapping) and (found := _schema_at(each, root, path[1:])):
                return found
    return {}


def _forms(node: Mapping[str, Any], root: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The alternatives of a node, with references followed."""
    if "$ref" in node:
        return _forms(root["$defs"][node["$ref"].rsplit("/", 1)[-1]], root)
    several = node.get("anyOf") or node.get("oneOf")
    return [form for each in several for form in _forms(each, root)] if several else [node]


def _harmless(node: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    """The plainest value of a form."""
    if "default" in node:
        return copy.deepcopy(node["default"])
    node = _forms(node, root)[0] if node else node
    if "const" in node or "enum" in node:
        return node["const"] if "const" in node else node["enum"][0]
    match node.get("type"):
        case "object":
            return _harmless_map(node, root)
        case "array":
            return [_harmless(node.get("items", {}), root) for _ in range(node.get("minItems", 0))]
        case "integer" | "number":
            return node.get("minimum", 0)
        case "boolean":
            return False
        case "null":
            return None
    return next(word for word in _WORDS if re.search(node.get("pattern", ""), word))


def _harmless_map(node: Mapping[str, Any], root: Mapping[str, Any]) -> dict[str, Any]:
    """A map with what is needed in it, or with as many entries as are needed."""
    found = {name: _harmless(node["properties"][name], root) for name in node.get("required", ())}
    any_key = [*node.get("patternProperties", {}).values(), node.get("additionalProperties")]
    form = next((each for each in any_key if isinstance(each, Mapping)), {})
    for count in range(1, node.get("minProperties", 0) - len(found) + 1):
        found["x" * count] = _harmless(form, root)
    return found
