"""The files that a person starts from: a commented scenario, and the first files of a case.

A scenario has what a student most wants to change, with the case's own names as examples. A case has a baseline that
runs before there is any claim, and a card for each text.
"""

import json
import textwrap
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import sim.inputs
from sim.errors import clean_text
from sim.inputs.card_edits import UNWRITTEN
from sim.inputs.scenario import Scenario
from sim.inputs.schedule import month_name

SCHEMA = Path(sim.inputs.__file__).with_name("scenario.schema.json").resolve()  # for an editor that completes keys
ENTRIES = ("{credence: 0.2}", "off", "{weight: {low: 0.2, mode: 0.4, high: 0.6}}")  # of claims, as examples
WIDE = 100
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
    autoescape=False,
)
_TEMPLATES.filters["quoted"] = lambda text: json.dumps(text, ensure_ascii=False)
_TEMPLATES.filters["clean"] = clean_text


def new_scenario(name: str, start: Scenario, parent: str) -> str:
    """The text of the file: it passes `check` as it is, and its examples can be tried by deleting the #."""
    claims = list(start.ledger.claims.values())
    most_cited = sorted(claims, key=lambda claim: -len(claim.places))
    everything = f"# Everything that can be set: {', '.join(start.case.variables)}"
    return _TEMPLATES.get_template("new_scenario.yaml.j2").render(
        name=name, start=start, parent=parent, schema=SCHEMA.as_uri(), wide=WIDE,
        month=lambda month: month_name(month, start.first_month),
        recipes=list(_recipes(start)), touched=list(dict.fromkeys(event.variable for event in start.events)),
        everything=textwrap.fill(everything, WIDE + 10, subsequent_indent="#   ", break_on_hyphens=False),
        claims=list(zip(most_cited, ENTRIES, strict=False)), numbers=list(_numbers(start)),
        documents=list(dict.fromkeys(claim.document for claim in claims)),
    )  # fmt: skip


def _recipes(start: Scenario) -> Iterator[str]:
    """Example events for a class, on levers that other states give and on an act of the first state with a menu."""
    case, month = start.case, month_name(min(2, start.months), start.first_month)
    given: dict[str, str] = {}
    for package in case.packages.values():
        for lever in package.gives.get(case.pairs[package.pair].between[1], {}):
            given.setdefault(package.pair, lever)
    levers = list(dict.fromkeys(given.values()))
    free = [name for name, each in case.variables.items() if each.kind == "exogenous"]
    if levers:
        yield f"month: {month}, set: {{{levers[0]}: 0}}, note: given up unasked"
    if len(levers) > 1:
        until = month_name(min(2, start.months) + 6, start.first_month)
        yield f"month: {month}, pin: {{{levers[1]}: 1}}, until: {until}, note: held for six months"
    for menu in list(case.menus.values())[:1]:
        yield f"month: {month}, move: {{{menu.name}: {menu.options[-1].name}}}, note: an act that the others answer"
    if free:
        yield f"month: {month}, shift: {{{free[0]}: 0.2}}, note: what it is"


def _numbers(start: Scenario) -> Iterator[str]:
    """Example assumptions on what a state wants, a parameter and a package."""
    case = start.case
    state, wants = next(iter(case.states.items()))
    for issue, point in list(wants.ideals.items())[:1]:
        yield "# states:   # what a state wants on an issue (ideal), and how much it cares (salience)"
        ideal, salience = _range(point.position.mode), _range(point.salience.mode)
        yield f"#   {state}: {{{issue}: {{ideal: {ideal}, salience: {salience}}}}}"
    first = next((name for name, of in case.parameters.items() if not of.fixed), None)
    if first is not None:
        now = case.parameters[first]
        yield f"# parameters: {{{first}: {now.mode:g}}}   # now {now}"
    packages = list(case.packages)
    if packages:
        yield f"# packages: {{{packages[-1]}: off}}   # take a package off the table: {', '.join(packages)}"


def _range(mode: float) -> str:
    low, high = max(mode - 0.1, 0.0), min(mode + 0.1, 1.0)
    return f"{{low: {low:.2g}, mode: {mode:.2g}, high: {high:.2g}}}"


def new_baseline(states: Sequence[str], today: date) -> str:
    """A commented case: the first can meet every other, and each of the two wants what the other would rather keep."""
    template = _TEMPLATES.get_template("new_case.yaml.j2")
    return template.render(states=list(states), first_month=f"{today:%Y-%m}", schema=SCHEMA.as_uri())


def new_card(id: str, title: str, file: str, states: Sequence[str], today: date) -> str:
    """A source card without claims for the text in ``file``."""
    schema = SCHEMA.with_name("card.schema.json").as_uri()
    template = _TEMPLATES.get_template("new_card.yaml.j2")
    return template.render(
        id=id, title=title, file=file, states=list(states), today=f"{today}", schema=schema, unwritten=UNWRITTEN
    )
