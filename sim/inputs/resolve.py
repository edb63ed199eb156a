"""Turns a valid scenario file into what the engine computes on: constants put into expressions, and what it assumes
applied to the case and its pooled ledger, with a line for each change.

Nothing is checked here: :mod:`sim.inputs.name_checks` and :mod:`sim.inputs.case_checks` have done it before. In the
ledger, documents come first (`documents`, `known_by`), then single claims, then the balance of the directions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel

from sim import vocabulary
from sim.inputs.cards import Card
from sim.inputs.case import Case, ConfidenceWidths, IdealPoint, Package, Pair, State, StateGiven, Variable
from sim.inputs.case_rules import Condition, Measure, Outcome, OutcomeGiven, contested_range, drawn_range, fixed_value
from sim.inputs.expressions import Expression, Name, simplify
from sim.inputs.ledger import Ledger
from sim.inputs.schema_scenario import Assume, ScenarioFile
from sim.inputs.schema_types import Range

T = TypeVar("T")


def resolve_case(given: ScenarioFile, assumed: Assumptions) -> Case:
    """The case of a valid scenario file, with what it assumes; each change is noted in ``assumed``."""
    constants = assumed.constants({name: fixed_value(entry) for name, entry in given.constants.items()})
    contested = {name: contested_range(entry) for name, entry in given.thresholds.items()}
    thresholds = assumed.ranges("thresholds", contested)
    drawn = {name: drawn_range(entry) for name, entry in given.parameters.items()}
    states = assumed.states({name: _state(name, each, given.confidence_widths) for name, each in given.states.items()})
    packages = assumed.packages({
        name: Package(name, of.pair, of.says, of.gives, frozenset(of.whole), fold(of.costs, constants))
        for name, of in given.packages.items()
    })  # fmt: skip
    return Case(
        states=states,
        variables=assumed.start(fold(given.variables, constants)),
        pairs={
            name: Pair(name, (each.between[0], each.between[1]), each.name, each.tie, each.met)
            for name, each in given.pairs.items()
        },
        flags=fold(given.flags, constants),
        ranks=dict(given.ranks),
        derived=fold(given.derived, constants),
        mechanisms=dict(given.mechanisms),
        menus=fold(given.moves, constants),
        issues=fold(given.issues, constants),
        packages={name: package for name, package in packages.items() if package.on},
        every_package=packages,
        bargaining=fold(given.bargaining, constants),
        month=fold(given.month, constants),
        promises=fold(given.promises, constants),
        measures=fold(given.measures, constants) | _who_gained(states),
        thresholds=thresholds,
        outcomes=tuple(_outcome(each, thresholds) for each in given.outcomes),
        parameters=assumed.ranges("parameters", drawn),
        constants=constants,
    )


def fold(value: T, constants: Mapping[str, float]) -> T:
    """A copy of models, maps and lists in which every expression has its constants as numbers."""
    found: Any = value
    if isinstance(value, Expression):
        found = simplify(value, constants)
    elif isinstance(value, dict):
        found = {key: fold(each, constants) for key, each in value.items()}
    elif isinstance(value, list):
        found = [fold(each, constants) for each in value]
    elif isinstance(value, BaseModel) and (names := _with_expressions(type(value))):
        found = value.model_copy(update={name: fold(getattr(value, name), constants) for name in names})
    return found


@lru_cache(maxsize=128)
def _with_expressions(model: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a model that may hold expressions: all but plain texts and numbers."""
    plain = {str, float, int, bool, str | None}
    return tuple(name for name, info in model.model_fields.items() if info.annotation not in plain)


def _state(name: str, given: StateGiven, widths: ConfidenceWidths) -> State:
    ideals = {
        issue: IdealPoint(
            _around(each.position, getattr(widths.position, each.confidence)),
            _around(each.salience, getattr(widths.salience, each.confidence_salience or each.confidence)),
            each.source or "",
        )
        for issue, each in given.ideals.items()
    }
    label = given.name or name
    leader = given.leader or label
    return State(name, label, leader, ideals, given.called or leader)


