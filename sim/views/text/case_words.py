"""What is in a case, in words: its assumptions by a short and by a long name, what a claim does besides leverage, what
events do, and documents by name.

Coders write `004 p52` for a paragraph of the document whose file begins with 004; :func:`spelled` puts in its name.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import isfinite
from typing import Any

from pydantic import BaseModel

from sim.analysis.paired import Difference
from sim.errors import SENTENCE_LIMIT, clean_text
from sim.inputs.cards import Card
from sim.inputs.case import Case, Variable
from sim.inputs.case_rules import Bargaining, Measure, Outcome, Term
from sim.inputs.expressions import Expression, Number, Operation
from sim.inputs.ledger import Coupling
from sim.inputs.scenario import Scenario
from sim.inputs.schedule import Event, Summit, said_of_occasion
from sim.views.text.screen import Screen
from sim.views.wording import capital, leader_name, listed, percent, shortened, signed, state_name

SHORT, LONG = 40, 110
GAINS = {"gain": "way covered by", "gained": "gained by", "better": "better off:"}
LIKELIER = (
    "Likelier or less likely by so much: added to, or taken from, what the choice is worth to the state (for "
    "coming to a summit and for haste, the log odds); the choice that is worth more is likelier, none is certain."
)
KIND_WORDS = {
    "claim": "claim", "cause": "shared cause", "parameter": "parameter", "ideal": "ideal point", "salience": "salience",
    "start": "start", "mechanism": "scale of", "weight": "weight of",
}  # fmt: skip
AIMS, WISHES = 4, 2  # issues named of what a seat wants, and of what another state seems to want
WISH_WORDS = {
    "up": "{} up", "down": "{} down",
    "own": "You want: {}.", "seat": "{} wants: {}.", "noAim": "little more than there is",
    "other": "{} seems to want: {}.", "noWish": "little more than it has",
}  # fmt: skip
_NAME = re.compile(r"[A-Za-z_][\w.]*")
_NUMBER = re.compile(r"(\d{3,})_")  # what a document's file begins with
_VERBATIM = frozenset({"phrase", "file", "sha256", "url"})


def short_name(factor: str, limit: int = SHORT) -> str:
    """`claim both-or-neither`, `parameter a0`, `ideal point US us_troops`."""
    kind, _, name = factor.partition("/")
    said = name.replace(".", " ", 1) if kind in ("ideal", "salience") else name
    return clean_text(f"{KIND_WORDS.get(kind, kind)} {said}", limit)


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
        who = clean_text(case.states[state].said, SHORT) if state in case.states else state
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
    texts = {factor: meaning_of(scenario, factor) for factor in factors}
    return [
        screen.paragraph(f"{clean_text(factor.partition('/')[2], SHORT)}: {meaning}", "  ", "    ")
        for factor, meaning in texts.items()
        if meaning
    ]


def glossary(head: str, scenario: Scenario, factors: Iterable[str], screen: Screen) -> list[str]:
    """The same as one part of a text, below a head; nothing where no factor needs it."""
    lines = meanings(scenario, factors, screen)
    return ["\n".join([screen.faint(head), *lines])] if lines else []


def with_sentence(scenario: Scenario, row: str, screen: Screen) -> list[str]:
    """A row of a table and, below that of a claim (its first word), what it says as far as a line goes."""
    claim, indent = scenario.ledger.claims.get(row.split()[0]), len(row) - len(row.lstrip()) + 2
    says = [" " * indent + shortened(claim.claim, screen.width - indent)] if claim else []
    return [screen.text(row), *map(screen.faint, says)]


def label_of(scenario: Scenario, quantity: str) -> str:
    """An outcome's, a measure's or a variable's label; of what the engine makes for a state, what it says."""
    case = scenario.case
    kind, _, state = quantity.partition(".")
    if kind in GAINS and state in case.states:
        return f"{GAINS[kind]} {leader_name(case, state)}"
    named: tuple[Variable | Measure | Outcome, ...]
    named = (*case.variables.values(), *case.measures.values(), *case.outcomes)
    return clean_text({each.name: each.label for each in named}.get(quantity) or quantity, 60)


def shown_measures(scenario: Scenario, known: set[str]) -> list[str]:
    """Names of the measures that the case shows beside its classes, and of the shown variables."""
    case = scenario.case
    names = [each.name for each in case.measures.values() if each.shown]
    names += [each.name for each in case.variables.values() if each.shown and each.name not in names]
    return [name for name in names if name in known]


def amount(scenario: Scenario, quantity: str, value: float | Difference) -> str:
    """A difference in points of 100 runs for an outcome, in its own unit for a measure; with its 95% interval after ±
    where it has one.
    """
    ends = {each.name for each in scenario.case.outcomes}
    scale, digits, unit = (100, 1, " of 100 runs") if quantity in ends else (1, 3, "")
    if not isinstance(value, Difference):
        return f"{signed(scale * value, digits)}{unit}"
    text = signed(scale * value.difference, digits)
    return f"{text} ±{scale * value.half:.{digits}f}{unit}" if isfinite(value.half) else f"{text}{unit}, too few differ"


