"""What `run` shows: the screen it ends in, from the question to how sure the answer is, and what `--full` adds."""

from collections.abc import Sequence
from math import isfinite
from pathlib import Path

from sim.analysis.compare import Comparison
from sim.analysis.summit_chain import Chain, chain, gains
from sim.analysis.variance import sources_of_spread
from sim.ensemble.intervals import Mean, measure_means, outcome_probabilities
from sim.ensemble.result import Ensemble
from sim.errors import SENTENCE_LIMIT, clean_text
from sim.inputs.case import Case
from sim.inputs.scenario import Scenario
from sim.inputs.schedule import month_name
from sim.views import wording
from sim.views.text.compare import chain_in_words, sentence
from sim.views.text.screen import Screen, columns, with_bars
from sim.vocabulary import pinned

BAR = 6
MOST_PACKAGES = 2
OFFERED = 55  # characters: the second package is shown if both fit this length
FEWEST_WORLDS = 4  # below this there is no interval
NAME_WIDTH, MOST_CHANGES = 24, 8
SCALE = "(0 to 1)"


def answer_screen(ensemble: Ensemble, against: Comparison | None, screen: Screen) -> str:
    """The screen below the question, at most forty lines of 80 columns with it.

    ``against`` is the comparison with the scenario that this one is read against.
    """
    middle = "\n".join(filter(None, [chain_lines(ensemble, screen), gain_lines(ensemble, screen)]))
    ends = f"{ending_lines(ensemble, screen)}\n{sure_lines(ensemble, screen)}"
    return "\n\n".join(part for part in (screen.paragraph(answer(ensemble, against)), middle, ends) if part)


def question_lines(scenario: Scenario, screen: Screen) -> str:
    """Title and question, and the planned things that never come about."""
    title = screen.strong(screen.cut(scenario.title, screen.width))
    # Where `--months` cuts the calendar, the reader knows it already.
    never = scenario.never_happens if scenario.months == scenario.resolved["months"] else ()
    more = f" (and {len(never) - 1} more: `summitry check` lists all)" if len(never) > 1 else ""
    notes = [screen.paragraph(f"note: {clean_text(never[0], SENTENCE_LIMIT)}{more}")] if never else []
    if unverified := wording.not_verified(scenario.ledger):
        notes.append(screen.paragraph(f"{unverified} `summitry claims verify` says more."))
    return "\n".join([title, screen.paragraph(clean_text(scenario.question, SENTENCE_LIMIT)), *notes])


def answer(ensemble: Ensemble, against: Comparison | None) -> str:
    """The answer in two sentences: the comparison where there is one, else the likeliest ending and who gained."""
    case = ensemble.scenario.case
    if against is not None:
        text = chain_in_words(against, ensemble.scenario)
        return " ".join([*([text] if text else []), sentence(against, ensemble.scenario, 1)])
    likeliest = wording.likeliest(case.outcomes, outcome_probabilities(ensemble))
    return " ".join([likeliest, who_gained(ensemble)]).rstrip()


def who_gained(ensemble: Ensemble) -> str:
    """The headline: each state compared with itself without summits, never with another state."""
    found, case = gains(ensemble), ensemble.scenario.case
    if not found:
        return ""
    first, *rest = [(wording.leader_name(case, each.state), wording.of_100(each.better.mean)) for each in found]
    texts = [f"{first[0]} is better off in {first[1]} of 100 runs", *(f"{name} in {share}" for name, share in rest)]
    return f"Against the same worlds without any summit {wording.listed(texts)}."


def chain_lines(ensemble: Ensemble, screen: Screen) -> str:
    """The first summit that the case shows: leverage each way, terms, chance, and what came of the promises."""
    found = chain(ensemble)
    if found is None:
        return screen.paragraph("No summit is planned: nobody bargains.")
    means = measure_means(ensemble)
    rows = _chain_rows(found, ensemble.scenario.case, means)
    month = month_name(found.month, ensemble.scenario.first_month)
    held = means.get(found.measures.get("held", ""))
    when = f", held in {wording.of_100(held.mean)} of 100 runs" if held else ""
    head = f"{wording.capital(clean_text(found.pair.name, 40))}: first planned for {month}{when}"
    width = max(len(name) for name, _ in rows)
    lines = [screen.paragraph(f"  {name:<{width}}  {text}", hang=" " * (width + 4)) for name, text in rows]
    return "\n".join([screen.faint(screen.cut(head, screen.width)), *lines])


