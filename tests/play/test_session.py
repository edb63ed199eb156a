"""A sitting at the table, as a player meets it: typed lines in, screens and files out."""

import io
import json
import re
import subprocess
import sys

import pytest

from sim.cli import main
from sim.play.terminal import LONGEST_LINE, read_line

pytestmark = pytest.mark.usefixtures("no_pixels")
SMALL = ["--worlds", "8", "--months", "1"]


class Typed(io.StringIO):
    """Standard input from a list of lines."""

    def isatty(self):
        return False


@pytest.fixture
def sit(monkeypatch, tmp_path, capsys):
    def run(lines, *words, columns=80):
        monkeypatch.setenv("COLUMNS", str(columns))
        monkeypatch.setattr("sys.stdin", Typed("".join(f"{line}\n" for line in lines)))
        where = [] if "--load" in words else ["--out", str(tmp_path)]
        status = main(["play", *words, *where])
        shown = capsys.readouterr()
        return status, shown.out, shown.err

    return run


def folders(tmp_path):
    return sorted((tmp_path / "play").iterdir())


def test_a_game_from_the_first_month_to_the_debrief(sit, tmp_path):
    status, out, err = sit(["look", "1", "hold"], "history", "--as", "US", *SMALL)
    assert (status, err) == (0, "")
    for words in (
        "You want",
        "score +",
        "Leverage, yours/theirs",
        "seems to want",
        "What you can do",
        "What happened in 2018-04",
        "Debrief",
        "the least expected in your world",
        "1,000 model players",
        "Not a forecast",
    ):
        assert words in out
    (folder,) = folders(tmp_path)
    assert {path.name for path in folder.iterdir()} >= {
        "game.json",
        "game.transcript.txt",
        "game.debrief.html",
        "game.debrief.png",
        "game.debrief.svg",
        "game.debrief.txt",
    }
    assert "United States> hold" in (folder / "game.transcript.txt").read_text("utf-8")


def test_which_claims_hold_is_not_told_before_the_debrief(sit):
    _, out, _ = sit(["hint", "why DPRK", "1"], "history", "--as", "US", *SMALL)
    assert "least expected" not in out
    assert "Held (" not in out


def test_bad_moves_get_a_line_and_cost_nothing(sit, tmp_path):
    status, out, _ = sit(
        ["bomb", "99", "", "save", "load", "load nowhere.json", "undo", "why XX", "quit"],
        "history",
        "--as",
        "US",
        *SMALL,
    )
    assert status == 0
    for words in (
        "No such move: bomb",
        "There is no 99",
        "Type a number",
        "name the saved game",
        "No such file",
        "nothing to take back",
        "why STATE",
    ):
        assert words in out
    assert json.loads((folders(tmp_path)[0] / "game.json").read_text("utf-8"))["decisions"] == []


