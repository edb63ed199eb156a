"""What a page embeds: its worlds as packed bits, and the numbers that its script starts from.

A column is one claim, or one shared cause, in every world: a bit a world, eight to a byte, base64. Ensembles of one
seed share most columns, so each is written once and referred to by its place; a shorter ensemble may be the beginning
of a longer one.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from math import hypot
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.analysis.compare import against_first
from sim.analysis.holm import LEVEL
from sim.analysis.paired import Difference
from sim.analysis.reweight import FEW_WORLDS, holding, reweight
from sim.analysis.worlds import world_means, worlds_of
from sim.ensemble.intervals import Z95, measure_means, outcome_probabilities, wilson
from sim.ensemble.result import Ensemble
from sim.errors import InputError, clean_text
from sim.views.page.report_worlds import Worlds

MOST_MEASURES = 2  # measures that follow the sliders
STEPS = 15  # between a measure's lowest and highest value: half a byte a world, an error far below a mean's noise
TITLE = 120  # characters
PRINTED = 6  # claims that fit on paper


class Columns:
    """Distinct packed columns, longest first, by their place."""

    def __init__(self) -> None:
        self._packed: list[bytes] = []
        self._places: dict[tuple[int, bytes], int] = {}

    def place(self, bits: npt.NDArray[np.bool_]) -> int:
        """Where these bits stand, as a column or as the beginning of one."""
        packed = np.packbits(bits).tobytes()
        whole = len(bits) // 8 * 8 == len(bits)
        key = (len(packed), packed)
        if key in self._places:
            return self._places[key]
        for place, longer in enumerate(self._packed if whole else ()):
            if longer.startswith(packed):
                return self._places.setdefault(key, place)
        self._packed.append(packed)
        return self._places.setdefault(key, len(self._packed) - 1)

    def written(self) -> list[str]:
        return [base64.b64encode(packed).decode("ascii") for packed in self._packed]


def page_data(runs: Sequence[Ensemble], embedded: Sequence[Sequence[Worlds]]) -> dict[str, Any]:
    """The JSON of a page: ``runs`` are what it opens with, ``embedded`` the worlds of each, by variant."""
    first = runs[0]
    ids = list(first.scenario.ledger.claims)
    columns = Columns()
    scenarios = [
        {
            "name": run.scenario.name,
            "title": clean_text(run.scenario.title, TITLE).rstrip("."),
            "ensembles": [
                _ensemble_data(worlds, run if place == 0 else None, columns) for place, worlds in enumerate(each)
            ],
        }
        for run, each in zip(runs, embedded, strict=True)
    ]
    return {
        "claims": ids,
        "causes": [
            {"name": group, "claims": [ids.index(id) for id in members]}
            for group, members in first.scenario.ledger.groups.items()
            if len(members) > 1
        ],
        "outcomes": [_told(rule, "name", "label", "says") for rule in first.scenario.case.outcomes],
        "variants": [_told(each.variant, "id", "label", "note") for each in embedded[0]],
        "scenarios": scenarios,
        "columns": columns.written(),
        "few_worlds": FEW_WORLDS,
        "measures": [first.scenario.case.measures[name].label for name in followed_measures(first)],
        "against": _against(runs),
        "holm": _thresholds(max(len(first.names.outcomes), MOST_MEASURES) * (len(runs) - 1)),
        "printed": PRINTED,
    }  # fmt: skip


def _thresholds(most: int) -> list[float]:
    """Of Holm's test: how many standard errors stand out with 1, 2, ... differences left to test."""
    return [NormalDist().inv_cdf(1 - LEVEL / (2 * left)) for left in range(1, most + 1)]


def _against(runs: Sequence[Ensemble]) -> list[dict[str, Any]]:
    """Each run against the first: errors of the differences, and which of them `compare` marks.

    Runs that are not paired have errors of their own, and nothing is marked beforehand.
    """
    measures = followed_measures(runs[0])
    try:
        found = against_first(*runs) if len(runs) > 1 else []
    except InputError:
        return [_unpaired(runs[0], each, measures) for each in runs[1:]]
    return [
        {
            "outcomes": _marks([one.outcomes[name] for name in runs[0].names.outcomes]),
            "measures": _marks([one.measures[name] for name in measures]),
        }
        for one in found
    ]


def _marks(differences: Sequence[Difference]) -> dict[str, Any]:
    return {"error": [each.se for each in differences], "told": [each.stands_out for each in differences]}


