"""The screen: width, characters, colour, bars."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as some

from sim.views.text.screen import Screen, columns, with_bars


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    encoding = "utf-8"

    def isatty(self):
        return True


@pytest.mark.parametrize(("asked", "width"), [("200", 80), ("80", 80), ("60", 60), ("3", 24), ("", 80)])
def test_never_wider_than_80_columns(monkeypatch, asked, width):
    monkeypatch.setenv("COLUMNS", asked)
    assert Screen.here(io.StringIO()).width == width


def test_colour_only_on_a_terminal_that_wants_it(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert Screen.here(Terminal()).colour
    assert Screen.here(Terminal()).strong("a") == "\x1b[1ma\x1b[0m"
    assert not Screen.here(io.StringIO()).colour
    monkeypatch.setenv("TERM", "dumb")
    assert not Screen.here(Terminal()).colour
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    assert not Screen.here(Terminal()).colour


@pytest.mark.parametrize(
    ("encoding", "unicode"), [("utf-8", True), ("ascii", False), ("latin-1", False), ("nonsense", False)]
)
def test_characters_that_the_encoding_has(encoding, unicode):
    stream = Terminal()
    stream.encoding = encoding
    assert Screen.here(stream).unicode is unicode


def test_plain_characters():
    screen = Screen(unicode=False)
    assert screen.text("1 ± 2 – “x” …") == '1 +/- 2 - "x" ...'
    assert screen.bar(0.5, 10) == "#####"
    assert screen.cut("a long line", 8) == "a lon..."


@given(some.floats(0, 1), some.integers(1, 40))
def test_bars_are_as_long_as_their_share(share, width):
    bar = Screen().bar(share, width)
    assert len(bar) <= width
    assert (bar == "") == (share == 0)
    assert abs(len(bar) - share * width) <= 1


@given(some.text(max_size=400), some.integers(24, 80))
def test_paragraphs_keep_within_the_screen(text, width):
    lines = Screen(width).paragraph(text, "  ", "    ").split("\n")
    assert max(map(len, lines)) <= width


def test_names_are_not_broken_at_their_hyphens():
    assert "conditional-disarmament-offer" in Screen(40).paragraph(
        "of these: shared-aim-us-out, conditional-disarmament-offer"
    )


@pytest.mark.parametrize(("width", "shown"), [(80, 4), (30, 4), (24, 3), (14, 2), (5, 2)])
def test_columns_go_from_the_last_where_room_ends(width, shown):
    rows = [("name", "runs", "share", "interval"), ("mirage", "12", "3.0%", "2-4%")]
    assert [len(line.split()) for line in columns(rows, Screen(width))] == [shown, shown]


@pytest.mark.parametrize(("width", "longest"), [(80, 20), (30, 18), (17, 5), (16, 0)])
def test_bars_take_the_room_there_is(width, longest):
    lines = with_bars(["name   one", "mirage two"], [0.1, 0.4], Screen(width))
    assert [line.count("█") for line in lines] == [longest // 4, longest]
    assert max(map(len, lines)) <= width
