"""A game of strategies: every profile simulated in the same worlds, the payoffs solved, and how sure the solution is.

A payoff is a player's own satisfaction at the end of the run, less the stated cost where a fatal step came,
averaged over runs; the two runs of a world are one observation. How sure: worlds are drawn again with replacement
(bootstrap, Efron 1979), all profiles with the same worlds, and the game is solved each time.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np
import numpy.typing as npt

from sim.analysis.equilibria import (
    Cell,
    MixedFound,
    Payoffs,
    best_replies,
    dominated,
    dominated_by_lots,
    mixed_equilibria,
    pure_equilibria,
    weakly_dominated,
)
from sim.defaults import DEFAULT_RUNS, DEFAULT_SAMPLES, DEFAULT_SEED
from sim.ensemble.block import play_ends
from sim.ensemble.intervals import t95
from sim.errors import InputError
from sim.inputs.game import Game, Profile
from sim.inputs.scenario import Scenario
from sim.model.streams import BLOCK_RUNS

MOST_RUNS = 20_000_000  # over all profiles: some minutes, and a quarter of a gigabyte

ByWorld = npt.NDArray[np.float64]  # (players, strategies of the first, ..., worlds)


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
    few = worlds < 2
    half = np.zeros(by_world.shape[:-1]) if few else t95(worlds - 1) * by_world.std(axis=-1, ddof=1) / sqrt(worlds)
    return _solved(game, runs, seed, by_world.mean(axis=-1), half, resampled(by_world, seed, samples))


def refuse_if_too_many(game: Game, runs: int) -> None:
    """Raises InputError where all profiles together need more than MOST_RUNS runs."""
    total = runs * len(game.profiles)
    if game.scenarios and (runs < 2 or total > MOST_RUNS):
        most = MOST_RUNS // len(game.profiles)
        allowed = f"from 2 to {most:,} runs for each of the {len(game.profiles)} profiles"
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
