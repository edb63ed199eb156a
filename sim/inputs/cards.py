"""Reads and checks source cards: each by itself, against the other cards, and against the case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Any

from pydantic import TypeAdapter

from sim.errors import Fault
from sim.inputs.engine_numbers import engine_numbers
from sim.inputs.ledger import OPERATIONS
from sim.inputs.name_checks import Names, Written, check_references
from sim.inputs.schema_card import CardFile
from sim.inputs.schema_faults import Findings, check_file, show
from sim.inputs.yaml_source import LAST_LOADED, Source

CARD: TypeAdapter[CardFile] = TypeAdapter(CardFile)
CODERS = ("first", "second")
_ID = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_HASH = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Card:
    """A valid source card, and where everything in it was written."""

    source: Source
    given: CardFile

    @property
    def id(self) -> str:
        return self.given.document.id


@dataclass(frozen=True, eq=False)  # compared by identity, as sources are
class Cards:
    """The cards of a case: the valid ones, and the faults of form of all."""

    sources: tuple[Source, ...] = ()
    sound: tuple[Card, ...] = ()  # by document
    faults: tuple[Fault, ...] = ()
    unread: tuple[Fault, ...] = ()  # of cards that could not be read at all

    @cached_property
    def known(self) -> CardNames:
        """The names that the cards give."""
        return CardNames(self)

    def without(self, source: Source) -> Cards:
        """The cards without the one that a source replaces: that of its file, else that of its document."""
        same_file = [each for each in self.sources if each.name == source.name]
        gone = same_file or [each for each in self.sources if _document(each) == _document(source)]
        left = tuple(each for each in self.sources if each not in gone)
        return Cards(left, tuple(card for card in self.sound if card.source in left), self.faults, self.unread)


@lru_cache(maxsize=LAST_LOADED)
def read_cards(sources: tuple[Source, ...], unread: tuple[Fault, ...] = ()) -> Cards:
    """Cards checked for their form, each by itself."""
    sound, faults = [], list(unread)
    for source in sources:
        given, wrong = _checked(source)
        faults += wrong
        if given and not wrong:
            sound.append(Card(source, given))
    return Cards(sources, tuple(sorted(sound, key=lambda card: card.id)), tuple(faults), unread)


_checked = lru_cache(maxsize=256)(partial(check_file, CARD))


def _document(source: Source) -> str | None:
    return _text(Written(source.data)["document"]["id"], _ID)


def _text(written: Written, form: re.Pattern[str]) -> str | None:
    """A text that matches a pattern; None for anything else."""
    return written.text if written.text is not None and form.fullmatch(written.text) else None


class CardNames:
    """The names in all cards, each where it was first given; groups, hashes of paragraphs. Faulty ones are left out."""

    def __init__(self, cards: Cards) -> None:
        self.documents: dict[str, Source] = {}
        self.claims: dict[str, tuple[Source, Written]] = {}
        self.groups: dict[str, str] = {}  # by claim
        self.hashes: dict[tuple[str | None, Any], str] = {}
        self.all_documents = self.all_claims = not cards.unread  # whether each name of that kind could be read
        for source in cards.sources:
            self._take(source, Written(source.data))

    def _take(self, source: Source, card: Written) -> None:
        id = _text(card["document"]["id"], _ID)
        if id is None:
            self.all_documents = False
        elif self.documents.setdefault(id, source) is not source:
            self.all_claims = False  # its claims are read when it has its own id
            return
        if not isinstance(card["claims"].value, list):
            self.all_claims = False
        for claim in card["claims"].rows():
            name, group = _text(claim["id"], _ID), _text(claim["group"], _ID)
            if name is None:
                self.all_claims = False
            elif self.claims.setdefault(name, (source, claim))[1] is claim and group:
                self.groups[name] = group
            for where in claim["where"].rows():
                if sha256 := _text(where["sha256"], _HASH):
                    self.hashes.setdefault((where["document"].text, where["paragraph"].number), sha256)

    def with_case(self, case: Mapping[str, Any]) -> Names:
        """All names of a case with these cards; those of a kind that could not all be read are not known."""
        claims = frozenset(self.claims) if self.all_claims else None
        return Names(case, claims, frozenset(self.documents) if self.all_documents else None)


def check_cards(cards: Cards, case: Mapping[str, Any] | None) -> list[Fault]:
    """Faults between cards and, with a case's raw data, faults of what they say about the case."""
    known = cards.known
    names = known.with_case(case or {})
    reached: dict[str, tuple[float, float]] = {}
    faults: list[Fault] = []
    for source in cards.sources:
        found, card = Findings(source, cards.faults), Written(source.data)
        id = _text(card["document"]["id"], _ID)
        first = known.documents.get(id or "", source)
        if first is not source:
            found.add(("document", "id"), id or "", f"an id of its own; {first.name} has this one")
        else:
            check_references(CARD, names, found)
            for claim in card["claims"].rows():
                _check_claim(source, id, claim, known, found)
                if case is not None:
                    _check_effects(claim, found)
                    _check_fails(claim, names.data, reached, found)
        faults += found.faults
    return faults


