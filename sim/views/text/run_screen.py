"""What a run shows in the terminal: what was played, how it ended, what else moved, and how sure that is."""

from collections.abc import Sequence
from pathlib import Path

from sim.analysis.variance import sources_of_spread
from sim.ensemble.intervals import Probability, measure_means, outcome_probabilities
from sim.ensemble.result import Ensemble
from sim.errors import SENTENCE_LIMIT, clean_text
from sim.inputs.scenario import Scenario
from sim.inputs.schedule import month_name
from sim.views import wording
from sim.views.text.screen import Screen, columns, with_bars

NAME_WIDTH = 24
MOST_CHANGES = 8
SCALE = "(0 to 1)"


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
        rows += [[screen.cut(name, NAME_WIDTH), *(_cell(found[i].get(name)) for i in some)] for name in names]
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
    told = [*names, *([wording.counted(len(charts), "chart") + " in figures/"] if charts else [])]
    return screen.paragraph(f"{clean_text(str(folder), SENTENCE_LIMIT)}/: {', '.join(told)}", hang="  ")


def _changes(scenario: Scenario, screen: Screen) -> list[str]:
    changes = [wording.states_in_words(scenario.case, clean_text(each, SENTENCE_LIMIT)) for each in scenario.changes]
    if not changes:
        return []
    lines = [screen.paragraph(change, "  - ", "    ") for change in changes[:MOST_CHANGES]]
    if len(changes) > MOST_CHANGES:
        lines.append(f"  - and {len(changes) - MOST_CHANGES} more")
    return [screen.paragraph("Differs from the case in:"), *lines]


def _shown(ensemble: Ensemble) -> list[tuple[str, str, str, bool]]:
    """Name, label and unit of each measure beside the classes, and whether the summit it is about takes place."""
    case, told = ensemble.scenario.case, ensemble.meaningful_measures
    variables = [(each.name, each.label, SCALE, True) for each in case.variables.values() if each.shown]
    measures = [
        (each.name, each.label, each.unit or SCALE, each.name in told) for each in case.measures.values() if each.shown
    ]
    known = {name for name, *_ in measures}
    rows = [*measures, *(row for row in variables if row[0] not in known)]
    return [row for row in rows if row[0] in ensemble.names.measures]


def _cell(found: Probability | None) -> str:
    return "-" if found is None else wording.share_of_runs(found)
