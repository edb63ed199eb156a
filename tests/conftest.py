"""What every test run says of itself, pictures that cost nothing, and commands on the case of a folder."""

from __future__ import annotations

import io
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from PIL import Image

from sim.analysis import variants
from sim.cli import main

BROWSER_TESTS_OFF = (
    "browser tests of the page (tests/page) are off: they need chromium, node, playwright and axe-core; "
    ".ci/run installs these and sets SUMMITRY_BROWSER=1"
)

# A busy machine is no fault: no example has a time in which it must be done.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell starts what runs in its background
    signal.signal(signal.SIGINT, signal.default_int_handler)  # else no program under test would hear Ctrl-C

os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else each program under test would compile every file that it imports


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What is not collected is reported, whatever the verbosity."""
    if os.environ.get("SUMMITRY_BROWSER") != "1":
        terminalreporter.write_line(BROWSER_TESTS_OFF)


@pytest.fixture
def ends_in_a_minute() -> Iterator[None]:
    """What would wait for ever fails."""

    def too_long(*_: object) -> None:
        raise AssertionError("it waits")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture(scope="session", autouse=True)
def _one_process_for_variants() -> Iterator[None]:
    """The suite's own workers take the cores: further processes would start and import for nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(variants, "cores", lambda: 1)
        yield


@pytest.fixture(scope="module")
def no_pixels() -> Iterator[None]:
    """Every PNG is one pixel: for tests that read words, tables and SVG. Pixels are looked at in tests/views."""
    from sim.views.charts import style  # it takes matplotlib along, which many tests never need

    pixel = io.BytesIO()
    Image.new("RGB", (1, 1)).save(pixel, format="png")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(style, "_png", lambda _page: pixel.getvalue())
        yield


@pytest.fixture
def told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What a command prints on the case in a folder, from an empty working directory and on 80 columns."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def call(case: Path, *words: str) -> str:
        status = main([*words, "--case", str(case)])
        out, err = capsys.readouterr()
        assert status == 0, out + err
        return out

    return call
