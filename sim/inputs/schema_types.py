"""The words that scenario files and source cards are made of: numbers, ranges, switches, months, names.

Each check says in plain words what is allowed; :mod:`sim.inputs.schema_faults` turns what pydantic finds into faults.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    Strict,
    StringConstraints,
    Tag,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

LARGEST = 1_000_000
MOST_MONTHS = 1200
PARTIAL = "partial"  # validation context: one file of a chain, whose maps may be completed by what it inherits
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


class Part(BaseModel):
    """A map with known keys. A scenario may give some of them; the rest is inherited."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


def refuse(allowed: str) -> PydanticCustomError:
    """An error whose message says what is allowed."""
    return PydanticCustomError("allowed", "{allowed}", {"allowed": allowed})


def _switch(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("on", "off"):
        return bool(value == "on")
    raise refuse("on or off")


def _month(value: Any) -> int | str:
    if isinstance(value, str) and _MONTH.fullmatch(value):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST:
        return value
    raise refuse("a month such as 2018-03, or a whole number from 0, which is the first month")


def _calendar_month(value: Any) -> str:
    if isinstance(value, str) and _MONTH.fullmatch(value):
        return value
    raise refuse("a month such as 2018-03")


def _date(value: Any) -> str:
    if isinstance(value, str) and _DATE.fullmatch(value) and _in_calendar(value):
        return value
    raise refuse("a date such as 2018-03-29")


def _in_calendar(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _expression(value: Any) -> str:
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return repr(value)
    raise refuse("an expression: names, numbers, + - * / ( ) min max")


def month_of(text: str) -> tuple[int, int]:
    """Year and month of `2018-03` or of `2018-03-29`."""
    return int(text[:4]), int(text[5:7])


Switch: TypeAlias = Annotated[bool, PlainValidator(_switch), WithJsonSchema({"enum": ["on", "off", True, False]})]
Month: TypeAlias = Annotated[
    int | str,
    PlainValidator(_month),
    WithJsonSchema({"anyOf": [{"type": "string", "pattern": _MONTH.pattern}, {"type": "integer", "minimum": 0}]}),
]
CalendarMonth: TypeAlias = Annotated[
    str, PlainValidator(_calendar_month), WithJsonSchema({"type": "string", "pattern": f"^{_MONTH.pattern}$"})
]
Date: TypeAlias = Annotated[
    str, PlainValidator(_date), WithJsonSchema({"type": "string", "pattern": f"^{_DATE.pattern}$"})
]
ExpressionText: TypeAlias = Annotated[
    str,
    PlainValidator(_expression),
    WithJsonSchema({"type": ["string", "number"], "description": "An expression."}),
]
Number: TypeAlias = Annotated[float, Strict(), Field(ge=-LARGEST, le=LARGEST, allow_inf_nan=False)]
NotNegative: TypeAlias = Annotated[float, Strict(), Field(ge=0, le=LARGEST, allow_inf_nan=False)]
Share: TypeAlias = Annotated[float, Strict(), Field(ge=0, le=1, allow_inf_nan=False)]
Text: TypeAlias = Annotated[str, StringConstraints(strict=True, min_length=1)]
# A name that stands in expressions, and one that never does.
Name: TypeAlias = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=40)]
Slug: TypeAlias = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Source: TypeAlias = Annotated[
    str | None,
    Field(description="Where the number comes from: a paragraph, a reference or 'our assumption'."),
]
Confidence: TypeAlias = Literal["high", "medium", "low", "silent"]


class Corners(Part):
    """A triangular distribution: lowest, likeliest and highest value, drawn once per world."""

    low: Number = Field(description="The lowest value.")
    mode: Number = Field(description="The likeliest value.")
    high: Number = Field(description="The highest value.")

    @model_validator(mode="after")
    def _in_order(self) -> Corners:
        if not self.low <= self.mode <= self.high:
            raise refuse("low, mode and high in rising order")
        return self


class UnitCorners(Corners):
    """A triangular distribution between 0 and 1."""

    low: Share = Field(description="The lowest value, from 0.")
    mode: Share = Field(description="The likeliest value.")
    high: Share = Field(description="The highest value, to 1.")


def number_or_map(value: Any) -> str:
    """Which branch of a union is meant, so that only its faults are reported."""
    return "<map>" if isinstance(value, dict | BaseModel) else "<number>"


def switch_or_map(value: Any) -> str:
    """As :func:`number_or_map`, for switches."""
    return "<map>" if isinstance(value, dict | BaseModel) else "<switch>"


RangeOrNumber: TypeAlias = Annotated[
    Annotated[Number, Tag("<number>")] | Annotated[Corners, Tag("<map>")], Discriminator(number_or_map)
]
UnitRange: TypeAlias = Annotated[
    Annotated[Share, Tag("<number>")] | Annotated[UnitCorners, Tag("<map>")], Discriminator(number_or_map)
]
