"""What is on the table at a summit: what each side would give, and what each package is worth to it.

A giver's share of a lever has the odds of its part at parity times the odds of the *other* side's terms,

    f = p t / ( p t + (1 - p)(1 - t) ),      f(1/2) = p,

so it runs from 0 to 1 without a clip; a part given whole does not depend on the terms. A package is worth to a side
the salience-weighted way it brings the issues toward its ideal points (at most nothing on an issue that none of the
other side's levers moves: that it could do alone), less what signing costs it, less its distrust of giving more for
good than it gets (Fearon 1995; Powell 2006), less what one hostage without the other costs both.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sim.inputs.arithmetic import evaluate
from sim.inputs.case import Case, Issue, Package, Variable
from sim.model.assumptions import Value, between, larger, smaller, within
from sim.vocabulary import after, start

Shares = Mapping[str, Mapping[str, Value]]  # giver -> lever -> share signed, in [0, 1]
EDGE = 1e-6  # terms are kept this far from 0 and 1, so that odds stay finite


@dataclass(frozen=True)
class Side:
    """One side at the table: its ideal points over issues and its saliences."""

    name: str
    ideals: Mapping[str, Value]
    saliences: Mapping[str, Value]


@dataclass(frozen=True)
class Offer:
    """A package at terms pressed ``push`` of the way. Gains are by side, each of shape (runs,)."""

    package: Package
    push: float
    shares: Shares
    gains: Mapping[str, Value]


def share_of(part: Value, terms: Value) -> Value:
    """Share given of a lever whose share at parity is ``part``, at these terms of the *other* side."""
    for_it = part * terms
    return for_it / (for_it + (1 - part) * (1 - terms))


def given_shares(package: Package, terms: Mapping[str, Value]) -> dict[str, dict[str, Value]]:
    """Share of each lever that each side signs away. ``terms`` are z by side; the giver pays by the *other's*."""
    one, two = terms
    shares: dict[str, dict[str, Value]] = {}
    for giver, parts in package.gives.items():
        pull = within(EDGE, terms[two if giver == one else one], 1 - EDGE)
        shares[giver] = {
            lever: part if lever in package.whole else share_of(part, pull) for lever, part in parts.items()
        }
    return shares


def combined_shares(shares: Shares) -> dict[str, Value]:
    """Share of each lever moved by both sides together: 1 - (1 - f)(1 - f')."""
    together: dict[str, Value] = {}
    for parts in shares.values():
        for lever, share in parts.items():
            together[lever] = share if lever not in together else 1 - (1 - together[lever]) * (1 - share)
    return together


def level_after(variable: Variable, level: Value, share: Value) -> Value:
    """A down lever goes to x(1 - f), an up lever to x + f(1 - x)."""
    return level + share * (1 - level) if variable.upward else level * (1 - share)


def hostages(case: Case, package: Package) -> frozenset[str]:
    """The levers given for good in a package in which both sides give such."""
    by_side = [{lever for lever in parts if case.variables[lever].irreversible} for parts in package.gives.values()]
    return frozenset().union(*by_side) if len(by_side) == 2 and all(by_side) else frozenset()


