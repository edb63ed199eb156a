"""Charts of `explain` and `compare`: what they say, and that strangers' names and empty findings do not break them."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.patches import Rectangle

from sim.analysis.compare import compare
from sim.analysis.explain import Explanation, explain
from sim.analysis.ledger_variants import ledger_effects, ledger_variants
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.inputs.scenario import load_scenario
from sim.views.charts import compare as chart_compare
from sim.views.charts import effects as chart_effects
from sim.views.charts.style import look
from sim.views.text.explain import explanation_text
from sim.views.text.screen import Screen
from tests.views.whole import assert_whole


def play(name: str, *settings: str, runs: int = 2_000, months: int = 8) -> Ensemble:
    return run(load_scenario(name, set=settings, months=months), runs, 4, workers=1)


@pytest.fixture(scope="module")
def history() -> Ensemble:
    return play("history")


@pytest.fixture(scope="module")
def xi_first() -> Ensemble:
    return play("xi-first")


@pytest.fixture(scope="module")
def found(history: Ensemble) -> Explanation:
    return explain(history)


@pytest.fixture(scope="module")
def of_mirage(history: Ensemble) -> Explanation:
    return explain(history, ["mirage"])


def test_ranked_chart_tells_every_claim_it_shows(history: Ensemble, found: Explanation) -> None:
    with look():
        page = chart_effects.draw_explanation(found, history)
    shown = chart_effects.ranked(found)[: chart_effects.MOST_ROWS]
    assert all(f"{claim}: " in page.alt for claim in shown)
    sentence = history.scenario.ledger.claims[shown[0]].claim
    assert page.title.startswith(f"“{sentence.rstrip('.')}”")
    assert len(page.figure.axes) == 3
    assert len({axes.get_xlim() for axes in page.figure.axes}) == 1
    assert_whole(page)


def test_one_outcome_is_one_panel(history: Ensemble, of_mirage: Explanation) -> None:
    with look():
        page = chart_effects.draw_explanation(of_mirage, history)
    assert len(page.figure.axes) == 1


def test_what_has_no_effect_is_told_of_the_outcome_asked_for_and_of_everything_else(
    found: Explanation, of_mirage: Explanation
) -> None:
    for each, said in ((of_mirage, "on mirage or any measure or lever in"), (found, "on any ending, measure or")):
        text = explanation_text(each, Screen())
        assert f"Nothing stands out {said}" in " ".join(text.split())


def test_nothing_that_stands_out_is_said() -> None:
    few = play("history", runs=8, months=1)
    found = explain(few)
    with look():
        page = chart_effects.draw_explanation(found, few)
    assert "No claim stands out" in page.title
    assert "No claim stands out" in explanation_text(found, Screen())


def test_flow_chart_gives_both_sides_of_every_outcome(xi_first: Ensemble) -> None:
    one, two = xi_first, play("xi-fourth")
    found = compare(one, two)
    with look():
        page = chart_compare.draw_comparison(found, one, two)
    assert len(page.alt.splitlines()) == 1 + len(found.outcomes)
    bars = [patch for patch in page.figure.axes[0].patches if isinstance(patch, Rectangle)]
    assert len(bars) == 2 * len(found.outcomes)
    heights = [bar.get_height() for bar in bars]
    assert sum(heights[0::2]) == pytest.approx(sum(heights[1::2]))


def test_flow_chart_of_a_scenario_against_itself(history: Ensemble) -> None:
    found = compare(history, history)
    with look():
        page = chart_compare.draw_comparison(found, history, history)
    assert "not one run ends otherwise" in page.title


def test_every_name_of_the_flow_chart_is_led_to_the_middle_of_its_bar(xi_first: Ensemble) -> None:
    one, two = xi_first, play("lessons/doubt")
    found = compare(one, two)
    with look():
        page = chart_compare.draw_comparison(found, one, two)
    bars = [patch for patch in page.figure.axes[0].patches if isinstance(patch, Rectangle)]
    middles = sorted((round(bar.get_x()), bar.get_y() + bar.get_height() / 2) for bar in bars if bar.get_height())
    begin = sorted((line.get_xdata()[0], line.get_ydata()[0]) for line in page.figure.axes[0].lines)
    assert np.array(begin) == pytest.approx(np.array(middles))
    for side in (0, 1):
        names = np.sort([line.get_ydata()[-1] for line in page.figure.axes[0].lines if line.get_xdata()[0] == side])
        assert (np.diff(names) * chart_compare.FLOW >= chart_compare.LABEL - 1e-9).all()


def test_variants_chart(history: Ensemble) -> None:
    wanted = ledger_variants(history.scenario, "coding")
    found = ledger_effects(history, wanted, "coding", lambda settings: load_scenario("history", set=settings, months=8))
    with look():
        page = chart_effects.draw_reruns(found, history)
    assert "first coding: " in page.alt
    assert page.title.endswith(".")
