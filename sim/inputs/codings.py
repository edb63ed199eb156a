"""From two codings of each claim to the ledger in force.

Pooled: weight bounds and credences are the means of the two codings, the mechanism is the first's, and an effect or
link that only one coding has is disputed and counts half (the constant `disputed`). A claim with one coding is as that
one has it. `first` and `second` take one coding as it is. A class's own coding replaces what its file gives; the rest
stays pooled.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import median
from typing import Any, Literal, TypeAlias, TypeVar

from sim.errors import Fault, field_name
from sim.inputs.cards import Card, check_links
from sim.inputs.case import Range
from sim.inputs.expressions import simplify
from sim.inputs.ledger import OPERATIONS, Claim, Coupling, Effect, Elsewhere, Ledger, Link
from sim.inputs.name_checks import Names, Written, check_references
from sim.inputs.schema_card import OWN_CODINGS, ClaimGiven, Coding, CouplingGiven, OwnCoding, OwnEffect
from sim.inputs.schema_faults import Findings, check, show, unknown
from sim.inputs.yaml_source import KeyPath, Source

CODINGS = ("pooled", "first", "second")
WRAPPER = ("claims", "schema")  # the keys of a file with its entries under `claims`
CodingChoice: TypeAlias = "str | Mapping[str, OwnCoding]"
LinkKind: TypeAlias = Literal["attacks", "supports"]
Counted = TypeVar("Counted", Effect, Link)


def pool(cards: Sequence[Card], coding: CodingChoice, constants: Mapping[str, float]) -> Ledger:
    """The ledger under a coding: `pooled`, `first`, `second`, or a class's own (claim id to what it says).

    `constants` holds `disputed` and `share_unknown`, and the constants in activations, which are folded.
    """
    given = {claim.id: (card, claim) for card in sorted(cards, key=lambda card: card.id) for claim in card.given.claims}
    claims_given = {name: claim for name, (_, claim) in given.items()}
    others = [other for other in CODINGS if other != coding]
    attackers, *other_attackers = (_links(claims_given, each, "attacks", constants) for each in (coding, *others))
    supporters, *other_supporters = (_links(claims_given, each, "supports", constants) for each in (coding, *others))
    claims = {}
    for name, (card, claim) in given.items():
        weight, credence, mechanism = _numbers(claim, coding)
        effects, *other_effects = (_effects(claim, each, constants) for each in (coding, *others))
        claims[name] = Claim(
            id=name,
            claim=claim.claim,
            document=card.id,
            places=tuple(claim.where),
            group=claim.group,
            mechanism=mechanism,
            weight=weight,
            credence=credence,
            active=simplify(claim.active, constants),
            active_when=claim.active_when,
            effects=effects,
            attackers=tuple(attackers.get(name, ())),
            supporters=tuple(supporters.get(name, ())),
            fails=tuple(_coupling(coupling) for coupling in claim.fails),
            observable=claim.observable or "",
            codings=len(claim.codings.given),
            colour=claim.why_colour or "",
            elsewhere=Elsewhere(
                _only(other_effects, effects, share=0.0),
                _only((each.get(name, ()) for each in other_attackers), attackers.get(name, ()), factor=0.0),
                _only((each.get(name, ()) for each in other_supporters), supporters.get(name, ()), factor=0.0),
                tuple({each.mechanism for each in claim.codings.given} - {mechanism}),
            ),
        )
    return Ledger(claims)


def _only(others: Iterable[Iterable[Counted]], ours: Iterable[Counted], **nothing: Any) -> tuple[Counted, ...]:
    """Entries that only other codings have, with share or factor 0."""
    there = {replace(each, **nothing) for each in ours}
    found = dict.fromkeys(replace(each, **nothing) for other in others for each in other)
    return tuple(each for each in found if each not in there)


def _own(claim: ClaimGiven, coding: CodingChoice) -> OwnCoding | None:
    """A class's own coding of a claim, if there is one."""
    return None if isinstance(coding, str) else coding.get(claim.id)


def _coders(claim: ClaimGiven, coding: CodingChoice) -> tuple[Coding, Coding]:
    """The two codings of which the mean counts; the same twice where one counts alone."""
    first, second = claim.codings.first, claim.codings.second or claim.codings.first
    return (second if coding == "second" else first), (first if coding == "first" else second)


def _numbers(claim: ClaimGiven, coding: CodingChoice) -> tuple[Range, float, str]:
    """Weight, credence and mechanism."""
    one, other = _coders(claim, coding)
    corners = ((getattr(one.weight, corner) + getattr(other.weight, corner)) / 2 for corner in ("low", "mode", "high"))
    weight, credence, mechanism = Range(*corners), (one.credence + other.credence) / 2, one.mechanism
    if own := _own(claim, coding):
        weight, mechanism = own.weight or weight, own.mechanism or mechanism
        credence = credence if own.credence is None else own.credence
    return weight, credence, mechanism


def _effects(claim: ClaimGiven, coding: CodingChoice, constants: Mapping[str, float]) -> tuple[Effect, ...]:
    """The effects in force, in the order of the card."""
    if claim.shares_off:
        return ()
    own = _own(claim, coding)
    if own and own.effects is not None:
        return tuple(_effect(effect, own.effects, constants) for effect in own.effects)
    one = "first" if claim.codings.second is None else coding if coding in ("first", "second") else None
    disputed = constants["disputed"] if one is None else 0.0
    return tuple(
        _effect(each, claim.effects, constants, 1.0 if each.coded_by in ("both", one) else disputed)
        for each in claim.effects
        if one is None or each.coded_by in ("both", one)
    )


