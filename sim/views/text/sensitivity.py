"""What `sensitivity` says: which assumptions move which ending, and what depends on how the model is built."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, isfinite
from typing import Any

from sim.analysis.paired import FEW_CHANGED
from sim.analysis.sensitivity import KINDS, Indices, Sensitivity
from sim.analysis.variance import ScenarioFactor
from sim.analysis.variants import Structure, Variation
from sim.ensemble.intervals import Z95
from sim.ensemble.tables import table
from sim.inputs.scenario import Scenario
from sim.views import wording
from sim.views.json_report import fields
from sim.views.text.case_words import amount, glossary, label_of, long_name, meaning_of, short_name
from sim.views.text.screen import Screen, headed

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


def sensitivity_text(found: Findings, screen: Screen, full: bool = True) -> str:
    """What moves most, and how much of each quantity is assumed and by what, in full or of each ending on one screen;
    then what the choice of scenario moves, and what depends on how the model is built.
    """
    table, named = _everything(found, screen) if full else _one_screen(found, screen)
    parts = [screen.paragraph(sentence(found)), *table, *glossary("what these mean", found.scenario, named, screen)]
    if found.over is not None:
        parts.append(_over(found.over, found, screen, full))
    if found.structure is not None:
        parts.append(structure_text(found.structure, found.scenario, screen, full))
    close = "" if full else "- : too few worlds to say. --full: every kind of assumption, measure and variant. "
    return screen.text("\n\n".join([*parts, screen.paragraph(f"{close}{wording.NOT_A_FORECAST}")]))


def _one_screen(found: Findings, screen: Screen) -> tuple[list[str], list[str]]:
    """The table of the endings, and the factors that it names."""
    alone, endings = found.alone, {rule.name for rule in found.scenario.case.outcomes}
    named = [*moves_most(alone)][:3]
    rows = [("percent of the spread", "assumed", "chance", "most of it, of 100 parts assumed (± 95%)")]
    for q, name in enumerate(alone.quantities):
        assumed = alone.assumptions[q]
        if name in endings or len(alone.quantities) == 1:
            said = (_percent(assumed), _percent(None if assumed is None else 1 - assumed))
            most = "" if assumed is None else "no single one stands out"
            for f in _first(alone, q)[:1]:
                most = f"{_plus_minus(alone.share[f, q], alone.se[f, q])}  {short_name(alone.factors[f])}"
                named.append(f)
            rows.append((screen.cut(name, 21), *said, most))
    width = max(len(row[0]) for row in rows)
    lines = [f"{row[0]:<{width}}  {row[1]:>7}  {row[2]:>6}  {row[3]}" for row in rows]
    table = [screen.faint(lines[0][: screen.width]), *(screen.cut(row, screen.width) for row in lines[1:])]
    return ["\n".join(table)], [alone.factors[factor] for factor in dict.fromkeys(named)][:SHORT_CODES]


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
    what = long_name(found.scenario, alone.factors[factor])
    if alone.factors[factor].startswith("claim/"):
        what += f" (“{wording.shortened(meaning_of(found.scenario, alone.factors[factor]), SAID_OF_FIRST)}”)"
    return (
        f"Alone, {what} moves most: it explains {100 * part:.0f}% (±{ceil(100 * noise)}) of all the variance of "
        f"{one_thing}{label_of(found.scenario, alone.quantities[quantity])}{others}."
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


def _everything(found: Findings, screen: Screen) -> tuple[list[str], list[str]]:
    """The tables of every quantity, and the factors that they name, in their order."""
    alone, totals = found.alone, found.totals
    every = range(len(alone.quantities))
    names = [alone.factors[factor] for factor in [*moves_most(alone)][:3]]
    names += [alone.factors[factor] for q in every for factor in _first(alone, q)]
    how = (
        f'How much of the spread comes from which assumption? Read off {alone.worlds:,} worlds: "assumed" is the'
        " share of all variance that is due to assumptions (the rest is chance), the other columns are the parts of"
        " it that single assumptions explain alone, added up by kind. What is missing to 100 is how they work"
        ' together (and what claims weigh). "<25": no more than its own error, and below 25 (95%).'
    )
    parts = [screen.paragraph(how), _kinds(found, screen), _largest(found, screen)]
    if totals is not None:
        parts.append(_totals(totals, found, screen))
        names += [totals.groups[s] for q in every for s in _first_in_total(totals, q)]
    return parts, names


def _kinds(found: Findings, screen: Screen) -> str:
    alone = found.alone
    rows: list[tuple[str, ...]] = [("percent", "assumed", *COLUMNS.values())]
    for q, name in enumerate(alone.quantities):
        assumed = alone.assumptions[q]
        cells = ["-"] * len(COLUMNS) if assumed is None else [_percent(*alone.of_kind(kind, q)) for kind in COLUMNS]
        rows.append((screen.cut(name, 21), _percent(assumed), *cells))
    lines = headed(rows, screen)
    if None in alone.assumptions:
        lines.append(screen.paragraph("- : too few worlds to say, since it is so rare or so much of it is chance."))
    return "\n".join(lines)


def _percent(share: float | None, se: float | None = None) -> str:
    """A share in percent; where it is no larger than its 95% error, the upper end of its interval."""
    if share is None or not isfinite(share + (se or 0)):
        return "-"
    if se is None or share > Z95 * se:
        return f"{100 * max(share, 0.0):.0f}"
    return f"<{max(100 * (share + Z95 * se), 1):.0f}"


def _largest(found: Findings, screen: Screen) -> str:
    """The first factors of each quantity, with the 95% interval."""
    alone = found.alone
    lines = [screen.faint("most of it, of 100 parts due to assumptions (± 95% interval; Holm over all)")]
    for q, name in enumerate(alone.quantities):
        texts = [
            f"{short_name(alone.factors[f])} {_plus_minus(alone.share[f, q], alone.se[f, q], 1)}"
            for f in _first(alone, q)
        ]
        lines.append(screen.paragraph(f"{name}: {'; '.join(texts) or 'nothing stands out'}", hang="  "))
    return "\n".join(lines)


def _first(alone: Sensitivity, q: int) -> list[int]:
    """The factors shown for a quantity."""
    return alone.ranked(q)[:MOST] if alone.assumptions[q] is not None else []


def _first_in_total(totals: Indices, q: int) -> list[int]:
    """The single factors whose total shares are shown for a quantity."""
    many = enumerate(totals.groups)
    loud = [s for s, name in many if "/" in name and totals.total[s, q] > 2 * totals.total_se[s, q]]
    return sorted(loud, key=lambda s: -totals.total[s, q])[:MOST]


def _totals(totals: Indices, found: Findings, screen: Screen) -> str:
    """Total shares by kind, then the single factors."""
    kinds = [place for place, name in enumerate(totals.groups) if "/" not in name]
    how = (
        f"Total shares (Sobol, {totals.worlds:,} worlds, {len(totals.groups) + 2} designs): what would be left of"
        " the assumptions' variance if all else were known. They add to more than 100 where assumptions work together."
        f" A dash: too little to say, as the assumptions make a difference in fewer than {FEW_CHANGED} worlds."
    )
    heads = {KINDS[column]: head for column, head in (COLUMNS | {"weight": "weights"}).items()}
    called = (heads.get(totals.groups[k], totals.groups[k][:9]) for k in kinds[:7])
    rows: list[tuple[str, ...]] = [("percent (± 95%)", *called)]
    for q, name in enumerate(found.alone.quantities):
        cells = (_plus_minus(totals.total[k, q], totals.total_se[k, q]) for k in kinds[:7])
        rows.append((screen.cut(name, 17), *cells))
    lines = [screen.paragraph(how), *headed(rows, screen)]
    for q, name in enumerate(found.alone.quantities):
        texts = [
            f"{short_name(totals.groups[s])} {_plus_minus(totals.total[s, q], totals.total_se[s, q])}"
            for s in _first_in_total(totals, q)
        ]
        if texts:
            lines.append(screen.paragraph(f"{name}, in total: {'; '.join(texts)}", hang="  "))
    lost = [name for q, name in enumerate(found.alone.quantities) if not any(map(isfinite, totals.total[:, q]))]
    if lost:
        why = "too much chance for so few worlds, or runs that have no such meeting"
        lines.append(screen.paragraph(f"- : no total share is known of {wording.listed(lost)}: {why}."))
    return "\n".join(lines)


def _plus_minus(share: float, se: float, digits: int = 0) -> str:
    return f"{100 * share:.{digits}f} ±{100 * Z95 * se:.{digits}f}" if isfinite(share) else "-"


def _over(over: ScenarioFactor, found: Findings, screen: Screen, full: bool) -> str:
    close = screen.paragraph(over_sentence(over, found.scenario))
    if not full:
        return close
    how = (
        f"Which scenario is played, as a factor: {wording.listed(over.scenarios)}, taken as equally likely, on the same"
        f' {over.worlds:,} worlds. Shares of all variance; "with rest" is what the choice does differently in different'
        " worlds."
    )
    rows: list[tuple[str, ...]] = [("percent", "scenario (± 95%)", "with rest", "assumed", "chance")]
    for name, split in over.splits.items():
        cells = ["never differs", "", "", ""]
        if split.scenario is not None and split.se is not None:
            rest = (split.with_assumptions, split.assumptions, split.chance)
            cells = [f"{100 * split.scenario:.2f} ±{100 * Z95 * split.se:.2f}"]
            cells += [f"{100 * (part or 0) + 0.0:.1f}" for part in rest]
        rows.append((screen.cut(name, 23), *cells))
    return "\n".join([screen.paragraph(how), *headed(rows, screen), close])


def over_sentence(over: ScenarioFactor, scenario: Scenario) -> str:
    """What the choice of scenario moves most."""
    shares = {name: each.scenario for name, each in over.splits.items() if each.scenario is not None}
    name = max(shares, key=lambda key: shares[key])
    means = [amount(scenario, name, value).lstrip("+") for value in over.splits[name].means]
    levels = wording.listed([f"{mean} in {one}" for one, mean in zip(over.scenarios, means, strict=True)])
    return (
        f"The choice matters most for {label_of(scenario, name)} ({100 * shares[name]:.1f}% of its variance): {levels}."
    )


def sensitivity_document(found: Findings) -> dict[str, Any]:
    """What `sensitivity --json` holds: shares of the variance due to assumptions, null where they cannot be known."""
    alone, totals, over = found.alone, found.totals, found.over
    return {
        **fields(alone, "scenario worlds seed"),
        "sentence": sentence(found),
        "assumptions": dict(zip(alone.quantities, alone.assumptions, strict=True)),
        "first_order": [
            {"factor": factor, "quantity": name, "share": alone.share[f, q], "se": alone.se[f, q],
             "stands_out": alone.stands_out(f, q)}
            for q, name in enumerate(alone.quantities) for f, factor in enumerate(alone.factors)
        ],
        "total": None if totals is None else [
            {"factor": group, "quantity": name,
             **{key: part[g, q] for key, part in fields(totals, "total total_se first first_se").items()},
             "worlds": totals.worlds}
            for q, name in enumerate(alone.quantities) for g, group in enumerate(totals.groups)
        ],
        "over": None if over is None else fields(over, "scenarios worlds") | {
            "shares": {
                name: fields(each, "scenario se with_assumptions assumptions chance")
                | {"means": dict(zip(over.scenarios, each.means, strict=True))}
                for name, each in over.splits.items()
            },
        },
        "structure": None if found.structure is None else structure_data(found.structure, found.scenario),
        "not_a_forecast": wording.NOT_A_FORECAST,
    }  # fmt: skip


def sensitivity_csv(found: Findings) -> bytes:
    """A row for each factor and quantity: first-order shares, and totals where they were asked for."""
    alone, totals = found.alone, found.totals
    header = ("factor", "quantity", "first_order", "first_order_se", "p_holm", "total", "total_se")
    every = [(factor, (alone.share[f], alone.se[f], alone.p[f])) for f, factor in enumerate(alone.factors)]
    known: dict[str, tuple[Any, Any]] = {}
    nothing = [None] * len(alone.quantities)
    if totals is not None:
        known = dict(zip(totals.groups, zip(totals.total, totals.total_se, strict=True), strict=True))
        every += [
            (group, (totals.first[g], totals.first_se[g], nothing))
            for g, group in enumerate(totals.groups) if "/" not in group
        ]  # fmt: skip
    rows = [
        (name, quantity, *(column[q] for column in (*first, *known.get(name, (nothing, nothing)))))
        for name, first in every
        for q, quantity in enumerate(alone.quantities)
    ]
    return table(header, rows)


def structure_text(found: Structure, scenario: Scenario, screen: Screen, full: bool) -> str:
    """What depends on a variant; in full, the likeliest ending and the largest shift under each variant before that."""
    close = [screen.paragraph(line, hang="  ") for line in flagged(found, scenario)]
    if not full:
        return "\n".join(close)
    against = f", and the sign of what differs from {found.against}" if found.against else ""
    how = (
        "How the model is built: the same worlds and chance under each variant of scenarios/variants,"
        f" {found.runs:,} runs each. Watched: the likeliest ending ({found.likeliest},"
        f" {wording.percent(found.probability)} of runs){against}."
    )
    lines = [screen.paragraph(how), screen.faint(f"{'variant':<24} {'likeliest':<24} largest shift (of 100 runs)")]
    for each in found.variations:
        mark = "!" if each.flags(found.likeliest) else " "
        said = f"{each.likeliest} {wording.percent(each.probability)}"
        lines.append(
            f"{mark}{screen.cut(each.name, 23):<23} {screen.cut(said, 24):<24} {each.shift[0]}"
            f" {wording.signed(100 * each.shift[1])}"
        )
    return "\n".join([*lines, *close])


def flagged(found: Structure, scenario: Scenario) -> list[str]:
    """A line for each conclusion that depends on a variant, or one that says none does."""
    lines = [line for each in found.variations for line in _flags(each, found, scenario)]
    lost = [
        f"{each.name} ({wording.listed([label_of(scenario, quantity) for quantity in each.lost])})"
        for each in found.variations
        if each.lost
    ]
    close = [
        f"{each.name} ({each.likeliest} or {found.likeliest})" for each in found.variations
        if each.likeliest != found.likeliest and not each.surely
    ]  # fmt: skip
    if close:
        lines.append(f"Too close to call which ending is likeliest under: {'; '.join(close)}.")
    if not lines:
        signs = f", and so does the direction of every difference from {found.against}" if found.against else ""
        lines = [f"However the model is built, the likeliest ending stays the same under every variant{signs}."]
    return lines + ([f"A difference is lost in the noise under: {'; '.join(lost)}."] if lost else [])


def _flags(each: Variation, found: Structure, scenario: Scenario) -> Iterator[str]:
    if each.likeliest != found.likeliest and each.surely:
        likeliest = f"the likeliest ending is {each.likeliest}, not {found.likeliest}"
        yield f"! {each.name}: {likeliest}. Say so with any claim about it."
    for contrast in each.contrasts:
        if contrast.reversed:
            before, after = (amount(scenario, contrast.quantity, one) for one in (contrast.plain, contrast.varied))
            yield f"! {each.name}: {contrast.quantity} against {found.against} turns from {before} to {after}."


def structure_data(found: Structure, scenario: Scenario) -> dict[str, Any]:
    """The same for `--json`."""
    variants = [
        {
            **fields(each, "variant=name title likeliest probability"),
            "largest_shift": {"outcome": each.shift[0], "by": each.shift[1]},
            "flags": each.flags(found.likeliest), "no_longer_told_apart": each.lost,
        }
        for each in found.variations
    ]  # fmt: skip
    said = {"variants": variants, "said": flagged(found, scenario)}
    return fields(found, "against likeliest probability runs") | said
