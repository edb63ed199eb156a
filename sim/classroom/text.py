"""What `classroom DIR` says in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from sim.classroom import wording as words
from sim.classroom.positions import Classroom
from sim.errors import Fault, clean_text
from sim.views.text.screen import Screen
from sim.views.wording import NOT_A_FORECAST, how_many


def classroom_text(found: Classroom, names: bool, screen: Screen) -> str:
    """The page in a few sentences, and the table of the endings."""
    called = words.names_of(found, names)
    count = len(found.positions)
    head = (
        f"{count} student{'' if count == 1 else 's'} on {clean_text(found.scenario.name, 60)}, {found.runs:,} runs each"
    )
    lines = [screen.strong(screen.cut(head, screen.width)), ""]
    lines += [screen.paragraph(line, "- ", "  ") for line in words.short(found, called)]
    lines += ["", screen.faint(f"{'ending':<24}{'scenario':>11}{'class mean':>13}{'lowest to highest':>25}")]
    for name, label in words.labels(found).items():
        every = [each.shares[name] for each in found.positions]
        spread = f"{how_many(min(every))} to {how_many(max(every))}"
        start, pooled = how_many(found.start[name]), how_many(found.pooled[name])
        lines.append(screen.text(f"{screen.cut(label, 23):<24}{start:>11}{pooled:>13}{spread:>25}"))
    return "\n".join([*lines, "", screen.paragraph(NOT_A_FORECAST)])


def faults_text(faults: Sequence[Fault], files: int) -> str:
    """How many faults there are in how many files."""
    return f"{len(faults):,} fault{'' if len(faults) == 1 else 's'} in {files:,} file{'' if files == 1 else 's'}"
