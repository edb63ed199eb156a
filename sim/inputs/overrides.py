"""What a part of a scenario file changes, written as ``--set`` strings, so that it can be laid over any scenario."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

ADDED = ("events", "drop_events")  # lists that several changes add to


def settings(patches: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Patches as ``--set`` strings: lists of events add up, everything else stands beside each other."""
    together: dict[str, list[Any]] = {}
    single: list[str] = []
    for patch in patches:
        for key, value in patch.items():
            if key in ADDED:
                together.setdefault(key, []).extend(value)
            else:
                single += [f"{name}={json.dumps(leaf)}" for name, leaf in leaves(key, value)]
    return (*single, *(f"{key}={json.dumps(value)}" for key, value in together.items()))


def leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Dotted keys down to the first value that is no map."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from leaves(f"{name}.{key}", inner)
    else:
        yield name, value
