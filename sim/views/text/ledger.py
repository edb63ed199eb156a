"""The ledger in the terminal: every claim in a line or two, one claim in full, and how far the two codings agree."""

import json
from collections.abc import Sequence

from sim.analysis.agreement import RELIABLE, TENTATIVE, Agreement
from sim.errors import Fault, clean_text
from sim.inputs.cards import Card
from sim.inputs.case import Case
from sim.inputs.ledger import Claim, Effect, Ledger, Link
from sim.inputs.scenario import Scenario
from sim.inputs.schema_card import Coding, EffectGiven, WhereGiven
from sim.views import wording
from sim.views.text.case_words import LIKELIER, label_of, spelled_cards, where_it_fails, where_it_holds
from sim.views.text.screen import Screen

LONGEST = 2_000  # characters of any one text of a card


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
    ledger, claim = scenario.ledger, scenario.ledger.claims[name]
    holding = where_it_holds(scenario, name)
    failing = [
        where_it_fails(scenario, coupling) + (f" ({each.basis})" if each.basis else "")
        for coupling, each in zip(claim.fails, given.fails, strict=True)
    ]
    twice = given.codings.second is not None
    effects = [wording.states_in_words(scenario.case, _effect_given(effect, twice)) for effect in given.effects]
    document = card.given.document
    source = f"{document.author}: {document.title} ({document.outlet}, {document.date})"
    return "\n".join(
        [
            screen.strong(clean_text(name, 80)),
            *_text(given.claim, screen),
            "",
            *_text(source, screen),
            screen.text(clean_text(document.found_at, LONGEST)),  # an address that is cut in two leads nowhere
            *(line for where in given.where for line in _text(_where(where), screen, "  ")),
            "",
            *_row("cause", _cause(claim, ledger), screen),
            *_row("counts", f"{given.active_when} [{given.active.text}]", screen),
            *_row("speaks of", label_of(scenario, given.observable) if given.observable else "", screen),
            *_rows("effects", effects or ["none on any leverage"], screen),
            *_row("colour", given.why_colour or "", screen),
            *_row("not used", str(given.shares_off or ""), screen),
            *_rows("if it holds", holding, screen),
            *_rows("if it fails", failing, screen),
            *_row("in force", f"{_priors(claim)} ({'pooled' if claim.codings > 1 else 'one coding'})", screen),
            *_row("coded", "" if twice else wording.ONE_CODING, screen),
            *_rows("attacked by", [_link(link) for link in claim.attackers], screen),
            *_rows("supported by", [_link(link) for link in claim.supporters], screen),
            *_rows("rivals", [f"{rival.claim}: {rival.issue}" for rival in given.rivals], screen),
            *_row("note", given.note or "", screen),
            *_row("changed", given.changed or "", screen),
            *_coding("first coding", given.codings.first, screen),
            *(_coding("second coding", given.codings.second, screen) if given.codings.second else []),
            "",
            *([screen.paragraph(LIKELIER), ""] if holding else []),
            screen.paragraph(f"The numbers are priors of {'two coders' if twice else 'one coder'}, not measurements."),
        ]
    )


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
        lines.append(f"[{claim.id}]: {_one_line(claim.claim)} ({places}; credence {claim.credence:g})")
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


def _one_line(text: str) -> str:
    """A sentence on one line, without characters that mean something in Argdown."""
    return clean_text(text, LONGEST).translate(str.maketrans("[]<>{}", "()()()"))


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


def _effect(effect: Effect, case: Case) -> str:
    """`Kim>Trump +`"""
    holder, target = (wording.leader_name(case, state) for state in (effect.holder, effect.target))
    return f"{holder}>{target} {'+' if effect.sign > 0 else '-'}"


def place_words(document: str, paragraph: int) -> str:
    """`document p52`"""
    return f"{document} p{paragraph}"


def _short(claim: Claim, case: Case, screen: Screen) -> list[str]:
    paragraphs = ", ".join(
        f"p{place.paragraph}" if place.document == claim.document else place_words(place.document, place.paragraph)
        for place in claim.places
    )
    effects = ", ".join(_effect(effect, case) for effect in claim.effects) or "no leverage"
    head = f"  {clean_text(claim.id, 40)}  {wording.credence(claim.credence)}  {paragraphs}  {effects}"
    return [screen.cut(head, screen.width), screen.cut(f"    {claim.claim}", screen.width)]


def _text(text: str, screen: Screen, indent: str = "") -> list[str]:
    return [screen.paragraph(clean_text(text, LONGEST), indent)]


def _row(label: str, text: str, screen: Screen) -> list[str]:
    return [screen.paragraph(f"{label:<13} {clean_text(text, LONGEST)}", "", " " * 14)] if text else []


def _rows(label: str, texts: Sequence[str], screen: Screen) -> list[str]:
    return [line for place, text in enumerate(texts) for line in _row("" if place else label, text, screen)]


def _where(where: WhereGiven) -> str:
    return where.in_words + (f', "{where.phrase}"' if where.phrase else "")


def _cause(claim: Claim, ledger: Ledger) -> str:
    others = [name for name in ledger.groups[claim.group] if name != claim.id]
    return f"{claim.group}, restated by {wording.listed(others)}: they fall together" if others else claim.group


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
    return lines + [line for name, text in texts.items() if text for line in _text(f"{name}: {text}", screen, "  ")]


def _verdict(alpha: float) -> str:
    if alpha >= RELIABLE:
        return "reliable by the usual bound"
    return "enough for tentative conclusions" if alpha >= TENTATIVE else "too low to build on"
