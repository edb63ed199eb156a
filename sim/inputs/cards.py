"""Source cards, read and checked: each by itself, against one another, and against the case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from sim.errors import Fault
from sim.inputs.expressions import ExpressionError, check_names, parse_expression
from sim.inputs.names import Names
from sim.inputs.schema_card import CardFile, ClaimGiven, Coding
from sim.inputs.schema_faults import Findings
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
    card = Card(source, found.given, found.faulty) if found.given else None
    return card, found.faults(source)


def check_cards(cards: Sequence[Card], names: Names | None, *, unread: bool = False) -> list[Fault]:
    """Faults of cards among one another; with the names of a case, also of what they say about the case.

    Where other cards are `unread`, a name that none of these has may be theirs.
    """
    findings = [Findings(card.source, card.faulty) for card in cards]
    known = _Known(cards, findings, unread)
    for card, found in zip(cards, findings, strict=True):
        first = known.documents.get(card.id, card)
        if first is not card and found.sound(("document", "id")):
            found.add(("document", "id"), card.id, f"an id of its own; {first.source.name} has this one")
            continue  # its claims are those of the first, or it is another document altogether
        for index, claim in enumerate(card.given.claims):
            _check_claim(card, claim, ("claims", index), known, found)
            if names:
                _check_against_case(claim, ("claims", index), names, found)
    return [fault for found in findings for fault in found.faults]


class _Known:
    """What the cards hold together: where a name was first given, groups, paragraph hashes; nothing that is faulty.

    Whether a name is known can only be said where each name of that kind could be read.
    """

    def __init__(self, cards: Iterable[Card], findings: Iterable[Findings], unread: bool) -> None:
        self.documents: dict[str, Card] = {}
        self.claims: dict[str, tuple[Card, ClaimGiven]] = {}
        self.groups: dict[str, str] = {}  # by claim
        self.hashes: dict[tuple[str, int], str] = {}
        self.all_documents = self.all_claims = not unread
        for card, found in zip(cards, findings, strict=True):
            if not found.sound(("document", "id")):
                self.all_documents = False
            elif self.documents.setdefault(card.id, card) is not card:  # its claims are told of when it has its own id
                self.all_claims = False
                continue
            if found.faulty.holds(("claims",)):
                self.all_claims = False
            for index, claim in enumerate(card.given.claims):
                self._take(card, claim, ("claims", index), found)

    def _take(self, card: Card, claim: ClaimGiven, path: KeyPath, found: Findings) -> None:
        if found.sound((*path, "id")):
            first = self.claims.setdefault(claim.id, (card, claim))[1]
            if first is claim and found.sound((*path, "group")):
                self.groups[claim.id] = claim.group
        else:
            self.all_claims = False
        for index, where in enumerate(claim.where):
            if all(found.sound((*path, "where", index, part)) for part in ("document", "paragraph", "sha256")):
                self.hashes.setdefault((where.document, where.paragraph), where.sha256)


def _check_claim(card: Card, claim: ClaimGiven, path: KeyPath, known: _Known, findings: Findings) -> None:
    first_card, first = known.claims.get(claim.id, (card, claim))
    if first is not claim and (first_card is card or findings.sound(("document", "id"))):
        findings.add((*path, "id"), claim.id, f"an id of its own; {first_card.source.name} has this one")
    if known.groups.get(claim.group, claim.group) != claim.group:
        findings.add((*path, "group"), claim.group, "a group that the claim of this name belongs to, or another word")
    _check_where(card, claim, path, known, findings)
    for index, rival in enumerate(claim.rivals):
        place = (*path, "rivals", index, "claim")
        _known_claim(place, rival.claim, known, findings)
        if known.groups.get(rival.claim) == claim.group and findings.sound((*path, "group")):
            findings.add(place, rival.claim, "a claim of another group: claims of one group hold and fail together")
    for coder, coding in (("first", claim.codings.first), ("second", claim.codings.second)):
        _check_links(claim.id, coding, (*path, "codings", coder), known, findings)


def _known_claim(path: KeyPath, claim: str, known: _Known, findings: Findings) -> None:
    if known.all_claims:
        findings.known(path, claim, known.claims, "claim")


def _check_links(claim: str, coding: Coding, path: KeyPath, known: _Known, findings: Findings) -> None:
    """Notes links to claims that do not exist, to the claim itself, and links given twice."""
    seen: set[str] = set()
    for kind, links in (("attacks", coding.attacks), ("supports", coding.supports)):
        for index, link in enumerate(links):
            place = (*path, kind, index)
            if not findings.sound(place):
                continue
            if link == claim:
                findings.add(place, link, "another claim")
            elif link in seen:
                findings.add(place, link, "each claim once: it attacks or supports")
            else:
                _known_claim(place, link, known, findings)
            seen.add(link)


def _check_where(card: Card, claim: ClaimGiven, path: KeyPath, known: _Known, findings: Findings) -> None:
    for index, where in enumerate(claim.where):
        place = (*path, "where", index)
        if where.document not in known.documents:
            if known.all_documents:
                findings.known((*place, "document"), where.document, known.documents, "document")
        elif known.hashes.get((where.document, where.paragraph), where.sha256) != where.sha256:
            findings.add(
                (*place, "sha256"),
                where.sha256[:12] + "…",
                "the hash that other claims give for this paragraph",
            )
    cited = {where.document for where in claim.where}
    if card.id not in cited and findings.sound(("document", "id")) and cited <= known.documents.keys():
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
        if findings.sound((*place, "holder")) and findings.sound((*place, "target")):
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
