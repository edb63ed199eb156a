"""Solving a game whose payoffs are known: best replies, pure and mixed equilibria, dominated strategies.

A payoff array has a row for each player, then an axis for each player's strategies. An equilibrium (Nash 1951) is a
profile from which nobody gains by changing alone.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

Payoffs = npt.NDArray[np.float64]  # (players, strategies of the first, of the second, ...)
Cell = tuple[int, ...]  # a strategy for each player, by place


@dataclass(frozen=True)
class Mixed:
    """An equilibrium of two players in which at least one draws lots: chance of each strategy, and what each gets."""

    chances: tuple[tuple[float, ...], tuple[float, ...]]
    payoffs: tuple[float, float]


@dataclass(frozen=True)
class MixedFound:
    """Mixed equilibria of a game of two, or the reason why there is no list of them."""

    equilibria: tuple[Mixed, ...]
    note: str = ""


def best_replies(payoffs: Payoffs) -> npt.NDArray[np.bool_]:
    """Whether each player's strategy is a best reply to the others' in each profile; the shape of ``payoffs``."""
    return np.stack([own >= own.max(axis=player, keepdims=True) for player, own in enumerate(payoffs)])


def pure_equilibria(payoffs: Payoffs) -> list[Cell]:
    """Every profile in which each strategy is a best reply."""
    return [tuple(int(place) for place in cell) for cell in np.argwhere(best_replies(payoffs).all(axis=0))]


def dominated(payoffs: Payoffs) -> list[list[tuple[int, ...]]]:
    """For each player and strategy, the pure strategies that are strictly better against everything the others do."""
    found = []
    for player in range(payoffs.shape[0]):
        rows = np.moveaxis(payoffs[player], player, 0).reshape(payoffs.shape[1 + player], -1)
        found.append([tuple(other for other, better in enumerate(rows) if (better > row).all()) for row in rows])
    return [list(each) for each in found]


def mixed_equilibria(payoffs: Payoffs) -> MixedFound:
    """Equilibria of two players with lots drawn, by support enumeration (nashpy, an optional package)."""
    if payoffs.shape[0] != 2:
        return MixedFound((), "mixed equilibria are computed for two players only")
    if find_spec("nashpy") is None:
        return MixedFound((), "mixed equilibria need the extra: pip install 'summitry[games]'")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # nashpy warns of degenerate games, which the note below says
        import nashpy

        game = nashpy.Game(payoffs[0], payoffs[1])
        found = [pair for pair in game.support_enumeration() if all(np.isfinite(each).all() for each in pair)]
    mixed = []
    for one, two in found:
        if max(one) < 1 - 1e-9 or max(two) < 1 - 1e-9:
            gets = tuple(float(one @ payoffs[player] @ two) for player in range(2))
            mixed.append(Mixed((_chances(one), _chances(two)), (gets[0], gets[1])))
    note = "the game is degenerate: there may be more mixed equilibria than these" if len(found) % 2 == 0 else ""
    return MixedFound(tuple(mixed), note)


def _chances(lots: Sequence[float]) -> tuple[float, ...]:
    return tuple(round(float(chance), 12) + 0.0 for chance in lots)
