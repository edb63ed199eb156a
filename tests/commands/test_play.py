"""``summitry play`` on another case, and as a process of its own whose terminal goes away."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess

from commands.conftest import ROOT, program, surroundings

OTHER = ("--case", str(ROOT / "tests/other_case"))


def test_a_game_on_another_case_speaks_of_it_alone(summitry, monkeypatch, tmp_path):
    monkeypatch.setattr("sys.stdin", io.StringIO("1\nhint\n" * 30))
    said = summitry("play", "river", "--as", "DELTA,UPLANDS", "--worlds", "8", "--months", "5", *OTHER)
    assert (said.status, said.err) == (0, "")
    assert "Debrief" in said.out
    assert not [
        word for word in ("DPRK", "Korea", "Kim", "Trump", "sanctions", "arsenal", "mirage") if word in said.out
    ]
    page = next((tmp_path / "results" / "play").glob("*/game.debrief.html")).read_text("utf-8")
    assert "default-src &#39;none&#39;" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_of_too_few_worlds_no_margin_is_told(summitry, monkeypatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    said = summitry("play", "river", "--as", "DELTA", "--worlds", "3", "--months", "1", *OTHER)
    assert "in 3 fresh worlds)" in said.out


def test_a_killed_game_has_lost_nothing(tmp_path):
    words = program("play", "history", "--as", "US", "--worlds", "8", "--months", "1", "--out", str(tmp_path))
    with subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=surroundings(), cwd=tmp_path
    ) as game:
        game.stdin.write(b"press\n")
        game.stdin.flush()
        seen = b""
        while b"2018-04 (month 1" not in seen:
            seen += game.stdout.read1()
        game.send_signal(signal.SIGKILL)
    (folder,) = (tmp_path / "play").iterdir()
    kept = json.loads((folder / "game.json").read_text("utf-8"))
    assert [decision["choice"] for decision in kept["decisions"]] == ["press"]
    assert "United States> press" in (folder / "game.transcript.txt").read_text("utf-8")


def test_a_lost_terminal_has_lost_nothing(tmp_path):
    import pty

    mine, theirs = pty.openpty()
    words = program("play", "history", "--as", "US", "--worlds", "8", "--months", "1", "--out", str(tmp_path))
    options = {"stdin": theirs, "stdout": theirs, "stderr": theirs, "start_new_session": True}
    with subprocess.Popen(words, env=surroundings(), cwd=tmp_path, **options) as game:
        os.close(theirs)
        _read_until(mine, b"United States> ")
        os.write(mine, b"press\n")
        _read_until(mine, b"2018-04 (month 1")
        os.close(mine)
        assert game.wait(60) == 74
    (folder,) = (tmp_path / "play").iterdir()
    assert len(json.loads((folder / "game.json").read_text("utf-8"))["decisions"]) == 1


def _read_until(terminal: int, words: bytes) -> None:
    seen = b""
    while words not in seen:
        seen += os.read(terminal, 4096)
