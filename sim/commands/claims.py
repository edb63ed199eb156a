"""``summitry claims [ID]``, ``claims verify DIR [--fix]``, ``claims add``, ``claims agreement``"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from sim.analysis.agreement import codings_agree
from sim.commands.options import complete_claims, find_states
from sim.commands.output import say, show
from sim.commands.question import Asked, question
from sim.ensemble.safe_files import write_whole
from sim.errors import InputError, did_you_mean
from sim.inputs.card_edits import moved, moves, new_claim, with_claim
from sim.inputs.cards import Card
from sim.inputs.case_folder import ROOT_SCENARIO, CaseFolder, find_case
from sim.inputs.check import card_faults
from sim.inputs.documents import find_phrase, paragraph_hash, read_documents, verify
from sim.inputs.layers import Reading
from sim.inputs.ledger import Claim
from sim.inputs.scenario import read_case_cards
from sim.inputs.schema_card import WhereGiven
from sim.inputs.schema_faults import unknown
from sim.inputs.yaml_source import parse_faulty_yaml
from sim.views.text.ledger import agreement_table, argdown_text, claim_list, claim_whole, verified

MOST_WORDS = 6  # of a phrase
METAVAR = "[ID | WORD... | verify DIR | add | agreement | export]"
FOR = {"argdown": "export", "fix": "verify"} | dict.fromkeys(  # which of these words an option goes with
    ("document", "phrase", "feeds", "name", "sentence", "documents"), "add"
)


@question("claims", names_case=False, options_metavar="[OPTIONS]")
@click.argument("words", nargs=-1, metavar=METAVAR, shell_complete=complete_claims)
@click.option("--argdown", is_flag=True, help="With export: an argument map in Argdown.")
@click.option("--fix", is_flag=True, help="With verify: move numbers and hashes to where the words are now.")
@click.option("--document", metavar="ID", help="With add: the document whose card gets the claim.")
@click.option("--phrase", metavar="WORDS", help="With add: up to six words of its paragraph.")
@click.option("--feeds", metavar="A>B+,...", help="With add: the leverage it feeds (+) or cuts (-), in quotes.")
@click.option("--id", "name", metavar="SLUG", help="With add: the claim's name (default: from the phrase).")
@click.option("--claim", "sentence", metavar="TEXT", help="With add: the claim in one sentence.")
@click.option(
    "--documents", metavar="DIR", type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="With add: where the documents are (default: documents/ in the case).",
)  # fmt: skip
def command(asked: Asked, words: tuple[str, ...], argdown: bool, fix: bool, **typed: Any) -> None:
    """Show the ledger: every claim, its paragraph, and how sure the coders are of it.

    \b
    claims              every claim in a line or two
    claims ID           one claim in full: both codings, doubts, links, effects
    claims WORD...      every claim with the words in its name, sentence or phrase
    claims verify DIR   check the cited paragraphs against the documents in DIR
    claims verify DIR --fix   the same, and correct places that have only moved
    claims add --document ID --phrase "words" --feeds "A>B+"
                        a new claim with its paragraph and hash
    claims agreement    how far the two codings agree (Krippendorff's alpha)
    claims export --argdown   the ledger as an argument map, for Argdown's tools
    """
    _refuse_strays(words)
    if words != ("export",):
        asked.name_case()
    cards = read_case_cards(Reading(find_case(asked.case)))
    if words[:1] == ("verify",):
        _verify(asked, cards, words[1:], fix)
    elif words == ("add",):
        if not all(typed[needed] for needed in ("document", "phrase", "feeds")):
            raise click.UsageError('claims add --document ID --phrase "words" --feeds "A>B+"')
        add(asked, cards, NewClaim(**typed))
    elif words == ("agreement",):
        states = list(asked.load(ROOT_SCENARIO).case.states)
        found = codings_agree([claim for card in cards for claim in card.given.claims], states)
        show(agreement_table(found, asked.screen))
    elif words == ("export",):
        if not argdown:
            raise click.UsageError("claims export --argdown: the one format that there is")
        show(argdown_text(asked.load(ROOT_SCENARIO)))
    else:
        _ledger(asked, cards, words)


def _refuse_strays(words: tuple[str, ...]) -> None:
    """Raises UsageError for an option that the word typed does not read."""
    ctx = click.get_current_context()
    for option in ctx.command.params:
        word = FOR.get(option.name or "")
        if word and ctx.params[option.name or ""] and word not in words[:1]:
            raise click.UsageError(f"{option.opts[0]} goes with `claims {word}`")


def _verify(asked: Asked, cards: Sequence[Card], words: Sequence[str], fix: bool) -> None:
    if len(words) != 1:
        raise click.UsageError("claims verify DIR: the folder that holds the documents")
    if not Path(words[0]).is_dir():
        raise InputError.at(words[0], "DIR", "no such folder", "the folder that holds the documents")
    if fix and move_places(asked, cards, Path(words[0])):
        cards = read_case_cards(Reading(find_case(asked.case)))
    faults = verify(cards, Path(words[0]))
    if faults:
        for line in str(InputError(faults)).splitlines():
            asked.show_wrapped(line)
        say(verified(cards, faults))
        raise click.exceptions.Exit(2)
    show(verified(cards, faults))


def _ledger(asked: Asked, cards: Sequence[Card], words: tuple[str, ...]) -> None:
    scenario = asked.load(ROOT_SCENARIO)
    ledger = scenario.ledger
    if words and set(words) <= set(ledger.claims):
        show("\n\n".join(claim_whole(claim, cards, scenario, asked.screen) for claim in words))
        return
    found = {id: each for id, each in ledger.claims.items() if all(_speaks_of(each, word) for word in words)}
    if words and not found:
        typed = " ".join(words)
        allowed = "a claim's id, or words that stand in one claim's name, sentence or phrase"
        near = did_you_mean(typed, ledger.claims)
        raise InputError.at(typed, "claim", "no such claim", near.strip(" ()") or allowed)
    show(claim_list(replace(ledger, claims=found), scenario.case, asked.screen))


def _speaks_of(claim: Claim, word: str) -> bool:
    phrases = " ".join(place.phrase or "" for place in claim.places)
    return word.casefold() in f"{claim.id} {claim.claim} {phrases}".casefold()


@dataclass(frozen=True)
class NewClaim:
    """The words typed after `claims add`."""

    document: str
    phrase: str
    feeds: str
    name: str | None
    sentence: str | None
    documents: Path | None


def add(asked: Asked, cards: Sequence[Card], typed: NewClaim) -> None:
    """Append a claim to its document's card. Raises InputError, with the card as it was."""
    folder = find_case(asked.case)
    card = _card(cards, typed.document)
    effects = _effects(asked, typed.feeds)
    cited = _cited(card, typed.documents or folder.root / "documents", typed.phrase)
    id = _name(cards, typed.name or re.sub("[^a-z0-9]+", "-", str(cited.phrase).lower()).strip("-"))
    mechanism = next(iter(asked.load(ROOT_SCENARIO).case.mechanisms))
    path = _path(folder, card)
    entry = new_claim(id, typed.sentence, cited, effects, mechanism)
    text = with_claim(_raw(path), card.source, entry)
    if faults := card_faults(Reading(folder), parse_faulty_yaml(text, card.source.name)):
        raise InputError(faults)
    write_whole(path, [text.encode()])
    guesses = "Its numbers are guesses: put yours, then `summitry check`."
    asked.show_wrapped(f"{path}: {id}, from {cited.document} p{cited.paragraph}. {guesses}")


def move_places(asked: Asked, cards: Sequence[Card], documents: Path) -> bool:
    """Move paragraph numbers and hashes to where the words are now, reporting each; whether there were any."""
    folder = find_case(asked.case)
    texts, _ = read_documents(cards, documents)
    fixed = False
    for card in cards:
        if found := moves(card, texts):
            path = _path(folder, card)
            write_whole(path, [moved(_raw(path), card.source, found).encode()])
            for move in found:
                asked.show_wrapped(f"{card.source.name}:{move.line}: {move}")
            fixed = True
    return fixed


def _card(cards: Sequence[Card], document: str) -> Card:
    known = {card.id: card for card in cards}
    if document not in known:
        raise InputError.at("--document", "document", document, unknown(document, known, "one of"))
    return known[document]


def _name(cards: Sequence[Card], name: str) -> str:
    taken = {claim.id for card in cards for claim in card.given.claims}
    if name in taken:
        allowed = f"a claim has this id already; give another (--id {name[:56]}-2)"
    elif len(name) > 60 or not re.fullmatch("[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        allowed = "an id of its own: a lower-case letter first, then letters, digits and single hyphens, 60 at most"
    else:
        return name
    raise InputError.at("--id", "id", name, allowed)


def _effects(asked: Asked, given: str) -> list[tuple[str, str, str]]:
    """Holder, target and sign of every `A>B+`. Raises InputError."""
    effects = []
    for word in given.split(","):
        match = re.fullmatch(r"\s*([^<>]+)>([^<>]+?)\s*([+-])\s*", word)
        if match is None:
            allowed = 'HOLDER>TARGET+ (feeds) or HOLDER>TARGET- (cuts), in quotes, such as "A>B+,B>A-"'
            raise InputError.at("--feeds", "feeds", word, allowed)
        holder, target = find_states(f"{match[1]},{match[2]}", asked.load(ROOT_SCENARIO).case, "--feeds")
        effects.append((holder, target, match[3]))
    return effects


def _cited(card: Card, documents: Path, phrase: str) -> WhereGiven:
    """The one paragraph that holds a phrase. Raises InputError that says what was found."""
    texts, faults = read_documents([card], documents)
    if faults:
        raise InputError(faults)
    text = texts[card.id]
    found = find_phrase(text, phrase)
    if not phrase.strip() or len(phrase.split()) > MOST_WORDS:
        allowed = f"one to {MOST_WORDS} words, verbatim"
    elif not found:
        words = set(phrase.casefold().split())
        near = max(range(len(text)), key=lambda number: len(words & set(text[number].casefold().split())), default=-1)
        allowed = f"words of {card.given.document.file}, verbatim; none of its {len(text)} paragraphs has these, "
        allowed += f"the nearest is paragraph {near + 1}"
    elif len(found) > 1:
        allowed = f"words of one paragraph; these are in {', '.join(str(number) for number, _ in found)}"
    else:
        [(number, spelt)] = found
        sha256 = paragraph_hash(text[number - 1])
        return WhereGiven(document=card.id, paragraph=number, sha256=sha256, phrase=spelt, article_paragraph=None)
    raise InputError.at("--phrase", "phrase", phrase, allowed)


def _path(folder: CaseFolder, card: Card) -> Path:
    return next(path for path in folder.cards() if folder.display(path) == card.source.name)


def _raw(path: Path) -> str:
    """The text with its own line ends; it has been checked before."""
    return path.read_bytes().decode("utf-8")
