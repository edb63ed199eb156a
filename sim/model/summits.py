"""A summit: terms, acceptance, deal or walk-out (MODEL.md 7.4).

Each side accepts a package with probability

    logistic( lam (gain + phi (L of the other on it - centre) - friction) + logit a0 ),

the table settles on package k with P(k) proportional to exp( lam_pick accept_i accept_j (gain_i + gain_j) ), and a
deal is struck when a uniform falls below accept_i accept_j. The logit form is McKelvey and Palfrey's (1995) choice
rule, without their fixed point; the cost of no deal is Nash's (1953) threat.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.inputs.case import Case, Pair, Term
from sim.model.assumptions import Value
from sim.model.logit import log_odds, logistic, logit_weights
from sim.model.packages import Offer, Side, Table
from sim.model.streams import FloatArray

Signing = Callable[[Sequence[FloatArray]], Sequence[FloatArray]]
"""From a side's own chance to accept each package, by offer, to the chance it takes instead."""


@dataclass(frozen=True)
class Meeting:
    """What happened at one summit, in every run."""

    month: int
    pair: Pair
    first: bool
    terms: Mapping[str, Value]  # y by side
    offers: tuple[Offer, ...]
    accepts: tuple[Mapping[str, FloatArray], ...]  # by offer, by side
    chance: FloatArray  # of a deal, before the draw
    picked: np.ndarray  # index of the offer on the table, shape (runs,)
    deal: np.ndarray  # bool, shape (runs,)


def terms(pair: Pair, leverage: Mapping[tuple[str, str], Value]) -> dict[str, Value]:
    """y by side, in [0, 1]; they add to 1."""
    one, two = pair.between
    half = 0.5 * (leverage.get((one, two), 0.0) - leverage.get((two, one), 0.0))
    return {one: 0.5 + half, two: 0.5 - half}


def weigh(term: Term, variables: Mapping[str, Value], holds: Mapping[str, FloatArray]) -> Value:
    """The value of one term of a utility or friction; 0 where its claim fails."""
    value = term.of.evaluate(variables)
    if isinstance(value, float) and value == 0.0:
        return 0.0
    if term.times != 1.0:
        value = value * term.times
    return value if term.claim is None else value * holds[term.claim]


def meet(
    case: Case,
    pair: Pair,
    sides: tuple[Side, Side],
    leverage: Mapping[tuple[str, str], Value],
    variables: Mapping[str, Value],
    holds: Mapping[str, FloatArray],
    uniforms: FloatArray,
    month: int,
    first: bool,
    scripted: Mapping[str, Signing] | None = None,
) -> Meeting:
    """Hold the summit. ``uniforms`` has shape (2, runs): which package, and whether it is signed.

    ``variables`` are the present levels with parameters, derived variables and ``first_meeting``; ``scripted`` sides
    sign by a rule of their own.
    """
    runs = uniforms.shape[1]
    y = terms(pair, leverage)
    table = Table(case, sides, variables)
    offers = tuple(
        table.offer(package, y, variables[pair.tie]) for package in case.packages.values() if package.pair == pair.id
    )
    lean = {side.name: _lean(case, pair, side.name, leverage, variables, holds) for side in sides}
    accepts = tuple(
        {side: _full(logistic(variables["lam"] * offer.gains[side] + lean[side]), runs) for side in lean}
        for offer in offers
    )
    for side, signing in (scripted or {}).items():
        chances = signing([accept[side] for accept in accepts])
        accepts = tuple({**accept, side: chance} for accept, chance in zip(accepts, chances, strict=True))
    agreed = [accept[sides[0].name] * accept[sides[1].name] for accept in accepts]
    picked, chance, signed = _pick(offers, agreed, variables["lam_pick"], uniforms[0])
    return Meeting(month, pair, first, y, offers, accepts, chance, picked, uniforms[1] < signed)


def _lean(
    case: Case,
    pair: Pair,
    side: str,
    leverage: Mapping[tuple[str, str], Value],
    variables: Mapping[str, Value],
    holds: Mapping[str, FloatArray],
) -> Value:
    """The part of the acceptance logit that is the same for every package."""
    rules = case.bargaining[pair.id]
    friction: Value = 0.0
    for term in rules.friction.get(side, ()):
        friction = friction + weigh(term, variables, holds)
    threat = variables["phi"] * (leverage.get((pair.other(side), side), 0.0) - rules.leverage_centre)
    return variables["lam"] * (threat - friction) + log_odds(variables["a0"])


def _pick(
    offers: tuple[Offer, ...], agreed: Sequence[FloatArray], lam_pick: Value, uniform: FloatArray
) -> tuple[np.ndarray, FloatArray, FloatArray]:
    """Index of the package, chance of a deal over packages, and chance for the package picked."""
    if not offers:
        nothing = np.zeros_like(uniform)
        return np.full(uniform.shape, -1, dtype=np.int8), nothing, nothing
    if len(offers) == 1:
        return np.zeros(uniform.shape, dtype=np.int8), agreed[0], agreed[0]
    powers = [lam_pick * both * sum_of_gains(offer) for offer, both in zip(offers, agreed, strict=True)]
    drawn = [np.asarray(weight) for weight in logit_weights(powers)]
    total = drawn[0].copy()
    for weight in drawn[1:]:
        total += weight
    point = uniform * total
    reach = drawn[0].copy()
    picked = np.zeros(uniform.shape, dtype=np.int8)
    chance = drawn[0] * agreed[0]
    signed = agreed[0].copy()
    for place in range(1, len(offers)):
        beyond = point >= reach
        picked += beyond
        np.copyto(signed, agreed[place], where=beyond)
        chance += drawn[place] * agreed[place]
        reach += drawn[place]
    chance /= total
    return np.minimum(picked, len(offers) - 1), chance, signed


def sum_of_gains(offer: Offer) -> Value:
    one, two = offer.gains.values()
    return one + two


def _full(value: Value, runs: int) -> FloatArray:
    return np.full(runs, value, dtype=np.float32) if isinstance(value, float | np.floating) else value
