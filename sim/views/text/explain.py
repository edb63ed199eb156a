"""What `explain` shows: which claims move the endings, alone and together, and how much of the spread is theirs."""

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any

from sim.analysis.explain import Explanation, Finding, Interaction, Together
from sim.analysis.ledger_variants import LedgerEffects
from sim.ensemble.intervals import Z95
from sim.ensemble.tables import table
from sim.errors import SENTENCE_LIMIT, clean_text
from sim.inputs.ledger import Claim
from sim.views import wording
from sim.views.json_report import fields, sources_data
from sim.views.text.case_words import label_of, shown_measures, with_sentence
from sim.views.text.screen import Screen, headed

NAME_WIDTH = 33
MOST_ROWS, MOST_SENTENCES, MOST_COLUMNS = 24, 5, 5
SHORT_ROWS, SHORT_SENTENCES = 10, 1  # on one screen
MOST_PAIRS, MOST_SHARES, COLUMN = 12, 6, 13  # of claims that work together, and characters of an effect there
NOTHING = "No claim stands out from the noise of so few worlds: ask for more runs (-n)."
NO_CLAIMS = "The case has no claims yet: `summitry claims add` makes one."
EFFECT = "effect se holds fails low high p_holm=p stands_out"  # keys of JSON


def explanation_text(found: Explanation, screen: Screen) -> str:
    """In full: how to read it, the ranked table, five sentences, measures, shares of variance, and quiet claims."""
    family = f"{found.tests[0]} tests: {len(found.moved)} claims x {wording.counted(len(found.outcomes), 'outcome')}"
    how = (
        "What changes if a claim is certain rather than false, the other credences as they are: in "
        f"{unit_of(found)}, read off {found.worlds:,} worlds, {wording.marks(family)} {wording.PICKED}"
    )
    parts = [
        screen.paragraph(how), _ranking(found, screen), _sentences(found, screen), _measure_table(found, screen),
        _shares(found, screen), _without_effect(found, screen), screen.paragraph(wording.NOT_A_FORECAST),
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part)


def short_explanation(found: Explanation, screen: Screen) -> str:
    """One screen: the claims that move the endings most, the first in words, and how many do not stand out."""
    lines = [wording.where_the_spread_comes_from(found.spread, short=True)]
    if not any(each.stands_out for each in found.effects):
        ranking = screen.paragraph(NOTHING if found.moved else NO_CLAIMS)
    else:
        lines.insert(0, wording.PICKED)
        many = "; endings: of 100 runs, how many end differently" if len(found.outcomes) > 1 else ""
        how = f"If a claim is certain rather than false, in {unit_of(found)}, ± 95%, * more than noise (Holm){many}:"
        ranking = f"{screen.paragraph(how)}\n{_ranking(found, screen, SHORT_ROWS)}"
    if bounds := list(_bounds(found).values()):
        lines.append(
            f"{len(found.quiet)} of {wording.counted(len(found.moved), 'claim')} stand out on no ending, measure or"
            f" lever: so few worlds could hide an effect of up to {bounds[0]:.1f} to {bounds[-1]:.1f} points on an"
            " ending, by claim (95%)."
        )
    lines += [f"--full: how to read it, every claim, measures, shares. {wording.NOT_A_FORECAST}"]
    close = "\n".join(screen.paragraph(line) for line in lines)
    return "\n".join(part for part in (ranking, _sentences(found, screen, SHORT_SENTENCES), close) if part)


def unit_of(found: Explanation | LedgerEffects) -> str:
    """The unit of effects on the outcomes, or on the measure, that was asked about."""
    return "points of 100 runs" if found.counts_runs(found.outcomes[0]) else f"the unit of {found.outcomes[0]}"


def points(found: Explanation | LedgerEffects, quantity: str, effect: float, half: float) -> str:
    """An effect with half its 95% interval, on an outcome in points of 100 runs: `+22.9 ±1.3`."""
    if not found.counts_runs(quantity):
        return wording.plus_minus(effect, half, 3)
    return wording.plus_minus(100 * effect, 100 * half)


def _ranking(found: Explanation, screen: Screen, most: int = MOST_ROWS) -> str:
    """The claims that stand out on an outcome, those of a shared cause under it."""
    loud = {each.name for each in found.effects if each.stands_out}
    one = found.outcomes[0] if len(found.outcomes) == 1 else None
    rows = list(_rows(found, [name for name in strongest_first(found) if name in loud]))
    if not rows:
        return screen.paragraph(NOTHING if found.moved else NO_CLAIMS)
    head = f"{'claim':<{NAME_WIDTH}} {'credence':>8}  " + (f"on {one}" if one else f"{'endings':>7}  most on")
    lines = [screen.faint(head), *(line for row in rows[:most] for line in with_sentence(found.scenario, row, screen))]
    if len(rows) > most:
        lines.append(f"and {len(rows) - most} more rows (explain.csv has every effect)")
    if not one and most == MOST_ROWS:
        says = "endings: of 100 runs, how many end differently, all endings together (noise taken off)."
        lines.append(screen.paragraph(says))
    return "\n".join(lines)


