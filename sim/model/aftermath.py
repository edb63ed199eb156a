"""What a summit leaves behind: levers as far as a deal is carried out, moods, tallies and ranks."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.inputs.case import Case, Pair
from sim.model.assumptions import Value
from sim.model.packages import level_after
from sim.model.streams import FloatArray
from sim.model.summits import Meeting
from sim.vocabulary import first, first_promised, tally


def carry_out(case: Case, meeting: Meeting, variables: Mapping[str, Value]) -> dict[str, Value]:
    """New levels of the levers that a deal moves, each share done at follow x (1 - shortfall of the giver)."""
    levels: dict[str, Value] = {}
    for place, offer in enumerate(meeting.offers):
        signed = (meeting.deal & (meeting.picked == place)).astype(np.float32)
        for giver, parts in offer.shares.items():
            done = signed * variables["follow"] * (1 - variables[f"shortfall_{giver}"])
            for lever, share in parts.items():
                level = levels.get(lever, variables[lever])
                levels[lever] = level_after(case.variables[lever], level, share * done)
    return levels


def worth(case: Case, meeting: Meeting, variables: Mapping[str, Value]) -> dict[str, FloatArray]:
    """Worth of what each side signs at this meeting, in the units of ``promises``; 0 where there is no deal."""
    promised = {side: np.zeros(meeting.deal.shape, dtype=np.float32) for side in meeting.pair.between}
    there = {lever: promise.of.evaluate(variables) * promise.weight for lever, promise in case.promises.items()}
    for place, offer in enumerate(meeting.offers):
        signed = (meeting.deal & (meeting.picked == place)).astype(np.float32)
        for giver, parts in offer.shares.items():
            total: Value = 0.0
            for lever, share in parts.items():
                if lever in there:
                    total = total + share * there[lever]
            promised[giver] += signed * total
    return promised


def moods(case: Case, meeting: Meeting, variables: Mapping[str, Value]) -> dict[str, Value]:
    """New ties, tension and momentum after a deal or a walk-out, and what a first meeting does either way."""
    rules = case.bargaining[meeting.pair.id]
    deal = meeting.deal.astype(np.float32)
    levels: dict[str, Value] = {}
    for effects, share in ((rules.at_deal, deal), (rules.at_walkout, 1 - deal), (rules.at_first_meeting, 1.0)):
        if effects is rules.at_first_meeting and not meeting.first:
            continue
        for name, change in effects.items():
            levels[name] = levels.get(name, variables[name]) + change.evaluate(variables) * share
    return levels


def tallies(case: Case, meeting: Meeting, variables: Mapping[str, Value]) -> dict[str, Value]:
    """Deals counted, what was promised and received added up, and the pair's first summit kept."""
    pair = meeting.pair.id
    deal = meeting.deal.astype(np.float32)
    promised = worth(case, meeting, variables)
    counted: dict[str, Value] = {
        name: variables[name] + amount
        for name, amount in ((tally("deals", pair), deal), (tally("walkouts", pair), 1 - deal))
    }
    for giver, amount in promised.items():
        done = variables["follow"] * (1 - variables[f"shortfall_{giver}"])
        for what, more in (("promised", amount), ("received", amount * done)):
            name = tally(what, pair, giver)
            counted[name] = variables[name] + more
    return counted | (_first(meeting, deal, promised) if meeting.first else {})


def _first(meeting: Meeting, deal: FloatArray, promised: Mapping[str, FloatArray]) -> dict[str, Value]:
    """What is kept of a pair's first summit."""
    pair = meeting.pair.id
    facts = {"held": 1.0, "terms": meeting.terms[meeting.pair.between[0]], "chance": meeting.chance, "deal": deal}
    kept: dict[str, Value] = {first(pair, what): value for what, value in facts.items()}
    return kept | {first_promised(pair, giver): amount for giver, amount in promised.items()}


def ranks(case: Case, met: Pair, variables: Mapping[str, Value]) -> dict[str, Value]:
    """Share of the pairs that met before the first meeting of the one a rank waits for; nothing once it has met."""
    counted: dict[str, Value] = {}
    for rank in case.ranks.values():
        waiting = variables[first(rank.until, "held")] == 0.0
        if waiting and met.id in rank.counts:
            before = sum(variables[first(pair, "held")] == 1.0 for pair in rank.counts)
            counted[rank.name] = before / len(rank.counts)
    return counted
