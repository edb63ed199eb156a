"""Blocks are joined in their order, and an ensemble can be taken up in the middle."""

from __future__ import annotations

import resource
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim import __version__
from sim.ensemble.block import COMPUTED_RUNS
from sim.ensemble.finished_blocks import Joiner, Task, _room, play
from sim.ensemble.run import run
from sim.errors import CannotWrite
from sim.inputs.scenario import Scenario
from tests.ensemble.helpers import assert_same_bits

RUNS = 2 * COMPUTED_RUNS + 3


def test_a_block_out_of_turn_is_refused(brief: Scenario) -> None:
    joiner = Joiner(brief, 7, "1", RUNS)
    with pytest.raises(ValueError, match="came after 0 runs"):
        joiner.add(play(brief, 7, Task(COMPUTED_RUNS, 10)))
    assert (joiner.runs, joiner.totals) == (0, {})


@pytest.mark.parametrize("in_files", [False, True])
def test_a_block_is_in_or_it_is_not(brief: Scenario, tmp_path: Path, in_files: bool) -> None:
    joiner = Joiner(brief, 7, __version__, RUNS, tmp_path if in_files else None)
    blocks = [play(brief, 7, Task(start, min(COMPUTED_RUNS, RUNS - start))) for start in range(0, RUNS, COMPUTED_RUNS)]
    joiner.add(blocks[0])
    for broken in ("counts", "leverage_bins", "values"):
        with pytest.raises(ValueError, match=r"broadcast|shape"):
            joiner.add(replace(blocks[1], **{broken: np.zeros((2, 1, 3, 3))}))
        assert joiner.runs == COMPUTED_RUNS
    for block in blocks[1:]:
        joiner.add(block)
    assert_same_bits(joiner.ensemble(), run(brief, RUNS, 7))


def test_an_ensemble_taken_up_in_the_middle_ends_the_same(brief: Scenario, tmp_path: Path) -> None:
    first, second = Joiner(brief, 7, __version__, RUNS), Joiner(brief, 7, __version__, RUNS, tmp_path)
    blocks = [play(brief, 7, Task(start, min(COMPUTED_RUNS, RUNS - start))) for start in range(0, RUNS, COMPUTED_RUNS)]
    first.add(blocks[0])
    second.put_rows(blocks[0])
    second.go_on_from(first.runs, first.totals)
    for block in blocks[1:]:
        first.add(block)
        second.add(block)
    assert_same_bits(first.ensemble(), second.ensemble())
    assert_same_bits(first.ensemble(), run(brief, RUNS, 7))
    assert list(tmp_path.iterdir()) == []  # files of rows have no names


def test_a_disk_that_is_too_full_for_rows_is_one_line(tmp_path: Path) -> None:
    """Room is set aside before anything is written: a map that finds its disk full kills the process."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(CannotWrite) as told:
            _room((40, 1000), np.dtype(np.float32), tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert told.value.exit_code == 74
