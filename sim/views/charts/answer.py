"""The answer on one picture: the chain from leverage to ending, who gained, and net leverage over time.

Every state is compared with itself, in the same worlds without any summit; gains of two states have no common unit.
"""

from collections.abc import Mapping, Sequence
from math import isfinite

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyArrow, Rectangle
from matplotlib.ticker import MaxNLocator

from sim.analysis.summit_chain import Gain, chain, chain_pair, gains
from sim.ensemble.intervals import measure_means, outcome_probabilities
from sim.ensemble.result import Ensemble
from sim.inputs.case import Case, Pair
from sim.inputs.case_rules import Measure
from sim.views.charts import style
from sim.views.charts.labels import (
    bare,
    chance,
    likeliest,
    measure_of,
    name,
    notes,
    outcome_names,
    per_hundred,
    state_name,
)
from sim.views.charts.months import mark_months, spread
from sim.views.charts.style import BAND_ENDS, FAINT, HALF, INK, MARGIN, MUTED, NINE_IN_TEN, SMALL, Page
from sim.views.text.run import who_gained
from sim.views.wording import capital, leader_name, number, plus_minus
from sim.vocabulary import tally

CARD, ARROW = 1.35, 0.24  # inches high, and between two cards
ROW, NAMES, MEANS = 0.34, 1.55, 1.6  # inches of a state, and left and right of its bar
LINES, SIDE = 2.1, 2.35  # inches of the lines of leverage, and right of them
PRICE = 1.25  # inches of its panel with what stands above and below
MOST_LINES, MOST_ENDINGS = 6, 3
SIGNS = {"o": "●", "s": "■", "^": "▲", "D": "◆", "v": "▼", "P": "✚"}  # letters that look like the markers of lines


def draw_answer(ensemble: Ensemble) -> Page:
    """The chain, who gained, the price and net leverage; what a scenario lacks (a first summit, gains) is left out."""
    case = ensemble.scenario.case
    cards, gained = chain_cards(ensemble), gains(ensemble)
    price = price_of(ensemble)
    parts = (CARD + 0.3) * bool(cards) + (ROW * len(gained) + 0.95) * bool(gained) + PRICE * bool(price) + LINES + 0.75
    foot = [
        "Better off: than in the same world with the same chance played without any summit, by the distance from a "
        f"state's own ideal points{', runs with the fatal step left away' if case.month.hazard else ''}. Gains of "
        "different states have no common unit.",
        *notes([ensemble]),
    ]
    what = "The chain, who gained, and net leverage by month."
    page = Page(who_gained(ensemble) or "Leverage, and how the runs end.", parts, foot, what)
    top = page.top - 0.1
    if cards:
        _chain(page, cards, top - CARD)
        top -= CARD + 0.3
    if gained:
        _gains(page, case, gained, top - 0.35 - ROW * len(gained))
        top -= ROW * len(gained) + 0.95
    texts = []
    if price:
        texts.append(_price(page, ensemble, price, top - PRICE))
        top -= PRICE
    _net_leverage(page, ensemble, top - 0.35 - LINES)
    page.alt_lines += texts
    return page


def chain_cards(ensemble: Ensemble) -> dict[str, Sequence[str]]:
    """Leverage, terms, deal, what was kept and the endings, of the summit that the case shows; nothing without one. By
    the name of each link of the chain, its lines, of which the first is large.
    """
    case, found, means = ensemble.scenario.case, chain(ensemble), measure_means(ensemble)
    if found is None:
        return {}
    at = found.quantities(means)
    one, two = (state_name(case, state) for state in found.pair.between)
    there, back = (number(each) for each in found.leverage)
    shares, labels = outcome_probabilities(ensemble), outcome_names(ensemble)
    between = f"{capital(one)} over {two}, and back; from 0 to 1"
    cards: dict[str, Sequence[str]] = {"Leverage as they meet": (f"{there} : {back}", between)}
    if "terms" in at:
        cards["Terms"] = (number(at["terms"]), f"for {one}; 0.5 is even")
    if "deal" in at and "held" in at:
        chances = {side: means[name].mean for side, name in found.signs.items() if isfinite(means[name].mean)}
        alone = [f"{leader_name(case, side)} {per_hundred(share)}" for side, share in chances.items()]
        where = f"of the {per_hundred(at['held'])} held" + (f"; alone {' and '.join(alone)} would" if alone else "")
        cards["First summit"] = (f"{per_hundred(at['deal'])} of 100 sign", where)
    if "kept" in at:
        kept = f"of what {leader_name(case, found.pair.between[1])} promised in all deals was given and stayed"
        cards["Kept"] = (f"{per_hundred(at['kept'])} of 100", kept)
    most = likeliest(shares)[:MOST_ENDINGS]
    return cards | {"Most end in": [f"{bare(labels[each])} {chance(shares[each])}" for each in most]}


