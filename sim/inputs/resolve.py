"""From merged data to a case, a ledger and a calendar: the one place where everything is looked up.

Nothing here stops at the first fault: each step notes what it finds and goes on with what can still be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sim.errors import Fault, InputError
from sim.inputs.assume import (
    assume_constants,
    assume_ledger,
    assume_packages,
    assume_ranges,
    assume_start,
    assume_states,
)
from sim.inputs.cards import Card, check_cards
from sim.inputs.case import Case
from sim.inputs.ledger import Ledger
from sim.inputs.names import Names
from sim.inputs.pooling import CodingChoice, pool
from sim.inputs.resolve_case import (
    check_one_meaning,
    needed_constants,
    resolve_derived,
    resolve_flags,
    resolve_pairs,
    resolve_parameters,
    resolve_ranks,
    resolve_states,
    resolve_variables,
)
from sim.inputs.resolve_choices import resolve_issues, resolve_menus
from sim.inputs.resolve_rules import (
    resolve_bargaining,
    resolve_measures,
    resolve_month,
    resolve_outcomes,
    resolve_packages,
    resolve_promises,
)
from sim.inputs.resolver import Resolver, contested_range
from sim.inputs.schedule import Event, Summit, resolve_events, resolve_summits
from sim.inputs.schema_scenario import ScenarioFile
from sim.inputs.schema_types import month_of
from sim.inputs.yaml_source import Source


@dataclass(frozen=True)
class Resolved:
    """What a merged scenario comes to, with a line for each assumption that differs from the case."""

    case: Case
    ledger: Ledger
    pooled: Ledger
    summits: tuple[Summit, ...]
    events: tuple[Event, ...]
    lines: list[str] = field(default_factory=list)
    behaviour: tuple[tuple[str, str], ...] = ()  # (state, name of its rule)


def resolve(
    source: Source,
    given: ScenarioFile,
    cards: Sequence[Card],
    coding: CodingChoice,
    earlier: Sequence[Fault] = (),
) -> Resolved:
    """Everything looked up. Raises InputError with the earlier faults and those found here."""
    names = Names(given)
    to = Resolver(source, names, names.constant_values, {claim.id for card in cards for claim in card.given.claims})
    lines: list[str] = []
    to.constants = assume_constants(to, lines)
    needed_constants(to, to.constants)
    check_one_meaning(to)
    case = _case(to, lines)
    first_month = month_of(given.first_month)
    summits, events = resolve_summits(to, first_month), resolve_events(to, first_month)
    behaviour = _behaviour(to)
    faults = [*earlier, *check_cards(cards, names)]
    ledger = pooled = Ledger({})
    if not faults and not any(name not in to.constants for name in ("disputed", "share_unknown")):
        pooled = pool(cards, coding, to.constants)
        ledger = assume_ledger(to, pooled, cards, lines)
    else:
        _check_ledger_names(to, cards)
    if faults := [*faults, *to.findings.faults]:
        raise InputError(faults)
    return Resolved(case, ledger, pooled, summits, events, lines, behaviour)


def _case(to: Resolver, lines: list[str]) -> Case:
    given = to.names.case
    thresholds = {name: contested_range(entry) for name, entry in given.thresholds.items()}
    thresholds = assume_ranges(to, "thresholds", thresholds, given.thresholds, lines)
    packages = assume_packages(to, resolve_packages(to), lines)
    case = Case(
        states=assume_states(to, resolve_states(to), lines),
        variables=assume_start(to, resolve_variables(to), lines),
        pairs=resolve_pairs(to),
        flags=resolve_flags(to),
        ranks=resolve_ranks(to),
        derived=resolve_derived(to),
        mechanisms=dict(given.mechanisms),
        menus=resolve_menus(to),
        issues=resolve_issues(to),
        packages={name: package for name, package in packages.items() if package.on},
        every_package=packages,
        bargaining=resolve_bargaining(to),
        month=resolve_month(to),
        promises=resolve_promises(to),
        measures=resolve_measures(to),
        thresholds=thresholds,
        outcomes=resolve_outcomes(to, thresholds),
        parameters=resolve_parameters(to),
        constants=dict(to.constants),
    )
    return replace(case, parameters=assume_ranges(to, "parameters", case.parameters, given.parameters, lines))


def _behaviour(to: Resolver) -> tuple[tuple[str, str], ...]:
    """Which states follow a rule by name."""
    given = to.names.case
    for state in given.behaviour:
        to.findings.known(("behaviour", state), state, given.states, "state", at_key=True)
    return tuple(given.behaviour.items())


def _check_ledger_names(to: Resolver, cards: Sequence[Card]) -> None:
    """Notes claims and documents that do not exist, where the ledger itself cannot be pooled."""
    given = to.names.case.assume
    for claim in given.claims:
        to.findings.known(("assume", "claims", claim), claim, to.claims, "claim", at_key=True)
    for document in given.documents:
        ids = [card.id for card in cards]
        to.findings.known(("assume", "documents", document), document, ids, "document", at_key=True)
