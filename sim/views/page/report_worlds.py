"""The ensembles that a page carries: one wide one to reweight, and small ones for what no reweighting can reach.

All are drawn at credences pulled a quarter of the way toward one half, so that extreme beliefs find worlds too; weights
take it back. Whole authors and whole codings are small ensembles of their own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from sim.errors import clean_text
from sim.inputs.cards import Card
from sim.inputs.ledger import Ledger
from sim.inputs.pooling import CODINGS
from sim.inputs.resolve import resolve
from sim.inputs.scenario import Scenario
from sim.inputs.schema_scenario import ScenarioFile
from sim.inputs.yaml_source import Source

if TYPE_CHECKING:
    from sim.ensemble.result import Ensemble

WIDE_WORLDS = 20_000
SMALL_WORLDS = 5_000
PULL = 0.25
DROPPED = (
    "Every claim that stands on this text alone is taken to be false: that is what dropping an author means here, and "
    "not the same as having no opinion."
)
CODED = "Weights, credences, effects and links as this coding has them."

_FORM: TypeAdapter[ScenarioFile] = TypeAdapter(ScenarioFile)


@dataclass(frozen=True)
class Variant:
    """A switch of the page: ``own`` is the scenario as it is, others are ``document:ID`` and ``coding:NAME``."""

    id: str
    label: str
    note: str


@dataclass(frozen=True)
class Worlds:
    """An ensemble to embed and the ledger that the reader is shown with it (the credences before any pull)."""

    variant: Variant
    ensemble: Ensemble
    ledger: Ledger


def variants(scenarios: Sequence[Scenario], cards: Sequence[Card]) -> tuple[Variant, ...]:
    """The switches that every one of these scenarios can offer, its own state first."""
    own = Variant("own", "all documents, as the scenario assumes", "")
    documents = [
        Variant(f"document:{card.id}", f"without {_short_author(card)}", DROPPED)
        for card in cards
        if all(_stands(scenario, cards, card.id) for scenario in scenarios)
    ]  # fmt: skip
    codings = [
        Variant(f"coding:{coding}", "both codings" if coding == "pooled" else f"the {coding} coding alone", CODED)
        for coding in CODINGS
        if cards and all(scenario.coding != coding for scenario in scenarios)
    ]  # fmt: skip
    return (own, *documents, *codings)


def _short_author(card: Card) -> str:
    """`Astrid Nordin (New Statesman)`, without what else a card says of author and outlet."""
    author, outlet = (
        re.split(r"[,(]", text)[0].strip() for text in (card.given.document.author, card.given.document.outlet)
    )
    return clean_text(f"{author} ({outlet})", 80)


def _stands(scenario: Scenario, cards: Sequence[Card], document: str) -> bool:
    """Whether dropping the document would change anything here, and can be done exactly."""
    off = _without(scenario, cards, document)
    return off is not None and off.ledger.claims != scenario.ledger.claims


def embed(
    scenario: Scenario, cards: Sequence[Card], seed: int, offered: Sequence[Variant], wide: int, small: int
) -> tuple[Worlds, ...]:
    """Run the worlds of a page: ``wide`` for the scenario itself, ``small`` for each other switch."""
    from sim.ensemble.run import run

    found = [Worlds(offered[0], run(pulled(scenario), 2 * wide, seed), scenario.ledger)]
    for variant in offered[1:]:
        varied = vary(scenario, cards, variant.id)
        found.append(Worlds(variant, run(pulled(varied), 2 * small, seed), varied.ledger))
    return tuple(found)


def pulled(scenario: Scenario) -> Scenario:
    """The scenario with every credence a quarter of the way toward one half; what it fixes at 0 or 1 stays fixed."""
    claims = {
        id: claim
        if claim.credence in (0.0, 1.0)
        else replace(claim, credence=claim.credence + (0.5 - claim.credence) * PULL)
        for id, claim in scenario.ledger.claims.items()
    }
    return replace(scenario, ledger=Ledger(claims))


def vary(scenario: Scenario, cards: Sequence[Card], variant: str) -> Scenario:
    """The scenario under another switch. Raises ValueError for one that it cannot take."""
    kind, _, name = variant.partition(":")
    if kind == "document":
        found = _without(scenario, cards, name)
    else:
        found = _assuming(scenario, cards, name, {"coding": name})
    if found is None:
        raise ValueError(f"{scenario.name} cannot be run as {variant}")
    return found


def _without(scenario: Scenario, cards: Sequence[Card], document: str) -> Scenario | None:
    """The scenario without an author; None under a class's own balanced coding, whose file is no longer at hand."""
    if scenario.coding in CODINGS:
        given = (scenario.resolved.get("assume") or {}).get("documents") or {}
        return _assuming(scenario, cards, scenario.coding, {"documents": {**given, document: False}})
    return None if scenario.balance else replace(scenario, ledger=_failing(scenario, document))


def _failing(scenario: Scenario, document: str) -> Ledger:
    """Claims that stand on the document alone fail, unless the scenario speaks of them."""
    told = (scenario.resolved.get("assume") or {}).get("claims") or {}
    claims = dict(scenario.ledger.claims)
    for id, claim in scenario.ledger.claims.items():
        if id not in told and {place.document for place in claim.places} == {document}:
            claims[id] = replace(claim, credence=0.0)
    return Ledger(claims)


def _assuming(scenario: Scenario, cards: Sequence[Card], coding: str, change: dict[str, object]) -> Scenario:
    """The scenario resolved again with something else assumed. The data were checked when it was first read."""
    data = dict(scenario.resolved)
    data["assume"] = {**(data.get("assume") or {}), **change}
    source = Source(scenario.name, data, {}, {})
    found = resolve(source, _FORM.validate_python(data), cards, coding)
    return replace(scenario, ledger=found.ledger, coding=coding)
