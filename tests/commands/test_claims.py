"""`claims`: the ledger, one claim whole, the check against documents, the agreement of codings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.inputs.case_folder import find_case
from sim.inputs.documents import paragraph_hash
from sim.inputs.layers import Reading
from sim.inputs.scenario import load_scenario, read_case_cards
from sim.views.text.case_words import spelled, where_it_holds


def test_every_claim_is_listed(summitry):
    said = summitry("claims")
    names = [line.split()[0] for line in said.out.splitlines() if line.startswith("  ") and line[2] != " "]
    assert (said.status, said.err) == (0, "")
    assert names == list(load_scenario("baseline").ledger.claims)
    assert max(map(len, said.out.splitlines())) <= 80


def test_one_claim_whole(summitry):
    said = summitry("claims", "both-or-neither")
    text = " ".join(said.out.split())
    assert (said.status, said.err) == (0, "")
    assert max(len(line) for line in said.out.splitlines() if not line.startswith("https://")) <= 80
    for part in (
        'new-statesman-2018 p52 (paragraph 8 of the article), "or to neither"',
        "first coding", "second coding", "doubt: ",
        "both-or-neither)): set to 0 (new-statesman-2018 p52",
        "feeds the leverage of the United States over North Korea, share 0.6 (both codings)", "supported by",
        "us_troops * arsenal",
    ):  # fmt: skip
        assert part in text


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("leverage-race-before-talks", "The United States presses harder: likelier, by 0.2 times a US or South Korean"),
        ("enforcement-fails-to-tame", "less likely, by 0.5 times the leverage of China over North Korea"),
        ("provocation-alienates-patron", "China signs at the Chinese summit: less likely, by 0.3 times tests"),
        ("trade-talks-linkage", "The United States signs at the American summit: likelier, by 0.15 times US tariffs"),
        ("russia-economic-route", "Russia trades with the North: likelier, by 0.3 "),
        ("provocation-alienates-patron", "China comes to the Chinese summit: less likely, by 2 times tests"),
        ("hawk-hastens-beijing-trip", "The Chinese summit is brought forward: likelier, by 3 times "),
        ("trump-wants-out", "the level of US troops that the United States wants: set to 0.95"),
    ],
)
def test_what_a_claim_does_to_behaviour(summitry, claim, said):
    assert said in " ".join(summitry("claims", claim).out.split())


def test_every_condition_on_a_claim_is_told():
    scenario = load_scenario("baseline")
    terms = [term for menu in scenario.case.menus.values() for option in menu.options for term in option.utility]
    for each in scenario.case.bargaining.values():
        terms += [term for side in (*each.friction.values(), *each.wish.values(), each.hurry) for term in side]
    told = sum(len(where_it_holds(scenario, claim)) for claim in scenario.ledger.claims)
    assert told == sum(term.claim is not None for term in terms) >= 23


def test_no_document_is_called_by_a_number(summitry):
    cards = read_case_cards(Reading(find_case()))
    claims = list(load_scenario("baseline").ledger.claims)
    text = summitry("claims", *claims).out  # several ids are shown as each alone
    assert all(text.count(claim) for claim in claims)
    assert summitry("claims", claims[-1]).out.strip() in text
    assert not re.search(r"(?<![\w.,])00[0134](?![\w.])", text)
    assert spelled("001 p14, 004: 0.001 of 1,001; (000)", cards) == (
        "business-times-2018 p14, new-statesman-2018: 0.001 of 1,001; (student-room-2018)"
    )


@pytest.mark.parametrize("claim", ["more-options-less-beholden", "fourth-in-line-slight", "warhead-clock"])
def test_claims_with_shares_off_rivals_and_restatements(summitry, claim):
    text = " ".join(summitry("claims", claim).out.split())
    expected = {
        "more-options-less-beholden": "not used",
        "fourth-in-line-slight": "rivals",
        "warhead-clock": "restated by",
    }
    assert expected[claim] in text


def test_a_claim_that_is_not_there(summitry):
    said = summitry("claims", "warhead-clok")
    assert (said.status, said.out) == (2, "")
    assert said.err == 'warhead-clok: claim: no such claim; did you mean "warhead-clock"?\n'


def test_several_words_are_searched_for_and_several_ids_shown(summitry):
    said = summitry("claims", "Kim", "SANCTIONS")
    assert (said.status, said.err) == (0, "")
    ids = [line.split()[0] for line in said.out.splitlines() if line.startswith("  ") and line[2] != " "]
    assert ids == ["sanctions-brought-kim", "conditional-disarmament-offer"]
    both = summitry("claims", "both-or-neither", "trump-wants-out").out
    assert both == summitry("claims", "both-or-neither").out + "\n" + summitry("claims", "trump-wants-out").out
    assert summitry("claims", "Kim", "zebra").err == (
        "Kim zebra: claim: no such claim; a claim's id, or words that stand in one claim's name, sentence or phrase\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("both-or-neither", "--fix"), "--fix goes with `claims verify`"),
        (("agreement", "--argdown"), "--argdown goes with `claims export`"),
        (("verify", ".", "--phrase", "x"), "--phrase goes with `claims add`"),
    ],
)
def test_an_option_that_a_word_does_not_read_is_refused(summitry, words, said):
    answer = summitry("claims", *words)
    assert (answer.status, answer.err.splitlines()[-1]) == (2, f"Error: {said}")


def test_agreement(summitry):
    said = summitry("claims", "agreement")
    text = " ".join(said.out.split())
    assert said.status == 0
    assert max(map(len, said.out.splitlines())) <= 80
    assert "weights (their modes): 0." in text
    assert "(interval; " in text
    assert "(nominal; " in text
    assert "Alpha is 1 when the codings agree throughout" in text


class TestVerify:
    """Documents made up here, and a case whose cards cite them."""

    @pytest.fixture
    def case(self, tmp_path):
        shipped = find_case()
        (tmp_path / "case/seeds").mkdir(parents=True)
        (tmp_path / "documents").mkdir()
        (tmp_path / "case/scenarios").symlink_to(shipped.scenarios)
        text = "first paragraph\n\nsecond paragraph, with words to cite\n"
        (tmp_path / "documents/made-up.txt").write_text(text, encoding="utf-8")
        card = f"""
