"""What each claim adds to one leverage or takes from it, in the worlds of one draw block.

The part of a claim is how much the leverage would fall if this claim did not feed or cut it, all else unchanged,
averaged over runs (MODEL.md 7.2). Parts do not add up to the leverage: causes overlap, and a restatement adds little.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.inputs.case import Pair
from sim.inputs.ledger import Claim, Effect
from sim.inputs.scenario import Scenario
from sim.model.diplomacy import Diplomacy
from sim.model.leverage import LEAST_DOUBT
from sim.model.streams import BLOCK_RUNS

Array = npt.NDArray[np.floating]
Feed = tuple[Claim, Effect, Array]  # a claim, what it does to the pair, and its strength over runs


@dataclass(frozen=True)
class ClaimPart:
    """A claim's mean strength, the ``share`` of it that bears on the leverage, and its ``part``."""

    claim: Claim
    sign: int
    share: float
    strength: float
    part: float


@dataclass(frozen=True)
class LeverageParts:
    """Leverage of ``holder`` over ``target`` before a month's moves, means over runs, and the claims behind it."""

    scenario: Scenario
    holder: str
    target: str
    month: int
    runs: int
    leverage: float
    low: float  # tenth of the runs lies below
    high: float  # tenth of the runs lies above
    reverse: float
    terms: float | None  # of the holder at a summit of the two; None where they hold none
    parts: tuple[ClaimPart, ...]  # the largest first
    quiet: tuple[Claim, ...]  # claims about the two that are not active in this month


def first_summit_month(scenario: Scenario, one: str, two: str) -> int:
    """Month of the first summit of two states, 0 if they hold none."""
    pair = _pair_of(scenario, one, two)
    months = [summit.month for summit in scenario.summits if pair is not None and summit.pair == pair.id]
    return min([month for month in months if month <= scenario.months], default=0)


def leverage_parts(scenario: Scenario, holder: str, target: str, month: int, seed: int) -> LeverageParts:
    """Play one draw block up to a month and find each claim's part in the leverage of one state over another."""
    model = _Halted(scenario, runs=BLOCK_RUNS, seed=seed)
    model.play_to(month)
    whole, parts = claim_parts(model, holder, target)
    reverse = np.broadcast_to(np.asarray(model.leverage.get((target, holder), 0.0)), whole.shape)
    model.close()
    terms = float(0.5 + 0.5 * (whole - reverse).mean()) if _pair_of(scenario, holder, target) else None
    low, high = np.quantile(whole, [0.1, 0.9])
    parts = [part for part in parts if part.strength > 0]
    active = {part.claim.id for part in parts}
    quiet = tuple(
        claim for claim in scenario.ledger.claims.values() if claim.id not in active and _about(claim, holder, target)
    )
    return LeverageParts(
        scenario, holder, target, month, BLOCK_RUNS, float(whole.mean()), float(low), float(high),
        float(reverse.mean()), terms, tuple(sorted(parts, key=lambda part: -abs(part.part))), quiet,
    )  # fmt: skip


def claim_parts(model: Diplomacy, holder: str, target: str) -> tuple[Array, list[ClaimPart]]:
    """A leverage over runs, and the part in it of each active claim, in the order of the ledger."""
    kappa = np.asarray(model.world.spread(model.world.parameters["kappa"]), dtype=np.float64)
    feeds = _feeds(model, holder, target)
    whole = accrued(feeds, kappa)
    without = [accrued([feed for feed in feeds if feed[0].id != claim.id], kappa) for claim, _, _ in feeds]
    return whole, [
        ClaimPart(claim, effect.sign, effect.share, float(strength.mean()), float((whole - less).mean()))
        for (claim, effect, strength), less in zip(feeds, without, strict=True)
    ]


def _feeds(model: Diplomacy, holder: str, target: str) -> list[Feed]:
    """The active claims with an effect on this leverage."""
    strengths = model.strengths()
    return [
        (claim, effect, np.broadcast_to(np.asarray(strengths[claim.id]), (model.runs,)))
        for claim in model.plan.ledger.claims.values()
        for effect in _about(claim, holder, target)
        if claim.id in strengths
    ]


def accrued(feeds: Sequence[Feed], kappa: Array) -> Array:
    """L = G+ (1 - G-), where each G is 1 - [product over causes of (1 - r)]^kappa; r as in ``model/leverage.py``."""
    left: dict[int, Array] = {sign: np.ones_like(kappa) for sign in (1, -1)}
    causes: dict[tuple[int, str], Array] = {}
    for claim, effect, strength in feeds:
        push: Array = effect.share * strength.astype(np.float64)
        key = (effect.sign, claim.group)
        causes[key] = causes.get(key, 0.0) + push**4
    for (sign, _), powers in causes.items():
        left[sign] = left[sign] * np.maximum(1 - powers**0.25, LEAST_DOUBT)
    return np.asarray((1 - left[1] ** kappa) * left[-1] ** kappa)


class _Halted(Diplomacy):
    """A model that stops within a month, after arguments have become leverage and before anybody moves."""

    def play_to(self, month: int) -> None:
        while self.month < month:
            self.step()
        for stage in self.case.month.order:
            self._stages[stage]()
            if stage == "arguments":
                return


def _about(claim: Claim, holder: str, target: str) -> list[Effect]:
    return [effect for effect in claim.effects if (effect.holder, effect.target) == (holder, target)]


def _pair_of(scenario: Scenario, one: str, two: str) -> Pair | None:
    return next((pair for pair in scenario.case.pairs.values() if {one, two} == set(pair.between)), None)
