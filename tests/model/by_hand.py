"""One run by hand, a month at a time, in plain Python numbers, written from MODEL.md and not from the code.

Derived variables, arguments to leverage (7.2), moves (7.3), the order of a month and measures (7.7) stand here with
their numbers; ``by_hand_summit.py`` and ``by_hand_deal.py`` have 7.4, ``by_hand_world.py`` worlds (7.1). Slow and
plain on purpose: the tests compare it with the arrays of `sim.model`, variable by variable.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import exp, prod
from types import CodeType

from sim.inputs.ledger import Claim
from sim.inputs.scenario import Scenario
from sim.inputs.schedule import Summit
from tests.model.by_hand_deal import FIRST, GIVEN_BY, PACKAGES, PAIRS, TALLIED, month_of_a_deal
from tests.model.by_hand_summit import try_summit
from tests.model.by_hand_world import ISSUES, STATES, Draws, HandWorld, Uniforms, draw_world


class HandRun:
    """One run: ``x`` holds every variable, ``leverage`` the leverage of i on j, ``choice`` what each state did."""

    def __init__(self, scenario: Scenario, uniforms: Uniforms, run: int) -> None:
        self.scenario = scenario
        self.draws = Draws(uniforms, run)
        self.world: HandWorld = draw_world(scenario, self.draws)
        self.p = self.world.numbers
        self.x: dict[str, float] = dict(self.world.start)
        self.x |= {met: 0.0 for _, _, met in PAIRS.values()} | {
            "prc_rank": 0.0,
            "fatal": 0.0,
            "ahead": 0.0,
            "soon_us": 0.0,
        }
        self.x |= {f"{what}.{pair}": 0.0 for pair in PAIRS for what in TALLIED}
        self.x |= {f"first.{pair}.{what}": 0.0 for pair in PAIRS for what in FIRST}
        self.x |= {f"{what}.{lever}": 0.0 for lever in GIVEN_BY for what in ("due", "rate", "got")}
        for pair, (other, _, _) in PAIRS.items():
            self.x |= {f"struck.{pair}": 0.5, f"last.{pair}.terms": 0.0, f"last.{pair}.deal": 0.0}
            for state in ("DPRK", other):
                self.x |= {f"{what}.{pair}.{state}": 0.0 for what in ("promised", "received", "refused")}
                self.x |= {f"first.{pair}.{what}.{state}": 0.0 for what in ("promised", "signs")}
            self.x |= {f"tabled.{name.replace('-', '_')}": 0.0 for name in PACKAGES[pair]}
        self.x |= {f"mean.{name}": 0.0 for name in ("kim_over_us", "sidelined", "pax", "tests")}
        self.derive()
        self.start = dict(self.x)
        self.pinned: dict[str, float] = {}
        self.closed: set[Summit] = set()
        self.leverage: dict[tuple[str, str], float] = {}
        self.choice: dict[str, int] = {}
        self.month = 0

    def holds(self, claim: str) -> float:
        return 1.0 if self.world.holds[claim] else 0.0

    def gap(self, state: str, issue: str) -> float:
        """Salience times (ideal minus present), the wish for squeeze relieved as the arsenal goes."""
        now = self.x["squeeze"] if issue == "sanctions" else self.x[issue]
        ideal = self.p[f"ideal.{state}.{issue}"]
        if issue == "sanctions" and state != "DPRK":
            h = self.p["relief_for_disarmament"]
            ideal *= 1 - h + h * min(1, self.x["arsenal"] / self.start["arsenal"])
        return self.p[f"salience.{state}.{issue}"] * (ideal - now)

    def step(self) -> None:
        self.events()
        self.derive()
        self.leverage = all_leverage(self)
        self.moves()
        month_of_a_deal(self)
        for _, _, met in PAIRS.values():
            self.x[met] *= exp(-1 / self.p["tau_met"])
        due = [
            each for each in self.scenario.summits if each.month - each.early <= self.month <= each.month + each.late
        ]
        for place, summit in enumerate(due):
            self.derive()
            if place > 0:
                now, other = all_leverage(self), PAIRS[summit.pair][0]
                for dyad in (("DPRK", other), (other, "DPRK")):
                    self.leverage[dyad] = now.get(dyad, 0.0)
            if summit not in self.closed:
                try_summit(self, summit)
        self.drift()
        self.record()
        self.month += 1

    def power(self, one: str, other: str) -> float:
        return self.leverage.get((one, other), 0.0)

    def clip(self) -> None:
        """Everything with a level back to [0, 1]; the arsenal may pass 1."""
        for name in self.scenario.case.variables:
            self.x[name] = max(0.0, self.x[name] if name == "arsenal" else min(1.0, self.x[name]))

    def record(self) -> None:
        """Means over the months played so far."""
        net = self.power("PRC", "US") - self.power("US", "PRC")
        now = {
            "kim_over_us": self.power("DPRK", "US") - self.power("US", "DPRK"),
            "sidelined": self.x["attention"] * (1 - self.x["met_prc"]),
            "pax": self.x["us_troops"] * (1 - max(0, net)),
            "tests": self.x["tests"],
        }
        for name, value in now.items():
            self.x[f"mean.{name}"] = (self.x[f"mean.{name}"] * self.month + value) / (self.month + 1)

    def events(self) -> None:
        for event in self.scenario.events:
            if event.month == self.month and event.action != "move":
                shifted = self.x[event.variable] + event.value if event.action == "shift" else event.value
                self.x[event.variable] = min(1.0, max(0.0, shifted))
                if event.action == "pin":
                    self.pinned[event.variable] = event.value
        near = {summit.pair for summit in self.scenario.summits if self.month <= summit.month <= self.month + 2}
        self.x["ahead"] = 1.0 if near & {"KU", "KS"} else 0.0
        self.x["soon_us"] = 1.0 if "KU" in near else 0.0

    def derive(self) -> None:
        x = self.x
        x["tests"] = max(x["strategic_tests"], 0.5 * x["short_range_tests"])
        x["squeeze"] = x["sanctions"] * (0.3 + 0.7 * x["prc_enforcement"])
        patron = x["prc_ties"] * (1 - 0.5 * x["squeeze"])
        x["alternatives"] = self.p["options"] * max(patron, 0.5 * x["rus_ties"], x["aid"])
        x["ties_mean"] = (x["prc_ties"] + x["rus_ties"] + x["us_ties"] + x["rok_ties"]) / 4
        x["attention"] = max(x["met_prc"], x["met_us"], x["met_rok"], 0.8 * x["ahead"])
        x["channel"] = min(1, 0.2 + 0.6 * x["met_us"] + 0.3 * x["soon_us"])
        x["stall"] = 1 - x["momentum"]

    def utilities(self) -> dict[str, tuple[float, float]]:
        """Utility of each state's first and third option over the middle one (MODEL.md 7.3)."""
        x, p, holds, gap = self.x, self.p, self.holds, self.gap

        power = self.power
        restrain = 0 + p["bias_dprk_restrain"] + 0.8 * x["momentum"] + 0.6 * power("PRC", "DPRK")
        restrain += 0.4 * power("US", "DPRK") + 0.3 * x["met_us"] + 0.3 * x["ahead"] - 0.3 * x["exercises"]
        restrain -= 0.5 * holds("enforcement-fails-to-tame") * power("PRC", "DPRK")
        restrain += 0.5 * holds("sanctions-brought-kim") * x["squeeze"] + 0.2 * holds("cocked-gun-adviser") * x["hawk"]
        restrain += 0.4 * x["accord.KU"] - 1.5 * holds("conditional-disarmament-offer") * x["grievance"]
        strategic = (
            -0.8 + p["bias_dprk_strategic"] + 0.4 * x["tension"] - 0.3 * x["momentum"] + 0.5 * gap("DPRK", "arsenal")
        )
        strategic += -0.2 * x["prc_ties"] + 0.1 * x["exercises"] + 0.3 * holds("nukes-brought-trump") * x["stall"]
        strategic += -0.4 * x["accord.KU"] - 0.7 * x["strategic_tests"]
        strategic += 0.5 * holds("conditional-disarmament-offer") * x["grievance"]
        strategic += 0.8 * holds("abandoned-kim-recklessness") * (1 - x["prc_ties"]) * x["squeeze"]

        ease = -0.5 + p["bias_us_ease"] + 0.5 * x["momentum"] + 0.4 * power("DPRK", "US") + 0.2 * power("ROK", "US")
        ease += 0.2 * power("PRC", "US") + 0.2 * x["america_first"] - 0.4 * gap("US", "sanctions")
        ease += 0.3 * holds("us-waits-on-seoul-track") * x["rok_ties"]
        press = -0.9 + p["bias_us_press"] + 0.6 * x["tests"] + 0.3 * x["tension"] + 0.3 * x["hawk"]
        press += 0.3 * power("US", "DPRK") - 0.3 * power("RUS", "US") - 0.2 * power("PRC", "US")
        press += 0.4 * gap("US", "sanctions") + 0.6 * holds("mirage-pressure-return") * x["stall"]
        press += 0.2 * holds("sanctions-brought-kim") * x["squeeze"] - 0.3 * x["accord.KU"]
        press += 0.2 * holds("leverage-race-before-talks") * x["ahead"]

        loosen = -0.8 + p["bias_prc_loosen"] + 0.4 * power("DPRK", "PRC") + 0.3 * x["met_prc"] + 0.2 * x["prc_ties"]
        loosen += -0.5 * gap("PRC", "sanctions") + 0.4 * holds("moscow-against-beijing") * x["met_rus"]
        tighten = -0.55 + p["bias_prc_tighten"] + 0.2 * x["tests"]
        tighten += 0.7 * holds("provocation-alienates-patron") * x["tests"] + 0.4 * power("US", "PRC")
        tighten += 0.2 * power("PRC", "DPRK") + 0.5 * gap("PRC", "sanctions")

        engage = -0.35 + p["bias_rok_engage"] + 0.5 * x["momentum"] + 0.3 * x["rok_ties"]
        engage += 0.2 * power("DPRK", "ROK") + 0.4 * gap("ROK", "peace")
        align = -0.55 + p["bias_rok_align"] + 0.5 * x["tension"] + 0.4 * x["tests"] + 0.2 * x["us_troops"]
        align += -0.3 * power("PRC", "ROK") + 0.4 * gap("ROK", "exercises")

        trade = -0.55 + p["bias_rus_trade"] + 0.3 * holds("russia-economic-route") + 0.4 * x["rus_ties"]
        trade += 0.3 * x["met_rus"] + 0.2 * power("RUS", "DPRK") - 0.4 * gap("RUS", "sanctions")
        comply = -0.45 + p["bias_rus_comply"] + 0.5 * x["tests"] + 0.2 * x["tension"] - 0.2 * power("RUS", "US")
        comply += 0.4 * gap("RUS", "sanctions")
        return {
            "DPRK": (restrain, strategic), "PRC": (loosen, tighten), "US": (ease, press),
            "ROK": (engage, align), "RUS": (trade, comply),
        }  # fmt: skip

    def moves(self) -> None:
        for state, (first, third) in self.utilities().items():
            e1, e3 = exp(self.p["lam_act"] * first), exp(self.p["lam_act"] * third)
            r = self.draws.month(f"move/{state}", self.month) * (1 + e1 + e3)
            self.choice[state] = 0 if r < e1 else 2 if r >= 1 + e1 else 1
        self.effects()

    def effects(self) -> None:
        """Decay; what all states did, times step, rises of sanctions resisted; then what a test sets at least."""
        x, step = self.x, self.p["step"]
        resisted = 1 - self.p["veto"] * max(x["prc_ties"], x["rus_ties"])
        change: dict[str, float] = {}
        for state in STATES:
            effects = dict(EFFECTS.get((state, self.choice[state]), {}))
            if (state, self.choice[state]) == ("ROK", 2):  # drills go back to where they were, and no further
                effects["exercises"] = 0.1 * max(0, self.start["exercises"] - x["exercises"])
            for variable, amount in effects.items():
                if variable == "sanctions" and amount > 0:
                    amount *= resisted
                change[variable] = change.get(variable, 0.0) + amount * step
        x["strategic_tests"] *= 0.85
        x["short_range_tests"] *= 0.8
        x["aid"] *= 0.97
        x["strain"] = 0.0
        for variable, amount in change.items():
            x[variable] = min(1.0, max(0.0, x[variable] + amount))
        if self.choice["DPRK"] == 1:
            x["short_range_tests"] = max(x["short_range_tests"], 0.8)
        if self.choice["DPRK"] == 2:
            x["strategic_tests"] = 1.0

    def drift(self) -> None:
        x, p = self.x, self.p
        x["momentum"] = min(1.0, max(0.0, x["momentum"] * (1 - p["fade"])))
        noise = 3.46 * (self.draws.month("chance/tension", self.month) - 0.5)
        moved = p["nerve"] * max(0, 1 - 2 * x["momentum"]) - p["cool"] * (x["tension"] - p["calm"]) + p["shock"] * noise
        x["tension"] = min(1.0, max(0.0, x["tension"] + moved))
        x["arsenal"] += p["growth"] * (1 - x["freeze"])
        x["prc_ties"] -= p["cooling"] * (x["prc_ties"] - self.start["prc_ties"])
        x["exercises"] += p["resume"] * (1 - x["accord.KU"]) * (self.start["exercises"] - x["exercises"])
        x["pressure"] -= 0.1 * (x["pressure"] - 0.5)
        unrewarded = (1 - x["strategic_tests"]) * (1 - x["accord.KU"])
        x["grievance"] += p["impatience"] * (unrewarded - x["grievance"] * x["accord.KU"])
        self.clip()
        for variable, level in self.pinned.items():
            x[variable] = level
        self.derive()
        risk = 10 ** p["log10_h0"] * p["fatal_ratio"] * exp(p["h1"] * x["tension"])
        if self.draws.month("chance/hazard", self.month) < risk:
            x["fatal"] = 1.0

    def measures(self) -> dict[str, float]:
        x, x0 = self.x, self.start
        free = {name: name not in self.pinned for name in ("sanctions", "exercises", "us_troops", "prc_enforcement")}
        gone = {name: free[name] * max(0, 1 - x[name] / x0[name]) for name in free}
        in_kind = 0.45 * gone["sanctions"] + 0.2 * gone["exercises"] + 0.2 * gone["us_troops"]
        c_u = max(x["received.KU.US"], in_kind)
        return {
            "given_by_us": c_u,
            "extraction": c_u + 0.7 * 0.6 * gone["prc_enforcement"],
            "bombs_going": max(0, 1 - (x["arsenal"] - x["due.arsenal"]) / x0["arsenal"]),
            "troops_going": max(0, 1 - (x["us_troops"] - x["due.us_troops"]) / x0["us_troops"]),
            "renewed": max(0, x["pressure"] - 0.5),
            "gain.DPRK": self.gain("DPRK"),
            "gain.PRC": self.gain("PRC"),
            "gain.US": self.gain("US"),
            "gain.RUS": self.gain("RUS"),
        }

    def gain(self, state: str) -> float:
        """The share that a state has come of the way to all it wants."""
        then = self.satisfaction(state, self.start)
        return (self.satisfaction(state, self.x) - then) / max(0.25, -then)

    def satisfaction(self, state: str, x: Mapping[str, float]) -> float:
        total = 0.0
        for issue in ISSUES:
            ideal, salience = (self.p[f"{kind}.{state}.{issue}"] for kind in ("ideal", "salience"))
            if issue == "sanctions" and state != "DPRK":
                h = self.p["relief_for_disarmament"]
                ideal *= 1 - h + h * min(1, x["arsenal"] / self.start["arsenal"])
            total -= salience * abs(ideal - (x["squeeze"] if issue == "sanctions" else x[issue]))
        return total

    def outcome(self) -> str:
        m, x = self.measures(), self.x
        quiet, given = x["strategic_tests"] <= 0.38, m["given_by_us"]
        talks = x["first.KU.held"] or x["first.KS.held"]
        bombs, troops = m["bombs_going"] >= 0.15, m["troops_going"] >= 0.15
        rules = [
            ("fatal-step", x["fatal"] == 1), ("neither", bombs and troops), ("disarmament", bombs),
            ("withdrawal", troops and "us_troops" not in self.pinned),
            ("mirage", talks and x["momentum"] <= 0.25 and m["renewed"] >= 0.14),
            ("test-pause", quiet and given >= 0.1), ("dividend", m["extraction"] >= 0.25 and given >= 0.05),
            ("respite", quiet), ("relapse", x["strategic_tests"] >= 0.72), ("stalemate", True),
        ]  # fmt: skip
        return next(name for name, fits in rules if fits)


