"""What a claim does besides leverage, in plain words: to monthly choices, to signing, and where it fails."""

from __future__ import annotations

import re

from sim.errors import clean_text
from sim.inputs.case_rules import Term
from sim.inputs.expressions import Expression, Number, Operation
from sim.inputs.ledger import Coupling
from sim.inputs.scenario import Scenario
from sim.views import wording
from sim.views.text.factor_words import long_name

LIKELIER = (
    "Likelier or less likely by so much: added to, or taken from, what the choice is worth to the state; the choice "
    "that is worth more is likelier, none is certain."
)
_NAME = re.compile(r"[A-Za-z_][\w.]*")


def where_it_holds(scenario: Scenario, claim: str) -> list[str]:
    """The choices that a claim makes likelier or less likely, and the summits where it makes signing easier or not."""
    case = scenario.case
    choices = [
        f"{_state(scenario, menu.name)} {option.says or option.name}: {_by(scenario, term, 'likelier', 'less likely')}"
        for menu in case.menus.values()
        for option in menu.options
        for term in option.utility
        if term.claim == claim
    ]
    frictions = [
        f"{_state(scenario, side)} signs at {case.pairs[pair].name or pair}: "
        + _by(scenario, term, "less likely", "likelier")
        for pair, each in case.bargaining.items()
        for side, terms in each.friction.items()
        for term in terms
        if term.claim == claim
    ]
    return [wording.capital(line) for line in (*choices, *frictions)]


def where_it_fails(scenario: Scenario, coupling: Coupling) -> str:
    """Which number of the model differs in worlds where the claim fails, and how."""
    kind, _, rest = coupling.key.partition(".")
    factor = f"{kind}/{rest}" if kind in ("ideal", "salience") and rest else f"parameter/{coupling.key}"
    changes = {
        "set": f"set to {coupling.value:g}", "times": f"times {coupling.value:g}", "add": f"{coupling.value:+g}",
    }  # fmt: skip
    return f"{long_name(scenario, factor)}: {changes[coupling.operation]}"


def links_from(scenario: Scenario, claim: str) -> str:
    """`it weakens a and b; it strengthens c`: the claims that it attacks or supports; empty without any."""
    claims = scenario.ledger.claims.values()
    weakened = [each.id for each in claims if claim in {link.source for link in each.attackers}]
    strengthened = [each.id for each in claims if claim in {link.source for link in each.supporters}]
    both = (("weakens", weakened), ("strengthens", strengthened))
    return "; ".join(f"it {verb} {wording.listed(ids)}" for verb, ids in both if ids)


def _by(scenario: Scenario, term: Term, more: str, less: str) -> str:
    """`likelier, by 0.7 times tests`: how much is added to, or taken from, what the option is worth."""
    value, down = term.of.text, term.times < 0
    if _negative(term.of):
        value, down = value.removeprefix("-"), not down
    said = _NAME.sub(lambda name: _label(scenario, name[0]), value.replace(" * ", "*").replace("*", " times "))
    size = abs(term.times)
    if isinstance(term.of, Number):
        said = f"{size * abs(term.of.value):g}"
    elif size != 1:
        several = isinstance(term.of, Operation) and term.of.symbol in "+-" and len(term.of.operands) > 1
        said = f"{size:g} times ({said})" if several else f"{size:g} times {said}"
    return f"{less if down else more}, by {said}"


def _negative(expression: Expression) -> bool:
    """Whether its text begins with a minus that applies to all of it."""
    if isinstance(expression, Number):
        return expression.value < 0
    if not isinstance(expression, Operation):
        return False
    return len(expression.operands) == 1 or (expression.symbol in "*/" and _negative(expression.operands[0]))


def _label(scenario: Scenario, name: str) -> str:
    """What a name in an expression means, in words."""
    case, parts = scenario.case, name.split(".")
    if parts[0] == "leverage" and len(parts) == 3:
        return f"the leverage of {_state(scenario, parts[1])} over {_state(scenario, parts[2])}"
    labels = {each.name: each.label for each in case.variables.values()}
    labels |= {each.name: each.label for each in case.flags.values()}
    labels |= {each.name: each.label for each in case.ranks.values()}
    labels |= {each.name: each.label for each in case.derived.values()}
    if name in labels:
        return clean_text(labels[name] or name, 60)
    pair = next((pair for pair in case.pairs.values() if pair.met == name), None)
    if pair is not None:
        return f"how recent {pair.name or pair.id} is"
    return {"min": "the smallest of ", "max": "the largest of ", "times": "times"}.get(name, name)


def _state(scenario: Scenario, state: str) -> str:
    return clean_text(wording.state_name(scenario.case, state), 60)
