"""Findings as JSON: named fields, null for a number that is not finite; and a run as one document."""

import json
from typing import Any

from sim.analysis.paired import Difference
from sim.analysis.variance import Sources, sources_of_spread
from sim.ensemble.result import Ensemble
from sim.ensemble.tables import core, rounded
from sim.inputs.schedule import month_name
from sim.views.wording import NOT_A_FORECAST


def as_text(document: Any) -> str:
    """A document as JSON text in plain ASCII, which any terminal and any program can read."""
    return json.dumps(_without_nan(document), indent=2, allow_nan=False)


def _without_nan(value: Any) -> Any:
    """The same data with every number rounded, and null where it is not finite."""
    if isinstance(value, dict):
        return {key: _without_nan(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nan(inner) for inner in value]
    return rounded(value) if isinstance(value, float) else value


def fields(thing: object, names: str) -> dict[str, Any]:
    """The named fields of an object, in this order; ``key=field`` where the key differs from the field's name.

    >>> fields(1 + 2j, "real imaginary=imag")
    {'real': 1.0, 'imaginary': 2.0}
    """
    return {key: getattr(thing, field or key) for key, _, field in (name.partition("=") for name in names.split())}


def run_document(ensemble: Ensemble) -> dict[str, Any]:
    """What `run --json` holds. Null: shares where there is no variance, measures where they mean nothing."""
    scenario, numbers, sources = ensemble.scenario, core(ensemble), sources_of_spread(ensemble)
    spread = None if sources is None else sources_data(sources)
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
        "uncertainty": {**numbers["uncertainty"], "of_the_spread_over_all_outcomes": spread},
        "measures": numbers["measures"],
        "not_a_forecast": NOT_A_FORECAST,
    }


def sources_data(found: Sources | None) -> dict[str, Any]:
    """Shares of the variance over runs and their standard errors; null where there are too few worlds."""
    parts: dict[str, Any] = dict.fromkeys(("claims", "other_numbers", "together", "chance"))
    if found is not None:
        parts = fields(found, "claims other_numbers=numbers together chance")
    shares = {name: part.share if part else None for name, part in parts.items()}
    return shares | {"se": {name: part.se if part else None for name, part in parts.items()}}


def difference_data(one: Difference) -> dict[str, Any]:
    """A paired difference as plain data."""
    return fields(one, "difference se low high worlds_changed=changed p_holm=p stands_out")
