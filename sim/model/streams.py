"""Named random streams: every draw belongs to (seed, name of the variable, block).

A stream is ``Generator(PCG64DXSM(SeedSequence(seed, spawn_key=(h1, h2, block))))`` where h1 and h2 are the two 32-bit
words of the blake2b-64 hash of its name (``kind/name``). So an added claim, another calendar or another number of cores
shifts no other draw: scenarios with one seed share their worlds and their chance (common random numbers).

A draw block is 4,096 runs, which are 2,048 worlds of two plays. It is always drawn whole and cut afterwards.
"""

from __future__ import annotations

from functools import cache
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.floating[Any]]  # float32 throughout

BLOCK_RUNS = 4096
BLOCK_WORLDS = BLOCK_RUNS // 2


def generator(seed: int, name: str, block: int) -> np.random.Generator:
    """The generator of one named stream in one draw block."""
    key = np.random.SeedSequence(seed, spawn_key=(*_words(name), block))
    return np.random.Generator(np.random.PCG64DXSM(key))


@cache
def _words(name: str) -> tuple[int, int]:
    """The two 32-bit words of the blake2b-64 hash of a name."""
    digest = blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")


class Streams:
    """All streams of ``runs`` runs that begin with draw block ``first_block``."""

    def __init__(self, seed: int, runs: int, first_block: int = 0) -> None:
        self.seed = seed
        self.runs = runs
        self.worlds = (runs + 1) // 2
        self.blocks = range(first_block, first_block + -(-runs // BLOCK_RUNS))

    def world_uniforms(self, name: str) -> FloatArray:
        """One uniform on [0, 1) per world, shape (worlds,)."""
        drawn = np.empty(len(self.blocks) * BLOCK_WORLDS, dtype=np.float32)
        for place, block in enumerate(self.blocks):
            part = drawn[place * BLOCK_WORLDS : (place + 1) * BLOCK_WORLDS]
            generator(self.seed, name, block).random(dtype=np.float32, out=part)
        return drawn[: self.worlds]

    def world_normals(self, name: str) -> FloatArray:
        """One standard normal per world, shape (worlds,)."""
        drawn = [
            generator(self.seed, name, block).standard_normal(BLOCK_WORLDS, dtype=np.float32) for block in self.blocks
        ]
        return np.concatenate(drawn)[: self.worlds]

    def monthly(self, name: str, rows: int = 1) -> MonthlyStream:
        """``rows`` uniforms per run and month; more months keep the earlier ones."""
        return MonthlyStream([generator(self.seed, name, block) for block in self.blocks], rows, self.runs)


class MonthlyStream:
    """Uniforms for one month after another. Months may be skipped; their draws are passed over, not shifted."""

    def __init__(self, generators: list[np.random.Generator], rows: int, runs: int) -> None:
        self._generators = generators
        self._rows = rows
        self._runs = runs
        self._month = 0

    def month(self, month: int) -> FloatArray:
        """Uniforms of this month, shape (rows, runs). Months must be asked for in order."""
        if month < self._month:
            raise ValueError(f"month {month} was already drawn")
        drawn = np.empty((self._rows, len(self._generators) * BLOCK_RUNS), dtype=np.float32)
        for place, each in enumerate(self._generators):
            if month > self._month:
                _pass_over(each, (month - self._month) * self._rows * BLOCK_RUNS)
            for row in drawn:
                each.random(dtype=np.float32, out=row[place * BLOCK_RUNS : (place + 1) * BLOCK_RUNS])
        self._month = month + 1
        return drawn[:, : self._runs]


def _pass_over(each: np.random.Generator, draws: int) -> None:
    """Skip float32 draws: two of them come from one 64-bit step."""
    bits = each.bit_generator
    assert isinstance(bits, np.random.PCG64DXSM)
    bits.advance(draws // 2)
