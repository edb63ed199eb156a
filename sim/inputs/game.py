"""Reads a game: every profile of strategies becomes a scenario, or its payoffs are given as numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from math import prod
from pathlib import Path
from typing import Any

from pydantic import Field, TypeAdapter, model_validator

from sim.errors import Fault, InputError, field_name
from sim.inputs.case_folder import SUFFIXES, CaseFolder, find_case, find_scenario, named_scenario
from sim.inputs.layers import Reading, lay_together, leaves, read_chain, settings
from sim.inputs.name_checks import Written
from sim.inputs.scenario import Scenario, case_cards, check_scenario, load_scenario
from sim.inputs.schema_faults import Findings, check_file, place_of, unknown
from sim.inputs.schema_scenario import ACTIONS, Assume, BehaviourName, EventGiven, SummitGiven
from sim.inputs.schema_types import Name, NotNegative, Number, Part, Slug, Text, Version, refuse
from sim.inputs.yaml_source import KeyPath, Source

FOLDER = "games"
MOST_PROFILES = 125
MOST_STRATEGIES = 12  # of a player

Profile = tuple[str, ...]  # a strategy for each player, in the players' order


class StrategyGiven(Part):
    """A choice, encoded as what it changes in the scenario."""

    says: str = Field("", description="The choice in words.")
    summits: list[SummitGiven] | None = Field(None, description="The calendar of summits, in place of the scenario's.")
    drop_summits: list[str] = Field(default=[], description="Meetings of the scenario's that are not planned.")
    drop_events: list[str] = Field(default=[], description="Variables whose events in the scenario are removed.")
    events: list[EventGiven] = Field(default=[], description="Events added to the scenario's.")
    assume: Assume | None = Field(None, description="What is assumed otherwise.")
    behaviour: dict[Name, BehaviourName] = Field(default={}, description="State: a rule in place of its own choices.")


class PlayerGiven(Part):
    """Who chooses. With simulated payoffs the player's name is a state of the case."""

    strategies: dict[Slug, StrategyGiven] = Field(
        description="Name: strategy.", min_length=1, max_length=MOST_STRATEGIES
    )


class FatalGiven(Part):
    """What the step that cannot be taken back costs."""

    cost: NotNegative = Field(description="Taken from every player's satisfaction in a run with a fatal step.")
    source: Text = Field(description="Where the number comes from: a paragraph, a reference or 'our assumption'.")


class PayoffGiven(Part):
    """What one profile of strategies gives to each player."""

    when: dict[Name, Slug] = Field(description="Player: strategy, one for every player.")
    gives: dict[Name, Number] = Field(description="Player: payoff.")


class GameFile(Part):
    """A game of Summitry: the choices of two or more states as strategies."""

    schema_version: Version = Field(alias="schema", description="Version of this format: 1.")
    title: Text = Field(description="A plain sentence.")
    question: Text = Field(description="A question that a class can argue about.")
    note: str = Field("", description="Anything a reader should know.")
    scenario: Text | None = Field(None, description="The scenario that the strategies are laid over.")
    players: dict[Name, PlayerGiven] = Field(description="Player: its strategies.", min_length=2, max_length=5)
    fatal: FatalGiven | None = Field(None, description="What a fatal step costs; needed with a scenario.")
    payoffs: list[PayoffGiven] | None = Field(None, description="Payoffs as numbers, in place of a scenario.")

    @model_validator(mode="after")
    def _one_source(self) -> GameFile:
        if (self.scenario is None) == (self.payoffs is None):
            raise refuse("either a scenario, whose profiles are simulated, or payoffs as numbers")
        if self.scenario is not None and self.fatal is None:
            raise refuse("with a scenario, what a fatal step costs: fatal: {cost: ..., source: ...}")
        return self


_FORM: TypeAdapter[GameFile] = TypeAdapter(GameFile)


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
    scenario: str  # the scenario that the strategies change, as written; empty where payoffs are given
    strategies: Mapping[str, tuple[Strategy, ...]]
    labels: Mapping[str, str]  # a player's name in sentences
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
    scenarios: dict[Profile, Scenario] = {}
    for profile in product(*game.strategies.values()) if game.base else ():
        said = settings([each.patch for each in profile])
        names = tuple(each.name for each in profile)
        scenarios[names] = load_scenario(game.scenario, case=case, set=said, months=months)
    return replace(game, scenarios=scenarios)