def strongest_first(found: Explanation) -> list[str]:
    """The claims by their effect on the one outcome asked about, or by how many runs end differently by them."""
    if len(found.outcomes) == 1:
        return [each.name for each in found.effects]
    return sorted(found.moved, key=lambda name: -found.moved[name])


def _rows(found: Explanation, claims: Sequence[str]) -> Iterator[str]:
    ledger = found.scenario.ledger
    shared = {group: ids for group, ids in ledger.groups.items() if len(ids) > 1}
    causes_shown: set[str] = set()
    for claim in claims:
        cause = ledger.claims[claim].group
        if cause not in shared:
            yield _row(found, claim, f"{wording.credence(ledger.claims[claim].credence):>8}", "")
        elif cause not in causes_shown:
            causes_shown.add(cause)
            yield _row(found, cause, "   cause", "")
            for member in shared[cause]:
                if member in found.moved:
                    yield _row(found, member, f"{wording.credence(ledger.claims[member].credence):>8}", "  ")


def _row(found: Explanation, name: str, credence: str, indent: str) -> str:
    on_outcomes = (each for each in (*found.effects, *found.causes) if each.quantity in found.outcomes)
    effects = [each for each in on_outcomes if each.name == name and isfinite(each.effect)]
    largest = max(effects, key=lambda each: (each.stands_out, abs(each.effect)), default=None)
    moved = {**found.moved_by_cause, **found.moved}.get(name, 0.0)
    start = f"{(indent + clean_text(name, NAME_WIDTH))[:NAME_WIDTH]:<{NAME_WIDTH}} {credence}  "
    if largest is None:
        return f"{start}not known"
    said = points(found, largest.quantity, largest.effect, largest.half) + ("*" if largest.stands_out else "")
    if len(found.outcomes) == 1:
        return start + said
    return start + f"{100 * max(moved, 0):>7.1f}  {clean_text(largest.quantity, 24)} {said}"


def _sentences(found: Explanation, screen: Screen, most: int = MOST_SENTENCES) -> str:
    """The first five claims in plain words, each with its paragraph."""
    loud = {each.name for each in found.effects if each.stands_out}
    names = [name for name in strongest_first(found) if name in loud]
    lines = (f"{place}. {in_words(found, name)}" for place, name in enumerate(names[:most], start=1))
    return "\n".join(screen.paragraph(line, hang="   ") for line in lines)


def in_words(found: Explanation, name: str) -> str:
    """One claim: its sentence, its place, and what it does to the outcomes."""
    claim = found.scenario.ledger.claims[name]
    does: list[str] = []
    for each in [each for each in found.effects if each.name == name and each.stands_out][:2]:
        label, size, half = label_of(found.scenario, each.quantity), abs(each.effect), each.half
        if found.counts_runs(each.quantity):
            more = f"{'more' if each.effect > 0 else 'fewer'}{'' if does else ' of 100 runs end'}"
            does.append(f"{100 * size:.1f} (±{100 * half:.1f}) {more} in {label}")
        else:
            does.append(f"{label} is {size:.3f} (±{half:.3f}) {'higher' if each.effect > 0 else 'lower'}")
    says = clean_text(claim.claim, SENTENCE_LIMIT).rstrip(".")
    return f"{name} ({cited(claim)}): {says}. If that is certain rather than false, {wording.listed(does)}."


def cited(claim: Claim) -> str:
    """The document and paragraph of a claim, with its phrase: `new-statesman-2018, paragraph 52: "neither or both"`."""
    place = next((each for each in claim.places if each.phrase), claim.places[0])
    phrase = f': "{clean_text(place.phrase, 80)}"' if place.phrase else ""
    return f"{clean_text(place.document, 60)}, paragraph {place.paragraph}{phrase}"


def _measure_table(found: Explanation, screen: Screen) -> str:
    """What the claims that move the endings most do to the measures that the case shows first."""
    names = shown_measures(found.scenario, {each.quantity for each in found.measures})[:MOST_COLUMNS]
    loud = {each.name for each in found.measures if each.stands_out and each.quantity in names}
    claims = sorted((claim for claim in found.moved if claim in loud), key=lambda name: -found.moved[name])[:8]
    if not names or not claims:
        return ""
    rows: list[tuple[str, ...]] = [("the same in their own units", *"ABCDEFGH"[: len(names)])]
    for claim in claims:
        cells = (_in_its_unit(found.of(claim, name)) for name in names)
        rows.append((clean_text(claim, NAME_WIDTH), *cells))
    labels = (label_of(found.scenario, name) for name in names)
    legend = "; ".join(map(" ".join, zip("ABCDEFGH", labels, strict=False)))
    tests = f"{found.tests[1]:,} tests, {len(found.moved)} claims x all measures and levers"
    family = f"Asterisk: stands out among {tests}. ± alone: by no more than this, if at all (95%)."
    return "\n".join([*headed(rows, screen), screen.paragraph(f"{legend}. {family}")])


