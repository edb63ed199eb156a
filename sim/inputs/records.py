"""What happened: the facts of a record, and the soft labels that scenarios are scored against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from sim.errors import Fault, InputError, Place
from sim.inputs.case_folder import find_case
from sim.inputs.layers import Reading
from sim.inputs.schema_faults import Findings
from sim.inputs.schema_record import RecordFile
from sim.inputs.stand_ins import check_all

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
    found = check_all(_FORM, source)
    findings = Findings(source, found.faulty)
    if found.given is not None:
        _check_months(found.given, findings)
        _check_classes(found.given, outcomes, findings)
    faults = [*found.faults(source), *findings.faults]
    if faults or found.given is None:
        raise InputError(faults)
    return _record(found.given)


def _check_classes(given: RecordFile, outcomes: tuple[str, ...] | None, findings: Findings) -> None:
    for at, label in enumerate(given.labels if outcomes else ()):
        for name in label.label:
            findings.known(("labels", at, "label", name), name, outcomes or (), "class", at_key=True)


def _check_months(given: RecordFile, findings: Findings) -> None:
    last = -1
    for at, label in enumerate(given.labels):
        path = ("labels", at, "month")
        if findings.sound(path):
            if label.month <= last:
                findings.add(path, str(label.month), "months in rising order")
            last = label.month


def _record(given: RecordFile) -> Record:
    labels = tuple(
        Label(each.month, each.date, dict(each.label), each.justification, each.disputed) for each in given.labels
    )
    facts = tuple(Fact(each.date, each.category, each.fact, each.source, each.note) for each in given.facts)
    floors = given.floors
    return Record(given.title, given.scenario, given.note, floors.label, floors.forecast, labels, facts)
