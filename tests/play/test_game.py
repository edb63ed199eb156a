"""A game is a function of its decisions: replay, questions, the table, several seats."""

import numpy as np
import pytest

from sim.inputs.scenario import load_scenario
from sim.play.decisions import ACCEPT, MOVES, PUSH, REFUSE, Decision, UnfitDecisionError
from sim.play.game import COLUMN, Game
from tests.play.helpers import answers, play


@pytest.fixture(scope="module")
def scenario():
    """One summit, which may be held a month early; no month after it."""
    return load_scenario("history", months=2, set=["summits=[{month: 2, between: [DPRK, US]}]"])


def first(game, found):
    return found[0]


def test_the_first_question_is_the_month_s_move(scenario):
    game = Game(scenario, 7, ["US"], [])
    assert (game.question.month, game.question.state, game.question.at) == (0, "US", MOVES)
    assert [answer.choice for answer in answers(game)] == ["ease", "hold", "press"]
    assert game.months == []


def test_the_same_decisions_give_the_same_game(scenario):
    one, two = (play(scenario, ["DPRK"], first) for _ in range(2))
    assert one.question is None
    assert one.levels() == two.levels()
    assert one.decisions == two.decisions


def test_what_was_decided_is_what_happened(scenario):
    game = play(
        scenario, ["US"], lambda game, found: {MOVES: found[-1], "KU": found[1]}.get(game.question.at, found[0])
    )
    assert all(month.moves["US"].name == "press" for month in game.months)
    met = [meeting for month in game.months for meeting in month.meetings if meeting.pair.id == "KU"]
    assert met
    assert not any(meeting.deal for meeting in met)


def test_leaving_out_the_last_decision_takes_it_back(scenario):
    game = play(scenario, ["DPRK"], first, most=5)
    back = game.again(game.decisions[:-1])
    again = Game(scenario, 7, ["DPRK"], game.decisions)
    assert back.question != game.question
    assert again.levels() == game.levels()


def test_a_package_may_be_pushed_for_and_is_then_on_the_table(scenario):
    def push(game, found):
        return next((answer for answer in found if answer.choice == PUSH), found[0])

    game = play(scenario, ["US"], push)
    pushed = [decision for decision in game.decisions if decision.choice == PUSH]
    met = [meeting for month in game.months for meeting in month.meetings if meeting.pair.id == "KU"]
    assert [each.package for each in pushed] == [meeting.offer.package.name for meeting in met]


def test_two_who_both_hold_a_seat_sign_what_both_accept(scenario):
    game = play(scenario, ["DPRK", "US"], first)
    assert {decision.state for decision in game.decisions} == {"DPRK", "US"}
    met = [meeting for month in game.months for meeting in month.meetings if meeting.pair.id == "KU"]
    assert all(meeting.deal for meeting in met)


def test_who_spoke_before_another_pushed_is_asked_again_and_cannot_push(scenario):
    def choose(game, found):
        at_table = game.question.at == "KU"
        if at_table and game.question.state == "US" and game.question.may_push:
            return next(answer for answer in found if answer.choice == PUSH)
        return found[0]

    game = play(scenario, ["DPRK", "US"], choose)
    asked = [decision for decision in game.decisions if decision.at == "KU"]
    assert [(each.state, each.choice) for each in asked] == [("DPRK", ACCEPT), ("US", PUSH), ("DPRK", ACCEPT)]


def test_a_refusal_ends_the_meeting(scenario):
    game = play(scenario, ["DPRK", "US"], lambda game, found: found[1] if game.question.pair_met else found[0])
    asked = [decision for decision in game.decisions if decision.at == "KU"]
    assert [(each.state, each.choice) for each in asked] == [("DPRK", REFUSE)]


@pytest.mark.parametrize(
    "decision",
    [
        Decision(0, "US", MOVES, "bomb"), Decision(1, "US", MOVES, "ease"), Decision(0, "DPRK", MOVES, "restrain"),
        Decision(0, "US", "KU", ACCEPT),
    ],
)  # fmt: skip
def test_a_decision_that_answers_another_question_is_refused(scenario, decision):
    with pytest.raises(UnfitDecisionError) as caught:
        Game(scenario, 7, ["US"], [decision])
    assert caught.value.place == 0


