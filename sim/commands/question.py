"""What was asked on a command line, and the decorator that makes a function a command.

A command file defines its own options and takes the shared ones by name::

    @question("explain", "SCENARIO", "runs seed set months out json")
    @click.option("--outcome", metavar="O", help="Only this outcome.")
    def command(asked: Asked, outcome: str | None) -> None: ...
"""

import json
import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import click

from sim.commands.options import SHARED, complete_scenarios
from sim.commands.output import progress, say, show
from sim.defaults import DEFAULT_RUNS, DEFAULT_SEED
from sim.ensemble import saved_runs
from sim.ensemble.identity import program_hash
from sim.ensemble.resources import refuse_if_too_large
from sim.ensemble.result import Ensemble
from sim.ensemble.results_folder import damaged, hold, listed, read_data, writing
from sim.ensemble.run import run
from sim.ensemble.safe_files import FIGURES, WholeFiles
from sim.errors import Fault, InputError
from sim.inputs.case_folder import ROOT_SCENARIO, SUFFIXES, case_around, find_case
from sim.inputs.months import written_month
from sim.inputs.scenario import Scenario, load_scenario
from sim.inputs.schedule import month_name
from sim.views.charts import write_chart
from sim.views.json_report import as_text
from sim.views.text.run import files_written
from sim.views.text.screen import Screen

Chart = tuple[Any, ...]  # its name, as views/charts has it, and the findings that it shows
PICTURE_KINDS = ("png", "svg", "txt")


