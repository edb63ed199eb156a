"""What `sensitivity` says, as text, JSON and CSV: which assumptions move which ending, alone or together, and what
depends on how the model is built.
"""

from dataclasses import dataclass
from math import ceil, isfinite
from typing import Any

from sim.analysis.sensitivity import KINDS, Indices, Sensitivity
from sim.analysis.variance import ScenarioFactor, VarianceSplit
from sim.analysis.variants import Structure
from sim.ensemble.intervals import Z95
from sim.ensemble.tables import table
from sim.inputs.scenario import Scenario
from sim.views import wording
from sim.views.json_report import fields
from sim.views.text.case_words import amount, glossary, label_of, long_name, meaning_of, short_name
from sim.views.text.screen import Screen, headed
from sim.views.text.structural_variants import flagged, structure_data, structure_text

MOST = 4  # factors shown for each quantity
SHORT_CODES = 8  # factors that are explained on one screen
SAID_OF_FIRST = 60  # characters of a claim in the first sentence
COLUMNS = {
    "claim": "claims", "parameter": "params", "ideal": "ideals", "salience": "salien.", "start": "starts",
    "mechanism": "scales",
}  # fmt: skip


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
            rows.append((screen.cut(name, 21), *said, _largest_part(alone, q)))
            named += _first(alone, q)[:1]
    width = max(len(row[0]) for row in rows)
    lines = [f"{row[0]:<{width}}  {row[1]:>7}  {row[2]:>6}  {row[3]}" for row in rows]
    parts = [
        screen.paragraph(sentence(found)),
        "\n".join([screen.faint(lines[0][: screen.width]), *(screen.cut(row, screen.width) for row in lines[1:])]),
    ]
    factors = [alone.factors[factor] for factor in dict.fromkeys(named)][:SHORT_CODES]
    parts += glossary("what these mean", found.scenario, factors, screen)
    if found.over is not None:
        parts.append(screen.paragraph(over_sentence(found.over, found.scenario)))
    if found.structure is not None:
        parts.append("\n".join(screen.paragraph(line, hang="  ") for line in flagged(found.structure, found.scenario)))
    close = "- : too few worlds to say. --full: every kind of assumption, measure and variant."
    return screen.text("\n\n".join([*parts, screen.paragraph(f"{close} {wording.NOT_A_FORECAST}")]))


def _largest_part(alone: Sensitivity, q: int) -> str:
    for f in _first(alone, q):
        return f"{_plus_minus(alone.share[f, q], alone.se[f, q])}  {short_name(alone.factors[f])}"
    return "" if alone.assumptions[q] is None else "no single one stands out"


def sensitivity_text(found: Findings, screen: Screen) -> str:
    parts = [screen.paragraph(sentence(found)), screen.paragraph(_how_to_read(found)), _kinds(found, screen)]
    parts.append(_largest(found, screen))
    if found.totals is not None:
        parts.append(_totals(found.totals, found, screen))
    parts += glossary("what these mean", found.scenario, _told(found), screen)
    if found.over is not None:
        parts.append(_over(found.over, found, screen))
    if found.structure is not None:
        parts.append(structure_text(found.structure, found.scenario, screen))
    return "\n\n".join([*parts, screen.paragraph(wording.NOT_A_FORECAST)])


def sentence(found: Findings) -> str:
    """What stands out: the factors that explain most of all variance, chance included, of any quantity."""
    alone, most = found.alone, moves_most(found.alone)
    if not most:
        return "No single assumption stands out from the noise of so few worlds."
    factor, (part, quantity) = next(iter(most.items()))
    noise = Z95 * alone.se[factor, quantity] * (alone.assumptions[quantity] or 0.0)
    one_thing = "one thing, " if len(alone.quantities) > 1 else ""
    next_are = [short_name(alone.factors[each]) for each in most][1:3]
    others = f"; {wording.listed(next_are)} {'comes' if len(next_are) == 1 else 'come'} next" if next_are else ""
    return (
        f"Alone, {_explained(found.scenario, alone.factors[factor])} moves most: it explains {100 * part:.0f}% "
        f"(±{ceil(100 * noise)}) of all the variance of {one_thing}"
        f"{label_of(found.scenario, alone.quantities[quantity])}{others}."
    )


def _explained(scenario: Scenario, factor: str) -> str:
    """A factor with what it means: `growth (arsenal added a month)`, `claim warhead-clock (“Pyongyang is …”)`."""
    if not factor.startswith("claim/"):
        return long_name(scenario, factor)
    return f"{short_name(factor)} (“{wording.shortened(meaning_of(scenario, factor), SAID_OF_FIRST)}”)"


def moves_most(alone: Sensitivity) -> dict[int, tuple[float, int]]:
    """The largest part of all variance that each factor explains of any one quantity, and which: the largest first."""
    largest: dict[int, tuple[float, int]] = {}
    for q, assumed in enumerate(alone.assumptions):
        for factor in alone.ranked(q) if assumed is not None else []:
            part = float(alone.share[factor, q]) * (assumed or 0.0)
            if factor not in largest or part > largest[factor][0]:
                largest[factor] = part, q
    return dict(sorted(largest.items(), key=lambda each: (-each[1][0], each[0])))


