"""What is on the table at a summit: what each side would give, and what each package is worth to it.

Terms are Nash's (1950) split of a pie of 1 with the disagreement payoffs -L: y_ij = 1/2 + (L_ij - L_ji)/2. A giver's
share of a lever is min(1, part x 2 y of the other side); a part given whole does not depend on the terms. A package is
worth to a side the salience-weighted way it brings the issues toward that side's ideal points, less its distrust of
giving more for good than it gets (Fearon 1995; Powell 2006).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim import vocabulary
from sim.inputs.case import Case, Package, Variable
from sim.model.assumptions import Value

Shares = Mapping[str, Mapping[str, Value]]  # giver -> lever -> share signed, in [0, 1]


@dataclass(frozen=True)
class Side:
    """One side at the table: its ideal points over issues, its saliences, and the tie between the two."""

    name: str
    ideals: Mapping[str, Value]
    saliences: Mapping[str, Value]


@dataclass(frozen=True)
class Offer:
    """A package under the terms of this meeting. Gains are by side, each of shape (runs,)."""

    package: Package
    shares: Shares
    gains: Mapping[str, Value]


def given_shares(package: Package, terms: Mapping[str, Value]) -> dict[str, dict[str, Value]]:
    """Share of each lever that each side signs away. ``terms`` are y by side; the giver pays by the *other's* y."""
    sides = list(terms)
    shares: dict[str, dict[str, Value]] = {}
    for giver, parts in package.gives.items():
        pull = 2 * terms[sides[1] if giver == sides[0] else sides[0]]
        shares[giver] = {
            lever: min(1.0, part) if lever in package.whole else np.minimum(1, part * pull)
            for lever, part in parts.items()
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


def irreversible_gift(case: Case, parts: Mapping[str, Value], variables: Mapping[str, Value]) -> Value:
    """What a side gives for good, in shares of the start."""
    total: Value = 0.0
    for lever, share in parts.items():
        if case.variables[lever].irreversible:
            total = total + share * variables[lever] / variables[vocabulary.start(lever)]
    return total


class Table:
    """Values packages for two sides at the present levels; what does not depend on the package is computed once."""

    def __init__(self, case: Case, sides: tuple[Side, Side], variables: Mapping[str, Value]) -> None:
        self._case = case
        self._sides = sides
        self._variables = variables
        self._distance_now: dict[tuple[str, str], Value] = {}
        self._now: dict[str, Value] = {
            f"level.{name}": issue.now.evaluate(variables) for name, issue in case.issues.items()
        }

    def offer(self, package: Package, terms: Mapping[str, Value], tie: Value) -> Offer:
        """The package under these terms, with its gain to each side."""
        shares = given_shares(package, terms)
        moved = combined_shares(shares)
        then = self._levels_after(moved)
        gains: dict[str, Value] = {}
        for side, other in (self._sides, self._sides[::-1]):
            gain: Value = 0.0
            for name, issue in self._case.issues.items():
                if not issue.moved_by.isdisjoint(moved):
                    closer = self._distance(side, name, None) - self._distance(side, name, then)
                    gain = gain + side.saliences[name] * closer
            gains[side.name] = gain - self._distrust(shares, side.name, other.name, tie)
        return Offer(package, shares, gains)

    def _levels_after(self, moved: Mapping[str, Value]) -> dict[str, Value]:
        names: dict[str, Value] = dict(self._variables)
        for lever, variable in self._case.variables.items():
            if variable.kind == "lever":
                level = self._variables[lever]
                names[vocabulary.after(lever)] = level_after(variable, level, moved[lever]) if lever in moved else level
                names[f"given.{lever}"] = moved.get(lever, 0.0)
        then = dict(self._now)
        for name, issue in self._case.issues.items():
            if not issue.moved_by.isdisjoint(moved):
                then[f"level.{name}"] = issue.after.evaluate(names)
        return then

    def _distance(self, side: Side, name: str, then: Mapping[str, Value] | None) -> Value:
        """|ideal - level| now (``then`` is None) or after the package."""
        if then is None and (side.name, name) in self._distance_now:
            return self._distance_now[side.name, name]
        levels = self._now if then is None else then
        ideal = ideal_now(self._case, side, name, self._variables, levels)
        distance: Value = np.abs(ideal - levels[f"level.{name}"])
        if then is None:
            self._distance_now[side.name, name] = distance
        return distance

    def _distrust(self, shares: Shares, side: str, other: str, tie: Value) -> Value:
        own = irreversible_gift(self._case, shares.get(side, {}), self._variables)
        if isinstance(own, float) and own == 0.0:
            return 0.0
        returned = self._variables["link"] * irreversible_gift(self._case, shares.get(other, {}), self._variables)
        return self._variables["distrust"] * (1 - tie) * np.maximum(0, own - returned)


def ideal_now(case: Case, side: Side, name: str, variables: Mapping[str, Value], levels: Mapping[str, Value]) -> Value:
    """A side's ideal point on an issue, relieved as the issue says (``ideal_times``)."""
    issue = case.issues[name]
    if issue.ideal_times is None or side.name in issue.ideal_times_except:
        return side.ideals[name]
    return side.ideals[name] * issue.ideal_times.evaluate(_Both(levels, variables))


class _Both(dict[str, Value]):
    """Names looked up in the levels first, then among the variables, without copying those."""

    def __init__(self, levels: Mapping[str, Value], variables: Mapping[str, Value]) -> None:
        super().__init__(levels)
        self._variables = variables

    def __missing__(self, key: str) -> Value:
        return self._variables[key]
