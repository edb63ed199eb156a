"""Makes a folder of wheels from which Summitry installs without a network, by calling pip."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from sim.defaults import VERSION
from sim.ensemble.safe_files import prepare, write_whole
from sim.errors import CannotWrite, InputError, clean_text

PLATFORMS = {
    "windows": ("win_amd64",),
    "macos": ("macosx_11_0_arm64", "macosx_12_0_arm64", "macosx_14_0_arm64"),
    "linux": ("manylinux2014_x86_64", "manylinux_2_17_x86_64", "manylinux_2_27_x86_64", "manylinux_2_28_x86_64"),
}
ONLY_THERE = {"windows": ("colorama",)}  # pip reads conditions such as "on Windows" for the system it runs on
README = """Summitry {version} without a network ({system}, Python {python})

In a virtual environment, in this folder:

    python -m pip install --no-index --find-links . summitry

then

    python -m sim list
"""


def make_wheels(folder: Path, system: str, version: str | None) -> Path:
    """Fill the folder. Raises InputError without pip or sources, CannotWrite where pip cannot finish."""
    if find_spec("pip") is None:
        allowed = "python -m ensurepip, or make the folder on a machine with pip"
        raise InputError.at("classroom wheels", "pip", "not here", allowed)
    root = Path(__file__).resolve().parents[2]
    if not (root / "pyproject.toml").is_file():
        allowed = "a checkout: an installed copy cannot be packed into a wheel again"
        raise InputError.at("classroom wheels", "the source of Summitry", "not here", allowed)
    prepare(folder)
    _pip("wheel", "--no-deps", "--wheel-dir", str(folder), str(root))
    own = max(folder.glob(f"summitry-{VERSION}-*.whl"), key=lambda path: path.stat().st_mtime)
    _pip("download", "--dest", str(folder), "--find-links", str(folder), *_target(system, version), str(own),
         *ONLY_THERE.get(system, ()))  # fmt: skip
    python = version or f"{sys.version_info.major}.{sys.version_info.minor}"
    text = README.format(version=VERSION, system="this system" if system == "here" else system, python=python)
    write_whole(folder / "README.txt", [text.encode("utf-8")])
    return folder


def _target(system: str, version: str | None) -> list[str]:
    """pip's options for another system or Python: wheels only, since nothing can be built for it here."""
    if system == "here" and version is None:
        return []
    words = ["--only-binary", ":all:"]
    for platform in PLATFORMS.get(system, ()):
        words += ["--platform", platform]
    return [*words, "--python-version", version] if version else words


def _pip(*words: str) -> None:
    """Run pip. Raises CannotWrite with its error where it fails."""
    command = [sys.executable, "-m", "pip", *words, "--disable-pip-version-check", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)
    if done.returncode:
        every = done.stderr.splitlines()
        lines = [line for line in every if line.startswith("ERROR:")] or every[-1:]
        why = clean_text(lines[0].removeprefix("ERROR: ") if lines else "it does not say why", 240)
        raise CannotWrite(f"pip {words[0]} could not finish (is there a network?): {why}", 74)
