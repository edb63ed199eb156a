"""The form of a scenario file: what happens, what is assumed, and any part of the case.

An editor shows the descriptions (`scenario.schema.json`).
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import Discriminator, Field, PlainValidator, StringConstraints, Tag, WithJsonSchema, model_validator

from sim.inputs.case import (
    ConfidenceWidths,
    Derived,
    Flag,
    Issue,
    Menu,
    PackageGiven,
    PairGiven,
    Rank,
    StateGiven,
    Variable,
)
from sim.inputs.case_rules import Bargaining, Measure, Month, NumberEntry, OutcomeGiven, Promise
from sim.inputs.engine_numbers import in_words
from sim.inputs.months import MOST_MONTHS, CalendarMonth, LastMonth
from sim.inputs.months import Month as MonthGiven
from sim.inputs.schema_types import (
    BY_NAME,
    ClaimName,
    IssueName,
    LeverName,
    Name,
    Number,
    PairName,
    ParameterName,
    Part,
    RangeOrNumber,
    Refers,
    Share,
    Slug,
    StateName,
    Switch,
    Tally,
    Text,
    UnitRange,
    VariableName,
    Version,
    map_or,
    percent,
    refuse,
)

# A month and one or two states: which inherited meetings are dropped.
DROPPED = re.compile(r"^(\d{4}-(?:0[1-9]|1[0-2])|\d{1,4}) ([A-Za-z]\w*)(?: ([A-Za-z]\w*))?$")
Action: TypeAlias = Literal["set", "shift", "pin", "move"]
ACTIONS: tuple[Action, ...] = ("set", "shift", "pin")  # what happens to a variable
WITH_MOVES: tuple[Action, ...] = (*ACTIONS, "move")  # all that an event can do
PackageName: TypeAlias = Annotated[str, Refers("package")]
ThresholdName: TypeAlias = Annotated[str, Refers("threshold")]
ConstantName: TypeAlias = Annotated[str, Refers("constant")]
ChangedVariable: TypeAlias = Annotated[str, Refers("changed variable")]
BehaviourName: TypeAlias = Literal["model", "always-hold", "always-concede", "always-press", "tit-for-tat"]


class SummitGiven(Part):
    """A meeting of two states."""

    month: MonthGiven = Field(description="When: 2018-03, or a whole number counted from the first month.")
    between: list[StateName] = Field(description="The two states, in either order.", min_length=2, max_length=2)
    certain: Switch = Field(False, description="Held in its month, whatever the two wish.")
    early: int = Field(0, ge=0, le=MOST_MONTHS, description="Months before it in which it may be brought forward.")
    late: int = Field(0, ge=0, le=MOST_MONTHS, description="Months after it in which it is tried again.")
    condition: Tally | None = Field(
        None,
        alias="if",
        description="Tried only where this is above 0, on levels and tallies as the last month left them.",
    )
    note: str = Field("", description="What it was.")

    @model_validator(mode="after")
    def _certain_or_open(self) -> SummitGiven:
        if self.certain and (self.early or self.late):
            raise refuse("certain, or early and late: what is certain is held in its month")
        return self


class EventGiven(Part):
    """Something that happens from outside. Exactly one of set, shift, pin and move."""

    month: MonthGiven = Field(description="When: 2018-03, or a whole number counted from the first month.")
    set: dict[ChangedVariable, Number] | None = Field(None, description="{variable: level}, once.")
    shift: dict[ChangedVariable, Number] | None = Field(None, description="{variable: what is added}, once.")
    pin: dict[ChangedVariable, Number] | None = Field(None, description="{variable: level}, from this month on.")
    move: dict[Annotated[str, Refers("state with moves")], str] | None = Field(
        None, description="{state: what it does this month}; the others react."
    )
    until: MonthGiven | None = Field(
        None,
        description="With pin, or with set of an exogenous variable: the first month in which it no longer holds; "
        "another set ends a set sooner.",
    )
    condition: Tally | None = Field(
        None,
        alias="if",
        description="Happens only where this is above 0, on levels and tallies as the last month left them.",
    )
    chance: Share | None = Field(None, description="Probability that it happens in a run, 0 to 1.")
    name: Slug | None = Field(
        None, description="With chance: events of one name and month happen together (default: what it acts on)."
    )
    note: str = Field("", description="What happens, in words.")


class ClaimAssumed(Part):
    """What is assumed of one claim."""

    credence: Share | None = Field(None, description="Probability that the claim holds, 0 to 1.")
    weight: UnitRange | None = Field(
        None, description="How much it matters if it holds: a number or {low, mode, high}."
    )


class IdealAssumed(Part):
    """What is assumed of one state on one issue; it replaces the range of the case."""

    ideal: UnitRange | None = Field(None, description="The level the state wants: a number or {low, mode, high}.")
    salience: UnitRange | None = Field(None, description="How much it cares: a number or {low, mode, high}.")


def _claim_branch(value: Any) -> str:
    number = percent(value)
    if isinstance(number, int | float) and not isinstance(number, bool):
        return "<credence>"
    return "<map>" if isinstance(value, dict | ClaimAssumed) else "<claim>"


def _credence(value: Any) -> ClaimAssumed:
    number = percent(value)
    if not 0 <= number <= 1:
        raise refuse("at most 1" if number > 1 else "at least 0")
    return ClaimAssumed(credence=float(number), weight=None)


_SHARE = {"type": "number", "minimum": 0, "maximum": 1, "description": "Its credence."}
ClaimEntry: TypeAlias = Annotated[
    Annotated[Switch, Tag("<claim>")]
    | Annotated[ClaimAssumed, PlainValidator(_credence), WithJsonSchema(_SHARE), Tag("<credence>")]
    | Annotated[ClaimAssumed, Tag("<map>")],
    Discriminator(_claim_branch),
]
PackageEntry: TypeAlias = Annotated[
    Annotated[Switch, Tag("<package>")] | Annotated[dict[str, dict[LeverName, Share]], Tag("<map>")],
    map_or("<package>"),
]


def _with_engine_numbers(schema: dict[str, Any], section: str) -> None:
    schema["description"] += f" {in_words(section)}"


class Assume(Part):
    """What is assumed where the case leaves it open."""

    claims: dict[ClaimName, ClaimEntry] = Field(
        default={},
        description="Claim: off (credence 0), on (credence 1), {credence: 0.2} or {weight: {low, mode, high}}.",
    )
    documents: dict[Annotated[str, Refers("document")], Switch] = Field(
        default={}, description="Document: off. A claim fails when every document it cites is off."
    )
    coding: Text = Field("pooled", description="pooled, first, second, or the YAML file of a class's own coding.")
    known_by: CalendarMonth | None = Field(None, description="Only documents dated up to and including this month.")
    balance: Switch = Field(False, description="Both directions of each pair of states rescaled to the same total.")
    start: dict[VariableName, RangeOrNumber] = Field(default={}, description="Variable: level at the start.")
    states: dict[StateName, dict[IssueName, IdealAssumed]] = Field(
        default={}, description="State: {issue: {ideal: range, salience: range}}."
    )
    packages: dict[PackageName, PackageEntry] = Field(
        default={}, description="Package: off, or {state: {lever: share}}."
    )
    parameters: dict[ParameterName, RangeOrNumber] = Field(
        default={}, description="Parameter: a number or {low, mode, high}."
    )
    thresholds: dict[ThresholdName, RangeOrNumber] = Field(default={}, description="Threshold: the value in force.")
    constants: dict[ConstantName, Number] = Field(default={}, description="Constant: its value.")


class ScenarioFile(Part):
    """A scenario of Summitry. Everything not given here is inherited from the scenario it extends."""

    schema_version: Version = Field(alias="schema", description="Version of this format: 1.")
    extends: Text | None = Field(
        None, description="The scenario this starts from: a shipped name or a file beside this one."
    )
    title: Text = Field(description="A plain sentence.")
    question: Text = Field(description="A question that a class can argue about.")
    note: str = Field("", description="Anything a reader should know.")
    read_against: Text | None = Field(
        None, description="The scenario to compare this with; the two differ in one or two things."
    )
    first_month: CalendarMonth = Field(description="Month 0.")
    months: LastMonth = Field(description="The last month, 20 or 2019-11; a run ends as it stands after it.")
    summits: list[SummitGiven] = Field(
        description="Who meets whom and when; replaces what is inherited. List order is the order within a month."
    )
    drop_summits: list[Annotated[str, StringConstraints(pattern=DROPPED.pattern)]] = Field(
        default=[],
        description="In place of summits: inherited meetings that are not planned here, such as 2018-06 STATE.",
    )
    drop_events: list[VariableName] = Field(default=[], description="Variables whose inherited events are removed.")
    events: list[EventGiven] = Field(default=[], description="What happens from outside; added to what is inherited.")
    assume: Assume = Field(
        default_factory=Assume.model_construct, description="What is assumed: claims, documents, numbers."
    )
    behaviour: dict[StateName, BehaviourName] = Field(
        default={},
        description="State: a rule in place of its own choices. always-concede takes the first of its moves and signs "
        "everything, always-hold the reference, always-press the last, both sign nothing; tit-for-tat answers in kind.",
    )
    confidence_widths: ConfidenceWidths = Field(description="How wide a coded number is drawn.")
    states: dict[Name, StateGiven] = Field(description="Who bargains.")
    variables: Annotated[dict[Name, Variable], BY_NAME] = Field(
        description="What moves: levers, climate, ties, exogenous numbers."
    )
    pairs: dict[Name, PairGiven] = Field(description="Who can meet whom.")
    flags: Annotated[dict[Name, Flag], BY_NAME] = Field(default={}, description="1 when a summit is near, else 0.")
    ranks: Annotated[dict[Name, Rank], BY_NAME] = Field(default={}, description="Who was met before whom.")
    derived: Annotated[dict[Name, Derived], BY_NAME] = Field(
        default={}, description="Variables computed from others, in this order."
    )
    mechanisms: dict[Slug, Text] = Field(description="The ways in which a claim gives leverage.")
    moves: Annotated[dict[StateName, Menu], BY_NAME] = Field(description="State: what it can do in a month.")
    issues: Annotated[dict[Name, Issue], BY_NAME] = Field(
        description="What is bargained over; left out, every lever is an issue of its own."
    )
    packages: dict[Slug, PackageGiven] = Field(description="What can be on the table.")
    bargaining: Annotated[dict[PairName, Bargaining], BY_NAME] = Field(description="Pair: how it comes to accept.")
    month: Month = Field(description="The order of a month, decay, drift and hazard.")
    promises: dict[LeverName, Promise] = Field(default={}, description="Lever: worth of what is promised of it.")
    measures: Annotated[dict[Name, Measure], BY_NAME] = Field(description="How a run is read, in this order.")
    thresholds: dict[Name, NumberEntry] = Field(default={}, description="Bounds in the outcome rule.")
    outcomes: list[OutcomeGiven] = Field(description="The endings; the first that fits is the run's.", min_length=1)
    parameters: dict[Name, NumberEntry] = Field(
        default={},
        description="Numbers drawn once per world, or dials.",
        json_schema_extra=lambda schema: _with_engine_numbers(schema, "parameters"),
    )
    constants: dict[Name, NumberEntry] = Field(
        default={},
        description="Numbers without a draw.",
        json_schema_extra=lambda schema: _with_engine_numbers(schema, "constants"),
    )
