"""What users of Mesa expect: ``seed`` or ``rng``, something in the data collector, memory that is freed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np

from sim.defaults import DEFAULT_SEED
from sim.inputs.case import Case
from sim.vocabulary import leverage

if TYPE_CHECKING:
    from mesa import Model

    from sim.model.diplomacy import Diplomacy

RNG: TypeAlias = "int | np.integer[Any] | Sequence[int] | np.random.Generator | np.random.SeedSequence | None"


class NumbersOfAgents:
    """Mesa 3.3's counter of agents, kept only as long as the model: Mesa's own keeps every model in memory."""

    def __init__(self) -> None:
        self._numbers: WeakKeyDictionary[Model, Iterator[int]] = WeakKeyDictionary()

    def __getitem__(self, model: Model) -> Iterator[int]:
        return self._numbers.setdefault(model, count(1))


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


def _share(model: Diplomacy, place: int) -> float:
    return float(model.shares[place])


def _mean(model: Diplomacy, name: str) -> float:
    return float(np.mean(model.variables[name]))
