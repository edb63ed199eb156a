"""Solving a game whose payoffs are known: best replies, pure and mixed equilibria, dominated strategies.

A payoff array has a row for each player, then an axis for each player's strategies. An equilibrium (Nash 1951) is a
profile from which nobody gains by changing alone; every finite game has one in mixed strategies.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, islice

import numpy as np
import numpy.typing as npt

Payoffs = npt.NDArray[np.float64]  # (players, strategies of the first, of the second, ...)
Cell = tuple[int, ...]  # a strategy for each player, by place
Lots = npt.NDArray[np.float64]  # mixed strategies, one a row

TOLERANCES = (1e-9, 1e-7, 1e-5)  # of the range of payoffs: each is tried if the one before finds nothing
AT_A_TIME = 20_000  # corners solved together; only memory depends on it


@dataclass(frozen=True)
class Mixed:
    """An equilibrium of two players in which at least one mixes: chance of each strategy, and what each player gets."""

    chances: tuple[tuple[float, ...], tuple[float, ...]]
    payoffs: tuple[float, float]


@dataclass(frozen=True)
class MixedFound:
    """Mixed equilibria of a game of two, or the reason why they are not listed."""

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
    return _better(payoffs, lambda other, own: bool((other > own).all()))


def weakly_dominated(payoffs: Payoffs) -> list[list[tuple[int, ...]]]:
    """For each player and strategy, the pure strategies that are never worse and sometimes better, not always."""
    return _better(payoffs, lambda other, own: bool((other >= own).all() and 0 < (other > own).sum() < len(own)))


def dominated_by_lots(payoffs: Payoffs) -> list[list[tuple[float, ...] | None]]:
    """For each player and strategy, the chances of a mixture of the player's other strategies that is strictly better
    whatever the other players do.

    None where there is no such mixture, or where a single strategy is better (:func:`dominated`).
    """
    pure = dominated(payoffs)
    return [
        [None if pure[player][place] else _better_lots(rows, place) for place in range(len(rows))]
        for player, rows in enumerate(_rows(payoffs))
    ]


def mixed_equilibria(payoffs: Payoffs) -> MixedFound:
    """Mixed equilibria of two players: every corner of the set of equilibria, each checked as a best reply.

    Corners of the two best-reply polytopes are paired where both players play only best replies (Mangasarian 1964;
    Avis, Rosenberg, Savani and von Stengel 2010). In a degenerate game, mixtures of corners can be equilibria too.

    >>> pennies = np.array([[[1.0, -1.0], [-1.0, 1.0]], [[-1.0, 1.0], [1.0, -1.0]]])
    >>> mixed_equilibria(pennies).equilibria[0].chances
    ((0.5, 0.5), (0.5, 0.5))
    """
    if payoffs.shape[0] != 2:
        return MixedFound((), "mixed equilibria are computed for two players only; with lots there is always one")
    spans = [max(float(np.ptp(own)), 1e-300) for own in payoffs]
    a, b = ((own - own.min()) / span for own, span in zip(payoffs, spans, strict=True))
    for tolerance in TOLERANCES:
        found, degenerate = _corners_of_equilibria(a, b.T, tolerance)
        if found:
            break
    mixed = [
        Mixed((_chances(x), _chances(y)), (float(x @ payoffs[0] @ y), float(x @ payoffs[1] @ y)))
        for x, y in found
        if max(x) < 1 - 1e-9 or max(y) < 1 - 1e-9
    ]
    note = "the game is degenerate: lots between two of its equilibria can be equilibria too" if degenerate else ""
    return MixedFound(tuple(mixed), note)


def _rows(payoffs: Payoffs) -> list[npt.NDArray[np.float64]]:
    """A row for each strategy of each player: its payoffs against everything the others do."""
    return [np.moveaxis(own, player, 0).reshape(own.shape[player], -1) for player, own in enumerate(payoffs)]


def _better(payoffs: Payoffs, beats: Callable[[Lots, Lots], bool]) -> list[list[tuple[int, ...]]]:
    """For each player and strategy, the places of the player's strategies whose rows beat its own."""
    return [
        [tuple(place for place, other in enumerate(rows) if beats(other, own)) for own in rows]
        for rows in _rows(payoffs)
    ]


