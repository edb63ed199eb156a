"""What happened: the facts of a record, and the soft labels that scenarios are scored against."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, TypeAdapter

from sim.errors import InputError
from sim.inputs.case_folder import RECORDS, CaseFolder, find_case, named_scenario
from sim.inputs.layers import Reading
from sim.inputs.months import MOST_MONTHS, Date
from sim.inputs.name_checks import Written
from sim.inputs.schema_faults import Findings, check_file, unknown
from sim.inputs.schema_types import Part, Share, Slug, Text, Version, refuse

DEFAULT = "history"


class FloorsGiven(Part):
    """The least that a probability counts."""

    label: Share = Field(description="Least probability of an ending in a label, when worlds are weighted.")
    forecast: Share = Field(description="Least probability of a forecast in the log score.")


def _whole(label: dict[str, float]) -> dict[str, float]:
    """Probabilities that add to 1; a refusal shows them divided by their sum."""
    total = sum(label.values())
    if abs(total - 1) > 1e-6:
        parts = {name: round(share / (total or 1), 3) for name, share in label.items()}
        parts[max(parts, key=parts.__getitem__)] += 1 - sum(parts.values())
        shares = ", ".join(f"{name}: {share:.3g}" for name, share in parts.items())
        raise refuse(f"probabilities of the endings that add to 1, not to {total:g}, as in label: {{{shares}}}")
    return label


class Label(Part):
    """How the world would be classed after a month."""

    month: int = Field(ge=0, le=MOST_MONTHS, description="The month of the model, counted from 0.")
    date: Date = Field(description="The day that was coded.")
    classes: Annotated[dict[Slug, Share], Field(min_length=1), AfterValidator(_whole)] = Field(
        alias="label",
        description="Ending (one of the case's `outcomes`): probability. They add to 1; one left out has 0.",
    )
    justification: Text = Field(description="What speaks for the label.")
    disputed: Text = Field(description="How disputed it is, and by whom.")


class Fact(Part):
    """Something that happened."""

    date: Date = Field(description="When.")
    category: Slug = Field(description="What kind of thing it was.")
    fact: Text = Field(description="What happened, in one line.")
    source: Text = Field(description="Address of the page it was found on.")
    note: str = Field("", description="What is uncertain about it.")


class RecordFile(Part):
    """What happened, and how it would be classed."""

    schema_version: Version = Field(alias="schema", description="Version of this format: 1.")
    title: Text = Field(description="What the record is about.")
    scenario: Slug = Field(description="The scenario that follows the calendar that happened.")
    note: str = Field("", description="What a reader should know.")
    floors: FloorsGiven = Field(description="The least that a probability counts.")
    labels: list[Label] = Field(description="How the world would be classed, by month.", min_length=1)
    facts: list[Fact] = Field(default=[], description="What happened, by date.")


@dataclass(frozen=True)
class Record:
    """A record as scenarios are scored against it."""

    name: str
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
    name: str | None = None,
    *,
    case: Path | str | None = None,
    path: Path | None = None,
) -> Record:
    """The record of that name in a case (or the file at ``path``), its labels checked against the case's classes,
    where given. Without a name: the only one that there is, or the one called `history`.

    Raises InputError with every fault.
    """
    folder = find_case(case)
    path = path or _find(folder, name)
    source = Reading(folder).read_faulty(path)
    given, wrong = check_file(_FORM, source)
    found, data = Findings(source, wrong), Written(source.data)
    if scenario := data["scenario"].text:
        found.known(("scenario",), scenario, folder.names(), "scenario")
    last = -1.0
    for label in data["labels"].rows():
        month = label["month"].number
        if month is not None:
            if month <= last:
                found.add(label["month"].path, f"{month:g}", "months in rising order")
            last = max(last, month)
        for outcome in (label["label"].keys or ()) if outcomes else ():
            found.known((*label["label"].path, outcome), outcome, outcomes, "ending", at_key=True)
    if given is None or found.faults or wrong:
        raise InputError([*wrong, *found.faults])
    floors = given.floors
    return Record(
        path.stem, given.title, given.scenario, given.note, floors.label, floors.forecast, tuple(given.labels),
        tuple(given.facts),
    )  # fmt: skip


def _find(folder: CaseFolder, name: str | None) -> Path:
    """The file of a record. Raises InputError that lists those that there are."""
    known = [path.stem for path in folder.inside(RECORDS)]
    wanted = name or (known[0] if len(known) == 1 else DEFAULT)
    if path := named_scenario(folder, wanted, RECORDS):
        return path
    allowed = unknown(wanted, known, "one of") if known else "a record of what happened in scenarios/records/"
    raise InputError.at("--record", "record", f"no record {wanted}", allowed)