schema: 1
document: {{id: made-up-2018, title: T, author: A, outlet: O, date: 2018-03-01, file: made-up.txt}}
claims:
  - id: one
    claim: One.
    group: one
    active: 1
    where:
      - {{document: made-up-2018, paragraph: 1, sha256: {paragraph_hash("first paragraph")}}}
      - {{document: made-up-2018, paragraph: 2, sha256: {"a" * 64}, phrase: "words to cite"}}
    codings: &
"""
        coding = "{mechanism: time-pressure, weight: {low: 0.1, mode: 0.2, high: 0.3}, credence: 0.5}"
        card = card.replace(" &\n", f"\n      first: {coding}\n      second: {coding}\n")
        (tmp_path / "case/seeds/made-up.yaml").write_text(card, encoding="utf-8")
        return tmp_path / "case"

    def test_what_does_not_match_is_named_and_counted(self, summitry, case):
        said = summitry("claims", "verify", "documents", "--case", case)
        assert said.status == 2
        assert "claims[0].where[1].sha256" in said.out
        assert max(map(len, said.out.splitlines())) <= 80
        assert said.err == "1 of 2 cited places match, 1 does not\n"

    def test_all_is_well(self, summitry, case):
        card = case / "seeds/made-up.yaml"
        right = card.read_text(encoding="utf-8").replace(
            "a" * 64, paragraph_hash("second paragraph, with words to cite")
        )
        card.write_text(right, encoding="utf-8")
        said = summitry("claims", "verify", "documents", "--case", case)
        assert (said.status, said.err) == (0, "")
        assert said.out == "Case: case\n2 of 2 cited places in 1 document match\n"

    def test_a_folder_that_is_not_there_is_named(self, summitry, case):
        said = summitry("claims", "verify", "nowhere", "--case", case)
        assert (said.status, "nowhere: DIR: no such folder" in said.err) == (2, True)

    def test_a_document_that_is_missing(self, summitry, case):
        Path("documents/made-up.txt").unlink()
        said = summitry("claims", "verify", "documents", "--case", case)
        assert said.status == 2
        assert "document.file: made-up.txt; the file is missing in documents" in " ".join(said.out.split())
        assert max(map(len, said.out.splitlines())) <= 80
        assert said.err == "0 of 2 cited places match, 2 do not\n"


def test_the_cards_hold_the_claims_of_the_ledger():
    cards = read_case_cards(Reading(find_case()))
    assert [claim.id for card in cards for claim in card.given.claims] == list(load_scenario("baseline").ledger.claims)


def test_a_word_searches_the_ledger(summitry):
    said = summitry("claims", "walk")
    assert "walk-out-threat" in said.out
    assert "both-or-neither" not in said.out


def test_the_ledger_as_an_argument_map(summitry):
    said = summitry("claims", "export", "--argdown")
    lines = said.out.splitlines()
    assert lines[0] == "==="
    assert any(line.startswith("[both-or-neither]: ") for line in lines)
    assert "  + [trump-wants-out]" in lines
    assert "[leverage US over DPRK]: The United States has leverage over North Korea." in lines
