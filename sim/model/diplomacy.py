"""The Mesa model: all states, every run of a block at once, one month a step."""

from collections.abc import Mapping
from typing import ClassVar

import mesa
import numpy as np

from sim.inputs.arithmetic import evaluate
from sim.inputs.scenario import Scenario
from sim.model.aftermath import aftermath
from sim.model.as_mesa import RNG, one_seed, reporters
from sim.model.assumptions import Value, World, bounded, draw_world, gaps_named, single
from sim.model.behaviours import BEHAVIOURS
from sim.model.calendar import Calendar, Due
from sim.model.deals import collapse, give, phased
from sim.model.initial_values import opening
from sim.model.leverage import Arguments, Dyad
from sim.model.logit import exponential
from sim.model.occasions import Occasions, only_where
from sim.model.outcomes import classify, conditioned, measures
from sim.model.satisfaction import gains, satisfactions
from sim.model.states import State, scripted
from sim.model.streams import BLOCK_RUNS, FloatArray, Streams
from sim.model.summits import ROWS, Circumstances, Meeting, attend, meet
from sim.vocabulary import first, gap, leverage, mean, pinned, start


class Diplomacy(mesa.Model):
    """A block of runs of one scenario. ``step()`` is one month of diplomacy, after a look at which of its events and
    summits with a condition or a chance come about:

    1.  events      what the scenario sets, shifts or pins happens; ``ahead`` and ``soon`` flag summits that are near;
    2.  arguments   the claims that hold in this world become leverage of every state over every other;
    3.  moves       all states choose from their menus at once; effects of past months decay, this month's are added;
    4.  deals       a standing deal that is strained too far collapses, else this month's part of it is given;
    5.  recency     past meetings fade;
    6.  summits     the pairs whose summits are due meet if both wish to, in the listed order: terms, offers, a deal or
                    none; the first rests on the leverage of stage 2, before each later one it is computed anew;
    7.  drift       momentum fades, tension returns to calm and is jolted by chance, the arsenal grows;
    8.  pins        what the scenario pins goes back to its level;
    9.  hazard      the fatal step may come, and is never taken back;
    10. record      the means over the months so far are updated.

    The scenario's ``month: order`` may list the stages otherwise. Months are counted from 0 in ``month``; ``finished``
    says that the last has been played. ``variables`` maps each name of the case to a number (shared by all runs) or an
    array of shape (runs,), float32. It is an ordinary Mesa model: use a ``DataCollector``, ``agents``, subclass
    ``State``.

    >>> model = Diplomacy(load_scenario("history"), runs=1000, seed=1)   # doctest: +SKIP
    >>> while not model.finished:                                       # doctest: +SKIP
    ...     model.step()
    >>> model.outcome_counts()["mirage"]                                # doctest: +SKIP
    """

    state_classes: ClassVar[Mapping[str, type[State]]] = {}  # a subclass may give some states a class of their own

    def __init__(
        self,
        scenario: Scenario,
        runs: int = BLOCK_RUNS,
        seed: int | None = None,
        first_block: int = 0,
        diary: bool = False,
        streams: Streams | None = None,
        world: World | None = None,
        rng: RNG = None,
    ) -> None:
        """``seed``, or Mesa's ``rng``, decides every draw; without either it is the default seed.

        ``diary`` keeps every meeting and every state's odds, for telling a run as a story.

        ``streams`` replaces the seed's draws, for an experiment that chooses its own worlds; ``world`` reuses what
        another model with the same assumptions has drawn from the same streams.
        """
        seed = one_seed(seed, rng)
        super().__init__(rng=seed)
        self.plan = scenario
        self.case = scenario.case
        self.runs = runs
        self.month = 0
        self.diary = diary
        self.streams = Streams(seed, runs, first_block) if streams is None else streams
        self.world = draw_world(scenario, self.streams) if world is None else world
        self.holds = {id: single(self.world.spread(holds.astype(np.float32))) for id, holds in self.world.holds.items()}
        self.arguments = Arguments(scenario.ledger, self.world)
        self.calendar = Calendar(scenario)
        self.leverage: dict[Dyad, Value] = {}
        self.meetings: list[Meeting] = []
        self.variables = opening(self.world, scenario)
        self._chance = {
            name: self.streams.monthly(f"chance/{name}")
            for name, drift in self.case.month.drift.items()
            if "noise" in drift.value.names
        }
        self._hazard_stream = self.streams.monthly("chance/hazard")
        self._phased = phased(self.case)
        self._breach_stream = self.streams.monthly("chance/breach", rows=max(1, len(self._phased)))
        self._summit_streams = {pair: self.streams.monthly(f"summit/{pair}", rows=ROWS) for pair in self.case.pairs}
        self._resolve: dict[str, FloatArray] = {}
        self._gaps = gaps_named(self.case)
        self._deciding = conditioned(self.case)
        self.last_measures: dict[str, Value] = {}
        self._occasions = Occasions(scenario.occasions, self.streams)
        self.forced: dict[str, Value] = {}
        self._changes: dict[str, Value] = {}
        self._rises: dict[str, Value] = {}
        self._floors: dict[str, Value] = {}
        self._stages = {
            "events": self._events, "arguments": self._arguments, "moves": self._moves, "deals": self._deals,
            "recency": self._recency, "summits": self._summits, "drift": self._drift, "pins": self._pins,
            "hazard": self._hazard, "record": self._record,
        }  # fmt: skip
        for portrait in self.case.states.values():
            stream = self.streams.monthly(f"move/{portrait.name}")
            kind = self.state_classes.get(portrait.name, State)
            kind(self, portrait, self.world, self.case.menus.get(portrait.name), stream)
        self.states: dict[str, State] = {agent.name: agent for agent in self.agents}
        self.last_choices: dict[str, np.ndarray | None] = {}
        for state, behaviour in scenario.behaviour:
            self.states[state].behaviour = BEHAVIOURS[behaviour]
        self._at_start = satisfactions(self)
        self.datacollector: mesa.DataCollector | None = mesa.DataCollector(model_reporters=reporters(self.case))

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} {self.plan.name}: {self.runs} runs, {self.month} of {self.plan.months + 1} months>"
        )

    @property
    def finished(self) -> bool:
        return self.month > self.plan.months

    def step(self) -> None:
        """Play one month; after the last one nothing happens any more, and ``running`` is False."""
        if self.finished:
            return
        self._look()
        for stage in self.case.month.order:
            self._stages[stage]()
        self.month += 1
        self.running = not self.finished
        if self.datacollector is not None:
            self.shares = np.bincount(self.outcomes(), minlength=len(self.case.outcomes)) / self.runs
            self.datacollector.collect(self)

    def outcomes(self) -> np.ndarray:
        """Place of each run's class in ``case.outcomes`` if it ended now, int8, shape (runs,).

        ``last_measures`` then holds the measures that the classes rest on.
        """
        self.last_measures = measures(self.case, self.variables, self._deciding)
        return classify(self.case, self.variables | self.last_measures, self.runs)

    def outcome_counts(self) -> dict[str, int]:
        """Runs in each class if they ended now."""
        counts = np.bincount(self.outcomes(), minlength=len(self.case.outcomes))
        return {rule.name: int(count) for rule, count in zip(self.case.outcomes, counts, strict=True)}

    def measures(self, without: Mapping[str, Value] | None = None) -> dict[str, Value]:
        """Every measure of the case as it stands now, NaN in runs to which it does not apply.

        ``without`` are the measures of the same worlds played without any summit; unless they are given, what the
        summits gained is NaN.
        """
        gained = gains(self, self._at_start, without)
        return measures(self.case, self.variables | gained)

    def strengths(self) -> dict[str, FloatArray]:
        """Strength of every active claim now, shape (runs,)."""
        return self.arguments.strengths(self._capped())

    def close(self) -> None:
        """Free all arrays at once: a model and its agents hold each other."""
        self.__dict__.clear()

    # -- what the states do to the world -------------------------------------------------------------------------------

    def change(self, variable: str, amount: Value) -> None:
        """Add to this month's change of a variable; it takes effect when all states have acted.

        Where rises of the variable are resisted (``rises_times``), rises and falls are added up separately.
        """
        if self.case.variables[variable].rises_times is None:
            self._changes[variable] = self._changes.get(variable, 0.0) + amount
        else:
            self._rises[variable] = self._rises.get(variable, 0.0) + np.maximum(amount, 0)
            self._changes[variable] = self._changes.get(variable, 0.0) + np.minimum(amount, 0)

    def raise_to(self, variable: str, level: Value) -> None:
        """Keep a variable at or above this level after this month's moves."""
        self._floors[variable] = np.maximum(self._floors.get(variable, 0.0), level)

    def settle(self, meeting: Meeting, draw: FloatArray) -> Meeting:
        """The meeting as it ends; a subclass may end it otherwise, with ``draw`` below a chance where that happens."""
        return meeting

    # -- the stages of a month -----------------------------------------------------------------------------------------

    def _look(self) -> None:
        today = self.calendar.occasions(self.month)
        self.variables |= self._occasions.look(self.month, today, self.variables)

    def _events(self) -> None:
        for change in self.calendar.changes(self.month):
            now, then = self.variables[change.variable], self.variables[start(change.variable)]
            moved = change.of_now * now + change.of_start * then + change.by
            self._set(change.variable, only_where(change.where, self.variables, moved, now))
        for made in self.calendar.pinned_before(self.month):
            name = pinned(made.name)
            self.variables[name] = only_where(made.where, self.variables, made.value, self.variables[name])
        self.variables.update(self.calendar.flags(self.month))
        self._derive()

    def _arguments(self) -> None:
        self.leverage = {}
        self._lever()

    def _lever(self, wanted: frozenset[Dyad] | None = None) -> None:
        """Compute leverage anew, of every state over every other or of the pairs ``wanted``."""
        self.leverage = self.leverage | self.arguments.leverage(self._capped(), wanted)
        self.variables |= {leverage(one, two): value for (one, two), value in self.leverage.items()}

    def _moves(self) -> None:
        for state, issue in self._gaps:
            self.variables[gap(state, issue)] = self.states[state].gap(issue)
        self.last_choices = {state.name: state.choice for state in self.states.values()}
        for made in self.calendar.moves(self.month):
            otherwise = self.forced.get(made.name, -1.0)
            self.forced[made.name] = only_where(made.where, self.variables, made.value, otherwise)
        self.agents.do("choose")
        self._changes, self._rises, self._floors = {}, {}, {}
        self.agents.do("act")
        self._come_to_pass()

    def _deals(self) -> None:
        if self._phased:
            uniforms = self._breach_stream.month(self.month)
        for pair, uniform in zip(self._phased, uniforms if self._phased else (), strict=True):
            self._write(collapse(self.case, pair.id, self.variables, uniform))
            self._write(give(self.case, pair.id, self.variables))

    def _recency(self) -> None:
        for pair in self.case.pairs.values():
            self.variables[pair.met] = self.variables[pair.met] * self.variables["met_fades"]

    def _summits(self, held: int = 0) -> None:
        for place, due in list(enumerate(self.calendar.due(self.month)))[held:]:
            self._derive()
            if place > 0:
                one, two = self.case.pairs[due.pair].between
                self._lever(frozenset({(one, two), (two, one)}))
            self._hold(due)

    def _drift(self) -> None:
        for name, drift in self.case.month.drift.items():
            if name in self._chance:
                self.variables["noise"] = self._chance[name].month(self.month)[0] - np.float32(0.5)
            self._set(name, evaluate(drift.value, self.variables))

    def _pins(self) -> None:
        for made in self.calendar.pins(self.month):
            self._set(made.name, only_where(made.where, self.variables, made.value, self.variables[made.name]))
        self._derive()

    def _hazard(self) -> None:
        rule = self.case.month.hazard
        if rule is None:
            return
        rate = evaluate(rule.of, self.variables) * self.variables[rule.slope]
        risk = exponential(rate + np.log(10.0) * self.variables[rule.log10_base]) * self.variables[rule.ratio]
        struck = self._hazard_stream.month(self.month)[0] < risk
        self.variables[rule.measure] = np.maximum(self.variables[rule.measure], struck.astype(np.float32))

    def _record(self) -> None:
        for name, value in self.case.month.averages.items():
            before = self.variables[mean(name)]
            self.variables[mean(name)] = before + (evaluate(value, self.variables) - before) / (self.month + 1)

    # -- pieces --------------------------------------------------------------------------------------------------------

    def _derive(self) -> None:
        for name, derived in self.case.derived.items():
            self.variables[name] = evaluate(derived.value, self.variables)

    def _capped(self) -> dict[str, Value]:
        """The variables as activations see them: what may grow past 1 is cut there."""
        capped = dict(self.variables)
        for name, variable in self.case.variables.items():
            if variable.unbounded:
                capped[name] = np.minimum(1, capped[name])
        return capped

    def _write(self, changed: Mapping[str, Value]) -> None:
        """Write what a stage has changed; levels are kept within their bounds."""
        for name, value in changed.items():
            if name in self.case.variables:
                self._set(name, value)
            else:
                self.variables[name] = value

    def _set(self, name: str, value: Value) -> None:
        """Write a variable, kept within [0, 1] (an unbounded one at or above 0)."""
        self.variables[name] = bounded(self.case.variables[name], value)

    def _come_to_pass(self) -> None:
        """Decay first, then the sum of what all states did, times ``step``, then the levels set at least."""
        resisted = {
            name: evaluate(variable.rises_times, self.variables)
            for name, variable in self.case.variables.items()
            if variable.rises_times is not None and name in self._rises
        }
        decay = self.case.month.decay
        for name in {**decay, **self._changes, **self._rises, **self._floors}:
            level = self.variables[name] * decay.get(name, 1.0)
            change = self._changes.get(name, 0.0)
            if name in resisted:
                change = change + self._rises[name] * resisted[name]
            level = level + change * self.variables["step"]
            if name in self._floors:
                level = np.maximum(level, self._floors[name])
            self._set(name, level)

    def _hold(self, due: Due) -> None:
        """Hold one summit that is due, where both come, and apply its consequences."""
        pair = self.case.pairs[due.pair]
        self.variables["first_meeting"] = 1 - self.variables[first(pair.id, "held")]
        one, two = (self.states[name] for name in pair.between)
        uniforms = self._summit_streams[pair.id].month(self.month)
        own = self._own_draw(pair.id)
        here = Circumstances(self.case, self.variables, self.holds, uniforms, own, scripted(one, two))
        meeting = meet(here, pair, (one.side, two.side), self.leverage, attend(here, due), self.month)
        meeting = self.settle(meeting, meeting.draw)
        self._write(aftermath(self.case, meeting, self.variables))
        if self.diary:
            self.meetings.append(meeting)

    def _own_draw(self, pair: str) -> FloatArray:
        """The uniform that a pair has for all its summits in a world, shared by its two plays."""
        if pair not in self._resolve:
            self._resolve[pair] = single(self.world.spread(self.streams.world_uniforms(f"resolve/{pair}")))
        return self._resolve[pair]
