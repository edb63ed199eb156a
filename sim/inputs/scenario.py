"""Reads and resolves a scenario: what happens, what is assumed, the case and ledger that follow, and what differs.

:func:`load_scenario` does all of it in one call. Afterwards nothing is checked again.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from sim.errors import Fault, InputError, Place, did_you_mean
from sim.inputs.cards import Card, Cards, check_cards, read_cards
from sim.inputs.case import Case
from sim.inputs.case_checks import check_case
from sim.inputs.case_folder import CaseFolder, file_beside, find_case, find_scenario, parent_scenario, scenario_name
from sim.inputs.codings import CODINGS, CodingChoice, pool, read_own_coding
from sim.inputs.layers import (
    DESCRIBES,
    NOT_INHERITED,
    SCENARIO,
    Laid,
    Reading,
    lay_together,
    read_chain,
    read_overrides,
)
from sim.inputs.ledger import Ledger
from sim.inputs.months import MOST_MONTHS, month_of
from sim.inputs.name_checks import Names, Written, check_references
from sim.inputs.resolve import Assumptions, assume_ledger, resolve_case
from sim.inputs.schedule import Event, Occasion, Summit, month_name, resolve_events, resolve_summits
from sim.inputs.schema_faults import Findings, Problem, place_of, show, unknown, value_at
from sim.inputs.schema_scenario import WITH_MOVES
from sim.inputs.schema_types import percent
from sim.inputs.yaml_source import LAST_LOADED, Source

__all__ = ["Event", "Occasion", "Scenario", "Summit", "load_scenario"]

NOT_OF_A_RUN = frozenset((*DESCRIBES, *NOT_INHERITED))  # keys of a scenario that change no run
_TOLD_ELSEWHERE = NOT_OF_A_RUN | {"summits", "events", "assume", "months"}


@dataclass(frozen=True)
class Scenario:
    """Everything that a run needs to know, frozen."""

    name: str  # the file's name without its ending
    title: str
    question: str
    note: str
    read_against: str | None
    first_month: tuple[int, int]  # year and month of month 0
    months: int  # the last month; a run ends as it stands after it
    summits: tuple[Summit, ...]  # by month, list order within a month
    events: tuple[Event, ...]
    case: Case
    ledger: Ledger
    coding: str  # pooled, first, second, or the name of a class's file
    balance: bool
    imposed: tuple[str, ...]  # variables that an event pins within the months
    changes: tuple[str, ...]  # one plain line for everything that differs from the case
    turned_off: tuple[str, ...]  # claims to which the scenario gives credence 0
    files: tuple[tuple[str, str], ...]  # every file read, from the case's folder, with the SHA-256 of its bytes
    overrides: tuple[str, ...]  # the --set strings
    resolved: Mapping[str, Any]  # the merged data as written
    behaviour: tuple[tuple[str, str], ...] = ()  # (state, name of the rule it follows instead of its own choices)
    engine: Literal["compiled", "mesa"] = "compiled"  # what plays ensembles of it
    occasions: tuple[Occasion, ...] = ()  # when summits and events with a condition or a chance come about

    @property
    def never_happens(self) -> tuple[str, ...]:
        """Planned things that never come about, in plain sentences: meetings and events after the last month."""
        last, found = month_name(self.months, self.first_month), []
        for event in sorted(self.events, key=lambda event: -event.place):  # its own before those that it inherits
            if event.month > self.months:
                what = f"{event.action} {event.option or event.variable} in {month_name(event.month, self.first_month)}"
                found.append(f"{what} comes after the last month, {last}: it never happens")
        for summit in self.summits:
            if summit.opens > self.months:
                what = f"{self.case.pairs[summit.pair].name} of {month_name(summit.month, self.first_month)}"
                found.append(f"{what} is planned after the last month, {last}: it is never held")
        return tuple(found)

    def __repr__(self) -> str:
        return f"<Scenario {self.name}: {len(self.ledger.claims)} claims, {self.months} months>"


def load_scenario(
    name_or_path: str | Path,
    *,
    case: Path | str | None = None,
    set: Sequence[str] = (),
    months: int | None = None,
    over: Path | None = None,
    name: str | None = None,
    card_faults: list[Fault] | None = None,
) -> Scenario:
    """The scenario of a name or a file, with `--set` strings and another number of months.

    `over` is a file merged into it, such as the `assume:` block of one reader; `name` is used in place of the file's
    name. Raises InputError with every fault found in the files and options. If a list `card_faults` is given and
    nothing is assumed, faults of source cards go into that list, and the scenario is made without these cards.
    """
    folder = find_case(case, name_or_path)
    path = find_scenario(folder, name_or_path)
    called = scenario_name(path) if name is None else name
    reading = Reading(folder)
    cards = case_cards(reading)
    layers = [*read_chain(reading, path), *(_block(reading, over) if over else ())]
    if card_faults is not None and not any(isinstance(layer.data, dict) and "assume" in layer.data for layer in layers):
        cards = _sound(cards, lay_together(*layers))
        card_faults += cards.unread
    return _assemble(reading, over or path, called, cards, layers, set, months)


def load_data(
    data: Mapping[str, Any], like: Scenario, *, case: Path | str | None = None, months: int | None = None
) -> Scenario:
    """The scenario of merged data (the `resolved` of a scenario with some values changed), under the name of `like`.

    A class's coding is a path in it. Raises InputError where the changed data do not fit together.
    """
    reading = Reading(find_case(case))
    source = Source(like.name, dict(data), {(): Place(like.name, 0, 0)}, {})
    return _assemble(reading, Path(), like.name, case_cards(reading), [source], (), months)


def _block(reading: Reading, path: Path) -> list[Source]:
    """A file that is merged into a scenario; none, and a fault, where it cannot be read or is no map."""
    source = reading.read_layer(path)
    if source and not isinstance(source.data, dict):
        allowed = "a map of keys, such as assume: {claims: {}}"
        reading.faults.append(Fault(place_of(source, ()), "file", "no map", allowed))
        return []
    return [source] if source else []


def _assemble(
    reading: Reading,
    path: Path,
    name: str,
    cards: Cards,
    chain: Sequence[Source],
    set: Sequence[str],
    months: int | None,
) -> Scenario:
    """Merge, check and resolve the chain. Files named in it are looked up beside `path`."""
    written = [value_at(source.data, ("parameters",)) for source in chain]
    parameters = {name for some in written if isinstance(some, dict) for name in some}
    overrides, unreadable = read_overrides(set, cards.known.claims, parameters)
    faults = [*reading.faults, *unreadable]
    if not chain:
        raise InputError([*faults, *cards.faults])
    laid = lay_together(*chain, *([overrides] if overrides else ()))
    if months is not None and not 0 <= months <= MOST_MONTHS:
        faults.append(Fault(Place("--months", 0, 0), "months", str(months), f"from 0 to {MOST_MONTHS}"))
    faults += check_scenario(laid, cards, tuple(faults))
    coding, of_files = _coding(reading, path, laid.merged, cards.known.with_case(laid.merged.data))
    of_files += _check_read_against(reading.folder, path, laid.merged)
    reported = {fault.place for fault in reading.faults}
    faults += [fault for fault in of_files if fault.place not in reported]
    if faults or laid.given is None:
        raise InputError(faults)
    given = laid.given
    resolved = _resolved if isinstance(coding, str) else _resolved.__wrapped__  # a class's coding is a map: no key
    assumed, case, pooled, ledger = resolved(laid, cards, coding)
    summits, events = resolve_summits(given, case.constants), resolve_events(given, case.constants)
    planned = [each.occasion for each in summits] + [each.occasion for each in events]
    last = given.months if months is None else months
    return Scenario(
        name=name,
        title=given.title,
        question=given.question,
        note=given.note,
        read_against=given.read_against,
        first_month=month_of(given.first_month),
        months=last,
        summits=summits,
        events=events,
        occasions=tuple(each for each in dict.fromkeys(planned) if each is not None),
        case=case,
        ledger=ledger,
        coding=given.assume.coding if isinstance(coding, str) else Path(given.assume.coding).name,
        balance=given.assume.balance,
        imposed=tuple(dict.fromkeys(each.variable for each in events if each.action == "pin" and each.month <= last)),
        changes=_changes(laid.layers[0], laid.merged, assumed, last),
        turned_off=tuple(
            name for name, claim in ledger.claims.items() if claim.credence == 0 < pooled.claims[name].credence
        ),
        files=tuple(sorted(reading.files)),
        overrides=tuple(set),
        resolved=laid.merged.data,
        behaviour=tuple(given.behaviour.items()),
    )


@lru_cache(maxsize=LAST_LOADED)
def _resolved(laid: Laid, cards: Cards, coding: CodingChoice) -> tuple[Assumptions, Case, Ledger, Ledger]:
    """What a scenario without faults assumes, its case, and its ledger before and with what it assumes."""
    assert laid.given is not None
    assumed = Assumptions(laid.given.assume)
    case = resolve_case(laid.given, assumed)
    pooled = pool(cards.sound, coding, case.constants)
    return assumed, case, pooled, assume_ledger(laid.given.assume, pooled, cards.sound, assumed.lines)


@lru_cache(maxsize=LAST_LOADED)
def check_scenario(laid: Laid, cards: Cards, reported: tuple[Fault, ...] = ()) -> tuple[Fault, ...]:
    """Every fault of layers and cards: of their form, of the names in them, and of what is impossible."""
    if not laid.whole:
        return (*laid.faults, *cards.faults)
    names = cards.known.with_case(laid.merged.data)
    found = Findings(laid.merged, [*reported, *laid.faults])
    check_references(SCENARIO, names, found)
    check_case(names, found)
    return (
        *laid.faults,
        *laid.dropped(names.variables),
        *found.faults,
        *cards.faults,
        *check_cards(cards, laid.merged.data),
    )


def _sound(cards: Cards, laid: Laid) -> Cards:
    """The cards without fault; the others count as unread, so that names in them are not reported as missing."""
    faults = [*cards.faults, *(check_cards(cards, laid.merged.data) if laid.whole else ())]
    files = {fault.place.file for fault in faults}
    sound = tuple(card for card in cards.sound if card.source.name not in files)
    return Cards(tuple(card.source for card in sound), sound, (), tuple(dict.fromkeys(faults)))


def read_case_cards(reading: Reading) -> tuple[Card, ...]:
    """The cards of the case. Raises InputError with the faults of all of them."""
    cards = case_cards(reading)
    if cards.faults:
        raise InputError([*cards.faults, *check_cards(cards, None)])
    return cards.sound


def case_cards(reading: Reading) -> Cards:
    """The cards of the case as far as they can be read."""
    sources: list[Source] = []
    unread: list[Fault] = []
    for path in reading.folder.cards():
        try:
            sources.append(reading.read_faulty(path))
        except InputError as error:
            unread += error.faults
    return read_cards(tuple(sources), tuple(unread))


def _check_read_against(folder: CaseFolder, path: Path, merged: Source) -> list[Fault]:
    given = Written(merged.data)["read_against"].text
    if not given or parent_scenario(folder, given, path):
        return []
    allowed = unknown(given, folder.names(), "a scenario of the case or a file beside this one")
    return [Problem(("read_against",), given, allowed).fault(merged)]


def _coding(reading: Reading, path: Path, merged: Source, names: Names) -> tuple[CodingChoice, list[Fault]]:
    """The coding in force; a class's file is read from beside the scenario, or from anywhere for `--set`."""
    coding = Written(merged.data)["assume"]["coding"].text or "pooled"
    if coding in CODINGS:
        return coding, []
    place = place_of(merged, ("assume", "coding"))
    file = Path(coding) if place.line == 0 and re.search(r"\.ya?ml$", coding) else file_beside(path, coding)
    if file is None or not file.is_file():
        allowed = f"pooled, first, second, or a YAML file beside this one{did_you_mean(coding, CODINGS)}"
        return "pooled", [Problem(("assume", "coding"), coding, allowed).fault(merged)]
    try:
        return read_own_coding(reading.read_faulty(file), names)
    except InputError as error:
        return "pooled", list(error.faults)


