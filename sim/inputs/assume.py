"""What a scenario assumes, laid over the case and its pooled ledger; each change is written as a line.

Of the ledger, documents go first (`documents`, `known_by`), then single claims, then the balance of the directions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sim.inputs.cards import Card
from sim.inputs.case import IdealPoint, Package, Range, State, Variable
from sim.inputs.ledger import Claim, Effect, Ledger
from sim.inputs.resolve_case import check_within
from sim.inputs.resolve_rules import check_gives
from sim.inputs.resolver import Resolver, range_of
from sim.inputs.schema_case import NumberGiven
from sim.inputs.schema_scenario import Assume
from sim.inputs.schema_types import LARGEST, Corners


def assume_constants(to: Resolver, lines: list[str]) -> dict[str, float]:
    """The constants in force."""
    constants = dict(to.names.constant_values)
    for name, value in to.names.case.assume.constants.items():
        path = ("assume", "constants", name)
        if to.findings.known(path, name, constants, "constant", at_key=True):
            check_within(to, path, range_of(value), to.names.case.constants[name])
            lines.append(f"constant {name}: {constants[name]:g} -> {value:g}")
            constants[name] = float(value)
    return constants


def assume_ranges(
    to: Resolver,
    section: str,
    ranges: Mapping[str, Range],
    entries: Mapping[str, float | NumberGiven],
    lines: list[str],
) -> dict[str, Range]:
    """Parameters or thresholds with those that the scenario assumes."""
    what, found = section[:-1], dict(ranges)
    given: Mapping[str, float | Corners] = getattr(to.names.case.assume, section)
    for name, value in given.items():
        path = ("assume", section, name)
        if to.findings.known(path, name, ranges, what, at_key=True):
            found[name] = check_within(to, path, range_of(value), entries[name])
            lines.append(f"{what} {name}: {say_range(ranges[name])} -> {say_range(found[name])}")
    return found


def assume_start(to: Resolver, variables: Mapping[str, Variable], lines: list[str]) -> dict[str, Variable]:
    """Variables that start where the scenario says."""
    found = dict(variables)
    for name, value in to.names.case.assume.start.items():
        path = ("assume", "start", name)
        if to.findings.known(path, name, variables, "variable", at_key=True):
            start = to.inside(path, range_of(value), 0.0, LARGEST if variables[name].unbounded else 1.0)
            lines.append(f"start of {name}: {say_range(variables[name].start)} -> {say_range(start)}")
            found[name] = replace(variables[name], start=start)
    return found


def assume_states(to: Resolver, states: Mapping[str, State], lines: list[str]) -> dict[str, State]:
    """States that want what the scenario says."""
    found = dict(states)
    for state, issues in to.names.case.assume.states.items():
        path = ("assume", "states", state)
        if not to.findings.known(path, state, states, "state", at_key=True):
            continue
        ideals = dict(states[state].ideals)
        for issue, given in issues.items():
            if to.findings.known((*path, issue), issue, ideals, "issue", at_key=True):
                old = ideals[issue]
                position = old.position if given.ideal is None else range_of(given.ideal)
                salience = old.salience if given.salience is None else range_of(given.salience)
                ideals[issue] = IdealPoint(position, salience, "assumed by the scenario")
                for what, before, after in (
                    ("ideal", old.position, position),
                    ("salience", old.salience, salience),
                ):
                    if before != after:
                        lines.append(f"{what} of {state} on {issue}: {say_range(before)} -> {say_range(after)}")
        found[state] = replace(states[state], ideals=ideals)
    return found


def assume_packages(to: Resolver, packages: Mapping[str, Package], lines: list[str]) -> dict[str, Package]:
    """Every package; those off the table say so."""
    found = dict(packages)
    for name, given in to.names.case.assume.packages.items():
        path = ("assume", "packages", name)
        if not to.findings.known(path, name, packages, "package", at_key=True):
            continue
        if given is False:
            found[name] = replace(found[name], on=0.0)
            lines.append(f"package {name}: off the table")
        elif given is not True:
            pair = to.names.case.pairs.get(packages[name].pair)
            check_gives(to, path, given, pair.between if pair else to.names.states)
            gives = {giver: {**packages[name].gives.get(giver, {}), **parts} for giver, parts in given.items()}
            for giver, parts in given.items():
                for lever, share in parts.items():
                    before = packages[name].gives.get(giver, {}).get(lever, 0.0)
                    lines.append(f"package {name}: {giver} gives {lever} {before:g} -> {share:g}")
            found[name] = replace(packages[name], gives={**packages[name].gives, **gives})
    return found


def say_range(given: Range) -> str:
    """A range in words: `0.5`, or `0.5 (0.25 to 1)`."""
    return f"{given.mode:g}" if given.fixed else f"{given.mode:g} ({given.low:g} to {given.high:g})"


def assume_ledger(to: Resolver, ledger: Ledger, cards: Sequence[Card], lines: list[str]) -> Ledger:
    """The ledger with everything that the scenario assumes of it."""
    given = to.names.case.assume
    dates = {card.id: card.given.document.date for card in cards}
    for document in given.documents:
        to.findings.known(("assume", "documents", document), document, dates, "document", at_key=True)
    ledger = _drop_documents(ledger, _documents_off(given, dates, lines), lines)
    ledger = _assume_claims(to, ledger, lines)
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


def _assume_claims(to: Resolver, ledger: Ledger, lines: list[str]) -> Ledger:
    """What is said of single claims."""
    claims = dict(ledger.claims)
    for name, given in to.names.case.assume.claims.items():
        if not to.findings.known(("assume", "claims", name), name, claims, "claim", at_key=True):
            continue
        old = claims[name]
        if isinstance(given, bool):
            credence, weight = float(given), old.weight
        else:
            credence = old.credence if given.credence is None else given.credence
            weight = old.weight if given.weight is None else range_of(given.weight)
        claims[name] = replace(old, credence=credence, weight=weight)
        lines += _say_change(old, credence, weight)
    return Ledger(claims)


def _say_change(old: Claim, credence: float, weight: Range) -> list[str]:
    lines = []
    if credence != old.credence:
        lines.append(f"claim {old.id}: credence {_say(old.credence)} -> {_say(credence)}")
    if weight != old.weight:
        lines.append(f"claim {old.id}: weight {say_range(old.weight)} -> {say_range(weight)}")
    return lines


def _say(credence: float) -> str:
    return f"{round(credence, 4):g}"


def balance(ledger: Ledger, lines: list[str]) -> Ledger:
    """Scales down the heavier direction of each two states, so that both have the same sum over groups of the largest
    share x weight x credence. Two states of which one holds nothing over the other are left alone."""
    totals = _totals(ledger)
    factors = {}
    for (holder, target), total in totals.items():
        other = totals.get((target, holder), 0.0)
        if total > other > 0:
            factors[holder, target] = other / total
            lines.append(f"balance: {holder} over {target} times {other / total:.3g}")
    claims = {
        name: replace(claim, effects=tuple(_scaled(effect, factors) for effect in claim.effects))
        for name, claim in ledger.claims.items()
    }
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


def _scaled(effect: Effect, factors: Mapping[tuple[str, str], float]) -> Effect:
    factor = factors.get((effect.holder, effect.target), 1.0)
    return effect if effect.sign < 0 or factor == 1.0 else replace(effect, share=effect.share * factor)
