"""After a game: what each choice did to the odds, what the model's own state would have done, and how others did.

It shows the hidden world too: which claims held in it, and how 1,000 model players would have ended in the same world,
from the same start, with other chance.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from sim.analysis.paired import Difference, outcome_differences
from sim.defaults import DEFAULT_WORLDS
from sim.inputs.case_rules import Outcome
from sim.inputs.ledger import Claim
from sim.inputs.scenario import Scenario
from sim.model.assumptions import Value
from sim.model.diplomacy import Diplomacy
from sim.model.satisfaction import fatal, satisfaction
from sim.model.streams import FloatArray, Streams
from sim.play.decisions import ACCEPT, COME, GO, KEEP, MOVES, PUSH, STAY_AWAY, Decision, MonthSeen, Question
from sim.play.forecast import Ahead, ahead
from sim.play.game import COLUMN, Game
from sim.vocabulary import gain, gained

PLAYERS = 1000
OTHERS_BLOCK = 2  # the first draw block of the model players' chance

Foresee = Callable[[Game, Decision | None, int], Ahead]


@dataclass(frozen=True)
class Link:
    """One choice in the chain of forecasts: the odds before it (the model's own state in the seat) and after it.

    ``own`` is the chance that the model's own state would have done the same in this world; None where that is unknown
    (a package pushed for). ``instead`` is what it would most likely have done.
    """

    question: Question
    decision: Decision
    before: Ahead
    after: Ahead
    swings: Mapping[str, Difference]  # by outcome, paired world by world
    own: float | None
    instead: str

    @property
    def size(self) -> float:
        """Probability that the choice moved between classes (total variation)."""
        return sum(abs(each.difference) for each in self.swings.values()) / 2

    @property
    def most(self) -> str:
        """The class that it moved most."""
        return max(self.swings, key=lambda name: abs(self.swings[name].difference))


@dataclass(frozen=True)
class Seat:
    """How one person did. ``score`` is how far the state has come of the way to all it wants, of 100; ``gained`` is
    that less the same without any summit. ``others`` are the satisfactions of the model players, ``better_than`` the
    share of them that rank lower: ties count half, a fatal step ranks last.
    """

    state: str
    score: float
    gained: float
    satisfied: float
    others: FloatArray
    better_than: float


@dataclass(frozen=True)
class Debrief:
    """The results of a game that is over. ``players`` counts model players by outcome."""

    scenario: Scenario
    seed: int
    worlds: int
    outcome: Outcome
    chain: tuple[Link, ...]  # in the order of play
    holds: tuple[tuple[Claim, bool], ...]
    seats: tuple[Seat, ...]
    players: Mapping[str, int]
    months: tuple[MonthSeen, ...]

    @property
    def largest(self) -> tuple[Link, ...]:
        """The choices, the largest swing first."""
        return tuple(sorted(self.chain, key=lambda link: -link.size))


def debrief(game: Game, worlds: int = DEFAULT_WORLDS, foresee: Foresee = ahead) -> Debrief:
    """The debrief of a game that is over, else ValueError. ``foresee`` makes forecasts or returns earlier ones."""
    if game.question is not None:
        raise ValueError("a debrief comes when the game is over")
    outcome = game.case.outcomes[int(game.outcomes()[COLUMN])]
    held = {id: bool(game.at(value) > 0) for id, value in game.holds.items()}
    holds = tuple((claim, held[id]) for id, claim in game.plan.ledger.claims.items())
    seed = game.streams.seed
    players = Diplomacy(game.plan, runs=PLAYERS, seed=seed, streams=_SameWorld(seed, PLAYERS))
    while not players.finished:
        players.step()
    ends = np.bincount(players.outcomes(), minlength=len(game.case.outcomes))
    counts = {rule.name: int(count) for rule, count in zip(game.case.outcomes, ends, strict=True)}
    plain = Diplomacy(replace(game.plan, summits=()), runs=2, seed=seed)
    while not plain.finished:
        plain.step()
    measured = game.measures(plain.variables | plain.measures())
    seats = tuple(_seat(game, players, state, measured) for state in game.seats)
    plain.close()
    players.close()
    links = chain(game, worlds, foresee)
    return Debrief(game.plan, seed, worlds, outcome, links, holds, seats, counts, tuple(game.months))


def chain(game: Game, worlds: int = DEFAULT_WORLDS, foresee: Foresee = ahead) -> tuple[Link, ...]:
    """What each decision of a game did to the odds, in the order of play."""
    links = []
    for place, decision in enumerate(game.decisions):
        then = game.again(game.decisions[:place])
        question = then.open_question
        before, after = foresee(then, None, worlds), foresee(then, decision, worlds)
        then.close()
        swings = outcome_differences(before.classes, after.classes, [rule.name for rule in game.case.outcomes])
        own, instead = _model_choice(game, question, decision)
        links.append(Link(question, decision, before, after, swings.outcomes, own, instead))
    return tuple(links)


def _model_choice(game: Game, question: Question, decision: Decision) -> tuple[float | None, str]:
    """How likely the model's own state was to do the same in this very world, and its likeliest choice."""
    month = game.months[question.month]
    if question.at == MOVES:
        names = [option.name for option in game.options(question.state)]
        odds = dict(zip(names, month.odds[question.state], strict=True))
        return odds[decision.choice], max(odds, key=lambda name: odds[name])
    if question.at.startswith(COME):
        comes = game.own_wishes[question.month, question.pair, question.state]
        return (comes if decision.choice == GO else 1 - comes), GO if comes >= 0.5 else STAY_AWAY
    if not question.pair_met:
        return None, KEEP  # it never asks for a meeting early
    met = next(each for each in month.meetings if each.pair.id == question.at and each.come)
    signs = met.own_chance[question.state]
    likeliest = ACCEPT if signs >= 0.5 else "refuse"
    if decision.choice == PUSH:
        return None, likeliest
    return (signs if decision.choice == ACCEPT else 1 - signs), likeliest


def _seat(game: Game, players: Diplomacy, state: str, measured: Mapping[str, Value]) -> Seat:
    """Ranked by satisfaction; a run with the step that cannot be taken back ranks below every other."""
    mine, theirs = satisfaction(game, state), satisfaction(players, state)
    ranks = [np.where(fatal(play), np.float32(-np.inf), how) for play, how in ((game, mine), (players, theirs))]
    own, others = ranks[0][COLUMN], ranks[1]
    below = float((others < own).mean() + 0.5 * (others == own).mean())
    score, more = (100 * game.at(measured[name]) for name in (gain(state), gained(state)))
    return Seat(state, score, more, float(mine[COLUMN]), theirs, below)


class _SameWorld(Streams):
    """Every world is the player's; chance differs from run to run."""

    def __init__(self, seed: int, runs: int) -> None:
        super().__init__(seed, runs, OTHERS_BLOCK)
        self._first = Streams(seed, 1)

    def world_uniforms(self, name: str) -> FloatArray:
        return np.full(self.worlds, self._first.world_uniforms(name)[0], dtype=np.float32)
