"""The data of a page, as plain JSON: the case, the claims, the compiled model and every scenario's numbers.

Nothing is run here. A scenario's numbers are in the order of the compiled model's layout; of scenarios that share a
structure, only the first has all numbers, the others those that differ.
"""

import base64
import re
import shlex
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sim.ensemble.result import Ensemble
from sim.errors import InputError, clean_text
from sim.inputs.cards import Card
from sim.inputs.case import Case, Package, Range, State, Variable
from sim.inputs.case_checks import sensible_bounds
from sim.inputs.codings import CODINGS, pool
from sim.inputs.engine_numbers import engine_numbers
from sim.inputs.layers import read_overrides
from sim.inputs.name_checks import Written
from sim.inputs.scenario import Scenario, load_data
from sim.inputs.schedule import said_of_occasion
from sim.inputs.schema_scenario import Assume, ScenarioFile
from sim.kernel.compiled import Compiled, compiled, scenario_data
from sim.model.satisfaction import NOTICED
from sim.page.claims import claims_data, documents_data
from sim.views.text.case_words import AIMS, WISH_WORDS, WISHES, spelled

LONGEST = 400  # characters of a title, note or source
LEDGER = {"claims", "documents", "known_by", "balance"}  # keys of ``assume:`` that change the ledger
MAIN_MEASURES = {
    "termsOf": "first.{}.terms", "heldOf": "first.{}.held", "chanceOf": "first.{}.chance", "dealsOf": "deals.{}",
    "collapsesOf": "collapses.{}", "promisedOf": "promised.{}.{}", "receivedOf": "received.{}.{}",
}  # what the page shows of the main pair (and of its second side), by the value of the measure  # fmt: skip


@dataclass
class Kernels:
    """The distinct compiled models of a page, each with the numbers of the first scenario that uses it."""

    found: list[tuple[Compiled, list[float]]] = field(default_factory=list)

    def place(self, scenario: Scenario) -> tuple[int, dict[str, Any]]:
        """Which compiled model a scenario uses, and its data with only the numbers that differ from the first's."""
        model = compiled(scenario)
        data = scenario_data(scenario, model.layout)
        for place, (other, numbers) in enumerate(self.found):
            if other.layout["structure"] == model.layout["structure"]:
                return place, {**data, "numbers": _differing(numbers, data["numbers"])}
        self.found.append((model, list(data["numbers"])))
        return len(self.found) - 1, {**data, "numbers": []}

    def whole(self, place: int, data: Mapping[str, Any]) -> list[float]:
        """All numbers of a scenario from the data that :meth:`place` gave."""
        numbers = list(self.found[place][1])
        for at, value in data["numbers"]:
            numbers[int(at)] = value
        return numbers

    def written(self) -> list[dict[str, Any]]:
        """The compiled models as the page embeds them."""
        return [
            {
                "wasm": gzipped(model.wasm),
                "layout": {key: value for key, value in model.layout.items() if key != "world_streams"},
                "numbers": numbers,
            }
            for model, numbers in self.found
        ]


def page_data(ensembles: Sequence[Ensemble], cards: Sequence[Card], case: Path | str | None) -> dict[str, Any]:
    """Everything that the page's script starts from."""
    first = ensembles[0].scenario
    kernels = Kernels()
    scenarios = [_scenario(each, kernels) for each in ensembles]
    return {
        "version": ensembles[0].version,
        "keys": [info.alias or name for form in (ScenarioFile, Assume) for name, info in form.model_fields.items()],
        "firstMonth": list(first.first_month),
        **_case_data(first.case, first, cards),
        "claims": claims_data(first, cards),
        "documents": documents_data(cards),
        "codings": _codings([each.scenario for each in ensembles], cards, kernels, case),
        "scenarios": scenarios,
        "kernels": kernels.written(),
    }


def gzipped(content: bytes) -> str:
    """In gzip's format, in base64, so that nothing in it can be taken for HTML. Small blocks fit what changes often."""
    gzip = zlib.compressobj(9, wbits=31, memLevel=5)
    return base64.b64encode(gzip.compress(content) + gzip.flush()).decode()


def _differing(numbers: Sequence[float], others: Sequence[float]) -> list[list[float]]:
    return [[place, other] for place, (own, other) in enumerate(zip(numbers, others, strict=True)) if own != other]


def _scenario(ensemble: Ensemble, kernels: Kernels) -> dict[str, Any]:
    scenario = ensemble.scenario
    kernel, data = kernels.place(scenario)
    return {
        "name": scenario.name,
        "title": clean_text(scenario.title, LONGEST).rstrip("."),
        "question": clean_text(scenario.question, LONGEST),
        "against": scenario.read_against,
        "kernel": kernel,
        "numbers": data["numbers"],
        "months": scenario.months,
        "summits": _with_notes(data["summits"], scenario.summits),
        "events": _with_notes(data["events"], scenario.events),
        "occasions": _occasions(scenario),
        "seasons": data["seasons"],
        "assume": _assumed(scenario),
        "own": _own(scenario),
        "run": _run(ensemble),
    }