def test_names_that_no_file_can_have_get_a_line_and_cost_nothing(sit, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loop").symlink_to("loop")
    names = ["/", ".", "a\0b", 190 * "é", "loop"]
    lines = [f"{word} {name}" for name in names for word in ("save", "load")]
    status, out, err = sit([*lines, "quit"], "history", "--as", "US", *SMALL)
    assert (status, err) == (0, "")
    assert out.count("The game goes on.") >= len(lines) - 1  # a copy may be called loop.json


def test_a_game_whose_transcript_cannot_be_written_is_not_loaded(sit, tmp_path):
    sit(["1", "quit"], "history", "--as", "US", *SMALL)
    other = tmp_path / "other" / "game.json"
    other.parent.mkdir()
    other.write_bytes((folders(tmp_path)[0] / "game.json").read_bytes())
    other.with_suffix(".transcript.txt").mkdir()
    status, out, err = sit([f"load {other}", "hint", "quit"], "history", "--as", "US", *SMALL)
    assert (status, err) == (0, "")
    assert "The game goes on." in " ".join(out.split())
    assert "quit\n" in (folders(tmp_path)[1] / "game.transcript.txt").read_text("utf-8")


def test_a_line_without_end_takes_no_memory(monkeypatch):
    class Endless(io.StringIO):
        def readline(self, size=-1):
            assert 0 < size < 10_000
            return super().readline(size)

    monkeypatch.setattr("sys.stdin", Endless(5000 * "x" + "\nnext\n"))
    assert [read_line(), read_line(), read_line()] == [LONGEST_LINE * "x", "next", None]


def test_closed_input_keeps_the_game_and_says_how_to_go_on(sit, tmp_path):
    status, out, _ = sit(["1"], "history", "--as", "US", *SMALL)
    kept = folders(tmp_path)[0] / "game.json"
    assert status == 0
    assert re.sub(r"\s", "", f"Input has ended. The game is kept; to go on: summitry play --load {kept}") in re.sub(
        r"\s", "", out
    )
    assert len(json.loads(kept.read_text("utf-8"))["decisions"]) == 1


def test_no_standard_input_at_all(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("sys.stdin", None)
    assert main(["play", "history", "--as", "US", *SMALL, "--out", str(tmp_path)]) == 0
    assert "Input has ended" in capsys.readouterr().out


def test_a_game_that_goes_on_is_the_game_that_was_not_stopped(sit, tmp_path):
    sit(["press"], "history", "--as", "US", *SMALL)
    first = folders(tmp_path)[0] / "game.json"
    status, _, _ = sit(["hold"], "--load", str(first))
    assert status == 0
    sit(["press", "hold"], "history", "--as", "US", *SMALL)
    second = folders(tmp_path)[1] / "game.json"
    assert json.loads(first.read_text("utf-8")) == json.loads(second.read_text("utf-8"))
    ends = [(path.parent / "game.debrief.txt").read_text("utf-8") for path in (first, second)]
    assert ends[0] == ends[1]
    assert "United States> press" in (first.parent / "game.transcript.txt").read_text("utf-8")


def test_undo_takes_back_what_was_decided(sit, tmp_path):
    sit(["press", "undo", "ease", "quit"], "history", "--as", "US", *SMALL)
    kept = json.loads((folders(tmp_path)[0] / "game.json").read_text("utf-8"))
    assert [decision["choice"] for decision in kept["decisions"]] == ["ease"]


def test_a_copy_is_saved_and_loaded_at_the_table(sit, tmp_path):
    copy = tmp_path / "copy.json"
    sit([f"save {copy}", "press", f"save {copy}", f"load {copy}", "ease", "quit"], "history", "--as", "US", *SMALL)
    assert [decision["choice"] for decision in json.loads(copy.read_text("utf-8"))["decisions"]] == ["ease"]
    original = json.loads((folders(tmp_path)[0] / "game.json").read_text("utf-8"))
    assert [decision["choice"] for decision in original["decisions"]] == ["press"]


def test_two_people_take_turns_and_meet(sit):
    scenario = ["history", "--as", "DPRK,PRC", "--worlds", "8", "--months", "0"]
    status, out, _ = sit(["as-planned", "1", "2", "come", "come", "accept", "1"], *scenario)
    assert status == 0
    assert "2018-03 (month 0 of 0): North Korea" in out
    assert "2018-03 (month 0 of 0): China" in out
    assert '"restraint for a looser border" is signed' in out.replace("\n  ", " ")


def test_a_window_of_forty_columns(sit):
    _, out, _ = sit(["hint", "help", "why DPRK", "1", "1"], "history", "--as", "US", *SMALL, columns=40)
    before_files = out.split("Written:")[0]
    long = [line for line in before_files.splitlines() if len(line) > 40 and "/" not in line]
    assert long == []


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["history"], 2, "--as"),
        (["--as", "US"], 2, "SCENARIO"),
        (["history", "--as", "USA"], 2, "US"),
        (["history", "--as", "US,US"], 2, "once"),
        (["history", "--load", "x.json"], 2, "--load"),
        (["--load", "nowhere.json"], 2, "nowhere.json"),
        (["histry", "--as", "US"], 2, "history"),
        (["history", "--as", "US", "--worlds", "1"], 2, "worlds"),
    ],
)
def test_bad_usage(sit, words, status, said):
    got, _, err = sit([], *words)
    assert got == status
    assert said in err
    assert "Traceback" not in err


def test_a_broken_save_is_one_line(sit, tmp_path):
    path = tmp_path / "broken.json"
    path.write_text('{"format": "summitry-game",', encoding="utf-8")
    status, out, err = sit([], "--load", str(path))
    assert status == 2
    assert out == ""
    assert err.count("\n") == 1
    assert "broken.json:1:" in err


def test_ctrl_c_keeps_the_game(monkeypatch, tmp_path, capsys):
    class Interrupted(Typed):
        def readline(self, *_):
            raise KeyboardInterrupt

    monkeypatch.setattr("sys.stdin", Interrupted())
    assert main(["play", "history", "--as", "US", *SMALL, "--out", str(tmp_path)]) == 130
    assert "--load" in capsys.readouterr().err


def test_a_game_that_somebody_sits_at_is_busy(sit, tmp_path):
    """Who comes second is told so in one line, and the first one's game stays as it is."""
    sit(["press", "quit"], "history", "--as", "US", *SMALL)
    (folder,) = folders(tmp_path)
    path = folder / "game.json"
    before = path.read_bytes()
    holder = (
        "import sys; from pathlib import Path; from sim.ensemble.results_folder import hold\nwith "
        "hold(Path(sys.argv[1])): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        other.stdout.readline()
        status, out, err = sit(["1"], "--load", str(path))
        other.stdin.close()
    assert (status, out, err.count("\n")) == (75, "", 1)
    assert "somebody else is writing there" in err
    assert path.read_bytes() == before
