"""Writes a program as WebAssembly: what all cases share and a function a stage, 4 lanes wide, with slots at fixed
places.
"""

import re
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.kernel.columns import BINS
from sim.kernel.program import Program
from sim.model.streams import stream_key

SHARED = ("runtime.wat", "arithmetic_and_chance.wat", "sums.wat")  # by every case, beside this file
GROUPS = 16  # lane groups of 4 worlds that are drawn and added up at a time

_BIN_ROOM = 1008  # one more than BINS for lanes that do not count, and padding
_DEEPEST = 24  # levels of an expression before it is kept in a local
_CHEAP = 0xDA942042E4DD58B5  # PCG64DXSM's multiplier
_BLOCK_WORLDS = 2048

_PLAIN = {
    "add": "f32x4.add", "sub": "f32x4.sub", "mul": "f32x4.mul", "div": "f32x4.div", "min": "f32x4.pmin",
    "max": "f32x4.pmax", "neg": "f32x4.neg", "abs": "f32x4.abs", "sqrt": "f32x4.sqrt", "exp": "call $exp",
    "log": "call $log", "lt": "f32x4.lt", "le": "f32x4.le", "gt": "f32x4.gt", "ge": "f32x4.ge", "eq": "f32x4.eq",
    "ne": "f32x4.ne", "and": "v128.and", "or": "v128.or", "not": "v128.not",
}  # fmt: skip


@dataclass(frozen=True)
class MonthStream:
    """A monthly stream: its name, its rows a month, and the pair whose summits alone need it, if any."""

    name: str
    rows: int = 1
    pair: str | None = None


@dataclass(frozen=True)
class Compilable:
    """All that a compiled case is written from. Stages and ``prepare``, ``world`` map slots to nodes of the program."""

    program: Program
    numbers: Sequence[str]
    world_streams: Sequence[str]
    month_streams: Sequence[MonthStream]
    prepare: Mapping[str, int]
    world: Mapping[str, int]
    opening: Sequence[str]  # slots that a world gives a first value and the months change
    stages: Mapping[str, Mapping[str, int]]
    order: Sequence[str]  # stages of a month
    variables: Sequence[str]  # that events and pins change
    pairs: Sequence[str]
    occasions: Sequence[str]  # of what has a condition or a chance
    outcomes: Sequence[str]
    columns: Mapping[str, int]  # what is recorded every month; the first is the class
    tops: Sequence[float]  # upper end of each column's histogram
    finals: Mapping[str, int]
    world_columns: Mapping[str, int]
    about: Mapping[str, object] = field(default_factory=dict)  # what a page needs to know of the case