def test_a_decision_too_many_is_refused(scenario):
    game = play(scenario, ["US"], first)
    with pytest.raises(UnfitDecisionError):
        Game(scenario, 7, ["US"], [*game.decisions, game.decisions[-1]])


def test_an_empty_table_asks_nothing():
    bare = load_scenario("history", months=0, set=["assume.packages.backing=off"])
    game = play(bare, ["DPRK"], first)
    assert [decision.at for decision in game.decisions] == ["early KS", MOVES, "come KP"]
    assert game.months[0].meetings[0].offer is None


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ("events=[{month: 0, move: {DPRK: strategic test}}]", MOVES),
        ("summits=[{month: 0, between: [DPRK, US], if: tension - 5}]", "come KU"),
        ("summits=[{month: 1, between: [DPRK, US], if: tension - 5}]", "early KU"),
    ],
)
def test_what_cannot_be_decided_is_not_asked(given, asked):
    scenario = load_scenario("history", months=1, set=[given])
    game = play(scenario, ["DPRK"], first)
    assert (0, asked) not in [(each.month, each.at) for each in game.decisions]


def test_the_game_is_the_first_run_of_its_seed_until_a_person_differs(scenario):
    from sim.model.diplomacy import Diplomacy

    plain = Diplomacy(scenario, runs=2, seed=7)
    plain.step()
    chosen = {
        state.name: state.menu.options[int(state.choice[COLUMN])].name
        for state in plain.states.values()
        if state.menu is not None and state.choice is not None
    }
    assert np.asarray(plain.world.start["tension"])[COLUMN] == Game(scenario, 7, ["US"], []).start["tension"]
    for answer in ("ease", "press"):
        month = Game(scenario, 7, ["US"], [Decision(0, "US", MOVES, answer)]).months[0]
        assert {name: option.name for name, option in month.moves.items()} == chosen | {"US": answer}


def test_summits_before_moves_are_asked_in_that_order():
    scenario = load_scenario("variants/summits-before-moves", months=1)
    game = play(scenario, ["DPRK"], first)
    assert [decision.at for decision in game.decisions][:3] == ["come KP", "KP", MOVES]


def at(game, where):
    return [month for month in game.months for meeting in month.meetings if meeting.pair.id == where]


def test_who_stays_away_meets_nobody_and_is_told(scenario):
    game = play(scenario, ["US"], lambda game, found: found[1] if game.question.at == "come KU" else found[0])
    (meeting,) = [each for month in game.months for each in month.meetings if each.pair.id == "KU"]
    assert (meeting.come, meeting.away, meeting.deal) == (False, ("US",), False)
    assert game.at(game.variables["calledoff.KU"]) == game.at(game.variables["refused.KU.US"]) == 1
    assert game.at(game.variables["first.KU.held"]) == 0


def test_a_meeting_may_be_brought_forward_by_a_month_and_is_then_not_held_again(scenario):
    def early(game, found):
        return found[1] if game.question.at == "early KU" else found[0]

    games = [play(scenario, ["US"], early, seed=seed) for seed in range(6)]
    planned = next(summit.month for summit in scenario.summits if summit.pair == "KU")
    for game in games:
        months = [month.month for month in at(game, "KU")]
        met = [each for month in game.months for each in month.meetings if each.pair.id == "KU"]
        if met[0].come:
            assert (months[0], met[0].early) == (planned - 1, True)
            assert planned not in months
        else:  # the other did not want to: nothing is counted, and the plan stays
            assert months[:2] == [planned - 1, planned]
    assert any(at(game, "KU")[0].month == planned - 1 and len(at(game, "KU")) == 1 for game in games)


def test_the_score_is_the_way_come_to_all_that_is_wanted(scenario):
    game = play(scenario, ["DPRK"], first)
    assert game.scores()["DPRK"] == pytest.approx(100 * game.at(game.measures()["gain.DPRK"]))
    assert game.months[-1].scores == game.scores()
