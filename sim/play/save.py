"""A saved game: its scenario, seed and decisions, as JSON that is checked as strictly as any input."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal, NoReturn

from pydantic import Field, ValidationError

from sim.defaults import VERSION
from sim.ensemble.identity import files_hash
from sim.ensemble.safe_files import prepare, write_whole
from sim.errors import Fault, InputError, Place, field_name
from sim.inputs.case_folder import SUFFIXES
from sim.inputs.months import MOST_MONTHS
from sim.inputs.scenario import Scenario, load_scenario
from sim.inputs.schema_types import Part, Text
from sim.inputs.text_decoding import open_regular
from sim.play.decisions import Decision, UnfitDecisionError
from sim.play.game import Game

LARGEST = 1 << 20  # bytes
MOST_DECISIONS = 20_000
MOST_WORLDS = 100_000
WRITTEN = "a file that `summitry play` has written"


class DecisionSaved(Part):
    """One decision of a person."""

    month: int = Field(ge=0, le=MOST_MONTHS)
    state: str = Field(max_length=40)
    at: str = Field(max_length=60)
    choice: str = Field(max_length=200)
    package: str | None = Field(None, max_length=60)


class SavedGame(Part):
    """A game's scenario, seed, seats and decisions so far."""

    format: Literal["summitry-game"]
    schema_version: Literal[2] = Field(alias="schema")
    version: Text
    scenario: Text
    case: str | None
    settings: list[str]
    months: int | None = Field(ge=0, le=MOST_MONTHS)
    files_hash: str = Field(pattern="^[0-9a-f]{64}$")
    seed: int = Field(ge=0, lt=2**63)
    seats: list[str] = Field(min_length=1)
    worlds: int = Field(ge=2, le=MOST_WORLDS)
    decisions: list[DecisionSaved] = Field(max_length=MOST_DECISIONS)


def new_game(
    scenario: Scenario, name: str, case: Path | None, months: int | None, seed: int, seats: list[str], worlds: int
) -> SavedGame:
    """A game before its first decision. ``name`` is the scenario as the player gave it."""
    file = Path(name)
    return SavedGame(
        format="summitry-game", schema=2, version=VERSION,
        scenario=str(file.resolve()) if file.suffix in SUFFIXES else name,
        case=None if case is None else str(case.resolve()), settings=list(scenario.overrides), months=months,
        files_hash=files_hash(scenario), seed=seed, seats=seats, worlds=worlds, decisions=[],
    )  # fmt: skip


def write_game(path: Path, saved: SavedGame, decisions: tuple[Decision, ...]) -> None:
    """Write a saved game, whole or not at all. Raises CannotWrite."""
    data = saved.model_dump(by_alias=True) | {"decisions": [asdict(each) for each in decisions]}
    prepare(path.parent)
    write_whole(path, [(json.dumps(data, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()])


def read_game(path: Path) -> tuple[SavedGame, Scenario, Game]:
    """The saved game, its scenario and the play as far as it has come. Raises InputError with one fault."""
    saved = _checked(path, _data(path))
    scenario = load_scenario(saved.scenario, case=saved.case, set=saved.settings, months=saved.months)
    if files_hash(scenario) != saved.files_hash:
        _refuse(path, "files_hash", "the scenario's files have changed", "the files that the game was begun with")
    unknown = [seat for seat in saved.seats if seat not in scenario.case.states]
    if unknown or len(set(saved.seats)) != len(saved.seats):
        allowed = f"states of the case, each once: {', '.join(scenario.case.states)}"
        _refuse(path, "seats", ", ".join(saved.seats), allowed)
    decisions = tuple(Decision(**each.model_dump()) for each in saved.decisions)
    try:
        return saved, scenario, Game(scenario, saved.seed, saved.seats, decisions)
    except UnfitDecisionError as error:
        _refuse(path, f"decisions[{error.place}]", decisions[error.place].choice, "an answer to what was asked then")


def _data(path: Path) -> Any:
    try:
        with open_regular(path) as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        _refuse(path, "saved game", error.strerror or "cannot be read", WRITTEN)
    if len(raw) > LARGEST:
        _refuse(path, "saved game", "more than 1 MiB", WRITTEN)
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_no_number)
    except json.JSONDecodeError as error:
        _refuse(path, "saved game", f"broken JSON: {error.msg}", WRITTEN, error.lineno, error.colno)
    except (ValueError, RecursionError):
        _refuse(path, "saved game", "not readable as JSON", WRITTEN)


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)


def _checked(path: Path, data: Any) -> SavedGame:
    if isinstance(data, dict) and data.get("schema") == 1:
        begin = "a game begun since summits can be refused and brought forward: summitry play SCENARIO --as STATE"
        _refuse(path, "schema", "1, from before model version 4", begin)
    try:
        return SavedGame.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        at = field_name(step for step in first["loc"]) or "saved game"
        _refuse(path, at, str(first["input"])[:60], first["msg"][:1].lower() + first["msg"][1:])


def _refuse(path: Path, field: str, value: str, allowed: str, line: int = 0, column: int = 0) -> NoReturn:
    raise InputError([Fault(Place(str(path), line, column), field, value, allowed)]) from None
