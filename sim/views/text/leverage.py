"""The parts of one leverage, in words and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import clean_text
from sim.inputs.ledger import Link
from sim.inputs.schedule import month_name
from sim.views import wording
from sim.views.text.ledger import place_words
from sim.views.text.screen import Screen, columns, with_bars

if TYPE_CHECKING:
    from sim.analysis.leverage_parts import ClaimPart, LeverageParts

LONGEST_NAME = 34
MOST_CLAIMS = 6  # shown on one screen
LONGEST = 300  # characters of a claim's sentence
MEANING = (
    "Strength is the mean over runs (0 where the claim fails or is not to the point), share how much of it bears on"
    " these two, part how much the leverage would fall without this claim. Parts do not add up: causes overlap, and of"
    " claims that restate one cause only the strongest counts. A link with a factor stands in one coding only."
)


def leverage_text(found: LeverageParts, screen: Screen, full: bool = False) -> str:
    """What the leverage is, what it means at the table, and what each claim adds to it, on one screen or in full."""
    case = found.scenario.case
    holder, target = (wording.state_name(case, state) for state in (found.holder, found.target))
    name = clean_text(found.scenario.name, 60)
    month = f"{month_name(found.month, found.scenario.first_month)} (month {found.month})"
    lines = [
        screen.strong(screen.cut(f"Leverage of {holder} over {target}", screen.width)),
        screen.paragraph(
            f"In {month} of {name}, before that month's moves, it is {found.leverage:.2f} on a scale from 0 to 1: the "
            f"mean of {found.runs:,} runs, of which eight in ten lie between {found.low:.2f} and {found.high:.2f}. The "
            f"other way round, {target} over {holder}, it is {found.reverse:.2f}."
        ),
        screen.paragraph(_terms(found, holder, target)),
        "",
    ]
    if not found.parts:
        lines += [screen.paragraph("No claim of the ledger feeds or cuts it in this month."), ""]
    elif full:
        lines += [*_table(found, screen), "", screen.paragraph(MEANING), ""]
        lines += [line for part in found.parts for line in [*_detail(part, screen), ""]]
    else:
        lines += [*_short_table(found, screen), ""]
    if found.quiet and full:
        quiet = wording.listed([claim.id for claim in found.quiet])
        lines += [screen.paragraph(f"Not to the point in this month, or turned off: {quiet}."), ""]
    return "\n".join([*lines, screen.paragraph(wording.NOT_A_FORECAST)])


def _terms(found: LeverageParts, holder: str, target: str) -> str:
    if found.terms is None:
        return f"{wording.capital(holder)} and {target} hold no summits in this case, so this leverage sets no terms."
    return (
        f"At a summit in this month {holder} would come with terms of {found.terms:.2f} of 1 (one half, and half of "
        f"the difference between the two), {target} with {1 - found.terms:.2f}."
    )


def _table(found: LeverageParts, screen: Screen) -> list[str]:
    rows = [("claim", "", "strength", "share", "part")]
    for part in found.parts:
        sign = "+" if part.sign > 0 else "-"
        name = screen.cut(part.claim.id, LONGEST_NAME)
        rows.append((name, sign, f"{part.strength:.2f}", f"{part.share:.2f}", wording.signed(part.part, 3)))
    lines = with_bars(columns(rows, screen), [0.0, *(abs(part.part) for part in found.parts)], screen)
    return [screen.faint(lines[0]), *lines[1:]]


def _short_table(found: LeverageParts, screen: Screen) -> list[str]:
    """The parts that weigh most, each with its sentence and paragraph."""
    head = "part: how much the leverage would fall without this claim (parts do not add up)"
    lines = [screen.faint(screen.cut(head, screen.width))]
    ranked = sorted(found.parts, key=lambda part: -abs(part.part))
    for part in ranked[:MOST_CLAIMS]:
        place = place_words(part.claim.places[0].document, part.claim.places[0].paragraph)
        text = f"{wording.signed(part.part, 3)}  {clean_text(part.claim.claim, LONGEST)} ({part.claim.id}, {place})"
        lines.append(screen.paragraph(text, hang=" " * 8))
    rest = len(ranked) - MOST_CLAIMS
    if rest > 0:
        lines.append(screen.paragraph(f"{wording.counted(rest, 'claim')} with smaller parts: --full shows all."))
    return lines


def _detail(part: ClaimPart, screen: Screen) -> list[str]:
    """A claim's place and sentence, and the claims that support or attack it."""
    claim = part.claim
    lines = [f"{screen.strong(claim.id)} ({'feeds' if part.sign > 0 else 'cuts'} it; credence {claim.credence:g})"]
    lines.append(screen.paragraph(clean_text(claim.claim, LONGEST), "  "))
    for place in claim.places:
        phrase = f', "{clean_text(place.phrase, 80)}"' if place.phrase else ""
        lines.append(screen.paragraph(f"{place.document} p{place.paragraph}{phrase}", "  "))
    for verb, links in (("attacked by", claim.attackers), ("supported by", claim.supporters)):
        if links:
            lines.append(screen.paragraph(f"{verb} {wording.listed([_link(link) for link in links])}", "  ", "    "))
    return lines


def _link(link: Link) -> str:
    return link.source + ("" if link.factor == 1 else f" (x {link.factor:g})")
