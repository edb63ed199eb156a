"""A case: states, variables, moves, issues, packages, rules and numbers. Nothing here knows Korea.

Each class is both the form of YAML (`scenarios/baseline.yaml` gives all of a case, a scenario a part that is merged
into what it inherits) and what the engine computes on, after :mod:`sim.inputs.resolve` has put the constants into the
expressions. An editor shows the descriptions. Where the two forms differ by more than that, the name of the written one
ends in `Given`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Field

from sim.inputs.case_rules import Bargaining, Measure, Month, Outcome, Promise, Term, fixed_number
from sim.inputs.expressions import Expression
from sim.inputs.schema_types import (
    LABEL,
    Confidence,
    Constant,
    Formula,
    IssueName,
    LeverName,
    Name,
    Named,
    NotNegative,
    PairName,
    ParameterName,
    Part,
    Present,
    Range,
    RangeOrNumber,
    Share,
    Source,
    StateName,
    Text,
    TieName,
    VariableName,
    Words,
)
from sim.inputs.schema_types import Number as PlainNumber

__all__ = ["Range"]

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
    name: Text | None = Field(None, description="What the state is called in sentences (default: as it is here).")
    leader: Text | None = Field(None, description="Who speaks for it (default: the state).")
    called: Text | None = Field(None, description="What a sentence calls the leader, where the whole name is too long.")
    ideals: dict[IssueName, IdealGiven] = Field(description="Issue: where the state wants it.")


@dataclass(frozen=True)
class IdealPoint:
    """Where a state wants an issue, in [0, 1], and how much it cares (salience, from 0)."""

    position: Range
    salience: Range
    source: str = ""

    def __str__(self) -> str:
        return f"{self.position}, salience {self.salience}"


@dataclass(frozen=True)
class State:
    """A state as sentences call it, and what it wants on each issue."""

    name: str
    label: str
    leader: str
    ideals: Mapping[str, IdealPoint]  # by issue
    called: str = ""  # what a sentence calls the leader

    @property
    def said(self) -> str:
        """What a sentence calls the state."""
        return self.label or self.name


class Variable(Named):
    """Anything with a level: a lever, climate, a tie or an exogenous number."""

    kind: Literal["lever", "climate", "tie", "exogenous"] = Field(
        description="lever: can be given; climate and tie: moved by what is done; exogenous: moved by events only."
    )
    direction: Literal["down", "up"] | None = Field(
        None, description="Where giving moves a lever: down to 0 or up to 1."
    )
    start: RangeOrNumber = Field(description="Level at the start, a number or {low, mode, high}.")
    by_month: list[NotNegative] | None = Field(
        None,
        min_length=12,
        max_length=12,
        description="Of an exogenous variable with a season: what its start is multiplied by from January to December.",
    )
    label: Words = Field(description=LABEL)
    unbounded: bool = Field(False, description="May grow past 1; capped at 1 inside activations.")
    irreversible: Degree = Field(0.0, description="How far what is given of it is given for good, from 0 to 1.")
    reading: bool = Field(False, description="Moves nothing: it only records what was done, and no event may set it.")
    shown: bool = Field(False, description="Shown in the short tables.")
    rises_times: Present | None = Field(None, description="Factor on rises that moves cause.")
    rises_source: Source = None
    source: Source = None
    basis: str | None = Field(None, description="What in the source speaks for it.")

    @property
    def upward(self) -> bool:
        """Whether giving moves it toward 1."""
        return self.direction == "up"


class PairGiven(Part):
    """Two states that can hold a summit."""

    between: list[StateName] = Field(
        description="The two states; terms are reported for the first.", min_length=2, max_length=2
    )
    name: Words = Field(description="What its summit is called within sentences: `the river summit`.")
    tie: TieName = Field(description="The tie that a deal strengthens.")
    met: Name = Field(description="Name of the recency of the last meeting.")


@dataclass(frozen=True)
class Pair:
    """Two states that can hold a summit; ``between[0]`` is the side whose terms are reported."""

    id: str
    between: tuple[str, str]
    name: str
    tie: str
    met: str

    def other(self, state: str) -> str:
        """The side that is not this state."""
        return self.between[1] if state == self.between[0] else self.between[0]


class Flag(Named):
    """1 in months with a summit of these pairs in this month or the next ``within`` months, else 0."""

    pairs: list[PairName] = Field(description="The pairs whose summits cast a shadow.", min_length=1)
    ahead: Constant = Field(alias="within", description="How many months ahead: a whole number or a constant.")
    label: Words = Field(description="What the flag says, as a clause: `a river summit is near`.")
    source: Source = None

    @property
    def within(self) -> int:
        """Months ahead."""
        return int(fixed_number(self.ahead))


class Rank(Named):
    """Share of the pairs ``counts`` that met before the first meeting of ``until``; frozen from then on."""

    until: PairName = Field(description="The pair whose first meeting ends the count.")
    counts: list[PairName] = Field(description="The pairs that are counted.", min_length=1)
    label: Words = Field(description="What the rank says, as a noun phrase: `leaders met before the League's`.")
    source: Source = None


class Derived(Named):
    value: Annotated[Expression, Formula("derived_above")] = Field(
        description="How it is computed each month; it may use those above it."
    )
    label: Words = Field(description=LABEL)
    source: Source = None


class Option(Part):
    """One thing a state can do in a month. The reference option has utility 0."""

    name: Text = Field(description="Its name, known to its state.")
    says: Words = Field(description="What the state does, as a sentence goes on after its name: `opens a gate`.")
    reference: bool = Field(False, description="The option with utility 0, against which the others are measured.")
    constant: PlainNumber = Field(0.0, description="Utility over the reference before anything else.")
    bias: ParameterName | None = Field(None, description="Parameter that says how little we know of this taste.")
    utility: list[Term] = Field(default=[], description="What speaks for it and against it.")
    effects: dict[VariableName, Present] = Field(default={}, description="Variable: change a month, times `step`.")
    at_least: dict[VariableName, Present] = Field(default={}, description="Variable: level it is raised to.")


class Menu(Named):
    """What a state chooses among each month, in the order in which one uniform draw chooses."""

    options: list[Option] = Field(description="What the state chooses among each month.", min_length=2)
    source: Source = None


class IdealTimes(Part):
    of: Annotated[Expression, Formula("ideal")] = Field(description="Factor on the ideal points of this issue.")
    omit: list[StateName] = Field(default=[], alias="except", description="States whose ideal points it leaves alone.")
    source: Source = None


class Issue(Named):
    """What states have ideal points over: its level now and after a package, and the levers that move it."""

    now: Present = Field(description="Its level before a package.")
    after: Annotated[Expression, Formula("package")] = Field(description="Its level after a package in full.")
    lived: Present | None = Field(
        None, description="Its level as states live with it, by which they judge how they did (default: now)."
    )
    moved_by: list[LeverName] = Field(description="The levers that move it.", min_length=1)
    ideal_times: IdealTimes | None = None
    label: Words = Field(description=LABEL)
    source: Source = None


class PackageGiven(Part):
    """Something on the table: the share of each lever that a side gives at parity."""

    pair: PairName = Field(description="The pair that bargains over it.")
    gives: dict[str, dict[LeverName, Share]] = Field(description="State: {lever: share given at parity, 0 to 1}.")
    whole: list[str] = Field(default=[], description="Levers that are given whole, whatever the terms.")
    costs: dict[str, Present] = Field(default={}, description="State: what signing costs it beside the issues.")
    says: Words = Field(description="The package in a few words, as a noun phrase: `water for lower tolls`.")
    source: Source = None


@dataclass(frozen=True)
class Package:
    """What each side of a pair gives at parity (terms of one half), and what signing costs it."""

    name: str
    pair: str
    says: str
    gives: Mapping[str, Mapping[str, float]]  # giver -> lever -> share at parity
    whole: frozenset[str]  # levers given whole, whatever the terms
    costs: Mapping[str, Expression]  # side -> what signing costs it beside the issues
    on: float = 1.0  # 0 where a scenario takes it off the table


@dataclass(frozen=True)
class Case:
    """Who bargains, over what, by which rules and with which numbers; each part by name."""

    states: Mapping[str, State]
    variables: Mapping[str, Variable]
    pairs: Mapping[str, Pair]
    flags: Mapping[str, Flag]
    ranks: Mapping[str, Rank]
    derived: Mapping[str, Derived]
    mechanisms: Mapping[str, str]
    menus: Mapping[str, Menu]
    issues: Mapping[str, Issue]
    packages: Mapping[str, Package]  # those on the table
    every_package: Mapping[str, Package]  # also those that a scenario takes off it
    bargaining: Mapping[str, Bargaining]
    month: Month
    promises: Mapping[str, Promise]
    measures: Mapping[str, Measure]
    thresholds: Mapping[str, Range]  # mode is the value in force
    outcomes: tuple[Outcome, ...]
    parameters: Mapping[str, Range]
    constants: Mapping[str, float]
