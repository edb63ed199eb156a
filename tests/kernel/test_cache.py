"""What is kept is believed only where it is whole, ours and the right one; else it is made again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.inputs.scenario import load_scenario
from sim.kernel import cache, compiled


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "cache" / "summitry"
    monkeypatch.setattr(cache, "folder", lambda: place)
    return place


def test_what_was_kept_comes_back(folder: Path) -> None:
    assert cache.kept("a") is None
    cache.keep("a", b"compiled")
    assert cache.kept("a") == b"compiled"
    assert cache.kept("b") is None
    assert [path.name for path in folder.iterdir()] == ["a.compiled"]


def test_what_is_used_stays_and_the_rest_goes_oldest_first(folder: Path) -> None:
    for place in range(cache._MOST_KEPT + 5):
        cache.keep(str(place), b"compiled")
        os.utime(folder / f"{place}.compiled", (1000 + place, 1000 + place))
        assert cache.kept("0") == b"compiled"
    assert len(list(folder.iterdir())) == cache._MOST_KEPT
    assert cache.kept("1") is None


def test_a_file_under_another_key_is_not_believed(folder: Path) -> None:
    cache.keep("a", b"compiled")
    (folder / "a.compiled").rename(folder / "b.compiled")
    assert cache.kept("b") is None


@pytest.mark.parametrize("at", [0, 30, 60, -1])
def test_a_damaged_file_is_not_believed(folder: Path, at: int) -> None:
    cache.keep("a", b"compiled")
    path = folder / "a.compiled"
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    assert cache.kept("a") is None
    path.write_bytes(bytes(data[:20]))
    assert cache.kept("a") is None


@pytest.mark.skipif(os.name == "nt", reason="modes and links are POSIX's")
@pytest.mark.parametrize("what", ["file", "folder", 0o720, 0o702])
def test_links_and_what_others_can_write_are_not_loaded(folder: Path, what: str | int) -> None:
    cache.keep("a", b"compiled")
    path = folder / "a.compiled"
    if what == "file":
        path.rename(folder / "elsewhere")
        path.symlink_to(folder / "elsewhere")
    elif what == "folder":
        folder.rename(folder.with_name("elsewhere"))
        folder.symlink_to(folder.with_name("elsewhere"))
    for place in (path, folder) if isinstance(what, int) else ():
        place.chmod(what)
        assert cache.kept("a") is None
        place.chmod(0o700)
    assert (cache.kept("a") is None) == isinstance(what, str)


def test_a_cache_that_cannot_be_written_only_costs_time(folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("a file stands where the folder should be")
    cache.keep("a", b"compiled")
    assert cache.kept("a") is None


def test_a_spoilt_cache_is_mended_by_the_next_run(folder: Path) -> None:
    plan = load_scenario("history", months=1)
    compiled._compiled.cache_clear()
    first = compiled.compiled(plan).play(plan, 1, 0, 200)
    (path,) = folder.glob("*.compiled")
    whole = path.read_bytes()
    path.write_bytes(whole[:-1000] + bytes(1000))
    compiled._compiled.cache_clear()
    again = compiled.compiled(plan).play(plan, 1, 0, 200)
    np.testing.assert_array_equal(first.counts, again.counts)
    assert path.read_bytes() == whole
    compiled._compiled.cache_clear()


def test_a_run_that_finds_its_file_imports_neither_mesa_nor_pandas(tmp_path: Path) -> None:
    program = (
        "import sys; from sim.inputs.scenario import load_scenario; from sim.ensemble.run import run; "
        "run(load_scenario('history'), 300, 1); print(sorted({'mesa', 'pandas', 'scipy'} & set(sys.modules)))"
    )
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "LOCALAPPDATA": str(tmp_path), "HOME": str(tmp_path)}
    command = [sys.executable, "-c", program]
    said = []
    for at_once in (2, 1):  # first two that compile at the same time
        going = [subprocess.Popen(command, env=environment, text=True, stdout=-1, stderr=-1) for _ in range(at_once)]
        said += [each.communicate() for each in going]
        assert not any(each.returncode for each in going)
    assert all(errors == "" for _, errors in said)
    assert ["mesa" in out for out, _ in said[:2]] == [True, True]
    assert said[2][0].strip() == "[]"
    assert [path.suffix for path in tmp_path.rglob("*") if path.is_file()] == [".compiled"]


def test_without_wasmtime_the_mesa_model_plays(monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.ensemble.block import play_block

    monkeypatch.setattr(compiled, "_wasmtime_version", lambda: None)
    plan = load_scenario("history", months=2)
    assert compiled.engine_of(plan) == "mesa"
    assert play_block(plan, 1, 0, 64).counts[-1].sum() == 64


@pytest.mark.parametrize(
    "file", ["model/diplomacy.py", "kernel/wasm.py", "inputs/arithmetic.py", "inputs/expressions.py", "vocabulary.py"]
)
def test_a_change_of_what_is_compiled_is_compiled_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str
) -> None:
    shutil.copytree(cache._PACKAGE, tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__", "shipped"))
    monkeypatch.setattr(cache, "_PACKAGE", tmp_path / "sim")
    scenario, keys = load_scenario("history"), []
    for line in ("", "# edited\n"):
        with (tmp_path / "sim" / file).open("a") as program:
            program.write(line)
        cache.hash_of_program.cache_clear()
        keys.append(compiled._key(scenario))
    cache.hash_of_program.cache_clear()
    assert keys[0] != keys[1]
