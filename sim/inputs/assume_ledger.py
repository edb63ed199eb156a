"""What a scenario assumes about claims and documents, laid over the pooled ledger; each change told in a line.

Documents go first (`documents`, `known_by`), then what is said of single claims, then the balance of the directions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sim.inputs.assume import say_range
from sim.inputs.cards import Card
from sim.inputs.case import Range
from sim.inputs.ledger import Claim, Effect, Ledger
from sim.inputs.resolver import Resolver, range_of
from sim.inputs.schema_scenario import Assume


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
