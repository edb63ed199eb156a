"""A summit by hand, in plain Python numbers, written from MODEL.md (7.4) by somebody who had read neither
`sim.model` nor the formulas of an earlier calculation by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp, log
from typing import TYPE_CHECKING

from sim.inputs.schedule import Summit
from tests.model.by_hand_deal import FOR_GOOD, PACKAGES, PAIRS, RISING, Offer, Parts, add, sign

if TYPE_CHECKING:
    from tests.model.by_hand import HandRun

PUSHES = {"KU": (1, 0.5, 0), "KR": (1, 0.5, 0), "KP": (1,), "KS": (1,)}  # how far the terms are pressed
ROWS = 6  # of summit/PAIR: which offer, a fresh signature, whether the pair's own is used, two wishes, hurry
ISSUE_LEVERS = {
    "arsenal": ("arsenal", "freeze"), "sanctions": ("sanctions", "prc_enforcement"), "us_troops": ("us_troops",),
    "aid": ("aid",), "peace": ("peace",), "tests": ("strategic_tests",), "exercises": ("exercises",),
}  # fmt: skip


def logistic(odds: float) -> float:
    return 1 / (1 + exp(-odds))


# ---- who comes


def try_summit(run: HandRun, summit: Summit) -> None:
    """One try of a planned meeting that has not been held: in its window, in its month, or after it."""
    pair, sides = summit.pair, ("DPRK", PAIRS[summit.pair][0])
    draws = [run.draws.month(f"summit/{pair}", run.month, row, ROWS) for row in range(ROWS)]
    comes = {side: draws[3 + place] < logistic(wish(run, pair, side)) for place, side in enumerate(sides)}
    hurried = run.month >= summit.month or draws[5] < logistic(hurry(run, pair))
    if summit.certain or (all(comes.values()) and hurried):
        run.closed.add(summit)
        hold(run, pair, draws)
    elif run.month >= summit.month:
        run.x[f"calledoff.{pair}"] += 1
        for side in sides:
            run.x[f"refused.{pair}.{side}"] += not comes[side]
        after_a_refusal(run, pair)


def after_a_refusal(run: HandRun, pair: str) -> None:
    walkout = run.p["walkout"]
    if pair == "KP":
        add(run, prc_ties=-0.03)
    if pair == "KU":
        add(run, momentum=-0.5 * walkout, us_ties=-0.03, tension=0.02)
    if pair == "KS":
        add(run, rok_ties=-0.05, tension=0.02, momentum=-0.4 * walkout)


def wish(run: HandRun, pair: str, side: str) -> float:
    """Log odds of coming."""
    x, holds, odds = run.x, run.holds, run.p["wish_base"]
    if pair == "KP" and side == "DPRK":
        odds += 1.5 * (1 - x["prc_ties"]) * holds("turning-point-hope") - 0.5 * holds("purged-china-faction")
    if pair == "KP" and side == "PRC":
        odds += 1.5 * x["attention"] * (1 - x["met_prc"]) * holds("xi-left-out-of-summits")
        odds += (1 - x["met_prc"]) * holds("kim-intentions-premium")
        odds -= 2 * x["tests"] * holds("provocation-alienates-patron") + 3 * run.p["slight"] * x["prc_rank"]
    if pair == "KU":
        soured = min(3, max(0, x["walkouts.KU"] - x["deals.KU"]))
        odds += 3 * min(0, x["momentum"] - 0.4) - 0.4 * soured
        ahead = run.power("DPRK", "US") - run.power("US", "DPRK")
        odds += -ahead if side == "DPRK" else ahead
    if pair == "KU" and side == "DPRK":
        odds += x["met_prc"] * holds("allegiance-boosts-confidence")
        odds -= x["grievance"] * holds("conditional-disarmament-offer")
    if pair == "KU" and side == "US":
        odds -= 1.5 * x["strategic_tests"] + 0.4 * holds("no-appeasement-record")
        odds += 1.5 * (x["rok_ties"] - 0.4) * holds("us-waits-on-seoul-track")
    return odds


def hurry(run: HandRun, pair: str) -> float:
    """Log odds of bringing a meeting forward to this month."""
    odds = run.p["hurry_base"]
    if pair == "KP":
        first_meeting = 1 - run.x["first.KP.held"]
        odds += 3 * run.x["hawk"] * first_meeting * run.holds("hawk-hastens-beijing-trip") + 1.5 * run.x["soon_us"]
    return odds


# ---- the table


def hold(run: HandRun, pair: str, draws: list[float]) -> None:
    """Terms, offers, the one on the table, a deal or none, and what follows."""
    other = PAIRS[pair][0]
    terms = 0.5 + (run.power("DPRK", other) - run.power(other, "DPRK")) / 2
    y = {"DPRK": terms, other: 1 - terms}
    lean = run.p["precedent"] * min(1, run.x[f"deals.{pair}"])
    pressed = terms + lean * (run.x[f"struck.{pair}"] - terms)
    z = {"DPRK": pressed, other: 1 - pressed}
    offers = [
        offered(run, pair, package, push, y, z)
        for push in PUSHES[pair]
        for package in PACKAGES[pair]
        if package in run.scenario.case.packages
    ]
    picked, chance, deal = None, 0.0, False
    if offers:
        likely = [run.p["lam_pick"] * each.both * 2 * sum(z[side] * each.gain[side] for side in z) for each in offers]
        odds = [exp(each - max(likely)) for each in likely]
        chance = sum(odd * each.both for odd, each in zip(odds, offers, strict=True)) / sum(odds)
        picked = offers[drawn(draws[0] * sum(odds), odds)]
        own = run.draws.world(f"resolve/{pair}")
        deal = (own if draws[2] < run.p["resolve"] else draws[1]) < picked.both
    first = run.x[f"first.{pair}.held"] == 0
    note(run, pair, first, terms, chance, deal, picked)
    if deal and picked:
        sign(run, pair, picked, y, first)
    after_the_meeting(run, pair, deal, first)


def drawn(mark: float, odds: list[float]) -> int:
    """The offer at which the running sum passes a mark."""
    total = 0.0
    for place, odd in enumerate(odds):
        total += odd
        if mark < total:
            return place
    return len(odds) - 1


def offered(run: HandRun, pair: str, package: str, push: float, y: Parts, z: Parts) -> Offer:
    kim, theirs, whole = PACKAGES[pair][package]
    pushed = {side: 0.5 + push * (terms - 0.5) for side, terms in z.items()}
    one, other = pushed
    shares = {
        one: {lever: share(part, pushed[other], lever in whole) for lever, part in kim.items()},
        other: {lever: share(part, pushed[one], lever in whole) for lever, part in theirs.items()},
    }
    gain = {side: gained(run, pair, package, side, shares) for side in pushed}
    bar = friction(run, pair)
    accept = {}
    for side in pushed:
        worth = gain[side] + run.p["phi"] * (0.5 - y[side]) - bar[side]
        accept[side] = logistic(run.p["lam"] * worth + log(run.p["a0"] / (1 - run.p["a0"])))
    return Offer(package, pushed[one], shares, gain, accept)


def share(part: float, terms_of_other: float, whole: bool) -> float:
    """The odds of the part at parity times those of the other side's terms."""
    if whole or part == 1:
        return part
    return part * terms_of_other / (part * terms_of_other + (1 - part) * (1 - terms_of_other))


