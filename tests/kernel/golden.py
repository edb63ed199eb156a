"""`python -m tests.kernel.golden --write`: keep the outcome counts of four scenarios; without it they are printed.

Run it when the model changed on purpose; look at the difference first. There is one set for every machine.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from sim.ensemble.block import play_block
from sim.inputs.scenario import load_scenario

GOLDEN = Path(__file__).with_name("golden.json")
SCENARIOS = ("xi-first", "trump-first", "drawdown-gift", "no-china")
RUNS = 4096
SEED = 2018


def counts() -> dict[str, dict[str, int]]:
    """Runs in each class at the end, by scenario, as the compiled model plays them."""
    found = {}
    for name in SCENARIOS:
        plan = load_scenario(name)
        ends = play_block(plan, SEED, 0, RUNS, keep_rows=False, who_gained=False).counts[-1]
        found[name] = {rule.name: int(count) for rule, count in zip(plan.case.outcomes, ends, strict=True)}
    return found


def dispatched() -> list[str]:
    """The processor features for which this NumPy has code of its own and which are on."""
    import numpy as np

    core: Any = getattr(np, "_core", None) or np.core
    features = core._multiarray_umath.__cpu_features__
    return [name for name in core._multiarray_umath.__cpu_dispatch__ if features[name]]


if __name__ == "__main__":
    if "--write" in sys.argv:
        GOLDEN.write_text(json.dumps(counts(), indent=1) + "\n", encoding="utf-8")
    else:
        print(json.dumps({"counts": counts(), "dispatched": dispatched()}))
