"""A value that records what is done to it, so that NumPy code run once becomes a program.

A :class:`Symbol` looks like an array over runs. Comparisons give masks, ``np.where`` selects; what a program without
branches cannot do (``if`` on an array's value, ``np.asarray``, indexing) raises :class:`Untraceable` with the line.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from sim.kernel.program import Program

_UFUNCS = {
    np.add: "add", np.subtract: "sub", np.multiply: "mul", np.divide: "div", np.minimum: "min", np.maximum: "max",
    np.negative: "neg", np.absolute: "abs", np.sqrt: "sqrt", np.exp: "exp", np.log: "log",
    np.less: "lt", np.less_equal: "le", np.greater: "gt", np.greater_equal: "ge", np.equal: "eq", np.not_equal: "ne",
    np.bitwise_and: "and", np.logical_and: "and", np.bitwise_or: "or", np.logical_or: "or",
    np.invert: "not", np.logical_not: "not",
}  # fmt: skip
_ON_MASKS = frozenset({"and", "or", "not"})
_HERE = Path(__file__).parent


class Untraceable(Exception):  # noqa: N818 - as in "untraceable at this line"
    """The model does something that cannot be written as a program; the message names the line."""


class Symbol(np.lib.mixins.NDArrayOperatorsMixin):
    """One value in all runs: a node of a program. In-place operations give it another node, as they change an array."""

    ndim, size, shape = 1, 1, (1,)

    def __init__(self, program: Program, node: int) -> None:
        self.program = program
        self.node = node

    def __hash__(self) -> int:
        return id(self)

    @property
    def dtype(self) -> np.dtype[Any]:
        return np.dtype(bool if self.program.is_mask(self.node) else np.float32)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **given: Any) -> Symbol:
        out, where = given.pop("out", (None,))[0], given.pop("where", True)
        given.pop("dtype", None)
        if method != "__call__" or given:
            _refuse(f"uses np.{ufunc.__name__} in a way that cannot be traced")
        node = self._done(ufunc, [node_of(self.program, each) for each in inputs])
        if where is not True:
            before = node_of(self.program, 0.0 if out is None else out)
            node = self.program.add("select", self.program.mask(node_of(self.program, where)), node, before)
        if out is None or not isinstance(out, Symbol):
            return Symbol(self.program, node)
        out.node = node
        return out

    def _done(self, ufunc: np.ufunc, nodes: list[int]) -> int:
        program = self.program
        if ufunc is np.sign:
            zero = program.constant(0)
            signs = [program.number(program.add(each, program.number(nodes[0]), zero)) for each in ("gt", "lt")]
            return program.add("sub", *signs)
        if ufunc is np.square:
            return program.add("mul", nodes[0], nodes[0])
        if ufunc not in _UFUNCS:
            _refuse(f"uses np.{ufunc.__name__}, which the kernel does not have")
        operation = _UFUNCS[ufunc]
        as_needed = program.mask if operation in _ON_MASKS else program.number
        return program.add(operation, *(as_needed(each) for each in nodes))

    def __array_function__(self, function: Any, types: Any, inputs: Sequence[Any], given: Mapping[str, Any]) -> Any:
        if function not in _FUNCTIONS:
            _refuse(f"uses np.{function.__name__} on an array")
        return _FUNCTIONS[function](self.program, *inputs, **given)

    def astype(self, dtype: Any, copy: bool = True) -> Symbol:
        """A mask as 0 and 1; whole numbers are kept as float32."""
        node = self.program.mask(self.node) if np.dtype(dtype) == bool else self.program.number(self.node)
        return Symbol(self.program, node)

    def clip(self, low: float, high: float) -> Any:
        raised: Any = np.maximum(self, low)
        return raised if high == np.inf else np.minimum(raised, high)

    def copy(self) -> Symbol:
        return Symbol(self.program, self.node)

    def __getitem__(self, place: Any) -> Symbol:
        if not isinstance(place, slice) or place.step is not None:
            _refuse("indexes an array")
        return Symbol(self.program, self.node)

    def __bool__(self) -> NoReturn:
        _refuse("branches on an array")

    def __float__(self) -> NoReturn:
        _refuse("takes an array for a plain number")

    def __array__(self, *_: Any, **__: Any) -> NoReturn:
        _refuse("makes an array of one that may be a symbol (np.asarray, np.array or np.full)")

    def __iter__(self) -> NoReturn:
        _refuse("loops over an array")

    def __repr__(self) -> str:
        return f"<Symbol {self.program.nodes[self.node]}>"

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        _refuse(f"uses .{name} of an array")


def node_of(program: Program, value: Any) -> int:
    """The node of a symbol or of a plain number."""
    if isinstance(value, Symbol):
        return value.node
    if isinstance(value, bool | np.bool_):
        return program.add("eq", program.constant(0), program.constant(0 if value else 1))
    if isinstance(value, int | float | np.number):
        return program.constant(float(value))
    if isinstance(value, np.ndarray) and value.size and (value == value.flat[0]).all():
        return node_of(program, value.flat[0])
    _refuse("mixes an array of its own with one that is traced")


def _where(program: Program, which: Any, one: Any, other: Any) -> Symbol:
    nodes = [node_of(program, one), node_of(program, other)]
    if not all(program.is_mask(node) for node in nodes):
        nodes = [program.number(node) for node in nodes]
    return Symbol(program, program.add("select", program.mask(node_of(program, which)), *nodes))


def _copyto(program: Program, target: Any, source: Any, where: Any = True) -> None:
    if not isinstance(target, Symbol):
        _refuse("writes into an array of its own")
    target.node = _where(program, where, source, target).node


def _same(program: Program, value: Any, *_: Any, **__: Any) -> Symbol:
    return Symbol(program, node_of(program, value))


def _filled(value: float) -> Callable[..., Symbol]:
    return lambda program, like, *_, **__: Symbol(program, program.constant(value))


_FUNCTIONS: dict[Any, Callable[..., Any]] = {
    np.where: _where, np.copyto: _copyto, np.broadcast_to: _same,
    np.zeros_like: _filled(0), np.ones_like: _filled(1),
    np.full_like: lambda program, like, value, **_: Symbol(program, node_of(program, value)),
    np.shape: lambda program, value: value.shape, np.ndim: lambda program, value: 1,
}  # fmt: skip


def _refuse(what: str) -> NoReturn:
    """Raises Untraceable, naming the innermost line outside this package and outside NumPy."""
    for frame in reversed(traceback.extract_stack()):
        path = Path(frame.filename)
        if path.parent != _HERE and "numpy" not in path.parts:
            where = "/".join(path.parts[-3:]) if "sim" in path.parts[-3:] else str(path)
            raise Untraceable(f"{where}:{frame.lineno} {what}")
    raise Untraceable(what)
