"""How far two readers of the same documents agree: Krippendorff's alpha (Krippendorff 2011).

    alpha = 1 - observed disagreement / expected disagreement

from the coincidence matrix: every pair of values that coders gave the same unit, weighed by 1/(values of the unit - 1).
A pair of values disagrees by 0 or 1 (nominal) or by their squared difference (interval). 1 is perfect agreement, 0 the
agreement of values drawn at random from all of them, below 0 less than that.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Literal

from sim.inputs.schema_card import ClaimGiven

Unit = Sequence[float | None]  # each coder's value for one unit; None where a coder gave none
Level = Literal["nominal", "interval"]

RELIABLE, TENTATIVE = 0.8, 2 / 3  # Krippendorff's (2004) customary bounds for conclusions
_SIGNS = {"+": 1.0, "-": -1.0}


@dataclass(frozen=True)
class Agreement:
    """What was compared, on how many units, by which kind of difference; alpha is None where the values do not vary."""

    what: str
    units: int
    level: Level
    alpha: float | None
    same: float  # share of units with equal values


def krippendorff_alpha(units: Sequence[Unit], level: Level) -> float | None:
    """Alpha over units coded by any number of coders, some of them missing; None where no two values differ."""
    paired = [[value for value in unit if value is not None] for unit in units]
    paired = [values for values in paired if len(values) > 1]
    differs = _DIFFERENCES[level]
    pooled = [value for values in paired for value in values]
    observed = fsum(_disagreement(values, differs) / (len(values) - 1) for values in paired)
    expected = _disagreement(pooled, differs) / max(len(pooled) - 1, 1)
    return None if expected == 0 else 1 - observed / expected


def _disagreement(values: Sequence[float], differs: Callable[[float, float], float]) -> float:
    """Sum of differences over all ordered pairs of values, through the counts of each value."""
    counts: dict[float, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return fsum(counts[one] * counts[two] * differs(one, two) for one in counts for two in counts)


_DIFFERENCES: Mapping[Level, Callable[[float, float], float]] = {
    "nominal": lambda one, two: float(one != two),
    "interval": lambda one, two: (one - two) ** 2,
}


def codings_agree(claims: Sequence[ClaimGiven], states: Sequence[str]) -> list[Agreement]:
    """Agreement of the two codings on weights, credences, effects over all ordered pairs of states, and mechanisms.

    Claims with only one coding are left out.
    """
    pairs = [(claim.codings.first, claim.codings.second) for claim in claims if claim.codings.second]
    effects = [unit for claim in claims if claim.codings.second for unit in _effect_units(claim, states)]
    mechanisms = sorted({coding.mechanism for pair in pairs for coding in pair})
    return [
        _compare("weights (their modes)", [(one.weight.mode, two.weight.mode) for one, two in pairs], "interval"),
        _compare("credences", [(one.credence, two.credence) for one, two in pairs], "interval"),
        _compare("effects (feeds, cuts or neither, for every ordered pair of states)", effects, "nominal"),
        _compare(
            "mechanisms",
            [(float(mechanisms.index(one.mechanism)), float(mechanisms.index(two.mechanism))) for one, two in pairs],
            "nominal",
        ),
    ]


def _effect_units(claim: ClaimGiven, states: Sequence[str]) -> list[tuple[float, float]]:
    """For each ordered pair of states, the sign that each coding gives the claim there: +1, -1 or 0."""
    signs: dict[tuple[str, str], tuple[float, float]] = {}
    for effect in claim.effects:
        sign = _SIGNS[effect.sign]
        one, two = signs.get((effect.holder, effect.target), (0.0, 0.0))
        one = sign if effect.coded_by in ("both", "first") else one
        two = sign if effect.coded_by in ("both", "second") else two
        signs[effect.holder, effect.target] = (one, two)
    return [signs.get((holder, target), (0.0, 0.0)) for holder in states for target in states if holder != target]


def _compare(what: str, units: Sequence[tuple[float, float]], level: Level) -> Agreement:
    same = sum(one == two for one, two in units) / len(units) if units else 1.0
    return Agreement(what, len(units), level, krippendorff_alpha(units, level), same)
