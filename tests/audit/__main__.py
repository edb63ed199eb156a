"""The statistics held against what they claim: ``python -m tests.audit`` prints a table of claimed and measured.

Two scenarios are run once with many runs, which are taken as the truth; slices of them are what a user would have. The
quick checks of the same kinds stand in ``tests/analysis``. Sizes are options, so that a slow machine can do with less.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import nashpy
import numpy as np

from sim.analysis.compare import compare
from sim.analysis.explain import Explanation, claim_pairs, explain
from sim.analysis.flip import NEAR, Flip, flip
from sim.analysis.flip_candidates import settings
from sim.analysis.game import best_replies, mixed_equilibria, pure_equilibria, resampled, simulate
from sim.analysis.posterior import posterior
from sim.analysis.reweight import holding
from sim.analysis.variance import sources_of_spread
from sim.analysis.world_means import world_table
from sim.ensemble.block import value_moments
from sim.ensemble.intervals import Z95, measure_means, outcome_probabilities, t95
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.inputs.game import load_game
from sim.inputs.records import load_record
from sim.inputs.scenario import load_scenario
from tests.reweighted import reweight

A, B = "xi-first", "xi-fourth"
SEED = 71
LEAST_CELLS = 60  # slices in which an interval is given, for its coverage to be counted


@dataclass(frozen=True)
class Row:
    what: str
    claimed: str
    measured: str
    kept: bool


@dataclass(frozen=True)
class Sizes:
    """``truth`` runs of each scenario; slices at each of ``runs``; seeds of flips; random games of each shape."""

    truth: int
    slices: int
    runs: tuple[int, ...]
    flips: int
    flip_runs: tuple[int, ...]
    games: int


@dataclass(frozen=True)
class Truth:
    """Both scenarios with many runs, and what these say."""

    a: Ensemble
    b: Ensemble
    effects: Explanation


def slices(ensemble: Ensemble, runs: int, most: int) -> Iterator[Ensemble]:
    """The first slices of so many runs of a long ensemble, each an ensemble as analyses read it."""
    for first in range(0, min(most * runs, ensemble.kept_runs - runs + 1), runs):
        some, worlds = slice(first, first + runs), slice(first // 2, (first + runs) // 2)
        classes = ensemble.classes[:, some]
        counts = np.array([np.bincount(row, minlength=len(ensemble.names.outcomes)) for row in classes])
        both = [
            np.bincount(row[0::2][row[0::2] == row[1::2]], minlength=len(ensemble.names.outcomes)) for row in classes
        ]
        yield replace(
            ensemble, runs=runs, classes=classes, counts=counts, together=np.array(both),
            values=ensemble.values[:, some], moments=value_moments(ensemble.values[:, some]),
            holds=ensemble.holds[:, worlds], caused=ensemble.caused[:, worlds],
            numbers={name: drawn[worlds] for name, drawn in ensemble.numbers.items() if len(drawn) >= worlds.stop},
        )  # fmt: skip


def audit_probabilities(truth: Truth, sizes: Sizes) -> Iterator[Row]:
    """Intervals of the outcomes' probabilities."""
    real = {name: each.probability for name, each in outcome_probabilities(truth.a).items()}
    for runs in sizes.runs:
        hits: list[bool] = []
        for some in slices(truth.a, runs, sizes.slices):
            hits += [each.low <= real[name] <= each.high for name, each in outcome_probabilities(some).items()]
        yield _coverage(f"probabilities of outcomes, {runs:,} runs", hits)


def audit_means(truth: Truth, sizes: Sizes) -> Iterator[Row]:
    """Intervals of the means of measures, shares among them, and the worst of all."""
    real = {name: each.mean for name, each in measure_means(truth.a).items()}
    for runs in (100, *sizes.runs):
        cells: dict[str, list[bool]] = {}
        for some in slices(truth.a, runs, sizes.slices):
            for name, each in measure_means(some).items():
                if np.isfinite(each.low):
                    cells.setdefault(name, []).append(each.low <= real[name] <= each.high)
        yield _coverage(f"means of measures, {runs:,} runs", [hit for some in cells.values() for hit in some])
        yield from _worst(f"means, {runs:,} runs", cells, 0.92 if runs > 100 else 0.82)


def _worst(what: str, cells: Mapping[Any, list[bool]], least: float) -> Iterator[Row]:
    """The lowest coverage among many, where enough intervals were given."""
    enough = {name: float(np.mean(some)) for name, some in cells.items() if len(some) >= LEAST_CELLS}
    if enough:
        worst = min(enough, key=lambda name: enough[name])
        slack = 3 * np.sqrt(least * (1 - least) / len(cells[worst]))
        yield Row(f"worst of {len(enough):,} {what} ({worst})", f"at least {least:.2f}".replace("0.", "."),
                  f"{enough[worst]:.3f}", bool(enough[worst] >= least - slack))  # fmt: skip


