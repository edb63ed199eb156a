"""Reads what people type: whole numbers, months, and names of states."""

from __future__ import annotations

import math
import re
from difflib import get_close_matches
from typing import Any

import click

from sim.errors import Fault, InputError, Place
from sim.inputs.case import Case, State
from sim.inputs.scenario import Scenario
from sim.inputs.schedule import month_name
from sim.inputs.schema_faults import unknown


class WholeNumber(click.ParamType[int]):
    """A whole number: 10000, 10_000, 10,000, 1e4 or 10k."""

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
    """The whole number that a text means, or None."""
    plain = text.strip().replace(",", "").replace("_", "")
    if len(plain) > 40 or not plain.isascii():
        return None
    for ending, times in (("k", 1_000), ("m", 1_000_000)):
        if plain.lower().endswith(ending):
            plain = f"{plain[:-1]}e{round(math.log10(times))}"
    try:
        return int(plain)
    except ValueError:
        pass
    try:
        number = float(plain)
    except ValueError:
        return None
    return int(number) if math.isfinite(number) and number.is_integer() else None


class Month(click.ParamType[int | str]):
    """A month as a number, or as `2018-12`, which only the scenario can count."""

    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int | str:
        if re.fullmatch(r"[12]\d{3}-\d{2}", str(value)):
            return str(value)
        return WholeNumber(0).convert(value, param, ctx)


def month_number(text: str, scenario: Scenario, option: str) -> int:
    """The number of a month written as a number or as `2018-06`. Raises InputError."""
    names = {month_name(month, scenario.first_month): month for month in range(scenario.months + 1)}
    numbers = {str(month): month for month in names.values()}
    if text not in names and text not in numbers:
        allowed = f"0 to {scenario.months}, or {min(names)} to {max(names)}"
        raise InputError.at(option, "month", text, allowed)
    return (names | numbers)[text]


def find_states(text: str, case: Case, option: str) -> list[str]:
    """The states in a list of codes, names or leaders, such as `Kim,the United States`. Raises InputError."""
    known = {word: code for code, state in case.states.items() for word in _called(code, state)}
    words = [word.strip() for word in text.split(",")]
    names = [f"{code} ({state.label})" for code, state in case.states.items()]
    faults = []
    for word in words:
        if _plain_word(word) not in known:
            near = get_close_matches(_plain_word(word), known, 1)
            allowed = f"did you mean {known[near[0]]}?" if near else unknown(word, names, "one of")
            faults.append(Fault(Place(option, 0, 0), "state", word, allowed))
    if faults:
        raise InputError(faults)
    return [known[_plain_word(word)] for word in words]


def _called(code: str, state: State) -> set[str]:
    return {_plain_word(word) for word in (code, state.label, state.leader, state.called) if word}


def _plain_word(word: str) -> str:
    return " ".join(word.casefold().split()).removeprefix("the ")
