"""Structural choices of a case: the files in ``scenarios/variants/``, and what each would change in any scenario.

A variant is written as a scenario of its own, so that it can be run by name. Laid over another scenario it gives that
scenario's calendar and assumptions under the variant's structure.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.inputs.case_folder import find_case
from sim.inputs.overrides import settings
from sim.inputs.yaml_source import read_yaml

FOLDER = "variants"
DESCRIBES = ("schema", "extends", "title", "question", "note", "read_against")  # keys that change nothing in a run


@dataclass(frozen=True)
class Variant:
    """A named structural choice, and the ``--set`` strings that make it in any scenario of the case."""

    name: str
    title: str
    settings: tuple[str, ...]


def list_variants(case: Path | str | None = None) -> tuple[Variant, ...]:
    """The variants of a case, by name. Raises InputError for a file that cannot be read."""
    folder = find_case(case)
    paths = sorted((folder.scenarios / FOLDER).glob("*.y*ml"))
    return tuple(_variant(path, folder.display(path)) for path in paths)


def _variant(path: Path, shown: str) -> Variant:
    source = read_yaml(path, shown)
    data = source.data if isinstance(source.data, dict) else {}
    said = {key: value for key, value in data.items() if key not in DESCRIBES}
    return Variant(path.stem, str(data.get("title", path.stem)), settings([said]))
