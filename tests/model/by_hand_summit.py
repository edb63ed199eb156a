"""A summit and a deal by hand, in plain Python numbers, written from MODEL.md (7.4) and not from the code."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING

from sim.inputs.schedule import Summit

if TYPE_CHECKING:
    from tests.model.by_hand import HandRun

# pair -> the state that meets the DPRK, its tie, its recency
PAIRS = {
    "KP": ("PRC", "prc_ties", "met_prc"),
    "KU": ("US", "us_ties", "met_us"),
    "KS": ("ROK", "rok_ties", "met_rok"),
    "KR": ("RUS", "rus_ties", "met_rus"),
}
TALLIED = ("deals", "walkouts", "calledoff", "collapses", "accord")
FIRST = ("held", "month", "terms", "chance", "deal")
UP = ("aid", "peace", "freeze")
FOR_GOOD = {"arsenal": 1.0, "us_troops": 0.3}  # how far what is given of it is given for good
MONTHS = {"arsenal": 36, "us_troops": 36, "sanctions": 12, "peace": 12, "aid": 12, "exercises": 0, "freeze": 0}  # KU
GIVEN_BY = {
    "arsenal": "DPRK", "freeze": "DPRK", "us_troops": "US", "sanctions": "US", "peace": "US", "aid": "US",
    "exercises": "US",
}  # fmt: skip
MOVED_BY = {
    "arsenal": {"arsenal", "freeze"}, "sanctions": {"sanctions", "prc_enforcement"}, "tests": {"strategic_tests"},
    "us_troops": {"us_troops"}, "aid": {"aid"}, "peace": {"peace"}, "exercises": {"exercises"},
}  # fmt: skip
HAGGLE = {"KU": (1, 0.5, 0), "KR": (1, 0.5, 0), "KP": (1,), "KS": (1,)}
ROWS = 6  # of summit/PAIR: which offer, a fresh signature, whether the pair's own is used, two wishes, hurry

# pair -> package -> (what the DPRK gives, what the other gives, what is given whole)
Parts = dict[str, float]
PACKAGES: dict[str, dict[str, tuple[Parts, Parts, tuple[str, ...]]]] = {
    "KU": {
        "freeze-for-freeze": ({"strategic_tests": 0.8, "short_range_tests": 0.5}, {"exercises": 0.7}, ()),
        "interim": (
            {"arsenal": 0.35, "freeze": 0.7, "strategic_tests": 0.8, "short_range_tests": 0.5},
            {"sanctions": 0.35, "exercises": 0.7, "peace": 0.4},
            (),
        ),
        "disarm-for-relief": (
            {"arsenal": 0.95, "freeze": 1, "strategic_tests": 1, "short_range_tests": 0.6},
            {"sanctions": 0.9, "exercises": 0.7, "aid": 0.5, "peace": 0.7},
            ("arsenal",),
        ),
        "grand": (
            {"arsenal": 1, "freeze": 1, "strategic_tests": 1, "short_range_tests": 0.6},
            {"us_troops": 1, "exercises": 0.8, "sanctions": 0.6, "aid": 0.4, "peace": 0.8},
            ("arsenal", "us_troops"),
        ),
    },
    "KP": {"backing": ({"strategic_tests": 0.5}, {"prc_enforcement": 0.12, "aid": 0.06}, ())},
    "KS": {"thaw": ({"strategic_tests": 0.3, "short_range_tests": 0.3, "peace": 0.25}, {"aid": 0.05}, ())},
    "KR": {"route": ({"strategic_tests": 0.2}, {"aid": 0.06, "sanctions": 0.02}, ())},
}
# tie at deal, at a meeting without one; tension at deal, without; share of lift, of walkout
AFTER = {
    "KP": (0.15, -0.05, -0.02, 0.01, 0.1, 0.2),
    "KU": (0.2, -0.08, -0.15, 0.05, 1, 1),
    "KS": (0.12, -0.05, -0.07, 0.02, 0.3, 0.4),
    "KR": (0.15, -0.05, 0, 0, 0, 0),
}


@dataclass
class HandOffer:
    """A package at terms pressed so far: shares by giver, gains, chances to accept, weight among the offers."""

    name: str
    push: float
    given: dict[str, Parts]
    gains: dict[str, float]
    accepts: dict[str, float]
    weight: float = 0.0

    @property
    def both(self) -> float:
        one, two = self.accepts.values()
        return one * two


def logistic(x: float) -> float:
    return 1 / (1 + exp(-x))


def try_summit(run: HandRun, summit: Summit) -> None:
    """A summit that is due: who comes, and what follows of it."""
    x, p, pair = run.x, run.p, summit.pair
    planned = run.month >= summit.month
    if not planned and run.draws.month(f"summit/{pair}", run.month, 5, ROWS) >= logistic(
        p["hurry_base"] + hurry(run, pair)
    ):
        return
    sides = ("DPRK", PAIRS[pair][0])
    stays = [
        not summit.certain
        and run.draws.month(f"summit/{pair}", run.month, 3 + place, ROWS)
        >= logistic(p["wish_base"] + wish(run, pair, side))
        for place, side in enumerate(sides)
    ]
    if not any(stays):
        run.closed.add(summit)
        hold_summit(run, pair)
    elif planned:
        x[f"calledoff.{pair}"] += 1
        for side, stayed in zip(sides, stays, strict=True):
            x[f"refused.{pair}.{side}"] += stayed
        if pair == "KU":
            x["momentum"] -= 0.5 * p["walkout"]
            x["us_ties"] -= 0.03
            x["tension"] += 0.02
        elif pair == "KP":
            x["prc_ties"] -= 0.03
        elif pair == "KS":  # as a meeting without a deal
            x["rok_ties"] -= 0.05
            x["tension"] += 0.02
            x["momentum"] -= 0.4 * p["walkout"]
        run.clip()


def wish(run: HandRun, pair: str, side: str) -> float:
    """Log odds, over wish_base, that a side comes."""
    x, holds = run.x, run.holds
    if pair == "KU":
        mood = 3 * min(0, x["momentum"] - 0.4) - 0.4 * min(3, max(0, x["walkouts.KU"] - x["deals.KU"]))
        mine, theirs = run.power("DPRK", "US"), run.power("US", "DPRK")
        if side == "DPRK":
            mood += theirs - mine - x["grievance"] * holds("conditional-disarmament-offer")
            return mood + x["met_prc"] * holds("allegiance-boosts-confidence")
        mood += mine - theirs - 1.5 * x["strategic_tests"] - 0.4 * holds("no-appeasement-record")
        return mood + 1.5 * (x["rok_ties"] - 0.4) * holds("us-waits-on-seoul-track")
    if pair == "KP" and side == "DPRK":
        return 1.5 * (1 - x["prc_ties"]) * holds("turning-point-hope") - 0.5 * holds("purged-china-faction")
    if pair == "KP":
        pull = 1.5 * x["attention"] * (1 - x["met_prc"]) * holds("xi-left-out-of-summits")
        pull += (1 - x["met_prc"]) * holds("kim-intentions-premium")
        return pull - 2 * x["tests"] * holds("provocation-alienates-patron") - 3 * run.p["slight"] * x["prc_rank"]
    return 0.0


def hurry(run: HandRun, pair: str) -> float:
    if pair != "KP":
        return 0.0
    first = run.x["first.KP.held"] == 0
    return 3 * run.x["hawk"] * first * run.holds("hawk-hastens-beijing-trip") + 1.5 * run.x["soon_us"]


def terms(run: HandRun, pair: str) -> tuple[dict[str, float], dict[str, float]]:
    """y and z by side: the terms, and the terms pressed with a deal of the pair behind it."""
    x, other = run.x, PAIRS[pair][0]
    y = 0.5 + (run.power("DPRK", other) - run.power(other, "DPRK")) / 2
    z = y + run.p["precedent"] * min(1, x[f"deals.{pair}"]) * (x[f"struck.{pair}"] - y)
    return {"DPRK": y, other: 1 - y}, {"DPRK": z, other: 1 - z}


def table(run: HandRun, pair: str) -> list[HandOffer]:
    """Every offer with its gains, chances and weight."""
    p, (other, tie, _) = run.p, PAIRS[pair]
    y, z = terms(run, pair)
    rub = friction(run, pair)
    offers = []
    for push in HAGGLE[pair]:
        at = {side: 0.5 + push * (each - 0.5) for side, each in z.items()}
        for name, (ours, others, whole) in PACKAGES[pair].items():
            if name in run.scenario.case.packages:
                given = {"DPRK": signed(ours, whole, at[other]), other: signed(others, whole, at["DPRK"])}
                gains = {side: gain(run, side, given, run.x[tie], name) for side in given}
                habit = log(p["a0"] / (1 - p["a0"]))
                net = {side: gains[side] + p["phi"] * (0.5 - y[side]) - rub[side] for side in given}
                accept = {side: logistic(p["lam"] * net[side] + habit) for side in given}
                offers.append(HandOffer(name, push, given, gains, accept))
    for offer in offers:
        shared = sum(z[side] * offer.gains[side] for side in z)
        offer.weight = exp(p["lam_pick"] * offer.both * 2 * shared)
    return offers


def hold_summit(run: HandRun, pair: str) -> None:
    """Terms, offers, acceptance, a deal or none, and what follows."""
    x, p, (_, _, met) = run.x, run.p, PAIRS[pair]
    first = x[f"first.{pair}.held"] == 0
    settle(run, pair, table(run, pair), first)
    if first and pair == "KP":
        x["prc_ties"] -= p["slight"] * x["prc_rank"]
    run.clip()
    x[met] = 1.0
    if x["first.KP.held"] == 0:
        x["prc_rank"] = sum(x[f"first.{each}.held"] for each in ("KU", "KS", "KR")) / 3


def friction(run: HandRun, pair: str) -> dict[str, float]:
    x, p, other, holds = run.x, run.p, PAIRS[pair][0], run.holds
    if pair == "KU":
        audience = p["f_audience"] * max(x["tests"], x["tension"])
        theirs = audience + p["f_hawk"] * x["hawk"] - 0.1 * x["met_prc"] * holds("xi-summit-shapes-us-summit")
        linked = holds("trade-talks-linkage") * max(x["prc_ties"], x["met_prc"])
        theirs -= 0.15 * x["tariffs"] * x["trade_talks"] * linked
        return {"DPRK": audience + 0.15 * x["prc_ties"] * x["met_prc"] * holds("coordinated-front"), other: theirs}
    theirs = -0.2
    if pair == "KP":
        theirs += 0.3 * x["tests"] * holds("provocation-alienates-patron")
        theirs += p["slight"] * x["prc_rank"] if x["first.KP.held"] == 0 else 0.0
    return {"DPRK": -0.2, other: theirs}


def signed(parts: Parts, whole: tuple[str, ...], terms_of_other: float) -> Parts:
    """The odds of a share are the odds of its part times those of the other side's terms; whole parts do not move."""
    t = terms_of_other
    return {
        lever: part if lever in whole else part * t / (part * t + (1 - part) * (1 - t)) for lever, part in parts.items()
    }


