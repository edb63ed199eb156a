"""Saves and loads a whole ensemble as one ``.npz`` file: plain arrays and one line of JSON, never a pickle."""

import json
import math
import os
import tokenize
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from sim.ensemble.block import NUMBERS_KEPT, ROWS_KEPT, check_tallies
from sim.ensemble.identity import run_identity, scenario_identity
from sim.ensemble.result import Ensemble
from sim.ensemble.signals_and_memory import let_go_of_pages
from sim.inputs.scenario import Scenario
from sim.inputs.text_decoding import open_regular
from sim.inputs.yaml_source import MOST_LEVELS
from sim.kernel.columns import BINS, Names

MOST_NUMBERS = 2000  # uncertain numbers that a world may draw
LAYOUT = 2  # of the archive; other layouts are not read
_AS_THEY_ARE = ("moments", "series", "leverage", "classes", "values")
_COUNTS = ("counts", "together", "series_bins", "leverage_bins")
_BITS = ("holds", "caused")

# What reading a file raises that is damaged or something else.
UNREADABLE = (
    OSError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile, EOFError, RuntimeError, SyntaxError,
    tokenize.TokenError,
)  # fmt: skip

Arrays = Mapping[str, npt.NDArray[Any]]


def save(file: IO[bytes], ensemble: Ensemble) -> None:
    """Write an ensemble; the same ensemble gives the same bytes."""
    head = {
        "layout": LAYOUT,
        "identity": run_identity(ensemble.scenario, ensemble.runs, ensemble.seed),
        "worlds": ensemble.holds.shape[1],
        "numbers": list(ensemble.numbers),
    }
    arrays = {name: getattr(ensemble, name) for name in _AS_THEY_ARE}
    arrays |= {name: smallest(getattr(ensemble, name)) for name in _COUNTS}
    arrays |= {name: _packed(getattr(ensemble, name)) for name in _BITS}
    arrays |= {f"number{place}": drawn for place, drawn in enumerate(ensemble.numbers.values())}
    write_arrays(file, head, arrays)


def load(path: Path, scenario: Scenario, runs: int | None = None, seed: int | None = None) -> Ensemble | None:
    """The ensemble in a file, if it is of exactly this scenario (and, where given, these runs and this seed)."""
    try:
        if path.stat().st_size > most_bytes(scenario, runs):
            return None
        arrays = read_arrays(path)
        head = json_mapping(arrays.pop("head").tobytes())
        fits = _fits(head["identity"], scenario, runs, seed)  # the file may have been replaced meanwhile
        return _ensemble(head, arrays, scenario) if fits else None
    except UNREADABLE:
        return None


def runs_of(path: Path, scenario: Scenario, seed: int) -> int | None:
    """The number of runs that the file claims to hold of this scenario and seed; None if it holds another or none."""
    identity: Any = (read_head(path) or {}).get("identity")
    if not _fits(identity, scenario, None, seed):
        return None
    runs = identity["runs"]
    return runs if isinstance(runs, int) and runs > 0 else None


def _fits(identity: Any, scenario: Scenario, runs: int | None, seed: int | None) -> bool:
    wanted: dict[str, Any] = scenario_identity(scenario)
    wanted |= {} if runs is None else {"runs": runs}
    wanted |= {} if seed is None else {"seed": seed}
    return isinstance(identity, dict) and all(identity.get(key) == value for key, value in wanted.items())


def most_bytes(scenario: Scenario, runs: int | None) -> int:
    """A number of bytes that no archive of the scenario exceeds."""
    names, months = Names.of(scenario), scenario.months + 1
    bars = months * (len(names.series) + len(names.dyads)) * (BINS + 1)
    row = months + 4 * len(names.measures) + (len(names.claims) + len(names.causes)) / 8
    kept, drawn = (min(runs or most, most) for most in (ROWS_KEPT, NUMBERS_KEPT))
    return int(2**24 + 8 * bars + kept * row + 2 * drawn * MOST_NUMBERS)


def _ensemble(head: Mapping[str, Any], arrays: Arrays, scenario: Scenario) -> Ensemble:
    """The ensemble in these arrays. Raises ValueError or KeyError where one is missing or of another shape."""
    names, identity, worlds = Names.of(scenario), head["identity"], head["worlds"]
    runs = int(identity["runs"])
    kept = min(runs, ROWS_KEPT)
    parts: dict[str, Any] = {name: arrays[name] for name in _AS_THEY_ARE}
    parts |= {name: arrays[name].astype(np.int64, casting="same_kind") for name in _COUNTS}
    parts |= {name: np.unpackbits(arrays[name], axis=1, count=worlds).view(np.bool_) for name in _BITS}
    parts["numbers"] = {name: arrays[f"number{place}"] for place, name in enumerate(head["numbers"])}
    check_tallies(parts, names, scenario.months, runs, kept, min(kept, NUMBERS_KEPT))
    return Ensemble(
        scenario=scenario, names=names, seed=identity["seed"], runs=runs, version=identity["version"], **parts
    )