def _in_its_unit(each: Finding | None) -> str:
    """An effect on a measure, or how large it may be where it may be nothing; empty where there is none."""
    if each is None:
        return ""
    if not isfinite(each.low):
        return "- "
    if each.low <= 0 <= each.high and not each.stands_out:
        return f"±{max(-each.low, each.high):.3f} "
    return f"{wording.signed(each.effect, 3)}{'*' if each.stands_out else ' '}"


def _shares(found: Explanation, screen: Screen) -> str:
    """Where the spread comes from: how much of it claims explain."""
    rows: list[tuple[str, ...]] = [("share of the variance of", "claims", "numbers", "together", "chance")]
    known = [name for name in found.outcomes if name in found.shares]
    for name in known:
        of = found.shares[name]
        parts = (of.claims, of.numbers, of.together, of.chance) if of and of.claims else (None,) * 4
        rows.append((clean_text(name, NAME_WIDTH), *(wording.short_part(part) if part else "-" for part in parts)))
    where = screen.paragraph(wording.where_the_spread_comes_from(found.spread))
    lines = [where, "", *headed(rows, screen)]
    if any(found.shares[name] is None for name in known):
        lines.append(screen.paragraph("- : too few worlds to say, since it is so rare (or so common)."))
    return "\n".join(lines)


def _bounds(found: Explanation) -> dict[str, float]:
    """How many points of an ending each quiet claim may hide, the least first, where there are worlds enough to say."""
    known = {claim: 100 * bound for claim, bound in found.quiet.items() if isfinite(bound)}
    return dict(sorted(known.items(), key=lambda each: each[1]))


def _without_effect(found: Explanation, screen: Screen) -> str:
    """Claims without a measurable effect, and those that cannot be read from these worlds."""
    lines = []
    if bounds := _bounds(found):
        ends = f"{found.outcomes[0]} or any" if len(found.outcomes) == 1 else "any ending,"
        lines.append(
            f"Nothing stands out on {ends} measure or lever in {found.worlds:,} worlds for {len(found.quiet)} of "
            f"{len(found.moved)} claims. What each can move an ending by, at most, in points (95%, all endings): "
            f"{', '.join(f'{claim} {bound:.1f}' for claim, bound in bounds.items())}."
        )
    if found.fixed:
        claims = found.scenario.ledger.claims
        kinds = {end: [name for name in found.fixed if claims[name].credence == end] for end in (1, 0)}
        said = [f"{'certain' if end else 'ruled out'}: {', '.join(names)}" for end, names in kinds.items() if names]
        lines.append(
            f"Not measured here, because they are the same in every world ({'; '.join(said)}): to see what such a "
            "claim does, run it with --set assume.claims.NAME=on or off and compare."
        )
    if found.runs % 2:
        lines.append("The last run is alone in its world and is left out of these figures.")
    return "\n".join(screen.paragraph(line) for line in lines)


def explain_document(found: Explanation) -> dict[str, Any]:
    """What `explain --json` holds; a number that these worlds cannot show is null."""
    return {
        **about(found),
        "by": "claim",
        "effects": [fields(each, f"claim=name outcome=quantity {EFFECT}") for each in found.effects],
        "measures": [fields(each, f"claim=name measure=quantity {EFFECT}") for each in found.measures],
        "causes": [fields(each, f"cause=name quantity {EFFECT}") for each in found.causes],
        "moved": dict(found.moved),
        "no_measurable_effect": list(found.quiet),
        "moves_at_most": dict(found.quiet),
        "not_told_apart": list(found.fixed),
        "shares": {name: sources_data(each) for name, each in found.shares.items()},
        "tests": {**dict(zip(("effects", "measures", "causes"), found.tests, strict=True)), "adjusted_by": "Holm"},
        "not_a_forecast": wording.NOT_A_FORECAST,
    }


def about(found: Explanation | LedgerEffects) -> dict[str, Any]:
    """What was asked: the scenario, its runs and what was set."""
    names = fields(found.scenario, "scenario=name title") | fields(found, "runs worlds seed version")
    return names | fields(found.scenario, "months coding set=overrides")


