"""Laws of the model that hold in every state."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.inputs.ledger import Claim, Ledger
from sim.model.leverage import Arguments
from sim.model.packages import given_shares
from tests.model.one_shot import ROUNDING, OneShot, moved
from tests.model.settings import reference

CLAIMS = tuple(reference("history").ledger.claims)
DYADS = [("DPRK", "US"), ("US", "DPRK"), ("DPRK", "PRC"), ("PRC", "DPRK"), ("PRC", "US"), ("DPRK", "ROK")]
DRAWN = settings(deadline=None, derandomize=True, max_examples=30)


@cache
def shot() -> OneShot:
    return OneShot()


def raised(claim: str, times: float) -> dict[str, np.ndarray]:
    """The claim's base, raised where it holds."""
    return {claim: np.minimum(shot().world.base[claim] * np.float32(times), np.float32(0.98))}


def pushes(claim: Claim, holder: str, target: str, sign: int) -> bool:
    return any((each.holder, each.target, each.sign) == (holder, target, sign) for each in claim.effects)


def only_helps(claims: dict[str, Claim], claim: str, one: str, two: str) -> bool:
    """Whether raising the claim can only raise the leverage of one on two, and lower that of two on one."""

    def helps(each: Claim) -> bool:
        return not (pushes(each, one, two, -1) or pushes(each, two, one, 1))

    def harms(each: Claim) -> bool:
        return not (pushes(each, one, two, 1) or pushes(each, two, one, -1))

    attacked = [each for each in claims.values() if claim in [link.source for link in each.attackers]]
    supported = [each for each in claims.values() if claim in [link.source for link in each.supporters]]
    return helps(claims[claim]) and all(map(helps, supported)) and all(map(harms, attacked))


def test_1_2_raising_a_claim_without_opposing_effect_never_lowers_leverage_or_terms() -> None:
    claims, tried = dict(shot().scenario.ledger.claims), 0
    before = shot().look()
    for claim in CLAIMS:
        if pushes(claims[claim], "DPRK", "US", 1) and only_helps(claims, claim, "DPRK", "US"):
            after = shot().look(bases=raised(claim, 1.5))
            assert moved(before.leverage["DPRK", "US"], after.leverage["DPRK", "US"]).fell == 0
            assert moved(before.terms, after.terms).fell == 0
            tried += 1
    assert tried >= 5


@DRAWN
@given(st.sampled_from(CLAIMS), st.sampled_from(DYADS), st.floats(1.05, 3))
def test_1_2_for_any_pair_of_states(claim: str, dyad: tuple[str, str], times: float) -> None:
    if only_helps(dict(shot().scenario.ledger.claims), claim, *dyad):
        before, after = shot().leverage({}), shot().leverage({}, raised(claim, times))
        assert moved(before.get(dyad, 0.0), after.get(dyad, 0.0)).fell == 0


def test_4_the_two_terms_add_to_one() -> None:
    for pair in ("KP", "KU", "KS", "KR"):
        one, two = shot().look(pair=pair).meeting.terms.values()
        np.testing.assert_allclose(np.asarray(one) + np.asarray(two), 1, atol=2e-7)


def test_5_without_claims_the_terms_are_even() -> None:
    nothing = {claim: np.zeros_like(base) for claim, base in shot().world.base.items()}
    fails = replace(shot().world, base=nothing, holds={claim: np.zeros(len(b), bool) for claim, b in nothing.items()})
    leverage = Arguments(shot().scenario.ledger, fails).leverage(shot().capped({}))
    assert not any(np.any(power) for power in leverage.values())
    for pair in ("KP", "KU", "KS", "KR"):
        assert all(np.all(y == 0.5) for y in shot().look(pair=pair, leverage=leverage).meeting.terms.values())


@DRAWN
@given(st.sampled_from([claim for claim in CLAIMS if reference("history").ledger.claims[claim].effects]))
def test_a_restatement_adds_a_little_and_never_takes_away(claim: str) -> None:
    """Two equal witnesses count as 2^(1/4) = 1.19 of one, and never as two causes of their own."""
    world, again = shot().world, f"{claim}-again"
    claims = dict(shot().scenario.ledger.claims)
    original = claims[claim]
    claims[again] = replace(original, id=again)
    copied = replace(
        world, base={**world.base, again: world.base[claim]}, holds={**world.holds, again: world.holds[claim]}
    )
    apart = Ledger({**claims, again: replace(original, id=again, group=again)})
    before, after = shot().leverage({}), Arguments(Ledger(claims), copied).leverage(shot().capped({}))
    separate = Arguments(apart, copied).leverage(shot().capped({}))
    fed = [(each.holder, each.target) for each in original.effects if each.sign > 0]
    for dyad in fed:
        if not any(other.sign < 0 for other in original.effects if (other.holder, other.target) == dyad):
            assert moved(before[dyad], after[dyad]).fell == 0
            assert moved(after[dyad], separate[dyad]).fell < 0.005  # several strong witnesses may pass it
            seen = np.asarray(shot().strengths({})[claim]).max() > 0.01
            assert moved(before[dyad], after[dyad]).rose > 0 or not seen


