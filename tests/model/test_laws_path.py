"""What must hold of whole runs, on common draws: 4,096 to 8,192 paired runs, bounds in standard errors over worlds."""

from __future__ import annotations

from functools import cache
from math import sqrt
from pathlib import Path

import numpy as np
import pytest

from sim.analysis.effects import claim_effects
from sim.analysis.reweight import holding
from sim.analysis.world_means import world_table
from sim.ensemble.intervals import measure_means, outcome_probabilities
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.inputs.records import load_record
from sim.inputs.scenario import load_scenario
from sim.model.behaviours import BEHAVIOURS
from sim.model.calendar import Due
from sim.model.diplomacy import Diplomacy
from tests.model.paths import RUNS, SEED, Shift, play, played, shift
from tests.model.settings import scenario_of
from tests.reweighted import reweight

ENSEMBLE_RUNS = 16_384
QUANTITIES = ("arsenal_ratio", "extraction", "mirage", "test-pause")
MONTHLY = [f"2018-{month:02}" for month in range(3, 13)] + [f"2019-{month:02}" for month in range(1, 12)]


def test_both_or_neither_makes_one_without_the_other_rarer_by_more_than_it_makes_neither_likelier() -> None:
    on, off = (run(scenario_of("history", f"assume.claims.both-or-neither={switch}"), 32_768, SEED, workers=1)
               for switch in ("on", "off"))  # fmt: skip

    def more(*endings: str) -> Shift:
        return shift(*(sum(each.ended(name).astype(np.float64) for name in endings) for each in (on, off)))

    assert more("neither").z > 3.5
    assert more("disarmament", "withdrawal").z < -3.5
    assert more("neither", "disarmament", "withdrawal").z < -3.5


def test_without_summits_there_is_no_more_of_a_test_pause_than_in_history() -> None:
    with_them, without = played("history"), played("no-summits")
    assert shift(without.of("test-pause"), with_them.of("test-pause")).mean < 0
    assert (without.of("extraction") >= 0.25).mean() < 0.5
    assert without.share("mirage") == 0  # no talks, nothing hollow


def test_no_class_takes_half_of_the_runs_without_an_american_deal() -> None:
    end = played("history", runs=8192)
    none = end.of("deals.KU") == 0
    assert np.bincount(end.classes[none]).max() / none.sum() < 0.5
    assert (end.of("extraction")[none] >= 0.25).mean() < 0.5


def test_seouls_pressing_raises_american_deals_by_less_than_two_in_a_hundred() -> None:
    model = Diplomacy(scenario_of("history"), 8192, SEED)
    model.states["ROK"].behaviour = BEHAVIOURS["always-press"]
    pressed = shift(play(model).of("deals.KU"), played("history", runs=8192).of("deals.KU"))
    assert pressed.mean < 0.02 + 2 * pressed.se


class Phased(Diplomacy):
    """Notes the largest move of each phased lever in a stage in which its deal did not collapse."""

    fastest: dict[str, float]

    def _deals(self) -> None:
        def levels() -> dict[str, np.ndarray]:
            return {name: np.broadcast_to(np.asarray(self.variables[name], np.float64), RUNS).copy() for name in slow}

        slow = [lever for lever, months in self.case.bargaining["KU"].months.items() if months]
        before, collapsed = levels(), np.asarray(self.variables["collapses.KU"]) + np.zeros(RUNS)
        super()._deals()
        stands = np.asarray(self.variables["collapses.KU"]) == collapsed
        for name, now in levels().items():
            moved = float(np.abs(now - before[name])[stands].max())
            self.fastest[name] = max(moved, self.fastest.get(name, 0.0))


