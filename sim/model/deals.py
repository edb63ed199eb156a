"""The life of a deal: signed, given in phases, broken off (MODEL.md 7.4).

A pair with ``months:`` gives each lever named there over that many months. At a deal, for such a lever with share f,

    due = max(due, f done left),   rate = max(rate, left / months),   left = the level (down) or 1 - the level (up),

and every month gives min(due, rate), so that no slow lever moves by more than 1/months of what there was. A standing
deal collapses with probability accord x min(1, the variable under ``breach``): nothing is due any more and each lever
gives back snap_back (1 - degree) of what was got.
"""

from collections.abc import Mapping

import numpy as np

from sim.inputs.arithmetic import evaluate
from sim.inputs.case import Case, Pair
from sim.model.assumptions import Value, between, bounded, single, smaller
from sim.model.logit import power
from sim.model.packages import Both, hostages, level_after
from sim.model.streams import FloatArray
from sim.model.summits import Meeting
from sim.vocabulary import tally


def phased(case: Case) -> tuple[Pair, ...]:
    """The pairs whose deals are carried out over months and may collapse."""
    rules = case.bargaining
    return tuple(pair for pair in case.pairs.values() if rules[pair.id].months or rules[pair.id].breach)


def givers(case: Case, pair: str) -> dict[str, str]:
    """Who gives each lever that the pair phases, by lever."""
    found: dict[str, str] = {}
    for package in case.packages.values():
        for giver, parts in package.gives.items() if package.pair == pair else ():
            found |= {lever: giver for lever in parts if lever in case.bargaining[pair].months and lever not in found}
    return found


def worth(case: Case, lever: str, variables: Mapping[str, Value], level: Value) -> Value:
    """Worth of giving a lever from this level, in the units of ``promises``."""
    promise = case.promises[lever]
    return evaluate(promise.of, Both({lever: level}, variables)) * promise.weight


def carried_out(meeting: Meeting, variables: Mapping[str, Value]) -> dict[str, Value]:
    """done by side: ( follow (1 - shortfall) )^(2 y), so the side that depends less does less of what it signed."""
    done: dict[str, Value] = {}
    for side, y in meeting.terms.items():
        done[side] = power(variables["follow"] * (1 - variables[f"shortfall_{side}"]), 2 * y)
    return done


def signed_shares(meeting: Meeting) -> dict[str, dict[str, Value]]:
    """By side and lever: the share signed away, 0 in runs without a deal or whose deal does not name the lever."""
    shares: dict[str, dict[str, Value]] = {side: {} for side in meeting.pair.between}
    for place, offer in enumerate(meeting.offers):
        there = (meeting.deal & (meeting.picked == place)).astype(np.float32)
        for giver, parts in offer.shares.items():
            for lever, share in parts.items():
                shares[giver][lever] = shares[giver].get(lever, 0.0) + there * single(share)
    return shares


