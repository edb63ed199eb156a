"""The value of an expression on Python floats and on float32 arrays.

An expression becomes a plain function once and is then called every month. Scalars stay Python floats, so arrays stay
float32. A value comes with a mark that says whether it is an intermediate array, which the result may then overwrite:
allocating memory takes longer than adding.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from sim.inputs.expressions import ON_FLOATS, PROGRAM, Expression, Name, Number, Operation

Array: TypeAlias = NDArray[np.floating[Any]]  # float32 throughout
Value: TypeAlias = float | Array
Operand: TypeAlias = tuple[Any, bool]  # the value, and whether it may be overwritten
Environment: TypeAlias = Mapping[str, Value]
Program: TypeAlias = Callable[[Environment], Operand]

ZERO: Operand = (0.0, False)


_ON_ARRAYS: dict[str, np.ufunc] = {
    "+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "min": np.minimum, "max": np.maximum,
}  # fmt: skip
_NEUTRAL_RIGHT = {"+": 0.0, "-": 0.0, "*": 1.0, "/": 1.0}  # such an operand leaves an array unchanged
_NEUTRAL_LEFT = {"+": 0.0, "*": 1.0}


def evaluate(expression: Expression, environment: Environment) -> Value:
    """The value, given the values of the names: floats, or float32 arrays of compatible shapes.

    The result is a float32 array; from scalars alone it is a Python float. A product or quotient with a scalar that is
    exactly 0 is the float 0.0, so that a term with a variable at rest costs nothing and is known to be zero. Division
    by zero gives 0.0, in arrays for each element.

    The result may be an array of the environment itself: do not write into it. Raises KeyError for a name without a
    value.

    >>> from sim.inputs.expressions import parse_expression
    >>> evaluate(parse_expression("max(tests, 0.5) * 2"), {"tests": 0.25})
    1.0
    """
    kept = expression.__dict__.get(PROGRAM)
    if kept is None:
        kept = expression.__dict__[PROGRAM] = program(expression)
    value: Value = kept(environment)[0]
    return value


def program(expression: Expression) -> Program:
    """The expression as a function of an environment; operands are computed from left to right.

    After a factor that is exactly 0 the rest of a product is not evaluated. The function raises KeyError for a name
    without a value.
    """
    if isinstance(expression, Name):
        return _look_up(expression.name)
    if isinstance(expression, Number):
        constant: Operand = (expression.value, False)
        return lambda _: constant
    assert isinstance(expression, Operation)
    first, *others = (program(operand) for operand in expression.operands)
    if not others:
        return _negated(first)
    for other in others:
        first = _combined(expression.symbol, first, other)
    return first


def _look_up(name: str) -> Program:
    def look_up(environment: Environment) -> Operand:
        value = environment[name]
        if type(value) is float or getattr(value, "ndim", False):
            return value, False
        return float(value), False  # NumPy scalars could turn an array into float64

    return look_up


def _negated(operand: Program) -> Program:
    def negated(environment: Environment) -> Operand:
        value, ours = operand(environment)
        if isinstance(value, float):
            return -value, False
        return np.negative(value, out=value if ours else None), True

    return negated


def _combined(symbol: str, left: Program, right: Program) -> Program:
    """The operation by Python for two floats, else by NumPy, into an operand's own array where there is one."""
    on_floats, on_arrays = ON_FLOATS[symbol], _ON_ARRAYS[symbol]
    neutral_left, neutral_right = _NEUTRAL_LEFT.get(symbol), _NEUTRAL_RIGHT.get(symbol)
    zero_decides, divides = symbol in "*/", symbol == "/"

    def combined(environment: Environment) -> Operand:
        a, a_ours = left(environment)
        if type(a) is float:
            if zero_decides and a == 0.0:
                return ZERO
            b, b_ours = right(environment)
            if type(b) is float:
                return on_floats(a, b), False
            if a == neutral_left:
                return b, b_ours
            out = b if b_ours else None
        else:
            b, b_ours = right(environment)
            if type(b) is float:
                if b == neutral_right:
                    return a, a_ours
                if b == 0.0 and zero_decides:
                    return ZERO
                out = a if a_ours else None
            else:
                out = a if a_ours else b if b_ours else None
                if out is not None and a.shape != b.shape:
                    out = None
        if divides and type(b) is not float:
            return _divide(a, b, out), True
        return on_arrays(a, b, out=out), True

    return combined


def _divide(dividend: Value, divisor: Array, out: Array | None) -> Array:
    """The quotient, element by element 0 where the divisor is 0."""
    nothing = divisor == 0
    if isinstance(nothing, np.ndarray) and not nothing.any():
        return np.divide(dividend, divisor, out=out)
    quotient = np.divide(dividend, np.where(nothing, np.float32(1), divisor), out=out)
    np.copyto(quotient, 0, where=nothing)
    return quotient
