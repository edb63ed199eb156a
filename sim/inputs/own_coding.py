"""A class's own coding of the claims: a map of claim to what the class says of it, or a list of such entries."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sim.errors import Fault, field_name
from sim.inputs.cards import check_links
from sim.inputs.names import Names, Written, check_references
from sim.inputs.schema_card import OWN_CODINGS, OwnCoding
from sim.inputs.schema_faults import Findings, Problem, check, show, unknown
from sim.inputs.yaml_source import KeyPath, Source

WRAPPER = ("claims", "schema")  # what a file may hold that has its entries under `claims`


def read_own_coding(source: Source, names: Names) -> tuple[Mapping[str, OwnCoding], list[Fault]]:
    """What a class says of each claim, and the faults of its file."""
    written = source
    source, nameless, problems = _as_map(written)
    checked = check(OWN_CODINGS, source)
    told = {fault.place for fault in source.faults}
    faults = [problem.fault(written) for problem in problems] + [each.fault(source) for each in checked.problems]
    faults = [fault for fault in faults if fault.place not in told]
    data = source.data if isinstance(source.data, dict) else {}
    named = {claim: entry for claim, entry in data.items() if claim not in nameless}
    found = Findings(Source(source.name, named, source.places, source.key_places, source.faults), faults)
    check_references(OWN_CODINGS, names, found)
    for claim, entry in Written(named).items():
        check_links(claim, entry, found)
        _check_effects(entry["effects"], found)
    return checked.given or {}, [*source.faults, *faults, *found.faults]


def _as_map(source: Source) -> tuple[Source, Collection[str], list[Problem]]:
    """A list of entries with an `id` as a map by that id; a file may also hold them under `claims`.

    An entry without an id of its own goes by its place in the list; these come back too, with what is wrong.
    """
    data, places, keys = source.data, dict(source.places), dict(source.key_places)
    prefix: KeyPath = ()
    problems: list[Problem] = []
    if isinstance(data, dict) and isinstance(data.get("claims"), dict | list):
        others = [key for key in data if key not in WRAPPER]
        problems += [Problem((key,), "no such key", unknown(key, WRAPPER, "allowed"), at_key=True) for key in others]
        data, prefix = data["claims"], ("claims",)
    steps: dict[str | int, str] = {}
    nameless: set[str] = set()
    if isinstance(data, list):
        rows, data = data, {}
        for index, row in enumerate(rows):
            path = (*prefix, index)
            wrong = _no_id(row, path, data)
            problems += wrong
            named = isinstance(row, dict) and not wrong
            name = row["id"] if named else field_name(path)
            nameless |= set() if named else {name}
            steps[index] = name
            data[name] = {key: value for key, value in row.items() if key != "id"} if isinstance(row, dict) else row
    for found in (places, keys):
        for path, place in list(found.items()):
            if len(path) > len(prefix) and path[: len(prefix)] == prefix:
                step = path[len(prefix)]
                found[steps.get(step, step), *path[len(prefix) + 1 :]] = place
    return Source(source.name, data, places, keys, source.faults), nameless, problems


def _no_id(row: Any, path: KeyPath, taken: Collection[str]) -> list[Problem]:
    """What is wrong with the id of an entry; that it is no map is told elsewhere."""
    if not isinstance(row, dict):
        return []
    if "id" not in row:
        return [Problem((*path, "id"), "missing", "it is needed: the name of the claim")]
    if not isinstance(row["id"], str):
        return [Problem((*path, "id"), show(row["id"]), "the name of a claim")]
    return [Problem((*path, "id"), row["id"], "each claim once")] if row["id"] in taken else []


def _check_effects(effects: Written, found: Findings) -> None:
    dyads: set[tuple[str, str]] = set()
    for effect in effects.rows():
        holder, target = effect["holder"].text, effect["target"].text
        if holder and target and (holder == target or (holder, target) in dyads):
            allowed = "two different states, each holder and target once"
            found.add(effect.path, f"{holder} over {target}", allowed)
        dyads.add((holder or "", target or ""))
