"""A case, fully resolved: what the engine computes on and never checks again.

The short human form is YAML (``scenarios/baseline.yaml``, checked by ``schema_scenario.py``); ``scenario.py`` resolves
it to the frozen values below: names looked up, constants folded into the expressions, overrides applied.
Nothing here knows Korea: states, levers, moves and packages are the case's data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sim.inputs.expressions import Expression


@dataclass(frozen=True)
class Range:
    """A triangular distribution: lowest, likeliest and highest value. Fixed where low equals high."""

    low: float
    mode: float
    high: float

    @property
    def fixed(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True)
class IdealPoint:
    """Where a state wants an issue, in [0, 1], and how much it cares (salience, from 0)."""

    position: Range
    salience: Range
    source: str = ""


@dataclass(frozen=True)
class State:
    name: str
    label: str
    leader: str
    ideals: Mapping[str, IdealPoint]  # by issue
    called: str = ""  # what a sentence calls the leader


@dataclass(frozen=True)
class Variable:
    """Anything with a level: a lever, climate, a tie or an exogenous number."""

    name: str
    kind: Literal["lever", "climate", "tie", "exogenous"]
    label: str
    start: Range
    source: str = ""
    upward: bool = False  # a lever that giving moves toward 1
    unbounded: bool = False  # may grow past 1; capped at 1 inside activations
    irreversible: float = 0.0  # how far what is given is given for good, from 0 to 1
    reading: bool = False  # records what was done and moves nothing; no event may set it
    shown: bool = False  # stands in the short tables beside the outcomes
    rises_times: Expression | None = None  # factor on rises caused by moves


@dataclass(frozen=True)
class Pair:
    """Two states that can hold a summit; ``between[0]`` is the side whose terms are reported."""

    id: str
    between: tuple[str, str]
    name: str
    tie: str
    met: str

    def other(self, state: str) -> str:
        return self.between[1] if state == self.between[0] else self.between[0]


@dataclass(frozen=True)
class Flag:
    """1 in months with a summit of these pairs in this month or the next ``within`` months, else 0."""

    name: str
    label: str
    pairs: tuple[str, ...]
    within: int


@dataclass(frozen=True)
class Rank:
    """Share of the pairs ``counts`` that met before the first meeting of ``until``; frozen from then on."""

    name: str
    label: str
    until: str
    counts: tuple[str, ...]


@dataclass(frozen=True)
class Derived:
    name: str
    label: str
    value: Expression


@dataclass(frozen=True)
class Term:
    """``times * of``, counted only in worlds where ``claim`` holds (always, if None)."""

    of: Expression
    times: float = 1.0
    claim: str | None = None


@dataclass(frozen=True)
class Option:
    """One thing a state can do in a month. The reference option has utility 0."""

    name: str
    says: str
    reference: bool
    constant: float
    bias: str | None
    utility: tuple[Term, ...]
    effects: Mapping[str, Expression]  # variable -> change a month, times the parameter `step`
    at_least: Mapping[str, Expression]  # variable -> level it is raised to


@dataclass(frozen=True)
class Menu:
    state: str
    options: tuple[Option, ...]  # in the order in which one uniform draw chooses among them


@dataclass(frozen=True)
class Issue:
    """What ideal points are about: its level now and after a package, and the levers that move it."""

    name: str
    label: str
    now: Expression
    after: Expression
    moved_by: frozenset[str]
    ideal_times: Expression | None = None
    ideal_times_except: frozenset[str] = frozenset()
    lived: Expression | None = None  # its level when a state judges how it did, where that is not ``now``


@dataclass(frozen=True)
class Package:
    name: str
    pair: str
    says: str
    gives: Mapping[str, Mapping[str, float]]  # giver -> lever -> share at parity
    whole: frozenset[str]  # levers given whole, whatever the terms
    costs: Mapping[str, Expression] = field(default_factory=dict)  # side -> what signing costs it beside the issues
    on: float = 1.0  # 0 where a scenario takes it off the table


@dataclass(frozen=True)
class Bargaining:
    """How a pair comes to meet and to accept, how a deal is carried out, and what all of it does to the variables."""

    pair: str
    friction: Mapping[str, tuple[Term, ...]]  # by side
    haggle: tuple[float, ...]  # how far the terms are pressed, offer by offer
    wish: Mapping[str, tuple[Term, ...]]  # by side: log odds of coming
    hurry: tuple[Term, ...]  # log odds that a summit is brought forward
    months: Mapping[str, int]  # lever -> months over which a deal gives it
    breach: str | None  # variable that is the monthly risk of a collapse
    at_deal: Mapping[str, Expression]
    at_walkout: Mapping[str, Expression]
    at_first_meeting: Mapping[str, Expression]
    at_refusal: Mapping[str, Expression]
    at_collapse: Mapping[str, Expression]


@dataclass(frozen=True)
class Hazard:
    """Absorbing event of monthly probability 10**log10_base * ratio * exp(slope * of); all but ``of`` name
    parameters."""

    measure: str
    log10_base: str
    ratio: str
    slope: str
    of: Expression


@dataclass(frozen=True)
class Month:
    """The stages of a month in order, the monthly decay factors, and the drift expressions in order."""

    order: tuple[str, ...]
    decay: Mapping[str, float]
    drift: Mapping[str, Expression]
    hazard: Hazard | None
    averages: Mapping[str, Expression] = field(default_factory=dict)  # read as mean.NAME


@dataclass(frozen=True)
class Promise:
    """Worth of giving a lever: weight times what there is to give."""

    weight: float
    of: Expression


@dataclass(frozen=True)
class Measure:
    name: str
    label: str
    value: Expression
    unit: str
    shown: bool
    needs: str | None  # pair without whose summits the measure means nothing
    where: str | None = None  # only runs where this name is 1 count


@dataclass(frozen=True)
class Condition:
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


@dataclass(frozen=True)
class Case:
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
