"""What can be set is listed, and each line that is shown can be used."""

from __future__ import annotations

import re

import pytest

from sim.inputs.catalogue import settable_keys
from sim.inputs.scenario import load_scenario

CASE = load_scenario("baseline")


def test_every_option_that_is_shown_can_be_given():
    options = [key.example.removeprefix("--set ") for key in settable_keys(CASE) if key.example.startswith("--set ")]
    assert len(options) > 100
    claims = [option for option in options if "." not in option.split("=")[0]]
    assert set(load_scenario("baseline", set=options).overrides) == set(options)
    assert len(claims) == len(load_scenario("baseline").ledger.claims)


@pytest.mark.parametrize("word", ["tariffs", "us troops", "both-or-neither", "drop", "strategic test"])
def test_a_word_finds_what_it_stands_in(word):
    for key in settable_keys(CASE, word):
        text = re.sub("[_-]", " ", " ".join((key.key, key.meaning, key.value)).casefold())
        assert all(part in text for part in re.sub("[_-]", " ", word).split())
    assert settable_keys(CASE, word)


def test_a_word_that_stands_nowhere_finds_nothing():
    assert settable_keys(CASE, "no-such-thing-anywhere") == []