def smallest(counts: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Counts in the smallest unsigned type that holds them."""
    return counts.astype(np.min_scalar_type(int(counts.max(initial=0))))


def write_arrays(file: IO[bytes], head: Mapping[str, Any], arrays: Arrays) -> None:
    """Arrays and JSON data as an uncompressed npz."""
    line = np.frombuffer(json.dumps(head, sort_keys=True, allow_nan=False).encode(), dtype=np.uint8)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, array in {"head": line, **arrays}.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                _write_array(entry, array)


def _packed(bits: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    """Bits as bytes, eight in each, row by row."""
    packed = np.empty((len(bits), -(-bits.shape[1] // 8)), dtype=np.uint8)
    for to, line in zip(packed, bits, strict=True):
        to[:] = np.packbits(line)
        let_go_of_pages(bits)
    return packed


def _write_array(entry: IO[bytes], array: npt.NDArray[Any]) -> None:
    """As np.savez does, but row by row, so that a memory map is never in memory as a whole."""
    descr = np.lib.format.dtype_to_descr(array.dtype)
    np.lib.format.write_array_header_1_0(entry, {"descr": descr, "fortran_order": False, "shape": array.shape})
    for line in array if array.ndim > 1 else (array,):
        entry.write(line.tobytes())
        let_go_of_pages(array)


def read_head(path: Path) -> dict[str, Any] | None:
    """The JSON data of an archive; None if it cannot be read or has another layout."""
    try:
        head = json_mapping(read_arrays(path, ("head",))["head"].tobytes())
    except UNREADABLE:
        return None
    return head if head.get("layout") == LAYOUT else None


def json_mapping(text: bytes) -> dict[str, Any]:
    """A mapping written as JSON that can be written again. Raises ValueError, RecursionError for any other text."""
    found = json.loads(text)
    if not (isinstance(found, dict) and _is_plain(found)):
        raise ValueError("no mapping, a number beyond all bounds, or nested too deeply")
    return found


def _is_plain(data: Any, levels: int = MOST_LEVELS) -> bool:
    inner = data.values() if isinstance(data, dict) else data if isinstance(data, list) else ()
    finite = not isinstance(data, float) or math.isfinite(data)
    return finite and levels > 0 and all(_is_plain(each, levels - 1) for each in inner)


def read_arrays(path: Path, names: Sequence[str] | None = None) -> dict[str, npt.NDArray[Any]]:
    """All arrays of an npz, or those named. Raises one of UNREADABLE for a damaged file, and for one that would take
    more memory than its size on disk, which is checked before anything is allocated."""
    with open_regular(path) as file, zipfile.ZipFile(file) as archive:  # np.load would read an array that is no archive
        entries = {entry.filename.removesuffix(".npy"): entry for entry in archive.infolist()}
        wanted = [*entries] if names is None else names
        most = os.fstat(file.fileno()).st_size
        for entry in (entries[name] for name in wanted):
            _check_size(archive, entry, most)
            most -= entry.file_size  # entries may claim the same bytes
        return {name: _read_array(archive, entries[name]) for name in wanted}


def _check_size(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> None:
    """Raises ValueError for an array that is compressed, or that claims to be larger than it is."""
    with archive.open(entry) as data:
        major, _ = np.lib.format.read_magic(data)
        read = np.lib.format.read_array_header_1_0 if major == 1 else np.lib.format.read_array_header_2_0
        shape, _, dtype = read(data)
        size = data.tell() + math.prod(shape) * dtype.itemsize
    if (
        entry.compress_type != zipfile.ZIP_STORED
        or entry.file_size > most
        or dtype.hasobject
        or size != entry.file_size
    ):
        raise ValueError(f"{entry.filename} is not an array of the size that it names")


def _read_array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> npt.NDArray[Any]:
    with archive.open(entry) as data:
        array: npt.NDArray[Any] = np.lib.format.read_array(data, allow_pickle=False)
        if data.read(1):
            raise ValueError(f"{entry.filename} goes on after its array")
        return array
