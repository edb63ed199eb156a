"""Where results go, and files that appear whole or not at all."""

from __future__ import annotations

import errno
from dataclasses import replace
from pathlib import Path

import pytest

from sim.ensemble.safe_files import UNFINISHED, WholeFiles, clean, inside, prepare, write_whole
from sim.ensemble.saved_runs import folder_for
from sim.errors import CannotWrite, InputError
from sim.inputs.scenario import Scenario, load_scenario


def test_a_plain_run_goes_to_its_name(tmp_path: Path) -> None:
    assert folder_for(tmp_path, load_scenario("baseline")) == tmp_path / "baseline"
    assert folder_for(tmp_path, load_scenario("baseline", months=20)) == tmp_path / "baseline"


def test_any_other_run_has_a_folder_of_its_own(tmp_path: Path, brief: Scenario) -> None:
    plain = load_scenario("baseline")
    others = [replace(plain, overrides=(f"assume.parameters.a0={value}",)) for value in (0.5, 0.6)]
    folders = [folder_for(tmp_path, each) for each in (brief, *others, replace(plain, engine="mesa"))]
    folders += [
        folder_for(tmp_path, plain, runs=200),
        folder_for(tmp_path, plain, runs=400),
        folder_for(tmp_path, plain, seed=1),
    ]
    assert len(set(folders)) == 7
    assert all(folder.parent == tmp_path and folder.name.startswith("baseline~") for folder in folders)


def test_a_name_that_no_folder_can_have_is_told_before_work(tmp_path: Path, brief: Scenario) -> None:
    with pytest.raises(CannotWrite, match="cannot write there: File name too long") as told:
        folder_for(tmp_path / ("x" * 300), brief)
    assert told.value.exit_code == 73


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../a", "/a", "a\\b", "a\0b"])
def test_names_stay_inside(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="leads out of the folder"):
        inside(tmp_path, name)


def test_links_stay_inside(tmp_path: Path, brief: Scenario) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    (out / "real").mkdir(parents=True)
    elsewhere.mkdir()
    (out / "alias").symlink_to("real")
    assert inside(out, "alias") == out / "alias"
    (out / "loop").symlink_to("loop")
    for name, target in (("away", elsewhere), ("up", Path("..")), ("nowhere", Path("../not-there"))):
        (out / name).symlink_to(target)
    for name in ("away", "up", "nowhere", "loop"):
        with pytest.raises(InputError, match="leads out"):
            inside(out, name)
    (tmp_path / "linked-out").symlink_to(out)
    assert folder_for(tmp_path / "linked-out", brief).parent == tmp_path / "linked-out"


def test_a_place_that_cannot_be_made_is_told_before_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file" / "run", tmp_path / "file", Path("/proc/summitry/run"), Path("/dev/full/run")):
        with pytest.raises(CannotWrite) as told:
            prepare(folder)
        assert told.value.exit_code == 73
        assert "\n" not in str(told.value)


def test_preparing_leaves_nothing(tmp_path: Path) -> None:
    prepare(tmp_path / "a" / "b")
    assert list((tmp_path / "a" / "b").iterdir()) == []


def test_files_appear_together(tmp_path: Path) -> None:
    with WholeFiles(tmp_path) as files:
        files.write("one", [b"1"])
        files.write("two", [b"2", b"2"])
        assert not (tmp_path / "one").exists()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"one": b"1", "two": b"22"}


def test_files_do_not_appear_when_something_goes_wrong(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"old")

    def write_and_stop() -> None:
        with WholeFiles(tmp_path) as files:
            files.write("one", [b"new"])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_and_stop()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"one": b"old"}


def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    def write_too_much() -> None:
        with WholeFiles(tmp_path) as files:
            files.write("first", [b"1"])
            with files.file("second"):
                raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(CannotWrite, match="No space left") as told:
        write_too_much()
    assert told.value.exit_code == 74
    assert list(tmp_path.iterdir()) == []


def test_a_link_in_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    folder, outside = tmp_path / "run", tmp_path / "outside"
    folder.mkdir()
    outside.write_bytes(b"theirs")
    (folder / "outcomes.csv").symlink_to(outside)
    with pytest.raises(InputError, match="leads out"):
        write_whole(folder / "outcomes.csv", [b"ours"])
    assert outside.read_bytes() == b"theirs"


def test_leftovers_are_cleaned(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    left = UNFINISHED + 32 * "0"
    (tmp_path / left).write_bytes(b"half")
    (tmp_path / "figures" / left).write_bytes(b"half")
    (tmp_path / f"{UNFINISHED}mine").mkdir()
    (tmp_path / "keep.csv").write_bytes(b"whole")
    clean(tmp_path)
    assert sorted(path.name for path in tmp_path.rglob("*")) == [f"{UNFINISHED}mine", "figures", "keep.csv"]
