"""How far a class agrees: the spread of what its readers say of each claim, and Krippendorff's interval alpha.

With s2 the variance (n - 1) of the n values given to one claim, and S2 that of all N values together,

    alpha = 1 - (sum over claims of n s2) / (N S2)          agreement on one claim = 1 - s2 / S2

The first is Krippendorff's alpha for interval data (``analysis/agreement.py``), the second the part of it that one
claim has: 1 where all say the same, 0 where they are as far apart as values drawn from one hat, below 0 where they are
further. Of a single claim neither says anything, since its own values are the hat; they are taken of two or more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median, variance

from sim.analysis.agreement import Unit, krippendorff_alpha


@dataclass(frozen=True)
class Spread:
    """What was said of one claim: sorted values, their median, and the agreement (None for less than two values, for
    the only claim of a class, or where no value in the whole class differs from another)."""

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
    """``alpha`` over all claims that two readers or more speak of (None where nothing varies, or for a single claim),
    and each claim's spread, the least agreed first."""

    alpha: float | None
    claims: int  # with two values or more
    values: int
    spreads: tuple[Spread, ...]


def class_agreement(said: Mapping[str, Unit]) -> ClassAgreement:
    """Agreement over claims; ``said`` holds what each reader says of a claim, None where a reader says nothing."""
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
    """The widest spread first; claims that only one reader speaks of last."""
    return tuple(sorted(spreads, key=lambda each: (len(each.values) < 2, -each.range, each.claim)))