def explain_csv(found: Explanation) -> bytes:
    """One row for each claim or shared cause and each quantity."""
    header = (
        "what", "name", "cause", "stands_in", "credence", "quantity", "effect", "se", "low", "high", "worlds_holds",
        "worlds_fails", "p_holm", "stands_out",
    )  # fmt: skip
    claims, rows = found.scenario.ledger.claims, []
    for what, some in (("claim", (*found.effects, *found.measures)), ("cause", found.causes)):
        for each in some:
            claim = claims.get(each.name) if what == "claim" else None
            known = (claim.group, cited(claim), claim.credence) if claim else (each.name, "", None)
            numbers = fields(each, "quantity effect se low high holds fails p").values()
            rows.append((what, each.name, *known, *numbers, int(each.stands_out)))
    return table(header, rows)


def pairs_text(together: Together, found: Explanation, screen: Screen) -> str:
    """Two sentences on the pair that works together most, the pairs that stand out, and shares of the variance."""
    loud = [each for each in together.pairs if each.stands_out]
    looked = f"{together.tests:,} pairs and {'quantities' if len(found.outcomes) > 1 else found.outcomes[0]}"
    if not loud:
        return screen.paragraph(
            f"Which claims work together: no pair stands out from the noise of {together.worlds:,} worlds (Holm, 5% "
            f"over {looked}); more runs (-n) would show smaller ones."
        )
    lines = [
        screen.paragraph(f"Which claims work together. {sentences(loud[0], found)}"),
        "",
        screen.faint(f"{'if it holds':>{COLUMN}}{'if it fails':>{COLUMN}}  claim with the other, and on"),
    ]
    for each in loud[:MOST_PAIRS]:
        both = (points(found, each.quantity, value, Z95 * se) for value, se in (each.where_holds, each.where_fails))
        says = f"{each.claims[0]} with {each.claims[1]}, {each.quantity}"
        head = "".join(f"{one:>{COLUMN}}" for one in both)
        lines.append(screen.paragraph(says, f"{head}  ", " " * (2 * COLUMN + 2)))
    more = f", the {MOST_PAIRS} largest above" if len(loud) > MOST_PAIRS else ""
    close = (
        f"{len(loud)} of {looked} stand out (Holm, 5%){more}. Read: what the claim does where the other holds and "
        f"where it fails; ± the 95% interval. {wording.PICKED}"
    )
    return "\n".join([*lines, screen.paragraph(close), *_shapley(together, screen)])


def sentences(each: Interaction, found: Explanation) -> str:
    """What one claim does where the other holds, and where it fails."""
    (one, other), label = each.claims, label_of(found.scenario, each.quantity)
    effects = (each.where_holds, each.where_fails, (each.interaction, each.se))
    holds, fails, beyond = (points(found, each.quantity, value, Z95 * se) for value, se in effects)
    unit = "of 100 runs end in" if found.counts_runs(each.quantity) else "is the change of"
    return (
        f"If {one} is certain rather than false, {holds} {unit} {label} where {other} holds, and {fails} where it "
        f"fails. The difference, {beyond}, is what the two do only together."
    )


def pairs_data(together: Together) -> dict[str, Any]:
    """What `explain --pairs --json` adds: every pair, the largest first, and what claims explain."""
    return {
        "pairs": [
            fields(each, "claims outcome=quantity interaction se")
            | {"where_holds": each.where_holds[0], "where_fails": each.where_fails[0]}
            | fields(each, "p_holm=p stands_out")
            for each in together.pairs
        ],
        "shares_of_variance": [
            fields(each, "claim outcome=quantity")
            | dict(zip(("first_order", "first_order_se"), each.first, strict=True))
            | dict(zip(("shapley", "shapley_se"), each.shapley, strict=True))
            for each in together.shares
        ],
    }  # fmt: skip


def pairs_csv(together: Together) -> bytes:
    """One row for each pair of claims and each quantity."""
    header = ("claim", "other", "quantity", "where_holds", "where_holds_se", "where_fails", "where_fails_se",
              "interaction", "se", "p_holm", "stands_out")  # fmt: skip
    rows = [
        (*each.claims, each.quantity, *each.where_holds, *each.where_fails,
         *fields(each, "interaction se p").values(), int(each.stands_out))
        for each in together.pairs
    ]  # fmt: skip
    return table(header, rows)


def _shapley(together: Together, screen: Screen) -> list[str]:
    """Claims that explain most of the variance of an outcome, with half of what they do in pairs."""
    known = [each for each in together.shares if each.shapley[0] > Z95 * each.shapley[1]][:MOST_SHARES]
    if not known:
        return []
    texts = []
    for each in known:
        both, alone = (f"{100 * share:.1f}% ±{100 * Z95 * se:.1f}" for share, se in (each.shapley, each.first))
        texts.append(f"{each.claim} {both} of {each.quantity} (alone, {alone})")
    how = "Of the variance over runs, each claim with half of what it does in pairs (Shapley, to second order) explains"
    return ["", screen.paragraph(f"{how}: {'; '.join(texts)}.")]
