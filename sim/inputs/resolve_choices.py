"""From the merged case as written to what states choose among each month and what they bargain over."""

from __future__ import annotations

from sim.inputs.case import Issue, Menu, Option
from sim.inputs.resolver import Resolver
from sim.inputs.schema_case import OptionGiven


def resolve_menus(to: Resolver) -> dict[str, Menu]:
    """What each state chooses among."""
    found = {}
    for state, given in to.names.case.moves.items():
        path = ("moves", state)
        to.findings.known(path, state, to.names.states, "state", at_key=True)
        if sum(option.reference for option in given.options) != 1:
            to.findings.add((*path, "options"), "not one reference", "exactly one option with reference: true")
        names = [option.name for option in given.options]
        options = []
        for index, option in enumerate(given.options):
            place = (*path, "options", index)
            if option.name in names[:index]:
                to.findings.add((*place, "name"), option.name, "each option once")
            options.append(_option(to, place, option))
        found[state] = Menu(state, tuple(options))
    return found


def _option(to: Resolver, path: tuple[str | int, ...], given: OptionGiven) -> Option:
    if given.bias is not None:
        to.findings.known((*path, "bias"), given.bias, to.names.parameters, "parameter")
    if given.reference and (given.utility or given.constant or given.bias):
        to.findings.add((*path, "reference"), "true", "no utility, constant or bias: the reference has utility 0")
    return Option(
        name=given.name,
        says=given.says,
        reference=given.reference,
        constant=given.constant,
        bias=given.bias,
        utility=to.terms((*path, "utility"), given.utility, to.names.choice),
        effects=to.changes((*path, "effects"), given.effects, to.names.present),
        at_least=to.changes((*path, "at_least"), given.at_least, to.names.present),
    )


def resolve_issues(to: Resolver) -> dict[str, Issue]:
    """What is bargained over."""
    found = {}
    for name, given in to.names.case.issues.items():
        path = ("issues", name)
        times, omit = None, frozenset[str]()
        if given.ideal_times:
            times = to.expression((*path, "ideal_times", "of"), given.ideal_times.of, to.names.ideal)
            omit = frozenset(
                to.each((*path, "ideal_times", "except"), given.ideal_times.omit, to.names.states, "state")
            )
        found[name] = Issue(
            name=name,
            label=given.label,
            now=to.expression((*path, "now"), given.now, to.names.present),
            after=to.expression((*path, "after"), given.after, to.names.package),
            moved_by=frozenset(to.each((*path, "moved_by"), given.moved_by, to.names.levers, "lever")),
            ideal_times=times,
            ideal_times_except=omit,
            lived=None if given.lived is None else to.expression((*path, "lived"), given.lived, to.names.present),
        )
    return found
