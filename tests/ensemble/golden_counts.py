"""`python -m tests.ensemble.golden_counts`: outcome counts of four scenarios, and what NumPy computed them with."""

from __future__ import annotations

import json
from typing import Any

SCENARIOS = ("xi-first", "trump-first", "drawdown-gift", "no-china")
RUNS = 4096
SEED = 2018
LEVELS = ("X86_V4", "X86_V3", "AVX512_SKX", "AVX2")  # of NumPy 2.4 and of the NumPys before it


def dispatched() -> list[str]:
    """The processor features for which this NumPy has code of its own and which are on, in its order."""
    import numpy as np

    core: Any = getattr(np, "_core", None) or np.core
    features = core._multiarray_umath.__cpu_features__
    return [name for name in core._multiarray_umath.__cpu_dispatch__ if features[name]]


def level() -> str:
    """The highest level of processor features in use, `plain` where none is."""
    return next((name for name in LEVELS if name in dispatched()), "plain")


def counts() -> dict[str, dict[str, int]]:
    """Runs in each class at the end, by scenario."""
    from sim.ensemble.run import run
    from sim.inputs.scenario import load_scenario

    found = {}
    for name in SCENARIOS:
        ensemble = run(load_scenario(name), RUNS, SEED)
        found[name] = {
            outcome: int(count) for outcome, count in zip(ensemble.names.outcomes, ensemble.counts[-1], strict=True)
        }
    return found


def build() -> str:
    """NumPy's version as far as its results depend on it."""
    import numpy as np

    return "numpy-" + ".".join(np.__version__.split(".")[:2])


if __name__ == "__main__":
    print(json.dumps({"build": build(), "level": level(), "dispatched": dispatched(), "counts": counts()}))
