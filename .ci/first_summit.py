"""What happens at the first summit of a pair: leverage, terms, chance, package and promises, in every run.

The ensemble keeps the means of this; here its first months are played again, on the same draws, to see the whole of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.ensemble.block import COMPUTED_RUNS
from sim.inputs.scenario import Scenario
from sim.model.assumptions import Value
from sim.model.diplomacy import Diplomacy
from sim.model.streams import BLOCK_RUNS
from sim.vocabulary import first_promised

FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class FirstSummit:
    """Arrays of shape (runs,); ``between[0]`` is the side whose terms are given."""

    pair: str
    between: tuple[str, str]
    month: int
    leverage: Mapping[tuple[str, str], FloatArray]  # both ways, in [0, 1]
    terms: FloatArray  # in [0, 1]; one half is even
    chance: FloatArray  # of a deal, before the draw
    signed: npt.NDArray[np.int8]  # place in ``packages``, -1 where nothing was signed
    promised: Mapping[str, FloatArray]  # by giver, 0 where nothing was signed
    packages: tuple[str, ...]

    @property
    def runs(self) -> int:
        return len(self.terms)


def first_summit(scenario: Scenario, pair: str, runs: int, seed: int) -> FirstSummit:
    """Play each run up to the pair's first summit. Raises ValueError for a pair that never meets or no runs."""
    months = [summit.month for summit in scenario.summits if summit.pair == pair and summit.month <= scenario.months]
    if not months or runs < 1:
        raise ValueError(f"no run in which {pair} meet")
    parts = [
        _play(scenario, pair, min(months), min(COMPUTED_RUNS, runs - first), seed, first // BLOCK_RUNS)
        for first in range(0, runs, COMPUTED_RUNS)
    ]
    one = parts[0]
    return FirstSummit(
        pair, one.between, one.month, {dyad: _join([part.leverage[dyad] for part in parts]) for dyad in one.leverage},
        _join([part.terms for part in parts]), _join([part.chance for part in parts]),
        np.concatenate([part.signed for part in parts]),
        {side: _join([part.promised[side] for part in parts]) for side in one.between}, one.packages,
    )  # fmt: skip


def _play(scenario: Scenario, pair: str, month: int, runs: int, seed: int, block: int) -> FirstSummit:
    model = Diplomacy(scenario, runs=runs, seed=seed, first_block=block, diary=True)
    while model.month <= month:
        model.step()
    held = next(meeting for meeting in model.meetings if meeting.pair.id == pair)
    one, two = held.pair.between
    said = model.variables
    found = FirstSummit(
        pair, (one, two), month,
        {dyad: _wide(model.leverage.get(dyad, 0.0), runs)[held.come] for dyad in ((one, two), (two, one))},
        _wide(held.terms[one], runs)[held.come], _wide(held.chance, runs)[held.come],
        np.where(held.deal, held.picked, -1).astype(np.int8)[held.come],
        {side: _wide(said[first_promised(pair, side)], runs)[held.come] for side in (one, two)},
        tuple(offer.package.name for offer in held.offers),
    )  # fmt: skip
    model.close()
    return found


def _wide(value: Value, runs: int) -> FloatArray:
    return np.broadcast_to(np.asarray(value, dtype=np.float32), (runs,)).copy()


def _join(parts: list[FloatArray]) -> FloatArray:
    return np.concatenate(parts)