@dataclass(frozen=True)
class Asked:
    """What was asked on the command line: which scenarios, with which settings, and where the answer goes."""

    scenarios: tuple[str, ...] = ()
    runs: int = DEFAULT_RUNS
    seed: int = DEFAULT_SEED
    settings: tuple[str, ...] = ()
    months: int | str | None = None  # as typed; `last_month` is the number
    out: Path = Path("results")
    workers: int | None = None
    executor: str = "processes"
    engine: Literal["compiled", "mesa"] = "compiled"
    insecure: bool = False
    fresh: bool = False
    full: bool = False
    json: bool = False
    case: Path | None = None
    typed: tuple[str, ...] = ()  # the command line, for messages that repeat it

    def load(self, name: str, more: Sequence[str] = ()) -> Scenario:
        """A scenario with the settings asked for and further ``--set`` strings. Raises InputError."""
        called, settings = self._names_of_files.get(name), [*self.settings, *more]
        found = load_scenario(name, case=self.case, set=settings, months=self.last_month, name=called)
        return replace(found, engine=self.engine)

    def load_sound(self) -> Scenario:
        """The case itself without those source cards that have a fault, which is reported on standard error.

        Raises InputError where it cannot be read without them.
        """
        faults: list[Fault] = []
        found = load_scenario(ROOT_SCENARIO, case=self.case, card_faults=faults)
        for fault in faults:
            say(f"left out: {fault}")
        return found

    @cached_property
    def _names_of_files(self) -> dict[str, str]:
        """Names for files of the same name, with their folder's name: `monday-draft` for monday/draft.yaml."""
        files = {given: Path(given) for given in self.scenarios if given.endswith(SUFFIXES) and Path(given).is_file()}
        names = Counter(files[given].stem if given in files else given for given in self.scenarios)
        folders = {given: re.sub(r"[^A-Za-z0-9_.-]+", "-", path.resolve().parent.name) for given, path in files.items()}
        return {given: f"{folders[given]}-{path.stem}" for given, path in files.items() if names[path.stem] > 1}

    def load_first(self, more: Sequence[str] = ()) -> Scenario:
        """The first scenario, with further ``--set`` strings. Raises InputError."""
        return self.load(self.scenarios[0], more)

    @cached_property
    def last_month(self) -> int | None:
        """The last month to play; one written as `2018-12` is counted from the scenario's first. Raises InputError."""
        if not isinstance(self.months, str):
            return self.months
        name = self.scenarios[0] if self.scenarios else ROOT_SCENARIO
        scenario = load_scenario(name, case=self.case, set=self.settings)
        last = written_month(self.months, scenario.first_month)
        if last is None or last < 0:
            start = month_name(0, scenario.first_month)
            raise InputError.at("--months", "month", self.months, f"a month from {start} on")
        return last

    @cached_property
    def loaded(self) -> list[Scenario]:
        """Every scenario, in the order given. Raises InputError."""
        return [self.load(name) for name in self.scenarios]

    @cached_property
    def screen(self) -> Screen:
        return Screen.here()

    def play(self, scenario: Scenario) -> saved_runs.Finished:
        """The ensemble of a scenario, in its folder with its tables.

        It is read from there if it is finished, else played. Raises InputError where it is too large, CannotWrite,
        Busy; a stop says how to go on.
        """
        if found := saved_runs.find(self.out, scenario, self.runs, self.seed, say):
            return found
        folder = saved_runs.folder_for(self.out, scenario, self.runs, self.seed)
        ours = saved_runs.occupied(folder, scenario, self.runs, self.seed)
        refuse_if_too_large(scenario, self.runs, folder, in_files=False, taken=-ours)
        command, started = ["summitry", *self.typed], datetime.now(UTC)
        with self.says_how_to_go_on(folder), hold(folder), progress(self.runs) as on_block:
            finished = saved_runs.run_into(folder, scenario, self.runs, self.seed, on_block=on_block, say=say)
            saved_runs.write_tables(folder, finished.ensemble, command, started, say)
        return finished

    def play_in_memory(self, scenarios: Sequence[Scenario], folder: Path | None = None) -> list[Ensemble]:
        """The ensembles of scenarios; nothing is written, or only a page to ``folder``.

        Raises InputError where one is too large for a page.
        """
        for each in scenarios if folder else ():
            refuse_if_too_large(each, self.runs, folder, in_files=False)
        with progress(self.runs * len(scenarios)) as on_block:
            return [
                run(each, self.runs, self.seed, workers=self.workers, executor=self.executor, on_block=on_block)
                for each in scenarios
            ]

    @contextmanager
    def says_how_to_go_on(self, folder: Path) -> Iterator[None]:
        """Gives KeyboardInterrupt (Ctrl-C, SIGTERM) its message: what is kept, and the command to go on."""
        try:
            yield
        except KeyboardInterrupt:
            command = shlex.join(["summitry", *(word for word in self.typed if word != "--fresh")])
            kept = f"stopped; what is finished is kept in {folder}; to go on: {command}"
            raise KeyboardInterrupt(kept) from None

    def name_case(self) -> None:
        """Print which case this is, as the first line, unless it is the shipped one."""
        if not self.json and self.case and (name := find_case(self.case).name):
            show(self.screen.faint(self.screen.cut(f"Case: {name}", self.screen.width)))

    def show_wrapped(self, text: str, indent: str = "", hang: str = "  ") -> None:
        """Print a sentence, wrapped to the screen."""
        show(self.screen.paragraph(text, indent, hang))

    def answer(self, text: Callable[[Screen], str], document: Callable[[], Any]) -> str:
        """Print what was found, as text or, with ``--json``, as one JSON document. Returns what was printed."""
        printed = as_text(document()) if self.json else text(self.screen)
        show(printed)
        return printed

    def keep(
        self, folder: Path, tables: Mapping[str, bytes], pictures: Mapping[str, Chart], printed: str | None = None
    ) -> None:
        """Write tables and ``figures/NAME.png|svg|txt`` and say where they are. Raises CannotWrite, Busy.

        What was ``printed`` is kept beside them for :meth:`answered`, if no other question has these names.
        """
        files = answer_files(tables, pictures)
        kept = _answers_file(files)
        with writing(folder, [*files, *([kept] if printed is not None else [])], self.runs, say) as wanted:
            if not wanted:
                return
            before = self._kept(folder, files)
            if before is None:
                _write(folder, tables, pictures)
            if printed is not None:
                answers = {**(before or {}), self._way: printed}
                with WholeFiles(folder) as whole:
                    whole.write(kept, [json.dumps({"program": program_hash(), "answers": answers}).encode()])
        self.say_files(folder, files)

    def answered(self, folder: Path, files: Sequence[str]) -> bool:
        """Whether the question that these files answer was asked before; then what was printed is printed again.

        The files must be as the manifest lists them, of as many runs, and made by this program.
        """
        if not isinstance(printed := (self._kept(folder, files) or {}).get(self._way), str):
            return False
        show(printed)
        self.say_files(folder, files)
        if not self.json:
            say("Answered before: read from its folder.")
        return True

    def _kept(self, folder: Path, files: Sequence[str]) -> dict[str, str] | None:
        """Each way in which the same question was answered in this folder; None where its files are no longer whole."""
        all_files, there = [*files, _answers_file(files)], listed(folder)
        if damaged(folder, all_files) or any(there[name].get("runs") != self.runs for name in all_files):
            return None
        found = read_data(folder / all_files[-1])
        answers = found.get("answers")
        return answers if found.get("program") == program_hash() and isinstance(answers, dict) else None

    @property
    def _way(self) -> str:
        """What decides how an answer is printed."""
        return "json" if self.json else f"full={self.full} {self.screen}"

    def say_files(self, folder: Path, files: Sequence[str]) -> None:
        """Say which files were written in a folder."""
        if files and not self.json:
            show(files_written([folder / file for file in files], folder, self.screen))