def moved(x: Parts, lever: str, given: dict[str, Parts]) -> float:
    """The level of a lever after the package in full."""
    left = 1.0
    for parts in given.values():
        left *= 1 - parts.get(lever, 0.0)
    return 1 - (1 - x[lever]) * left if lever in UP else x[lever] * left


def issue_levels(run: HandRun, given: dict[str, Parts]) -> dict[str, tuple[float, float]]:
    """Of every issue that the package moves: its level now and after."""
    x, p, x0 = run.x, run.p, run.start
    touched = {lever for parts in given.values() for lever in parts}
    after = {lever: moved(x, lever, given) for lever in touched}
    levels: dict[str, tuple[float, float]] = {}
    if touched & MOVED_BY["arsenal"]:
        grown = 12 * p["growth"] * (after.get("freeze", x["freeze"]) - x["freeze"])
        levels["arsenal"] = (x["arsenal"], max(0.0, after.get("arsenal", x["arsenal"]) - grown))
    if touched & MOVED_BY["sanctions"]:
        bite = 0.3 + 0.7 * after.get("prc_enforcement", x["prc_enforcement"])
        now = x["sanctions"] * (0.3 + 0.7 * x["prc_enforcement"])
        levels["sanctions"] = (now, after.get("sanctions", x["sanctions"]) * bite)
    if "strategic_tests" in touched:
        levels["tests"] = (x0["tests"], x0["tests"] * (1 - given["DPRK"]["strategic_tests"]))
    return levels | {
        lever: (x[lever], after[lever]) for lever in ("us_troops", "aid", "peace", "exercises") if lever in touched
    }


