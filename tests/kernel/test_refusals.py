"""A model that cannot be written as a program is refused with the line that does it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.inputs.scenario import load_scenario
from sim.kernel.program import Program
from sim.kernel.symbols import Symbol, Untraceable
from sim.kernel.tracer import Tracer
from sim.model.diplomacy import Diplomacy


def value() -> Symbol:
    program = Program()
    return Symbol(program, program.slot("v:x"))


def test_what_is_done_is_recorded() -> None:
    x = value()
    found = np.where(np.maximum(x, 0.5) * 2 > 1, np.exp(-x), x / 3)
    operations = [operation for operation, _ in x.program.nodes]
    assert operations[-1] == "select"
    assert {"max", "mul", "gt", "neg", "exp", "div"} <= set(operations)
    assert found.dtype == np.float32


def test_equal_expressions_are_one_and_constants_are_folded() -> None:
    x = value()
    assert (x + 1).node == (1 + x).node
    assert (x * 1).node == (x + 0).node == x.node
    assert (x * 0).node == x.program.constant(0)
    assert Symbol(x.program, x.program.constant(2)).node == (x * 0 + 2).node


@pytest.mark.parametrize(
    ("what", "does"),
    [
        ("branches on an array", lambda x: 1 if x > 0 else 0),
        ("branches on an array", lambda x: max(x, 0.5)),
        ("takes an array for a plain number", float),
        ("loops over an array", list),
        ("makes an array of one", np.asarray),
        ("indexes an array", lambda x: x[x > 0]),
        ("uses np.tanh", np.tanh),
        ("uses np.cumsum on an array", np.cumsum),
        ("writes into an array of its own", lambda x: np.copyto(np.zeros(3), x)),
        ("uses .mean of an array", lambda x: x.mean()),
    ],
)
def test_what_no_program_can_say_is_refused_with_its_line(what: str, does: Any) -> None:
    with pytest.raises(Untraceable) as refused:
        does(value())
    assert what in str(refused.value)
    assert "tests/kernel/test_refusals.py:" in str(refused.value)


def test_a_model_that_branches_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def branching(self: Diplomacy) -> None:
        if self.variables["momentum"] > 0.5:
            self.variables["tension"] = 0.0

    monkeypatch.setattr(Diplomacy, "_recency", branching)
    with pytest.raises(Untraceable, match=r"test_refusals\.py:\d+ branches on an array"):
        Tracer(load_scenario("history")).traced()
