"""One run by hand, a month at a time, in plain Python numbers, written from the model's text and not from its code.

Sections 2 (derived variables), 4 (arguments to leverage), 5 (moves), 7 (order within a month) and 8 (measures) stand
here with their numbers; ``by_hand_summit.py`` has section 6, ``by_hand_world.py`` section 3. Slow and plain on purpose:
the tests compare it with the arrays of `sim.model`, variable by variable.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import exp, prod
from types import CodeType

from sim.inputs.ledger import Claim
from sim.inputs.scenario import Scenario
from tests.model.by_hand_summit import PAIRS, TALLIED, hold_summit
from tests.model.by_hand_world import STATES, Draws, HandWorld, Uniforms, draw_world


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
        for pair, (other, _, _) in PAIRS.items():
            for state in ("DPRK", other):
                self.x |= {f"promised.{pair}.{state}": 0.0, f"received.{pair}.{state}": 0.0}
                self.x[f"first.{pair}.promised.{state}"] = 0.0
        self.derive()
        self.start = dict(self.x)
        self.pinned: dict[str, float] = {}
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
        for _, _, met in PAIRS.values():
            self.x[met] *= exp(-1 / self.p["tau_met"])
        held = [summit.pair for summit in self.scenario.summits if summit.month == self.month]
        for place, pair in enumerate(held):
            self.derive()
            if place > 0:
                now, other = all_leverage(self), PAIRS[pair][0]
                for dyad in (("DPRK", other), (other, "DPRK")):
                    self.leverage[dyad] = now.get(dyad, 0.0)
            hold_summit(self, pair)
        self.drift()
        self.month += 1

    def events(self) -> None:
        for event in self.scenario.events:
            if event.month == self.month:
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
        """Utility of each state's first and third option over the middle one (section 5)."""
        x, p, holds, gap = self.x, self.p, self.holds, self.gap

        def power(one: str, other: str) -> float:
            return self.leverage.get((one, other), 0.0)

        restrain = 0 + p["bias_dprk_restrain"] + 0.8 * x["momentum"] + 0.6 * power("PRC", "DPRK")
        restrain += 0.4 * power("US", "DPRK") + 0.3 * x["met_us"] + 0.3 * x["ahead"] - 0.3 * x["exercises"]
        restrain -= 0.5 * holds("enforcement-fails-to-tame") * power("PRC", "DPRK")
        restrain += 0.5 * holds("sanctions-brought-kim") * x["squeeze"] + 0.2 * holds("cocked-gun-adviser") * x["hawk"]
        strategic = (
            -0.8 + p["bias_dprk_strategic"] + 0.4 * x["tension"] - 0.3 * x["momentum"] + 0.5 * gap("DPRK", "arsenal")
        )
        strategic += -0.2 * x["prc_ties"] + 0.1 * x["exercises"] + 0.3 * holds("nukes-brought-trump") * x["stall"]

        ease = -0.5 + p["bias_us_ease"] + 0.5 * x["momentum"] + 0.4 * power("DPRK", "US") + 0.2 * power("ROK", "US")
        ease += 0.2 * power("PRC", "US") + 0.2 * x["america_first"] - 0.4 * gap("US", "sanctions")
        ease += 0.3 * holds("us-waits-on-seoul-track") * x["rok_ties"]
        press = -0.9 + p["bias_us_press"] + 0.6 * x["tests"] + 0.3 * x["tension"] + 0.3 * x["hawk"]
        press += 0.3 * power("US", "DPRK") - 0.3 * power("RUS", "US") - 0.2 * power("PRC", "US")
        press += 0.4 * gap("US", "sanctions") + 0.6 * holds("mirage-pressure-return") * x["stall"]
        press += 0.2 * holds("sanctions-brought-kim") * x["squeeze"]
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
            for variable, amount in EFFECTS.get((state, self.choice[state]), {}).items():
                if variable == "sanctions" and amount > 0:
                    amount *= resisted
                change[variable] = change.get(variable, 0.0) + amount * step
        x["strategic_tests"] *= 0.85
        x["short_range_tests"] *= 0.8
        x["aid"] *= 0.97
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
        for variable, level in self.pinned.items():
            x[variable] = level
        self.derive()
        risk = 10 ** p["log10_h0"] * p["fatal_ratio"] * exp(p["h1"] * x["tension"])
        if self.draws.month("chance/hazard", self.month) < risk:
            x["fatal"] = 1.0

    def measures(self) -> dict[str, float]:
        x, x0 = self.x, self.start
        n, d = x["arsenal"] / x0["arsenal"], x["us_troops"] / x0["us_troops"]
        c_u = 0.45 * max(0, 1 - x["sanctions"] / x0["sanctions"]) + 0.2 * max(0, 1 - x["exercises"] / x0["exercises"])
        c_u += 0.2 * max(0, 1 - d) + 0.15 * max(0, x["peace"] - x0["peace"])
        c_p = 0.6 * max(0, 1 - x["prc_enforcement"] / x0["prc_enforcement"]) + 0.4 * max(0, x["aid"] - x0["aid"])
        k = 0.45 * (1 - x["strategic_tests"]) + 0.15 * (1 - x["short_range_tests"]) + 0.4 * max(0, 1 - n)
        return {"arsenal_ratio": n, "troop_ratio": d, "extraction": max(c_u, 0.7 * c_p), "calm_index": k}

    def outcome(self) -> str:
        m, x = self.measures(), self.x
        n, d, k, c = m["arsenal_ratio"], m["troop_ratio"], m["calm_index"], m["extraction"]
        rules = [
            ("fatal-step", x["fatal"] == 1), ("neither", n <= 0.25 and d <= 0.25), ("one-sided-disarmament", n <= 0.25),
            ("one-sided-withdrawal", d <= 0.25 and "us_troops" not in self.pinned), ("partial-bargain", n <= 0.85),
            ("mirage", x["tension"] >= 0.5 and x["momentum"] < 0.25), ("test-pause", k >= 0.45 and c >= 0.1),
            ("dividend", c >= 0.1), ("stalemate", True),
        ]  # fmt: skip
        return next(name for name, fits in rules if fits)


