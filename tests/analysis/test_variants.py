"""Many variants are played by several processes, which changes no number."""

from __future__ import annotations

import numpy as np
import pytest

from sim import load_scenario
from sim.analysis import variants
from sim.analysis.variants import ALONE, Draws, endings, play_variants


def test_processes_change_no_ending(monkeypatch: pytest.MonkeyPatch) -> None:
    claims = list(load_scenario("history").ledger.claims)[: ALONE + 1]
    scenarios = [load_scenario("history", set=[f"assume.claims.{claim}=off"], months=2) for claim in claims]
    told: list[int] = []
    alone = list(play_variants(scenarios, Draws(100, 7), endings))
    monkeypatch.setattr(variants, "cores", lambda: 2)
    shared = list(play_variants(scenarios, Draws(100, 7), endings, told.append))
    np.testing.assert_array_equal(shared, alone)
    assert told == [100] * len(scenarios)
    assert len({each.tobytes() for each in alone}) > 1
