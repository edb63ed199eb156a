"""What a player types and what it means."""

import numpy as np
import pytest

from sim.inputs.scenario import load_scenario
from sim.play.decisions import ACCEPT, MOVES, PUSH, REFUSE, Decision
from sim.play.forecast import Ahead
from sim.play.terminal import COMMANDS, Command, _score, _share, understand
from sim.play.text import named

MENU = tuple(Decision(0, "US", MOVES, name) for name in ("ease", "hold", "press"))
TABLE = (Decision(3, "US", "KU", ACCEPT), Decision(3, "US", "KU", REFUSE), Decision(3, "US", "KU", PUSH, "grand"))


@pytest.mark.parametrize(("line", "place"), [("1", 0), (" 3 ", 2), ("hold", 1), ("PRESS", 2), ("pre", 2), ("e", 0)])
def test_a_move_by_number_name_or_beginning(line, place):
    assert understand(line, MENU) == MENU[place]


def test_a_push_by_the_name_of_its_package():
    assert understand("push grand", TABLE) == TABLE[2]
    assert understand("push", TABLE) == TABLE[2]


@pytest.mark.parametrize(
    ("line", "name", "rest"),
    [("save my file.json", "save", "my file.json"), ("UNDO", "undo", ""), ("why DPRK", "why", "DPRK")],
)
def test_commands(line, name, rest):
    assert understand(line, MENU) == Command(name, rest)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "1 to 3"),
        ("0", "There is no 0"),
        ("4", "There is no 4"),
        ("presss", 'did you mean "press"'),
        ("bomb", "No such move"),
        ("٣", "No such move"),
        ("\x1b[31mred", "No such move"),
        ("9" * 500, "No such move"),
    ],
)
def test_what_means_nothing_gets_one_plain_line(line, words):
    said = understand(line, MENU)
    assert isinstance(said, str)
    assert words in said
    assert said.isprintable()
    assert len(said) < 160


def test_what_no_run_or_every_run_ends_in_is_told_by_its_bound():
    case = load_scenario("xi-first").case
    rare, often = case.outcomes[0], case.outcomes[1]
    ahead = Ahead(case, np.ones(1000, dtype=np.int8), np.zeros(1000))
    assert _share(ahead, rare.name).startswith("<0.")
    assert _share(ahead, often.name).startswith(">99.")
    both = Ahead(case, np.repeat(np.array([0, 1], dtype=np.int8), 500), np.zeros(1000))
    assert _share(both, rare.name) == "50"


@pytest.mark.parametrize("text", ["US", "us", "the United States", "united states", "Trump", "Donald Trump"])
def test_a_state_goes_by_its_code_its_name_or_its_leader(text):
    assert named(text, load_scenario("xi-first").case) == "US"


def test_help_names_each_command_once():
    for name, says in COMMANDS.items():
        assert says.startswith(name)
        assert f"{name}: {name}" not in says


@pytest.mark.parametrize(("score", "said"), [(-0.2, "+0"), (-3.4, "−3"), (2.6, "+3")])
def test_a_score_has_a_minus_sign_and_nothing_less_than_nothing(score, said):
    case = load_scenario("xi-first").case
    assert _score(Ahead(case, np.ones(4, dtype=np.int8), np.full(4, score))) == said
