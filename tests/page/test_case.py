"""The case that the page's script is tested against is what Python finds today."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent


def made() -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location("make_case", HERE / "make_case.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, Any] = json.loads(json.dumps(module.make()))
    return found


def test_the_shared_case_is_what_python_finds() -> None:
    written, found = json.loads((HERE / "reweight_case.json").read_text("utf-8")), made()
    assert written["data"] == found["data"]
    assert written["ensemble"] == found["ensemble"]
    assert len(written["expected"]) == len(found["expected"]) > 3
    for one, other in zip(written["expected"], found["expected"], strict=True):
        for name in ("weights", "means", "errors", "credence"):
            assert one[name] == pytest.approx(other[name], abs=1e-12)
        assert one["effective"] == pytest.approx(other["effective"], abs=1e-9)
    for row, other_row in zip(written["wilson"], found["wilson"], strict=True):
        assert row == pytest.approx(other_row, abs=1e-12)
