"""The calendar of a scenario as data by month: which summits are due, what happens from outside, what is pinned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sim.inputs.scenario import Event, Scenario, Summit


@dataclass(frozen=True)
class Due:
    """A summit that may be held this month. Its three facts are 1.0 or 0.0: numbers that a program can take."""

    pair: str
    opens: float  # the first month in which it may be held
    planned: float  # from its planned month on: before it, the pair must also hurry
    certain: float  # held, whatever the two wish


@dataclass(frozen=True)
class Change:
    """A variable moved from outside to ``of_now`` x its level + ``of_start`` x its start + ``by``."""

    variable: str
    by: float
    of_now: float = 0.0
    of_start: float = 0.0


class Calendar:
    """Summits and events by month. Within a month they keep the order in which the scenario lists them."""

    def __init__(self, scenario: Scenario) -> None:
        self._case = scenario.case
        self._summits = scenario.summits
        self._events = scenario.events

    def summits(self, month: int) -> list[Summit]:
        """The summits that are planned for a month."""
        return [summit for summit in self._summits if summit.month == month]

    def due(self, month: int) -> list[Due]:
        """The summits that may be held in a month, in the order in which they are listed."""
        return [
            Due(
                summit.pair,
                float(month == max(0, summit.month - summit.early)),
                float(month >= summit.month),
                float(summit.certain),
            )
            for summit in self._summits
            if summit.month - summit.early <= month <= summit.month + summit.late
        ]

    def changes(self, month: int) -> list[Change]:
        """What events do to the variables: first what ends, then what begins."""
        ended = [event for event in self._events if event.until == month]
        begun = [event for event in self._events if event.month == month and event.action != "move"]
        return [
            *(self._restored(event, month) for event in ended if self._exogenous(event)),
            *(Change(event.variable, event.value, float(event.action == "shift")) for event in begun),
        ]

    def pins(self, month: int) -> dict[str, float]:
        """The level of each variable that is pinned in a month."""
        return {event.variable: event.value for event in self._pinning(month) if _lasts(event, month)}

    def pinned_before(self, month: int) -> frozenset[str]:
        """The variables that have been pinned by the end of a month, also where the pin has ended."""
        return frozenset(event.variable for event in self._pinning(month))

    def moves(self, month: int) -> dict[str, float]:
        """Place of the option that a state is made to take this month, by state; -1 where it chooses."""
        made = {event.variable: event.value for event in self._events if _falls(event, "move", month)}
        return {state: made.get(state, -1.0) for state in self._case.menus}

    def flags(self, month: int) -> dict[str, float]:
        """1.0 for each flag one of whose pairs is to meet in this month or those within its horizon, else 0.0."""
        return {flag.name: float(self._near(flag.pairs, month, flag.within)) for flag in self._case.flags.values()}

    def _near(self, pairs: Iterable[str], month: int, within: int) -> bool:
        return any(summit.pair in pairs and month <= summit.month <= month + within for summit in self._summits)

    def _pinning(self, month: int) -> list[Event]:
        return [event for event in self._events if event.action == "pin" and event.month <= month]

    def _exogenous(self, event: Event) -> bool:
        return event.action != "move" and self._case.variables[event.variable].kind == "exogenous"

    def _restored(self, ended: Event, month: int) -> Change:
        """An exogenous variable as it would stand had this event not been."""
        found = Change(ended.variable, 0.0, of_start=1.0)
        for event in self._events:
            if event is ended or event.variable != ended.variable or event.month >= month:
                continue
            if event.action == "shift":
                found = Change(found.variable, found.by + event.value, of_start=found.of_start)
            elif _lasts(event, month):
                found = Change(found.variable, event.value)
        return found


def _falls(event: Event, action: str, month: int) -> bool:
    return event.action == action and event.month == month


def _lasts(event: Event, month: int) -> bool:
    return event.until is None or month < event.until
