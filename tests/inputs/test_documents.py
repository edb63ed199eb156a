"""Citations held against the documents."""

import pytest

from sim.errors import InputError
from sim.inputs.cards import read_cards
from sim.inputs.case_folder import find_case
from sim.inputs.documents import html_lines, paragraph_hash, paragraphs, verify
from sim.inputs.layers import Reading
from sim.inputs.scenario import read_case_cards
from sim.inputs.yaml_source import parse_yaml

TEXT = "Menu\n\n  A new\u00a0road   to cafe\u0301s  \n \t \nThe end\r\n"


def card(**given):
    file = given.pop("file", "gazette.txt")
    where = {"paragraph": "2", "sha256": paragraph_hash("A new road to cafés"), "phrase": "new road", **given}
    coding = "{mechanism: outside-option, weight: {low: 0, mode: 0, high: 1}, credence: 0.5}"
    read = read_cards((parse_yaml(f"""
schema: 1
document: {{id: gazette-2018, title: T, author: A, outlet: O, date: 2018-03-30, file: {file}}}
claims:
  - id: road
    claim: A new road helps.
    where:
      - document: gazette-2018
        paragraph: {where["paragraph"]}
        sha256: {where["sha256"]}
        phrase: {where["phrase"]}
    group: road
    active: 1
    codings: {{first: {coding}, second: {coding}}}
""", "gazette.yaml"),))  # fmt: skip
    assert read.faults == ()
    return list(read.sound)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "gazette.txt").write_text(TEXT, encoding="utf-8", newline="")
    return tmp_path


def test_paragraphs_are_lines_with_a_character(folder):
    assert [text.split() for text in paragraphs(folder / "gazette.txt")] == [
        ["Menu"],
        ["A", "new", "road", "to", "cafe\u0301s"],
        ["The", "end"],
    ]


def test_the_hash_forgives_spaces_and_composition():
    assert paragraph_hash("  A new\u00a0road   to cafe\u0301s ") == paragraph_hash("A new road to cafés")


def test_a_right_citation_passes(folder):
    assert verify(card(phrase="new road to cafés"), folder) == []


@pytest.mark.parametrize("tag", ["<", "<a ", '<a b="', "<!--", "</", "<?", "<![CDATA[", "</script"])
def test_a_page_of_tags_that_never_end_is_refused(tag):
    assert "text" in " ".join(html_lines(f"<p>text{10 * tag}"))
    with pytest.raises(InputError, match=r"page: text: [12],\d+ tags that never end"):
        html_lines(1100 * tag)


def test_comparisons_in_scripts_and_texts_are_no_tags():
    script = f"<script>{2000 * 'if (a<b) {}'}</script>"
    assert html_lines(f"{script}<p>{2000 * '1 < 2 '}</p>")[-2].startswith("1 < 2")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"phrase": "a new road"}, "a new road; words of this paragraph, verbatim"),
        ({"phrase": "New road"}, "New road; words of this paragraph, verbatim"),
        ({"paragraph": "4"}, "4; gazette-2018 has 3 paragraphs"),
        ({"paragraph": "4", "phrase": "new road to cafés"}, "3 paragraphs; its words are in paragraph"),
        ({"paragraph": "4", "phrase": "no such words"}, "3 paragraphs; none holds the words of its phrase"),
        ({"sha256": "f" * 64, "phrase": "road"}, "ffffffffffff…; "),
        ({"sha256": f"{paragraph_hash('A new road to cafés')[:-1]}0"}, "for this paragraph"),
        ({"sha256": "null"}, "missing; "),
        ({"file": "other.txt"}, "other.txt; the file is missing in"),
    ],
)
def test_a_wrong_citation_is_told(folder, given, said):
    (fault,) = verify(card(**given), folder)
    assert said in str(fault)
    assert str(fault).startswith("gazette.yaml:")


def test_a_locator_counts_as_a_reader_does_and_an_unknown_address_says_what_to_do():
    """The shipped cards: article paragraphs rise with those of the file; one document has no known address."""
    cards = read_case_cards(Reading(find_case(None)))
    assert {card.id for card in cards if not card.given.document.url} == {"mansudae-2019"}
    assert all(card.given.document.found_at.startswith(("https://", "no address known")) for card in cards)
    cited = {
        (where.document, where.paragraph, where.article_paragraph)
        for card in cards for claim in card.given.claims for where in claim.where if where.article_paragraph
    }  # fmt: skip
    for one in cited:
        for other in cited:
            if one[0] == other[0]:
                assert (one[1] < other[1]) == (one[2] < other[2])
