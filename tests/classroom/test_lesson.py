"""Lessons: the little Markdown, and figures that are made by running."""

from __future__ import annotations

import contextlib
import re
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.classroom.lesson import Figures, _filled, to_html
from sim.ensemble.intervals import outcome_probabilities
from sim.ensemble.run import run
from sim.errors import InputError
from sim.inputs.case_folder import find_case
from sim.inputs.check import check_files
from sim.inputs.scenario import load_scenario
from sim.views.wording import share_of_runs
from tests.class_of_students import CASE


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("# A *b*", "<h1>A <em>b</em></h1>"),
        ("    x < y\n\n    z", '<pre tabindex="0"><code>x &lt; y\n\nz\n</code></pre>'),
        ("```\n**a**\n```", '<pre tabindex="0"><code>**a**\n</code></pre>'),
        ("[a](b/c.html)", '<p><a href="b/c.html">a</a></p>'),
        ("[a](https://example.org/x)", '<p><a href="https://example.org/x">a</a></p>'),
        ("<b>x</b>", "<p>&lt;b&gt;x&lt;/b&gt;</p>"),
        ("![a](b.png)", '<p>!<a href="b.png">a</a></p>'),
    ],
)
def test_markdown(text: str, made: str) -> None:
    assert to_html(text) == made


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)", "//host/share", "/etc/passwd", "../x.html", "a/../../x.html", "http://example.org",
        "%2f%2fhost",
        "\\\\host\\share", "file:///etc/passwd", "data:text/html,x", "c:/x", "%2e%2e/x", "mailto:a@b.c", "https:x",
    ],
)  # fmt: skip
def test_a_link_leads_nowhere_else(address: str) -> None:
    assert "<a" not in to_html(f"[a]({address})")
    assert "<a" not in to_html(f"[a][1]\n\n[1]: {address}")
    assert "<a" not in to_html(f"<{address}>")


@pytest.mark.parametrize("text", ["{{" + " " * 200_000 + "x", "{{ " * 60_000, "[" * 3000 + "](" * 3000, "*_" * 20_000])
def test_no_text_hangs_a_lesson(text: str) -> None:
    with contextlib.suppress(InputError):
        to_html(_filled(f"# Bomb\n\n{text}\n", "bomb.md", Figures(100, 5, CASE)))


def test_a_table() -> None:
    made = to_html("| a | b |\n|---|---|\n| 1 | `2` |")
    assert made.startswith('<div class="wide" tabindex="0"><table>')
    assert "<td>1</td>\n<td><code>2</code></td>" in made


@given(st.text(alphabet="<>&\"'#-*`|> []()\nab1. ", max_size=60))
def test_no_text_makes_a_tag_of_its_own(text: str) -> None:
    made = to_html(text + "<script>")
    assert "<script" not in made


def test_a_share_is_that_of_the_run() -> None:
    figures = Figures(400, 5, CASE)
    found = outcome_probabilities(run(load_scenario("river", case=CASE), 400, 5))
    assert figures.make("share river water-flows") == share_of_runs(found["water-flows"])
    assert figures.make("runs") == "400"
    assert "water-flows" in figures.make("table river")
    assert "the Council and the Secretary meet" in figures.make("diff no-league river")
    assert "points" in figures.make("points no-league river standoff")
    assert figures.make("strongest river water-flows 1") in load_scenario("river", case=CASE).ledger.claims


def test_every_figure_that_cannot_be_made_is_told_with_its_line() -> None:
    text = "fine\n{{ shar river x }}\n{{ share river flood }} {{ share rivr standoff }}\n{{ share river }}"
    with pytest.raises(InputError) as error:
        _filled(text, "lesson.md", Figures(100, 5, CASE))
    assert [fault.place.line for fault in error.value.faults] == [2, 3, 3, 4]
    assert error.value.faults[-1].allowed == "share SCENARIO OUTCOME"


def test_the_lessons_hold_no_figure_of_their_own() -> None:
    import re

    for path in sorted((Path(__file__).resolve().parents[2] / "scenarios" / "lessons").glob("*.md")):
        text = re.sub(r"\{\{.*?\}\}", "", path.read_text("utf-8"))
        assert not re.findall(r"\d+(?:\.\d+)? ?%", text), path.name


@pytest.mark.parametrize("name", ["which-claim-does-the-work", "a-class-reads-the-texts"])
def test_below_a_comparison_stands_what_compare_prints(name: str) -> None:
    """The first figure after each `summitry compare A B` of a section is that comparison."""
    for part in (find_case(None).scenarios / "lessons" / f"{name}.md").read_text("utf-8").split("\n## ")[1:]:
        asked = re.findall(r"^    summitry (compare|diff) (\S+) (\S+)$", part, re.MULTILINE)
        shown = re.findall(r"\{\{ (compare|diff) (\S+) (\S+) \}\}", part)
        assert not (asked and shown) or asked == shown


LESSONS = Path(__file__).resolve().parents[2] / "scenarios" / "lessons"


def files_in(text: str) -> list[str]:
    """The whole scenario files that a lesson shows."""
    blocks = re.findall(r"(?:^    .*\n)+", text, re.M)
    return [textwrap.dedent(block) for block in blocks if block.lstrip().startswith("schema:")]


@pytest.mark.parametrize("place", range(len(files_in((LESSONS / "recipes.md").read_text("utf-8")))))
def test_every_recipe_is_a_scenario_without_a_fault(place: int, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(files_in((LESSONS / "recipes.md").read_text("utf-8"))[place], "utf-8")
    assert check_files([path]) == []


def test_the_handout_says_who_is_who_and_what_each_ending_means() -> None:
    figures, case = Figures(100, 5, CASE), load_scenario("river", case=CASE).case
    for rule in case.outcomes:
        assert f"{rule.says}." in figures.make("endings river")
        assert rule.label.lower() in figures.make("ballot river").lower()
    for state in case.states.values():
        assert state.label in figures.make("people river")
    assert figures.make("aims river DELTA").count("it counts") == len(case.states["DELTA"].ideals)
    assert len(figures.make("calendar river").splitlines()) >= len(load_scenario("river", case=CASE).summits)
