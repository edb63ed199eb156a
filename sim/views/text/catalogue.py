"""The scenarios of a case as a list, each under the one it is read against."""

from __future__ import annotations

from collections.abc import Sequence

from sim.errors import SENTENCE_LIMIT, clean_text
from sim.inputs.listing import Listed
from sim.views.text.screen import Screen


def catalogue(scenarios: Sequence[Listed], screen: Screen) -> str:
    """Name, title and question of each scenario; what is read together stands together."""
    names = {each.name for each in scenarios}
    roots = [each for each in scenarios if each.read_against not in names or each.read_against == each.name]
    blocks = [_family(root, scenarios, screen, frozenset()) for root in roots]
    shown = {name for _, inside in blocks for name in inside}
    blocks += [_family(each, (), screen, frozenset()) for each in scenarios if each.name not in shown]
    close = (
        f"{len(scenarios)} scenarios. An indented one is read against the one above it: they differ in one or two"
        " things (`summitry diff` tells them)."
    )
    return "\n\n".join([*(text for text, _ in blocks), screen.paragraph(close)])


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
