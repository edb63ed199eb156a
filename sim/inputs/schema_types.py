"""The parts of scenario files and source cards: numbers, ranges, switches, expressions, names.

Each check says in plain words what is allowed; :mod:`sim.inputs.schema_faults` turns pydantic's errors into faults.
Text that names something of the case is marked with the kind of name (`Refers`), an expression with the names that it
may use (`Formula`); :func:`sim.inputs.name_checks.check_references` looks these up in the raw data.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Annotated, Any, Literal, TypeAlias, TypeVar, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    PlainValidator,
    PrivateAttr,
    Strict,
    StringConstraints,
    Tag,
    TypeAdapter,
    WithJsonSchema,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sim.inputs.expressions import Expression, ExpressionError, parse_expression

LARGEST = 1_000_000
PARTIAL = "partial"  # validation context: one file of a chain, whose maps may be completed by what it inherits
_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?%")


class Part(BaseModel):
    """A map with known keys. A scenario may give some of them; the rest is inherited."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _empty(cls, given: Any) -> Any:
        """A map or list in which every entry is commented out is empty, as if it were not there."""
        if not isinstance(given, dict) or None not in given.values():
            return given
        return {key: value for key, value in given.items() if value is not None or key not in _may_be_empty(cls)}


@lru_cache(maxsize=256)
def _may_be_empty(model: type[BaseModel]) -> frozenset[str]:
    """The keys of a model that may be left out and hold a map or a list."""
    return frozenset(
        info.alias or name
        for name, info in model.model_fields.items()
        if not info.is_required()
        and (get_origin(kind := info.annotation) in (dict, list) or (isinstance(kind, type) and issubclass(kind, Part)))
    )


class Named(Part):
    """A map whose name is its key in the map around it."""

    _name: str = PrivateAttr("")

    @property
    def name(self) -> str:
        # Asked for in every month: pydantic's own way takes ten times as long.
        return str((self.__pydantic_private__ or {}).get("_name", ""))

    def called(self: N, name: str) -> N:
        """The same with another name."""
        copy = self.model_copy()
        copy._name = name
        return copy


N = TypeVar("N", bound=Named)


def _give_names(found: dict[str, N]) -> dict[str, N]:
    for name, each in found.items():
        each._name = name
    return found


BY_NAME = AfterValidator(_give_names)  # of a dict[str, Named]


def refuse(allowed: str) -> PydanticCustomError:
    """An error whose message says what is allowed."""
    return PydanticCustomError("allowed", "{allowed}", {"allowed": allowed})


def _version(value: Any) -> Any:
    if isinstance(value, str | bool | float):  # True and 1.0 equal 1, but are not how a version is written
        raise refuse("only 1, without quotation marks" if isinstance(value, str) else "only 1")
    return value


def _six_words(phrase: str) -> str:
    if len(phrase.split()) > 6:
        raise refuse("at most six words: the text belongs to its author")
    return phrase


