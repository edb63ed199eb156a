"""A whole ensemble in one ``.npz`` file and back: plain arrays and one line of JSON, never a pickle."""

from __future__ import annotations

import json
import tokenize
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
import numpy.typing as npt

from sim.ensemble.block import Names
from sim.ensemble.identity import run_identity, scenario_identity
from sim.ensemble.memory import let_go_of_pages
from sim.ensemble.result import Ensemble
from sim.inputs.scenario import Scenario

LAYOUT = 2  # of the archive; another number is not read
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
    """Write the ensemble; the same ensemble gives the same bytes."""
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
    """The ensemble in the file, if it is one of exactly this scenario (and, where given, these runs and this seed)."""
    if not stands(path, scenario, runs, seed):
        return None
    try:
        head, arrays = read_arrays(path)
        fits = _fits(head["identity"], scenario, runs, seed)  # another may have taken its place meanwhile
        return _ensemble(head, arrays, scenario) if fits else None
    except UNREADABLE:
        return None


def stands(path: Path, scenario: Scenario, runs: int | None = None, seed: int | None = None) -> bool:
    """Whether the file says that it holds such an ensemble."""
    head = read_head(path)
    return head is not None and _fits(head.get("identity"), scenario, runs, seed)


def _fits(identity: Any, scenario: Scenario, runs: int | None, seed: int | None) -> bool:
    wanted: dict[str, Any] = scenario_identity(scenario)
    wanted |= {} if runs is None else {"runs": runs}
    wanted |= {} if seed is None else {"seed": seed}
    return isinstance(identity, dict) and all(identity.get(key) == value for key, value in wanted.items())


def _ensemble(head: Mapping[str, Any], arrays: Arrays, scenario: Scenario) -> Ensemble:
    """Raises ValueError or KeyError where a piece is missing or has another shape than this scenario's."""
    names, identity, worlds = Names.of(scenario), head["identity"], head["worlds"]
    parts = {name: arrays[name] for name in _AS_THEY_ARE}
    parts |= {name: arrays[name].astype(np.int64) for name in _COUNTS}
    parts |= {name: np.unpackbits(arrays[name], axis=1, count=worlds).view(np.bool_) for name in _BITS}
    shape = (scenario.months + 1, len(names.outcomes))
    if not parts["counts"].shape == parts["together"].shape == shape or len(parts["values"]) != len(names.measures):
        raise ValueError("the arrays are not those of this scenario")
    return Ensemble(
        scenario=scenario, names=names, seed=identity["seed"], runs=identity["runs"], version=identity["version"],
        numbers={name: arrays[f"number{place}"] for place, name in enumerate(head["numbers"])}, **parts,
    )  # fmt: skip


def smallest(counts: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Counts in the smallest unsigned type that holds them."""
    return counts.astype(np.min_scalar_type(int(counts.max(initial=0))))


def write_arrays(file: IO[bytes], head: Mapping[str, Any], arrays: Arrays) -> None:
    """Arrays and JSON data as an uncompressed npz."""
    line = np.frombuffer(json.dumps(head, sort_keys=True, allow_nan=False).encode(), dtype=np.uint8)
    with zipfile.ZipFile(
        file, "w", zipfile.ZIP_STORED
    ) as archive:  # np.savez of NumPy 1.26 does not survive a full disk
        for name, array in {"head": line, **arrays}.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as entry:
                _write_array(entry, array)


def _packed(bits: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint8]:
    """Eight to a byte, line after line."""
    packed = np.empty((len(bits), -(-bits.shape[1] // 8)), dtype=np.uint8)
    for to, line in zip(packed, bits, strict=True):
        to[:] = np.packbits(line)
        let_go_of_pages(bits)
    return packed


def _write_array(entry: IO[bytes], array: npt.NDArray[Any]) -> None:
    """As ``.npy``, line after line: a map of a file never is in memory as a whole."""
    descr = np.lib.format.dtype_to_descr(array.dtype)
    np.lib.format.write_array_header_1_0(entry, {"descr": descr, "fortran_order": False, "shape": array.shape})
    for line in array if array.ndim > 1 else (array,):
        entry.write(line.tobytes())
        let_go_of_pages(array)


def read_head(path: Path) -> dict[str, Any] | None:
    """The JSON data of an archive of this layout, None if there is none that can be read."""
    try:
        with open(path, "rb") as file, np.load(file, allow_pickle=False) as archive:
            head = json.loads(archive["head"].tobytes())
    except UNREADABLE:
        return None
    return head if isinstance(head, dict) and head.get("layout") == LAYOUT else None


def read_arrays(path: Path) -> tuple[dict[str, Any], dict[str, npt.NDArray[Any]]]:
    """The JSON data and all arrays. Raises one of UNREADABLE for a damaged file."""
    with open(path, "rb") as file, np.load(file, allow_pickle=False) as archive:
        arrays = {name: archive[name] for name in archive.files}
    return json.loads(arrays.pop("head").tobytes()), arrays