def _around(value: float, width: float) -> Range:
    """The value plus and minus a width, the bounds cut at 0 and 1."""
    return Range(max(0.0, value - width), float(value), min(1.0, value + width))


def _who_gained(states: Mapping[str, State]) -> dict[str, Measure]:
    """The measures that the engine makes for every state: gain, gain by the summits, better off by them."""
    found = {}
    for what, unit, name_of in (
        ("gain over the run", "of the way to all it wants", vocabulary.gain),
        ("gain by the summits", "of the way to all it wants", vocabulary.gained),
        ("better off by the summits", "of the runs", vocabulary.better),
    ):
        for state, each in states.items():
            name, label = name_of(state), f"{each.leader}: {what}"
            shown = name_of is vocabulary.gained
            measure = Measure(value=Name(name), label=label, unit=unit, shown=shown, needs=None, where=None)
            found[name] = measure.called(name)
    return found


def _outcome(given: OutcomeGiven, thresholds: Mapping[str, Range]) -> Outcome:
    when = [
        Condition(variable, bound, name, thresholds[name].mode)
        if (name := str(text)) in thresholds
        else Condition(variable, bound, None, float(text))
        for variable, bounds in given.when.items()
        for bound, text in bounds.items()
    ]
    return Outcome(given.name, given.label, given.says, given.source or "", tuple(when), given.unless_pinned)


class Assumptions:
    """What a scenario assumes about numbers, states and packages; `lines` has a line for each change."""

    def __init__(self, given: Assume) -> None:
        self.given = given
        self.lines: list[str] = []

    def constants(self, constants: Mapping[str, float]) -> dict[str, float]:
        """The constants in force."""
        for name, value in self.given.constants.items():
            self.lines.append(f"constant {name}: {constants[name]:g} -> {value:g}")
        return {**constants, **{name: float(value) for name, value in self.given.constants.items()}}

    def ranges(self, section: str, ranges: Mapping[str, Range]) -> dict[str, Range]:
        """Parameters or thresholds, with the scenario's in place of the case's."""
        given: Mapping[str, Range] = getattr(self.given, section)
        for name, value in given.items():
            self.lines.append(f"{section[:-1]} {name}: {ranges[name]} -> {value}")
        return {**ranges, **given}

    def start(self, variables: Mapping[str, Variable]) -> dict[str, Variable]:
        """Variables, with the scenario's start levels."""
        found = dict(variables)
        for name, start in self.given.start.items():
            self.lines.append(f"start of {name}: {variables[name].start} -> {start}")
            found[name] = variables[name].model_copy(update={"start": start})
        return found

    def states(self, states: Mapping[str, State]) -> dict[str, State]:
        """States, with the scenario's ideal points and saliences."""
        found = dict(states)
        for state, issues in self.given.states.items():
            ideals = dict(states[state].ideals)
            for issue, given in issues.items():
                old = ideals[issue]
                new = IdealPoint(given.ideal or old.position, given.salience or old.salience, "assumed by the scenario")
                ideals[issue] = new
                for what, was, now in (("ideal", old.position, new.position), ("salience", old.salience, new.salience)):
                    if was != now:
                        self.lines.append(f"{what} of {states[state].said} on {issue}: {was} -> {now}")
            found[state] = replace(states[state], ideals=ideals)
        return found

    def packages(self, packages: Mapping[str, Package]) -> dict[str, Package]:
        """Every package; those off the table are marked (``on`` is 0)."""
        found = dict(packages)
        for name, given in self.given.packages.items():
            if given is False:
                found[name] = replace(found[name], on=0.0)
                self.lines.append(f"package {name}: off the table")
            elif given is not True:
                old = packages[name].gives
                for giver, parts in given.items():
                    for lever, share in parts.items():
                        before = old.get(giver, {}).get(lever, 0.0)
                        self.lines.append(f"package {name}: {giver} gives {lever} {before:g} -> {share:g}")
                gives = {giver: {**old.get(giver, {}), **parts} for giver, parts in given.items()}
                found[name] = replace(packages[name], gives={**old, **gives})
        return found


