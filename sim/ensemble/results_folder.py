"""Results folders: which run is where, which files are undamaged; no file of anybody is ever overwritten.

``DIR/NAME`` holds the plain run of a scenario, ``DIR/NAME~HASH`` any other. The manifest lists each file with its
SHA-256 and its number of runs. A file that it does not list, or that has changed since, is the user's: it is renamed
before ours takes its name. A folder of another run is renamed as a whole, and a file of more runs stays.

One process at a time writes to a folder: it holds a lock of the operating system, released however it ends.
"""

import errno
import hashlib
import json
import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import IO, Any

from sim.defaults import DEFAULT_RUNS, DEFAULT_SEED
from sim.ensemble import ensemble_npz
from sim.ensemble.ensemble_npz import json_mapping
from sim.ensemble.identity import common_identity, run_identity, short_hash
from sim.ensemble.safe_files import Folder, WholeFiles, cannot_write, inside, prepare
from sim.errors import Busy, CannotWrite, SummitryError, clean_text
from sim.inputs.scenario import Scenario
from sim.inputs.text_decoding import open_regular

COMMON = "compare"  # the folder for results about several scenarios
MANIFEST = "manifest.json"
WORLDS = "worlds.npz"
TABLES = (MANIFEST, "outcomes.csv", "leverage.csv", "claims.csv", "runs.csv", WORLDS)
MOST_READ = 2**24  # bytes of a JSON file that are read
_EMPTY = hashlib.sha256().hexdigest()
FILES = "results"  # key of the manifest: the files of the folder
_KINDS: Mapping[str, Any] = {"identity": dict, FILES: dict, "command": str | list, "started": str}

LOCK_NAME = ".lock"
_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
_held: dict[Path, tuple[int, IO[bytes]]] = {}  # by folder: the thread that holds it (a process's own locks never stop
# itself), and the locked file
_guard = threading.Lock()

Say = Callable[[str], None]
Identity = Mapping[str, Any]


def silent(_text: str) -> None:
    """Says nothing."""


def folder_for(out: Path | str, scenario: Scenario, runs: int = DEFAULT_RUNS, seed: int = DEFAULT_SEED) -> Path:
    """``OUT/NAME`` for the plain run (default runs, seed, months and engine, no ``--set``), else ``OUT/NAME~HASH``.

    Raises InputError where a link or a name would lead out of ``out``, CannotWrite for a name that no folder can have.
    """
    usual = (runs, seed, scenario.months) == (DEFAULT_RUNS, DEFAULT_SEED, scenario.resolved.get("months"))
    name = scenario.name
    if not usual or scenario.overrides or scenario.engine != "compiled":
        name += "~" + short_hash(run_identity(scenario, runs, seed))[:8]
    return inside(Path(out), name)


