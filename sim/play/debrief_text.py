"""The debrief in the terminal: how it ended, what each choice did, what the model's own state would have done."""

from __future__ import annotations

import numpy as np

from sim.ensemble.intervals import Probability
from sim.errors import clean_text
from sim.inputs.ledger import Claim
from sim.inputs.scenario import Scenario
from sim.inputs.schedule import month_name
from sim.play.debrief import Debrief, Link, Seat
from sim.play.game import MOVES, PUSH
from sim.views import wording
from sim.views.charts.words import chance
from sim.views.text.screen import Screen

MOST_LINKS = 10


def debrief_text(found: Debrief, screen: Screen) -> str:
    """Everything in the order in which a player asks for it."""
    parts = [
        [screen.strong(screen.paragraph("Debrief")), screen.paragraph(ending(found))],
        [
            screen.strong(screen.paragraph("What your choices did to the odds")),
            screen.paragraph(how_read(found)),
            *_links(found, screen),
        ],
        [
            screen.strong(screen.paragraph("What the model's own state would have done")),
            screen.paragraph(as_the_model(found)),
        ],
        [screen.strong(screen.paragraph("How you did")), *(screen.paragraph(line) for line in results(found))],
        [
            screen.strong(screen.paragraph("Which claims held in your world")),
            *(screen.paragraph(line, "", "  ") for line in world(found)),
        ],
        [screen.paragraph(wording.NOT_A_FORECAST)],
    ]
    return "\n\n".join("\n".join(part) for part in parts)


def ending(found: Debrief) -> str:
    """How the run ended, and how many model players ended so."""
    total = sum(found.players.values())
    same = found.players[found.outcome.name]
    return (
        f"Your run ended in {clean_text(found.outcome.label, 60)}: {clean_text(found.outcome.says, 200)}. Of "
        f"{total:,} model players from the "
        f"same start in the same world, with other chance, {same:,} ended so."
    )


def how_read(found: Debrief) -> str:
    """What the numbers of the chain are."""
    return (
        "Each line: the share of runs from there on, before the choice (the model's own state in your seat) and after "
        f"it, in {found.worlds:,} fresh worlds on the same draws, with the 95% interval of the difference. Largest "
        f"swings first."
    )


def choice_name(link: Link, scenario: Scenario) -> str:
    """When, who and what."""
    when = month_name(link.question.month, scenario.first_month)
    if link.question.at == MOVES:
        return f"{when} {link.question.state}: {link.decision.choice}"
    pair = clean_text(scenario.case.pairs[link.question.at].name, 60)
    package = link.decision.package or link.question.table[link.question.picked].package.name
    did = "push for" if link.decision.choice == PUSH else link.decision.choice
    return f"{when} {link.question.state}, {pair}: {did} {package}"


def swing_text(link: Link, scenario: Scenario) -> str:
    """What a choice did to the class that it moved most."""
    label = next(clean_text(rule.label, 60) for rule in scenario.case.outcomes if rule.name == link.most)
    before, after = (_per_hundred(each.outcomes[link.most]) for each in (link.before, link.after))
    moved = link.swings[link.most]
    doubt = "" if moved.stands_out else "; within the noise"
    return (
        f"{label} {before} to {after} of 100 ({100 * moved.difference:+.1f}, "
        f"{100 * moved.low:+.1f} to "
        f"{100 * moved.high:+.1f}{doubt})"
    )


def _per_hundred(found: Probability) -> str:
    return chance(found) if found.count in (0, found.runs) else f"{100 * found.probability:.1f}"


def as_the_model(found: Debrief) -> str:
    """How often the player did what the model's own state was likeliest to do, and where they parted most."""
    known = [link for link in found.chain if link.own is not None]
    parted = sorted((link for link in known if link.decision.choice != link.instead), key=lambda link: link.own or 0.0)
    text = (
        f"In this very world its likeliest choice was yours {len(known) - len(parted)} of {len(known)} times "
        "(packages pushed for are not counted: it never pushes)."
    )
    told = [
        f"{choice_name(link, found.scenario)} (it would have chosen so with {wording.percent(link.own or 0.0, 0)}, "
        f"and likeliest {link.instead})"
        for link in parted[:3]
    ]
    return f"{text} You parted most in: {'; '.join(told)}." if told else text


def results(found: Debrief) -> list[str]:
    """Where each player stands among the model players."""
    return [_result(seat, found) for seat in found.seats]


def _result(seat: Seat, found: Debrief) -> str:
    who = wording.capital(wording.state_name(found.scenario.case, seat.state))
    low, middle, high = np.quantile(seat.others, [0.0, 0.5, 1.0])
    return (
        f"{who}: satisfaction {seat.satisfied:.2f} (0 would be all it wants; minus the salience-weighted "
        f"distance to its ideal points), better than "
        f"{wording.percent(seat.better_than, 0)} of {len(seat.others):,} model players (they: {low:.2f} to "
        f"{high:.2f}, half of them "
        f"above {middle:.2f}; a fatal step ranks last)."
    )


def world(found: Debrief) -> list[str]:
    """The claims that held and those that failed, the least expected first."""
    held = [claim for claim, holds in found.holds if holds]
    failed = [claim for claim, holds in found.holds if not holds]
    lines = [
        f"Held ({len(held)}): {_claims(sorted(held, key=lambda claim: claim.credence))}.",
        f"Failed ({len(failed)}): {_claims(sorted(failed, key=lambda claim: -claim.credence))}.",
    ]
    return [line for line in lines if "(0)" not in line]


def _claims(claims: list[Claim]) -> str:
    return ", ".join(f"{claim.id} ({claim.credence:.2f})" for claim in claims)


def _links(found: Debrief, screen: Screen) -> list[str]:
    lines = []
    for link in found.largest[:MOST_LINKS]:
        lines.append(
            screen.paragraph(f"{choice_name(link, found.scenario)}: {swing_text(link, found.scenario)}", "  ", "    ")
        )
    left = len(found.chain) - MOST_LINKS
    return [*lines, *([f"  and {left} smaller ones (all of them on the page)"] if left > 0 else [])]
