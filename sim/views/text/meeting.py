"""One summit in plain words: the terms, what was on the table, what was picked, and why it was signed or failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.analysis.acceptance_parts import Weighing
from sim.errors import clean_text
from sim.inputs.case import Case
from sim.views import wording
from sim.views.text.screen import Screen

if TYPE_CHECKING:
    from sim.analysis.story import StoryMeeting, StoryOffer

REASONS_FOR, REASONS_AGAINST = 2, 3  # most reasons given for a signature, and for a refusal


def meeting_text(meeting: StoryMeeting, case: Case, screen: Screen) -> list[str]:
    one, two = meeting.pair.between
    name = wording.capital(clean_text(meeting.pair.name, 60)) + (
        f" ({clean_text(meeting.note, 100)})" if meeting.note else ""
    )
    if meeting.shift:
        months = wording.counted(abs(meeting.shift), "month")
        name += f", {'brought forward by' if meeting.shift < 0 else 'put off by'} {months}"
    if not meeting.come:
        who = wording.listed([wording.state_name(case, side) for side in meeting.refused])
        return [screen.paragraph(f"{name} is not held: {who} stayed away.", "  ")]
    terms = meeting.terms[one]
    better = (
        "even terms"
        if abs(terms - 0.5) < 0.02
        else f"terms that favour {wording.state_name(case, one if terms > 0.5 else two)}"
    )
    lines = [screen.paragraph(f"{name}: {wording.state_name(case, one)} comes with {terms:.2f} of 1, {better}.", "  ")]
    if not meeting.offers:
        return [*lines, screen.paragraph("Nothing is on the table.", "    ")]
    if len(meeting.offers) > 1:
        others = [
            f"{clean_text(offer.package.says, 100)} ({wording.percent(offer.chance, 0)})" for offer in meeting.offers
        ]
        lines.append(screen.paragraph(f"On the table, with the chance that both sign: {'; '.join(others)}.", "    "))
    offer = meeting.offers[meeting.picked]
    accepts = wording.listed(
        [
            f"{wording.state_name(case, side)} would sign with {wording.percent(chance, 0)}"
            for side, chance in offer.accepts.items()
        ]
    )
    end = "It is signed." if meeting.deal else "They part without a deal."
    lines.append(screen.paragraph(f'It comes to "{clean_text(offer.package.says, 100)}": {accepts}. {end}', "    "))
    return [
        *lines,
        *(_signed(meeting, offer, case, screen) if meeting.deal else _refused(meeting, offer, case, screen)),
    ]


def meeting_in_short(meeting: StoryMeeting, case: Case) -> str:
    """One summit in a line or two: who stayed away, or the terms, what it came to, and why it failed."""
    one, two = meeting.pair.between
    name = wording.capital(clean_text(meeting.pair.name, 60))
    if meeting.shift:
        months = wording.counted(abs(meeting.shift), "month")
        name += f", {'brought forward by' if meeting.shift < 0 else 'put off by'} {months}"
    if not meeting.come:
        away = wording.listed([wording.leader_name(case, side) for side in meeting.refused])
        return f"{name}: not held, {away} stayed away."
    told = f"{name}: terms {wording.of_100(meeting.terms[one])} of 100 for {wording.leader_name(case, one)}"
    if not meeting.offers:
        return f"{told}; nothing is on the table."
    offer = meeting.offers[meeting.picked]
    package = clean_text(offer.package.says, 100)
    if meeting.deal:
        done = {wording.leader_name(case, side): meeting.carried_out[side] for side in offer.shares}
        kept = ", ".join(f"{who} {wording.percent(share, 0)}" for who, share in done.items())
        return f'{told}; "{package}" is signed (carried out: {kept}).'
    side = min((one, two), key=lambda each: offer.accepts[each])
    if offer.accepts[side] > 0.5:
        return f'{told}; "{package}" fails by chance: both leaned to signing.'
    reasons = _reasons(meeting.weighings[side], case, side, meeting, speaking_for=False)[:1]
    would = f"{wording.leader_name(case, side)} would sign with {wording.percent(offer.accepts[side], 0)}"
    return f'{told}; no deal on "{package}": {would}' + (f", against it {reasons[0]}." if reasons else ".")


def _signed(meeting: StoryMeeting, offer: StoryOffer, case: Case, screen: Screen) -> list[str]:
    """What each side promised, how much of it is carried out, and what spoke for signing."""
    lines = []
    for giver, parts in offer.shares.items():
        given = wording.listed([_given(case, lever, share) for lever, share in parts.items()])
        done = wording.percent(meeting.carried_out[giver], 0)
        who = wording.capital(wording.state_name(case, giver))
        lines.append(screen.paragraph(f"{who} promises {given}, and carries out {done} of it.", "    "))
    for side in meeting.pair.between:
        reasons = _reasons(meeting.weighings[side], case, side, meeting, speaking_for=True)
        if reasons:
            lines.append(
                screen.paragraph(
                    f"For {wording.state_name(case, side)} it held because of {wording.listed(reasons)}.", "    "
                )
            )
    return lines


def _given(case: Case, lever: str, share: float) -> str:
    variable = case.variables[lever]
    return f"{clean_text(variable.label, 60)} {'up' if variable.upward else 'down'} by {wording.percent(share, 0)}"


def _refused(meeting: StoryMeeting, offer: StoryOffer, case: Case, screen: Screen) -> list[str]:
    """Whose acceptance was low, and what spoke most against it."""
    side = min(offer.accepts, key=lambda name: offer.accepts[name])
    reasons = _reasons(meeting.weighings[side], case, side, meeting, speaking_for=False)
    if min(offer.accepts.values()) > 0.5:
        return [screen.paragraph("Both leaned to signing; it failed by chance.", "    ")]
    why = wording.listed(reasons) or "nothing in particular"
    return [
        screen.paragraph(f"It failed on {wording.state_name(case, side)}; what spoke most against it: {why}.", "    ")
    ]


def _reasons(
    weighings: Sequence[Weighing], case: Case, side: str, meeting: StoryMeeting, speaking_for: bool
) -> list[str]:
    """The weightiest parts on one side of the scales, in words, with their size in units of gain."""
    some = [part for part in weighings if (part.amount > 0) is speaking_for and part.kind != "habit"]
    other = wording.state_name(case, meeting.pair.other(side))
    most = REASONS_FOR if speaking_for else REASONS_AGAINST
    return [f"{_reason(part, case, other)} ({wording.signed(part.amount, 2)})" for part in some[:most]]


def _reason(part: Weighing, case: Case, other: str) -> str:
    if part.kind == "issue":
        return f"what it does to {clean_text(case.issues[part.about[0]].label, 60)}"
    if part.kind == "cost":
        return "what signing it costs at home"
    if part.kind == "distrust":
        return "distrust, since it would give more for good than it gets"
    if part.kind == "threat":
        return (
            f"what {other} can do to it without a deal"
            if part.amount > 0
            else f"how little {other} can do to it without a deal"
        )
    labels = [clean_text(_label(case, name), 60) for name in part.about]
    if part.amount > 0:
        return f"the ease that comes with {wording.listed(labels)}" if labels else "what any such meeting brings"
    return f"the friction that comes with {wording.listed(labels)}" if labels else "friction"


def _label(case: Case, name: str) -> str:
    if name in case.variables:
        return case.variables[name].label
    if name in case.derived:
        return case.derived[name].label
    if name in case.ranks:
        return case.ranks[name].label
    return next((f"a recent meeting ({pair.name})" for pair in case.pairs.values() if pair.met == name), name)
