"""What `flip` says: the smallest change of assumption that reverses a comparison, or that none was found."""

from typing import Any

from sim.analysis.flip import NEAR, Flip, Tried
from sim.analysis.flip_candidates import Move, settings
from sim.ensemble.tables import table
from sim.inputs.scenario import Scenario
from sim.views import wording
from sim.views.json_report import fields
from sim.views.text.case_words import amount, glossary, label_of, long_name, short_name
from sim.views.text.screen import Screen

NEAR_WORDS = "a third"
SHORT_FAILED = 2  # on one screen
SPOKEN = 38  # characters of a claim's sentence


def flip_text(found: Flip, a: Scenario, things: tuple[str, ...], screen: Screen, full: bool = False) -> str:
    """The comparison as assumed, the answer, each level, and how it was searched; or a screen of it."""
    parts = [screen.paragraph(as_assumed(found, a))]
    if len(things) > 1:
        shown = things[: 6 if full else 3]
        words = wording.things_in_words(a.case, shown)
        more = f"; and {len(things) - len(words)} more (summitry diff lists them)" if len(things) > len(words) else ""
        parts.append(screen.paragraph(f"The two scenarios differ in {len(things)} things: {'; '.join(words)}{more}."))
    parts.append("\n".join(screen.strong(line) for line in screen.paragraph(sentence(found, a)).split("\n")))
    parts += [screen.paragraph(_confirmed(each, found, a), hang="  ") for each in found.found]
    if found.one_scenario and found.smallest is not None:
        parts.append(screen.paragraph(f"{wording.capital(all_that_differs(found))}."))
    failed = found.failed[: None if full else SHORT_FAILED]
    if failed:
        words = [
            f"{moves_in_words(each.candidate.moves, a)} ({amount(a, found.quantity, each.fresh)})" for each in failed
        ]
        more = f"; and {len(found.failed) - len(words)} more (--full)" if len(found.failed) > len(words) else ""
        text = f"Looked like a flip, but fresh runs do not confirm it: {'; '.join(words)}{more}."
        parts.append(screen.paragraph(text, hang="  "))
    named = [each.candidate.moves for each in (*found.found, *failed)]
    claims = [f"claim/{move.name}" for moves in named for move in moves if "/" not in move.name]
    claims += [f"claim/{name}" for name in found.one_scenario if "/" not in name]
    parts += glossary("what these claims say", a, claims, screen)
    if found.searched:
        parts.append(screen.paragraph(_how(found, full)))
    return "\n\n".join([*parts, screen.paragraph(wording.NOT_A_FORECAST)])


def as_assumed(found: Flip, a: Scenario) -> str:
    """The difference as assumed."""
    more = "more" if found.plain.difference > 0 else "less"
    said = f"{label_of(a, found.quantity)} {amount(a, found.quantity, found.plain)}"
    return f"{found.b} against {found.a}: {said} ({more} under {found.b}; {found.worlds:,} worlds)."


def sentence(found: Flip, a: Scenario, spoken: bool = False) -> str:
    """The answer in one sentence; ``spoken`` as in :func:`moves_in_words`."""
    detectable = amount(a, found.quantity, found.detectable).removeprefix("+")
    if found.nothing_to_flip:
        return (
            f"There is nothing to flip: as assumed, this difference may be 0 (one above {detectable} would "
            "be more than noise; where the surest of all endings was taken, that allows for the choice)."
        )
    best = found.smallest
    label = label_of(a, found.quantity)
    if best is None:
        what = "No change of one claim, of two claims, or of a number within its range"
        if found.one_scenario:
            differs = wording.capital(all_that_differs(found))
            what = f"{differs}; no change of another claim, or of a number within its range,"
        return (
            f"{what} was found that turns the difference in {label} around. A change of the difference by less than"
            f" {detectable} would have been missed in one of five tries or more."
        )
    does = "reverses" if best.verdict == "reversed" else f"brings below {NEAR_WORDS} of what it was"
    return (
        f"{wording.capital(moves_in_words(best.at, a, spoken))}: that {does} the difference in {label} between"
        f" {found.a} and {found.b}."
    )


def all_that_differs(found: Flip) -> str:
    """A clause: some change would make the two scenarios one, which is no flip."""
    names = [short_name(name) if "/" in name else f"the claim {name}" for name in found.one_scenario]
    return (
        f"{wording.listed(names)} {'is' if len(names) == 1 else 'are'} all that {found.a} and {found.b} differ in: with"
        " the same value in both they are one scenario, which is no flip"
    )


