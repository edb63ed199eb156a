"""What a case has to choose from: its scenarios, records and structural variants, and all that a scenario can set.

A variant (`scenarios/variants/`) is written as a scenario, so that it can be run by name. Applied to another scenario
it gives that scenario's calendar and assumptions under the variant's structure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sim.inputs.case_checks import sensible_bounds
from sim.inputs.case_folder import RECORDS, find_case
from sim.inputs.engine_numbers import EngineNumber, engine_numbers
from sim.inputs.layers import DESCRIBES, Reading, settings
from sim.inputs.name_checks import Written
from sim.inputs.scenario import Scenario
from sim.inputs.schedule import month_name
from sim.inputs.schema_scenario import Assume, EventGiven, ScenarioFile, SummitGiven
from sim.inputs.schema_types import LARGEST, Range
from sim.inputs.yaml_source import read_yaml

VARIANTS = "variants"


@dataclass(frozen=True)
class Listed:
    """A scenario's or a record's name, title and question, and the scenario it is read against, as written."""

    name: str
    title: str
    question: str
    read_against: str | None


def listed_scenarios(case: Path | str | None = None) -> tuple[Listed, ...]:
    """The scenarios in the case's folder, by name; one that cannot be read says so in its title."""
    reading = Reading(find_case(case))
    return tuple(_listed(reading, path) for path in reading.folder.listed())


def listed_records(case: Path | str | None = None) -> tuple[Listed, ...]:
    """The records of what happened in the case's folder, by name."""
    reading = Reading(find_case(case))
    return tuple(_listed(reading, path) for path in reading.folder.inside(RECORDS))


def _listed(reading: Reading, path: Path) -> Listed:
    source = reading.read_layer(path)
    data = source.data if source and isinstance(source.data, dict) else {}
    if source is None or source.faults:
        data = {"title": f"cannot be read; see: summitry check {path.name}"}
    against = data.get("read_against")
    title, question = (str(data.get(key, "")) for key in ("title", "question"))
    return Listed(path.stem, title, question, str(against) if against else None)


@dataclass(frozen=True)
class StructuralVariant:
    """A named structural choice, and the ``--set`` strings that make it in any scenario of the case."""

    name: str
    title: str
    settings: tuple[str, ...]


def list_variants(case: Path | str | None = None) -> tuple[StructuralVariant, ...]:
    """The variants of a case, by name. Raises InputError for a file that cannot be read."""
    folder = find_case(case)
    found = []
    for path in folder.inside(VARIANTS):
        source = read_yaml(path, folder.display(path))
        data = source.data if isinstance(source.data, dict) else {}
        said = {key: value for key, value in data.items() if key not in DESCRIBES}
        found.append(StructuralVariant(path.stem, str(data.get("title", path.stem)), settings([said])))
    return tuple(found)


_LINES = {  # an example for each key that is no name of the case
    "extends": "extends: baseline", "title": "title: Kim goes to Beijing first", "months": "months: 20",
    "question": "question: Does the order matter?", "note": "note: what a reader should know",
    "read_against": "read_against: history", "events": "events: [{month: 2018-07, set: {VARIABLE: 0.5}}]",
    "summits": "summits: [{month: 2018-06, between: [A, B]}]", "drop_events": "drop_events: [VARIABLE]",
    "drop_summits": "drop_summits: [2018-06 STATE]", "behaviour": "behaviour: {STATE: tit-for-tat}",
    "assume.coding": "assume: {coding: first}", "assume.known_by": "assume: {known_by: 2018-04}",
    "assume.balance": "assume: {balance: on}", "summits.certain": "{..., certain: on}",
    "summits.early": "{..., early: 3}", "summits.late": "{..., late: 2}", "summits.if": "{..., if: VARIABLE - 0.5}",
    "events.if": "{month: 3, set: {VARIABLE: 1}, if: VARIABLE - 0.5}",
    "events.chance": "{month: 3, set: {VARIABLE: 1}, chance: 0.3}",
    "events.name": "{month: 3, move: {STATE: MOVE}, chance: 0.3, name: cold-winter}",
    "events.set": "{month: 3, set: {VARIABLE: 0.5}}",
    "events.shift": "{month: 3, shift: {VARIABLE: -0.1}}", "events.pin": "{month: 3, pin: {VARIABLE: 0.1}}",
    "events.until": "{month: 3, pin: {VARIABLE: 1}, until: 9}", "events.move": "{month: 2, move: {STATE: MOVE}}",
}  # fmt: skip


@dataclass(frozen=True)
class Key:
    """Something that a scenario can set."""

    key: str  # dotted, as `--set` takes it
    value: str  # the value in force, and its range
    meaning: str
    source: str
    example: str  # a line of YAML, or an option