class Table:
    """Values packages for two sides at the present levels; what does not depend on the package is computed once."""

    def __init__(self, case: Case, sides: tuple[Side, Side], variables: Mapping[str, Value]) -> None:
        self._case = case
        self._sides = sides
        self._variables = variables
        self._now: dict[str, Value] = {
            f"level.{name}": evaluate(issue.now, variables) for name, issue in case.issues.items()
        }
        self._distance_now: dict[tuple[str, str], Value] = {}
        self._left: dict[str, Value] = {}  # of levers given for good, in shares of the start

    def offer(self, package: Package, push: float, terms: Mapping[str, Value], tie: Value) -> Offer:
        """The package at these terms, with its gain to each side."""
        shares = given_shares(package, terms)
        moved = combined_shares(shares)
        then = self._levels_after(moved)
        final = any(self._case.variables[lever].irreversible for lever in moved)
        for_good = {side.name: self._for_good(shares.get(side.name, {})) for side in self._sides if final}
        gains: dict[str, Value] = {}
        for side, other in (self._sides, self._sides[::-1]):
            gain: Value = 0.0
            for issue in self._case.issues.values():
                if not moved.keys().isdisjoint(issue.moved_by):
                    gain = gain + self._closer(side, issue, then, package.gives.get(other.name, {}))
            if side.name in package.costs:
                gain = gain - evaluate(package.costs[side.name], self._variables)
            if final:
                gain = gain - self._surety(for_good[side.name], for_good[other.name], tie)
            gains[side.name] = gain
        return Offer(package, push, shares, gains)

    def _closer(
        self, side: Side, issue: Issue, then: Mapping[str, Value], given_by_other: Mapping[str, float]
    ) -> Value:
        """Salience times the way toward the ideal point; what the other side does not move is worth at best nothing."""
        if (side.name, issue.name) not in self._distance_now:
            self._distance_now[side.name, issue.name] = self._distance(side, issue, self._now)
        way = self._distance_now[side.name, issue.name] - self._distance(side, issue, then)
        worth: Value = side.saliences[issue.name] * way
        return smaller(0.0, worth) if given_by_other.keys().isdisjoint(issue.moved_by) else worth

    def _distance(self, side: Side, issue: Issue, levels: Mapping[str, Value]) -> Value:
        ideal = ideal_now(self._case, side, issue.name, self._variables, levels)
        distance: Value = between(ideal, levels[f"level.{issue.name}"])
        return distance

    def _levels_after(self, moved: Mapping[str, Value]) -> dict[str, Value]:
        fulfilled: dict[str, Value] = {}
        for lever, variable in self._case.variables.items():
            if variable.kind == "lever":
                level = self._variables[lever]
                fulfilled[after(lever)] = level_after(variable, level, moved[lever]) if lever in moved else level
                fulfilled[f"given.{lever}"] = moved.get(lever, 0.0)
        names, then = Both(fulfilled, self._variables), dict(self._now)
        for name, issue in self._case.issues.items():
            if not moved.keys().isdisjoint(issue.moved_by):
                then[f"level.{name}"] = evaluate(issue.after, names)
        return then

    def _for_good(self, parts: Mapping[str, Value]) -> tuple[Value, Value]:
        """What a side gives for good in shares of the start, weighed by the levers' degrees and not weighed."""
        weighed: Value = 0.0
        total: Value = 0.0
        for lever, share in parts.items():
            degree = self._case.variables[lever].irreversible
            if degree:
                if lever not in self._left:
                    self._left[lever] = self._variables[lever] / self._variables[start(lever)]
                gone = share * self._left[lever]
                weighed, total = weighed + degree * gone, total + gone
        return weighed, total

    def _surety(self, own: tuple[Value, Value], others: tuple[Value, Value], tie: Value) -> Value:
        """What giving for good costs a side: distrust of what is not returned, and one hostage without the other."""
        unreturned = larger(0.0, own[0] - self._variables["link"] * others[0])
        alone = between(own[1], others[1])
        cost: Value = self._variables["distrust"] * (1 - tie) * unreturned + self._variables["tied"] * alone
        return cost


def ideal_now(case: Case, side: Side, name: str, variables: Mapping[str, Value], levels: Mapping[str, Value]) -> Value:
    """A side's ideal point on an issue, times the issue's ``ideal_times`` unless the side is excepted."""
    times = case.issues[name].ideal_times
    if times is None or side.name in times.omit:
        return side.ideals[name]
    return side.ideals[name] * evaluate(times.of, Both(levels, variables))


class Both(dict[str, Value]):
    """Names looked up in the levels first, then among the variables, without copying those."""

    def __init__(self, levels: Mapping[str, Value], variables: Mapping[str, Value]) -> None:
        super().__init__(levels)
        self._variables = variables

    def __missing__(self, key: str) -> Value:
        return self._variables[key]
