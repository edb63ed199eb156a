"""A class's own coding of the claims: a map of claim to what the class says of it, or a list of such entries."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sim.errors import Fault, field_name
from sim.inputs.cards import Card
from sim.inputs.names import Names
from sim.inputs.schema_card import OWN_CODINGS, OwnCoding
from sim.inputs.schema_faults import Findings, Problem, news, show, unknown
from sim.inputs.schema_scenario import ScenarioFile
from sim.inputs.stand_ins import check_all
from sim.inputs.yaml_source import KeyPath, Source

WRAPPER = ("claims", "schema")  # what a file may hold that has its entries under `claims`


def read_own_coding(
    source: Source, cards: Sequence[Card], case: ScenarioFile
) -> tuple[Mapping[str, OwnCoding], list[Fault]]:
    """What a class says of each claim, and the faults of its file."""
    written = source
    source, nameless, problems = _as_map(written)
    found = check_all(OWN_CODINGS, source)
    findings = Findings(source, found.faulty)
    names = Names(case)
    claims = {claim.id for card in cards for claim in card.given.claims}
    for claim in source.data if isinstance(source.data, dict) else ():
        if claim not in nameless:
            findings.known((claim,), claim, claims, "claim", at_key=True)
    for claim, own in (found.given or {}).items():
        _check_one(claim, own, names, claims, findings)
    faults = [problem.fault(written) for problem in problems]
    faults += [*(problem.fault(source) for problem in found.problems), *findings.faults]
    return found.given or {}, [*source.faults, *news(faults, source)]


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


def _check_one(claim: str, own: OwnCoding, names: Names, claims: set[str], findings: Findings) -> None:
    if own.mechanism is not None:
        findings.known((claim, "mechanism"), own.mechanism, names.case.mechanisms, "mechanism")
    for kind in ("attacks", "supports"):
        for index, link in enumerate(getattr(own, kind) or ()):
            if link == claim:
                findings.add((claim, kind, index), link, "another claim")
            else:
                findings.known((claim, kind, index), link, claims, "claim")
    dyads: set[tuple[str, str]] = set()
    for index, effect in enumerate(own.effects or ()):
        path = (claim, "effects", index)
        findings.known((*path, "holder"), effect.holder, names.states, "state")
        findings.known((*path, "target"), effect.target, names.states, "state")
        if not (findings.sound((*path, "holder")) and findings.sound((*path, "target"))):
            continue
        if effect.holder == effect.target or (effect.holder, effect.target) in dyads:
            findings.add(
                path,
                f"{effect.holder} over {effect.target}",
                "two different states, each holder and target once",
            )
        dyads.add((effect.holder, effect.target))
