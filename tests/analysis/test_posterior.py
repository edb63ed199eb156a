"""What labels do to claims: a two-claim world solved by hand, and the weights of plays."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from sim import load_scenario, run
from sim.analysis.posterior import bayes_factor, label_weights, other_weighings, posterior, updated
from sim.ensemble.result import Ensemble
from sim.inputs.records import Label, Record


def label_of(month: int, classes: dict[str, float]) -> Label:
    return Label.model_construct(
        month=month, date="2018-06-28", classes=classes, justification="seen", disputed="hardly"
    )


def record(*labels: dict[str, float]) -> Record:
    dated = tuple(label_of(month, classes) for month, classes in enumerate(labels))
    return Record("toy", "toy", "toy", "", 0.01, 0.001, dated, ())


@dataclass
class Toy:
    """Two classes, two claims, four worlds of two plays; class 1 comes where claim a holds, but for one play."""

    classes = np.array([[1, 1, 1, 0, 0, 0, 0, 0]], dtype=np.int8)
    holds = np.array([[True, True, False, False], [True, False, True, False]])
    kept_runs = 8
    numbers: Any = None
    names = SimpleNamespace(outcomes=("no", "yes"), claims=("a", "b"))
    scenario = SimpleNamespace(
        name="toy",
        ledger=SimpleNamespace(claims={"a": SimpleNamespace(credence=0.5), "b": SimpleNamespace(credence=0.5)}),
    )


def toy() -> Ensemble:
    return cast(Ensemble, Toy(numbers={"parameter/x": np.array([1, 2, 3, 4], dtype=np.float32)}))


def test_two_claims_by_hand() -> None:
    """Label yes .8: plays weigh .8 or .2, so worlds .8, .5, .2, .2. Factor of a (.65)/(.2); of b (.5)/(.35)."""
    seen = record({"yes": 0.8, "no": 0.2})
    weights = label_weights(toy(), seen.labels, seen)
    assert weights == pytest.approx([0.8, 0.5, 0.2, 0.2])
    assert bayes_factor(weights, Toy.holds[0])[0] == pytest.approx(3.25)
    assert bayes_factor(weights, Toy.holds[1])[0] == pytest.approx(0.5 / 0.35)
    assert updated(0.5, 3.25) == pytest.approx(3.25 / 4.25)
    found = posterior(toy(), seen)
    assert found.effective == pytest.approx(1.7**2 / (0.64 + 0.25 + 0.04 + 0.04))
    by_hand = {"a": 0.65 / 0.85, "b": 0.5 / 0.85}
    assert {each.claim: each.posterior for each in found.claims} == pytest.approx(by_hand)
    assert found.numbers[0].posterior == pytest.approx((0.8 + 2 * 0.5 + 3 * 0.2 + 4 * 0.2) / 1.7)


def test_a_class_that_no_coder_names_weighs_its_floor_and_dates_count_as_one_observation() -> None:
    sure = record({"yes": 1.0})
    assert label_weights(toy(), sure.labels, sure) == pytest.approx([1, 0.505, 0.01, 0.01])
    twice = Toy(numbers={})
    twice.classes = np.repeat(Toy.classes, 2, axis=0)
    both = record({"yes": 0.8, "no": 0.2}, {"yes": 0.2, "no": 0.8})
    weights = label_weights(cast(Ensemble, twice), both.labels, both)
    assert weights == pytest.approx([sqrt(0.16)] * 4)


def test_a_claim_that_does_nothing_keeps_its_credence_within_its_error() -> None:
    rng = np.random.default_rng(1)
    logs, errors = [], []
    for _ in range(200):
        weights, holds = rng.random(400), rng.random(400) < 0.4
        factor, error = bayes_factor(weights, holds)
        logs.append(np.log(factor))
        errors.append(error)
    assert np.std(logs) == pytest.approx(np.mean(errors), rel=0.2)
    assert np.mean(logs) == pytest.approx(0, abs=4 * np.std(logs) / sqrt(200))


def test_few_worlds_that_happen_to_be_alike_are_not_sure() -> None:
    """A claim that does nothing and holds in ten of 200 worlds: 3.3 standard errors (Holm over 60) are rare."""
    rng = np.random.default_rng(2)
    holds = np.arange(200) < 10
    found = [bayes_factor(rng.exponential(size=200), holds) for _ in range(4000)]
    assert np.mean([abs(np.log(factor)) > 3.3 * error for factor, error in found]) < 0.005


def test_posterior_of_a_claim_equals_its_weighted_share_in_the_model() -> None:
    """Odds times the Bayes factor and the weighted share of worlds where it holds are the same thing."""
    ensemble = run(load_scenario("history", months=3), 2000, 5)
    seen = Record("", "", "", "", 0.01, 0.001, (label_of(3, {"test-pause": 0.7, "stalemate": 0.3}),), ())
    weights = label_weights(ensemble, seen.labels, seen)
    for each in posterior(ensemble, seen).claims[:5]:
        holds = ensemble.holds[ensemble.names.claims.index(each.claim)]
        share = float(holds.mean())
        assert updated(share, each.factor) == pytest.approx(float(weights[holds].sum() / weights.sum()))


def test_other_weighings_move_the_posterior_from_the_prior_on() -> None:
    """With one date the usual power is 1; half of it takes the root of the weights. No label lies below the floors."""
    seen = record({"yes": 0.8, "no": 0.2})
    found = other_weighings(toy(), seen, ["a"])
    assert {each.power for each in found} == {0.5, 1, 2}
    usual = next(each for each in found if (each.power, each.floor) == (1, 0.01))
    assert usual.posteriors["a"] == pytest.approx(3.25 / 4.25)
    half = next(each for each in found if each.power == 0.5)
    weights = np.sqrt([0.8, 0.2])
    assert half.posteriors["a"] == pytest.approx(updated(0.5, (weights[0] + weights.mean()) / 2 / weights[1]))
    floored = [each.posteriors["a"] for each in other_weighings(toy(), record({"yes": 1.0}), ["a"]) if each.power == 1]
    assert floored[0] > floored[-1]  # a higher floor takes less from what the label rules out