def _chain(page: Page, cards: Mapping[str, Sequence[str]], y: float) -> None:
    """Cards from left to right with arrows between them."""
    axes = page.axes(0, 0, page.width, page.height)
    axes.set_axis_off()
    axes.set(xlim=(0, page.width), ylim=(0, page.height))
    width = (page.width - 2 * MARGIN - ARROW * (len(cards) - 1)) / len(cards)
    for place, (title, (big, *rest)) in enumerate(cards.items()):
        x = MARGIN + place * (width + ARROW)
        axes.add_patch(Rectangle((x, y), width, CARD, facecolor="#f4f3ef", edgecolor=MUTED, linewidth=0.8))
        inside = width - 0.2
        page.say(x + 0.1, y + CARD - 0.1, title, SMALL, shade=MUTED, inches=inside)
        head = style.fit(big, inside, 11, lines=2, bold=True)
        page.say(x + 0.1, y + CARD - 0.36, head, 11, bold=True)
        page.alt_lines.append(f"{title}: {'; '.join((big, *rest))}.")
        lines = [line for text in rest for line in style.fit(text, inside, SMALL, lines=3 if len(rest) == 1 else 2)]
        page.say(x + 0.1, y + CARD - 0.42 - 0.2 * len(head), lines, SMALL)
        if place:
            axes.add_patch(FancyArrow(x - ARROW + 0.04, y + CARD / 2, ARROW - 0.1, 0, width=0.03, head_width=0.14,
                                      head_length=0.08, length_includes_head=True, color=INK))  # fmt: skip


def _gains(page: Page, case: Case, gains: Sequence[Gain], y: float) -> None:
    height, width = ROW * len(gains), page.width - 2 * MARGIN - NAMES - MEANS
    axes = page.axes(MARGIN + NAMES, y, width, height)
    axes.set(xlim=(0, 100), ylim=(len(gains) - 0.5, -0.5), yticks=[])
    axes.axvline(50, color=MUTED, linewidth=0.8, linestyle=":")
    axes.set_xlabel("better off in so many of 100 runs (bar: 95% interval; dotted: as often worse)", fontsize=SMALL)
    for place, each in enumerate(gains):
        share, middle = each.better, y + height - ROW * (place + 0.5)
        shade = style.ONE if share.mean >= 0.5 else style.TWO
        axes.barh(place, 100 * share.mean, 0.62, color=shade, edgecolor=INK, linewidth=0.6)
        style.whisker(axes, 100 * max(share.low, 0), 100 * min(share.high, 1), place)
        state, gain = capital(state_name(case, each.state)), each.gained
        page.say(MARGIN, middle, state, bold=True, va="center", inches=NAMES - 0.1)
        says = f"gain {plus_minus(gain.mean, gain.half, 3)}"
        page.say(page.width - MARGIN - MEANS + 0.15, middle, [says], va="center")
        ends = f"gain {number(gain.mean, 3)} ({number(gain.low, 3)} to {number(gain.high, 3)})"
        page.alt_lines.append(f"{state}: better off in {per_hundred(each.better.mean)} of 100 runs; {ends}.")
    says = "Who gained from the summits (gain: share of the way to all that the state wants, from where it began)"
    page.say(MARGIN, y + height + 0.08, [says], SMALL, bold=True, va="bottom")


def price_of(ensemble: Ensemble) -> Measure | None:
    """The measure of what the chain's first side was promised beyond what it promised; None where a case has none."""
    case, pair = ensemble.scenario.case, chain_pair(ensemble.scenario)
    if pair is None:
        return None
    taker, giver = pair.between
    found = measure_of(case, f"{tally('promised', pair.id, giver)} - {tally('promised', pair.id, taker)}")
    return case.measures[found] if found in ensemble.meaningful_measures else None