def check_game(name_or_path: str | Path, *, case: Path | str | None = None, months: int | None = None) -> Game:
    """The game without the scenarios of its profiles; each strategy is checked alone. Raises InputError."""
    folder = find_case(case)
    path = find_game(folder, str(name_or_path))
    source = Reading(folder).read_faulty(path)
    given, wrong = check_file(_FORM, source)
    found, data = Findings(source, wrong), Written(source.data)
    changes = StrategyGiven.model_fields.keys() - {"says"}
    strategies = {
        player: tuple(
            Strategy(name, each["says"].text or "", {key: of for key, of in each.value.items() if key in changes})
            for name, each in one["strategies"].items()
            if isinstance(each.value, dict)
        )
        for player, one in data["players"].items()
    }
    profiles = prod(len(each) for each in strategies.values())
    if profiles > MOST_PROFILES:
        found.add(("players",), f"{profiles:,} profiles", f"at most {MOST_PROFILES}: fewer strategies or players")
    _check_one_chooser(found, strategies)
    if isinstance(data["payoffs"].value, list):
        _check_payoffs(found, data, strategies)
    base, of_strategies = None, list[Fault]()
    if data["scenario"].text:
        base = _base(source, data["scenario"].text, case, months, [*wrong, *found.faults])
        for player in strategies:
            found.known(("players", player), player, base.case.states, "state", at_key=True)
        of_strategies = _strategy_faults(source, strategies, [*wrong, *found.faults], folder, data["scenario"].text)
    if given is None or wrong or found.faults or of_strategies:
        raise InputError([*wrong, *found.faults, *of_strategies])
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
    """The file that a name in `games/` (`NAME.yaml` is NAME) or a path means. Raises InputError."""
    path = Path(given)
    if path.suffix in SUFFIXES and path.is_file():
        return path
    if found := named_scenario(folder, given, FOLDER):
        return found
    known = [each.stem for each in folder.inside(FOLDER) if folder.relative(each)]
    allowed = unknown(given, known, "a YAML file, or one of the games")
    raise InputError.at(given, "game", "no such game", allowed)


def _base(source: Source, name: str, case: Path | str | None, months: int | None, earlier: list[Fault]) -> Scenario:
    try:
        return load_scenario(name, case=case, months=months)
    except InputError as error:
        place = place_of(source, ("scenario",))
        faults = [replace(each, place=place) if each.value == "no such scenario" else each for each in error.faults]
        raise InputError([*earlier, *faults]) from None


def _strategy_faults(
    source: Source, strategies: Mapping[str, Sequence[Strategy]], known: Sequence[Fault], folder: CaseFolder, base: str
) -> list[Fault]:
    """The faults that each strategy causes in the scenario; its form has been checked before."""
    reading = Reading(folder)
    chain, cards = read_chain(reading, find_scenario(folder, base)), case_cards(reading)
    reported = {fault.place for fault in known}
    faults = []
    for player, choices in strategies.items():
        for each in choices:
            path: KeyPath = ("players", player, "strategies", each.name)
            places, keys = (
                {inner[len(path) :]: place for inner, place in of.items() if inner[: len(path)] == path}
                for of in (source.places, source.key_places)
            )
            found = check_scenario(lay_together(*chain, Source(source.name, each.patch, places, keys)), cards)
            new = [fault for fault in found if fault.place.file == source.name and fault.place not in reported]
            faults += [replace(fault, field=f"{field_name(path)}.{fault.field}") for fault in new]
    return faults


def _check_one_chooser(found: Findings, strategies: Mapping[str, Sequence[Strategy]]) -> None:
    """Notes things that two players choose: the result would depend on the players' order."""
    chosen: dict[str, str] = {}
    for player, choices in strategies.items():
        for each in choices:
            for name in _chosen(Written(each.patch)):
                owner = chosen.setdefault(name, player)
                if owner != player:
                    path: KeyPath = ("players", player, "strategies", each.name)
                    found.add(path, name, f"something that {owner} does not choose already")


def _chosen(patch: Written) -> set[str]:
    names = {
        f"events on {name}" for row in patch["events"].rows() for action in ACTIONS for name, _ in row[action].items()
    }
    names |= {f"events on {name.text}" for name in patch["drop_events"].rows()}
    for key, value in patch.items():
        if key not in ("events", "drop_events"):
            names |= {name for name, _ in leaves(key, value.value)}
    return names


def _check_payoffs(found: Findings, data: Written, strategies: Mapping[str, Sequence[Strategy]]) -> None:
    """Notes profiles that are missing or given twice, and players without a payoff."""
    players = list(strategies)
    named = {player: data["players"][player]["strategies"].keys for player in players}
    seen: set[Profile] = set()
    whole = bool(players) and all(named.values())
    for row in data["payoffs"].rows():
        for part in (row["when"], row["gives"]):
            if part.keys is not None and part.keys != set(players):
                names = ", ".join(part.keys) or "nothing"
                found.add(part.path, names, f"every player once: {', '.join(players)}")
        known = [
            each.text is not None and found.known(each.path, each.text, named.get(player), "strategy")
            for player, each in row["when"].items()
        ]
        if set(row["when"].keys or ()) != set(players) or not all(known):
            whole = False
            continue
        profile = tuple(str(row["when"][player].text) for player in players)
        if profile in seen:
            found.add(row.path, ", ".join(profile), "each profile once")
        seen.add(profile)
    wanted = list(product(*(sorted(named[player] or ()) for player in players)))
    missing = [profile for profile in wanted if profile not in seen]
    if missing and whole:
        found.add(("payoffs",), f"{len(seen)} profiles", f"all {len(wanted)}: missing {', '.join(missing[0])}")
