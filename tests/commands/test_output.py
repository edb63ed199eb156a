"""What is shown while somebody waits, and that nothing is shown to nobody."""

from __future__ import annotations

import io
import sys

import pytest

from sim.commands.output import meanwhile, progress


class Watched(io.StringIO):
    """A standard error that somebody looks at."""

    def isatty(self):
        return True


def test_a_word_that_is_gone_when_the_work_is_done(monkeypatch):
    stream = Watched()
    monkeypatch.setattr(sys, "stderr", stream)
    with meanwhile("drawing"):
        assert stream.getvalue() == "drawing ..."
    assert stream.getvalue() == "drawing ...\r           \r"


def test_the_word_goes_when_the_work_fails_too(monkeypatch):
    stream = Watched()
    monkeypatch.setattr(sys, "stderr", stream)
    with pytest.raises(ZeroDivisionError), meanwhile("drawing"):
        raise ZeroDivisionError
    assert stream.getvalue().endswith("\r")


@pytest.mark.parametrize("stream", [io.StringIO(), None])
def test_nothing_is_said_where_nobody_looks(monkeypatch, stream):
    monkeypatch.setattr(sys, "stderr", stream)
    with meanwhile("drawing"), progress(100) as advance:
        advance(60)
        advance(40)
    assert stream is None or stream.getvalue() == ""


def test_a_bar_counts_runs(monkeypatch):
    stream = Watched()
    monkeypatch.setattr(sys, "stderr", stream)
    import tqdm

    made = []

    class Noted(tqdm.tqdm):
        def __init__(self, **options):
            made.append(options)
            super().__init__(**{**options, "delay": 0, "mininterval": 0})

    monkeypatch.setattr(tqdm, "tqdm", Noted)
    with progress(2000) as advance:
        advance(1000)
    assert made[0]["delay"] == 1
    assert "50%" in stream.getvalue()
    assert "1.00k/2.00k" in stream.getvalue()
