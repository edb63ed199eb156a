"""The debrief as a picture: what the largest choices did to the odds, and how the player stands among model players."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from sim.inputs.case import Pair
from sim.play.debrief import Debrief, Link, Seat
from sim.play.debrief_views import choice_name, swing_text
from sim.play.decisions import MeetingSeen
from sim.views.charts import style
from sim.views.charts.months import lanes_of, mark_months
from sim.views.charts.style import FAINT, INK, MARGIN, MUTED, PAPER, SMALL, Page, look, write_picture
from sim.views.charts.words import bare, listed, month_name, name, number, pair_name, state_name
from sim.views.wording import NOT_A_FORECAST, capital, percent

NAMES = 4.3  # inches left of the panel
ROW = 0.34
MOST_ROWS = 10
HISTOGRAM = 1.5
GAP = 0.95
BINS = 30
LANE, LABELS, AWAY = 0.3, 2.15, 2.7  # inches of a pair's lane, and left and right of it
DATES = 7  # most dates below the lanes
TICKS = 0.45  # inches for the numbers left of a histogram


def write_debrief_chart(found: Debrief, folder: Path, file_name: str) -> list[Path]:
    """PNG, SVG and alt text. Raises CannotWrite."""
    with look():
        page, alt = draw_debrief(found)
    return write_picture(page, folder, file_name, alt)


def draw_debrief(found: Debrief) -> tuple[Page, str]:
    """The page and its alt text."""
    links = found.largest[:MOST_ROWS]
    rows = ROW * max(len(links), 1)
    lanes = lanes_of(found.scenario)
    calendar = LANE * len(lanes) + 1.0 if lanes else 0.0
    body = calendar + rows + 0.7 + (HISTOGRAM + GAP) * len(found.seats)
    page = Page(heading(found), body, notes(found))
    bottom = page.top - calendar - rows - 0.2
    if lanes:
        _calendar(page, found, lanes, page.top - 0.45 - LANE * len(lanes))
    axes = page.axes(MARGIN + NAMES, bottom, page.width - 2 * MARGIN - NAMES, rows)
    _chain(axes, page, found, links, bottom)
    for place, seat in enumerate(found.seats):
        _others(page, found, seat, bottom - GAP - HISTOGRAM - place * (HISTOGRAM + GAP))
    return page, _alt(found, page.title, links)


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
    return [
        f"Before (hollow): the model's own state chooses; after (filled): the choice that was made; both in "
        f"{found.worlds:,} fresh "
        "worlds on the same draws. Model players: the same world and start, other chance.",
        NOT_A_FORECAST,
        f"Scenario {name(found.scenario.name)}; seed {found.seed}.",
    ]


def _calendar(page: Page, found: Debrief, lanes: Sequence[Pair], y: float) -> None:
    """A lane for each pair: what was planned, and what became of it in this run."""
    last = found.scenario.months
    axes = page.axes(MARGIN + LABELS, y, page.width - 2 * MARGIN - LABELS - AWAY, LANE * len(lanes))
    axes.set(ylim=(len(lanes) - 0.5, -0.5), yticks=[])
    mark_months(axes, found.scenario, DATES)
    axes.spines["left"].set_visible(False)
    for place, pair in enumerate(lanes):
        middle = y + LANE * (len(lanes) - place - 0.5)
        label = style.fit(pair_name(found.scenario.case, pair), LABELS - 0.15, SMALL)
        page.say(MARGIN + LABELS - 0.15, middle, label, SMALL, align="right", stand="center")
        axes.plot([0, last], [place, place], color=FAINT, linewidth=0.8, zorder=0)
        for summit in found.scenario.summits:
            if summit.pair == pair.id and summit.month <= last:
                axes.plot(summit.month, place, "|", color=MUTED, markersize=9, clip_on=False)
        told = meetings_of(found, pair)
        for month, meeting in told:
            planned = min(planned_month(found, pair, month), last)
            axes.plot([planned, month], [place, place], color=INK, linewidth=2.4, clip_on=False)
            fill = INK if meeting.deal else PAPER
            shape = "o" if meeting.come else "X"
            axes.plot(month, place, shape, color=INK, markerfacecolor=fill, markersize=7, clip_on=False)
        away = "; ".join(each for each in (_stayed_away(found, month, meeting) for month, meeting in told) if each)
        lines = style.fit(away, AWAY - 0.2, 7, lines=2)
        page.say(page.width - MARGIN - AWAY + 0.2, middle, lines, 7, shade=MUTED, stand="center")
    says = (
        "The summits of this run: filled, held with a deal; hollow, held without one; a cross, called off; "
        "a bar, from the planned month; a tick, planned"
    )
    said = style.fit(says, page.width - 2 * MARGIN, SMALL)
    page.say(MARGIN, y + LANE * len(lanes) + 0.12, said, SMALL, stand="bottom")


def meetings_of(found: Debrief, pair: Pair) -> list[tuple[int, MeetingSeen]]:
    """The summits of a pair that were held or called off, each with its month."""
    return [(seen.month, each) for seen in found.months for each in seen.meetings if each.pair.id == pair.id]


def planned_month(found: Debrief, pair: Pair, month: int) -> int:
    """The month for which the summit of this month was planned: the nearest of the pair's."""
    planned = [summit.month for summit in found.scenario.summits if summit.pair == pair.id]
    return min(planned, key=lambda each: abs(each - month))


def _stayed_away(found: Debrief, month: int, meeting: MeetingSeen) -> str:
    if meeting.come:
        return ""
    who = listed([bare(state_name(found.scenario.case, side)) for side in meeting.away])
    return f"{month_name(found.scenario, month)}: {who} stayed away"


def _became(found: Debrief, pair: Pair, month: int, meeting: MeetingSeen) -> str:
    """What became of a summit, for the alt text."""
    if away := _stayed_away(found, month, meeting):
        return away
    planned = planned_month(found, pair, month)
    moved = f" (planned for {month_name(found.scenario, planned)})" if planned != month else ""
    return f"{month_name(found.scenario, month)}: held {'with' if meeting.deal else 'without'} a deal{moved}"


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
        choice = style.fit(choice_name(link, found.scenario), NAMES - 0.2, 9)
        page.say(MARGIN, middle + 0.075, choice, 9, stand="center")
        page.say(MARGIN, middle - 0.085, style.fit(bare(label), NAMES - 0.2, 8), 8, shade=MUTED, stand="center")


def _others(page: Page, found: Debrief, seat: Seat, bottom: float) -> None:
    who = capital(bare(state_name(found.scenario.case, seat.state)))
    text = f"{who}: better than {percent(seat.better_than, 0)} of {len(seat.others):,} model players"
    page.say(MARGIN, bottom + HISTOGRAM + 0.12, [text], 9, bold=True, stand="bottom")
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


def _alt(found: Debrief, title: str, links: tuple[Link, ...]) -> str:
    lines = [f"Chart of what a player's choices did to the odds, and of model players. {title}"]
    for pair in lanes_of(found.scenario):
        became = [_became(found, pair, month, meeting) for month, meeting in meetings_of(found, pair)]
        lines.append(f"Summits of {pair_name(found.scenario.case, pair)}: {'; '.join(became) or 'none was held'}.")
    lines += [f"{choice_name(link, found.scenario)}: {swing_text(link, found.scenario)}." for link in links]
    for seat in found.seats:
        who = capital(state_name(found.scenario.case, seat.state))
        lines.append(
            f"{who}: satisfaction {number(seat.satisfied)}, better than {percent(seat.better_than, 0)} of "
            f"{len(seat.others):,} model players."
        )
    return "\n".join(lines)