def level_after(x: Mapping[str, float], lever: str, shares: Mapping[str, Parts]) -> float:
    kept = 1.0
    for given in shares.values():
        kept *= 1 - given.get(lever, 0.0)
    return 1 - kept * (1 - x[lever]) if lever in RISING else x[lever] * kept


def gained(run: HandRun, pair: str, package: str, side: str, shares: Mapping[str, Parts]) -> float:
    """What a package is worth to a side."""
    x, p, start = run.x, run.p, run.start
    other = next(each for each in shares if each != side)
    levels = {lever: level_after(x, lever, shares) for levers in ISSUE_LEVERS.values() for lever in levers}
    relief = p["relief_for_disarmament"] if side != "DPRK" else 0.0
    disarmed = issue_after(run, "arsenal", levels, shares)
    total = 0.0
    for issue, levers in ISSUE_LEVERS.items():
        moved_by = {each for each in shares if any(lever in shares[each] for lever in levers)}
        if not moved_by:
            continue
        now, after = issue_now(run, issue), issue_after(run, issue, levels, shares)
        ideal_now = ideal_after = p[f"ideal.{side}.{issue}"]
        if issue == "sanctions":
            ideal_now *= 1 - relief + relief * min(1, x["arsenal"] / start["arsenal"])
            ideal_after *= 1 - relief + relief * min(1, disarmed / start["arsenal"])
        worth = p[f"salience.{side}.{issue}"] * (abs(ideal_now - now) - abs(ideal_after - after))
        total += worth if other in moved_by else min(0, worth)
    if package == "grand":
        total -= p["boldness"] if side == "DPRK" else p["remote"] * (1 - x["america_first"] / 2)
    mine, theirs = (for_good(run, shares[each], by_degree=True) for each in (side, other))
    total -= p["distrust"] * (1 - x[PAIRS[pair][1]]) * max(0, mine - p["link"] * theirs)
    mine, theirs = (for_good(run, shares[each], by_degree=False) for each in (side, other))
    return total - p["tied"] * abs(mine - theirs)


