"""A run in its folder: new, gone on with, shown again; whole tables or none."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import shutil
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from sim.defaults import DEFAULT_SEED
from sim.ensemble import ensemble_npz, results_folder, saved_runs
from sim.ensemble import run as running
from sim.ensemble.finished_blocks import PREFIX, Task, block_files
from sim.ensemble.results_folder import MANIFEST
from sim.ensemble.run import run
from sim.ensemble.safe_files import UNFINISHED, WholeFiles
from sim.errors import CannotWrite, InputError
from sim.inputs.scenario import Scenario
from sim.model.streams import BLOCK_RUNS
from tests.ensemble.helpers import assert_same_bits

STARTED = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
RUNS = 2001
OUTCOMES = 10


def _rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


@pytest.fixture(scope="module")
def folder(brief: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of 2,001 runs."""
    folder = saved_runs.folder_for(tmp_path_factory.mktemp("results"), brief, RUNS, 7)
    finished = saved_runs.run_into(folder, brief, RUNS, 7)
    assert (finished.state, finished.kept) == ("new", 0)
    written = saved_runs.write_tables(folder, finished.ensemble, ["summitry", "run", "baseline"], STARTED)
    assert sorted(path.name for path in written) == sorted(saved_runs.TABLES)
    return folder


def test_nothing_but_the_tables_is_there(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == sorted([*saved_runs.TABLES, ".lock"])


def test_a_finished_run_is_shown_again(folder: Path, brief: Scenario) -> None:
    again = saved_runs.find(folder.parent, brief, RUNS, 7)
    assert again is not None
    assert (again.state, again.kept, again.folder) == ("again", RUNS, folder)
    assert_same_bits(again.ensemble, run(brief, RUNS, 7))
    assert ensemble_npz.load(folder / saved_runs.WORLDS, brief) is not None
    assert ensemble_npz.load(folder / saved_runs.WORLDS, brief, seed=8) is None


@pytest.fixture
def copy(folder: Path, tmp_path: Path) -> Path:
    """A copy of that run, in results of its own."""
    return Path(shutil.copytree(folder, tmp_path / folder.name))


def test_another_run_in_the_same_folder_is_moved_aside_whole(copy: Path, brief: Scenario) -> None:
    (copy / "notes.md").write_text("mine")
    before = {path.name: path.read_bytes() for path in copy.iterdir()}
    said: list[str] = []
    finished = saved_runs.run_into(copy, brief, RUNS + 1, 7, say=said.append)
    assert (finished.state, finished.ensemble.runs) == ("new", RUNS + 1)
    (aside,) = (path for path in copy.parent.iterdir() if path != copy)
    assert {path.name: path.read_bytes() for path in aside.iterdir()} == before
    assert said == [f"{copy} held other results: they are now in {aside}"]
    saved_runs.write_tables(copy, finished.ensemble, "x", STARTED)
    again = saved_runs.find(copy.parent, brief, RUNS, 7)
    assert again is not None
    assert again.folder == aside


@pytest.mark.parametrize("runs", [1, 2, 777, RUNS - 1])
def test_the_first_runs_of_a_larger_run_answer(folder: Path, brief: Scenario, runs: int) -> None:
    found = saved_runs.find(folder.parent, brief, runs, 7)
    assert found is not None
    assert (found.state, found.kept, found.folder) == ("part", RUNS, folder)
    alone, part = run(brief, runs, 7), found.ensemble
    for name in ("counts", "together", "classes", "values", "holds", "caused"):
        assert np.array_equal(getattr(part, name), getattr(alone, name), equal_nan=name == "values"), name
    assert np.allclose(part.moments, alone.moments, rtol=1e-12)
    assert all(np.array_equal(part.numbers[name], alone.numbers[name]) for name in alone.numbers)
    larger = ensemble_npz.load(folder / saved_runs.WORLDS, brief)
    assert larger is not None
    for dyad in part.names.dyads:
        assert part.leverage_mean(dyad).tolist() == larger.leverage_mean(dyad).tolist()


def test_more_runs_or_another_seed_are_not_found(folder: Path, brief: Scenario) -> None:
    for runs, seed in ((RUNS + 1, 7), (RUNS, 8)):
        assert saved_runs.find(folder.parent, brief, runs, seed) is None


def test_the_plain_run_has_the_plain_folder(tmp_path: Path, brief: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of another file it is moved aside whole; when the file is as it was, it comes back, and the other is kept."""
    first, second = (
        replace(brief, resolved={**brief.resolved, "months": 2}, files=files)
        for files in (brief.files, (("other.yaml", "0" * 64), *brief.files[1:]))
    )
    said: list[str] = []
    folder, runs = tmp_path / "baseline", 100
    monkeypatch.setattr(results_folder, "DEFAULT_RUNS", runs)  # a plain run may be as small as we like
    for scenario in (first, second):
        assert saved_runs.folder_for(tmp_path, scenario, runs) == folder
        done = saved_runs.run_into(folder, scenario, runs, DEFAULT_SEED, say=said.append)
        saved_runs.write_tables(folder, done.ensemble, "x", STARTED)
    assert len(said) == 1
    for scenario in (first, second, first):
        again = saved_runs.find(tmp_path, scenario, runs, DEFAULT_SEED, said.append)
        assert again is not None
        assert again.folder == folder
        assert ensemble_npz.load(folder / saved_runs.WORLDS, scenario) is not None
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("name", saved_runs.TABLES)
@pytest.mark.parametrize("damage", ["gone", "empty", "cut", "changed"])
def test_what_is_damaged_is_said_and_made_again(copy: Path, brief: Scenario, name: str, damage: str) -> None:
    before = {table: (copy / table).read_bytes() for table in saved_runs.TABLES}
    file, said = copy / name, []
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes({"empty": b"", "cut": before[name][:20], "changed": before[name] + b"\n7"}[damage])
    found = saved_runs.find(copy.parent, brief, RUNS, 7, said.append)
    assert any(name in line for line in said)
    assert (found is None) == (name in (MANIFEST, saved_runs.WORLDS))
    if found is None:
        done = saved_runs.run_into(copy, brief, RUNS, 7)
        saved_runs.write_tables(copy, done.ensemble, "x", STARTED)
    assert {table: (copy / table).read_bytes() for table in saved_runs.TABLES if table != MANIFEST} == {
        table: data for table, data in before.items() if table != MANIFEST
    }
    assert results_folder.damaged(copy, saved_runs.TABLES[1:]) == []


def test_files_that_are_not_ours_stay(copy: Path, brief: Scenario) -> None:
    """A class's poster and homework beside ours, and a table of ours that somebody coloured in."""
    (copy / "figures").mkdir()
    mine = {"figures/my-poster.png": "mine", "explain-homework.csv": "mine", "notes.md": "mine", "explain.csv": "mine"}
    for name, text in mine.items():
        (copy / name).write_text(text)
    (copy / "outcomes.csv").write_text("my notes on it")
    ensemble = ensemble_npz.load(copy / saved_runs.WORLDS, brief)
    assert ensemble is not None
    said: list[str] = []
    saved_runs.write_tables(copy, ensemble, "x", STARTED, said.append)
    with results_folder.writing(copy, ["explain.csv"], RUNS, said.append) as wanted:
        assert wanted
        (copy / "explain.csv").write_text("ours")
    texts = [path.read_text() for path in copy.rglob("*") if path.is_file() and path.suffix != ".npz"]
    assert texts.count("mine") == 4
    assert texts.count("my notes on it") == 1
    assert len(said) == 2


def test_what_is_moved_aside_takes_the_place_of_nothing(copy: Path, brief: Scenario) -> None:
    """Neither of a link that leads nowhere, nor of what was moved aside before and changed since."""
    (copy.parent / f"{copy.name}-2").symlink_to("nowhere")
    done = saved_runs.run_into(copy, brief, RUNS + 1, 7)
    assert (copy.parent / f"{copy.name}-2").is_symlink()
    assert (copy.parent / f"{copy.name}-3" / MANIFEST).exists()
    saved_runs.write_tables(copy, done.ensemble, "x", STARTED)
    for _ in range(2):
        (copy / "claims.csv").write_text("mine")
        saved_runs.write_tables(copy, done.ensemble, "x", STARTED)
        (first,) = copy.glob("claims.csv~????????")
        first.write_text("mine too")
    assert sorted(path.read_text() for path in copy.glob("claims.csv~*")) == ["mine", "mine too"]


def test_an_answer_from_more_runs_stays(copy: Path) -> None:
    said: list[str] = []
    for runs, wanted in ((1000, True), (500, False), (1000, True), (2000, True), (1999, False)):
        with results_folder.writing(copy, ["explain.csv"], runs, said.append) as wants:
            assert wants == wanted
            if wants:
                (copy / "explain.csv").write_text(f"of {runs}")
    assert (copy / "explain.csv").read_text() == "of 2000"
    assert "is of 2,000 runs and stays as it is" in said[-1]


def test_several_share_a_folder_and_others_do_not_replace_them(tmp_path: Path, brief: Scenario) -> None:
    other = replace(brief, name="other")
    first = results_folder.common_folder(tmp_path, [brief, other], 7)
    (first / "compare.csv").write_text("of the first")
    assert results_folder.common_folder(tmp_path, [brief, other], 7) == first == tmp_path / "compare"
    assert results_folder.common_folder(tmp_path, [other, brief], 7) == first
    again = results_folder.common_folder(tmp_path, [brief, other], 7)
    assert again != first
    assert (again / "compare.csv").read_text() == "of the first"


def test_what_one_left_that_was_killed_at_its_very_end_goes(copy: Path, brief: Scenario) -> None:
    files = block_files(copy, brief, RUNS, 7)
    files.make()
    (files.folder / Task(0, 1).file).write_bytes(b"x" * 9000)
    (copy / (UNFINISHED + 32 * "7")).write_text("half")
    assert saved_runs.find(copy.parent, brief, RUNS, 7) is not None
    assert not list(copy.glob(".blocks-*"))
    assert not list(copy.glob(".part-*"))


def test_a_fresh_run_that_is_stopped_goes_on(tmp_path: Path, brief: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "COMPUTED_RUNS", BLOCK_RUNS)
    copy = tmp_path / "copy"
    runs = 2 * BLOCK_RUNS
    saved_runs.write_tables(copy, saved_runs.run_into(copy, brief, runs, 7).ensemble, "x", STARTED)

    def stop(_runs: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        saved_runs.run_into(copy, brief, runs, 7, fresh=True, on_block=stop)
    assert saved_runs.run_into(copy, brief, runs, 7).state == "resumed"


def test_the_same_bytes_on_rewrite(folder: Path, brief: Scenario) -> None:
    before = {name: (folder / name).read_bytes() for name in saved_runs.TABLES if name != "manifest.json"}
    saved_runs.write_tables(folder, run(brief, RUNS, 7, workers=2), "other command", STARTED)
    assert before == {name: (folder / name).read_bytes() for name in before}


def test_outcomes(folder: Path, brief: Scenario) -> None:
    rows = _rows(folder / "outcomes.csv")
    assert [row["month"] for row in rows[::OUTCOMES]] == ["2018-03", "2018-04", "2018-05"]
    assert [row["outcome"] for row in rows[:OUTCOMES]] == [rule.name for rule in brief.case.outcomes]
    for month in range(3):
        of_month = rows[OUTCOMES * month : OUTCOMES * month + OUTCOMES]
        assert sum(int(row["count"]) for row in of_month) == RUNS
        assert sum(float(row["probability"]) for row in of_month) == pytest.approx(1, abs=5e-6)
        assert all(float(row["low"]) <= float(row["probability"]) <= float(row["high"]) for row in of_month)


def test_leverage(folder: Path, brief: Scenario) -> None:
    rows = _rows(folder / "leverage.csv")
    states = len(brief.case.states)
    assert len(rows) == 3 * states * (states - 1)
    for row in rows:
        levels = [float(row[name]) for name in ("q05", "q25", "q50", "q75", "q95")]
        assert levels == sorted(levels)
        assert levels[0] >= 0
        assert levels[-1] <= 1
        assert 0 <= float(row["mean"]) <= 1


def test_claims(folder: Path, brief: Scenario) -> None:
    rows = _rows(folder / "claims.csv")
    assert [row["claim"] for row in rows] == list(brief.ledger.claims)
    assert all(int(row["worlds_holds"]) + int(row["worlds_fails"]) == RUNS // 2 + 1 for row in rows)
    assert all(" p" in row["paragraphs"] for row in rows)


def test_runs(folder: Path, brief: Scenario) -> None:
    ensemble = ensemble_npz.load(folder / saved_runs.WORLDS, brief)
    assert ensemble is not None
    rows = _rows(folder / "runs.csv")
    assert [(int(row["run"]), int(row["world"])) for row in rows] == [(n, n // 2) for n in range(RUNS)]
    assert [row["outcome"] for row in rows] == [ensemble.names.outcomes[place] for place in ensemble.classes[-1]]
    for place, name in enumerate(ensemble.names.measures):
        written = [float(row[name] or "nan") for row in rows]
        assert np.allclose(written, ensemble.values[place], atol=5e-7, equal_nan=True)


def test_the_manifest_is_enough_to_repeat_the_run(folder: Path, brief: Scenario) -> None:
    told = json.loads((folder / "manifest.json").read_text())
    assert (told["seed"], told["runs"], told["months"], told["scenario"]) == (7, RUNS, 2, "baseline")
    assert told["files"] == dict(brief.files)
    assert told["started"] == "2026-11-22T09:30:00Z"
    assert set(told["versions"]) == {"summitry", "engine", "python", "numpy", "mesa"}
    assert sum(each["count"] for each in told["outcomes"].values()) == RUNS
    assert set(told["uncertainty"]["assumptions"]) == set(told["outcomes"])
    assert told["rows"]["note"] == ""


def test_no_column_is_a_formula(tmp_path: Path, brief: Scenario) -> None:
    claims = {id: replace(claim, mechanism="=cmd|' /C calc'!A0") for id, claim in brief.ledger.claims.items()}
    scenario = replace(brief, ledger=replace(brief.ledger, claims=claims))
    saved_runs.write_tables(tmp_path, replace(run(brief, 10, 7), scenario=scenario), "=1+1", STARTED)
    assert {row["mechanism"] for row in _rows(tmp_path / "claims.csv")} == {"'=cmd|' /C calc'!A0"}


def test_a_stopped_run_goes_on(tmp_path: Path, brief: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "COMPUTED_RUNS", BLOCK_RUNS)
    runs, told = 3 * BLOCK_RUNS, []

    def stop(block_runs: int) -> None:
        told.append(block_runs)
        if len(told) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        saved_runs.run_into(tmp_path, brief, runs, 7, on_block=stop)
    assert not any((tmp_path / name).exists() for name in saved_runs.TABLES)
    told = [0, 0]
    finished = saved_runs.run_into(tmp_path, brief, runs, 7, on_block=told.append)
    assert (finished.state, finished.kept) == ("resumed", 2 * BLOCK_RUNS)
    assert told[2:] == 3 * [BLOCK_RUNS]
    assert_same_bits(finished.ensemble, run(brief, runs, 7))
    assert list(tmp_path.glob(PREFIX + "*"))
    saved_runs.write_tables(tmp_path, finished.ensemble, "x", STARTED)
    assert not list(tmp_path.glob(PREFIX + "*"))


def test_a_fresh_run_forgets_the_log(tmp_path: Path, brief: Scenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "COMPUTED_RUNS", BLOCK_RUNS)

    def stop(_runs: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        saved_runs.run_into(tmp_path, brief, 2 * BLOCK_RUNS, 7, on_block=stop)
    assert saved_runs.run_into(tmp_path, brief, 2 * BLOCK_RUNS, 7, fresh=True).state == "new"


def test_rows_beyond_the_cap_are_told(tmp_path: Path, brief: Scenario) -> None:
    whole = run(brief, 100, 7)
    capped = replace(whole, classes=whole.classes[:, :40], values=whole.values[:, :40], holds=whole.holds[:, :20])
    saved_runs.write_tables(tmp_path, capped, "x", STARTED)
    told = json.loads((tmp_path / "manifest.json").read_text())["rows"]
    assert (told["kept"], told["of"]) == (40, 100)
    assert told["note"] == "runs.csv holds the first 40 of 100 runs; outcomes.csv and leverage.csv count every run"
    assert len(_rows(tmp_path / "runs.csv")) == 40


def test_a_disk_that_fills_up_while_a_block_is_written(
    tmp_path: Path, brief: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource

    monkeypatch.setattr(running, "COMPUTED_RUNS", BLOCK_RUNS)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
    try:
        with pytest.raises(CannotWrite) as told:
            saved_runs.run_into(tmp_path, brief, 3 * BLOCK_RUNS, 7)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert told.value.exit_code == 74
    assert not any((tmp_path / name).exists() for name in saved_runs.TABLES)


def test_links_anywhere_in_the_folder_lead_nowhere(copy: Path, brief: Scenario, tmp_path: Path) -> None:
    """A link at every name that a run writes: what it leads to is neither written nor deleted."""
    precious = tmp_path / "precious"
    precious.mkdir()
    for name in ("holiday.png", "notes.txt", ".part-0123456789abcdef0123456789abcdef"):
        (precious / name).write_text("mine")
    shutil.rmtree(copy)
    copy.mkdir()
    (copy / "figures").symlink_to(precious)
    (copy / ".part-mine").symlink_to(precious)
    block_files(copy, brief, RUNS, 7).folder.symlink_to(precious / "not there")
    for name in (*saved_runs.TABLES, saved_runs.PAGE, "explain.csv"):
        (copy / name).symlink_to(precious / "notes.txt")
    done = saved_runs.run_into(copy, brief, RUNS, 7)  # what is there is no run of ours: it is moved aside whole
    saved_runs.write_tables(copy, done.ensemble, "x", STARTED)
    (aside,) = (path for path in copy.parent.glob("baseline~*") if path != copy)
    for name in (saved_runs.PAGE, "explain.csv", "outcomes.csv"):
        with pytest.raises(InputError, match="leads out"), WholeFiles(aside) as files:
            files.write(name, [b"ours"])
    with pytest.raises(CannotWrite, match="is a link or no folder") as told, WholeFiles(aside, within="figures"):
        pytest.fail("written through a link")
    assert told.value.exit_code == 73
    assert sorted(path.name for path in precious.iterdir()) == sorted(
        ["holiday.png", "notes.txt", ".part-0123456789abcdef0123456789abcdef"]
    )
    assert {path.read_text() for path in precious.iterdir()} == {"mine"}


def test_a_link_planted_at_a_file_that_is_being_written_is_not_followed(tmp_path: Path) -> None:
    """The names of files that are not yet whole cannot be foreseen, and a folder that is swapped is not followed."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    ours.mkdir()
    theirs.mkdir()
    with WholeFiles(ours) as files:
        ours.rename(tmp_path / "moved")
        ours.symlink_to(theirs)
        files.write("outcomes.csv", [b"1"])
    assert list(theirs.iterdir()) == []
    assert (tmp_path / "moved" / "outcomes.csv").read_bytes() == b"1"


def test_an_archive_that_says_it_is_huge_takes_no_memory(copy: Path, brief: Scenario) -> None:
    """A header with ten million million numbers, and an archive that is packed: neither is read."""
    path = copy / saved_runs.WORLDS
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    huge = io.BytesIO()
    np.lib.format.write_array_header_1_0(huge, {"descr": "<f8", "fortran_order": False, "shape": (10**13,)})
    for packing, spoilt in ((zipfile.ZIP_STORED, {"moments.npy": huge.getvalue()}), (zipfile.ZIP_DEFLATED, {})):
        with zipfile.ZipFile(path, "w", packing) as archive:
            for name, data in (members | spoilt).items():
                archive.writestr(name, data)
        listed = results_folder.read_manifest(copy)
        listed[results_folder.FILES][saved_runs.WORLDS]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
        (copy / MANIFEST).write_text(json.dumps(listed))  # as a stranger would
        assert ensemble_npz.load(copy / saved_runs.WORLDS, brief) is None
        assert saved_runs.find(copy.parent, brief, RUNS, 7) is None


@pytest.mark.parametrize(
    "text",
    [
        "{", "[]", "null", '{"results": 7}', '{"results": {"outcomes.csv": 1}}', "[" * 100_000,
        f'{{"identity": {{"a": {900 * "["}{900 * "]"}}}}}',
    ],
)  # fmt: skip
def test_a_strangers_manifest_is_no_fault_of_ours(copy: Path, brief: Scenario, text: str) -> None:
    (copy / MANIFEST).write_text(text)
    assert saved_runs.find(copy.parent, brief, RUNS, 7) is None
    done = saved_runs.run_into(copy, brief, RUNS, 7)
    saved_runs.write_tables(copy, done.ensemble, "x", STARTED)
    assert saved_runs.find(copy.parent, brief, RUNS, 7) is not None


@pytest.mark.parametrize("planted", ['"command": 5', '"started": null'])
def test_a_strangers_entry_is_no_fault_of_ours(copy: Path, brief: Scenario, planted: str) -> None:
    """Also where a file is written again, and where another one is listed."""
    whole = (copy / MANIFEST).read_text("utf-8")
    (copy / MANIFEST).write_text(whole.rstrip().removesuffix("}") + f", {planted}}}", "utf-8")
    (copy / "claims.csv").write_text("damaged")
    found = saved_runs.find(copy.parent, brief, RUNS, 7)
    done = found or saved_runs.run_into(copy, brief, RUNS, 7)
    saved_runs.write_tables(copy, done.ensemble, "x", STARTED)
    assert not results_folder.damaged(copy, saved_runs.TABLES[1:])


@pytest.mark.parametrize("runs", ["NaN", "1e400", '"many"', "null", "[]", '7, "more": NaN', '7, "more": [1e400]'])
def test_a_strangers_numbers_are_not_believed(copy: Path, runs: str) -> None:
    manifest = (copy / MANIFEST).read_text("utf-8").replace(f'"runs": {RUNS}', f'"runs": {runs}')
    (copy / MANIFEST).write_text(manifest, "utf-8")
    with results_folder.writing(copy, ["claims.csv"], 10) as wanted:
        assert wanted


@pytest.mark.usefixtures("ends_in_a_minute")
def test_pipes_anywhere_in_the_folder_are_not_waited_for(copy: Path, brief: Scenario) -> None:
    """A pipe at every name that is read or written; opening one waits until somebody opens its other end."""
    names = (MANIFEST, saved_runs.WORLDS, "claims.csv", results_folder.LOCK_NAME)
    for name in names:
        (copy / name).unlink()
        os.mkfifo(copy / name)
    assert saved_runs.find(copy.parent, brief, RUNS, 7) is None
    with pytest.raises(CannotWrite) as told:
        saved_runs.run_into(copy, brief, RUNS, 7)
    assert told.value.exit_code == 73
    (copy / results_folder.LOCK_NAME).unlink()
    files = block_files(copy, brief, RUNS, 7)
    files.make()
    os.mkfifo(files.folder / Task(0, RUNS).file)
    assert files.read(Task(0, RUNS)) is None
    done = saved_runs.run_into(copy, brief, RUNS, 7)
    saved_runs.write_tables(copy, done.ensemble, "x", STARTED)
    assert not results_folder.damaged(copy, saved_runs.TABLES[1:])


def test_a_clock_that_goes_backwards_changes_nothing(tmp_path: Path, brief: Scenario) -> None:
    folder = saved_runs.folder_for(tmp_path, brief, 60, 7)
    for started in (datetime(2040, 1, 1, tzinfo=UTC), datetime(1971, 1, 1, tzinfo=UTC)):
        done = saved_runs.run_into(folder, brief, 60, 7)
        saved_runs.write_tables(folder, done.ensemble, "x", started)
        for path in folder.iterdir():
            os.utime(path, (started.timestamp(), started.timestamp()))
        found = saved_runs.find(tmp_path, brief, 60, 7)
        assert found is not None
        assert found.state == "again"
