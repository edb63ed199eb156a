"""`claims add` and `claims verify --fix`: the card gets what is said, and keeps every other byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.inputs.documents import paragraph_hash
from sim.inputs.scenario import load_scenario

LETTER = (
    "Each time the buyer found that its stores were “too small”.\n\n"
    "The seller needs the fees – more than it says.\n\n"
    "The seller needs friends.\n"
)
ADD = ("claims", "add", "--case", "gas", "--document", "letter")


@pytest.fixture
def card(summitry, tmp_path: Path) -> Path:
    """The card of a new case."""
    (tmp_path / "letter.txt").write_text(LETTER, "utf-8")
    assert summitry("new-case", "gas", "--states", "SELLER,BUYER", "--texts", "letter.txt").status == 0
    return tmp_path / "gas/seeds/letter.yaml"


def test_claims_are_added_one_after_another(summitry, tmp_path: Path, card: Path) -> None:
    before = card.read_text("utf-8").removesuffix(" []\n")
    said = summitry(*ADD, "--phrase", 'stores were "too small"', "--feeds", "SELLER>BUYER+")
    assert (said.status, said.err) == (0, "")
    once = card.read_text("utf-8")
    assert once.startswith(before)
    words = ("--phrase", "fees - more", "--feeds", "BUYER>SELLER+,SELLER>BUYER-", "--id", "fees")
    assert summitry(*ADD, *words).status == 0
    assert card.read_text("utf-8").startswith(once)
    assert summitry("check", "gas").status == 0
    ledger = load_scenario("baseline", case=tmp_path / "gas").ledger
    assert list(ledger.claims) == ["stores-were-too-small", "fees"]
    [place] = ledger.claims["fees"].places
    assert (place.paragraph, place.phrase) == (2, "fees – more")
    assert place.sha256 == paragraph_hash("The seller needs the fees – more than it says.")
    assert [(each.holder, each.sign, each.share) for each in ledger.claims["fees"].effects] == [
        ("BUYER", 1, 0.5),
        ("SELLER", -1, 0.5),
    ]
    assert summitry("claims", "verify", "gas/documents", "--case", "gas").status == 0
    for question in (("claims", "fees"), ("claims", "agreement"), ("run", "baseline", "-n", "20", "--no-charts")):
        assert summitry(*question, "--case", "gas").status == 0


def test_line_ends_and_what_follows_the_claims_stay(summitry, card: Path) -> None:
    head, _, document = card.read_text("utf-8").partition("document:")
    text = f"{head}claims: [] # none yet\n# the text\ndocument:{document.removesuffix('claims: []' + chr(10))}"
    card.write_bytes(text.replace("\n", "\r\n").encode())
    for phrase in ("needs friends", "more than it"):
        assert summitry(*ADD, "--phrase", phrase, "--feeds", "BUYER>SELLER+").status == 0
    whole = card.read_bytes()
    assert whole.count(b"\n") == whole.count(b"\r\n")
    assert whole.endswith(document.removesuffix("claims: []\n").replace("\n", "\r\n").encode())
    assert summitry("check", "gas").status == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--phrase", "the seller needs the fleas", "--feeds", "BUYER>SELLER+"), "the nearest is paragraph 2"),
        (("--phrase", "The seller needs", "--feeds", "BUYER>SELLER+"), "these are in 2, 3"),
        (("--phrase", "one two three four five six seven", "--feeds", "BUYER>SELLER+"), "one to 6 words"),
        (("--phrase", "needs friends", "--feeds", "BUYER-SELLER"), "HOLDER>TARGET+"),
        (("--phrase", "needs friends", "--feeds", "BUYER>CELLER+"), "SELLER"),
        (("--phrase", "needs friends", "--feeds", "BUYER>BUYER+"), "another state"),
        (("--phrase", "needs friends", "--feeds", "BUYER>SELLER+", "--id", "Not a slug"), "id"),
        (("--phrase", "needs friends", "--feeds", "BUYER>SELLER+", "--document", "later"), "letter"),
    ],
)
def test_what_cannot_be_added_is_told_in_a_line(summitry, card: Path, words: tuple[str, ...], told: str) -> None:
    before = card.read_bytes()
    said = summitry(*ADD, *words)
    assert (said.status, len(said.err.splitlines())) == (2, 1)
    assert told in said.err
    assert card.read_bytes() == before


def test_a_name_is_given_once(summitry, card: Path) -> None:
    words = (*ADD, "--phrase", "needs friends", "--feeds", "BUYER>SELLER+")
    assert summitry(*words).status == 0
    said = summitry(*words)
    assert (said.status, "give another (--id" in said.err) == (2, True)


def test_what_has_moved_is_put_right_and_told(summitry, tmp_path: Path, card: Path) -> None:
    for phrase in ("needs friends", "more than it", "stores were"):
        assert summitry(*ADD, "--phrase", phrase, "--feeds", "BUYER>SELLER+").status == 0
    before = card.read_text("utf-8")
    document = tmp_path / "gas/documents/letter.txt"
    first, second, third = document.read_text("utf-8").splitlines()
    document.write_text(f"A headline\n{first}\n{second} Or so.\nNothing.\n", "utf-8")
    verify = ("claims", "verify", "gas/documents", "--case", "gas")
    assert summitry(*verify).status == 2
    said = summitry(*verify, "--fix")
    assert said.status == 2  # a paragraph is gone
    assert "letter p1 is p2 now" in said.out
    assert "letter p2 is p3 now" in said.out
    assert "2 of 3 cited places match" in said.err
    lines = zip(before.split("\n"), card.read_text("utf-8").split("\n"), strict=True)
    changed = [one for one, two in lines if one != two]
    assert len(changed) == 2
    document.write_text(f"{document.read_text('utf-8')}{third}\n", "utf-8")
    assert "letter p3 is p5 now" in summitry(*verify, "--fix").out
    assert summitry(*verify).status == 0


def test_a_missing_hash_is_written_in_a_block_too(summitry, card: Path) -> None:
    assert summitry(*ADD, "--phrase", "needs friends", "--feeds", "BUYER>SELLER+").status == 0
    text = card.read_text("utf-8")
    sha256 = paragraph_hash("The seller needs friends.")
    place = f'{{document: letter, paragraph: 3, sha256: {sha256}, phrase: "needs friends"}}'
    block = "document: letter\n        paragraph: 3 # found\n        phrase: needs friends"
    assert place in text
    card.write_bytes(text.replace(place, block).replace("\n", "\r\n").encode())
    said = summitry("claims", "verify", "gas/documents", "--case", "gas", "--fix")
    assert (said.status, said.err) == (0, "")
    written = block.replace("paragraph: 3", f"paragraph: 3\n        sha256: {sha256}")
    assert card.read_bytes() == text.replace(place, written).replace("\n", "\r\n").encode()


def test_placeholders_that_still_stand_are_remarked_by_place(summitry, card: Path) -> None:
    assert summitry(*ADD, "--phrase", "needs friends", "--feeds", "BUYER>SELLER+").status == 0
    said = summitry("check", "gas", "--wiring").out
    remarks = [line for line in said.splitlines() if line.startswith("wiring: seeds/")]
    assert summitry("check", "gas/seeds", "--wiring").out.splitlines()[2:-1] == remarks  # a card asked for by itself
    lines = card.read_text("utf-8").splitlines()
    for key, told in (
        ("  author: ", "document.author: still says WHO WROTE IT"),
        ("  date_note: ", "document.date_note: still says THE DAY"),
        ("    claim: ", "claims[0].claim: still says SAY HERE"),
        ("      first: ", "claims[0].codings.first: still the guesses"),
    ):
        line = next(number for number, each in enumerate(lines, 1) if each.startswith(key))
        assert f"seeds/letter.yaml:{line}:{len(key) + 1}: {told}" in said
    text = card.read_text("utf-8").replace("SAY HERE IN ONE SENTENCE WHAT THE PARAGRAPH CLAIMS", "It needs friends.")
    text = text.replace("credence: 0.5", "credence: 0.6").replace("WHO WROTE IT", "A. Reader")
    card.write_text(text.replace("WHERE IT APPEARED", "The Letter"), "utf-8")
    assert "wiring: 1 remark" in summitry("check", "gas", "--wiring").out  # the day
