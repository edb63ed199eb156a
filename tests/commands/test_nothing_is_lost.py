"""Commands in random order with random sizes: no finished file of a larger run ever goes, and no file of others."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sim.ensemble.results_folder import read_manifest
from sim.views.charts import style

CASE = Path(__file__).parents[1] / "other_case"
COMMANDS = (
    "run river", "run river --no-charts", "run river --fresh --no-charts", "explain river", "compare river no-league",
    "run river --set assume.claims.hand-on-the-throat=off --no-charts",
    "run river --months 3 --no-charts", "run river --seed 7 --no-charts", "explain no-league", "edit",
)  # fmt: skip
SIZES = (200, 260, 320, 400)


@pytest.fixture(scope="module", autouse=True)
def _bare_pictures() -> Iterator[None]:
    """A picture says only of how many runs it is, and so differs where it is drawn again from fewer."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("answer.draw_answer", "outcomes.draw_outcomes", "months.draw_months", "levels.draw_leverage",
                     "levels.draw_levers", "effects.draw_explanation", "compare.draw_comparison"):  # fmt: skip
            patch.setattr(f"sim.views.charts.{name}", lambda found, *_: style.Page(f"{found.runs} runs", 1.0, []))
        yield


def _files(out: Path) -> dict[Path, int]:
    """Every listed file and the runs that it is of."""
    found = {}
    for manifest in out.glob("*/manifest.json"):
        for name, entry in read_manifest(manifest.parent).get("results", {}).items():
            found[manifest.parent / name] = entry["runs"]
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_no_finished_file_of_a_larger_run_ever_goes(summitry, tmp_path: Path, seed: int) -> None:
    chance, out, case = random.Random(seed), tmp_path / "results", tmp_path / "case"
    shutil.copytree(CASE, case)
    own: dict[Path, str] = {}
    kept: dict[tuple[str, bytes], int] = {}  # every table that was ever finished, by its name and bytes
    for turn in range(12):
        command = chance.choice(COMMANDS)
        if command == "edit":
            path = case / "scenarios" / "river.yaml"
            path.write_text(path.read_text() + f"# edited {chance.randrange(2)}\n")
            continue
        runs = chance.choice(SIZES)
        said = summitry(*command.split(), "-n", str(runs), "--case", str(case), "--out", str(out))
        assert said.status == 0, (command, runs, said.err)
        for folder in out.iterdir():  # somebody's own files, in every folder
            mine = folder / f"explain-homework-{turn}.csv"
            mine.write_text("mine")
            own[mine.relative_to(out)] = "mine"
        there = {(path.name, path.read_bytes()) for path in out.rglob("*.csv")}
        for path, size in _files(out).items():
            if path.suffix == ".csv":
                kept[path.name, path.read_bytes()] = max(size, kept.get((path.name, path.read_bytes()), 0))
        latest = {name: max(size for (each, _), size in kept.items() if each == name) for name, _ in kept}
        lost = {name for (name, data), size in kept.items() if (name, data) not in there and size == latest[name]}
        assert not {name for name in lost if name in ("runs.csv", "outcomes.csv", "claims.csv", "leverage.csv")}
    assert sum(path.read_text() == "mine" for path in out.rglob("explain-homework-*.csv")) == len(own)


def test_a_question_reads_the_first_runs_of_a_larger_run_and_leaves_it_as_it_is(summitry, tmp_path: Path) -> None:
    case = ("--case", str(CASE), "--out", str(tmp_path))
    summitry("run", "river", "-n", "400", *case)
    summitry("explain", "river", "-n", "400", *case)
    (folder,) = tmp_path.iterdir()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for command in ("explain river", "run river", "run river --no-charts"):
        said = summitry(*command.split(), "-n", "200", *case)
        assert said.status == 0, said.err
    assert {path: path.read_bytes() for path in before if path.name != "manifest.json"} == {
        path: data for path, data in before.items() if path.name != "manifest.json"
    }
    assert "explain.csv is of 400 runs and stays as it is" in summitry("explain", "river", "-n", "200", *case).err
    assert list(tmp_path.iterdir()) == [folder]


def test_a_smaller_run_is_the_first_runs_of_the_larger_one(summitry, tmp_path: Path) -> None:
    words = ("run", "river", "-n", "200", "--no-charts", "--json", "--case", str(CASE), "--out")
    summitry("run", "river", "-n", "400", "--no-charts", "--case", str(CASE), "--out", str(tmp_path / "a"))
    first, alone = (json.loads(summitry(*words, str(tmp_path / name)).out) for name in "ab")
    assert first == alone
    assert len(list((tmp_path / "a").iterdir())) == 1
