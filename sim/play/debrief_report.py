"""The debrief as text on one screen, as a picture, and as a page with everything; all text on it is escaped."""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from sim.errors import clean_text
from sim.inputs.case import Pair
from sim.inputs.scenario import Scenario
from sim.inputs.schedule import month_name
from sim.page.static_page import write_handout
from sim.play.debrief import Debrief, Link, Seat
from sim.play.decisions import MOVES, PUSH, MeetingSeen
from sim.play.text import bare_name, terms_of
from sim.views import wording
from sim.views.charts import labels, style
from sim.views.charts.labels import bare, chance, name, pair_name, state_name
from sim.views.charts.months import lanes_of, mark_months
from sim.views.charts.style import FAINT, INK, MARGIN, MUTED, PAPER, SMALL, Page, look, write_picture
from sim.views.text.screen import Screen

TEMPLATE = Path(__file__).with_name("debrief.html.j2")
PICTURES = "img-src data:; "  # what the page's policy allows besides its style
MOST_LINKS = 3  # on a screen; the page has them all
NAMES, ROW, MOST_ROWS = 4.3, 0.34, 10  # inches left of the panel of choices, and of a row
HISTOGRAM, GAP, BINS = 1.5, 0.95, 30
LANE, LABELS, AWAY = 0.3, 2.15, 2.7  # inches of a pair's lane, and left and right of it
DATES = 7  # most dates below the lanes
TICKS = 0.45  # inches for the numbers left of a histogram


def write_debrief(found: Debrief, path: Path) -> list[Path]:
    """The page, with the picture and its alt text that are written beside it. Raises CannotWrite."""
    with look():
        drawn = draw_debrief(found)
    png, svg, alt = write_picture(drawn, path.parent, path.stem)
    values = about(found, png.read_bytes(), alt.read_bytes().decode())
    return [write_handout(path, TEMPLATE, values, PICTURES), png, svg, alt]


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
    found = (each.outcomes[link.most] for each in (link.before, link.after))
    before, after = (chance(p) if p.count in (0, p.runs) else f"{100 * p.probability:.1f}" for p in found)
    moved = link.swings[link.most]
    change, low, high = (wording.signed(100 * each) for each in (moved.difference, moved.low, moved.high))
    within = f"{low} to {high}{'' if moved.stands_out else '; within the noise'}"
    sure = within if moved.half == moved.half else "too few worlds differ to be sure"
    return f"{label} {before} to {after} of 100 ({change}, {sure})"


def as_the_model(found: Debrief) -> str:
    """How often the player did what the model's own state was likeliest to do, and where they differed most."""
    known = [link for link in found.chain if link.own is not None]
    parted = sorted((link for link in known if link.decision.choice != link.instead), key=lambda link: link.own or 0.0)
    alike = f"{len(known) - len(parted)} of {len(known)} times"
    text = f"In this very world the model's own state would likeliest have done the same {alike}."
    if not parted:
        return text
    likely = f"{wording.percent(parted[0].own or 0.0, 0)}, and likeliest {parted[0].instead}"
    choice = choice_name(parted[0], found.scenario)
    return f"{text} You differed most in {choice} (it would have chosen so with {likely})."


def results(found: Debrief) -> list[str]:
    """How each player did, and among the model players."""
    texts, case = [], found.scenario.case
    for seat in found.seats:
        who, score = wording.state_name(case, seat.state), wording.signed(seat.score, 0)
        against = (
            f"{wording.signed(seat.gained, 0)} against the same world without any summit; "
            if seat.gained == seat.gained
            else ""
        )
        last = " (a fatal step ranks last)" if case.month.hazard else ""
        texts.append(f"{wording.capital(who)}: score {score} of 100 to all it wants, {against}{_rank(seat)}{last}.")
    return texts


def _rank(seat: Seat) -> str:
    return f"better than {wording.percent(seat.better_than, 0)} of {len(seat.others):,} model players"


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
    """The values for the page's template, and the functions that it calls."""
    scenario = found.scenario
    first, last = (month_name(month, scenario.first_month) for month in (0, scenario.months))
    who = wording.capital(wording.listed([wording.state_name(scenario.case, seat.state) for seat in found.seats]))
    return {
        "found": found, "picture": base64.b64encode(png).decode(), "alt": alt, "as_the_model": as_the_model(found),
        "title": f"Debrief: {clean_text(scenario.title, 200)}", "question": clean_text(scenario.question, 400),
        "who": f"{who}, {first} to {last}, world of seed {found.seed}", "ending": ending(found),
        "how_read": how_read(found), "results": results(found), "choice_name": choice_name, "swing_text": swing_text,
        "percent": wording.percent, "named": lambda rule: wording.capital(clean_text(rule.label, 60)),
    }  # fmt: skip


