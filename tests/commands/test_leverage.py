"""`leverage`: one number taken apart, with its paragraphs."""

from __future__ import annotations

import pytest

from sim.views.wording import NOT_A_FORECAST


def test_a_leverage_with_its_claims_and_where_they_stand(summitry):
    said = summitry("leverage", "xi-first", "--pair", "DPRK,US", "--full")
    text = " ".join(said.out.split())
    assert (said.status, said.err) == (0, "")
    assert max(map(len, said.out.splitlines())) <= 80
    assert "Leverage of North Korea over the United States" in text
    assert "In 2018-06 (month 3) of xi-first" in text
    assert 'new-statesman-2018 p52, "or to neither"' in text
    assert "the United States over North Korea, it is" in text
    assert "terms of" in text
    assert "attacked by" in text


def test_the_month_may_be_written_either_way(summitry):
    words = ("leverage", "history", "--pair", "PRC,DPRK", "--month")
    assert summitry(*words, "2").out == summitry(*words, "2018-05").out


def test_states_go_by_any_of_their_names(summitry):
    wanted = summitry("leverage", "history", "--pair", "DPRK,US").out
    for words in ("north korea,United States", "Kim,Trump", "dprk,us", "Kim Jong-un/U.S.", "Kim and Trump"):
        assert summitry("leverage", "history", "--pair", words).out == wanted
    assert summitry("leverage", "history").out == wanted


def test_two_states_of_which_no_claim_speaks(summitry):
    said = summitry("leverage", "history", "--pair", "RUS,ROK")
    text = " ".join(said.out.split())
    assert said.status == 0
    assert "No claim of the ledger feeds or cuts it in this month." in text
    assert "hold no summits in this case" in text


def test_a_claim_that_is_off_is_named(summitry):
    said = summitry("leverage", "history", "--pair", "DPRK,US", "--full", "--set", "assume.claims.both-or-neither=off")
    text = " ".join(said.out.split())
    assert "or turned off: " in text
    assert "both-or-neither" in text[text.index("or turned off: ") :]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--pair", "DPRK,DPRK"), "two different states"),
        (("--pair", "DPRK"), "two different states"),
        (("--pair", "Kin,US"), "did you mean DPRK?"),
        (("--pair", "DPRK,US", "--month", "21"), "0 to 20, or 2018-03 to 2019-11"),
        (("--pair", "DPRK,US", "--month", "2017-12"), "0 to 20, or 2018-03 to 2019-11"),
    ],
)
def test_states_and_months_that_are_not_there(summitry, words, line):
    said = summitry("leverage", "history", *words)
    assert (said.status, said.out) == (2, "")
    assert line in said.err
    assert len(said.err.splitlines()) == 1


def test_the_short_form_fits_a_screen(summitry):
    said = summitry("leverage", "history")
    assert said.status == 0
    assert len(said.out.splitlines()) <= 44
    assert NOT_A_FORECAST in " ".join(said.out.split())
