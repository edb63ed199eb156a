"""`summitry new-case`: a case that passes `check` and runs before the first claim, and that overwrites nothing."""

from __future__ import annotations

import builtins
from pathlib import Path

import pytest
import yaml

from sim.ensemble.run import run
from sim.inputs.documents import paragraphs_of, unwrap
from sim.inputs.scenario import load_scenario

LETTER = "Twice the gas was cut. Each time the buyer\nfound its stores “too small”.\n\nThe seller needs the fees.\n"
PAGE = "<html><head><title>T</title></head><body><h1>Head</h1><p>One <b>bold</b>\nword<script>x</script></body></html>"


@pytest.fixture
def texts(tmp_path: Path) -> list[Path]:
    files = [tmp_path / "A letter.txt", tmp_path / "page.html"]
    for file, text in zip(files, (LETTER, PAGE), strict=True):
        file.write_text(text, "utf-8")
    return files


def test_it_passes_check_and_runs_before_the_first_claim(summitry, tmp_path: Path, texts: list[Path]) -> None:
    said = summitry("new-case", "gas", "--states", "SELLER,BUYER,TRANSIT", "--texts", *texts)
    assert (said.status, said.err) == (0, "")
    assert max(map(len, said.out.splitlines())) <= 80
    assert summitry("check", "gas").status == 0
    run = summitry("run", "baseline", "--case", "gas", "-n", "200", "--out", tmp_path / "out")
    assert run.status == 0, run.err
    assert list((tmp_path / "out").glob("*/figures/*.png"))
    scenario = load_scenario("baseline", case=tmp_path / "gas")
    assert list(scenario.case.states) == ["SELLER", "BUYER", "TRANSIT"]
    assert scenario.ledger.claims == {}


def test_what_there_is_none_of_before_the_first_claim_is_said(summitry, tmp_path: Path) -> None:
    summitry("new-case", "gas", "--states", "A,B")
    for words, told in (
        (("list",), "1 scenario.\n"),
        (("claims",), "0 claims."),
        (("classroom", "lesson"), "no lessons"),
        (("explain", "baseline", "-n", "200"), "no claims yet"),
    ):
        said = summitry(*words, "--case", "gas")
        assert (said.status, said.err) == (0, "")
        assert told in said.out
        assert "ask for more runs" not in said.out


def test_a_card_for_each_text_and_a_paragraph_a_line(summitry, tmp_path: Path, texts: list[Path]) -> None:
    summitry("new-case", "gas", "--states", "A,B", "--texts", *texts)
    card = yaml.safe_load((tmp_path / "gas/seeds/a-letter.yaml").read_text("utf-8"))
    assert (card["document"]["id"], card["document"]["file"], card["claims"]) == ("a-letter", "a-letter.txt", [])
    lines = (tmp_path / "gas/documents/a-letter.txt").read_text("utf-8").splitlines()
    assert lines[0].endswith("Each time the buyer found its stores “too small”.")
    assert lines[1:] == ["The seller needs the fees."]
    assert (tmp_path / "gas/documents/page.txt").read_text("utf-8") == "Head\nOne bold word\n"


def test_a_scenario_can_be_begun_before_the_first_claim(summitry, tmp_path: Path) -> None:
    summitry("new-case", "gas", "--states", "A,B")
    assert summitry("new", "mine", "--case", "gas").status == 0
    assert summitry("check", "mine.yaml", "--case", "gas").status == 0


def test_a_scenario_of_it_is_told_from_its_baseline(summitry, tmp_path: Path) -> None:
    """Whose file has no `events:`."""
    summitry("new-case", "gas", "--states", "A,B")
    (tmp_path / "mine.yaml").write_text("extends: baseline\nsummits: []\nevents: [{month: 3, set: {tension: 1}}]\n")
    said = summitry("diff", "baseline", "mine.yaml", "-n", "200", "--case", "gas")
    assert (said.status, said.err) == (0, "")
    assert "They differ in 2 things" in said.out


def test_a_case_of_two_states_is_a_page(summitry, tmp_path: Path) -> None:
    summitry("new-case", "gas", "--states", "A,B")
    assert len((tmp_path / "gas/scenarios/baseline.yaml").read_text("utf-8").splitlines()) <= 46


def test_each_wants_what_another_would_rather_keep_so_deals_can_fail(summitry, tmp_path: Path) -> None:
    """Of two who bargain each is worse off in some runs and better off in others; an outsider does not gain by them."""
    summitry("new-case", "gas", "--states", "SELLER,BUYER,TRANSIT")
    scenario = load_scenario("baseline", case=tmp_path / "gas")
    for lever in scenario.case.variables.values():
        if lever.kind == "lever":
            wanted = {state.ideals[lever.name].position.mode for state in scenario.case.states.values()}
            assert min(wanted) <= lever.start.mode < max(wanted)
    ensemble = run(scenario, 400, 1)
    for state in ("SELLER", "BUYER"):
        assert 0.2 < (ensemble.measure(f"gain.{state}") > 0).mean() < 0.8
    assert ensemble.measure("gain.TRANSIT").mean() < 0


@pytest.mark.parametrize("states", ["A", "A,a", "A,", "A,B-C", "A,B C", "1,2", "", "A,B,C,D,E,F,G,H,I,J"])
def test_states_that_cannot_be(summitry, tmp_path: Path, states: str) -> None:
    said = summitry("new-case", "gas", "--states", states)
    assert (said.status, len(said.err.splitlines())) == (2, 1)
    assert not (tmp_path / "gas").exists()


@pytest.mark.parametrize("states", ["NO,ON", "yes,Null", "won,tense", "max,min", "tension,step"])
def test_words_with_a_meaning_are_told_or_work(summitry, tmp_path: Path, states: str) -> None:
    said = summitry("new-case", "gas", "--states", states)
    if said.status == 0:
        assert summitry("run", "baseline", "--case", "gas", "-n", "20", "--no-charts").status == 0
    else:
        assert (said.status, len(said.err.splitlines())) == (2, 1)
        assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_into_a_folder_that_holds_something(summitry, tmp_path: Path) -> None:
    (tmp_path / "gas").mkdir()
    assert summitry("new-case", "gas", "--states", "A,B").status == 0
    before = sorted(tmp_path.rglob("*"))
    said = summitry("new-case", "gas", "--states", "A,B")
    assert said.status == 2
    assert "nothing was overwritten" in said.err
    assert sorted(tmp_path.rglob("*")) == before


def test_every_text_that_cannot_be_read_is_told_at_once(summitry, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("\n \n")
    said = summitry("new-case", "gas", "--states", "A,B", "--texts", "empty.txt", "none.html")
    assert (said.status, len(said.err.splitlines())) == (2, 2)
    assert not (tmp_path / "gas").exists()


def test_a_pdf_without_pypdf_is_one_line(summitry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4")
    real = builtins.__import__

    def without(name: str, *more, **how):
        if name == "pypdf":
            raise ImportError(name)
        return real(name, *more, **how)

    monkeypatch.setattr(builtins, "__import__", without)
    said = summitry("new-case", "gas", "--states", "A,B", "--texts", "a.pdf")
    assert (said.status, len(said.err.splitlines())) == (2, 1)
    assert "pip install" in said.err


def test_a_paragraph_a_line_stays_one() -> None:
    long = "word " * 40
    assert unwrap(f"Title\n{long}\n{long}") == ["Title", long.strip(), long.strip()]


def test_invisible_characters_do_not_stay(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("sanc\u00adtions\u00a0ease", "utf-8")
    assert paragraphs_of(tmp_path / "a.txt") == ["sanctions ease"]
