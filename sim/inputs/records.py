"""What happened: the facts of a record, and the soft labels that scenarios are scored against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, TypeAdapter, model_validator

from sim.errors import Fault, InputError, Place
from sim.inputs.case_folder import find_case
from sim.inputs.layers import Reading
from sim.inputs.names import Written
from sim.inputs.schema_faults import Findings, check_file
from sim.inputs.schema_types import MOST_MONTHS, Date, Part, Share, Slug, Text, refuse

FOLDER, DEFAULT = "records", "history"


@dataclass(frozen=True)
class Fact:
    date: str
    category: str
    fact: str
    source: str
    note: str


@dataclass(frozen=True)
class Label:
    """Probabilities of the classes after a month, by name; they add to 1."""

    month: int
    date: str
    classes: Mapping[str, float]
    justification: str
    disputed: str


@dataclass(frozen=True)
class Record:
    title: str
    scenario: str
    note: str
    label_floor: float
    forecast_floor: float
    labels: tuple[Label, ...]  # by month
    facts: tuple[Fact, ...]


class FloorsGiven(Part):
    """The least that a probability counts."""

    label: Share = Field(description="Least probability of a class in a label, when worlds are weighted.")
    forecast: Share = Field(description="Least probability of a forecast in the log score.")


class LabelGiven(Part):
    """How the world would be classed after a month."""

    month: int = Field(ge=0, le=MOST_MONTHS, description="The month of the model, counted from 0.")
    date: Date = Field(description="The day that was coded.")
    label: dict[Slug, Share] = Field(description="Class: probability; they add to 1.", min_length=1)
    justification: Text = Field(description="What speaks for the label.")
    disputed: Text = Field(description="How disputed it is, and by whom.")

    @model_validator(mode="after")
    def _whole(self) -> LabelGiven:
        if abs(sum(self.label.values()) - 1) > 1e-6:
            raise refuse("probabilities of the classes that add to 1")
        return self


class FactGiven(Part):
    """Something that happened."""

    date: Date = Field(description="When.")
    category: Slug = Field(description="What kind of thing it was.")
    fact: Text = Field(description="What happened, in one line.")
    source: Text = Field(description="Address of the page it was found on.")
    note: str = Field("", description="What is uncertain about it.")


class RecordFile(Part):
    """What happened, and how it would be classed."""

    schema_version: Literal[1] = Field(alias="schema", description="Version of this format: 1.")
    title: Text = Field(description="What the record is about.")
    scenario: Slug = Field(description="The scenario that follows the calendar that happened.")
    note: str = Field("", description="What a reader should know.")
    floors: FloorsGiven = Field(description="The least that a probability counts.")
    labels: list[LabelGiven] = Field(description="How the world would be classed, by month.", min_length=1)
    facts: list[FactGiven] = Field(default=[], description="What happened, by date.")


_FORM: TypeAdapter[RecordFile] = TypeAdapter(RecordFile)


def load_record(
    outcomes: tuple[str, ...] | None = None,
    name: str = DEFAULT,
    *,
    case: Path | str | None = None,
    path: Path | None = None,
) -> Record:
    """The record of a case (or the file at ``path``), its labels checked against the case's classes, where given.

    Raises InputError with every fault.
    """
    folder = find_case(case)
    path = path or folder.scenarios / FOLDER / f"{name}.yaml"
    if not path.is_file():
        place = Place(folder.display(path), 0, 0)
        raise InputError([Fault(place, "record", "no such file", f"a record of what happened in {FOLDER}/")])
    source = Reading(folder).read_faulty(path)
    given, wrong = check_file(_FORM, source)
    found, data = Findings(source, wrong), Written(source.data)
    last = -1.0
    for label in data["labels"].rows():
        month = label["month"].number
        if month is not None:
            if month <= last:
                found.add(label["month"].path, f"{month:g}", "months in rising order")
            last = max(last, month)
        for name in label["label"].keys_in_order if outcomes else ():
            found.known((*label["label"].path, name), name, outcomes, "class", at_key=True)
    if given is None or found.faults or wrong:
        raise InputError([*wrong, *found.faults])
    return _record(given)


def _record(given: RecordFile) -> Record:
    labels = tuple(
        Label(each.month, each.date, dict(each.label), each.justification, each.disputed) for each in given.labels
    )
    facts = tuple(Fact(each.date, each.category, each.fact, each.source, each.note) for each in given.facts)
    floors = given.floors
    return Record(given.title, given.scenario, given.note, floors.label, floors.forecast, labels, facts)
