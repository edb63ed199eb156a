"""Playing a game to its end by a rule."""

from sim.play.game import Game


def answers(game):
    question = game.question
    return question.answers(game.states[question.state].menu.options)


def play(scenario, seats, choose, seed=7, most=100):
    """The game after at most so many decisions; ``choose(game, answers)`` makes each."""
    decisions = []
    game = Game(scenario, seed, seats, decisions)
    while game.question is not None and len(decisions) < most:
        decisions.append(choose(game, answers(game)))
        game = game.again(decisions)
    return game
