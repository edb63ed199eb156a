"""A seat in the page is the seat of `summitry play`: the same questions with the same answers, the same choices give
the same history, scores and debrief, and forecasts agree.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.analysis.paired import paired
from sim.analysis.world_means import world_means
from sim.ensemble.run import run
from sim.inputs.scenario import Scenario, load_scenario
from sim.page.data import page_data
from sim.page.explorer import cards_of
from sim.play.debrief import debrief
from sim.play.decisions import COME, EARLY, MOVES, PUSH, REFUSE, Decision, Question
from sim.play.forecast import Ahead, ahead, odds, position, wishes
from sim.play.game import Game
from sim.play.terminal import answer_says
from sim.play.text import REASONS, aim, wants
from sim.views.text.screen import Screen

HERE = Path(__file__).parent
SEED, WORLDS = 2018, 500
LASTS = {"DPRK": 5, "DPRK+US": 4}  # months, of which the fourth holds the American summit
NEAR = 0.02  # share of runs that may end otherwise: the page begins a month anew, play goes on within it

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


@dataclass(frozen=True)
class Put:
    """A question as the terminal puts it: what it says of each answer, and the score of each month until then."""

    game: Game
    question: Question
    says: tuple[str, ...]
    answers: tuple[Decision, ...]
    scores: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Sitting:
    """One game, in the page and in the terminal."""

    shown: dict[str, Any]
    put: tuple[Put, ...]
    scenario: Scenario
    over: Game

    @cache  # noqa: B019 - two sittings, which live as long as the module
    def ahead(self, place: int, answer: int | None) -> Ahead:
        """What play foresees at a question, without an answer to it or with the answer at a place."""
        put = self.put[place]
        return ahead(put.game, None if answer is None else put.answers[answer], WORLDS)


@pytest.fixture(scope="module", params=LASTS)
def sitting(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sitting]:
    folder, scenario = tmp_path_factory.mktemp("seat"), load_scenario("xi-first", months=LASTS[request.param])
    ensembles = [run(scenario, 128, SEED, workers=1)]
    data, out = folder / "data.json", folder / "out.json"
    data.write_text(json.dumps(page_data(ensembles, cards_of(ensembles, None), None)), "utf-8")
    subprocess.run(["node", str(HERE / "seat_game.mjs"), str(data), str(out), request.param], check=True)
    shown = json.loads(out.read_text("utf-8"))
    seats = tuple(request.param.split("+"))
    put: list[Put] = []
    made: list[Decision] = []
    game = Game(scenario, SEED, seats, made)
    for asked in shown["asked"]:
        assert game.question is not None, len(made)
        menu = game.states[game.question.state].menu
        found = game.question.answers(menu.options if menu else ())
        says = tuple(answer_says(game, game.question, each) for each in found)
        put.append(
            Put(game, game.question, says, found, tuple(each.scores[game.question.state] for each in game.months))
        )
        made.append(found[asked["place"]])
        game = game.again(made)
    yield Sitting(shown, tuple(put), scenario, game)
    for each in (*(each.game for each in put), game):
        each.close()


def kind(question: Question) -> str:
    if question.at == MOVES:
        return "moves"
    return "come" if question.at.startswith(COME) else "early" if question.at.startswith(EARLY) else "sign"


def test_the_same_questions_with_the_same_answers_and_scores(sitting: Sitting) -> None:
    for asked, put in zip(sitting.shown["asked"], sitting.put, strict=True):
        question = put.question
        found = (asked["month"], asked["state"], asked["at"], asked.get("pair", ""))
        assert found == (question.month, question.state, kind(question), question.pair)
        for mine, theirs in zip(asked["says"], put.says, strict=True):
            assert theirs.startswith("accept: ") or theirs.partition(": ")[2] in mine
        scores = [0.0, 0.0, *put.scores]
        assert f"Score {signed(scores[-1])}" in asked["drawn"]
        assert f", {signed(scores[-1] - scores[-2])} last month" in asked["drawn"]
    assert {kind(put.question) for put in sitting.put} == {"early", "moves", "come", "sign"}
    assert any(answer.choice == PUSH for put in sitting.put for answer in put.answers)
    assert sitting.over.question is None


def signed(score: float) -> str:
    return f"{score:+.0f}".replace("-0", "+0").replace("-", "−")


def test_the_same_choices_give_the_same_history(sitting: Sitting) -> None:
    shown, game = sitting.shown, sitting.over
    assert shown["outcome"] == int(game.outcomes()[0])
    assert shown["same"], "a game in a link is another game"
    assert f"{sum(shown['holds'])} of {len(shown['holds'])} claims held in your world" in shown["debrief"]
    assert shown["holds"] == [bool(game.holds[name][0] > 0) for name in sitting.scenario.ledger.claims]
    for month, seen in zip(shown["months"], game.months, strict=True):
        for name, variable in sitting.scenario.case.variables.items():
            assert month["variables"][name] == pytest.approx(seen.levels[name], abs=1e-4), (seen.month, variable.name)
        for state, score in seen.scores.items():
            assert 100 * month["gains"][state] == pytest.approx(score, abs=0.01)
        held = [(each["pair"], each["deal"]) for each in month["meetings"] if each["held"]]
        assert held == [(each.pair.id, each.deal) for each in seen.meetings if each.come]


def test_the_odds_are_those_of_play(sitting: Sitting) -> None:
    at_the_table = [place for place, put in enumerate(sitting.put) if kind(put.question) in ("come", "sign")]
    for place in (0, 1, 2, *at_the_table[:4]):
        asked = sitting.shown["asked"][place]
        near(asked["own"], sitting.ahead(place, None))
        for answer, (shown, chance) in enumerate(zip(asked["odds"], asked["signs"], strict=True)):
            found = sitting.ahead(place, answer)
            near(shown, found)
            put = sitting.put[place]
            asked_to_sign = put.question.pair_met and put.answers[answer].choice != REFUSE
            assert chance == (pytest.approx(found.signs, abs=0.02) if asked_to_sign else None)
        assert len(asked["odds"]) == len(sitting.put[place].answers)


def test_hint_and_why_are_those_of_play(sitting: Sitting) -> None:
    advised = [(place, each) for place, each in enumerate(sitting.shown["asked"]) if each["advised"]]
    assert {each["at"] for _, each in advised} >= {"early", "moves", "come"}
    for place, asked in advised:
        game, answers, state = sitting.put[place].game, sitting.put[place].answers, asked["state"]
        (hint, why), (hint_said, why_said) = asked["advised"], asked["said"]
        own = odds(game, WORLDS).get(state, {})
        assert hint["chances"] == pytest.approx(list(own.values()), abs=1e-3)
        scores = [sitting.ahead(place, answer).score for answer in range(len(answers))]
        if hint["more"]["half"] is not None and hint["more"]["difference"] > 3 * hint["more"]["half"]:
            assert hint["best"] == int(np.argmax([score.mean() for score in scores]))
        by = paired(world_means(np.atleast_2d(scores[hint["best"]] - scores[hint["next"]])))[0]
        assert hint["more"]["difference"] == pytest.approx(by.difference, abs=0.15)
        assert "Best score at the end, in this forecast: " in hint_said
        found = position(game, state, WORLDS)
        for side in why["sides"]:
            dyad = (side["holder"], side["target"])
            assert side["whole"] == pytest.approx(found.leverage[dyad], abs=1e-3)
            wanted = {each.claim.id: each.part for each in found.reasons[dyad]}
            for reason, play in zip(side["reasons"], found.reasons[dyad][:REASONS], strict=True):
                assert reason["part"] == pytest.approx(wanted[reason["claim"]["id"]], abs=1e-3)
                assert reason["part"] == pytest.approx(play.part, abs=1e-3)  # its rank, whoever has it
                whose = "your leverage over" if side["holder"] == state else "the leverage of"
                assert f"{'feeds' if play.sign > 0 else 'cuts'} {whose}" in why_said


def test_what_states_want_is_said_as_in_play(sitting: Sitting) -> None:
    case = sitting.scenario.case
    for place, asked in enumerate(sitting.shown["asked"]):
        if asked["at"] in ("come", "sign"):
            continue  # play speaks of this month's levels as its moves have left them
        game = sitting.put[place].game
        assert aim(wishes(game, asked["state"]), case) in asked["drawn"]
        if asked["said"]:
            said = wants("PRC", wishes(game, "PRC"), case, Screen(width=400)).strip()
            assert said.replace("China", "Xi") in asked["said"][1]


def near(shown: dict[str, Any], found: Ahead) -> None:
    wanted = np.bincount(found.classes, minlength=len(shown["counts"])) / found.classes.size
    assert np.abs(wanted - np.array(shown["counts"]) / sum(shown["counts"])).sum() / 2 < NEAR
    assert shown["score"] == pytest.approx(float(found.score.mean()), abs=0.5)


def test_the_debrief_is_that_of_play(sitting: Sitting) -> None:
    game, same = sitting.over, ahead(sitting.put[0].game, None, 2)
    found = debrief(game, 2, lambda *_: same)  # the odds are compared above
    assert np.abs(np.array(sitting.shown["players"]) - np.array(list(found.players.values()))).sum() <= 4
    for mine, seat in zip(sitting.shown["results"], found.seats, strict=True):
        assert (mine["state"], mine["score"]) == (seat.state, pytest.approx(seat.score, abs=0.01))
        assert mine["gained"] == pytest.approx(seat.gained, abs=0.01)
        assert mine["better"] == pytest.approx(seat.better_than, abs=0.005)
    for mine, link in zip(sitting.shown["links"], found.chain, strict=True):
        assert mine["own"] == (link.own if link.own is None else pytest.approx(link.own, abs=1e-3))
    assert sitting.shown["reopened"] == sitting.shown["links"]
