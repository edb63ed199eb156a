"""The resolved ledger: every claim with the weight, credence, effects and links in force.

``codings.py`` makes these frozen values from the codings in the source cards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add, mul
from typing import Any, Literal, TypeAlias

from sim.inputs.case import Range
from sim.inputs.expressions import Expression
from sim.inputs.schema_card import WhereGiven


@dataclass(frozen=True)
class Effect:
    """A claim's push on one directed leverage: ``sign`` +1 feeds it, -1 cuts it; ``share`` in [0, 1]."""

    holder: str
    target: str
    sign: int
    share: float


@dataclass(frozen=True)
class Link:
    """An attack or support coming from the claim ``source``; ``factor`` is 1, or less where the codings dispute it."""

    source: str
    factor: float


@dataclass(frozen=True)
class MechanismPart:
    """A mechanism that a claim may have; ``part`` is 1 for the one that it has and 0 for the others."""

    name: str
    part: float


@dataclass(frozen=True)
class Elsewhere:
    """Effects and links that only another coding gives a claim, with shares and factors 0."""

    effects: tuple[Effect, ...] = ()
    attackers: tuple[Link, ...] = ()
    supporters: tuple[Link, ...] = ()
    mechanisms: tuple[str, ...] = ()


Operation: TypeAlias = Literal["set", "times", "add"]
OPERATIONS: Mapping[Operation, Callable[[Any, Any], Any]] = {"set": lambda _, by: by, "times": mul, "add": add}
"""What a coupling does to a number, or to an array of them."""


@dataclass(frozen=True)
class Coupling:
    """What else differs in worlds where the claim fails.

    ``key`` is a parameter's name or ``ideal.STATE.ISSUE`` or ``salience.STATE.ISSUE``.
    """

    key: str
    operation: Operation
    value: float


@dataclass(frozen=True)
class Claim:
    """A claim with the numbers, effects and links of the coding in force."""

    id: str
    claim: str  # one sentence, our words
    document: str  # id of the card it lives in
    places: tuple[WhereGiven, ...]
    group: str  # the cause it restates
    mechanism: str
    weight: Range
    credence: float
    active: Expression
    active_when: str
    effects: tuple[Effect, ...]
    attackers: tuple[Link, ...]
    supporters: tuple[Link, ...]
    fails: tuple[Coupling, ...]
    observable: str = ""  # what its paragraph speaks of: a measure, level, leverage, promise, meeting or ending
    codings: int = 1  # number of codings
    colour: str = ""  # why no effect is claimed, where none is
    elsewhere: Elsewhere = Elsewhere()
    mechanisms: tuple[MechanismPart, ...] = ()  # under any coding, where these differ

    def under_any_coding(self, order: Sequence[str]) -> Claim:
        """The claim with the effects and links of all codings, so that codings differ by numbers alone. Links are in
        ``order``, which is the ledger's.
        """
        other, place = self.elsewhere, order.index
        names = sorted({self.mechanism, *other.mechanisms})
        effects = sorted((*self.effects, *other.effects), key=lambda each: (each.holder, each.target, each.sign))
        attackers, supporters = (
            tuple(sorted(links, key=lambda link: place(link.source)))
            for links in ((*self.attackers, *other.attackers), (*self.supporters, *other.supporters))
        )
        parts = tuple(MechanismPart(name, float(name == self.mechanism)) for name in names) if len(names) > 1 else ()
        return replace(
            self, mechanism=names[0], effects=tuple(effects), attackers=attackers, supporters=supporters,
            mechanisms=parts, elsewhere=Elsewhere(),
        )  # fmt: skip


@dataclass(frozen=True)
class Ledger:
    """Claims in card order: by document id, then as in the card."""

    claims: Mapping[str, Claim]

    def under_any_coding(self) -> Ledger:
        """The ledger with a structure that is the same for every coding."""
        order = list(self.claims)
        return Ledger({id: claim.under_any_coding(order) for id, claim in self.claims.items()})

    @property
    def coded_twice(self) -> int:
        """How many claims have two codings, so that their agreement can be measured."""
        return sum(claim.codings > 1 for claim in self.claims.values())

    @property
    def places(self) -> list[WhereGiven]:
        """Every citation."""
        return [place for claim in self.claims.values() for place in claim.places]

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Cause -> its claims, in ledger order."""
        found: dict[str, list[str]] = {}
        for claim in self.claims.values():
            found.setdefault(claim.group, []).append(claim.id)
        return {group: tuple(ids) for group, ids in found.items()}


def cause_credence(credences: Sequence[float], larger: Callable[[Any, Any], Any] = max) -> float:
    """C: the chance that a cause holds, given the credences of the claims that restate it (MODEL.md 7.1).

    ``larger`` is the larger of two, where they may be arrays.
    """
    most: float = reduce(larger, credences)
    return (1 + most) / 2 if len(credences) > 1 else 1.0
