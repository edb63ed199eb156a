"""What a run of 10,000 spends its time on, from the start of the program to its last file.

    python -m tests.benchmarks.waterfall [SCENARIO]

Seconds by the clock, in the order in which the stages come; the rest is what lies between them. Here the charts are
imported by themselves, in a run beside the playing.
"""

from __future__ import annotations

import sys
from time import perf_counter

STARTED = perf_counter()

import contextlib  # noqa: E402 - the clock runs before anything is imported
import importlib  # noqa: E402
import io  # noqa: E402
import tempfile  # noqa: E402
from typing import Any  # noqa: E402

from sim.cli import main  # noqa: E402

STAGES = {
    "reading the scenario": "sim.commands.question.load_scenario",
    "playing": "sim.ensemble.saved_runs.run_into",
    "the answer in words": "sim.commands.run._answer",
    "tables": "sim.ensemble.saved_runs.write_tables",
    "charts and page": "sim.commands.run.draw_run",
}
IMPORTS = {"importing the commands": "sim.commands.run", "importing the charts": "sim.views.charts.style"}


def waterfall(scenario: str) -> dict[str, float]:
    """Seconds of each stage; those of the charts are without their import."""
    spent: dict[str, float] = {}

    def add(name: str, began: float) -> None:
        spent[name] = spent.get(name, 0.0) + perf_counter() - began

    def timed(name: str, path: str) -> None:
        module, _, function = path.rpartition(".")
        there = getattr(importlib.import_module(module), function)

        def call(*words: Any, **more: Any) -> Any:
            began = perf_counter()
            try:
                return there(*words, **more)
            finally:
                add(name, began)

        setattr(sys.modules[module], function, call)

    add("starting", STARTED)
    for name, module in IMPORTS.items():
        began = perf_counter()
        importlib.import_module(module)
        add(name, began)
    for name, path in STAGES.items():
        timed(name, path)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        assert main(["run", scenario, "--out", folder]) == 0
    spent["everything"] = perf_counter() - STARTED
    return spent


if __name__ == "__main__":
    for name, seconds in waterfall(*(sys.argv[1:] or ["history"])).items():
        print(f"  {name:24s} {seconds:6.2f} s")