def candidates(out: Path | str, name: str) -> list[Path]:
    """Folders that may hold runs of a scenario of this name."""
    try:
        found = [path for path in Path(out).iterdir() if path.name == name or path.name.startswith(name + "~")]
        return [path for path in sorted(found) if path.is_dir() and not path.is_symlink()]
    except OSError:
        return []


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a folder, without entries of another kind than ours; empty where none can be read."""
    found = read_data(folder / MANIFEST)
    return {name: value for name, value in found.items() if isinstance(value, _KINDS.get(name, object))}


def read_data(path: Path) -> dict[str, Any]:
    """The mapping that a JSON file holds; empty where none can be read."""
    try:
        with open_regular(path) as file:
            return json_mapping(file.read(MOST_READ))  # what is longer is no JSON any more
    except (OSError, ValueError, RecursionError):
        return {}


def identity_in(folder: Path) -> Identity | None:
    """The identity of the run in a folder; None where there is none."""
    found = read_manifest(folder).get("identity") or (ensemble_npz.read_head(folder / WORLDS) or {}).get("identity")
    if isinstance(found, dict):
        return cleaned(found)
    unknown = [name for name in TABLES if (folder / name).exists()]
    return {"unknown": [_digest(folder / name) for name in unknown]} if unknown else None


def make_room(folder: Path, identity: Identity, say: Say = silent) -> None:
    """Rename a folder, as a whole, that holds results of another run. Raises CannotWrite, Busy."""
    there = identity_in(folder)
    if there is None or there == cleaned(identity):
        return
    with hold(folder):
        aside = _free(folder.with_name(f"{folder.name.partition('~')[0]}~{short_hash(there)[:8]}"))
        try:
            folder.rename(aside)
        except OSError as error:
            raise cannot_write(folder, error) from error
        lock_again(folder)
    say(f"{folder} held other results: they are now in {aside}")


def _free(path: Path) -> Path:
    """The path, or the first of ``path-2``, ``path-3`` ... of which there is nothing yet."""
    names = (path.name, *(f"{path.name}-{number}" for number in range(2, 1000)))
    return next(path.with_name(name) for name in names if not os.path.lexists(path.with_name(name)))


def take_place(folder: Path, found: Path, identity: Identity, say: Say) -> Path:
    """Move a plain run that had been moved aside back to its plain folder, if possible; returns where it is then."""
    if folder == found:
        return found
    make_room(folder, identity, say)
    try:
        empty = folder.exists() and os.listdir(folder) == [LOCK_NAME]
        with hold(folder) if empty else nullcontext():
            if empty:
                (folder / LOCK_NAME).unlink()
            found.rename(folder)
    except (OSError, SummitryError):  # somebody's own files are in it, or somebody writes there
        return found
    return folder


def common_folder(out: Path, scenarios: Sequence[Scenario], seed: int, say: Say = silent) -> Path:
    """``OUT/compare`` for results about these scenarios; results about others in it are moved aside first.

    Raises InputError, CannotWrite, Busy.
    """
    about = {"scenarios": [each.name for each in scenarios], "seed": seed}
    return answers_folder(out, COMMON, common_identity(scenarios, seed), about, say)


def answers_folder(out: Path, name: str, identity: Identity, about: Identity, say: Say = silent) -> Path:
    """``OUT/NAME`` for answers that hold no run of their own, or where these are already; others are moved aside first.

    ``about`` is what its manifest says of them. Raises InputError, CannotWrite, Busy.
    """
    folder, identity = inside(out, name), cleaned(identity)
    for place in candidates(out, name):
        if identity_in(place) == identity:
            return place
    make_room(folder, identity, say)
    with hold(folder):
        _write_manifest(folder, {"identity": identity, **about})
    return folder


def damaged(folder: Path, names: Iterable[str]) -> list[str]:
    """The files among ``names`` that are missing or not as the manifest lists them."""
    ours = listed(folder)
    return [name for name in names if name not in ours or _digest(folder / name) != ours[name].get("sha256")]


@contextmanager
def writing(folder: Path, names: Sequence[str], runs: int, say: Say = silent) -> Iterator[bool]:
    """Lock a results folder while files of these names are written, and list them in its manifest afterwards.

    Yields False where such files of more runs are there: they stay, and the caller must write nothing. Raises
    CannotWrite, Busy.
    """
    with hold(folder):
        ours = listed(folder)
        more = [ours[name]["runs"] for name in names if name in ours]
        if max(more, default=0) > runs and not damaged(folder, names):
            say(f"{folder / names[0]} is of {max(more):,} runs and stays as it is")
            yield False
            return
        keep_what_is_not_ours(folder, names, say)
        yield True
        manifest = read_manifest(folder)
        manifest[FILES] = listed(folder) | {name: entry(_digest(folder / name), runs) for name in names}
        _write_manifest(folder, manifest)


def entry(digest: str, runs: int) -> dict[str, Any]:
    """The entry of a file in a manifest."""
    return {"sha256": digest, "runs": runs}


def keep_what_is_not_ours(
    folder: Path, names: Iterable[str], say: Say = silent, new: Mapping[str, str] | None = None
) -> None:
    """Rename files under these names that are neither as the manifest lists them nor equal to what replaces them.

    ``new`` holds the hashes of what replaces them. A link is replaced itself. Raises CannotWrite.
    """
    for name in damaged(folder, names):
        path = folder / name
        digest = _digest(path)
        if digest in ("", _EMPTY, (new or {}).get(name)):
            continue
        aside = _free(path.with_name(f"{path.name}~{digest[:8]}"))
        try:
            path.rename(aside)
        except OSError as error:
            raise cannot_write(path, error) from error
        say(f"{path} was not as Summitry wrote it: it is now {aside.name}")


def listed(folder: Path) -> dict[str, dict[str, Any]]:
    """The manifest's entry of each file of the folder."""
    found = read_manifest(folder).get(FILES, {})
    return {name: each for name, each in found.items() if isinstance(each, dict) and isinstance(each.get("runs"), int)}


