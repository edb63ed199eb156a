"""The story of one run, month by month, in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from math import nan
from typing import TYPE_CHECKING

from sim.errors import clean_text
from sim.inputs.case import Case
from sim.inputs.case_rules import Condition
from sim.inputs.schedule import Event, month_name
from sim.views import wording
from sim.views.event_words import event_change, passed_over
from sim.views.text.meeting import meeting_in_short, meeting_text
from sim.views.text.screen import Screen

if TYPE_CHECKING:
    from sim.analysis.story import Story, StoryMonth


STRONGEST = 4  # arguments that are quoted
MOST_MOVED = 5  # levers in the short story
NOTICED = 0.02  # least change of a lever over the run that is mentioned
PEAK = 0.1  # how far beyond its start and end a level must have gone for its range to be given


def story_text(story: Story, screen: Screen) -> str:
    """The whole run: its world, its months, how it ends and why."""
    head = [
        *_head(story, ": one run among thousands; the same world could end otherwise. It ends in", screen),
        *_world(story, screen),
    ]
    months = [line for month in story.months for line in ["", *_month(story, month, screen)]]
    return "\n".join([*head, *months, "", *_end(story, screen), "", screen.paragraph(wording.NOT_A_FORECAST)])


def _head(story: Story, how: str, screen: Screen) -> list[str]:
    """Title, which run it is, and the class in which it ends."""
    return [
        screen.strong(screen.cut(story.scenario.title, screen.width)),
        screen.paragraph(f"Run {story.run} of seed {story.seed}{how} {story.outcome.label}."),
        "",
    ]


def short_story(story: Story, screen: Screen) -> str:
    """The run on one screen: what happened at each meeting, the acts that changed it, and how it ends and why."""
    scenario = story.scenario
    lines = _head(story, ", one of thousands (the same world could end otherwise), ends in", screen)
    told = ((month, text) for month in story.months for text in _turns(month, scenario.case))
    lines += [
        screen.paragraph(f"{month_name(month.month, scenario.first_month)}  {text}", hang=" " * 9)
        for month, text in told
    ]
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
    case, measures = story.scenario.case, story.measures
    told = {state: measures.get(f"gained.{state}", nan) for state in case.states}
    said = [
        f"{wording.leader_name(case, state)} {wording.signed(gain, 2)}" for state, gain in told.items() if gain == gain
    ]
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
    told = f"Of the {len(ruling)} claims that change how somebody behaves, these fail here and the others hold: {fail}."
    return [*lines, screen.paragraph(told)]


def _deciding(case: Case) -> set[str]:
    """Claims on which a term of a choice or a friction depends."""
    terms = [term for menu in case.menus.values() for option in menu.options for term in option.utility]
    terms += [term for rules in case.bargaining.values() for side in rules.friction.values() for term in side]
    return {term.claim for term in terms if term.claim is not None}


def _month(story: Story, month: StoryMonth, screen: Screen) -> list[str]:
    scenario = story.scenario
    lines = [screen.strong(f"{month_name(month.month, scenario.first_month)} (month {month.month})")]
    lines += [screen.paragraph(_event(event, scenario.case), "  ") for event in month.events]
    lines += [screen.paragraph(passed_over(planned, scenario.case), "  ") for planned in month.passed_over]
    did = [
        f"{wording.state_name(scenario.case, state)} {clean_text(option.says, 120)}"
        for state, option in month.choices.items()
    ]
    lines.append(screen.paragraph(wording.capital("; ".join(did)) + ".", "  "))
    for meeting in month.meetings:
        lines += meeting_text(meeting, scenario.case, screen)
    shown = [
        f"{clean_text(each.label, 60)} {month.levels[name]:.2f}"
        for name, each in scenario.case.variables.items()
        if each.shown
    ]
    return [*lines, *([screen.faint(screen.cut(f"  {', '.join(shown)}", screen.width))] if shown else [])]


def _event(event: Event, case: Case) -> str:
    note = f"{clean_text(event.note, 200)}: " if event.note and event.action != "move" else ""
    return wording.capital(f"{note}{event_change(event, case)}.")


def _end(story: Story, screen: Screen, most: int | None = None) -> list[str]:
    """The class, the conditions that it met, and what moved: all of it, or the ``most`` that moved furthest."""
    case = story.scenario.case
    met = [_condition(condition, value, case) for condition, value in story.conditions]
    why = f"because {wording.listed(met)}" if met else "because none of the conditions of the other classes is met"
    first = " (the first class in the list whose conditions all hold)" if met and not most else ""
    lines = [
        screen.strong(f"How it ends: {story.outcome.label}"),
        screen.paragraph(f"{wording.capital(clean_text(story.outcome.says, 200))}, {why}{first}."),
    ]
    moved = []
    for name, variable in case.variables.items():
        before, after = story.start[name], story.months[-1].levels[name]
        levels = [before, *(month.levels[name] for month in story.months)]
        if variable.kind != "exogenous" and max(levels) - min(levels) >= NOTICED:
            told = f"{clean_text(variable.label, 60)} {before:.2f} to {after:.2f}"
            if max(levels) > max(before, after) + PEAK or min(levels) < min(before, after) - PEAK:
                told += f" (between {min(levels):.2f} and {max(levels):.2f})"
            moved.append((max(levels) - min(levels), told))
    furthest = sorted(moved, key=lambda each: -each[0])[:most] if most else moved
    if not moved:
        return lines
    head = "What moved furthest" if most else "From start to end"
    return [*lines, screen.paragraph(f"{head}: {'; '.join(told for _, told in furthest)}.")]


def _condition(condition: Condition, value: float, case: Case) -> str:
    measure = case.measures.get(condition.variable)
    label = (
        measure.label
        if measure
        else case.variables[condition.variable].label
        if condition.variable in case.variables
        else condition.variable
    )
    bound = "at least" if condition.bound == "min" else "at most"
    return f"{clean_text(label, 60)} is {value:.2f} ({bound} {condition.value:g})"
