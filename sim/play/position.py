"""Where a state stands in a game, as far as anybody can know: means over fresh worlds, and what everybody can see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.analysis.leverage_parts import feeds_of, parts_of
from sim.defaults import DEFAULT_WORLDS
from sim.inputs.arithmetic import evaluate
from sim.inputs.case import Case, Issue
from sim.inputs.ledger import Claim
from sim.model.packages import Side, ideal_now
from sim.play.forecast import Continued
from sim.play.game import MOVES, Game

NOTICED = 0.03  # salience times distance below which a wish is not told


@dataclass(frozen=True)
class Reason:
    """A claim and its part in one leverage: how much that would fall, on average, if the claim did not speak of the
    pair.
    """

    claim: Claim
    holder: str
    target: str
    sign: int
    part: float


@dataclass(frozen=True)
class Standing:
    """Leverage by (holder, target), of and over one state, means over fresh worlds; reasons, the weightiest first."""

    state: str
    leverage: Mapping[tuple[str, str], float]
    reasons: tuple[Reason, ...]

    def weightiest(self, count: int = 2) -> tuple[Reason, ...]:
        """The reasons that weigh most, each claim once."""
        found: dict[str, Reason] = {}
        for reason in self.reasons:
            found.setdefault(reason.claim.id, reason)
        return tuple(found.values())[:count]

    def between(self, holder: str, target: str, count: int = 2) -> tuple[Reason, ...]:
        return tuple(each for each in self.reasons if (each.holder, each.target) == (holder, target))[:count]


@dataclass(frozen=True)
class Wish:
    """An issue that a state would like otherwise: salience times (ideal minus present level) by its likeliest
    numbers.
    """

    state: str
    issue: Issue
    gap: float


def standing(game: Game, state: str, worlds: int = DEFAULT_WORLDS) -> Standing:
    """Leverage of a state over each other and of each over it in this month, before its moves."""
    model = Continued(game, worlds)
    others = [name for name in game.case.states if name != state]
    dyads = [dyad for other in others for dyad in ((state, other), (other, state))]
    leverage = {dyad: float(np.mean(model.leverage.get(dyad, 0.0))) for dyad in dyads}
    reasons = [reason for dyad in dyads for reason in _reasons(model, *dyad)]
    model.close()
    return Standing(state, leverage, tuple(sorted(reasons, key=lambda each: -abs(each.part))))


def odds(game: Game, worlds: int = DEFAULT_WORLDS) -> dict[str, dict[str, float]]:
    """By which chances the model's own states would choose this month: state -> option -> mean over fresh worlds."""
    if game.question is None or game.question.at != MOVES:
        return {}
    model = Continued(game, worlds, diary=True)
    model.play_moves()
    found = {
        name: {
            option.name: float(np.mean(chance)) for option, chance in zip(state.menu.options, state.odds, strict=True)
        }
        for name, state in model.states.items()
        if state.menu is not None
    }
    model.close()
    return found


def wishes(game: Game, state: str) -> list[Wish]:
    """What a state seems to want, the strongest first: public positions against visible levels."""
    case, levels = game.case, game.levels()
    now = {f"level.{name}": _number(evaluate(issue.lived or issue.now, levels)) for name, issue in case.issues.items()}
    points = case.states[state].ideals
    side = Side(
        state,
        {name: point.position.mode for name, point in points.items()},
        {name: point.salience.mode for name, point in points.items()},
    )
    found = []
    for name, point in points.items():
        wanted = _number(ideal_now(case, side, name, levels | _likeliest(case), now))
        found.append(Wish(state, case.issues[name], point.salience.mode * (wanted - now[f"level.{name}"])))
    return sorted((wish for wish in found if abs(wish.gap) >= NOTICED), key=lambda wish: -abs(wish.gap))


def _likeliest(case: Case) -> dict[str, float]:
    return {name: of.mode for name, of in case.parameters.items()}


def _number(value: object) -> float:
    return float(np.asarray(value, dtype=float))


def _reasons(model: Continued, holder: str, target: str) -> list[Reason]:
    """Each claim's part in a leverage, means over fresh worlds."""
    feeds = feeds_of(model, holder, target)
    return [
        Reason(claim, holder, target, effect.sign, part)
        for (claim, effect, _), part in zip(feeds, parts_of(model, feeds), strict=True)
    ]