def test_no_lever_of_a_phased_package_moves_faster_than_its_months() -> None:
    """In the month's part of a deal; and from month to month the two levers that nothing but a deal moves down: troops,
    and the arsenal, which may have grown before.
    """
    last: dict[str, np.ndarray] = {}
    fastest = dict.fromkeys(("arsenal", "us_troops"), 0.0)
    most = 0.0

    def look(model: Diplomacy) -> None:
        nonlocal most
        for lever in fastest:
            now = np.broadcast_to(np.asarray(model.variables[lever], np.float64), RUNS)
            if lever in last:
                fastest[lever] = max(fastest[lever], float((last[lever] - now).max()))
            last[lever] = now
        most = max(most, float(last["arsenal"].max()))

    scenario = scenario_of("drawdown-chip")
    months, parts = scenario.case.bargaining["KU"].months, dict[str, float]()
    model = Phased(scenario, RUNS, SEED)
    model.fastest = parts
    play(model, look)
    for lever, largest in parts.items():
        assert 0 < largest <= (most if lever == "arsenal" else 1) / months[lever] + 1e-6, lever
    assert set(parts) == {"arsenal", "us_troops", "sanctions", "peace", "aid"}
    assert 0 < fastest["us_troops"] <= 1 / 36 + 1e-6
    assert 0 < fastest["arsenal"] <= most / 36 + 1e-6


class Adding(Diplomacy):
    """Notes what each summit adds to what was due before of the levers that a deal phases, shape (levers, runs)."""

    added: list[np.ndarray]

    def _hold(self, due: Due) -> None:
        before = self._still_due()
        super()._hold(due)
        self.added.append(np.where(before > 0, self._still_due() - before, 0))

    def _still_due(self) -> np.ndarray:
        slow = [lever for lever, months in self.case.bargaining["KU"].months.items() if months]
        return np.stack([np.broadcast_to(self.variables[f"due.{lever}"], RUNS) for lever in slow])


def test_a_new_deal_never_takes_away_what_is_due_from_an_earlier_one() -> None:
    model = Adding(scenario_of("drawdown-chip"), RUNS, SEED)
    model.added = added = []
    play(model)
    assert min(each.min() for each in added) == 0
    assert sum((each > 0).sum() for each in added) > 100


def test_what_a_scenario_pins_is_no_concession() -> None:
    pinned, free = played("china-stops-enforcing"), played("history")
    assert pinned.of("prc_enforcement").max() < 0.3 < free.of("prc_enforcement").mean()
    assert free.of("given_by_prc").any()
    assert not pinned.of("given_by_prc").any()


def test_the_resolve_leaves_the_first_chance_and_makes_a_later_deal_rarer_after_a_failure() -> None:
    fixed, fresh = (played("history", f"assume.parameters.resolve={value}") for value in (1, 0))
    chance = shift(*(end.of("first.KU.chance") for end in (fixed, fresh)))
    assert abs(chance.z) < 3.5  # not the same run by run: the meetings before it were signed by other draws
    after = []
    for end in (fixed, fresh):
        failed = (end.of("first.KU.held") == 1) & (end.of("first.KU.deal") == 0)
        after.append((end.of("deals.KU")[failed] > 0).mean())
    assert after[0] < after[1] - 0.05


def test_a_certain_summit_is_held_and_a_planned_one_may_be_refused() -> None:
    certain, planned = played("xi-first-certain"), played("xi-first")
    for pair in ("KU", "KP", "KS", "KR"):
        assert not certain.of(f"calledoff.{pair}").any()
        assert planned.of(f"calledoff.{pair}").any()
        met = certain.of(f"deals.{pair}") + certain.of(f"walkouts.{pair}")
        asked = sum(summit.pair == pair for summit in scenario_of("xi-first-certain").summits)
        np.testing.assert_array_equal(met, asked)
        held = planned.of(f"deals.{pair}") + planned.of(f"walkouts.{pair}") + planned.of(f"calledoff.{pair}")
        np.testing.assert_array_equal(held, asked)


