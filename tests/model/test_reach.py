"""The reference tables of the specification's section 14, replicated: same text, other code, other draws.

16,384 runs a scenario. Runs that share a world are one cluster, so n runs are worth n / (1 + r) with r the covariance
share of the two plays, on both sides. All 201 comparisons together form one family at 1%: each |z| stays below the
normal's two-sided point at 1 - 0.99^(1/201), which is 4.06 (Sidak; the comparisons are not independent, which makes it
safer). Half a unit of the table's last digit is allowed on top. A right model misses the family with a chance of 1% at
most; what the test can see is a shift of four standard errors, for a class of a half 0.024, for one of a tenth 0.014.
"""

from __future__ import annotations

from functools import cache
from math import sqrt
from statistics import NormalDist

import numpy as np
import pytest

from sim.analysis.effects import claim_effects
from sim.analysis.reweight import holding
from sim.analysis.worlds import WorldTable, world_table
from sim.ensemble.intervals import measure_means, outcome_probabilities
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from tests.model.reach_tables import (
    DRIVER_ERRORS,
    DRIVER_MEASURES,
    DRIVERS,
    FIRST_SUMMIT,
    FIRST_SUMMIT_MEASURES,
    REACH,
    TEXT_DRIVER_RUNS,
    TEXT_RUNS,
)
from tests.model.settings import reference

RUNS = 16_384
DRIVER_RUNS = 40_960
SEED = 7
HALF_A_DIGIT = 0.0005


def family_bound(comparisons: int, level: float = 0.01) -> float:
    """The |z| that all of a family stay below with a chance of at least 1 - level."""
    return NormalDist().inv_cdf(1 - (1 - (1 - level) ** (1 / comparisons)) / 2)


COMPARISONS = sum(map(len, REACH.values())) + sum(map(len, FIRST_SUMMIT.values()))
BOUND = family_bound(COMPARISONS)


@cache
def played(name: str, months: int | None = None) -> Ensemble:
    return run(reference(name, months=months), RUNS, SEED, workers=1)


def close(found: float, text: float, variance: float, share: float | None) -> bool:
    """Whether two estimates of one mean agree; ``variance`` is over runs, ``share`` that of assumptions in it."""
    clustered = variance * (1 + (share or 0.0))
    return abs(found - text) <= BOUND * sqrt(clustered * (1 / RUNS + 1 / TEXT_RUNS)) + HALF_A_DIGIT


@pytest.mark.parametrize("name", REACH)
def test_reach(name: str) -> None:
    found = outcome_probabilities(played(name))
    for (outcome, each), text in zip(found.items(), REACH[name], strict=True):
        pooled = (each.probability * RUNS + text * TEXT_RUNS) / (RUNS + TEXT_RUNS)
        assert close(each.probability, text, pooled * (1 - pooled), each.assumptions), (outcome, each.probability, text)


@pytest.mark.parametrize("name", FIRST_SUMMIT)
def test_the_first_american_summit_and_what_was_extracted(name: str) -> None:
    final, early = measure_means(played(name)), measure_means(played(name, months=3))
    for measure, text in zip(FIRST_SUMMIT_MEASURES, FIRST_SUMMIT[name], strict=True):
        each = early["extraction"] if measure.endswith("month 3") else final[measure]
        assert close(each.mean, text, each.sd**2, each.assumptions), (measure, each.mean, text)


def test_the_scenario_that_pins_the_troops_says_so() -> None:
    assert reference("drawdown-gift").imposed == ("us_troops",)
    assert outcome_probabilities(played("drawdown-gift"))["one-sided-withdrawal"].count == 0


def with_cut(table: WorldTable) -> WorldTable:
    """The table with the share of a world's plays in which the arsenal was cut as one more measure."""
    cut = table.of("neither") + table.of("one-sided-disarmament") + table.of("partial-bargain")
    return WorldTable(table.outcomes, (*table.measures, "cut"), np.vstack([table.values, cut]))


def test_drivers() -> None:
    """What each claim does, read off one ensemble of 40,960 runs: 16 claims, 7 quantities, one family at 1%.

    The text prints only the median standard error of each column; that of one effect is ours at its number of runs.
    """
    ensemble = run(reference("history"), DRIVER_RUNS, SEED, workers=1)
    effects = claim_effects(holding(ensemble), with_cut(world_table(ensemble)))
    bound = family_bound(len(DRIVERS) * len(DRIVER_MEASURES))
    for claim, texts in DRIVERS.items():
        row = effects.rows.index(claim)
        for measure, text, printed in zip(DRIVER_MEASURES, texts, DRIVER_ERRORS, strict=True):
            column = effects.columns.index(measure)
            effect, se = float(effects.effect[row, column]), float(effects.se[row, column])
            both = se * sqrt(1 + DRIVER_RUNS / TEXT_DRIVER_RUNS)
            assert se < 3 * printed * sqrt(TEXT_DRIVER_RUNS / DRIVER_RUNS) + HALF_A_DIGIT
            assert abs(effect - text) <= bound * both + HALF_A_DIGIT, (claim, measure, effect, text, se)
