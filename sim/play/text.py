"""The screens of a game. A turn fits 24 rows of 80 columns: score, what happened, levels, leverage, what you can do."""

from collections.abc import Mapping, Sequence

from sim.analysis.leverage_parts import ClaimPart
from sim.errors import SENTENCE_LIMIT, clean_text
from sim.inputs.case import Case
from sim.inputs.scenario import Scenario
from sim.inputs.schedule import month_name
from sim.play.decisions import COME, EARLY, MOVES, MeetingSeen, MonthSeen, OnTable
from sim.play.forecast import Position, Wish
from sim.play.game import Game
from sim.views import wording
from sim.views.charts.labels import bare
from sim.views.text import case_words
from sim.views.text.case_words import WISH_WORDS
from sim.views.text.screen import Screen

LEAST_CHANGE = 0.02  # least change of a lever in a month that is shown
REASONS = 2  # claims behind a leverage
SHOWN_LEVELS = 8
BAR = 10  # characters of a level's bar
NARROW = 70  # columns below which every level and every forecast has its own line


def opening(scenario: Scenario, aims: Mapping[str, Sequence[Wish]], seed: int, kept: str, screen: Screen) -> str:
    """Title and question, the player's state and what it wants, and the rules of the game in three lines."""
    case = scenario.case
    seats = [f"{wording.state_name(case, seat)} ({clean_text(case.states[seat].leader, 60)})" for seat in aims]
    first, last = (month_name(month, scenario.first_month) for month in (0, scenario.months))
    return "\n".join([
        screen.strong(screen.paragraph(clean_text(scenario.title, SENTENCE_LIMIT))),
        screen.paragraph(clean_text(scenario.question, SENTENCE_LIMIT)),
        "",
        screen.paragraph(f"You play {wording.listed(seats)}, from {first} to {last}."),
        *(screen.paragraph(aim(wishes, case, seat if len(aims) > 1 else "")) for seat, wishes in aims.items()),
        screen.paragraph(
            "Score: how far you have come of the way to all of that, of 100; below 0 you are further away than at the "
            "start. You see levers and moves, not which claims hold in this world: that comes with the debrief."
        ),
        screen.paragraph(f"World of seed {seed}; another --seed is another world. Type help for the commands."),
        screen.paragraph(f"Kept after every decision in {clean_text(kept, SENTENCE_LIMIT)}"),
        screen.paragraph(wording.NOT_A_FORECAST),
    ])  # fmt: skip


def aim(wishes: Sequence[Wish], case: Case, state: str = "") -> str:
    """What a seat wants, the most wanted first."""
    text = ", ".join(_wish(wish) for wish in wishes[: case_words.AIMS]) or WISH_WORDS["noAim"]
    if not state:
        return WISH_WORDS["own"].format(text)
    return WISH_WORDS["seat"].format(wording.capital(wording.state_name(case, state)), text)


def news(scenario: Scenario, month: MonthSeen, before: Mapping[str, float], screen: Screen) -> str:
    """A month that is over: who did what, who met and what came of it (or why nothing did), which levers moved."""
    case = scenario.case
    did = [f"{wording.state_name(case, state)} {clean_text(option.says, 60)}" for state, option in month.moves.items()]
    lines = [
        screen.strong(f"What happened in {month_name(month.month, scenario.first_month)}"),
        screen.paragraph(wording.capital("; ".join(did)) + ".", "  "),
        *(screen.paragraph(met(meeting, case), "  ") for meeting in month.meetings),
    ]
    moved = [
        f"{clean_text(variable.label, 60)} {before[name]:.2f} to {month.levels[name]:.2f}"
        for name, variable in case.variables.items()
        if abs(month.levels[name] - before[name]) >= LEAST_CHANGE
    ]
    if moved:
        lines.append(screen.paragraph(f"Moved: {', '.join(moved[:SHOWN_LEVELS])}.", "  "))
    return "\n".join(lines)


def passed_over(scenario: Scenario, months: Sequence[MonthSeen], screen: Screen) -> str:
    """Months in which nobody here had to decide, in one line."""
    first, last = (month_name(each.month, scenario.first_month) for each in (months[0], months[-1]))
    when = first if first == last else f"{first} to {last}"
    texts = [met(meeting, scenario.case) for month in months for meeting in month.meetings]
    return screen.paragraph(f"{when} passed without a decision of yours. {' '.join(texts)}".rstrip())


