"""A summit: who comes, terms, offers, acceptance, deal or none (MODEL.md 7.4).

A side comes to a summit that is due with probability logistic( wish_base + its wish terms ). With a deal of the pair
behind it the terms pressed lean on those last struck, z = y + precedent (struck - y). Each package is on the table with
the terms pressed all the way, half way or not at all (``haggle``), and each side accepts an offer with probability

    logistic( lam [ gain + phi (1/2 - y of its own) - friction ] + logit a0 ):

a side that depends more can less afford to leave without a deal (Emerson 1962; Nash's threats of 1953). The table
settles on offer k with P(k) proportional to exp( lam_pick accept_i accept_j 2 (z_i gain_i + z_j gain_j) ). A deal is
struck when a draw falls below accept_i accept_j: with probability ``resolve`` the pair's own draw, the same at all its
summits, else a fresh one.
The logit form is McKelvey and Palfrey's (1995) choice rule, without their fixed point.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sim.inputs.arithmetic import evaluate
from sim.inputs.case import Case, Pair
from sim.inputs.case_rules import Term
from sim.model.assumptions import Value, larger, smaller
from sim.model.calendar import Due
from sim.model.logit import TINY, log_odds, logistic, logit_weights
from sim.model.packages import Offer, Side, Table
from sim.model.streams import FloatArray
from sim.vocabulary import happens, tally

Signing = Callable[[Sequence[FloatArray]], Sequence[FloatArray]]
"""From a side's own chance to accept each offer, by offer, to the chance it takes instead."""
Coming = Callable[[Value], Value]
"""From a side's own chance to come to the chance it takes instead."""

OFFER, FRESH, USES_RESOLVE, WISH_ONE, WISH_TWO, HURRY = range(6)  # rows of the stream summit/PAIR
ROWS = 6


@dataclass(frozen=True)
class Scripted:
    """What sides with a behaviour of their own do in place of the model's chances, by side."""

    come: Mapping[str, Coming] = field(default_factory=dict)
    sign: Mapping[str, Signing] = field(default_factory=dict)


@dataclass(frozen=True)
class Circumstances:
    """What a summit depends on. Arrays have shape (runs,); ``uniforms`` has a row for each of the pair's draws."""

    case: Case
    variables: Mapping[str, Value]  # present levels, parameters, derived variables and ``first_meeting``
    holds: Mapping[str, FloatArray]  # 1 where a claim holds
    uniforms: FloatArray
    resolve: FloatArray  # the pair's own draw, the same at all its summits
    scripted: Scripted = field(default_factory=Scripted)


@dataclass(frozen=True)
class Attendance:
    """Who came to a summit that was due. Arrays are bool, shape (runs,)."""

    wishes: Mapping[str, Value]  # chance to come, by side
    tried: np.ndarray  # due, not yet held, its condition holds, and in its planned month or brought forward
    refused: Mapping[str, np.ndarray]  # tried, planned, and this side stayed away
    come: np.ndarray  # held
    still_open: np.ndarray  # not held, and to be tried again where its window goes on

    @property
    def missed(self) -> np.ndarray:
        """Planned, tried and not held."""
        one, two = self.refused.values()
        return one | two


@dataclass(frozen=True)
class Meeting:
    """What happened at one summit, in every run; where ``come`` is false, at most a side refused."""

    month: int
    pair: Pair
    attendance: Attendance
    first: Value  # 1 where the pair had never met
    terms: Mapping[str, Value]  # y by side
    pressed: Mapping[str, Value]  # z by side
    offers: tuple[Offer, ...]
    accepts: tuple[Mapping[str, FloatArray], ...]  # by offer, by side
    chance: FloatArray  # of a deal, before the draw
    picked: np.ndarray  # index of the offer on the table, shape (runs,)
    draw: FloatArray  # a deal where it falls below what both accept
    deal: np.ndarray  # bool, shape (runs,)

    @property
    def come(self) -> np.ndarray:
        """Where the summit was held, bool, shape (runs,)."""
        return self.attendance.come


def attend(here: Circumstances, due: Due) -> Attendance:
    """Who comes to a summit that is due."""
    variables, holds, uniforms, come = here.variables, here.holds, here.uniforms, here.scripted.come
    rules, pair = here.case.bargaining[due.pair], here.case.pairs[due.pair]
    still_open = (variables[f"open.{due.pair}"] > 0) | (due.opens > 0)
    hurry = logistic(variables["hurry_base"] + total(rules.hurry, variables, holds))
    tried = still_open & (uniforms[HURRY] < larger(hurry, due.planned))
    for occasion in due.where:
        tried = tried & (variables[happens(occasion)] > 0)
    wishes: dict[str, Value] = {}
    stays: dict[str, np.ndarray] = {}
    for side, row in zip(pair.between, (WISH_ONE, WISH_TWO), strict=True):
        own = logistic(variables["wish_base"] + total(rules.wish.get(side, ()), variables, holds))
        wishes[side] = larger(come[side](own) if side in come else own, due.certain)
        stays[side] = tried & (uniforms[row] >= wishes[side])
    held = tried & ~(stays[pair.between[0]] | stays[pair.between[1]])
    refused = {side: stays[side] & (due.planned >= 1) for side in stays}
    return Attendance(wishes, tried, refused, held, still_open & ~held)


