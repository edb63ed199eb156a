"""The page's modules under Node, where Node is there; its YAML held against Python's on every shipped file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from sim.inputs.yaml_source import read_yaml

HERE = Path(__file__).parent
SCENARIOS = HERE.parents[1] / "scenarios"

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


@pytest.fixture(scope="module")
def yaml_cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every scenario file of the case with what Python reads in it; booleans as YAML 1.2 has them."""
    rows = []
    for path in sorted(SCENARIOS.rglob("*.yaml")):
        text = path.read_text("utf-8")
        if not any(mark in text for mark in (" on\n", " off\n", ": on}", ": off}", ": on,", ": off,")):
            rows.append({"text": text, "data": read_yaml(path, path.name).data})
    assert len(rows) > 10
    file = tmp_path_factory.mktemp("yaml") / "cases.json"
    file.write_text(json.dumps(rows), "utf-8")
    return file


def test_the_modules_pass_their_tests(yaml_cases: Path) -> None:
    tests = sorted(str(path) for path in HERE.glob("*.test.mjs"))
    assert len(tests) > 3
    found = subprocess.run(
        ["node", "--test", *tests], capture_output=True, text=True, env={**os.environ, "YAML_CASES": str(yaml_cases)}
    )
    assert found.returncode == 0, found.stdout[-3000:]
    assert "# skipped 0" in found.stdout
