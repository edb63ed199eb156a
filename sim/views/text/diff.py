"""What `diff` says: how two scenarios differ, what each difference does alone, and what all do together."""

from __future__ import annotations

from typing import Any

from sim.analysis.one_at_a_time import DifferencePart, OneAtATime
from sim.analysis.paired import OutcomeDifferences
from sim.errors import SENTENCE_LIMIT, clean_text
from sim.inputs.scenario import Scenario
from sim.views.text.screen import Screen
from sim.views.wording import NOT_A_FORECAST, how_many, listed, percent, plus_minus, signed

MOST_OUTCOMES = 3
NOTABLE = 0.01  # what the sum of the parts may get wrong before it is told


def diff_text(found: OneAtATime, scenario: Scenario, screen: Screen) -> str:
    """The whole answer; ``scenario`` is the first one, whose case names the endings."""
    labels = {rule.name: clean_text(rule.label, 60) for rule in scenario.case.outcomes}
    parts = [screen.strong(screen.cut(f"{found.b} against {found.a}", screen.width)), _intro(found, screen)]
    if len(found.parts) > 1:
        parts += [_part(place, each, labels, screen) for place, each in enumerate(found.parts, start=1)]
    if found.parts:
        parts += [_whole(found, labels, screen), _together(found, labels, screen), _note(found, screen)]
    return "\n\n".join([*(part for part in parts if part), screen.paragraph(NOT_A_FORECAST)])


def _intro(found: OneAtATime, screen: Screen) -> str:
    count = len(found.parts)
    if count == 0:
        return screen.paragraph("Nothing differs between the two but their names and words.")
    if count == 1:
        return "\n".join([screen.paragraph("They differ in one thing:"), *_lines(found.parts[0], "  ", screen)])
    return screen.paragraph(f"They differ in {count} things. Each of them alone, changed in {found.a}:")


def _lines(part: DifferencePart, indent: str, screen: Screen) -> list[str]:
    """A thing in words: one line, or several where one change of the file is told in more."""
    return [screen.paragraph(clean_text(line, SENTENCE_LIMIT), indent, indent + "  ") for line in part.lines]


def _part(place: int, part: DifferencePart, labels: dict[str, str], screen: Screen) -> str:
    first, *more = part.lines
    head = screen.paragraph(clean_text(first, SENTENCE_LIMIT), f"{place:>2}. ", "      ")
    rest = [screen.paragraph(clean_text(line, SENTENCE_LIMIT), "    ", "      ") for line in more]
    return "\n".join([head, *rest, screen.paragraph(what_it_does(part.what, labels), "    -> ", "       ")])


def what_it_does(what: OutcomeDifferences, labels: dict[str, str]) -> str:
    """In words, what a change does to the endings."""
    if what.changed == 0:
        return "not one run ends otherwise"
    otherwise = f"{percent(what.changed)} of runs end otherwise"
    loud = what.significant
    if not loud:
        return f"{otherwise}, but no ending moves beyond the noise"
    said = listed([f"{labels[name]} {_points(what, name)}" for name in loud[:MOST_OUTCOMES]])
    more = f", and {len(loud) - MOST_OUTCOMES} more" if len(loud) > MOST_OUTCOMES else ""
    return f"{said}{more} ({otherwise})"


def _points(what: OutcomeDifferences, name: str) -> str:
    one = what.outcomes[name]
    return f"{plus_minus(100 * one.difference, 100 * one.half)} points"


def _whole(found: OneAtATime, labels: dict[str, str], screen: Screen) -> str:
    head = "Together" if len(found.parts) > 1 else "That"
    verb = "they do this" if len(found.parts) > 1 else "does this"
    lines = [screen.paragraph(f"{head} {verb}: {what_it_does(found.whole, labels)}.")]
    lines.append(
        screen.faint(f"{'ending':<26}{screen.cut(found.a, 15):>16}{screen.cut(found.b, 15):>16}{'points':>20}")
    )
    for name, (before, after) in found.shares.items():
        one = found.whole.outcomes[name]
        apart = (
            "no run differs"
            if one.changed == 0
            else f"{_points(found.whole, name).removesuffix(' points')}{'*' if one.stands_out else ' '}"
        )
        lines.append(
            screen.text(f"{screen.cut(labels[name], 25):<26}{how_many(before):>16}{how_many(after):>16}{apart:>20}")
        )
    return "\n".join(lines)


def _together(found: OneAtATime, labels: dict[str, str], screen: Screen) -> str:
    """Whether the whole is the sum of its parts."""
    if len(found.parts) < 2:
        return ""
    if found.interplay < NOTABLE:
        return screen.paragraph(
            "The things hardly work together: what they do together is the sum of what each does alone."
        )
    worst = max(found.beyond, key=lambda name: abs(found.beyond[name]))
    whole = 100 * found.whole.outcomes[worst].difference
    return screen.paragraph(
        f"They work together: what each does alone adds up to {signed(whole - 100 * found.beyond[worst])} points of "
        f"{labels[worst]}, together they make {signed(whole)}. No one of them has a share of its own in that."
    )


def _note(found: OneAtATime, screen: Screen) -> str:
    return screen.paragraph(
        f"{found.runs:,} runs each, on the same worlds and the same chance (seed {found.seed}); ± the 95% interval; "
        "only what stands out is told (an asterisk; Holm, 5% over all endings and things)."
    )


def diff_document(found: OneAtATime) -> dict[str, Any]:
    """The same for `--json`."""
    return {
        "scenarios": [found.a, found.b], "runs": found.runs, "seed": found.seed, "version": found.version,
        "things": [{"differs_in": list(part.lines), **_numbers(part.what)} for part in found.parts],
        "together": _numbers(found.whole), "beyond_the_sum": dict(found.beyond), "not_a_forecast": NOT_A_FORECAST,
    }  # fmt: skip


def _numbers(what: OutcomeDifferences) -> dict[str, Any]:
    outcomes = {
        name: {"difference": one.difference, "low": one.low, "high": one.high, "stands_out": one.stands_out}
        for name, one in what.outcomes.items()
    }
    return {"outcomes": outcomes, "total_variation": what.points, "runs_that_end_otherwise": what.changed}
