"""The debrief as one HTML page: no network, no script; the policy in its head allows its one style and embedded
pictures.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.errors import clean_text
from sim.inputs.schedule import month_name
from sim.page.handout import handout, write_handout
from sim.play import debrief_text as words
from sim.play.debrief import Debrief, Link
from sim.views.wording import capital, listed, percent, state_name

TEMPLATE = Path(__file__).with_name("debrief.html.j2")
PICTURES = "img-src data:; "  # what its policy allows beside its style


def write_debrief_page(found: Debrief, path: Path, picture: Sequence[Path]) -> Path:
    """Write the page, whole or not at all; ``picture`` are the chart's files. Raises CannotWrite."""
    drawn = {each.suffix: each.read_bytes() for each in picture}
    return write_handout(path, TEMPLATE, about(found, drawn[".png"], drawn[".txt"].decode()), PICTURES)


def page(found: Debrief, png: bytes, alt: str) -> str:
    """The text of the page; every word of a stranger's is escaped by the template."""
    return handout(TEMPLATE, about(found, png, alt), PICTURES)


def about(found: Debrief, png: bytes, alt: str) -> dict[str, Any]:
    """What the template fills in."""
    scenario, case = found.scenario, found.scenario.case
    first, last = (month_name(month, scenario.first_month) for month in (0, scenario.months))
    who = listed([state_name(case, seat.state) for seat in found.seats])
    return {
        "picture": base64.b64encode(png).decode(), "alt": alt,
        "title": f"Debrief: {clean_text(scenario.title, 200)}",
        "question": clean_text(scenario.question, 400),
        "who": f"{capital(who)}, {first} to {last}, "
               f"world of seed {found.seed}",
        "ending": words.ending(found),
        "how_read": words.how_read(found),
        "links": [_row(link, found) for link in found.largest],
        "in_order": [_row(link, found) for link in found.chain],
        "as_the_model": words.as_the_model(found),
        "results": words.results(found),
        "players": [
            {"label": capital(clean_text(rule.label, 60)), "count": found.players[rule.name],
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
    own = "" if link.own is None else f"{percent(link.own, 0)} likely to do the same; likeliest {link.instead}"
    return {
        "choice": words.choice_name(link, found.scenario),
        "swing": words.swing_text(link, found.scenario),
        "size": f"{100 * link.size:.1f}",
        "own": own,
    }
