"""An ensemble as frames, in a notebook, and its first runs."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.ensemble.tables import leverage_csv, outcomes_csv
from sim.inputs.scenario import Scenario


@pytest.fixture(scope="module")
def ensemble(brief: Scenario) -> Ensemble:
    return run(brief, 301, 7)


def test_a_frame_of_runs_holds_every_kept_run(ensemble: Ensemble) -> None:
    frame = ensemble.to_frame()
    assert frame.index.tolist() == list(range(301))
    assert frame["world"].tolist() == [n // 2 for n in range(301)]
    assert frame["outcome"].tolist() == [ensemble.names.outcomes[place] for place in ensemble.classes[-1]]
    for name in ensemble.names.measures:
        assert np.array_equal(frame[name].to_numpy(), ensemble.measure(name), equal_nan=True)


def test_frames_are_the_tables(ensemble: Ensemble) -> None:
    for frame, table in ((ensemble.outcomes_frame(), outcomes_csv), (ensemble.leverage_frame(), leverage_csv)):
        rows = list(csv.DictReader(io.StringIO(table(ensemble).decode("utf-8-sig"))))
        assert list(frame.columns) == list(rows[0])
        assert len(frame) == len(rows)
        assert frame.iloc[-1, 0] == rows[-1]["month"] == "2018-05"


def test_a_notebook_shows_the_classes_and_that_it_is_no_forecast(ensemble: Ensemble) -> None:
    hostile = replace(ensemble, scenario=replace(ensemble.scenario, title="<script>alert(1)</script>\x1b[2J"))
    shown = hostile._repr_html_()
    assert "Not a forecast" in shown
    assert shown.count("<tr>") == 1 + len(ensemble.names.outcomes)
    assert "<script>" not in shown
    assert "\x1b" not in shown


def test_first_runs_beyond_the_rows_are_refused(ensemble: Ensemble) -> None:
    for runs in (0, 302):
        with pytest.raises(ValueError, match="rows are kept of 301 runs"):
            ensemble.first(runs)
    assert ensemble.first(20).first(10).levels_runs == 301


def test_the_public_names_are_listed() -> None:
    assert set(dir(sim)) == {*sim.__all__, "__version__"}