class Module:
    """The text of a module and where everything lies in its memory."""

    def __init__(self, case: Compilable) -> None:
        self.case = case
        self._free = 64
        self._data: list[tuple[int, bytes]] = []
        self.slots: dict[str, int] = {}
        self.places = self._lay_out()

    def text(self) -> str:
        """The whole module in WebAssembly's text format."""
        case = self.case
        functions = [
            self._function("derive_numbers", case.prepare, ""),
            self._function("world", case.world, "(param $w i32)"),
            self._function("record_month", case.columns, "(param $r i32)", self._recorded(case.columns)),
            self._function("record_finals", case.finals, "(param $r i32)", self._recorded(case.finals)),
            self._function(
                "record_world", case.world_columns, "(param $w i32) (param $r i32)", self._recorded_worlds()
            ),
            *(self._function(f"stage_{name}", outputs, "(param $u i32)") for name, outputs in case.stages.items()),
        ]
        table = " ".join(f"$stage_{name}" for name in self.table)
        data = [f'(data (i32.const {at}) "{_escaped(bytes_)}")' for at, bytes_ in self._data]
        return "\n".join(["(module", self._runtime(), *functions, f"(table funcref (elem {table}))", *data, ")"])

    def layout(self) -> dict[str, object]:
        """Where everything lies and what it is called, as plain JSON data, for whoever calls the module."""
        case = self.case
        slots = {name: at for name, at in self.slots.items() if ":known." not in name}  # only stages read these
        return {
            "numbers": list(case.numbers), "variables": list(case.variables), "pairs": list(case.pairs),
            "occasions": list(case.occasions),
            "outcomes": list(case.outcomes), "columns": list(case.columns)[1:], "finals": list(case.finals),
            "worlds": list(case.world_columns), "slots": slots, "bin_room": _BIN_ROOM, "stretch": 8 * GROUPS,
            "world_streams": list(case.world_streams), "world_width": len(case.world_streams),
            "places": {name: self.places[name.upper()] for name in ("numbers", "seed", "keys", "world_draws")},
            **case.about,
        }  # fmt: skip

    @property
    def table(self) -> list[str]:
        """Stages in the order in which a plan names them by number."""
        case = self.case
        pairs = [f"{what}.{pair}" for pair in case.pairs for what in ("leverage", "summit", "meeting")]
        looks = [f"look.{occasion}" for occasion in case.occasions]
        return [*(f"{what}.{name}" for what in ("change", "pin") for name in case.variables), *pairs, *looks]

    def _take(self, size: int) -> int:
        at = self._free
        self._free += -(-size // 16) * 16
        return at

    def _put(self, data: bytes) -> int:
        at = self._take(len(data))
        self._data.append((at, data))
        return at

    def _lay_out(self) -> dict[str, int]:
        case, stretch = self.case, 8 * GROUPS
        streams = [*case.world_streams, *(stream.name for stream in case.month_streams)]
        columns, measures, classes = len(case.columns), len(case.finals), len(case.outcomes)
        first_row, forms = 0, b""
        self.rows: dict[str, int] = {}
        for stream in case.month_streams:
            pair = -1 if stream.pair is None else list(case.pairs).index(stream.pair)
            forms += struct.pack("<iii", stream.rows, first_row, pair)
            self.rows |= {f"u:{stream.name}:{row}": first_row + row for row in range(stream.rows)}
            first_row += stream.rows
        self.draws = {f"w:{name}": place for place, name in enumerate(case.world_streams)}
        places = {
            "SEED": self._take(16), "POOL": (pool := self._take(48)), "POOL_END": pool + 16, "POOL_HASH": pool + 32,
            "LANES": (lanes := self._take(32 * GROUPS)), "LANES_1": lanes + 16, "CURSOR": self._take(32),
            "TEMPORARY": self._take(32),
            "KEYS": self._put(b"".join(stream_key(name) for name in streams)),
            "GENERATORS": self._take(32 * len(streams)), "FORMS": self._put(forms),
            "JUMP_ROW": self._put(_jump(_BLOCK_WORLDS)), "JUMP_RUNS": self._put(_jump(stretch // 2)),
            "JUMP_WORLDS": self._put(_jump(stretch // 4)),
            "SCALES": self._put(struct.pack(f"<{columns}f", *(BINS / top for top in case.tops))),
            "NUMBERS": (numbers := self._take(4 * len(case.numbers))),
            "WORLD_DRAWS": self._take(16 * len(case.world_streams) * GROUPS),
        }  # fmt: skip
        self.numbers = {f"d:{name}": numbers + 4 * place for place, name in enumerate(case.numbers)}
        opening = list(case.opening)
        places["OPENING"] = self._take(16 * len(opening))
        places["VARYING"] = self._take(16 * len(opening))
        self.opening = {name: places["OPENING"] + 16 * place for place, name in enumerate(opening)}
        self.slots |= {name: places["VARYING"] + 16 * place for place, name in enumerate(opening)}
        inputs = [node[1][0] for node in case.program.nodes if node[0] == "in" and str(node[1][0])[0] in "vt"]
        written = [name for each in (case.prepare, case.world, *case.stages.values()) for name in each]
        for name in dict.fromkeys([*written, *map(str, inputs), *_DRIVEN]):
            if name not in self.slots:
                self.slots[name] = self._take(16)
        return places | {
            "STREAMS": len(streams), "WORLD_STREAMS": len(case.world_streams), "MONTH_STREAMS": len(case.month_streams),
            "ROWS": first_row, "GROUPS": GROUPS, "BOTH": 2 * GROUPS, "STRETCH": stretch, "STRETCH_1": stretch - 1,
            "STRETCH_MASK": -stretch, "STRETCH_WORLDS": stretch // 2, "STRETCH_WORLDS_1": stretch // 2 - 1,
            "STRETCH_WORLDS_2": stretch // 4, "WORLD_STRIDE": 16 * len(case.world_streams),
            "VARYING_SIZE": 16 * len(opening), "COLUMNS": columns, "MEASURES": measures, "CLASSES": classes,
            "COLUMN_SIZE": 32 * GROUPS, "RECORD_SIZE": 32 * GROUPS * columns, "FINALS_SIZE": 32 * GROUPS * measures,
            "CHANCE_SIZE": 32 * GROUPS * first_row, "COUNTS_SIZE": 4 * classes, "SUMS_SIZE": 16 * columns,
            "BIN_ROOM": _BIN_ROOM, "BIN_BYTES": 2 * _BIN_ROOM, "BINS_SIZE": 2 * _BIN_ROOM * columns,
            "MOMENTS_SIZE": 96 * measures, **{f"MOMENT_{row}": 16 * row * measures for row in range(1, 6)},
            "VALUES_SIZE": 4 * measures, "WORLDS_SIZE": 2 * len(case.world_columns),
            "PAIR_FUNCTIONS": 2 * len(case.variables), "FREE": self._take(0),
        }  # fmt: skip

    def _runtime(self) -> str:
        """What all cases share, with this case's places."""
        text = "\n".join(Path(__file__).with_name(name).read_text(encoding="utf-8") for name in SHARED)
        text = re.sub(r"@F\(([^)]+)\)@", lambda found: _floats(float(found[1])), text)
        text = re.sub(r"@I\(([^)]+)\)@", lambda found: f"(v128.const i32x4 {' '.join([found[1]] * 4)})", text)
        text = re.sub(r"@SLOT\(([^)]+)\)@", lambda found: str(self.slots[found[1]]), text)
        stages = "\n  ".join(_CALLS.get(name, f"(call $stage_{name} (local.get $u))") for name in self.case.order)
        return re.sub(r"@(\w+)@", lambda found: str(self.places[found[1]]), text.replace("@STAGES@", stages))

    def _recorded(self, outputs: Mapping[str, int]) -> Callable[[str], str]:
        order = {name: place for place, name in enumerate(outputs)}
        return lambda name: f"offset={self.places['COLUMN_SIZE'] * order[name]} (local.get $r)"

    def _recorded_worlds(self) -> Callable[[str], str]:
        order = {name: place for place, name in enumerate(self.case.world_columns)}
        room = "(i32.shl (global.get $room) (i32.const 1))"
        return lambda name: f"(i32.add (local.get $r) (i32.mul (i32.const {order[name]}) {room}))"

    def _slot(self, name: str) -> str:
        return f"offset={self.opening.get(name, self.slots[name])} (i32.const 0)"

    def _function(
        self, name: str, outputs: Mapping[str, int], given: str, to: Callable[[str], str] | None = None
    ) -> str:
        """A function that computes all outputs and then stores them."""
        if to is None:
            to = (
                self._slot
                if name in ("world", "derive_numbers")
                else lambda slot: f"offset={self.slots[slot]} (i32.const 0)"
            )
        return _Writer(self, outputs).function(name, given, to)


class _Writer:
    """Writes one function: a value used more than once, or nested too deep, is kept in a local."""

    def __init__(self, module: Module, outputs: Mapping[str, int]) -> None:
        self._module, self._program, self._outputs = module, module.case.program, outputs
        self._nodes = self._program.needed(outputs.values())
        uses: dict[int, int] = {}
        depth: dict[int, int] = {}
        for node in self._nodes:
            inputs = self._program.inputs(node)
            depth[node] = 1 + max((depth[each] for each in inputs), default=0)
            if depth[node] > _DEEPEST:
                depth[node] = 0
            for each in inputs:
                uses[each] = uses.get(each, 0) + 1
        written = {f"in:{slot}" for slot in outputs}
        stored = set(outputs.values())
        self._kept = [
            node for node in self._nodes
            if (self._program.inputs(node) and (uses.get(node, 0) > 1 or node in stored or depth[node] == 0))
            or f"in:{self._program.nodes[node][1][:1][0] if self._program.nodes[node][0] == 'in' else ''}" in written
        ]  # fmt: skip
        self._local = {node: place for place, node in enumerate(self._kept)}

    def function(self, name: str, given: str, to: Callable[[str], str]) -> str:
        locals_ = " ".join(f"(local $x{place} v128)" for place in range(len(self._kept)))
        lines = [f"(func ${name} {given} {locals_}"]
        lines += [f"(local.set $x{self._local[node]} {self._expression(node)})" for node in self._kept]
        for slot, node in self._outputs.items():
            lines.append(f"(v128.store {to(slot)} {self._number(node)})")
        return "\n".join([*lines, ")"])

    def _number(self, node: int) -> str:
        value = self._operand(node)
        return f"(v128.and {value} {_floats(1)})" if self._program.is_mask(node) else value

    def _operand(self, node: int) -> str:
        return f"(local.get $x{self._local[node]})" if node in self._local else self._expression(node)

    def _expression(self, node: int) -> str:
        operation, operands = self._program.nodes[node]
        if operation == "const":
            return _floats(float(operands[0]))  # type: ignore[arg-type]
        if operation in ("true", "false"):
            return f"(v128.const i32x4 {' '.join(['-1' if operation == 'true' else '0'] * 4)})"
        if operation == "in":
            return self._load(str(operands[0]))
        values = [self._operand(each) for each in self._program.inputs(node)]
        if operation == "number":
            return f"(v128.and {values[0]} {_floats(1)})"
        if operation == "truth":
            return f"(f32x4.ne {values[0]} {_floats(0)})"
        if operation == "select":
            return f"(v128.bitselect {values[1]} {values[2]} {values[0]})"
        return f"({_PLAIN[operation]} {' '.join(values)})"

    def _load(self, name: str) -> str:
        module = self._module
        if name in module.numbers:
            return f"(v128.load32_splat offset={module.numbers[name]} (i32.const 0))"
        if name in module.draws:
            return f"(v128.load offset={16 * module.draws[name]} (local.get $w))"
        if name in module.rows:
            return f"(v128.load offset={16 * module.rows[name]} (local.get $u))"
        return f"(v128.load offset={module.slots[name]} (i32.const 0))"


_DRIVEN = (
    "v:month", "v:change.by", "v:change.of_now", "v:change.of_start", "v:due.opens", "v:due.planned", "v:due.certain",
    "v:always", "v:happens.planned", "v:look.chance",
)  # fmt: skip
_CALLS = {
    "events": "(call $change_all (local.get $month) (local.get $u)) (call $stage_derive (local.get $u))",
    "summits": "(call $meet_all (local.get $month) (local.get $u))",
    "pins": "(call $pin_all (local.get $month) (local.get $u)) (call $stage_derive (local.get $u))",
    "moves": "(if (global.get $one_month) (then (call $stage_odds (local.get $u)))) (call $stage_moves (local.get $u))",
}


def _floats(value: float) -> str:
    return f"(v128.const f32x4 {' '.join([repr(value)] * 4)})"


def _escaped(data: bytes) -> str:
    return "".join(f"\\{byte:02x}" for byte in data)


def _jump(steps: int) -> bytes:
    """Multiplier and increment that move a generator on by a number of steps, as four 64-bit words."""
    power, total, whole = 1, 0, 1 << 128
    for _ in range(steps):
        power, total = power * _CHEAP % whole, (total * _CHEAP + 1) % whole
    return power.to_bytes(16, "little") + total.to_bytes(16, "little")
