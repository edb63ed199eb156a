"""Something stands in for every faulty value, so that what else is wrong is found in the same pass."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from sim.inputs.schema_card import CardFile
from sim.inputs.schema_faults import Faulty, Findings
from sim.inputs.schema_game import GameFile
from sim.inputs.stand_ins import check_all
from sim.inputs.yaml_source import Source, parse_yaml

CARD = TypeAdapter(CardFile)
GAME = TypeAdapter(GameFile)
SOUND = """
schema: 1
document: {id: d, title: t, author: a, outlet: o, date: 2018-03-29, file: f}
claims:
  - id: one
    claim: c
    where: [{document: d, paragraph: 1, sha256: HASH}]
    group: one
    active: aid
    effects: [{holder: US, target: DPRK, sign: "+", share: 0.5, coded_by: both}]
    codings:
      first: {mechanism: m, weight: {low: 0.1, mode: 0.2, high: 0.3}, credence: 0.5}
      second: {mechanism: m, weight: {low: 0.1, mode: 0.2, high: 0.3}, credence: 0.5}
""".replace("HASH", "a" * 64)
LEAVES = [path for path in parse_yaml(SOUND, "card").places if path]


def test_a_sound_file_is_left_as_it_is():
    found = check_all(CARD, parse_yaml(SOUND, "card"))
    assert found.given is not None
    assert (found.problems, found.faulty) == ([], frozenset())


@pytest.mark.parametrize("path", LEAVES, ids=lambda path: ".".join(map(str, path)))
def test_whatever_is_faulty_the_rest_comes_back(path):
    """A value of a kind that fits nowhere, in the place of each value and each part in turn."""
    source = parse_yaml(SOUND, "card")
    inside = source.data
    for step in path[:-1]:
        inside = inside[step]
    inside[path[-1]] = 3.5j
    found = check_all(CARD, source)
    assert [problem.path for problem in found.problems] == [path]
    assert found.given is not None
    assert path in found.faulty
    if path[0] != "claims":
        assert found.given.claims[0].id == "one"
    if path[0] != "document":
        assert found.given.document.id == "d"


@given(st.lists(st.sampled_from(LEAVES), max_size=6))
def test_many_faults_at_once_are_all_told(paths):
    source = parse_yaml(SOUND, "card")
    for path in sorted(paths, key=len, reverse=True):
        inside = source.data
        for step in path[:-1]:
            inside = inside[step]
        inside[path[-1]] = 3.5j
    outer = {path for path in paths if not any(path[: len(each)] == each for each in paths if len(each) < len(path))}
    found = check_all(CARD, source)
    assert found.given is not None
    assert {problem.path for problem in found.problems} == outer


def test_what_is_missing_and_what_is_unknown_is_mended_too():
    text = SOUND.replace("    group: one\n", "    grup: one\n").replace("title: t, ", "")
    found = check_all(CARD, parse_yaml(text, "card"))
    assert [(problem.path, problem.value) for problem in found.problems] == [
        (("document", "title"), "missing"),
        (("claims", 0, "group"), "missing"),
        (("claims", 0, "grup"), "no such key"),
    ]
    assert found.given.claims[0].codings.first.credence == 0.5


def test_keys_of_any_name_are_followed():
    text = """
schema: 1
title: t
question: q
players:
  US: {strategies: {a: {says: 7}, b: {summits: [{month: x, between: [US, DPRK]}]}}}
  DPRK: {strategies: {c: {}}}
payoffs: []
"""
    found = check_all(GAME, parse_yaml(text, "game"))
    assert found.given.players["US"].strategies["b"].summits[0].between == ["US", "DPRK"]
    assert len(found.problems) == 2


def test_nothing_can_stand_in_for_a_whole_file():
    assert check_all(CARD, Source("card", [], {}, {})).given is None


def test_nothing_is_noted_of_what_is_faulty_already():
    findings = Findings(parse_yaml("a: {b: 1, c: 2}", "file"), {("a", "b")})
    for path in (("a",), ("a", "b"), ("a", "b", "d")):
        findings.known(path, "x", ["y"], "word")
    assert findings.faults == []
    findings.known(("a", "c"), "x", ["y"], "word")
    findings.known(("a", "b"), "b", ["y"], "word", at_key=True)
    assert [fault.field for fault in findings.faults] == ["a.c", "a.b"]
    assert Faulty([("a", "b")]).touches(("a",))
    assert not Faulty([("a", "b")]).touches(("a", "c"))


@pytest.mark.parametrize("key", ["<x>", "<map>", "<number>", "[key]", "claims[0]"])
def test_a_key_is_told_whatever_it_is_called(key):
    inside = SOUND.replace("first: {", f'first: {{"{key}": {{"{key}": 1}}, ')
    for text in (SOUND + f'"{key}": 1\n', SOUND + f'    "{key}": 1\n', inside):
        source = parse_yaml(text, "card")
        found = check_all(CARD, source)
        assert [(problem.path[-1], problem.value) for problem in found.problems] == [(key, "no such key")]
        assert found.given is not None
        assert found.given.claims[0].codings.first.credence == 0.5


def test_a_misspelled_key_is_not_missing_too():
    source = parse_yaml(SOUND.replace("group:", "grup:"), "card")
    assert len({problem.fault(source) for problem in check_all(CARD, source).problems}) == 1


def test_as_many_entries_stand_in_as_a_map_needs():
    text = "{schema: 1, title: t, question: q, payoffs: [], players: 5}"
    found = check_all(GAME, parse_yaml(text, "game"))
    assert len(found.problems) == 1
    assert {name: set(player.strategies) for name, player in found.given.players.items()} == {"x": {"x"}, "xx": {"x"}}


def test_a_long_entry_is_not_copied_into_a_long_list():
    links = ", ".join(["a"] * 20_000)
    text = SOUND.replace("credence: 0.5}", f"credence: 0.5, attacks: [{links}]}}", 1)
    text = text.replace("claims:\n", "claims:\n" + "  - oops\n" * 5_000)
    found = check_all(CARD, parse_yaml(text, "card"))
    assert len(found.problems) == 5_000
    assert found.given.claims[5_000].id == "one"


def test_an_entry_stands_in_whose_own_faults_are_mended():
    text = SOUND.replace("{holder: US,", "oops, {holder: 5,").replace("share: 0.5", "share: 0.25")
    effects = check_all(CARD, parse_yaml(text, "card")).given.claims[0].effects
    assert [(effect.target, effect.share) for effect in effects] == [("DPRK", 0.25)] * 2
