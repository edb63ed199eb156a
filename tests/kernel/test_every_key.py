"""Whatever key of a scenario is changed, the compiled run changes as Mesa's does.

For every key of the schema there is one change, which must move Mesa's runs: else this test would say nothing of it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pytest
import yaml
from pydantic import BaseModel

from sim.ensemble.block import Block, play_block
from sim.inputs.scenario import Scenario, load_data, load_scenario
from sim.inputs.schema_scenario import ScenarioFile
from sim.kernel.structure import structure_of
from tests.kernel.helpers import assert_equal_runs

SEED, RUNS = 6, 128  # of which at least one must change; equality is checked in each of them
PARTS: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("every_key.yaml").read_text("utf-8")
)
CHANGES = PARTS["numbers"] | PARTS["structure"]
FATAL = ("Hazard.slope", "Hazard.ratio")  # they move so few runs that those without summits are looked at too
ONLY_READ = frozenset(  # and what limits other keys or drops an inherited part
    (
        *("title", "question", "note", "label", "says", "source", "basis", "meaning", "name", "leader", "unit"),
        *("shown", "extends", "read_against", "schema", "first_month", "mechanisms", "rises_source"),
        *("decay_source", "within", "needs", "reading", "met", "called", "drop_summits"),
    )
)


def keys(schema: type[BaseModel] = ScenarioFile, seen: set[type] | None = None) -> Iterator[str]:
    """Every key of the schema, as CLASS.FIELD."""
    seen = set() if seen is None else seen
    if schema in seen:
        return
    seen.add(schema)
    for name, field in schema.model_fields.items():
        yield f"{schema.__name__.removesuffix('Given')}.{field.alias or name}"
        for inner in _models(field.annotation):
            yield from keys(inner, seen)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def test_there_is_a_change_for_every_key() -> None:
    wanted = {key for key in keys() if key.split(".")[1] not in ONLY_READ and "Corners." not in key}
    assert wanted - set(CHANGES) == set()


@pytest.mark.parametrize("key", CHANGES)
def test_a_changed_key_changes_the_runs(key: str) -> None:
    plan = changed(key)
    mesa = by_mesa(plan, key in FATAL)
    assert _differs(mesa, unchanged(key in FATAL)), "the change leaves Mesa's runs as they were"
    assert (structure_of(plan) == usual_structure()) == (key in PARTS["numbers"])
    if key in PARTS["numbers"]:
        assert_equal_runs(play_block(plan, SEED, 0, RUNS, who_gained=False), mesa)


def by_mesa(plan: Scenario, who_gained: bool = False) -> Block:
    return play_block(replace(plan, engine="mesa"), SEED, 0, RUNS, who_gained=who_gained)


@cache
def unchanged(who_gained: bool) -> Block:
    return by_mesa(changed(), who_gained)


@cache
def usual_structure() -> str:
    return structure_of(changed())


@cache
def history() -> Scenario:
    return load_scenario("history")


@cache
def changed(*keys: str) -> Scenario:
    """History's first nine months (which holds the American summit of June) with these keys changed."""
    plan = history()
    data = copy.deepcopy(dict(plan.resolved)) | {"months": 8}
    for key in keys:
        for path, value in CHANGES[key].items():
            *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
            part: Any = data
            for step in steps:
                part = part.setdefault(step, {}) if isinstance(part, dict) else part[step]
            part[last] = value
    return load_data(data, plan)


def _touch(one: str, other: str) -> bool:
    """Whether two keys change the same part: the first three steps of a path agree."""
    parts = [{tuple(path.split(".")[:3]) for path in CHANGES[key]} for key in (one, other)]
    return any(a[: len(b)] == b[: len(a)] for a in parts[0] for b in parts[1])


def _differs(one: Block, two: Block) -> bool:
    same = one.values.shape == two.values.shape and np.array_equal(one.values, two.values, equal_nan=True)
    return not (same and np.array_equal(one.classes[-1], two.classes[-1]))


def groups() -> list[list[str]]:
    """The keys that change the structure, a dozen at a time, since each is compiled; no two touch one part."""
    found: list[list[str]] = []
    for key in PARTS["structure"]:
        free = (group for group in found if len(group) < 12 and not any(_touch(key, other) for other in group))
        group = next(free, None)
        if group is None:
            found.append(group := [])
        group.append(key)
    return found


@pytest.mark.parametrize("group", groups(), ids=lambda group: group[0])
def test_a_changed_structure_is_played_alike(group: list[str]) -> None:
    plan = changed(*group)
    assert_equal_runs(play_block(plan, SEED, 0, RUNS, who_gained=False), by_mesa(plan))
