"""What `claims add` and `claims verify --fix` do to the source cards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.commands.asked import Asked
from sim.commands.stdout import show
from sim.commands.typed import find_states
from sim.ensemble.safe_files import write_whole
from sim.errors import InputError
from sim.inputs.card_edits import moved, moves, new_claim, with_claim
from sim.inputs.cards import Card
from sim.inputs.case_folder import ROOT_SCENARIO, CaseFolder, find_case
from sim.inputs.check import card_faults
from sim.inputs.documents import find_phrase, paragraph_hash, read_documents
from sim.inputs.layers import Reading
from sim.inputs.schema_card import WhereGiven
from sim.inputs.schema_faults import unknown
from sim.inputs.yaml_source import parse_faulty_yaml

MOST_WORDS = 6


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
    show(asked.screen.paragraph(f"{path}: {id}, from {cited.document} p{cited.paragraph}. Its numbers are guesses: put"
                                " yours, then `summitry check`.", hang="  "))  # fmt: skip


def fix(asked: Asked, cards: Sequence[Card], documents: Path) -> bool:
    """Move paragraph numbers and hashes to where the words are now, reporting each; whether there were any."""
    folder = find_case(asked.case)
    texts, _ = read_documents(cards, documents)
    fixed = False
    for card in cards:
        if found := moves(card, texts):
            path = _path(folder, card)
            write_whole(path, [moved(_raw(path), card.source, found).encode()])
            for move in found:
                show(asked.screen.paragraph(f"{card.source.name}:{move.line}: {move}", hang="  "))
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
