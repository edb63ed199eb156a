"""The page's data on every claim: its place, both codings, the leverage it feeds; and questions for a class."""

from collections.abc import Mapping, Sequence
from typing import Any

from sim.errors import clean_text
from sim.inputs.cards import Card
from sim.inputs.ledger import Claim
from sim.inputs.scenario import Scenario
from sim.inputs.schema_card import ClaimGiven, Coding, Document
from sim.views.text.case_words import links_from, where_it_fails, where_it_holds
from sim.views.wording import capital, credence_percent, listed, state_name

LONGEST = 700  # characters of a coder's reason
QUOTED = 220  # characters of a coder's doubt in a question
CONTESTED = 3  # questions on claims that the coders dispute
LAST = "Which assumption would you change first, and what would have to be true in the world for you to be right?"


def claims_data(scenario: Scenario, cards: Sequence[Card]) -> list[dict[str, Any]]:
    """Every claim of the ledger, in ledger order, as the page's script takes it."""
    given = _given(cards)
    return [_claim(claim, given.get(id), scenario) for id, claim in scenario.ledger.claims.items()]


def documents_data(cards: Sequence[Card]) -> list[dict[str, str]]:
    """The published texts, for switches and the list of sources."""
    names = ("id", "author", "title", "outlet", "date", "found_at", "voice")
    return [
        {name: clean_text(str(getattr(card.given.document, name, None) or ""), 300) for name in names} for card in cards
    ]


def questions(cards: Sequence[Card]) -> list[str]:
    """Questions for a class from the most contested claims; none of them can be answered by the numbers alone."""
    given = [(claim, card.given.document) for card in cards for claim in card.given.claims]
    disputed = sorted((each for each in given if contest(each[0]) > 0), key=lambda each: -contest(each[0]))
    return [*(_contested(*each) for each in disputed[:CONTESTED]), *_rivals(given), LAST]


def contest(claim: ClaimGiven) -> float:
    """How far two readers disagree about a claim: credences, weights, effects that only one has, doubts in words.

    How much each of these counts is our assumption; it only sorts the questions.
    """
    first, second = claim.codings.first, claim.codings.second
    if second is None:
        return 0.0
    numbers = abs(first.credence - second.credence) + abs(first.weight.mode - second.weight.mode)
    disputed = sum(effect.coded_by != "both" for effect in claim.effects)
    doubts = sum(bool(coding.doubt) for coding in (first, second))
    return numbers + 0.1 * disputed + 0.15 * doubts + 0.1 * (first.mechanism != second.mechanism)


def _given(cards: Sequence[Card]) -> dict[str, ClaimGiven]:
    return {claim.id: claim for card in cards for claim in card.given.claims}


def _claim(claim: Claim, given: ClaimGiven | None, scenario: Scenario) -> dict[str, Any]:
    return {
        "id": claim.id,
        "claim": clean_text(claim.claim, LONGEST),
        "group": claim.group,
        "colour": clean_text(str(getattr(given, "note", "") or ""), LONGEST) if _tier(given) == "colour" else "",
        "documents": sorted({place.document for place in claim.places}),
        "places": [[place.document, place.paragraph, place.phrase or ""] for place in claim.places],
        "active": claim.active_when,
        "effects": [{"holder": each.holder, "target": each.target, "sign": each.sign} for each in claim.effects],
        "attacks": [link.source for link in claim.attackers],
        "supports": [link.source for link in claim.supporters],
        "feeds": _feeds(claim, scenario),
        "holds": "; ".join(where_it_holds(scenario, claim.id)),
        "fails": "; ".join(where_it_fails(scenario, coupling) for coupling in claim.fails),
        "codings": [_coding(coding) for coding in given.codings.given] if given else [],
        "rivals": [[rival.claim, clean_text(rival.issue, 200)] for rival in given.rivals] if given else [],
        "changed": clean_text(given.changed or "", LONGEST) if given else "",
    }


def _tier(given: ClaimGiven | None) -> str:
    return str(given.tier or "") if given else ""


def _feeds(claim: Claim, scenario: Scenario) -> str:
    """The leverage that a claim feeds and cuts, in words; without any, the claims that it attacks or supports."""
    said = []
    for sign, verb in ((1, "feeds"), (-1, "cuts")):
        parts = [
            f"{state_name(scenario.case, each.holder)} over {state_name(scenario.case, each.target)} ({each.share:.2g})"
            for each in claim.effects
            if each.sign == sign
        ]
        if parts:
            said.append(f"{verb} the leverage of {listed(parts)}")
    if said:
        return clean_text(f"It {'; it '.join(said)}.", LONGEST)
    others = links_from(scenario, claim.id)
    return f"It feeds no leverage directly; {others}." if others else "It feeds no leverage directly."


def _coding(coding: Coding) -> list[str]:
    """Mechanism, weight, credence, reasons, doubt."""
    weight = coding.weight
    why = " ".join(filter(None, (coding.why_weight, coding.why_credence, coding.why)))
    return [
        coding.mechanism.replace("-", " "),
        f"{weight.mode:g} ({weight.low:g} to {weight.high:g})",
        credence_percent(coding.credence),
        clean_text(why, LONGEST),
        clean_text(coding.doubt or "", LONGEST),
    ]


def _contested(claim: ClaimGiven, document: Document) -> str:
    first, second = claim.codings.first, claim.codings.given[-1]
    doubt = second.doubt or first.doubt
    said = f" One of them objects: {_quoted(doubt)}" if doubt else ""
    both = (
        f"Two readers gave it {credence_percent(first.credence)} and {credence_percent(second.credence)}."
        if first.credence != second.credence
        else f"Two readers gave it {credence_percent(first.credence)} alike, yet they do not read it alike."
    )
    author = clean_text(document.author, 60)
    return f"{_quoted(claim.claim)} ({author}.) {both}{said} Read the paragraph: who reads it better?"


def _rivals(given: Sequence[tuple[ClaimGiven, Document]]) -> list[str]:
    """One question on two claims that contradict each other."""
    claims: Mapping[str, ClaimGiven] = {claim.id: claim for claim, _ in given}
    for claim in claims.values():
        for rival in claim.rivals:
            if rival.claim in claims:
                both = f"{_quoted(claim.claim)} {_quoted(claims[rival.claim].claim)}"
                return [f"{both} They disagree on {clean_text(rival.issue, 200)}. Can both be true?"]
    return []


def _quoted(text: str) -> str:
    return f"“{capital(clean_text(text, QUOTED))}”"
