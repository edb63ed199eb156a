"""What the picture of the model shows: which summit, which calendars, which clouds. A case may have such a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from sim.errors import Fault, InputError
from sim.inputs.case_folder import find_case
from sim.inputs.scenario import Scenario, load_scenario
from sim.inputs.schema_faults import load_form, place_of, unknown
from sim.inputs.schema_record import PlanFile
from sim.inputs.yaml_source import KeyPath, Source, read_yaml

FILE = "records/model-picture.yaml"


@dataclass(frozen=True)
class Choice:
    scenario: Scenario
    label: str


@dataclass(frozen=True)
class Plan:
    """The file with its names looked up."""

    pair: str
    calendars: tuple[Choice, Choice]
    across: str
    up: str
    rest: str
    clouds: tuple[Choice, ...]


_FORM: TypeAdapter[PlanFile] = TypeAdapter(PlanFile)


def load_plan(case: Path | str | None = None) -> Plan:
    """Read and check the file of a case. Raises InputError with what is wrong."""
    folder = find_case(case)
    path = folder.scenarios / FILE
    source = read_yaml(path, folder.display(path))
    given = load_form(_FORM, source)
    first, second = (Choice(load_scenario(each.scenario, case=case), each.label) for each in given.calendars)
    clouds = tuple(Choice(load_scenario(each.scenario, case=case), each.label) for each in given.cloud.scenarios)
    known, measures = list(first.scenario.case.pairs), list(first.scenario.case.measures)
    faults = _unknown(source, ("summit",), given.summit, known)
    for place, choice in enumerate((first, second)):
        if all(summit.pair != given.summit for summit in choice.scenario.summits):
            faults.append(
                _fault(source, ("calendars", place), choice.scenario.name, f"a calendar in which {given.summit} meet")
            )
    for key, measure in (("across", given.cloud.across), ("up", given.cloud.up)):
        faults += _unknown(source, ("cloud", key), measure, measures)
    if faults:
        raise InputError(faults)
    return Plan(given.summit, (first, second), given.cloud.across, given.cloud.up, given.cloud.rest, clouds)


def _unknown(source: Source, path: KeyPath, word: str, known: list[str]) -> list[Fault]:
    return [] if word in known else [_fault(source, path, word, unknown(word, known, "one of"))]


def _fault(source: Source, path: KeyPath, value: str, allowed: str) -> Fault:
    return Fault(place_of(source, path), ".".join(map(str, path)), value, allowed)
