"""Saved games: what goes in comes out, and nothing broken gets in."""

import json
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.errors import InputError
from sim.inputs.scenario import load_scenario
from sim.play.decisions import Decision
from sim.play.game import Game
from sim.play.save import new_game, read_game, write_game

DECISIONS = (Decision(0, "US", "moves", "press"), Decision(1, "US", "moves", "ease"))


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    path = tmp_path_factory.mktemp("games") / "game.json"
    scenario = load_scenario("history", months=2)
    write_game(path, new_game(scenario, "history", None, 2, 7, ["US"], 32), DECISIONS)
    return path


def test_a_saved_game_goes_on_where_it_stood(saved):
    found, scenario, game = read_game(saved)
    assert game.decisions == DECISIONS
    assert found.seats == ["US"]
    assert scenario.months == 2
    assert game.levels() == Game(scenario, 7, ["US"], DECISIONS).levels()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": "other"}, "format"),
        ({"schema": 3}, "schema"),
        ({"schema": 1}, "from before model version 4"),
        ({"seed": -1}, "seed"),
        ({"seed": "7"}, "seed"),
        ({"seed": True}, "seed"),
        ({"seats": []}, "seats"),
        ({"seats": ["XX"]}, "seats"),
        ({"seats": ["US", "US"]}, "seats"),
        ({"worlds": 10**9}, "worlds"),
        ({"files_hash": "0" * 64}, "have changed"),
        ({"files_hash": "x"}, "files_hash"),
        ({"months": 1e3}, "months"),
        ({"scenario": "histroy"}, "history"),
        ({"extra": 1}, "extra"),
        ({"decisions": None}, "decisions"),
        (
            {"decisions": [{"month": 0, "state": "US", "at": "moves", "choice": "bomb", "package": None}]},
            "decisions[0]: bomb",
        ),
        (
            {"decisions": [{"month": 5, "state": "US", "at": "moves", "choice": "ease", "package": None}]},
            "decisions[0]",
        ),
        ({"decisions": [{"month": 0}]}, "decisions[0]"),
        ({"settings": ["nonsense"]}, "KEY=VALUE"),
    ],
)
def test_a_changed_save_is_refused_in_a_line(saved, tmp_path, change, words):
    path = tmp_path / "game.json"
    path.write_text(json.dumps(json.loads(saved.read_text("utf-8")) | change), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_game(path)
    (fault,) = caught.value.faults
    assert words in str(fault)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"seed": NaN}',
        b'{"seed": ' + b"9" * 5000 + b"}",
        b" " * (2 << 20),
        b"\x80\x04K\x01.",
    ],
    ids=["empty", "cut", "list", "null", "bytes", "deep", "nan", "huge", "large", "pickle"],
)
def test_what_is_no_saved_game_is_refused_in_a_line(tmp_path, raw):
    path = tmp_path / "game.json"
    path.write_bytes(raw)
    with pytest.raises(InputError) as caught:
        read_game(path)
    assert len(caught.value.faults) == 1


@pytest.mark.usefixtures("ends_in_a_minute")
def test_what_is_no_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    for path in (tmp_path / "none.json", tmp_path, tmp_path / "pipe.json"):
        with pytest.raises(InputError, match="saved game"):
            read_game(path)


@given(st.integers(0, 2000), st.binary(min_size=1, max_size=3))
@settings(max_examples=60, deadline=None)
def test_damage_anywhere_never_ends_in_anything_but_a_line_or_a_game(saved, at, junk):
    raw = saved.read_bytes()
    path = saved.with_name("damaged.json")
    path.write_bytes(raw[:at] + junk + raw[at + len(junk) :])
    said = ""
    try:
        read_game(path)
    except InputError as error:
        said = str(error.faults[0])
    assert "\n" not in said
