"""What `diff` says: how two scenarios differ, what each difference does alone, and what all do together."""

from typing import Any

from sim.analysis.compare import OneAtATime
from sim.analysis.paired import OutcomeDifferences
from sim.errors import clean_text
from sim.inputs.case import Case
from sim.inputs.scenario import Scenario
from sim.views.json_report import fields
from sim.views.text.screen import Screen, headed
from sim.views.wording import NOT_A_FORECAST, how_many, in_points, listed, percent, signed, things_in_words

MOST_OUTCOMES = 3
MOST_THINGS = 3  # differences shown on one screen
NOTABLE = 0.01  # how far the sum of the parts may miss the whole before it is mentioned


def diff_text(found: OneAtATime, scenario: Scenario, screen: Screen, full: bool = False) -> str:
    """The whole answer, or a screen of it; ``scenario`` is the first one, whose case names the endings."""
    case = scenario.case
    labels = {rule.name: clean_text(rule.label, 60) for rule in case.outcomes}
    things = []
    for number, part in enumerate(found.parts, start=1):
        first, *more = things_in_words(case, part.lines)
        lines = [screen.paragraph(first, f"{number:>2}. ", "      ")]
        lines += [screen.paragraph(line, "    ", "      ") for line in more]
        lines.append(screen.paragraph(what_it_does(part.what, labels), "    -> ", "       "))
        things.append("\n".join(lines))
    largest = sorted(range(len(things)), key=lambda place: -found.parts[place].what.points)
    shown = sorted(largest[: None if full else MOST_THINGS])
    head = screen.strong(screen.cut(f"{found.b} against {found.a}", screen.width))
    parts = [f"{head}\n{_intro(found, case, screen)}"]
    if len(things) > 1:
        rest = len(things) - len(shown)
        close = [screen.paragraph(f"... and {rest} that move less (--full shows them)")] if rest else []
        parts.append(("\n\n" if full else "\n").join([*(things[place] for place in shown), *close]))
    if found.parts:
        note = (
            f"{found.runs:,} runs each, on the same worlds and the same chance (seed {found.seed}); ± the 95% interval;"
            " an asterisk, and a place in the sentences, for what stands out (Holm, 5% over all endings and things)."
        )
        close = [_together(found, labels, screen), screen.paragraph(note), screen.paragraph(NOT_A_FORECAST)]
        return "\n\n".join([*parts, _whole(found, labels, screen), "\n".join(filter(None, close))])
    return "\n\n".join([*parts, screen.paragraph(NOT_A_FORECAST)])


def _intro(found: OneAtATime, case: Case, screen: Screen) -> str:
    count = len(found.parts)
    if count == 0:
        return screen.paragraph("Nothing differs between the two but their names and words.")
    if count == 1:
        lines = [screen.paragraph(line, "  ", "    ") for line in things_in_words(case, found.parts[0].lines)]
        return "\n".join([screen.paragraph("They differ in one thing:"), *lines])
    return screen.paragraph(f"They differ in {count} things. Each of them alone, changed in {found.a}:")


def what_it_does(what: OutcomeDifferences, labels: dict[str, str]) -> str:
    """In words, what a change does to the endings."""
    if what.changed == 0:
        return "not one run ends otherwise"
    otherwise = f"{percent(what.changed)} of runs end otherwise"
    loud = what.significant
    if not loud:
        return f"{otherwise}, but no ending moves beyond the noise"
    said = listed([f"{labels[name]} {in_points(what.outcomes[name])} points" for name in loud[:MOST_OUTCOMES]])
    more = f", and {len(loud) - MOST_OUTCOMES} more" if len(loud) > MOST_OUTCOMES else ""
    return f"{said}{more} ({otherwise})"


def _whole(found: OneAtATime, labels: dict[str, str], screen: Screen) -> str:
    head = "Together they do this" if len(found.parts) > 1 else "That does this"
    lines = [screen.paragraph(f"{head}: {what_it_does(found.whole, labels)}.")]
    rows: list[tuple[str, ...]] = [("ending", screen.cut(found.a, 15), screen.cut(found.b, 15), "points")]
    for name, (before, after) in found.shares.items():
        one = found.whole.outcomes[name]
        points = in_points(one) + ("*" if one.stands_out else " ") if one.changed else "no run differs"
        rows.append((screen.cut(labels[name], 25), how_many(before), how_many(after), points))
    return "\n".join([*lines, *headed(rows, screen)])


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


def diff_document(found: OneAtATime) -> dict[str, Any]:
    """The same for `--json`."""
    return {
        "scenarios": [found.a, found.b], **fields(found, "runs seed version"),
        "things": [{"differs_in": list(part.lines), **_numbers(part.what)} for part in found.parts],
        "together": _numbers(found.whole), "beyond_the_sum": dict(found.beyond), "not_a_forecast": NOT_A_FORECAST,
    }  # fmt: skip


def _numbers(what: OutcomeDifferences) -> dict[str, Any]:
    outcomes = {name: fields(one, "difference low high stands_out") for name, one in what.outcomes.items()}
    return {"outcomes": outcomes, **fields(what, "total_variation=points runs_that_end_otherwise=changed")}