def _write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    with WholeFiles(folder) as files:
        files.write(MANIFEST, [manifest_bytes(manifest)])


def manifest_bytes(manifest: Mapping[str, Any]) -> bytes:
    """A manifest as text, without terminal control characters."""
    return (json.dumps(cleaned(manifest), indent=2, allow_nan=False, ensure_ascii=False) + "\n").encode()


def cleaned(data: Any) -> Any:
    """JSON data with terminal control characters removed from its texts."""
    if isinstance(data, Mapping):
        return {cleaned(key): cleaned(value) for key, value in data.items()}
    if isinstance(data, str):
        return clean_text(data, 10_000)
    return [cleaned(each) for each in data] if isinstance(data, list | tuple) else data


def _digest(path: Path) -> str:
    """SHA-256 of a file that is no link; empty where there is none."""
    try:
        if path.is_symlink():
            return ""
        with open_regular(path) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Keep all others from writing to the folder, which is made if need be. The thread that holds it may nest calls.

    Raises Busy when another process (or another thread of this one) holds it, CannotWrite when it cannot be written.
    """
    prepare(folder)
    place, me = folder.resolve(), threading.get_ident()
    with _guard:
        owner = _held.get(place)
        if owner is None:
            _held[place] = me, _lock(place, folder)
        elif owner[0] != me:
            raise _busy(folder)
    if owner is not None:
        yield
        return
    try:
        yield
    finally:
        with _guard:
            _held.pop(place)[1].close()


def lock_again(folder: Path) -> None:
    """Lock a new folder in place of one that this thread held and has moved away. Raises Busy, CannotWrite."""
    prepare(folder)
    place = folder.resolve()
    with _guard:
        owner, moved = _held[place]
        _held[place] = owner, _lock(place, folder)
        moved.close()


def _busy(folder: Path) -> Busy:
    return Busy(f"{folder}: somebody else is writing there; wait until they are done, or choose another --out")


def _lock(place: Path, folder: Path) -> IO[bytes]:
    """The locked file. It is empty, and deleted only while held, with its folder: else two could hold the lock."""
    try:
        with Folder(place) as here:
            handle = os.fdopen(here.open(LOCK_NAME, os.O_WRONLY | os.O_APPEND | os.O_CREAT), "ab")
    except OSError as error:
        raise cannot_write(folder, error) from error
    try:
        _take(handle)
    except OSError as error:
        handle.close()
        if error.errno in _TAKEN:
            raise _busy(folder) from None
        raise CannotWrite(f"{folder}: cannot be locked: {error.strerror}", 73) from error
    return handle


if sys.platform == "win32":
    import msvcrt

    def _take(handle: IO[bytes]) -> None:
        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(handle: IO[bytes]) -> None:
        """Take a record lock, which belongs to this process alone: workers do not inherit it."""
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