def test_a_window_is_tried_until_it_is_held_and_never_after() -> None:
    """June 2018 with early: 3, log odds of hurry high: often held before, never twice, and not punished before June."""
    scenario = scenario_of("xi-trip-in-plan", "assume.parameters.hurry_base=-1", months=3)
    end = play(Diplomacy(scenario, RUNS, SEED))
    held = end.of("deals.KP") + end.of("walkouts.KP")
    assert held.max() == 1
    early = end.of("first.KP.month")[held == 1]
    assert set(np.unique(early)) == {0, 1, 2, 3}
    np.testing.assert_array_equal(end.of("calledoff.KP"), 1 - held)


def test_deals_collapse_and_a_collapse_gives_back() -> None:
    end = played("drawdown-chip")
    broke = end.of("collapses.KU") > 0
    assert 0.01 < broke.mean() < 0.5
    assert not end.of("accord.KU")[broke & (end.of("deals.KU") == end.of("collapses.KU"))].any()
    never = played("drawdown-chip", "assume.parameters.snap_back=0")
    assert shift(end.of("us_troops"), never.of("us_troops")).mean > 0


def test_a_monthly_talk_with_moon_alone_gives_a_test_pause_in_less_than_half_of_the_runs(tmp_path: Path) -> None:
    summits = "".join(f"  - {{month: {month}, between: [DPRK, ROK], certain: true}}\n" for month in MONTHLY)
    path = tmp_path / "moon.yaml"
    path.write_text(f"schema: 1\ntitle: t\nquestion: q?\nextends: history\nsummits:\n{summits}")
    model = Diplomacy(load_scenario(path, case="."), RUNS, SEED)
    assert play(model).share("test-pause") < 0.45


@pytest.mark.parametrize(
    ("one", "other", "measure", "sign"),
    [
        ("xi-first-certain", "xi-fourth-certain", "first.KU.terms", 1),  # 001, 004: backing raises what Kim can ask
        ("history", "xi-after-trump", "first.KU.terms", 1),
        ("xi-fourth", "xi-first", "sidelined_xi", 1),  # 001 p5: attention that passes Xi by
        ("drawdown-gift", "drawdown-chip", "deals_us", -1),  # 004 p52: a chip given away buys nothing
        ("drawdown-gift", "drawdown-chip", "bombs_going", -1),
        ("drawdown-gift", "drawdown-chip", "pax", -1),  # 004 p54
        ("drawdown-none", "drawdown-chip", "neither", -1),
        ("drawdown-none", "drawdown-chip", "withdrawal", -1),
        ("no-china", "xi-first", "xi_over_us", -1),  # 003 p7
        ("variants/firm-offers", "history", "promised_us", 1),  # nobody falls back to even terms
    ],
)
def test_scenarios_differ_as_the_documents_say(one: str, other: str, measure: str, sign: int) -> None:
    found = shift(played(one).of(measure), played(other).of(measure))
    assert sign * found.z > 3.5, found


@pytest.mark.parametrize(
    ("setting", "measure", "sign"),
    [
        ("assume.documents.student-room-2018=off", "kim_over_xi", -1),  # 000 p8: Kim is no little brother of Xi's
        ("assume.documents.student-room-2018=off", "extraction", -1),  # 000 p10
        ("assume.documents.new-statesman-2018=off", "first.KU.terms", -1),  # 004: what he goes to Singapore with
        ("assume.claims.p5-veto-shield=off", "sanctions", 1),  # 003 p8
    ],
)
def test_what_a_document_or_claim_says_is_missing_where_it_is_dropped(setting: str, measure: str, sign: int) -> None:
    found = shift(played("history", setting).of(measure), played("history").of(measure))
    assert sign * found.z > 3.5, found


@pytest.mark.parametrize(
    ("scenario", "what"), [("history", "held"), ("xi-first-certain", "chance"), ("xi-first-certain", "terms")]
)
def test_a_strategic_test_on_the_eve_costs_a_summit_and_a_deal_and_earns_no_terms(
    tmp_path: Path, scenario: str, what: str
) -> None:
    path = tmp_path / "eve.yaml"
    eve = "events:\n  - {month: 2018-05, move: {DPRK: strategic test}}\n"
    path.write_text(f"schema: 1\ntitle: t\nquestion: q?\nextends: {scenario}\n{eve}")
    tested = play(Diplomacy(load_scenario(path, case="."), RUNS, SEED))
    found = shift(tested.of(f"first.KU.{what}"), played(scenario).of(f"first.KU.{what}"))
    assert found.z < -3.5, found


