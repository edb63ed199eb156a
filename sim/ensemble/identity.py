"""What makes two runs the same run: files, options, seed, length and the program that computes them."""

import json
import platform
from collections.abc import Sequence
from hashlib import blake2b, sha256
from typing import Any

from sim.defaults import VERSION
from sim.inputs.scenario import Scenario
from sim.kernel.cache import hash_of_program
from sim.kernel.compiled import engine_of

_COMPUTES = (
    "inputs/*.py",
    "model/*.py",
    "kernel/*.py",
    "kernel/*.wat",
    "ensemble/block.py",
    "ensemble/finished_blocks.py",
)  # what a result depends on


def files_hash(scenario: Scenario) -> str:
    """SHA-256 over the names and hashes of every file that was read, in hexadecimal."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in scenario.files)
    return sha256(lines.encode()).hexdigest()


def engine_hash() -> str:
    """Hash of the program text that results depend on, so that a changed rule in ``sim/`` gives fresh results."""
    return hash_of_program(*_COMPUTES)


def program_hash() -> str:
    """Hash of all program text, so that a changed way to answer a question gives a fresh answer."""
    return hash_of_program("**/*.py")


def scenario_identity(scenario: Scenario) -> dict[str, Any]:
    """What a result depends on besides its seed and its number of runs, as plain JSON data."""
    return {
        "version": VERSION,
        "engine": engine_hash(),
        "plays": engine_of(scenario),
        "scenario": scenario.name,
        "files": [list(file) for file in scenario.files],
        "set": list(scenario.overrides),
        "months": scenario.months,
    }


def run_identity(scenario: Scenario, runs: int, seed: int) -> dict[str, Any]:
    """What identifies a finished run, as plain JSON data."""
    return {**scenario_identity(scenario), "runs": runs, "seed": seed}


def common_identity(scenarios: Sequence[Scenario], seed: int) -> dict[str, Any]:
    """What identifies the comparison of several scenarios, as plain JSON data."""
    return {"several": [scenario_identity(each) for each in scenarios], "seed": seed}


def unfinished_key(scenario: Scenario, runs: int, seed: int) -> str:
    """A key for unfinished work; it includes the machine, since all its parts must agree to the last bit."""
    import numpy as np

    bits = [np.__version__, platform.machine(), platform.node(), platform.python_implementation()]
    return short_hash([run_identity(scenario, runs, seed), bits])


def short_hash(data: Any) -> str:
    """Sixteen hexadecimal digits for any JSON data."""
    return blake2b(json.dumps(data, sort_keys=True).encode(), digest_size=8).hexdigest()