def _chain_rows(found: Chain, case: Case, means: dict[str, Mean]) -> list[tuple[str, str]]:
    one, two = (wording.leader_name(case, side) for side in found.pair.between)
    there, back = found.leverage
    at = found.quantities(means)
    terms = f": terms {100 * at['terms']:.0f} to {100 - 100 * at['terms']:.0f} for {one}" if "terms" in at else ""
    rows = [("leverage", f"{one} over {two} {there:.2f}, {two} over {one} {back:.2f}{terms}")]
    rows += _table_rows(found, case, means)
    if "kept" in at:
        kept = wording.of_100(at["kept"])
        rows.append(("kept", f"{kept} of 100 of what {two} promised in all deals was given and stayed"))
    return rows


def _table_rows(found: Chain, case: Case, means: dict[str, Mean]) -> list[tuple[str, str]]:
    """The packages most often on the table, and how often each side would sign."""
    shares = {case.packages[package].says: means[name].mean for package, name in found.tabled.items()}
    ranked = sorted((says for says in shares if shares[says] > 0), key=lambda says: -shares[says])[:MOST_PACKAGES]
    offered = [f'"{clean_text(says, 60)}" {wording.of_100(shares[says])}' for says in ranked]
    signs = {wording.leader_name(case, side): means[name].mean for side, name in found.signs.items()}
    if both := found.measures.get("deal") or found.measures.get("chance"):
        signs["both"] = means[both].mean
    texts = [f"{who} at {wording.of_100(chance)}" for who, chance in signs.items() if isfinite(chance)]
    if len(", ".join(offered)) > OFFERED:
        offered = offered[:1]
    rows = (("offered", offered, "of 100 times"), ("signing", texts, "of 100 such meetings"))
    return [(what, f"{', '.join(words)} {of}") for what, words, of in rows if words]


def gain_lines(ensemble: Ensemble, screen: Screen) -> str:
    """Each state compared with itself; states are never ranked, because their gains have no common unit."""
    found, case = gains(ensemble), ensemble.scenario.case
    if not found:
        return ""
    rows = []
    for each in found:
        leader, state = wording.leader_name(case, each.state), clean_text(wording.state_name(case, each.state), 30)
        better, gain = f"{100 * each.better.mean:.0f}%", f"gain {wording.signed(each.gained.mean, 2)}"
        if not few_worlds(ensemble):
            better += f" ±{100 * each.better.half:.1f}"
            gain += f" ±{each.gained.half:.3f}"
        rows.append(("  " + (leader if leader == state else f"{leader} ({state})"), better, gain))
    head = "Better off than without any summit (each against itself: this ranks no state)"
    return "\n".join([screen.faint(screen.cut(head, screen.width)), *columns(rows, screen)])


def few_worlds(ensemble: Ensemble) -> bool:
    """Whether there are too few worlds for any interval."""
    return ensemble.pairs < FEWEST_WORLDS


def ending_lines(ensemble: Ensemble, screen: Screen) -> str:
    """Every ending in the order in which the case reads them, with its bar and what it means."""
    found, imposed = outcome_probabilities(ensemble), ensemble.scenario.imposed
    outcomes = ensemble.scenario.case.outcomes
    width = min(max(len(each.name) for each in outcomes), 14)
    shares = {name: wording.with_bound(wording.share_of_runs(each)) for name, each in found.items()}
    if few_worlds(ensemble):
        shares = {name: f"{each.count}/{each.runs}" for name, each in found.items()}
    most = max(each.probability for each in found.values()) or 1.0
    lines = []
    for each in outcomes:
        counted = each.unless_pinned not in imposed
        share = shares[each.name] if counted else "-"
        bar = screen.bar(found[each.name].probability / most, BAR) if counted else ""
        head = f"{screen.cut(each.name, width):<{width}} {share:>6} {bar:<{BAR}} "
        says = each.says if counted else f"imposed by the scenario itself, so not counted: {each.says}"
        lines.append(screen.paragraph(head + clean_text(says, SENTENCE_LIMIT), hang=" " * len(head)))
    order = "How it ends (a run ends in the first of these whose conditions hold)"
    lines += [screen.paragraph(line) for line in own_doing(ensemble.scenario)]
    return "\n".join([screen.faint(screen.cut(order, screen.width)), *lines])


