"""The compiled model of a scenario's structure: compiled once, cached, and called for blocks of runs.

It is :class:`sim.model.diplomacy.Diplomacy`, translated by ``tracer.py``; wasmtime runs it here, and a browser runs the
same file in the page.
"""

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
from typing import Any

from sim.inputs.scenario import Event, Scenario, Summit
from sim.kernel import cache
from sim.kernel.instance import SEED_BITS, Code, Given, Machine, Played
from sim.kernel.structure import numbers_of, structure_of

_COMPILES = ("model/*.py", "kernel/*.*", "inputs/arithmetic.py", "inputs/expressions.py", "vocabulary.py")


class Compiled:
    """One structure, ready to be played with any numbers and any calendar. ``layout`` says where everything lies."""

    def __init__(self, wasm: bytes, code: Code, layout: Mapping[str, Any]) -> None:
        self.wasm = wasm
        self.layout = layout
        self._code = code

    def play(self, scenario: Scenario, seed: int, first_run: int, runs: int, keep: int = 0) -> Played:
        """Play runs of a scenario of this structure; ``first_run`` is a multiple of the layout's ``stretch``.

        ``keep`` is the sum of what is wanted of ``HISTOGRAMS``, ``ROWS`` and ``WORLDS``; the rest comes back empty.
        """
        return self.play_given(Given.of(scenario, self.layout), seed, first_run, runs, keep)

    def play_given(self, given: Given, seed: int, first_run: int, runs: int, keep: int = 0) -> Played:
        """Play runs of numbers and a calendar written for the module. Raises ValueError for too large a seed."""
        if not 0 <= seed < 1 << SEED_BITS:
            raise ValueError(f"a seed has at most {SEED_BITS} bits")
        return self._machine().play(given, seed, first_run, runs, keep)

    def _machine(self) -> Machine:
        """This thread's machine. One of another structure is closed first, since each reserves 4 GB of addresses."""
        last: Machine | None = getattr(_of_this_thread, "machine", None)
        if last is None or last.layout is not self.layout or last.process != os.getpid():
            if last is not None:
                last.close()
            last = _of_this_thread.machine = Machine(self._code, self.layout)
        return last


_of_this_thread = threading.local()


def compiled(scenario: Scenario) -> Compiled:
    """The compiled model of a scenario's structure, from memory or the cache, or else compiled now.

    Raises ImportError without wasmtime, Untraceable where the model cannot be written as a program.
    """
    return _compiled(_key(scenario), _Asked(scenario))


def engine_of(scenario: Scenario) -> str:
    """The engine that plays a scenario: the one it asks for, but ``mesa`` where wasmtime is not installed."""
    return "compiled" if scenario.engine == "compiled" and _wasmtime_version() else "mesa"


def scenario_data(scenario: Scenario, layout: Mapping[str, Any]) -> dict[str, Any]:
    """What a page needs to know of a scenario beside the compiled file, as plain JSON data."""
    numbers = numbers_of(scenario)
    return {
        "numbers": [numbers[name] for name in layout["numbers"]],
        "months": scenario.months,
        "summits": [_row(each, "month", "pair", "certain", "early", "late") for each in scenario.summits],
        "events": [_row(each, "month", "action", "variable", "value", "until") for each in scenario.events],
        "chances": {each.id: each.chance for each in scenario.occasions},
        "seasons": _seasons(scenario),
    }


def _row(planned: Summit | Event, *fields: str) -> dict[str, Any]:
    """These fields of a summit or an event, and the id of its occasion."""
    row = {name: getattr(planned, name) for name in fields}
    return row | {"occasion": planned.occasion and planned.occasion.id}


def _seasons(scenario: Scenario) -> dict[str, list[float]]:
    """What each variable with a season is multiplied by, for twelve months from month 0 on."""
    begins = scenario.first_month[1] - 1
    return {
        name: [*variable.by_month[begins:], *variable.by_month[:begins]]
        for name, variable in scenario.case.variables.items()
        if variable.by_month
    }


@dataclass(frozen=True)
class _Asked:
    """A scenario that ``lru_cache`` leaves out of its key."""

    scenario: Scenario = field(compare=False, hash=False)


@lru_cache(maxsize=16)
def _compiled(key: str, asked: _Asked) -> Compiled:
    data = cache.kept(key)
    if data is not None:
        found = _opened(data)
        if found is not None:
            return found
    wasm, layout = assembled(asked.scenario)
    code = Code.of(wasm)
    text = json.dumps(layout, separators=(",", ":")).encode()
    cache.keep(key, b"".join(struct.pack("<Q", len(part)) + part for part in (text, wasm, code.serialized())))
    return Compiled(wasm, code, layout)


def assembled(scenario: Scenario) -> tuple[bytes, dict[str, Any]]:
    """The WebAssembly module of a scenario's structure, and its layout."""
    import wasmtime

    from sim.kernel.optimise import compilable  # only to compile: it imports Mesa
    from sim.kernel.wasm import Module

    module = Module(compilable(scenario))
    structure = sha256(structure_of(scenario).encode()).hexdigest()[:16]
    return bytes(wasmtime.wat2wasm(module.text())), {"structure": structure, **module.layout()}


def _opened(data: bytes) -> Compiled | None:
    """A compiled model from the cache; None where this wasmtime or this processor cannot run it."""
    parts, at = [], 0
    while at < len(data):
        (size,) = struct.unpack_from("<Q", data, at)
        parts.append(data[at + 8 : at + 8 + size])
        at += 8 + size
    text, wasm, native = parts
    code = Code.deserialized(native)
    return None if code is None else Compiled(wasm, code, json.loads(text))


def _key(scenario: Scenario) -> str:
    program = cache.hash_of_program(*_COMPILES)
    parts = [structure_of(scenario), program, str(_wasmtime_version()), platform.system(), platform.machine()]
    return sha256("\0".join(parts).encode()).hexdigest()[:32]


@lru_cache(maxsize=1)
def _wasmtime_version() -> str | None:
    try:
        return version("wasmtime")
    except PackageNotFoundError:
        return None
