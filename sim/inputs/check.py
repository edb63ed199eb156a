"""Finds every fault of the files that people write, without running anything."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Literal

from sim.errors import Fault, InputError, Place
from sim.inputs.cards import check_cards, read_cards
from sim.inputs.case_folder import ROOT_SCENARIO, SUFFIXES, find_case, find_scenario
from sim.inputs.game import check_game
from sim.inputs.layers import Reading, lay_together, read_chain
from sim.inputs.records import load_record
from sim.inputs.scenario import case_cards, load_scenario
from sim.inputs.schema_card import OwnCoding
from sim.inputs.schema_faults import place_of
from sim.inputs.yaml_source import KeyPath, Source

Kind = Literal["scenario", "position", "coding"]
SCENARIO_KEYS = frozenset(("schema", "extends", "title", "question", "summits", "events", "months"))


def check_files(
    paths: Sequence[Path | str], case: Path | str | None = None, notes: list[str] | None = None
) -> list[Fault]:
    """Every fault of some files: scenarios, source cards, games, records, a class's positions and codings, which their
    keys distinguish. ``notes`` receives remarks on what is no fault: meetings and events planned after the last month.
    Raises InputError where the case itself is missing.
    """
    faults: list[Fault] = []
    for given in paths:
        path = Path(given)
        folder = find_case(case, path)
        reading = Reading(folder)
        try:
            source = reading.read_faulty(path)
            if path.suffix.lower() not in SUFFIXES:
                raise InputError.at(str(path), "file", path.name, "a name that ends in .yaml")
            match file_kind(source.data):
                case "card":
                    faults += card_faults(reading, source)
                case "game":
                    check_game(path, case=folder.root)
                case "position":
                    load_scenario(ROOT_SCENARIO, case=folder.root, over=path)
                case "coding":
                    load_scenario(ROOT_SCENARIO, case=folder.root, set=[coding_of(path)])
                case "record":
                    outcomes = tuple(rule.name for rule in load_scenario(ROOT_SCENARIO, case=folder.root).case.outcomes)
                    load_record(outcomes, case=folder.root, path=path)
                case _:
                    never = load_scenario(path, case=folder.root).never_happens
                    if notes is not None:
                        notes += [f"{path}: {each}" for each in never]
        except InputError as error:
            faults += error.faults
    return list(dict.fromkeys(faults))


def places_of(path: Path, case: Path | str | None = None) -> Callable[[KeyPath], Place]:
    """Where something of a scenario is written, in its own file or in one that it starts from; a claim by its name.

    Raises InputError where the scenario cannot be read.
    """
    reading = Reading(find_case(case, path))
    merged = lay_together(*read_chain(reading, path)).merged
    claims = case_cards(reading).known.claims

    def place(given: KeyPath) -> Place:
        if given[0] == "claims":
            source, claim = claims[str(given[1])]
            return place_of(source, claim.path)
        return place_of(merged, given, at_key=True)

    return place


def file_kind(data: Any) -> str:
    """What a file is, in words, by its keys."""
    keys = set(data) if isinstance(data, dict) else set()
    if "document" in keys or ({"schema", "claims"} <= keys and isinstance(data["claims"], list)):
        return "card"
    if "players" in keys:
        return "game"
    if "labels" in keys:
        return "record"
    return kind_of(data)


def kind_of(data: Any) -> Kind:
    """What a file is, by its keys; a scenario where it looks like nothing else."""
    keys = set(data) if isinstance(data, dict) else set()
    if keys & SCENARIO_KEYS:
        return "scenario"
    if "assume" in keys:
        return "position"
    entries = data.get("claims", data) if isinstance(data, dict) else data
    rows = entries.values() if isinstance(entries, dict) else entries if isinstance(entries, list) else ()
    said = {"id", *OwnCoding.model_fields}
    return "coding" if any(isinstance(row, dict) and said & set(row) for row in rows) else "scenario"


def coding_of(path: Path) -> str:
    """The ``--set`` string that makes a file the coding in force."""
    return f"assume.coding={json.dumps(str(path), ensure_ascii=False)}"


def card_faults(reading: Reading, source: Source) -> list[Fault]:
    """The faults of one card, checked with the other cards of the case and against the case itself.

    A card that cannot be read is reported too, since this one may cite its claims.
    """
    others = case_cards(reading).without(source)
    cards = read_cards((*others.sources, source), others.unread)
    laid = lay_together(*read_chain(reading, find_scenario(reading.folder, ROOT_SCENARIO)))
    faults = [*cards.faults, *check_cards(cards, laid.merged.data if laid.whole else None)]
    return [fault for fault in faults if fault.place.file == source.name or fault in others.unread]