def _better_lots(rows: npt.NDArray[np.float64], place: int) -> tuple[float, ...] | None:
    """The mixture of the other strategies with the largest worst-case gain, if that is above 0."""
    from scipy.optimize import linprog

    ahead = np.delete(rows, place, axis=0) - rows[place]
    many, against = ahead.shape
    if many < 2:
        return None
    found = linprog(
        np.append(np.zeros(many), -1.0), A_ub=np.column_stack([-ahead.T, np.ones(against)]), b_ub=np.zeros(against),
        A_eq=[np.append(np.ones(many), 0.0)], b_eq=[1.0], bounds=[(0, None)] * many + [(None, None)],
    )  # fmt: skip
    lots = np.insert(found.x[:-1], place, 0.0) if found.success else np.zeros(many + 1)
    gains = lots @ rows - rows[place]
    return _chances(lots) if found.success and (gains > 1e-9 * np.ptp(rows)).all() else None


def _corners_of_equilibria(a: Lots, b: Lots, tolerance: float) -> tuple[list[tuple[Lots, Lots]], bool]:
    """Equilibria at corners, and whether the game is degenerate; ``a`` and ``b`` are each player's own payoffs against
    the other's strategies, a row for each of its own, between 0 and 1.
    """
    x, y = _corners(b, tolerance), _corners(a, tolerance)
    played = [lots > tolerance for lots in (x, y)]
    worse = [(own @ lots.T).max(axis=0) - own @ lots.T > 4 * tolerance for own, lots in ((a, y), (b, x))]
    clash = played[0].astype(int) @ worse[0] + (played[1].astype(int) @ worse[1]).T
    found = [(x[i], y[j]) for i, j in np.argwhere(clash == 0)]
    tight = [(~worse[1 - side]).sum(axis=0) - played[side].sum(axis=1) for side in (0, 1)]
    return found, any((extra > 0).any() for extra in tight)


def _corners(payoffs: Lots, tolerance: float) -> Lots:
    """Corners of {mixture z, value v: each of the other's rows gets at most v}, shape (corners, strategies).

    At a corner as many of the conditions ``z_i = 0`` and ``row j gets v`` are tight as there are strategies.
    """
    rows, lots = payoffs.shape
    conditions = np.block([[np.eye(lots), np.zeros((lots, 1))], [payoffs, -np.ones((rows, 1))]])
    total = np.append(np.ones(lots), 0.0)
    found: list[Lots] = []
    for some in _chunks(combinations(range(rows + lots), lots)):
        systems = np.concatenate([conditions[some], np.broadcast_to(total, (len(some), 1, lots + 1))], axis=1)
        systems = systems[np.abs(np.linalg.det(systems)) > 1e-12]
        z = np.linalg.solve(systems, np.append(np.zeros(lots), 1.0)[:, None])[..., 0] if len(systems) else systems[:, 0]
        inside = (z[:, :lots] >= -tolerance).all(axis=1)
        inside &= (z[:, :lots] @ payoffs.T <= z[:, lots:] + tolerance).all(axis=1)
        found += [np.clip(corner, 0, None) / np.clip(corner, 0, None).sum() for corner in z[inside, :lots]]
    return _distinct(np.array(found).reshape(-1, lots), tolerance)


def _chunks(subsets: Iterator[tuple[int, ...]]) -> Iterator[npt.NDArray[np.int64]]:
    while some := list(islice(subsets, AT_A_TIME)):
        yield np.array(some)


def _distinct(points: Lots, tolerance: float) -> Lots:
    """Each point once, in a fixed order; points closer than the tolerance count as one."""
    kept: list[Lots] = []
    for point in points[np.lexsort(np.round(points, 6).T[::-1])] if len(points) else points:
        if not any(np.abs(point - other).max() <= 100 * tolerance for other in kept):
            kept.append(point)
    return np.array(kept).reshape(-1, points.shape[1])


def _chances(lots: Lots) -> tuple[float, ...]:
    return tuple(round(float(chance), 12) + 0.0 for chance in lots)
