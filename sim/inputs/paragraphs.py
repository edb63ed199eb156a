"""Turns a text (plain, HTML or PDF) into its paragraphs, one a line, as the cards count them."""

from __future__ import annotations

import logging
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path

from sim.errors import InputError
from sim.inputs.documents import plain
from sim.inputs.safe_text import read_text

WRAPPED = 120  # characters: a text with a longer line has a paragraph a line already
_SENTENCE_END = re.compile(r"""[.!?:]["'”’»)]*$""")
_INLINE = frozenset(
    "a abbr b bdi bdo cite code em font i kbd mark q s small span strong sub sup time u wbr".split()  # noqa: SIM905
)
_UNREAD = frozenset(["head", "script", "style", "noscript", "template", "svg"])


def paragraphs_of(path: Path) -> list[str]:
    """The paragraphs of a text by its file's ending: .html, .htm, .pdf, else plain text.

    Raises InputError for what cannot be read or holds no words, and for a PDF without pypdf.
    """
    match path.suffix.lower():
        case ".html" | ".htm":
            found = _of_html(read_text(path, str(path)))
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


def _of_html(text: str) -> list[str]:
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
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    except (OSError, ValueError, pypdf.errors.PyPdfError) as error:
        raise InputError.at(str(path), "text", str(error), "a PDF that can be read") from None