def _check_claim(source: Source, id: str | None, claim: Written, known: CardNames, found: Findings) -> None:
    name, group = _text(claim["id"], _ID), _text(claim["group"], _ID)
    first_source, first = known.claims.get(name or "", (source, claim))
    if first.path != claim.path or first_source is not source:
        found.add(claim["id"].path, name or "", f"an id of its own; {first_source.name} has this one")
    if group and known.groups.get(group, group) != group:
        found.add(claim["group"].path, group, "a group that the claim of this name belongs to, or another word")
    for rival in claim["rivals"].rows():
        if group and known.groups.get(rival["claim"].text or "") == group:
            allowed = "a claim of another group: claims of one group hold and fail together"
            found.add(rival["claim"].path, rival["claim"].text or "", allowed)
    _check_colour(claim, found)
    for coder in CODERS:
        check_links(name, claim["codings"][coder], found)
    _check_where(id, claim["where"], known, found)


def _check_colour(claim: Written, found: Findings) -> None:
    """Notes a claim without effect whose reason is missing, and a reason beside a claim that has effects."""
    why, colour = claim["why_colour"], claim["tier"].value == "colour"
    if colour and why.value is None:
        found.add(claim["tier"].path, "colour", "why_colour beside it, which says why the paragraph feeds no leverage")
    elif why.value is not None and not colour:
        found.add(why.path, show(why.value), "only beside tier: colour, where a claim has no effect", at_key=True)


def check_links(claim: str | None, coding: Written, found: Findings) -> None:
    """Notes links of a coding to the claim itself, and links given twice."""
    seen: set[str] = set()
    for link in (*coding["attacks"].rows(), *coding["supports"].rows()):
        if link.text is None:
            continue
        if link.text == claim:
            found.add(link.path, link.text, "another claim")
        elif link.text in seen:
            found.add(link.path, link.text, "each claim once: it attacks or supports")
        seen.add(link.text)


def _check_where(id: str | None, places: Written, known: CardNames, found: Findings) -> None:
    cited = {where["document"].text for where in places.rows()}
    for where in places.rows():
        sha256 = _text(where["sha256"], _HASH)
        first = known.hashes.get((where["document"].text, where["paragraph"].number), sha256)
        if sha256 and sha256 != first and where["document"].text in known.documents:
            found.add(where["sha256"].path, f"{sha256[:12]}…", "the hash that other claims give for this paragraph")
    if id and cited and id not in cited and cited <= known.documents.keys():
        found.add(places.path, "no paragraph of this card's document", f"at least one of {id}")


def _check_effects(claim: Written, found: Findings) -> None:
    dyads: set[tuple[str | None, str | None]] = set()
    for effect in claim["effects"].rows():
        holder, target = effect["holder"].text, effect["target"].text
        if holder and holder == target:
            found.add(effect["target"].path, target or "", "another state than the holder")
        if holder and target and (holder, target) in dyads:
            found.add(effect.path, f"{holder} over {target} again", "each holder and target once")
        dyads.add((holder, target))
        if effect["share"].value is None and effect["coded_by"].text in ("both", "first"):
            allowed = "a share: only an effect of the second coding may go without"
            found.add(effect["share"].path, "missing", allowed)


def _check_fails(claim: Written, case: Written, reached: dict[str, tuple[float, float]], found: Findings) -> None:
    """Notes couplings that take a number of the engine out of its hard range in worlds where the claim fails.

    ``reached`` holds the range that each number may take after the claims before this one, and is updated.
    """
    fails = list(claim["fails"].rows())
    engine = engine_numbers("parameters", case["states"].keys or ()) if fails else {}
    for coupling in fails:
        key = coupling["key"].text or ""
        entry, assumed = case["parameters"][key], case["assume"]["parameters"][key]
        span = reached.get(key) or assumed.corners or entry["value"].corners or entry.corners
        operation = next((each for each in OPERATIONS if coupling[each].number is not None), None)
        if key not in engine or span is None or operation is None:
            continue
        by, (low, high) = coupling[operation].number or 0.0, (engine[key].low, engine[key].high)
        ends = [OPERATIONS[operation](end, by) for end in span]
        outside = [end for end in ends if not low <= end <= high]
        if outside:
            nearest = min(max(outside[-1], low), high)
            such = f"{{key: {key}, set: {nearest:g}}}"
            allowed = f"what keeps {key} from {low:g} to {high:g}, such as {such}; it comes to {outside[-1]:g}"
            found.add(coupling[operation].path, str(coupling[operation].value), allowed)
        else:
            reached[key] = (min(span[0], *ends), max(span[1], *ends))
