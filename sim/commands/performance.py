"""One call of `run`: its scenarios played, shown and written, in that order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands.at_hand import COMPARE, told_how_to_go_on
from sim.commands.progress import meanwhile, progress
from sim.commands.stdout import show
from sim.ensemble import store
from sim.ensemble.estimate import refuse_if_too_large
from sim.ensemble.tables import rows_note
from sim.ensemble.worker_pool import check_executor
from sim.errors import Fault, InputError, Place
from sim.inputs.scenario import Scenario
from sim.views.charts import RUN_CHARTS
from sim.views.text import terminal
from sim.views.text.screen import Screen

if TYPE_CHECKING:
    from sim.ensemble.result import Ensemble


@dataclass
class Performance:
    """The scenarios of one `run`, all with the same runs and seed. ``words`` is the command line, to be repeated."""

    scenarios: Sequence[Scenario]
    runs: int
    seed: int
    out: Path
    as_json: bool
    words: list[str]
    screen: Screen = field(default_factory=Screen.here)
    finished: list[store.Finished] = field(default_factory=list)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    case: Path | None = None  # the case's folder, whose source cards the page quotes
    written: list[list[Path]] = field(default_factory=list)  # the tables of each finished scenario

    def check(self, workers: int | None, executor: str, fresh: bool) -> None:
        """See that each scenario has a folder of its own and that the machine can do it. Raises InputError."""
        check_executor(executor)
        seen: dict[Path, str] = {}
        taken = 0.0
        for scenario in self.scenarios:
            folder = store.folder_for(self.out, scenario)
            if folder in seen:
                place = Place("run", 0, 0)
                raise InputError(
                    [Fault(place, "SCENARIO", f"{scenario.name} twice", "each name once: they share a folder")]
                )
            seen[folder] = scenario.name
            if fresh or not store.stands(folder, scenario, self.runs, self.seed):
                taken -= store.occupied(folder, scenario, self.runs, self.seed)
                needs = refuse_if_too_large(scenario, self.runs, scenario.months, folder, workers, taken=taken)
                taken += needs.disk + needs.log

    def play(self, workers: int | None, executor: str, fresh: bool) -> None:
        """Play each scenario, print its table and write its files' tables as soon as it is done."""
        for scenario in self.scenarios:
            folder = store.folder_for(self.out, scenario)
            with told_how_to_go_on(folder, self.words):
                self._show(
                    ("\n" if self.finished else "") + terminal.heading(scenario, self.runs, self.seed, self.screen)
                )
                found = None if fresh else store.again(folder, scenario, self.runs, self.seed)
                if found:
                    self._take(found)
                    self.written.append([folder / name for name in store.TABLES])
                    continue
                with store.hold(folder):
                    with progress(self.runs) as on_block:
                        found = store.run_into(
                            folder, scenario, self.runs, self.seed,
                            workers=workers, executor=executor, fresh=fresh, on_block=on_block,
                        )  # fmt: skip
                    self._take(found)
                    command = ["summitry", *self.words]
                    self.written.append(store.write_tables(folder, found.ensemble, command, self.started))
        if len(self.finished) > 1:
            self._show("\n" + terminal.side_by_side([each.ensemble for each in self.finished], self.screen))

    def write(self, charts: bool) -> None:
        """Say where the tables are; draw the charts and the page, unless they are there, and say where those are."""
        for finished, tables in zip(self.finished, self.written, strict=True):
            folder = store.folder_for(self.out, finished.ensemble.scenario)
            with told_how_to_go_on(folder, self.words):
                self._say_files(tables, folder)
                if note := rows_note(finished.ensemble):
                    self._show(self.screen.paragraph(note))
        for finished in self.finished if charts else ():
            folder = store.folder_for(self.out, finished.ensemble.scenario)
            with told_how_to_go_on(folder, self.words):
                self._say_files(self._write_pictures(finished, folder), folder)
        if charts and len(self.finished) > 1:
            folder = self.out / COMPARE
            with told_how_to_go_on(folder, self.words):
                ensembles = [each.ensemble for each in self.finished]
                with store.hold(folder):
                    drawn = self._pictures(ensembles, folder)
                self._say_files(drawn, folder)

    # -- pieces ------------------------------------------------------------------------------------------------------

    def _told(self, finished: store.Finished) -> str:
        ensemble, screen = finished.ensemble, self.screen
        parts = [
            terminal.outcome_table(ensemble, screen),
            terminal.measure_table(ensemble, screen),
            terminal.reading(ensemble, screen),
        ]
        note = terminal.how_it_came(finished.state, finished.kept, screen)
        return "\n" + "\n\n".join([*parts, *([note] if note else [])])

    def _show_documents(self) -> None:
        from sim.views.tables.json_report import as_text, run_document

        documents = [run_document(each.ensemble) for each in self.finished]
        show(as_text(documents[0] if len(documents) == 1 else {"scenarios": documents}))

    def _take(self, found: store.Finished) -> None:
        """A scenario is played."""
        self.finished.append(found)
        if not self.as_json:
            show(self._told(found))
        elif len(self.finished) == len(self.scenarios):
            self._show_documents()

    def _write_pictures(self, finished: store.Finished, folder: Path) -> list[Path]:
        """The charts and the page; of a run that is shown again those that stand there, if all do."""
        charts = [folder / "figures" / f"{name}.{kind}" for name in RUN_CHARTS for kind in ("png", "svg", "txt")]
        standing = [*charts, folder / store.PAGE]
        if finished.state == "again" and all(path.is_file() for path in standing):
            return standing
        with store.hold(folder):
            return self._pictures([finished.ensemble], folder)

    def _pictures(self, ensembles: Sequence[Ensemble], folder: Path) -> list[Path]:
        """The charts of one scenario, or of several side by side, and the explorer page."""
        from sim.views.charts import draw as charts
        from sim.views.page.report import write_report

        one = len(ensembles) == 1
        with meanwhile("drawing the charts"):
            drawn = charts.draw_run(ensembles[0], folder) if one else charts.draw_several(ensembles, folder)
        with meanwhile("writing the page"):
            page = write_report(ensembles, folder / store.PAGE, case=self.case)
        return [*drawn, page]

    def _say_files(self, paths: Sequence[Path], folder: Path) -> None:
        if paths:
            self._show("\n" + terminal.files_written(paths, folder, self.screen))

    def _show(self, text: str) -> None:
        """Print for a person; where JSON is asked for, nothing else is printed."""
        if not self.as_json:
            show(text)
