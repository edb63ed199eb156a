"""What each world draws once: which claims hold, how much they weigh, and every uncertain number.

Arrays here have shape (worlds,). Every world is played twice with different chance; ``spread`` repeats a world's value
for its two runs, 2k and 2k+1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from sim.inputs.case import Case, Range, Variable
from sim.inputs.ledger import OPERATIONS, Claim, Ledger, MechanismPart, Operation, cause_credence
from sim.inputs.scenario import Scenario
from sim.model.streams import FloatArray, Streams

Value = float | FloatArray  # a number that all worlds share, or one per world

NARROWEST = np.float32(1e-30)  # the least width of a range, so that nothing is divided by 0


def larger(one: Value, two: Value) -> Value:
    """The larger of the two; two plain numbers give a plain number, so arrays stay float32."""
    return max(one, two) if isinstance(one, float) and isinstance(two, float) else np.maximum(one, two)


def smaller(one: Value, two: Value) -> Value:
    """The smaller of the two; two plain numbers give a plain number, so arrays stay float32."""
    return min(one, two) if isinstance(one, float) and isinstance(two, float) else np.minimum(one, two)


def within(low: float, value: Value, high: float) -> Value:
    """The value kept within these bounds; a plain number stays one."""
    return min(max(value, low), high) if isinstance(value, float) else value.clip(low, high)


def bounded(variable: Variable, level: Value) -> Value:
    """The level kept within [0, 1], that of an unbounded variable at or above 0."""
    return within(0.0, level, np.inf if variable.unbounded else 1.0)


def single(value: Any) -> FloatArray:
    """A plain number as float32, so that arrays stay float32; an array unchanged."""
    found: Any = np.float32(value) if isinstance(value, int | float) else value
    return found


def between(one: Value, two: Value) -> Value:
    """The distance between two values; two plain numbers give a plain number."""
    found: Any = abs(one - two)
    return found


@dataclass(frozen=True)
class World:
    """The assumptions of ``worlds`` worlds. ``holds`` and ``causes`` are boolean, shape (worlds,)."""

    worlds: int
    runs: int
    causes: Mapping[str, np.ndarray]
    holds: Mapping[str, np.ndarray]
    base: Mapping[str, FloatArray]  # b_a: weight where the claim holds, 0 where it fails
    parameters: Mapping[str, Value]
    ideals: Mapping[tuple[str, str], Value]  # (state, issue)
    saliences: Mapping[tuple[str, str], Value]
    start: Mapping[str, Value]
    drawn: Mapping[str, FloatArray]  # every number as drawn, before a failing claim changed it, by stream name

    def spread(self, value: Value | np.ndarray) -> Value:
        """A value per world, repeated for its two plays, shape (runs,); a shared number stays a number."""
        if not isinstance(value, np.ndarray):
            return value
        plays = np.empty(2 * len(value), dtype=value.dtype)
        plays[0::2] = plays[1::2] = value  # in a quarter of the time of np.repeat
        return plays[: self.runs]


def triangular(uniform: FloatArray, of: Range) -> FloatArray:
    """Triangular draws by inverse CDF from uniforms, in a form without branches (MODEL.md 7.1); a point is itself."""
    low, mode, high = single(of.low), single(of.mode), single(of.high)
    fold = (mode - low) / np.maximum(high - low, NARROWEST)
    rising = np.minimum(uniform, fold)
    rising *= (high - low) * (mode - low)
    falling = np.subtract(1, np.maximum(uniform, fold))
    falling *= (high - low) * (high - mode)
    drawn = np.sqrt(rising, out=rising)
    drawn -= np.sqrt(falling, out=falling)
    drawn += low + (high - mode)
    return drawn


def draw_world(scenario: Scenario, streams: Streams) -> World:
    """Draw the assumptions of every world of these streams."""
    case = scenario.case
    causes, holds = _draw_holding(scenario.ledger, streams)

    ranges = ranges_drawn(case)
    drawn = {name: triangular(streams.world_uniforms(name), of) for name, of in ranges.items() if not of.fixed}
    values = {name: drawn.get(name, of.mode) for name, of in ranges.items()}
    parameters = {name: values[f"parameter/{name}"] for name in case.parameters}
    ideals = {(state, issue): values[f"ideal/{state}.{issue}"] for state, issue in wishes(case)}
    saliences = {(state, issue): values[f"salience/{state}.{issue}"] for state, issue in wishes(case)}
    start = {name: values[f"start/{name}"] for name in case.variables}
    base = _draw_bases(scenario, streams, holds, parameters["sd_mech"], drawn)
    for claim in scenario.ledger.claims.values():
        _couple(claim, holds[claim.id], parameters, ideals, saliences)
    return World(streams.worlds, streams.runs, causes, holds, base, parameters, ideals, saliences, start, drawn)


def ranges_drawn(case: Case) -> dict[str, Range]:
    """The range of every number that a world draws, by the name of its stream."""
    found = {f"parameter/{name}": of for name, of in case.parameters.items()}
    for state, issue in wishes(case):
        point = case.states[state].ideals[issue]
        found |= {f"ideal/{state}.{issue}": point.position, f"salience/{state}.{issue}": point.salience}
    return found | {f"start/{name}": variable.start for name, variable in case.variables.items()}


def wishes(case: Case) -> list[tuple[str, str]]:
    """(state, issue) of every ideal point, also on issues that no package moves, because gains count them all."""
    return [(state, issue) for state, each in case.states.items() for issue in each.ideals]


def gaps_named(case: Case) -> list[tuple[str, str]]:
    """(state, issue) of every ``gap.STATE.ISSUE`` that a menu names."""
    options = [option for menu in case.menus.values() for option in menu.options]
    names = sorted({name for option in options for term in option.utility for name in term.of.names})
    return [(name.split(".")[1], name.split(".")[2]) for name in names if name.startswith("gap.")]


def _draw_holding(ledger: Ledger, streams: Streams) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    """Which causes and claims hold: P(claim holds) is its credence, and restatements fall with their cause."""
    causes: dict[str, np.ndarray] = {}
    holds: dict[str, np.ndarray] = {}
    for group, ids in ledger.groups.items():
        credence = cause_credence([ledger.claims[id].credence for id in ids], larger)
        if len(ids) > 1:
            causes[group] = streams.world_uniforms(f"group/{group}") < single(credence)
        else:
            causes[group] = np.ones(streams.worlds, dtype=bool)
        for id in ids:
            uniform = streams.world_uniforms(f"claim/{id}")
            holds[id] = causes[group] & (uniform < single(ledger.claims[id].credence / credence))
    return causes, {id: holds[id] for id in ledger.claims}


def _draw_bases(
    scenario: Scenario,
    streams: Streams,
    holds: Mapping[str, np.ndarray],
    sd_mech: Value,
    drawn: dict[str, FloatArray],
) -> dict[str, FloatArray]:
    """b = holds min(w F, cap), with F = exp(sd z - sd^2/2) shared by all claims of a mechanism."""
    spread = single(sd_mech)
    scales: dict[str, FloatArray] = {}
    bases: dict[str, FloatArray] = {}
    cap = np.float32(scenario.case.constants["base_cap"])
    for claim in scenario.ledger.claims.values():
        parts = claim.mechanisms or (MechanismPart(claim.mechanism, 1.0),)
        for part in parts:
            if part.name not in scales:
                name = f"mechanism/{part.name}"
                normal = drawn[name] = streams.world_normals(name)
                scales[part.name] = np.exp(spread * normal - spread * spread / 2)
        scale = reduce(np.add, [single(part.part) * scales[part.name] for part in parts])
        weight = (
            single(claim.weight.mode)
            if claim.weight.fixed
            else triangular(streams.world_uniforms(f"weight/{claim.id}"), claim.weight)
        )
        bases[claim.id] = np.minimum(weight * scale, cap) * holds[claim.id]
    return bases


def _couple(
    claim: Claim,
    holds: np.ndarray,
    parameters: dict[str, Value],
    ideals: dict[tuple[str, str], Value],
    saliences: dict[tuple[str, str], Value],
) -> None:
    """Change what else differs in worlds where the claim fails; what is set or added stays within [0, 1]."""
    for coupling in claim.fails:
        kind, _, rest = coupling.key.partition(".")
        if not rest:
            parameters[kind] = _where_fails(holds, parameters[kind], coupling.operation, coupling.value)
            continue
        state, _, issue = rest.partition(".")
        points = ideals if kind == "ideal" else saliences
        changed = _where_fails(holds, points[state, issue], coupling.operation, coupling.value)
        points[state, issue] = changed if coupling.operation == "times" else within(0.0, changed, 1.0)


def _where_fails(holds: np.ndarray, value: Value, operation: Operation, by: float) -> FloatArray:
    return np.where(holds, single(value), single(OPERATIONS[operation](value, by)))
