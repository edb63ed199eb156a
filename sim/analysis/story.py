"""One run of an ensemble, played again with a diary: who did what, what was offered, and why it was signed or failed.

The run is the same as run K of the ensemble: its whole draw block is played and one column of it read. What a side
weighs before it signs are the parts of the acceptance of ``model/summits.py``: accept = logistic(lam x sum of parts).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import log
from typing import Any, Literal, TypeVar

import numpy as np

from sim.analysis.world_means import check_known
from sim.ensemble.block import play_block
from sim.errors import InputError
from sim.inputs.case import Case, Option, Package, Pair
from sim.inputs.case_rules import Condition, Outcome
from sim.inputs.scenario import Scenario
from sim.inputs.schedule import Event, Summit
from sim.model.calendar import Due
from sim.model.deals import carried_out
from sim.model.diplomacy import Diplomacy
from sim.model.packages import Offer, Side, Table
from sim.model.streams import BLOCK_RUNS
from sim.model.summits import Meeting, haggled, pressed, terms, weigh
from sim.vocabulary import happens, tally

Key = TypeVar("Key")
Kind = Literal["issue", "cost", "distrust", "threat", "friction", "habit"]

BLOCKS_SEARCHED = 8  # draw blocks that are searched for a run of the wanted outcome


class OneRun(Diplomacy):
    """A model of which one run is read; ``column`` is the place of the run in its block."""

    column = 0

    def at(self, value: Any) -> float:
        """A value in this run."""
        return float(value[self.column]) if isinstance(value, np.ndarray) else float(value)

    def comes_about(self, planned: Event | Summit) -> bool:
        """Whether something planned for this month happens, after its condition and chance were decided."""
        return planned.occasion is None or self.at(self.variables[happens(planned.occasion.id)]) > 0

    def each(self, values: Mapping[Key, Any]) -> dict[Key, float]:
        """Several values in this run, by name."""
        return {name: self.at(value) for name, value in values.items()}

    def levels(self) -> dict[str, float]:
        """Every variable in this run."""
        return self.each(self.variables)

    def given(self, offer: Offer) -> dict[str, dict[str, float]]:
        """The share of each lever that each side would give, by giver."""
        return {giver: self.each(parts) for giver, parts in offer.shares.items()}


@dataclass(frozen=True)
class Weighing:
    """One reason for signing (above 0) or against it, in units of gain.

    ``about`` names the issue of a gain or the variables of a friction. A threat is what leaving without a deal costs,
    by net leverage; a cost, what signing itself costs; a habit, the chance `a0` of a package that changes nothing.
    """

    kind: Kind
    about: tuple[str, ...]
    amount: float


@dataclass(frozen=True)
class StoryOffer:
    """A package on the table: what each side would have given, and its chance to accept, by side."""

    package: Package
    push: float  # how far its terms are pressed, from 0 to 1
    shares: Mapping[str, Mapping[str, float]]  # giver -> lever -> share signed, in [0, 1]
    accepts: Mapping[str, float]

    @property
    def chance(self) -> float:
        """Chance that both accept."""
        return float(np.prod(list(self.accepts.values())))


@dataclass(frozen=True)
class StoryMeeting:
    """One summit of the run that was due. ``carried_out`` is the share of what it signs that each side does.

    Where ``come`` is false it was not held, since those in ``refused`` stayed away; the rest is then empty. ``shift``
    is how many months after its planned month it comes, below 0 where it was brought forward.
    """

    pair: Pair
    shift: int
    note: str
    terms: Mapping[str, float]
    offers: tuple[StoryOffer, ...] = ()
    picked: int = -1
    deal: bool = False
    weighings: Mapping[str, tuple[Weighing, ...]] = field(default_factory=dict)  # of the offer picked, by side
    carried_out: Mapping[str, float] = field(default_factory=dict)
    come: bool = True
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class StoryMonth:
    """One month of the run; ``levels`` are all variables at its end, ``collapsed`` the pairs whose deal broke in it."""

    month: int
    events: tuple[Event, ...]
    choices: Mapping[str, Option]
    odds: Mapping[str, float]  # chance with which each state chose as it did
    meetings: tuple[StoryMeeting, ...]
    levels: Mapping[str, float]
    collapsed: tuple[Pair, ...]
    passed_over: tuple[Event | Summit, ...] = ()  # planned, and did not come about


@dataclass(frozen=True)
class Story:
    """A run from start to end. ``holds`` and ``strengths`` (in the first month) are by claim."""

    scenario: Scenario
    run: int
    seed: int
    outcome: Outcome
    conditions: tuple[tuple[Condition, float], ...]  # those of its class, with the values reached
    holds: Mapping[str, bool]
    strengths: Mapping[str, float]
    start: Mapping[str, float]
    months: tuple[StoryMonth, ...]
    measures: Mapping[str, float]


def choose_run(scenario: Scenario, seed: int, outcome: str | None = None) -> int:
    """The first run that ends in an outcome, by default in the likeliest one of the first draw block.

    Raises InputError for an unknown outcome and for one in which no run of the first blocks ends.
    """
    names = [rule.name for rule in scenario.case.outcomes]
    if outcome is not None:
        check_known(outcome, names)
    for block in range(BLOCKS_SEARCHED):
        classes = play_block(scenario, seed, block * BLOCK_RUNS, BLOCK_RUNS, who_gained=False).classes[-1]
        wanted = int(np.bincount(classes).argmax()) if outcome is None else names.index(outcome)
        found = np.flatnonzero(classes == wanted)
        if found.size:
            return block * BLOCK_RUNS + int(found[0])
    looked = f"an outcome that occurs: none of the first {BLOCKS_SEARCHED * BLOCK_RUNS:,} runs ends so"
    raise InputError.at("--outcome", "outcome", str(outcome), looked)


def replay(scenario: Scenario, seed: int, run: int) -> Story:
    """Play run ``run`` again and record what happens in it."""
    model = _Chronicle(scenario, seed, run)
    start = model.levels()
    months = []
    while not model.finished:
        months.append(model.play_month())
    place = int(model.outcomes()[model.column])
    outcome = scenario.case.outcomes[place]
    block = play_block(scenario, seed, run // BLOCK_RUNS * BLOCK_RUNS, BLOCK_RUNS, keep_numbers=False)  # with gains
    measures = dict(zip(block.names.measures, map(float, block.values[:, run % BLOCK_RUNS]), strict=True))
    reached = model.levels() | measures
    conditions = tuple((condition, reached[condition.variable]) for condition in outcome.when)
    holds = {name: model.at(value) > 0 for name, value in model.holds.items()}
    strengths = model.first_strengths
    model.close()
    return Story(scenario, run, seed, outcome, conditions, holds, strengths, start, tuple(months), measures)


class _Chronicle(OneRun):
    """A draw block of which one column is recorded, with the levels before each summit."""

    def __init__(self, scenario: Scenario, seed: int, run: int) -> None:
        super().__init__(scenario, runs=BLOCK_RUNS, seed=seed, first_block=run // BLOCK_RUNS, diary=True)
        self.column = run % BLOCK_RUNS
        self.first_strengths: dict[str, float] = {}
        self._recorded: list[StoryMeeting] = []

    def play_month(self) -> StoryMonth:
        """Play one month and record it."""
        month, self._recorded = self.month, []
        broken = {name: self.at(self.variables[tally("collapses", name)]) for name in self.case.pairs}
        self.step()
        choices, odds = {}, {}
        for state in self.states.values():
            if state.menu is not None and state.choice is not None:
                place = int(state.choice[self.column])
                choices[state.name] = state.menu.options[place]
                odds[state.name] = self.at(state.odds[place])
        planned = [event for event in self.plan.events if event.month == month]
        events = tuple(filter(self.comes_about, planned))
        uncalled = [each for each in self.calendar.summits(month) if self.at(self.variables[f"open.{each.pair}"]) > 0]
        looked_at: list[Event | Summit] = [*planned, *uncalled]
        passed_over = tuple(each for each in looked_at if not self.comes_about(each))
        levels = self.levels()
        fallen = tuple(
            pair for name, pair in self.case.pairs.items() if levels[tally("collapses", name)] > broken[name]
        )
        return StoryMonth(month, events, choices, odds, tuple(self._recorded), levels, fallen, passed_over)

    def _arguments(self) -> None:
        super()._arguments()
        if not self.first_strengths:
            self.first_strengths = self.each(self.strengths())

    def _hold(self, due: Due) -> None:
        before = self.levels()
        leverage = self.each(self.leverage)
        super()._hold(due)
        meeting = self.meetings.pop()
        before["first_meeting"] = self.at(meeting.first)
        refused = tuple(side for side, stayed in meeting.attendance.refused.items() if stayed[self.column])
        if meeting.come[self.column]:
            self._recorded.append(self._story_meeting(meeting, before, leverage))
        elif refused:
            self._recorded.append(StoryMeeting(*self._called(meeting), come=False, refused=refused))

    def _called(self, meeting: Meeting) -> tuple[Pair, int, str, dict[str, float]]:
        """Who meets, how far from the month of the summit whose window includes this one, its note, and the terms."""
        planned = next(
            summit
            for summit in self.plan.summits
            if summit.pair == meeting.pair.id and summit.opens <= meeting.month <= summit.closes
        )
        return meeting.pair, meeting.month - planned.month, planned.note, self.each(meeting.terms)

    def _side(self, side: Side) -> Side:
        return Side(side.name, self.each(side.ideals), self.each(side.saliences))

    def _story_meeting(
        self, meeting: Meeting, before: Mapping[str, float], leverage: Mapping[tuple[str, str], float]
    ) -> StoryMeeting:
        pair, picked = meeting.pair, int(meeting.picked[self.column])
        offers = tuple(
            StoryOffer(offer.package, offer.push, self.given(offer), self.each(accepts))
            for offer, accepts in zip(meeting.offers, meeting.accepts, strict=True)
        )
        found = {}
        if offers:
            one, two = (self.states[state].side for state in pair.between)
            sides = (self._side(one), self._side(two))
            seen = _BeforeMeeting(self.case, pair, sides, before, leverage, self.each(self.holds))
            found = seen.weighings(offers[picked].package, offers[picked].push)
        return StoryMeeting(
            *self._called(meeting), offers, picked, bool(meeting.deal[self.column]), found,
            self.each(carried_out(meeting, before)),
        )  # fmt: skip


@dataclass(frozen=True)
class _BeforeMeeting:
    """One run before a meeting of a pair: all that its two sides weigh, in the pair's order."""

    case: Case
    pair: Pair
    sides: tuple[Side, Side]
    levels: Mapping[str, float]
    leverage: Mapping[tuple[str, str], float]
    holds: Mapping[str, float]

    def weighings(self, package: Package, push: float) -> dict[str, tuple[Weighing, ...]]:
        """The parts that each side weighs of an offer, the largest first."""
        terms_of, levels, found = terms(self.pair, self.leverage), self.levels, {}
        for side in self.pair.between:
            parts = [
                *self._gains(package, push, side),
                Weighing("threat", (), levels["phi"] * (0.5 - float(terms_of[side]))),
                *self._friction(side),
                Weighing("habit", (), log(levels["a0"] / (1 - levels["a0"])) / levels["lam"]),
            ]
            found[side] = tuple(
                sorted((each for each in parts if each.amount != 0), key=lambda each: -abs(each.amount))
            )
        return found

    def _gains(self, package: Package, push: float, side: str) -> list[Weighing]:
        """What the offer does to each issue that the side cares about, what signing costs, and its distrust."""
        z = haggled(pressed(self.pair, terms(self.pair, self.leverage), self.levels), push)
        surety = {"distrust": 0.0, "tied": 0.0}

        def gain(only: str | None, trusting: bool) -> float:
            one, two = (
                replace(
                    each, saliences={name: s if only in (name, None) else 0.0 for name, s in each.saliences.items()}
                )
                for each in self.sides
            )
            table = Table(self.case, (one, two), {**self.levels, **(surety if trusting else {})})
            return float(table.offer(package, push, z, self.levels[self.pair.tie]).gains[side])

        cost = gain("", True)
        parts = [Weighing("issue", (issue,), gain(issue, True) - cost) for issue in self.case.issues]
        distrust = gain(None, False) - gain(None, True)
        return [*parts, Weighing("cost", (), cost), Weighing("distrust", (), distrust)]

    def _friction(self, side: str) -> list[Weighing]:
        """What makes signing harder or easier, term by term."""
        case, parts = self.case, []
        known = (*case.variables, *case.derived, *(each.met for each in case.pairs.values()), *case.ranks)
        for term in case.bargaining[self.pair.id].friction.get(side, ()):
            about = tuple(name for name in known if name in term.of.names)
            value = float(weigh(term.model_copy(update={"claim": None}), self.levels, {}))
            held = 1.0 if term.claim is None else self.holds[term.claim]
            parts.append(Weighing("friction", about, -value * held))
        return parts
