"""The story of one run, month by month; of each summit the terms, the offers, and why it was signed or failed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import nan
from typing import TYPE_CHECKING

from sim.errors import clean_text
from sim.inputs.case import Case
from sim.inputs.schedule import Event, month_name
from sim.views import wording
from sim.views.text.case_words import event_change, given, label_of, passed_over
from sim.views.text.screen import Screen
from sim.vocabulary import gained

if TYPE_CHECKING:
    from sim.analysis.story import Story, StoryMeeting, StoryMonth, StoryOffer, Weighing

STRONGEST = 4  # arguments that are quoted
MOST_MOVED = 5  # levers in the short story
NOTICED = 0.02  # least change of a lever over the run that is mentioned
REASONS_FOR, REASONS_AGAINST = 2, 3  # most reasons given for a signature, and for a refusal
PEAK = 0.1  # how far beyond its start and end a level must have gone for its range to be given


def story_text(story: Story, screen: Screen) -> str:
    """The whole run: its world, its months, how it ends and why."""
    head = _head(story, ": one run among thousands; the same world could end otherwise. It ends in", screen)
    months = [line for month in story.months for line in ["", *_month(story, month, screen)]]
    close = screen.paragraph(wording.NOT_A_FORECAST)
    return "\n".join([*head, *_world(story, screen), *months, "", *_end(story, screen), "", close])


def _head(story: Story, how: str, screen: Screen) -> list[str]:
    """Title, which run it is, and the class in which it ends."""
    run = screen.paragraph(f"Run {story.run} of seed {story.seed}{how} {story.outcome.label}.")
    return [screen.strong(screen.cut(story.scenario.title, screen.width)), run, ""]


def short_story(story: Story, screen: Screen) -> str:
    """The run on one screen: what happened at each meeting, the acts that changed it, and how it ends and why."""
    scenario = story.scenario
    lines = _head(story, ", one of thousands (the same world could end otherwise), ends in", screen)
    for month in story.months:
        when = month_name(month.month, scenario.first_month)
        lines += [screen.paragraph(f"{when}  {text}", hang=" " * 9) for text in _turns(month, scenario.case)]
    lines += [*_end(story, screen, MOST_MOVED), *_gained(story, screen)]
    close = f"{wording.NOT_A_FORECAST} --full shows every month, offer and reason."
    return "\n".join([*lines, screen.paragraph(close)])


def _turns(month: StoryMonth, case: Case) -> Iterator[str]:
    """The turning points of a month: its summits, deals that fell apart, acts and levels that were forced."""
    for event in month.events:
        if event.action in ("pin", "move"):
            yield _event(event, case)
    for planned in month.passed_over:
        yield passed_over(planned, case)
    for meeting in month.meetings:
        yield meeting_in_short(meeting, case)
    for pair in month.collapsed:
        yield f"What was agreed at {clean_text(pair.name, 60)} falls apart."


def _gained(story: Story, screen: Screen) -> list[str]:
    """What each state gained in this run against the same run without any summit."""
    case = story.scenario.case
    by_leader = [(wording.leader_name(case, state), story.measures.get(gained(state), nan)) for state in case.states]
    said = [f"{who} {wording.signed(gain, 2)}" for who, gain in by_leader if gain == gain]
    text = "Against the same run without any summit, as a share of the way to all that each wants: "
    return [screen.paragraph(f"{text}{', '.join(said)}.")] if said and story.scenario.summits else []


def _world(story: Story, screen: Screen) -> list[str]:
    """The few claims that matter here: the strongest arguments, and which rules of behaviour fail."""
    ledger, case = story.scenario.ledger, story.scenario.case
    weighty = [name for name, strength in story.strengths.items() if strength > 0 and ledger.claims[name].effects]
    strongest = sorted(weighty, key=lambda name: -story.strengths[name])[:STRONGEST]
    lines = [screen.strong("This world"), screen.paragraph("The arguments that weigh most at the start:")]
    for name in strongest:
        claim = ledger.claims[name]
        place = f"{claim.places[0].document} p{claim.places[0].paragraph}"
        lines.append(screen.paragraph(f"{name} ({place}): {clean_text(claim.claim, 300)}", "  - ", "    "))
    ruling = [name for name in story.holds if ledger.claims[name].fails or name in _deciding(case)]
    fail = wording.listed([name for name in ruling if not story.holds[name]]) or "none"
    text = f"Of the {len(ruling)} claims that change how somebody behaves, these fail here and the others hold: {fail}."
    return [*lines, screen.paragraph(text)]


def _deciding(case: Case) -> set[str]:
    """Claims on which a term of a choice, a friction, a wish to come or a hurry depends."""
    terms = [term for menu in case.menus.values() for option in menu.options for term in option.utility]
    for rules in case.bargaining.values():
        terms += [term for side in (*rules.friction.values(), *rules.wish.values(), rules.hurry) for term in side]
    return {term.claim for term in terms if term.claim is not None}


def _month(story: Story, month: StoryMonth, screen: Screen) -> list[str]:
    case = story.scenario.case
    lines = [screen.strong(f"{month_name(month.month, story.scenario.first_month)} (month {month.month})")]
    lines += [screen.paragraph(_event(event, case), "  ") for event in month.events]
    lines += [screen.paragraph(passed_over(planned, case), "  ") for planned in month.passed_over]
    choices = month.choices.items()
    did = [f"{wording.state_name(case, state)} {clean_text(option.says, 120)}" for state, option in choices]
    lines.append(screen.paragraph(wording.capital("; ".join(did)) + ".", "  "))
    for meeting in month.meetings:
        lines += meeting_text(meeting, case, screen)
    told = {name: each.label for name, each in case.variables.items() if each.irreversible or each.shown}
    shown = [f"{clean_text(label, 60)} {month.levels[name]:.2f}" for name, label in told.items()]
    return [*lines, *([screen.faint(screen.paragraph(", ".join(shown), "  "))] if shown else [])]


def _event(event: Event, case: Case) -> str:
    note = f"{clean_text(event.note, 200)}: " if event.note and event.action != "move" else ""
    return wording.capital(f"{note}{event_change(event, case)}.")


def _end(story: Story, screen: Screen, most: int | None = None) -> list[str]:
    """The class, the conditions that it met, and what moved: all of it, or the ``most`` that moved furthest."""
    case = story.scenario.case
    met = []
    for condition, value in story.conditions:
        bound = f"{'at least' if condition.bound == 'min' else 'at most'} {condition.value:g}"
        met.append(f"{label_of(story.scenario, condition.variable)} is {value:.2f} ({bound})")
    why = f"because {wording.listed(met)}" if met else "because the conditions of no other ending are met"
    first = " (the first ending in the list whose conditions all hold)" if met and not most else ""
    lines = [
        screen.strong(f"How it ends: {story.outcome.label}"),
        screen.paragraph(f"{wording.capital(clean_text(story.outcome.says, 200))}, {why}{first}."),
    ]
    moved = []
    for name, variable in case.variables.items():
        before, after = story.start[name], story.months[-1].levels[name]
        levels = [before, *(month.levels[name] for month in story.months)]
        if variable.kind != "exogenous" and max(levels) - min(levels) >= NOTICED:
            text = f"{clean_text(variable.label, 60)} {before:.2f} to {after:.2f}"
            if max(levels) > max(before, after) + PEAK or min(levels) < min(before, after) - PEAK:
                text += f" (between {min(levels):.2f} and {max(levels):.2f})"
            moved.append((max(levels) - min(levels), text))
    furthest = sorted(moved, key=lambda each: -each[0])[:most] if most else moved
    if not moved:
        return lines
    head = "What moved furthest" if most else "From start to end"
    return [*lines, screen.paragraph(f"{head}: {'; '.join(text for _, text in furthest)}.")]


def meeting_text(meeting: StoryMeeting, case: Case, screen: Screen) -> list[str]:
    """One summit in full: terms, every offer with the chance that both sign it, and why it ended so."""
    one, two = meeting.pair.between
    name = _called(meeting, f" ({clean_text(meeting.note, 100)})" if meeting.note else "")
    if not meeting.come:
        who = wording.listed([wording.state_name(case, side) for side in meeting.refused])
        return [screen.paragraph(f"{name} is not held: {who} stayed away.", "  ")]
    terms = meeting.terms[one]
    favoured = wording.state_name(case, one if terms > 0.5 else two)
    better = "even terms" if abs(terms - 0.5) < 0.02 else f"terms that favour {favoured}"
    lines = [screen.paragraph(f"{name}: {wording.state_name(case, one)} comes with {terms:.2f} of 1, {better}.", "  ")]
    if not meeting.offers:
        return [*lines, screen.paragraph("Nothing is on the table.", "    ")]
    table = [(clean_text(each.package.says, 100), wording.percent(each.chance, 0)) for each in meeting.offers]
    if len(table) > 1:
        others = "; ".join(f"{says} ({chance})" for says, chance in table)
        lines.append(screen.paragraph(f"On the table, with the chance that both sign: {others}.", "    "))
    offer = meeting.offers[meeting.picked]
    would = {wording.state_name(case, side): wording.percent(chance, 0) for side, chance in offer.accepts.items()}
    accepts = wording.listed([f"{who} was {chance} likely to sign" for who, chance in would.items()])
    end = "It is signed." if meeting.deal else "They part without a deal."
    lines.append(screen.paragraph(f'It comes to "{table[meeting.picked][0]}": {accepts}. {end}', "    "))
    why = _signed if meeting.deal else _refused
    return [*lines, *(screen.paragraph(line, "    ") for line in why(meeting, offer, case))]


def _called(meeting: StoryMeeting, note: str = "") -> str:
    """A meeting's name with a note, and by how much it was moved."""
    name = wording.capital(clean_text(meeting.pair.name, 60)) + note
    if not meeting.shift:
        return name
    way = "brought forward by" if meeting.shift < 0 else "put off by"
    return f"{name}, {way} {wording.counted(abs(meeting.shift), 'month')}"


