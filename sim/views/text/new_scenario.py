"""A commented scenario to start from: what a student most wants to change, with this case's own names as examples."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

import sim.inputs
from sim.errors import clean_text
from sim.inputs.scenario import Scenario
from sim.inputs.schedule import month_name

SCHEMA = Path(sim.inputs.__file__).with_name("scenario.schema.json").resolve()  # for an editor that completes keys
SHOWN = 3  # claims, levers and numbers given as examples
WIDE = 100


def new_scenario(name: str, start: Scenario, parent: str) -> str:
    """The text of the file: it passes `check` as it is, and its examples can be tried by deleting the #."""
    return (
        "\n".join([*_head(name, start, parent), *_summits(start), *_events(start), *_assumptions(start), *_last()])
        + "\n"
    )


def _head(name: str, start: Scenario, parent: str) -> Iterator[str]:
    yield f"# yaml-language-server: $schema={SCHEMA.as_uri()}"
    yield "#"
    yield f"# {name}: a scenario that starts from {parent}: {clean_text(start.title, WIDE)}"
    yield "#"
    yield "# Change one thing, then:   summitry check FILE   and   summitry run FILE   and   summitry diff PARENT FILE"
    yield "# A line that begins with # is a comment. Delete the # (and the space after it) to try a line; spaces at the"
    yield "# beginning of a line matter, tabs are refused. All keys and names are checked; a near miss is suggested."
    yield ""
    yield "schema: 1"
    yield f"title: {_quoted(f'My scenario {name}: say in one sentence what happens')}"
    yield f"question: {_quoted('Which question should a class argue about?')}"
    yield f"extends: {parent}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _summits(start: Scenario) -> Iterator[str]:
    yield ""
    yield "# Who meets whom, and when. A list given here replaces the whole inherited one, which is:"
    yield "# summits:"
    for summit in start.summits:
        note = f", note: {_quoted(clean_text(summit.note, 60))}" if summit.note else ""
        between = ", ".join(start.case.pairs[summit.pair].between)
        yield f"#   - {{month: {month_name(summit.month, start.first_month)}, between: [{between}]{note}}}"
    if start.summits:
        last = start.summits[-1]
        yield "# In place of that list, to cancel one meeting:"
        month, sides = month_name(last.month, start.first_month), " ".join(start.case.pairs[last.pair].between)
        yield f"# drop_summits: [{month} {sides}]"


def _events(start: Scenario) -> Iterator[str]:
    case, touched = start.case, list(dict.fromkeys(event.variable for event in start.events))
    yield ""
    yield "# What happens from outside: set (once), shift (once, by so much), pin (held to the end, or until a month),"
    yield "# move (an act that the others answer)."
    yield "# events:"
    yield from (f"#   - {{{row}}}" for row in _recipes(start))
    yield from _wrapped(f"# Everything that can be set: {', '.join(case.variables)}", "#   ")
    if touched:
        yield f"# drop_events: [{touched[0]}]   # inherited events on it go first; some on {', '.join(touched)}"


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


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(text, WIDE + 10, subsequent_indent=indent, break_on_hyphens=False)


def _assumptions(start: Scenario) -> Iterator[str]:
    """Example assumptions, on the claims with most citations, in the order of the ledger."""
    claims = sorted(start.ledger.claims.values(), key=lambda claim: -len(claim.places))[:SHOWN]
    documents = list(dict.fromkeys(claim.document for claim in start.ledger.claims.values()))
    yield ""
    yield "# What is assumed. A credence is how likely you think it that a claim holds, 0 to 1; off is 0, on is 1."
    yield "# `summitry claims` lists every claim, `summitry claims ID` shows one with its paragraph."
    yield "assume:"
    yield "  claims: {}   # delete the {} and put claims under it, one a line:"
    for claim, entry in zip(
        claims, ("{credence: 0.2}", "off", "{weight: {low: 0.2, mode: 0.4, high: 0.6}}"), strict=False
    ):
        yield f"  #   {claim.id}: {entry}   # {clean_text(claim.claim, WIDE)} (now {claim.credence:g})"
    yield f"  # documents: {{{documents[0]}: off}}   # drop an author: {', '.join(documents)}"
    yield "  # coding: pooled   # pooled, first, second, or the file of your own coding (summitry classroom sheet)"
    yield from _numbers(start)


def _numbers(start: Scenario) -> Iterator[str]:
    case = start.case
    state, wants = next(iter(case.states.items()))
    issue, point = next(iter(wants.ideals.items()), (None, None))
    if issue is not None and point is not None:
        yield "  # states:   # what a state wants on an issue (ideal), and how much it cares (salience)"
        ideal, salience = _range(point.position.mode), _range(point.salience.mode)
        yield f"  #   {state}: {{{issue}: {{ideal: {ideal}, salience: {salience}}}}}"
    first = next((name for name, of in case.parameters.items() if not of.fixed), None)
    if first is not None:
        now = case.parameters[first]
        yield f"  # parameters: {{{first}: {now.mode:g}}}   # now {now}"
    packages = list(case.packages)
    if packages:
        yield f"  # packages: {{{packages[-1]}: off}}   # take a package off the table: {', '.join(packages)}"


def _range(mode: float) -> str:
    low, high = max(mode - 0.1, 0.0), min(mode + 0.1, 1.0)
    return f"{{low: {low:.2g}, mode: {mode:.2g}, high: {high:.2g}}}"


def _last() -> Iterator[str]:
    yield ""
    yield "# Before you hand it in: which one line did you change, which paragraph speaks for it, and what moved?"
