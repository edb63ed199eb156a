"""Checks names in raw data: which names a case defines, and whether every name used exists.

The data need not be valid: each name and each expression is looked up wherever it is, whatever else is wrong. A kind of
name is not looked up at all if its definitions cannot be read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, KeysView, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import TypeAdapter
from pydantic_core import PydanticCustomError

from sim import vocabulary
from sim.inputs.expressions import ExpressionError, check_names
from sim.inputs.schema_faults import Findings, show, value_at
from sim.inputs.schema_types import FormPlace, Formula, Mark, percent, places_in, read_expression
from sim.inputs.yaml_source import KeyPath

Known = Collection[str] | None  # None where the names cannot be read


@dataclass(frozen=True)
class Written:
    """A value as it was written, whatever it is, with its path in the file."""

    value: Any
    path: KeyPath = ()

    def __getitem__(self, step: str | int) -> Written:
        """What is written under a key or at an index; an empty value where there is none."""
        return Written(value_at(self.value, (step,)), (*self.path, step))

    def items(self) -> Iterator[tuple[str, Written]]:
        """The entries of a map; empty for anything else."""
        for key in self.value if isinstance(self.value, dict) else ():
            yield key, self[key]

    def rows(self) -> Iterator[Written]:
        """The entries of a list; empty for anything else."""
        for index in range(len(self.value) if isinstance(self.value, list) else 0):
            yield self[index]

    @property
    def text(self) -> str | None:
        return self.value if isinstance(self.value, str) else None

    @property
    def number(self) -> float | None:
        value = percent(self.value)
        return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    @property
    def corners(self) -> tuple[float, float] | None:
        """Lowest and highest of a number or of {low, mode, high}."""
        low, high = (self.number,) * 2 if self.number is not None else (self["low"].number, self["high"].number)
        return None if low is None or high is None else (low, high)

    @property
    def keys(self) -> KeysView[str] | None:
        """The keys of a map in the order of the file, None where it is none."""
        return self.value.keys() if isinstance(self.value, dict) else None


class Names:
    """The names of a merged case, by the kinds of `Refers` and the scopes of `Formula`."""

    def __init__(self, data: Mapping[str, Any], claims: Known, documents: Known) -> None:
        self.data = Written(data)
        self.claims = claims
        self.documents = documents
        self.states, self.variables, self.pairs, self.issues, self.parameters = (
            self.section(name, needed=True) for name in ("states", "variables", "pairs", "issues", "parameters")
        )
        self.constants = self.section("constants")
        self.levers = self._of_kind("lever")

    def section(self, name: str, *, needed: bool = False) -> Known:
        """The keys of a section of the case; empty for an optional section that is missing or empty."""
        section = self.data[name]
        return frozenset() if not needed and self.data.keys is not None and section.value is None else section.keys

    def _of_kind(self, kind: str) -> Known:
        if self.variables is None:
            return None
        return frozenset(name for name, each in self.data["variables"].items() if each["kind"].value in (kind, None))

    @cached_property
    def hazard(self) -> frozenset[str]:
        """The measure of the hazard, if there is one."""
        measure = self.data["month"]["hazard"]["measure"].text
        return frozenset([measure] if measure else ())

    @cached_property
    def by_kind(self) -> Mapping[str, Known]:
        """Each kind of name that something may refer to."""
        kinds = {each.removesuffix("s"): self.section(each) for each in ("packages", "thresholds", "constants")}
        points = {
            f"{what}.{state}.{issue}"
            for state, given in self.data["states"].items()
            for issue in given["ideals"].keys or ()
            for what in ("ideal", "salience")
        }
        moved = {name for name, each in self.data["variables"].items() if each["kind"].text != "exogenous"}
        measures = together(self.section("measures", needed=True), self.variables and moved, self.hazard)
        ends = [row["name"].text for row in self.data["outcomes"].rows()]
        own_ends = self.data["extends"].value is not None  # a scenario may end in other classes than its case's cards
        endings = None if own_ends or None in ends else frozenset(map(str, ends))
        kinds_of_gain = (vocabulary.gain, vocabulary.gained, vocabulary.better)
        gains = self.states and frozenset(of(state) for state in self.states for of in kinds_of_gain)
        return kinds | {
            "state": self.states,
            "state with moves": self.section("moves", needed=True),
            "variable": self.variables,
            "changed variable": self.variables,
            "lever": self.levers,
            "tie": self._of_kind("tie"),
            "issue": self.issues,
            "pair": self.pairs,
            "parameter": self.parameters,
            "mechanism": self.section("mechanisms", needed=True),
            "claim": self.claims,
            "document": self.documents,
            "measure": measures,
            "measure, level or ending": together(measures, endings, gains),
            "parameter, ideal.STATE.ISSUE or salience.STATE.ISSUE": together(self.parameters, points),
            "tally": together(self.scopes["tallies"], self.section("measures")),
        }

    @cached_property
    def scopes(self) -> Mapping[str, Known]:
        """The names that an expression may use, by the scope of its `Formula`."""
        met = {each["met"].text or "" for _, each in self.data["pairs"].items()}
        others = (self.section("flags"), self.section("ranks"), self.parameters, self.constants)
        base = together(self.variables, met, *others)
        named = together(self.variables, self.section("derived"))
        present = together(base, named, {vocabulary.start(name) for name in named or ()})
        states, issues, variables = self.states or (), self.issues or (), self.variables or ()
        leverage = {vocabulary.leverage(one, other) for one in states for other in states if one != other}
        gaps = {vocabulary.gap(state, issue) for state in states for issue in issues}
        choice = together(present, self.counted, leverage, gaps)
        after = {vocabulary.after(name) for name in variables} | {f"given.{lever}" for lever in self.levers or ()}
        means = {vocabulary.mean(name) for name in self.data["month"]["averages"].keys or ()}
        return {
            "constants": self.constants,
            "derived": base,
            "present": present,
            "choice": choice,
            "meeting": together(choice, {"first_meeting"}),
            "drift": together(choice, {"noise"}),
            "package": together(present, after),
            "ideal": together(present, {f"level.{issue}" for issue in issues}),
            "tallies": together(present, self.counted, means, self.hazard),
        }

    @cached_property
    def counted(self) -> frozenset[str]:
        """The counts of summits, deals and pins, and what deals still owe."""
        found = {vocabulary.pinned(name) for name in self.variables or ()}
        found |= {name for lever in self.levers or () for name in vocabulary.phases(lever)}
        found |= {vocabulary.tabled(name) for name in self.data["packages"].keys or ()}
        for pair, given in self.data["pairs"].items():
            found |= set(vocabulary.tallies(pair, [side.text or "" for side in given["between"].rows()]))
        return frozenset(found)

    def scope(self, name: str, path: KeyPath) -> Known:
        """Names for an expression at a path; with `..._above` also those above it in its section."""
        if not name.endswith("_above"):
            return self.scopes[name]
        section = list(self.data[str(path[0])].keys or ())
        above = section[: section.index(str(path[1]))]
        return together(self.scopes["derived" if name == "derived_above" else "tallies"], above)

    @cached_property
    def called(self) -> Mapping[str, str]:
        """The codes of states by their names and leaders, as people type them."""
        return {
            plain_word(word): code
            for code, given in self.data["states"].items()
            for word in (given[each].text for each in ("name", "leader", "called"))
            if word
        }

    def sides(self, pair: str | None) -> Known:
        """The two states of a pair; all states where the pair is not known."""
        sides = [side.text for side in self.data["pairs"][pair or ""]["between"].rows()]
        return frozenset(filter(None, sides)) or self.states


def plain_word(word: str) -> str:
    """A name as people type it, so that it can be looked up.

    >>> plain_word("the U.S."), plain_word("north-korea")
    ('us', 'north korea')
    """
    return " ".join(word.casefold().replace("-", " ").replace(".", "").split()).removeprefix("the ")


def together(*sets: Known) -> Known:
    """The names of several sets; None where the names of one cannot be read."""
    if any(each is None for each in sets):
        return None
    return frozenset().union(*(each or () for each in sets))


def check_references(form: TypeAdapter[Any], names: Names, found: Findings) -> None:
    """Notes each name in a source's data that the case does not define, and each expression that uses such a name."""
    numbers = together(names.parameters, names.constants) or ()
    for path, value, mark, at_key in _walk([places_in(form)], found.source.data, ()):
        if isinstance(mark, Formula):
            _check_formula(path, value, names.scope(mark.scope, path), numbers, found)
        elif mark.what == "changed variable" and value in (names.section("derived") or ()):
            allowed = "a variable that is not computed from others"
            found.add(path, show(value), allowed, at_key=at_key)
        elif isinstance(value, str):
            known, what = names.by_kind[mark.what], mark.what.removeprefix("changed ")
            code = names.called.get(plain_word(value)) if what == "state" else None
            if known and code in known and value not in known:
                found.add(path, show(value), f"write {code}", at_key=at_key)
                continue
            found.known(path, value, known, what, at_key=at_key)


def _check_formula(path: KeyPath, text: Any, known: Known, numbers: Collection[str], found: Findings) -> None:
    if known is None:
        return
    try:
        check_names(read_expression(text), known, numbers)
    except ExpressionError as error:
        found.add(path, str(text), str(error))
    except PydanticCustomError:  # a fault of its form
        return


def _walk(places: Sequence[FormPlace], value: Any, path: KeyPath) -> Iterator[tuple[KeyPath, Any, Mark, bool]]:
    """Every value (or key) of the data that its form marks, valid or not."""
    for each in places:
        for mark, at_key in each.marks:
            yield path, path[-1] if at_key else value, mark, at_key
    kind = type(value)
    for step in value if kind is dict else range(len(value)) if kind is list else ():
        inner = [each.inside[key] for each in places for key in (step, kind) if key in each.inside]
        if any(each.marked for each in inner):
            yield from _walk(inner, value[step], (*path, step))