def meet(
    here: Circumstances,
    pair: Pair,
    sides: tuple[Side, Side],
    leverage: Mapping[tuple[str, str], Value],
    attendance: Attendance,
    month: int,
) -> Meeting:
    """Hold the summit where both came: terms, offers, what each side would sign, and whether a deal is struck."""
    case, variables, uniforms = here.case, here.variables, here.uniforms
    y = terms(pair, leverage)
    z = pressed(pair, y, variables)
    table = Table(case, sides, variables)
    offers = tuple(
        table.offer(package, push, haggled(z, push), variables[pair.tie])
        for push in case.bargaining[pair.id].haggle
        for package in case.packages.values()
        if package.pair == pair.id
    )
    lean = {side.name: _lean(here, pair, side.name, y) for side in sides}
    accepts = tuple(
        {side: _full(logistic(variables["lam"] * offer.gains[side] + lean[side]), uniforms[0]) for side in lean}
        for offer in offers
    )
    for side, signing in here.scripted.sign.items():
        chances = signing([accept[side] for accept in accepts])
        accepts = tuple({**accept, side: chance} for accept, chance in zip(accepts, chances, strict=True))
    agreed = [
        accept[sides[0].name] * accept[sides[1].name] * offer.package.on
        for offer, accept in zip(offers, accepts, strict=True)
    ]
    picked, chance, signed = _pick(offers, agreed, z, variables["lam_pick"], uniforms[OFFER])
    draw = np.where(uniforms[USES_RESOLVE] < variables["resolve"], here.resolve, uniforms[FRESH])
    deal = attendance.come & (draw < signed)
    first = variables["first_meeting"]
    return Meeting(month, pair, attendance, first, y, z, offers, accepts, chance, picked, draw, deal)


def terms(pair: Pair, leverage: Mapping[tuple[str, str], Value]) -> dict[str, Value]:
    """y by side, in [0, 1]; they add to 1."""
    one, two = pair.between
    half = 0.5 * (leverage.get((one, two), 0.0) - leverage.get((two, one), 0.0))
    return {one: 0.5 + half, two: 0.5 - half}


def pressed(pair: Pair, y: Mapping[str, Value], variables: Mapping[str, Value]) -> dict[str, Value]:
    """z by side: the terms, drawn toward those last struck where the pair has a deal behind it."""
    one, two = pair.between
    behind = smaller(1.0, variables[tally("deals", pair.id)])
    z = y[one] + variables["precedent"] * behind * (variables[tally("struck", pair.id)] - y[one])
    return {one: z, two: 1 - z}


def haggled(z: Mapping[str, Value], push: float) -> dict[str, Value]:
    """The terms pressed ``push`` of the way from one half."""
    return {side: 0.5 + push * (terms - 0.5) if push else 0.5 for side, terms in z.items()}


def weigh(term: Term, variables: Mapping[str, Value], holds: Mapping[str, FloatArray]) -> Value:
    """The value of one term of a utility, friction or wish; 0 where its claim fails."""
    value = evaluate(term.of, variables)
    if isinstance(value, float) and value == 0.0:
        return 0.0
    if term.times != 1.0:
        value = value * term.times
    return value if term.claim is None else value * holds[term.claim]


def total(terms: Sequence[Term], variables: Mapping[str, Value], holds: Mapping[str, FloatArray]) -> Value:
    """The sum of terms."""
    found: Value = 0.0
    for term in terms:
        found = found + weigh(term, variables, holds)
    return found


def _lean(here: Circumstances, pair: Pair, side: str, y: Mapping[str, Value]) -> Value:
    """The part of the acceptance logit that is the same for every offer."""
    variables = here.variables
    friction = total(here.case.bargaining[pair.id].friction.get(side, ()), variables, here.holds)
    return variables["lam"] * (variables["phi"] * (0.5 - y[side]) - friction) + log_odds(variables["a0"])


def _pick(
    offers: tuple[Offer, ...],
    agreed: Sequence[FloatArray],
    z: Mapping[str, Value],
    lam_pick: Value,
    uniform: FloatArray,
) -> tuple[np.ndarray, FloatArray, FloatArray]:
    """Index of the offer, chance of a deal over offers, and chance for the offer picked."""
    if not offers:
        nothing = uniform * 0
        return np.full(uniform.shape, -1, dtype=np.int8), nothing, nothing
    powers = [lam_pick * both * (2 * shared_gain(offer, z)) for offer, both in zip(offers, agreed, strict=True)]
    weights = [offer.package.on * weight for offer, weight in zip(offers, logit_weights(powers), strict=True)]
    whole = weights[0]
    for weight in weights[1:]:
        whole = whole + weight
    point = uniform * whole
    reach, chance, signed = weights[0], weights[0] * agreed[0], agreed[0]
    picked = np.zeros(uniform.shape, dtype=np.int8)
    for place in range(1, len(offers)):
        beyond = point >= reach
        picked = picked + beyond
        signed = np.where(beyond, agreed[place], signed)
        chance = chance + weights[place] * agreed[place]
        reach = reach + weights[place]
    return picked, chance / np.maximum(whole, np.float32(TINY)), signed


def shared_gain(offer: Offer, z: Mapping[str, Value]) -> Value:
    """The two gains, each weighed by its side's terms."""
    (one, two), (gain_one, gain_two) = z, offer.gains.values()
    weighed: Value = z[one] * gain_one + z[two] * gain_two
    return weighed


def _full(value: Value, like: FloatArray) -> FloatArray:
    return np.full_like(like, value) if isinstance(value, float | np.floating) else value
