"""The compiled model of a scenario's structure: made once, kept, loaded, and called for blocks of runs.

What it plays is :class:`sim.model.diplomacy.Diplomacy`, translated by a program (``stages.py``); wasmtime runs it here,
a browser runs the same file in the page.
"""

from __future__ import annotations

import atexit
import ctypes
import json
import os
import platform
import struct
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any
from weakref import WeakSet

import numpy as np
import numpy.typing as npt

from sim.inputs.scenario import Scenario
from sim.kernel import cache
from sim.kernel.columns import BINS
from sim.kernel.numbers import numbers_of, structure_of
from sim.model.calendar import Calendar
from sim.vocabulary import pinned

HISTOGRAMS, ROWS, WORLDS = 1, 2, 4  # what may be kept beside the sums
_PACKAGE = Path(__file__).resolve().parent.parent
_COMPILES = ("model/*.py", "kernel/*", "inputs/arithmetic.py", "inputs/expression_tree.py", "vocabulary.py")
_SEED_BITS = 128

Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Played:
    """What runs came to, as the kernel adds it up; rows only where they were asked for. Names are those of the layout.

    ``moments`` rows: sum of y, of y squared, of y over worlds with two plays, of the product of the two plays, runs and
    worlds with two plays that these rest on.
    """

    counts: Array  # (months, outcomes)
    pairs: Array  # (months, outcomes): worlds whose two plays are both there
    sums: Array  # (months, series and dyads)
    bins: Array  # (months, series and dyads, BINS)
    moments: Array  # (6, finals)
    classes: Array  # (months, runs)
    values: Array  # (finals, runs)
    worlds: Array  # (numbers drawn, claims, causes; worlds)


class Compiled:
    """One structure, ready to be played with any numbers and any calendar. ``layout`` says where everything lies."""

    def __init__(self, wasm: bytes, native: bytes, layout: Mapping[str, Any]) -> None:
        self.wasm = wasm
        self.layout = layout
        self._native = native
        self._machines: dict[tuple[int, int], _Machine] = {}  # one a process and thread

    def play(self, scenario: Scenario, seed: int, first_run: int, runs: int, keep: int = 0) -> Played:
        """Play runs of a scenario of this structure; ``first_run`` is a multiple of the layout's ``stretch``.

        ``keep`` adds up ``HISTOGRAMS``, ``ROWS`` and ``WORLDS``; what is not kept comes back empty.
        """
        if not 0 <= seed < 1 << _SEED_BITS:
            raise ValueError(f"a seed has at most {_SEED_BITS} bits")
        return self._machine().play(scenario, seed, first_run, runs, keep)

    def _machine(self) -> _Machine:
        here = (os.getpid(), threading.get_ident())
        if here not in self._machines:
            self._machines = {at: each for at, each in self._machines.items() if at[0] == here[0]}
            self._machines[here] = _Machine(self._native, self.layout)
        return self._machines[here]


def compiled(scenario: Scenario) -> Compiled:
    """The compiled model of a scenario's structure, from memory, from the cache, or made now.

    Raises ImportError without wasmtime, Untraceable where the model cannot be written as a program.
    """
    return _compiled(_key(scenario), _Asked(scenario))


def engine_of(scenario: Scenario) -> str:
    """Which engine plays a scenario: the one it asks for, and ``mesa`` where wasmtime is not installed."""
    return "compiled" if scenario.engine == "compiled" and _wasmtime_version() else "mesa"


def scenario_data(scenario: Scenario, layout: Mapping[str, Any]) -> dict[str, Any]:
    """What a page needs to know of a scenario beside the compiled file, as plain JSON data."""
    numbers = numbers_of(scenario)
    return {
        "numbers": [numbers[name] for name in layout["numbers"]],
        "months": scenario.months,
        "summits": [
            {"month": each.month, "pair": each.pair, "certain": each.certain, "early": each.early, "late": each.late}
            for each in scenario.summits
        ],
        "events": [
            {
                "month": each.month,
                "action": each.action,
                "variable": each.variable,
                "value": each.value,
                "until": each.until,
            }
            for each in scenario.events
        ],
    }


@dataclass(frozen=True)
class _Asked:
    """A scenario that does not count in the key of a remembered result."""

    scenario: Scenario = field(compare=False, hash=False)


@lru_cache(maxsize=16)
def _compiled(key: str, asked: _Asked) -> Compiled:
    import wasmtime

    data = cache.kept(key)
    if data is not None:
        found = _opened(data)
        if found is not None:
            return found
    wasm, layout = assembled(asked.scenario)
    native = bytes(wasmtime.Module(wasmtime.Engine(), wasm).serialize())
    text = json.dumps(layout, separators=(",", ":")).encode()
    cache.keep(key, b"".join(struct.pack("<Q", len(part)) + part for part in (text, wasm, native)))
    return Compiled(wasm, native, layout)