def met(meeting: MeetingSeen, case: Case) -> str:
    """What came of a summit, or why nothing did, with the chances."""
    name = wording.capital(clean_text(meeting.pair.name, 60))
    if not meeting.come:
        away = [
            f"{wording.state_name(case, side)} stayed away ({_odds(meeting.wishes[side])} to come)"
            for side in meeting.away
        ]
        return f"{name} was {'not brought forward' if meeting.early else 'called off'}: {wording.listed(away)}."
    if meeting.offer is None:
        return f"{name}: nothing is on the table."
    says = f'"{clean_text(meeting.offer.package.says, 100)}"{terms_of(meeting.offer)}'
    if meeting.deal:
        return f"{name}: {says} is signed."
    certain = {0: "refused", 1: "would"}
    odds = [f"{wording.state_name(case, side)} {certain.get(int(sign), '') if sign in certain else _odds(sign)}"
            for side, sign in meeting.signs.items()]  # fmt: skip
    return f"{name}: it comes to {says}, and they part without a deal; who would sign: {', '.join(odds)}."


def heading(game: Game, screen: Screen) -> str:
    """Whose turn it is, the month, the state's score, and what the last month changed."""
    question = game.open_question
    case, scenario = game.case, game.plan
    when = month_name(question.month, scenario.first_month)
    score = game.scores()[question.state]
    begins = question.at == MOVES or question.at.startswith(EARLY)
    scores = [0.0, *(month.scores[question.state] for month in game.months)]
    change = score - (scores[-2:][0] if begins else scores[-1])
    turn = f"{when} (month {question.month} of {scenario.months}): {bare_name(case, question.state)}"
    score_now, moved = wording.signed(score, 0), wording.signed(change, 0)
    said = f"score {score_now}, {moved} {'last' if begins else 'this'} month"
    lines = [screen.strong(screen.paragraph(f"{turn}; {said}"))]
    if begins:
        today = [event for event in scenario.events if event.month == question.month]
        events = []
        for event in today:
            note = clean_text(event.note, 200) if event.action != "move" else ""
            says = wording.capital(f"{note or case_words.event_change(event, case)}.")
            events.append(says if game.comes_about(event) else case_words.passed_over(event, case))
        planned = {
            when: [
                case.pairs[each.pair].name + case_words.on_condition(each)
                for each in scenario.summits
                if each.month == question.month + ahead
            ]
            for ahead, when in enumerate(("This month", "Next month"))
        }
        texts = [f"{when}: {clean_text(wording.listed(names), 200)}." for when, names in planned.items() if names]
        lines += [screen.paragraph(" ".join([*events, *texts]), "  ")] if events or texts else []
    return "\n".join(lines)


def levels(game: Game, screen: Screen, everything: bool = False) -> str:
    """The visible levels as bars, with an arrow where the last month moved one; those that move most come first."""
    now = game.levels()
    before = game.months[-2].levels if len(game.months) > 1 else game.start
    shown = [name for name, each in game.case.variables.items() if each.kind != "exogenous"]
    if not everything:
        far = {name: (abs(now[name] - before[name]), abs(now[name] - game.start[name])) for name in shown}
        most = sorted(shown, key=lambda name: far[name], reverse=True)[:SHOWN_LEVELS]
        shown = [name for name in shown if name in most]
    cells = [_level(game.case.variables[name].label, now[name], now[name] - before[name], screen) for name in shown]
    half = (len(cells) + 1) // 2
    if screen.width >= NARROW:
        both = zip(cells[:half], [*cells[half:], ""], strict=False)
        cells = [f"{left}  {right}".rstrip() for left, right in both]
    return "\n".join(cells)


def _level(label: str, now: float, change: float, screen: Screen) -> str:
    """`  sanctions            ████████▌  0.84 ↓`, 38 columns wide."""
    name = screen.cut(clean_text(label, 60), 18)
    arrow = "" if abs(change) < LEAST_CHANGE / 2 else "↑" if change > 0 else "↓"
    filled = f"{screen.bar(min(now, 1.0), BAR):<{BAR}}"
    return screen.text(f"  {name:<18} {filled} {now:.2f} {arrow:<1}")


def leverage_line(found: Position, case: Case, screen: Screen) -> str:
    """Leverage both ways with every other state."""
    me, level = found.state, found.leverage
    texts = [f"{bare_name(case, it)} {level[me, it]:.2f}/{level[it, me]:.2f}" for it in case.states if it != me]
    return screen.paragraph(f"Leverage, yours/theirs: {', '.join(texts)}. (why STATE: the claims behind it)", "  ")