def audit_effects(truth: Truth, sizes: Sizes) -> Iterator[Row]:
    """Intervals of claims' effects on outcomes, all and the worst single cell; and marks of the wrong sign."""
    real = {(each.name, each.quantity): each.effect for each in (*truth.effects.effects, *truth.effects.measures)}
    for runs in sizes.runs:
        cells: dict[tuple[str, str], list[bool]] = {}
        picked: list[bool] = []
        wrong = total = 0
        for some in slices(truth.a, runs, sizes.slices):
            found = explain(some)
            for each in (*found.effects, *found.measures):
                key = (each.name, each.quantity)
                if np.isfinite(each.low) and np.isfinite(real[key]):
                    cells.setdefault(key, []).append(each.low <= real[key] <= each.high)
            for family in (found.effects, found.measures):  # Holm's 5% is that of each
                marked = [each for each in family if each.stands_out]
                wrong += any(each.effect * real[each.name, each.quantity] < 0 for each in marked)
                total += 1
                picked += [each.low <= real[each.name, each.quantity] <= each.high for each in marked]
        yield _coverage(f"effects of claims, {runs:,} runs", [hit for some in cells.values() for hit in some])
        yield from _worst(f"effects, {runs:,} runs", cells, 0.92)
        if picked:
            yield Row(f"effects picked out by a mark, {runs:,} runs ({len(picked):,}): covered", "below .95, above .85",
                      f"{np.mean(picked):.3f}", bool(np.mean(picked) > 0.85))  # fmt: skip
        yield Row(f"families with a mark of the wrong sign, {runs:,} runs", "at most 5%", f"{wrong} of {total}",
                  wrong <= 0.05 * total + 2 * np.sqrt(0.05 * total))  # fmt: skip


def audit_comparison(truth: Truth, sizes: Sizes) -> Iterator[Row]:
    """Paired differences of two scenarios: outcomes and measures, all and the worst."""
    whole = compare(truth.a, truth.b)
    real = {name: each.difference for name, each in (*whole.outcomes.items(), *whole.measures.items())}
    for runs in sizes.runs:
        cells: dict[str, list[bool]] = {}
        pairs = zip(slices(truth.a, runs, sizes.slices), slices(truth.b, runs, sizes.slices), strict=True)
        for found in (compare(one, two) for one, two in pairs):
            for name, each in (*found.outcomes.items(), *found.measures.items()):
                if np.isfinite(each.low):
                    cells.setdefault(name, []).append(each.low <= real[name] <= each.high)
        yield _coverage(f"differences of {B} and {A}, {runs:,} runs", [hit for some in cells.values() for hit in some])
        yield from _worst(f"differences, {runs:,} runs", cells, 0.92)


def audit_endings(truth: Truth, sizes: Sizes) -> Iterator[Row]:
    """How many runs end otherwise by a claim: no more on average than in truth."""
    small = [claim for claim, share in truth.effects.moved.items() if share < 0.01]
    real = np.mean([truth.effects.moved[claim] for claim in small])
    for runs in sizes.runs:
        shown = [explain(some).moved for some in slices(truth.a, runs, min(sizes.slices, 60))]
        mean = np.mean([each[claim] for each in shown for claim in small])
        error = np.std([np.mean([each[claim] for claim in small]) for each in shown]) / np.sqrt(len(shown))
        yield Row(f"endings changed by {len(small)} small claims, {runs:,} runs", f"{100 * real:.2f} of 100",
                  f"{100 * mean:.2f} ±{100 * Z95 * error:.2f}", bool(abs(mean - real) < 4 * error + 0.003))  # fmt: skip


def audit_spread(truth: Truth, sizes: Sizes) -> Iterator[Row]:
    """The parts of the variance and their errors."""
    whole = sources_of_spread(truth.a)
    assert whole is not None
    for runs in sizes.runs[-2:]:
        drawn = (some for some in slices(truth.a, runs, sizes.slices) if some.numbers)  # the first
        found = [each for each in map(sources_of_spread, drawn) if each and each.claims]
        for name in ("assumptions", "claims", "numbers"):
            real, parts = getattr(whole, name).share, [getattr(each, name) for each in found]
            hits = [abs(part.share - real) <= Z95 * np.hypot(part.se, getattr(whole, name).se) for part in parts]
            if parts:
                yield _coverage(f"share of the variance: {name}, {runs:,} runs", hits, least=0.85)


