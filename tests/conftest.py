"""What every test run says of itself."""

from __future__ import annotations

import os

import pytest

BROWSER_TESTS_OFF = (
    "browser tests of the page (tests/page) are off: they need chromium, node, playwright and axe-core; "
    ".ci/run installs these and sets SUMMITRY_BROWSER=1"
)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What is not collected is told, whatever the verbosity."""
    if os.environ.get("SUMMITRY_BROWSER") != "1":
        terminalreporter.write_line(BROWSER_TESTS_OFF)
