"""Game files: shipped ones fit, patches are laid over the scenario, and mistakes are reported with their place."""

import json
from pathlib import Path

import pytest
from write_schemas import place_of, schemas

from sim.errors import InputError
from sim.inputs.check import check_files
from sim.inputs.game import check_game, load_game, settings
from sim.inputs.yaml_source import read_yaml

jsonschema = pytest.importorskip("jsonschema")
GAMES = sorted((Path(__file__).resolve().parent.parent.parent / "scenarios" / "games").glob("*.yaml"))
HEAD = "schema: 1\ntitle: A game\nquestion: Who wins?\n"
TWO = "players:\n  US: {strategies: {a: {}, b: {}}}\n  DPRK: {strategies: {a: {}, b: {}}}\n"


@pytest.mark.parametrize("path", GAMES, ids=lambda path: path.stem)
def test_shipped_games_fit_the_schema_and_name_it(path):
    jsonschema.validate(read_yaml(path).data, json.loads(schemas()["game.schema.json"]))
    first = path.read_text(encoding="utf-8").splitlines()[0].removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / first).resolve() == place_of("game.schema.json")


def test_a_game_of_three_is_shipped_and_two_of_two():
    assert sorted(len(check_game(path.stem, months=0).players) for path in GAMES) == [2, 2, 3]


def test_a_profile_is_the_scenario_with_both_patches():
    game = load_game("troops.yaml", months=6)  # a shipped name, as one who has seen the folder types it
    found = game.scenarios["washington-first", "withdraw"]
    assert (found.summits[0].month, found.summits[0].pair) == (1, "KU")
    assert "us_troops" in found.imposed
    assert "grand" not in found.case.packages
    assert "grand" in game.scenarios["washington-first", "offer"].case.packages
    assert len(game.scenarios) == 6


def test_events_of_two_players_add_up():
    said = settings([{"events": [{"month": 1, "set": {"hawk": 1}}]}, {"events": [{"month": 2, "set": {"tariffs": 0}}]}])
    (events,) = said
    assert [row["month"] for row in json.loads(events.removeprefix("events="))] == [1, 2]


def refused(tmp_path, text):
    path = tmp_path / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_game(path, months=0)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (HEAD + TWO, 1, "either a scenario"),
        (HEAD + TWO + "scenario: history\n", 1, "what a fatal step costs"),
        (HEAD + TWO + "scenario: histroy\nfatal: {cost: 1, source: ours}\n", 7, "history"),
        (
            HEAD + "players:\n  US: {strategies: {a: {}}}\n  XX: {strategies: {a: {}}}\nscenario: history\n"
            "fatal: {cost: 1, source: ours}\n",
            6,
            "no such state",
        ),
        (
            HEAD + "players:\n  US: {strategies: {a: {}}}\n  DPRK:\n    strategies:\n"
            "      a: {events: [{month: 1, set: {hawkk: 1}}]}\n"
            "scenario: history\nfatal: {cost: 1, source: ours}\n",
            8,
            "hawk",
        ),
        (
            HEAD + "players:\n  US: {strategies: {a: {behaviour: {US: always-bomb}}}}\n  DPRK: {strategies: {a: {}}}\n",
            5,
            "always-",
        ),
        (
            HEAD + "players:\n  US: {strategies: {a: {behaviour: {PRC: always-hold}}}}\n"
            "  DPRK: {strategies: {a: {behaviour: {PRC: model}}}}\n"
            "scenario: history\nfatal: {cost: 1, source: ours}\n",
            6,
            "US does not choose already",
        ),
        (HEAD + TWO + "payoffs:\n  - {when: {US: a, DPRK: a}, gives: {US: 1, DPRK: 1}}\n", 8, "missing a, b"),
        (HEAD + TWO + "payoffs:\n  - {when: {US: a, DPRK: c}, gives: {US: 1, DPRK: 1}}\n", 8, "strategy"),
        (HEAD + TWO + "payoffs:\n  - {when: {US: a}, gives: {US: 1, DPRK: 1}}\n", 8, "every player once"),
    ],
)
def test_a_mistake_is_told_where_it_stands(tmp_path, text, line, words):
    faults = refused(tmp_path, text)
    assert any(f"bad.yaml:{line}:" in fault and words in fault for fault in faults), faults


def test_too_many_profiles_are_refused(tmp_path):
    many = ", ".join(f"s{place}: {{}}" for place in range(12))
    text = HEAD + f"players:\n  US: {{strategies: {{{many}}}}}\n  DPRK: {{strategies: {{{many}}}}}\n"
    faults = refused(tmp_path, text + "scenario: history\nfatal: {cost: 1, source: ours}\n")
    assert any("144 profiles" in fault for fault in faults)


def test_an_unknown_game_is_answered_with_those_there_are():
    with pytest.raises(InputError, match="troops"):
        load_game("troop")


def test_the_check_of_files_knows_games(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text(HEAD + TWO + "scenario: histroy\nfatal: {cost: 1, source: ours}\n", encoding="utf-8")
    assert check_files(GAMES) == []
    assert [fault.field for fault in check_files([path])] == ["scenario"]


def test_whatever_a_note_holds_a_strategy_can_be_laid_over(tmp_path):
    path = tmp_path / "notes.yaml"
    event = '{month: 2018-05, set: {us_troops: 0.5}, note: "half leaves \U0001f389 \\u2028 \\x7f \\\\ud83c"}'
    text = HEAD + f"players:\n  US: {{strategies: {{a: {{events: [{event}]}}}}}}\n  DPRK: {{strategies: {{a: {{}}}}}}\n"
    path.write_text(text + "scenario: history\nfatal: {cost: 1, source: ours}\n", encoding="utf-8")
    assert check_files([path]) == []
    (scenario,) = load_game(path, months=0).scenarios.values()
    assert "half leaves \U0001f389 \u2028 \x7f \\ud83c" in {event.note for event in scenario.events}


def test_the_check_does_not_build_every_profile():
    assert check_game("troops", months=0).scenarios == {}