def test_the_course_that_history_took_is_within_reach() -> None:
    """Runs that are in the likeliest class of the record's label at each of its dates: a check of plausibility."""
    names = many().names.outcomes
    there = np.ones(many().runs, dtype=bool)
    for label in load_record(names).labels:
        likeliest = max(label.classes, key=lambda name: label.classes[name])
        there &= many().classes[label.month] == names.index(likeliest)
    assert there.mean() > 0.02


@cache
def many() -> Ensemble:
    return run(scenario_of("history"), ENSEMBLE_RUNS, SEED, workers=1)


@pytest.mark.parametrize("claim", ["both-or-neither", "warhead-clock", "us-waits-on-seoul-track"])
def test_an_effect_read_off_one_ensemble_equals_on_minus_off(claim: str) -> None:
    """Three claims, four quantities: |z| below 3.5; a right model misses one with a chance of 0.6%."""
    effects = claim_effects(holding(many()), world_table(many()))
    row = effects.rows.index(claim)
    on, off = (played("history", f"assume.claims.{claim}={switch}") for switch in ("on", "off"))
    for name in QUANTITIES:
        column = effects.columns.index(name)
        forced = shift(on.of(name), off.of(name))
        apart = float(effects.effect[row, column]) - forced.mean
        assert abs(apart) < 3.5 * sqrt(float(effects.se[row, column]) ** 2 + forced.se**2)


@pytest.mark.parametrize(
    "credences", [{"icbm-reach": 0.2}, {"trump-wants-out": 0.9, "warhead-clock": 0.4, "icbm-reach": 0.5}]
)
def test_reweighting_equals_a_fresh_ensemble(credences: dict[str, float]) -> None:
    """A claim of a shared cause; one that stands alone and two of a cause at once. Four quantities, |z| below 3.5."""
    table = world_table(many())
    found = reweight(holding(many()), table.values, credences)
    settings = [f"assume.claims.{claim}={{credence: {credence}}}" for claim, credence in credences.items()]
    fresh = run(scenario_of("history", *settings), ENSEMBLE_RUNS // 2, SEED + 1, workers=1)
    means = {name: each.probability for name, each in outcome_probabilities(fresh).items()}
    errors = {name: (each.high - each.low) / 3.92 for name, each in outcome_probabilities(fresh).items()}
    for name, each in measure_means(fresh).items():
        means[name], errors[name] = each.mean, each.se
    for name in QUANTITIES:
        column = table.names.index(name)
        both = sqrt(float(found.se[column]) ** 2 + errors[name] ** 2)
        assert abs(float(found.means[column]) - means[name]) < 3.5 * both


@pytest.mark.parametrize("claim", ["duterte-precedent", "turning-point-hope", "trump-wants-out"])
def test_a_run_in_which_a_claim_holds_is_bit_for_bit_that_of_the_claim_taken_as_certain(claim: str) -> None:
    """For claims that stand alone: so reweighting is exact."""
    free, sure = played("history"), played("history", f"assume.claims.{claim}=on")
    holds = free.holds[claim] > 0
    assert 0.05 < holds.mean() < 1
    for name in ("tension", "first.KU.terms", "gain.DPRK"):
        np.testing.assert_array_equal(free.of(name)[holds], sure.of(name)[holds])


def test_assumptions_explain_some_of_everything_and_all_of_nothing() -> None:
    found = {name: each.assumptions for name, each in outcome_probabilities(many()).items()}
    found |= {name: each.assumptions for name, each in measure_means(many()).items()}
    for name in ("fatal-step", "mirage", "test-pause", "arsenal_ratio", "extraction", "deals_us", "gained.DPRK"):
        share = found[name]
        assert share is not None
        assert 0 < share < 1