def _effect(
    given: OwnEffect, others: Sequence[OwnEffect], constants: Mapping[str, float], counted: float = 1.0
) -> Effect:
    """An effect, ``counted`` in part; without a share, the median of the claim's other effects, or the constant."""
    shares = [other.share for other in others if other.share is not None]
    share = given.share
    if share is None:
        share = float(median(shares)) if shares else constants["share_unknown"]
    return Effect(given.holder, given.target, 1 if given.sign == "+" else -1, share * counted)


def _links(
    claims: Mapping[str, ClaimGiven], coding: CodingChoice, kind: LinkKind, constants: Mapping[str, float]
) -> dict[str, list[Link]]:
    """The links of a kind that each claim receives."""
    found: dict[str, list[Link]] = {}
    for name, claim in claims.items():
        for target, factor in _factors(claim, coding, kind, constants["disputed"]).items():
            found.setdefault(target, []).append(Link(name, factor))
    return found


def _factors(claim: ClaimGiven, coding: CodingChoice, kind: LinkKind, disputed: float) -> dict[str, float]:
    """The targets of a claim's links of a kind, with the factor of each; a factor of 0 is no link."""
    own = _own(claim, coding)
    if own and (mine := getattr(own, kind)) is not None:
        return dict.fromkeys(mine, 1.0)
    one, other = (getattr(coder, kind) for coder in _coders(claim, coding))
    factors = {target: 1.0 if target in one and target in other else disputed for target in (*one, *other)}
    return {target: factor for target, factor in factors.items() if factor}


def _coupling(given: CouplingGiven) -> Coupling:
    [(operation, by)] = [(each, by) for each in OPERATIONS if (by := getattr(given, each)) is not None]
    return Coupling(given.key, operation, by)


def read_own_coding(source: Source, names: Names) -> tuple[Mapping[str, OwnCoding], list[Fault]]:
    """A class's coding of each claim, and the faults of its file."""
    of_file = Findings(source)
    source, nameless = _as_map(source, of_file)
    given, misfits = check(OWN_CODINGS, source)
    faults = [*of_file.faults, *misfits]
    data = source.data if isinstance(source.data, dict) else {}
    named = {claim: entry for claim, entry in data.items() if claim not in nameless}
    found = Findings(Source(source.name, named, source.places, source.key_places, source.faults), faults)
    check_references(OWN_CODINGS, names, found)
    for claim, entry in Written(named).items():
        check_links(claim, entry, found)
        _check_own_effects(entry["effects"], found)
    return given or {}, [*source.faults, *faults, *found.faults]


def _as_map(source: Source, found: Findings) -> tuple[Source, Collection[str]]:
    """A list of entries with an `id` as a map by that id; a file may also hold them under `claims`.

    An entry without its own id, which is noted, goes by its place in the list; these are returned too.
    """
    data, places, keys = source.data, dict(source.places), dict(source.key_places)
    prefix: KeyPath = ()
    if isinstance(data, dict) and isinstance(data.get("claims"), dict | list):
        for key in (key for key in data if key not in WRAPPER):
            found.add((key,), "no such key", unknown(key, WRAPPER, "allowed"), at_key=True)
        data, prefix = data["claims"], ("claims",)
    steps: dict[str | int, str] = {}
    nameless: set[str] = set()
    if isinstance(data, list):
        rows, data = data, {}
        for index, row in enumerate(rows):
            path = (*prefix, index)
            named = _has_id(row, path, data, found)
            name = row["id"] if named else field_name(path)
            nameless |= set() if named else {name}
            steps[index] = name
            data[name] = {key: value for key, value in row.items() if key != "id"} if isinstance(row, dict) else row
    for known in (places, keys):
        for path, place in list(known.items()):
            if len(path) > len(prefix) and path[: len(prefix)] == prefix:
                step = path[len(prefix)]
                known[steps.get(step, step), *path[len(prefix) + 1 :]] = place
    return Source(source.name, data, places, keys, source.faults), nameless


def _has_id(row: Any, path: KeyPath, taken: Collection[str], found: Findings) -> bool:
    """Whether an entry has an id of its own; notes what is wrong with it, but not that the entry is no map."""
    if not isinstance(row, dict):
        return False
    if "id" not in row:
        found.add((*path, "id"), "missing", "it is needed: the name of the claim")
    elif not isinstance(row["id"], str):
        found.add((*path, "id"), show(row["id"]), "the name of a claim")
    elif row["id"] in taken:
        found.add((*path, "id"), row["id"], "each claim once")
    else:
        return True
    return False


def _check_own_effects(effects: Written, found: Findings) -> None:
    dyads: set[tuple[str, str]] = set()
    for effect in effects.rows():
        holder, target = effect["holder"].text, effect["target"].text
        if holder and target and (holder == target or (holder, target) in dyads):
            allowed = "two different states, each holder and target once"
            found.add(effect.path, f"{holder} over {target}", allowed)
        dyads.add((holder or "", target or ""))
