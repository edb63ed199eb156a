"""`compare` as JSON and as CSV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.analysis.compare import Comparison
from sim.ensemble.tables import rounded, table
from sim.inputs.scenario import Scenario
from sim.inputs.schedule import month_name
from sim.views.tables.explain import difference_data
from sim.views.text.compare import sentence
from sim.views.wording import NOT_A_FORECAST


def comparison_document(found: Comparison, scenario: Scenario) -> dict[str, Any]:
    """What `compare A B --json` holds: every difference is B minus A."""
    names = list(found.outcomes)
    return {
        "scenario": found.b, "against": found.a, "titles": {found.a: found.titles[0], found.b: found.titles[1]},
        "runs": found.runs, "worlds": found.worlds, "seed": found.seed, "version": found.version,
        "months": {found.a: found.months[0], found.b: found.months[1]} if found.a != found.b else found.months[0],
        "things": list(found.things), "sentence": sentence(found, scenario),
        "differences": {name: difference_data(one) for name, one in (*found.outcomes.items(), *found.measures.items())},
        "probabilities": {name: [rounded(share) for share in shares] for name, shares in found.shares.items()},
        "means": {name: [rounded(level) for level in levels] for name, levels in found.levels.items()},
        "share_that_ends_otherwise": rounded(found.changed),
        "flips": {
            name: {other: int(found.flips[i, j]) for j, other in enumerate(names) if found.flips[i, j]}
            for i, name in enumerate(names)
        },
        "by_month": {
            name: {
                "difference": [rounded(float(value)) for value in found.monthly.difference[:, place]],
                "se": [rounded(float(value)) for value in found.monthly.se[:, place]],
            }
            for place, name in enumerate(names)
        },
        "tests": {"outcomes": found.tests, "adjusted_by": "Holm"},
        "not_a_forecast": NOT_A_FORECAST,
    }  # fmt: skip


def compare_csv(found: Sequence[Comparison], first: Scenario) -> bytes:
    """One row for each scenario against the ``first`` and each outcome or measure; then outcomes month by month."""
    header = (
        "scenario", "against", "what", "name", "month", "first", "second", "difference", "se", "low", "high",
        "worlds_changed", "p_holm",
    )  # fmt: skip
    rows: list[tuple[object, ...]] = []
    for one in found:
        for what, some, levels in (("outcome", one.outcomes, one.shares), ("measure", one.measures, one.levels)):
            for name, each in some.items():
                rows.append((
                    one.b, one.a, what, name, month_name(one.months[1], first.first_month), *levels[name],
                    each.difference, each.se, each.low, each.high, each.changed, each.p,
                ))  # fmt: skip
        for place, name in enumerate(one.outcomes):
            for month in range(len(one.monthly.difference)):
                told = (getattr(one.monthly, part)[month, place] for part in ("difference", "se", "low", "high"))
                when = month_name(month, first.first_month)
                rows.append((one.b, one.a, "outcome by month", name, when, None, None, *map(float, told), None, None))
    return table(header, rows)


def flips_csv(found: Sequence[Comparison]) -> bytes:
    """How many runs end in one outcome under the first scenario and in another under the second."""
    rows = [
        (one.b, one.a, name, other, int(one.flips[i, j]))
        for one in found
        for i, name in enumerate(one.outcomes)
        for j, other in enumerate(one.outcomes)
    ]
    return table(("scenario", "against", "ends_in_under_first", "ends_in_under_second", "runs"), rows)
