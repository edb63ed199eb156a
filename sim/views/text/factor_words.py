"""Names of assumptions (a claim, a cause, a number of the world): short for a table, long for a sentence."""

from __future__ import annotations

from collections.abc import Iterable

from sim.ensemble.intervals import Z95
from sim.errors import SENTENCE_LIMIT, clean_text
from sim.inputs.scenario import Scenario
from sim.views.text.screen import Screen
from sim.views.wording import shortened, signed

SHORT, LONG = 40, 110
KIND_WORDS = {
    "claim": "claim", "cause": "shared cause", "parameter": "parameter", "ideal": "ideal point", "salience": "salience",
    "start": "start", "mechanism": "scale of", "weight": "weight of",
}  # fmt: skip


def short_name(factor: str, limit: int = SHORT) -> str:
    """`claim both-or-neither`, `parameter a0`, `ideal point US us_troops`."""
    kind, _, name = factor.partition("/")
    return clean_text(
        f"{KIND_WORDS.get(kind, kind)} {name.replace('.', ' ', 1) if kind in ('ideal', 'salience') else name}", limit
    )


def long_name(scenario: Scenario, factor: str) -> str:
    """The same with what it means, where the case says so: `a0 (chance of accepting …)`."""
    kind, _, name = factor.partition("/")
    case = scenario.case
    if kind == "parameter":
        meaning = meaning_of(scenario, factor)
        return f"{name} ({meaning})" if meaning else name
    if kind == "start" and name in case.variables:
        return f"the start level of {clean_text(case.variables[name].label or name, SHORT)}"
    if kind in ("ideal", "salience"):
        state, _, issue = name.partition(".")
        label = clean_text(case.issues[issue].label or issue, SHORT) if issue in case.issues else issue
        who = clean_text(case.states[state].label or state, SHORT) if state in case.states else state
        return f"the level of {label} that {who} wants" if kind == "ideal" else f"how much {who} cares about {label}"
    return short_name(factor)


def meaning_of(scenario: Scenario, factor: str) -> str:
    """What a claim says, and what a parameter means where the case says so; empty for any other factor."""
    kind, _, name = factor.partition("/")
    if kind == "claim":
        return shortened(scenario.ledger.claims[name].claim, LONG)
    written = scenario.resolved.get("parameters", {}).get(name) if kind == "parameter" else None
    return clean_text(str(written.get("meaning", "")), LONG) if isinstance(written, dict) else ""


def says_of(scenario: Scenario, factor: str) -> str:
    """What a parameter means, what a claim says, what another number is in words."""
    kind, _, name = factor.partition("/")
    if kind == "claim":
        return clean_text(scenario.ledger.claims[name].claim, SENTENCE_LIMIT)
    return long_name(scenario, factor) if kind in ("ideal", "salience", "start") else meaning_of(scenario, factor)


def meanings(scenario: Scenario, factors: Iterable[str], screen: Screen) -> list[str]:
    """A line for each claim and for each parameter that the case explains, once each: `a0: chance of accepting …`."""
    told = {factor: meaning_of(scenario, factor) for factor in factors}
    return [
        screen.paragraph(f"{clean_text(factor.partition('/')[2], SHORT)}: {meaning}", "  ", "    ")
        for factor, meaning in told.items()
        if meaning
    ]


def with_sentence(scenario: Scenario, row: str, screen: Screen) -> list[str]:
    """A row of a table and, below that of a claim (its first word), what it says as far as a line goes."""
    claim, indent = scenario.ledger.claims.get(row.split()[0]), len(row) - len(row.lstrip()) + 2
    says = [" " * indent + shortened(claim.claim, screen.width - indent)] if claim else []
    return [screen.text(row), *map(screen.faint, says)]


def label_of(scenario: Scenario, quantity: str) -> str:
    """An outcome's or a measure's label."""
    case = scenario.case
    labels = {outcome.name: outcome.label for outcome in case.outcomes}
    labels |= {name: measure.label for name, measure in case.measures.items()}
    labels = {**{name: variable.label for name, variable in case.variables.items()}, **labels}
    return clean_text(labels.get(quantity) or quantity, 60)


def amount(scenario: Scenario, quantity: str, value: float, se: float | None = None) -> str:
    """A difference in points of 100 runs for an outcome, in its own unit for a measure; with ± the 95% interval."""
    scale, digits, unit = (
        (100, 1, " of 100 runs") if quantity in {each.name for each in scenario.case.outcomes} else (1, 3, "")
    )
    text = signed(scale * value, digits)
    return f"{text}{unit}" if se is None else f"{text} ±{scale * Z95 * se:.{digits}f}{unit}"
