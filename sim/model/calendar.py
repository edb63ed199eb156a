"""The calendar of a scenario as data by month: which summits are due, what happens from outside, what is pinned.

What has a condition or a chance names its *occasion*: it comes about in the runs in which ``happens.OCCASION`` is 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sim.inputs.scenario import Event, Occasion, Scenario, Summit

Where = tuple[str, ...]
"""Occasions that must all come about; none of what always does."""

ASKED = 1 - 2**-24  # the largest chance below 1: a meeting that is tried for certain, and whose failure does not count


@dataclass(frozen=True)
class Due:
    """A summit that may be held this month. Its three facts are numbers that a program can take, 1.0 or 0.0."""

    pair: str
    opens: float  # the first month in which it may be held
    planned: float  # from its planned month on: before it, the pair must also hurry; ASKED where somebody asked for it
    certain: float  # held, whatever the two wish
    where: Where = ()


@dataclass(frozen=True)
class Change:
    """A variable moved from outside to ``of_now`` x its level + ``of_start`` x its start + ``by``."""

    variable: str
    by: float
    of_now: float = 0.0
    of_start: float = 0.0
    where: Where = ()


@dataclass(frozen=True)
class Made:
    """Something that is given a value: a variable that is pinned, a state that is made to act."""

    name: str
    value: float
    where: Where = ()


class Calendar:
    """Summits and events by month. Within a month they keep the order in which the scenario lists them."""

    def __init__(self, scenario: Scenario) -> None:
        self._case = scenario.case
        self._summits = scenario.summits
        self._events = scenario.events
        self._begins = scenario.first_month[1] - 1  # calendar month of month 0, from 0

    def summits(self, month: int) -> list[Summit]:
        """The summits that are planned for a month."""
        return [summit for summit in self._summits if summit.month == month]

    def occasions(self, month: int) -> list[Occasion]:
        """What is looked at as a month begins: of its events, and of the summits that are due."""
        begun = [event.occasion for event in self._events if event.month == month]
        found = (*begun, *(summit.occasion for summit in self._open(month)))
        return list(dict.fromkeys(each for each in found if each is not None))

    def due(self, month: int) -> list[Due]:
        """The summits that may be held in a month, in the order in which they are listed."""
        return [
            Due(
                summit.pair,
                float(month == max(0, summit.month - summit.early)),
                float(month >= summit.month),
                float(summit.certain),
                _where(summit),
            )
            for summit in self._open(month)
        ]

    def changes(self, month: int) -> list[Change]:
        """What moves the variables from outside: first the season and what ends, then what begins."""
        ended = [event for event in self._events if event.until == month]
        begun = [event for event in self._events if event.month == month and event.action != "move"]
        seasons = [name for name, variable in self._case.variables.items() if variable.by_month]
        return [
            *(change for name in seasons for change in self._standing(name, month)),
            *(change for event in ended if self._exogenous(event) for change in self._restored(event, month)),
            *(
                Change(event.variable, event.value, float(event.action == "shift"), where=_where(event))
                for event in begun
            ),
        ]

    def pins(self, month: int) -> list[Made]:
        """The level of each variable that is pinned in a month."""
        return [
            Made(event.variable, event.value, _where(event)) for event in self._pinning(month) if _lasts(event, month)
        ]

    def pinned_before(self, month: int) -> list[Made]:
        """The variables that have been pinned by the end of a month, also where the pin has ended."""
        return [Made(event.variable, 1.0, _where(event)) for event in self._pinning(month)]

    def moves(self, month: int) -> list[Made]:
        """Place of the option that a state is made to take this month; -1, first, where it chooses."""
        made = [event for event in self._events if event.action == "move" and event.month == month]
        return [
            *(Made(state, -1.0) for state in self._case.menus),
            *(Made(event.variable, event.value, _where(event)) for event in made),
        ]

    def flags(self, month: int) -> dict[str, float]:
        """1.0 for each flag one of whose pairs is to meet in this month or those within its horizon, else 0.0."""
        return {flag.name: float(self._near(flag.pairs, month, flag.within)) for flag in self._case.flags.values()}

    def _near(self, pairs: Iterable[str], month: int, within: int) -> bool:
        return any(summit.pair in pairs and month <= summit.month <= month + within for summit in self._summits)

    def _open(self, month: int) -> list[Summit]:
        return [each for each in self._summits if each.month - each.early <= month <= each.month + each.late]

    def _pinning(self, month: int) -> list[Event]:
        return [event for event in self._events if event.action == "pin" and event.month <= month]

    def _exogenous(self, event: Event) -> bool:
        return event.action != "move" and self._case.variables[event.variable].kind == "exogenous"

    def _restored(self, ended: Event, month: int) -> list[Change]:
        """An exogenous variable as it would stand had this event not been, where it was."""
        return [
            replace(change, where=(*_where(ended), *change.where))
            for change in self._standing(ended.variable, month, ended)
        ]

    def _standing(self, variable: str, month: int, without: Event | None = None) -> list[Change]:
        """An exogenous variable as its start, the season and earlier events leave it."""
        season = self._case.variables[variable].by_month
        found = [Change(variable, 0.0, of_start=season[(self._begins + month) % 12] if season else 1.0)]
        for event in self._events:
            if event is without or event.variable != variable or event.action == "move" or event.month >= month:
                continue
            shifts = event.action == "shift"
            if not shifts and not _lasts(event, month):
                continue
            if event.occasion is not None or (shifts and found[-1].where):
                found.append(Change(variable, event.value, float(shifts), where=_where(event)))
            elif shifts:
                found[-1] = replace(found[-1], by=found[-1].by + event.value)
            else:
                found = [Change(variable, event.value)]
        return found


def _where(planned: Summit | Event) -> Where:
    return () if planned.occasion is None else (planned.occasion.id,)


def _lasts(event: Event, month: int) -> bool:
    return event.until is None or month < event.until
