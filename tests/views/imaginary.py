"""A finished ensemble of another world: three states, two pairs, three levers, four classes; made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.ensemble.result import Ensemble
from sim.inputs.case import Case, Pair, Range, State, Variable
from sim.inputs.case_rules import Measure, Month, Outcome
from sim.inputs.expressions import parse_expression
from sim.inputs.ledger import Ledger
from sim.inputs.scenario import Event, Scenario, Summit
from sim.kernel.columns import BINS, Names

HOSTILE = {
    "mathematics": "$x^2$ and $\\frac{1}{0}$ costs $5",
    "long": "word " * 1000,
    "unbroken": "x" * 5000,
    "script": '<script>alert("1")</script> & </svg>',
    "escapes": "\x1b[31mred\x1b[0m \x1b]0;title\x07 \u202eback\nline\ttab \x00",
    "scripts": "平壌 김정은 العربية 😀",
}


def case(label: str = "Freedonia") -> Case:
    """Every name that is shown is ``label`` or contains it."""
    levers = {
        name: Variable(kind="lever", label=f"{name} of {label}", start=Range(0.2, 0.3, 0.6)).called(name)
        for name in ("fleet", "toll", "pilgrims")
    }
    fleet, toll = parse_expression("fleet"), parse_expression("toll")
    measure = Measure(value=fleet, label=f"mood in {label}", unit="points", shown=True).called("mood")
    distant = Measure(value=toll, label=f"first talks with {label}", shown=True, needs="SX").called("first")
    return Case(
        states={
            each: State(each, f"{article}{label} {each}", "", {})
            for each, article in zip("FSX", ("the ", "", ""), strict=True)
        },
        variables=levers,
        pairs={
            "FS": Pair("FS", ("F", "S"), f"the talks of {label}", "tie", "met"),
            "SX": Pair("SX", ("S", "X"), "the other talks", "tie2", "met2"),
        },
        flags={}, ranks={}, derived={}, mechanisms={}, menus={}, issues={}, packages={}, every_package={},
        bargaining={},
        month=Month(order=[]), promises={}, measures={"mood": measure, "first": distant}, thresholds={},
        outcomes=tuple(
            Outcome(each, f"a {each} for {label}", f"what {label} calls {each}", "", (), None)
            for each in ("war", "feast", "custom", "sleep")
        ),
        parameters={}, constants={},
    )  # fmt: skip


def scenario(label: str = "Freedonia", *, months: int = 6, title: str = "", name: str = "duck-soup") -> Scenario:
    return Scenario(
        name=name, title=title or f"All hail {label}", question="", note="", read_against=None, first_month=(1933, 11),
        months=months,
        summits=(Summit(1, "FS"), Summit(4, "FS"), Summit(4, "SX"), Summit(40, "SX")),
        events=(Event(2, "set", "toll", 0.5, f"{label} raises the toll"), Event(3, "shift", "fleet", -0.1)),
        case=case(label), ledger=Ledger({}), coding="pooled", balance=False, imposed=(), changes=(), turned_off=(),
        files=(), overrides=(), resolved={},
    )  # type: ignore[arg-type]  # fmt: skip


def ensemble(plan: Scenario, counts: tuple[int, ...] = (0, 130, 60, 10), *, seed: int = 7) -> Ensemble:
    """Runs end in the classes as ``counts`` says; everything else is drawn."""
    rng = np.random.default_rng(seed)
    runs, months = sum(counts), plan.months + 1
    names = Names(
        outcomes=tuple(rule.name for rule in plan.case.outcomes), measures=("mood", "first", *plan.case.variables),
        series=tuple(plan.case.variables), dyads=tuple((a, b) for a in "FSX" for b in "FSX" if a != b),
        claims=(), causes=(),
    )  # fmt: skip
    ends = np.repeat(np.arange(len(counts), dtype=np.int8), counts)
    classes = np.tile(rng.permutation(ends), (months, 1))
    classes[0] = len(counts) - 1
    values = rng.random((len(names.measures), runs)).astype(np.float32)
    felt, levels = rng.beta(2, 4, (months, len(names.dyads), runs)), rng.beta(4, 2, (months, len(names.series), runs))
    felt[:, names.dyads.index(("X", "S"))] = 0.0
    both = classes[:, : runs // 2 * 2].reshape(months, -1, 2)
    wide = values.astype(float)
    pairs = wide[:, : runs // 2 * 2]
    return Ensemble(
        scenario=plan, names=names, seed=seed, runs=runs, version="0",
        counts=np.stack([np.bincount(each, minlength=len(counts)) for each in classes[:-1]] + [np.array(counts)]),
        together=np.stack([np.bincount(each[each[:, 0] == each[:, 1], 0], minlength=len(counts)) for each in both]),
        moments=np.stack([
            wide.sum(1), (wide**2).sum(1), pairs.sum(1), (pairs[:, ::2] * pairs[:, 1::2]).sum(1),
            np.full(len(wide), runs), np.full(len(wide), runs // 2),
        ]),
        series=levels.sum(axis=2), series_bins=_bins(levels), leverage=felt.sum(axis=2), leverage_bins=_bins(felt),
        classes=classes, values=values, holds=np.zeros((0, runs // 2), bool), caused=np.zeros((0, runs // 2), bool),
        numbers={},
    )  # fmt: skip


def renamed(each: Ensemble, **changes: object) -> Ensemble:
    """The same ensemble under a scenario that differs so."""
    return replace(each, scenario=replace(each.scenario, **changes))  # type: ignore[arg-type]


def _bins(values: np.ndarray) -> np.ndarray:
    """Histograms on [0, 1] of the last axis."""
    places = np.minimum((values * BINS).astype(int), BINS - 1)
    return np.apply_along_axis(lambda row: np.bincount(row, minlength=BINS), -1, places)
