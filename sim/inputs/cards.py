"""Source cards, read and checked: each by itself, against one another, and against the case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from sim.errors import Fault
from sim.inputs.expressions import ExpressionError, check_names, parse_expression
from sim.inputs.names import Names
from sim.inputs.schema import Findings, news, touches
from sim.inputs.schema_card import CardFile, ClaimGiven, Coding
from sim.inputs.stand_ins import check_all
from sim.inputs.yaml_source import KeyPath, Source

CARD: TypeAdapter[CardFile] = TypeAdapter(CardFile)


@dataclass(frozen=True)
class Card:
    """A source card and where everything in it was written; something stands in for what is faulty."""

    source: Source
    given: CardFile
    faulty: frozenset[KeyPath] = frozenset()

    @property
    def id(self) -> str:
        return self.given.document.id


def read_card(source: Source) -> tuple[Card | None, list[Fault]]:
    """The card that a source holds, as far as it can be read, and its faults."""
    found = check_all(CARD, source)
    readable = found.given is not None and not touches(("document", "id"), found.faulty)
    card = Card(source, found.given, found.faulty) if found.given and readable else None
    return card, [*source.faults, *news([problem.fault(source) for problem in found.problems], source)]


def check_cards(cards: Sequence[Card], names: Names | None) -> list[Fault]:
    """Faults of cards among one another; with the names of a case, also of what they say about the case."""
    known = _Known(cards)
    found: list[Fault] = []
    for card in cards:
        findings = Findings(card.source, card.faulty)
        _check_document(card, known, findings)
        for index, claim in enumerate(card.given.claims):
            _check_claim(card, claim, ("claims", index), known, findings)
            if names:
                _check_against_case(claim, ("claims", index), names, findings)
        found += findings.faults
    return found


class _Known:
    """What the cards hold together: where a name was first given, groups, paragraph hashes."""

    def __init__(self, cards: Iterable[Card]) -> None:
        self.documents: dict[str, Card] = {}
        self.claims: dict[str, tuple[Card, ClaimGiven]] = {}
        self.hashes: dict[tuple[str, int], str] = {}
        for card in cards:
            self.documents.setdefault(card.id, card)
            for claim in card.given.claims:
                self.claims.setdefault(claim.id, (card, claim))
                for where in claim.where:
                    self.hashes.setdefault((where.document, where.paragraph), where.sha256)


def _check_document(card: Card, known: _Known, findings: Findings) -> None:
    first = known.documents[card.id]
    if first is not card:
        findings.add(("document", "id"), card.id, f"an id of its own; {first.source.name} has this one")


def _check_claim(card: Card, claim: ClaimGiven, path: KeyPath, known: _Known, findings: Findings) -> None:
    first_card, first = known.claims[claim.id]
    if first is not claim:
        findings.add((*path, "id"), claim.id, f"an id of its own; {first_card.source.name} has this one")
    named = known.claims.get(claim.group)
    if named and named[1].group != claim.group:
        findings.add((*path, "group"), claim.group, "a group that the claim of this name belongs to, or another word")
    _check_where(card, claim, path, known, findings)
    for index, rival in enumerate(claim.rivals):
        place = (*path, "rivals", index, "claim")
        if (
            findings.known(place, rival.claim, known.claims, "claim")
            and known.claims[rival.claim][1].group == claim.group
        ):
            findings.add(place, rival.claim, "a claim of another group: claims of one group hold and fail together")
    for coder, coding in (("first", claim.codings.first), ("second", claim.codings.second)):
        check_links(claim.id, coding, (*path, "codings", coder), known.claims, findings)


def check_links(claim: str, coding: Coding, path: KeyPath, claims: Iterable[str], findings: Findings) -> None:
    """Notes links to claims that do not exist, to the claim itself, and links given twice."""
    seen: set[str] = set()
    for kind, links in (("attacks", coding.attacks), ("supports", coding.supports)):
        for index, link in enumerate(links):
            place = (*path, kind, index)
            if link == claim:
                findings.add(place, link, "another claim")
            elif link in seen:
                findings.add(place, link, "each claim once: it attacks or supports")
            else:
                findings.known(place, link, claims, "claim")
            seen.add(link)


def _check_where(card: Card, claim: ClaimGiven, path: KeyPath, known: _Known, findings: Findings) -> None:
    for index, where in enumerate(claim.where):
        place = (*path, "where", index)
        if not findings.known((*place, "document"), where.document, known.documents, "document"):
            continue
        if known.hashes[where.document, where.paragraph] != where.sha256:
            findings.add(
                (*place, "sha256"),
                where.sha256[:12] + "…",
                "the hash that other claims give for this paragraph",
            )
    if card.id not in {where.document for where in claim.where}:
        findings.add((*path, "where"), "no paragraph of this card's document", f"at least one of {card.id}")


def _check_against_case(claim: ClaimGiven, path: KeyPath, names: Names, findings: Findings) -> None:
    for coder, coding in (("first", claim.codings.first), ("second", claim.codings.second)):
        findings.known((*path, "codings", coder, "mechanism"), coding.mechanism, names.case.mechanisms, "mechanism")
    try:
        check_names(parse_expression(claim.active), names.present)
    except ExpressionError as error:
        findings.add((*path, "active"), claim.active, str(error))
    dyads: set[tuple[str, str]] = set()
    for index, effect in enumerate(claim.effects):
        place = (*path, "effects", index)
        findings.known((*place, "holder"), effect.holder, names.states, "state")
        findings.known((*place, "target"), effect.target, names.states, "state")
        if effect.holder == effect.target:
            findings.add((*place, "target"), effect.target, "another state than the holder")
        if (effect.holder, effect.target) in dyads:
            findings.add(place, f"{effect.holder} over {effect.target} again", "each holder and target once")
        dyads.add((effect.holder, effect.target))
        if effect.share is None and effect.coded_by != "second":
            findings.add((*place, "share"), "missing", "a share: only an effect of the second coding may go without")
    for index, coupling in enumerate(claim.fails):
        check_coupling_key((*path, "fails", index, "key"), coupling.key, names, findings)


def check_coupling_key(path: KeyPath, key: str, names: Names, findings: Findings) -> None:
    """Notes a key that is neither a parameter nor an ideal point or salience of the case."""
    points = {f"{what}.{state}.{issue}" for state, given in names.case.states.items() for issue in given.ideals
              for what in ("ideal", "salience")}  # fmt: skip
    if key not in names.parameters and key not in points:
        findings.known(path, key, names.parameters | points, "parameter, ideal.STATE.ISSUE or salience.STATE.ISSUE")