# (state, place of its option) -> what is added a month, times step (MODEL.md 7.3)
EFFECTS: dict[tuple[str, int], dict[str, float]] = {
    ("DPRK", 0): {"momentum": 0.01},
    ("DPRK", 1): {"tension": 0.015, "momentum": -0.02},
    ("DPRK", 2): {
        "tension": 0.1, "momentum": -0.1, "prc_ties": -0.04, "us_ties": -0.03, "strain": 0.5, "sanctions": 0.03,
    },
    ("US", 0): {"exercises": -0.04, "sanctions": -0.005, "tension": -0.02, "pressure": -0.1},
    ("US", 2): {
        "exercises": 0.04, "sanctions": 0.02, "tension": 0.03, "us_ties": -0.02, "momentum": -0.02, "strain": 0.25,
        "pressure": 0.1,
    },
    ("PRC", 0): {"prc_enforcement": -0.03, "aid": 0.015, "prc_ties": 0.01},
    ("PRC", 2): {"prc_enforcement": 0.03, "prc_ties": -0.02},
    ("ROK", 0): {"rok_ties": 0.03, "aid": 0.005, "peace": 0.01, "tension": -0.01, "momentum": 0.01},
    ("ROK", 2): {"rok_ties": -0.03, "tension": 0.01, "momentum": -0.02},
    ("RUS", 0): {"rus_ties": 0.02, "aid": 0.008, "sanctions": -0.003},
    ("RUS", 2): {"rus_ties": -0.02, "sanctions": 0.003},
}  # fmt: skip