def _switch(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in ("on", "off"):
        return bool(value == "on")
    raise refuse("on or off")


def only(fits: Callable[[Any], bool], allowed: str) -> PlainValidator:
    """A check that takes values that fit unchanged, and refuses others with what is allowed."""

    def check(value: Any) -> Any:
        if fits(value):
            return value
        raise refuse(allowed)

    return PlainValidator(check)


def is_number(value: Any) -> bool:
    """Whether a value is a number; true and false are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


_parsed = lru_cache(maxsize=8192)(parse_expression)


def read_expression(value: Any) -> Expression:
    """The expression written as text or a number. Raises PydanticCustomError that says what is allowed."""
    if isinstance(value, Expression):
        return value
    if is_number(value):
        return parse_expression(value)
    if not isinstance(value, str) or not value.strip():
        raise refuse("an expression: names, numbers, + - * / ( ) min max")
    try:
        return _parsed(value)
    except ExpressionError as error:
        raise refuse(str(error)) from None


@dataclass(frozen=True)
class Refers:
    """Marks text that names something of the case: `what` says what, in words that a message can use."""

    what: str


@dataclass(frozen=True)
class Formula:
    """Marks an expression, and says which names it may use: one of `scopes` in `sim.inputs.name_checks.Names`."""

    scope: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(read_expression)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": ["string", "number"], "description": "An expression."}


@dataclass(frozen=True)
class Drawn:
    """Marks a :class:`Range` that is written in this form: as a number or as corners."""

    form: Any

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(given: Any, check: Callable[[Any], Any]) -> Range:
            return given if isinstance(given, Range) else range_of(check(given))

        return core_schema.no_info_wrap_validator_function(read, handler.generate_schema(self.form))


Switch: TypeAlias = Annotated[bool, PlainValidator(_switch), WithJsonSchema({"enum": ["on", "off", True, False]})]


def percent(value: Any) -> Any:
    """`80%` as 0.8; anything else as it is.

    >>> percent("80%"), percent("x"), percent(3)
    (0.8, 'x', 3)
    """
    found = _PERCENT.fullmatch(value) if isinstance(value, str) else None
    return float(found[1]) / 100 if found else value


_Finite: TypeAlias = Annotated[float, BeforeValidator(percent), Strict(), Field(allow_inf_nan=False)]
Number: TypeAlias = Annotated[_Finite, Field(ge=-LARGEST, le=LARGEST)]
NotNegative: TypeAlias = Annotated[_Finite, Field(ge=0, le=LARGEST)]
Share: TypeAlias = Annotated[_Finite, Field(ge=0, le=1)]
Text: TypeAlias = Annotated[str, StringConstraints(strict=True, min_length=1)]


def _within_a_sentence(text: str) -> str:
    """Refuses a full stop (but that of `U.S.`) and a capital article, and says how the text should read."""
    fit = text.strip()
    fit = fit if re.search(r"\.\w+\.$", fit) else fit.rstrip(".!?:;, ")
    fit = re.sub("^(The|An?) ", lambda article: article[0].lower(), fit)
    if fit and fit != text.strip():
        raise refuse(f"words that fit within a sentence, without a stop at the end or a capital article: {fit}")
    return text


LABEL = "What charts and sentences call it: a noun phrase that fits within a sentence, `water won by the Delta`."
Version: TypeAlias = Annotated[Literal[1], BeforeValidator(_version)]
Phrase: TypeAlias = Annotated[Text, AfterValidator(_six_words)]
Words: TypeAlias = Annotated[Text, AfterValidator(_within_a_sentence)]  # used within our sentences
WEB = r"^https?://\S+$"  # an address
FILE = r"^[^./\\:][^/\\:]*$"  # a name without folders
# A name that expressions use, and one that they never use.
Name: TypeAlias = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=40)]
Slug: TypeAlias = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Source: TypeAlias = Annotated[
    str | None,
    Field(description="Where the number comes from: a paragraph, a reference or 'our assumption'."),
]
Confidence: TypeAlias = Literal["high", "medium", "low", "silent"]


@dataclass(frozen=True)
class Range:
    """A triangular distribution: lowest, likeliest and highest value; fixed where low equals high."""

    low: float
    mode: float
    high: float

    @property
    def fixed(self) -> bool:
        return self.low == self.high

    def __str__(self) -> str:
        """In words: `0.5`, or `0.5 (0.25 to 1)`."""
        return f"{self.mode:g}" if self.fixed else f"{self.mode:g} ({self.low:g} to {self.high:g})"


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


def map_or(other: str) -> Discriminator:
    """Which branch of a union is meant, so that only its faults are reported: `<map>`, or the other."""
    return Discriminator(lambda value: "<map>" if isinstance(value, dict | BaseModel) else other)


def range_of(given: float | Corners) -> Range:
    """A number or corners as a range."""
    corners = (given.low, given.mode, given.high) if isinstance(given, Corners) else (given,) * 3
    return Range(*map(float, corners))


_ANY = Annotated[Annotated[Number, Tag("<number>")] | Annotated[Corners, Tag("<map>")], map_or("<number>")]
_UNIT = Annotated[Annotated[Share, Tag("<number>")] | Annotated[UnitCorners, Tag("<map>")], map_or("<number>")]
RangeOrNumber: TypeAlias = Annotated[Range, Drawn(_ANY)]
UnitRange: TypeAlias = Annotated[Range, Drawn(_UNIT)]
WeightRange: TypeAlias = Annotated[Range, Drawn(UnitCorners)]

StateName: TypeAlias = Annotated[str, Refers("state")]
VariableName: TypeAlias = Annotated[str, Refers("variable")]
LeverName: TypeAlias = Annotated[str, Refers("lever")]
TieName: TypeAlias = Annotated[str, Refers("tie")]
IssueName: TypeAlias = Annotated[str, Refers("issue")]
PairName: TypeAlias = Annotated[str, Refers("pair")]
ParameterName: TypeAlias = Annotated[str, Refers("parameter")]
ClaimName: TypeAlias = Annotated[str, Refers("claim")]
MechanismName: TypeAlias = Annotated[Slug, Refers("mechanism")]
Present: TypeAlias = Annotated[Expression, Formula("present")]
Tally: TypeAlias = Annotated[Expression, Formula("tallies")]
Choice: TypeAlias = Annotated[Expression, Formula("choice")]
Meeting: TypeAlias = Annotated[Expression, Formula("meeting")]
Constant: TypeAlias = Annotated[Expression, Formula("constants")]

Mark: TypeAlias = Refers | Formula


@dataclass
class FormPlace:
    """What a form says of a place: its known keys, its marks (and whether each is the key's), and what it says of the
    places inside, by key; `dict` and `list` stand for every step.
    """

    keys: dict[str, FieldInfo] = field(default_factory=dict)
    marks: list[tuple[Mark, bool]] = field(default_factory=list)
    inside: dict[Any, FormPlace] = field(default_factory=dict)

    @cached_property
    def marked(self) -> bool:
        """Whether anything is marked here or inside; known once the whole form is taken."""
        return bool(self.marks) or any(each.marked for each in self.inside.values())

    def take(self, form: Any, at_key: bool = False) -> None:
        """Adds what a form says; of a union, what all branches say."""
        if isinstance(form, Mark):
            self.marks += [(form, at_key)] if (form, at_key) not in self.marks else []
        elif isinstance(form, type) and issubclass(form, BaseModel):
            for name, info in form.model_fields.items():
                key = info.alias or name
                self.keys.setdefault(key, info)
                for part in (info.annotation, *info.metadata):
                    self.inside.setdefault(key, FormPlace()).take(part)
        elif (kind := get_origin(form)) in (dict, list):
            entry = self.inside.setdefault(kind, FormPlace())
            for key in get_args(form)[:-1]:
                entry.take(key, at_key=True)
            entry.take(get_args(form)[-1])
        else:
            for part in [form.form] if isinstance(form, Drawn) else get_args(form):
                self.take(part, at_key)


@lru_cache(maxsize=16)
def places_in(form: TypeAdapter[Any]) -> FormPlace:
    """What a form says of every place in its data."""
    whole = FormPlace()
    whole.take(form._type)
    return whole
