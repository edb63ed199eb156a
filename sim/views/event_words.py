"""Events in words, and the condition or chance of what is planned."""

from __future__ import annotations

from sim.errors import clean_text
from sim.inputs.case import Case
from sim.inputs.schedule import Event, Summit, said_of_occasion
from sim.views import wording


def event_change(event: Event, case: Case) -> str:
    """What an event does: `tariffs now 0.5`, `North Korea is made to act: restrain`."""
    if event.action == "move":
        return f"{wording.state_name(case, event.variable)} is made to act: {clean_text(event.option, 60)}"
    change = {
        "set": f"now {event.value:g}",
        "shift": f"changes by {event.value:+g}",
        "pin": f"held at {event.value:g} {'from now on' if event.until is None else 'for now'}",
    }[event.action]
    return f"{clean_text(case.variables[event.variable].label, 60)} {change}"


def on_condition(planned: Event | Summit) -> str:
    """` (only where tension - 0.5 is above 0, in 30 of 100 runs)`; empty for what always happens."""
    said = said_of_occasion(planned.occasion)
    return f" ({clean_text(said, 200)})" if said else ""


def passed_over(planned: Event | Summit, case: Case) -> str:
    """A sentence for an event or summit that was planned and does not come about in a run."""
    said = clean_text(said_of_occasion(planned.occasion), 200)
    if isinstance(planned, Summit):
        return f"Not called: {clean_text(case.pairs[planned.pair].name, 60)}, planned {said}."
    what = clean_text(planned.note, 200) or event_change(planned, case)
    return f"Does not happen ({said}): {what}."
