"""Moves work that need not be done every month out of the traced stages.

What depends on the scenario's numbers alone is computed once per scenario (``prepare``), what depends on a world alone
once for its two plays (``world``), and what nothing reads is dropped.
"""

from collections.abc import Mapping

from sim.inputs.scenario import Scenario
from sim.kernel.tracer import Tracer
from sim.kernel.wasm import Compilable


def compilable(scenario: Scenario) -> Compilable:
    """All stages of a scenario's structure. Raises Untraceable where the model cannot be written as a program."""
    tracer = Tracer(scenario)
    try:
        return Arranged(tracer.traced()).compilable()
    finally:
        tracer.model.close()


class Arranged:
    """The stages of a traced model, with the work of every month separate from that of a world and of a scenario."""

    def __init__(self, tracer: Tracer) -> None:
        self.tracer, self.program = tracer, tracer.program
        self.columns, self.finals = tracer.columns()
        self.stages = dict(tracer.stages)
        changed = {slot for outputs in self.stages.values() for slot in outputs}
        driven = {f"v:{flag}" for flag in tracer.case.flags} | {f"v:pinned.{name}" for name in tracer.case.variables}
        self.varying = changed | driven
        self.prepare: dict[str, int] = {}
        self.hoisted: dict[str, int] = {}
        self._levels: dict[int, int] = {}
        self._moved: dict[int, int] = {}
        self._light: dict[int, int] = {}
        self._constant: dict[int, int] = {}

    def compilable(self) -> Compilable:
        tracer, case = self.tracer, self.tracer.case
        opening = dict(tracer.world)
        self._opening = {slot: node for slot, node in opening.items() if slot not in self.varying}
        stages = {name: self._lightened(outputs) for name, outputs in self.stages.items()}
        columns, finals = self._lightened(self.columns), self._lightened(self.finals)
        stages = self._living(stages, columns, finals)
        read = self._read([*stages.values(), columns, finals])
        begun = {slot: node for slot, node in opening.items() if slot in self.varying and slot in read}
        begun |= {f"v:move.{state}": self.program.constant(-1) for state in case.menus}
        begun |= {f"v:pick.{pair}": self.program.constant(-1) for pair in case.pairs}
        begun |= {
            f"v:{what}.{pair.id}.{side}": self.program.constant(-1)
            for what in ("come", "sign")
            for pair in case.pairs.values()
            for side in pair.between
        }
        world = self._world_only({**self.hoisted, **begun})
        world_columns = {**tracer.drawn, **tracer.held, **tracer.caused}
        return Compilable(
            program=self.program, numbers=tracer.numbers, world_streams=tuple(tracer.streams.world_streams),
            month_streams=tuple(tracer.streams.month_streams.values()), prepare=self.prepare, world=world,
            opening=tuple(begun), stages=stages, order=case.month.order, variables=tuple(case.variables),
            pairs=tuple(case.pairs), occasions=tracer.occasions, outcomes=tracer.names.outcomes, columns=columns,
            tops=(1.0, *(tracer.names.top(name) for name in tracer.names.series), *(1.0 for _ in tracer.names.dyads)),
            finals=finals, world_columns=self._world_only(world_columns), about=tracer.about,
        )  # fmt: skip

    def _level(self, node: int) -> int:
        """0: depends on the scenario's numbers alone, 1: on a world too, 2: on the months."""
        if node in self._levels:
            return self._levels[node]
        waiting = [node]
        while waiting:
            each = waiting[-1]
            unknown = [one for one in self.program.inputs(each) if one not in self._levels]
            if not unknown:
                self._levels[waiting.pop()] = self._own_level(each)
            waiting += unknown
        return self._levels[node]

    def _own_level(self, node: int) -> int:
        if self.program.nodes[node][0] == "in":
            name = str(self.program.nodes[node][1][0])
            if name in self._opening:
                return self._level(self._opening[name])
            return {"d": 0, "t": 0, "w": 1}.get(name[0], 2)
        return max((self._levels[each] for each in self.program.inputs(node)), default=0)

    def _lightened(self, outputs: Mapping[str, int]) -> dict[str, int]:
        """The outputs, with a slot in place of everything that was known before the month began."""
        return self.program.rewrite(outputs, self._known, self._light)

    def _known(self, node: int) -> int | None:
        if self._level(node) == 2:
            return None
        operation, operands = self.program.nodes[node]
        if operation == "in" and operands[0] in self._opening:
            return self._known(self._opening[str(operands[0])])
        if operation in ("const", "true", "false") or (operation == "in" and str(operands[0])[0] in "dt"):
            return node
        return self._as_slot(node)

    def _as_slot(self, node: int) -> int:
        """The slot that holds a value known before the months, computed once."""
        if node not in self._moved:
            where, mask = (self.prepare if self._level(node) == 0 else self.hoisted), self.program.is_mask(node)
            slot = f"{'t' if self._level(node) == 0 else 'v'}:known.{len(self._moved)}"
            where[slot] = self._resolved(node)
            held = self.program.slot(slot)
            self._levels[held] = self._level(node)
            self._moved[node] = self.program.mask(held) if mask else held
        return self._moved[node]

    def _resolved(self, node: int) -> int:
        """A node known before the months, with the slots that never change replaced by what the world puts there."""
        return self.program.rewrite({"": node}, self._constant_slot, self._constant)[""]

    def _constant_slot(self, node: int) -> int | None:
        operation, operands = self.program.nodes[node]
        name = str(operands[0]) if operation == "in" else ""
        return self._resolved(self._opening[name]) if name in self._opening else None

    def _world_only(self, outputs: Mapping[str, int]) -> dict[str, int]:
        """What a world begins with, reading from ``prepare`` what depends on numbers alone."""

        def known(node: int) -> int | None:
            operation = self.program.nodes[node][0]
            if self._level(node) == 0 and operation not in ("const", "true", "false", "in"):
                return self._as_slot(node)
            return self._constant_slot(node)

        return self.program.rewrite(outputs, known)

    def _read(self, parts: list[dict[str, int]]) -> set[str]:
        nodes = (node for outputs in parts for node in self.program.needed(outputs.values()))
        return {str(self.program.nodes[node][1][0]) for node in nodes if self.program.nodes[node][0] == "in"}

    def _living(
        self, stages: dict[str, dict[str, int]], columns: dict[str, int], finals: dict[str, int]
    ) -> dict[str, dict[str, int]]:
        """The stages without slots that nothing reads, not even in a later month."""
        seen = {slot for name, outputs in stages.items() if name.startswith(("meeting.", "odds")) for slot in outputs}
        seen |= {f"v:choice.{state}" for state in self.tracer.case.menus}
        seen |= {f"v:{name}" for name in self.tracer.model.variables}
        while True:
            read = seen | self._read([*stages.values(), columns, finals])
            kept = {name: {slot: node for slot, node in each.items() if slot in read} for name, each in stages.items()}
            if kept == stages:
                return kept
            stages = kept
