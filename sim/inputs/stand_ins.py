"""Something harmless in the place of each faulty value, so that the rest of a file is looked at in the same pass."""

from __future__ import annotations

import copy
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from sim.inputs.schema import Problem, check, touches
from sim.inputs.yaml_source import KeyPath, Source

T = TypeVar("T")

MOST_ROUNDS = 8  # a whole is looked at when its parts are sound, and so on
_WORDS = ("x", "2018-03", "2018-03-29", "0" * 64)


@dataclass(frozen=True)
class Patched(Generic[T]):
    """Data in their form with stand-ins at ``faulty``, where the ``problems`` are; None where nothing can stand in."""

    given: T | None
    problems: list[Problem]
    faulty: frozenset[KeyPath]


def check_all(form: TypeAdapter[T], source: Source) -> Patched[T]:
    """Like `schema.check`, but what is sound in a faulty file comes back too."""
    checked = check(form, source)
    if checked.given is not None:
        return Patched(checked.given, [], frozenset())
    schema, data = form.json_schema(), copy.deepcopy(source.data)
    problems, faulty = list[Problem](), set[KeyPath]()
    for _ in range(MOST_ROUNDS):
        checked = check(form, Source(source.name, data, source.places, source.key_places))
        problems += [problem for problem in checked.problems if not touches(problem.path, faulty)]
        if checked.given is not None:
            return Patched(checked.given, problems, frozenset(faulty))
        for problem in checked.problems:
            path = next((each for each in _wider(problem.path) if each and each not in faulty), None)
            if path is None:
                return Patched(None, problems, frozenset(faulty))
            faulty.add(path)
            _replace(data, path, schema, faulty, at_key=problem.at_key and path == problem.path)
    return Patched(None, problems, frozenset(faulty))


def _wider(path: KeyPath) -> Iterator[KeyPath]:
    """The path, the entry of a list in which it lies, and that list."""
    yield path
    for end in reversed(range(len(path))):
        if isinstance(path[end], int):
            yield path[: end + 1]
            yield path[:end]
            return


def _replace(data: Any, path: KeyPath, schema: Mapping[str, Any], faulty: Collection[KeyPath], at_key: bool) -> None:
    inside = data
    for step in path[:-1]:
        try:
            inside = inside[step]
        except (KeyError, IndexError, TypeError):
            return  # what was around it is gone already
    if at_key:
        inside.pop(path[-1], None)
    elif isinstance(inside, list) and (sound := _sound_entries(inside, path[:-1], faulty)):
        inside[int(path[-1])] = copy.deepcopy(sound[0])
    else:
        inside[path[-1]] = _harmless(_schema_at(schema, schema, path), schema)


def _sound_entries(entries: list[Any], path: KeyPath, faulty: Collection[KeyPath]) -> list[Any]:
    """The entries of a list with no fault in them."""
    return [
        entry
        for at, entry in enumerate(entries)
        if not touches((*path, at), [each for each in faulty if len(each) > len(path)])
    ]


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
        return node["default"]
    node = _forms(node, root)[0] if node else node
    if "const" in node or "enum" in node:
        return node["const"] if "const" in node else node["enum"][0]
    match node.get("type"):
        case "object":
            return {name: _harmless(node["properties"][name], root) for name in node.get("required", ())}
        case "array":
            return [_harmless(node.get("items", {}), root) for _ in range(node.get("minItems", 0))]
        case "integer" | "number":
            return node.get("minimum", 0)
        case "boolean":
            return False
        case "null":
            return None
    return next(word for word in _WORDS if re.search(node.get("pattern", ""), word))
