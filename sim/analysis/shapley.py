"""Shapley (1953): the worth of a whole shared among its players by what each adds, averaged over all orders of joining.

The share of a player is a weighted sum of the worths of all coalitions: those with it count for, those without
against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import factorial


def coalitions(players: Sequence[str]) -> list[frozenset[str]]:
    """Every coalition, smallest first; 2^n of them."""
    return [frozenset(some) for size in range(len(players) + 1) for some in combinations(players, size)]


def coefficient(player: str, coalition: frozenset[str], players: int) -> float:
    """What the worth of a coalition counts in the share of a player, among so many players.

    With s members other than the player, s! (n - s - 1)! / n!, negative where the player is not in it.
    """
    others = len(coalition - {player})
    size = factorial(others) * factorial(players - others - 1) / factorial(players)
    return size if player in coalition else -size
