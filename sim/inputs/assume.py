"""What a scenario assumes about numbers, states and packages, laid over the case; each change told in a line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sim.inputs.case import IdealPoint, Package, Range, State, Variable
from sim.inputs.resolve_case import check_within
from sim.inputs.resolve_rules import check_gives
from sim.inputs.resolver import Resolver, range_of
from sim.inputs.schema_case import NumberGiven
from sim.inputs.schema_parts import LARGEST, Corners


def assume_constants(to: Resolver, lines: list[str]) -> dict[str, float]:
    """The constants in force."""
    constants = dict(to.names.constant_values)
    for name, value in to.names.case.assume.constants.items():
        path = ("assume", "constants", name)
        if to.findings.known(path, name, constants, "constant", at_key=True):
            check_within(to, path, range_of(value), to.names.case.constants[name])
            lines.append(f"constant {name}: {constants[name]:g} -> {value:g}")
            constants[name] = float(value)
    return constants


def assume_ranges(
    to: Resolver,
    section: str,
    ranges: Mapping[str, Range],
    entries: Mapping[str, float | NumberGiven],
    lines: list[str],
) -> dict[str, Range]:
    """Parameters or thresholds with those that the scenario assumes."""
    what, found = section[:-1], dict(ranges)
    given: Mapping[str, float | Corners] = getattr(to.names.case.assume, section)
    for name, value in given.items():
        path = ("assume", section, name)
        if to.findings.known(path, name, ranges, what, at_key=True):
            found[name] = check_within(to, path, range_of(value), entries[name])
            lines.append(f"{what} {name}: {say_range(ranges[name])} -> {say_range(found[name])}")
    return found


def assume_start(to: Resolver, variables: Mapping[str, Variable], lines: list[str]) -> dict[str, Variable]:
    """Variables that start where the scenario says."""
    found = dict(variables)
    for name, value in to.names.case.assume.start.items():
        path = ("assume", "start", name)
        if to.findings.known(path, name, variables, "variable", at_key=True):
            start = to.inside(path, range_of(value), 0.0, LARGEST if variables[name].unbounded else 1.0)
            lines.append(f"start of {name}: {say_range(variables[name].start)} -> {say_range(start)}")
            found[name] = replace(variables[name], start=start)
    return found


def assume_states(to: Resolver, states: Mapping[str, State], lines: list[str]) -> dict[str, State]:
    """States that want what the scenario says."""
    found = dict(states)
    for state, issues in to.names.case.assume.states.items():
        path = ("assume", "states", state)
        if not to.findings.known(path, state, states, "state", at_key=True):
            continue
        ideals = dict(states[state].ideals)
        for issue, given in issues.items():
            if to.findings.known((*path, issue), issue, ideals, "issue", at_key=True):
                old = ideals[issue]
                position = old.position if given.ideal is None else range_of(given.ideal)
                salience = old.salience if given.salience is None else range_of(given.salience)
                ideals[issue] = IdealPoint(position, salience, "assumed by the scenario")
                for what, before, after in (
                    ("ideal", old.position, position),
                    ("salience", old.salience, salience),
                ):
                    if before != after:
                        lines.append(f"{what} of {state} on {issue}: {say_range(before)} -> {say_range(after)}")
        found[state] = replace(states[state], ideals=ideals)
    return found


def assume_packages(to: Resolver, packages: Mapping[str, Package], lines: list[str]) -> dict[str, Package]:
    """The packages on the table."""
    found = dict(packages)
    for name, given in to.names.case.assume.packages.items():
        path = ("assume", "packages", name)
        if not to.findings.known(path, name, packages, "package", at_key=True):
            continue
        if given is False:
            del found[name]
            lines.append(f"package {name}: off the table")
        elif given is not True:
            pair = to.names.case.pairs.get(packages[name].pair)
            check_gives(to, path, given, pair.between if pair else to.names.states)
            gives = {giver: {**packages[name].gives.get(giver, {}), **parts} for giver, parts in given.items()}
            for giver, parts in given.items():
                for lever, share in parts.items():
                    before = packages[name].gives.get(giver, {}).get(lever, 0.0)
                    lines.append(f"package {name}: {giver} gives {lever} {before:g} -> {share:g}")
            found[name] = replace(packages[name], gives={**packages[name].gives, **gives})
    return found


def say_range(given: Range) -> str:
    """A range in words: `0.5`, or `0.5 (0.25 to 1)`."""
    return f"{given.mode:g}" if given.fixed else f"{given.mode:g} ({given.low:g} to {given.high:g})"
