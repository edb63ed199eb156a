"""Names in what was left out of a scenario because of a faulty value beside them: they are looked up all the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sim.errors import Fault
from sim.inputs.cards import Card
from sim.inputs.schedule import ACTIONS, known_variable
from sim.inputs.schema_faults import Findings
from sim.inputs.schema_scenario import ScenarioFile
from sim.inputs.yaml_source import KeyPath, Source


def check_left_out(
    left_out: Iterable[tuple[Source, KeyPath]], case: ScenarioFile, cards: Sequence[Card]
) -> list[Fault]:
    """Unknown names of entries of `assume`, summits and events."""
    assumed: Mapping[str, tuple[str, Collection[str]]] = {
        "claims": ("claim", {claim.id for card in cards for claim in card.given.claims}),
        "documents": ("document", {card.id for card in cards}),
        "start": ("variable", case.variables),
        "states": ("state", case.states),
        "packages": ("package", case.packages),
        "parameters": ("parameter", case.parameters),
        "thresholds": ("threshold", case.thresholds),
        "constants": ("constant", case.constants),
    }
    faults: list[Fault] = []
    for source, path in left_out:
        findings = Findings(source)
        if path[0] == "assume":
            what, names = assumed.get(str(path[1]), ("", ()))
            if what:
                findings.known(path, str(path[2]), names, what, at_key=True)
        else:
            _check_row(findings, path, source.data[path[0]][path[1]], case)
        faults += findings.faults
    return faults


def _check_row(findings: Findings, path: KeyPath, row: Any, case: ScenarioFile) -> None:
    """States and variables of a summit or an event."""
    row = row if isinstance(row, dict) else {}
    between = row.get("between")
    for side, state in enumerate(between if isinstance(between, list) and path[0] == "summits" else ()):
        if isinstance(state, str):
            findings.known((*path, "between", side), state, case.states, "state")
    for action in ACTIONS if path[0] == "events" else ():
        for variable in row[action] if isinstance(row.get(action), dict) else ():
            known_variable(findings, (*path, action, variable), variable, case)
