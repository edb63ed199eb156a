"""Shell completion of scenarios, claims, outcomes and keys, as click's manual says (``_SUMMITRY_COMPLETE``)."""

from __future__ import annotations

from collections.abc import Iterable

import click
from click.shell_completion import CompletionItem

from sim.inputs.case_folder import ROOT_SCENARIO, find_case
from sim.inputs.keys import settable_keys
from sim.inputs.scenario import Scenario, load_scenario


def scenarios(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Names of the case's scenarios, and files."""
    names = find_case(ctx.params.get("case")).names()
    return _beginning(names, begun) or [CompletionItem(begun, type="file")]


def claims(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Claims of the case, and the words that `claims` knows."""
    return _beginning([*_root(ctx).ledger.claims, "verify", "agreement", "export"], begun)


def outcomes(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Endings of the case."""
    return _beginning([rule.name for rule in _root(ctx).case.outcomes], begun)


def settings(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Keys for ``--set``."""
    keys = settable_keys(_root(ctx))
    names = [*_root(ctx).ledger.claims, *(key.key for key in keys if key.key.startswith("assume."))]
    return _beginning([f"{name}=" for name in names], begun)


def states(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[CompletionItem]:
    """Codes of the states; in a list, for the last entry."""
    done = "".join(begun.rpartition(",")[:2])
    return _beginning([f"{done}{code}" for code in _root(ctx).case.states], begun)


def _root(ctx: click.Context) -> Scenario:
    return load_scenario(ROOT_SCENARIO, case=ctx.params.get("case"))


def _beginning(names: Iterable[str], begun: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.startswith(begun)]
