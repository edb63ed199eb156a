"""One run at a time by hand, in plain Python numbers, written from MODEL.md by somebody who had read neither
`sim.model` nor the formulas of an earlier calculation by hand.

The numbers of the text stand here again, so that the text is what is tested; what a reader's setting may change
(ranges, credences, weights, calendars) comes from the scenario. ``by_hand_summit.py`` and ``by_hand_deal.py`` have 7.4,
``by_hand_world.py`` has 7.1, ``by_hand_end.py`` has 7.7. No scenario that is followed has seasons, conditions, chances
or events that end.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import exp, prod
from types import CodeType

from sim.inputs.ledger import Claim, Link
from sim.inputs.scenario import Scenario
from sim.inputs.schedule import Summit
from tests.model.by_hand_deal import FIRST, GIVEN_BY, PACKAGES, PAIRS, TALLIED, month_of_a_deal
from tests.model.by_hand_end import measures, outcome
from tests.model.by_hand_summit import try_summit
from tests.model.by_hand_world import STATES, Draws, HandWorld, Uniforms, draw_world

# 7.3: what the three options of each state add a month, in the order of the table
EFFECTS: dict[str, tuple[dict[str, float], dict[str, float], dict[str, float]]] = {
    "DPRK": (
        {"momentum": 0.01},
        {"tension": 0.015, "momentum": -0.02},
        {"tension": 0.1, "momentum": -0.1, "prc_ties": -0.04, "us_ties": -0.03, "strain": 0.5, "sanctions": 0.03},
    ),
    "US": (
        {"exercises": -0.04, "sanctions": -0.005, "tension": -0.02, "pressure": -0.1},
        {},
        {
            "exercises": 0.04, "sanctions": 0.02, "tension": 0.03, "us_ties": -0.02, "momentum": -0.02,
            "strain": 0.25, "pressure": 0.1,
        },
    ),
    "PRC": (
        {"prc_enforcement": -0.03, "aid": 0.015, "prc_ties": 0.01},
        {},
        {"prc_enforcement": 0.03, "prc_ties": -0.02},
    ),
    "ROK": (
        {"rok_ties": 0.03, "aid": 0.005, "peace": 0.01, "tension": -0.01, "momentum": 0.01},
        {},
        {"rok_ties": -0.03, "tension": 0.01, "momentum": -0.02},  # and drills, which depend on their level
    ),
    "RUS": ({"rus_ties": 0.02, "aid": 0.008, "sanctions": -0.003}, {}, {"rus_ties": -0.02, "sanctions": 0.003}),
}  # fmt: skip
DECAY = {"strategic_tests": 0.85, "short_range_tests": 0.8, "aid": 0.97, "strain": 0.0}  # 7.5, with the moves
MET = [met for _, _, met in PAIRS.values()]


class HandRun:
    """One run of a scenario, month by month: ``x`` has every level, tally and mean by name."""

    def __init__(self, scenario: Scenario, uniforms: Uniforms, run: int) -> None:
        assert not scenario.occasions, "by hand, nothing has a condition or a chance"
        assert all(event.until is None for event in scenario.events), "by hand, no event ends"
        self.scenario, self.draws = scenario, Draws(uniforms, run)
        self.world: HandWorld = draw_world(scenario, self.draws)
        self.p = self.world.numbers
        self.x: dict[str, float] = dict(self.world.start)
        self.x |= dict.fromkeys(("ahead", "soon_us", "prc_rank", "fatal", *MET), 0.0)
        self.x |= _tallies(scenario)
        self.month = 0
        self.closed: set[Summit] = set()
        self.pinned: dict[str, float] = {}
        self.choice: dict[str, int] = {}
        self.leverage: dict[tuple[str, str], float] = {}
        self.derive()
        self.start: dict[str, float] = dict(self.x)

    def holds(self, claim: str) -> float:
        return float(self.world.holds.get(claim, False))

    def power(self, one: str, other: str) -> float:
        """Leverage of one state over another."""
        return self.leverage[one, other]

    # ---- the order of a month (section 3)

    def step(self) -> None:
        self.events()
        self.leverage = all_leverage(self)
        self.moves()
        month_of_a_deal(self)
        for met in MET:
            self.x[met] *= exp(-1 / self.p["tau_met"])
        self.summits()
        self.drift()
        self.x.update(self.pinned)
        hazard = 10 ** self.p["log10_h0"] * self.p["fatal_ratio"] * exp(self.p["h1"] * self.x["tension"])
        if self.draws.month("chance/hazard", self.month) < hazard:
            self.x["fatal"] = 1.0
        self.derive()
        self.record()
        self.month += 1

    def events(self) -> None:
        """What the scenario sets, shifts or pins; then the flags, which foresee two months, and derived variables."""
        self.forced: dict[str, int] = {}
        for event in self.scenario.events:
            if event.month != self.month:
                continue
            if event.action == "move":
                self.forced[event.variable] = int(event.value)
                continue
            before = self.x[event.variable] if event.action == "shift" else 0.0
            self.x[event.variable] = before + event.value
            if event.action == "pin":
                self.pinned[event.variable] = event.value
                self.x[f"pinned.{event.variable}"] = 1.0
        self.clip()
        near = {each.pair for each in self.scenario.summits if 0 <= each.month - self.month <= 2}
        self.x["ahead"], self.x["soon_us"] = float(bool(near & {"KU", "KS"})), float("KU" in near)
        self.derive()

    def derive(self) -> None:
        """Derived variables (section 2), in order."""
        x = self.x
        x["tests"] = max(x["strategic_tests"], 0.5 * x["short_range_tests"])
        x["squeeze"] = x["sanctions"] * (0.3 + 0.7 * x["prc_enforcement"])
        patrons = max(x["prc_ties"] * (1 - 0.5 * x["squeeze"]), 0.5 * x["rus_ties"], x["aid"])
        x["alternatives"] = self.p["options"] * patrons
        x["ties_mean"] = (x["prc_ties"] + x["rus_ties"] + x["us_ties"] + x["rok_ties"]) / 4
        x["attention"] = max(x["met_prc"], x["met_us"], x["met_rok"], 0.8 * x["ahead"])
        x["channel"] = min(1.0, 0.2 + 0.6 * x["met_us"] + 0.3 * x["soon_us"])
        x["stall"] = 1 - x["momentum"]

    def clip(self) -> None:
        """Every level lies between 0 and 1, but the arsenal may pass 1."""
        for name in self.world.start:
            most = float("inf") if name == "arsenal" else 1.0
            self.x[name] = min(most, max(0.0, self.x[name]))

    def summits(self) -> None:
        """Those that are due, in order: the first rests on the month's leverage, a later one on its own anew (7.4)."""
        now, planned = self.month, self.scenario.summits
        due = [each for each in planned if each.month - each.early <= now <= each.month + each.late]
        for place, summit in enumerate(due):  # one that has been held already still counts as the first
            self.derive()
            if place > 0:
                anew, other = all_leverage(self), PAIRS[summit.pair][0]
                self.leverage |= {each: anew[each] for each in (("DPRK", other), (other, "DPRK"))}
            if summit not in self.closed:
                try_summit(self, summit)

    def drift(self) -> None:
        """What time does, in the order of the table in 7.5."""
        x, p, start = self.x, self.p, self.start
        free = 1 - x["accord.KU"]
        x["momentum"] *= 1 - p["fade"]
        x["prc_ties"] -= p["cooling"] * (x["prc_ties"] - start["prc_ties"])
        x["exercises"] += p["resume"] * free * (start["exercises"] - x["exercises"])
        x["pressure"] -= 0.1 * (x["pressure"] - 0.5)
        unrewarded = (1 - x["strategic_tests"]) * free - x["grievance"] * x["accord.KU"]
        x["grievance"] += p["impatience"] * unrewarded
        noise = self.draws.month("chance/tension", self.month) - 0.5
        jolt = p["shock"] * 3.46 * noise
        x["tension"] += p["nerve"] * max(0.0, 1 - 2 * x["momentum"]) - p["cool"] * (x["tension"] - p["calm"]) + jolt
        x["arsenal"] += p["growth"] * (1 - x["freeze"])
        self.clip()

    def record(self) -> None:
        """Means over the months so far (7.7)."""
        x, net = self.x, lambda one, other: self.power(one, other) - self.power(other, one)
        now = {
            "kim_over_us": net("DPRK", "US"), "kim_over_xi": net("DPRK", "PRC"), "kim_over_seoul": net("DPRK", "ROK"),
            "xi_over_us": net("PRC", "US"), "xi_over_seoul": net("PRC", "ROK"), "seoul_over_us": net("ROK", "US"),
            "moscow_over_us": net("RUS", "US"), "moscow_over_kim": net("RUS", "DPRK"),
            "attention": x["attention"], "sidelined": x["attention"] * (1 - x["met_prc"]),
            "pax": x["us_troops"] * (1 - max(0.0, net("PRC", "US"))),
            "pressure": x["pressure"], "tests": x["tests"], "tension": x["tension"],
            "enforcement": x["prc_enforcement"], "prc_ties": x["prc_ties"],
        }  # fmt: skip
        for name, value in now.items():
            before = x.get(f"mean.{name}", 0.0)
            x[f"mean.{name}"] = before + (value - before) / (self.month + 1)

    # ---- moves (7.3)

    def ideal(self, state: str, issue: str, x: Mapping[str, float]) -> float:
        """The ideal point; that of the squeeze falls with the arsenal for all but the DPRK (7.4)."""
        point = self.p[f"ideal.{state}.{issue}"]
        if issue != "sanctions" or state == "DPRK":
            return point
        relief = self.p["relief_for_disarmament"]
        return point * (1 - relief + relief * min(1.0, x["arsenal"] / self.start["arsenal"]))

    def gap(self, state: str, issue: str) -> float:
        """Salience times (ideal minus the present level)."""
        level = self.x["squeeze" if issue == "sanctions" else issue]
        return self.p[f"salience.{state}.{issue}"] * (self.ideal(state, issue, self.x) - level)

    def utilities(self) -> dict[str, tuple[float, float]]:
        """Of the first and the last option of each state over the reference, by the table of moves."""
        x, p, on, has, gap = self.x, self.p, self.power, self.holds, self.gap
        unpaid = x["grievance"] * has("conditional-disarmament-offer")
        restrain = p["bias_dprk_restrain"] + 0.8 * x["momentum"] + 0.6 * on("PRC", "DPRK") + 0.4 * on("US", "DPRK")
        restrain += 0.3 * x["met_us"] + 0.3 * x["ahead"] - 0.3 * x["exercises"] + 0.4 * x["accord.KU"] - 1.5 * unpaid
        restrain += -0.5 * on("PRC", "DPRK") * has("enforcement-fails-to-tame")
        restrain += 0.5 * x["squeeze"] * has("sanctions-brought-kim") + 0.2 * x["hawk"] * has("cocked-gun-adviser")
        test = -0.8 + p["bias_dprk_strategic"] + 0.4 * x["tension"] - 0.3 * x["momentum"] + 0.5 * gap("DPRK", "arsenal")
        test += -0.2 * x["prc_ties"] + 0.1 * x["exercises"] - 0.4 * x["accord.KU"] - 0.7 * x["strategic_tests"]
        test += 0.3 * x["stall"] * has("nukes-brought-trump") + 0.5 * unpaid
        test += 0.8 * (1 - x["prc_ties"]) * x["squeeze"] * has("abandoned-kim-recklessness")
        ease = -0.5 + p["bias_us_ease"] + 0.5 * x["momentum"] + 0.4 * on("DPRK", "US") + 0.2 * on("ROK", "US")
        ease += 0.2 * on("PRC", "US") + 0.2 * x["america_first"] - 0.4 * gap("US", "sanctions")
        ease += 0.3 * x["rok_ties"] * has("us-waits-on-seoul-track")
        press = -0.9 + p["bias_us_press"] + 0.6 * x["tests"] + 0.3 * x["tension"] + 0.3 * x["hawk"]
        press += 0.3 * on("US", "DPRK") - 0.3 * on("RUS", "US") - 0.2 * on("PRC", "US") + 0.4 * gap("US", "sanctions")
        press += 0.6 * x["stall"] * has("mirage-pressure-return") + 0.2 * x["squeeze"] * has("sanctions-brought-kim")
        press += 0.2 * x["ahead"] * has("leverage-race-before-talks") - 0.3 * x["accord.KU"]
        loosen = -0.8 + p["bias_prc_loosen"] + 0.4 * on("DPRK", "PRC") + 0.3 * x["met_prc"] + 0.2 * x["prc_ties"]
        loosen += -0.5 * gap("PRC", "sanctions") + 0.4 * x["met_rus"] * has("moscow-against-beijing")
        tighten = -0.55 + p["bias_prc_tighten"] + (0.2 + 0.7 * has("provocation-alienates-patron")) * x["tests"]
        tighten += 0.4 * on("US", "PRC") + 0.2 * on("PRC", "DPRK") + 0.5 * gap("PRC", "sanctions")
        engage = -0.35 + p["bias_rok_engage"] + 0.5 * x["momentum"] + 0.3 * x["rok_ties"] + 0.2 * on("DPRK", "ROK")
        engage += 0.4 * gap("ROK", "peace")
        align = -0.55 + p["bias_rok_align"] + 0.5 * x["tension"] + 0.4 * x["tests"] + 0.2 * x["us_troops"]
        align += -0.3 * on("PRC", "ROK") + 0.4 * gap("ROK", "exercises")
        trade = -0.55 + p["bias_rus_trade"] + 0.3 * has("russia-economic-route") + 0.4 * x["rus_ties"]
        trade += 0.3 * x["met_rus"] + 0.2 * on("RUS", "DPRK") - 0.4 * gap("RUS", "sanctions")
        comply = -0.45 + p["bias_rus_comply"] + 0.5 * x["tests"] + 0.2 * x["tension"] - 0.2 * on("RUS", "US")
        comply += 0.4 * gap("RUS", "sanctions")
        return {
            "DPRK": (restrain, test), "PRC": (loosen, tighten), "US": (ease, press), "ROK": (engage, align),
            "RUS": (trade, comply),
        }  # fmt: skip

    def moves(self) -> None:
        """All choose at once; past effects decay, this month's are added, a test sets its level at least."""
        for state, (first, last) in self.utilities().items():
            odds = [exp(self.p["lam_act"] * each) for each in (first, 0.0, last)]
            mark = self.draws.month(f"move/{state}", self.month) * sum(odds)
            chosen = 0 if mark < odds[0] else 1 if mark < odds[0] + odds[1] else 2
            self.choice[state] = self.forced.get(state, chosen)
        added = self.effects()
        for name, left in DECAY.items():
            self.x[name] *= left
        for name, change in added.items():
            self.x[name] += change
        tested, level = (("strategic_tests", 1.0), ("short_range_tests", 0.8))[self.choice["DPRK"] == 1]
        if self.choice["DPRK"] > 0:
            self.x[tested] = max(self.x[tested], level)
        self.clip()

    def effects(self) -> dict[str, float]:
        """What the choices add to each variable; rises of sanctions may be vetoed."""
        x, added = self.x, dict[str, float]()
        unblocked = 1 - self.p["veto"] * max(x["prc_ties"], x["rus_ties"])
        for state, place in self.choice.items():
            changes = dict(EFFECTS[state][place])
            if state == "ROK" and place == 2:
                changes["exercises"] = 0.1 * max(0.0, self.start["exercises"] - x["exercises"])
            for name, change in changes.items():
                passed = unblocked if name == "sanctions" and change > 0 else 1.0
                added[name] = added.get(name, 0.0) + self.p["step"] * change * passed
        return added

    def measures(self) -> dict[str, float]:
        return measures(self)

    def outcome(self) -> str:
        return outcome(self)


