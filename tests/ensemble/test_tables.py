"""CSV bytes: numbers as `%.6f` writes them, cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.ensemble import tables
from sim.ensemble.tables import MARK, cell, large_table, number, table

OBEYED = "".join(character for character in map(chr, range(0x206A)) if cell(character + "x") == "x")  # by a terminal
FLOATS = st.floats(width=32, allow_nan=True, allow_infinity=True)


def _read(data: bytes) -> list[list[str]]:
    assert data.startswith(MARK)
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


@given(arrays(np.float32, st.integers(1, 40), elements=FLOATS))
def test_columns_of_numbers_are_written_as_one_number_is(values: np.ndarray) -> None:
    rows = _read(b"".join(large_table(["a", "b"], [np.arange(len(values)), values], len(values))))
    assert rows == [["a", "b"], *([str(place), number(float(value))] for place, value in enumerate(values))]


@given(st.floats(0, 2, width=32))
def test_six_decimals(value: float) -> None:
    (line,) = b"".join(large_table(["a"], [np.array([value], dtype=np.float32)], 1)).splitlines()[1:]
    assert line.decode() == f"{value:.6f}".replace("-0.000000", "0.000000")


def test_no_number_leaves_an_empty_cell() -> None:
    assert [number(None), number(float("nan")), number(float("inf")), number(-1e-9)] == ["", "", "", "0.000000"]


def test_whole_numbers_have_no_leading_zeros() -> None:
    whole = np.array([0, 7, 10, 99_999, 100_000])
    assert b"".join(large_table(["n"], [whole], 5)) == MARK + b"n\n0\n7\n10\n99999\n100000\n"


def test_pieces_make_one_table(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = [np.arange(100), (np.arange(100) % 3, ("short", "=long, quoted", "é")), np.linspace(0, 9, 100)]
    whole = b"".join(large_table(["n", "name", "x"], columns, 100))
    monkeypatch.setattr(tables, "_CHUNK", 7)
    assert b"".join(large_table(["n", "name", "x"], columns, 100)) == whole
    assert _read(whole)[2] == ["1", "'=long, quoted", "0.090909"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("x","y")'])
def test_formulas_are_made_harmless(text: str) -> None:
    assert _read(table(["a"], [(text,)]))[1] == ["'" + text.replace("\r", "\r")]


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r" + OBEYED), max_size=30))
def test_any_text_comes_back(text: str) -> None:
    found = _read(table(["a", "b"], [(text, 1)]))[1]
    assert found == ["'" + text if text.startswith(("=", "+", "-", "@", "\t")) else text, "1"]


def test_cells_of_a_small_table() -> None:
    rows = [("a,b", 3, 0.5, None), ('say "x"', np.int64(4), np.float32(0.25), float("nan"))]
    assert table(["w", "x", "y", "z"], rows) == MARK + b'w,x,y,z\n"a,b",3,0.500000,\n"say ""x""",4,0.250000,\n'
    assert cell("a\0b") == "ab"
