"""Runs the compiled module: writes a scenario into its memory, plays runs, reads the results."""

from __future__ import annotations

import atexit
import ctypes
import os
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from weakref import WeakSet

import numpy as np
import numpy.typing as npt

from sim.errors import SummitryError
from sim.inputs.scenario import Scenario
from sim.kernel.columns import BINS
from sim.kernel.structure import numbers_of
from sim.model.calendar import Calendar, Change, Due, Made
from sim.model.streams import stream_key
from sim.vocabulary import happens, pinned

HISTOGRAMS, ROWS, WORLDS = 1, 2, 4  # what may be kept in addition to the sums
SEED_BITS = 128

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Given:
    """A scenario as the module reads it."""

    numbers: npt.NDArray[np.float32]  # in the order of the layout
    calendar: bytes  # as ``runtime.wat`` says
    months: int  # number of months played
    renamed: Mapping[str, str] = field(default_factory=dict)  # world streams that are drawn under another name

    @classmethod
    def of(cls, scenario: Scenario, layout: Mapping[str, Any], renamed: Callable[[str], str] | None = None) -> Given:
        numbers = numbers_of(scenario)
        ordered = np.array([numbers[name] for name in layout["numbers"]], dtype=np.float32)
        other = {} if renamed is None else {name: renamed(name) for name in layout["world_streams"]}
        return cls(ordered, written_calendar(scenario, layout), scenario.months + 1, other)


@dataclass(frozen=True)
class Played:
    """The results of runs as the kernel adds them up; rows only where asked for. Names are those of the layout.

    ``moments`` rows: sum of y, of y squared, of y over worlds with two plays, of the product of the two plays, number
    of runs, number of worlds with two plays.
    """

    counts: Array  # (months, outcomes)
    pairs: Array  # (months, outcomes): worlds whose two plays are both there
    sums: Array  # (months, series and dyads)
    bins: Array  # (months, series and dyads, BINS)
    moments: Array  # (6, finals)
    classes: Array  # (months, runs)
    values: Array  # (finals, runs)
    worlds: Array  # (numbers drawn, claims, causes; worlds)


_open: WeakSet[Code | Machine] = WeakSet()


@atexit.register
def _close_all() -> None:
    """Close all machines: wasmtime needs it done before the interpreter ends."""
    for each in sorted(_open, key=lambda each: isinstance(each, Code)):
        each.close()


class Code:
    """The module as this processor runs it; all threads share it."""

    def __init__(self, engine: Any, module: Any) -> None:
        self.engine, self.module = engine, module
        _open.add(self)

    @classmethod
    def of(cls, wasm: bytes) -> Code:
        import wasmtime  # optional: without it the Mesa model plays

        alone = wasmtime.Config()
        alone.parallel_compilation = False  # else a forked worker waits for ever for threads that it does not have
        engine = wasmtime.Engine(alone)
        return cls(engine, wasmtime.Module(engine, wasm))

    @classmethod
    def deserialized(cls, native: bytes) -> Code | None:
        """The module from its compiled form; None where this wasmtime or this processor cannot run it."""
        import wasmtime

        engine = wasmtime.Engine()
        try:
            return cls(engine, wasmtime.Module.deserialize(engine, native))
        except wasmtime.WasmtimeError:
            return None

    def serialized(self) -> bytes:
        return bytes(self.module.serialize())

    def close(self) -> None:
        self.module.close()
        self.engine.close()


class NoAddressesError(SummitryError):
    """The system gives a machine no room."""