def reason(found: ClaimPart, whose: str) -> str:
    """A claim with its source and what it does to a leverage, given whose that is."""
    place = found.claim.places[0]
    does = "feeds" if found.sign > 0 else "cuts"
    text = clean_text(found.claim.claim, 240).rstrip(".")
    return f"{text} ({place.document} p{place.paragraph}): {does} {whose}, by {abs(found.part):.2f}."


def why_text(found: Position, other: str, wishes: Sequence[Wish], case: Case, screen: Screen) -> str:
    """The claims behind the leverage between a player and one other state, and what that state seems to want."""
    lines, mine = [], wording.state_name(case, found.state)
    theirs = wording.state_name(case, other)
    for dyad, holder, target, whose in (
        ((found.state, other), mine, theirs, f"your leverage over {theirs}"),
        ((other, found.state), theirs, mine, f"the leverage of {theirs} over you"),
    ):
        lines.append(screen.paragraph(f"{wording.capital(holder)} over {target}: {found.leverage[dyad]:.2f}"))
        lines += [screen.paragraph(reason(each, whose), "  - ", "    ") for each in found.reasons[dyad][:REASONS]]
    return "\n".join([*lines, wants(other, wishes, case, screen)])


def wants(state: str, wishes: Sequence[Wish], case: Case, screen: Screen) -> str:
    """What another state seems to want."""
    text = wording.listed([_wish(wish) for wish in wishes[: case_words.WISHES]]) or WISH_WORDS["noWish"]
    name = wording.capital(wording.state_name(case, state))
    return screen.paragraph(WISH_WORDS["other"].format(name, text), "  ", "    ")


def table_text(game: Game, screen: Screen) -> str:
    """What is on the table of a summit, and what each side would give."""
    question = game.open_question
    case, pair = game.case, game.case.pairs[question.pair]
    name = wording.capital(clean_text(pair.name, 60))
    if not question.pair_met:
        early = " is planned for next month. Ask for it now, to be held if the other side comes?"
        asked = ": do you come?" if question.at.startswith(COME) else early
        return screen.strong(screen.paragraph(f"{name}{asked}"))
    lines = [screen.strong(name)]
    moved = [f"{wording.state_name(case, name)} {_move(game, name)}" for name in pair.between if _move(game, name)]
    if moved:
        lines.append(screen.paragraph(f"This month {'; '.join(moved)}.", "  "))
    offer = question.table[question.picked]
    lines.append(screen.paragraph(f"On the table: {clean_text(offer.package.says, 100)}{terms_of(offer)}.", "  "))
    return "\n".join([*lines, *(screen.paragraph(line, "    ", "      ") for line in gives(offer, case))])


def gives(offer: OnTable, case: Case) -> list[str]:
    """What each side of a package gives, in words."""
    lines = []
    for giver, parts in offer.shares.items():
        given = wording.listed([case_words.given(case, lever, share) for lever, share in parts.items()])
        lines.append(f"{wording.capital(wording.state_name(case, giver))} gives: {given}.")
    return lines


def _wish(wish: Wish) -> str:
    return WISH_WORDS["up" if wish.gap > 0 else "down"].format(clean_text(wish.issue.label, 60))


def terms_of(offer: OnTable) -> str:
    """How far an offer is pressed, as the end of a phrase; empty where all the way."""
    return "" if offer.push == 1 else ", at even terms" if offer.push == 0 else ", half pressed"


def _odds(share: float) -> str:
    return f"{100 * share:.0f} of 100"


def _move(game: Game, state: str) -> str:
    """What a state has done this month, when moves come before summits."""
    agent, order = game.states[state], list(game.case.month.order)
    if agent.menu is None or agent.choice is None or order.index("moves") > game.stage:
        return ""
    return clean_text(agent.menu.options[int(agent.choice[0])].says, 60)


def bare_name(case: Case, state: str) -> str:
    """A state's name without its article."""
    return clean_text(bare(wording.state_name(case, state)), 40)


def named(text: str, case: Case) -> str | None:
    """The state that a text names, by its name in the file or in words."""
    wanted = text.strip().casefold()
    for state, portrait in case.states.items():
        words = (state, portrait.label, bare(portrait.label), portrait.leader, *portrait.leader.split(" "))
        if wanted in {word.casefold() for word in words if word}:
            return state
    return None
