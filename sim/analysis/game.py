"""A game of strategies: every profile simulated in the same worlds, the payoffs solved, and how sure the solution is.

A payoff is a player's own satisfaction at the end of the run, less the stated cost where a fatal step came,
averaged over runs; the two runs of a world are one observation. How sure: worlds are drawn again with replacement
(bootstrap, Efron 1979), all profiles with the same worlds, and the game is solved each time.

A payoff array has a row for each player, then an axis for each player's strategies. An equilibrium (Nash 1951) is a
profile from which nobody gains by changing alone; every finite game has one in mixed strategies.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, islice
from math import sqrt

import numpy as np
import numpy.typing as npt

from sim.defaults import DEFAULT_RUNS, DEFAULT_SAMPLES, DEFAULT_SEED
from sim.ensemble.block import play_ends
from sim.ensemble.intervals import WORLDS_FOR_INTERVAL, t95
from sim.errors import InputError
from sim.inputs.game import Game, Profile
from sim.inputs.scenario import Scenario
from sim.model.streams import BLOCK_RUNS

FEWEST_RUNS = 2 * WORLDS_FOR_INTERVAL  # of each profile
MOST_RUNS = 20_000_000  # over all profiles: some minutes, and a quarter of a gigabyte
TOLERANCES = (1e-9, 1e-7, 1e-5)  # of the range of payoffs: each is tried if the one before finds nothing
AT_A_TIME = 20_000  # corners solved together; only memory depends on it

Payoffs = npt.NDArray[np.float64]  # (players, strategies of the first, of the second, ...)
ByWorld = npt.NDArray[np.float64]  # (players, strategies of the first, ..., worlds)
Cell = tuple[int, ...]  # a strategy for each player, by place
Lots = npt.NDArray[np.float64]  # mixed strategies, one a row


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


@dataclass(frozen=True)
class Solved:
    """A game with its solution. ``half`` is half the 95% interval of each payoff (0 where payoffs were given).

    ``sure`` is the share of bootstrap samples in which each profile is a pure equilibrium, of shape (strategies of the
    first, ...), None where payoffs were given; ``dominated`` names, by player and strategy, the strategies that are
    strictly better, and ``dominated_sure`` the share of samples in which there is one. ``weakly_dominated`` names those
    that are never worse and sometimes better, ``dominated_by_lots`` the chances of a mixture that is strictly better.
    """

    game: Game
    runs: int
    seed: int
    payoffs: Payoffs
    half: Payoffs
    samples: int
    replies: npt.NDArray[np.bool_]
    pure: tuple[Cell, ...]
    mixed: MixedFound
    dominated: Mapping[str, Mapping[str, tuple[str, ...]]]
    weakly_dominated: Mapping[str, Mapping[str, tuple[str, ...]]]
    dominated_by_lots: Mapping[str, Mapping[str, Mapping[str, float]]]
    sure: npt.NDArray[np.float64] | None
    dominated_sure: Mapping[str, Mapping[str, float]] | None

    def profile(self, cell: Cell) -> Profile:
        """The strategies of a cell by name."""
        return tuple(found[place].name for found, place in zip(self.game.strategies.values(), cell, strict=True))

    @property
    def cells(self) -> list[Cell]:
        return list(np.ndindex(*self.payoffs.shape[1:]))


def solve(
    game: Game,
    runs: int = DEFAULT_RUNS,
    seed: int = DEFAULT_SEED,
    samples: int = DEFAULT_SAMPLES,
    on_profile: Callable[[int], None] | None = None,
) -> Solved:
    """Simulate the profiles of a game, or take its payoffs as given, and solve it."""
    if game.payoffs:
        payoffs = _given(game)
        return _solved(game, 0, seed, payoffs, np.zeros_like(payoffs), None)
    by_world = simulate(game, runs, seed, on_profile)
    worlds = by_world.shape[-1]
    half = t95(worlds - 1) * by_world.std(axis=-1, ddof=1) / sqrt(worlds)
    return _solved(game, runs, seed, by_world.mean(axis=-1), half, resampled(by_world, seed, samples))


def refuse_if_too_many(game: Game, runs: int) -> None:
    """Raises InputError where all profiles together need more than MOST_RUNS runs, or there are too few worlds to say
    how sure a solution is.
    """
    total = runs * len(game.profiles)
    if game.scenarios and (runs < FEWEST_RUNS or total > MOST_RUNS):
        most = MOST_RUNS // len(game.profiles)
        allowed = f"from {FEWEST_RUNS} to {most:,} runs for each of the {len(game.profiles)} profiles"
        raise InputError.at("-n", "runs", f"{runs:,}", allowed)


def simulate(game: Game, runs: int, seed: int, on_profile: Callable[[int], None] | None = None) -> ByWorld:
    """Payoffs of every profile in every world, on the same draws."""
    shape = tuple(len(found) for found in game.strategies.values())
    found = np.empty((len(game.players), *shape, (runs + 1) // 2))
    for cell, profile in zip(np.ndindex(*shape), game.profiles, strict=True):
        found[(slice(None), *cell)] = _payoffs(game.scenarios[profile], game, runs, seed)
        if on_profile is not None:
            on_profile(runs)
    return found


def resampled(by_world: ByWorld, seed: int, samples: int) -> Payoffs:
    """Mean payoffs of each bootstrap sample of worlds, shape (samples, players, strategies...)."""
    worlds = by_world.shape[-1]
    flat = by_world.reshape(-1, worlds)
    draws = np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence(seed, spawn_key=(worlds, samples))))
    found = np.empty((samples, len(flat)))
    for sample in range(samples):
        often = np.bincount(draws.integers(0, worlds, worlds), minlength=worlds)
        found[sample] = (flat * often).sum(axis=1) / worlds
    return found.reshape(samples, *by_world.shape[:-1])


def _payoffs(scenario: Scenario, game: Game, runs: int, seed: int) -> npt.NDArray[np.float64]:
    """Mean satisfaction of each player in each world, shape (players, worlds)."""
    parts = []
    for first in range(0, runs, BLOCK_RUNS):
        ends = play_ends(scenario, seed, first, min(BLOCK_RUNS, runs - first)).values
        hazard = scenario.case.month.hazard
        cost = game.fatal_cost * ends[hazard.measure] if hazard else 0.0
        parts.append(np.stack([_by_world(ends[f"satisfaction.{player}"] - cost) for player in game.players]))
    return np.concatenate(parts, axis=1)


def _by_world(values: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """The mean of each world's two runs; a last world may have only one."""
    doubled = np.asarray(values, dtype=np.float64)
    if doubled.size % 2:
        doubled = np.append(doubled, doubled[-1])
    return np.asarray((doubled[0::2] + doubled[1::2]) / 2)


