"""Play and classroom are slices: without one of them the rest imports, lists its commands and runs a scenario."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
EVERYTHING = """
import importlib, pkgutil, sim, sys
for module in pkgutil.walk_packages(sim.__path__, "sim."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
run = ["run", "xi-first", "-n", "40", "--no-charts", "--out", sys.argv[1]]
statuses = [sim.cli.main(words) for words in (["--help"], ["list"], run)]
assert statuses == [0, 0, 0], statuses
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The product without its tests, in a folder of its own; with what Python has compiled, but not half of a file."""
    for name in ("sim", "seeds", "scenarios"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("*.pyc.*"))
    return tmp_path


@pytest.mark.parametrize(("slice_", "commands"), [("play", ["play"]), ("classroom", ["classroom", "site"])])
def test_the_rest_works_without_a_slice(copy: Path, slice_: str, commands: list[str]) -> None:
    shutil.rmtree(copy / "sim" / slice_)
    cli = copy / "sim" / "cli.py"
    for name in commands:
        (copy / "sim" / "commands" / f"{name}.py").unlink()
        text, lines = re.subn(rf'\n    "{name}": .*', "", cli.read_text(encoding="utf-8"))
        assert lines == 1
        cli.write_text(text, encoding="utf-8")
    listed = _python(copy, "-c", EVERYTHING, str(copy / "out"))
    assert re.search("^  run  ", listed, re.M)
    assert not [name for name in commands if re.search(rf"^  {name}  ", listed, re.M)]


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