# (state, place of its option) -> what is added a month, times step (section 5)
EFFECTS: dict[tuple[str, int], dict[str, float]] = {
    ("DPRK", 0): {"momentum": 0.01},
    ("DPRK", 1): {"tension": 0.015, "momentum": -0.02},
    ("DPRK", 2): {"tension": 0.1, "momentum": -0.1, "prc_ties": -0.04, "us_ties": -0.03},
    ("US", 0): {"exercises": -0.04, "sanctions": -0.005, "tension": -0.02},
    ("US", 2): {"exercises": 0.04, "sanctions": 0.02, "tension": 0.03, "us_ties": -0.02, "momentum": -0.02},
    ("PRC", 0): {"prc_enforcement": -0.03, "aid": 0.015, "prc_ties": 0.01},
    ("PRC", 2): {"prc_enforcement": 0.03, "prc_ties": -0.02},
    ("ROK", 0): {"rok_ties": 0.03, "aid": 0.005, "peace": 0.01, "tension": -0.01, "momentum": 0.01},
    ("ROK", 2): {"rok_ties": -0.03, "exercises": 0.04, "tension": 0.01},
    ("RUS", 0): {"rus_ties": 0.02, "aid": 0.008, "sanctions": -0.003},
    ("RUS", 2): {"rus_ties": -0.02, "sanctions": 0.003},
}


@cache
def _compiled(text: str) -> CodeType:
    return compile(text, "activation", "eval")


def activation(claim: Claim, x: dict[str, float]) -> float:
    """The activation of a claim; the arsenal counts at most 1. The text is the repository's own: eval may read it."""
    names = {**x, "arsenal": min(1.0, x["arsenal"])}
    return float(eval(_compiled(claim.active.text), {"__builtins__": {}, "min": min, "max": max}, names))


def all_leverage(run: HandRun) -> dict[tuple[str, str], float]:
    """Leverage of i on j for all ordered pairs (section 4)."""
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
    """The product over groups of 1 - the largest share x s of the group, by holder, target and sign."""
    largest: dict[tuple[str, str, int], dict[str, float]] = {}
    for name, claim in claims.items():
        for effect in claim.effects:
            groups = largest.setdefault((effect.holder, effect.target, effect.sign), {})
            groups[claim.group] = max(groups.get(claim.group, 0.0), effect.share * strength[name])
    return {key: prod(1 - most for most in groups.values()) for key, groups in largest.items()}
