"""The case as written: states, variables, moves, issues, packages, rules and numbers.

`scenarios/baseline.yaml` gives all of it; any scenario may give a part, which is merged into what it inherits.
Names inside expressions and references are looked up later, in `resolve_case.py`, when everything is merged.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag, ValidationInfo, model_validator

from sim.inputs.schema_types import (
    PARTIAL,
    Confidence,
    ExpressionText,
    Name,
    Number,
    Part,
    RangeOrNumber,
    Share,
    Slug,
    Source,
    Text,
    number_or_map,
    refuse,
)

Stage: TypeAlias = Literal[
    "events", "arguments", "moves", "deals", "recency", "summits", "drift", "pins", "hazard", "record"
]

Degree: TypeAlias = Annotated[Share, BeforeValidator(lambda given: float(given) if isinstance(given, bool) else given)]


class Widths(Part):
    """How far a number may lie from what a coder gave, by how sure the coder was."""

    high: Share = Field(description="Half the width where the documents are clear.")
    medium: Share = Field(description="Half the width where they are fairly clear.")
    low: Share = Field(description="Half the width where they are vague.")
    silent: Share = Field(description="Half the width where they are silent.")
    source: Source = None


class ConfidenceWidths(Part):
    position: Widths = Field(description="Widths of ideal points.")
    salience: Widths = Field(description="Widths of saliences.")


class IdealGiven(Part):
    """Where a state wants an issue and how much it cares."""

    position: Share = Field(description="The level the state wants, from 0 to 1.")
    salience: Share = Field(description="How much it cares, from 0 to 1.")
    confidence: Confidence = Field(description="How sure the coder is: high, medium, low or silent.")
    confidence_salience: Confidence | None = Field(None, description="The same for the salience, where it differs.")
    source: Source = None
    basis: str | None = Field(None, description="What in the source speaks for it.")


class StateGiven(Part):
    name: Text = Field(description="What the state is called in sentences.")
    leader: Text = Field(description="Who speaks for it.")
    called: Text | None = Field(None, description="What a sentence calls the leader, where the whole name is too long.")
    ideals: dict[Name, IdealGiven] = Field(description="Issue: where the state wants it.")


class VariableGiven(Part):
    """Anything with a level."""

    kind: Literal["lever", "climate", "tie", "exogenous"] = Field(
        description="lever: can be given; climate and tie: moved by what is done; exogenous: moved by events only."
    )
    direction: Literal["down", "up"] | None = Field(
        None, description="Where giving moves a lever: down to 0 or up to 1."
    )
    start: RangeOrNumber = Field(description="Level at the start, a number or {low, mode, high}.")
    label: Text = Field(description="What charts call it.")
    unbounded: bool = Field(False, description="May grow past 1.")
    irreversible: Degree = Field(0.0, description="How far what is given of it is given for good, from 0 to 1.")
    reading: bool = Field(False, description="Moves nothing: it only records what was done, and no event may set it.")
    shown: bool = Field(False, description="Shown in the short tables.")
    rises_times: ExpressionText | None = Field(None, description="Factor on rises that moves cause.")
    rises_source: Source = None
    source: Source = None
    basis: str | None = Field(None, description="What in the source speaks for it.")


class PairGiven(Part):
    """Two states that can hold a summit."""

    between: list[Name] = Field(
        description="The two states; terms are reported for the first.", min_length=2, max_length=2
    )
    name: Text = Field(description="What its summit is called in sentences.")
    tie: Name = Field(description="The tie that a deal strengthens.")
    met: Name = Field(description="Name of the recency of the last meeting.")


class FlagGiven(Part):
    pairs: list[Name] = Field(description="The pairs whose summits cast a shadow.", min_length=1)
    within: ExpressionText = Field(description="How many months ahead: a whole number or a constant.")
    label: Text = Field(description="What the flag says.")
    source: Source = None


class RankGiven(Part):
    until: Name = Field(description="The pair whose first meeting ends the count.")
    counts: list[Name] = Field(description="The pairs that are counted.", min_length=1)
    label: Text = Field(description="What the rank says.")
    source: Source = None


class DerivedGiven(Part):
    value: ExpressionText = Field(description="How it is computed each month; it may use those above it.")
    label: Text = Field(description="What charts call it.")
    source: Source = None


class TermGiven(Part):
    """`times * of`, counted only in worlds where the claim under `if` holds."""

    of: ExpressionText = Field(description="What is counted.")
    times: Number = Field(1.0, description="Its weight.")
    claim: str | None = Field(None, alias="if", description="Counted only where this claim holds.")
    source: Source = None


class OptionGiven(Part):
    """One thing a state can do in a month."""

    name: Text = Field(description="Its name, known to its state.")
    says: Text = Field(description="What the state does, as the end of a sentence.")
    reference: bool = Field(False, description="The option with utility 0, against which the others are measured.")
    constant: Number = Field(0.0, description="Utility over the reference before anything else.")
    bias: Name | None = Field(None, description="Parameter that says how little we know of this taste.")
    utility: list[TermGiven] = Field(default=[], description="What speaks for it and against it.")
    effects: dict[Name, ExpressionText] = Field(default={}, description="Variable: change a month, times `step`.")
    at_least: dict[Name, ExpressionText] = Field(default={}, description="Variable: level it is raised to.")


class MovesGiven(Part):
    options: list[OptionGiven] = Field(description="What the state chooses among each month.", min_length=2)
    source: Source = None


class IdealTimes(Part):
    of: ExpressionText = Field(description="Factor on the ideal points of this issue.")
    omit: list[Name] = Field(default=[], alias="except", description="States whose ideal points it leaves alone.")
    source: Source = None


class IssueGiven(Part):
    """What states have ideal points over."""

    now: ExpressionText = Field(description="Its level before a package.")
    after: ExpressionText = Field(description="Its level after a package in full.")
    lived: ExpressionText | None = Field(
        None, description="Its level as states live with it, by which they judge how they did (default: now)."
    )
    moved_by: list[Name] = Field(description="The levers that move it.", min_length=1)
    ideal_times: IdealTimes | None = None
    label: Text = Field(description="What it is called.")
    source: Source = None


class PackageGiven(Part):
    """Something on the table: the share of each lever that a side gives at parity."""

    pair: Name = Field(description="The pair that bargains over it.")
    gives: dict[Name, dict[Name, Share]] = Field(description="State: {lever: share given at parity, 0 to 1}.")
    whole: list[Name] = Field(default=[], description="Levers that are given whole, whatever the terms.")
    costs: dict[Name, ExpressionText] = Field(default={}, description="State: what signing costs it beside the issues.")
    says: Text = Field(description="The package in a few words.")
    source: Source = None


class BargainingGiven(Part):
    """How a pair comes to accept, and what a deal or a walk-out does."""

    friction: dict[Name, list[TermGiven]] = Field(default={}, description="State: what makes signing dearer for it.")
    haggle: list[Share] = Field(
        default=[1.0],
        description="How far the terms are pressed, offer by offer: from 0 to 1.",
        min_length=1,
    )
    wish: dict[Name, list[TermGiven]] = Field(
        default={}, description="State: what makes it likelier to come to a summit that is due, in log odds."
    )
    hurry: list[TermGiven] = Field(
        default=[], description="What makes it likelier that a summit is brought forward, in log odds a month."
    )
    months: dict[Name, Annotated[int, Field(ge=0, le=1200)]] = Field(
        default={}, description="Lever: months over which a deal gives it; 0 gives it at once."
    )
    breach: Name | None = Field(None, description="The variable that strains a standing deal: its monthly risk.")
    at_refusal: dict[Name, ExpressionText] = Field(default={}, description="Variable: change when a summit is refused.")
    at_collapse: dict[Name, ExpressionText] = Field(default={}, description="Variable: change when a deal collapses.")
    at_deal: dict[Name, ExpressionText] = Field(default={}, description="Variable: change at a deal.")
    at_walkout: dict[Name, ExpressionText] = Field(default={}, description="Variable: change at a walk-out.")
    at_first_meeting: dict[Name, ExpressionText] = Field(
        default={}, description="Variable: change at the first meeting."
    )
    source: Source = None


class DriftGiven(Part):
    value: ExpressionText = Field(description="The level at the end of the month.")
    source: Source = None


class HazardGiven(Part):
    """An event of monthly probability 10^log10_base x ratio x exp(slope x of), after which nothing matters."""

    measure: Name = Field(description="Name of its measure: 1 once it has happened.")
    log10_base: Name = Field(description="Parameter.")
    ratio: Name = Field(description="Parameter.")
    slope: Name = Field(description="Parameter.")
    of: ExpressionText = Field(description="What drives it.")
    source: Source = None


class MonthGiven(Part):
    order: list[Stage] = Field(description="The stages of a month, each once.")
    decay: dict[Name, Share] = Field(default={}, description="Variable: share that is left after a month.")
    decay_source: Source = None
    drift: dict[Name, DriftGiven] = Field(default={}, description="Variable: what time does to it, in this order.")
    hazard: HazardGiven | None = None
    averages: dict[Name, ExpressionText] = Field(
        default={}, description="Name: what is averaged over the months, read as mean.NAME."
    )

    @model_validator(mode="after")
    def _each_once(self) -> MonthGiven:
        if len(set(self.order)) < len(self.order):
            raise refuse("each stage of the month once")
        return self


class PromiseGiven(Part):
    weight: ExpressionText = Field(description="Weight among the promises: a number or a constant.")
    of: ExpressionText = Field(description="What there is to give.")


class MeasureGiven(Part):
    value: ExpressionText = Field(description="How it is computed at the end of a run; it may use those above it.")
    label: Text = Field(description="What charts call it.")
    unit: str = Field("", description="Its unit.")
    shown: bool = Field(False, description="Shown in the short tables.")
    needs: Name | None = Field(None, description="Pair without whose summits it means nothing.")
    where: Text | None = Field(None, description="Only runs where this is 1 count, such as first.KU.held.")
    source: Source = None


class NumberGiven(Part):
    """A number: fixed by `value`, or drawn once per world from `low`, `mode`, `high`."""

    value: Number | None = Field(None, description="The fixed value; low and high then say how far one might move it.")
    low: Number | None = Field(None, description="The lowest value.")
    mode: Number | None = Field(None, description="The likeliest value.")
    high: Number | None = Field(None, description="The highest value.")
    within: list[Number] | None = Field(
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
    Annotated[Number, Tag("<number>")] | Annotated[NumberGiven, Tag("<map>")], Discriminator(number_or_map)
]


class OutcomeGiven(Part):
    """A class of endings; a run belongs to the first whose conditions all hold."""

    name: Slug = Field(description="Its name.")
    when: dict[Name, dict[Literal["min", "max"], ExpressionText]] = Field(
        description="Measure: {min: threshold} or {max: threshold}; a threshold's name or a number."
    )
    unless_pinned: Name | None = Field(None, description="Passed over where the scenario itself pins this variable.")
    label: Text = Field(description="What charts call it.")
    says: Text = Field(description="What it means, in a sentence.")
    source: Source = None
