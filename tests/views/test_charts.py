"""Charts: true sentences, alt text, the same bytes, nothing clipped, whatever the names are."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.text import Text
from PIL import Image

from sim.ensemble.intervals import measure_means, outcome_probabilities
from sim.ensemble.run import run
from sim.ensemble.worker_pool import forks, ordered
from sim.errors import CannotWrite
from sim.inputs.case import Range
from sim.inputs.scenario import load_scenario
from sim.views import charts
from sim.views.charts import answer as chart_answer
from sim.views.charts import compare as chart_compare
from sim.views.charts import levels as chart_levels
from sim.views.charts import months as chart_months
from sim.views.charts import outcomes as chart_outcomes
from sim.views.charts import style
from sim.views.charts.labels import bare, chance, interval, month_name, per_hundred
from sim.views.charts.style import write_picture
from sim.views.wording import NOT_A_FORECAST, number, plus_minus
from tests.views.imaginary import HOSTILE, ensemble, renamed, scenario
from tests.views.whole import assert_whole, overlaps, texts

ROOT = Path(__file__).resolve().parents[2]
PLAIN = ensemble(scenario())


def pages(each: object) -> list[style.Page]:
    with style.look():
        drawn = [
            chart_outcomes.draw_outcomes(each, each), chart_months.draw_months(each),
            chart_answer.draw_answer(each), chart_levels.draw_leverage(each), chart_levels.draw_levers(each),
            chart_compare.draw_side_by_side([each, renamed(each, name="other")]),
        ]  # fmt: skip
    assert all(page.alt.strip() for page in drawn)
    return drawn


@cache
def plain_pages() -> list[style.Page]:
    return pages(PLAIN)


# ---- files


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a run writes, by file name."""
    folder = tmp_path_factory.mktemp("run")
    paths = charts.draw_run(PLAIN, folder)
    assert sorted(paths) == sorted((folder / "figures").iterdir())
    return {path.name: path.read_bytes() for path in paths}


def test_a_run_writes_its_charts_each_as_png_svg_and_alt_text(written: dict[str, bytes]) -> None:
    charted = ("answer", "outcomes", "months", "leverage", "levers")
    assert set(written) == {f"{name}.{kind}" for name in charted for kind in ("png", "svg", "txt")}
    for name in charted:
        with Image.open(BytesIO(written[f"{name}.png"])) as picture:
            assert max(picture.size) <= style.LARGEST


def colours(picture: bytes) -> set[str]:
    with Image.open(BytesIO(picture)) as opened:
        found = opened.convert("RGB").getcolors(1 << 24)
    return {"#{:02x}{:02x}{:02x}".format(*shade) for _, shade in found}


@pytest.mark.parametrize("name", ["outcomes", "months"])
def test_a_class_has_the_same_colour_in_the_png_as_in_the_svg(name: str, written: dict[str, bytes]) -> None:
    shown = [style.colour(place) for place, count in enumerate(PLAIN.counts[-1]) if count]
    assert len(shown) > 2
    for shade in shown:
        assert shade in colours(written[f"{name}.png"])
        assert shade.encode() in written[f"{name}.svg"]


