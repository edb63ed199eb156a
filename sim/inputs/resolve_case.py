"""From the merged case as written to the frozen :class:`sim.inputs.case.Case`: who bargains, and what moves.

What states choose among is in `resolve_choices.py`, the rules of bargaining, of the month and of reading a run in
`resolve_rules.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.inputs.case import (
    Derived,
    Flag,
    IdealPoint,
    Pair,
    Range,
    Rank,
    State,
    Variable,
)
from sim.inputs.resolver import Resolver, drawn_range, fixed, range_of
from sim.inputs.schema_case import IdealGiven, NumberGiven, Widths
from sim.inputs.schema_faults import place_of
from sim.inputs.schema_types import LARGEST

RESERVED = ("noise", "first_meeting", "min", "max")
NEEDED_PARAMETERS = (
    *("sd_mech", "eps", "kappa", "tau_met", "lam_act", "lam", "lam_pick", "phi", "a0"),
    *("distrust", "follow", "link", "step"),
)
DEFAULTS = {  # what a case that does not name it does without
    "precedent": 0.0,
    "resolve": 0.0,
    "wish_base": 20.0,
    "hurry_base": -20.0,
    "snap_back": 0.0,
    "tied": 0.0,
    "paired": 0.0,
}
_SECTIONS = {
    "variables": "a variable",
    "flags": "a flag",
    "ranks": "a rank",
    "derived": "a derived variable",
    "parameters": "a parameter",
    "constants": "a constant",
    "measures": "a measure",
}
NEEDED_CONSTANTS = ("base_cap", "disputed", "share_unknown")


def check_one_meaning(to: Resolver) -> None:
    """Notes every name that stands for two things."""
    case = to.names.case
    seen = dict.fromkeys(RESERVED, "a word of expressions")
    first: dict[str, tuple[str, str]] = {}
    for section, what in _SECTIONS.items():
        for name in getattr(case, section):
            if name in seen:
                # Told where it was written last: in the scenario's own file, if it is there.
                source, path, other = to.findings.source, (section, name), seen[name]
                if name in first and place_of(source, path).file != source.name:
                    path, other = first[name], what
                to.findings.add(path, "a name taken", f"another name: {name} is {other}", at_key=True)
            seen[name] = what
            first.setdefault(name, (section, name))
    for pair, given in case.pairs.items():
        if given.met in seen:
            to.findings.add(("pairs", pair, "met"), given.met, f"another name: this is {seen[given.met]}")
        seen[given.met] = "the recency of a meeting"


def resolve_parameters(to: Resolver) -> dict[str, Range]:
    """The parameters, with those that the mechanisms cannot do without."""
    case = to.names.case
    needed = [*NEEDED_PARAMETERS, *(f"shortfall_{state}" for state in case.states)]
    missing = [name for name in needed if name not in case.parameters]
    if missing:
        to.findings.add(
            ("parameters",),
            "missing " + missing[0],
            f"all that the mechanisms need: also {', '.join(missing)}",
        )
    found = {name: fixed(value) for name, value in DEFAULTS.items() if name not in case.parameters}
    for name, entry in case.parameters.items():
        found[name] = check_within(to, ("parameters", name), drawn_range(entry), entry)
    return found


def check_within(to: Resolver, path: tuple[str | int, ...], given: Range, entry: float | NumberGiven) -> Range:
    """The range, which must lie within what the case says makes sense."""
    if isinstance(entry, NumberGiven) and entry.within:
        return to.inside(path, given, entry.within[0], entry.within[1])
    return given


def resolve_states(to: Resolver) -> dict[str, State]:
    """The states with their ideal points as ranges."""
    case = to.names.case
    widths = case.confidence_widths
    states = {}
    for name, given in case.states.items():
        path = ("states", name, "ideals")
        for issue in given.ideals:
            to.findings.known((*path, issue), issue, to.names.issues, "issue", at_key=True)
        for issue in case.issues:
            if issue not in given.ideals:
                to.findings.add(path, f"no {issue}", "an ideal point for every issue")
        ideals = {issue: _ideal(ideal, widths.position, widths.salience) for issue, ideal in given.ideals.items()}
        states[name] = State(name, given.name, given.leader, ideals, given.called or given.leader)
    return states


def _ideal(given: IdealGiven, positions: Widths, saliences: Widths) -> IdealPoint:
    sure = given.confidence_salience or given.confidence
    return IdealPoint(
        _around(given.position, getattr(positions, given.confidence)),
        _around(given.salience, getattr(saliences, sure)),
        given.source or "",
    )


def _around(value: float, width: float) -> Range:
    """The value plus and minus a width, the bounds cut at 0 and 1."""
    return Range(max(0.0, value - width), float(value), min(1.0, value + width))


def resolve_variables(to: Resolver) -> dict[str, Variable]:
    """Everything with a level."""
    found = {}
    for name, given in to.names.case.variables.items():
        path = ("variables", name)
        if (given.kind == "lever") != (given.direction is not None):
            to.findings.add(
                (*path, "direction"), given.direction or "missing", "up or down for a lever, none for others"
            )
        times = given.rises_times
        found[name] = Variable(
            name=name,
            kind=given.kind,
            label=given.label,
            start=to.inside((*path, "start"), range_of(given.start), 0.0, LARGEST if given.unbounded else 1.0),
            source=given.source or "",
            upward=given.direction == "up",
            unbounded=given.unbounded,
            irreversible=float(given.irreversible),
            reading=given.reading,
            shown=given.shown,
            rises_times=None if times is None else to.expression((*path, "rises_times"), times, to.names.present),
        )
    return found


def resolve_pairs(to: Resolver) -> dict[str, Pair]:
    """Who can meet whom."""
    found: dict[str, Pair] = {}
    for name, given in to.names.case.pairs.items():
        path = ("pairs", name)
        one, other = to.each((*path, "between"), given.between, to.names.states, "state")
        if any({one, other} == set(pair.between) for pair in found.values()):
            to.findings.add((*path, "between"), f"{one} and {other} again", "each two states once")
        to.findings.known((*path, "tie"), given.tie, to.names.ties, "tie")
        found[name] = Pair(name, (one, other), given.name, given.tie, given.met)
    return found


def resolve_flags(to: Resolver) -> dict[str, Flag]:
    """Flags that announce summits."""
    found = {}
    for name, given in to.names.case.flags.items():
        path = ("flags", name)
        months = to.number((*path, "within"), given.within)
        if months != int(months) or months < 0:
            to.findings.add((*path, "within"), f"{months:g}", "a whole number from 0")
        pairs = to.each((*path, "pairs"), given.pairs, to.names.pairs, "pair")
        found[name] = Flag(name, given.label, pairs, int(months))
    return found


def resolve_ranks(to: Resolver) -> dict[str, Rank]:
    """Ranks in the order of meetings."""
    found = {}
    for name, given in to.names.case.ranks.items():
        path = ("ranks", name)
        to.findings.known((*path, "until"), given.until, to.names.pairs, "pair")
        counts = to.each((*path, "counts"), given.counts, to.names.pairs, "pair")
        found[name] = Rank(name, given.label, given.until, counts)
    return found


def resolve_derived(to: Resolver) -> dict[str, Derived]:
    """Derived variables, each of which may use those above it."""
    known, found = set(to.names.base), {}
    for name, given in to.names.case.derived.items():
        found[name] = Derived(name, given.label, to.expression(("derived", name, "value"), given.value, known))
        known.add(name)
    return found


def needed_constants(to: Resolver, constants: Mapping[str, float]) -> None:
    """Notes the constants that the mechanisms cannot do without."""
    missing = [name for name in NEEDED_CONSTANTS if name not in constants]
    if missing:
        to.findings.add(
            ("constants",),
            "missing " + missing[0],
            f"all that the mechanisms need: also {', '.join(missing)}",
        )
