"""The rules of a case: how a pair bargains, what a month does, how a run is measured and classified, and numbers.

As in :mod:`sim.inputs.case`, each class is both the form of YAML and what the engine computes on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import Field, Tag, ValidationInfo, WithJsonSchema, model_validator

from sim.inputs.expressions import Expression, Number
from sim.inputs.months import MOST_MONTHS
from sim.inputs.schema_types import (
    LABEL,
    PARTIAL,
    Choice,
    Constant,
    Formula,
    LeverName,
    Meeting,
    Name,
    Named,
    PairName,
    ParameterName,
    Part,
    Present,
    Range,
    Refers,
    Share,
    Slug,
    Source,
    Text,
    VariableName,
    Words,
    is_number,
    map_or,
    only,
    refuse,
)
from sim.inputs.schema_types import Number as PlainNumber

Stage: TypeAlias = Literal[
    "events", "arguments", "moves", "deals", "recency", "summits", "drift", "pins", "hazard", "record"
]
Changes: TypeAlias = dict[VariableName, Meeting]


class Term(Part):
    """`times * of`, counted only in worlds where the claim under `if` holds."""

    of: Choice = Field(description="What is counted.")
    times: PlainNumber = Field(1.0, description="Its weight.")
    claim: Annotated[str, Refers("claim")] | None = Field(
        None, alias="if", description="Counted only where this claim holds."
    )
    source: Source = None


class MeetingTerm(Term):
    """A term that may also read whether the pair meets for the first time."""

    of: Meeting = Field(description="What is counted.")


class Bargaining(Named):
    """How a pair comes to meet and to accept, how a deal is carried out, and what all of it does to the variables."""

    friction: dict[str, list[MeetingTerm]] = Field(default={}, description="State: what makes signing dearer for it.")
    haggle: list[Share] = Field(
        default=[1.0], description="How far the terms are pressed, offer by offer: from 0 to 1.", min_length=1
    )
    wish: dict[str, list[MeetingTerm]] = Field(
        default={}, description="State: what makes it likelier to come to a summit that is due, in log odds."
    )
    hurry: list[MeetingTerm] = Field(
        default=[], description="What makes it likelier that a summit is brought forward, in log odds a month."
    )
    months: dict[LeverName, Annotated[int, Field(ge=0, le=MOST_MONTHS)]] = Field(
        default={}, description="Lever: months over which a deal gives it; 0 gives it at once."
    )
    breach: VariableName | None = Field(None, description="The variable that strains a deal: its monthly risk.")
    at_deal: Changes = Field(default={}, description="Variable: change at a deal.")
    at_walkout: Changes = Field(default={}, description="Variable: change at a walk-out.")
    at_first_meeting: Changes = Field(default={}, description="Variable: change at the first meeting.")
    at_refusal: Changes = Field(default={}, description="Variable: change when a summit is refused.")
    at_collapse: Changes = Field(default={}, description="Variable: change when a deal collapses.")
    source: Source = None


class Drift(Part):
    value: Annotated[Expression, Formula("drift")] = Field(description="The level at the end of the month.")
    source: Source = None


class Hazard(Part):
    """An event of monthly probability 10^log10_base x ratio x exp(slope x of), after which nothing matters."""

    measure: Name = Field(description="Name of its measure: 1 once it has happened.")
    log10_base: ParameterName = Field(description="Parameter.")
    ratio: ParameterName = Field(description="Parameter.")
    slope: ParameterName = Field(description="Parameter.")
    of: Present = Field(description="What drives it.")
    source: Source = None


class Month(Part):
    """The stages of a month in order, the monthly decay factors, and what time does, in order."""

    order: list[Stage] = Field(description="The stages of a month, each once.")
    decay: dict[VariableName, Share] = Field(default={}, description="Variable: share that is left after a month.")
    decay_source: Source = None
    drift: dict[VariableName, Drift] = Field(default={}, description="Variable: what time does to it, in this order.")
    hazard: Hazard | None = None
    averages: dict[Name, Choice] = Field(
        default={}, description="Name: what is averaged over the months, read as mean.NAME."
    )

    @model_validator(mode="after")
    def _each_once(self) -> Month:
        if len(set(self.order)) < len(self.order):
            raise refuse("each stage of the month once")
        return self


class Promise(Part):
    """Worth of giving a lever: weight times what there is to give."""

    constant: Constant = Field(alias="weight", description="Weight among the promises: a number or a constant.")
    of: Present = Field(description="What there is to give.")

    @property
    def weight(self) -> float:
        """Weight among the promises."""
        return fixed_number(self.constant)


class Measure(Named):
    value: Annotated[Expression, Formula("measures_above")] = Field(
        description="How it is computed at the end of a run; it may use those above it."
    )
    label: Words = Field(description=LABEL)
    unit: str = Field("", description="Its unit.")
    shown: bool = Field(False, description="Shown in the short tables.")
    needs: PairName | None = Field(None, description="Pair without whose summits it means nothing.")
    where: Annotated[Text, Refers("tally")] | None = Field(
        None, description="Only runs where this is 1 count, such as first.PAIR.held."
    )
    source: Source = None


class NumberGiven(Part):
    """A number: fixed by `value`, or drawn once per world from `low`, `mode`, `high`."""

    value: PlainNumber | None = Field(
        None, description="The fixed value; low and high then say how far one might move it."
    )
    low: PlainNumber | None = Field(None, description="The lowest value.")
    mode: PlainNumber | None = Field(None, description="The likeliest value.")
    high: PlainNumber | None = Field(None, description="The highest value.")
    within: list[PlainNumber] | None = Field(
        None, description="The values that make sense at all.", min_length=2, max_length=2
    )
    meaning: str | None = Field(None, description="What it is.")
    source: Source = None

    @model_validator(mode="after")
    def _in_order(self, info: ValidationInfo) -> NumberGiven:
        if info.context == PARTIAL:  # the rest is inherited
            return self
        if (self.value is None) == (self.mode is None):
            raise refuse("value, or low, mode and high")
        if self.mode is not None and (self.low is None or self.high is None):
            raise refuse("low, mode and high together")
        given = [number for number in (self.low, self.value, self.mode, self.high) if number is not None]
        if given != sorted(given):
            raise refuse("low, the value or mode, and high in rising order")
        return self


NumberEntry: TypeAlias = Annotated[
    Annotated[PlainNumber, Tag("<number>")] | Annotated[NumberGiven, Tag("<map>")], map_or("<number>")
]


Bound: TypeAlias = Annotated[
    str | float,
    only(lambda value: isinstance(value, str) or is_number(value), "the name of a threshold, or a number"),
    WithJsonSchema({"type": ["string", "number"], "description": "An expression."}),
]


class OutcomeGiven(Part):
    """A class of endings; a run belongs to the first whose conditions all hold."""

    name: Slug = Field(description="Its name.")
    when: dict[Annotated[str, Refers("measure")], dict[Literal["min", "max"], Bound]] = Field(
        description="Measure: {min: threshold} or {max: threshold}; a threshold's name or a number."
    )
    unless_pinned: VariableName | None = Field(
        None, description="Passed over where the scenario itself pins this variable."
    )
    label: Words = Field(description="What charts and sentences call it: `a standoff`, `water flows`.")
    says: Words = Field(description="What it means, as a clause with a subject of its own: `the Delta has won water`.")
    source: Source = None


@dataclass(frozen=True)
class Condition:
    """One bound of an outcome: ``variable`` is at least (`min`) or at most (`max`) ``value``."""

    variable: str
    bound: Literal["min", "max"]
    threshold: str | None  # its name, None for a plain number
    value: float


@dataclass(frozen=True)
class Outcome:
    """A class of endings; a run belongs to the first whose conditions all hold."""

    name: str
    label: str
    says: str
    source: str
    when: tuple[Condition, ...]
    unless_pinned: str | None


def fixed_number(expression: Expression) -> float:
    """The value of an expression whose constants have been put in."""
    return expression.value if isinstance(expression, Number) else 0.0


def fixed_value(entry: float | NumberGiven) -> float:
    """The number of an entry: its value, else its mode."""
    if not isinstance(entry, NumberGiven):
        return float(entry)
    value = entry.value if entry.value is not None else entry.mode
    return float(value if value is not None else 0.0)


def drawn_range(entry: float | NumberGiven) -> Range:
    """The range that a world draws from: a `value` is fixed."""
    if not isinstance(entry, NumberGiven) or entry.value is not None:
        return Range(*[fixed_value(entry)] * 3)
    return Range(float(entry.low or 0.0), float(entry.mode or 0.0), float(entry.high or 0.0))


def contested_range(entry: float | NumberGiven) -> Range:
    """The value in force (as the mode) and how far one might move it."""
    if not isinstance(entry, NumberGiven) or entry.value is None:
        return drawn_range(entry)
    value = float(entry.value)
    low, high = (value if bound is None else float(bound) for bound in (entry.low, entry.high))
    return Range(low, value, high)
