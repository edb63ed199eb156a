"""The terminal's tables, on a small run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sim.ensemble.run import run
from sim.inputs.scenario import load_scenario
from sim.views.json_report import as_text, run_document
from sim.views.text import run as run_screen
from sim.views.text.screen import Screen


@pytest.fixture(scope="module")
def ensemble():
    return run(load_scenario("baseline", months=3), runs=64, seed=3)


@pytest.mark.parametrize("width", [24, 40, 56, 80])
@pytest.mark.parametrize("unicode", [True, False])
def test_everything_keeps_within_the_screen(ensemble, width, unicode):
    screen = Screen(width, unicode)
    parts = [
        run_screen.heading(ensemble.scenario, 64, 3, screen),
        run_screen.measure_table(ensemble, screen),
        *run_screen.everything(ensemble, screen),
        run_screen.files_written([Path("out/a.csv"), Path("out/figures/b.png")], Path("out"), screen),
        run_screen.how_it_came("again", 64, screen),
        run_screen.how_it_came("resumed", 64, screen),
        *(
            [run_screen.outcome_table(ensemble, screen), run_screen.side_by_side([ensemble] * 5, screen)]
            if width >= 40
            else []
        ),
    ]
    for part in parts:
        assert max(map(len, part.split("\n"))) <= width
        assert unicode or part.isascii()


def test_strangers_words_cannot_steer_the_terminal(ensemble):
    bad = replace(
        ensemble.scenario,
        title="\x1b]0;owned\x07Title " + "x" * 5000,
        question="\x1b[2JWhy?",
        changes=("claim \x1b[31mx",),
    )
    text = run_screen.heading(bad, 1, 1, Screen())
    assert "\x1b" not in text
    assert "\x07" not in text
    assert max(map(len, text.split("\n"))) <= 80


def test_charts_are_counted():
    paths = [Path("r/x") / name for name in ("a.csv", "figures/b.png", "figures/b.svg", "figures/b.txt")]
    text = run_screen.files_written(paths, Path("r/x"), Screen())
    assert text == "r/x/: a.csv, 1 chart in figures/"


def test_many_changes_are_counted(ensemble):
    many = replace(ensemble.scenario, changes=tuple(f"change {number}" for number in range(30)))
    text = run_screen.heading(many, 2, 1, Screen())
    assert "  - change 7\n  - and 22 more" in text
    assert "change 8" not in text


def test_the_measures_of_a_case_are_its_own_choice(ensemble):
    case = ensemble.scenario.case
    shown = {name: each.model_copy(update={"shown": False}) for name, each in case.measures.items()}
    quiet = replace(
        case,
        measures=shown,
        variables={name: each.model_copy(update={"shown": name == "aid"}) for name, each in case.variables.items()},
    )
    text = run_screen.measure_table(replace(ensemble, scenario=replace(ensemble.scenario, case=quiet)), Screen())
    assert len(text.split("\n")) == 2
    assert text.split("\n")[1].startswith("aid")


def test_a_gain_may_be_below_0_and_is_not_said_to_lie_between_0_and_1(ensemble):
    rows = [line for line in run_screen.measure_table(ensemble, Screen()).split("\n") if "gain by" in line]
    assert len(rows) == 5
    assert all(row.endswith("of the way to all it wants") for row in rows)


def test_json_is_plain_ascii_without_nan(ensemble):
    odd = replace(ensemble, scenario=replace(ensemble.scenario, title="Kim’s \x1b[31m – \ud800"))
    text = as_text(run_document(odd))
    assert text.isascii()
    assert "NaN" not in text
    assert "\x1b" not in text
