"""Play and classroom are slices: without one of them the rest imports, lists its commands and runs a scenario."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The product without its tests, in a folder of its own."""
    for name in ("sim", "seeds", "scenarios"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


@pytest.mark.parametrize("slice_", ["play", "classroom"])
def test_the_rest_works_without_a_slice(copy: Path, slice_: str) -> None:
    shutil.rmtree(copy / "sim" / slice_)
    (copy / "sim" / "commands" / f"{slice_}.py").unlink()
    cli = copy / "sim" / "cli.py"
    cli.write_text(cli.read_text(encoding="utf-8").replace(f'"{slice_}", ', "", 1), encoding="utf-8")
    everything = (
        "import pkgutil, importlib, sim; "
        "[importlib.import_module(m.name) for m in pkgutil.walk_packages(sim.__path__, 'sim.')"
        " if not m.name.endswith('__main__')]"
    )
    assert _python(copy, "-c", everything) == ""
    assert f"\n  {slice_} " not in _python(copy, "-m", "sim", "--help")
    _python(copy, "-m", "sim", "list")
    _python(copy, "-m", "sim", "run", "xi-first", "-n", "40", "--no-charts", "--out", str(copy / "out"))


def _python(folder: Path, *words: str) -> str:
    """What Python prints on standard output; it must end well."""
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
