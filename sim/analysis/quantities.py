"""What a question is about: an outcome (did the run end there?) or a measure at the end, read for either play of a
world.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.analysis.worlds import worlds_of
from sim.errors import Fault, InputError, Place
from sim.inputs.schema import unknown

if TYPE_CHECKING:
    from sim.ensemble.result import Ensemble

Floats = npt.NDArray[np.float64]

FEWEST_WORLDS = 100  # below this nothing is said about what moves what


def quantities(ensemble: Ensemble, asked: str | None = None) -> tuple[str, ...]:
    """The outcome or measure asked for; without one, every outcome and the measures that the case shows.

    Raises InputError for a name that is neither.
    """
    measures = ensemble.told_measures
    if asked is None:
        case = ensemble.scenario.case
        shown = {name for name, measure in case.measures.items() if measure.shown}
        shown |= {name for name, variable in case.variables.items() if variable.shown}
        return ensemble.names.outcomes + tuple(name for name in measures if name in shown)
    known = (*ensemble.names.outcomes, *measures)
    check_known(asked, known, "an outcome or a measure")
    return (asked,)


def check_known(asked: str, known: Sequence[str], what: str = "one of", more: str = "") -> None:
    """Raises InputError where ``--outcome`` names nothing known; ``more`` follows what is allowed."""
    if asked not in known:
        raise InputError([Fault(Place("--outcome", 0, 0), "outcome", asked, unknown(asked, known, what) + more)])


def plays(ensemble: Ensemble, quantity: str, worlds: int | None = None) -> Floats:
    """A quantity in both plays of each world with two plays, shape (2, worlds)."""
    runs = 2 * (worlds_of(ensemble) if worlds is None else worlds)
    outcome = quantity in ensemble.names.outcomes
    values = ensemble.ended(quantity)[:runs] if outcome else ensemble.measure(quantity)[:runs]
    return np.stack([values[0::2], values[1::2]]).astype(np.float64)


def check_enough(ensemble: Ensemble) -> None:
    """Raises InputError where there are too few worlds to say what moves what."""
    if worlds_of(ensemble) < FEWEST_WORLDS:
        fault = Fault(
            Place("-n", 0, 0),
            "runs",
            f"{ensemble.runs:,}",
            f"at least {2 * FEWEST_WORLDS}, which are {FEWEST_WORLDS} worlds",
        )
        raise InputError([fault])


def assumed_variance(two: Floats) -> tuple[float | None, float]:
    """Variance due to assumptions (the covariance of the plays) and in all, of a quantity of shape (2, worlds).

    The first is None where it cannot be told from 0 (less than three of its standard errors).
    """
    centred = two - two.mean()
    products = centred[0] * centred[1]
    assumed, error = float(products.mean()), float(products.std() / np.sqrt(len(products)))
    return (assumed if assumed > 3 * error else None), float((centred**2).mean())
