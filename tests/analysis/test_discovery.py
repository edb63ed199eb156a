"""PRIM boxes: a planted box is found again, noise gives none, and a missing extra is one clear line."""

from __future__ import annotations

import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from sim import load_scenario, run
from sim.analysis.discovery import discover, make_prim
from sim.ensemble.result import Ensemble
from sim.errors import InputError

PLACE = 5  # of the class that is planted


@pytest.fixture(scope="module")
def plain() -> Ensemble:
    return run(load_scenario("history", months=0), 4000, 3)


def planted(plain: Ensemble, chance: np.ndarray) -> Ensemble:
    """The ensemble with class PLACE coming with these chances per world, class 6 otherwise."""
    draw = np.random.default_rng(8).random(plain.kept_runs)
    ends = np.where(draw < np.repeat(chance, 2), PLACE, 6).astype(np.int8)
    return replace(plain, classes=np.concatenate([plain.classes[:-1], ends[None]]))


def test_a_planted_box_is_found(plain: Ensemble) -> None:
    holds = plain.holds[plain.names.claims.index("trump-wants-out")]
    low = plain.numbers["parameter/calm"] < 0.2
    found = discover(planted(plain, np.where(holds & low, 0.6, 0.05)), plain.names.outcomes[PLACE])
    box = found.boxes[0]
    limits = {limit.factor: limit for limit in box.limits}
    assert limits["claim/trump-wants-out"].state == "holds"
    assert limits["parameter/calm"].high == pytest.approx(0.2, abs=0.03)
    assert (limits["parameter/calm"].low or 0.0) < 0.2  # the box lies within what was planted
    assert box.density == pytest.approx(0.6, abs=0.1)
    assert box.coverage > 0.4
    assert box.lift == pytest.approx(box.density / found.rate)


def test_noise_has_no_box(plain: Ensemble) -> None:
    assert discover(planted(plain, np.full(2000, 0.2)), plain.names.outcomes[PLACE]).boxes == ()


def test_too_few_cases_and_unknown_outcomes_are_told(plain: Ensemble) -> None:
    with pytest.raises(InputError, match="0 of 2,000 runs searched end in mirage"):
        discover(planted(plain, np.zeros(2000)), "mirage")
    with pytest.raises(InputError, match='did you mean "mirage"'):
        discover(plain, "mirrage")


@pytest.mark.parametrize("missing", ["ema_workbench", "ema_workbench.analysis"])
def test_a_missing_extra_is_one_clear_line(plain: Ensemble, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(InputError) as caught:
        discover(planted(plain, np.full(2000, 0.5)), plain.names.outcomes[PLACE])
    assert "summitry[discover]" in str(caught.value)
    assert caught.value.exit_code == 2


def test_both_forms_of_the_workbench_are_called_as_they_ask() -> None:
    class Old:
        def __init__(self, x: object, y: object, threshold: float, peel_alpha: float, mass_min: float) -> None:
            self.given = (threshold, peel_alpha, mass_min)

    class New:
        def __init__(self, x: object, y: object, peel_alpha: float, mass_min: float) -> None:
            self.given = (peel_alpha, mass_min)

    y = np.zeros(2, dtype=np.int64)
    assert 0 < make_prim(SimpleNamespace(Prim=Old), None, y).given[0] < 1
    assert make_prim(SimpleNamespace(Prim=New), None, y).given == (0.05, 0.05)
