"""What `explain --by document`, `coding` and `mechanism` show: every variant, run anew, against the scenario itself."""

from collections.abc import Sequence
from typing import Any

from sim.analysis.ledger_variants import LedgerEffect, LedgerEffects, LedgerVariant
from sim.ensemble.tables import table
from sim.errors import clean_text
from sim.views.json_report import difference_data, fields
from sim.views.text.explain import about, points, unit_of
from sim.views.text.screen import Screen
from sim.views.wording import NOT_A_FORECAST, ONE_CODING, counted, marks

MOST_OUTCOMES = 4
TOGETHER = "\u00a0"  # a no-break space
SAYS = {"dropped": "without {}", "alone": "{} alone", "coding": "{} coding", "mechanism": "without {}", "share": "{}"}
HEADS = {
    "dropped": "Each author dropped (claims fail that cite nobody else):",
    "alone": "Each author alone:",
    "coding": "The other codings:",
    "mechanism": "Every claim of a mechanism off:",
    "share": "All authors minus none, shared among them (Shapley: what each adds, averaged over all orders):",
}


def beforehand(wanted: Sequence[LedgerVariant], by: str, runs: int, seconds: float) -> str:
    """A sentence on what will be run, and how long that will take."""
    about = f"{seconds:.0f} s" if seconds >= 1.5 else "a second or two"
    more = f"{counted(len(wanted), 'more ensemble')} of {runs:,} runs on the same draws"
    return f"By {by}: {more}, since reweighting cannot show so large a change; about {about}."


def reruns_text(found: LedgerEffects, screen: Screen, full: bool = True) -> str:
    """How to read it, then a section for each kind of variant; set close where it is to fit on one screen."""
    if not found.found:
        why = f"By {found.by}: nothing to run beside it{f', {ONE_CODING}' if found.by == 'coding' else ''}."
        return "\n\n".join([screen.paragraph(why), screen.paragraph(NOT_A_FORECAST)])
    outcomes = len(found.outcomes)
    family = f"{found.tests} tests: {found.tests // max(outcomes, 1)} lines x {counted(outcomes, 'outcome')}"
    text = (
        f"What changes against the scenario as it stands, in {unit_of(found)}, paired world by world; {marks(family)}"
    )
    if outcomes > 1:
        text += " In brackets: of 100 runs, how many more or fewer end differently."
    everything = (*found.found, *found.shares)
    kinds = [kind for kind in HEADS if any(each.kind == kind for each in everything)]
    sections = [_section(kind, [each for each in everything if each.kind == kind], found, screen) for kind in kinds]
    parts = [screen.paragraph(text), *sections, screen.paragraph(NOT_A_FORECAST)]
    return ("\n\n" if full else "\n").join(parts)


def _section(kind: str, some: Sequence[LedgerEffect], found: LedgerEffects, screen: Screen) -> str:
    ranked = sorted(some, key=lambda each: -net(each, found.outcomes))
    loud = [each for each in ranked if any(each.differences[name].stands_out for name in found.outcomes)]
    quiet = [each.name for each in ranked if each not in loud]
    lines = [screen.strong(line) for line in screen.paragraph(HEADS[kind]).splitlines()]
    for each in loud:
        endings = f" ({100 * net(each, found.outcomes):.1f})" if len(found.outcomes) > 1 else ""
        says = SAYS[kind].format(clean_text(each.name, 60)) + endings
        text = screen.paragraph(f"{says}: {_moves(each, found)}", "  ", "      ")
        lines.append(text.replace(TOGETHER, " "))
    if quiet:
        lines.append(screen.paragraph(f"nothing stands out: {', '.join(quiet)}", "  ", "      "))
    return "\n".join(lines)


def net(each: LedgerEffect, outcomes: Sequence[str]) -> float:
    """Half the sum of the absolute differences of all outcomes."""
    return sum(abs(each.differences[name].difference) for name in outcomes) / 2


def _moves(each: LedgerEffect, found: LedgerEffects) -> str:
    """The outcomes that stand out, the largest first."""
    loud = [(name, each.differences[name]) for name in found.outcomes if each.differences[name].stands_out]
    loud.sort(key=lambda one: -abs(one[1].difference))
    effects = {name: points(found, name, one.difference, one.half) for name, one in loud[:MOST_OUTCOMES]}
    return ", ".join(f"{clean_text(name, 40)} {says}*".replace(" ", TOGETHER) for name, says in effects.items())


def reruns_document(found: LedgerEffects) -> dict[str, Any]:
    """What `explain --by ... --json` holds: paired differences, the variant minus the unchanged scenario."""
    return {
        **about(found),
        "by": found.by,
        "probabilities": dict(found.probabilities),
        "effects": [_rerun_effect(each, name) for each in found.found for name in found.outcomes],
        "measures": [_rerun_effect(each, name) for each in found.found for name in found.measures],
        "shapley": [_rerun_effect(each, name) for each in found.shares for name in (*found.outcomes, *found.measures)],
        "tests": {"effects": found.tests, "adjusted_by": "Holm"},
        "not_a_forecast": NOT_A_FORECAST,
    }


def reruns_csv(found: LedgerEffects) -> bytes:
    """One row for each variant and each quantity."""
    header = ("what", "name", "quantity", "difference", "se", "low", "high", "worlds_changed", "p_holm", "stands_out")
    rows = [
        (each.kind, each.name, name, *fields(one, "difference se low high changed p").values(), int(one.stands_out))
        for each in (*found.found, *found.shares)
        for name, one in each.differences.items()
    ]
    return table(header, rows)


def _rerun_effect(each: LedgerEffect, name: str) -> dict[str, Any]:
    one = difference_data(each.differences[name])
    return {"what": each.kind, "name": each.name, "outcome": name, "effect": one.pop("difference"), **one}