def audit_pairs(truth: Truth, sizes: Sizes) -> Iterator[Row]:
    """Pairs of claims marked as working together, against the whole."""
    real = {(each.claims, each.quantity): each.interaction for each in claim_pairs(truth.a).pairs}
    runs, wrong, marks = sizes.runs[-1], 0, 0
    many = min(sizes.slices, 40)
    for some in slices(truth.a, runs, many):
        loud = [each for each in claim_pairs(some).pairs if each.stands_out]
        marks += len(loud)
        wrong += any(each.interaction * real.get((each.claims, each.quantity), 0.0) < 0 for each in loud)
    yield Row(f"slices with a pair marked of the wrong sign, {runs:,} runs ({marks} marks)", "at most 5%",
              f"{wrong} of {many}", wrong <= 0.05 * many + 2 * np.sqrt(0.05 * many))  # fmt: skip


def audit_reweighting(truth: Truth, sizes: Sizes) -> Iterator[Row]:
    """Reweighted probabilities against fresh runs under the same credences."""
    held, table, hits = holding(truth.a), world_table(truth.a).of_outcomes, []
    claims = [claim for claim in held.credences if claim not in held.fixed]
    random = np.random.default_rng(SEED)
    for number in range(12):
        some = {claim: float(random.choice([0.05, 0.5, 0.95])) for claim in random.choice(claims, 2, replace=False)}
        found = reweight(held, table.values, some)
        settings = [f"assume.claims.{claim}.credence={credence}" for claim, credence in some.items()]
        fresh = run(load_scenario(A, set=settings), 20_000, SEED + 1 + number)
        for place, each in enumerate(outcome_probabilities(fresh).values()):
            error = np.hypot(found.se[place], (each.high - each.low) / (2 * Z95))
            hits.append(abs(found.means[place] - each.probability) <= Z95 * error)
    yield _coverage("reweighted against fresh runs, 12 pairs of credences", hits)


def audit_hindcast(truth: Truth, sizes: Sizes) -> Iterator[Row]:
    """Bayes factors of claims: all of them, and those that stand out, which are picked for their size."""
    record = load_record(truth.a.names.outcomes)
    real = {each.claim: np.log(each.factor) for each in posterior(truth.a, record).claims}
    for runs in sizes.runs:
        hits, loud = [], []
        for each in (one for some in slices(truth.a, runs, sizes.slices) for one in posterior(some, record).claims):
            hits.append(abs(np.log(each.factor) - real[each.claim]) <= Z95 * each.log_se)
            loud += [hits[-1]] if each.stands_out else []
        yield _coverage(f"Bayes factors of claims, {runs:,} runs", hits)
        if loud:
            what = f"those that stand out, {runs:,} runs ({len(loud):,}): covered"
            yield Row(what, "below .95", f"{np.mean(loud):.3f}", True)


def audit_flips(truth: Truth, sizes: Sizes) -> Iterator[Row]:
    """What `flip` reports as found, contradicted by many fresh runs or not."""
    for runs in sizes.flip_runs:
        told = [_found(seed, runs) for seed in range(sizes.flips)]
        checked = [holds for some in told for holds in some]
        wrong = checked.count(False)
        yield Row(f"flips found with {runs:,} runs, {sizes.flips} seeds", "at most 5% contradicted",
                  f"{wrong} of {len(checked)}", wrong <= max(0.05 * len(checked), 0))  # fmt: skip


def _found(seed: int, runs: int) -> list[bool]:
    a, b = (run(load_scenario(name), runs, 1000 + 2 * seed) for name in (A, B))
    found = flip(a, b, None, lambda more: tuple(load_scenario(name, set=more) for name in (A, B)), 1001 + 2 * seed)
    return [_holds(found, each.at, each.verdict) for each in found.found]


def _holds(found: Flip, moves: tuple, verdict: str) -> bool:
    """Whether 100,000 fresh runs agree."""
    plain, changed = (_fresh(more)[found.quantity] for more in ((), settings(moves)))
    return changed * plain < 0 if verdict == "reversed" else abs(changed) <= NEAR * abs(plain)


@lru_cache
def _fresh(more: tuple[str, ...]) -> dict[str, float]:
    one = compare(*(run(load_scenario(name, set=more), 100_000, 9) for name in (A, B)))
    return {name: each.difference for name, each in (*one.outcomes.items(), *one.measures.items())}


