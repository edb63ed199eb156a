"""`explain` as JSON and as CSV, with every effect."""

from __future__ import annotations

from typing import Any

from sim.analysis.explain import Explanation, Finding
from sim.analysis.ledger_variants import LedgerEffect, LedgerEffects
from sim.analysis.paired import Difference
from sim.analysis.variance import Sources
from sim.ensemble.tables import rounded, table
from sim.inputs.scenario import Scenario
from sim.views.rounding import fields, without_nan
from sim.views.text.explain import cited
from sim.views.wording import NOT_A_FORECAST


def explain_document(found: Explanation) -> dict[str, Any]:
    """What `explain --json` holds; a number that these worlds cannot show is null."""
    return {
        **_about(found.scenario, found),
        "by": "claim",
        "effects": [_effect(each, "claim", "outcome") for each in found.effects],
        "measures": [_effect(each, "claim", "measure") for each in found.measures],
        "causes": [_effect(each, "cause", "quantity") for each in found.causes],
        "moved": {name: rounded(value) for name, value in found.moved.items()},
        "no_measurable_effect": list(found.quiet),
        "moves_at_most": {name: rounded(bound) for name, bound in found.quiet.items()},
        "not_told_apart": list(found.fixed),
        "shares": {name: sources_data(each) for name, each in found.shares.items()},
        "tests": {
            "effects": found.tests[0],
            "measures": found.tests[1],
            "causes": found.tests[2],
            "adjusted_by": "Holm",
        },
        "not_a_forecast": NOT_A_FORECAST,
    }


def reruns_document(found: LedgerEffects) -> dict[str, Any]:
    """What `explain --by ... --json` holds: paired differences, the variant minus the unchanged scenario."""
    return {
        **_about(found.scenario, found),
        "by": found.by,
        "probabilities": {name: rounded(value) for name, value in found.probabilities.items()},
        "effects": [_rerun_effect(each, name) for each in found.found for name in found.outcomes],
        "measures": [_rerun_effect(each, name) for each in found.found for name in found.measures],
        "shapley": [_rerun_effect(each, name) for each in found.shares for name in (*found.outcomes, *found.measures)],
        "tests": {"effects": found.tests, "adjusted_by": "Holm"},
        "not_a_forecast": NOT_A_FORECAST,
    }


def explain_csv(found: Explanation) -> bytes:
    """One row for each claim or shared cause and each quantity."""
    header = (
        "what", "name", "cause", "stands_in", "credence", "quantity", "effect", "se", "low", "high", "worlds_holds",
        "worlds_fails", "p_holm", "stands_out",
    )  # fmt: skip
    rows = [_row(found.scenario, "claim", each) for each in (*found.effects, *found.measures)]
    return table(header, [*rows, *(_row(found.scenario, "cause", each) for each in found.causes)])


def reruns_csv(found: LedgerEffects) -> bytes:
    """One row for each variant and each quantity."""
    header = ("what", "name", "quantity", "difference", "se", "low", "high", "worlds_changed", "p_holm", "stands_out")
    rows = [
        (each.kind, each.name, name, one.difference, one.se, one.low, one.high, one.changed, one.p, int(one.stands_out))
        for each in (*found.found, *found.shares)
        for name, one in each.differences.items()
    ]
    return table(header, rows)


def difference_data(one: Difference) -> dict[str, Any]:
    """A paired difference as plain data."""
    return _plain(one, "difference se low high worlds_changed=changed p_holm=p stands_out")


def _plain(thing: object, names: str) -> dict[str, Any]:
    found: dict[str, Any] = without_nan(fields(thing, names))
    return found


def sources_data(found: Sources | None) -> dict[str, Any]:
    """Shares of the variance over runs and their standard errors; null where there are too few worlds."""
    parts = {} if found is None else {
        "claims": found.claims, "other_numbers": found.numbers, "together": found.together, "chance": found.chance,
    }  # fmt: skip
    names = ("claims", "other_numbers", "together", "chance")
    told = {name: parts.get(name) for name in names}
    shares: dict[str, Any] = {name: rounded(part.share) if part else None for name, part in told.items()}
    return shares | {"se": {name: rounded(part.se) if part else None for name, part in told.items()}}


def _about(scenario: Scenario, found: Explanation | LedgerEffects) -> dict[str, Any]:
    return {
        **fields(scenario, "scenario=name title"), **fields(found, "runs worlds seed version"),
        **fields(scenario, "months coding"), "set": list(scenario.overrides),
    }  # fmt: skip


def _effect(each: Finding, what: str, quantity: str) -> dict[str, Any]:
    return _plain(each, f"{what}=name {quantity}=quantity effect se holds fails low high p_holm=p stands_out")


def _rerun_effect(each: LedgerEffect, name: str) -> dict[str, Any]:
    one = difference_data(each.differences[name])
    return {"what": each.kind, "name": each.name, "outcome": name, "effect": one.pop("difference"), **one}


def _row(scenario: Scenario, what: str, each: Finding) -> tuple[object, ...]:
    claim = scenario.ledger.claims.get(each.name) if what == "claim" else None
    known = (claim.group, cited(claim), claim.credence) if claim else (each.name, "", None)
    return (
        what, each.name, *known, each.quantity, each.effect, each.se, each.low, each.high, each.holds, each.fails,
        each.p, int(each.stands_out),
    )  # fmt: skip