def _changes(root: Source, merged: Source, assumed: Assumptions, months: int) -> tuple[str, ...]:
    """A line for each change that the scenario and its options make to the case."""
    lines = [] if root.data.get("months") == months else [f"months: {root.data.get('months')} -> {months}"]
    lines += _happenings(root.data, merged.data)
    if assumed.given.coding != "pooled":
        lines.append(f"coding: pooled -> {assumed.given.coding}")
    lines += assumed.lines
    for key, value in merged.data.items():
        if key not in _TOLD_ELSEWHERE:
            lines += changed_values(key, root.data.get(key), value)
    return tuple(lines)


def _happenings(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Lines for summits and events that were removed or added."""
    lines = []
    for rows in (_summits, _events):
        old, new = Counter(rows(before)), Counter(rows(after))
        lines += [f"without {row}" for row in (old - new).elements()] + [
            f"with {row}" for row in (new - old).elements()
        ]
    if not lines and _order(before) != _order(after):
        lines.append("summits of one month in another order")
    return lines


def _when(data: dict[str, Any], month: Any) -> str:
    return month_name(month, month_of(data["first_month"])) if isinstance(month, int) else str(month)


def _summits(data: dict[str, Any]) -> Iterator[str]:
    for summit in data.get("summits") or ():
        yield f"summit {_when(data, summit['month'])} {' and '.join(sorted(summit['between']))}{_on_terms(summit)}"


def _order(data: dict[str, Any]) -> list[str]:
    return sorted(_summits(data), key=lambda row: row.split()[1])


def _events(data: dict[str, Any]) -> Iterator[str]:
    for event in data.get("events") or ():
        for action in WITH_MOVES:
            for name, value in (event.get(action) or {}).items():
                done = f"{action} {name} {value if action == 'move' else format(percent(value), 'g')}"
                yield f"event {_when(data, event['month'])} {done}{_on_terms(event)}"


def _on_terms(row: dict[str, Any]) -> str:
    """The condition and chance of a summit or event."""
    return "".join(f" {key} {row[key]}" for key in ("if", "chance") if row.get(key) is not None)


def changed_values(key: str, before: Any, after: Any, say: Callable[[Any], str] = show) -> Iterator[str]:
    """A line for each value at or below a key that differs."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            yield from changed_values(f"{key}.{name}", before.get(name), after.get(name), say)
    elif before != after:
        yield f"{key}: {say(before)} -> {say(after)}"
