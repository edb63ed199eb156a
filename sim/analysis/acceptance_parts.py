"""What one side weighs before it signs, in one run: the parts of the acceptance of ``model/summits.py``.

The parts add up to the acceptance: accept = logistic(lam x sum of the parts).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import log
from typing import Literal

from sim.inputs.case import Case, Package, Pair
from sim.model.packages import Side, Table
from sim.model.summits import haggled, pressed, terms, weigh

Kind = Literal["issue", "cost", "distrust", "threat", "friction", "habit"]
Points = tuple[Mapping[str, float], Mapping[str, float]]  # ideal points and saliences by issue


@dataclass(frozen=True)
class Weighing:
    """One reason for signing (above 0) or against it, in units of gain.

    ``about`` names the issue of a gain or the variables of a friction. A threat is what leaving without a deal costs,
    by net leverage; a cost, what signing itself costs; a habit, the chance `a0` of a package that changes nothing.
    """

    kind: Kind
    about: tuple[str, ...]
    amount: float


def weighings(
    case: Case,
    pair: Pair,
    package: Package,
    push: float,
    points: Mapping[str, Points],
    levels: Mapping[str, float],
    leverage: Mapping[tuple[str, str], float],
    holds: Mapping[str, float],
) -> dict[str, tuple[Weighing, ...]]:
    """The parts that each side weighs, the largest first. All values are those of one run before the meeting."""
    sides = {name: Side(name, *points[name]) for name in pair.between}
    found = {}
    for side in sides:
        parts = [
            *_gains(case, pair, package, push, sides, side, levels, leverage),
            Weighing("threat", (), levels["phi"] * (0.5 - float(terms(pair, leverage)[side]))),
            *_friction(case, pair, side, levels, holds),
            Weighing("habit", (), log(levels["a0"] / (1 - levels["a0"])) / levels["lam"]),
        ]
        found[side] = tuple(sorted((part for part in parts if part.amount != 0), key=lambda part: -abs(part.amount)))
    return found


def _gains(
    case: Case, pair: Pair, package: Package, push: float, sides: Mapping[str, Side], side: str,
    levels: Mapping[str, float], leverage: Mapping[tuple[str, str], float],
) -> list[Weighing]:  # fmt: skip
    """What the offer does to each issue that the side cares about, what signing costs, and its distrust."""
    between = (sides[pair.between[0]], sides[pair.between[1]])
    z = haggled(pressed(pair, terms(pair, leverage), levels), push)
    surety = {"distrust": 0.0, "tied": 0.0}

    def gain(only: str | None, trusting: bool) -> float:
        felt = tuple(
            replace(each, saliences={issue: s if only in (issue, None) else 0.0 for issue, s in each.saliences.items()})
            for each in between
        )
        table = Table(case, (felt[0], felt[1]), {**levels, **(surety if trusting else {})})
        return float(table.offer(package, push, z, levels[pair.tie]).gains[side])

    cost = gain("", True)
    parts = [Weighing("issue", (issue,), gain(issue, True) - cost) for issue in case.issues]
    distrust = gain(None, False) - gain(None, True)
    return [*parts, Weighing("cost", (), cost), Weighing("distrust", (), distrust)]


def _friction(
    case: Case, pair: Pair, side: str, levels: Mapping[str, float], holds: Mapping[str, float]
) -> list[Weighing]:
    """What makes signing harder or easier, term by term."""
    rules = case.bargaining[pair.id].friction.get(side, ())
    known = (*case.variables, *case.derived, *(each.met for each in case.pairs.values()), *case.ranks)
    parts = []
    for term in rules:
        about = tuple(name for name in known if name in term.of.names)
        value = float(weigh(term.model_copy(update={"claim": None}), levels, {}))
        parts.append(Weighing("friction", about, -value * (1.0 if term.claim is None else holds[term.claim])))
    return parts