def meeting_in_short(meeting: StoryMeeting, case: Case) -> str:
    """One summit in a line or two: who stayed away, or the terms, what it came to, and why it failed."""
    one, two = meeting.pair.between
    name = _called(meeting)
    if not meeting.come:
        away = wording.listed([wording.leader_name(case, side) for side in meeting.refused])
        return f"{name}: not held, {away} stayed away."
    text = f"{name}: terms {wording.of_100(meeting.terms[one])} of 100 for {wording.leader_name(case, one)}"
    if not meeting.offers:
        return f"{text}; nothing is on the table."
    offer = meeting.offers[meeting.picked]
    package = clean_text(offer.package.says, 100)
    if meeting.deal:
        done = {wording.leader_name(case, side): meeting.carried_out[side] for side in offer.shares}
        kept = ", ".join(f"{who} {wording.percent(share, 0)}" for who, share in done.items())
        return f'{text}; "{package}" is signed (carried out: {kept}).'
    side = min((one, two), key=lambda each: offer.accepts[each])
    if offer.accepts[side] > 0.5:
        return f'{text}; "{package}" fails by chance: both leaned to signing.'
    reasons = _reasons(meeting.weighings[side], case, side, meeting, speaking_for=False)[:1]
    would = f"{wording.leader_name(case, side)} was {wording.percent(offer.accepts[side], 0)} likely to sign"
    return f'{text}; no deal on "{package}": {would}' + (f", against it {reasons[0]}." if reasons else ".")


