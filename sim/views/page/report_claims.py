"""The claims on a page: grouped by cause, the most decisive first, each with where it stands and how it was coded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import floor
from typing import Any

from sim.analysis.explain import on_outcomes
from sim.ensemble.result import Ensemble
from sim.errors import clean_text
from sim.inputs.cards import Card
from sim.inputs.case import Case
from sim.inputs.ledger import Claim, cause_credence
from sim.inputs.scenario import Scenario
from sim.inputs.schema_card import ClaimGiven, Coding, Document
from sim.views import wording
from sim.views.behaviour import links_from, where_it_fails, where_it_holds

LONGEST = 600  # characters of any one text of a card
TOP = 6  # claims that are printed when none was moved


@dataclass(frozen=True)
class Effect:
    """What a claim does to one outcome: at credence 1 minus at credence 0."""

    outcome: str  # its label
    change: float


@dataclass(frozen=True)
class Work:
    """The effects of a claim that stand out, the largest first, and the share of runs whose ending it changes."""

    effects: tuple[Effect, ...] = ()
    moved: float = 0.0

    @property
    def size(self) -> float:
        """What claims are ranked by, as in `explain`; 0 where nothing stands out."""
        return self.moved if self.effects else 0.0


NONE = Work()


def decisive(ensemble: Ensemble) -> dict[str, Work]:
    """What every claim does that is neither certain nor excluded, by the tests of `explain`."""
    found, moved = on_outcomes(ensemble)
    labels = {rule.name: rule.label for rule in ensemble.scenario.case.outcomes}
    told: dict[str, list[Effect]] = {claim: [] for claim in moved}
    for each in found:
        if each.stands_out:
            told[each.name].append(Effect(labels[each.quantity], each.effect))
    return {claim: Work(tuple(told[claim]), moved[claim]) for claim in moved}


def effect_sentence(effects: Sequence[Effect], fixed: bool) -> str:
    """`If true rather than false: partial bargain +18, test pause −16 points.`"""
    if fixed:
        return "Certain in this scenario, so its worlds cannot say what it does."
    if not effects:
        return "If true rather than false: no outcome changes by more than the noise."
    parts = ", ".join(f"{effect.outcome} {_signed(effect.change)}" for effect in effects[:3])
    return f"If true rather than false: {parts} points."


def _signed(change: float) -> str:
    return (
        f"{100 * change:+.0f}".replace("-", "−") if abs(change) >= 0.0995 else f"{100 * change:+.1f}".replace("-", "−")
    )


def causes(
    ensembles: Sequence[Ensemble], work: Sequence[Mapping[str, Work]], cards: Sequence[Card]
) -> list[dict[str, Any]]:
    """Causes with their claims; causes and claims alike by how many endings they change in any of the scenarios."""
    ledger = ensembles[0].scenario.ledger
    size = {id: max(each.get(id, NONE).size for each in work) for id in ledger.claims}
    ranked = sorted(ledger.claims, key=lambda id: -size[id])
    groups = sorted(ledger.groups.items(), key=lambda group: -max(size[id] for id in group[1]))
    shared = [group for group, ids in ledger.groups.items() if len(ids) > 1]
    rows = []
    for group, ids in groups:
        several = len(ids) > 1
        members = sorted(ids, key=lambda id: -size[id])
        rows.append({
            "several": several,
            "index": shared.index(group) if several else None,
            "label": group.replace("-", " "),
            "percent": wording.credence_percent(cause_credence([ledger.claims[id].credence for id in ids])),
            "claims": [_claim(id, ensembles, work, cards, top=id in ranked[:TOP]) for id in members],
        })  # fmt: skip
    return rows


def _claim(
    id: str,
    ensembles: Sequence[Ensemble],
    work: Sequence[Mapping[str, Work]],
    cards: Sequence[Card],
    top: bool,
) -> dict[str, Any]:
    claim = ensembles[0].scenario.ledger.claims[id]
    return {
        "id": id,
        "claim": clean_text(claim.claim, LONGEST),
        "slider": floor(100 * claim.credence + 0.5),
        "percent": wording.credence_percent(claim.credence).removesuffix("%"),
        "fixed": _fixed(claim.credence),
        "top": top,
        "effects": [
            effect_sentence(each.get(id, NONE).effects, ensemble.scenario.ledger.claims[id].credence in (0.0, 1.0))
            for ensemble, each in zip(ensembles, work, strict=True)
        ],
        **_source(claim, cards, ensembles[0].scenario),
        **_behaviour(claim, ensembles[0].scenario),
    }


def _fixed(credence: float) -> str:
    if 0 < credence < 1:
        return ""
    said = "false" if credence == 0 else "true"
    return f"Fixed: the scenario takes this claim to be {said}; only a run of its own can say otherwise."


def _source(claim: Claim, cards: Sequence[Card], scenario: Scenario) -> dict[str, Any]:
    """Where a claim stands and how it was coded, as far as its card is at hand."""
    documents = {card.id: card.given.document for card in cards}
    given = {each.id: each for card in cards for each in card.given.claims}.get(claim.id)
    first = claim.places[0]
    return {
        "where": f"{_author(documents.get(first.document), first.document)}, paragraph {first.paragraph}",
        "places": [
            {
                **_document(documents.get(place.document), place.document),
                "paragraph": place.paragraph,
                "phrase": place.phrase,
            }
            for place in claim.places
        ],
        "active_when": claim.active_when,
        "feeds": _feeds(claim, scenario),
        "codings": [_coding("first", given.codings.first), _coding("second", given.codings.second)] if given else [],
        "rivals": _rivals(given),
        "changed": clean_text(given.changed or "", LONGEST) if given else "",
    }


def _behaviour(claim: Claim, scenario: Scenario) -> dict[str, str]:
    """What it does to choices and signing where it holds, and which numbers differ where it fails."""
    return {
        "holds": "; ".join(where_it_holds(scenario, claim.id)),
        "fails": "; ".join(where_it_fails(scenario, coupling) for coupling in claim.fails),
    }


def texts(cards: Sequence[Card]) -> list[dict[str, str]]:
    """The documents, for a list of sources."""
    names = ("author", "title", "outlet", "date", "voice")
    return [{name: clean_text(getattr(card.given.document, name) or "", 300) for name in names} for card in cards]


def _author(document: Document | None, id: str) -> str:
    return clean_text(document.author, 80) if document else id


def _document(document: Document | None, id: str) -> dict[str, str]:
    if document is None:
        return {"author": id, "outlet": "source card not at hand"}
    return {name: clean_text(getattr(document, name), 120) for name in ("author", "outlet")}


def _feeds(claim: Claim, scenario: Scenario) -> str:
    """Which leverage the claim feeds and cuts, in names; without any, which claims it bears on."""
    said, case = [], scenario.case
    for sign, verb in ((1, "feeds"), (-1, "cuts")):
        effects = [effect for effect in claim.effects if effect.sign == sign]
        parts = [f"{_name(case, each.holder)} over {_name(case, each.target)} ({each.share:.2g})" for each in effects]
        if parts:
            said.append(f"{verb} the leverage of {wording.listed(parts)}")
    if said:
        return f"It {'; it '.join(said)}."
    others = links_from(scenario, claim.id)
    return f"It feeds no leverage directly; {others}." if others else "It feeds no leverage directly."


def _name(case: Case, state: str) -> str:
    return clean_text(wording.state_name(case, state), 80)


def _coding(name: str, coding: Coding) -> dict[str, str]:
    why = " ".join(filter(None, (coding.why_weight, coding.why_credence, coding.why)))
    weight = coding.weight
    return {
        "name": wording.capital(name),
        "mechanism": coding.mechanism.replace("-", " "),
        "weight": f"{weight.mode:g} ({weight.low:g} to {weight.high:g})",
        "credence": wording.credence_percent(coding.credence),
        "why": clean_text(why, LONGEST),
        "doubt": clean_text(coding.doubt or "", LONGEST),
    }


def _rivals(given: ClaimGiven | None) -> str:
    return "; ".join(f"{rival.claim} (on {clean_text(rival.issue, 200)})" for rival in given.rivals) if given else ""
