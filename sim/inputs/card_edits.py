"""Changes a source card's text and leaves every other character as it is."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.errors import Fault, InputError
from sim.inputs.cards import Card
from sim.inputs.documents import find_phrase, paragraph_hash
from sim.inputs.schema_card import WhereGiven
from sim.inputs.schema_types import Range
from sim.inputs.yaml_source import KeyPath, Source

UNWRITTEN = {
    "author": "WHO WROTE IT",
    "outlet": "WHERE IT APPEARED",
    "date_note": "THE DAY THIS CARD WAS MADE, UNTIL YOU PUT THE DAY IT APPEARED",
    "claim": "SAY HERE IN ONE SENTENCE WHAT THE PARAGRAPH CLAIMS",
}
"""What `new-case` and `claims add` write where only the author of a case can say it."""
GUESS = Range(0.2, 0.5, 0.8), 0.5  # weight and credence


@dataclass(frozen=True)
class Move:
    """A cited place that is elsewhere now, or in a paragraph that was changed."""

    path: KeyPath
    line: int
    claim: str
    old: WhereGiven
    paragraph: int
    sha256: str

    def __str__(self) -> str:
        if self.old.sha256 is None:
            return f"{self.claim}: {self.old.document} p{self.paragraph} holds the phrase; its hash is written"
        if self.paragraph == self.old.paragraph:
            return f"{self.claim}: {self.old.document} p{self.paragraph} reads otherwise now; its hash is new"
        return f"{self.claim}: {self.old.document} p{self.old.paragraph} is p{self.paragraph} now"


def new_claim(
    id: str, claim: str | None, cited: WhereGiven, effects: Sequence[tuple[str, str, str]], mechanism: str
) -> list[str]:
    """The lines of a commented claim without indentation; ``effects`` are holder, target and sign.

    Without a sentence of the author's there is a placeholder.
    """
    weight, credence = GUESS
    quoted, sentence = (json.dumps(text, ensure_ascii=False) for text in (cited.phrase, claim or UNWRITTEN["claim"]))
    place = f"document: {cited.document}, paragraph: {cited.paragraph}, sha256: {cited.sha256}, phrase: {quoted}"
    return [
        f"- id: {id}",
        f"  claim: {sentence} # one sentence of yours that could be false",
        "  where:",
        f"    - {{{place}}}",
        f"  group: {id} # the cause it restates: claims of one group hold or fail together",
        "  tier: core",
        "  active_when: always # when it is to the point, in words",
        "  active: 1 # the same from the names of the case, between 0 and 1",
        "  effects: # share: how much of the claim's strength bears on it",
        *(
            f'    - {{holder: {holder}, target: {target}, sign: "{sign}", share: 0.5, coded_by: first}}'
            for holder, target, sign in effects
        ),
        "  codings: # guesses until you put yours; a second reader, who has not seen them, adds `second:`",
        f"    first: {{mechanism: {mechanism}, weight: {{low: {weight.low:g}, mode: {weight.mode:g}, "
        f"high: {weight.high:g}}}, credence: {credence:g}}}",
    ]


def placeholders(card: Card) -> list[tuple[KeyPath, str]]:
    """The placeholders still in a card: where each is, and what to put there."""
    document = card.given.document
    said: dict[KeyPath, str | None] = {
        ("document", "author"): document.author,
        ("document", "outlet"): document.outlet,
        ("document", "date_note"): document.date_note,
    }
    said |= {("claims", index, "claim"): claim.claim for index, claim in enumerate(card.given.claims)}
    found = [(path, f"still says {text}") for path, text in said.items() if text == UNWRITTEN[str(path[-1])]]
    for index, claim in enumerate(card.given.claims):
        coding = claim.codings.first
        if (coding.weight, coding.credence) == GUESS and not coding.why:
            text = "still the guesses of `claims add`: put your numbers, or say `why`"
            found.append((("claims", index, "codings", "first"), text))
    return found


def with_claim(text: str, source: Source, entry: Sequence[str]) -> str:
    """The card's text with a claim after its last one. Raises InputError where its claims are not a list of lines."""
    key = source.key_places["claims",]
    lines = text.split("\n")
    ending = "\r" if lines[0].endswith("\r") else ""
    later = [place.line for path, place in source.key_places.items() if len(path) == 1 and place.line > key.line]
    end = min(later) - 1 if later else len(lines) - (lines[-1] == "")
    indent = "  "
    if source.data["claims"]:
        first = source.places["claims", 0]
        before = lines[first.line - 1][: first.column - 1]
        if before.strip() != "-":
            raise InputError([Fault(key, "claims", "not a list of lines", "each claim from a line that begins with -")])
        indent = before[: before.index("-")]
    else:
        lines[key.line - 1] = re.sub(r"(claims:)[ \t]*\[[ \t]*\]", r"\1", lines[key.line - 1], count=1)
    if end and not lines[end - 1].endswith(ending):
        lines[end - 1] += ending
    lines[end:end] = [f"{indent}{line}{ending}" for line in entry]
    return "\n".join(lines) if lines[-1] == "" else "\n".join([*lines, ""])


def moves(card: Card, texts: Mapping[str, Sequence[str]]) -> list[Move]:
    """The cited places of a card that are elsewhere now; those that cannot be found for certain are left out."""
    found = []
    for index, claim in enumerate(card.given.claims):
        for number, where in enumerate(claim.where):
            text = texts.get(where.document, [])
            paragraph = _now(where, text)
            if paragraph is None:
                continue
            path, sha256 = ("claims", index, "where", number), paragraph_hash(text[paragraph - 1])
            if (paragraph, sha256) != (where.paragraph, where.sha256):
                found.append(Move(path, card.source.places[path].line, claim.id, where, paragraph, sha256))
    return found


def _now(where: WhereGiven, text: Sequence[str]) -> int | None:
    """The paragraph with the cited hash, else phrase: of several the cited one; None where it is not certain."""
    same = [number for number, each in enumerate(text, 1) if paragraph_hash(each) == where.sha256]
    if not same and where.phrase:
        same = [number for number, _ in find_phrase(text, where.phrase)]
    if where.paragraph in same:
        return where.paragraph
    return same[0] if len(same) == 1 else None


def moved(text: str, source: Source, found: Sequence[Move]) -> str:
    """The card's text with new paragraph numbers and hashes."""
    changes = []
    lines = text.split("\n")
    for move in found:
        paragraph = str(move.paragraph)
        if move.old.sha256:
            changes.append((source.places[*move.path, "sha256"], move.old.sha256, move.sha256))
        else:
            whole, key = source.places[move.path], source.key_places[*move.path, "paragraph"]
            in_braces = lines[whole.line - 1][whole.column - 1] == "{"
            ending = "\r\n" if lines[0].endswith("\r") else "\n"
            paragraph += f"{', ' if in_braces else ending + ' ' * (key.column - 1)}sha256: {move.sha256}"
        changes.append((source.places[*move.path, "paragraph"], str(move.old.paragraph), paragraph))
    for place, old, new in sorted(changes, reverse=True):
        line, start = lines[place.line - 1], place.column - 1
        lines[place.line - 1] = line[:start] + line[start:].replace(old, new, 1)
    return "\n".join(lines)