def settable_keys(scenario: Scenario, word: str = "") -> list[Key]:
    """All keys of scenarios like this one, or those with a word in the key, its meaning or its value."""
    keys = [*_of_the_file(), *_of_events(scenario), *_of_claims(scenario), *_of_numbers(scenario)]
    wanted = word.casefold().replace("_", " ").split()
    texts = [" ".join((key.key, key.meaning, key.value)).casefold().replace("_", " ").replace("-", " ") for key in keys]
    return [
        key for key, text in zip(keys, texts, strict=True) if all(each.replace("-", " ") in text for each in wanted)
    ]


def _of_the_file() -> Iterator[Key]:
    """Keys that every scenario has, from the form itself."""
    for prefix, form in (("", ScenarioFile), ("assume.", Assume), ("summits.", SummitGiven), ("events.", EventGiven)):
        for name, info in form.model_fields.items():
            key = f"{prefix}{info.alias or name}"
            if key in _LINES:
                yield Key(key, "", info.description or "", "", _LINES[key])


def _of_events(scenario: Scenario) -> Iterator[Key]:
    """What can happen to each variable, and the moves of each state."""
    month = month_name(min(3, scenario.months), scenario.first_month)
    for name, variable in scenario.case.variables.items():
        if not variable.reading:
            bounds = "from 0" if variable.unbounded else "0 to 1"
            line = f"events: [{{month: {month}, set: {{{name}: {variable.start.mode:g}}}}}]"
            season = f", times {', '.join(f'{each:g}' for each in variable.by_month)}" if variable.by_month else ""
            value = f"{bounds}; starts at {variable.start}{season}"
            yield Key(f"events on {name}", value, variable.label, variable.source or "", line)
    for state, menu in scenario.case.menus.items():
        for option in menu.options:
            line = f"events: [{{month: {month}, move: {{{state}: {option.name}}}}}]"
            yield Key(
                f"move of {state}: {option.name}", "", f"{scenario.case.states[state].label} {option.says}", "", line
            )


def _of_claims(scenario: Scenario) -> Iterator[Key]:
    for name, claim in scenario.ledger.claims.items():
        value = f"credence {claim.credence:g}, weight {claim.weight}; each 0 to 1"
        places = ", ".join(f"{place.document} paragraph {place.paragraph}" for place in claim.places)
        yield Key(f"assume.claims.{name}", value, claim.claim, places, f"--set {name}=0.2")
    for document in dict.fromkeys(place.document for each in scenario.ledger.claims.values() for place in each.places):
        line = f"assume: {{documents: {{{document}: off}}}}"
        yield Key(f"assume.documents.{document}", "on or off", "Whether the document counts.", "", line)


def _of_numbers(scenario: Scenario) -> Iterator[Key]:
    """Parameters, thresholds, constants, starts, ideal points and packages."""
    case, written = scenario.case, Written(scenario.resolved)
    constants = {name: Range(number, number, number) for name, number in case.constants.items()}
    sections = {"parameters": case.parameters, "thresholds": case.thresholds, "constants": constants}
    for section, values in sections.items():
        engine = engine_numbers(section, case.states)
        for name, value in values.items():
            entry, number = written[section][name], engine.get(name)
            line = f"--set assume.{section}.{name}={value.mode:g}"
            yield Key(f"assume.{section}.{name}", _range(value, entry, number), *_said(entry, number), line)
    for name, variable in case.variables.items():
        line = f"--set assume.start.{name}={variable.start.mode:g}"
        meaning = f"{variable.label} at the start"
        yield Key(f"assume.start.{name}", str(variable.start), meaning, variable.source or "", line)
    for state, given in case.states.items():
        for issue, point in given.ideals.items():
            key = f"assume.states.{state}.{issue}"
            meaning = f"What {given.label} wants on {case.issues[issue].label}, and how much it cares."
            yield Key(
                key, f"ideal {point}; each 0 to 1", meaning, point.source, f"--set {key}.ideal={point.position.mode:g}"
            )
    for name, package in case.every_package.items():
        line = f"--set assume.packages.{name}=off"
        yield Key(f"assume.packages.{name}", "on" if package.on else "off", package.says, "", line)


def _range(value: Range, entry: Written, engine: EngineNumber | None) -> str:
    low, high = sensible_bounds(entry, engine)
    return f"{value}; {low:g} to {high:g} make sense" if low > -LARGEST or high < LARGEST else str(value)


def _said(entry: Written, engine: EngineNumber | None) -> tuple[str, str]:
    return entry["meaning"].text or (engine.meaning if engine else ""), entry["source"].text or ""
