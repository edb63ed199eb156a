"""The tables of the description are those of the case."""

from __future__ import annotations

import re

import pytest
from model_tables import DESCRIPTION, TABLES, with_tables

from sim.inputs.scenario import load_scenario

ODD = ["Purpose and patterns", "Entities, state variables and scales", "Process overview and scheduling"]
ODD += ["Design concepts", "Initialization", "Input data", "Submodels"]
CONCEPTS = ["Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing"]
CONCEPTS += ["Interaction", "Stochasticity", "Collectives", "Observation"]


def test_the_tables_are_current() -> None:
    text = DESCRIPTION.read_text(encoding="utf-8")
    assert with_tables(text, load_scenario("baseline")) == text, "run: python .ci/model_tables.py"


def test_every_table_stands_in_the_description_once() -> None:
    named = re.findall(r"<!-- table: ([a-z-]+) -->", DESCRIPTION.read_text(encoding="utf-8"))
    assert sorted(named) == sorted(TABLES)


def test_the_description_has_the_parts_of_odd_in_order() -> None:
    text = DESCRIPTION.read_text(encoding="utf-8")
    places = [text.index(f". {part}\n") for part in ODD]
    assert places == sorted(places)
    assert all(f"**{concept}.**" in text for concept in CONCEPTS)


def test_a_changed_number_changes_its_table() -> None:
    plain, changed = (load_scenario("baseline", set=each) for each in ([], ["parameters.a0.mode=0.65"]))
    empty = "<!-- table: parameters -->\n<!-- end of table -->"
    assert len({empty, with_tables(empty, plain), with_tables(empty, changed)}) == 3


def test_an_unknown_table_is_an_error() -> None:
    with pytest.raises(KeyError):
        with_tables("<!-- table: nothing -->\n<!-- end of table -->", load_scenario("baseline"))