def test_two_processes_draw_the_same_bytes_again_though_one_is_killed(
    written: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw, parent = chart_levels.draw_levers, os.getpid()

    def killed_once(each: object) -> style.Page:
        if os.getpid() != parent and not (tmp_path / "killed").exists():
            (tmp_path / "killed").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return draw(each)

    monkeypatch.setattr(chart_levels, "draw_levers", killed_once)
    also = (tmp_path / "beside").touch
    paths = charts.draw_run(ensemble(scenario()), tmp_path, workers=2 if forks() else 1, also=also)
    assert (tmp_path / "beside").exists()
    assert {path.name: path.read_bytes() for path in paths} == written
    assert b"<dc:date>" not in written["outcomes.svg"]
    assert b"<text" in written["outcomes.svg"]  # letters, not outlines
    assert (tmp_path / "killed").exists() or not forks()


def test_alt_text_names_the_likeliest_class_and_every_share(written: dict[str, bytes]) -> None:
    alt = written["outcomes.txt"].decode()
    assert "65 end in a feast for Freedonia" in alt
    for name in ("war", "feast", "custom", "sleep"):
        assert f"A {name} for Freedonia: " in alt
    assert "feast" in written["months.txt"].decode()


def test_the_answer_has_the_price_of_the_deals_with_its_interval() -> None:
    found = run(load_scenario("xi-first", months=4), 400)
    with style.look():
        page = chart_answer.draw_answer(found)
    mean = measure_means(found)["price"]
    shown = f"price {plus_minus(mean.mean, (mean.high - mean.low) / 2, 3)}"
    assert shown in dict(texts(page))
    assert not any("…" in said for said, _ in texts(page))
    assert f"Price, what Kim was promised beyond what he promised: {number(mean.mean, 3)}" in page.alt
    assert_whole(page)
    with style.look():
        assert "Price" not in chart_answer.draw_answer(run(load_scenario("no-summits", months=4), 400)).alt


def measured(_: int) -> float:
    return sum(style._advance.__wrapped__(chr(letter), False) for letter in range(0x20, 0x1000))


def test_forked_processes_do_not_move_the_place_at_which_another_reads_a_font() -> None:
    whole = measured(0)
    assert list(ordered(measured, [1, 2, 3], workers=3 if forks() else 1)) == [whole] * 3


def test_a_place_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(CannotWrite) as refused:
        charts.draw_run(PLAIN, tmp_path / "taken")
    assert refused.value.exit_code == 73
    (tmp_path / "figures" / "leverage.png").mkdir(parents=True)
    with pytest.raises(CannotWrite) as failed:
        charts.draw_run(PLAIN, tmp_path)
    assert failed.value.exit_code == 74
    assert [path.name for path in (tmp_path / "figures").iterdir()] == ["leverage.png"]  # the first; no half file stays


def test_pyplot_is_never_loaded() -> None:
    tools = f"import sys; sys.path.insert(0, {str(ROOT / '.ci')!r})"
    ours = "sim.views.charts.answer, sim.views.charts.outcomes, sim.views.charts.effects, model_picture"
    code = f"{tools}; import {ours}; sys.exit('matplotlib.pyplot' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_letters_that_no_font_has_are_named_on_the_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style, "families", lambda: ("DejaVu Sans",))
    with style.look():
        page = chart_months.draw_months(ensemble(scenario(HOSTILE["scripts"], title=HOSTILE["scripts"])))
    written = write_picture(page, tmp_path, "months")
    assert "Noto Sans CJK" in written[-1].read_text("utf-8")
    assert any("Noto Sans CJK" in said for said, _ in texts(page))


# ---- nothing is clipped


def test_every_text_stands_inside_the_picture_and_on_no_other() -> None:
    with style.look():
        alone = chart_outcomes.draw_outcomes(PLAIN)
    for page in [alone, *plain_pages()]:
        assert_whole(page)
        assert overlaps(page) == []


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_names_neither_break_nor_widen_a_chart(kind: str, tmp_path: Path) -> None:
    text = HOSTILE[kind]
    each = ensemble(scenario(text, title=text))
    for page in pages(each):
        assert_whole(page)
        assert page.width <= 11.7
        assert all(control not in said for said, _ in texts(page) for control in ("\x1b", "\x00", "\u202e"))
        assert not any(text.get_parse_math() for text in page.figure.findobj(Text) if text.get_text())
    with style.look():
        page = chart_months.draw_months(each)
    for path in write_picture(page, tmp_path, "months"):
        if path.suffix != ".png":
            assert b"\x1b" not in path.read_bytes()
    assert b"<script" not in (tmp_path / "months.svg").read_bytes()


@pytest.mark.parametrize("months", [0, 1, 200])
def test_any_number_of_months_can_be_drawn(months: int) -> None:
    for page in pages(ensemble(scenario(months=months))):
        assert_whole(page)


@pytest.mark.parametrize("counts", [(1, 0, 0, 0), (1, 1, 1, 1)])
def test_few_runs_can_be_drawn(counts: tuple[int, ...]) -> None:
    for page in pages(ensemble(scenario(), counts)):
        assert_whole(page)


def test_a_page_that_would_be_too_large_is_refused() -> None:
    with style.look(), pytest.raises(ValueError, match="too large"):
        style.Page("title", 40.0, [])


def test_every_footer_says_that_it_is_not_a_forecast() -> None:
    for page in plain_pages():
        said = " ".join(" ".join(text.split()) for text, _ in texts(page))
        assert NOT_A_FORECAST in said
        assert all(each in said for each in ("200 runs", "seed 7", "duck-soup"))


# ---- sentences


def test_the_title_counts_the_two_likeliest() -> None:
    found, labels = outcome_probabilities(PLAIN), {"war": "w", "feast": "a feast", "custom": "a custom", "sleep": "s"}
    assert chart_outcomes.sentence(labels, found) == "Of 100 runs of this model, 65 end in a feast and 30 in a custom."


def test_classes_with_overlapping_intervals_are_too_close_to_tell_apart() -> None:
    labels = dict.fromkeys(("war", "feast", "custom", "sleep"), "x")
    close = outcome_probabilities(ensemble(scenario(), (0, 100, 95, 5)))
    assert "too close to tell apart" in chart_outcomes.sentence(labels, close)
    assert "too close" not in chart_outcomes.sentence(labels, outcome_probabilities(PLAIN))


def test_one_class_alone_is_said_to_be_all() -> None:
    found = outcome_probabilities(ensemble(scenario(), (0, 40, 0, 0)))
    assert chart_outcomes.sentence({"feast": "a feast"}, found) == "All 40 runs of this model end in a feast."


def test_what_never_happened_is_below_its_interval() -> None:
    never = outcome_probabilities(PLAIN)["war"]
    assert chance(never) == "below 1.9"
    assert float(chance(never).split()[1]) >= 100 * never.high
    always = outcome_probabilities(ensemble(scenario(), (0, 40, 0, 0)))["feast"]
    assert chance(always).startswith("above ")
    assert interval(always).endswith("100.0")


def test_the_months_say_which_meetings_were_held_called_off_by_whom_and_moved() -> None:
    found = run(load_scenario("xi-trip-in-plan", months=4, set=["assume.parameters.wish_base=1"]), 400)
    with style.look():
        alt = chart_months.draw_months(found).alt
    assert " times a run (refused by Kim 0." in alt
    assert ", Trump 0." in alt
    assert " of 100 ever meet" in alt
    assert " months before the plan" in alt


def test_the_months_say_since_when_a_class_is_likeliest() -> None:
    assert chart_months.sentence(PLAIN).startswith(
        "A sleep for Freedonia is likeliest at first, a feast for Freedonia from Dec 1933 on; at the end 65 of 100"
    )
    always = replace(PLAIN, counts=np.tile(PLAIN.counts[-1], (len(PLAIN.counts), 1)))
    assert "is the likeliest ending in every month" in chart_months.sentence(always)


def test_leverage_names_whom_it_shifts_to() -> None:
    names = PLAIN.names.dyads
    felt = np.zeros((7, len(names)))
    felt[:, names.index(("F", "S"))] = np.linspace(0.5, 0.2, 7) * PLAIN.runs
    felt[:, names.index(("S", "F"))] = 0.1 * PLAIN.runs
    assert chart_levels.shifted_most(replace(PLAIN, leverage=felt)) == (
        "From Nov 1933 to May 1934 leverage shifts most toward Freedonia S, away from the Freedonia F: "
        "on average from 0.10 against 0.50 to 0.10 against 0.20."
    )


def test_levers_come_by_how_far_they_moved() -> None:
    found = chart_levels.moves(PLAIN)
    changes = [abs(move.change) for move in found]
    assert changes == sorted(changes, reverse=True)
    start = (0.2 + 0.3 + 0.6) / 3
    assert found[0].says == f"up from {start:.2f} to {found[0].end:.2f}"
    pinned = chart_levels.moves(renamed(PLAIN, imposed=("toll",)))
    assert any(move.says.startswith("fixed by the scenario at") for move in pinned)


def test_scenarios_that_do_not_differ_are_said_not_to() -> None:
    assert "No ending is clearly likelier" in chart_compare.largest_difference([PLAIN, renamed(PLAIN, name="other")])
    other = renamed(ensemble(scenario(), (0, 20, 160, 20)), title="Sylvania wins")
    said = chart_compare.largest_difference([PLAIN, other])
    assert said == (
        "They differ most in a feast for Freedonia: 65 of 100 runs in “All hail Freedonia”, 10 in “Sylvania wins”."
    )


def test_many_scenarios_are_cut_and_the_cut_is_said(tmp_path: Path) -> None:
    several = [renamed(PLAIN, name=f"number-{place}") for place in range(14)]
    with style.look():
        page = chart_compare.draw_side_by_side(several)
    assert_whole(page)
    assert any("2 more scenarios are not drawn." in text for text, _ in texts(page))
    assert "number-11" in page.alt
    assert "number-12" not in page.alt
    with pytest.raises(ValueError, match="nothing to draw"):
        charts.draw_several([], tmp_path)


def test_a_measure_without_its_summits_is_none() -> None:
    alone = renamed(PLAIN, summits=())
    panels = {panel.label: panel for panel in chart_compare.measure_panels([PLAIN, alone])}
    first, second = panels["first talks with Freedonia"].bars
    assert first is not None
    assert second is None


# ---- words and measures


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.5312, "53"), (0.0996, "10"), (0.048, "4.8"), (0.0005, "0.1"), (0.0002, "0.02"), (0.998, "99.8"), (1.0, "100")],
)
def test_shares_are_so_many_in_a_hundred(share: float, said: str) -> None:
    assert per_hundred(share) == said


