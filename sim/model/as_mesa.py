"""What users of Mesa expect: ``seed`` or ``rng``, and something in the data collector."""

from collections.abc import Sequence
from functools import partial
from typing import Any, TypeAlias

import numpy as np

from sim.defaults import DEFAULT_SEED
from sim.inputs.case import Case
from sim.model.states import Surroundings
from sim.vocabulary import leverage

RNG: TypeAlias = "int | np.integer[Any] | Sequence[int] | np.random.Generator | np.random.SeedSequence | None"


def one_seed(seed: int | None, rng: RNG) -> int:
    """The seed that is given as either of the two. Raises ValueError where both are given."""
    if seed is not None and rng is not None:
        raise ValueError("give seed or rng, not both")
    if rng is None:
        return DEFAULT_SEED if seed is None else seed
    return int(rng) if isinstance(rng, int | np.integer) else int(np.random.default_rng(rng).integers(2**63))


def reporters(case: Case) -> dict[str, partial[float]]:
    """What a data collector records every month: the share of runs in each outcome class if they ended then, and means
    over runs of the variables that are shown and of every leverage."""
    shown = [name for name, variable in case.variables.items() if variable.shown or variable.kind == "climate"]
    dyads = [leverage(one, two) for one in case.states for two in case.states if one != two]
    shares = {rule.name: partial(_share, place=place) for place, rule in enumerate(case.outcomes)}
    return shares | {name: partial(_mean, name=name) for name in (*shown, *dyads)}


def _share(model: Surroundings, place: int) -> float:
    return float(model.shares[place])


def _mean(model: Surroundings, name: str) -> float:
    return float(np.mean(model.variables[name]))
