"""What the picture of the model shows: which summit, which calendars, which clouds (`model-picture.yaml`)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import Field, TypeAdapter

from sim.errors import Fault, InputError
from sim.inputs.scenario import Scenario, load_scenario
from sim.inputs.schema_faults import check_file, place_of, unknown
from sim.inputs.schema_types import Part, Slug, Text
from sim.inputs.yaml_source import KeyPath, Source, read_yaml

FILE = Path(__file__).with_name("model-picture.yaml")
Form = TypeVar("Form", bound=Part)


class ChoiceGiven(Part):
    """A scenario and what it is called in the picture."""

    scenario: Slug = Field(description="A scenario of the case.")
    label: Text = Field(description="What it is called in the picture.")


class CloudGiven(Part):
    """Where runs end, by two measures."""

    across: str = Field(description="The measure from left to right.")
    up: str = Field(description="The measure from bottom to top.")
    rest: Text = Field(description="What the quadrant is called in which neither is gone.")
    source: Text = Field(description="Where the idea stands.")
    scenarios: list[ChoiceGiven] = Field(description="One cloud each.", min_length=1, max_length=2)


class PlanFile(Part):
    """The picture of a model."""

    schema_version: Literal[1] = Field(alias="schema", description="Version of this format: 1.")
    summit: str = Field(description="The pair whose first summit is looked at.")
    calendars: list[ChoiceGiven] = Field(
        description="The first is read against the second.", min_length=2, max_length=2
    )
    cloud: CloudGiven = Field(description="Where runs end.")


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


def load_form(form: TypeAdapter[Form], source: Source) -> Form:
    """The data of a source as the form makes them. Raises InputError with every fault."""
    given, faults = check_file(form, source)
    if given is None or faults:
        raise InputError(faults)
    return given


def load_plan(case: Path | str | None = None, file: Path = FILE) -> Plan:
    """Read and check a plan of a case. Raises InputError with what is wrong."""
    source = read_yaml(file)
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
