"""What a player can do: every answer with its forecast, and the answer that the model's own state would give."""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite

import numpy as np

from sim.analysis.paired import paired
from sim.analysis.world_means import world_means
from sim.errors import clean_text
from sim.play.decisions import ACCEPT, MOVES, PUSH, REFUSE, Decision, Question
from sim.play.forecast import Ahead
from sim.play.game import Game
from sim.play.text import NARROW, bare_name, terms_of
from sim.views import wording
from sim.views.charts.words import bare, chance
from sim.views.text.screen import Screen

SHOWN_OUTCOMES = 3
COLUMN = 9  # characters of a forecast's column
PLAIN = {"come": "go to it", "stay-away": "it is called off", "as-planned": "meet next month",
         "bring-forward": "ask for it this month"}  # fmt: skip


def menu_text(game: Game, answers: Sequence[Decision], found: Mapping[Decision, Ahead], screen: Screen) -> str:
    """Every answer with its forecast, a row each; on a narrow screen line by line."""
    question = game.open_question
    names = likeliest(found.values())
    labels = {rule.name: bare(clean_text(rule.label, 40)) for rule in game.case.outcomes}
    worlds = next(iter(found.values())).classes.size // 2
    widest = max(each.outcomes[name].high - each.outcomes[name].low for each in found.values() for name in names)
    how = f"of 100 runs from here, in {worlds:,} fresh worlds; give or take {50 * widest:.0f}"
    if screen.width < NARROW:
        lines = [screen.strong("What you can do"), screen.paragraph(f"({how})", "  ")]
        for place, answer in enumerate(answers, 1):
            lines.append(screen.paragraph(f"{place} {answer_says(game, question, answer)}", "  ", "    "))
            told = [f"{labels[name]} {_share(found[answer], name)}" for name in names]
            lines.append(screen.paragraph(f"{', '.join(told)}; score {_score(found[answer])}", "      "))
        return "\n".join(lines)
    left = screen.width - (len(names) + 1 + question.pair_met) * COLUMN - 1
    heads = [*(["signs"] if question.pair_met else []), *(labels[name] for name in names), "score"]
    head = "".join(f"{screen.cut(each, COLUMN - 1):>{COLUMN}}" for each in heads)
    lines = [screen.faint(screen.cut(f"What you can do ({how})", screen.width)), screen.faint(" " * left + head)]
    for place, answer in enumerate(answers, 1):
        ahead = found[answer]
        cells = [_share(ahead, name) for name in names] + [_score(ahead)]
        if question.pair_met:
            signs = ahead.signs is not None and answer.choice != REFUSE
            cells.insert(0, f"{100 * (ahead.signs or 0):.0f}" if signs else "")
        row = "".join(f"{cell:>{COLUMN}}" for cell in cells)
        lines.append(
            screen.text(f"{screen.cut(f'{place} {answer_says(game, question, answer)}', left - 1):<{left}}{row}")
        )
    return "\n".join(lines)


def answer_says(game: Game, question: Question, answer: Decision) -> str:
    """An answer as a line of the menu."""
    if question.at == MOVES:
        option = next(each for each in game.options(question.state) if each.name == answer.choice)
        return f"{option.name}: {clean_text(option.says, 120)}"
    if answer.choice in PLAIN:
        return f"{answer.choice}: {PLAIN[answer.choice]}"
    if answer.choice == PUSH:
        offer = next(each for each in question.table if each.key == answer.package)
        return f"push {answer.package}: {clean_text(offer.package.says, 100)}{terms_of(offer)}"
    on_table = question.table[question.picked].package.name
    return f"accept: sign {on_table}" if answer.choice == ACCEPT else "refuse: leave without a deal"


def hint_text(
    game: Game, answers: Sequence[Decision], found: Mapping[Decision, Ahead], odds: Mapping[str, float], screen: Screen
) -> str:
    """What the model's own state would choose, and which answer serves the player's aims best."""
    question = game.open_question
    lines = []
    if odds:
        told = wording.listed([f"{name} {wording.percent(chance, 0)}" for name, chance in odds.items()])
        lines.append(
            screen.paragraph(
                f"The model's own {bare_name(game.case, question.state)} would choose (mean of fresh worlds): {told}."
            )
        )
    ranked = sorted(answers, key=lambda answer: -float(found[answer].score.mean()))
    best, next_best = ranked[0], ranked[min(1, len(ranked) - 1)]
    [more] = paired(world_means(np.atleast_2d(found[best].score - found[next_best].score)))
    close = "" if more.low > 0 else " (too close to call)"
    by = f"{short(best)}, by {wording.plus_minus(more.difference, more.half)} over {short(next_best)}{close}"
    if not isfinite(more.half):
        by = f"too few runs differ between {short(best)} and {short(next_best)} to tell"
    lines.append(screen.paragraph(f"Best score at the end, in this forecast: {by}."))
    return "\n".join(lines)


def likeliest(found: Iterable[Ahead]) -> list[str]:
    """The classes that are likeliest under any answer, in their own order."""
    most: dict[str, float] = {}
    for ahead in found:
        for name, each in ahead.outcomes.items():
            most[name] = max(most.get(name, 0.0), each.probability)
    top = sorted(most, key=lambda name: -most[name])[:SHOWN_OUTCOMES]
    return [name for name in most if name in top]


def short(answer: Decision) -> str:
    """What a player would type for an answer."""
    return f"push {answer.package}" if answer.choice == PUSH else answer.choice


def _share(ahead: Ahead, name: str) -> str:
    return wording.with_bound(chance(ahead.outcomes[name]))


def _score(ahead: Ahead) -> str:
    return wording.signed(float(np.mean(ahead.score)), 0)
