"""A game, read and resolved: every profile of strategies as a scenario of its own, or its payoffs as given."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from sim.errors import Fault, InputError, Place
from sim.inputs.case_folder import SUFFIXES, CaseFolder, find_case
from sim.inputs.layers import LAST_MONTH, Reading, kept_events
from sim.inputs.overrides import leaves, settings
from sim.inputs.scenario import Scenario, load_scenario
from sim.inputs.schedule import ACTIONS, ROWS
from sim.inputs.schema_faults import Findings, place_of, unknown, value_at
from sim.inputs.schema_game import GameFile, StrategyGiven
from sim.inputs.stand_ins import check_all
from sim.inputs.yaml_source import KeyPath, Source

FOLDER = "games"
MOST_PROFILES = 125
_FORM: TypeAdapter[GameFile] = TypeAdapter(GameFile)
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")  # of a field's name: an index, or a key

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
    scenario: str  # what the strategies are laid over, as written; nothing where payoffs are given
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
    game = check_game(name_or_path, case=case, months=months)
    if game.base is None:
        return game
    return replace(game, scenarios=_scenarios(game.scenario, game.strategies, case, months))


def check_game(name_or_path: str | Path, *, case: Path | str | None = None, months: int | None = None) -> Game:
    """The same without the scenarios of its profiles: each strategy is laid over the scenario by itself."""
    folder = find_case(case)
    path = find_game(folder, str(name_or_path))
    source = Reading(folder).read_faulty(path)
    found = check_all(_FORM, source)
    faults, given, findings = found.faults(source), found.given, Findings(source, found.faulty)
    if given is None:
        raise InputError(faults)
    _check_size(findings, given)
    strategies = {
        player: tuple(
            Strategy(name, each.says, _patch(found.data, ("players", player, "strategies", name), findings))
            for name, each in one.strategies.items()
        )
        for player, one in given.players.items()
    }
    _check_apart(findings, strategies)
    if given.payoffs is not None:
        _check_payoffs(findings, given)
    base = None
    if given.scenario is not None and findings.sound(("scenario",)):
        base = _base(source, given, case, months, [*faults, *findings.faults])
        _check_players(findings, given, base)
        _check_strategies(findings, given.scenario, base.resolved, strategies, case, months)
    if faults or findings.faults:
        raise InputError([*faults, *findings.faults])
    payoffs = {
        tuple(row.when[player] for player in given.players): tuple(float(row.gives[player]) for player in given.players)
        for row in given.payoffs or ()
    }
    labels = {player: base.case.states[player].label if base else player for player in given.players}
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    cost, source_of = (given.fatal.cost, given.fatal.source) if given.fatal else (0.0, "")
    return Game(
        path.stem, given.title, given.question, given.note, digest, given.scenario or "", strategies, labels, base, {},
        payoffs, cost, source_of,
    )  # fmt: skip


def find_game(folder: CaseFolder, given: str) -> Path:
    """The file that a name in `games/` or a path stands for. Raises InputError."""
    path = Path(given)
    if path.suffix in SUFFIXES and path.is_file():
        return path
    games = folder.scenarios / FOLDER
    known = {each.stem: each for each in sorted(games.glob("*.y*ml")) if folder.relative(each)}
    if given in known:
        return known[given]
    allowed = unknown(given, known, "a YAML file, or one of the games")
    raise InputError([Fault(Place(given, 0, 0), "game", "no such game", allowed)])


def _patch(data: Any, path: KeyPath, findings: Findings) -> dict[str, Any]:
    """What a strategy changes. Where something stands in for a month, no other summit or event is in that month."""
    given = value_at(data, path)
    patch = {key: value for key, value in given.items() if key != "says" and key in StrategyGiven.model_fields}
    for name in ROWS:
        if patch.get(name):
            patch[name] = [
                row if findings.sound((*path, name, at, "month")) else {**row, "month": LAST_MONTH - at}
                for at, row in enumerate(patch[name])
            ]
    return patch


def _base(
    source: Source, given: GameFile, case: Path | str | None, months: int | None, earlier: list[Fault]
) -> Scenario:
    assert given.scenario is not None
    try:
        return load_scenario(given.scenario, case=case, months=months)
    except InputError as error:
        if any(fault.value == "no such scenario" for fault in error.faults):
            place = place_of(source, ("scenario",))
            raise InputError([*earlier, *(replace(fault, place=place) for fault in error.faults)]) from None
        raise InputError([*earlier, *error.faults]) from None


def _check_strategies(
    findings: Findings,
    base: str,
    resolved: Mapping[str, Any],
    strategies: Mapping[str, tuple[Strategy, ...]],
    case: Path | str | None,
    months: int | None,
) -> None:
    """Notes the faults that each strategy brings to the scenario, where it brings them."""
    start = Source(base, resolved, {}, {})
    for player, choices in strategies.items():
        for each in choices:
            try:
                load_scenario(base, case=case, set=settings([each.patch]), months=months)
            except InputError as error:
                inherited = len(kept_events(start, each.patch.get("drop_events", ())))
                for fault in error.faults:
                    path = _path(fault.field, inherited)
                    at_key = fault.value.startswith("no such") and len(path) > 1
                    place = ("players", player, "strategies", each.name, *path)
                    findings.add(place, fault.value, fault.allowed, at_key=at_key)


def _path(field: str, inherited: int) -> KeyPath:
    """The path that a field's name tells; events are counted after those of the scenario."""
    steps = [int(index) if index else word for index, word in _STEP.findall(field)]
    if steps[0] == "events" and len(steps) > 1:
        steps[1] = max(int(steps[1]) - inherited, 0)
    return tuple(steps)


