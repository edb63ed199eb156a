"""What `sensitivity` says: which assumptions move which ending, alone or together, and what depends on how the model is
built.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite

from sim.analysis.sensitivity import KINDS, Sensitivity
from sim.analysis.sobol import Indices
from sim.analysis.structural_variants import Structure, Variation
from sim.analysis.variance import ScenarioFactor, VarianceSplit
from sim.ensemble.intervals import Z95
from sim.inputs.scenario import Scenario
from sim.views import wording
from sim.views.text.factor_words import amount, label_of, meanings, short_name
from sim.views.text.screen import Screen, headed

MOST = 4  # factors shown for each quantity
SHORT_CODES = 8  # factors that are explained on one screen
COLUMNS = ("claim", "parameter", "ideal", "salience", "start", "mechanism")
HEADS = ("claims", "params", "ideals", "salien.", "starts", "scales")


@dataclass(frozen=True)
class Findings:
    """The results of one call of `sensitivity`; parts that were not asked for are None."""

    scenario: Scenario
    alone: Sensitivity
    totals: Indices | None
    over: ScenarioFactor | None
    structure: Structure | None


def short_sensitivity(found: Findings, screen: Screen) -> str:
    """One screen: what moves most, how much of each ending is assumed, and what depends on how the model is built."""
    alone, endings = found.alone, {rule.name for rule in found.scenario.case.outcomes}
    named = [*moves_most(alone)][:3]
    rows = [("percent of the spread", "assumed", "chance", "most of it, of 100 parts assumed (± 95%)")]
    for q, name in enumerate(alone.quantities):
        assumed = alone.assumptions[q]
        if name in endings or len(alone.quantities) == 1:
            said = (_percent(assumed), _percent(None if assumed is None else 1 - assumed))
            rows.append((screen.cut(name, 21), *said, _short_factors(alone, q)))
            named += _first(alone, q)[:1]
    width = max(len(row[0]) for row in rows)
    lines = [f"{row[0]:<{width}}  {row[1]:>7}  {row[2]:>6}  {row[3]}" for row in rows]
    parts = [
        screen.paragraph(sentence(found)),
        "\n".join([screen.faint(lines[0][: screen.width]), *(screen.cut(row, screen.width) for row in lines[1:])]),
    ]
    codes = meanings(found.scenario, [alone.factors[factor] for factor in dict.fromkeys(named)][:SHORT_CODES], screen)
    if codes:
        parts.append("\n".join([screen.faint("what these mean"), *codes]))
    if found.over is not None:
        parts.append(screen.paragraph(over_sentence(found.over, found.scenario)))
    if found.structure is not None:
        parts.append("\n".join(screen.paragraph(line, hang="  ") for line in flagged(found.structure, found.scenario)))
    close = "- : too few worlds to say. --full: every kind of assumption, measure and variant."
    return screen.text("\n\n".join([*parts, screen.paragraph(close) + "\n" + screen.paragraph(wording.NOT_A_FORECAST)]))


def _short_factors(alone: Sensitivity, q: int) -> str:
    told = [
        f"{100 * alone.share[f, q]:.0f} ±{100 * Z95 * alone.se[f, q]:.0f}  {short_name(alone.factors[f])}"
        for f in _first(alone, q)[:1]
    ]
    return told[0] if told else "" if alone.assumptions[q] is None else "no single one stands out"


def sensitivity_text(found: Findings, screen: Screen) -> str:
    parts = [_how(found, screen), _kinds(found, screen), _largest(found, screen)]
    if found.totals is not None:
        parts.append(_totals(found.totals, found, screen))
    codes = meanings(found.scenario, _told(found), screen)
    if codes:
        parts.append("\n".join([screen.faint("what these mean"), *codes]))
    if found.over is not None:
        parts.append(_over(found.over, found, screen))
    if found.structure is not None:
        parts.append(_structure(found.structure, found.scenario, screen))
    return "\n\n".join([*parts, screen.paragraph(wording.NOT_A_FORECAST)])


def sentence(found: Findings) -> str:
    """What stands out: the factors that explain most of all variance, chance included, of any quantity."""
    alone, most = found.alone, moves_most(found.alone)
    if not most:
        return "No single assumption stands out from the noise of so few worlds."
    names = [short_name(alone.factors[factor]) for factor in most][:3]
    part, quantity = next(iter(most.values()))
    one_thing = "one thing, " if len(alone.quantities) > 1 else ""
    return (
        f"Alone, {wording.listed(names)} {'moves' if len(names) == 1 else 'move'} most: "
        f"{names[0]} explains {100 * part:.0f}% of all the variance of {one_thing}"
        f"{label_of(found.scenario, alone.quantities[quantity])}."
    )


def moves_most(alone: Sensitivity) -> dict[int, tuple[float, int]]:
    """The largest part of all variance that each factor explains of any one quantity, and which: the largest first."""
    largest: dict[int, tuple[float, int]] = {}
    for q, assumed in enumerate(alone.assumptions):
        for factor in alone.ranked(q) if assumed is not None else []:
            part = float(alone.share[factor, q]) * (assumed or 0.0)
            if factor not in largest or part > largest[factor][0]:
                largest[factor] = part, q
    return dict(sorted(largest.items(), key=lambda each: (-each[1][0], each[0])))


def _how(found: Findings, screen: Screen) -> str:
    text = (
        f'How much of the spread comes from which assumption? Read off {found.alone.worlds:,} worlds: "assumed" is the'
        " share of all variance that is due to assumptions (the rest is chance), the other columns are the parts of"
        " it that single assumptions explain alone, added up by kind. What is missing to 100 is how they work"
        ' together (and what claims weigh). "<25": no more than its own error, and below 25 (95%).'
    )
    return screen.paragraph(sentence(found)) + "\n\n" + screen.paragraph(text)


def _kinds(found: Findings, screen: Screen) -> str:
    alone = found.alone
    rows: list[tuple[str, ...]] = [("percent", "assumed", *HEADS)]
    for q, name in enumerate(alone.quantities):
        assumed = alone.assumptions[q]
        cells = ["-"] * len(COLUMNS) if assumed is None else [_at_most(*alone.of_kind(kind, q)) for kind in COLUMNS]
        rows.append((screen.cut(name, 21), _percent(assumed), *cells))
    lines = headed(rows, screen)
    if None in alone.assumptions:
        lines.append(screen.paragraph("- : too few worlds to say, since it is so rare or so much of it is chance."))
    return "\n".join(lines)


def _percent(share: float | None) -> str:
    return "-" if share is None or not isfinite(share) else f"{100 * max(share, 0.0):.0f}"


def _at_most(share: float, se: float) -> str:
    """A share in percent; where it is no larger than its 95% error, the upper end of its interval."""
    if share > Z95 * se:
        return _percent(share)
    return f"<{max(100 * (share + Z95 * se), 1):.0f}" if isfinite(share + se) else "-"


def _largest(found: Findings, screen: Screen) -> str:
    """The first factors of each quantity, with the 95% interval."""
    alone = found.alone
    lines = [screen.faint("most of it, of 100 parts due to assumptions (± 95% interval; Holm over all)")]
    for q, name in enumerate(alone.quantities):
        ranked = _first(alone, q)
        told = [
            f"{short_name(alone.factors[f])} {100 * alone.share[f, q]:.1f} ±{100 * Z95 * alone.se[f, q]:.1f}"
            for f in ranked
        ]
        lines.append(screen.paragraph(f"{name}: {'; '.join(told) or 'nothing stands out'}", hang="  "))
    return "\n".join(lines)


def _first(alone: Sensitivity, q: int) -> list[int]:
    """The factors shown for a quantity."""
    return alone.ranked(q)[:MOST] if alone.assumptions[q] is not None else []


def _first_in_total(totals: Indices, q: int) -> list[int]:
    """The single factors whose total shares are shown for a quantity."""
    single = [place for place, name in enumerate(totals.groups) if "/" in name]
    loud = [s for s in single if totals.total[s, q] > 2 * totals.total_se[s, q]]
    return sorted(loud, key=lambda s: -totals.total[s, q])[:MOST]


def _told(found: Findings) -> list[str]:
    """Every factor that the text names, in its order."""
    alone, totals = found.alone, found.totals
    every = range(len(alone.quantities))
    names = [alone.factors[factor] for factor in [*moves_most(alone)][:3]]
    names += [alone.factors[factor] for q in every for factor in _first(alone, q)]
    return names + [totals.groups[s] for q in every for s in _first_in_total(totals, q)] if totals else names


def _totals(totals: Indices, found: Findings, screen: Screen) -> str:
    """Total shares by kind, then the single factors."""
    kinds = [place for place, name in enumerate(totals.groups) if "/" not in name]
    lines = [
        screen.paragraph(
            f"Total shares (Sobol, {totals.worlds:,} worlds, {len(totals.groups) + 2} designs): what would be left of"
            " the assumptions' variance if all else were known. They add to more than 100 where assumptions work"
            " together."
        )
    ]
    rows: list[tuple[str, ...]] = [("percent (± 95%)", *(_head(totals.groups[k]) for k in kinds[:7]))]
    for q, name in enumerate(found.alone.quantities):
        cells = (_plus_minus(totals.total[k, q], totals.total_se[k, q]) for k in kinds[:7])
        rows.append((screen.cut(name, 17), *cells))
    lines += headed(rows, screen)
    for q, name in enumerate(found.alone.quantities):
        told = [
            f"{short_name(totals.groups[s])} {100 * totals.total[s, q]:.0f} ±{100 * Z95 * totals.total_se[s, q]:.0f}"
            for s in _first_in_total(totals, q)
        ]
        if told:
            lines.append(screen.paragraph(f"{name}, in total: {'; '.join(told)}", hang="  "))
    lost = [name for q, name in enumerate(found.alone.quantities) if not any(map(isfinite, totals.total[:, q]))]
    if lost:
        why = "too much chance for so few worlds, or runs that have no such meeting"
        lines.append(screen.paragraph(f"- : no total share is known of {wording.listed(lost)}: {why}."))
    return screen.text("\n".join(lines))


def _head(kind: str) -> str:
    short = {KINDS[column]: head for column, head in zip(COLUMNS, HEADS, strict=True)}
    return short.get(kind, "weights" if kind == KINDS["weight"] else kind[:9])


def _plus_minus(share: float, se: float) -> str:
    return f"{100 * share:.0f} ±{100 * Z95 * se:.0f}" if isfinite(share) else "-"


def _over(over: ScenarioFactor, found: Findings, screen: Screen) -> str:
    lines = [
        screen.paragraph(
            f"Which scenario is played, as a factor: {wording.listed(over.scenarios)}, taken as equally likely, on the"
            " same "
            f'{over.worlds:,} worlds. Shares of all variance; "with rest" is what the choice does differently in'
            " different worlds."
        )
    ]
    rows: list[tuple[str, ...]] = [("percent", "scenario (± 95%)", "with rest", "assumed", "chance")]
    rows += [(screen.cut(name, 23), *_split(split)) for name, split in over.splits.items()]
    close = screen.paragraph(over_sentence(over, found.scenario))
    return screen.text("\n".join([*lines, *headed(rows, screen), close]))


def _split(split: VarianceSplit) -> tuple[str, ...]:
    if split.scenario is None or split.se is None:
        return "never differs", "", "", ""
    rest = (f"{100 * (part or 0) + 0.0:.1f}" for part in (split.with_assumptions, split.assumptions, split.chance))
    return f"{100 * split.scenario:.2f} ±{100 * Z95 * split.se:.2f}", *rest


def over_sentence(over: ScenarioFactor, scenario: Scenario) -> str:
    """What the choice of scenario moves most."""
    told = {name: each.scenario for name, each in over.splits.items() if each.scenario is not None}
    name = max(told, key=lambda key: told[key])
    means = [amount(scenario, name, value).lstrip("+") for value in over.splits[name].means]
    levels = wording.listed([f"{mean} in {one}" for one, mean in zip(over.scenarios, means, strict=True)])
    return (
        f"The choice matters most for {label_of(scenario, name)} ({100 * told[name]:.1f}% of its variance): {levels}."
    )


def _structure(found: Structure, scenario: Scenario, screen: Screen) -> str:
    against = f", and the sign of what differs from {found.against}" if found.against else ""
    lines = [
        screen.paragraph(
            "How the model is built: the same worlds and chance under each variant of scenarios/variants,"
            f" {found.runs:,} runs each. Watched: the likeliest ending ({found.likeliest},"
            f" {wording.percent(found.probability)} of runs){against}."
        ),
        screen.faint(f"{'variant':<24} {'likeliest':<24} largest shift (of 100 runs)"),
    ]
    for each in found.variations:
        mark = "!" if each.flags(found.likeliest) else " "
        said = f"{each.likeliest} {wording.percent(each.probability)}"
        lines.append(
            f"{mark}{screen.cut(each.name, 23):<23} {screen.cut(said, 24):<24} {each.shift[0]}"
            f" {wording.signed(100 * each.shift[1])}"
        )
    lines += [screen.paragraph(line, hang="  ") for line in flagged(found, scenario)]
    return screen.text("\n".join(lines))


def flagged(found: Structure, scenario: Scenario) -> list[str]:
    """A line for each conclusion that depends on a variant, or one that says none does."""
    lines = [line for each in found.variations for line in _flags(each, found, scenario)]
    lost = [f"{each.name} ({wording.listed(each.lost)})" for each in found.variations if each.lost]
    if not lines:
        watched = f"the likeliest ending{' and every sign' if found.against else ''}"
        lines = [f"No conclusion watched here depends on the build: {watched} stays the same under every variant."]
    return lines + ([f"No longer distinguishable from 0 under: {'; '.join(lost)}."] if lost else [])


def _flags(each: Variation, found: Structure, scenario: Scenario) -> Iterator[str]:
    if each.likeliest != found.likeliest:
        yield (
            f"! {each.name}: the likeliest ending is {each.likeliest}, not {found.likeliest}. Say so with any claim"
            " about it."
        )
    for contrast in each.contrasts:
        if contrast.reversed:
            before, after = (
                amount(scenario, contrast.quantity, one.difference, one.se) for one in (contrast.plain, contrast.varied)
            )
            yield f"! {each.name}: {contrast.quantity} against {found.against} turns from {before} to {after}."
