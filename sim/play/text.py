"""The screens of a game: what happened, where you stand, what the others seem to want, what you can do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sim.ensemble.intervals import Z95
from sim.errors import SENTENCE_LIMIT, clean_text
from sim.inputs.case import Case
from sim.inputs.scenario import Scenario
from sim.inputs.schedule import Event, month_name
from sim.play.forecast import Ahead
from sim.play.game import ACCEPT, MOVES, PUSH, REFUSE, Decision, Game, MeetingSeen, MonthSeen, OnTable, Question
from sim.play.position import Reason, Standing, Wish
from sim.views import wording
from sim.views.charts.words import chance
from sim.views.text.screen import Screen

LEAST_CHANGE = 0.02  # change of a lever in a month that is told
WISHES = 2
SHOWN_OUTCOMES = 3
NARROW = 60  # columns below which every forecast has a line of its own


def opening(scenario: Scenario, seats: Sequence[str], seed: int, kept: str, screen: Screen) -> str:
    """Title and question, whose seat is taken, and the rules of the game in three lines."""
    case = scenario.case
    who = wording.listed(
        [f"{wording.state_name(case, seat)} ({clean_text(case.states[seat].leader, 60)})" for seat in seats]
    )
    first, last = (month_name(month, scenario.first_month) for month in (0, scenario.months))
    return "\n".join([
        screen.strong(screen.paragraph(clean_text(scenario.title, SENTENCE_LIMIT))),
        screen.paragraph(clean_text(scenario.question, SENTENCE_LIMIT)),
        "",
        screen.paragraph(
            f"You play {who}, from {first} to {last}. You see levers and moves, not which claims hold in this world: "
            "that comes with the debrief."
        ),
        screen.paragraph(f"World of seed {seed}; another --seed is another world. Type help for the commands."),
        screen.paragraph(f"Kept after every decision in {clean_text(kept, SENTENCE_LIMIT)}"),
        screen.paragraph(wording.NOT_A_FORECAST),
    ])  # fmt: skip


def news(scenario: Scenario, month: MonthSeen, before: Mapping[str, float], screen: Screen) -> str:
    """A month that is over: who did what, who met and what came of it, and which levers moved."""
    case = scenario.case
    lines = [screen.strong(f"What happened in {month_name(month.month, scenario.first_month)}")]
    did = [f"{wording.state_name(case, state)} {clean_text(option.says, 120)}" for state, option in month.moves.items()]
    lines.append(screen.paragraph(wording.capital("; ".join(did)) + ".", "  "))
    lines += [screen.paragraph(_met(meeting), "  ") for meeting in month.meetings]
    moved = [
        f"{clean_text(variable.label, 60)} {before[name]:.2f} to {month.levels[name]:.2f}"
        for name, variable in case.variables.items()
        if abs(month.levels[name] - before[name]) >= LEAST_CHANGE
    ]
    if moved:
        lines.append(screen.paragraph(f"Moved: {', '.join(moved)}.", "  "))
    return "\n".join(lines)


def heading(game: Game, screen: Screen) -> str:
    """Whose turn it is and when; what this month has brought so far."""
    question = game.question
    assert question is not None
    case, scenario = game.case, game.plan
    when = month_name(question.month, scenario.first_month)
    turn = f"{when} (month {question.month} of {scenario.months}): {wording.state_name(case, question.state)}"
    lines = [screen.strong(screen.paragraph(turn))]
    if question.at == MOVES:
        lines += [
            screen.paragraph(said(event, case), "  ") for event in scenario.events if event.month == question.month
        ]
        meets = [case.pairs[each.pair] for each in scenario.summits if each.month == question.month]
        if meets:
            lines.append(screen.paragraph(f"This month: {wording.listed([pair.name for pair in meets])}.", "  "))
    return "\n".join(lines)


def levels(game: Game, screen: Screen) -> str:
    """The visible levels, in one paragraph."""
    now = game.levels()
    shown = [
        f"{clean_text(each.label, 60)} {now[name]:.2f}"
        for name, each in game.case.variables.items()
        if each.kind != "exogenous"
    ]
    return screen.paragraph(f"Levels: {', '.join(shown)}.", "  ")


def standing_text(found: Standing, case: Case, screen: Screen) -> str:
    """Leverage both ways with every other state, and the two claims that matter most."""
    lines = [screen.strong(screen.paragraph("Where you stand (leverage, 0 to 1, mean of fresh worlds)"))]
    others = [name for name in case.states if name != found.state]
    width = min(max(len(_bare(case, name)) for name in others), 16)
    for name in others:
        over, under = found.leverage[found.state, name], found.leverage[name, found.state]
        lines.append(
            screen.text(f"  {screen.cut(_bare(case, name), width):<{width}}  yours {over:.2f}  theirs {under:.2f}")
        )
    lines.append(screen.paragraph("The two claims that matter most right now:", "  "))
    lines += [screen.paragraph(reason(each, found.state, case), "  - ", "    ") for each in found.weightiest()]
    return "\n".join(lines)


def reason(found: Reason, state: str, case: Case) -> str:
    """A claim with its source and what it does to a leverage."""
    place = found.claim.places[0]
    whose = f"your leverage over {wording.state_name(case, found.target)}"
    if found.holder != state:
        whose = f"the leverage of {wording.state_name(case, found.holder)} over you"
    does = "feeds" if found.sign > 0 else "cuts"
    text = clean_text(found.claim.claim, 240).rstrip(".")
    return f"{found.claim.id} ({place.document} p{place.paragraph}) {does} {whose}, by {abs(found.part):.2f}: {text}."


def why_text(found: Standing, other: str, case: Case, screen: Screen) -> str:
    """The claims behind the leverage between a player and one other state."""
    lines = []
    for holder, target in ((found.state, other), (other, found.state)):
        who = f"{wording.capital(wording.state_name(case, holder))} over {wording.state_name(case, target)}"
        lines.append(screen.paragraph(f"{who}: {found.leverage[holder, target]:.2f}"))
        lines += [
            screen.paragraph(reason(each, found.state, case), "  - ", "    ") for each in found.between(holder, target)
        ]
    return "\n".join(lines)


def wishes_text(found: Mapping[str, Sequence[Wish]], case: Case, screen: Screen) -> str:
    """What every other state seems to want."""
    lines = [screen.strong(screen.paragraph("What the others seem to want"))]
    for state, wishes in found.items():
        told = [f"{clean_text(wish.issue.label, 60)} {'up' if wish.gap > 0 else 'down'}" for wish in wishes[:WISHES]]
        text = wording.listed(told) if told else "little more than it has"
        lines.append(screen.paragraph(f"{wording.capital(wording.state_name(case, state))}: {text}.", "  ", "    "))
    return "\n".join(lines)


def table_text(game: Game, screen: Screen) -> str:
    """The packages on the table of a summit, with what each side gives."""
    question = game.question
    assert question is not None
    case, pair = game.case, game.case.pairs[question.at]
    lines = [screen.strong(wording.capital(clean_text(pair.name, 60)))]
    moved = [f"{wording.state_name(case, name)} {_move(game, name)}" for name in pair.between if _move(game, name)]
    if moved:
        lines.append(screen.paragraph(f"This month {'; '.join(moved)}.", "  "))
    for place, offer in enumerate(question.table):
        mark = "On the table: " if place == question.picked else "Could be had: "
        lines.append(screen.paragraph(f"{mark}{offer.package.name}, {clean_text(offer.package.says, 100)}", "  "))
        lines += [screen.paragraph(line, "    ", "      ") for line in gives(offer, case)]
    return "\n".join(lines)


def gives(offer: OnTable, case: Case) -> list[str]:
    """What each side of a package gives, in words."""
    lines = []
    for giver, parts in offer.shares.items():
        given = [
            f"{clean_text(case.variables[lever].label, 60)} "
            f"{'up' if case.variables[lever].upward else 'down'} by {wording.percent(share, 0)}"
            for lever, share in parts.items()
        ]
        lines.append(f"{wording.capital(wording.state_name(case, giver))} gives: {wording.listed(given)}.")
    return lines


def menu_text(game: Game, answers: Sequence[Decision], found: Mapping[Decision, Ahead], screen: Screen) -> str:
    """Every answer with what it is likely to do, in a table or, on a narrow screen, line by line."""
    question = game.question
    assert question is not None
    worlds = next(iter(found.values())).classes.size // 2
    names = likeliest(found.values())
    lines = [
        screen.strong(screen.paragraph("What you can do")),
        screen.paragraph(f"Of 100 runs from here on in {worlds:,} fresh worlds, with the 95% interval:", "  "),
    ]
    for place, answer in enumerate(answers, 1):
        lines.append(screen.paragraph(f"{place} {answer_says(game, question, answer)}", "  ", "    "))
        ahead = found[answer]
        if ahead.signs is not None and answer.choice != REFUSE:
            other = game.case.pairs[question.at].other(question.state)
            text = f"{wording.state_name(game.case, other)} signs with {wording.percent(ahead.signs, 0)}"
            lines.append(screen.paragraph(text, "      ", "        "))
        shares = [_share(ahead, name, game.case) for name in names]
        if screen.width < NARROW:
            lines += [screen.paragraph(share, "      ", "        ") for share in shares]
        else:
            lines.append(screen.paragraph(", ".join(shares), "      "))
    return "\n".join(lines)


def answer_says(game: Game, question: Question, answer: Decision) -> str:
    """An answer as a line of the menu."""
    if question.at == MOVES:
        menu = game.states[question.state].menu
        assert menu is not None
        option = next(each for each in menu.options if each.name == answer.choice)
        return f"{option.name}: {clean_text(option.says, 120)}"
    packages = {offer.package.name: offer.package.says for offer in question.table}
    if answer.choice == PUSH:
        return f'push {answer.package}: insist on "{clean_text(packages[str(answer.package)], 100)}"'
    on_table = question.table[question.picked].package.name
    return f"accept: sign {on_table}" if answer.choice == ACCEPT else "refuse: leave without a deal"


def hint_text(
    game: Game, answers: Sequence[Decision], found: Mapping[Decision, Ahead], odds: Mapping[str, float], screen: Screen
) -> str:
    """What the model's own state leans to, and which answer serves the player's aims best."""
    question = game.question
    assert question is not None
    lines = []
    if odds:
        told = wording.listed([f"{name} {wording.percent(chance, 0)}" for name, chance in odds.items()])
        lines.append(
            screen.paragraph(
                f"The model's own {_bare(game.case, question.state)} would choose (mean of fresh worlds): {told}."
            )
        )
    ranked = sorted(answers, key=lambda answer: -float(found[answer].satisfied.mean()))
    best, next_best = ranked[0], ranked[min(1, len(ranked) - 1)]
    apart = (found[best].satisfied - found[next_best].satisfied).reshape(-1, 2).mean(axis=1)
    gain, noise = float(apart.mean()), Z95 * float(apart.std(ddof=1)) / apart.size**0.5
    close = " (too close to call)" if gain <= noise else ""
    lines.append(screen.paragraph(
        f"Nearest to your aims at the end, in this forecast: {_short(best)}, by {gain:.3f} ± {noise:.3f} over "
            f"{_short(next_best)}{close}."
    ))  # fmt: skip
    return "\n".join(lines)


def likeliest(found: Iterable[Ahead]) -> list[str]:
    """The classes that are likeliest under any answer, in their own order."""
    most: dict[str, float] = {}
    for ahead in found:
        for name, each in ahead.outcomes.items():
            most[name] = max(most.get(name, 0.0), each.probability)
    top = sorted(most, key=lambda name: -most[name])[:SHOWN_OUTCOMES]
    return [name for name in most if name in top]


def said(event: Event, case: Case) -> str:
    """An event, in words."""
    if event.action == "move":
        return wording.capital(
            f"{wording.state_name(case, event.variable)} is made to act: {clean_text(event.option, 60)}."
        )
    label = clean_text(case.variables[event.variable].label, 60)
    change = {
        "set": f"now {event.value:g}",
        "shift": f"changes by {event.value:+g}",
        "pin": f"held at {event.value:g} from now on",
    }
    note = f"{clean_text(event.note, 200)}: " if event.note else ""
    return wording.capital(f"{note}{label} {change[event.action]}.")


def _met(meeting: MeetingSeen) -> str:
    name = wording.capital(clean_text(meeting.pair.name, 60))
    if meeting.offer is None:
        return f"{name}: nothing is on the table."
    says = f'"{clean_text(meeting.offer.package.says, 100)}"'
    return (
        f"{name}: {says} is signed." if meeting.deal else f"{name}: it comes to {says}, and they part without a deal."
    )


def _move(game: Game, state: str) -> str:
    """What a state has done this month, when moves come before summits."""
    agent, order = game.states[state], list(game.case.month.order)
    if agent.menu is None or agent.choice is None or order.index("moves") > game.stage:
        return ""
    return clean_text(agent.menu.options[int(agent.choice[0])].says, 120)


def _share(ahead: Ahead, name: str, case: Case) -> str:
    outcome = next(each for each in case.outcomes if each.name == name)
    found = ahead.outcomes[name]
    label = clean_text(outcome.label, 40)
    if found.count in (0, found.runs):
        return f"{label} {chance(found)}"  # that is the end of its interval
    return f"{label} {100 * found.probability:.0f} ({100 * found.low:.0f} to {100 * found.high:.0f})"


def _short(answer: Decision) -> str:
    return f"push {answer.package}" if answer.choice == PUSH else answer.choice


def _bare(case: Case, state: str) -> str:
    name = wording.state_name(case, state)
    return clean_text(name.removeprefix("the "), 40)
