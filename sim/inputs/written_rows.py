"""Summits and events as they are counted in their own file."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from sim.errors import Fault, Place
from sim.inputs.schedule import ROWS
from sim.inputs.yaml_source import Source

_ROW = re.compile(r"(summits|events)\[\d+\]")


def as_written(faults: Sequence[Fault], chain: Sequence[Source]) -> list[Fault]:
    """The faults, with summits and events counted as in their own file rather than in the merged list.

    A value that is no YAML is told as that alone, and not also as a name that does not exist.
    """
    starts = {(source.name, section): _starts(source, section) for source in chain for section in ROWS}
    of_yaml = {fault for source in chain for fault in source.faults}
    told = {(fault.place, fault.value) for fault in of_yaml}
    found = [fault for fault in faults if fault in of_yaml]
    for fault in faults:
        if (fault.place, fault.value) in told:
            continue
        match = _ROW.match(fault.field)
        rows = starts.get((fault.place.file, match[1])) if match else None
        if match and rows:
            index = max(bisect_right(rows, fault.place) - 1, 0)
            fault = replace(fault, field=f"{match[1]}[{index}]{fault.field[match.end() :]}")
        found.append(fault)
    return found


def _starts(source: Source, section: str) -> list[Place]:
    """Where each row of a section begins, in their order."""
    rows = source.data.get(section) if isinstance(source.data, dict) else None
    places = [source.places.get((section, index)) for index in range(len(rows) if isinstance(rows, list) else 0)]
    return [place for place in places if place]
