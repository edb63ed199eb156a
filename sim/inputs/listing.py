"""The scenarios of a case at a glance, read without resolving them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.errors import InputError
from sim.inputs.case_folder import find_case
from sim.inputs.chain import Reading


@dataclass(frozen=True)
class Listed:
    """A scenario's name, title and question, and the scenario it is read against, as written."""

    name: str
    title: str
    question: str
    read_against: str | None


def listed_scenarios(case: Path | str | None = None) -> tuple[Listed, ...]:
    """The scenarios in the case's folder, by name; one that cannot be read says so in its title."""
    reading = Reading(find_case(case))
    found = []
    for path in reading.folder.listed():
        try:
            data = reading.read(path).data
        except InputError:
            data = {"title": f"cannot be read; see: summitry check {path.name}"}
        data = data if isinstance(data, dict) else {}
        against = data.get("read_against")
        title, question = (str(data.get(key, "")) for key in ("title", "question"))
        found.append(Listed(path.stem, title, question, str(against) if against else None))
    return tuple(found)
