"""Lists the scenarios and structural variants of a case without resolving them.

A variant (`scenarios/variants/`) is written as a scenario, so that it can be run by name. Applied to another scenario
it gives that scenario's calendar and assumptions under the variant's structure.
"""

from dataclasses import dataclass
from pathlib import Path

from sim.inputs.case_folder import RECORDS, find_case
from sim.inputs.layers import DESCRIBES, Reading, settings
from sim.inputs.yaml_source import read_yaml

VARIANTS = "variants"


@dataclass(frozen=True)
class Listed:
    """A scenario's or a record's name, title and question, and the scenario it is read against, as written."""

    name: str
    title: str
    question: str
    read_against: str | None


def listed_scenarios(case: Path | str | None = None) -> tuple[Listed, ...]:
    """The scenarios in the case's folder, by name; one that cannot be read says so in its title."""
    reading = Reading(find_case(case))
    return tuple(_listed(reading, path) for path in reading.folder.listed())


def listed_records(case: Path | str | None = None) -> tuple[Listed, ...]:
    """The records of what happened in the case's folder, by name."""
    reading = Reading(find_case(case))
    return tuple(_listed(reading, path) for path in reading.folder.inside(RECORDS))


def _listed(reading: Reading, path: Path) -> Listed:
    source = reading.read_layer(path)
    data = source.data if source and isinstance(source.data, dict) else {}
    if source is None or source.faults:
        data = {"title": f"cannot be read; see: summitry check {path.name}"}
    against = data.get("read_against")
    title, question = (str(data.get(key, "")) for key in ("title", "question"))
    return Listed(path.stem, title, question, str(against) if against else None)


@dataclass(frozen=True)
class StructuralVariant:
    """A named structural choice, and the ``--set`` strings that make it in any scenario of the case."""

    name: str
    title: str
    settings: tuple[str, ...]


def list_variants(case: Path | str | None = None) -> tuple[StructuralVariant, ...]:
    """The variants of a case, by name. Raises InputError for a file that cannot be read."""
    folder = find_case(case)
    found = []
    for path in folder.inside(VARIANTS):
        source = read_yaml(path, folder.display(path))
        data = source.data if isinstance(source.data, dict) else {}
        said = {key: value for key, value in data.items() if key not in DESCRIBES}
        found.append(StructuralVariant(path.stem, str(data.get("title", path.stem)), settings([said])))
    return tuple(found)
