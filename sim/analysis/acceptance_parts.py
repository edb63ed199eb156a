"""What one side weighs before it signs, in one run: the acceptance of ``model/summits.py`` taken apart into its parts.

The parts add up to the acceptance: accept = logistic(lam x sum of the parts).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import log
from typing import Literal

from sim.inputs.case import Case, Package, Pair
from sim.model.packages import Side, Table
from sim.model.summits import terms, weigh

Kind = Literal["issue", "distrust", "threat", "friction", "habit"]
Points = tuple[Mapping[str, float], Mapping[str, float]]  # ideal points and saliences by issue


@dataclass(frozen=True)
class Weighing:
    """One thing that speaks for signing (above 0) or against it, in units of gain.

    ``about`` names the issue of a gain or the variables of a friction. A threat is the cost of no deal; a habit is what
    the case's `a0` gives a package that changes nothing.
    """

    kind: Kind
    about: tuple[str, ...]
    amount: float


def weighings(
    case: Case,
    pair: Pair,
    package: Package,
    points: Mapping[str, Points],
    levels: Mapping[str, float],
    leverage: Mapping[tuple[str, str], float],
    holds: Mapping[str, float],
) -> dict[str, tuple[Weighing, ...]]:
    """What each side weighs, by the size of the parts. All values are those of one run before the meeting."""
    sides = {name: Side(name, *points[name]) for name in pair.between}
    found = {}
    for side in sides:
        parts = [
            *_gains(case, pair, package, sides, side, levels, leverage),
            _threat(case, pair, side, levels, leverage),
            *_friction(case, pair, side, levels, holds),
            Weighing("habit", (), log(levels["a0"] / (1 - levels["a0"])) / levels["lam"]),
        ]
        found[side] = tuple(sorted((part for part in parts if part.amount != 0), key=lambda part: -abs(part.amount)))
    return found


def _gains(
    case: Case, pair: Pair, package: Package, sides: Mapping[str, Side], side: str,
    levels: Mapping[str, float], leverage: Mapping[tuple[str, str], float],
) -> list[Weighing]:  # fmt: skip
    """What the package does to each issue that the side cares about, and its distrust."""
    between = (sides[pair.between[0]], sides[pair.between[1]])
    y = terms(pair, leverage)

    def gain(only: str | None, distrust: float) -> float:
        felt = tuple(
            replace(each, saliences={issue: s if only in (issue, None) else 0.0 for issue, s in each.saliences.items()})
            for each in between
        )
        table = Table(case, (felt[0], felt[1]), {**levels, "distrust": distrust})
        return float(table.offer(package, y, levels[pair.tie]).gains[side])

    parts = [Weighing("issue", (issue,), gain(issue, 0.0)) for issue in case.issues]
    distrust = gain(None, levels["distrust"]) - gain(None, 0.0)
    return [*parts, Weighing("distrust", (), distrust)]


def _threat(
    case: Case, pair: Pair, side: str, levels: Mapping[str, float], leverage: Mapping[tuple[str, str], float]
) -> Weighing:
    """What no deal would cost the side: the leverage of the other over it."""
    over = leverage.get((pair.other(side), side), 0.0)
    return Weighing("threat", (), levels["phi"] * (over - case.bargaining[pair.id].leverage_centre))


def _friction(
    case: Case, pair: Pair, side: str, levels: Mapping[str, float], holds: Mapping[str, float]
) -> list[Weighing]:
    """What makes signing dearer or easier, term by term."""
    rules = case.bargaining[pair.id].friction.get(side, ())
    known = (*case.variables, *case.derived, *(each.met for each in case.pairs.values()), *case.ranks)
    parts = []
    for term in rules:
        about = tuple(name for name in known if name in term.of.names)
        value = float(weigh(replace(term, claim=None), levels, {}))
        parts.append(Weighing("friction", about, -value * (1.0 if term.claim is None else holds[term.claim])))
    return parts
