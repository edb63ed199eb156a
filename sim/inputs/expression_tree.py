"""Activation expressions as a frozen tree that knows its names and its text."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, reduce

PROGRAM = "_program"  # attribute in which `sim.inputs.arithmetic` keeps an expression's function
FUNCTIONS = ("min", "max")


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
