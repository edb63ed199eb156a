"""The calendar of a scenario as data by month: which summits are due, what happens from outside, what is pinned.

An event or summit with a condition or chance names its *occasion*: it happens in runs where ``happens.OCCASION`` is 1.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sim.inputs.scenario import Event, Occasion, Scenario, Summit

Where = tuple[str, ...]
"""Occasions that must all come about; empty for what always happens."""

ASKED = 1 - 2**-24  # just below 1: the meeting is tried for certain, but nobody is counted as refusing if it fails


@dataclass(frozen=True)
class Due:
    """A summit that may be held this month. What is true is 1.0 and what is not 0.0, for the compiled model."""

    pair: str
    opens: float  # the first month in which it may be held
    planned: float  # its planned month has come (before it, the pair must also hurry); ASKED if somebody asked for it
    certain: float  # it is held whatever the two wish
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
    """A value set from outside: the level of a pinned variable, or the option that a state is made to take."""

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
        """The occasions decided as a month begins: those of its events and of the summits that are due."""
        begun = [event.occasion for event in self._events if event.month == month]
        found = (*begun, *(summit.occasion for summit in self._open(month)))
        return list(dict.fromkeys(each for each in found if each is not None))

    def due(self, month: int) -> list[Due]:
        """The summits that may be held in a month, in the order in which they are listed."""
        return [
            Due(
                summit.pair,
                float(month == max(0, summit.opens)),
                float(month >= summit.month),
                float(summit.certain),
                _where(summit),
            )
            for summit in self._open(month)
        ]

    def changes(self, month: int) -> list[Change]:
        """What moves variables from outside in a month: first seasons and events that end, then events that begin."""
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
        """Place of the option each state is made to take: first -1 (it chooses) for all, then what events force."""
        made = [event for event in self._events if event.action == "move" and event.month == month]
        return [
            *(Made(state, -1.0) for state in self._case.menus),
            *(Made(event.variable, event.value, _where(event)) for event in made),
        ]

    def flags(self, month: int) -> dict[str, float]:
        """By flag: 1.0 where one of its pairs has a summit planned from this month to its horizon, else 0.0."""
        return {flag.name: float(self._near(flag.pairs, month, flag.within)) for flag in self._case.flags.values()}

    def _near(self, pairs: Iterable[str], month: int, within: int) -> bool:
        return any(summit.pair in pairs and month <= summit.month <= month + within for summit in self._summits)

    def _open(self, month: int) -> list[Summit]:
        return [each for each in self._summits if each.opens <= month <= each.closes]

    def _pinning(self, month: int) -> list[Event]:
        return [event for event in self._events if event.action == "pin" and event.month <= month]

    def _exogenous(self, event: Event) -> bool:
        return event.action != "move" and self._case.variables[event.variable].kind == "exogenous"

    def _restored(self, ended: Event, month: int) -> list[Change]:
        """The level an exogenous variable would have without an event that ends now, where the event happened."""
        return [
            replace(change, where=(*_where(ended), *change.where))
            for change in self._standing(ended.variable, month, ended)
        ]

    def _standing(self, variable: str, month: int, without: Event | None = None) -> list[Change]:
        """The level of an exogenous variable that its start, the season and earlier events give."""
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
