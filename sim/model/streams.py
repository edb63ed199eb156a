"""Named random streams: every draw belongs to (seed, name of the variable, block).

A stream is ``Generator(PCG64DXSM(SeedSequence(seed, spawn_key=(h1, h2, block))))`` where h1 and h2 are the two 32-bit
words of the blake2b-64 hash of its name (``kind/name``). So an added claim, another calendar or another number of cores
shifts no other draw: scenarios with one seed share their worlds and their chance (common random numbers).

A draw block is 4,096 runs, which are 2,048 worlds of two plays. It is always drawn whole and cut afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.floating[Any]]  # float32 throughout

BLOCK_RUNS = 4096
BLOCK_WORLDS = BLOCK_RUNS // 2

HALF = np.float32(0.5)
LEAST_TAIL = np.float32(2.0**-25)  # half a step of a float32 uniform, in place of 0
# Wichura (1988), Applied Statistics 37(3): numerators and denominators of PPND7
_CENTRE = (59.10937472, 159.29113202, 50.434271938, 3.3871327179)
_CENTRE_BELOW = (67.1875636, 78.757757664, 17.895169469, 1.0)
_TAIL = (0.17023821103, 1.3067284816, 2.7568153900, 1.4234372777)
_TAIL_BELOW = (0.12021132975, 0.73700164250, 1.0)
_FAR = (0.017337203997, 0.42868294337, 3.0812263860, 6.6579051150)
_FAR_BELOW = (0.012258202635, 0.24197894225, 1.0)


def generator(seed: int, name: str, block: int) -> np.random.Generator:
    """The generator of one named stream in one draw block."""
    key = np.array([*_seed_words(seed), *_words(name), block], dtype=np.uint32)
    return np.random.Generator(np.random.PCG64DXSM(np.random.SeedSequence(key)))


@cache
def _seed_words(seed: int) -> tuple[int, ...]:
    """A seed as ``SeedSequence`` reads it before a spawn key: 32-bit words, the lowest first, at least four.

    Words instead of a seed and a key give the same generator in half of the time.
    """
    return tuple((seed >> shift) % 2**32 for shift in range(0, max(seed.bit_length(), 128), 32))


@cache
def stream_key(name: str) -> bytes:
    """The blake2b-64 hash of a stream's name."""
    return blake2b(name.encode(), digest_size=8).digest()


@cache
def _words(name: str) -> tuple[int, int]:
    """The two 32-bit words of the hash of a name."""
    digest = stream_key(name)
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")


def normal(uniform: FloatArray) -> FloatArray:
    """The standard normal of a uniform: the inverse distribution function, Wichura's AS 241 (PPND7, to seven digits).

    >>> [f"{z:.2f}" for z in normal(np.array([0.025, 0.5, 0.975], dtype=np.float32))]
    ['-1.96', '0.00', '1.96']
    """
    middle = uniform - HALF
    r = np.float32(0.180625) - middle * middle
    central = middle * _polynomial(_CENTRE, r) / _polynomial(_CENTRE_BELOW, r)
    tail = np.maximum(np.minimum(uniform, 1 - uniform), LEAST_TAIL)
    root = np.sqrt(-np.log(tail))
    near = _polynomial(_TAIL, root - np.float32(1.6)) / _polynomial(_TAIL_BELOW, root - np.float32(1.6))
    far = _polynomial(_FAR, root - 5) / _polynomial(_FAR_BELOW, root - 5)
    beyond = np.where(root <= 5, near, far) * np.sign(middle)
    return np.where(np.abs(middle) <= np.float32(0.425), central, beyond)


def _polynomial(coefficients: tuple[float, ...], x: FloatArray) -> FloatArray:
    """Horner's rule, the highest power first."""
    value: FloatArray = x * np.float32(coefficients[0])
    for coefficient in coefficients[1:-1]:
        value = (value + np.float32(coefficient)) * x
    return value + np.float32(coefficients[-1])


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
        return normal(self.world_uniforms(name))

    def monthly(self, name: str, rows: int = 1) -> MonthlyStream:
        """``rows`` uniforms per run and month; more months keep the earlier ones."""
        return MonthlyStream([generator(self.seed, name, block) for block in self.blocks], rows, self.runs)


class RenamedStreams(Streams):
    """Streams in which some draws of a world go by another name; draws of the months are unchanged."""

    def __init__(self, renamed: Callable[[str], str], seed: int, runs: int, first_block: int = 0) -> None:
        super().__init__(seed, runs, first_block)
        self._renamed = renamed

    def world_uniforms(self, name: str) -> FloatArray:
        return super().world_uniforms(self._renamed(name))


class MonthlyStream:
    """Uniforms for one month after another. Months may be skipped; their draws are passed over, not shifted."""

    def __init__(self, generators: list[np.random.Generator], rows: int, runs: int) -> None:
        self._generators = generators
        self._rows = rows
        self._runs = runs
        self._month = 0

    def month(self, month: int) -> FloatArray:
        """Uniforms of this month, shape (rows, runs). Raises ValueError for a month before the last one drawn."""
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
