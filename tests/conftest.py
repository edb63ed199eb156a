"""What every test run says of itself."""

from __future__ import annotations

import os
import signal

import pytest

BROWSER_TESTS_OFF = (
    "browser tests of the page (tests/page) are off: they need chromium, node, playwright and axe-core; "
    ".ci/run installs these and sets SUMMITRY_BROWSER=1"
)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # as a shell starts what runs in its background
    signal.signal(signal.SIGINT, signal.default_int_handler)  # else no program under test would hear Ctrl-C


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What is not collected is told, whatever the verbosity."""
    if os.environ.get("SUMMITRY_BROWSER") != "1":
        terminalreporter.write_line(BROWSER_TESTS_OFF)
