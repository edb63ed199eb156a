"""Options that several commands share, so that they are spelt and explained alike."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sim.defaults import DEFAULT_RUNS, DEFAULT_SEED

if TYPE_CHECKING:
    from sim.inputs.scenario import Scenario

Decorated = TypeVar("Decorated", bound=Callable[..., Any])

LARGEST_SEED = 2**63 - 1


class WholeNumber(click.ParamType[int]):
    """A whole number: 10000, 10_000, 10,000 or 1e4."""

    name = "number"

    def __init__(self, least: int, most: int | None = None) -> None:
        self.least = least
        self.most = most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        number = _whole(str(value))
        if number is None:
            self.fail(f"{str(value)[:40]!r} is not a whole number", param, ctx)
        if number < self.least or (self.most is not None and number > self.most):
            most = "" if self.most is None else f" and at most {self.most:,}"
            self.fail(f"{str(value)[:40]} is out of range: at least {self.least}{most}", param, ctx)
        return number


def _whole(text: str) -> int | None:
    """The whole number that a text means, if it means one."""
    plain = text.strip().replace(",", "").replace("_", "")
    if len(plain) > 40 or not plain.isascii():
        return None
    try:
        return int(plain)
    except ValueError:
        pass
    try:
        number = float(plain)
    except ValueError:
        return None
    return int(number) if math.isfinite(number) and number.is_integer() else None


def month_number(text: str, scenario: Scenario, option: str) -> int:
    """The number of a month written as a number or as `2018-06`. Raises InputError."""
    from sim.errors import Fault, InputError, Place
    from sim.inputs.schedule import month_name

    names = {month_name(month, scenario.first_month): month for month in range(scenario.months + 1)}
    numbers = {str(month): month for month in names.values()}
    if text not in names and text not in numbers:
        allowed = f"0 to {scenario.months}, or {min(names)} to {max(names)}"
        raise InputError([Fault(Place(option, 0, 0), "month", text, allowed)])
    return (names | numbers)[text]


def case_option(command: Decorated) -> Decorated:
    """``--case DIR``, which every command takes."""
    return click.option(
        "--case",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Folder of another case, with seeds/ and scenarios/ (default: the shipped case).",
    )(command)


def seed_option(command: Decorated) -> Decorated:
    """``--seed S``"""
    return click.option(
        "--seed",
        type=WholeNumber(0, LARGEST_SEED),
        default=DEFAULT_SEED,
        show_default=True,
        metavar="S",
        help="Seed of all draws: same seed, same result.",
    )(command)


def set_option(command: Decorated) -> Decorated:
    """``--set KEY=VALUE``, as often as wanted."""
    return click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="KEY=VALUE",
        help="Change one assumption: a dotted key of the scenario and a YAML value, "
        "like assume.claims.ID=off or assume.parameters.NAME=0.5. May be repeated.",
    )(command)


def months_option(command: Decorated) -> Decorated:
    """``--months M``"""
    return click.option(
        "--months", type=WholeNumber(0), metavar="M", help="Last month to play (default: the scenario's)."
    )(command)


def runs_option(command: Decorated) -> Decorated:
    """``-n RUNS``"""
    return click.option(
        "-n",
        "--runs",
        type=WholeNumber(1),
        default=DEFAULT_RUNS,
        show_default=True,
        metavar="RUNS",
        help="How many runs; two share a world.",
    )(command)