def moves_in_words(moves: tuple[Move, ...], scenario: Scenario, spoken: bool = False) -> str:
    """The changes of one candidate; a claim by its id or, ``spoken``, by the first words of its sentence."""
    texts = []
    for move in moves:
        if "/" in move.name:
            texts.append(f"{long_name(scenario, move.name)} at {move.after:.3g} (likeliest: {move.before:.3g})")
        elif spoken:
            claim = wording.shortened(scenario.ledger.claims[move.name].claim, SPOKEN)
            texts.append(f"credence of “{claim}” {move.before:.2f} to {move.after:.2f}")
        else:
            texts.append(f"the credence of {move.name} from {move.before:.2f} to {move.after:.2f}")
    return wording.listed(texts)


def _confirmed(each: Tried, found: Flip, a: Scenario) -> str:
    there = amount(a, found.quantity, each.fresh)
    text = f"{wording.capital(each.level)}: {moves_in_words(each.candidate.moves, a)}. Fresh runs there give {there}"
    if each.candidate.extreme != each.candidate.moves:
        beyond = amount(a, found.quantity, each.fresh_beyond)
        text += f", and {beyond} with {moves_in_words(each.candidate.extreme[-1:], a)}"
    if found.fresh is not None:
        text += f" (as assumed: {amount(a, found.quantity, found.fresh)})"
    verdict = f"it is surely below {NEAR_WORDS} of what it was, on either side of 0"
    if each.verdict == "reversed":
        verdict = f"the sign is reversed{'' if each.at == each.candidate.moves else ' all the way'}"
    return f"{text}: {verdict}. To see it: {' '.join(f'--set {one}' for one in settings(each.at))}"


def _how(found: Flip, full: bool) -> str:
    if not full:
        many = sum(many for _, many in found.searched)
        played = f"{wording.counted(many, 'change')} looked worth a try, and each was played afresh"
        return f"{played if many else 'No change looked worth a try'}. --full: how they were found."
    counts = ", ".join(f"{level}: {many}" for level, many in found.searched)
    return (
        f"Candidates by reweighting the {found.worlds:,} worlds ({counts}); each judged by paired runs on another seed"
        " alone, at 5% shared among all candidates. Claims may go anywhere from 0 to 1, numbers stay within their"
        " ranges; of pairs, the first claim goes all the way."
    )


def flip_document(found: Flip, a: Scenario) -> dict[str, Any]:
    """The `--json` of `flip`."""
    return {
        **fields(found, "a b quantity worlds"),
        **fields(found.plain, "difference se"),
        "fresh": None if found.fresh is None else fields(found.fresh, "difference se"),
        "near": NEAR,
        **fields(found, "detectable_change=detectable nothing_to_flip"),
        "sentence": sentence(found, a),
        "smallest": None if found.smallest is None else _entry(found.smallest),
        "found": [_entry(each) for each in found.found],
        "not_confirmed": [_entry(each) for each in found.failed],
        "one_scenario": list(found.one_scenario),
        "searched": dict(found.searched),
        "not_a_forecast": wording.NOT_A_FORECAST,
    }


def _entry(each: Tried) -> dict[str, Any]:
    beyond = each.candidate.beyond
    return {
        **fields(each, "level verdict"),
        "size": each.candidate.size,
        "set": list(settings(each.at)),
        "moves": [fields(move, "assumption=name from=before to=after") for move in each.at],
        "zero_at": {move.name: move.after for move in each.candidate.moves},
        "fresh": fields(each.fresh, "difference se"),
        "all_the_way": {
            "set": list(settings(each.candidate.extreme)),
            **fields(beyond, "reweighted=difference effective_worlds=effective"),
            **fields(each.fresh_beyond, "difference se"),
        },
    }


def flip_csv(found: Flip) -> bytes:
    """The comparison as assumed, then a row for each change that was tried, confirmed ones first."""
    header = ("level", "verdict", "set", "size", "reweighted_all_the_way", "fresh", "fresh_se", "fresh_all_the_way",
              "fresh_all_the_way_se")  # fmt: skip
    rows = [
        (each.level, each.verdict, " ".join(settings(each.at)), each.candidate.size, each.candidate.beyond.difference,
         *fields(each.fresh, "difference se").values(), *fields(each.fresh_beyond, "difference se").values())
        for each in (*found.found, *found.failed)
    ]  # fmt: skip
    return table(header, [("as assumed", "", "", 0.0, None, found.plain.difference, found.plain.se, None, None), *rows])
