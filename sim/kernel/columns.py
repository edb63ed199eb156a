"""What an ensemble keeps of its runs, by name and in order."""

from __future__ import annotations

from dataclasses import dataclass

from sim.inputs.scenario import Scenario
from sim.model.assumptions import ranges_drawn
from sim.vocabulary import gain

BINS = 1000  # quantiles over runs come from histograms of this many bins


@dataclass(frozen=True)
class Names:
    """What the columns of a block's arrays are called, in order."""

    outcomes: tuple[str, ...]
    measures: tuple[str, ...]  # at the end of a run: the case's measures, then every variable that moves
    series: tuple[str, ...]  # month by month: every variable that moves, then the measures that decide the outcome
    dyads: tuple[tuple[str, str], ...]
    claims: tuple[str, ...]
    causes: tuple[str, ...]  # those that several claims restate
    finals: tuple[str, ...] = ()  # what the engines give at the end of a run: measures, gains and satisfactions
    drawn: tuple[str, ...] = ()  # every uncertain number of a world
    beyond_one: frozenset[str] = frozenset()  # series that may grow past 1

    @classmethod
    def of(cls, scenario: Scenario) -> Names:
        case = scenario.case
        moving = tuple(name for name, variable in case.variables.items() if variable.kind != "exogenous")
        states = tuple(case.states)
        deciding = {condition.variable for rule in case.outcomes for condition in rule.when}
        unbounded = frozenset(name for name, variable in case.variables.items() if variable.unbounded)
        measures = tuple(case.measures) + tuple(name for name in moving if name not in case.measures)
        of_states = [name for state in states for name in (gain(state), f"satisfaction.{state}")]
        fatal = [case.month.hazard.measure] if case.month.hazard else []
        drawn = [name for name, of in ranges_drawn(case).items() if not of.fixed]
        drawn += [f"mechanism/{claim.mechanism}" for claim in scenario.ledger.claims.values()]
        return cls(
            outcomes=tuple(rule.name for rule in case.outcomes),
            measures=measures,
            series=moving + tuple(name for name in case.measures if name in deciding),
            dyads=tuple((one, two) for one in states for two in states if one != two),
            claims=tuple(scenario.ledger.claims),
            causes=tuple(group for group, ids in scenario.ledger.groups.items() if len(ids) > 1),
            finals=tuple(dict.fromkeys([*measures, *of_states, *fatal])),
            drawn=tuple(dict.fromkeys(drawn)),
            beyond_one=unbounded | {name for name, each in case.measures.items() if unbounded & each.value.names},
        )

    @property
    def worlds(self) -> tuple[str, ...]:
        """What is known of each world: the numbers drawn, and which claims and causes hold."""
        held = [f"holds {id}" for id in self.claims] + [f"cause {group}" for group in self.causes]
        return (*(f"drawn {name}" for name in self.drawn), *held)

    def top(self, name: str) -> float:
        """Upper end of a series' histogram; its lower end is 0."""
        return 2.0 if name in self.beyond_one else 1.0
