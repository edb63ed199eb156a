"""What a page says about each scenario: the calendar, the outcomes, the spread, what is assumed, how to repeat it."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sim.analysis.variance import sources_of_spread
from sim.ensemble.intervals import measure_means, outcome_probabilities
from sim.ensemble.result import Ensemble
from sim.errors import clean_text
from sim.inputs.cards import Card
from sim.inputs.scenario import Event, Scenario
from sim.views import wording
from sim.views.charts.words import month_name
from sim.views.citations import spelled
from sim.views.page.report_claims import Work
from sim.views.page.report_data import followed_measures
from sim.views.page.report_lines import leverage_lines
from sim.views.page.report_questions import questions

LONGEST = 400  # characters of a title, note or source
RARE = 0.005  # outcomes below this are not split into assumption and chance


def scenario_text(
    ensemble: Ensemble, work: dict[str, Work], cards: Sequence[Card], worlds: int, effective: float
) -> dict[str, Any]:
    """Everything that the template says about one scenario; ``worlds`` are embedded and worth ``effective``."""
    scenario = ensemble.scenario
    found = outcome_probabilities(ensemble)
    return {
        "title": clean_text(scenario.title, LONGEST).rstrip("."),
        "question": clean_text(scenario.question, LONGEST),
        "note": clean_text(scenario.note, LONGEST),
        "imposed": wording.listed([scenario.case.variables[name].label or name for name in scenario.imposed]),
        "timeline": timeline(scenario),
        "sentence": wording.what_is_likeliest(scenario.case.outcomes, found),
        "bars": [
            {
                "name": rule.name, "label": wording.capital(rule.label), "says": rule.says,
                "probability": found[rule.name].probability, "low": found[rule.name].low, "high": found[rule.name].high,
                "percent": wording.share_of_runs(found[rule.name]), "interval": wording.interval(found[rule.name]),
            }
            for rule in scenario.case.outcomes
        ],
        "measures": _measures(ensemble),
        "effective": round(effective),
        "worlds": f"{worlds:,}",
        "counted": f"The run itself played {(ensemble.runs + 1) // 2:,} of them twice: {ensemble.runs:,} runs.",
        "verdict": "needs the page’s script.",
        "leverage": leverage_lines(ensemble),
        "uncertainty": _uncertainty(ensemble),
        "questions": questions(scenario, work, cards),
        "coding": _coding(scenario),
        "changes": [clean_text(line, LONGEST) for line in scenario.changes],
        "numbers": [{**row, "source": spelled(row["source"], cards)} for row in _numbers(scenario)],
        "command": command(ensemble),
        "made": _made(ensemble),
    }  # fmt: skip


def timeline(scenario: Scenario) -> list[dict[str, Any]]:
    """Months in which something happens, each with its summits in order and its events."""
    last = scenario.months
    happening = {each.month for each in scenario.summits} | {each.month for each in scenario.events}
    months = sorted(month for month in happening if month <= last)
    return [
        {
            "name": month_name(scenario, month),
            "summits": [
                {"label": _meeting(scenario, summit.pair), "note": clean_text(summit.note, LONGEST)}
                for summit in scenario.summits
                if summit.month == month
            ],
            "events": list(dict.fromkeys(_event(scenario, event) for event in scenario.events if event.month == month)),
        }
        for month in months
    ]


def _meeting(scenario: Scenario, pair: str) -> str:
    """Who meets: the leaders where the case names them."""
    states = [scenario.case.states[state] for state in scenario.case.pairs[pair].between]
    return " meets ".join(clean_text(state.leader or state.label, 80) for state in states)


def _event(scenario: Scenario, event: Event) -> str:
    label = scenario.case.variables[event.variable].label or event.variable
    verb = {"set": "set to", "shift": "moved by", "pin": "held at"}[event.action]
    return clean_text(event.note, LONGEST) or f"{label} {verb} {event.value:g}"


def _measures(ensemble: Ensemble) -> list[dict[str, Any]]:
    means, case = measure_means(ensemble), ensemble.scenario.case
    return [
        {
            "label": wording.capital(case.measures[name].label),
            "unit": case.measures[name].unit,
            "mean": means[name].mean,
        }
        for name in followed_measures(ensemble)
    ]


def _uncertainty(ensemble: Ensemble) -> dict[str, Any]:
    found = outcome_probabilities(ensemble)
    rows = []
    for rule in ensemble.scenario.case.outcomes:
        share = found[rule.name].assumptions
        if share is not None and found[rule.name].probability >= RARE:
            rows.append({
                "label": wording.capital(rule.label), "share": share,
                "percent": f"{100 * share:.0f}%", "rest": f"{100 - round(100 * share)}%",
            })  # fmt: skip
    explained = "What is assumed differs between worlds; chance differs within one, since each world is played twice. "
    return {"sentence": explained + wording.where_the_spread_comes_from(sources_of_spread(ensemble)), "rows": rows}


def _coding(scenario: Scenario) -> str:
    said = {
        "pooled": "Weights and credences of the claims are the means of two independent codings.",
        "first": "Weights and credences of the claims are those of the first coding alone.",
        "second": "Weights and credences of the claims are those of the second coding alone.",
    }.get(
        scenario.coding,
        f"Weights and credences of the claims are those of a class ({clean_text(scenario.coding, 80)}).",
    )
    off = f" {len(scenario.turned_off)} claims are {wording.TURNED_OFF}." if scenario.turned_off else ""
    balance = " Both directions of each pair are rescaled to the same total." if scenario.balance else ""
    modest = "The coders are readers, not experts, and neither counts the text as evidence that it is right."
    return f"{said} {modest}{off}{balance}"


def _numbers(scenario: Scenario) -> list[dict[str, str]]:
    """Every parameter, start, threshold and constant in force, with its meaning and source as the case gives them."""
    case, written = scenario.case, scenario.resolved
    rows = []
    for section, ranges in (("parameters", case.parameters), ("thresholds", case.thresholds)):
        for name, each in ranges.items():
            rows.append(_number(name, each.mode, each.low, each.high, written.get(section, {}).get(name)))
    for name, variable in case.variables.items():
        given = written.get("variables", {}).get(name)
        row = _number(f"start of {name}", variable.start.mode, variable.start.low, variable.start.high, given)
        rows.append({**row, "meaning": variable.label})
    for name, value in case.constants.items():
        rows.append(_number(name, value, value, value, written.get("constants", {}).get(name)))
    return rows


def _number(name: str, mode: float, low: float, high: float, written: Any) -> dict[str, str]:
    given = written if isinstance(written, dict) else {}
    return {
        "name": name,
        "mode": f"{mode:g}",
        "range": "fixed" if low == high else f"{low:g} to {high:g}",
        "meaning": clean_text(str(given.get("meaning", "")), LONGEST),
        "source": clean_text(str(given.get("source", "our assumption")), LONGEST),
    }


def command(ensemble: Ensemble) -> str:
    """The command that gives this run again."""
    scenario = ensemble.scenario
    shipped = any(name.startswith("scenarios/") and Path(name).stem == scenario.name for name, _ in scenario.files)
    words = [
        "summitry",
        "run",
        scenario.name if shipped else f"{scenario.name}.yaml",
        "-n",
        str(ensemble.runs),
        "--seed",
        str(ensemble.seed),
    ]
    for setting in scenario.overrides:
        words += ["--set", setting]
    if scenario.months != scenario.resolved.get("months"):
        words += ["--months", str(scenario.months)]
    return clean_text(shlex.join(words), 2_000)


def _made(ensemble: Ensemble) -> str:
    files = "; ".join(f"{clean_text(name, 80)} {digest[:12]}" for name, digest in ensemble.scenario.files)
    worlds = (ensemble.runs + 1) // 2
    return (
        f"{ensemble.runs:,} runs: {worlds:,} worlds, each played twice; seed {ensemble.seed}; "
        f"Summitry {ensemble.version}. "
        f"Same files, seed and version: same result. Files, with the beginning of their SHA-256: {files}."
    )