def _signed(meeting: StoryMeeting, offer: StoryOffer, case: Case) -> list[str]:
    """What each side promised, how much of it is carried out, and what spoke for signing."""
    lines = []
    for giver, parts in offer.shares.items():
        promised = wording.listed([given(case, lever, share) for lever, share in parts.items()])
        done = wording.percent(meeting.carried_out[giver], 0)
        who = wording.capital(wording.state_name(case, giver))
        lines.append(f"{who} promises {promised}, and carries out {done} of it.")
    for side in meeting.pair.between:
        reasons = _reasons(meeting.weighings[side], case, side, meeting, speaking_for=True)
        if reasons:
            lines.append(f"For {wording.state_name(case, side)} it held because of {wording.listed(reasons)}.")
    return lines


def _refused(meeting: StoryMeeting, offer: StoryOffer, case: Case) -> list[str]:
    """Whose acceptance was low, and what spoke most against it."""
    side = min(offer.accepts, key=lambda name: offer.accepts[name])
    reasons = _reasons(meeting.weighings[side], case, side, meeting, speaking_for=False)
    if min(offer.accepts.values()) > 0.5:
        return ["Both leaned to signing; it failed by chance."]
    why = wording.listed(reasons) or "nothing in particular"
    return [f"It failed on {wording.state_name(case, side)}; what spoke most against it: {why}."]


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
        return f"{'what' if part.amount > 0 else 'how little'} {other} can do to it without a deal"
    labels = [clean_text(_label(case, name), 60) for name in part.about]
    if part.amount > 0:
        return f"the ease that comes with {wording.listed(labels)}" if labels else "what any such meeting brings"
    return f"the friction that comes with {wording.listed(labels)}" if labels else "friction"


def _label(case: Case, name: str) -> str:
    for named in (case.variables, case.derived, case.ranks):
        if name in named:
            return named[name].label
    return next((f"a recent meeting ({pair.name})" for pair in case.pairs.values() if pair.met == name), name)
