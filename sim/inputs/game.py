"""A game, read and resolved: every profile of strategies as a scenario of its own, or its payoffs as given."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from sim.errors import Fault, InputError, Place
from sim.inputs.case_folder import CaseFolder, find_case
from sim.inputs.merge import ACTIONS
from sim.inputs.scenario import Scenario, load_scenario
from sim.inputs.schema import Findings, check, place_of, unknown
from sim.inputs.schema_game import GameFile
from sim.inputs.yaml_source import KeyPath, Source, read_yaml

FOLDER = "games"
MOST_PROFILES = 125
_FORM: TypeAdapter[GameFile] = TypeAdapter(GameFile)
_SUFFIXES = (".yaml", ".yml")
_ADDED = ("events", "drop_events")  # lists that strategies of several players add to

Profile = tuple[str, ...]  # a strategy for each player, in the players' order


@dataclass(frozen=True)
class Strategy:
    """A choice in words, and what it changes, as data of a scenario file."""

    name: str
    says: str
    patch: Mapping[str, Any]


@dataclass(frozen=True)
class Game:
    """``strategies`` by player; either ``scenarios`` by profile, or ``payoffs`` by profile in the players' order."""

    name: str
    title: str
    question: str
    note: str
    file_hash: str
    strategies: Mapping[str, tuple[Strategy, ...]]
    labels: Mapping[str, str]  # what a player is called in a sentence
    base: Scenario | None
    scenarios: Mapping[Profile, Scenario]
    payoffs: Mapping[Profile, tuple[float, ...]]
    fatal_cost: float
    fatal_source: str

    @property
    def players(self) -> tuple[str, ...]:
        return tuple(self.strategies)

    @property
    def profiles(self) -> tuple[Profile, ...]:
        return tuple(product(*([each.name for each in found] for found in self.strategies.values())))


def load_game(name_or_path: str | Path, *, case: Path | str | None = None, months: int | None = None) -> Game:
    """The game of a name or a file. Raises InputError with every fault."""
    folder = find_case(case)
    path = find_game(folder, str(name_or_path))
    source = read_yaml(path, folder.display(path))
    checked = check(_FORM, source)
    if checked.given is None:
        raise InputError(problem.fault(source) for problem in checked.problems)
    given, findings = checked.given, Findings(source)
    _check_size(findings, given)
    _check_apart(findings, source, given)
    if given.payoffs is not None:
        _check_payoffs(findings, given)
    if findings.faults:
        raise InputError(findings.faults)
    strategies = {
        player: tuple(Strategy(name, each.says, _patch(source, player, name)) for name, each in one.strategies.items())
        for player, one in given.players.items()
    }
    base, scenarios = None, {}
    if given.scenario is not None:
        base = _base(source, given, case, months)
        _check_players(findings, given, base)
        scenarios = _scenarios(source, given.scenario, strategies, case, months)
    payoffs = {
        tuple(row.when[player] for player in given.players): tuple(float(row.gives[player]) for player in given.players)
        for row in given.payoffs or ()
    }
    labels = {player: base.case.states[player].label if base else player for player in given.players}
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    cost, source_of = (given.fatal.cost, given.fatal.source) if given.fatal else (0.0, "")
    return Game(
        path.stem, given.title, given.question, given.note, digest, strategies, labels, base, scenarios, payoffs,
        cost, source_of,
    )  # fmt: skip


def find_game(folder: CaseFolder, given: str) -> Path:
    """The file that a name in `games/` or a path stands for. Raises InputError."""
    path = Path(given)
    if path.suffix in _SUFFIXES and path.is_file():
        return path
    games = folder.scenarios / FOLDER
    known = {each.stem: each for each in sorted(games.glob("*.y*ml")) if folder.relative(each)}
    if given in known:
        return known[given]
    allowed = unknown(given, known, "a YAML file, or one of the games")
    raise InputError([Fault(Place(given, 0, 0), "game", "no such game", allowed)])


def settings(patches: list[Mapping[str, Any]]) -> tuple[str, ...]:
    """Patches of several players as ``--set`` strings: lists of events add up, everything else stands beside each
    other.
    """
    together: dict[str, list[Any]] = {}
    single: list[str] = []
    for patch in patches:
        for key, value in patch.items():
            if key in _ADDED:
                together.setdefault(key, []).extend(value)
            else:
                single += [f"{name}={json.dumps(leaf)}" for name, leaf in _leaves(key, value)]
    return (*single, *(f"{key}={json.dumps(value)}" for key, value in together.items()))