def _scenarios(
    base: str, strategies: Mapping[str, tuple[Strategy, ...]], case: Path | str | None, months: int | None
) -> dict[Profile, Scenario]:
    """A scenario for every profile."""
    found = {}
    for profile in product(*strategies.values()):
        said = settings([each.patch for each in profile])
        found[tuple(each.name for each in profile)] = load_scenario(base, case=case, set=said, months=months)
    return found


def _check_size(findings: Findings, given: GameFile) -> None:
    profiles = prod(len(player.strategies) for player in given.players.values())
    if profiles > MOST_PROFILES:
        findings.add(("players",), f"{profiles:,} profiles", f"at most {MOST_PROFILES}: fewer strategies or players")


def _check_players(findings: Findings, given: GameFile, base: Scenario) -> None:
    for player in given.players:
        findings.known(("players", player), player, base.case.states, "state", at_key=True)


def _check_apart(findings: Findings, strategies: Mapping[str, tuple[Strategy, ...]]) -> None:
    """Each thing is chosen by one player: two that set the same key would depend on their order."""
    chosen: dict[str, str] = {}
    for player, choices in strategies.items():
        for each in choices:
            path: KeyPath = ("players", player, "strategies", each.name)
            for name in _chosen(each.patch):
                owner = chosen.setdefault(name, player)
                if owner != player:
                    findings.add(path, name, f"something that {owner} does not choose already")


def _chosen(patch: Mapping[str, Any]) -> set[str]:
    names: set[str] = set()
    for key, value in patch.items():
        if key == "events":
            names |= {
                f"events on {name}"
                for event in value
                if isinstance(event, dict)
                for action in ACTIONS
                if isinstance(event.get(action), dict)
                for name in event[action]
            }
        elif key == "drop_events":
            names |= {f"events on {name}" for name in value}
        else:
            names |= {name for name, _ in leaves(key, value)}
    return names


def _check_payoffs(findings: Findings, given: GameFile) -> None:
    """Every profile once, with a payoff for every player. What is missing is told of rows that are sound."""
    if not _all_named(findings, ("players",), given.players):
        return
    players = list(given.players)
    named = {
        player
        for player, one in given.players.items()
        if _all_named(findings, ("players", player, "strategies"), one.strategies)
    }
    seen: set[Profile] = set()
    whole = findings.sound(("payoffs",)) and len(named) == len(players)
    for index, row in enumerate(given.payoffs or ()):
        path: KeyPath = ("payoffs", index)
        for key, names in (("when", row.when), ("gives", row.gives)):
            if set(names) != set(players):
                findings.add((*path, key), ", ".join(names) or "nothing", f"every player once: {', '.join(players)}")
        known = [
            findings.known((*path, "when", player), strategy, given.players[player].strategies, "strategy")
            for player, strategy in row.when.items()
            if player in named
        ]
        if set(row.when) != set(players) or not all(known) or not findings.sound((*path, "when")):
            whole = False
            continue
        profile = tuple(row.when[player] for player in players)
        if profile in seen:
            findings.add(path, ", ".join(profile), "each profile once")
        seen.add(profile)
    wanted = list(product(*(one.strategies for one in given.players.values())))
    missing = [profile for profile in wanted if profile not in seen]
    if missing and whole:
        findings.add(("payoffs",), f"{len(seen)} profiles", f"all {len(wanted)}: missing {', '.join(missing[0])}")


def _all_named(findings: Findings, path: KeyPath, names: Collection[str]) -> bool:
    """Whether each key of a map could be read, so that what is not among the names is none of them."""
    lost = any(each[:-1] == path and each[-1] not in names for each in findings.faulty.paths)
    return not lost and not findings.faulty.holds(path)