def draw_debrief(found: Debrief) -> Page:
    """What became of the summits, the largest choices, and a histogram of the model players for each seat."""
    links = found.largest[:MOST_ROWS]
    rows = ROW * max(len(links), 1)
    lanes = lanes_of(found.scenario)
    calendar = LANE * len(lanes) + 1.0 if lanes else 0.0
    body = calendar + rows + 0.7 + (HISTOGRAM + GAP) * len(found.seats)
    what = "Chart of what a player's choices did to the odds, and of model players."
    page = Page(heading(found), body, notes(found), what)
    bottom = page.top - calendar - rows - 0.2
    if lanes:
        _calendar(page, found, lanes, page.top - 0.45 - LANE * len(lanes))
    axes = page.axes(MARGIN + NAMES, bottom, page.width - 2 * MARGIN - NAMES, rows)
    _chain(axes, page, found, links, bottom)
    for place, seat in enumerate(found.seats):
        _others(page, found, seat, bottom - GAP - HISTOGRAM - place * (HISTOGRAM + GAP))
    return page


def heading(found: Debrief) -> str:
    """What the picture shows, in a sentence."""
    first = found.largest[0] if found.chain else None
    text = f"The run ended in {name(found.outcome.label)}"
    if first is None:
        return f"{text}."
    label = next(name(rule.label) for rule in found.scenario.case.outcomes if rule.name == first.most)
    moved = first.swings[first.most].difference
    more = "more" if moved > 0 else "fewer"
    return f"{text}; the choice that moved the odds most took {abs(100 * moved):.0f} {more} of 100 runs to {label}."


def notes(found: Debrief) -> list[str]:
    """The lines below the picture."""
    return [
        f"Before (hollow): the model's own state chooses; after (filled): the choice that was made; both in "
        f"{found.worlds:,} fresh "
        "worlds on the same draws. Model players: the same world and start, other chance.",
        wording.NOT_A_FORECAST,
        f"Scenario {name(found.scenario.name)}; seed {found.seed}.",
    ]


def _calendar(page: Page, found: Debrief, lanes: Sequence[Pair], y: float) -> None:
    """A lane for each pair: what was planned, and what became of it in this run."""
    scenario, last = found.scenario, found.scenario.months
    axes = page.axes(MARGIN + LABELS, y, page.width - 2 * MARGIN - LABELS - AWAY, LANE * len(lanes))
    axes.set(ylim=(len(lanes) - 0.5, -0.5), yticks=[])
    mark_months(axes, scenario, DATES)
    axes.spines["left"].set_visible(False)
    for place, pair in enumerate(lanes):
        middle = y + LANE * (len(lanes) - place - 0.5)
        label = style.fit(pair_name(scenario.case, pair), LABELS - 0.15, SMALL)
        page.say(MARGIN + LABELS - 0.15, middle, label, SMALL, align="right", va="center")
        axes.plot([0, last], [place, place], color=FAINT, linewidth=0.8, zorder=0)
        for summit in scenario.summits:
            if summit.pair == pair.id and summit.month <= last:
                axes.plot(summit.month, place, "|", color=MUTED, markersize=9, clip_on=False)
        became, away = [], []
        for month, meeting in meetings_of(found, pair):
            planned, when = planned_month(found, pair, month), labels.month_name(scenario, month)
            moved = f" (planned for {labels.month_name(scenario, planned)})" if planned != month else ""
            became.append(f"{when}: held {'with' if meeting.deal else 'without'} a deal{moved}")
            if not meeting.come:
                who = wording.listed([bare(state_name(scenario.case, side)) for side in meeting.away])
                became[-1] = f"{when}: {who} stayed away"
                away.append(became[-1])
            axes.plot([min(planned, last), month], [place, place], color=INK, linewidth=2.4, clip_on=False)
            fill = INK if meeting.deal else PAPER
            shape = "o" if meeting.come else "X"
            axes.plot(month, place, shape, color=INK, markerfacecolor=fill, markersize=7, clip_on=False)
        page.alt_lines.append(f"Summits of {pair_name(scenario.case, pair)}: {'; '.join(became) or 'none was held'}.")
        lines = style.fit("; ".join(away), AWAY - 0.2, 7, lines=2)
        page.say(page.width - MARGIN - AWAY + 0.2, middle, lines, 7, shade=MUTED, va="center")
    says = (
        "The summits of this run: filled, held with a deal; hollow, held without one; a cross, called off; "
        "a bar, from the planned month; a tick, planned"
    )
    page.say(MARGIN, y + LANE * len(lanes) + 0.12, says, SMALL, va="bottom", inches=page.width - 2 * MARGIN)


