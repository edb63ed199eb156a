"""Whatever key of a scenario is changed, the compiled run changes as Mesa's does.

For every key of the schema there is one change, which must move the runs: else this test would say nothing of it.
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
from tests.kernel.helpers import CLOSE, assert_equal_runs

SEED, RUNS = 6, 128  # of which at least one must change; equality is checked in each of them
PARTS: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load(
    Path(__file__).with_name("every_key.yaml").read_text("utf-8")
)
CHANGES = PARTS["numbers"] | PARTS["structure"]
MONTHS = (5, 8)  # nearly every change is seen within six months
LATE = ("Pair.between", "ScenarioFile.flags", "Hazard.slope", "Hazard.ratio")  # they move few runs, and those late
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


def groups(part: str) -> list[list[str]]:
    """The keys of a part, a dozen at a time; no two of a group touch one thing."""
    found: list[list[str]] = []
    for key in PARTS[part]:
        free = (group for group in found if len(group) < 12 and not any(_touch(key, other) for other in group))
        group = next(free, None)
        if group is None:
            found.append(group := [])
        group.append(key)
    return found


def _touch(one: str, other: str) -> bool:
    """Whether two keys change the same thing: the first three steps of a path agree, or both are of one meeting."""
    parts = [{tuple(path.split(".")[:3]) for path in CHANGES[key]} for key in (one, other)]
    return one[:7] == other[:7] == "Summit." or any(a[: len(b)] == b[: len(a)] for a in parts[0] for b in parts[1])


@pytest.mark.parametrize("group", groups("numbers"), ids=lambda group: group[0])
def test_changed_numbers_move_the_runs_and_are_played_alike_by_the_same_file(group: list[str]) -> None:
    """What the other changes of a group hide is changed alone."""
    assert [key for key in _unseen(group) if _unseen([key])] == []


def _unseen(keys: list[str]) -> list[str]:
    """Of keys whose changes are played alike by both engines, those without which the runs are the same."""
    plan, usual = changed(*keys), structure_of(changed())
    whole, less = played(plan), {key: changed(*(other for other in keys if other != key)) for key in keys}
    assert_equal_runs(whole, by_mesa(plan))
    assert {structure_of(each) for each in (plan, *less.values())} == {usual}
    return [key for key, each in less.items() if not _differ(whole, played(each), by=CLOSE)]


@pytest.mark.parametrize("key", PARTS["structure"])
def test_a_changed_structure_is_another_and_moves_the_runs(key: str) -> None:
    plan = changed(key)
    assert structure_of(plan) != structure_of(changed())
    assert _differ(by_mesa(plan, key in LATE, MONTHS[key in LATE]), unchanged(key in LATE)), (
        "the runs stay as they were"
    )


@pytest.mark.parametrize("group", groups("structure"), ids=lambda group: group[0])
def test_a_changed_structure_is_played_alike(group: list[str]) -> None:
    plan = changed(*group)
    assert_equal_runs(played(plan), by_mesa(plan))


def played(plan: Scenario, who_gained: bool = False) -> Block:
    return play_block(plan, SEED, 0, RUNS, who_gained=who_gained)


def by_mesa(plan: Scenario, who_gained: bool = False, months: int = 8) -> Block:
    return played(replace(plan, engine="mesa", months=min(months, plan.months)), who_gained)


@cache
def unchanged(late: bool) -> Block:
    return by_mesa(changed(), late, MONTHS[late])


def _differ(one: Block, two: Block, by: float = 0) -> bool:
    if one.values.shape != two.values.shape or (one.classes[-1] != two.classes[-1]).any():
        return True
    return not np.allclose(one.values, two.values, rtol=0, atol=by, equal_nan=True)


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
