"""The debrief as text on one screen, as a picture, and as a page with everything; all text on it is escaped."""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.ensemble.intervals import Probability
from sim.errors import clean_text
from sim.inputs.scenario import Scenario
from sim.inputs.schedule import month_name
from sim.page.static_page import write_handout
from sim.play.debrief import Debrief, Link, Seat
from sim.play.decisions import MOVES, PUSH
from sim.play.text import bare_name, terms_of
from sim.views import wording
from sim.views.charts.words import chance
from sim.views.text.screen import Screen

TEMPLATE = Path(__file__).with_name("debrief.html.j2")
PICTURES = "img-src data:; "  # what the page's policy allows besides its style
MOST_LINKS = 3  # on a screen; the page has them all


def write_debrief(found: Debrief, path: Path, picture: Sequence[Path]) -> list[Path]:
    """The page, with the picture that lies beside it and its alt text. Raises CannotWrite."""
    drawn = {each.suffix: each.read_bytes() for each in picture}
    return [write_handout(path, TEMPLATE, about(found, drawn[".png"], drawn[".txt"].decode()), PICTURES), *picture]


def debrief_text(found: Debrief, screen: Screen) -> str:
    """The most important results on one screen; the page has all of them."""
    return "\n".join([
        screen.strong(screen.paragraph("Debrief")),
        screen.paragraph(ending(found)),
        *(screen.paragraph(line) for line in results(found)),
        screen.strong(screen.paragraph("What your choices did to the odds, of 100 runs")),
        *_links(found, screen),
        screen.paragraph(as_the_model(found)),
        screen.strong(screen.paragraph("What you could not know: the least expected in your world")),
        *(screen.paragraph(line, "  ", "    ") for line in world(found)),
        screen.paragraph(wording.NOT_A_FORECAST),
    ])  # fmt: skip


def ending(found: Debrief) -> str:
    """How the run ended, and how many model players ended the same way."""
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
    who = bare_name(scenario.case, link.question.state)
    if link.question.at == MOVES:
        return f"{when} {who}: {link.decision.choice}"
    pair = clean_text(scenario.case.pairs[link.question.pair].name, 60)
    if not link.question.pair_met:
        return f"{when} {who}, {pair}: {link.decision.choice}"
    table = {each.key: each for each in link.question.table}
    chosen = table.get(link.decision.package or "", link.question.table[link.question.picked])
    did = "push for" if link.decision.choice == PUSH else link.decision.choice
    return f'{when} {who}, {pair}: {did} "{clean_text(chosen.package.says, 60)}"{terms_of(chosen)}'


def swing_text(link: Link, scenario: Scenario) -> str:
    """What a choice did to the class that it moved most."""
    label = next(clean_text(rule.label, 60) for rule in scenario.case.outcomes if rule.name == link.most)
    before, after = (_per_hundred(each.outcomes[link.most]) for each in (link.before, link.after))
    moved = link.swings[link.most]
    change, low, high = (wording.signed(100 * each) for each in (moved.difference, moved.low, moved.high))
    within = f"{low} to {high}{'' if moved.stands_out else '; within the noise'}"
    sure = within if moved.half == moved.half else "too few worlds differ to be sure"
    return f"{label} {before} to {after} of 100 ({change}, {sure})"


def _per_hundred(found: Probability) -> str:
    return chance(found) if found.count in (0, found.runs) else f"{100 * found.probability:.1f}"


def as_the_model(found: Debrief) -> str:
    """How often the player did what the model's own state was likeliest to do, and where they differed most."""
    known = [link for link in found.chain if link.own is not None]
    parted = sorted((link for link in known if link.decision.choice != link.instead), key=lambda link: link.own or 0.0)
    text = (
        f"In this very world the model's own state would likeliest have done the same {len(known) - len(parted)} of "
        f"{len(known)} times."
    )
    told = [
        f"{choice_name(link, found.scenario)} (it would have chosen so with {wording.percent(link.own or 0.0, 0)}, "
        f"and likeliest {link.instead})"
        for link in parted[:1]
    ]
    return f"{text} You differed most in {'; '.join(told)}." if told else text


def results(found: Debrief) -> list[str]:
    """Where each player stands among the model players."""
    return [_result(seat, found) for seat in found.seats]


def _result(seat: Seat, found: Debrief) -> str:
    who = wording.capital(wording.state_name(found.scenario.case, seat.state))
    last = " (a fatal step ranks last)" if found.scenario.case.month.hazard else ""
    gained = wording.signed(seat.gained, 0)
    against = f"{gained} against the same world without any summit; " if seat.gained == seat.gained else ""
    return (
        f"{who}: score {wording.signed(seat.score, 0)} of 100 to all it wants, {against}better than "
        f"{wording.percent(seat.better_than, 0)} of {len(seat.others):,} model players{last}."
    )


def world(found: Debrief) -> list[str]:
    """The claim that held, and the claim that failed, most unexpectedly."""
    held = sorted((claim for claim, holds in found.holds if holds), key=lambda claim: claim.credence)
    failed = sorted((claim for claim, holds in found.holds if not holds), key=lambda claim: -claim.credence)
    return [
        f"{word} ({len(some)} did), though its credence is {some[0].credence:.2f}: "
        f"{wording.shortened(some[0].claim, 95)}"
        for word, some in (("Held", held), ("Failed", failed))
        if some
    ]


def _links(found: Debrief, screen: Screen) -> list[str]:
    said = [f"{choice_name(link, found.scenario)}: {swing_text(link, found.scenario)}" for link in found.largest]
    lines = [screen.paragraph(line, "  ", "    ") for line in said[:MOST_LINKS]]
    left = len(found.chain) - MOST_LINKS
    return [*lines, *([screen.paragraph(f"and {left} smaller ones, all on the page", "  ")] if left > 0 else [])]


def about(found: Debrief, png: bytes, alt: str) -> dict[str, Any]:
    """The values for the page's template."""
    scenario, case = found.scenario, found.scenario.case
    first, last = (month_name(month, scenario.first_month) for month in (0, scenario.months))
    who = wording.listed([wording.state_name(case, seat.state) for seat in found.seats])
    return {
        "picture": base64.b64encode(png).decode(), "alt": alt,
        "title": f"Debrief: {clean_text(scenario.title, 200)}",
        "question": clean_text(scenario.question, 400),
        "who": f"{wording.capital(who)}, {first} to {last}, "
               f"world of seed {found.seed}",
        "ending": ending(found),
        "how_read": how_read(found),
        "links": [_row(link, found) for link in found.largest],
        "in_order": [_row(link, found) for link in found.chain],
        "as_the_model": as_the_model(found),
        "results": results(found),
        "players": [
            {"label": wording.capital(clean_text(rule.label, 60)), "count": found.players[rule.name],
             "yours": rule.name == found.outcome.name}
            for rule in case.outcomes
        ],
        "claims": [
            {"id": claim.id, "text": claim.claim, "held": holds, "credence": f"{claim.credence:.2f}",
             "source": f"{claim.places[0].document} p{claim.places[0].paragraph}"}
            for claim, holds in found.holds
        ],
    }  # fmt: skip


def _row(link: Link, found: Debrief) -> dict[str, str]:
    own = "" if link.own is None else f"{wording.percent(link.own, 0)} likely to do the same; likeliest {link.instead}"
    return {
        "choice": choice_name(link, found.scenario),
        "swing": swing_text(link, found.scenario),
        "size": f"{100 * link.size:.1f}",
        "own": own,
    }
