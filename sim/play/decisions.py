"""What players are asked and decide, and what everybody sees of a month that is over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sim.inputs.case import Option, Package, Pair
from sim.inputs.schedule import Event

MOVES = "moves"  # where a decision is taken: in the month's moves, at the summit of a pair (its id),
COME, EARLY = "come ", "early "  # or before it (and the id): whether to come, whether to ask for it a month early
ACCEPT, REFUSE, PUSH = "accept", "refuse", "push"
GO, STAY_AWAY, KEEP, BRING_FORWARD = "come", "stay-away", "as-planned", "bring-forward"


@dataclass(frozen=True)
class Decision:
    """What a person did: the name of an option in the month's moves; ``accept``, ``refuse`` or ``push`` at a summit;
    whether to come to it, and whether to ask for it a month early.
    """

    month: int
    state: str
    at: str
    choice: str
    package: str | None = None  # the package pushed for, as OnTable.key


@dataclass(frozen=True)
class OnTable:
    """A package on the table: the share of each lever that each side would give at the terms of this meeting."""

    package: Package
    shares: Mapping[str, Mapping[str, float]]
    push: float = 1.0  # how far the terms are pressed: all the way 1, at even terms 0

    @property
    def key(self) -> str:
        """A name for it: the package's, with the terms where they are not pressed all the way."""
        terms = "" if self.push == 1 else "-even" if self.push == 0 else f"-at-{self.push:g}"
        return f"{self.package.name}{terms}"


@dataclass(frozen=True)
class Question:
    """What a player has to decide. At a summit: the packages, which one is on the table, whether to push another is
    allowed.
    """

    month: int
    state: str
    at: str
    table: tuple[OnTable, ...] = ()
    picked: int = -1
    may_push: bool = False

    def answers(self, options: Sequence[Option]) -> tuple[Decision, ...]:
        """Every decision that answers it; ``options`` are the state's menu."""
        if self.at == MOVES:
            return tuple(Decision(self.month, self.state, MOVES, option.name) for option in options)
        choices = (GO, STAY_AWAY) if self.at.startswith(COME) else (KEEP, BRING_FORWARD)
        if not self.pair_met:
            return tuple(Decision(self.month, self.state, self.at, choice) for choice in choices)
        found = [Decision(self.month, self.state, self.at, choice) for choice in (ACCEPT, REFUSE)]
        others = [each.key for place, each in enumerate(self.table) if place != self.picked and each.push in (0, 1)]
        pushes = [Decision(self.month, self.state, self.at, PUSH, key) for key in others if self.may_push]
        return (*found, *pushes)

    @property
    def pair_met(self) -> bool:
        """Whether it is asked at the table of a summit."""
        return self.at != MOVES and not self.at.startswith((COME, EARLY))

    @property
    def pair(self) -> str:
        """The pair that it is about; empty in the month's moves."""
        return "" if self.at == MOVES else self.at.split(" ")[-1]


@dataclass(frozen=True)
class MeetingSeen:
    """A summit that was due, as everybody saw it; ``offer`` is None where nothing was on the table or nobody met.

    By side: ``own_chance`` is the chance that the model's own state would have signed (for the debrief), ``signs`` the
    chance that the side signed (1 or 0 for a player), ``wishes`` the chance that it came.
    """

    pair: Pair
    offer: OnTable | None
    deal: bool
    own_chance: Mapping[str, float]
    come: bool = True
    away: tuple[str, ...] = ()
    early: bool = False
    signs: Mapping[str, float] = field(default_factory=dict)
    wishes: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class MonthSeen:
    """A month as everybody saw it. ``levels`` are all variables at its end, ``odds`` (for the debrief) by state and
    option, ``scores`` of the seats: how far they have come of the way to all they want, of 100.
    """

    month: int
    events: tuple[Event, ...]
    moves: Mapping[str, Option]
    meetings: tuple[MeetingSeen, ...]
    levels: Mapping[str, float]
    odds: Mapping[str, tuple[float, ...]]
    scores: Mapping[str, float]


class UnfitDecisionError(ValueError):
    """A saved decision that does not answer its question. ``place`` counts decisions from 0."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place
