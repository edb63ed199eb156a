"""Variants run again: which ones, paired differences, and the authors' shares of the whole."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sim.analysis.ledger_variants import documents_in_force, ledger_effects, ledger_variants
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.inputs.scenario import Scenario, load_scenario

RUNS, MONTHS = 1_000, 4
ALL = ("business-times-2018", "mansudae-2019", "new-statesman-2018", "student-room-2018")


def load(settings: Sequence[str] = ()) -> Scenario:
    return load_scenario("history", set=settings, months=MONTHS)


def play(settings: Sequence[str] = ()) -> Ensemble:
    return run(load(settings), RUNS, 3, workers=1)


@pytest.fixture(scope="module")
def base() -> Ensemble:
    return play()


def test_documents_in_force() -> None:
    assert documents_in_force(load()) == ALL
    assert documents_in_force(load(["assume.documents.mansudae-2019=off"])) == ALL[:1] + ALL[2:]


def test_four_documents_make_every_set_but_the_whole() -> None:
    wanted = ledger_variants(load(), "document")
    assert len(wanted) == 15
    assert [each.name for each in wanted if each.kind == "dropped"] == list(reversed(ALL))
    assert [each.name for each in wanted if each.kind == "alone"] == list(ALL)
    assert wanted[0].settings == tuple(f"assume.documents.{name}=off" for name in ALL)


def test_codings_but_the_one_in_force() -> None:
    assert [each.name for each in ledger_variants(load(), "coding")] == ["first", "second"]
    assert [each.name for each in ledger_variants(load(["assume.coding=first"]), "coding")] == ["second", "pooled"]


def test_every_mechanism_once_with_all_its_claims() -> None:
    wanted = ledger_variants(load(), "mechanism")
    claims = load().ledger.claims
    assert len(wanted) == len({claim.mechanism for claim in claims.values()})
    assert sum(len(each.settings) for each in wanted) == len(claims)


def test_another_way_is_refused() -> None:
    with pytest.raises(ValueError, match="by document, coding or mechanism"):
        ledger_variants(load(), "state")


def test_shares_add_up_to_all_minus_none(base: Ensemble) -> None:
    wanted = ledger_variants(base.scenario, "document")
    found = ledger_effects(base, wanted, "document", load)
    none = play(wanted[0].settings)
    assert [each.name for each in found.shares] == list(ALL)
    for place, name in enumerate(found.outcomes):
        whole = (base.counts[-1][place] - none.counts[-1][place]) / RUNS
        assert sum(each.differences[name].difference for each in found.shares) == pytest.approx(whole, abs=1e-12)


def test_a_variant_is_its_own_run_minus_the_base(base: Ensemble) -> None:
    wanted = [each for each in ledger_variants(base.scenario, "coding") if each.name == "second"]
    found = ledger_effects(base, wanted, "coding", load)
    second = play(["assume.coding=second"])
    for place, name in enumerate(found.outcomes):
        apart = (second.counts[-1][place] - base.counts[-1][place]) / RUNS
        assert found.found[0].differences[name].difference == pytest.approx(apart, abs=1e-12)
    assert found.shares == ()


def test_one_outcome_is_a_smaller_family(base: Ensemble) -> None:
    wanted = ledger_variants(base.scenario, "coding")
    found = ledger_effects(base, wanted, "coding", load, "mirage")
    assert found.outcomes == ("mirage",)
    assert found.tests == len(wanted)
