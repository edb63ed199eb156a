"""The calendar of a scenario: which summits and events fall in a month, and the shadow that coming summits cast."""

from __future__ import annotations

from sim.inputs.scenario import Event, Scenario, Summit


class Calendar:
    """Summits and events by month. Within a month they keep the order in which the scenario lists them."""

    def __init__(self, scenario: Scenario) -> None:
        self._case = scenario.case
        self._summits: dict[int, list[Summit]] = {}
        self._events: dict[int, list[Event]] = {}
        for summit in scenario.summits:
            self._summits.setdefault(summit.month, []).append(summit)
        for event in scenario.events:
            self._events.setdefault(event.month, []).append(event)

    def summits(self, month: int) -> list[Summit]:
        return self._summits.get(month, [])

    def events(self, month: int) -> list[Event]:
        return self._events.get(month, [])

    def flags(self, month: int) -> dict[str, float]:
        """1.0 for each flag one of whose pairs meets in this month or the next ones within its horizon, else 0.0."""
        return {
            flag.name: float(
                any(
                    summit.pair in flag.pairs
                    for later in range(month, month + flag.within + 1)
                    for summit in self.summits(later)
                )
            )
            for flag in self._case.flags.values()
        }
