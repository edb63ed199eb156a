"""A worker that was forked from a process that has compiled compiles another structure, and does not wait for ever."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMPILE_IN_A_CHILD = """
import os
from sim import load_scenario
from sim.ensemble.block import play_block
play_block(load_scenario("xi-first"), 1, 0, 2)
child = os.fork()
if child == 0:
    play_block(load_scenario("variants/summits-before-moves"), 1, 0, 2)
    os._exit(7)
raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_worker_compiles(tmp_path: Path) -> None:
    surroundings = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", COMPILE_IN_A_CHILD], env=surroundings, timeout=300, check=False)
    assert done.returncode == 7