def where_it_holds(scenario: Scenario, claim: str) -> list[str]:
    """The choices that a claim makes likelier or less likely, and at which summits coming, signing or haste."""
    case = scenario.case
    choices = [
        f"{_state(scenario, menu.name)} {option.says}: {_by(scenario, term, 'likelier', 'less likely')}"
        for menu in case.menus.values()
        for option in menu.options
        for term in option.utility
        if term.claim == claim
    ]
    summits = [
        f"{what}: {_by(scenario, term, *words)}"
        for pair, each in case.bargaining.items()
        for terms, what, words in _acts(scenario, case.pairs[pair].name, each)
        for term in terms
        if term.claim == claim
    ]
    return [capital(line) for line in (*choices, *summits)]


def _acts(scenario: Scenario, summit: str, rules: Bargaining) -> Iterator[tuple[Sequence[Term], str, tuple[str, str]]]:
    """What may happen at a pair's summits: the terms it depends on, the act in words, and what more and less of these
    make of it.
    """
    for side, terms in rules.friction.items():
        yield terms, f"{_state(scenario, side)} signs at {summit}", ("less likely", "likelier")
    for side, terms in rules.wish.items():
        yield terms, f"{_state(scenario, side)} comes to {summit}", ("likelier", "less likely")
    yield rules.hurry, f"{summit} is brought forward", ("likelier", "less likely")


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
    return "; ".join(f"it {verb} {listed(ids)}" for verb, ids in both if ids)


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
    for known in (case.derived, case.ranks, case.flags, case.variables):
        if name in known:
            return clean_text(known[name].label, 60)
    pair = next((pair for pair in case.pairs.values() if pair.met == name), None)
    if pair is not None:
        return f"how recent {pair.name} is"
    words = {"min": "the smallest of ", "max": "the largest of ", "first_meeting": "whether it is their first"}
    return words.get(name, name)


def _state(scenario: Scenario, state: str) -> str:
    return clean_text(state_name(scenario.case, state), 60)


def event_change(event: Event, case: Case) -> str:
    """What an event does: `tariffs now 0.5`, `North Korea is made to act: restrain`."""
    if event.action == "move":
        return f"{state_name(case, event.variable)} is made to act: {clean_text(event.option, 60)}"
    change = {
        "set": f"now {event.value:g}",
        "shift": f"changes by {event.value:+g}",
        "pin": f"held at {event.value:g} {'from now on' if event.until is None else 'for now'}",
    }[event.action]
    return f"{clean_text(case.variables[event.variable].label, 60)} {change}"


def given(case: Case, lever: str, share: float) -> str:
    """What a side of a deal gives: `sanctions down by 40%`."""
    variable = case.variables[lever]
    return f"{clean_text(variable.label, 60)} {'up' if variable.upward else 'down'} by {percent(share, 0)}"


def on_condition(planned: Event | Summit) -> str:
    """` (only where tension - 0.5 is above 0, in 30 of 100 runs)`; empty for what always happens."""
    said = said_of_occasion(planned.occasion)
    return f" ({clean_text(said, 200)})" if said else ""


def passed_over(planned: Event | Summit, case: Case) -> str:
    """A sentence for an event or summit that was planned and does not come about in a run."""
    said = clean_text(said_of_occasion(planned.occasion), 200)
    if isinstance(planned, Summit):
        return f"Not called: {clean_text(case.pairs[planned.pair].name, 60)}, planned {said}."
    what = clean_text(planned.note, 200) or event_change(planned, case)
    return f"Does not happen ({said}): {what}."


def spelled(text: str, cards: Sequence[Card]) -> str:
    """The text with the documents' names in place of their numbers."""
    begins = {card.id: _NUMBER.match(card.given.document.file) for card in cards}
    names = {found[1]: name for name, found in begins.items() if found}
    if not names:
        return text
    return re.sub(rf"(?<![\w.,-])({'|'.join(names)})(?![\w-]|[.,]\d)", lambda found: names[found[1]], text)


def spelled_cards(cards: Sequence[Card]) -> tuple[Card, ...]:
    """The cards, with documents' names in place of numbers in all free text."""
    return tuple(replace(card, given=_spelled(card.given, cards)) for card in cards)


def _spelled(value: Any, cards: Sequence[Card]) -> Any:
    if isinstance(value, str):
        return spelled(value, cards)
    if isinstance(value, list):
        return [_spelled(each, cards) for each in value]
    if isinstance(value, BaseModel):
        names = type(value).model_fields.keys() - _VERBATIM
        return value.model_copy(update={name: _spelled(getattr(value, name), cards) for name in names})
    return value
