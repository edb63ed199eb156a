"""The small case that Python and the page's script must agree on: ``python tests/page/make_case.py`` writes it anew.

Seven claims of which three restate one cause and two another, and 200 worlds; what is expected comes from
``sim/analysis/reweight.py``. One world column ends in the middle of a byte, so that packing is tested too.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np

from sim.analysis.reweight import Holding, effective_worlds, reweight, world_weights
from sim.ensemble.intervals import wilson
from sim.inputs.ledger import cause_credence

CASE = Path(__file__).parent / "reweight_case.json"
WORLDS, OUTCOMES = 203, 4
CREDENCES = {"a": 0.6, "b": 0.35, "c": 0.8, "d": 0.5, "e": 0.25, "f": 0.7, "g": 1.0}
MEMBERS = {"first-cause": ("a", "b", "c"), "second-cause": ("d", "e")}
SHARES = ((0.3, 812.5), (0.0, 40.0), (1.0, 40.0), (0.999, 3000.0))
ASKED: tuple[dict[str, float], ...] = (
    {},
    {"f": 0.05},
    {"a": 1.0, "f": 0.0},
    {"c": 0.0},
    {"a": 0.1, "b": 0.9, "c": 0.3, "d": 1.0, "e": 0.0, "f": 0.42},
)


def drawn_worlds() -> tuple[Holding, np.ndarray]:
    """Worlds drawn as the model draws them, and where their two plays end."""
    generator = np.random.Generator(np.random.PCG64(20180326))
    caused = np.zeros((len(MEMBERS), WORLDS), dtype=bool)
    holds = np.zeros((len(CREDENCES), WORLDS), dtype=bool)
    chance = dict.fromkeys(CREDENCES, 1.0)
    cause_of: dict[str, np.ndarray] = {claim: np.ones(WORLDS, dtype=bool) for claim in CREDENCES}
    for place, claims in enumerate(MEMBERS.values()):
        whole = cause_credence([CREDENCES[claim] for claim in claims])
        caused[place] = generator.random(WORLDS) < whole
        for claim in claims:
            chance[claim], cause_of[claim] = whole, caused[place]
    for row, (claim, credence) in enumerate(CREDENCES.items()):
        holds[row] = cause_of[claim] & (generator.random(WORLDS) < credence / chance[claim])
    leaning = holds[5] + holds[2] + (generator.random((2, WORLDS)) < 0.5)
    return Holding(CREDENCES, MEMBERS, holds, caused), np.minimum(leaning, OUTCOMES - 1)


def make() -> dict[str, Any]:
    worlds, ends = drawn_worlds()
    values = np.stack([(ends == outcome).mean(axis=0) for outcome in range(OUTCOMES)])
    plain = np.ones(WORLDS)
    expected = []
    for credences in ASKED:
        weights = world_weights(worlds, credences)
        found = reweight(worlds, values, credences)
        expected.append({
            "credence": [{**CREDENCES, **credences}[claim] for claim in CREDENCES],
            "weights": weights.tolist(),
            "effective": effective_worlds(weights),
            "means": found.means.tolist(),
            "errors": [difference_error(value, plain, weights) for value in values],
        })  # fmt: skip
    return {
        "about": "made by tests/page/make_case.py; both languages must find what is expected here",
        "data": {
            "outcomes": [{"name": f"outcome-{place}"} for place in range(OUTCOMES)],
            "causes": [{"claims": [list(CREDENCES).index(claim) for claim in claims]} for claims in MEMBERS.values()],
            "columns": [_text(np.packbits(row)) for row in (*worlds.holds, *worlds.caused)],
        },
        "ensemble": {
            "worlds": WORLDS,
            "credence": list(CREDENCES.values()),
            "drawn": list(CREDENCES.values()),
            "holds": list(range(len(CREDENCES))),
            "caused": [len(CREDENCES) + place for place in range(len(MEMBERS))],
            "ends": _text((ends[0] + OUTCOMES * ends[1]).astype(np.uint8)),
            "measures": [{"low": 1.0, "high": 4.0, "steps": 15, "bytes": _text(np.array([0x0F, 0xF0] * 51, np.uint8))}],
        },
        "expected": expected,
        "wilson": [[share, n, *wilson(share * n, n)] for share, n in SHARES],
    }  # fmt: skip


def difference_error(values: np.ndarray, one: np.ndarray, two: np.ndarray) -> float:
    """sqrt(sum of squares of what each world adds to the difference of two weighted means)."""
    parts = [weights * (values - (weights * values).sum() / weights.sum()) / weights.sum() for weights in (one, two)]
    return float(np.sqrt(((parts[1] - parts[0]) ** 2).sum()))


def _text(array: np.ndarray) -> str:
    return base64.b64encode(array.tobytes()).decode("ascii")


if __name__ == "__main__":
    CASE.write_text(json.dumps(make()) + "\n", encoding="utf-8")
