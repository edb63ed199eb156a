"""A run as one JSON document: classes with their intervals, where the spread comes from, measures."""

from __future__ import annotations

import json
from typing import Any

from sim.analysis.estimates import Mean, Probability, measure_means, outcome_probabilities
from sim.analysis.variance import sources_of_spread
from sim.ensemble.identity import files_hash
from sim.ensemble.result import Ensemble
from sim.inputs.schedule import month_name
from sim.views.wording import NOT_A_FORECAST

DIGITS = 8  # of any number: beyond what a float32 sum is good for


def run_document(ensemble: Ensemble) -> dict[str, Any]:
    """What `run --json` holds. Null: shares where there is no variance, measures where they mean nothing."""
    scenario = ensemble.scenario
    found = outcome_probabilities(ensemble)
    assumed = {name: _rounded(each.assumptions) for name, each in found.items()}
    chance = {
        name: None if each.assumptions is None else _rounded(1 - each.assumptions) for name, each in found.items()
    }
    return {
        "scenario": scenario.name,
        "title": scenario.title,
        "question": scenario.question,
        "runs": ensemble.runs,
        "worlds": (ensemble.runs + 1) // 2,
        "seed": ensemble.seed,
        "version": ensemble.version,
        "files_hash": files_hash(scenario),
        "months": scenario.months,
        "first_month": month_name(0, scenario.first_month),
        "coding": scenario.coding,
        "balanced": scenario.balance,
        "set": list(scenario.overrides),
        "changes": list(scenario.changes),
        "turned_off": list(scenario.turned_off),
        "imposed": list(scenario.imposed),
        "outcomes": {name: _outcome(each) for name, each in found.items()},
        "uncertainty": {
            "assumptions": assumed,
            "chance": chance,
            "of_the_spread_over_all_outcomes": _sources(ensemble),
        },
        "measures": _measures(ensemble),
        "not_a_forecast": NOT_A_FORECAST,
    }


def as_text(document: Any) -> str:
    """One JSON text in plain ASCII, so that any terminal and any reader takes it."""
    return json.dumps(document, indent=2, allow_nan=False)


def _outcome(found: Probability) -> dict[str, Any]:
    return {
        "count": found.count,
        "probability": _rounded(found.probability),
        "low": _rounded(found.low),
        "high": _rounded(found.high),
    }


def _measures(ensemble: Ensemble) -> dict[str, Any]:
    """Every measure at the end of the run; those about a summit that never takes place are null."""
    scenario = ensemble.scenario
    held = {summit.pair for summit in scenario.summits if summit.month <= scenario.months}
    needs = {name: measure.needs for name, measure in scenario.case.measures.items()}
    return {
        name: _measure(each)
        if needs.get(name) is None or needs[name] in held
        else {"mean": None, "low": None, "high": None}
        for name, each in measure_means(ensemble).items()
    }


def _measure(found: Mean) -> dict[str, Any]:
    return {"mean": _rounded(found.mean), "low": _rounded(found.low), "high": _rounded(found.high)}


def _sources(ensemble: Ensemble) -> dict[str, Any] | None:
    """The split that the terminal tells in a sentence."""
    sources = sources_of_spread(ensemble)
    if sources is None:
        return None
    claims = None if sources.claims is None else _rounded(sources.claims)
    others = None if sources.claims is None else _rounded(sources.others)
    return {"claims": claims, "other_assumptions": others, "chance": _rounded(sources.chance)}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
