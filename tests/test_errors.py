"""Faults print as one clean line each, whatever a stranger wrote."""

import pickle
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import (
    Busy,
    CannotWrite,
    Fault,
    InputError,
    Place,
    SummitryError,
    clean_text,
    did_you_mean,
    field_name,
)

PLACE = Place("a.yaml", 3, 7)


def test_a_fault_is_one_line_with_place_field_value_and_what_is_allowed() -> None:
    assert str(Fault(PLACE, "assume.coding", "thrid", "first, second or pooled")) == (
        "a.yaml:3:7: assume.coding: thrid; first, second or pooled"
    )


def test_an_option_has_no_line() -> None:
    fault = Fault(Place("--set assume.parameters.a0", 0, 0), "value", "lots", "a number")
    assert str(fault) == "--set assume.parameters.a0: value: lots; a number"


def test_long_values_are_cut() -> None:
    assert str(Fault(PLACE, "title", "x" * 61, "shorter")) == f"a.yaml:3:7: title: {'x' * 59}…; shorter"
    assert str(Fault(PLACE, "title", "x" * 60, "shorter")) == f"a.yaml:3:7: title: {'x' * 60}; shorter"


@given(st.text(), st.text(), st.text(), st.text())
def test_a_fault_is_printable_and_one_line_always(file: str, field: str, value: str, allowed: str) -> None:
    line = str(Fault(Place(file, 1, 1), field, value, allowed))
    assert len(line.splitlines()) == 1
    line.encode("utf-8")
    assert not [c for c in line if unicodedata.category(c) in ("Cc", "Cs") or "\u202a" <= c <= "\u202e"]


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("plain é 한국 ½", "plain é 한국 ½"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bPq#0\x1b\\text", "text"),
        ("\x1b]0;never closed", "0;never closed"),
        ("\x1bcreset", "reset"),
        ("two\nlines\ttabbed\r", "two lines tabbed "),
        ("line\u2028separator", "line separator"),
        ("NUL\0bell\x07del\x7f", "NULbelldel"),
        ("right\u202eleft\u2066iso\u200f", "rightleftiso"),
        ("half \ud800", "half \ufffd"),
        ("\u200dwoman\u200c", "\u200dwoman\u200c"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
    ],
)
def test_clean_text_strips_what_a_terminal_obeys(dirty: str, clean: str) -> None:
    assert clean_text(dirty, 60) == clean


@given(st.text(), st.integers(min_value=1, max_value=80))
def test_clean_text_keeps_its_limit_and_is_settled(text: str, limit: int) -> None:
    once = clean_text(text, limit)
    assert len(once) <= limit
    assert clean_text(once, limit) == once


@pytest.mark.parametrize("bomb", ["\x90" * 2_000_000, "\x1b]" * 1_000_000, "\x1b[" + "0" * 2_000_000])
def test_clean_text_is_quick_on_hostile_text(bomb: str) -> None:
    assert len(clean_text(bomb, 5_000)) <= 5_000


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("tensoin", ' (did you mean "tension"?)'),
        ("us", ' (did you mean "US"?)'),
        ("Tension", ' (did you mean "tension"?)'),
        ("zzz", ""),
        ("", ""),
        ("tension" * 10_000, ""),
    ],
)
def test_did_you_mean(word: str, said: str) -> None:
    assert did_you_mean(word, {"tension", "tariffs", "US"}) == said


def test_did_you_mean_cleans_what_it_suggests() -> None:
    assert did_you_mean("evil", ["evil\x1b[2J"]) in (' (did you mean "evil"?)', "")


@pytest.mark.parametrize(
    ("path", "name"),
    [((), ""), (("a",), "a"), (("a", "b", 2, "c"), "a.b[2].c"), ((0, 1), "[0][1]"), ((0, "a"), "[0].a")],
)
def test_field_name(path: tuple[str | int, ...], name: str) -> None:
    assert field_name(path) == name


def test_input_errors_are_sorted_by_place_without_doubles() -> None:
    late, early = Fault(Place("a", 10, 1), "x", "1", "2"), Fault(Place("a", 9, 5), "y", "1", "2")
    other = Fault(Place("b", 1, 1), "z", "1", "2")
    error = InputError([other, late, early, late])
    assert error.faults == (early, late, other)
    assert str(error) == f"{early}\n{late}\n{other}"


def test_an_input_error_needs_a_fault() -> None:
    with pytest.raises(ValueError, match="at least one fault"):
        InputError([])


def test_exit_statuses() -> None:
    assert SummitryError("ours").exit_code == 70
    assert InputError([Fault(PLACE, "a", "b", "c")]).exit_code == 2
    assert CannotWrite("no such folder", 73).exit_code == 73
    assert CannotWrite("disk full", 74).exit_code == 74
    assert Busy("in use").exit_code == 75
    with pytest.raises(ValueError, match="73 or 74"):
        CannotWrite("disk full", 1)


@pytest.mark.parametrize(
    "error", [InputError([Fault(PLACE, "a", "b", "c")]), CannotWrite("disk full", 74), Busy("in use")]
)
def test_errors_cross_process_borders(error: SummitryError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), copy.exit_code) == (type(error), str(error), error.exit_code)
