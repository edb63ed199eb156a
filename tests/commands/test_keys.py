"""`keys`, completion in a shell, and `--watch`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.commands.watch import watch

ROOT = Path(__file__).parent.parent.parent


def test_the_kinds_of_keys_fit_a_screen(summitry):
    said = summitry("keys")
    assert (said.status, said.err) == (0, "")
    assert len(said.out.splitlines()) <= 40
    assert "assume.parameters (" in said.out


@pytest.mark.parametrize(
    ("spoilt", "told"), [("active: min(1, frosty)", "unknown name frosty"), ("active: [", "minister")]
)
def test_a_faulty_card_is_left_out_and_told(summitry, tmp_path, spoilt, told):
    """What would say which names there are answers where a card names another; a run is still refused."""
    shutil.copytree(ROOT / "tests/gas_case", tmp_path / "gas")
    card = tmp_path / "gas/seeds/minister-speech.yaml"
    card.write_text(card.read_text("utf-8").replace("active: min(1, frost)", spoilt), "utf-8")
    said = summitry("keys", "frost", "--case", "gas")
    assert said.status == 0
    assert "events on frost" in said.out
    assert said.err.startswith("left out: seeds/minister-speech.yaml:")
    assert told in said.err
    assert summitry("new", "mine", "--case", "gas").status == 0
    assert summitry("check", "mine.yaml", "--case", "gas").status == 2
    assert summitry("run", "baseline", "-n", "20", "--case", "gas").status == 2


def test_a_word_finds_keys_with_range_meaning_source_and_a_line(summitry):
    said = summitry("keys", "slight")
    assert "assume.claims.fourth-in-line-slight" in said.out
    assert "assume.parameters.slight" in said.out
    assert "source: student-room-2018 paragraph 7" in said.out
    assert "0 to 1 make sense" in said.out
    assert summitry("keys", "nothingofthekind").status == 2


@pytest.mark.parametrize(
    ("words", "begun", "wanted"),
    [
        ("summitry ru", 1, "run"),
        ("summitry run xi-f", 2, "xi-first"),
        ("summitry claims both", 2, "both-or-neither"),
        ("summitry claims ad", 2, "add"),
        ("summitry run xi-first --set both", 4, "both-or-neither="),
        ("summitry story xi-first --outcome mi", 4, "mirage"),
        ("summitry leverage xi-first --pair DPRK,P", 4, "DPRK,PRC"),
    ],
)
def test_a_shell_completes(summitry, monkeypatch, words, begun, wanted):
    for name, value in (("_SUMMITRY_COMPLETE", "bash_complete"), ("COMP_WORDS", words), ("COMP_CWORD", begun)):
        monkeypatch.setenv(name, str(value))
    assert f"plain,{wanted}" in summitry().out.splitlines()


def test_watching_answers_on_every_save_and_waits_out_a_fault(tmp_path, capsys):
    file = tmp_path / "a.yaml"
    file.write_text("1", encoding="utf-8")
    told = []

    def answer() -> None:
        told.append(file.read_text(encoding="utf-8"))
        file.write_text(f"{len(told)} and more", encoding="utf-8")  # the next save

    watch(lambda: [file], answer, turns=3)
    assert len(told) == 3
    assert "waiting for the next save" in capsys.readouterr().err