def _with_notes(rows: Sequence[Mapping[str, Any]], given: Sequence[Any]) -> list[dict[str, Any]]:
    """Summits or events as the compiled model takes them, with the scenario's notes and without empty fields."""
    said = [{key: value for key, value in row.items() if value is not None and value is not False} for row in rows]
    notes = [clean_text(each.note, LONGEST) for each in given] if len(given) == len(rows) else [""] * len(rows)
    return [{**row, "note": note} if note else row for row, note in zip(said, notes, strict=True)]


def _occasions(scenario: Scenario) -> dict[str, dict[str, Any]]:
    """The condition or chance of each occasion, as in the file and in words."""
    return {
        each.id: {"if": each.says, "chance": each.chance, "says": clean_text(said_of_occasion(each), LONGEST)}
        for each in scenario.occasions
    }


def _assumed(scenario: Scenario) -> dict[str, Any]:
    """The `assume:` block in force; a class's own coding is named by its file, as on the page."""
    given = dict(scenario.resolved.get("assume") or {})
    return {**given, "coding": scenario.coding} if "coding" in given else given


def _own(scenario: Scenario) -> dict[str, Any]:
    """What the command line changed in the scenario; a position's file has to say it too."""
    given, _ = read_overrides(scenario.overrides)
    own = dict(given.data) if given else {}
    return own if scenario.months == scenario.resolved.get("months") else {**own, "months": scenario.months}


def _run(ensemble: Ensemble) -> dict[str, Any]:
    """The number of runs, the seed and the results, which the page's own runs must repeat."""
    return {"runs": ensemble.runs, "seed": ensemble.seed, "counts": [int(count) for count in ensemble.counts[-1]]}


def _case_data(case: Case, scenario: Scenario, cards: Sequence[Card]) -> dict[str, Any]:
    main = main_pair(case)
    return {
        "states": [
            {"id": state.name, "label": state.said, "short": short_name(case, state)} for state in case.states.values()
        ],
        "pairs": [{"id": pair.id, "between": list(pair.between), "name": pair.name} for pair in case.pairs.values()],
        "main": main,
        "asksEarly": case.month.order.index("moves") < case.month.order.index("summits"),
        **{
            key: _measure_of(case, name.format(main, case.pairs[main].between[1]))
            for key, name in MAIN_MEASURES.items()
        },
        "outcomes": [_named(rule, "name", "label", "says") for rule in case.outcomes],
        "measures": [
            {**_named(measure, "label", "unit", "shown"), "name": name, "where": _where(case, name)}
            for name, measure in case.measures.items()
        ],
        "variables": [_variable(each) for each in case.variables.values()],
        "issues": [{"name": name, "label": clean_text(issue.label, 60)} for name, issue in case.issues.items()],
        "wishes": {"noticed": NOTICED, "aims": AIMS, "seen": WISHES, **WISH_WORDS},
        "packages": [_package(each) for each in case.packages.values()],
        "menus": {
            state: [_named(option, "name", "says", "reference") for option in menu.options]
            for state, menu in case.menus.items()
        },
        "numbers": _numbers(case, scenario, cards),
    }


def _named(thing: object, *names: str) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}


def _variable(variable: Variable) -> dict[str, Any]:
    """A variable for the page's script. A hostage is given for good and there is only so much of it, as of troops."""
    return {
        "name": variable.name,
        "label": variable.label or variable.name,
        "kind": variable.kind,
        "start": variable.start.mode,
        "hostage": bool(variable.irreversible) and not variable.unbounded,
        "unbounded": variable.unbounded,
        "reading": variable.reading,
    }


def _package(package: Package) -> dict[str, Any]:
    gives = {side: dict(parts) for side, parts in package.gives.items()}
    return {**_named(package, "name", "pair", "says"), "gives": gives}


def main_pair(case: Case) -> str:
    """The pair whose first meeting the case measures, which the page shows; else the first pair."""
    for measure in case.measures.values():
        for name in sorted(measure.value.names):
            parts = name.split(".")
            if len(parts) == 3 and parts[0] == "first" and parts[2] == "terms":
                return parts[1]
    return next(iter(case.pairs))


