"""What a summit leaves behind: levers as far as a deal is carried out, moods, tallies and ranks."""

from collections.abc import Mapping

import numpy as np

from sim.inputs.arithmetic import evaluate
from sim.inputs.case import Case
from sim.inputs.expressions import Expression
from sim.model.assumptions import Value, larger, single
from sim.model.deals import sign
from sim.model.streams import FloatArray
from sim.model.summits import Meeting
from sim.vocabulary import first, first_promised, first_signs, last, tabled, tally


def aftermath(case: Case, meeting: Meeting, variables: Mapping[str, Value]) -> dict[str, Value]:
    """Everything that a summit which was due changes, by name: nothing in runs where it was neither held nor missed."""
    signed = sign(case, meeting, variables)
    moods = _moods(case, meeting, variables, signed)
    return signed | moods | _tallies(case, meeting, variables, signed) | _ranks(case, meeting, variables)


def _moods(
    case: Case, meeting: Meeting, variables: Mapping[str, Value], signed: Mapping[str, Value]
) -> dict[str, Value]:
    """New ties, tension and momentum after a deal, a meeting without one, a first meeting, a refusal."""
    rules = case.bargaining[meeting.pair.id]
    held, deal, missed = (_as_number(each) for each in (meeting.come, meeting.deal, meeting.attendance.missed))
    happened: list[tuple[Mapping[str, Expression], Value]] = [
        (rules.at_deal, deal),
        (rules.at_walkout, held - deal),
        (rules.at_first_meeting, held * meeting.first),
        (rules.at_refusal, missed),
    ]
    levels: dict[str, Value] = {}
    for effects, share in happened:
        for name, change in effects.items():
            before = levels.get(name, signed.get(name, variables[name]))
            levels[name] = before + evaluate(change, variables) * share
    return levels


def _tallies(
    case: Case, meeting: Meeting, variables: Mapping[str, Value], signed: Mapping[str, Value]
) -> dict[str, Value]:
    """Meetings, deals and refusals counted; the first, the last and the terms last struck kept."""
    pair, one = meeting.pair.id, meeting.pair.between[0]
    held, deal, missed = (_as_number(each) for each in (meeting.come, meeting.deal, meeting.attendance.missed))
    begins = held * meeting.first > 0
    signed_at: Value = variables[tally("struck", pair)]
    for place, offer in enumerate(meeting.offers):
        there = meeting.deal & (meeting.picked == place)
        signed_at = np.where(there, 0.5 + np.float32(offer.push) * (meeting.pressed[one] - 0.5), signed_at)
    kept: dict[str, tuple[np.ndarray, Value]] = {
        first(pair, "month"): (begins, meeting.month),
        first(pair, "terms"): (begins, meeting.terms[one]),
        first(pair, "chance"): (begins, meeting.chance),
        first(pair, "deal"): (begins, deal),
        last(pair, "terms"): (meeting.come, meeting.terms[one]),
        last(pair, "deal"): (meeting.come, deal),
    }
    counted: dict[str, Value] = {
        tally("deals", pair): variables[tally("deals", pair)] + deal,
        tally("walkouts", pair): variables[tally("walkouts", pair)] + (held - deal),
        tally("calledoff", pair): variables[tally("calledoff", pair)] + missed,
        f"open.{pair}": _as_number(meeting.attendance.still_open),
        first(pair, "held"): larger(variables[first(pair, "held")], held),
        tally("struck", pair): signed_at,
        meeting.pair.met: larger(variables[meeting.pair.met], held),
    }
    kept |= {first_promised(pair, side): (begins, signed[tally("promised", pair, side)]) for side in meeting.terms}
    kept |= {name: (begins, value) for name, value in _on_the_table(case, meeting).items()}
    for state, refused in meeting.attendance.refused.items():
        counted[tally("refused", pair, state)] = variables[tally("refused", pair, state)] + _as_number(refused)
    return counted | {name: _kept(where, value, variables[name]) for name, (where, value) in kept.items()}


def _on_the_table(case: Case, meeting: Meeting) -> dict[str, Value]:
    """Which package the table settled on, and each side's own chance to accept it."""
    pair = meeting.pair
    found: dict[str, Value] = dict.fromkeys((first_signs(pair.id, side) for side in pair.between), 0.0)
    found |= {tabled(each.name): 0.0 for each in case.packages.values() if each.pair == pair.id}
    for place, (offer, accepts) in enumerate(zip(meeting.offers, meeting.accepts, strict=True)):
        there = _as_number(meeting.picked == place)
        package = tabled(offer.package.name)
        found[package] = found[package] + there
        for side, chance in accepts.items():
            found[first_signs(pair.id, side)] = found[first_signs(pair.id, side)] + there * chance
    return found


def _ranks(case: Case, meeting: Meeting, variables: Mapping[str, Value]) -> dict[str, Value]:
    """Share of the pairs that met before the first meeting of the one a rank waits for; frozen once it has met."""
    pair, counted = meeting.pair.id, dict[str, Value]()
    for rank in case.ranks.values():
        if pair in rank.counts:
            held = {each: variables[first(each, "held")] for each in rank.counts}
            held[pair] = larger(held[pair], _as_number(meeting.come))
            before: Value = 0.0
            for each in held.values():
                before = before + each
            waiting = variables[first(rank.until, "held")]
            counted[rank.name] = _kept(waiting == 0, before / len(rank.counts), variables[rank.name])
    return counted


def _kept(where: Value | np.ndarray, value: Value, before: Value) -> FloatArray:
    """The value where something happened, else the one before."""
    return np.where(where, single(value), single(before))


def _as_number(mask: np.ndarray) -> FloatArray:
    return mask.astype(np.float32)
