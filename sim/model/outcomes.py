"""How a run is read: its measures, and its class (the first whose conditions all hold; MODEL.md 7.7)."""

from collections.abc import Mapping

import numpy as np

from sim.inputs.arithmetic import evaluate
from sim.inputs.case import Case
from sim.inputs.case_rules import Condition
from sim.model.assumptions import Value, single
from sim.vocabulary import pinned


def measures(case: Case, variables: Mapping[str, Value], only: frozenset[str] | None = None) -> dict[str, Value]:
    """Every measure of the case on these variables, by name; ``only`` limits it to some and those that they need.

    A measure is NaN in runs to which it does not apply (``where``).
    """
    names = dict(variables)
    found: dict[str, Value] = {}
    wanted = None if only is None else _needed(case, only)
    for name, measure in case.measures.items():
        if wanted is None or name in wanted:
            names[name] = value = evaluate(measure.value, names)
            applies = 1.0 if measure.where is None else names[measure.where]
            found[name] = value if isinstance(applies, float) and applies == 1.0 else _where(applies, value)
    return found


def _where(applies: Value, value: Value) -> Value:
    """The value in runs to which a measure applies, NaN in the others."""
    return np.where(applies == 1, single(value), np.float32(np.nan))


def classify(case: Case, names: Mapping[str, Value], runs: int) -> np.ndarray:
    """Place of each run's outcome in ``case.outcomes``, int8, shape (runs,).

    ``names`` holds the variables and the measures that conditions name.
    """
    last = len(case.outcomes) - 1
    before_last = np.zeros(runs, dtype=np.int8)  # how many places before the last outcome
    for place, rule in enumerate(case.outcomes[:-1]):
        fits: np.ndarray | bool = True
        if rule.unless_pinned is not None:
            fits = names[pinned(rule.unless_pinned)] == 0
        for condition in rule.when:
            fits = fits & _meets(condition, names[condition.variable])
        before_last = np.maximum(before_last, fits * np.int8(last - place))
    return last - before_last


def _meets(condition: Condition, value: Value) -> np.ndarray | bool:
    return value >= condition.value if condition.bound == "min" else value <= condition.value


def conditioned(case: Case) -> frozenset[str]:
    """Names that the conditions of outcomes use."""
    return frozenset(condition.variable for rule in case.outcomes for condition in rule.when)


def _needed(case: Case, only: frozenset[str]) -> frozenset[str]:
    """The measures named and those their expressions name, in turn."""
    needed: set[str] = set()
    open_names = set(only)
    while open_names:
        name = open_names.pop()
        if name in case.measures and name not in needed:
            needed.add(name)
            open_names |= case.measures[name].value.names
    return frozenset(needed)
