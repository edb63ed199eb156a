"""From claims to leverage: one pass a month, no cycles, the same whatever the order of the ledger (MODEL.md 7.2).

For claim a with activation act and base b (0 where the claim fails), and t = act b:

    s = act [ b + holds eps (1 - b) vs - eps b va ],   va = 1 - prod over attackers (1 - t),  vs likewise of supporters

so a strength stays in [0, 1] without clipping. Within a cause a restatement adds a little, across causes they accrue,

    r = ( sum over restatements (share s)^4 )^(1/4),      1 - r at or above .02
    G(i, j, sign) = 1 - [ prod over causes (1 - r) ] ^ kappa,      L(i, j) = G+ (1 - G-)

With eps = kappa = 1 a claim that is only attacked or only supported is combined as in DF-QuAD (Rago et al. 2016), and
causes accrue by its probabilistic sum. Ours are: attackers and supporters count with their base, not with their own
strength, so one pass is enough; attack and support act side by side; the factor ``holds``; r; eps and kappa below 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import inf

import numpy as np

from sim.inputs.arithmetic import evaluate
from sim.inputs.ledger import Claim, Ledger, Link
from sim.model.assumptions import Value, World, single
from sim.model.streams import FloatArray

Dyad = tuple[str, str]

LEAST_DOUBT = np.float32(0.02)  # of a cause, however many claims restate it
_ONE = np.float32(1)


@dataclass(frozen=True)
class _Weighted:
    """A claim that attacks or supports another, and factor b, so that factor t is act times this."""

    link: Link
    weighed: FloatArray


@dataclass(frozen=True)
class _Pull:
    """One claim's strength with the numbers of the world folded in: s = act (plain + cut PA + lift PS).

    PA and PS are the products of 1 - t over the attackers and the supporters.
    """

    claim: str
    attackers: tuple[Link, ...]
    supporters: tuple[Link, ...]
    plain: FloatArray  # b - eps b [if attacked] + holds eps (1 - b) [if supported]
    cut: FloatArray | None  # eps b
    lift: FloatArray | None  # -holds eps (1 - b)


@dataclass(frozen=True)
class _Cause:
    """The claims that restate one cause, with their shares, as they feed one leverage."""

    members: tuple[tuple[str, FloatArray], ...]

    @cached_property
    def may_be_certain(self) -> bool:
        """Whether 1 - r may fall below the least doubt, judged with all members at strength 1."""
        shares = [float(share) if isinstance(share, np.float32) else inf for _, share in self.members]
        return sum(share**4 for share in shares) > float(_ONE - 2 * LEAST_DOUBT) ** 4


@dataclass(frozen=True)
class _Feed:
    """All that feeds (sign +1) or cuts (sign -1) one leverage."""

    dyad: Dyad
    sign: int
    causes: tuple[_Cause, ...]


@dataclass(frozen=True)
class _Plan:
    """What is left to compute once claims are dropped that are inactive in every run or feed no leverage wanted."""

    weighted: tuple[_Weighted, ...]
    pulls: tuple[_Pull, ...]
    feeds: tuple[_Feed, ...]


class Arguments:
    """The ledger in the worlds of one block: call with the month's variables to get every leverage."""

    def __init__(self, ledger: Ledger, world: World) -> None:
        self._ledger = ledger
        self._world = world
        self._base = {id: single(world.spread(base)) for id, base in world.base.items()}
        self._eps = single(world.spread(world.parameters["eps"]))
        self._kappa = single(world.spread(world.parameters["kappa"]))
        self._plans: dict[tuple[frozenset[str], frozenset[Dyad] | None], _Plan] = {}
        self._weighted: dict[Link, _Weighted] = {}
        self._pulls: dict[tuple[str, tuple[Link, ...], tuple[Link, ...]], _Pull] = {}
        self._expressions = {claim.active.text: claim.active for claim in ledger.claims.values()}  # many share one
        self._active_by = {claim.id: claim.active.text for claim in ledger.claims.values()}

    def leverage(self, variables: Mapping[str, Value], wanted: frozenset[Dyad] | None = None) -> dict[Dyad, Value]:
        """Leverage of i on j for every ordered pair that a claim speaks of, in [0, 1], shape (runs,).

        Pairs that no active claim feeds are 0.0 in all runs. ``wanted`` limits the work to some pairs.
        """
        active = self.activations(variables)
        plan = self._plan(frozenset(active), wanted)
        return _accrue(plan, _strengths(plan, active), self._kappa)

    def strengths(self, variables: Mapping[str, Value]) -> dict[str, FloatArray]:
        """Strength of every active claim, shape (runs,)."""
        active = self.activations(variables)
        return _strengths(self._plan(frozenset(active)), active)

    def activations(self, variables: Mapping[str, Value]) -> dict[str, Value]:
        """Activation of every claim that is not exactly 0 in all runs."""
        values = {text: evaluate(expression, variables) for text, expression in self._expressions.items()}
        active = {claim: values[text] for claim, text in self._active_by.items()}
        return {claim: act for claim, act in active.items() if not (isinstance(act, float) and act == 0.0)}

    def _plan(self, active: frozenset[str], wanted: frozenset[Dyad] | None = None) -> _Plan:
        if (active, wanted) not in self._plans:
            self._plans[active, wanted] = self._make_plan(active, wanted)
        return self._plans[active, wanted]

    def _make_plan(self, active: frozenset[str], wanted: frozenset[Dyad] | None) -> _Plan:
        claims = [claim for claim in self._ledger.claims.values() if claim.id in active]
        feeds = tuple(feed for feed in _feeds(claims) if wanted is None or feed.dyad in wanted)
        feeding = {claim for feed in feeds for cause in feed.causes for claim, _ in cause.members}
        pulls = [self._pull(claim, active) for claim in claims if claim.id in feeding]
        links = {link: None for pull in pulls for link in (*pull.attackers, *pull.supporters)}
        return _Plan(tuple(self._weigh(link) for link in links), tuple(pulls), feeds)

    def _weigh(self, link: Link) -> _Weighted:
        if link not in self._weighted:
            self._weighted[link] = _Weighted(link, self._base[link.source] * single(link.factor))
        return self._weighted[link]

    def _pull(self, claim: Claim, active: frozenset[str]) -> _Pull:
        attackers = tuple(link for link in claim.attackers if link.source in active)
        supporters = tuple(link for link in claim.supporters if link.source in active)
        key = (claim.id, attackers, supporters)
        if key not in self._pulls:
            self._pulls[key] = self._make_pull(claim, attackers, supporters)
        return self._pulls[key]

    def _make_pull(self, claim: Claim, attackers: tuple[Link, ...], supporters: tuple[Link, ...]) -> _Pull:
        base, eps = self._base[claim.id], self._eps
        plain, cut, lift = base, None, None
        if attackers:
            cut = eps * base
            plain = plain - cut
        if supporters:
            holds = single(self._world.spread(self._world.holds[claim.id].astype(np.float32)))
            lift = -holds * eps * (1 - base)
            plain = plain - lift
        return _Pull(claim.id, attackers, supporters, plain, cut, lift)


