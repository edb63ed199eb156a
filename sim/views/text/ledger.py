"""The ledger in the terminal: every claim in a line or two, one claim in full, how far the two codings agree, and what
the claims make of one leverage.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from sim.analysis.agreement import RELIABLE, TENTATIVE, Agreement
from sim.errors import Fault, clean_text
from sim.inputs.cards import Card
from sim.inputs.case import Case
from sim.inputs.ledger import Claim, Ledger, Link
from sim.inputs.scenario import Scenario
from sim.inputs.schedule import month_name
from sim.inputs.schema_card import Coding, EffectGiven
from sim.views import wording
from sim.views.text.case_words import LIKELIER, label_of, spelled_cards, where_it_fails, where_it_holds
from sim.views.text.screen import Screen, columns, with_bars

if TYPE_CHECKING:
    from sim.analysis.leverage_parts import ClaimPart, LeverageParts

LONGEST = 2_000  # characters of any one text of a card
LONGEST_NAME = 34
MOST_CLAIMS = 6  # shown on one screen
LONGEST_SENTENCE = 300  # characters of a claim's sentence
MEANING = (
    "Strength is the mean over runs (0 where the claim fails or is not to the point), share how much of it bears on"
    " these two, part how much the leverage would fall without this claim. Parts do not add up: causes overlap, and a"
    " claim that restates a cause adds little to the strongest. A link with a factor is in one coding only."
)


def claim_list(ledger: Ledger, case: Case, screen: Screen) -> str:
    """Every claim: name, credence, leverage it feeds (+) and cuts (-), place, and its sentence cut to a line."""
    lines: list[str] = []
    document = ""
    for claim in ledger.claims.values():
        if claim.document != document:
            document = claim.document
            lines += [*([""] if lines else []), screen.strong(clean_text(document, 60))]
        lines += _short(claim, case, screen)
    coded = ledger.coded_twice
    mean = ", the mean of its codings" if coded else f" ({wording.ONE_CODING})"
    if 0 < coded < len(ledger.claims):
        mean += f" ({wording.counted(len(ledger.claims) - coded, 'claim')} with {wording.ONE_CODING})"
    alike = sum(len(ids) > 1 for ids in ledger.groups.values())
    restated = f", {wording.counted(alike, 'cause')} restated by several" if alike else ""
    close = (
        f"{wording.counted(len(ledger.claims), 'claim')}{restated}. Credence: how likely it is that the claim "
        f"holds{mean}. A>B + feeds the leverage of A over B, - cuts it. "
        "`summitry claims ID` shows one in full."
    )
    return "\n".join([*lines, "", screen.paragraph(close)])


def claim_whole(name: str, cards: Sequence[Card], scenario: Scenario, screen: Screen) -> str:
    """One claim with all that its card says."""
    named = spelled_cards(cards)
    card, given = next((card, claim) for card in named for claim in card.given.claims if claim.id == name)
    document, ledger, claim = card.given.document, scenario.ledger, scenario.ledger.claims[name]
    holding = where_it_holds(scenario, name)
    failing = [
        where_it_fails(scenario, coupling) + (f" ({each.basis})" if each.basis else "")
        for coupling, each in zip(claim.fails, given.fails, strict=True)
    ]
    twice = given.codings.second is not None
    effects = [wording.states_in_words(scenario.case, _effect_given(effect, twice)) for effect in given.effects]
    others = [each for each in ledger.groups[claim.group] if each != name]
    alike = f", restated by {wording.listed(others)}: they fall together" if others else ""
    rows: dict[str, Iterable[str | None]] = {
        "cause": [f"{claim.group}{alike}"],
        "counts": [f"{given.active_when} [{given.active.text}]"],
        "speaks of": [label_of(scenario, given.observable) if given.observable else ""],
        "effects": effects or ["none on any leverage"],
        "colour": [given.why_colour], "not used": [str(given.shares_off or "")],
        "if it holds": holding, "if it fails": failing,
        "in force": [f"{_priors(claim)} ({'pooled' if claim.codings > 1 else 'one coding'})"],
        "coded": ["" if twice else wording.ONE_CODING],
        "attacked by": map(_link, claim.attackers), "supported by": map(_link, claim.supporters),
        "rivals": [f"{rival.claim}: {rival.issue}" for rival in given.rivals],
        "note": [given.note], "changed": [given.changed],
    }  # fmt: skip
    codings = {"first coding": given.codings.first, "second coding": given.codings.second}
    return "\n".join([
        screen.strong(clean_text(name, 80)),
        _text(given.claim, screen),
        "",
        _text(f"{document.author}: {document.title} ({document.outlet}, {document.date})", screen),
        screen.text(clean_text(document.found_at, LONGEST)),  # an address that is cut in two leads nowhere
        *(_text(f'{each.in_words}, "{each.phrase}"' if each.phrase else each.in_words, screen, "  ")
          for each in given.where),
        "",
        *(line for label, texts in rows.items() for line in _rows(label, texts, screen)),
        *(line for label, coding in codings.items() if coding for line in _coding(label, coding, screen)),
        "",
        *([screen.paragraph(LIKELIER), ""] if holding else []),
        screen.paragraph(f"The numbers are priors of {'two coders' if twice else 'one coder'}, not measurements."),
    ])  # fmt: skip


def agreement_table(found: Sequence[Agreement], screen: Screen) -> str:
    """Alpha of each number that was coded twice, and what alpha means; no number where nothing was."""
    if not any(each.units for each in found):
        return screen.paragraph(f"{wording.capital(wording.ONE_CODING)}. Agreement is shown where a claim has two.")
    lines = [screen.strong("Agreement of the two codings (Krippendorff's alpha)")]
    for each in found:
        alpha = "not defined: nothing varies"
        if each.alpha is not None:
            alpha = f"{each.alpha:.3f} ({each.level}; {_verdict(each.alpha)})"
        same = f"{each.units:,} units; the same value on {wording.percent(each.same, 0)} of them"
        lines += [screen.paragraph(f"{each.what}: {alpha}", hang="    "), screen.paragraph(same, "    ")]
    meaning = (
        "Alpha is 1 when the codings agree throughout, 0 when they agree no more than values drawn at random from both "
        f"of them would, and below 0 when they contradict each other. By custom {RELIABLE} and more is called "
        f"reliable, and from {TENTATIVE:.3f} on tentative conclusions are drawn (Krippendorff 2004). Alpha says "
        "whether two readers see the same in the texts; it does not say that what they see is true."
    )
    return "\n".join([*lines, "", screen.paragraph(meaning)])


def argdown_text(scenario: Scenario) -> str:
    """The ledger as an argument map in Argdown (argdown.org): claims, what supports and attacks them, leverage."""
    claims = scenario.ledger.claims.values()
    lines = ["===", f"title: {json.dumps(scenario.title)}", "===", ""]
    for claim in claims:
        places = ", ".join(place_words(place.document, place.paragraph) for place in claim.places)
        said = clean_text(claim.claim, LONGEST).translate(str.maketrans("[]<>{}", "()()()"))  # those have a meaning
        lines.append(f"[{claim.id}]: {said} ({places}; credence {claim.credence:g})")
        lines += [f"  + [{link.source}]" for link in claim.supporters]
        lines += [f"  - [{link.source}]" for link in claim.attackers]
        lines.append("")
    dyads = dict.fromkeys((effect.holder, effect.target) for claim in claims for effect in claim.effects)
    for holder, target in dyads:
        one, two = (wording.state_name(scenario.case, state) for state in (holder, target))
        lines.append(f"[leverage {holder} over {target}]: {wording.capital(one)} has leverage over {two}.")
        for claim in claims:
            signs = [effect.sign for effect in claim.effects if (effect.holder, effect.target) == (holder, target)]
            lines += [f"  {'+' if sign > 0 else '-'} [{claim.id}]" for sign in signs]
        lines.append("")
    return "\n".join(lines).rstrip()


def verified(cards: Sequence[Card], faults: Sequence[Fault]) -> str:
    """How many of the cited places match the documents; in a document that cannot be read, none does."""
    found = {(fault.place.file, fault.field.rpartition(".")[0]) for fault in faults}
    missing = {card.id for card in cards if (card.source.name, "document") in found}
    places = [
        (card.source.name, f"claims[{number}].where[{index}]", where.document)
        for card in cards
        for number, claim in enumerate(card.given.claims)
        for index, where in enumerate(claim.where)
    ]
    wrong = sum((file, field) in found or document in missing for file, field, document in places)
    right = f"{len(places) - wrong} of {len(places)} cited places"
    if wrong:
        return f"{right} match, {wrong} {'does' if wrong == 1 else 'do'} not"
    return f"{right} in {wording.counted(len(cards), 'document')} match"


def place_words(document: str, paragraph: int) -> str:
    """`document p52`"""
    return f"{document} p{paragraph}"


def _short(claim: Claim, case: Case, screen: Screen) -> list[str]:
    paragraphs = ", ".join(
        f"p{place.paragraph}" if place.document == claim.document else place_words(place.document, place.paragraph)
        for place in claim.places
    )
    between = [[wording.leader_name(case, state) for state in (each.holder, each.target)] for each in claim.effects]
    signs = ["+" if each.sign > 0 else "-" for each in claim.effects]
    effects = ", ".join(f"{one}>{two} {sign}" for (one, two), sign in zip(between, signs, strict=True)) or "no leverage"
    head = f"  {clean_text(claim.id, 40)}  {wording.credence(claim.credence)}  {paragraphs}  {effects}"
    return [screen.cut(head, screen.width), screen.cut(f"    {claim.claim}", screen.width)]


def _text(text: str, screen: Screen, indent: str = "") -> str:
    return screen.paragraph(clean_text(text, LONGEST), indent)


def _rows(label: str, texts: Iterable[str | None], screen: Screen) -> Iterator[str]:
    """The texts below one another, the first one after the label; nothing for an empty one."""
    for place, text in enumerate(texts):
        if text:
            yield screen.paragraph(f"{'' if place else label:<13} {clean_text(text, LONGEST)}", "", " " * 14)


def _effect_given(effect: EffectGiven, twice: bool) -> str:
    verb = "feeds" if effect.sign == "+" else "cuts"
    share = "share not given" if effect.share is None else f"share {effect.share:g}"
    coders = {"both": "both codings", "first": "first coding only", "second": "second coding only"}
    said = f"{verb} the leverage of {effect.holder} over {effect.target}, {share}"
    return f"{said} ({coders[effect.coded_by]})" if twice else said


def _priors(coded: Claim | Coding) -> str:
    weight = coded.weight
    return f"credence {coded.credence:g}, weight {weight.low:g} to {weight.high:g}, likeliest {weight.mode:g}"


def _link(link: Link) -> str:
    return link.source + ("" if link.factor == 1 else f" (counts {link.factor:g}: one coding only)")


def _coding(label: str, coding: Coding, screen: Screen) -> list[str]:
    texts = {
        "why": coding.why, "why this weight": coding.why_weight, "why this credence": coding.why_credence,
        "doubt": coding.doubt, "attacks": wording.listed(coding.attacks), "supports": wording.listed(coding.supports),
    }  # fmt: skip
    lines = ["", screen.strong(label), screen.paragraph(f"{coding.mechanism}; {_priors(coding)}", "  ")]
    return lines + [_text(f"{name}: {text}", screen, "  ") for name, text in texts.items() if text]


def _verdict(alpha: float) -> str:
    if alpha >= RELIABLE:
        return "reliable by the usual bound"
    return "enough for tentative conclusions" if alpha >= TENTATIVE else "too low to build on"


def leverage_text(found: LeverageParts, screen: Screen, full: bool = False) -> str:
    """What the leverage is, what it means at the table, and what each claim adds to it, on one screen or in full."""
    case = found.scenario.case
    holder, target = (wording.state_name(case, state) for state in (found.holder, found.target))
    name = clean_text(found.scenario.name, 60)
    month = f"{month_name(found.month, found.scenario.first_month)} (month {found.month})"
    lines = [
        screen.strong(screen.cut(f"Leverage of {holder} over {target}", screen.width)),
        screen.paragraph(
            f"In {month} of {name}, before that month's moves, it is {found.leverage:.2f} on a scale from 0 to 1: the "
            f"mean of {found.runs:,} runs, of which eight in ten lie between {found.low:.2f} and {found.high:.2f}. The "
            f"other way round, {target} over {holder}, it is {found.reverse:.2f}."
        ),
        screen.paragraph(_terms(found, holder, target)),
        "",
    ]
    if not found.parts:
        lines += [screen.paragraph("No claim of the ledger feeds or cuts it in this month."), ""]
    elif full:
        lines += [*_table(found, screen), "", screen.paragraph(MEANING), ""]
        lines += [line for part in found.parts for line in [*_detail(part, screen), ""]]
    else:
        lines += [*_short_table(found, screen), ""]
    if found.quiet and full:
        quiet = wording.listed([claim.id for claim in found.quiet])
        lines += [screen.paragraph(f"Not to the point in this month, or turned off: {quiet}."), ""]
    return "\n".join([*lines, screen.paragraph(wording.NOT_A_FORECAST)])


def _terms(found: LeverageParts, holder: str, target: str) -> str:
    if found.terms is None:
        return f"{wording.capital(holder)} and {target} hold no summits in this case, so this leverage sets no terms."
    return (
        f"At a summit in this month {holder} would come with terms of {found.terms:.2f} of 1 (one half, and half of "
        f"the difference between the two), {target} with {1 - found.terms:.2f}."
    )


def _table(found: LeverageParts, screen: Screen) -> list[str]:
    rows = [("claim", "", "strength", "share", "part")]
    for part in found.parts:
        sign = "+" if part.sign > 0 else "-"
        name = screen.cut(part.claim.id, LONGEST_NAME)
        rows.append((name, sign, f"{part.strength:.2f}", f"{part.share:.2f}", wording.signed(part.part, 3)))
    lines = with_bars(columns(rows, screen), [0.0, *(abs(part.part) for part in found.parts)], screen)
    return [screen.faint(lines[0]), *lines[1:]]


def _short_table(found: LeverageParts, screen: Screen) -> list[str]:
    """The parts that weigh most, each with its sentence and paragraph."""
    head = "part: how much the leverage would fall without this claim (parts do not add up)"
    lines = [screen.faint(screen.cut(head, screen.width))]
    ranked = sorted(found.parts, key=lambda part: -abs(part.part))
    for part in ranked[:MOST_CLAIMS]:
        place = place_words(part.claim.places[0].document, part.claim.places[0].paragraph)
        says = f"{clean_text(part.claim.claim, LONGEST_SENTENCE)} ({part.claim.id}, {place})"
        lines.append(screen.paragraph(f"{wording.signed(part.part, 3)}  {says}", hang=" " * 8))
    rest = len(ranked) - MOST_CLAIMS
    if rest > 0:
        lines.append(screen.paragraph(f"{wording.counted(rest, 'claim')} with smaller parts: --full shows all."))
    return lines


def _detail(part: ClaimPart, screen: Screen) -> list[str]:
    """A claim's place and sentence, and the claims that support or attack it."""
    claim = part.claim
    lines = [
        f"{screen.strong(claim.id)} ({'feeds' if part.sign > 0 else 'cuts'} it; credence {claim.credence:g})",
        screen.paragraph(clean_text(claim.claim, LONGEST_SENTENCE), "  "),
    ]
    for place in claim.places:
        phrase = f', "{clean_text(place.phrase, 80)}"' if place.phrase else ""
        lines.append(screen.paragraph(f"{place.document} p{place.paragraph}{phrase}", "  "))
    for verb, links in (("attacked by", claim.attackers), ("supported by", claim.supporters)):
        if links:
            said = [link.source + ("" if link.factor == 1 else f" (x {link.factor:g})") for link in links]
            lines.append(screen.paragraph(f"{verb} {wording.listed(said)}", "  ", "    "))
    return lines
