"""The terminal of a game: every answer with its forecast, what a typed line means, and the transcript."""

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path

import numpy as np

from sim.analysis.paired import paired
from sim.analysis.world_means import world_means
from sim.ensemble.safe_files import Folder, cannot_write
from sim.errors import CannotWrite, clean_lines, clean_text, did_you_mean
from sim.play.decisions import ACCEPT, MOVES, PUSH, REFUSE, Decision, Question
from sim.play.forecast import Ahead
from sim.play.game import Game
from sim.play.text import NARROW, bare_name, terms_of
from sim.views import wording
from sim.views.charts.labels import bare, chance
from sim.views.text.screen import Screen

SHOWN_OUTCOMES = 3
COLUMN = 9  # characters of a forecast's column
PLAIN = {"come": "go to it", "stay-away": "it is called off", "as-planned": "meet next month",
         "bring-forward": "ask for it this month"}  # fmt: skip
_COLOUR = re.compile(r"\x1b\[[0-9]*m")
LONGEST_LINE = 1000
COMMANDS = {
    "hint": "hint: what the model's own state would choose, and which answer serves your aims best in the forecast",
    "why": "why STATE: the claims behind your leverage over a state and its leverage over you",
    "look": "look: every level, what the others seem to want, and the screen again",
    "wait": "wait: hold still until an event comes or a summit of yours is near",
    "undo": "undo: take the last decision back",
    "save": "save FILE: a copy of the game (it is kept after every decision anyway)",
    "load": "load FILE: go on with another saved game",
    "help": "help: these lines",
    "quit": "quit: leave; the game is kept",
}

Show = Callable[[str], None]
"""Writes text to the screen unchanged; raises what ends a game whose screen is gone."""


def menu_text(game: Game, answers: Sequence[Decision], found: Mapping[Decision, Ahead], screen: Screen) -> str:
    """Every answer with its forecast, a row each; on a narrow screen line by line."""
    question = game.open_question
    names = likeliest(found.values())
    labels = {rule.name: bare(clean_text(rule.label, 40)) for rule in game.case.outcomes}
    worlds = next(iter(found.values())).classes.size // 2
    widest = max(each.outcomes[name].high - each.outcomes[name].low for each in found.values() for name in names)
    sure = f"; give or take {50 * widest:.0f}" if isfinite(widest) else ""
    how = f"of 100 runs from here, in {worlds:,} fresh worlds{sure}"
    if screen.width < NARROW:
        lines = [screen.strong("What you can do"), screen.paragraph(f"({how})", "  ")]
        for place, answer in enumerate(answers, 1):
            lines.append(screen.paragraph(f"{place} {answer_says(game, question, answer)}", "  ", "    "))
            texts = [f"{labels[name]} {_share(found[answer], name)}" for name in names]
            lines.append(screen.paragraph(f"{', '.join(texts)}; score {_score(found[answer])}", "      "))
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
        says = screen.cut(f"{place} {answer_says(game, question, answer)}", left - 1)
        lines.append(screen.text(f"{says:<{left}}{row}"))
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
    lines = []
    if odds:
        text = wording.listed([f"{name} {wording.percent(chance, 0)}" for name, chance in odds.items()])
        who = f"The model's own {bare_name(game.case, game.open_question.state)}"
        lines.append(screen.paragraph(f"{who} would choose (mean of fresh worlds): {text}."))
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


class Transcript:
    """A text file that only grows. Raises CannotWrite."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            with Folder(path.parent) as folder:
                self._file = folder.open(path.name, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        except OSError as error:
            raise cannot_write(path, error) from error

    def add(self, text: str) -> None:
        """Add text as it was shown, without colours."""
        try:
            rest = clean_lines(text).encode("utf-8", errors="replace")
            while rest:
                rest = rest[os.write(self._file, rest) :]
            os.fsync(self._file)
        except OSError as error:
            raise CannotWrite(f"{self._path}: writing failed: {error.strerror}; the game itself is kept", 74) from error

    def close(self) -> None:
        os.close(self._file)


class Terminal:
    """Standard input and output as a player sees them."""

    def __init__(self, screen: Screen, transcript: Transcript, show: Show) -> None:
        self.screen = screen
        self._show = show
        self.transcript = transcript

    def say(self, text: str, end: str = "\n") -> None:
        """Write text to the transcript, which outlives the terminal, and then show it."""
        self.transcript.add(_COLOUR.sub("", text) + end)
        self._show(text + end)

    def ask(self, prompt: str) -> str | None:
        """The line that is typed; None when input is closed."""
        self.say(prompt, end="")
        line = read_line()
        self.transcript.add((clean_text(line, LONGEST_LINE) if line is not None else "(input closed)") + "\n")
        if line is None or not sys.stdin.isatty():
            self._show("\n" if line is None else f"{clean_text(line, self.screen.width)}\n")
        return line


def read_line() -> str | None:
    """One line of standard input without its end; None where there is none."""
    if sys.stdin is None:
        return None
    try:
        line = rest = sys.stdin.readline(LONGEST_LINE)
        while rest and not rest.endswith("\n"):
            rest = sys.stdin.readline(LONGEST_LINE)
    except (OSError, ValueError, UnicodeDecodeError):  # closed, or not text
        return None
    return line.rstrip("\r\n") if line else None


@dataclass(frozen=True)
class Command:
    """A command and the words after it."""

    name: str
    rest: str


def understand(line: str, answers: Sequence[Decision]) -> Decision | Command | str:
    """The answer or the command that a line means, or the sentence to show if it means none."""
    text = " ".join(line.split())[:200]
    if not text:
        return f"Type a number from 1 to {len(answers)}, or help."
    if text.isascii() and text.isdigit() and len(text) < 6:
        if 1 <= int(text) <= len(answers):
            return answers[int(text) - 1]
        return f"There is no {text}: type a number from 1 to {len(answers)}."
    named = {short(answer).casefold(): answer for answer in answers}
    if text.casefold() in named:
        return named[text.casefold()]
    word, _, rest = text.partition(" ")
    if word.casefold() in COMMANDS:
        return Command(word.casefold(), rest)
    begun = [answer for name, answer in named.items() if name.startswith(text.casefold())]
    if len(begun) == 1:
        return begun[0]
    near = did_you_mean(text, [*named, *COMMANDS])
    return f"No such move: {clean_text(text, 40)}{near}. Type a number from 1 to {len(answers)}, or help."
