"""A case with four states, a season, a deadline and one coding: every command answers it, and none speaks of Korea."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from sim.cli import main
from sim.ensemble.run import run
from sim.inputs.scenario import load_scenario

CASE = Path(__file__).parent / "gas_case"
KOREA = re.compile(
    r"Korea|\b(?:DPRK|PRC|ROK|Kim|Xi|Trump|Moon|Putin|Beijing|Pyongyang|Seoul|Washington|fatal|hawk|arsenal)\b"
)
FEW = ("-n", "200")
pytestmark = pytest.mark.usefixtures("no_pixels")


@pytest.fixture
def answer(told_of: Callable[..., str]) -> Callable[..., str]:
    return partial(told_of, CASE)


@pytest.mark.parametrize(
    "words",
    [
        ("list",), ("check", str(CASE)), ("keys",), ("claims",), ("claims", "valve-in-the-frost"),
        ("claims", "verify", str(CASE / "documents")), ("claims", "export", "--argdown"), ("claims", "agreement"),
        ("run", "baseline", *FEW, "--no-charts", "--full"), ("run", "union-last", *FEW, "--no-charts"),
        ("compare", "union-last", "baseline", *FEW, "--full"), ("diff", "union-last", "baseline", *FEW),
        ("explain", "baseline", *FEW, "--full"), ("explain", "baseline", *FEW, "--pairs"),
        ("explain", "baseline", *FEW, "--by", "document"), ("flip", "union-last", "baseline", "-n", "400"),
        ("story", "baseline", "--full"), ("story", "baseline", "--outcome", "coast"),
        ("leverage", "baseline", "--pair", "LOWLAND,HIGHLAND", "--full"), ("sensitivity", "baseline", "-n", "400"),
        ("new", "mine"), ("classroom", "sheet"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_every_command_speaks_of_this_case_alone(answer, words: tuple[str, ...]) -> None:
    said = answer(*words).replace(str(CASE), "")
    assert said
    assert not KOREA.search(said)


def test_its_page_and_charts_speak_of_it_alone(answer, tmp_path: Path) -> None:
    answer("run", "baseline", "-n", "200")
    [folder] = (tmp_path / "results").iterdir()
    texts = [path.read_text("utf-8") for path in folder.glob("figures/*.txt")]
    assert len(texts) >= 5
    assert not [found for text in texts if (found := KOREA.search(text))]
    page = (folder / "report.html").read_text("utf-8")
    body = re.sub(r"<script.*?</script>|<style.*?</style>", "", page, flags=re.DOTALL)
    assert not KOREA.search(body)


def test_its_wires_lead_somewhere(answer) -> None:
    assert "wiring: 0 remarks" in answer("check", "--wiring", str(CASE))


@pytest.mark.parametrize(
    "words",
    [
        ("claims",), ("claims", "valve-in-the-frost"), ("claims", "agreement"),
        ("explain", "baseline", *FEW, "--by", "coding"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_one_coding_is_called_one_and_a_second_invited(answer, words: tuple[str, ...]) -> None:
    said = " ".join(answer(*words).split())
    assert "one coding; a second is invited" in said.lower()
    assert not re.search(r"both codings|mean of its codings|two cod|pooled\)|same value|alpha", said)


def test_its_season_and_its_chance_come_about_as_they_are_written() -> None:
    """No frost in June; the cold spell comes in .4 of the runs (binomial, 5 standard errors)."""
    ensemble = run(load_scenario("baseline", case=CASE), 2_000, 1)
    assert (ensemble.measure("cold") == 0).all()
    spells = (ensemble.measure("stores") < 0.3).mean()
    assert abs(spells - 0.4) < 5 * (0.4 * 0.6 / 2_000) ** 0.5


def test_its_second_talks_are_held_only_in_a_quarrel(tmp_path: Path) -> None:
    """Held twice in fewer runs than without a condition, and in none where it cannot hold."""
    twice = {}
    for name, condition in {"never": "tension - 2", "as it is": "tension - 0.5", "always": "tension + 1"}.items():
        text = (CASE / "scenarios" / "baseline.yaml").read_text("utf-8")
        path = tmp_path / f"{name.replace(' ', '-')}.yaml"
        meetings = "\n".join(line for line in text.splitlines() if line.startswith("  - {month") and "between" in line)
        path.write_text(
            "schema: 1\nextends: baseline\nsummits:\n"
            + meetings.replace("if: tension - 0.5", f"if: {condition}")
            + "\n"
        )
        ensemble = run(load_scenario(path, case=CASE), 400, 1)
        twice[name] = (ensemble.measure("talks") == 2).mean()
    assert twice["never"] == 0
    assert 0 < twice["as it is"] < twice["always"]


def test_an_example_is_found_by_its_name_from_anywhere(told_of: Callable[..., str], tmp_path: Path) -> None:
    """A wheel carries both examples; a folder of that name in the working directory goes first."""
    assert "The winter contract" in told_of(Path("gas_case"), "list")
    packed = tomllib.loads((CASE.parent.parent / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    assert {"tests/other_case", "tests/gas_case"} <= set(packed["targets"]["wheel"]["force-include"])
    (tmp_path / "gas_case").mkdir()
    assert main(["list", "--case", "gas_case"]) == 2
