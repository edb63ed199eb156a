"""What an expression or a reference may name, by where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from sim import vocabulary
from sim.inputs.schema_case import NumberGiven
from sim.inputs.schema_scenario import ScenarioFile


class Names:
    """The names of a merged case."""

    def __init__(self, case: ScenarioFile) -> None:
        self.case = case
        self.states = frozenset(case.states)
        self.variables = frozenset(case.variables)
        self.levers = frozenset(name for name, variable in case.variables.items() if variable.kind == "lever")
        self.ties = frozenset(name for name, variable in case.variables.items() if variable.kind == "tie")
        self.issues = frozenset(case.issues)
        self.pairs = frozenset(case.pairs)
        self.parameters = frozenset(case.parameters)
        self.constants = frozenset(case.constants)

    @cached_property
    def base(self) -> frozenset[str]:
        """What derived variables start from: levels, recencies, flags, ranks, parameters, constants."""
        met = {pair.met for pair in self.case.pairs.values()}
        return (
            self.variables
            | met
            | frozenset(self.case.flags)
            | frozenset(self.case.ranks)
            | self.parameters
            | self.constants
        )

    @cached_property
    def present(self) -> frozenset[str]:
        """What every expression may use but the derived variables: the present and the start."""
        derived = frozenset(self.case.derived)
        return self.base | derived | {vocabulary.start(name) for name in self.variables | derived}

    @cached_property
    def choice(self) -> frozenset[str]:
        """What a choice may use: leverage.X.Y and gap.X.V besides."""
        leverage = {vocabulary.leverage(one, other) for one in self.states for other in self.states if one != other}
        gaps = {vocabulary.gap(state, issue) for state in self.states for issue in self.issues}
        return self.present | self.counted | leverage | gaps

    @cached_property
    def package(self) -> frozenset[str]:
        """What an issue after a package may use: after.X and given.X besides."""
        after = {vocabulary.after(name) for name in self.variables}
        return self.present | after | {f"given.{lever}" for lever in self.levers}

    @cached_property
    def ideal(self) -> frozenset[str]:
        """What the factor on an ideal point may use: level.ISSUE besides."""
        return self.present | {f"level.{issue}" for issue in self.issues}

    @cached_property
    def tallies(self) -> frozenset[str]:
        """What measures may use: the counts of summits and the means over the months besides."""
        return self.present | self.counted | {vocabulary.mean(name) for name in self.case.month.averages}

    @cached_property
    def counted(self) -> frozenset[str]:
        """The counts of summits, deals and pins, and what deals have left to give."""
        found = {vocabulary.pinned(name) for name in self.variables}
        found |= {name for lever in self.levers for name in vocabulary.phases(lever)}
        for pair, given in self.case.pairs.items():
            found |= set(vocabulary.tallies(pair, given.between))
        return frozenset(found)

    @cached_property
    def constant_values(self) -> Mapping[str, float]:
        """The constants as numbers."""
        return {name: fixed_value(entry) for name, entry in self.case.constants.items()}

    def pair_of(self, one: str, other: str) -> str | None:
        """The pair of two states, if they can meet."""
        for pair, given in self.case.pairs.items():
            if {one, other} == set(given.between):
                return pair
        return None


def fixed_value(entry: float | NumberGiven) -> float:
    """The number that an entry stands for: its value, else its mode."""
    if not isinstance(entry, NumberGiven):
        return float(entry)
    value = entry.value if entry.value is not None else entry.mode
    return float(value if value is not None else 0.0)