def _price(page: Page, ensemble: Ensemble, price: Measure, y: float) -> str:
    """The mean with its interval over the bands of the runs; right of 0 where the first side was promised more. The
    same in words.
    """
    found = measure_means(ensemble)[price.name]
    low, less, more, high = (float(each) for each in np.nanquantile(ensemble.measure(price.name), BAND_ENDS))
    axes = page.axes(MARGIN + NAMES, y + 0.5, page.width - 2 * MARGIN - NAMES - MEANS, ROW)
    axes.barh(0, high - low, 0.62, left=low, color=NINE_IN_TEN)
    axes.barh(0, more - less, 0.62, left=less, color=HALF)
    axes.axvline(0, color=INK, linewidth=0.8)
    style.whisker(axes, found.low, found.high, 0, cap=9)
    axes.plot(found.mean, 0, "o", color=INK, markersize=5, zorder=4)
    axes.set(ylim=(-0.5, 0.5), yticks=[])
    axes.margins(x=0.05)
    axes.set_xlabel(
        "dot: mean of all runs, with its 95% interval; pale: nine runs in ten; darker: half of them", fontsize=SMALL
    )
    middle = y + 0.5 + ROW / 2
    page.say(MARGIN, middle, ["All deals"], bold=True, va="center")
    page.say(
        page.width - MARGIN - MEANS + 0.15, middle, [f"price {plus_minus(found.mean, found.half, 3)}"], va="center"
    )
    says = f"Price of the deals: {name(price.label, 80)}, over all deals, by weights of ours"
    page.say(MARGIN, y + 0.5 + ROW + 0.08, [says], SMALL, bold=True, va="bottom")
    mean = f"{number(found.mean, 3)} ({number(found.low, 3)} to {number(found.high, 3)}) on average"
    ends = f"nine runs in ten lie between {number(low)} and {number(high)}"
    return f"Price, {name(price.label, 80)}: {mean}; {ends}."


def _net_leverage(page: Page, ensemble: Ensemble, y: float) -> None:
    """Mean net leverage by month, a line for each pair."""
    pairs = list(ensemble.scenario.case.pairs.values())
    net = {p.id: ensemble.leverage_mean(p.between) - ensemble.leverage_mean(p.between[::-1]) for p in pairs}
    pairs = sorted(pairs, key=lambda pair: -float(np.abs(net[pair.id]).max()))[:MOST_LINES]
    axes = page.axes(MARGIN + 0.45, y, page.width - 2 * MARGIN - 0.45 - SIDE, LINES)
    months = np.arange(ensemble.months + 1)
    reach = 1.1 * max((float(np.abs(net[pair.id]).max()) for pair in pairs), default=0.1) + 0.02
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.yaxis.grid(True)
    for place, pair in enumerate(pairs):
        axes.plot(months, net[pair.id], color=style.colour(place), marker=style.marker(place), markersize=4)
        begin, end = (number(float(net[pair.id][at])) for at in (0, -1))
        page.alt_lines.append(f"{name(_ahead(ensemble, pair), 80)}: net {begin} at first, {end} at the end.")
    axes.set(ylim=(-reach, reach))
    axes.set_yticks([tick for tick in MaxNLocator(5).tick_values(-reach, reach) if abs(tick) < reach])
    mark_months(axes, ensemble.scenario, 7)
    _planned(axes, ensemble, [pair.id for pair in pairs], reach)
    order = sorted(range(len(pairs)), key=lambda place: -net[pairs[place].id][-1])
    ends = [float(net[pairs[place].id][-1]) for place in order]
    for place, at in zip(order, spread(ends, 0.36 * 2 * reach / LINES, -reach, reach), strict=True):
        where = y + LINES * (at + reach) / (2 * reach)
        label = style.fit(_ahead(ensemble, pairs[place]), SIDE - 0.35, SMALL, lines=2)
        page.say(page.width - MARGIN - SIDE + 0.3, where, label, SMALL, va="center", spacing=1.1)
        sign = SIGNS.get(style.marker(place), "●")
        page.say(page.width - MARGIN - SIDE + 0.1, where, [sign], 9, shade=style.colour(place), va="center")
    says = "Net leverage by pair, mean of all runs: what these texts claim, not who is strong (marks: planned summits)"
    page.say(MARGIN, y + LINES + 0.1, [says], SMALL, bold=True, va="bottom")


def _planned(axes: Axes, ensemble: Ensemble, pairs: Sequence[str], reach: float) -> None:
    shown = [each for each in ensemble.scenario.summits if each.month <= ensemble.months and each.pair in pairs]
    for at, summit in enumerate(shown):
        place, above = pairs.index(summit.pair), sum(each.month == summit.month for each in shown[:at])
        y = reach * (0.11 * above - 1)  # two of one month stand one above the other
        axes.plot([summit.month] * 2, [-reach, y + 0.1 * reach], color=FAINT, linewidth=0.8)
        axes.plot(summit.month, y, style.marker(place), color=style.colour(place), markersize=6, clip_on=False)


def _ahead(ensemble: Ensemble, pair: Pair) -> str:
    """Which side of a pair is ahead where the line is above 0."""
    one, two = (state_name(ensemble.scenario.case, state) for state in pair.between)
    return f"{capital(one)} over {two}"
