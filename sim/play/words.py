"""What a player types: which word means which answer or command, and what to say where it means none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.errors import clean_text, did_you_mean
from sim.play.game import PUSH, Decision

COMMANDS = {
    "hint": "hint: what the model's own state would lean to, and which answer serves your aims best in the forecast",
    "why": "why STATE: the claims behind your leverage over a state and its leverage over you",
    "look": "look: the whole screen again",
    "undo": "undo: take the last decision back",
    "save": "save FILE: a copy of the game (it is kept after every decision anyway)",
    "load": "load FILE: go on with another saved game",
    "help": "help: these lines",
    "quit": "quit: leave; the game is kept",
}


@dataclass(frozen=True)
class Command:
    """A command with what stands behind it."""

    name: str
    rest: str


def understand(line: str, answers: Sequence[Decision]) -> Decision | Command | str:
    """The answer or the command that a line means, or the sentence to say because it means none."""
    text = " ".join(line.split())[:200]
    if not text:
        return f"Type a number from 1 to {len(answers)}, or help."
    if text.isascii() and text.isdigit() and len(text) < 6:
        if 1 <= int(text) <= len(answers):
            return answers[int(text) - 1]
        return f"There is no {text}: type a number from 1 to {len(answers)}."
    named = {said(answer).casefold(): answer for answer in answers}
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


def said(answer: Decision) -> str:
    """What a player would type for an answer."""
    return f"push {answer.package}" if answer.choice == PUSH else answer.choice