@cache
def _compiled(text: str) -> CodeType:
    return compile(text, "activation", "eval")


def activation(claim: Claim, x: dict[str, float]) -> float:
    """The activation of a claim; the arsenal counts at most 1. The text is the repository's own: eval may read it."""
    names = {**x, "arsenal": min(1.0, x["arsenal"])}
    return float(eval(_compiled(claim.active.text), {"__builtins__": {}, "min": min, "max": max}, names))


def all_leverage(run: HandRun) -> dict[tuple[str, str], float]:
    """Leverage of i on j for all ordered pairs (MODEL.md 7.2)."""
    claims, base, eps = run.scenario.ledger.claims, run.world.base, run.p["eps"]
    act = {name: activation(claim, run.x) for name, claim in claims.items()}
    strength = {}
    for name, claim in claims.items():
        b, spared, unsupported = base[name], 1.0, 1.0
        for link in claim.attackers:
            spared *= 1 - link.factor * act[link.source] * base[link.source]
        for link in claim.supporters:
            unsupported *= 1 - link.factor * act[link.source] * base[link.source]
        va, vs = 1 - spared, 1 - unsupported
        strength[name] = act[name] * (b + run.holds(name) * eps * (1 - b) * vs - eps * b * va)
    left = left_after_groups(claims, strength)
    kappa = run.p["kappa"]
    return {
        (i, j): (1 - left.get((i, j, 1), 1.0) ** kappa) * left.get((i, j, -1), 1.0) ** kappa
        for i in STATES
        for j in STATES
        if i != j
    }


def left_after_groups(claims: Mapping[str, Claim], strength: dict[str, float]) -> dict[tuple[str, str, int], float]:
    """The product over causes of 1 - r, r the fourth root of the sum of (share x s)^4, by holder, target and sign."""
    fourths: dict[tuple[str, str, int], dict[str, float]] = {}
    for name, claim in claims.items():
        for effect in claim.effects:
            groups = fourths.setdefault((effect.holder, effect.target, effect.sign), {})
            groups[claim.group] = groups.get(claim.group, 0.0) + (effect.share * strength[name]) ** 4
    return {key: prod(max(0.02, 1 - total**0.25) for total in groups.values()) for key, groups in fourths.items()}
