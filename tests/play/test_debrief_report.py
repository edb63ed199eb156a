"""The debrief as a page, a picture and text: strangers' words stay words."""

import base64
import dataclasses
import hashlib
import re

import pytest

from sim.inputs.scenario import load_scenario
from sim.play.debrief import debrief
from sim.play.debrief_report import debrief_text, draw_debrief, write_debrief
from sim.views.text.screen import Screen
from sim.views.wording import NOT_A_FORECAST
from tests.play.helpers import play
from tests.views.whole import texts


@pytest.fixture(scope="module")
def found():
    return debrief(play(load_scenario("history", months=1), ["DPRK"], lambda game, answers: answers[0]), 16)


def page_of(found, tmp_path):
    return write_debrief(found, tmp_path / "debrief.html")[0].read_text("utf-8")


def test_the_policy_names_the_one_style_and_allows_nothing_else(found, tmp_path):
    page = page_of(found, tmp_path)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1].replace("&#39;", "'")
    style = f"style-src 'sha256-{digest}'"
    assert policy == f"default-src 'none'; {style}; img-src data:; base-uri 'none'; form-action 'none'"
    assert "<script" not in page
    assert " style=" not in page


def test_everything_a_player_asks_for_is_there(found, tmp_path):
    page = page_of(found, tmp_path)
    assert NOT_A_FORECAST in page
    assert page.count('<tr><th scope="row">') >= len(found.chain) + len(found.holds)
    text = debrief_text(found, Screen())
    for words in ("What your choices did", "model's own state", "1,000 model players", "against the same world"):
        assert words in " ".join(text.split())


def test_hostile_text_is_escaped(found, tmp_path):
    scenario = dataclasses.replace(
        found.scenario, title="<script>alert(1)</script>", question='"><img src=x onerror=y>\x1b[31m'
    )
    page = page_of(dataclasses.replace(found, scenario=scenario), tmp_path)
    assert "<script" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;" in page


def test_the_picture_says_what_it_shows(found):
    page = draw_debrief(found)
    assert found.outcome.label in page.title
    assert "better than" in page.alt
    assert len(page.alt.splitlines()) >= min(len(found.chain), 10) + 1


def test_the_picture_marks_what_became_of_each_summit(found):
    first = found.months[0]
    (summit,) = [each for each in first.meetings if each.pair.id == "KP"]

    def told(month, **changes):
        seen = dataclasses.replace(first, month=month, meetings=(dataclasses.replace(summit, **changes),))
        page = draw_debrief(dataclasses.replace(found, months=(seen,)))
        words = " ".join(text for text, _ in texts(page))
        return words, next(line for line in page.alt.splitlines() if "North Korea – China" in line)

    words, line = told(0, come=True, deal=True)
    assert "a cross, called off" in words
    assert line.endswith("Mar 2018: held with a deal.")
    assert told(1, come=True, deal=False)[1].endswith("Apr 2018: held without a deal (planned for Mar 2018).")
    words, line = told(0, come=False, away=("PRC",))
    assert "Mar 2018: China stayed away" in words
    assert line.endswith("Mar 2018: China stayed away.")


@pytest.mark.parametrize("width", [24, 40, 80])
def test_the_text_keeps_to_the_screen(found, width):
    lines = debrief_text(found, Screen(width=width)).splitlines()
    assert max(map(len, lines)) <= width


def test_it_fits_a_screen(found):
    assert len(debrief_text(found, Screen(width=80)).splitlines()) <= 24