def _tallies(scenario: Scenario) -> dict[str, float]:
    """Everything that is counted, at 0 (section 5); terms never struck are even."""
    zero = [f"pinned.{name}" for name in scenario.case.variables]
    zero += [f"{what}.{lever}" for what in ("due", "rate", "got") for lever in GIVEN_BY]
    zero += [f"tabled.{package.replace('-', '_')}" for packages in PACKAGES.values() for package in packages]
    for pair, (other, *_) in PAIRS.items():
        zero += [f"{what}.{pair}" for what in TALLIED]
        zero += [f"first.{pair}.{what}" for what in FIRST] + [f"last.{pair}.{what}" for what in ("terms", "deal")]
        for side in ("DPRK", other):
            zero += [f"{what}.{pair}.{side}" for what in ("promised", "received", "refused")]
            zero += [f"first.{pair}.{what}.{side}" for what in ("promised", "signs")]
    return dict.fromkeys(zero, 0.0) | {f"struck.{pair}": 0.5 for pair in PAIRS}


# ---- arguments to leverage (7.2)


@cache
def _compiled(text: str) -> CodeType:
    return compile(text, "active", "eval")


def activation(claim: Claim, x: dict[str, float]) -> float:
    """The claim's expression on the month's variables, the arsenal counting as 1 where it is more."""
    levels = {**x, "arsenal": min(1.0, x["arsenal"]), "min": min, "max": max}
    return float(eval(_compiled(claim.active.text), {"__builtins__": {}}, levels))


