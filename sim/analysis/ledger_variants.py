"""Variants of the ledger, too different for reweighting and so run on common random numbers: without an author, with
one alone, under one coding, or without every claim of a mechanism.

Every variant has the same seed, so its worlds pair with those of the unchanged scenario, and all differences are
paired (``paired.py``). Where there are few authors, every set of them is run, and their whole effect is shared among
them (Shapley 1953): an author's share is what it adds, averaged over all orders of joining, a weighted sum over all
sets of authors.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import factorial

import numpy as np

from sim.analysis.paired import Difference, adjusted, paired
from sim.analysis.variants import Draws, Load, play_variants
from sim.analysis.world_means import Floats, OfScenario, WorldTable, world_table
from sim.ensemble.result import Ensemble
from sim.inputs.scenario import Scenario

MOST_SHARED = 5  # documents up to which every set of them is run: 32 runs of the ensemble
CODINGS = ("first", "second", "pooled")


@dataclass(frozen=True)
class LedgerVariant:
    """One change of the ledger: ``kind`` and ``name`` say which, ``settings`` are the --set strings that make it."""

    kind: str  # dropped, alone, set, coding, mechanism
    name: str
    settings: tuple[str, ...]


@dataclass(frozen=True)
class LedgerEffect:
    """What a variant changes: each quantity of the variant minus that of the unchanged scenario."""

    kind: str
    name: str
    differences: dict[str, Difference]


@dataclass(frozen=True)
class LedgerEffects(OfScenario):
    """All variants of one kind of question. ``shares`` (by document only) splits all minus none among the documents."""

    scenario: Scenario
    by: str
    runs: int
    worlds: int
    seed: int
    version: str
    outcomes: tuple[str, ...]
    measures: tuple[str, ...]
    probabilities: dict[str, float]  # of the outcomes in the unchanged scenario
    found: tuple[LedgerEffect, ...]
    shares: tuple[LedgerEffect, ...]
    tests: int


def ledger_variants(scenario: Scenario, by: str) -> list[LedgerVariant]:
    """The variants to run. Raises ValueError unless ``by`` is document, coding or mechanism."""
    if by == "document":
        return _of_documents(documents_in_force(scenario))
    if by == "coding":
        return [
            LedgerVariant("coding", coding, (f"assume.coding={coding}",))
            for coding in CODINGS
            if coding != scenario.coding and scenario.ledger.coded_twice
        ]
    if by == "mechanism":
        return _of_mechanisms(scenario)
    raise ValueError(f"by document, coding or mechanism, not by {by}")


def documents_in_force(scenario: Scenario) -> tuple[str, ...]:
    """Documents that some claim with a credence above 0 cites, by id, unless the scenario has dropped them."""
    given = (scenario.resolved.get("assume") or {}).get("documents") or {}
    dropped = {name for name, switch in given.items() if switch in (False, "off")}
    cited = {
        place.document for claim in scenario.ledger.claims.values() if claim.credence > 0 for place in claim.places
    }
    return tuple(sorted(cited - dropped))


def _of_documents(documents: Sequence[str]) -> list[LedgerVariant]:
    """Every set of documents except all; or, with many documents, each dropped and each alone."""
    if len(documents) <= MOST_SHARED:
        kept = coalitions(documents)[:-1]
    else:
        kept = [frozenset(documents) - {one} for one in documents] + [frozenset({one}) for one in documents]
    return [_keeping(some, documents) for some in kept]


def _keeping(kept: frozenset[str], documents: Sequence[str]) -> LedgerVariant:
    off = [document for document in documents if document not in kept]
    settings = tuple(f"assume.documents.{document}=off" for document in off)
    if len(off) == 1:
        return LedgerVariant("dropped", off[0], settings)
    if len(kept) == 1:
        return LedgerVariant("alone", next(iter(kept)), settings)
    return LedgerVariant("set", " + ".join(sorted(kept)) or "none", settings)


def _of_mechanisms(scenario: Scenario) -> list[LedgerVariant]:
    claims = [claim for claim in scenario.ledger.claims.values() if claim.credence > 0]
    mechanisms = dict.fromkeys(claim.mechanism for claim in claims)
    return [
        LedgerVariant(
            "mechanism", name, tuple(f"assume.claims.{claim.id}=off" for claim in claims if claim.mechanism == name)
        )
        for name in sorted(mechanisms)
    ]


def ledger_effects(
    base: Ensemble, wanted: Sequence[LedgerVariant], by: str, load: Load, outcome: str | None = None
) -> LedgerEffects:
    """Run every variant and compare it with ``base``, the unchanged scenario on the same seed and runs.

    ``outcome`` limits the results, and the family of tests, to one outcome or measure.
    """
    table = world_table(base)
    if outcome is not None:
        table = table.limited([outcome], [name for name in table.measures if name != outcome])
    documents = documents_in_force(base.scenario)
    sharing = by == "document" and 1 <= len(documents) <= MOST_SHARED
    totals = {
        one: coefficient(one, frozenset(documents), len(documents)) * table.values for one in documents if sharing
    }
    found = []
    played = play_variants([load(variant.settings) for variant in wanted], Draws.of(base), world_table)
    for variant, other in zip(wanted, played, strict=True):
        values = other.limited(table.outcomes, table.measures).values
        if variant.kind != "set":
            found.append(LedgerEffect(variant.kind, variant.name, _named(table, values - table.values)))
        for one in totals:
            off = {setting.split(".")[2].split("=")[0] for setting in variant.settings}
            totals[one] += coefficient(one, frozenset(documents) - off, len(documents)) * values
    shares = [LedgerEffect("share", one, _named(table, total)) for one, total in totals.items()]
    marked = _marked([*found, *shares], table)
    return LedgerEffects(
        base.scenario, by, base.runs, table.worlds, base.seed, base.version, table.outcomes, table.measures,
        {name: float(np.nanmean(table.of(name))) for name in table.outcomes},
        tuple(each for each in marked if each.kind != "share"), tuple(each for each in marked if each.kind == "share"),
        len(marked) * len(table.outcomes),
    )  # fmt: skip


def _named(table: WorldTable, differences: Floats) -> dict[str, Difference]:
    return dict(zip(table.names, paired(differences), strict=True))


def _marked(reruns: Sequence[LedgerEffect], table: WorldTable) -> list[LedgerEffect]:
    """Holm over all variants and outcomes together, and over all variants and measures together."""
    outcomes, measures = (
        adjusted([{name: each.differences[name] for name in names} for each in reruns])
        for names in (table.outcomes, table.measures)
    )
    return [replace(each, differences=outcomes[place] | measures[place]) for place, each in enumerate(reruns)]


def coalitions(players: Sequence[str]) -> list[frozenset[str]]:
    """Every coalition, smallest first; 2^n of them."""
    return [frozenset(some) for size in range(len(players) + 1) for some in combinations(players, size)]


def coefficient(player: str, coalition: frozenset[str], players: int) -> float:
    """The coefficient of a coalition's worth in a player's Shapley value, among n ``players``.

    With s members other than the player, s! (n - s - 1)! / n!, negative where the player is not in it.
    """
    others = len(coalition - {player})
    size = factorial(others) * factorial(players - others - 1) / factorial(players)
    return size if player in coalition else -size
