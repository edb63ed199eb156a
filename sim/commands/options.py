"""The options and arguments that commands share, defined once; how they are read, and completed in a shell.

A shell completes as click's manual says (``_SUMMITRY_COMPLETE``).
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from sim.defaults import DEFAULT_RUNS, DEFAULT_SEED
from sim.errors import Fault, InputError, Place
from sim.inputs.case import Case, State
from sim.inputs.case_folder import ROOT_SCENARIO, find_case
from sim.inputs.catalogue import settable_keys
from sim.inputs.name_checks import plain_word
from sim.inputs.scenario import Scenario, load_scenario
from sim.inputs.schedule import month_name
from sim.inputs.schema_faults import unknown

LARGEST_SEED = 2**63 - 1
_BETWEEN = re.compile(r"[;/]|\s(?:and|over)\s")  # what may stand between two states instead of a comma
_THOUSANDS = re.compile(r"\d{1,3}(\.\d{3})+")  # 10.000 means ten thousand to some, and ten to others


class WholeNumber(click.ParamType[int]):
    """A whole number: 10000, 10_000, 10,000, 1e4 or 10k."""

    name = "number"

    def __init__(self, least: int, most: int | None = None) -> None:
        self.least = least
        self.most = most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        number = _whole(str(value))
        if number is None:
            self.fail(f"{str(value)[:40]!r} is not a whole number, such as 10000 or 10k", param, ctx)
        if number < self.least or (self.most is not None and number > self.most):
            most = "" if self.most is None else f" and at most {self.most:,}"
            self.fail(f"{str(value)[:40]} is out of range: at least {self.least}{most}", param, ctx)
        return number


def _whole(text: str) -> int | None:
    """The whole number that a text means, or None."""
    plain = text.strip().replace(",", "").replace("_", "")
    if len(plain) > 40 or not plain.isascii() or _THOUSANDS.fullmatch(plain):
        return None
    for ending, zeros in (("k", 3), ("m", 6)):
        if plain.lower().endswith(ending):
            plain = f"{plain[:-1]}e{zeros}"
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
        if _whole(str(value)) is None:
            self.fail(f"{str(value)[:40]!r} is not a whole number or a month such as 2018-12", param, ctx)
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
    """The states in a list of codes, names or leaders: `Kim,the United States`, `Trump and Kim`. Raises InputError."""
    known = {word: code for code, state in case.states.items() for word in _called(code, state)}
    one = "," not in text and plain_word(text) not in known
    words = [word.strip() for word in (_BETWEEN.split(text) if one else text.split(","))]
    names = [f"{code} ({state.label})" for code, state in case.states.items()]
    faults = []
    for word in words:
        if plain_word(word) not in known:
            near = get_close_matches(plain_word(word), known, 1)
            allowed = f"did you mean {known[near[0]]}?" if near else unknown(word, names, "one of")
            faults.append(Fault(Place(option, 0, 0), "state", word, allowed))
    if faults:
        raise InputError(faults)
    return [known[plain_word(word)] for word in words]


def _called(code: str, state: State) -> set[str]:
    return {plain_word(word) for word in (code, state.label, state.leader, state.called) if word}


def complete_scenarios(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Names of the case's scenarios, and files."""
    names = find_case(ctx.params.get("case")).names()
    return _beginning(names, begun) or [CompletionItem(begun, type="file")]


def complete_claims(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Claims of the case, and the words that `claims` knows."""
    return _beginning([*_root(ctx).ledger.claims, "verify", "add", "agreement", "export"], begun)


def complete_outcomes(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Endings of the case."""
    return _beginning([rule.name for rule in _root(ctx).case.outcomes], begun)


def complete_settings(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Keys for ``--set``."""
    keys = settable_keys(_root(ctx))
    names = [*_root(ctx).ledger.claims, *(key.key for key in keys if key.key.startswith("assume."))]
    return _beginning([f"{name}=" for name in names], begun)


def complete_states(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Codes of the states; in a list, for the last entry."""
    done = "".join(begun.rpartition(",")[:2])
    return _beginning([f"{done}{code}" for code in _root(ctx).case.states], begun)


def _root(ctx: click.Context) -> Scenario:
    return load_scenario(ROOT_SCENARIO, case=ctx.params.get("case"))


def _beginning(names: Iterable[str], begun: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.startswith(begun)]


def _option(*names: str, **how: Any) -> Callable[[], click.Option]:
    return lambda: click.Option([*names], **how)


SHARED: Mapping[str, Callable[[], click.Option]] = {
    "runs": _option(
        "-n", "--runs", type=WholeNumber(1), default=DEFAULT_RUNS, show_default=True, metavar="RUNS",
        help="How many runs; two share a world.",
    ),
    "seed": _option(
        "--seed", type=WholeNumber(0, LARGEST_SEED), default=DEFAULT_SEED, show_default=True, metavar="S",
        help="Seed of all draws: same seed, same result.",
    ),
    "set": _option(
        "--set", "settings", multiple=True, metavar="KEY=VALUE", shell_complete=complete_settings,
        help="Change one assumption: a dotted key of the scenario and a YAML value, like assume.claims.ID=off or "
        "assume.parameters.NAME=0.5. May be repeated.",
    ),
    "months": _option(
        "--months", type=Month(), metavar="M", help="Last month to play, 12 or 2019-03 (default: the scenario's)."
    ),
    "out": _option(
        "--out", type=click.Path(path_type=Path), default=Path("results"), show_default=True, metavar="DIR",
        help="Folder in which what is made has a folder of its own; a finished run that is there is read.",
    ),
    "workers": _option(
        "--workers", type=WholeNumber(1, 1024), metavar="N", help="Processes (default: chosen by what is asked for)."
    ),
    "executor": _option(
        "--executor", default="processes", show_default=True, metavar="E",
        help="Where blocks are computed: processes, threads, dask or dask:ADDRESS. It never changes a result.",
    ),
    "engine": _option(
        "--engine", type=click.Choice(["compiled", "mesa"]), default="compiled", show_default=True,
        help="What plays the runs: the Mesa model itself, or the same model compiled from it, several times as fast.",
    ),
    "insecure": _option(
        "--insecure", is_flag=True, help="Take a dask:ADDRESS without TLS: whoever reaches it can run programs there."
    ),
    "fresh": _option("--fresh", is_flag=True, help="Run anew even where the same run is finished or half done."),
    "full": _option("--full", is_flag=True, help="Show everything, however many lines it takes."),
    "json": _option("--json", is_flag=True, help="Print one JSON document and nothing else."),
    "case": _option(
        "--case", type=click.Path(path_type=Path), metavar="DIR",
        help="Folder of another case, with seeds/ and scenarios/ (default: the case that the file lies in, else the "
        "working directory's, else that of SUMMITRY_CASE, else the shipped one).",
    ),
}  # fmt: skip
"""The shared options by name, in the order of the help; every command takes ``case``."""


def outcome_option(help: str, required: bool = False) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The option ``--outcome`` of a command, completed by the endings of the case."""
    return click.option("--outcome", shell_complete=complete_outcomes, required=required, metavar="O", help=help)