def gain(run: HandRun, side: str, given: dict[str, Parts], tie: float, name: str) -> float:
    """Salience-weighted way toward the ideal points, less costs, distrust, and a hostage without the other."""
    x, p, x0 = run.x, run.p, run.start
    other = next(each for each in given if each != side)
    levels = issue_levels(run, given)
    arsenal_now, arsenal_then = levels.get("arsenal", (x["arsenal"], x["arsenal"]))
    total = 0.0
    for issue, (now, then) in levels.items():
        ideal_now = ideal_then = p[f"ideal.{side}.{issue}"]
        if issue == "sanctions" and side != "DPRK":
            h = p["relief_for_disarmament"]
            ideal_now *= 1 - h + h * min(1, arsenal_now / x0["arsenal"])
            ideal_then *= 1 - h + h * min(1, arsenal_then / x0["arsenal"])
        worth = p[f"salience.{side}.{issue}"] * (abs(ideal_now - now) - abs(ideal_then - then))
        total += worth if MOVED_BY[issue] & set(given[other]) else min(0.0, worth)
    if name == "grand":
        total -= p["boldness"] if side == "DPRK" else p["remote"] * (1 - x["america_first"] / 2)
    gone = {s: {k: f * x[k] / x0[k] for k, f in given[s].items() if k in FOR_GOOD} for s in given}
    weighed = {s: sum(FOR_GOOD[k] * amount for k, amount in gone[s].items()) for s in gone}
    total -= p["distrust"] * (1 - tie) * max(0.0, weighed[side] - p["link"] * weighed[other])
    return total - p["tied"] * abs(sum(gone[side].values()) - sum(gone[other].values()))


