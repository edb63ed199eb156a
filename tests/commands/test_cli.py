"""The table of commands, and the boundary where every error ends in a line and a status."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from commands.conftest import program, start, surroundings, without_bar
from sim import __version__, cli
from sim.commands.options import WholeNumber
from sim.errors import Busy, CannotWrite, Fault, InputError, Place

HEAVY = ("numpy", "mesa", "yaml", "pydantic", "matplotlib", "scipy", "pandas", "tqdm")


def test_help_loads_nothing_heavy(tmp_path):
    code = f"import sys\nfrom sim.cli import main\nmain(['--help'])\nprint(sorted(set({HEAVY!r}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=surroundings(), capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert "Usage: summitry" in done.stdout


SLOWEST = ("mesa", "matplotlib", "scipy", "pandas")


def test_each_command_explains_itself_without_loading_what_is_slow(tmp_path):
    code = (
        "import sys\nfrom sim import cli\n"
        "names = cli.cli.list_commands(None)\n"
        "texts = [cli.main([name, '--help']) for name in names]\n"
        f"print(sorted(set({SLOWEST!r}) & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=surroundings(), capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert done.stdout.count("--case DIR") == len(cli.cli.list_commands(None)) > 5


def test_without_a_command_the_help_is_shown(summitry):
    said = summitry()
    assert (said.status, said.err) == (0, "")
    assert "Usage: summitry" in said.out
    assert "not a forecast" in " ".join(said.out.split())


@pytest.mark.parametrize("name", [*cli.COMMANDS, "classroom x"])
def test_no_help_line_is_cut(summitry, name):
    _, *lines = summitry(*name.split(), "--help").out.splitlines()  # the first shows the arguments
    assert not [line for line in lines if line.endswith("...")]


def test_version(summitry):
    said = summitry("--version")
    assert (said.status, said.out) == (0, f"summitry {__version__}\n")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("lst",), 'no command lst (did you mean "list"?)'),
        (("qqqq",), "no command qqqq; summitry --help lists the commands"),
        (("run",), "Missing argument 'SCENARIO...'"),
        (("run", "xi-first", "--sed", "3"), "--seed"),
        (("run", "xi-first", "-n", "many"), "'many' is not a whole number"),
        (("run", "xi-first", "-n", "10.000"), "'10.000' is not a whole number, such as 10000 or 10k"),
        (("run", "xi-first", "--months", "2018/12"), "a month such as 2018-12"),
        (("run", "xi-first", "-n", "0"), "at least 1"),
        (("run", "xi-first", "--seed", "-1"), "at least 0"),
        (("story", "xi-first", "--run", "1", "--outcome", "mirage"), "not both"),
        (("claims", "verify"), "claims verify DIR"),
    ],
)
def test_usage_errors_end_with_2_and_a_hint(summitry, words, hint):
    said = summitry(*words)
    assert said.status == 2
    assert said.out == ""
    assert hint in said.err
    assert "Traceback" not in said.err


def test_escapes_in_a_command_name_do_not_reach_the_terminal(summitry):
    said = summitry("ru\x1b[31mn\x07x")
    assert said.status == 2
    assert "\x1b" not in said.err
    assert "\x07" not in said.err


@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        (
            InputError([Fault(Place("a.yaml", 3, 5), "months", "-1", "at least 0")]),
            2,
            "a.yaml:3:5: months: -1; at least 0",
        ),
        (CannotWrite("results: read-only", 73), 73, "results: read-only"),
        (Busy("results: somebody else is writing there"), 75, "results: somebody else is writing there"),
        (KeyboardInterrupt("stopped; to go on: summitry run"), 130, "stopped; to go on: summitry run"),
        (KeyboardInterrupt(), 130, "summitry: stopped"),
        (BrokenPipeError(), 74, ""),
        (MemoryError(), 70, "not enough memory"),
        (OSError(errno.ENAMETOOLONG, "File name too long", "xxx"), 2, "xxx: the name is longer than any file's"),
        (OSError(errno.EMFILE, "Too many open files"), 70, "summitry: the system gives no more: Too many open files"),
        (ZeroDivisionError("a \x1b[1mfault"), 70, "ZeroDivisionError: a fault. Please report it"),
    ],
)
def test_every_error_ends_in_one_line_and_its_status(monkeypatch, capsys, error, status, line):
    def fail(words):
        raise error

    monkeypatch.setattr(cli, "_invoke", fail)
    assert cli.main(["list"]) == status
    said = capsys.readouterr()
    assert said.out == ""
    assert line in said.err
    assert len(said.err.splitlines()) <= 1
    assert "Traceback" not in said.err


def test_a_traceback_is_there_for_whoever_asks(monkeypatch, capsys):
    def fail(words):
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "_invoke", fail)
    monkeypatch.setenv("SUMMITRY_DEBUG", "1")
    assert cli.main(["list"]) == 70
    assert "Traceback" in capsys.readouterr().err


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A line of bash in which SUMMITRY stands for the command."""
    command = line.replace("SUMMITRY", f'"{sys.executable}" -m sim')
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=surroundings(), capture_output=True, text=True, check=False
    )


