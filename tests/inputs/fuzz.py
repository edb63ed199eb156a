"""Mutated copies of every shipped YAML: whatever is done to a file, it is refused in words or it loads.

    python -m tests.inputs.fuzz --count 20000 --seed 1

prints how many were refused and how many loaded, the slowest and the memory used; it stops at the first traceback, at a
file that takes more than two seconds, and above 500 MB. The test suite does 150 (``test_fuzz.py``).
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sim.errors import InputError
from sim.inputs.check import check_files
from sim.inputs.scenario import Scenario, load_scenario

ROOT = Path(__file__).resolve().parent.parent.parent
MOST_SECONDS = 2.0
MOST_MEGABYTES = 500
PLAYED = 10  # of the scenarios that load, one in so many is also played a little
ODD = (
    "0777",
    "1:30",
    ".inf",
    ".nan",
    "1e400",
    "-1e400",
    "yes",
    "NO",
    "off",
    "~",
    "null",
    "''",
    "[]",
    "{}",
    "[[[[[]]]]]",
    "9" * 400,
    "0x1F",
    "-0.0",
    "1e-400",
    "2018-13",
    "0000-00",
    "9999-12",
    "-1",
    "1.0000001",
    "*a",
    "&a b",
    "!!python/name:os",
    "!x y",
    "<<",
    "\x00",
    "\t",
    "\x1b[31m",
    "<script>",
    "=cmd()",
    "$x^2$",
    "\u202e",
    "é" * 50,
    "x" * 5000,
    "((((1",
    "1/0",
    "max()",
    "min(1,)",
    "a.b.c",
    "leverage.X.Y",
    "tests",
    "true",
    "1e5",
    "{low: 1, mode: 0, high: 2}",
    "{low: 0, high: 1}",
    "{credence: 2}",
    "first",
    "2018-03",
    "DPRK",
    "[DPRK, DPRK]",
    "../../etc/passwd",
    "/etc/passwd",
    "baseline",
)
Mutation = Callable[[random.Random, list[str]], list[str]]


@dataclass
class Tally:
    """What came of it."""

    refused: int = 0
    loaded: int = 0
    slowest: float = 0.0
    slowest_file: str = ""


def shipped() -> list[str]:
    """Every YAML of the shipped case, by its name in the case folder."""
    files = [*ROOT.glob("seeds/*.yaml"), *ROOT.glob("scenarios/**/*.yaml")]
    return sorted(path.relative_to(ROOT).as_posix() for path in files if path.parent.name != "records")


def odd_value(dice: random.Random, lines: list[str]) -> list[str]:
    place = dice.randrange(len(lines))
    key, colon, _ = lines[place].partition(": ")
    lines[place] = f"{key}{colon or ': '}{dice.choice(ODD)}"
    return lines


def odd_word(dice: random.Random, lines: list[str]) -> list[str]:
    place = dice.randrange(len(lines))
    words = lines[place].split(" ")
    words[dice.randrange(len(words))] = dice.choice(ODD)
    lines[place] = " ".join(words)
    return lines


def lost_line(dice: random.Random, lines: list[str]) -> list[str]:
    del lines[dice.randrange(len(lines))]
    return lines


def double_line(dice: random.Random, lines: list[str]) -> list[str]:
    place = dice.randrange(len(lines))
    lines.insert(dice.randrange(len(lines)), lines[place])
    return lines


def moved_indent(dice: random.Random, lines: list[str]) -> list[str]:
    place = dice.randrange(len(lines))
    lines[place] = " " * dice.randrange(9) + lines[place].lstrip()
    return lines


def wrong_letter(dice: random.Random, lines: list[str]) -> list[str]:
    place = dice.randrange(len(lines))
    at = dice.randrange(len(lines[place]) + 1)
    letter = chr(dice.choice((dice.randrange(32, 127), dice.randrange(0, 0x3000), dice.randrange(0, 256))))
    lines[place] = lines[place][:at] + letter + lines[place][at + dice.randrange(2) :]
    return lines


def cut_short(dice: random.Random, lines: list[str]) -> list[str]:
    return lines[: dice.randrange(1, len(lines) + 1)]


def swapped(dice: random.Random, lines: list[str]) -> list[str]:
    one, two = dice.randrange(len(lines)), dice.randrange(len(lines))
    lines[one], lines[two] = lines[two], lines[one]
    return lines


MUTATIONS: tuple[Mutation, ...] = (
    odd_value,
    odd_value,
    odd_word,
    odd_word,
    lost_line,
    double_line,
    moved_indent,
    wrong_letter,
    wrong_letter,
    cut_short,
    swapped,
)


def mutated(dice: random.Random, text: str) -> str:
    """The text with one to four things done to it."""
    lines = text.split("\n")
    for _ in range(dice.choice((1, 1, 1, 2, 3, 4))):
        lines = dice.choice(MUTATIONS)(dice, lines) or [""]
    return "\n".join(lines)


def fuzz(count: int, seed: int) -> Tally:
    """Mutate ``count`` files. Raises AssertionError for a hang or too much memory, and whatever a defect raises."""
    tally, dice, names = Tally(), random.Random(seed), shipped()
    with tempfile.TemporaryDirectory() as folder:
        case = Path(folder)
        for part in ("seeds", "scenarios"):
            shutil.copytree(ROOT / part, case / part)
        for turn in range(count):
            name = names[turn % len(names)]
            original = (ROOT / name).read_text(encoding="utf-8")
            path = case / name
            path.write_text(mutated(dice, original), encoding="utf-8", errors="surrogatepass")
            _try(path, case, tally)
            path.write_text(original, encoding="utf-8")
    return tally


def _try(path: Path, case: Path, tally: Tally) -> None:
    started = time.process_time()
    faults = check_files([path], case)
    scenario = None
    if not faults and path.parent.name in ("scenarios", "variants"):
        try:
            scenario = load_scenario(path, case=case)
        except InputError as error:
            raise AssertionError(f"{path.name} passes the check and does not load: {error}") from error
    took = time.process_time() - started
    tally.refused += bool(faults)
    tally.loaded += not faults
    if took > tally.slowest:
        tally.slowest, tally.slowest_file = took, path.name
    assert took < MOST_SECONDS, f"{path.name}: {took:.1f} s of CPU\n{path.read_text(encoding='utf-8')}"
    if scenario is not None and tally.loaded % PLAYED == 0:
        play_a_little(scenario)
    assert peak_megabytes() < MOST_MEGABYTES, f"{path.name}: {peak_megabytes():.0f} MB"


def play_a_little(scenario: Scenario) -> None:
    """What loads must also play, without a warning and without a number that is none."""
    from sim.ensemble.block import play_block

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        block = play_block(replace(scenario, months=min(scenario.months, 6)), seed=1, first_run=0, runs=64)
    assert not np.isinf(block.values).any(), scenario.name  # NaN where a measure says nothing


def peak_megabytes() -> float:
    """Most memory that this program has held, as Linux tells it; 0 elsewhere.

    ``ru_maxrss`` would count what its parent held before the program was started.
    """
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1e3 for line in lines if line.startswith("VmHWM:")), 0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    tally = fuzz(asked.count, asked.seed)
    print(
        f"{asked.count:,} mutated files of seed {asked.seed}: {tally.refused:,} refused in words, "
        f"{tally.loaded:,} loaded, "
        f"no traceback; slowest {tally.slowest:.2f} s of CPU ({tally.slowest_file}); peak {peak_megabytes():.0f} MB"
    )


if __name__ == "__main__":
    main()
