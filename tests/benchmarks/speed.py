"""How fast the model runs, both sides of every comparison in one go, as the table of goals.

    python -m tests.benchmarks.speed [--runs N]

The compiled model against the Mesa model that it was traced from, in turns, medians; commands in fresh processes with
and without wasmtime (which is how they fall back on Mesa), each with its own number of runs or with N; one Mesa model a
run. Times are of this machine as it is now: if it is shared or noisy, so are they.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from sim.ensemble.block import COMPUTED_RUNS, play_block
from sim.ensemble.signals_and_memory import keep_freed_memory
from sim.inputs.scenario import Scenario, load_scenario
from sim.kernel.compiled import compiled
from sim.model.diplomacy import Diplomacy
from tests.class_of_students import position

SINGLE_MODELS = 8
REPEATS = 5
COLD_STARTS = 3
STUDENTS = 30
COMMANDS = {
    "classroom": ["classroom", "{class}"],
    "hindcast": ["hindcast", "history"],
    "sensitivity": ["sensitivity", "history", "--over", "lam,a0"],
    "flip": ["flip", "history", "xi-first"],
    "game": ["game", "troops"],
}
WITHOUT = "import sys, sim.kernel.compiled as c; {} from sim.cli import main; main()"
"""What a process runs; between the braces wasmtime is made to be missing."""


def play(model: Diplomacy) -> None:
    model.datacollector = None
    while not model.finished:
        model.step()


def seconds(*works: Callable[[], object]) -> list[float]:
    """Median processor time of each, taken in turns: what other people's work does to the clock stays out."""
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(REPEATS):
        for work, mine in zip(works, taken, strict=True):
            began = process_time()
            work()
            mine.append(process_time() - began)
    return [median(mine) for mine in taken]


def blocks(plan: Scenario, who_gained: bool) -> tuple[float, float]:
    """Seconds of one block by the compiled model and by Mesa's."""
    engines = (plan, replace(plan, engine="mesa"))
    works = [lambda each=each: play_block(each, 1, 0, COMPUTED_RUNS, who_gained=who_gained) for each in engines]
    one, two = seconds(*works)
    return one, two


def stages_alone(plan: Scenario) -> tuple[float, float]:
    """Seconds of the same without statistics and rows."""
    model = compiled(plan)
    works = (
        lambda: model.play(plan, 1, 0, COMPUTED_RUNS),
        lambda: play(Diplomacy(plan, runs=COMPUTED_RUNS, seed=1)),
    )
    one, two = seconds(*works)
    return one, two


def one_model_a_run(plan: Scenario) -> float:
    """Seconds a run when every run is a Mesa model of its own."""
    play(Diplomacy(plan, runs=1, seed=0))
    began = process_time()
    for seed in range(SINGLE_MODELS):
        play(Diplomacy(plan, runs=1, seed=seed))
    return (process_time() - began) / SINGLE_MODELS


