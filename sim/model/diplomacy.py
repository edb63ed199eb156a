"""The Mesa model: all states, every run of a block at once, one month a step."""

from __future__ import annotations

from functools import partial

import mesa
import numpy as np

from sim import vocabulary
from sim.defaults import DEFAULT_SEED
from sim.inputs.case import Pair
from sim.inputs.scenario import Scenario
from sim.model.aftermath import carry_out, moods, ranks, tallies
from sim.model.assumptions import Value, draw_world, gaps_named
from sim.model.calendar import Calendar
from sim.model.leverage import Arguments, Dyad
from sim.model.opening import opening
from sim.model.outcomes import classify, conditioned, measures
from sim.model.scripted import BEHAVIOURS
from sim.model.states import State
from sim.model.streams import BLOCK_RUNS, FloatArray, Streams
from sim.model.summits import Meeting, Signing, meet


class Diplomacy(mesa.Model):
    """A block of runs of one scenario. ``step()`` is one month of diplomacy:

    1. events      what the scenario sets, shifts or pins happens; the calendar casts its shadow (``ahead``, ``soon``);
    2. arguments   the claims that hold in this world become leverage of every state over every other;
    3. moves       all states choose from their menus at once; what is not repeated decays; the effects come to pass;
    4. recency     past meetings fade;
    5. summits     the pairs of this month meet in the listed order, the first on the leverage of stage 2, the later
                   ones on leverage as it then stands: terms, packages, acceptance, a deal or a walk-out;
    6. drift       momentum fades, tension returns to calm and is jolted by chance, the arsenal grows;
    7. pins        what the scenario pins goes back to its level;
    8. hazard      the fatal step, if it comes, stays.

    The scenario's ``month: order`` may list the stages otherwise. Months are counted from 0 in ``month``; ``finished``
    says that the last has been played. ``variables`` maps each name of the case to a number (shared by all runs) or an
    array of shape (runs,), float32. It is an ordinary Mesa model: use a ``DataCollector``, ``agents``, subclass
    ``State``.

    >>> model = Diplomacy(load_scenario("history"), runs=1000, seed=1)   # doctest: +SKIP
    >>> while not model.finished:                                       # doctest: +SKIP
    ...     model.step()
    >>> model.outcome_counts()["mirage"]                                # doctest: +SKIP
    """

    def __init__(
        self,
        scenario: Scenario,
        runs: int = BLOCK_RUNS,
        seed: int = DEFAULT_SEED,
        first_block: int = 0,
        diary: bool = False,
        streams: Streams | None = None,
    ) -> None:
        """``diary`` keeps every meeting and every state's odds, for telling a run as a story.

        ``streams`` are other draws than the seed's, for an experiment that chooses its own worlds.
        """
        super().__init__(rng=seed)
        self.plan = scenario
        self.case = scenario.case
        self.runs = runs
        self.month = 0
        self.diary = diary
        self.streams = Streams(seed, runs, first_block) if streams is None else streams
        self.world = draw_world(scenario, self.streams)
        self.holds: dict[str, FloatArray] = {
            id: np.asarray(self.world.spread(holds.astype(np.float32))) for id, holds in self.world.holds.items()
        }
        self.arguments = Arguments(scenario.ledger, self.world)
        self.calendar = Calendar(scenario)
        self.leverage: dict[Dyad, Value] = {}
        self.meetings: list[Meeting] = []
        self.variables = opening(self.world, scenario)
        self._chance = {
            name: self.streams.monthly(f"chance/{name}")
            for name, value in self.case.month.drift.items()
            if "noise" in value.names
        }
        self._hazard_stream = self.streams.monthly("chance/hazard")
        self._summit_streams = {pair: self.streams.monthly(f"summit/{pair}", rows=2) for pair in self.case.pairs}
        self._gaps = gaps_named(self.case)
        self._deciding = conditioned(self.case)
        self.last_measures: dict[str, Value] = {}
        self._pinned: dict[str, float] = {}
        self._changes: dict[str, Value] = {}
        self._rises: dict[str, Value] = {}
        self._floors: dict[str, Value] = {}
        self._stages = {
            "events": self._events, "arguments": self._arguments, "moves": self._moves, "recency": self._recency,
            "summits": self._summits, "drift": self._drift, "pins": self._pins, "hazard": self._hazard,
        }  # fmt: skip
        for portrait in self.case.states.values():
            stream = self.streams.monthly(f"move/{portrait.name}")
            State(self, portrait, self.world, self.case.menus.get(portrait.name), stream)
        self.states: dict[str, State] = {agent.name: agent for agent in self.agents}
        self.last_choices: dict[str, np.ndarray | None] = {}
        for state, behaviour in scenario.behaviour:
            self.states[state].behaviour = BEHAVIOURS[behaviour]

    @property
    def finished(self) -> bool:
        return self.month > self.plan.months

    def step(self) -> None:
        """Play one month."""
        for stage in self.case.month.order:
            self._stages[stage]()
        self.month += 1

    def outcomes(self) -> np.ndarray:
        """Place of each run's class in ``case.outcomes`` if it ended now, int8, shape (runs,).

        ``last_measures`` then holds the measures that the classes rest on.
        """
        self.last_measures = measures(self.case, self.variables, self._deciding)
        return classify(self.case, self.variables | self.last_measures, frozenset(self._pinned), self.runs)

    def outcome_counts(self) -> dict[str, int]:
        """Runs in each class if they ended now."""
        counts = np.bincount(self.outcomes(), minlength=len(self.case.outcomes))
        return {rule.name: int(count) for rule, count in zip(self.case.outcomes, counts, strict=True)}

    def measures(self) -> dict[str, Value]:
        """Every measure of the case as it stands now."""
        return measures(self.case, self.variables)

    def strengths(self) -> dict[str, FloatArray]:
        """Strength of every active claim now, shape (runs,)."""
        return self.arguments.strengths(self._capped())

    def close(self) -> None:
        """Free all arrays at once: a model and its agents hold each other, and Mesa 3.3 keeps every model for good."""
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
        self.__dict__.clear()

    # -- what the states do to the world -------------------------------------------------------------------------------

    def change(self, variable: str, amount: Value) -> None:
        """Add to this month's change of a variable; it takes effect when all states have acted.

        Where rises of the variable are resisted (``rises_times``), rises and falls are added up apart.
        """
        if self.case.variables[variable].rises_times is None:
            self._changes[variable] = self._changes.get(variable, 0.0) + amount
        else:
            self._rises[variable] = self._rises.get(variable, 0.0) + np.maximum(amount, 0)
            self._changes[variable] = self._changes.get(variable, 0.0) + np.minimum(amount, 0)

    def raise_to(self, variable: str, level: Value) -> None:
        """See that a variable is at least this level after this month's moves."""
        self._floors[variable] = np.maximum(self._floors.get(variable, 0.0), level)

    def settle(self, meeting: Meeting, uniform: FloatArray) -> Meeting:
        """The meeting as it ends; a subclass may take it out of the model's hands. ``uniform`` signs it."""
        return meeting

    # -- the stages of a month -----------------------------------------------------------------------------------------

    def _events(self) -> None:
        for event in self.calendar.events(self.month):
            if event.action == "shift":
                self._set(event.variable, self.variables[event.variable] + event.value)
            else:
                self._set(event.variable, event.value)
            if event.action == "pin":
                self._pinned[event.variable] = event.value
        self.variables.update(self.calendar.flags(self.month))
        self._derive()

    def _arguments(self) -> None:
        self.leverage = self.arguments.leverage(self._capped())

    def _moves(self) -> None:
        for holder in self.case.states:
            for target in self.case.states:
                self.variables[vocabulary.leverage(holder, target)] = self.leverage.get((holder, target), 0.0)
        for state, issue in self._gaps:
            self.variables[vocabulary.gap(state, issue)] = self.states[state].gap(issue)
        self.last_choices = {state.name: state.choice for state in self.states.values()}
        self.agents.do("choose")
        self._changes, self._rises, self._floors = {}, {}, {}
        self.agents.do("act")
        self._come_to_pass()

    def _recency(self) -> None:
        for pair in self.case.pairs.values():
            if not isinstance(self.variables[pair.met], float) or self.variables[pair.met] != 0.0:
                self.variables[pair.met] = self.variables[pair.met] * self.variables["met_fades"]

    def _summits(self, held: int = 0) -> None:
        for place, summit in list(enumerate(self.calendar.summits(self.month)))[held:]:
            pair = self.case.pairs[summit.pair]
            self._derive()
            if place > 0:
                dyads = frozenset({pair.between, pair.between[::-1]})
                self.leverage.update(self.arguments.leverage(self._capped(), dyads))
            self._hold(pair)

    def _drift(self) -> None:
        for name, value in self.case.month.drift.items():
            if name in self._chance:
                self.variables["noise"] = self._chance[name].month(self.month)[0] - np.float32(0.5)
            self._set(name, value.evaluate(self.variables))

    def _pins(self) -> None:
        for name, level in self._pinned.items():
            self._set(name, level)
        self._derive()

    def _hazard(self) -> None:
        rule = self.case.month.hazard
        if rule is None:
            return
        rate = rule.of.evaluate(self.variables) * self.variables[rule.slope]
        risk = np.exp(rate + np.log(10.0) * self.variables[rule.log10_base]) * self.variables[rule.ratio]
        struck = self._hazard_stream.month(self.month)[0] < risk
        self.variables[rule.measure] = np.maximum(self.variables[rule.measure], struck.astype(np.float32))

    # -- pieces --------------------------------------------------------------------------------------------------------

    def _derive(self) -> None:
        for name, derived in self.case.derived.items():
            self.variables[name] = derived.value.evaluate(self.variables)

    def _capped(self) -> dict[str, Value]:
        """The variables as activations see them: what may grow past 1 is cut there."""
        capped = dict(self.variables)
        for name, variable in self.case.variables.items():
            if variable.unbounded:
                capped[name] = np.minimum(1, capped[name])
        return capped

    def _set(self, name: str, value: Value) -> None:
        """Write a variable, kept within [0, 1] (an unbounded one at or above 0)."""
        if isinstance(value, float):
            value = max(value, 0.0)
            self.variables[name] = value if self.case.variables[name].unbounded else min(value, 1.0)
        else:
            value = np.maximum(value, 0)
            self.variables[name] = value if self.case.variables[name].unbounded else np.minimum(value, 1, out=value)

    def _come_to_pass(self) -> None:
        """Decay first, then the sum of what all states did, times ``step``, then the levels set at least."""
        resisted = {
            name: variable.rises_times.evaluate(self.variables)
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

    def _hold(self, pair: Pair) -> None:
        """Hold one summit and let its consequences come."""
        first = self.variables[vocabulary.first(pair.id, "held")] == 0.0
        self.variables["first_meeting"] = float(first)
        one, two = (self.states[name] for name in pair.between)
        uniforms = self._summit_streams[pair.id].month(self.month)
        meeting = meet(
            self.case, pair, (one.side, two.side), self.leverage, self.variables, self.holds, uniforms, self.month,
            bool(first), _signing(one, two) | _signing(two, one),
        )  # fmt: skip
        meeting = self.settle(meeting, uniforms[1])
        self.variables.update(tallies(self.case, meeting, self.variables))
        after = carry_out(self.case, meeting, self.variables) | moods(self.case, meeting, self.variables)
        for name, level in after.items():
            self._set(name, level)
        self.variables[pair.met] = 1.0
        self.variables.update(ranks(self.case, pair, self.variables))
        if self.diary:
            self.meetings.append(meeting)


def _signing(state: State, other: State) -> dict[str, Signing]:
    """How a state with a behaviour of its own signs, by its name."""
    return {} if state.behaviour is None else {state.name: partial(state.behaviour.sign, state, other)}
