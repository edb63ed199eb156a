"""The record of what happened: its labels, and what is wrong with a record is reported with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim import load_scenario
from sim.errors import InputError
from sim.inputs.case_folder import find_case
from sim.inputs.catalogue import list_variants
from sim.inputs.records import load_record


def test_the_shipped_record() -> None:
    outcomes = tuple(rule.name for rule in load_scenario("history").case.outcomes)
    record = load_record(outcomes)
    assert record.scenario == "history"
    assert [label.month for label in record.labels] == [3, 6, 12, 20]
    assert record.labels[3].classes == {
        "test-pause": 0.555, "mirage": 0.145, "relapse": 0.095, "respite": 0.09, "dividend": 0.055, "stalemate": 0.05,
        "withdrawal": 0.005, "disarmament": 0.005,
    }  # fmt: skip
    assert all(label.justification and label.disputed for label in record.labels)
    assert all(fact.source.startswith("http") for fact in record.facts)
    assert [fact.date for fact in record.facts] == sorted(fact.date for fact in record.facts)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case with nothing but the shipped record, its scenario and the variants."""
    (tmp_path / "seeds").mkdir()
    for folder in ("records", "variants"):
        shutil.copytree(find_case().scenarios / folder, tmp_path / "scenarios" / folder)
    shutil.copy(find_case().scenarios / "history.yaml", tmp_path / "scenarios")
    return tmp_path


def spoilt(case: Path, old: str, new: str) -> str:
    """The message of a record in which something was replaced."""
    path = case / "scenarios/records/history.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_record(
            ("test-pause", "mirage", "dividend", "stalemate", "disarmament", "respite", "relapse", "withdrawal"),
            case=case,
        )
    return str(caught.value)


def test_shares_that_do_not_add_up(case: Path) -> None:
    message = spoilt(case, "disarmament: 0.06,", "disarmament: 0.16,")
    assert "add to 1, not to 1.1, as in label: {test-pause: 0.641, respite: 0.164, disarmament: 0.145," in message
    assert message.startswith("scenarios/records/history.yaml:29:12: labels[0].label:")


def test_an_unknown_class(case: Path) -> None:
    message = spoilt(case, " mirage: 0.145", " mirrage: 0.145")
    assert 'labels[3].label.mirrage: no such ending; did you mean "mirage"?' in message
    assert message.startswith("scenarios/records/history.yaml:")


def test_months_out_of_order(case: Path) -> None:
    assert "labels[1].month: 2; months in rising order" in spoilt(case, "- month: 6", "- month: 2")


def test_a_case_without_a_record(case: Path) -> None:
    shutil.rmtree(case / "scenarios/records")
    with pytest.raises(InputError, match="a record of what happened in scenarios/records/"):
        load_record(case=case)


def test_a_record_by_any_name(case: Path) -> None:
    """The only one is found without its name; of several, `history` is, and the others by theirs."""
    folder = case / "scenarios/records"
    (folder / "history.yaml").rename(folder / "as-the-press-saw-it.yaml")
    assert load_record(case=case).name == "as-the-press-saw-it"
    shutil.copy(folder / "as-the-press-saw-it.yaml", folder / "history.yaml")
    assert load_record(case=case).name == "history"
    assert load_record(name="as-the-press-saw-it", case=case).name == "as-the-press-saw-it"
    with pytest.raises(InputError, match='--record: record: no record as-the-pres; did you mean "as-the-press-saw-it"'):
        load_record(name="as-the-pres", case=case)
    with pytest.raises(InputError, match=r"no record \.\./secret"):
        load_record(name="../secret", case=case)


def test_the_scenario_of_a_record_exists(case: Path) -> None:
    assert 'scenario: histories; did you mean "history"?' in spoilt(case, "scenario: history", "scenario: histories")


def test_every_variant_can_be_laid_over_any_scenario() -> None:
    variants = {variant.name: variant for variant in list_variants()}
    assert {"kappa-one", "summits-before-moves", "pause-before-mirage"} < set(variants)
    assert variants["kappa-one"].settings == ("assume.parameters.kappa=1",)
    plain = load_scenario("xi-fourth")
    for variant in variants.values():
        varied = load_scenario("xi-fourth", set=variant.settings)
        assert varied.changes != plain.changes
        assert varied.summits == plain.summits


def test_the_other_outcome_rule_has_the_rules_of_the_case_in_another_order() -> None:
    plain = {rule.name: rule for rule in load_scenario("history").case.outcomes}
    other = load_scenario("variants/pause-before-mirage").case.outcomes
    assert {rule.name: rule for rule in other} == plain
    assert [rule.name for rule in other] != list(plain)
