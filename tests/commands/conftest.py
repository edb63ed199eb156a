"""The command line as a test calls it: in this process, or as a program of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sim.cli import main

ROOT = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Said:
    """What a command printed and the status it ended with."""

    status: int
    out: str
    err: str


@pytest.fixture(scope="module", autouse=True)
def _quick_pictures(no_pixels: None) -> None:
    """Commands that draw are asked what they say and write."""


@pytest.fixture
def summitry(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Callable[..., Said]:
    """Call a command in this process, in an empty working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def call(*words: str) -> Said:
        status = main([str(word) for word in words])
        out, err = capsys.readouterr()
        return Said(status, out, without_bar(err))

    return call


def without_bar(err: str) -> str:
    """What was said on standard error besides a progress bar, which a busy machine may show."""
    lines = (
        line
        for line in err.replace("\r", "\n").splitlines(keepends=True)
        if not line.rstrip().endswith(("runs/s]", "s/ runs]"))
    )
    return "".join(line for line in lines if line.strip())


def program(*words: str) -> list[str]:
    """The command line of a process of its own."""
    return [sys.executable, "-m", "sim", *words]


def surroundings(**more: str) -> dict[str, str]:
    """The environment of such a process."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "80", **more}


def start(*words: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command as a process of its own, to its end."""
    return subprocess.run(
        program(*words),
        cwd=folder,
        env=surroundings(**more),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