def test_dates_count_from_the_first_month() -> None:
    assert [month_name(PLAIN.scenario, month) for month in (0, 1, 2, 14)] == [
        "Nov 1933",
        "Dec 1933",
        "Jan 1934",
        "Jan 1935",
    ]
    assert bare("the United States") == "United States"


@given(st.text(max_size=400), st.floats(0.4, 6), st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_fitted_lines_are_never_wider_than_asked(text: str, inches: float, lines: int) -> None:
    found = style.fit(text, inches, lines=lines)
    assert len(found) <= lines
    assert all(style.width_of(line) <= inches for line in found)


@given(st.lists(st.floats(0, 100), min_size=1, max_size=30), st.floats(0.5, 8))
@settings(deadline=None)
def test_labels_are_spread_apart_within_the_axis(wanted: list[float], apart: float) -> None:
    places = chart_months.spread(sorted(wanted, reverse=True), apart, 0, 100)
    least = min(apart, 100 / len(wanted))
    assert all(one - two >= least - 1e-6 for one, two in pairwise(places))
    assert places[-1] >= -1e-6
    assert places[0] <= 100 + 1e-6


@given(st.floats(0.01, 0.99))
def test_the_triangular_quantile_inverts_its_distribution(level: float) -> None:
    at = chart_levels.quantile(Range(0.0, 0.25, 1.0), level)
    below = at * at / 0.25 if at <= 0.25 else 1 - (1 - at) ** 2 / 0.75
    assert below == pytest.approx(level)
