"""Columns to the bytes of a CSV: UTF-8 with a mark in front, six decimals, and nothing that a spreadsheet would run."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

MARK = b"\xef\xbb\xbf"  # tells spreadsheets that it is UTF-8
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_OBEYED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")  # by a terminal
_CHUNK = 1024  # rows formatted at a time


def cell(text: object) -> str:
    """A text as one cell: formulas are made harmless with an apostrophe, quotes and separators quoted."""
    plain = _OBEYED.sub("", str(text))
    if plain.startswith(_FORMULA):
        plain = "'" + plain
    return '"' + plain.replace('"', '""') + '"' if any(mark in plain for mark in ',"\n\r') else plain


def number(value: float | None) -> str:
    """Six decimals; nothing where there is no finite number."""
    if value is None or not np.isfinite(value):
        return ""
    return _no_minus_zero(f"{value:.6f}")


def _no_minus_zero(text: str) -> str:
    return text.replace("-0.000000", "0.000000")


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A small table: floats with six decimals, whole numbers as they are, None as nothing, the rest as text."""
    lines = [",".join(map(cell, header)), *(",".join(map(_any, row)) for row in rows)]
    return MARK + ("\n".join(lines) + "\n").encode()


def _any(value: object) -> str:
    if value is None or isinstance(value, float | np.floating):
        return number(None if value is None else float(value))
    return str(value) if isinstance(value, int | np.integer) else cell(value)


def large_table(header: Sequence[str], columns: Sequence[Any], rows: int) -> Iterator[bytes]:
    """A large table in pieces. A column is whole numbers, float32 numbers, or (places, texts)."""
    yield MARK + (",".join(map(cell, header)) + "\n").encode()
    for first in range(0, rows, _CHUNK):
        chunk = slice(first, min(first + _CHUNK, rows))
        values: list[Any] = [None] * (len(columns) * (chunk.stop - first))
        formats = []
        for place, column in enumerate(columns):
            form, values[place :: len(columns)] = _column(column, chunk)
            formats.append(form)
        lines = (",".join(formats) + "\n") * (chunk.stop - first)  # one format for all: twice as fast as line by line
        yield _no_minus_zero(lines % tuple(values)).encode()


def _column(column: Any, chunk: slice) -> tuple[str, list[Any]]:
    """How each value is written, and the values."""
    if isinstance(column, tuple):
        places, texts = column
        cells = [cell(text) for text in texts]
        return "%s", [cells[place] for place in places[chunk].tolist()]
    values = column[chunk]
    if values.dtype.kind in "iu":
        return "%d", values.tolist()
    if not np.isfinite(values).all():
        return "%s", [number(value) for value in values.tolist()]
    return "%.6f", values.tolist()