def audit_games(truth: Truth, sizes: Sizes) -> Iterator[Row]:
    """Random games: none lost against nashpy's vertex enumeration, none without an equilibrium, none degenerate."""
    random = np.random.default_rng(SEED)
    for shape in ((2, 3), (3, 3)):
        lost = none = degenerate = 0
        for payoffs in random.normal(size=(sizes.games, 2, *shape)):
            mixed = mixed_equilibria(payoffs)
            pure = [np.concatenate([np.eye(shape[0])[i], np.eye(shape[1])[j]]) for i, j in pure_equilibria(payoffs)]
            mine = [*pure, *(np.concatenate(each.chances) for each in mixed.equilibria)]
            others = [np.concatenate(pair) for pair in nashpy.Game(*payoffs).vertex_enumeration()]
            lost += any(min(np.abs(each - one).max() for one in mine) > 1e-6 for each in others)
            none, degenerate = none + (not mine), degenerate + bool(mixed.note)
        what = f"{sizes.games} random games of {shape[0]}x{shape[1]}: lost, without one, called degenerate"
        yield Row(what, "0, 0, 0", f"{lost}, {none}, {degenerate}", lost == none == degenerate == 0)


def audit_sureness(truth: Truth, sizes: Sizes) -> Iterator[Row]:
    """Payoffs of the shipped games, and how many of the profiles that are surely an equilibrium are one in truth."""
    for name in ("summit-order", "three-players", "troops"):
        game = load_game(name)
        by_world = simulate(game, 32_000, SEED)
        real, equilibria = by_world.mean(axis=-1), best_replies(by_world.mean(axis=-1)).all(axis=0)
        for worlds in (50, 500):
            hits: list[bool] = []
            sure: list[tuple[float, bool]] = []
            for first in range(0, min(60 * worlds, by_world.shape[-1]), worlds):
                some = by_world[..., first : first + worlds]
                half = t95(worlds - 1) * some.std(axis=-1, ddof=1) / np.sqrt(worlds)
                hits += (np.abs(some.mean(axis=-1) - real) <= half).ravel().tolist()
                found = np.mean([best_replies(each).all(axis=0) for each in resampled(some, first, 200)], axis=0)
                sure += zip(found.ravel().tolist(), equilibria.ravel().tolist(), strict=True)
            yield _coverage(f"payoffs of {name}, {worlds} worlds", hits)
            for low, high in ((0.5, 0.9), (0.9, 1.0)):
                true = [there for share, there in sure if low <= share <= high]
                what = f"{name}, {worlds} worlds: equilibria in {low:.0%} to {high:.0%} of the samples ({len(true)})"
                if true:
                    yield Row(what, "no probability", f"{np.mean(true):.2f} in truth", True)


def _coverage(what: str, hits: list[bool], least: float = 0.92) -> Row:
    return Row(f"coverage: {what} ({len(hits):,})", ".95", f"{np.mean(hits):.3f}", bool(np.mean(hits) >= least))


AUDITS: tuple[Callable[[Truth, Sizes], Iterator[Row]], ...] = (
    audit_probabilities, audit_means, audit_effects, audit_comparison, audit_endings, audit_spread, audit_pairs,
    audit_reweighting, audit_hindcast, audit_sureness, audit_games, audit_flips,
)  # fmt: skip


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.audit", description=__doc__.split("\n")[0])
    parser.add_argument("--truth", type=int, default=600_000, help="runs of each scenario that are taken as the truth")
    parser.add_argument("--slices", type=int, default=200, help="slices at each size, at most")
    parser.add_argument("--runs", type=int, nargs="+", default=[1_000, 2_000, 4_000, 10_000], help="runs of a slice")
    parser.add_argument("--flips", type=int, default=20, help="seeds of flips at each size")
    parser.add_argument("--flip-runs", type=int, nargs="+", default=[2_000, 10_000])
    parser.add_argument("--games", type=int, default=1_000, help="random games of each shape")
    parser.add_argument("--only", nargs="+", default=[], help="parts: probabilities effects comparison endings ...")
    given = parser.parse_args(words)
    sizes = Sizes(given.truth, given.slices, tuple(given.runs), given.flips, tuple(given.flip_runs), given.games)
    a, b = (run(load_scenario(name), sizes.truth, SEED) for name in (A, B))
    truth = Truth(a, b, explain(a))
    print(f"| {'what':<92} | {'claimed':<24} | {'measured':<16} | kept |\n|---|---|---|---|")
    kept = True
    for audit in AUDITS:
        if given.only and audit.__name__.removeprefix("audit_") not in given.only:
            continue
        for row in audit(truth, sizes):
            kept &= row.kept
            print(
                f"| {row.what:<92} | {row.claimed:<24} | {row.measured:<16} | {'yes' if row.kept else 'NO':<4} |",
                flush=True,
            )
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
