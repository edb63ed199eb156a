"""What can be set, as a list: kinds of keys on one screen, or every key that a word is in."""

from __future__ import annotations

from collections.abc import Sequence

from sim.errors import clean_text
from sim.inputs.keys import Key
from sim.views import wording
from sim.views.text.screen import Screen

LONGEST = 300  # characters of a meaning
FEW = 3  # names of a kind that are listed


def kinds_text(keys: Sequence[Key], screen: Screen) -> str:
    """Each kind of key in a line or two, with an example."""
    kinds: dict[str, list[Key]] = {}
    for key in keys:
        kinds.setdefault(_kind(key), []).append(key)
    lines = []
    for kind, some in kinds.items():
        names = ", ".join(key.key.removeprefix(kind).strip(". ") for key in some[:FEW])
        more = f" and {len(some) - FEW} more" if len(some) > FEW else ""
        head = f"{kind} ({wording.counted(len(some), 'key')}): "
        lines.append(screen.paragraph(f"{head}{clean_text(names, LONGEST)}{more}", hang="  "))
        lines.append(screen.cut(f"    {some[0].example}", screen.width))
    close = "summitry keys WORD tells of every key that WORD is in: value, range, meaning, source, a line to copy."
    return "\n".join([*lines, "", screen.paragraph(close)])


def _kind(key: Key) -> str:
    """`assume.parameters` of a key of it, `events` of what happens, `a scenario` of what has no part."""
    parts = key.key.split(".")
    if parts[0] == "assume" and len(parts) > 2:
        return ".".join(parts[:2])
    words = key.key.split(" ")
    return f"{words[0]} {words[1]}" if len(words) > 1 else parts[0] if len(parts) > 1 else "a scenario"


def keys_text(keys: Sequence[Key], screen: Screen) -> str:
    """Each key with its value and range, meaning, source, and a line."""
    return "\n".join(line for key in keys for line in _key(key, screen))


def _key(key: Key, screen: Screen) -> list[str]:
    source = f"source: {clean_text(key.source, LONGEST)}" if key.source else ""
    lines = [screen.strong(clean_text(key.key, 100))]
    for text in (clean_text(key.meaning, LONGEST), key.value, source):
        if text:
            lines.append(screen.paragraph(text, "  ", "    "))
    return [*lines, screen.paragraph(key.example, "  ", "    ")]
