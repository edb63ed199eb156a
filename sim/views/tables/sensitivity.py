"""`sensitivity` as JSON and as CSV."""

from __future__ import annotations

from typing import Any

from sim.analysis.sensitivity import Sensitivity
from sim.analysis.sobol import Indices
from sim.analysis.structural_variants import Structure
from sim.analysis.variance import ScenarioFactor
from sim.ensemble.tables import table
from sim.views.rounding import fields
from sim.views.text.sensitivity import Findings, flagged, sentence
from sim.views.wording import NOT_A_FORECAST


def sensitivity_document(found: Findings) -> dict[str, Any]:
    """What `sensitivity --json` holds: shares of the variance due to assumptions, null where they cannot be known."""
    alone = found.alone
    return {
        "scenario": alone.scenario,
        "worlds": alone.worlds,
        "seed": alone.seed,
        "sentence": sentence(found),
        "assumptions": dict(zip(alone.quantities, alone.assumptions, strict=True)),
        "first_order": _rows(alone),
        "total": None if found.totals is None else _totals(found.totals, alone.quantities),
        "over": None if found.over is None else _over(found.over),
        "structure": None if found.structure is None else _structure(found.structure, found),
        "not_a_forecast": NOT_A_FORECAST,
    }


def _rows(alone: Sensitivity) -> list[dict[str, Any]]:
    return [
        {
            "factor": factor,
            "quantity": name,
            "share": float(alone.share[f, q]),
            "se": float(alone.se[f, q]),
            "stands_out": alone.stands_out(f, q),
        }
        for q, name in enumerate(alone.quantities)
        for f, factor in enumerate(alone.factors)
    ]


def _totals(totals: Indices, quantities: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {
            "factor": group,
            "quantity": name,
            "total": float(totals.total[g, q]),
            "total_se": float(totals.total_se[g, q]),
            "first": float(totals.first[g, q]),
            "first_se": float(totals.first_se[g, q]),
            "worlds": totals.worlds,
        }
        for q, name in enumerate(quantities)
        for g, group in enumerate(totals.groups)
    ]


def _over(over: ScenarioFactor) -> dict[str, Any]:
    shares = {
        name: fields(each, "scenario se with_assumptions assumptions chance")
        | {"means": dict(zip(over.scenarios, each.means, strict=True))}
        for name, each in over.splits.items()
    }
    return fields(over, "scenarios worlds") | {"shares": shares}


def _structure(found: Structure, findings: Findings) -> dict[str, Any]:
    variants = [
        fields(each, "variant=name title likeliest probability")
        | {
            "largest_shift": {"outcome": each.shift[0], "by": each.shift[1]},
            "flags": each.flags(found.likeliest),
            "no_longer_told_apart": each.lost,
        }
        for each in found.variations
    ]
    said = {"variants": variants, "said": flagged(found, findings.scenario)}
    return fields(found, "against likeliest probability runs") | said


def sensitivity_csv(found: Findings) -> bytes:
    """A row for each factor and quantity: first-order shares, and totals where they were asked for."""
    alone, totals = found.alone, found.totals
    header = ("factor", "quantity", "first_order", "first_order_se", "p_holm", "total", "total_se")
    place = {} if totals is None else {group: place for place, group in enumerate(totals.groups)}

    def total(factor: str, q: int) -> tuple[float | None, float | None]:
        if totals is None or factor not in place:
            return None, None
        return float(totals.total[place[factor], q]), float(totals.total_se[place[factor], q])

    rows: list[tuple[object, ...]] = [
        (factor, name, float(alone.share[f, q]), float(alone.se[f, q]), float(alone.p[f, q]), *total(factor, q))
        for f, factor in enumerate(alone.factors)
        for q, name in enumerate(alone.quantities)
    ]
    rows += [
        (group, name, float(totals.first[g, q]), float(totals.first_se[g, q]), None, *total(group, q))
        for group, g in place.items() if totals is not None and "/" not in group
        for q, name in enumerate(alone.quantities)
    ]  # fmt: skip
    return table(header, rows)
