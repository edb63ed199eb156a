"""Writes and reads changes of a scenario as ``--set KEY=VALUE`` strings."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sim.errors import Fault, InputError, Place
from sim.inputs.safe_text import escaped
from sim.inputs.yaml_source import KeyPath, Source, parse_value

ADDED = ("events", "drop_events", "drop_summits")  # lists that several changes add to
_PLAIN = re.compile(r"[^.=\s]+")  # a key that can be part of a dotted one


def settings(patches: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Patches as ``--set`` strings, one for each value; the lists of events of all patches become one list."""
    together: dict[str, list[Any]] = {}
    single: list[str] = []
    for patch in patches:
        for key, value in patch.items():
            if key in ADDED and isinstance(value, list):
                together.setdefault(key, []).extend(value)
            else:
                single += [f"{name}={_written(leaf)}" for name, leaf in leaves(key, value)]
    return (*single, *(f"{key}={_written(value)}" for key, value in together.items()))


def _written(value: Any) -> str:
    return escaped(json.dumps(value, ensure_ascii=False))


def leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Dotted keys down to the first value that is no map, or has a key that cannot be part of a dotted one."""
    if isinstance(value, dict) and value and all(map(_PLAIN.fullmatch, value)):
        for key, inner in value.items():
            yield from leaves(f"{name}.{key}", inner)
    else:
        yield name, value


def read_overrides(overrides: Sequence[str], claims: Collection[str] = ()) -> tuple[Source | None, list[Fault]]:
    """The data of the `--set KEY=VALUE` strings, if any, and the faults of those that cannot be read.

    A claim's name alone is short for `assume.claims.NAME`.
    """
    data: dict[str, Any] = {}
    places: dict[KeyPath, Place] = {}
    faults: list[Fault] = []
    for text in overrides:
        key, equals, written = text.partition("=")
        key = key.strip()
        path = ("assume", "claims", key) if key in claims else tuple(key.split("."))
        place = Place(f"--set {key}", 0, 0)
        if not equals or not all(path) or len(path) > 16:
            faults.append(Fault(Place("--set", 0, 0), "option", text, "KEY=VALUE, such as assume.parameters.a0=0.5"))
        elif path[0] in ("extends", "schema"):
            faults.append(Fault(place, path[0], written, "a key that says what happens or what is assumed"))
        else:
            try:
                value = parse_value(written, place.file) if written.strip() else None
            except InputError as error:
                faults += error.faults
                continue
            _put(data, path, value)
            _note_places(places, path, value, place)
    return (Source("--set", data, places, places) if data else None), faults


def _put(data: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for step in path[:-1]:
        inner = data.get(step)
        if not isinstance(inner, dict):
            inner = data[step] = {}
        data = inner
    data[path[-1]] = value


def _note_places(places: dict[KeyPath, Place], path: KeyPath, value: Any, place: Place) -> None:
    places[path] = place
    for step, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        _note_places(places, (*path, step), inner, place)
