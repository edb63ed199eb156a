"""Seasons, conditions and chances: what comes about, in which runs, and what it leaves alone."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model.diplomacy import Diplomacy
from sim.model.streams import Streams
from tests.model.settings import scenario_of

RUNS, SEED = 1000, 5
AMERICAN = "summits=[{month: 4, between: [DPRK, US]{}}]"


def model_of(*settings: str, runs: int = RUNS) -> Diplomacy:
    return Diplomacy(scenario_of("no-summits", "drop_events=[hawk, tariffs, trade_talks]", *settings), runs, SEED)


def after(months: int, *settings: str) -> Diplomacy:
    model = model_of(*settings)
    for _ in range(months):
        model.step()
    return model


def level(model: Diplomacy, name: str) -> np.ndarray:
    return np.broadcast_to(model.variables[name], model.runs)


def levels(name: str, *settings: str, months: int = 14) -> np.ndarray:
    """By month and run."""
    model = model_of(*settings)
    found = []
    for _ in range(months):
        model.step()
        found.append(level(model, name).copy())
    return np.array(found)


SEASON = [1, 2, 0, 0.5, 3, 4, 1.5, 2.5, 0.25, 1, 5, 0.75]


def test_a_season_is_the_start_times_the_factor_of_the_calendar_month() -> None:
    found = levels("tariffs", f"variables.tariffs.by_month={SEASON}")
    march = [*SEASON[2:], *SEASON[:2], *SEASON[2:4]]  # month 0 is a March
    np.testing.assert_allclose(found, 0.2 * np.array(march)[:, None] + np.zeros(RUNS), rtol=1e-6)


def test_a_shift_stays_upon_the_season_and_a_set_replaces_it_while_it_lasts() -> None:
    events = "events=[{month: 2, shift: {tariffs: 0.1}}, {month: 5, set: {tariffs: 0.9}, until: 8}]"
    found = levels("tariffs", f"variables.tariffs.by_month={SEASON}", events)[:, 0]
    season = 0.2 * np.array([*SEASON[2:], *SEASON[:2], *SEASON[2:4]])
    np.testing.assert_allclose(found[:2], season[:2], rtol=1e-6)
    np.testing.assert_allclose(found[5:8], 0.9, rtol=1e-6)
    for part in (slice(2, 5), slice(8, 14)):
        np.testing.assert_allclose(found[part], np.minimum(season[part] + 0.1, 1), rtol=1e-6)


def test_a_chance_is_the_draw_of_its_name_and_month_and_leaves_every_other_alone() -> None:
    chancy = "events=[{month: 3, set: {hawk: 0.7}, chance: 0.3, name: coin}]"
    model, plain = after(4, chancy), after(4)
    stream = Streams(SEED, RUNS).monthly("event/coin")
    happened = stream.month(3)[0] < 0.3
    assert 0.25 < happened.mean() < 0.35  # 3 standard errors
    np.testing.assert_array_equal(level(model, "hawk"), np.where(happened, np.float32(0.7), 0))
    for name in ("tension", "momentum", "strategic_tests"):
        np.testing.assert_array_equal(level(model, name)[~happened], level(plain, name)[~happened])


def test_events_of_one_name_and_month_happen_together_and_others_do_not() -> None:
    rows = "{month: 3, set: {hawk: 0.7}, chance: 0.5%s}, {month: 3, set: {trade_talks: 1}, chance: 0.5%s}"
    together = after(4, "events=[" + rows % (", name: coin", ", name: coin") + "]")
    apart = after(4, "events=[" + rows % ("", "") + "]")
    for model, same in ((together, True), (apart, False)):
        alike = (level(model, "hawk") > 0) == (level(model, "trade_talks") > 0)
        assert alike.all() == same


@pytest.mark.parametrize("chance", [0, 1])
def test_a_chance_of_0_or_1_is_never_or_always(chance: int) -> None:
    event = "{month: 3, pin: {us_troops: 0.2}, until: 9"
    model, other = after(12, f"events=[{event}, chance: {chance}}}]"), after(12, *([f"events=[{event}}}]"] * chance))
    for name in ("us_troops", "tension", "pinned.us_troops"):
        np.testing.assert_array_equal(level(model, name), level(other, name))


def test_a_condition_is_looked_at_on_levels_as_the_last_month_left_them() -> None:
    before = level(after(3), "tension") > 0.55
    model = after(4, "events=[{month: 3, pin: {us_troops: 0.2}, if: tension - 0.55}]")
    assert 0.05 < before.mean() < 0.95
    np.testing.assert_array_equal(level(model, "us_troops") == np.float32(0.2), before)
    np.testing.assert_array_equal(level(model, "pinned.us_troops"), before)


def test_what_ends_is_restored_only_where_it_happened() -> None:
    event = "{month: 3, set: {hawk: 0.7}, until: 6, chance: 0.5}, {month: 4, shift: {hawk: 0.2}, chance: 0.5}"
    found = levels("hawk", f"events=[{event}]", months=8)
    first, second = found[3] > 0, found[4] - found[3] > 0.1
    np.testing.assert_allclose(found[5], 0.7 * first + 0.2 * second, atol=1e-6)
    np.testing.assert_allclose(found[7], 0.2 * second, atol=1e-6)


def test_a_state_is_made_to_act_only_where_the_condition_holds() -> None:
    before = level(after(3), "tension") > 0.55
    model, free = after(4, "events=[{month: 3, move: {DPRK: strategic test}, if: tension - 0.55}]"), after(4)
    place = [option.name for option in model.case.menus["DPRK"].options].index("strategic test")
    np.testing.assert_array_equal(model.states["DPRK"].choice[before], place)
    np.testing.assert_array_equal(model.states["DPRK"].choice[~before], free.states["DPRK"].choice[~before])


def american(more: str, months: int = 5) -> Diplomacy:
    return after(months, AMERICAN.replace("{}", more))


def test_a_summit_whose_condition_fails_is_not_tried_and_counts_as_nothing() -> None:
    before = level(american(", if: tension - 0.55", 4), "tension") > 0.55
    assert 0.05 < before.mean() < 0.95
    planned, free, never = (american(more) for more in (", if: tension - 0.55", "", ", if: -1"))
    names = ("first.KU.held", "calledoff.KU", "refused.KU.US", "refused.KU.DPRK", "deals.KU", "walkouts.KU")
    for name in (*names, "momentum", "us_ties", "tension"):
        np.testing.assert_array_equal(level(planned, name)[before], level(free, name)[before], err_msg=name)
        np.testing.assert_array_equal(level(planned, name)[~before], level(never, name)[~before], err_msg=name)
    assert not any(level(never, name).any() for name in names)


def test_in_its_months_a_summit_is_tried_as_soon_as_its_condition_holds() -> None:
    model = after(
        8, AMERICAN.replace("{}", ", late: 3, if: trade_talks - 0.5"), "events=[{month: 5, set: {trade_talks: 1}}]"
    )
    held = level(model, "first.KU.held") == 1
    assert held.mean() > 0.5
    assert level(model, "first.KU.month")[held].min() == 6  # the condition is looked at as the month begins


def test_a_certain_summit_is_held_where_its_condition_holds() -> None:
    terms = ", certain: true, if: tension - 0.55"
    before = level(american(terms, 4), "tension") > 0.55
    np.testing.assert_array_equal(level(american(terms), "first.KU.held") == 1, before)
