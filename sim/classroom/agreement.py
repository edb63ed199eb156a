"""How far a class agrees: the spread of what its readers say of each claim, and Krippendorff's interval alpha.

With s2 the variance (n - 1) of the n values given to one claim, and S2 that of all N values together,

    alpha = 1 - (sum over claims of n s2) / (N S2)          agreement on one claim = 1 - s2 / S2

The first is Krippendorff's alpha for interval data (``analysis/agreement.py``), the second one claim's part of it: 1
where all values are equal, 0 where they differ as much as values drawn at random from all N, below 0 where they differ
more. Both need two claims or more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, variance

from sim.analysis.agreement import Unit, krippendorff_alpha


@dataclass(frozen=True)
class Spread:
    """The values given to one claim, sorted, their median, and the agreement (None for less than two values, for the
    only claim of a class, or where all values of the class are equal)."""

    claim: str
    values: tuple[float, ...]
    median: float
    agreement: float | None

    @property
    def range(self) -> float:
        """From the lowest value to the highest."""
        return self.values[-1] - self.values[0]


@dataclass(frozen=True)
class ClassAgreement:
    """``alpha`` over all claims with two values or more (None where nothing varies, or for a single claim), and each
    claim's spread, the least agreed first."""

    alpha: float | None
    claims: int  # with two values or more
    values: int
    spreads: tuple[Spread, ...]


def class_agreement(said: Mapping[str, Unit]) -> ClassAgreement:
    """Agreement over claims; ``said`` holds each reader's value for a claim, None where a reader gives none."""
    given = {claim: tuple(sorted(v for v in unit if v is not None)) for claim, unit in said.items()}
    shared = [values for values in given.values() if len(values) > 1]
    every = [value for values in shared for value in values]
    hat = variance(every) if len(shared) > 1 else 0.0
    spreads = [
        Spread(claim, values, median(values), 1 - variance(values) / hat if len(values) > 1 and hat > 0 else None)
        for claim, values in given.items()
        if values
    ]
    alpha = krippendorff_alpha(list(said.values()), "interval") if len(shared) > 1 else None
    return ClassAgreement(alpha, len(shared), len(every), _sorted(spreads))


def _sorted(spreads: Sequence[Spread]) -> tuple[Spread, ...]:
    """The widest spread first; claims with only one value last."""
    return tuple(sorted(spreads, key=lambda each: (len(each.values) < 2, -each.range, each.claim)))
