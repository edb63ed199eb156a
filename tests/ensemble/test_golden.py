"""Outcome counts of four scenarios are those that were kept, with NumPy's processor features on and off.

A build that has no file of its own (another NumPy, another processor) must agree with every file to within a few runs:
last bits differ there, and now and then one of them decides a choice.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.ensemble.golden_counts import RUNS, SCENARIOS, dispatched
from tests.ensemble.write_golden import GOLDEN, NOT_FOR_NUMBERS, counted, switches

ELSEWHERE = 4  # runs by which a count may differ on another build


def _kept() -> dict[str, dict[str, Any]]:
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(GOLDEN.glob("numpy-*.json"))}


@pytest.mark.parametrize("which", [0, 1, 2])
def test_the_counts_are_those_that_were_kept(which: int) -> None:
    kept, found = _kept(), counted(switches()[which])
    own = kept.get(found["build"], {}).get(found["level"])
    if own is not None:
        assert found["counts"] == own
    for levels in kept.values():
        for counts in levels.values():
            _assert_near(found["counts"], counts)


def _assert_near(found: dict[str, dict[str, int]], kept: dict[str, dict[str, int]]) -> None:
    assert list(found) == list(kept) == list(SCENARIOS)
    for name, counts in found.items():
        assert sum(counts.values()) == RUNS
        assert list(counts) == list(kept[name])
        assert all(abs(counts[outcome] - kept[name][outcome]) <= ELSEWHERE for outcome in counts)


def test_features_that_are_switched_off_are_off() -> None:
    on, _, off = (counted(switched_off) for switched_off in switches())
    assert off["level"] == "plain"
    assert on["dispatched"] == dispatched()
    assert not set(off["dispatched"]) - set(NOT_FOR_NUMBERS)


def test_files_are_kept() -> None:
    assert _kept()