def _feeds(claims: list[Claim]) -> tuple[_Feed, ...]:
    found: dict[tuple[Dyad, int], dict[str, list[tuple[str, FloatArray]]]] = {}
    for claim in claims:
        for effect in claim.effects:
            causes = found.setdefault(((effect.holder, effect.target), effect.sign), {})
            causes.setdefault(claim.group, []).append((claim.id, single(effect.share)))
    return tuple(
        _Feed(dyad, sign, tuple(_Cause(tuple(members)) for members in causes.values()))
        for (dyad, sign), causes in found.items()
    )


def _strengths(plan: _Plan, active: Mapping[str, Value]) -> dict[str, FloatArray]:
    quiet: dict[Link, FloatArray] = {}  # 1 - factor t
    for each in plan.weighted:
        product = active[each.link.source] * each.weighed
        quiet[each.link] = np.subtract(_ONE, product, out=product)
    strengths = {}
    for pull in plan.pulls:
        total = pull.plain
        for links, weight in ((pull.attackers, pull.cut), (pull.supporters, pull.lift)):
            if weight is not None:
                product = weight * quiet[links[0]]
                for link in links[1:]:
                    product *= quiet[link]
                total = np.add(total, product, out=product)
        act = active[pull.claim]
        strengths[pull.claim] = total * act if total is pull.plain else np.multiply(total, act, out=total)
    return strengths


def _accrue(plan: _Plan, strengths: Mapping[str, FloatArray], kappa: FloatArray) -> dict[Dyad, Value]:
    least = np.full_like(kappa, LEAST_DOUBT)  # NumPy is faster with two arrays than with an array and a number
    left = {(feed.dyad, feed.sign): _left(feed, strengths, kappa, least) for feed in plan.feeds}
    leverage: dict[Dyad, Value] = {}
    for (dyad, sign), product in left.items():
        if sign > 0:
            fed = np.subtract(_ONE, product, out=product)
            leverage[dyad] = np.multiply(fed, left[dyad, -1], out=fed) if (dyad, -1) in left else fed
    return leverage


def _left(feed: _Feed, strengths: Mapping[str, FloatArray], kappa: FloatArray, least: FloatArray) -> FloatArray:
    """prod over causes (1 - r), to the power kappa, with 1 - r at or above ``least``."""
    product: FloatArray | None = None
    for cause in feed.causes:
        restated = _restated(cause.members, strengths)
        doubt = np.subtract(_ONE, restated, out=restated)
        if cause.may_be_certain:
            np.maximum(doubt, least, out=doubt)
        product = doubt if product is None else np.multiply(product, doubt, out=product)
    assert product is not None
    np.log(product, out=product)
    product *= kappa
    return np.exp(product, out=product)


def _restated(members: tuple[tuple[str, FloatArray], ...], strengths: Mapping[str, FloatArray]) -> FloatArray:
    """r of one cause: ( sum over its restatements (share s)^4 )^(1/4), share s where it has one."""
    parts = [strengths[claim] * share for claim, share in members]
    if len(parts) == 1:
        return parts[0]
    total: FloatArray | None = None
    for part in parts:
        np.multiply(part, part, out=part)
        np.multiply(part, part, out=part)
        total = part if total is None else np.add(total, part, out=total)
    assert total is not None
    return np.sqrt(np.sqrt(total, out=total), out=total)