def own_doing(scenario: Scenario) -> list[str]:
    """A sentence for each variable pinned to the end that the condition of an ending is about."""
    case, last = scenario.case, scenario.months
    pins = [each for each in scenario.events if each.action == "pin" and each.month <= last]
    texts = []
    for variable in dict.fromkeys(each.variable for each in pins if each.until is None or each.until > last):
        read = {each.name: each.value.names for each in case.measures.values()}
        # A measure that names `pinned` too does not read the variable where it is pinned.
        about = {variable} | {name for name, of in read.items() if variable in of and pinned(variable) not in of}
        ends = [
            each.name for each in case.outcomes
            if each.unless_pinned != variable and about & {condition.variable for condition in each.when}
        ]  # fmt: skip
        if ends:
            names = f"{wording.capital(wording.listed(ends))} {'is' if len(ends) == 1 else 'are'}"
            label = clean_text(case.variables[variable].label, 60)
            texts.append(f"{names} partly the scenario's own doing: it pins {label}.")
    return texts


def sure_lines(ensemble: Ensemble, screen: Screen) -> str:
    """How sure the numbers are: size, noise, where the spread comes from, and that it is no forecast."""
    scenario, found = ensemble.scenario, outcome_probabilities(ensemble)
    size = f"{wording.runs_in_worlds(ensemble.runs)}, seed {ensemble.seed}"
    if few_worlds(ensemble):
        noise = f"{size}: too few worlds for any interval"
    else:
        widest = max(max(each.high - each.probability, each.probability - each.low) for each in found.values())
        noise = f"{size}; shares of runs are ±{100 * widest:.1f} points or better (95%)"
    spread = wording.where_the_spread_comes_from(sources_of_spread(ensemble), short=True)
    lines = [f"{noise}. {spread}", wording.NOT_A_FORECAST]
    if scenario.turned_off:
        lines.append(f"{wording.capital(wording.TURNED_OFF)}: {wording.listed(scenario.turned_off)}.")
    return "\n".join(screen.paragraph(line) for line in lines)


def everything(ensemble: Ensemble, screen: Screen) -> list[str]:
    """What `run --full` adds: what is assumed, counts and intervals, measures, how sure."""
    sure = (
        wording.what_is_likeliest(ensemble.scenario.case.outcomes, outcome_probabilities(ensemble)),
        wording.where_the_spread_comes_from(sources_of_spread(ensemble)),
        wording.more_runs(ensemble.runs),
    )
    head = heading(ensemble.scenario, ensemble.runs, ensemble.seed, screen)
    tables = (outcome_table(ensemble, screen), measure_table(ensemble, screen))
    return [head, *tables, "\n".join(map(screen.paragraph, sure))]


def heading(scenario: Scenario, runs: int, seed: int, screen: Screen) -> str:
    """Title and question, what is played, and the assumptions that differ from the case."""
    first, last = (month_name(month, scenario.first_month) for month in (0, scenario.months))
    size = wording.runs_in_worlds(runs)
    coding = f"coding {clean_text(scenario.coding, 40)}" + (", balanced ledger" if scenario.balance else "")
    lines = [
        screen.strong(screen.cut(scenario.title, screen.width)),
        screen.paragraph(clean_text(scenario.question, SENTENCE_LIMIT)),
        screen.paragraph(f"{size}; {first} to {last} (months 0 to {scenario.months}); seed {seed}; {coding}"),
    ]
    return "\n".join([*lines, *_changes(scenario, screen)])


def outcome_table(ensemble: Ensemble, screen: Screen) -> str:
    """One row a class, in the classes' own order: count, share of runs, 95% interval, a bar."""
    found = outcome_probabilities(ensemble)
    imposed = ensemble.scenario.imposed
    rows, shares = [("how it ends", "runs", "share of runs", "95% interval")], [0.0]
    for outcome in ensemble.scenario.case.outcomes:
        name, each = screen.cut(outcome.name, NAME_WIDTH), found[outcome.name]
        counted = outcome.unless_pinned not in imposed
        numbers = (f"{each.count:,}", wording.share_of_runs(each), wording.interval(each))
        rows.append((name, *(numbers if counted else ("-", "not counted", "-"))))
        shares.append(each.probability if counted else 0.0)
    lines = with_bars(columns(rows, screen), shares, screen)
    if imposed:
        names = wording.listed([clean_text(name, 60) for name in imposed])
        lines.append(screen.paragraph(f"imposed: {names} (set by the scenario itself, so no outcome of the play)"))
    return "\n".join([screen.faint(lines[0]), *lines[1:]])


