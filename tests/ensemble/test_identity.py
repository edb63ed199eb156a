"""What makes two runs the same run."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from sim.ensemble import identity
from sim.inputs.scenario import Scenario, load_scenario
from sim.kernel import cache


def test_the_hash_of_files_is_that_of_names_and_bytes(brief: Scenario) -> None:
    lines = "".join(f"{digest}  {name}\n" for name, digest in brief.files)
    assert identity.files_hash(brief) == hashlib.sha256(lines.encode()).hexdigest()
    assert identity.files_hash(brief) == identity.files_hash(load_scenario("baseline"))
    (name, digest), *rest = brief.files
    assert identity.files_hash(replace(brief, files=((name, digest[::-1]), *rest))) != identity.files_hash(brief)


def test_everything_that_changes_a_result_changes_the_identity(brief: Scenario) -> None:
    base = identity.run_identity(brief, 1000, 7)
    others = [
        identity.run_identity(brief, 1001, 7),
        identity.run_identity(brief, 1000, 8),
        identity.run_identity(replace(brief, months=3), 1000, 7),
        identity.run_identity(replace(brief, engine="mesa"), 1000, 7),
        identity.run_identity(replace(brief, overrides=("assume.parameters.a0=0.5",)), 1000, 7),
        identity.run_identity(replace(brief, files=brief.files[1:]), 1000, 7),
    ]
    assert all(other != base for other in others)
    assert identity.run_identity(brief, 1000, 7) == base


def test_the_program_is_part_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model").mkdir()
    rule = tmp_path / "model" / "rule.py"
    rule.write_bytes(b"x = 1\n")
    monkeypatch.setattr(cache, "_PACKAGE", tmp_path)
    found = []
    for text in (b"x = 1\n", b"x = 1\r\n", b"x = 2\n"):
        rule.write_bytes(text)
        cache.hash_of_program.cache_clear()
        found.append(identity.engine_hash())
    cache.hash_of_program.cache_clear()
    assert found[0] == found[1] != found[2]


def test_unfinished_work_belongs_to_one_numpy(brief: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    import numpy as np

    key = identity.unfinished_key(brief, 1000, 7)
    assert identity.unfinished_key(brief, 1000, 7) == key
    assert identity.unfinished_key(brief, 1000, 8) != key
    monkeypatch.setattr(np, "__version__", "0.0")
    assert identity.unfinished_key(brief, 1000, 7) != key