def sign(case: Case, meeting: Meeting, variables: Mapping[str, Value]) -> dict[str, Value]:
    """What a signature changes: levers given at once, what falls due, what is promised and received."""
    pair, rules = meeting.pair.id, case.bargaining[meeting.pair.id]
    now: dict[str, Value] = dict(variables)
    changed: dict[str, Value] = {}

    def write(name: str, value: Value) -> None:
        now[name] = changed[name] = value

    done = carried_out(meeting, variables)
    pledged = {
        lever: _pledged(case, meeting, lever) for package in case.packages.values() for lever in hostages(case, package)
        if package.pair == pair
    }  # fmt: skip
    one, two = meeting.pair.between
    slower = smaller(done[one], done[two])
    for giver, parts in signed_shares(meeting).items():
        promised, received = now[tally("promised", pair, giver)], now[tally("received", pair, giver)]
        for lever, share in parts.items():
            carried = done[giver]
            if lever in pledged:
                carried = carried + variables["paired"] * pledged[lever] * (slower - carried)
            if lever in case.promises:
                promised = promised + share * worth(case, lever, variables, variables[lever])
            if rules.months.get(lever, 0) > 0:
                left = 1 - now[lever] if case.variables[lever].upward else now[lever]
                write(f"due.{lever}", np.maximum(now[f"due.{lever}"], share * carried * left))
                continue
            level = level_after(case.variables[lever], now[lever], share * carried)
            if lever in case.promises:
                received = received + worth(case, lever, now, now[lever]) - worth(case, lever, now, level)
            if lever in rules.months:
                write(f"got.{lever}", now[f"got.{lever}"] + between(now[lever], level))
            write(lever, level)
        write(tally("promised", pair, giver), promised)
        write(tally("received", pair, giver), received)
    for lever, months in rules.months.items():
        if months > 0:
            left = 1 - variables[lever] if case.variables[lever].upward else variables[lever]
            rate = np.where(meeting.deal, left / months, np.float32(0))
            write(f"rate.{lever}", np.maximum(now[f"rate.{lever}"], rate))
    if rules.months or rules.breach:
        write(tally("accord", pair), np.where(meeting.deal, np.float32(1), now[tally("accord", pair)]))
    return changed


def _pledged(case: Case, meeting: Meeting, lever: str) -> Value:
    """1 where the offer on the table has this lever as one of two hostages."""
    there: Value = 0.0
    for place, offer in enumerate(meeting.offers):
        if lever in hostages(case, offer.package):
            there = there + (meeting.picked == place).astype(np.float32)
    return there


def collapse(case: Case, pair: str, variables: Mapping[str, Value], uniform: FloatArray) -> dict[str, Value]:
    """What changes where the pair's deal breaks: ``uniform`` falls below accord x min(1, strain)."""
    rules = case.bargaining[pair]
    if rules.breach is None:
        return {}
    broken = (uniform < variables[tally("accord", pair)] * smaller(1.0, variables[rules.breach])).astype(np.float32)
    stands, taken_back = 1 - broken, broken * variables["snap_back"]
    changed: dict[str, Value] = {
        tally("accord", pair): variables[tally("accord", pair)] * stands,
        tally("collapses", pair): variables[tally("collapses", pair)] + broken,
    }
    for lever, giver in givers(case, pair).items():
        variable, received = case.variables[lever], tally("received", pair, giver)
        back = taken_back * (1 - variable.irreversible) * variables[f"got.{lever}"]
        level: Value = variables[lever] - back if variable.upward else variables[lever] + back
        level = bounded(variable, level)
        if lever in case.promises:
            taken = worth(case, lever, variables, level) - worth(case, lever, variables, variables[lever])
            changed[received] = changed.get(received, variables[received]) - taken
        changed[lever] = level
        changed |= {f"{what}.{lever}": variables[f"{what}.{lever}"] * stands for what in ("due", "rate", "got")}
    for name, effect in rules.at_collapse.items():
        changed[name] = changed.get(name, variables[name]) + evaluate(effect, variables) * broken
    return changed


def give(case: Case, pair: str, variables: Mapping[str, Value]) -> dict[str, Value]:
    """This month's part of what is due: min(due, rate) of each lever that the pair phases."""
    changed: dict[str, Value] = {}
    for lever, giver in givers(case, pair).items():
        if case.bargaining[pair].months[lever] == 0:
            continue
        variable, received = case.variables[lever], tally("received", pair, giver)
        part = np.minimum(variables[f"due.{lever}"], variables[f"rate.{lever}"])
        level = variables[lever] + part if variable.upward else variables[lever] - part
        level = bounded(variable, level)
        if lever in case.promises:
            given = worth(case, lever, variables, variables[lever]) - worth(case, lever, variables, level)
            changed[received] = changed.get(received, variables[received]) + given
        changed[f"due.{lever}"] = variables[f"due.{lever}"] - part
        changed[f"got.{lever}"] = variables[f"got.{lever}"] + between(level, variables[lever])
        changed[lever] = level
    return changed
