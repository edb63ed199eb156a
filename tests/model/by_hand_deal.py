"""A deal by hand: what is in it, what is carried out at once and month by month, what comes back (MODEL.md 7.4).

Written from MODEL.md by somebody who had read neither `sim.model` nor the formulas of an earlier calculation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.model.by_hand import HandRun

Parts = dict[str, float]

# pair -> the state that meets the DPRK, its tie, its recency
PAIRS = {
    "KP": ("PRC", "prc_ties", "met_prc"),
    "KU": ("US", "us_ties", "met_us"),
    "KS": ("ROK", "rok_ties", "met_rok"),
    "KR": ("RUS", "rus_ties", "met_rus"),
}
TALLIED = ("deals", "walkouts", "calledoff", "collapses", "accord")
FIRST = ("held", "month", "terms", "chance", "deal")

# pair -> package -> (what the DPRK gives at parity, what the other gives, what is given whole)
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
RISING = ("freeze", "aid", "peace")  # levers that are given by raising them
FOR_GOOD = {"arsenal": 1.0, "us_troops": 0.3}  # degree to which what is given cannot be taken back
# of a deal with Washington: the months over which a lever is given, and who gives it
MONTHS = {"arsenal": 36, "us_troops": 36, "sanctions": 12, "peace": 12, "aid": 12, "exercises": 0, "freeze": 0}
GIVEN_BY = {lever: "DPRK" if lever in ("arsenal", "freeze") else "US" for lever in MONTHS}
# lever -> weight of what is promised
WORTH = {
    "sanctions": 0.45, "exercises": 0.2, "us_troops": 0.2, "peace": 0.15, "prc_enforcement": 0.6, "aid": 0.4,
    "strategic_tests": 0.45, "short_range_tests": 0.15, "arsenal": 0.4,
}  # fmt: skip


@dataclass
class Offer:
    """A package with the terms pressed so far: what each side gives, gains and would accept."""

    package: str
    struck: float  # the terms of the DPRK in it
    shares: dict[str, Parts]
    gain: dict[str, float]
    accept: dict[str, float]

    @property
    def both(self) -> float:
        one, other = self.accept.values()
        return one * other


def add(run: HandRun, **changes: float) -> None:
    """Adds to levels, each of which stays between 0 and 1."""
    for name, change in changes.items():
        run.x[name] = min(1.0, max(0.0, run.x[name] + change))


def sign(run: HandRun, pair: str, offer: Offer, y: Parts, first: bool) -> None:
    """What was promised is counted and carried out: at once, or from now on month by month."""
    x, p = run.x, run.p
    x[f"struck.{pair}"] = offer.struck
    done = {side: (p["follow"] * (1 - p[f"shortfall_{side}"])) ** (2 * y[side]) for side in offer.shares}
    hostages = all(FOR_GOOD.keys() & given.keys() for given in offer.shares.values())
    for side, given in offer.shares.items():
        promised = sum(part * worth(run, lever) for lever, part in given.items())
        x[f"promised.{pair}.{side}"] += promised
        if first:
            x[f"first.{pair}.promised.{side}"] = promised
    carried = {}
    for side, given in offer.shares.items():
        for lever, part in given.items():
            kept = done[side]
            if hostages and lever in FOR_GOOD:
                kept += p["paired"] * (min(done.values()) - kept)
            carried[side, lever] = part * kept
    for (side, lever), part in carried.items():
        if pair != "KU" or lever not in MONTHS:
            move(run, pair, side, lever, part * to_give(run, lever))
    if pair == "KU":
        x["accord.KU"] = 1.0
        for lever, months in MONTHS.items():
            room = to_give(run, lever)
            x[f"due.{lever}"] = max(x[f"due.{lever}"], carried.get((GIVEN_BY[lever], lever), 0.0) * room)
            if months == 0:
                give_a_part(run, lever, room)
            else:
                x[f"rate.{lever}"] = max(x[f"rate.{lever}"], room / months)


def to_give(run: HandRun, lever: str) -> float:
    return 1 - run.x[lever] if lever in RISING else run.x[lever]


def worth(run: HandRun, lever: str) -> float:
    """Weight times what there is to give; a freeze has none."""
    over = run.start[lever] if lever in ("sanctions", "exercises", "us_troops", "prc_enforcement", "arsenal") else 1
    return WORTH.get(lever, 0.0) * to_give(run, lever) / over


def move(run: HandRun, pair: str, side: str, lever: str, amount: float) -> None:
    """Gives so much of a lever (or takes it back, where it is negative), and counts it as received."""
    before = worth(run, lever)
    run.x[lever] += amount if lever in RISING else -amount
    run.x[f"received.{pair}.{side}"] += before - worth(run, lever)


def give_a_part(run: HandRun, lever: str, most: float) -> None:
    x = run.x
    owed = min(x[f"due.{lever}"], most)
    part = min(owed, to_give(run, lever))
    move(run, "KU", GIVEN_BY[lever], lever, part)
    x[f"due.{lever}"] -= owed
    x[f"got.{lever}"] += part


def month_of_a_deal(run: HandRun) -> None:
    """A standing deal with Washington collapses, or this month's part of it is given."""
    x, p = run.x, run.p
    if run.draws.month("chance/breach", run.month) < x["accord.KU"] * min(1, x["strain"]):
        x["accord.KU"] = 0.0
        x["collapses.KU"] += 1
        for lever, side in GIVEN_BY.items():
            back = p["snap_back"] * (1 - FOR_GOOD.get(lever, 0.0)) * x[f"got.{lever}"]
            room = x[lever] if lever in RISING else max(0.0, 1 - x[lever])  # the arsenal may be past 1
            move(run, "KU", side, lever, -min(back, room))
            x.update({f"{what}.{lever}": 0.0 for what in ("due", "rate", "got")})
        add(run, momentum=-p["walkout"], us_ties=-0.08, tension=0.1)
    for lever in MONTHS:
        give_a_part(run, lever, x[f"rate.{lever}"])
