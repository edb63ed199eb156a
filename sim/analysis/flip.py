"""Candidates for a flip, level by level, each confirmed (or not) by fresh paired runs on another seed.

Only the fresh runs count. In them the comparison as assumed (p), with the change (f) and with the same moves made in
full (e) share worlds and chance. With d the sign of the difference, a change is confirmed as

    reversed   if -d f or -d e is surely above 0
    zero       if the difference surely lies within NEAR of the plain one, on either side: NEAR d p - d f and
               NEAR d p + d f are surely above 0 (two one-sided tests; Schuirmann 1987), and so is d p - d f

*Surely* is z standard errors, z for 5% shared among all candidates that were eligible so far (Bonferroni). The smallest
change that these runs could have shown is reported: (z + .84) standard errors of the change.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from statistics import NormalDist
from typing import Literal

import numpy as np

from sim.analysis.flip_candidates import Candidate, Move, both_sides, numbers, one_claim, settings, two_claims
from sim.analysis.paired import LEVEL, Difference, paired
from sim.analysis.variants import Draws, play_variants
from sim.analysis.world_means import Floats, check_enough, check_known, plays, ratio_means, worlds_of
from sim.ensemble.result import Ensemble
from sim.inputs.differences import differences
from sim.inputs.scenario import Scenario

TRIES = 3  # candidates of a level that are run anew, until one is confirmed
NEAR = 1 / 3  # of the plain difference: a difference surely below this counts as near 0
POWER = NormalDist().inv_cdf(0.8)  # a change is detectable where four of five fresh runs would show it

LoadBoth = Callable[[tuple[str, ...]], tuple[Scenario, Scenario]]  # the two with these --set strings
Verdict = Literal["reversed", "zero", "not confirmed"]
Level = Literal["one claim", "two claims", "a number"]


@dataclass(frozen=True)
class Tried:
    """A candidate, and the difference in fresh runs with the change itself and with the same moves made in full."""

    level: Level
    candidate: Candidate
    fresh: Difference
    fresh_beyond: Difference
    verdict: Verdict
    at: tuple[Move, ...]  # the moves for which the verdict was confirmed


@dataclass
class Flip:
    """``plain`` is B minus A as assumed, ``fresh`` the same on the fresh runs (None where none were made).

    There is nothing to flip where the plain difference may be 0. ``found`` has the best confirmed change of each level,
    ``failed`` what was tried. ``one_scenario`` names the only assumptions in which A and B differ, if a candidate moved
    them: with one value in both they are one scenario, which is no flip. ``searched`` counts the eligible single
    claims, pairs and numbers, level by level. ``detectable`` is the smallest change of the difference that would have
    been confirmed in four of five tries.
    """

    a: str
    b: str
    quantity: str
    worlds: int
    plain: Difference
    nothing_to_flip: bool
    detectable: float
    fresh: Difference | None = None
    found: list[Tried] = field(default_factory=list)
    failed: list[Tried] = field(default_factory=list)
    one_scenario: tuple[str, ...] = ()
    searched: list[tuple[Level, int]] = field(default_factory=list)

    @property
    def smallest(self) -> Tried | None:
        """The confirmed change of the fewest assumptions."""
        return self.found[0] if self.found else None


def flip(a: Ensemble, b: Ensemble, asked: str | None, load_both: LoadBoth, seed: int) -> Flip:
    """Search for a flip and confirm it with fresh runs on ``seed``.

    ``asked`` is the quantity; without it the outcome with the surest difference. Raises InputError for an unknown
    quantity or too few worlds.
    """
    check_enough(a)
    check_enough(b)
    quantity = asked or plainest(a, b)
    shared = [name for name in a.meaningful_measures if name in b.meaningful_measures]
    check_known(quantity, (*a.names.outcomes, *shared), "an outcome, or a measure of both")
    sides, by_world = both_sides(a, b, quantity)
    plain = paired(by_world[None])[0]
    least = surely(1 if asked else len(a.names.outcomes)) * plain.se  # of as many differences, this one is the surest
    nothing = abs(plain.difference) <= least
    found = Flip(a.scenario.name, b.scenario.name, quantity, len(by_world), plain, nothing, least)
    if not nothing:
        search = _Search(found, load_both, Draws(a.runs, seed), _claims_that_differ(a.scenario, b.scenario))
        search.confirm("one claim", one_claim(*sides))
        if not found.found:  # not where one claim does it
            search.confirm("two claims", two_claims(*sides))
        search.confirm("a number", numbers(a, b, by_world))
        error = max(search.errors, default=plain.se * 2**0.5)
        found.detectable = (surely(search.candidates) + POWER) * error
    return found


def surely(tests: int) -> float:
    """Standard errors beyond which an estimate is sure, at 5% shared among ``tests``, two-sided."""
    return NormalDist().inv_cdf(1 - LEVEL / (2 * max(tests, 1)))


def plainest(a: Ensemble, b: Ensemble) -> str:
    """The outcome whose difference is surest."""
    worlds = min(worlds_of(a), worlds_of(b))
    names = a.names.outcomes
    by_world = np.stack([(plays(b, name, worlds) - plays(a, name, worlds)).mean(axis=0) for name in names])
    sure = [abs(each.difference) / each.se if each.se > 0 else 0.0 for each in paired(by_world)]
    return names[int(np.argmax(sure))]


def verdict(plain: Floats, fresh: Floats, beyond: Floats, z: float) -> Verdict:
    """What fresh runs show, from the difference in each world as assumed, at the change and all the way.

    >>> noise = np.random.default_rng(1).normal(size=(3, 900))
    >>> [verdict(2 + noise[0], at + noise[1], 2 + noise[2], 3.0) for at in (-1.0, 0.0, 1.0)]
    ['reversed', 'zero', 'not confirmed']
    """
    side = np.sign(np.nanmean(plain))
    if any(_surely_above(-side * each, z) for each in (fresh, beyond)):
        return "reversed"
    within = (NEAR * side * plain - side * fresh, NEAR * side * plain + side * fresh, side * plain - side * fresh)
    return "zero" if all(_surely_above(each, z) for each in within) else "not confirmed"


def _surely_above(values: Floats, z: float) -> bool:
    found = paired(values[None])[0]
    return bool(found.difference > z * found.se and np.isfinite(found.low))


@dataclass
class _Search:
    """Tries candidates, all on the same fresh draws, and notes in ``flip`` what was found."""

    flip: Flip
    load: LoadBoth
    draws: Draws
    differ: frozenset[str]  # claims whose credence differs between the two
    errors: list[float] = field(default_factory=list)  # of the change of the difference, one a try

    @property
    def candidates(self) -> int:
        return sum(many for _, many in self.flip.searched)

    @cached_property
    def plain(self) -> Floats:
        """B minus A as assumed, in each fresh world."""
        (by_world,) = self._play([self.load(())])
        self.flip.fresh = paired(by_world[None])[0]
        return by_world

    def confirm(self, level: Level, several: Sequence[Candidate]) -> None:
        """Try candidates until one is confirmed; skip those that make both sides one scenario."""
        flip, failed = self.flip, 0
        flip.searched.append((level, len(several)))
        for candidate in several:
            names = [move.name for move in candidate.moves]
            if failed == TRIES or (flip.one_scenario and set(flip.one_scenario) <= set(names)):
                continue
            both = self.load(settings(candidate.moves))
            if not differences(*both):
                flip.one_scenario = tuple(name for name in names if name in self.differ or "/" in name)
                continue
            tried = self._try(level, candidate, both)
            if tried.verdict != "not confirmed":
                flip.found.append(tried)
                return
            flip.failed.append(tried)
            failed += 1

    def _try(self, level: Level, candidate: Candidate, both: tuple[Scenario, Scenario]) -> Tried:
        plain, same = self.plain, candidate.extreme == candidate.moves
        played = self._play([both] if same else [both, self.load(settings(candidate.extreme))])
        fresh, beyond = played[0], played[-1]
        z = surely(self.candidates)
        self.errors.append(paired((plain - fresh)[None])[0].se)
        found = verdict(plain, fresh, beyond, z)
        here = found != "reversed" or _surely_above(-np.sign(np.nanmean(plain)) * fresh, z)
        at = candidate.moves if here else candidate.extreme
        there, all_the_way = paired(np.stack([fresh, beyond]))
        return Tried(level, candidate, there, all_the_way, found, at)

    def _play(self, pairs: Sequence[tuple[Scenario, Scenario]]) -> list[Floats]:
        """B minus A in each world, for each pair of scenarios."""
        scenarios = [scenario for pair in pairs for scenario in pair]
        values = list(play_variants(scenarios, self.draws, partial(_values, self.flip.quantity)))
        return [ratio_means(b - a) for a, b in zip(values[0::2], values[1::2], strict=True)]


def _values(quantity: str, ensemble: Ensemble) -> Floats:
    """The quantity in every run of the worlds with two plays."""
    return plays(ensemble, quantity).T.ravel()


def _claims_that_differ(a: Scenario, b: Scenario) -> frozenset[str]:
    """The claims whose credence differs between two scenarios."""
    one, other = ({name: claim.credence for name, claim in each.ledger.claims.items()} for each in (a, b))
    return frozenset(name for name in one if one[name] != other.get(name))
