"""The folder of wheels: what pip is asked for, and one clear line where it cannot."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from sim import __version__
from sim.classroom import wheels
from sim.errors import CannotWrite, InputError


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """pip is not run: what it would be asked for is noted, and the wheel of Summitry appears."""
    found: list[list[str]] = []

    def pip(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        found.append(command[3:])
        if command[3] == "wheel":
            folder = Path(command[command.index("--wheel-dir") + 1])
            (folder / f"summitry-{__version__}-py3-none-any.whl").write_bytes(b"")
        return subprocess.CompletedProcess(command, 0, "", "")

    monkeypatch.setattr(wheels.subprocess, "run", pip)
    return found


def test_for_this_system(asked: list[list[str]], tmp_path: Path) -> None:
    folder = wheels.make_wheels(tmp_path / "wheels", "here", None)
    assert [words[0] for words in asked] == ["wheel", "download"]
    assert "--platform" not in asked[1]
    assert "--no-index --find-links . summitry" in (folder / "README.txt").read_text("utf-8")


def test_for_windows_from_here(asked: list[list[str]], tmp_path: Path) -> None:
    wheels.make_wheels(tmp_path / "wheels", "windows", "3.12")
    words = asked[1]
    assert words[words.index("--platform") + 1] == "win_amd64"
    assert words[words.index("--python-version") + 1] == "3.12"
    assert "colorama" in words  # which pip, run on another system, would not think of


def test_without_a_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def pip(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(
            command, 1, "", "WARNING: retrying\nERROR: No matching distribution found for hatchling"
        )

    monkeypatch.setattr(wheels.subprocess, "run", pip)
    with pytest.raises(CannotWrite, match=r"is there a network\?\): No matching distribution"):
        wheels.make_wheels(tmp_path, "here", None)


def test_without_pip(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(wheels, "find_spec", lambda name: None)
    with pytest.raises(InputError, match="pip: not here"):
        wheels.make_wheels(tmp_path, "here", None)
