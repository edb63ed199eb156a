"""Shapley (1953): the worth of a whole shared among its players by what each adds, averaged over all orders of joining."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from math import factorial
from typing import TypeVar

import numpy as np

Worth = TypeVar("Worth", float, np.ndarray)


def subsets(players: Sequence[str]) -> list[frozenset[str]]:
    """Every coalition, smallest first; 2^n of them."""
    return [frozenset(some) for size in range(len(players) + 1) for some in combinations(players, size)]


def shapley(players: Sequence[str], worth: Mapping[frozenset[str], Worth]) -> dict[str, Worth]:
    """Each player's share; ``worth`` has a number (or an array, shared entry by entry) for every coalition.

    The shares add up to the worth of all less the worth of none.
    """
    return {player: _share(player, players, worth) for player in players}


def _share(player: str, players: Sequence[str], worth: Mapping[frozenset[str], Worth]) -> Worth:
    n = len(players)
    added = [
        (worth[others | {player}] - worth[others]) * (factorial(len(others)) * factorial(n - len(others) - 1) / factorial(n))
        for others in subsets([other for other in players if other != player])
    ]
    total = added[0]
    for part in added[1:]:
        total = total + part
    return total
