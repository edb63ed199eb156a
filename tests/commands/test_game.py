"""``summitry game``: the screen, the JSON, the files, and games on another case."""

from __future__ import annotations

import csv
import json

import pytest

from commands.conftest import ROOT
from sim.kernel import compiled

SMALL = ("-n", "32", "--months", "1", "--samples", "20")
OTHER = ("--case", str(ROOT / "tests/other_case"))

RIVER = """\
schema: 1
title: Water for tolls
question: Who gives way?
scenario: river
fatal: {cost: 1, source: our assumption}
players:
  DELTA: {strategies: {soft: {behaviour: {DELTA: always-concede}}, hard: {behaviour: {DELTA: always-press}}}}
  UPLANDS: {strategies: {soft: {behaviour: {UPLANDS: always-concede}}, hard: {behaviour: {UPLANDS: always-press}}}}
"""


@pytest.mark.parametrize("name", ["troops", "summit-order", "three-players"])
def test_a_shipped_game_is_solved(summitry, name, tmp_path, monkeypatch):
    """That of three players without its middle strategies: 8 profiles in place of 27. By Mesa, which compiles none."""
    monkeypatch.setattr(compiled, "_wasmtime_version", lambda: None)
    text = (ROOT / f"scenarios/games/{name}.yaml").read_text(encoding="utf-8")
    path = tmp_path / f"{name}.yaml"
    path.write_text("".join(line for line in text.splitlines(True) if "in-kind:" not in line), encoding="utf-8")
    said = summitry("game", str(path), "-n", "16", "--months", "0", "--samples", "20")
    assert (said.status, said.err) == (0, "")
    for words in ("Payoffs:", "bootstrap", "equilibri", "Not a forecast"):
        assert words in said.out
    folder = tmp_path / "results" / "games" / name
    assert {path.name for path in folder.iterdir()} >= {
        "payoffs.csv",
        "game.json",
        "payoffs.png",
        "payoffs.svg",
        "payoffs.txt",
    }
    assert max(map(len, said.out.splitlines())) <= 80
    made = "payoffs.csv, game.json, payoffs.png, payoffs.svg, payoffs.txt"
    assert " ".join(said.out.split()).endswith(f"results/games/{name}/: {made}")


def test_json_is_all_that_is_printed_and_agrees_with_files_in_forty_columns(summitry, tmp_path, monkeypatch):
    found = json.loads(summitry("game", "troops", *SMALL, "--json").out)
    assert len(found["profiles"]) == 6
    assert [row["equilibrium"] for row in found["profiles"]].count(True) == len(found["pure"])
    assert all(
        row["payoffs"]["US"]["low"] <= row["payoffs"]["US"]["mean"] <= row["payoffs"]["US"]["high"]
        for row in found["profiles"]
    )
    assert not (tmp_path / "results").exists()
    monkeypatch.setenv("COLUMNS", "40")
    said = summitry("game", "troops", *SMALL)
    assert max(map(len, said.out.splitlines())) <= 40
    folder = tmp_path / "results" / "games" / "troops"
    assert json.loads((folder / "game.json").read_text("utf-8")) == found
    rows = list(csv.DictReader((folder / "payoffs.csv").read_text("utf-8-sig").splitlines()))
    assert len(rows) == 12
    assert float(rows[0]["payoff"]) == pytest.approx(found["profiles"][0]["payoffs"]["DPRK"]["mean"], abs=1e-6)


def test_a_game_on_another_case(summitry, tmp_path):
    path = tmp_path / "water.yaml"
    path.write_text(RIVER, encoding="utf-8")
    said = summitry("game", str(path), "-n", "32", "--samples", "20", *OTHER)
    assert (said.status, said.err) == (0, "")
    assert "The Delta chooses" in said.out
    assert not [word for word in ("DPRK", "Korea", "Kim") if word in said.out]


def test_no_game_is_replaced_by_a_smaller_or_another_one_and_own_files_stay(summitry, tmp_path):
    path, games = tmp_path / "water.yaml", tmp_path / "results" / "games"
    path.write_text(RIVER, encoding="utf-8")
    asked = ("game", str(path), "--samples", "20", *OTHER)
    assert summitry(*asked, "-n", "64").status == 0
    large = (games / "water/game.json").read_bytes()
    assert "64 runs and stays" in summitry(*asked, "-n", "32").err
    assert (games / "water/game.json").read_bytes() == large
    (games / "water/payoffs.csv").write_text("mine", encoding="utf-8")
    assert "was not as Summitry wrote it" in summitry(*asked, "-n", "64").err
    assert [each.read_text("utf-8") for each in games.glob("water/payoffs.csv~*")] == ["mine"]
    path.write_text(RIVER.replace("cost: 1", "cost: 2"), encoding="utf-8")
    assert "held other results" in summitry(*asked, "-n", "32").err
    assert [each.read_bytes() for each in games.glob("water~*/game.json")] == [large]
    assert json.loads((games / "water/game.json").read_text("utf-8"))["runs"] == 32


def test_a_hostile_title_stays_text(summitry, tmp_path):
    path = tmp_path / "water.yaml"
    path.write_text(RIVER.replace("Water for tolls", '"\\e[31m=cmd() <script>$x$"'), encoding="utf-8")
    said = summitry("game", str(path), "-n", "8", "--samples", "10", *OTHER)
    assert said.status == 0
    assert "\x1b" not in said.out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("troop",), "troops"),
        (("nowhere.yaml",), "no such game"),
        (("troops", "-n", "1"), "runs"),
        (("troops", "-n", "1e12"), "runs"),
        (("troops", "--months", "1e9"), "1200"),
    ],
)
def test_bad_usage(summitry, words, told):
    said = summitry("game", *words)
    assert said.status == 2
    assert told in said.err
    assert said.out == ""