def assume_ledger(given: Assume, ledger: Ledger, cards: Sequence[Card], lines: list[str]) -> Ledger:
    """The ledger with the scenario's assumptions about documents, claims and balance."""
    dates = {card.id: card.given.document.date for card in cards}
    ledger = _drop_documents(ledger, _documents_off(given, dates, lines), lines)
    ledger = _assume_claims(given, ledger, lines)
    return balance(ledger, lines) if given.balance else ledger


def _documents_off(given: Assume, dates: Mapping[str, str], lines: list[str]) -> frozenset[str]:
    """The documents that do not count; an explicit switch beats the date."""
    late = {document for document, date in dates.items() if given.known_by and date[:7] > given.known_by}
    off = {document for document in dates if not given.documents.get(document, document not in late)}
    if given.known_by:
        lines.append(f"known by {given.known_by}: without {', '.join(sorted(late & off)) or 'dropping any document'}")
    lines += [f"document {document}: off" for document in sorted(off - late)]
    return frozenset(off)


def _drop_documents(ledger: Ledger, off: frozenset[str], lines: list[str]) -> Ledger:
    """Claims fail when every document they cite is off."""
    claims = dict(ledger.claims)
    for name, claim in ledger.claims.items():
        if {place.document for place in claim.places} <= off:
            lines.append(f"claim {name}: credence {_say(claim.credence)} -> 0 (rests on a document that is off)")
            claims[name] = replace(claim, credence=0.0)
    return Ledger(claims)


def _assume_claims(assume: Assume, ledger: Ledger, lines: list[str]) -> Ledger:
    """The ledger with the scenario's credences and weights of single claims."""
    claims = dict(ledger.claims)
    for name, given in assume.claims.items():
        old = claims[name]
        if isinstance(given, bool):
            credence, weight = float(given), old.weight
        else:
            credence, weight = (old.credence if given.credence is None else given.credence), given.weight or old.weight
        if credence != old.credence:
            lines.append(f"claim {name}: credence {_say(old.credence)} -> {_say(credence)}")
        if weight != old.weight:
            lines.append(f"claim {name}: weight {old.weight} -> {weight}")
        claims[name] = replace(old, credence=credence, weight=weight)
    return Ledger(claims)


def _say(credence: float) -> str:
    return f"{round(credence, 4):g}"


def balance(ledger: Ledger, lines: list[str]) -> Ledger:
    """Scales down the heavier direction of each two states, so that both have the same sum over groups of the largest
    share x weight x credence. Where one direction has no claims, both stay as they are."""
    totals = _totals(ledger)
    factors = {}
    for (holder, target), total in totals.items():
        other = totals.get((target, holder), 0.0)
        if total > other > 0:
            factors[holder, target] = other / total
            lines.append(f"balance: {holder} over {target} times {other / total:.3g}")
    claims = {}
    for name, claim in ledger.claims.items():
        effects = [
            replace(each, share=each.share * factors.get((each.holder, each.target), 1.0)) if each.sign > 0 else each
            for each in claim.effects
        ]
        claims[name] = replace(claim, effects=tuple(effects))
    return Ledger(claims)


def _totals(ledger: Ledger) -> dict[tuple[str, str], float]:
    """Sum over groups of the largest share x weight x credence that feeds each direction."""
    largest: dict[tuple[str, str], dict[str, float]] = {}
    for claim in ledger.claims.values():
        for effect in claim.effects:
            if effect.sign > 0:
                groups = largest.setdefault((effect.holder, effect.target), {})
                push = effect.share * claim.weight.mode * claim.credence
                groups[claim.group] = max(groups.get(claim.group, 0.0), push)
    return {dyad: sum(groups.values()) for dyad, groups in largest.items()}
