"""The little Markdown that lessons are written in, as HTML: headings, paragraphs, lists, tables, quotes, code, links.

Everything is escaped first, so a text can make no tag of its own. Links lead to other files of the folder only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from html import escape

_INLINE = (
    (re.compile(r"`([^`]+)`"), r"<code>\1</code>"),
    (re.compile(r"\*\*([^*]+)\*\*"), r"<strong>\1</strong>"),
    (re.compile(r"\*([^*\s][^*]*)\*"), r"<em>\1</em>"),
    (re.compile(r"\[([^\]]+)\]\(([\w./~-]+)\)"), r'<a href="\2">\1</a>'),
)
_ITEM = re.compile(r"^(\d+\.|-) +(.*)$")


def to_html(text: str) -> str:
    """The HTML of a Markdown text."""
    return "\n".join(_blocks(text.replace("\r\n", "\n").split("\n")))


def inline(text: str) -> str:
    """Bold, italic, code and links of one line; code is left as it stands."""
    parts = re.split(r"(`[^`]+`)", escape(text, quote=False))
    return "".join(
        _marked(part, _INLINE[:1] if part.startswith("`") and len(part) > 1 else _INLINE[1:]) for part in parts
    )


def _marked(text: str, rules: Sequence[tuple[re.Pattern[str], str]]) -> str:
    for pattern, made in rules:
        text = pattern.sub(made, text)
    return text


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    place = 0
    while place < len(lines):
        line = lines[place]
        if not line.strip():
            place += 1
            continue
        kind = next(make for fits, make in _KINDS if fits(line))
        made, place = kind(lines, place)
        yield made


def _while(lines: Sequence[str], place: int, fits: Callable[[str], bool]) -> tuple[list[str], int]:
    found = []
    while place < len(lines) and fits(lines[place]):
        found.append(lines[place])
        place += 1
    return found, place


def _heading(lines: Sequence[str], place: int) -> tuple[str, int]:
    level = len(lines[place]) - len(lines[place].lstrip("#"))
    return f"<h{level}>{inline(lines[place].lstrip('#').strip())}</h{level}>", place + 1


def _fence(lines: Sequence[str], place: int) -> tuple[str, int]:
    inside, end = _while(lines, place + 1, lambda line: not line.startswith("```"))
    return _code(inside), end + 1


def _indented(lines: Sequence[str], place: int) -> tuple[str, int]:
    inside, end = _while(lines, place, lambda line: line.startswith("    ") or not line.strip())
    while inside and not inside[-1].strip():
        inside.pop()
    return _code([line[4:] for line in inside]), end


def _code(lines: Sequence[str]) -> str:
    return f'<pre tabindex="0"><code>{escape(chr(10).join(lines), quote=False)}</code></pre>'


def _quote(lines: Sequence[str], place: int) -> tuple[str, int]:
    inside, end = _while(lines, place, lambda line: line.startswith(">"))
    return f"<blockquote><p>{inline(' '.join(line.lstrip('> ') for line in inside))}</p></blockquote>", end


def _table(lines: Sequence[str], place: int) -> tuple[str, int]:
    rows, end = _while(lines, place, lambda line: line.startswith("|"))
    cells = [[cell.strip() for cell in row.strip().strip("|").split("|")] for row in rows]
    body = cells[2:] if len(cells) > 1 and set("".join(cells[1])) <= set("-: ") else cells[1:]
    head = "".join(f'<th scope="col">{inline(cell)}</th>' for cell in cells[0])
    made = "".join(f"<tr>{''.join(f'<td>{inline(cell)}</td>' for cell in row)}</tr>" for row in body)
    return (
        f'<div class="wide" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{made}</tbody></table></div>',
        end,
    )


def _list(lines: Sequence[str], place: int) -> tuple[str, int]:
    """Items of one level; an indented line goes on with its item."""
    ordered = lines[place][0].isdigit()
    items: list[str] = []
    while place < len(lines) and (lines[place].startswith("  ") or _ITEM.match(lines[place])):
        match = _ITEM.match(lines[place])
        if match:
            items.append(match[2])
        else:
            items[-1] += " " + lines[place].strip()
        place += 1
    tag = "ol" if ordered else "ul"
    return f"<{tag}>{''.join(f'<li>{inline(item)}</li>' for item in items)}</{tag}>", place


def _paragraph(lines: Sequence[str], place: int) -> tuple[str, int]:
    inside, end = _while(lines, place, lambda line: bool(line.strip()) and not _starts_another(line))
    return f"<p>{inline(' '.join(line.strip() for line in inside))}</p>", end


def _starts_another(line: str) -> bool:
    return any(fits(line) for fits, _ in _KINDS[:-1])


_KINDS: tuple[tuple[Callable[[str], bool], Callable[[Sequence[str], int], tuple[str, int]]], ...] = (
    (lambda line: bool(re.match(r"#{1,4} ", line)), _heading),
    (lambda line: line.startswith("```"), _fence),
    (lambda line: line.startswith("    "), _indented),
    (lambda line: line.startswith(">"), _quote),
    (lambda line: line.startswith("|"), _table),
    (lambda line: bool(_ITEM.match(line)), _list),
    (lambda line: True, _paragraph),
)
