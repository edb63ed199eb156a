"""The kernel draws what NumPy draws: every stream of a world and of a month, bit for bit."""

from __future__ import annotations

from functools import cache
from typing import ClassVar

import numpy as np
import pytest
import wasmtime

from sim.kernel.compiled import Compiled
from sim.kernel.instance import ROWS, WORLDS, Code, Given
from sim.kernel.program import Program
from sim.kernel.wasm import Compilable, Module, MonthStream
from sim.model.streams import BLOCK_RUNS, Streams
from tests.kernel.helpers import scenario

MONTHS, RUNS = 5, 3000


@cache
def made() -> Compiled:
    """A model that does nothing but write down its draws."""
    program = Program()
    streams = (MonthStream("move/X"), MonthStream("chance/y", rows=3))
    rows = {
        f"{stream.name}:{row}": program.slot(f"u:{stream.name}:{row}")
        for stream in streams
        for row in range(stream.rows)
    }
    sums = {f"v:sum {name}": program.add("add", program.slot(f"v:sum {name}"), node) for name, node in rows.items()}
    compilable = Compilable(
        program=program, numbers=("unused",), world_streams=("parameter/a", "claim/b"), month_streams=streams,
        prepare={}, world={slot: program.constant(0) for slot in sums}, opening=tuple(sums),
        stages={"derive": {}, "odds": {}, "record": sums}, order=("events", "record"), variables=(), pairs=(),
        occasions=(), outcomes=("only",), columns={"class": program.constant(0)}, tops=(1.0,),
        finals={slot: program.slot(slot) for slot in sums},
        world_columns={name: program.slot(f"w:{name}") for name in ("parameter/a", "claim/b")},
    )  # fmt: skip
    module = Module(compilable)
    wasm = bytes(wasmtime.wat2wasm(module.text()))
    return Compiled(wasm, Code.of(wasm), module.layout())


@pytest.mark.parametrize("seed", [0, 2018, 2**32 + 5, 2**64 - 1, 2**128 - 1])
@pytest.mark.parametrize("first", [0, 128, BLOCK_RUNS - 256, 5 * BLOCK_RUNS + 1024])
def test_every_draw_is_numpys(seed: int, first: int) -> None:
    kernel = made()
    found = kernel.play_given(
        Given(np.zeros(1, np.float32), _empty_calendar(), MONTHS), seed, first, RUNS, ROWS | WORLDS
    )
    streams = Streams(seed, first % BLOCK_RUNS + RUNS, first // BLOCK_RUNS)
    skipped = first % BLOCK_RUNS
    for row, name in enumerate(("parameter/a", "claim/b")):
        np.testing.assert_array_equal(found.worlds[row], streams.world_uniforms(name)[skipped // 2 :])
    expected = []
    for name, rows in (("move/X", 1), ("chance/y", 3)):
        source = streams.monthly(name, rows)
        total = np.zeros((rows, skipped + RUNS), np.float32)
        for month in range(MONTHS):
            total += source.month(month)
        expected += list(total[:, skipped:])
    np.testing.assert_array_equal(found.values, np.stack(expected))


def _empty_calendar() -> bytes:
    begins = [4 * (2 + MONTHS) + 16 * month for month in range(MONTHS)]
    return np.array([0, 0, *begins, *[0] * (4 * MONTHS)], dtype=np.int32).tobytes()


def test_every_stream_of_the_case_is_drawn_by_the_kernel() -> None:
    from sim.kernel.tracer import Tracer
    from sim.model.diplomacy import Diplomacy

    class Listening(Streams):
        names: ClassVar[set[str]] = set()

        def world_uniforms(self, name: str) -> np.ndarray:
            self.names.add(name)
            return super().world_uniforms(name)

        def monthly(self, name: str, rows: int = 1) -> object:
            self.names.add(name)
            return super().monthly(name, rows)

    plan = scenario("history")
    model = Diplomacy(plan, runs=2, seed=1, streams=Listening(1, 2))
    while not model.finished:
        model.step()
    tracer = Tracer(plan)
    tracer.traced()
    assert Listening.names <= {*tracer.streams.world_streams, *tracer.streams.month_streams}
