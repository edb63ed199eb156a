"""A run as one JSON document: classes with their intervals, where the spread comes from, measures."""

from __future__ import annotations

import json
from typing import Any

from sim.analysis.variance import sources_of_spread
from sim.ensemble.result import Ensemble
from sim.ensemble.tables import core
from sim.inputs.schedule import month_name
from sim.views.rounding import fields
from sim.views.tables.explain import sources_data
from sim.views.wording import NOT_A_FORECAST


def run_document(ensemble: Ensemble) -> dict[str, Any]:
    """What `run --json` holds. Null: shares where there is no variance, measures where they mean nothing."""
    scenario = ensemble.scenario
    numbers = core(ensemble)
    return {
        **fields(scenario, "scenario=name title question"),
        "runs": ensemble.runs,
        "worlds": (ensemble.runs + 1) // 2,
        **fields(ensemble, "seed version"),
        "files_hash": numbers["files_hash"],
        "months": scenario.months,
        "first_month": month_name(0, scenario.first_month),
        **fields(scenario, "coding balanced=balance set=overrides changes turned_off imposed"),
        "outcomes": numbers["outcomes"],
        "uncertainty": {**numbers["uncertainty"], "of_the_spread_over_all_outcomes": _sources(ensemble)},
        "measures": numbers["measures"],
        "not_a_forecast": NOT_A_FORECAST,
    }


def as_text(document: Any) -> str:
    """A document as JSON text in plain ASCII, which any terminal and any program can read."""
    return json.dumps(document, indent=2, allow_nan=False)


def _sources(ensemble: Ensemble) -> dict[str, Any] | None:
    """The split of the spread that the terminal gives in a sentence."""
    sources = sources_of_spread(ensemble)
    return None if sources is None else sources_data(sources)
