"""What `compare` shows, as text, JSON and CSV: how two scenarios differ, and what that changes."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from math import isfinite
from typing import Any

from sim import vocabulary
from sim.analysis.compare import Comparison
from sim.analysis.paired import Difference
from sim.analysis.summit_chain import Chain, chain, chain_measures, chain_pair, chain_signs, chain_tabled
from sim.ensemble.result import Ensemble
from sim.ensemble.tables import table
from sim.errors import clean_text
from sim.inputs.case import Case
from sim.inputs.scenario import Scenario
from sim.inputs.schedule import month_name
from sim.views import wording
from sim.views.json_report import difference_data, fields
from sim.views.text.case_words import label_of, shown_measures
from sim.views.text.screen import Screen, headed

NAME_WIDTH = 25
COLUMN = 14
MOST_FLIPS = 3
ALIKE = 0.1  # of a level: two that surely differ by no more are "about" the same
MOST_THINGS = 12  # differences shown on one screen


def comparisons_text(found: Sequence[Comparison], scenario: Scenario, screen: Screen) -> str:
    """Every comparison against the first of the ensembles in full: the sentence, the things that differ, the tables,
    where in time, and where the runs went.
    """
    parts = []
    for one in found:
        head = screen.strong(screen.cut(f"{one.b} against {one.a}", screen.width))
        tables = (_outcomes(one, screen), _measures(one, scenario, screen), _when(one, scenario, screen))
        more = (_things(one, scenario.case, screen), *tables, _flips(one, screen))
        parts += [f"{head}\n{screen.paragraph(sentence(one, scenario))}", *filter(None, more)]
    return "\n\n".join([*parts, screen.paragraph(wording.NOT_A_FORECAST)])


def short_comparison(found: Comparison, two: tuple[Ensemble, Ensemble], screen: Screen) -> str:
    """A comparison on one screen: the answer, the chain of both side by side, the endings."""
    scenario = two[1].scenario
    texts = (chain_in_words(found, scenario), sentence(found, scenario, 1))
    head = screen.strong(screen.cut(f"{found.b} against {found.a}", screen.width))
    answer = screen.paragraph(" ".join(filter(None, texts)))
    marks = f"± 95%, {short_marks(found)}"
    note = f"{same_draws(found)}; {marks}. --full: measures, months, where the runs went. {wording.NOT_A_FORECAST}"
    endings = _outcomes(found, screen).splitlines()[: len(found.outcomes) + 1]
    things = _things(found, scenario.case, screen, short=True)
    links, first = [chain(each) for each in two], two[0].scenario
    rows: list[tuple[str, ...]] = [_head("from leverage to gain", found, "difference", screen)]
    rows += [(*row, "") for row in leverage_rows(links, first.case)]
    for name, label in chain_links(first, found):
        rows += _level_row(found, name, label)
    room = screen.width - sum(2 + max(len(row[place]) for row in rows) for place in (1, 2, 3))
    if room >= NAME_WIDTH:  # else the differences do not fit, however short the labels
        rows = [(screen.cut(label, room), *cells) for label, *cells in rows]
    return "\n".join([head, answer, things, *headed(rows, screen), "", *endings, screen.paragraph(note)])


def short_marks(found: Comparison, more: str = "more") -> str:
    """What an asterisk means, in a line."""
    return f"an asterisk: {more} than noise (Holm over {found.tests})"


def same_draws(found: Comparison) -> str:
    """How many runs were compared, and that they share worlds and chance."""
    return f"{found.runs:,} runs of each in the same {found.worlds:,} worlds with the same chance"


def leverage_rows(links: Sequence[Chain | None], case: Case) -> Iterator[tuple[str, ...]]:
    """Leverage each way before the first summit, where all show that of one pair: a label and a level under each."""
    shown = [each for each in links if each]
    if len(shown) < len(links) or len({each.pair for each in shown}) > 1:
        return
    one, other = (wording.leader_name(case, side) for side in shown[0].pair.between)
    for at, label in enumerate((f"leverage of {one} over {other}", f"leverage of {other} over {one}")):
        yield (label, *(f"{each.leverage[at]:.2f}" for each in shown))


def chain_links(scenario: Scenario, found: Comparison | None = None) -> list[tuple[str, str]]:
    """The measures of the chain and every state's gain, with the labels of their rows; of packages, the one most often
    on the table in what was found.
    """
    pair, case = chain_pair(scenario), scenario.case
    gains = [(name, label_of(scenario, name)) for name in map(vocabulary.gained, case.states)]
    if pair is None:
        return gains
    names, levels = chain_measures(scenario, pair), found.levels if found else {}
    tabled = {name: package for package, name in chain_tabled(scenario, pair).items() if name in levels}
    most = max(tabled, key=lambda name: levels[name][1], default="")
    one = wording.leader_name(case, pair.between[0])
    rows = [
        (names.get("terms"), f"terms of {one} at that summit"),
        *((name, f"offered: {clean_text(case.packages[tabled[name]].says, 40)}") for name in tabled if name == most),
        *((name, f"{wording.leader_name(case, side)} signs") for side, name in chain_signs(scenario, pair).items()),
        (names.get("deal"), "it ends in a deal") if "deal" in names else (names.get("chance"), "both sign"),
        (names.get("received"), f"given to {one} and kept"),
    ]
    return [*((name, label) for name, label in rows if name), *gains]


def _level_row(found: Comparison, name: str, label: str) -> list[tuple[str, ...]]:
    if name not in found.measures or not all(map(isfinite, found.levels[name])):
        return []
    before, after = found.levels[name]
    return [(label, f"{before:.3f}", f"{after:.3f}", _difference(found.measures[name], 1, 3))]


def _difference(one: Difference, scale: float, digits: int) -> str:
    """With half its 95% interval and an asterisk where it stands out."""
    if one.changed == 0:
        return "no run differs "
    return wording.plus_minus(scale * one.difference, scale * one.half, digits) + ("*" if one.stands_out else " ")


def _head(what: str, found: Comparison, difference: str, screen: Screen) -> tuple[str, ...]:
    return what, screen.cut(found.a, COLUMN), screen.cut(found.b, COLUMN), difference


def sentence(found: Comparison, scenario: Scenario, most: int = 2) -> str:
    """One plain sentence: what the change does to the endings, of which at most ``most`` are named."""
    otherwise = f"{wording.percent(found.changed)} of runs end otherwise than under {found.a}"
    loud = sorted(
        (name for name, one in found.outcomes.items() if one.stands_out),
        key=lambda name: -abs(found.outcomes[name].difference),
    )
    if not loud:
        if found.changed == 0:
            return f"Under {found.b}, not one run ends otherwise than under {found.a}."
        return f"Under {found.b}, {otherwise}, but no ending's share moves beyond the noise."
    said = []
    for name in loud[:most]:
        one, (before, after) = found.outcomes[name], found.shares[name]
        more = "more" if one.difference > 0 else "less"
        of_runs = "" if after in (0, 1) else " of runs"
        shares = f"{wording.how_many(after)}{of_runs} instead of {wording.how_many(before)}"
        said.append(f"{label_of(scenario, name)} comes about {more} often ({shares})")
    return f"Under {found.b}, {wording.listed(said)}; {otherwise}."


def chain_in_words(found: Comparison, scenario: Scenario) -> str:
    """From terms to gain in one sentence: what ``b``, whose scenario is given, changes at its first shown summit."""
    pair = chain_pair(scenario)
    if pair is None:
        return ""
    names, leader = chain_measures(scenario, pair), wording.leader_name(scenario.case, pair.between[0])
    wanted = {
        "terms": names.get("terms"), "deal": names.get("deal") or names.get("chance"),
        "gain": f"gained.{pair.between[0]}",
    }  # fmt: skip
    texts = (_versus(found, what, name, leader, clean_text(pair.name, 60)) for what, name in wanted.items())
    said = [*filter(None, texts)]
    return f"Against {found.a}, {wording.listed(said)}." if said else ""


def _versus(found: Comparison, what: str, name: str | None, leader: str, summit: str) -> str:
    """One link of the chain, with both values; "about" the same only where a larger difference is ruled out."""
    if name is None or name not in found.measures or not all(map(isfinite, found.levels[name])):
        return ""
    one, (before, after) = found.measures[name], found.levels[name]
    begins, more, less, alike, ends = {
        "terms": (f"{leader} comes to {summit} with ", "better", "worse", "about the same", " terms"),
        "deal": ("", "more", "fewer", "about as many", " of these summits end in a deal"),
        "gain": (f"{leader} gains ", "more", "less", "about as much", " by all summits"),
    }[what]
    if one.stands_out:
        said = f"{begins}{more if one.difference > 0 else less}{ends}"
    elif one.changed == 0 or max(abs(one.low), abs(one.high)) <= ALIKE * before:
        said = f"{begins}{alike}{ends}"
    else:
        said = f"whether {begins}{more}{ends} is too close to tell"
    finer = f"{after:.2f}" == f"{before:.2f}" and one.stands_out
    if what == "gain":
        return f"{said} ({after:.{2 + finer}f} against {before:.{2 + finer}f})"
    values = [f"{100 * share:.1f}" if finer else wording.of_100(share) for share in (after, before)]
    return f"{said} ({values[0]} against {values[1]} of 100)"


def _things(found: Comparison, case: Case, screen: Screen, short: bool = False) -> str:
    """The differences between the two, with a warning where there is more than one."""
    if not found.things:
        return screen.paragraph("Nothing differs between the two but their names.")
    if len(found.things) == 1:
        return screen.paragraph(f"They differ in one thing: {things_in_a_row(found, case)}.", hang="  ")
    careful = f"Careful: they differ in {len(found.things)} things, so no difference below has one cause"
    if short:
        return screen.paragraph(f"{careful}: {things_in_a_row(found, case)}.", hang="  ")
    bullets = [screen.paragraph(thing, "  - ", "    ") for thing in wording.things_in_words(case, found.things)]
    return "\n".join([screen.paragraph(f"{careful}:"), *bullets])


def things_in_a_row(found: Comparison, case: Case) -> str:
    """The ways in which the two scenarios differ in one sentence, as many as a screen holds."""
    things = wording.things_in_words(case, found.things)
    more = [f"and {len(things) - MOST_THINGS} more (--full and summitry diff list them all)"]
    return "; ".join(things[:MOST_THINGS] + more * (len(things) > MOST_THINGS))


def _outcomes(found: Comparison, screen: Screen) -> str:
    rows: list[tuple[str, ...]] = [_head("share of runs", found, "difference in points", screen)]
    for name, one in found.outcomes.items():
        digits = 2 if 100 * one.half < 0.05 else 1
        shares = (wording.how_many(share) for share in found.shares[name])
        rows.append((screen.cut(name, NAME_WIDTH), *shares, _difference(one, 100, digits)))
    note = f"{same_draws(found)}, paired; {wording.marks(f'{found.tests} comparisons')}"
    return "\n".join([*headed(rows, screen), screen.paragraph(note)])


def _measures(found: Comparison, scenario: Scenario, screen: Screen) -> str:
    """The measures that the case shows beside its classes."""
    names = shown_measures(scenario, set(found.measures))
    if not names:
        return ""
    rows: list[tuple[str, ...]] = [_head("mean at the end", found, "difference", screen)]
    for name in names:
        rows += _level_row(found, name, screen.cut(name, NAME_WIDTH))
    labels = {name: label_of(scenario, name) for name in names}
    texts = [f"{name}: {label}" for name, label in labels.items() if label != name]
    close = screen.paragraph("; ".join([*texts, "every measure and lever is in compare.csv"]) + ".")
    return "\n".join([*headed(rows, screen), close])


def _when(found: Comparison, scenario: Scenario, screen: Screen) -> str:
    """Differences month by month, if the largest one comes before the end."""
    peak, monthly, names = found.monthly.peak, found.monthly, list(found.outcomes)
    if peak is None or not monthly.early:
        return ""
    month, place = peak
    says = (
        f"The difference lives earlier: had the runs ended after {month_name(month, scenario.first_month)}, "
        f"{names[place]} would differ by {wording.signed(100 * monthly.difference[month, place])} points; "
        f"by the end it is {wording.signed(100 * monthly.difference[-1, place])}."
    )
    first = next(at for at in range(len(monthly.difference)) if monthly.stands_out[at].any())
    later = len(monthly.difference) - 1 - first
    months = sorted({first, month, *(first + round(later * part / 3) for part in range(4))})
    head = [month_name(at, scenario.first_month) for at in months]
    rows: list[tuple[str, ...]] = [("difference in points after", *head)]
    for at, name in enumerate(names):
        if monthly.stands_out[months, at].any():
            cells = (
                f"{wording.signed(100 * monthly.difference[each, at])}{'*' if monthly.stands_out[each, at] else ' '}"
                for each in months
            )
            rows.append((screen.cut(name, 26), *cells))
    return "\n".join([screen.paragraph(says), *headed(rows, screen)])


def _flips(found: Comparison, screen: Screen) -> str:
    """Where the runs of an outcome went, in both directions, for the outcomes that changed most."""
    if found.changed == 0:
        return ""
    names = list(found.outcomes)
    pairs = sorted(combinations(range(len(names)), 2), key=lambda pair: -(found.flips[pair] + found.flips[pair[::-1]]))
    otherwise = f"{round(found.changed * found.runs):,} end otherwise under {found.b}"
    lines = [screen.paragraph(f"Of {found.runs:,} runs, {otherwise}. Most often:")]
    for i, j in pairs[:MOST_FLIPS]:
        there, back = int(found.flips[i, j]), int(found.flips[j, i])
        if there < back:
            i, j, there, back = j, i, back, there
        if there:
            some = f"{there:,} of the {int(found.flips[i].sum()):,} that end in {names[i]} under {found.a}"
            text = f"{some} end in {names[j]} under {found.b}; {back:,} go the other way."
            lines.append(screen.paragraph(text, "  ", "    "))
    return "\n".join(lines)


def comparison_document(found: Comparison, scenario: Scenario) -> dict[str, Any]:
    """What `compare A B --json` holds: every difference is B minus A."""
    names = list(found.outcomes)
    return {
        "scenario": found.b, "against": found.a, "titles": {found.a: found.titles[0], found.b: found.titles[1]},
        **fields(found, "runs worlds seed version"),
        "months": {found.a: found.months[0], found.b: found.months[1]} if found.a != found.b else found.months[0],
        "things": list(found.things), "sentence": sentence(found, scenario),
        "differences": {name: difference_data(one) for name, one in (*found.outcomes.items(), *found.measures.items())},
        "probabilities": dict(found.shares), "means": dict(found.levels), "share_that_ends_otherwise": found.changed,
        "flips": {
            name: {other: int(found.flips[i, j]) for j, other in enumerate(names) if found.flips[i, j]}
            for i, name in enumerate(names)
        },
        "by_month": {
            name: {part: getattr(found.monthly, part)[:, place].tolist() for part in ("difference", "se")}
            for place, name in enumerate(names)
        },
        "tests": {"outcomes": found.tests, "adjusted_by": "Holm"},
        "not_a_forecast": wording.NOT_A_FORECAST,
    }  # fmt: skip


def compare_csv(found: Sequence[Comparison], first: Scenario) -> bytes:
    """One row for each scenario against the ``first`` and each outcome or measure; then outcomes month by month."""
    header = (
        "scenario", "against", "what", "name", "month", "first", "second", "difference", "se", "low", "high",
        "worlds_changed", "p_holm",
    )  # fmt: skip
    rows: list[tuple[object, ...]] = []
    for one in found:
        for what, some, levels in (("outcome", one.outcomes, one.shares), ("measure", one.measures, one.levels)):
            for name, each in some.items():
                numbers = fields(each, "difference se low high changed p").values()
                end = month_name(one.months[1], first.first_month)
                rows.append((one.b, one.a, what, name, end, *levels[name], *numbers))
        for place, name in enumerate(one.outcomes):
            for month in range(len(one.monthly.difference)):
                parts = (getattr(one.monthly, part)[month, place] for part in ("difference", "se", "low", "high"))
                when = month_name(month, first.first_month)
                rows.append((one.b, one.a, "outcome by month", name, when, None, None, *map(float, parts), None, None))
    return table(header, rows)


def flips_csv(found: Sequence[Comparison]) -> bytes:
    """How many runs end in one outcome under the first scenario and in another under the second."""
    rows = [
        (one.b, one.a, name, other, int(one.flips[i, j]))
        for one in found
        for i, name in enumerate(one.outcomes)
        for j, other in enumerate(one.outcomes)
    ]
    return table(("scenario", "against", "ends_in_under_first", "ends_in_under_second", "runs"), rows)
