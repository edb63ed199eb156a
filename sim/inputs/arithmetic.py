"""The value of an activation expression on Python floats and on float32 arrays.

Scalars stay Python floats and never widen an array, on NumPy 1.26 as on 2. An operand comes with a mark that
says whether it is an array made on the way, which may then hold the result: memory costs more than sums.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.inputs.expression_tree import Expression, Name, Number, Operation

Array: TypeAlias = NDArray[np.float32]
Value: TypeAlias = float | Array
Operand: TypeAlias = tuple[Value, bool]  # the value, and whether it may be overwritten

ZERO: Operand = (0.0, False)


class _Rule(NamedTuple):
    """How an operation is done on two floats and on arrays, and which scalars beside an array save the work."""

    scalars: Callable[[float, float], float]
    arrays: np.ufunc
    neutral_left: float | None = None
    neutral_right: float | None = None
    zero_decides: bool = False


def _quotient(dividend: float, divisor: float) -> float:
    """The quotient, 0 where the divisor is 0."""
    return dividend / divisor if divisor else 0.0


_RULES = {
    "+": _Rule(operator.add, np.add, neutral_left=0.0, neutral_right=0.0),
    "-": _Rule(operator.sub, np.subtract, neutral_right=0.0),
    "*": _Rule(operator.mul, np.multiply, neutral_left=1.0, neutral_right=1.0, zero_decides=True),
    "/": _Rule(_quotient, np.divide, neutral_right=1.0, zero_decides=True),
    "min": _Rule(min, np.minimum),
    "max": _Rule(max, np.maximum),
}


def compute(expression: Expression, environment: Mapping[str, Value]) -> Operand:
    """The value of an expression, from left to right; what follows a deciding zero is not looked at.

    Raises KeyError for a name without a value.
    """
    if isinstance(expression, Name):
        return _look_up(environment[expression.name]), False
    if isinstance(expression, Number):
        return expression.value, False
    assert isinstance(expression, Operation)
    operands = expression.operands
    result = compute(operands[0], environment)
    if len(operands) == 1:
        return _negate(*result)
    rule = _RULES[expression.symbol]
    for operand in operands[1:]:
        if rule.zero_decides and type(result[0]) is float and result[0] == 0.0:
            return ZERO
        result = _combine(rule, result, compute(operand, environment))
    return result


def _look_up(value: Value) -> Value:
    """A value from outside: a scalar of any kind as a Python float."""
    if type(value) is float or (isinstance(value, np.ndarray) and value.ndim):
        return value
    return float(value)


def _negate(value: Value, ours: bool) -> Operand:
    if isinstance(value, float):
        return -value, False
    return np.negative(value, out=value if ours else None), True


def _combine(rule: _Rule, left: Operand, right: Operand) -> Operand:
    """The result by Python for two floats, else by NumPy, into an operand's own array where there is one."""
    (a, a_ours), (b, b_ours) = left, right
    if isinstance(a, float):
        if isinstance(b, float):
            return rule.scalars(a, b), False
        if a == rule.neutral_left:
            return right
        out, kind = b if b_ours else None, b.dtype
    elif isinstance(b, float):
        if b == rule.neutral_right:
            return left
        if b == 0.0 and rule.zero_decides:
            return ZERO
        out, kind = a if a_ours else None, a.dtype
    else:
        reusable = a if a_ours else b if b_ours else None
        out, kind = reusable if a.shape == b.shape else None, a.dtype
    if rule.arrays is np.divide and not isinstance(b, float):
        return _divide(a, b, out)
    return rule.arrays(a, b, out=out, dtype=kind), True


def _divide(dividend: Value, divisor: Array, out: Array | None) -> Operand:
    """The quotient, element by element 0 where the divisor is 0."""
    nothing = divisor == 0
    if nothing.any():
        divisor = np.where(nothing, np.float32(1), divisor)
    quotient = np.divide(dividend, divisor, out=out, dtype=divisor.dtype)
    np.copyto(quotient, 0, where=nothing)
    return quotient, True