if sys.platform != "win32":  # pipes and descriptors as a Unix shell has them

    def test_a_reader_that_leaves_is_no_fault(tmp_path):
        done = shell("SUMMITRY run history -n 100 --no-charts | head -1; exit ${PIPESTATUS[0]}", tmp_path)
        assert done.stdout == "History as planned, March 2018 to November 2019\n"
        assert without_bar(done.stderr) == ""
        assert done.returncode == 74
        assert list(tmp_path.glob("results/history~*/manifest.json"))  # the work went on without its reader

    def test_a_closed_output_is_noticed_before_any_work(tmp_path):
        done = shell("SUMMITRY run history -n 100 >&-", tmp_path)
        assert done.returncode == 74
        assert done.stderr == "summitry: cannot write to standard output: it is closed\n"
        assert not (tmp_path / "results").exists()


if os.path.exists("/dev/full"):

    @pytest.mark.parametrize("more", ["", " --json"])
    def test_a_full_output_is_said_in_a_line_and_the_files_are_written(tmp_path, more):
        done = shell(f"SUMMITRY run history -n 100 --no-charts{more} >/dev/full", tmp_path)
        assert done.returncode == 74
        said = without_bar(done.stderr)
        assert len(said.splitlines()) == 1
        assert said.startswith("summitry: cannot write to standard output: ")
        assert list(tmp_path.glob("results/history~*/*.csv"))


def test_python_dash_m_sim_is_the_same(tmp_path):
    done = start("list", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("baseline\n")
    assert program("list")[1:3] == ["-m", "sim"]


def test_blas_threads_are_settled_before_numpy_is_there(tmp_path):
    environment = surroundings()
    environment.pop("OPENBLAS_NUM_THREADS", None)
    code = "import sys, os, sim.cli; print(os.environ['OPENBLAS_NUM_THREADS'], 'numpy' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == "1 False\n"


@pytest.mark.parametrize(
    ("text", "number"),
    [("10000", 10_000), ("10_000", 10_000), ("10,000", 10_000), ("1e4", 10_000), (" 7 ", 7), ("1e12", 10**12)],
)
def test_whole_numbers_as_people_write_them(text, number):
    assert WholeNumber(0).convert(text, None, None) == number


@pytest.mark.parametrize("text", ["", "1.5", "nan", "inf", "-1e400", "0x10", "٣", "9" * 5000, "--", "1e", "1e5000"])
def test_what_is_no_whole_number(text):
    with pytest.raises(click.BadParameter):
        WholeNumber(0).convert(text, None, None)


@pytest.mark.filterwarnings("always")
def test_numbers_beyond_all_bounds_are_a_line(summitry, tmp_path):
    """No warning with a line of the program, as Python would print it."""
    measure = "measures: {huge: {value: 1e39, label: huge, source: ours}}"
    (tmp_path / "huge.yaml").write_text(f"schema: 1\nextends: baseline\ntitle: H\nquestion: Q?\n{measure}\n")
    said = summitry("run", str(tmp_path / "huge.yaml"), "-n", "40", "--months", "1", "--no-charts", "--engine", "mesa")
    assert said.status == 0
    assert said.err.startswith("summitry: a number grew beyond all bounds")
    assert ".py" not in said.err
