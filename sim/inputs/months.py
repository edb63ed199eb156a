"""Months and dates of scenario files and source cards: as they are written, and counted from the first month."""

import re
from datetime import date
from typing import Annotated, Any, TypeAlias

from pydantic import Field, WithJsonSchema

from sim.inputs.schema_types import LARGEST, is_number, only

MOST_MONTHS = 1200
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


def _is_month(value: Any) -> bool:
    return isinstance(value, str) and MONTH.fullmatch(value) is not None


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and _DATE.fullmatch(value) is not None and bool(date.fromisoformat(value))
    except ValueError:  # the 31st of a month that has none
        return False


def month_of(text: str) -> tuple[int, int]:
    """Year and month of `2018-03` or of `2018-03-29`."""
    return int(text[:4]), int(text[5:7])


def month_number(month: int | str, first_month: tuple[int, int]) -> int:
    """The number of a month counted from the first, negative before it.

    >>> month_number("2019-01", (2018, 3))
    10
    """
    if isinstance(month, int):
        return month
    year, number = month_of(month)
    return (year - first_month[0]) * 12 + number - first_month[1]


def written_month(month: Any, first_month: tuple[int, int] | None) -> int | None:
    """The number of a month as it is written, None where it is none or cannot be counted from the first."""
    if isinstance(month, str) and first_month and MONTH.fullmatch(month):
        return month_number(month, first_month)
    return month if isinstance(month, int) and not isinstance(month, bool) else None


def first_month_in(data: Any) -> tuple[int, int] | None:
    """Year and month of the first month in a file's raw data, None where none is written as it should be."""
    text = data.get("first_month")
    return month_of(text) if _is_month(text) else None


Month: TypeAlias = Annotated[
    int | str,
    only(
        lambda value: _is_month(value) or (isinstance(value, int) and is_number(value) and 0 <= value <= LARGEST),
        "a month such as 2018-03, or a whole number from 0, which is the first month",
    ),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": MONTH.pattern}, {"type": "integer", "minimum": 0}]}),
]
LastMonth: TypeAlias = Annotated[  # a month of the calendar is counted before this is checked
    int,
    Field(ge=0, le=MOST_MONTHS),
    WithJsonSchema({
        "anyOf": [
            {"type": "integer", "minimum": 0, "maximum": MOST_MONTHS},
            {"type": "string", "pattern": f"^{MONTH.pattern}$"},
        ]
    }),
]  # fmt: skip
CalendarMonth: TypeAlias = Annotated[
    str, only(_is_month, "a month such as 2018-03"), WithJsonSchema({"type": "string", "pattern": f"^{MONTH.pattern}$"})
]
Date: TypeAlias = Annotated[
    str,
    only(_is_date, "a date such as 2018-03-29"),
    WithJsonSchema({"type": "string", "pattern": f"^{_DATE.pattern}$"}),
]
