"""What an ensemble keeps of its runs, by name and in order."""

from __future__ import annotations

from dataclasses import dataclass

from sim.inputs.scenario import Scenario

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
    beyond_one: frozenset[str] = frozenset()  # series that may grow past 1

    @classmethod
    def of(cls, scenario: Scenario) -> Names:
        case = scenario.case
        moving = tuple(name for name, variable in case.variables.items() if variable.kind != "exogenous")
        states = tuple(case.states)
        deciding = {condition.variable for rule in case.outcomes for condition in rule.when}
        unbounded = frozenset(name for name, variable in case.variables.items() if variable.unbounded)
        return cls(
            outcomes=tuple(rule.name for rule in case.outcomes),
            measures=tuple(case.measures) + tuple(name for name in moving if name not in case.measures),
            series=moving + tuple(name for name in case.measures if name in deciding),
            dyads=tuple((one, two) for one in states for two in states if one != two),
            claims=tuple(scenario.ledger.claims),
            causes=tuple(group for group, ids in scenario.ledger.groups.items() if len(ids) > 1),
            beyond_one=unbounded | {name for name, each in case.measures.items() if unbounded & each.value.names},
        )

    def top(self, name: str) -> float:
        """Upper end of a series' histogram; its lower end is 0."""
        return 2.0 if name in self.beyond_one else 1.0
