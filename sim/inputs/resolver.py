"""What every step of resolving needs: looking names up, parsing expressions, noting faults where they stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from sim.inputs.case import Range, Term
from sim.inputs.expressions import (
    Expression,
    ExpressionError,
    Number,
    check_names,
    parse_expression,
    simplify,
)
from sim.inputs.names import Names
from sim.inputs.schema_case import NumberGiven, TermGiven
from sim.inputs.schema_faults import Findings
from sim.inputs.schema_types import LARGEST, Corners
from sim.inputs.yaml_source import KeyPath, Source

_ZERO = Number(0.0)


@lru_cache(maxsize=4096)
def _parse(text: str) -> Expression:
    return parse_expression(text)


class Resolver:
    """Names of the merged case, the constants in force, and the faults found on the way."""

    def __init__(self, source: Source, names: Names, constants: Mapping[str, float], claims: Collection[str]) -> None:
        self.findings = Findings(source)
        self.names = names
        self.constants = constants
        self.claims = claims

    def expression(self, path: KeyPath, text: str, known: Collection[str]) -> Expression:
        """The expression with its constants folded; 0 where it is faulty, which is noted."""
        try:
            expression = _parse(text)
            check_names(expression, known)
        except ExpressionError as error:
            self.findings.add(path, text, str(error))
            return _ZERO
        return simplify(expression, self.constants)

    def number(self, path: KeyPath, text: str) -> float:
        """The value of an expression of constants alone."""
        expression = self.expression(path, text, self.names.constants)
        return expression.value if isinstance(expression, Number) else 0.0

    def changes(self, path: KeyPath, given: Mapping[str, str], known: Collection[str]) -> dict[str, Expression]:
        """Variable to expression, where each key must be a variable."""
        for name in given:
            self.findings.known((*path, name), name, self.names.variables, "variable", at_key=True)
        return {name: self.expression((*path, name), text, known) for name, text in given.items()}

    def terms(self, path: KeyPath, given: Sequence[TermGiven], known: Collection[str]) -> tuple[Term, ...]:
        """A sum of terms, some of them bound to claims."""
        terms = []
        for index, term in enumerate(given):
            place = (*path, index)
            if term.claim is not None:
                self.findings.known((*place, "if"), term.claim, self.claims, "claim")
            terms.append(Term(self.expression((*place, "of"), term.of, known), term.times, term.claim))
        return tuple(terms)

    def each(self, path: KeyPath, words: Sequence[str], names: Collection[str], what: str) -> tuple[str, ...]:
        """A list of names, each known and given once."""
        for index, word in enumerate(words):
            if self.findings.known((*path, index), word, names, what) and word in words[:index]:
                self.findings.add((*path, index), word, f"each {what} once")
        return tuple(words)

    def inside(self, path: KeyPath, given: Range, low: float, high: float) -> Range:
        """The range, if it lies within bounds; else that is noted."""
        if not low <= given.low <= given.high <= high:
            text = f"{given.mode:g}" if given.fixed else f"{given.low:g} to {given.high:g}"
            self.findings.add(path, text, f"from {low:g} to {high:g}" if high < LARGEST else f"at least {low:g}")
        return given


def range_of(given: float | Corners) -> Range:
    """A number or corners as a range."""
    if isinstance(given, Corners):
        return Range(float(given.low), float(given.mode), float(given.high))
    return fixed(given)


def fixed(value: float) -> Range:
    """A range of one value."""
    return Range(float(value), float(value), float(value))


def drawn_range(entry: float | NumberGiven) -> Range:
    """The range that a world draws from: a `value` is fixed."""
    if not isinstance(entry, NumberGiven):
        return fixed(entry)
    if entry.value is not None:
        return fixed(entry.value)
    return Range(float(entry.low or 0.0), float(entry.mode or 0.0), float(entry.high or 0.0))


def contested_range(entry: float | NumberGiven) -> Range:
    """The value in force (as the mode) and how far one might move it."""
    if not isinstance(entry, NumberGiven) or entry.value is None:
        return drawn_range(entry)
    value = float(entry.value)
    low, high = (value if bound is None else float(bound) for bound in (entry.low, entry.high))
    return Range(low, value, high)