def assembled(scenario: Scenario) -> tuple[bytes, dict[str, Any]]:
    """The WebAssembly module of a scenario's structure, and its layout."""
    import wasmtime

    from sim.kernel.stages import trace  # only to compile: it imports Mesa
    from sim.kernel.wasm import Module

    module = Module(trace(scenario))
    structure = sha256(structure_of(scenario).encode()).hexdigest()[:16]
    return bytes(wasmtime.wat2wasm(module.text())), {"structure": structure, **module.layout()}


def _opened(data: bytes) -> Compiled | None:
    """What was kept; None where this wasmtime or this processor cannot run it."""
    import wasmtime

    parts, at = [], 0
    while at < len(data):
        (size,) = struct.unpack_from("<Q", data, at)
        parts.append(data[at + 8 : at + 8 + size])
        at += 8 + size
    text, wasm, native = parts
    try:
        wasmtime.Module.deserialize(wasmtime.Engine(), native)
    except wasmtime.WasmtimeError:
        return None
    return Compiled(wasm, native, json.loads(text))


def _key(scenario: Scenario) -> str:
    parts = [structure_of(scenario), _program_hash(), str(_wasmtime_version()), platform.system(), platform.machine()]
    return sha256("\0".join(parts).encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _program_hash() -> str:
    digest = sha256()
    for pattern in _COMPILES:
        for path in sorted(_PACKAGE.glob(pattern)):
            if path.is_file():
                digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def _wasmtime_version() -> str | None:
    try:
        return version("wasmtime")
    except PackageNotFoundError:
        return None


_open_machines: WeakSet[_Machine] = WeakSet()


@atexit.register
def _close_all() -> None:
    for machine in list(_open_machines):
        machine.close()


class _Machine:
    """An instance of the module with a memory of its own."""

    def __init__(self, native: bytes, layout: Mapping[str, Any]) -> None:
        import wasmtime

        engine = wasmtime.Engine()
        self._store = wasmtime.Store(engine)
        self._engine = engine
        _open_machines.add(self)
        self._exports = wasmtime.Instance(self._store, wasmtime.Module.deserialize(engine, native), []).exports(
            self._store
        )
        self._memory = self._exports["memory"]
        self._layout = layout

    def play(self, scenario: Scenario, seed: int, first_run: int, runs: int, keep: int) -> Played:
        layout, months = self._layout, scenario.months + 1
        numbers = numbers_of(scenario)
        plan = written_plan(scenario, layout)
        room = self._exports["reserve"](self._store, 0, months, runs, keep, len(plan))
        values = np.array([numbers[name] for name in layout["numbers"]], dtype=np.float32)
        self._write(layout["places"]["numbers"], values.tobytes())
        self._write(layout["places"]["seed"], seed.to_bytes(_SEED_BITS // 8, "little"))
        self._write(self._at("plan"), plan)
        self._exports["prepare"](self._store)
        self._exports["play"](self._store, first_run, runs)
        return self._taken_out(months, runs, room, keep)

    def close(self) -> None:
        """Free everything; wasmtime wants it done before the interpreter ends."""
        self._memory = self._exports = None
        self._store.close()
        self._engine.close()

    def _taken_out(self, months: int, runs: int, room: int, keep: int) -> Played:
        layout = self._layout
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


def written_plan(scenario: Scenario, layout: Mapping[str, Any]) -> bytes:
    """The calendar of a scenario as the kernel reads it (``runtime.wat`` says how)."""
    calendar, slots, months = Calendar(scenario), layout["slots"], scenario.months + 1
    variables = {name: place for place, name in enumerate(layout["variables"])}
    pairs = {name: place for place, name in enumerate(layout["pairs"])}
    begins, body = [], b""
    for month in range(months):
        begins.append(4 * (2 + months) + len(body))
        found = calendar.flags(month) | {pinned(name): 1.0 for name in calendar.pinned_before(month)}
        found |= {f"move.{state}": option for state, option in calendar.moves(month).items()}
        sets = [(slots[f"v:{name}"], value) for name, value in found.items() if f"v:{name}" in slots]
        changes = [(variables[each.variable], each.by, each.of_now, each.of_start) for each in calendar.changes(month)]
        due = [(pairs[each.pair], each.opens, each.planned, each.certain) for each in calendar.due(month)]
        pins = [(len(variables) + variables[name], value) for name, value in calendar.pins(month).items()]
        body += struct.pack("<4i", *(len(part) for part in (sets, changes, due, pins)))
        for part in (sets, changes, due, pins):
            body += b"".join(struct.pack(f"<i{len(each) - 1}f", *each) for each in part)
    return struct.pack(f"<{2 + months}i", 0, 0, *begins) + body
