"""Every fault of scenario files and source cards, without running anything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.errors import Fault, InputError
from sim.inputs.cards import check_cards, read_card
from sim.inputs.case_folder import ROOT_SCENARIO, find_case, find_scenario
from sim.inputs.chain import Reading, lay_together, read_chain
from sim.inputs.game import load_game
from sim.inputs.names import Names
from sim.inputs.scenario import load_scenario, read_case_cards
from sim.inputs.yaml_source import Source


def check_files(paths: Sequence[Path | str], case: Path | str | None = None) -> list[Fault]:
    """Every fault of scenario files, source cards and games, told apart by their keys."""
    folder = find_case(case)
    faults: list[Fault] = []
    for given in paths:
        path = Path(given)
        reading = Reading(folder)
        try:
            source = reading.read(path)
            if isinstance(source.data, dict) and ("document" in source.data or "claims" in source.data):
                faults += _card_faults(reading, source)
            elif isinstance(source.data, dict) and "players" in source.data:
                load_game(path, case=case)
            else:
                load_scenario(path, case=case)
        except InputError as error:
            faults += error.faults
    return list(dict.fromkeys(faults))


def _card_faults(reading: Reading, source: Source) -> list[Fault]:
    """The faults of one card, beside the other cards of the case and against the case itself."""
    card, faults = read_card(source)
    if card is None:
        return faults
    try:
        others = [other for other in read_case_cards(reading) if other.id != card.id]
        chain = read_chain(reading, find_scenario(reading.folder, ROOT_SCENARIO))
        _, given = lay_together(reading, chain)
    except InputError:
        others, given = [], None

    found = check_cards([*others, card], Names(given) if given else None)
    return [fault for fault in found if fault.place.file == source.name]