def settle(run: HandRun, pair: str, offers: list[HandOffer], first: bool) -> None:
    """Which offer, signed or not, and what is carried out."""
    x, p, (_, tie, _) = run.x, run.p, PAIRS[pair]
    y, z = terms(run, pair)
    uniform = [run.draws.month(f"summit/{pair}", run.month, row, ROWS) for row in range(3)]
    total = sum(offer.weight for offer in offers)
    picked, reach = offers[0], 0.0
    for offer in offers:
        if uniform[0] * total >= reach:
            picked = offer
        reach += offer.weight
    draw = run.draws.world(f"resolve/{pair}") if uniform[2] < p["resolve"] else uniform[1]
    deal = draw < picked.both
    x[f"deals.{pair}"] += deal
    x[f"walkouts.{pair}"] += not deal
    x[f"last.{pair}.terms"], x[f"last.{pair}.deal"] = y["DPRK"], float(deal)
    if first:
        chance = sum(offer.weight * offer.both for offer in offers) / total
        kept = (1.0, float(run.month), y["DPRK"], chance, float(deal))
        x.update({f"first.{pair}.{what}": value for what, value in zip(FIRST, kept, strict=True)})
        x.update({f"first.{pair}.signs.{side}": chance for side, chance in picked.accepts.items()})
        x[f"tabled.{picked.name.replace('-', '_')}"] = 1.0
    if deal:
        x[f"struck.{pair}"] = 0.5 + picked.push * (z["DPRK"] - 0.5)
        give_at_signature(run, pair, picked, y, first)
    mood(run, pair, tie, deal)