def short_name(case: Case, state: State) -> str:
    """A leader's short name: the word of the name that the case itself uses, else the last word."""
    words = [word for word in (state.leader or state.said).split() if word[0].isupper()]
    leaders = [each.leader for each in case.states.values() if each.leader]
    labels = [each.label for each in case.measures.values() if not any(leader in each.label for leader in leaders)]
    said = " ".join([*labels, *(rule.says for rule in case.outcomes)])
    used = [word for word in words if state.leader and re.search(rf"\b{re.escape(word)}\b", said)]
    return used[0] if used else words[-1] if words else state.name


def _measure_of(case: Case, value: str) -> str | None:
    """The measure whose value is just this name."""
    return next((name for name, each in case.measures.items() if set(each.value.names) == {value}), None)


def _where(case: Case, name: str) -> str | None:
    """The measure that is 1 in runs where this one applies; None where it applies in every run."""
    where = getattr(case.measures[name], "where", None)
    return _measure_of(case, where) if where else None


def _numbers(case: Case, scenario: Scenario, cards: Sequence[Card]) -> list[dict[str, Any]]:
    """Every number in force that a scenario can change, with meaning, source and range; `within` if not 0 to 1."""
    written = scenario.resolved
    rows = []
    for section, ranges in (("parameters", case.parameters), ("thresholds", case.thresholds)):
        engine = engine_numbers(section, case.states)
        for name, each in ranges.items():
            entry = Written(written)[section][name]
            row = _row(f"{section}.{name}", each, entry.value, name, cards)
            rows.append({**row, "within": sensible_bounds(entry, engine.get(name))})
    for name, variable in case.variables.items():
        if variable.start.high > 0:
            given = written.get("variables", {}).get(name)
            rows.append(_row(f"start.{name}", variable.start, given, variable.label or name, cards))
    for state in case.states.values():
        for issue, point in state.ideals.items():
            label = f"{state.leader or state.said} on {case.issues[issue].label or issue}"
            given = {"source": point.source}
            rows.append(_row(f"states.{state.name}.{issue}.ideal", point.position, given, f"{label}: wants", cards))
            rows.append(_row(f"states.{state.name}.{issue}.salience", point.salience, given, f"{label}: cares", cards))
    return rows


def _row(key: str, each: Range, given: Any, label: str, cards: Sequence[Card]) -> dict[str, Any]:
    entry = given if isinstance(given, dict) else {}
    return {
        "key": key,
        "label": label,
        "range": [each.low, each.mode, each.high],
        "meaning": clean_text(str(entry.get("meaning", "")), LONGEST),
        "source": clean_text(spelled(str(entry.get("source") or "our assumption"), cards), LONGEST),
    }


def _codings(
    scenarios: Sequence[Scenario], cards: Sequence[Card], kernels: Kernels, case: Path | str | None
) -> dict[str, dict[str, Any]]:
    """For each coding, its compiled model and the ledger's numbers before a scenario changes any.

    The codings of a case share one compiled model; a class's own coding needs another if it has links that no coder
    has, and then the page has only the codings that its scenarios use.
    """
    first, used = scenarios[0], {each.coding: _unchanged(each, case) for each in reversed(scenarios)}
    every = CODINGS if cards and first.coding in CODINGS else ()
    spare = {name: replace(first, ledger=pool(cards, name, first.case.constants)) for name in every if name not in used}
    return {name: _coded(scenario, kernels) for name, scenario in (spare | used).items()}


def _unchanged(scenario: Scenario, case: Path | str | None) -> Scenario:
    """The scenario with the ledger as its coding has it; the scenario itself if its file has gone since."""
    assumed = scenario.resolved.get("assume") or {}
    if LEDGER & assumed.keys():
        with suppress(InputError):
            coding = {"coding": str(assumed.get("coding", "pooled"))}
            return load_data({**scenario.resolved, "assume": coding}, scenario, case=case)
    return scenario


def _coded(scenario: Scenario, kernels: Kernels) -> dict[str, Any]:
    place, data = kernels.place(scenario)
    names, numbers = kernels.found[place][0].layout["numbers"], kernels.whole(place, data)
    ledger = [value for each, value in zip(names, numbers, strict=True) if each.startswith("ledger.")]
    return {"kernel": place, "ledger": ledger}


def repeat_command(ensemble: Ensemble) -> str:
    """The command that gives this run again."""
    scenario = ensemble.scenario
    shipped = any(name.startswith("scenarios/") and Path(name).stem == scenario.name for name, _ in scenario.files)
    file = scenario.name if shipped else f"{scenario.name}.yaml"
    words = ["summitry", "run", file, "-n", str(ensemble.runs), "--seed", str(ensemble.seed)]
    for setting in scenario.overrides:
        words += ["--set", setting]
    if scenario.months != scenario.resolved.get("months"):
        words += ["--months", str(scenario.months)]
    return clean_text(shlex.join(words), 2_000)
