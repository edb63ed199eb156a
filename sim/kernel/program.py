"""The model as operations on named slots: each written once, constants folded, what nothing reads dropped.

A node is ``(operation, operands)``; its place in ``Program.nodes`` is its name, so equal expressions are one. Each is
a number (float32) or a mask (the result of a comparison). There is no branch and no loop: every lane does the same.
"""

import operator
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np

Node = tuple[str, tuple[object, ...]]

MASKS = frozenset({"lt", "le", "gt", "ge", "eq", "ne", "and", "or", "not", "truth"})
_LEAVES = frozenset({"const", "in", "true", "false"})
_COMMUTE = frozenset({"add", "mul", "min", "max", "and", "or", "eq", "ne"})
_FOLDED: dict[str, Callable[..., object]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "min": min, "max": max,
    "neg": operator.neg, "abs": abs, "sqrt": np.sqrt,
    "lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge, "eq": operator.eq, "ne": operator.ne,
}  # fmt: skip


@dataclass
class Program:
    """The operations of a model. Leaves are ``const`` (a number), ``true``, ``false`` and ``in`` (a slot's name)."""

    nodes: list[Node] = field(default_factory=list)
    _known: dict[Node, int] = field(default_factory=dict)
    _inputs: list[tuple[int, ...]] = field(default_factory=list)

    def constant(self, value: float) -> int:
        return self._put("const", (float(np.float32(value)),))

    def slot(self, name: str) -> int:
        """The node of what a slot holds when a stage begins. The first letter of its name says what that is: ``d:`` a
        number of the scenario, ``t:`` what follows from these, ``w:`` a draw of the world, ``u:`` a draw of the month,
        ``v:`` what the model keeps."""
        return self._put("in", (name,))

    def is_mask(self, node: int) -> bool:
        operation = self.nodes[node][0]
        if operation == "select":
            return self.is_mask(self.inputs(node)[1])
        return operation in MASKS or operation in ("true", "false")

    def add(self, operation: str, *operands: int) -> int:
        """The node of an operation, folded where it can be."""
        if operation in _COMMUTE:
            operands = tuple(sorted(operands))
        folded = self._fold(operation, operands)
        return self._put(operation, operands) if folded is None else folded

    def number(self, node: int) -> int:
        """A mask as 1 and 0; a number as it is."""
        return self.add("number", node) if self.is_mask(node) else node

    def mask(self, node: int) -> int:
        """A number as a mask of where it is not 0; a mask as it is."""
        return node if self.is_mask(node) else self.add("truth", node)

    def inputs(self, node: int) -> tuple[int, ...]:
        """The operands of a node; a leaf has none."""
        return self._inputs[node]

    def needed(self, outputs: Iterable[int]) -> list[int]:
        """These nodes and all that they depend on, operands first."""
        return [node for node, _ in self._needed_unless(outputs, lambda node: None)]

    def rewrite(
        self, outputs: Mapping[str, int], other: Callable[[int], int | None], made: dict[int, int] | None = None
    ) -> dict[str, int]:
        """The same outputs with some nodes replaced: ``other`` gives the new node, or None to keep the old. ``made``
        keeps what became of each node for the next call with the same ``other``."""
        made = {} if made is None else made
        for node, replaced in self._needed_unless(outputs.values(), other, made):
            if replaced is None:
                inputs = tuple(made[each] for each in self.inputs(node))
                replaced = node if inputs == self.inputs(node) else self.add(self.nodes[node][0], *inputs)
            made[node] = replaced
        return {name: made[node] for name, node in outputs.items()}

    def _needed_unless(
        self, outputs: Iterable[int], other: Callable[[int], int | None], known: Collection[int] = ()
    ) -> list[tuple[int, int | None]]:
        found: dict[int, int | None] = {}
        waiting = list(outputs)
        while waiting:
            node = waiting.pop()
            if node not in found and node not in known:
                found[node] = other(node)
                if found[node] is None:
                    waiting.extend(self.inputs(node))
        return sorted(found.items())

    def _put(self, operation: str, operands: tuple[object, ...]) -> int:
        key = (operation, operands)
        if key not in self._known:
            self._known[key] = len(self.nodes)
            self.nodes.append(key)
            self._inputs.append(() if operation in _LEAVES else operands)  # type: ignore[arg-type]
        return self._known[key]

    def _value(self, node: int) -> np.float32 | None:
        operation, operands = self.nodes[node]
        return np.float32(operands[0]) if operation == "const" else None  # type: ignore[arg-type]

    def _truth(self, value: object) -> int:
        return self._put("true" if value else "false", ())

    def _fold(self, operation: str, operands: tuple[int, ...]) -> int | None:
        """A simpler node with the same value, if there is one."""
        values = [self._value(each) for each in operands]
        if operation in _FOLDED and None not in values:
            value = _FOLDED[operation](*values)
            return self._truth(value) if operation in MASKS else self.constant(float(value))  # type: ignore[arg-type]
        if operation in ("number", "truth", "not"):
            return self._fold_mask(operation, operands[0], values[0])
        if operation in ("and", "or"):
            return self._fold_logic(operation, operands)
        if operation == "select":
            return self._fold_choice(*operands)
        return self._fold_neutral(operation, operands, values) if len(operands) == 2 else None

    def _fold_mask(self, operation: str, node: int, value: np.float32 | None) -> int | None:
        inner, operands = self.nodes[node]
        if operation == "truth":
            if inner == "number":
                return operands[0]  # type: ignore[return-value]
            return None if value is None else self._truth(value != 0)
        if inner not in ("true", "false"):
            return operands[0] if operation == inner == "not" else None  # type: ignore[return-value]
        return self.constant(float(inner == "true")) if operation == "number" else self._truth(inner == "false")

    def _fold_logic(self, operation: str, operands: tuple[int, ...]) -> int | None:
        neutral, decides = ("true", "false") if operation == "and" else ("false", "true")
        for one, other in (operands, operands[::-1]):
            if self.nodes[one][0] == neutral:
                return other
            if self.nodes[one][0] == decides:
                return one
        return operands[0] if operands[0] == operands[1] else None

    def _fold_choice(self, which: int, one: int, other: int) -> int | None:
        known = self.nodes[which][0]
        if known == "true" or one == other:
            return one
        return other if known == "false" else None

    def _fold_neutral(self, operation: str, operands: tuple[int, ...], values: list[np.float32 | None]) -> int | None:
        for place in (0, 1) if operation in _COMMUTE else (1,):
            value, other = values[place], operands[1 - place]
            if (operation in ("add", "sub") and value == 0) or (operation in ("mul", "div") and value == 1):
                return other
            if operation == "mul" and value == 0:
                return operands[place]
        return operands[0] if operation == "div" and values[0] == 0 else None
