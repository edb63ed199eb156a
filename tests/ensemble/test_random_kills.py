"""A smaller version of `python -m tests.ensemble.random_kills`."""

from __future__ import annotations

import random
from pathlib import Path

from tests.ensemble.random_kills import disturb


def test_a_run_killed_at_random_ends_the_same(tmp_path: Path) -> None:
    told: list[str] = []
    disturb(tmp_path, 20_000, 11, 2, random.Random(5), told.append)
    assert "2 kills" in told[0]