def measure_table(ensemble: Ensemble, screen: Screen) -> str:
    """The measures that the case shows beside its classes, each in words, with its simulation noise."""
    found = measure_means(ensemble)
    rows = []
    for name, label, unit, met in _shown(ensemble):
        value = f"{wording.with_noise(found[name])} {clean_text(unit, 40)}" if met else "no such summit here"
        rows.append((clean_text(label, 60), value))
    width = max((len(label) for label, _ in rows), default=0)
    head = screen.paragraph(f"after month {ensemble.months}, mean of all runs (± 95% simulation noise)")
    lines = [screen.faint(head)]
    lines += [screen.paragraph(f"{label:<{width}}  {value}", hang="    ") for label, value in rows]
    return "\n".join(lines)


def how_it_came(finished_state: str, kept: int, screen: Screen) -> str:
    """A line on a run that was not played from its start now; empty for one that was."""
    said = {
        "again": "Shown again from its folder, since nothing has changed (--fresh runs it anew).",
        "part": f"These are the first runs of {kept:,} that are finished; nothing was written. Levels by month are "
        f"those of all {kept:,} (--fresh runs these alone).",
        "resumed": f"Went on from {kept:,} runs that were already there (--fresh starts anew).",
    }
    return screen.paragraph(said[finished_state]) if finished_state in said else ""


def side_by_side(ensembles: Sequence[Ensemble], screen: Screen) -> str:
    """The share of runs of each class under each of several scenarios, as many a block as fit."""
    found = [outcome_probabilities(each) for each in ensembles]
    names = list(dict.fromkeys(name for each in found for name in each))
    width = max(12, *(min(len(each.scenario.name), 20) for each in ensembles))
    fit = max((screen.width - NAME_WIDTH) // (width + 2), 1)
    blocks = []
    for first in range(0, len(ensembles), fit):
        some = range(first, min(first + fit, len(ensembles)))
        rows = [["share of runs", *(screen.cut(ensembles[i].scenario.name, width) for i in some)]]
        for name in names:
            shares = (wording.share_of_runs(found[i][name]) if name in found[i] else "-" for i in some)
            rows.append([screen.cut(name, NAME_WIDTH), *shares])
        lines = [f"{row[0]:<{NAME_WIDTH}}" + "".join(f"  {cell:>{width}}" for cell in row[1:]) for row in rows]
        blocks.append("\n".join([screen.faint(lines[0]), *lines[1:]]))
    return "\n\n".join(blocks)


def files_written(paths: Sequence[Path], folder: Path, screen: Screen) -> str:
    """The folder and the files in it, in one paragraph; charts are counted."""
    inside = [path.relative_to(folder) if path.is_relative_to(folder) else path for path in paths]
    charts = {path.with_suffix("") for path in inside if len(path.parts) > 1}
    names = [clean_text(path.as_posix(), 200) for path in inside if len(path.parts) == 1]
    tables = [name for name in names if name.endswith((".csv", ".json", ".npz"))]
    if len(tables) > 3:
        names = [name for name in names if name not in tables] + [wording.counted(len(tables), "table")]
    texts = [*names, *([wording.counted(len(charts), "chart") + " in figures/"] if charts else [])]
    return screen.paragraph(f"{clean_text(str(folder), SENTENCE_LIMIT)}/: {', '.join(texts)}", hang="  ")


def _changes(scenario: Scenario, screen: Screen) -> list[str]:
    changes = wording.things_in_words(scenario.case, scenario.changes)
    if not changes:
        return []
    lines = [screen.paragraph(change, "  - ", "    ") for change in changes[:MOST_CHANGES]]
    if len(changes) > MOST_CHANGES:
        lines.append(f"  - and {len(changes) - MOST_CHANGES} more")
    return [screen.paragraph("Differs from the case in:"), *lines]


def _shown(ensemble: Ensemble) -> list[tuple[str, str, str, bool]]:
    """Name, label and unit of each measure beside the classes, and whether the summit it is about takes place."""
    case = ensemble.scenario.case
    variables = [(each.name, each.label, SCALE, True) for each in case.variables.values() if each.shown]
    measures = [
        (each.name, each.label, each.unit or SCALE, each.name in ensemble.meaningful_measures)
        for each in case.measures.values()
        if each.shown
    ]
    known = {name for name, *_ in measures}
    rows = [*measures, *(row for row in variables if row[0] not in known)]
    return [row for row in rows if row[0] in ensemble.names.measures]
