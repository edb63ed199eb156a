"""Lists of the scenarios, each under the one it is read against, and of all keys that can be set."""

from collections.abc import Sequence

from sim.errors import SENTENCE_LIMIT, clean_text
from sim.inputs.catalogue import Key, Listed
from sim.views import wording
from sim.views.text.screen import Screen

LONGEST = 300  # characters of a meaning
FEW = 3  # names of a kind that are listed


def catalogue(scenarios: Sequence[Listed], screen: Screen, records: Sequence[Listed] = ()) -> str:
    """Name, title and question of each scenario; those read against each other together. Then the records."""
    names = {each.name for each in scenarios}
    roots = [each for each in scenarios if each.read_against not in names or each.read_against == each.name]
    blocks = [_family(root, scenarios, screen, frozenset()) for root in roots]
    shown = {name for _, inside in blocks for name in inside}
    blocks += [_family(each, (), screen, frozenset()) for each in scenarios if each.name not in shown]
    close = f"{wording.counted(len(scenarios), 'scenario')}."
    if len(blocks) < len(scenarios):
        close += (
            " An indented one is read against the one above it: they differ in one or two things"
            " (`summitry diff` lists them)."
        )
    parts = [*(text for text, _ in blocks), screen.paragraph(close)]
    if records:
        rows = [f"record {clean_text(each.name, 60)}: {clean_text(each.title, SENTENCE_LIMIT)}" for each in records]
        how = "Hold a scenario against what happened: summitry hindcast SCENARIO --record NAME."
        parts += ["\n".join(screen.paragraph(row, hang="  ") for row in rows), screen.paragraph(how)]
    return "\n\n".join(parts)


def _family(root: Listed, scenarios: Sequence[Listed], screen: Screen, above: frozenset[str]) -> tuple[str, set[str]]:
    """A scenario and those read against it, each a step further in; `above` guards against circles."""
    indent = "  " * len(above)
    lines = [
        f"{indent}{screen.strong(clean_text(root.name, 60))}",
        screen.paragraph(clean_text(root.title, SENTENCE_LIMIT), indent + "  "),
        screen.paragraph(clean_text(root.question, SENTENCE_LIMIT), indent + "  "),
    ]
    inside = {root.name}
    for each in scenarios:
        if each.read_against == root.name and each.name not in above | {root.name}:
            text, names = _family(each, scenarios, screen, above | {root.name})
            lines.append(text)
            inside |= names
    return "\n".join(lines), inside


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
    close = "summitry keys WORD shows every key that contains WORD: value, range, meaning, source, a line to copy."
    return "\n".join([*lines, "", screen.paragraph(close)])


def _kind(key: Key) -> str:
    """The kind of a key: `assume.parameters`, `events`, or `a scenario` for a key at the top."""
    parts = key.key.split(".")
    if parts[0] == "assume" and len(parts) > 2:
        return ".".join(parts[:2])
    words = key.key.split(" ")
    return f"{words[0]} {words[1]}" if len(words) > 1 else parts[0] if len(parts) > 1 else "a scenario"


def keys_text(keys: Sequence[Key], screen: Screen) -> str:
    """Each key with its value and range, meaning, source, and a line."""
    lines = []
    for key in keys:
        source = f"source: {clean_text(key.source, LONGEST)}" if key.source else ""
        texts = (*filter(None, (clean_text(key.meaning, LONGEST), key.value, source)), key.example)
        lines += [screen.strong(clean_text(key.key, 100)), *(screen.paragraph(each, "  ", "    ") for each in texts)]
    return "\n".join(lines)