def meetings_of(found: Debrief, pair: Pair) -> list[tuple[int, MeetingSeen]]:
    """The summits of a pair that were held or called off, each with its month."""
    return [(seen.month, each) for seen in found.months for each in seen.meetings if each.pair.id == pair.id]


def planned_month(found: Debrief, pair: Pair, month: int) -> int:
    """The month for which the summit of this month was planned: the nearest of the pair's."""
    planned = [summit.month for summit in found.scenario.summits if summit.pair == pair.id]
    return min(planned, key=lambda each: abs(each - month))


def _chain(axes: Axes, page: Page, found: Debrief, links: tuple[Link, ...], bottom: float) -> None:
    axes.set(xlim=(0, 100), ylim=(len(links) - 0.5, -0.5), yticks=[])
    axes.xaxis.grid(True)
    axes.set_xlabel("of 100 runs from there on", fontsize=SMALL)
    for place, link in enumerate(links):
        before, after = (100 * each.outcomes[link.most].probability for each in (link.before, link.after))
        shade = style.ONE if after >= before else style.TWO
        axes.plot([before, after], [place, place], color=shade, linewidth=2.2, zorder=2)
        axes.plot(before, place, "o", color=shade, markerfacecolor=PAPER, markersize=6, zorder=3, clip_on=False)
        axes.plot(after, place, "o" if after >= before else "D", color=shade, markersize=6, zorder=4, clip_on=False)
        middle = bottom + ROW * (len(links) - place - 0.5)
        label = next(name(rule.label) for rule in found.scenario.case.outcomes if rule.name == link.most)
        choice = choice_name(link, found.scenario)
        page.alt_lines.append(f"{choice}: {swing_text(link, found.scenario)}.")
        page.say(MARGIN, middle + 0.075, choice, 9, va="center", inches=NAMES - 0.2)
        page.say(MARGIN, middle - 0.085, bare(label), 8, shade=MUTED, va="center", inches=NAMES - 0.2)


def _others(page: Page, found: Debrief, seat: Seat, bottom: float) -> None:
    state = state_name(found.scenario.case, seat.state)
    page.alt_lines.append(f"{wording.capital(state)}: satisfaction {wording.number(seat.satisfied)}, {_rank(seat)}.")
    text = f"{wording.capital(bare(state))}: {_rank(seat)}"
    page.say(MARGIN, bottom + HISTOGRAM + 0.12, [text], 9, bold=True, va="bottom")
    axes = page.axes(MARGIN + TICKS, bottom, page.width - 2 * MARGIN - TICKS, HISTOGRAM)
    low, high = min(float(seat.others.min()), seat.satisfied), max(float(seat.others.max()), seat.satisfied)
    edges = np.linspace(low - 0.02, high + 0.02, BINS + 1)
    axes.hist(seat.others, bins=[float(each) for each in edges], color=style.PALETTE[1], edgecolor=INK, linewidth=0.5)
    axes.axvline(seat.satisfied, color=INK, linewidth=2)
    axes.margins(y=0.25)
    near = seat.satisfied > (low + high) / 2
    axes.annotate(
        "you", (seat.satisfied, 0.97), xycoords=("data", "axes fraction"), xytext=(-6 if near else 6, 0),
        textcoords="offset points", ha="right" if near else "left", va="top", fontsize=9, fontweight="bold",
    )  # fmt: skip
    axes.set_ylabel("players", fontsize=SMALL)
    axes.set_xlabel("satisfaction at the end: 0 would be all that the state wants", fontsize=SMALL)