def _patch(source: Source, player: str, strategy: str) -> dict[str, Any]:
    written = source.data["players"][player]["strategies"][strategy]
    return {key: value for key, value in (written or {}).items() if key != "says"}


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Dotted keys down to the first value that is no map."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(f"{name}.{key}", inner)
    else:
        yield name, value


def _base(source: Source, given: GameFile, case: Path | str | None, months: int | None) -> Scenario:
    assert given.scenario is not None
    try:
        return load_scenario(given.scenario, case=case, months=months)
    except InputError as error:
        if any(fault.value == "no such scenario" for fault in error.faults):
            place = place_of(source, ("scenario",))
            raise InputError([replace(fault, place=place) for fault in error.faults]) from None
        raise


def _scenarios(
    source: Source,
    base: str,
    strategies: Mapping[str, tuple[Strategy, ...]],
    case: Path | str | None,
    months: int | None,
) -> dict[Profile, Scenario]:
    """A scenario for every profile. A fault is told at the strategy that brings it."""
    faults: list[Fault] = []
    for player, choices in strategies.items():
        for each in choices:
            try:
                load_scenario(base, case=case, set=settings([each.patch]), months=months)
            except InputError as error:
                at = ("players", player, "strategies", each.name)
                faults += [_moved(fault, source, at) for fault in error.faults]
    if faults:
        raise InputError(faults)
    found = {}
    for profile in product(*strategies.values()):
        said = settings([each.patch for each in profile])
        found[tuple(each.name for each in profile)] = load_scenario(base, case=case, set=said, months=months)
    return found


def _moved(fault: Fault, source: Source, at: tuple[str, ...]) -> Fault:
    """The fault of a ``--set`` string, at the place of the strategy that it came from."""
    written = tuple(fault.field.split("."))
    return replace(fault, place=place_of(source, (*at, *written)), field=".".join((*at, fault.field)))


def _check_size(findings: Findings, given: GameFile) -> None:
    profiles = prod(len(player.strategies) for player in given.players.values())
    if profiles > MOST_PROFILES:
        findings.add(("players",), f"{profiles:,} profiles", f"at most {MOST_PROFILES}: fewer strategies or players")


def _check_players(findings: Findings, given: GameFile, base: Scenario) -> None:
    for player in given.players:
        findings.known(("players", player), player, base.case.states, "state", at_key=True)
    if findings.faults:
        raise InputError(findings.faults)


def _check_apart(findings: Findings, source: Source, given: GameFile) -> None:
    """Each thing is chosen by one player: two that set the same key would depend on their order."""
    chosen: dict[str, str] = {}
    for player, one in given.players.items():
        for strategy in one.strategies:
            path: KeyPath = ("players", player, "strategies", strategy)
            for name in _chosen(_patch(source, player, strategy)):
                owner = chosen.setdefault(name, player)
                if owner != player:
                    findings.add(path, name, f"something that {owner} does not choose already")


def _chosen(patch: Mapping[str, Any]) -> set[str]:
    names: set[str] = set()
    for key, value in patch.items():
        if key == "events":
            names |= {
                f"events on {name}"
                for event in value or ()
                if isinstance(event, dict)
                for action in ACTIONS
                for name in event.get(action) or ()
            }
        elif key == "drop_events":
            names |= {f"events on {name}" for name in value or ()}
        else:
            names |= {name for name, _ in _leaves(key, value)}
    return names


def _check_payoffs(findings: Findings, given: GameFile) -> None:
    """Every profile once, with a payoff for every player."""
    players = list(given.players)
    seen: list[Profile] = []
    for index, row in enumerate(given.payoffs or ()):
        path: KeyPath = ("payoffs", index)
        for key, names in (("when", row.when), ("gives", row.gives)):
            if set(names) != set(players):
                findings.add((*path, key), ", ".join(names) or "nothing", f"every player once: {', '.join(players)}")
                return
        for player, strategy in row.when.items():
            findings.known((*path, "when", player), strategy, given.players[player].strategies, "strategy")
        profile = tuple(row.when[player] for player in players)
        if profile in seen:
            findings.add(path, ", ".join(profile), "each profile once")
        seen.append(profile)
    wanted = list(product(*(one.strategies for one in given.players.values())))
    missing = [profile for profile in wanted if profile not in seen]
    if missing and not findings.faults:
        findings.add(("payoffs",), f"{len(seen)} profiles", f"all {len(wanted)}: missing {', '.join(missing[0])}")
