"""The documents: their paragraphs, one a line, from plain text, HTML or PDF, and whether the cards cite them correctly.

A paragraph is a line with a non-blank character, counted from 1, site furniture included. The texts belong to their
authors and are not here; readers who have them can check.
"""

import hashlib
import logging
import re
import unicodedata
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

from sim.errors import Fault, InputError
from sim.inputs.cards import Card
from sim.inputs.schema_card import WhereGiven
from sim.inputs.schema_faults import Findings
from sim.inputs.text_decoding import open_regular, read_text
from sim.inputs.yaml_source import KeyPath

WRAPPED = 120  # characters: a text with a longer line has a paragraph a line already
_SENTENCE_END = re.compile(r"""[.!?:]["'”’»)]*$""")
_INLINE = frozenset(
    "a abbr b bdi bdo cite code em font i kbd mark q s small span strong sub sup time u wbr".split()  # noqa: SIM905
)
_UNREAD = frozenset(["head", "script", "style", "noscript", "template", "svg"])


def paragraphs(path: Path) -> list[str]:
    """The paragraphs of a document; the first is number 1 in the cards. Raises InputError for what cannot be read."""
    return [line for line in read_text(path, path.name).split("\n") if line.strip()]


def plain(text: str) -> str:
    """The text in Unicode NFC, no-break spaces as spaces, white space collapsed and stripped."""
    return " ".join(unicodedata.normalize("NFC", text).replace("\u00a0", " ").split())


_ALIKE = str.maketrans(dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"') | dict.fromkeys("\u2018\u2019\u201a", "'")
                       | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))  # fmt: skip


def find_phrase(text: Sequence[str], phrase: str) -> list[tuple[int, str]]:
    """The paragraphs that hold a phrase, and how it is spelt there; kinds of quotes and dashes do not matter.

    >>> find_phrase(["One.", "They said \u201cnot yet\u201d."], 'said "not yet"')
    [(2, 'said \u201cnot yet\u201d')]
    """
    found = []
    sought = plain(phrase).translate(_ALIKE)
    for number, paragraph in enumerate(text, 1):
        start = plain(paragraph).translate(_ALIKE).find(sought)
        if start >= 0:
            found.append((number, plain(paragraph)[start : start + len(sought)]))
    return found


def paragraph_hash(text: str) -> str:
    """SHA-256 of the plain text, in hexadecimal."""
    return hashlib.sha256(plain(text).encode()).hexdigest()


def read_documents(cards: Sequence[Card], folder: Path) -> tuple[dict[str, list[str]], list[Fault]]:
    """The paragraphs of the documents that can be read, by document, and what is wrong with the others."""
    texts: dict[str, list[str]] = {}
    faults: list[Fault] = []
    for card in cards:
        name, path, found = card.given.document.file, ("document", "file"), Findings(card.source)
        if not (folder / name).is_file():
            found.add(path, name, f"the file is missing in {folder}")
        else:
            try:
                texts[card.id] = paragraphs(folder / name)
            except InputError as error:
                found.add(path, name, f"{error.faults[0].value}; {error.faults[0].allowed}")
        faults += found.faults
    return texts, faults


def verify(cards: Sequence[Card], folder: Path) -> list[Fault]:
    """A fault for every cited place that does not match the documents in the folder."""
    texts, faults = read_documents(cards, folder)
    for card in cards:
        findings = Findings(card.source)
        for index, claim in enumerate(card.given.claims):
            for number, where in enumerate(claim.where):
                text = texts.get(where.document)
                if text is not None:
                    _compare(where, text, ("claims", index, "where", number), findings)
        faults += findings.faults
    return faults


def _compare(where: WhereGiven, text: Sequence[str], path: KeyPath, findings: Findings) -> None:
    """Notes a paragraph that does not exist, has another hash, or does not hold the phrase."""
    if where.paragraph > len(text):
        allowed = f"{where.document} has {len(text)} paragraphs"
        findings.add((*path, "paragraph"), str(where.paragraph), allowed + _found_now(where.phrase, text))
        return
    paragraph = text[where.paragraph - 1]
    if paragraph_hash(paragraph) != where.sha256:
        given = f"{where.sha256[:12]}…" if where.sha256 else "missing"
        findings.add((*path, "sha256"), given, f"{paragraph_hash(paragraph)} for this paragraph")
    if where.phrase is not None and not find_phrase([paragraph], where.phrase):
        allowed = "words of this paragraph, verbatim"
        findings.add((*path, "phrase"), where.phrase, allowed + _found_now(where.phrase, text))


