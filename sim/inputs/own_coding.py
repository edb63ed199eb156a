"""A class's own coding of the claims: a map of claim to what the class says of it, or a list of such entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sim.errors import Fault
from sim.inputs.cards import Card
from sim.inputs.names import Names
from sim.inputs.schema import Findings, news
from sim.inputs.schema_card import OWN_CODINGS, OwnCoding
from sim.inputs.schema_scenario import ScenarioFile
from sim.inputs.stand_ins import check_all
from sim.inputs.yaml_source import KeyPath, Source


def read_own_coding(
    source: Source, cards: Sequence[Card], case: ScenarioFile
) -> tuple[Mapping[str, OwnCoding], list[Fault]]:
    """What a class says of each claim, and the faults of its file."""
    source = _as_map(source)
    found = check_all(OWN_CODINGS, source)
    findings = Findings(source, found.faulty)
    names = Names(case)
    claims = {claim.id for card in cards for claim in card.given.claims}
    for claim in source.data if isinstance(source.data, dict) else ():
        findings.known((claim,), claim, claims, "claim", at_key=True)
    for claim, own in (found.given or {}).items():
        _check_one(claim, own, names, claims, findings)
    faults = [*(problem.fault(source) for problem in found.problems), *findings.faults]
    return found.given or {}, [*source.faults, *news(faults, source)]


def _as_map(source: Source) -> Source:
    """A list of entries with an `id` as a map by that id; a file may also hold them under `claims`."""
    data, places, keys = source.data, dict(source.places), dict(source.key_places)
    prefix: KeyPath = ()
    if isinstance(data, dict) and isinstance(data.get("claims"), dict | list):
        data, prefix = data["claims"], ("claims",)
    steps: dict[str | int, str] = {}
    if isinstance(data, list):
        steps = {
            index: row["id"]
            for index, row in enumerate(data)
            if isinstance(row, dict) and isinstance(row.get("id"), str)
        }
        if len(steps) < len(data) or len(set(steps.values())) < len(steps):
            return Source(source.name, data, places, keys, source.faults)
        data = {row["id"]: {key: value for key, value in row.items() if key != "id"} for row in data}
    for found in (places, keys):
        for path, place in list(found.items()):
            if len(path) > len(prefix) and path[: len(prefix)] == prefix:
                step = path[len(prefix)]
                found[steps.get(step, step), *path[len(prefix) + 1 :]] = place
    return Source(source.name, data, places, keys, source.faults)


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
        if effect.holder == effect.target or (effect.holder, effect.target) in dyads:
            findings.add(
                path,
                f"{effect.holder} over {effect.target}",
                "two different states, each holder and target once",
            )
        dyads.add((effect.holder, effect.target))