def stage_shares(plan: Scenario) -> dict[str, float]:
    """Share of the Mesa model's time in drawing worlds and in each stage of a month."""
    began = perf_counter()
    model = Diplomacy(plan, runs=COMPUTED_RUNS, seed=1)
    spent = {"drawing worlds": perf_counter() - began}

    def timed(name: str, stage: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            start = perf_counter()
            stage()
            spent[name] = spent.get(name, 0.0) + perf_counter() - start

        return run

    model._stages = {name: timed(name, stage) for name, stage in model._stages.items()}
    play(model)
    total = sum(spent.values())
    return {name: each / total for name, each in spent.items()}


def commands(folder: Path, runs: int | None) -> Iterator[tuple[str, float, float]]:
    """Name of each command, its processor time with the compiled model and with Mesa's."""
    students = folder / "class"
    students.mkdir()
    for student in range(STUDENTS):
        text = position(**{"both-or-neither": f"0.{student:02}", "trade-talks-linkage": f"0.{99 - student}"})
        (students / f"student-{student:02}.yaml").write_text(text, encoding="utf-8")
    for name, words in COMMANDS.items():
        line = [word.format(**{"class": students}) for word in words] + ([] if runs is None else ["-n", str(runs)])
        taken = [_processor_time(line, folder / str(place), without) for place, without in enumerate((False, True))]
        yield name, taken[0], taken[1]


def _processor_time(words: list[str], out: Path, without_wasmtime: bool) -> float:
    program = WITHOUT.format("c._wasmtime_version = lambda: None;" if without_wasmtime else "")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-c", program, *words, "--out", str(out)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def first_compile(folder: Path) -> tuple[float, float]:
    """Processor time of a process that compiles and of one that imports Mesa."""
    program = "from sim.inputs.scenario import load_scenario; {}load_scenario('history')"
    compiles = "from sim.kernel.compiled import compiled; compiled(load_scenario('history')); "
    spent = [_of_program(program.format(more), folder) for more in (compiles, "")]
    mesa = _of_program("import mesa", folder) - _of_program("pass", folder)
    return spent[0] - spent[1], mesa


def _of_program(program: str, folder: Path) -> float:
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / f"cache-{perf_counter()}")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cold_start(folder: Path) -> tuple[tuple[float, float], tuple[float, float]]:
    """Median seconds of the bare imports, and of a cold run of 10,000: to its table, and to its last file.

    Taken in turns; beside the last file stand the imports of matplotlib too.
    """
    works: tuple[Callable[[], float], ...] = (
        lambda: _clock("import numpy, mesa, yaml"),
        lambda: _until_the_table(folder),
        lambda: _clock("import numpy, mesa, yaml, matplotlib"),
        lambda: _clock(WITHOUT.format(""), "run", "history", "--fresh", "--out", str(folder)),
    )
    taken = [[work() for work in works] for _ in range(COLD_STARTS)]
    bare, table, drawing, everything = (median(each) for each in zip(*taken, strict=True))
    return (table, bare), (everything, drawing)


def _clock(program: str, *words: str) -> float:
    began = perf_counter()
    subprocess.run(
        [sys.executable, "-c", program, *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return perf_counter() - began


def _until_the_table(folder: Path) -> float:
    words = ["run", "history", "-n", "10000", "--fresh", "--no-charts", "--out", str(folder)]
    began = perf_counter()
    with subprocess.Popen(
        [sys.executable, "-m", "sim", *words],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:  # fmt: skip
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith(b"stalemate"):  # the last row of the table
                taken = perf_counter() - began
                process.stdout.read()
                return taken
    raise RuntimeError("no table was printed")


def say(what: str, compiled: float, mesa: float, goal: str) -> None:
    print(f"{what:58s} {compiled:8.3f} {mesa:8.3f} {mesa / compiled:7.2f} {compiled / mesa:7.2f}   {goal}", flush=True)


def main(runs: int | None) -> None:
    keep_freed_memory()
    plan = load_scenario("history")
    print(f"history, {len(plan.ledger.claims)} claims, {plan.months + 1} months, blocks of {COMPUTED_RUNS:,} runs")
    print("processor seconds, in turns, medians; on a shared machine they move by a third from one go to the next\n")
    print(f"{'':58s} {'compiled':>8s} {'mesa':>8s} {'times':>7s} {'share':>7s}   goal")
    without, whole, alone = blocks(plan, False), blocks(plan, True), stages_alone(plan)
    say("a block with draws, statistics and rows", *without, "at least 2 times")
    say("the same with what the summits gained", *whole, "")
    say("the model alone, draws in", *alone, "at least 3.5 times")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for command, one, two in commands(folder, runs):
            say(f"summitry {command}", one, two, "at most .6 of it")
        compiles, mesa = first_compile(folder)
        say("first compile, against importing Mesa", compiles, mesa, "at most 2 of it")
        table, everything = cold_start(folder)
        say("cold run of 10,000 to its table (clock), against imports", *table, "at most 1 of it")
        say("the same to its last file, matplotlib imported too", *everything, "at most 3 of it")
    print("\na run of 10,000 by the clock", flush=True)
    subprocess.run([sys.executable, "-m", "tests.benchmarks.waterfall"], check=True)
    rates = [COMPUTED_RUNS / each for each in (without[0], alone[0])]
    print(f"\ncompiled: {rates[0]:,.0f} runs/s of a block, {rates[1]:,.0f} of the model alone")
    print(f"one Mesa model a run: {1 / one_model_a_run(plan):,.1f} runs/s")
    print("\nshare of the Mesa model's time")
    for name, share in stage_shares(plan).items():
        print(f"  {name:20s} {100 * share:5.1f}%")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Both sides of every comparison in one go.")
    parser.add_argument("--runs", type=int, help="runs of each command; without it those that the command would play")
    main(parser.parse_args().runs)
