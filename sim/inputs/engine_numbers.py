"""The numbers that the engine reads in every case: the range in which each works, and its default. They are in
`engine_numbers.yaml`, in the form of a case's own numbers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sim import vocabulary
from sim.inputs.yaml_source import read_yaml

FILE = Path(__file__).with_suffix(".yaml")
OF_EACH_STATE = "shortfall_STATE"  # stands for one number of each state


@dataclass(frozen=True)
class EngineNumber:
    """A number of the engine. From ``low`` to ``high`` the model works; a case says what is plausible within it."""

    low: float
    high: float
    meaning: str


def engine_numbers(section: str, states: Iterable[str]) -> dict[str, EngineNumber]:
    """The engine's numbers in a case's `parameters` or `constants`, by name; empty for any other section."""
    written = _written(section, states) if section in ("parameters", "constants") else {}
    return {name: EngineNumber(each["within"][0], each["within"][1], each["meaning"]) for name, each in written.items()}


def with_defaults(data: Mapping[str, Any]) -> dict[str, Any]:
    """Raw data of a case, completed by the engine's defaults for the numbers that it does not give.

    A case without `issues:` bargains over its levers: each is an issue of its own.
    """
    states, variables = data.get("states"), data.get("variables")
    completed = dict(data)
    for section in _file():
        given = data.get(section)
        if given is None or isinstance(given, dict):
            written = _written(section, states if isinstance(states, dict) else ())
            completed[section] = {**(given or {}), **{k: each for k, each in written.items() if k not in (given or {})}}
    if "issues" not in data and isinstance(variables, dict):
        completed["issues"] = {
            name: {"now": name, "after": vocabulary.after(name), "moved_by": [name], "label": each.get("label", name)}
            for name, each in variables.items()
            if isinstance(each, dict) and each.get("kind") == "lever" and name.isidentifier()
        }
    return completed


def in_words(section: str) -> str:
    """The text on the engine's numbers that an editor shows."""
    entries = (
        f"{name}, {of.low:g} to {of.high:g}: {of.meaning}" for name, of in engine_numbers(section, ["STATE"]).items()
    )
    return f"The engine's own, each with a default: {'; '.join(entries)}."


@cache
def _file() -> dict[str, dict[str, Any]]:
    return read_yaml(FILE, FILE.name).data


def _written(section: str, states: Iterable[str]) -> dict[str, Any]:
    """The entries of a section of the file; the one that stands for each state is repeated for every state."""
    found = dict(_file()[section])
    of_state = found.pop(OF_EACH_STATE, None)
    return found | ({OF_EACH_STATE.replace("STATE", state): of_state for state in states} if of_state else {})