def all_leverage(run: HandRun) -> dict[tuple[str, str], float]:
    """L(i, j) = G+ (1 - G-) of every state over every other."""
    claims, base, eps = run.scenario.ledger.claims, run.world.base, run.p["eps"]
    active = {id: activation(claim, run.x) for id, claim in claims.items()}

    def said(links: tuple[Link, ...]) -> float:
        return 1 - prod(1 - link.factor * active[link.source] * base[link.source] for link in links)

    strength = {}
    for id, claim in claims.items():
        b = base[id]
        helped = run.holds(id) * eps * (1 - b) * said(claim.supporters)
        strength[id] = active[id] * (b + helped - eps * b * said(claim.attackers))
    left = left_after_groups(claims, strength)
    found = {}
    for one in STATES:
        for other in STATES:
            if one != other:
                gained, lost = (1 - left.get((one, other, sign), 1.0) ** run.p["kappa"] for sign in (1, -1))
                found[one, other] = gained * (1 - lost)
    return found


def left_after_groups(claims: Mapping[str, Claim], strength: dict[str, float]) -> dict[tuple[str, str, int], float]:
    """Product over causes of 1 - r, by holder, target and sign; r is the fourth power mean within a cause."""
    fourths: dict[tuple[str, str, int, str], float] = {}
    for id, claim in claims.items():
        for effect in claim.effects:
            key = (effect.holder, effect.target, effect.sign, claim.group)
            fourths[key] = fourths.get(key, 0.0) + (effect.share * strength[id]) ** 4
    left: dict[tuple[str, str, int], float] = {}
    for (holder, target, sign, _), total in fourths.items():
        rest = max(0.02, 1 - total**0.25)
        left[holder, target, sign] = left.get((holder, target, sign), 1.0) * rest
    return left