def answer_files(tables: Iterable[str], pictures: Iterable[str]) -> list[str]:
    """Tables and pictures as they are called in a results folder."""
    return [*tables, *(f"{FIGURES}/{name}.{kind}" for name in pictures for kind in PICTURE_KINDS)]


def _answers_file(files: Sequence[str]) -> str:
    return Path(files[0]).stem + ".answers.json"


def _write(folder: Path, tables: Mapping[str, bytes], pictures: Mapping[str, Chart]) -> None:
    with WholeFiles(folder) as whole:
        for name, data in tables.items():
            whole.write(name, [data])
    for name, chart in pictures.items():
        write_chart(folder / FIGURES, name, *chart)


def question(
    name: str, given: str = "", takes: str = "", names_case: bool = True, **how: Any
) -> Callable[[Callable[..., None]], click.Command]:
    """Make a function a command: it gets an :class:`Asked`, then its own options by name.

    ``given`` are the scenarios as its help shows them (`A B`, `[SCENARIO...]`, or nothing), ``takes`` the shared
    options by name; ``names_case``: whether it prints the name of a case that is not the shipped one.
    """

    def decorate(function: Callable[..., None]) -> click.Command:
        def call(**words: Any) -> None:
            asked = _asked(words)
            if names_case:
                asked.name_case()
            function(asked, **words)

        own = list(reversed(getattr(function, "__click_params__", [])))
        first = [_scenarios(given)] if given else []
        shared = [make() for key, make in SHARED.items() if key in (*takes.split(), "case")]
        return click.Command(name, callback=call, params=[*first, *own, *shared], help=function.__doc__, **how)

    return decorate


def _scenarios(given: str) -> click.Argument:
    """The argument that a command's help shows as `A B`, `SCENARIO...` or, where it may be left out, `[SCENARIO]`."""
    many, needed = -1 if "..." in given else len(given.split()), not given.startswith("[")
    return click.Argument(["scenarios"], nargs=many, required=needed, metavar=given, shell_complete=complete_scenarios)


def _asked(words: dict[str, Any]) -> Asked:
    """The shared options, removed from ``words``."""
    shared = {field: words.pop(field) for field in Asked.__dataclass_fields__ if field in words}
    given = shared.pop("scenarios", None) or ()
    scenarios = (given,) if isinstance(given, str) else tuple(given)
    others = (*words.get("given", ()), words.get("file") or "")  # what check and game are given
    shared["case"] = shared.get("case") or case_around((*scenarios, *others))
    return Asked(scenarios, typed=tuple(click.get_current_context().obj or ()), **shared)


def check_names(scenarios: Sequence[Scenario]) -> None:
    """Raises InputError where two scenarios have the same name, since they would share a folder."""
    names = [scenario.name for scenario in scenarios]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise InputError.at("SCENARIO", "name", f"{name} twice", "each name once")