def _found_now(phrase: str | None, text: Sequence[str]) -> str:
    """Where the words of a phrase are found in a text that has changed."""
    if phrase is None:
        return ""
    numbers = [str(number) for number, _ in find_phrase(text, phrase)]
    if not numbers:
        return "; none holds the words of its phrase"
    fix = " (--fix moves it)" if len(numbers) == 1 else ""
    return f"; its words are in paragraph {' and in '.join(numbers)}{fix}"


def paragraphs_of(path: Path) -> list[str]:
    """The paragraphs of a text by its file's ending: .html, .htm, .pdf, else plain text.

    Raises InputError for what cannot be read or holds no words, and for a PDF without pypdf.
    """
    match path.suffix.lower():
        case ".html" | ".htm":
            found = html_lines(read_text(path, str(path)), str(path))
        case ".pdf":
            found = unwrap(_pdf_text(path))
        case _:
            found = unwrap(read_text(path, str(path)))
    if not (kept := [line for each in found if (line := plain(_visible(each)))]):
        raise InputError.at(str(path), "text", "no words in it", "a text (a scanned PDF has none)")
    return kept


def unwrap(text: str) -> list[str]:
    """The paragraphs of a text whose lines may be wrapped.

    Blank lines separate them; without blank lines, a paragraph ends with a sentence that ends well before the margin.

    >>> unwrap("One is\\nwrapped.\\n\\nTwo.")
    ['One is wrapped.', 'Two.']
    """
    lines = [line.strip() for line in text.split("\n")]
    margin = max(map(len, lines))
    if margin > WRAPPED:
        return lines
    if "" in lines[:-1]:
        return [" ".join(block.split("\n")) for block in re.split(r"\n{2,}", "\n".join(lines))]
    ends = [bool(_SENTENCE_END.search(line)) and len(line) < 0.8 * margin for line in lines]
    return "".join(line + ("\n" if end else " ") for line, end in zip(lines, ends, strict=True)).split("\n")


def _visible(text: str) -> str:
    """The text without format characters, and with spaces for those that cannot be printed."""
    kept = (each for each in text if unicodedata.category(each) != "Cf")
    return "".join(each if each.isprintable() else " " for each in kept)


_UNENDED = re.compile(r"<(?:[A-Za-z/!?][^<>]*)?(?=<|\Z)")  # `a < b` is none
MOST_UNENDED = 1000


class _Blocks(HTMLParser):
    """The text of a page: every element but inline ones begins a new line."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines = [""]
        self._unread = ""  # the element that is being skipped

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self._unread and tag in _UNREAD:
            self._unread = tag
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == self._unread:
            self._unread = ""
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.lines[-1] += data

    def _break(self, tag: str) -> None:
        if tag == "br":
            self.lines[-1] += " "
        elif tag not in _INLINE:
            self.lines.append("")
        if tag == "body":  # an element before it may have been left open
            self._unread = ""


def html_lines(text: str, name: str = "page") -> list[str]:
    """What a reader of a page sees: a line for every element that begins a new one.

    Raises InputError, naming the page, for many tags that never end, which some Pythons read in quadratic time.

    >>> html_lines("<p>One &amp; <b>two</b></p>")
    ['', 'One & two', '']
    """
    outside = "</script".join(piece.partition("<script")[0] for piece in text.split("</script"))
    if (open_tags := len(_UNENDED.findall(outside))) > MOST_UNENDED:
        raise InputError.at(name, "text", f"{open_tags:,} tags that never end", f"at most {MOST_UNENDED:,}")
    page = _Blocks()
    page.feed(text)
    page.close()
    return page.lines


def _pdf_text(path: Path) -> str:
    try:
        import pypdf  # optional, and slow to import
    except ImportError:
        allowed = 'a plain text or HTML file, or install pypdf: pip install "summitry[pdf]"'
        raise InputError.at(str(path), "text", "a PDF", allowed) from None
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # faults are reported once, below
    try:
        with open_regular(path) as file:
            return "\n".join(page.extract_text() for page in pypdf.PdfReader(file).pages)
    except (OSError, ValueError, pypdf.errors.PyPdfError) as error:
        raise InputError.at(str(path), "text", str(error), "a PDF that can be read") from None