def test_the_weaker_of_two_witnesses_is_never_without_effect() -> None:
    """Raising any restatement moves the leverage it feeds, also where another one of its cause is stronger."""
    for claim in ("xi-squeeze-opened-window", "icbm-reach", "trade-war-hurts-us"):
        effect = next(each for each in shot().scenario.ledger.claims[claim].effects if each.sign > 0)
        dyad = (effect.holder, effect.target)
        moves = moved(shot().leverage({})[dyad], shot().leverage({}, raised(claim, 1.5))[dyad])
        active = shot().world.holds[claim] & (np.asarray(shot().world.base[claim]) < 0.6)
        assert moves.rose > 0.8 * active.mean()


def test_7_crediting_sanctions_never_raises_the_rival_claim_or_the_terms_of_the_dprk() -> None:
    bases = raised("sanctions-brought-kim", 1.5)
    before, after = shot().strengths({}), shot().strengths({}, bases)
    assert moved(before["nukes-brought-trump"], after["nukes-brought-trump"]).rose == 0
    terms = moved(shot().look().terms, shot().look(bases=bases).terms)
    assert terms.rose == 0
    assert terms.fell > 0.25  # about the share of worlds where the claim holds


@pytest.mark.parametrize("held", [{"trade_talks": 0.0}, {"prc_ties": 0.0, "met_prc": 0.0}])
def test_10_tariffs_leave_the_dprk_and_the_us_alone_without_talks_or_without_ties(held: dict[str, float]) -> None:
    low, high = (shot().look(held | {"tariffs": tariffs}) for tariffs in (0.1, 0.9))
    for dyad in (("DPRK", "US"), ("US", "DPRK")):
        np.testing.assert_array_equal(low.leverage[dyad], high.leverage[dyad])
    np.testing.assert_array_equal(low.chance, high.chance)


@pytest.mark.parametrize(
    ("number", "times", "plus"),
    [("a0", 0.8, 0.0), ("f_hawk", 1.0, 0.1), ("f_audience", 1.0, 0.1), ("distrust", 1.0, 0.3)],
)
def test_21_lower_a0_and_more_friction_never_make_a_package_more_acceptable(
    number: str, times: float, plus: float
) -> None:
    names = shot().names
    before = shot().look({"hawk": 1.0})
    changes = {"hawk": 1.0, number: names[number] * np.float32(times) + np.float32(plus)}
    after = shot().look(changes, leverage=before.leverage)
    fell = 0.0
    for one, two in zip(before.meeting.accepts, after.meeting.accepts, strict=True):
        for side in one:
            assert moved(one[side], two[side]).rose == 0
            fell = max(fell, moved(one[side], two[side]).fell)
    assert fell > 0.2


def test_21_a_hawk_never_makes_a_package_more_acceptable_at_the_same_leverage() -> None:
    before = shot().look({"hawk": 0.0})
    after = shot().look({"hawk": 1.0}, leverage=before.leverage)
    for one, two in zip(before.meeting.accepts, after.meeting.accepts, strict=True):
        assert moved(one["US"], two["US"]).rose == 0
        np.testing.assert_array_equal(one["DPRK"], two["DPRK"])


def test_22_without_sharpness_every_package_is_signed_with_a0_squared() -> None:
    seen = shot().look({"lam": 0.0})
    for accept in seen.meeting.accepts:
        np.testing.assert_allclose(accept["DPRK"] * accept["US"], np.square(shot().names["a0"]), rtol=1e-5)


@DRAWN
@given(st.floats(0, 1), st.floats(0, 1), st.sampled_from(sorted(reference("history").case.packages)))
def test_26_better_terms_never_make_the_other_give_less_or_oneself_more(a: float, b: float, name: str) -> None:
    package = reference("history").case.packages[name]
    one, two = reference("history").case.pairs[package.pair].between
    worse, better = (given_shares(package, {one: y, two: 1 - y}) for y in sorted((a, b)))
    assert all(better[two][lever] >= worse[two][lever] for lever in worse[two])
    assert all(better[one][lever] <= worse[one][lever] for lever in worse[one])
    assert all(0 <= share <= 1 for parts in better.values() for share in parts.values())


def test_27_claims_that_fail_have_no_strength() -> None:
    strengths = shot().strengths({})
    for claim, strength in strengths.items():
        assert not strength[~shot().world.holds[claim]].any()
        assert np.max(strength, initial=0) > 0 or shot().scenario.ledger.claims[claim].credence == 0


def test_strengths_and_leverage_stay_between_0_and_1_without_clipping() -> None:
    for value in (*shot().strengths({}).values(), *shot().leverage({}).values()):
        assert np.min(value) >= -ROUNDING
        assert np.max(value) <= 1 + ROUNDING


@DRAWN
@given(st.permutations(CLAIMS))
def test_28_the_order_of_the_ledger_does_not_matter(order: list[str]) -> None:
    claims = shot().scenario.ledger.claims
    shuffled = Arguments(Ledger({claim: claims[claim] for claim in order}), shot().world).leverage(shot().capped({}))
    for dyad, value in shot().leverage({}).items():
        np.testing.assert_allclose(shuffled[dyad], value, atol=2e-6)  # float32 rounding


@DRAWN
@given(st.sampled_from(CLAIMS), st.floats(1.02, 3))
def test_29_a_claim_never_weakens_when_its_own_base_rises(claim: str, times: float) -> None:
    assert float(np.max(shot().names["eps"])) <= 0.5
    before, after = shot().strengths({}), shot().strengths({}, raised(claim, times))
    if claim in before:
        assert moved(before[claim], after[claim]).fell == 0
