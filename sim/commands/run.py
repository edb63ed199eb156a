"""``summitry run SCENARIO...``: plays scenarios, shows them and writes their files, in that order."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from sim.analysis.compare import against_first
from sim.analysis.world_means import FEWEST_WORLDS, worlds_of
from sim.commands.output import meanwhile, progress, say, show
from sim.commands.question import Asked, answer_files, question
from sim.commands.watch import watch
from sim.ensemble import saved_runs
from sim.ensemble.resources import refuse_if_too_large
from sim.ensemble.result import Ensemble
from sim.ensemble.results_folder import common_folder, damaged, writing
from sim.ensemble.tables import rows_note
from sim.ensemble.worker_pool import check_executor, cores, forks, workers_for
from sim.errors import InputError
from sim.inputs.case_folder import find_case, find_scenario
from sim.inputs.scenario import Scenario
from sim.views.charts import RUN_CHARTS, SEVERAL_CHARTS, draw_run, draw_several, imported_meanwhile
from sim.views.json_report import as_text, run_document
from sim.views.text import run as run_screen

MOST_DRAWING = 2  # processes that draw; where one must import matplotlib anew, a second costs what it brings


@question("run", "SCENARIO...", "runs seed set months out workers executor insecure engine fresh full json")
@click.option("--no-charts", is_flag=True, help="Write the tables, but no charts and no page.")
@click.option("--watch", "watching", is_flag=True, help="Answer again on every save of the file; nothing is written.")
def command(asked: Asked, no_charts: bool, watching: bool) -> None:
    """Play scenarios in many worlds and chart how they might end.

    Shows the answer, the first summit, who gained, how the runs end and how sure that is, then the files written. A run
    that was finished before is shown again at once; one that was stopped goes on where it stopped.
    """
    asked = replace(asked, executor=check_executor(asked.executor, asked.insecure))
    if watching:
        folder = find_case(asked.case)
        mine = [find_scenario(folder, name) for name in asked.scenarios]
        watch(lambda: [*mine, *folder.cards(), *folder.listed()], lambda: _answer_again(replace(asked)))
        return
    ran = Run(asked, charts=not no_charts)
    ran.check()
    for scenario in asked.loaded:
        ran.play(scenario)
    if len(ran.finished) > 1:
        ran.show("\n" + run_screen.side_by_side([each.ensemble for each in ran.finished], asked.screen))
    ran.write()


def _answer_again(asked: Asked) -> None:
    """Play the scenarios as their files are now, and show the answers."""
    played = []
    for scenario in asked.loaded:
        played.append(ensemble := asked.play_in_memory([scenario])[0])
        if not asked.json:
            show(f"{run_screen.question_lines(scenario, asked.screen)}\n\n{_answer(asked, ensemble)}")
    if asked.json:
        show(_documents(played))


def _answer(asked: Asked, ensemble: Ensemble) -> str:
    """The screen of answers, the scenario compared with the one it is read against: read from its folder or played."""
    name, against = ensemble.scenario.read_against, None
    if name not in (None, ensemble.scenario.name) and worlds_of(ensemble) >= FEWEST_WORLDS:
        other = asked.load(str(name))
        found = saved_runs.find(asked.out, other, asked.runs, asked.seed, say)
        (against,) = against_first(found.ensemble if found else asked.play_in_memory([other])[0], ensemble)
    return run_screen.answer_screen(ensemble, against, asked.screen)


def _documents(played: Sequence[Ensemble]) -> str:
    """One scenario as one JSON document, or all of them as one."""
    documents = [run_document(each) for each in played]
    return as_text(documents[0] if len(documents) == 1 else {"scenarios": documents})


@dataclass
class Run:
    """One call of `run`: its scenarios, all with the same runs and seed, as far as they are played."""

    asked: Asked
    charts: bool = True
    finished: list[saved_runs.Finished] = field(default_factory=list)
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    def check(self) -> None:
        """Check that each scenario has its own folder and that the machine can play it. Raises InputError."""
        asked, taken = self.asked, 0.0
        seen: set[Path] = set()
        for scenario in asked.loaded:
            folder = saved_runs.folder_for(asked.out, scenario, asked.runs, asked.seed)
            if folder in seen:
                raise InputError.at("run", "SCENARIO", f"{scenario.name} twice", "each name once: they share a folder")
            seen.add(folder)
            if asked.fresh or not saved_runs.finished(asked.out, scenario, asked.runs, asked.seed):
                taken -= saved_runs.occupied(folder, scenario, asked.runs, asked.seed)
                needs = refuse_if_too_large(scenario, asked.runs, folder, asked.workers, taken=taken)
                taken += needs.disk + needs.log

    def play(self, scenario: Scenario) -> None:
        """Play a scenario, print its answer and write its tables as soon as it is done."""
        asked = self.asked
        folder = saved_runs.folder_for(asked.out, scenario, asked.runs, asked.seed)
        gap = "\n" if self.finished else ""
        with asked.says_how_to_go_on(folder):
            self.show(gap + run_screen.question_lines(scenario, asked.screen))
            found = None if asked.fresh else saved_runs.find(asked.out, scenario, asked.runs, asked.seed, say)
            if found:
                self._take(found)
                return
            with saved_runs.hold(folder):
                alone = self.charts and workers_for(asked.runs, asked.workers) == 1  # with a thread nothing is forked
                with imported_meanwhile() if alone else nullcontext(), progress(asked.runs) as on_block:
                    found = saved_runs.run_into(
                        folder, scenario, asked.runs, asked.seed, say=say,
                        workers=asked.workers, executor=asked.executor, fresh=asked.fresh, on_block=on_block,
                    )  # fmt: skip
                self._take(found)
                saved_runs.write_tables(folder, found.ensemble, ["summitry", *asked.typed], self.started, say)

    def write(self) -> None:
        """Draw the charts and the page, unless they are there, and list all files."""
        asked = self.asked
        for each in self.finished:
            with asked.says_how_to_go_on(each.folder):
                tables = () if each.state == "part" else saved_runs.TABLES
                asked.say_files(each.folder, [*tables, *(self._charts(each) if self.charts else ())])
                if note := rows_note(each.ensemble):
                    self.show(asked.screen.paragraph(note))
        if self.charts and len(self.finished) > 1:
            folder = common_folder(asked.out, asked.loaded, asked.seed, say)
            with asked.says_how_to_go_on(folder):
                asked.say_files(folder, self._draw([each.ensemble for each in self.finished], folder, SEVERAL_CHARTS))

    def show(self, text: str) -> None:
        """Print for a person; with ``--json`` print nothing."""
        if not self.asked.json:
            show(text)

    def _take(self, found: saved_runs.Finished) -> None:
        """Print a played scenario's answer, or after the last one the JSON of all, before any file is written."""
        self.finished.append(found)
        if self.asked.json:
            if len(self.finished) == len(self.asked.scenarios):
                show(_documents([each.ensemble for each in self.finished]))
            return
        ensemble, screen = found.ensemble, self.asked.screen
        parts = [_answer(self.asked, ensemble)]
        if self.asked.full:
            parts += run_screen.everything(ensemble, screen)
        note = run_screen.how_it_came(found.state, found.kept, screen)
        self.show("\n" + "\n\n".join(parts) + (f"\n{note}" if note else ""))

    def _charts(self, finished: saved_runs.Finished) -> Sequence[str]:
        """Draw the charts and the page, unless they are there undamaged or belong to a larger run."""
        files = _drawn_files(RUN_CHARTS)
        if finished.state == "part":
            return ()
        if finished.state == "again" and not damaged(finished.folder, files):
            return files
        return self._draw([finished.ensemble], finished.folder, RUN_CHARTS)

    def _draw(self, ensembles: Sequence[Ensemble], folder: Path, charts: Sequence[str]) -> Sequence[str]:
        """The charts of one scenario, or of several side by side, and the explorer page."""
        files, page = _drawn_files(charts), partial(_write_page, ensembles, folder, self.asked.case)
        with writing(folder, files, self.asked.runs, say) as wanted:
            if not wanted:
                return ()
            with meanwhile("drawing the charts and the page"):
                if len(ensembles) == 1:
                    workers = min(self.asked.workers or MOST_DRAWING, MOST_DRAWING, cores()) if forks() else 1
                    draw_run(ensembles[0], folder, workers=workers, also=page)
                else:
                    draw_several(ensembles, folder)
                    page()
        return files


def _write_page(ensembles: Sequence[Ensemble], folder: Path, case: Path | None) -> None:
    from sim.page.explorer import write_report

    write_report(ensembles, folder / saved_runs.PAGE, case=case)


def _drawn_files(charts: Sequence[str]) -> list[str]:
    """Names of the pictures and the page in a results folder."""
    return [*answer_files((), charts), saved_runs.PAGE]
