"""Expressions: names, numbers, `+ - * / ( ) min max`, and nothing else.

    sum     := product (("+" | "-") product)*
    product := factor (("*" | "/") factor)*
    factor  := "-" factor | number | name | ("min" | "max") "(" sum ("," sum)+ ")" | "(" sum ")"

An expression is text in a stranger's file. Python's own parser never reads it, and its length, depth and number of
operations are limited.
"""

import math
import operator
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce
from typing import NoReturn

from sim.errors import clean_text, did_you_mean

FUNCTIONS = ("min", "max")
MOST_CHARACTERS = 1_000
MOST_LEVELS = 32
MOST_OPERATIONS = 200

_TOKEN = re.compile(
    r"[ \t\r\n]*(?:(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)|(?P<symbol>[-+*/(),])|(?P<end>\Z))"
)
PROGRAM = "_program"  # attribute in which `sim.inputs.arithmetic` keeps an expression's function


class Expression:
    """A number, a name or an operation on expressions; frozen, compared by value."""

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that the value depends on."""
        return frozenset(name.name for name in names_in(self))

    @property
    def text(self) -> str:
        """The expression written with the fewest brackets; parsed again it is the same expression."""
        return _write(self)[0]

    def __getstate__(self) -> dict[str, object]:
        """The tree as sent to a worker, without what can be computed again."""
        return {name: value for name, value in self.__dict__.items() if name not in (PROGRAM, "names")}


@dataclass(frozen=True)
class Number(Expression):
    """A finite number."""

    value: float


@dataclass(frozen=True)
class Name(Expression):
    """A variable, perhaps dotted; `position` is its first character (from 1) in the text it was read from."""

    name: str
    position: int = field(default=1, compare=False)


@dataclass(frozen=True)
class Operation(Expression):
    """`+ - * /` of two operands, `-` of one, `min` and `max` of two or more."""

    symbol: str
    operands: tuple[Expression, ...]


def simplify(expression: Expression, constants: Mapping[str, float]) -> Expression:
    """The expression with these names as numbers, and every part without names computed.

    Neutral operations (+ 0, * 1) are removed, and a product with 0 is 0, as in evaluation. Values do not change, not
    even in the last bit.
    """
    if isinstance(expression, Name):
        value = constants.get(expression.name)
        return expression if value is None else Number(float(value))
    if not isinstance(expression, Operation):
        return expression
    operands = []
    for operand in expression.operands:
        operands.append(simplify(operand, constants))
    simple = Operation(expression.symbol, tuple(operands))
    if all(isinstance(operand, Number) for operand in operands):
        value = _on_numbers(simple.symbol, [operand.value for operand in operands if isinstance(operand, Number)])
        return Number(value) if math.isfinite(value) else simple
    return _drop_neutral(simple)


def quotient(dividend: float, divisor: float) -> float:
    """The quotient, 0 where the divisor is 0."""
    return dividend / divisor if divisor else 0.0


ON_FLOATS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": quotient, "min": min, "max": max,
}  # fmt: skip


def _on_numbers(symbol: str, numbers: list[float]) -> float:
    """An operation on plain numbers, from left to right, as evaluating does it."""
    if len(numbers) == 1:
        return -numbers[0]
    return reduce(ON_FLOATS[symbol], numbers)


def _drop_neutral(operation: Operation) -> Expression:
    """The operation without a 0 or 1 that changes nothing; 0 where a 0 decides."""
    symbol, (left, *others) = operation.symbol, operation.operands
    right = others[0] if others else None
    if symbol in "*/" and Number(0.0) in (left, right):
        return Number(0.0)
    if (symbol in "+-" and right == Number(0.0)) or (symbol in "*/" and right == Number(1.0)):
        return left
    if right and ((symbol == "+" and left == Number(0.0)) or (symbol == "*" and left == Number(1.0))):
        return right
    return operation


def names_in(expression: Expression) -> Iterator[Name]:
    """The names, from left to right."""
    waiting = [expression]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Name):
            yield part
        elif isinstance(part, Operation):
            waiting.extend(reversed(part.operands))


_SUM, _PRODUCT, _FACTOR = 1, 2, 3
_BINDING = {"+": _SUM, "-": _SUM, "*": _PRODUCT, "/": _PRODUCT}


def _write(expression: Expression) -> tuple[str, int]:
    """The text of an expression, and the precedence of its operator."""
    if isinstance(expression, Number):
        return repr(expression.value).removesuffix(".0"), _FACTOR
    if isinstance(expression, Name):
        return expression.name, _FACTOR
    assert isinstance(expression, Operation)
    symbol, operands = expression.symbol, expression.operands
    if symbol in FUNCTIONS:
        return f"{symbol}({', '.join(operand.text for operand in operands)})", _FACTOR
    if len(operands) == 1:
        return f"-{_bracketed(operands[0], _FACTOR)}", _FACTOR
    binding = _BINDING[symbol]
    return f"{_bracketed(operands[0], binding)} {symbol} {_bracketed(operands[1], binding + 1)}", binding


def _bracketed(expression: Expression, needed: int) -> str:
    """The text of an operand, in brackets where its precedence is lower than needed."""
    text, binding = _write(expression)
    return text if binding >= needed else f"({text})"


class ExpressionError(ValueError):
    """An expression that cannot be used: what is wrong, and at which character (from 1)."""

    def __init__(self, message: str, position: int) -> None:
        super().__init__(message, position)
        self.message = message
        self.position = position

    def __str__(self) -> str:
        return f"{self.message} (character {self.position})"


def parse_expression(text: str | int | float) -> Expression:
    """The expression written as a text or a bare number. Raises ExpressionError."""
    if isinstance(text, str):
        return _Reader(text).read()
    if isinstance(text, bool) or not isinstance(text, int | float):
        raise ExpressionError("an expression is a number or text", 1)
    try:
        value = float(text)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise ExpressionError("a number must be finite", 1)
    return Number(value)


def check_names(expression: Expression, known: Collection[str], last: Collection[str] = ()) -> None:
    """Raises ExpressionError for the first unknown name, with a near miss or else a list of known names.

    Names in ``last`` come last in that list.
    """
    for name in names_in(expression):
        if name.name not in known:
            near = did_you_mean(name.name, known) or _plain_names(known, last)
            raise ExpressionError(f"unknown name {clean_text(name.name, 60)}{near}", name.position)


def _plain_names(known: Collection[str], last: Collection[str]) -> str:
    plain = sorted((name for name in known if "." not in name), key=lambda name: (name in last, name))
    return f" (names are {', '.join(plain[:16])}{', …' if len(plain) > 16 else ''})" if plain else ""


class _Reader:
    """Recursive descent over the tokens of one expression."""

    def __init__(self, text: str) -> None:
        if len(text) > MOST_CHARACTERS:
            raise ExpressionError(f"at most {MOST_CHARACTERS:,} characters are allowed", MOST_CHARACTERS + 1)
        self.text = text
        self.levels = 0
        self.operations = 0
        self.end = 0
        self.next()

    def read(self) -> Expression:
        """The whole text as one expression."""
        expression = self.sum()
        if self.kind != "end":
            extra = self.token in ("(", ")", ",")
            self.fail(f"{self.token} does not belong here" if extra else f"an operator is missing before {self.seen()}")
        return expression

    def next(self) -> None:
        """Goes on to the next token."""
        match = _TOKEN.match(self.text, self.end)
        if match is None:
            rest = self.text[self.end :].lstrip(" \t\r\n")
            self.start = len(self.text) - len(rest)
            character = clean_text(rest[0], 1).strip() or "an invisible character"
            if character in "<>":
                self.fail(f"{character} is not allowed: an if holds where its value is above 0, so a > b is a - b")
            self.fail(f"{character} is not allowed: only names, numbers, + - * / ( ) , min and max")
        self.kind = match.lastgroup or "end"
        self.token = match[self.kind]
        self.start, self.end = match.start(self.kind), match.end()

    def take(self, symbols: str) -> str:
        """The token if it is one of these symbols, moving past it; otherwise nothing."""
        token = self.token if self.kind == "symbol" and self.token in symbols else ""
        if token:
            self.next()
        return token

    def operation(self, symbol: str, *operands: Expression) -> Operation:
        """An operation; raises ExpressionError after 200 of them."""
        self.operations += len(operands) - 1 or 1
        if self.operations > MOST_OPERATIONS:
            self.fail(f"at most {MOST_OPERATIONS} operations are allowed")
        return Operation(symbol, operands)

    def sum(self) -> Expression:
        result = self.product()
        while symbol := self.take("+-"):
            result = self.operation(symbol, result, self.product())
        return result

    def product(self) -> Expression:
        result = self.factor()
        while symbol := self.take("*/"):
            result = self.operation(symbol, result, self.factor())
        return result

    def factor(self) -> Expression:
        self.levels += 1
        if self.levels > MOST_LEVELS + 1:
            self.fail(f"at most {MOST_LEVELS} levels are allowed")
        if self.kind == "number":
            result: Expression = self.number()
        elif self.kind == "name":
            result = self.name()
        elif self.take("-"):
            inner = self.factor()
            result = Number(-inner.value) if isinstance(inner, Number) else self.operation("-", inner)
        elif self.take("("):
            result = self.sum()
            self.close()
        else:
            self.fail(f"a value is missing before {self.seen()}")
        self.levels -= 1
        return result

    def number(self) -> Number:
        value = float(self.token)
        if not math.isfinite(value):
            self.fail("a number must be finite")
        self.next()
        return Number(value)

    def name(self) -> Expression:
        """A name, or the call of a function."""
        word, start = self.token, self.start
        self.next()
        called = self.take("(")
        if word not in FUNCTIONS:
            if called:
                near = did_you_mean(word, FUNCTIONS)
                raise ExpressionError(f"unknown function {clean_text(word, 60)}{near}: only min and max", start + 1)
            return Name(word, start + 1)
        if not called:
            raise ExpressionError(f"{word} needs brackets: {word}(a, b)", start + 1)
        operands = [self.sum()]
        while self.take(","):
            operands.append(self.sum())
        self.close()
        if len(operands) == 1:
            raise ExpressionError(f"{word} needs two values or more", start + 1)
        return self.operation(word, *operands)

    def close(self) -> None:
        """Moves past a closing bracket."""
        if not self.take(")"):
            self.fail(f"a ) is missing before {self.seen()}")

    def seen(self) -> str:
        """The present token for a message."""
        return clean_text(self.token, 60) or "the end"

    def fail(self, message: str) -> NoReturn:
        """Raises ExpressionError at the present token."""
        raise ExpressionError(message, self.start + 1)
