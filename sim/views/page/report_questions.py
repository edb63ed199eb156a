"""Discussion questions from this scenario's own most decisive and most contested claims."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.errors import clean_text
from sim.inputs.cards import Card
from sim.inputs.scenario import Scenario
from sim.inputs.schema_card import ClaimGiven, Document
from sim.views import wording
from sim.views.page.report_claims import NONE, Effect, Work

DECISIVE, CONTESTED = 2, 3
QUOTED = 220  # characters of a coder's doubt
LAST = (
    "Which of the assumptions listed below would you change first, and what would have to be true in the world for you "
    "to be right?"
)


def questions(scenario: Scenario, work: Mapping[str, Work], cards: Sequence[Card]) -> list[str]:
    """Questions for a class, the most decisive claims first. None of them can be answered by the numbers alone."""
    given = {claim.id: (claim, card.given.document) for card in cards for claim in card.given.claims}
    free = [claim.id for claim in scenario.ledger.claims.values() if 0 < claim.credence < 1]
    ranked = sorted(free, key=lambda id: -work.get(id, NONE).size)
    leading = [id for id in ranked[:DECISIVE] if work.get(id, NONE).effects]
    asked = [_decisive(scenario, id, work[id].effects) for id in leading]
    if len(leading) == DECISIVE:
        asked.append(_both(leading))
    disputed = sorted((id for id in free if id in given and id not in leading), key=lambda id: -contest(given[id][0]))
    asked += [_contested(*given[id]) for id in disputed[:CONTESTED] if contest(given[id][0]) > 0]
    asked += _rivals(given, free, work)
    asked.append(LAST)
    return asked


def contest(claim: ClaimGiven) -> float:
    """How far two readers disagree about a claim: credences, weights, effects only one has, doubts in words.

    How much each of these counts is our assumption; it only puts the questions in order.
    """
    first, second = claim.codings.first, claim.codings.second
    apart = abs(first.credence - second.credence) + abs(first.weight.mode - second.weight.mode)
    disputed = sum(effect.coded_by != "both" for effect in claim.effects)
    doubts = sum(bool(coding.doubt) for coding in (first, second))
    return apart + 0.1 * disputed + 0.15 * doubts + 0.1 * (first.mechanism != second.mechanism)


def _decisive(scenario: Scenario, id: str, effects: Sequence[Effect]) -> str:
    claim = scenario.ledger.claims[id]
    leading = effects[0]
    more = "more" if leading.change > 0 else "less"
    return (
        f"{_quoted(claim.claim)} If this is true rather than false, {leading.outcome} becomes "
        f"{100 * abs(leading.change):.0f} points {more} likely. The scenario takes it to be true with a chance of "
        f"{wording.credence_percent(claim.credence)}. What would you put, and which sentence of paragraph "
        f"{claim.places[0].paragraph} decides it?"
    )


def _both(ids: Sequence[str]) -> str:
    one, two = ids
    return (
        f"Reject both claims of the questions above ({one} and {two}), then accept both. How much of what the model "
        "says about the ending was really these two sentences?"
    )


def _contested(claim: ClaimGiven, document: Document) -> str:
    first, second, percent = claim.codings.first, claim.codings.second, wording.credence_percent
    doubt = second.doubt or first.doubt
    said = f" One of them objects: {_quoted(doubt)}" if doubt else ""
    apart = (
        f"Two readers gave it {percent(first.credence)} and {percent(second.credence)}."
        if first.credence != second.credence
        else f"Two readers gave it {percent(first.credence)} alike, yet they do not read it alike."
    )
    author = clean_text(document.author, 60)
    return f"{_quoted(claim.claim)} ({author}.) {apart}{said} Read the paragraph: who reads it better?"


def _rivals(
    given: Mapping[str, tuple[ClaimGiven, Document]], free: Sequence[str], work: Mapping[str, Work]
) -> list[str]:
    """One question on two claims that contradict each other, the pair that does most of the work."""
    pairs = [
        (work.get(id, NONE).size + work.get(rival.claim, NONE).size, id, rival.claim, rival.issue)
        for id in free
        if id in given
        for rival in given[id][0].rivals
        if rival.claim in given and rival.claim in free
    ]
    if not pairs:
        return []
    _, one, two, issue = max(pairs)
    both = " ".join(_quoted(given[id][0].claim) for id in (one, two))
    return [f"{both} They disagree on {clean_text(issue, 200)}. Can both be true?"]


def _quoted(text: str) -> str:
    return f"“{wording.capital(clean_text(text, QUOTED))}”"