class Machine:
    """An instance of the module, with its own memory. Raises NoAddressesError."""

    _exports: Any
    _memory: Any

    def __init__(self, code: Code, layout: Mapping[str, Any]) -> None:
        import wasmtime

        self.layout = layout
        self.process = os.getpid()
        self._renamed = False
        self._store = wasmtime.Store(code.engine)
        _open.add(self)
        try:
            self._exports = wasmtime.Instance(self._store, code.module, []).exports(self._store)
        except wasmtime.WasmtimeError:  # which no worker could send to its parent
            raise NoAddressesError(
                "the compiled model reserves 4 GB of addresses in every worker, and this process may not have so many "
                "(ulimit -v): raise the limit, ask for fewer --workers, or run with --engine mesa"
            ) from None
        self._memory = self._exports["memory"]

    def play(self, given: Given, seed: int, first_run: int, runs: int, keep: int) -> Played:
        room = self._exports["reserve"](self._store, 0, given.months, runs, keep, len(given.calendar))
        self._write(self.layout["places"]["numbers"], given.numbers.tobytes())
        self._write(self.layout["places"]["seed"], seed.to_bytes(SEED_BITS // 8, "little"))
        self._write(self._at("plan"), given.calendar)
        self._name_streams(given.renamed)
        self._exports["prepare"](self._store)
        self._exports["play"](self._store, first_run, runs)
        return self._read_out(given.months, runs, room, keep)

    def _name_streams(self, renamed: Mapping[str, str]) -> None:
        if renamed or self._renamed:
            names = [renamed.get(name, name) for name in self.layout["world_streams"]]
            self._write(self.layout["places"]["keys"], b"".join(stream_key(name) for name in names))
        self._renamed = bool(renamed)

    @property
    def running(self) -> bool:
        return self._exports is not None

    def close(self) -> None:
        """Free everything."""
        self._memory = self._exports = None
        self._store.close()

    def _read_out(self, months: int, runs: int, room: int, keep: int) -> Played:
        layout = self.layout
        classes, columns, finals = len(layout["outcomes"]), 1 + len(layout["columns"]), len(layout["finals"])
        rows = runs if keep & ROWS else 0
        worlds = -(-runs // 2) if keep & WORLDS else 0
        bins = self._view("bins", np.uint16, months, columns, layout["bin_room"] if keep & HISTOGRAMS else 0)
        return Played(
            counts=self._view("counts", np.int32, months, classes).astype(np.int64),
            pairs=self._view("pairs", np.int32, months, classes).astype(np.int64),
            sums=self._view("sums", np.float64, months, columns, 2).sum(axis=2)[:, 1:],
            bins=bins[:, 1:, :BINS].copy(),
            moments=self._view("moments", np.float64, 6, finals, 2).sum(axis=2),
            classes=self._view("classes", np.int8, months, room if rows else 0)[:, :rows].copy(),
            values=self._view("values", np.float32, finals, room if rows else 0)[:, :rows].copy(),
            worlds=self._view("worlds", np.float32, len(layout["worlds"]), room // 2 if worlds else 0)[
                :, :worlds
            ].copy(),
        )

    def _at(self, name: str) -> int:
        return int(self._exports[name].value(self._store))

    def _write(self, at: int, data: bytes) -> None:
        self._memory.write(self._store, data, at)

    def _view(self, name: str, kind: Any, *shape: int) -> Array:
        """An array in the module's memory; it must be copied before the memory grows."""
        base = ctypes.addressof(self._memory.data_ptr(self._store).contents)
        size = int(np.prod(shape)) * np.dtype(kind).itemsize
        buffer = (ctypes.c_ubyte * size).from_address(base + self._at(name))
        return np.frombuffer(buffer, dtype=kind).reshape(shape)


def written_calendar(scenario: Scenario, layout: Mapping[str, Any]) -> bytes:
    """The calendar of a scenario as the kernel reads it (``runtime.wat`` says how)."""
    calendar, slots, months = Calendar(scenario), layout["slots"], scenario.months + 1
    variables = {name: place for place, name in enumerate(layout["variables"])}
    pairs = {name: place for place, name in enumerate(layout["pairs"])}
    looks = {name: 2 * len(variables) + 3 * len(pairs) + place for place, name in enumerate(layout["occasions"])}
    begins, body = [], b""

    def where(planned: Change | Due | Made, most: int = 1) -> list[int]:
        """The slots that say in which runs something planned comes about."""
        return [slots[f"v:{happens(each)}"] for each in planned.where] + [slots["v:always"]] * (
            most - len(planned.where)
        )

    for month in range(months):
        begins.append(4 * (2 + months) + len(body))
        found = [Made(name, value) for name, value in calendar.flags(month).items()]
        found += [replace(each, name=pinned(each.name)) for each in calendar.pinned_before(month)]
        found += [replace(each, name=f"move.{each.name}") for each in calendar.moves(month)]
        known = [each for each in found if f"v:{each.name}" in slots]
        parts: list[tuple[str, list[tuple[float, ...]]]] = [
            ("<if", [(looks[each.id], each.chance) for each in calendar.occasions(month)]),
            ("<ifi", [(slots[f"v:{each.name}"], each.value, *where(each)) for each in known]),
            ("<ifffii", [
                (variables[each.variable], each.by, each.of_now, each.of_start, *where(each, 2))
                for each in calendar.changes(month)
            ]),
            ("<ifffi", [
                (pairs[each.pair], each.opens, each.planned, each.certain, *where(each)) for each in calendar.due(month)
            ]),
            ("<ifi", [
                (len(variables) + variables[each.name], each.value, *where(each)) for each in calendar.pins(month)
            ]),
        ]  # fmt: skip
        body += struct.pack("<5i", *(len(rows) for _, rows in parts))
        body += b"".join(struct.pack(form, *row) for form, rows in parts for row in rows)
    return struct.pack(f"<{2 + months}i", 0, 0, *begins) + body