def issue_now(run: HandRun, issue: str) -> float:
    if issue == "tests":
        return run.start["tests"]
    return run.x["squeeze"] if issue == "sanctions" else run.x[issue]


def issue_after(run: HandRun, issue: str, levels: Parts, shares: Mapping[str, Parts]) -> float:
    if issue == "arsenal":
        frozen = levels["freeze"] - run.x["freeze"]
        return max(0, levels["arsenal"] - 12 * run.p["growth"] * frozen)
    if issue == "sanctions":
        return levels["sanctions"] * (0.3 + 0.7 * levels["prc_enforcement"])
    if issue == "tests":
        return run.start["tests"] * (1 - shares["DPRK"].get("strategic_tests", 0.0))
    return levels[issue]


def for_good(run: HandRun, given: Parts, by_degree: bool) -> float:
    return sum(
        (degree if by_degree else 1) * given.get(lever, 0.0) * run.x[lever] / run.start[lever]
        for lever, degree in FOR_GOOD.items()
    )


def friction(run: HandRun, pair: str) -> Parts:
    """What stands against signing, by side."""
    x, p, holds, other = run.x, run.p, run.holds, PAIRS[pair][0]
    if pair != "KU":
        found = {"DPRK": -0.2, other: -0.2}
        if pair == "KP":
            first_meeting = 1 - x["first.KP.held"]
            found["PRC"] += 0.3 * x["tests"] * holds("provocation-alienates-patron")
            found["PRC"] += p["slight"] * x["prc_rank"] * first_meeting
        return found
    audience = p["f_audience"] * max(x["tests"], x["tension"])
    linked = 0.15 * x["tariffs"] * x["trade_talks"] * max(x["prc_ties"], x["met_prc"]) * holds("trade-talks-linkage")
    return {
        "DPRK": audience + 0.15 * x["prc_ties"] * x["met_prc"] * holds("coordinated-front"),
        "US": audience + p["f_hawk"] * x["hawk"] - 0.1 * x["met_prc"] * holds("xi-summit-shapes-us-summit") - linked,
    }


# ---- what follows


def note(run: HandRun, pair: str, first: bool, terms: float, chance: float, deal: bool, picked: Offer | None) -> None:
    """What is remembered of the pair's first and of its last meeting."""
    x = run.x
    x[f"last.{pair}.terms"], x[f"last.{pair}.deal"] = terms, float(deal)
    x[f"{'deals' if deal else 'walkouts'}.{pair}"] += 1
    if not first:
        return
    found = {"held": 1.0, "month": float(run.month), "terms": terms, "chance": chance, "deal": float(deal)}
    x.update({f"first.{pair}.{name}": value for name, value in found.items()})
    if picked:
        x[f"tabled.{picked.package.replace('-', '_')}"] = 1.0
        x.update({f"first.{pair}.signs.{side}": value for side, value in picked.accept.items()})


def after_the_meeting(run: HandRun, pair: str, deal: bool, first: bool) -> None:
    x, p = run.x, run.p
    slighted = p["slight"] * x["prc_rank"] if first else 0.0
    if pair == "KP" and deal:
        add(run, prc_ties=0.15 - slighted, tension=-0.02, momentum=0.1 * p["lift"])
    elif pair == "KP":
        add(run, prc_ties=-0.05 - slighted, tension=0.01, momentum=-0.2 * p["walkout"])
    elif pair == "KU" and deal:
        add(run, us_ties=0.2, tension=-0.15, momentum=p["lift"])
    elif pair == "KU":
        threat = p["cocked"] * x["hawk"]
        add(run, us_ties=-0.08, tension=0.05 + 0.1 * threat, momentum=-p["walkout"], pressure=0.2 * threat)
    elif pair == "KS" and deal:
        add(run, rok_ties=0.12, tension=-0.07 * p["thaw"], momentum=0.3 * p["lift"])
    elif pair == "KS":
        add(run, rok_ties=-0.05, tension=0.02, momentum=-0.4 * p["walkout"])
    else:
        add(run, rus_ties=0.15 if deal else -0.05)
    x[PAIRS[pair][2]] = 1.0
    if first and pair != "KP" and not x["first.KP.held"]:
        x["prc_rank"] += 1 / 3