def give_at_signature(run: HandRun, pair: str, offer: HandOffer, y: dict[str, float], first: bool) -> None:
    """What is given at once, what falls due, what is promised and received."""
    x, p = run.x, run.p
    done = {side: (p["follow"] * (1 - p[f"shortfall_{side}"])) ** (2 * y[side]) for side in offer.given}
    both_for_good = all(set(parts) & set(FOR_GOOD) for parts in offer.given.values())
    before = dict(x)
    for giver, parts in offer.given.items():
        amount = sum(promise(run, lever) * f for lever, f in parts.items())
        x[f"promised.{pair}.{giver}"] += amount
        if first:
            x[f"first.{pair}.promised.{giver}"] = amount
    for giver, parts in offer.given.items():
        for lever, f in parts.items():
            carried = done[giver]
            if both_for_good and lever in FOR_GOOD:
                carried += p["paired"] * (min(done.values()) - carried)
            if pair == "KU" and MONTHS.get(lever, 0) > 0:
                x[f"due.{lever}"] = max(x[f"due.{lever}"], f * carried * left(x, lever))
                continue
            worth, level = promise(run, lever), x[lever]
            x[lever] = level + f * carried * (1 - level) if lever in UP else level * (1 - f * carried)
            x[f"received.{pair}.{giver}"] += worth - promise(run, lever)
            if pair == "KU" and lever in MONTHS:
                x[f"got.{lever}"] += abs(x[lever] - level)
    if pair == "KU":
        x["accord.KU"] = 1.0
        for lever, months in MONTHS.items():
            if months > 0:
                x[f"rate.{lever}"] = max(x[f"rate.{lever}"], left(before, lever) / months)


def left(x: Parts, lever: str) -> float:
    return 1 - x[lever] if lever in UP else x[lever]


def mood(run: HandRun, pair: str, tie: str, deal: bool) -> None:
    x, p = run.x, run.p
    tie_deal, tie_without, calm_deal, calm_without, lift, walkout = AFTER[pair]
    if pair == "KS":
        calm_deal *= p["thaw"]
    cocked = p["cocked"] * x["hawk"] if pair == "KU" and not deal else 0.0
    x[tie] += tie_deal if deal else tie_without
    x["tension"] += calm_deal if deal else calm_without + 0.1 * cocked
    x["pressure"] += 0.2 * cocked
    x["momentum"] += lift * p["lift"] if deal else -walkout * p["walkout"]


def promise(run: HandRun, lever: str) -> float:
    """Weight of a lever times what there is of it to give (MODEL.md 7.7)."""
    x, x0 = run.x, run.start
    ratio = {"sanctions": 0.45, "prc_enforcement": 0.6, "us_troops": 0.2, "exercises": 0.2, "arsenal": 0.4}
    if lever in ratio:
        return ratio[lever] * x[lever] / x0[lever]
    if lever in ("strategic_tests", "short_range_tests"):
        return {"strategic_tests": 0.45, "short_range_tests": 0.15}[lever] * x[lever]
    return {"aid": 0.4, "peace": 0.15}[lever] * (1 - x[lever]) if lever != "freeze" else 0.0


def month_of_a_deal(run: HandRun) -> None:
    """A strained deal with Washington breaks, else this month's part of it is given."""
    x, p = run.x, run.p
    if run.draws.month("chance/breach", run.month) < x["accord.KU"] * min(1, x["strain"]):
        x["accord.KU"], x["collapses.KU"] = 0.0, x["collapses.KU"] + 1
        for lever, giver in GIVEN_BY.items():
            worth = promise(run, lever)
            back = p["snap_back"] * (1 - FOR_GOOD.get(lever, 0.0)) * x[f"got.{lever}"]
            x[lever] = max(0.0, x[lever] - back) if lever in UP else x[lever] + back
            x[lever] = x[lever] if lever == "arsenal" else min(1.0, x[lever])
            x[f"received.KU.{giver}"] -= promise(run, lever) - worth
            x.update({f"{what}.{lever}": 0.0 for what in ("due", "rate", "got")})
        x["momentum"] -= p["walkout"]
        x["us_ties"] -= 0.08
        x["tension"] += 0.1
        run.clip()
    for lever, giver in GIVEN_BY.items():
        part = min(x[f"due.{lever}"], x[f"rate.{lever}"])
        worth, level = promise(run, lever), x[lever]
        x[lever] = min(1.0, level + part) if lever in UP else max(0.0, level - part)
        x[f"due.{lever}"] -= part
        x[f"got.{lever}"] += abs(x[lever] - level)
        x[f"received.KU.{giver}"] += worth - promise(run, lever)