def _how_to_read(found: Findings) -> str:
    return (
        f'How much of the spread comes from which assumption? Read off {found.alone.worlds:,} worlds: "assumed" is the'
        " share of all variance that is due to assumptions (the rest is chance), the other columns are the parts of"
        " it that single assumptions explain alone, added up by kind. What is missing to 100 is how they work"
        ' together (and what claims weigh). "<25": no more than its own error, and below 25 (95%).'
    )


def _kinds(found: Findings, screen: Screen) -> str:
    alone = found.alone
    rows: list[tuple[str, ...]] = [("percent", "assumed", *COLUMNS.values())]
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
        told = [
            f"{short_name(alone.factors[f])} {_plus_minus(alone.share[f, q], alone.se[f, q], 1)}"
            for f in _first(alone, q)
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
    how = (
        f"Total shares (Sobol, {totals.worlds:,} worlds, {len(totals.groups) + 2} designs): what would be left of"
        " the assumptions' variance if all else were known. They add to more than 100 where assumptions work together."
    )
    rows: list[tuple[str, ...]] = [("percent (± 95%)", *(_head(totals.groups[k]) for k in kinds[:7]))]
    for q, name in enumerate(found.alone.quantities):
        cells = (_plus_minus(totals.total[k, q], totals.total_se[k, q]) for k in kinds[:7])
        rows.append((screen.cut(name, 17), *cells))
    lines = [screen.paragraph(how), *headed(rows, screen)]
    for q, name in enumerate(found.alone.quantities):
        told = [
            f"{short_name(totals.groups[s])} {_plus_minus(totals.total[s, q], totals.total_se[s, q])}"
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
    short = {KINDS[column]: head for column, head in (COLUMNS | {"weight": "weights"}).items()}
    return short.get(kind, kind[:9])


def _plus_minus(share: float, se: float, digits: int = 0) -> str:
    return f"{100 * share:.{digits}f} ±{100 * Z95 * se:.{digits}f}" if isfinite(share) else "-"


def _over(over: ScenarioFactor, found: Findings, screen: Screen) -> str:
    how = (
        f"Which scenario is played, as a factor: {wording.listed(over.scenarios)}, taken as equally likely, on the same"
        f' {over.worlds:,} worlds. Shares of all variance; "with rest" is what the choice does differently in different'
        " worlds."
    )
    rows: list[tuple[str, ...]] = [("percent", "scenario (± 95%)", "with rest", "assumed", "chance")]
    rows += [(screen.cut(name, 23), *_split(split)) for name, split in over.splits.items()]
    close = screen.paragraph(over_sentence(over, found.scenario))
    return screen.text("\n".join([screen.paragraph(how), *headed(rows, screen), close]))


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


def sensitivity_document(found: Findings) -> dict[str, Any]:
    """What `sensitivity --json` holds: shares of the variance due to assumptions, null where they cannot be known."""
    alone = found.alone
    return {
        **fields(alone, "scenario worlds seed"),
        "sentence": sentence(found),
        "assumptions": dict(zip(alone.quantities, alone.assumptions, strict=True)),
        "first_order": _first_data(alone),
        "total": None if found.totals is None else _total_data(found.totals, alone.quantities),
        "over": None if found.over is None else _over_data(found.over),
        "structure": None if found.structure is None else structure_data(found.structure, found.scenario),
        "not_a_forecast": wording.NOT_A_FORECAST,
    }


def _first_data(alone: Sensitivity) -> list[dict[str, Any]]:
    return [
        {"factor": factor, "quantity": name, "share": alone.share[f, q], "se": alone.se[f, q],
         "stands_out": alone.stands_out(f, q)}
        for q, name in enumerate(alone.quantities)
        for f, factor in enumerate(alone.factors)
    ]  # fmt: skip


def _total_data(totals: Indices, quantities: tuple[str, ...]) -> list[dict[str, Any]]:
    parts = fields(totals, "total total_se first first_se")
    return [
        {"factor": group, "quantity": name, **{key: part[g, q] for key, part in parts.items()}, "worlds": totals.worlds}
        for q, name in enumerate(quantities)
        for g, group in enumerate(totals.groups)
    ]


def _over_data(over: ScenarioFactor) -> dict[str, Any]:
    shares = {
        name: fields(each, "scenario se with_assumptions assumptions chance")
        | {"means": dict(zip(over.scenarios, each.means, strict=True))}
        for name, each in over.splits.items()
    }
    return fields(over, "scenarios worlds") | {"shares": shares}


def sensitivity_csv(found: Findings) -> bytes:
    """A row for each factor and quantity: first-order shares, and totals where they were asked for."""
    alone, totals = found.alone, found.totals
    header = ("factor", "quantity", "first_order", "first_order_se", "p_holm", "total", "total_se")
    place = {} if totals is None else {group: place for place, group in enumerate(totals.groups)}
    quantities = list(enumerate(alone.quantities))

    def total(factor: str, q: int) -> tuple[float | None, float | None]:
        if totals is None or factor not in place:
            return None, None
        return totals.total[place[factor], q], totals.total_se[place[factor], q]

    rows: list[tuple[object, ...]] = [
        (factor, name, alone.share[f, q], alone.se[f, q], alone.p[f, q], *total(factor, q))
        for f, factor in enumerate(alone.factors)
        for q, name in quantities
    ]
    rows += [
        (group, name, totals.first[g, q], totals.first_se[g, q], None, *total(group, q))
        for group, g in place.items() if totals is not None and "/" not in group
        for q, name in quantities
    ]  # fmt: skip
    return table(header, rows)