def _unpaired(one: Ensemble, two: Ensemble, measures: Sequence[str]) -> dict[str, Any]:
    ends, means = [outcome_probabilities(each) for each in (one, two)], [measure_means(each) for each in (one, two)]
    wide = [[(each[name].high - each[name].low) / (2 * Z95) for name in one.names.outcomes] for each in ends]
    noise = [[each[name].se for name in measures] for each in means]
    return {
        "outcomes": {"error": [hypot(*both) for both in zip(*wide, strict=True)], "told": None},
        "measures": {"error": [hypot(*both) for both in zip(*noise, strict=True)], "told": None},
    }


def _told(thing: object, *names: str) -> dict[str, str]:
    return {name: getattr(thing, name) for name in names}


def followed_measures(ensemble: Ensemble) -> list[str]:
    """The shown measures that always mean something, as many as the page has room for."""
    case = ensemble.scenario.case
    return [name for name, measure in case.measures.items() if measure.shown and measure.needs is None][:MOST_MEASURES]


def _ensemble_data(worlds: Worlds, run: Ensemble | None, columns: Columns) -> dict[str, Any]:
    """One ensemble; ``run`` is the one whose numbers are shown, by default itself."""
    ensemble = worlds.ensemble
    count = worlds_of(ensemble)
    return {
        "worlds": count,
        "credence": [claim.credence for claim in worlds.ledger.claims.values()],
        "drawn": [claim.credence for claim in ensemble.scenario.ledger.claims.values()],
        "holds": [columns.place(row[:count]) for row in ensemble.holds],
        "caused": [columns.place(row[:count]) for row in ensemble.caused],
        "ends": _packed_ends(ensemble, count),
        "measures": [_levels(ensemble, name) for name in followed_measures(ensemble)],
        "shown": _shown(run) if run else _weighted_back(worlds),
    }


def _packed_ends(ensemble: Ensemble, count: int) -> str:
    """First play + outcomes * second play, a byte a world (two with more than sixteen outcomes)."""
    outcomes = len(ensemble.names.outcomes)
    ends = ensemble.classes[-1, : 2 * count].astype(np.uint16)
    pairs = ends[0::2] + outcomes * ends[1::2]
    return _written(pairs.astype(np.uint8 if outcomes <= 16 else "<u2"))


def _levels(ensemble: Ensemble, name: str) -> dict[str, Any]:
    """A measure's mean over the two plays of each world, in STEPS steps from lowest to highest value; two a byte."""
    values = world_means(ensemble.measure(name)[: 2 * worlds_of(ensemble)])
    low, high = float(values.min()), float(values.max())
    steps = np.rint((values - low) * (STEPS / (high - low if high > low else 1.0))).astype(np.uint8)
    steps = np.append(steps, np.zeros(len(steps) % 2, np.uint8))
    return {"low": low, "high": high, "steps": STEPS, "bytes": _written(steps[0::2] * 16 + steps[1::2])}


def _weighted_back(worlds: Worlds) -> dict[str, Any]:
    """The same of worlds that were drawn at other credences than those they stand for."""
    ensemble = worlds.ensemble
    runs = 2 * worlds_of(ensemble)
    ends = [ensemble.classes[-1, :runs] == place for place in range(len(ensemble.names.outcomes))]
    values = world_means(np.stack([*ends, *(ensemble.measure(name)[:runs] for name in followed_measures(ensemble))]))
    own = {id: claim.credence for id, claim in worlds.ledger.claims.items()}
    found = reweight(holding(ensemble), values, own)
    shares = list(zip(found.means[: len(ends)].tolist(), found.se.tolist(), strict=False))
    effective = [p * (1 - p) / (se * se) if se > 0 else found.effective_worlds for p, se in shares]
    intervals = [wilson(p * n, n) for (p, _), n in zip(shares, effective, strict=True)]
    return {
        "probability": [p for p, _ in shares],
        "low": [low for low, _ in intervals],
        "high": [high for _, high in intervals],
        "effective": effective,
        "measures": found.means[len(ends) :].tolist(),
    }


def _written(array: npt.NDArray[Any]) -> str:
    return base64.b64encode(array.tobytes()).decode("ascii")


def _shown(ensemble: Ensemble) -> dict[str, Any]:
    """The run's own numbers; ``effective`` is how many independent runs its interval is worth."""
    found = outcome_probabilities(ensemble).values()
    means = ensemble.moments[0] / np.maximum(ensemble.moments[4], 1)
    return {
        "probability": [each.probability for each in found],
        "low": [each.low for each in found],
        "high": [each.high for each in found],
        "effective": [each.runs / (1 + max(each.assumptions or 0.0, 0.0)) for each in found],
        "measures": [float(means[ensemble.names.measures.index(name)]) for name in followed_measures(ensemble)],
    }