def _given(game: Game) -> Payoffs:
    shape = tuple(len(found) for found in game.strategies.values())
    rows = np.array([game.payoffs[profile] for profile in game.profiles], dtype=np.float64)
    return rows.T.reshape(len(game.players), *shape)


def _solved(game: Game, runs: int, seed: int, payoffs: Payoffs, half: Payoffs, samples: Payoffs | None) -> Solved:
    sure = None if samples is None else np.mean([best_replies(each).all(axis=0) for each in samples], axis=0)
    names = {player: [each.name for each in found] for player, found in game.strategies.items()}
    return Solved(
        game, runs, seed, payoffs, half, 0 if samples is None else len(samples), best_replies(payoffs),
        tuple(pure_equilibria(payoffs)), mixed_equilibria(payoffs),
        _by_name(names, dominated(payoffs)), _by_name(names, weakly_dominated(payoffs)),
        {
            player: {name: _lots(names[player], lots) for name, lots in zip(names[player], found, strict=True) if lots}
            for player, found in zip(names, dominated_by_lots(payoffs), strict=True)
        },
        sure, None if samples is None else _dominated_sure(names, samples),
    )  # fmt: skip


def _by_name(
    names: Mapping[str, list[str]], found: list[list[tuple[int, ...]]]
) -> dict[str, dict[str, tuple[str, ...]]]:
    return {
        player: {name: tuple(own[other] for other in others) for name, others in zip(own, each, strict=True)}
        for (player, own), each in zip(names.items(), found, strict=True)
    }


def _lots(names: list[str], lots: tuple[float, ...]) -> dict[str, float]:
    return {name: chance for name, chance in zip(names, lots, strict=True) if chance > 0}


def _dominated_sure(names: Mapping[str, list[str]], samples: Payoffs) -> dict[str, dict[str, float]]:
    counts = {player: dict.fromkeys(found, 0) for player, found in names.items()}
    for each in samples:
        for player, found in zip(names, dominated(each), strict=True):
            for name, others in zip(names[player], found, strict=True):
                counts[player][name] += bool(others)
    return {player: {name: hits / len(samples) for name, hits in found.items()} for player, found in counts.items()}


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
