"""The page of a class: what its students believe, how far they agree, what it implies. No names unless asked for."""

from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import Any

from sim.classroom import wording as words
from sim.classroom.beliefs import Spread
from sim.classroom.positions import Classroom, Gap
from sim.ensemble.intervals import Z95
from sim.errors import clean_text
from sim.page.static_page import write_handout
from sim.views.wording import how_many, number

TEMPLATE = Path(__file__).with_name("classroom.html.j2")
WIDTH = 240  # of a strip, in its own units
MOST_CLAIMS = 16  # claims shown at once; the others are folded away
FEW = 3  # students; claims of fewer come last
EDGE = 6  # room for a dot at either end


def write_classroom(found: Classroom, path: Path, names: bool) -> Path:
    """Write the page, whole or not at all. Raises CannotWrite."""
    return write_handout(path, TEMPLATE, about(found, names))


def about(found: Classroom, names: bool) -> dict[str, Any]:
    """The values for the page's template."""
    called = words.names_of(found, names)
    top = _top(found)
    several = [each for each in found.credences.spreads if len(each.values) > 1]
    several.sort(key=lambda each: len(each.values) < FEW)  # claims of many students before those of a few
    agreement = words.agreement_sentences("credences", found.credences, words.sentences(found))
    if found.weights.claims:
        agreement += words.agreement_sentences("weights", found.weights, words.sentences(found))
    return {
        "title": f"The class on: {clean_text(found.scenario.title, 200)}",
        "question": clean_text(found.scenario.question, 400),
        "who": _who(found, names),
        "short": words.short(found, called),
        "pooled": words.pooled_sentence(found),
        "top": round(100 * top),
        "outcomes": [_outcome(found, name, label, top) for name, label in words.labels(found).items()],
        "noise": f"{found.runs:,} runs of each position; a share is good to about ±{_noise(found.runs)} points.",
        "agreement": agreement,
        "claims": [_claim(found, each) for each in several[:MOST_CLAIMS]],
        "more_claims": [_claim(found, each) for each in several[MOST_CLAIMS:]],
        "passed_over": _passed_over(found, len(several)),
        "deciding": words.deciding_sentence(found),
        "students": [_student(found, place, name) for place, name in enumerate(called)],
        "opposed": _opposed(found, called),
        "reading": words.READING,
    }


def _who(found: Classroom, names: bool) -> str:
    count = len(found.positions)
    left = f"; {found.skipped} more with faults in their files are left out" if found.skipped else ""
    hidden = "" if names else " Numbers instead of names; their order says nothing."
    who = f"{count} student{'' if count == 1 else 's'}{left}"
    return f"{who}; everyone starts from {found.scenario.name}; seed {found.seed}.{hidden}"


def _passed_over(found: Classroom, shown: int) -> str:
    rest = len(found.credences.spreads) - shown
    return f"{rest} claims of which only one student speaks are not listed." if rest else ""


def _noise(runs: int) -> str:
    """Half a 95% interval of a share of one half, in points."""
    return f"{100 * Z95 * (0.25 / (runs * 0.75)) ** 0.5:.1f}"


def _top(found: Classroom) -> float:
    """The right end of the strips of shares: the largest share, up to the next tenth."""
    largest = max(max(each.shares.values()) for each in found.positions)
    return max(ceil(10 * max(largest, *found.start.values(), *found.pooled.values()) - 1e-9), 1) / 10


def _at(value: float, top: float = 1.0) -> str:
    return f"{EDGE + (WIDTH - 2 * EDGE) * value / top:.1f}"


def _outcome(found: Classroom, name: str, label: str, top: float) -> dict[str, Any]:
    every = sorted(each.shares[name] for each in found.positions)
    low, high = how_many(every[0]), how_many(every[-1])
    return {
        "label": label,
        "start": how_many(found.start[name]),
        "pooled": how_many(found.pooled[name]),
        "mixed": how_many(found.mixed[name]),
        "range": low if low == high else f"{low} to {high}",
        "dots": [_at(value, top) for value in every],
        "start_at": _at(found.start[name], top),
        "pooled_at": _at(found.pooled[name], top),
        "alt": f"{label}: the students lie between {low} and {high}",
    }


def _claim(found: Classroom, spread: Spread) -> dict[str, Any]:
    claim = found.scenario.ledger.claims[spread.claim]
    low, high = spread.values[0], spread.values[-1]
    return {
        "id": spread.claim,
        "text": clean_text(claim.claim, 400),
        "students": len(spread.values),
        "median": f"{spread.median:.2f}",
        "range": f"{low:.2f} to {high:.2f}",
        "agreement": _agreement(spread),
        "dots": [_at(value) for value in spread.values],
        "start_at": _at(claim.credence),
        "median_at": _at(spread.median),
        "alt": f"{spread.claim}: {', '.join(f'{value:.2f}' for value in spread.values)}",
    }


def _agreement(spread: Spread) -> str:
    if spread.range == 0:
        return "all alike"
    return "" if spread.agreement is None else number(spread.agreement)


def _student(found: Classroom, place: int, name: str) -> dict[str, str]:
    position = found.positions[place]
    called = words.labels(found)
    turn = position.deciding
    beside = ", and more than beliefs" if position.other else ""
    row = {
        "name": name,
        "file": f"{words.KINDS[position.kind]}; {position.moved} claims held otherwise{beside}",
        "likeliest": words.likeliest(position.shares, called),
    }
    if turn is None:
        return row | {"claim": "", "change": "", "what": "no claim moves an ending beyond the noise"}
    return row | {
        "claim": turn.claim,
        "change": words.change(turn.own, turn.median),
        "what": words.what_moves(turn.what, called),
    }


def _opposed(found: Classroom, called: Sequence[str]) -> dict[str, Any]:
    two = found.opposed
    lines = words.opposed_sentences(found, called)
    if two is None:
        return {"lines": lines, "gaps": [], "one": "", "other": ""}
    gaps = [_gap(found, gap) for gap in two.gaps]
    return {"lines": lines, "gaps": gaps, "one": called[two.one], "other": called[two.other]}


def _gap(found: Classroom, gap: Gap) -> dict[str, str]:
    what = words.what_moves(gap.what, words.labels(found))
    if gap.one is None or gap.other is None:
        rest = "everything else in which the files differ"
        return {"id": "all else", "text": rest, "one": "", "other": "", "what": what}
    text = clean_text(found.scenario.ledger.claims[gap.claim].claim, 400)
    one, other = words.belief(gap.one, gap.other), words.belief(gap.other, gap.one)
    return {"id": gap.claim, "text": text, "one": one, "other": other, "what": what}
