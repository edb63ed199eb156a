"""Shares read off an ensemble, groups of streams, and conclusions under structural variants."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim import load_scenario, run
from sim.analysis.sensitivity import Sensitivity, assumption_streams, sensitivity, stream_groups
from sim.analysis.variants import Reading, reading, structure
from sim.analysis.world_means import quantities
from sim.ensemble.result import Ensemble
from sim.errors import InputError
from sim.views.charts.assumptions import draw_sensitivity
from sim.views.charts.style import look
from sim.views.text.screen import Screen
from sim.views.text.sensitivity import Findings, flagged, moves_most, sensitivity_text, sentence
from tests.views.whole import assert_whole, texts


@pytest.fixture(scope="module")
def start() -> Ensemble:
    return run(load_scenario("history", months=0), 6000, 4)


def planted(ensemble: Ensemble, values: np.ndarray) -> Ensemble:
    """The ensemble with a measure that is these values per world plus chance."""
    place = ensemble.names.measures.index("extraction")
    chance = np.random.default_rng(6).normal(size=ensemble.kept_runs)
    rows = ensemble.values.copy()
    rows[place] = np.repeat(values, 2) + chance
    return replace(ensemble, values=rows)


def test_shares_that_were_planted(start: Ensemble) -> None:
    """Variance 9 p (1 - p) from a claim, 1 from a number, 1 from chance."""
    claim = start.names.claims.index("trump-wants-out")
    calm = start.numbers["parameter/calm"].astype(float)
    holds = start.holds[claim]
    found = sensitivity(planted(start, 3 * holds + (calm - calm.mean()) / calm.std()), "extraction")
    claims = 9 * holds.mean() * (1 - holds.mean())
    assert found.assumptions[0] == pytest.approx((claims + 1) / (claims + 2), abs=0.03)
    assert [found.factors[place] for place in found.ranked(0)[:2]] == ["claim/trump-wants-out", "parameter/calm"]
    shares = [found.share[place, 0] for place in found.ranked(0)[:2]]
    assert shares == pytest.approx([claims / (claims + 1), 1 / (claims + 1)], abs=0.06)
    assert found.of_kind("claim", 0)[0] == pytest.approx(claims / (claims + 1), abs=0.15)


def test_pure_chance_has_no_shares(start: Ensemble) -> None:
    found = sensitivity(planted(start, np.zeros(3000)), "extraction")
    assert found.assumptions == (None,)
    assert np.isnan(found.share).all()
    assert found.ranked(0) == []


def findings(alone: Sensitivity) -> Findings:
    return Findings(load_scenario("history"), alone, None, None, None)


@pytest.fixture(scope="module")
def made_up() -> Sensitivity:
    """Two factors that lead one quantity each, and one that comes second in the first but moves more than the other."""
    share = np.array([[0.5, 0.0], [0.4, 0.0], [0.0, 0.6]])
    factors = ("claim/both-or-neither", "parameter/kappa", "parameter/a0")
    return Sensitivity(
        "history", 1000, 1, factors, ("extraction", "mirage"), share, share / 100, np.where(share, 0.001, 1.0),
        (0.9, 0.2),
    )  # fmt: skip


def test_the_headline_names_the_factors_by_their_largest_share(made_up: Sensitivity) -> None:
    assert [made_up.factors[factor] for factor in moves_most(made_up)] == list(made_up.factors)
    said = sentence(findings(made_up))
    assert said.startswith("Alone, claim both-or-neither (“In a deliberately stark version, the talks may leave the…”)")
    assert " moves most: it explains 45% (±1) of all the variance of one thing, concessions extracted by Kim; " in said
    assert said.endswith("; parameter kappa and parameter a0 come next.")


def test_a_headline_on_one_outcome_does_not_speak_of_one_thing(made_up: Sensitivity) -> None:
    one = replace(
        made_up, quantities=("mirage",), assumptions=(0.2,),
        share=made_up.share[:, 1:], se=made_up.se[:, 1:], p=made_up.p[:, 1:],
    )  # fmt: skip
    assert sentence(findings(one)) == (
        "Alone, a0 (chance of accepting a package that leaves a side exactly as well off at leverage one half) moves"
        " most: it explains 12% (±1) of all the variance of a mirage."
    )


def test_what_a_parameter_means_stands_below_once(made_up: Sensitivity) -> None:
    text = sensitivity_text(findings(made_up), Screen())
    assert text.count("\n  kappa: accrual across groups") == text.count("\n  a0: chance of accepting a package") == 1
    assert max(map(len, text.splitlines())) <= 80


def test_the_chart_cuts_no_name_and_says_what_parameters_mean(start: Ensemble) -> None:
    found = sensitivity(start)
    with look():
        page = draw_sensitivity(findings(found), start)
    said = [" ".join(text.split()) for text, _ in texts(page)]
    claims = tuple(claim.claim[:20] for claim in start.scenario.ledger.claims.values())
    assert not any("…" in text for text in said if not text.startswith(claims))
    assert any("Accrual across groups" in text for text in said)
    assert_whole(page)


def test_every_stream_is_in_one_group() -> None:
    scenario = load_scenario("history")
    streams = assumption_streams(scenario)
    groups = stream_groups(streams, ("claim/both-or-neither", "parameter/a0", "cause/beijing-backing"))
    kinds = [stream for name, members in groups.items() if "/" not in name for stream in members]
    assert sorted(kinds) == sorted(streams)
    assert groups["parameter/a0"] == ("parameter/a0",)
    assert groups["cause/beijing-backing"] == ("group/beijing-backing",)
    assert "group/beijing-backing" in groups["claims"]


def test_what_can_be_asked_about(start: Ensemble) -> None:
    assert set(quantities(start)) > set(start.names.outcomes)
    assert quantities(start, "aid") == ("aid",)
    with pytest.raises(InputError, match="did you mean"):
        quantities(start, "test-puase")
    with pytest.raises(InputError, match="at least 200"):
        sensitivity(run(start.scenario, 100, 1))


def ending(ensemble: Ensemble, shares: dict[str, float]) -> Reading:
    """The ensemble with other endings, the same in every world that they would fall in."""
    names = ensemble.names.outcomes
    counts = [round(shares.get(name, 0) * ensemble.runs) for name in names]
    ends = np.repeat(np.arange(len(names)), counts).astype(np.int8)
    classes = np.concatenate([ensemble.classes[:-1], ends[None]])
    return reading(replace(ensemble, classes=classes, counts=np.array([*ensemble.counts[:-1], counts])))


def test_a_conclusion_that_hangs_on_a_variant_is_flagged(start: Ensemble) -> None:
    plain, against = ending(start, {"mirage": 0.6, "dividend": 0.4}), ending(start, {"mirage": 0.5, "dividend": 0.5})
    turned, other = ending(start, {"mirage": 0.4, "dividend": 0.6}), ending(start, {"mirage": 0.5, "dividend": 0.5})
    found = structure(
        "a", "b", 6000, (plain, against), {("same", ""): (plain, against), ("turned", ""): (turned, other)}
    )
    same, varied = found.variations
    assert (found.likeliest, found.probability) == ("mirage", pytest.approx(0.6))
    assert same.flags("mirage") == same.lost == []
    assert set(varied.flags("mirage")) == {"likeliest", "mirage", "dividend"}
    assert varied.shift == ("mirage", pytest.approx(-0.2, abs=1e-9))


def test_a_difference_that_vanishes_under_a_variant_is_told(start: Ensemble) -> None:
    plain, against = ending(start, {"mirage": 0.6, "dividend": 0.4}), ending(start, {"mirage": 0.5, "dividend": 0.5})
    found = structure("a", "b", 6000, (plain, against), {("level", ""): (against, against)})
    assert set(found.variations[0].lost) == {"mirage", "dividend"}


def test_an_ending_that_is_likeliest_by_a_hair_under_a_variant_overturns_nothing(start: Ensemble) -> None:
    plain, hair = (ending(start, {"mirage": share, "dividend": 1 - share}) for share in (0.6, 0.499))
    found = structure("a", None, 6000, (plain, None), {("hair", ""): (hair, None)})
    assert (found.variations[0].likeliest, found.variations[0].flags("mirage")) == ("dividend", [])
    assert flagged(found, start.scenario) == [
        "Too close to call which ending is likeliest under: hair (dividend or mirage)."
    ]
