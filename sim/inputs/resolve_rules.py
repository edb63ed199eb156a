"""From the merged case as written to its rules: packages, bargaining, the month, measures and outcomes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sim.inputs.case import (
    Bargaining,
    Condition,
    Hazard,
    Measure,
    Month,
    Outcome,
    Package,
    Promise,
    Range,
    Term,
)
from sim.inputs.expression_tree import Name
from sim.inputs.resolver import Resolver
from sim.inputs.schema_case import OutcomeGiven, TermGiven
from sim.inputs.schema_scenario import ScenarioFile
from sim.inputs.yaml_source import KeyPath


def resolve_packages(to: Resolver) -> dict[str, Package]:
    """Everything that can be on the table, before a scenario takes anything off it."""
    found = {}
    for name, given in to.names.case.packages.items():
        path = ("packages", name)
        pair = to.names.case.pairs.get(given.pair)
        to.findings.known((*path, "pair"), given.pair, to.names.pairs, "pair")
        sides = pair.between if pair else list(to.names.states)
        check_gives(to, (*path, "gives"), given.gives, sides)
        levers = {lever for parts in given.gives.values() for lever in parts}
        whole = to.each((*path, "whole"), given.whole, levers, "lever of this package")
        costs = {}
        for side, text in given.costs.items():
            to.findings.known((*path, "costs", side), side, sides, "side of this pair", at_key=True)
            costs[side] = to.expression((*path, "costs", side), text, to.names.present)
        found[name] = Package(name, given.pair, given.says, given.gives, frozenset(whole), costs)
    return found


def check_gives(to: Resolver, path: KeyPath, gives: Mapping[str, Mapping[str, float]], sides: Collection[str]) -> None:
    """Notes givers that are not sides of the pair and parts that are not levers."""
    for giver, parts in gives.items():
        to.findings.known((*path, giver), giver, sides, "side of this pair", at_key=True)
        for lever in parts:
            to.findings.known((*path, giver, lever), lever, to.names.levers, "lever", at_key=True)


def resolve_bargaining(to: Resolver) -> dict[str, Bargaining]:
    """How each pair comes to accept."""
    case = to.names.case
    found = {}
    for pair in case.pairs:
        if pair not in case.bargaining:
            to.findings.add(("bargaining",), f"no {pair}", "an entry for every pair")
    for pair, given in case.bargaining.items():
        path = ("bargaining", pair)
        if not to.findings.known(path, pair, to.names.pairs, "pair", at_key=True):
            continue
        known, sides = to.names.choice | {"first_meeting"}, case.pairs[pair].between
        for lever in given.months:
            to.findings.known((*path, "months", lever), lever, to.names.levers, "lever", at_key=True)
        if given.breach is not None:
            to.findings.known((*path, "breach"), given.breach, to.names.variables, "variable")
        found[pair] = Bargaining(
            pair=pair,
            friction=_by_side(to, (*path, "friction"), given.friction, sides, known),
            haggle=tuple(given.haggle),
            wish=_by_side(to, (*path, "wish"), given.wish, sides, known),
            hurry=to.terms((*path, "hurry"), given.hurry, known),
            months=given.months,
            breach=given.breach,
            at_deal=to.changes((*path, "at_deal"), given.at_deal, known),
            at_walkout=to.changes((*path, "at_walkout"), given.at_walkout, known),
            at_first_meeting=to.changes((*path, "at_first_meeting"), given.at_first_meeting, known),
            at_refusal=to.changes((*path, "at_refusal"), given.at_refusal, known),
            at_collapse=to.changes((*path, "at_collapse"), given.at_collapse, known),
        )
    return found


def _by_side(
    to: Resolver,
    path: KeyPath,
    given: Mapping[str, Sequence[TermGiven]],
    sides: Collection[str],
    known: Collection[str],
) -> dict[str, tuple[Term, ...]]:
    found = {}
    for side, terms in given.items():
        to.findings.known((*path, side), side, sides, "side of this pair", at_key=True)
        found[side] = to.terms((*path, side), terms, known)
    return found


def resolve_month(to: Resolver) -> Month:
    """The stages of a month, and what time does."""
    given = to.names.case.month
    for name in [*given.decay]:
        to.findings.known(("month", "decay", name), name, to.names.variables, "variable", at_key=True)
    known = to.names.choice | {"noise"}
    drift = {}
    for name, entry in given.drift.items():
        to.findings.known(("month", "drift", name), name, to.names.variables, "variable", at_key=True)
        drift[name] = to.expression(("month", "drift", name, "value"), entry.value, known)
    averages = {
        name: to.expression(("month", "averages", name), text, to.names.choice) for name, text in given.averages.items()
    }
    return Month(tuple(given.order), dict(given.decay), drift, _hazard(to), averages)


def _hazard(to: Resolver) -> Hazard | None:
    given = to.names.case.month.hazard
    if given is None:
        return None
    path = ("month", "hazard")
    for what in ("log10_base", "ratio", "slope"):
        to.findings.known((*path, what), getattr(given, what), to.names.parameters, "parameter")
    of = to.expression((*path, "of"), given.of, to.names.present)
    return Hazard(given.measure, given.log10_base, given.ratio, given.slope, of)


def resolve_promises(to: Resolver) -> dict[str, Promise]:
    """What a promise of each lever is worth."""
    found = {}
    for lever, given in to.names.case.promises.items():
        path = ("promises", lever)
        to.findings.known(path, lever, to.names.levers, "lever", at_key=True)
        weight = to.number((*path, "weight"), given.weight)
        found[lever] = Promise(weight, to.expression((*path, "of"), given.of, to.names.present))
    return found


def resolve_measures(to: Resolver) -> dict[str, Measure]:
    """How a run is read; each measure may use those above it."""
    case = to.names.case
    known, found = set(to.names.tallies), {}
    if case.month.hazard:
        known.add(case.month.hazard.measure)
    for name, given in case.measures.items():
        path = ("measures", name)
        if given.needs is not None:
            to.findings.known((*path, "needs"), given.needs, to.names.pairs, "pair")
        if given.where is not None:
            to.findings.known((*path, "where"), given.where, known, "name")
        value = to.expression((*path, "value"), given.value, known)
        found[name] = Measure(name, given.label, value, given.unit, given.shown, given.needs, given.where)
        known.add(name)
    return found | who_gained(case)


def who_gained(case: ScenarioFile) -> dict[str, Measure]:
    """The measures that the engine makes for every state: its gain, and that against the same world without summits."""
    said = {
        "gain": "{}: gain over the run",
        "gained": "{}: gain by the summits",
        "better": "{}: better off by the summits",
    }
    names = {f"{what}.{state}": (what, given.leader) for what in said for state, given in case.states.items()}
    return {
        name: Measure(name, said[what].format(leader), Name(name), "", what == "gained", None)
        for name, (what, leader) in names.items()
    }


def resolve_outcomes(to: Resolver, thresholds: Mapping[str, Range]) -> tuple[Outcome, ...]:
    """The classes of endings; the last takes every run that is left."""
    given, found = to.names.case.outcomes, []
    names = [outcome.name for outcome in given]
    for index, outcome in enumerate(given):
        path = ("outcomes", index)
        if outcome.name in names[:index]:
            to.findings.add((*path, "name"), outcome.name, "each outcome once")
        if outcome.unless_pinned is not None:
            to.findings.known((*path, "unless_pinned"), outcome.unless_pinned, to.names.variables, "variable")
        when = _conditions(to, (*path, "when"), outcome, thresholds)
        found.append(
            Outcome(outcome.name, outcome.label, outcome.says, outcome.source or "", when, outcome.unless_pinned)
        )
    if given[-1].when or given[-1].unless_pinned:
        to.findings.add(
            ("outcomes", len(given) - 1, "when"),
            given[-1].name,
            "no condition: the last outcome takes all other runs",
        )
    return tuple(found)


def _conditions(
    to: Resolver, path: KeyPath, outcome: OutcomeGiven, thresholds: Mapping[str, Range]
) -> tuple[Condition, ...]:
    case = to.names.case
    measures = set(case.measures) | {name for name, given in case.variables.items() if given.kind != "exogenous"}
    if case.month.hazard:
        measures.add(case.month.hazard.measure)
    conditions = []
    for variable, bounds in outcome.when.items():
        to.findings.known((*path, variable), variable, measures, "measure", at_key=True)
        for bound, text in bounds.items():
            threshold = text if text in thresholds else None
            place = (*path, variable, bound)
            value = thresholds[text].mode if threshold else _plain(to, place, text, thresholds)
            conditions.append(Condition(variable, bound, threshold, value))
    return tuple(conditions)


def _plain(to: Resolver, path: KeyPath, text: str, thresholds: Collection[str]) -> float:
    try:
        return float(text)
    except ValueError:
        to.findings.known(path, text, thresholds, "threshold")
        return 0.0
