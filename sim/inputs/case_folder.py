"""Finds a case, and the file that a scenario's name means.

A case is a folder with `seeds/` and `scenarios/`. Names cannot lead out of it: `..` and links that lead out are
refused. A path typed on the command line may be anywhere.
"""

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sim.errors import InputError
from sim.inputs.schema_faults import unknown

_PACKAGE = Path(__file__).resolve().parent.parent
_NAME = re.compile(r"[\w][\w.+~-]*(/[\w][\w.+~-]*){0,3}")
SUFFIXES = (".yaml", ".yml")
ROOT_SCENARIO, RECORDS = "baseline", "records"


@dataclass(frozen=True)
class CaseFolder:
    """The folder of a case."""

    root: Path

    @property
    def name(self) -> str:
        """The name of the case in headings; empty for the shipped one, or where there is none."""
        here = self.root.resolve()
        return here.name if self.scenarios.is_dir() and here != _shipped() else ""

    @property
    def seeds(self) -> Path:
        return self.root / "seeds"

    @property
    def scenarios(self) -> Path:
        return self.root / "scenarios"

    def cards(self) -> list[Path]:
        """The source cards, by name."""
        found = [path for path in self.seeds.iterdir() if path.suffix in SUFFIXES]
        return sorted(path for path in found if self.relative(path) and not is_hidden(path, self.seeds))

    def listed(self) -> list[Path]:
        """The scenarios in the folder itself, by name; the case first."""
        found = [path for path in self.scenarios.iterdir() if path.suffix in SUFFIXES and path.is_file()]
        found = [path for path in found if self.relative(path) and not is_hidden(path, self.scenarios)]
        return sorted(found, key=lambda path: (path.stem != ROOT_SCENARIO, path.stem))

    def inside(self, folder: str) -> list[Path]:
        """The files in a folder inside the scenarios, by name."""
        found = (self.scenarios / folder).glob("*.y*ml")
        return sorted(path for path in found if path.suffix in SUFFIXES and not is_hidden(path, self.scenarios))

    def names(self) -> list[str]:
        """Every name that can be run or extended, including those in subfolders."""
        files = [*self.listed(), *self.inside("lessons"), *self.inside("variants")]
        return [path.relative_to(self.scenarios).with_suffix("").as_posix() for path in files]

    def display(self, path: Path) -> str:
        """A file's name in messages: from the case's folder if it is in it, else as given."""
        return self.relative(path) or str(path)

    def relative(self, path: Path) -> str | None:
        """The path from the case's folder, None if it is elsewhere or a link that leads in a circle."""
        try:
            return path.resolve().relative_to(self.root.resolve()).as_posix()
        except (RuntimeError, ValueError):
            return None


def case_around(names: Iterable[str | Path] = ()) -> Path | None:
    """The case that one of these files or folders is in, searching upward; else the one around the working directory;
    else that of the environment variable `SUMMITRY_CASE`. None for the shipped one.
    """
    given = [Path(name) for name in names if str(name)]
    # Of any name: a path's own `is_file` raises for one that no file can have.
    there = [path for path in given if (path.suffix in SUFFIXES and os.path.isfile(path)) or os.path.isdir(path)]
    paths = [path.resolve() for path in there]
    folders = [folder for path in paths for folder in (path, *path.parents)]
    for folder in (*folders, Path.cwd(), *Path.cwd().parents):
        if (folder / "seeds").is_dir() and (folder / "scenarios" / f"{ROOT_SCENARIO}.yaml").is_file():
            return None if folder == _shipped() else folder
    named = os.environ.get("SUMMITRY_CASE")
    return Path(named) if named else None


def _shipped() -> Path:
    inside = _PACKAGE / "shipped"
    return inside if inside.is_dir() else _PACKAGE.parent


def _example(name: str) -> Path | None:
    """The example case of that name, which comes with the program, unless there is a folder of that name."""
    if not re.fullmatch(r"\w+_case", name) or Path(name).exists():
        return None
    inside = _PACKAGE / "shipped" / "examples"
    folder = (inside if inside.is_dir() else _PACKAGE.parent / "tests") / name
    return folder if folder.is_dir() else None


def is_hidden(path: Path, folder: Path) -> bool:
    """Whether a file of the folder is one that nobody put there to be read: hidden, or left by an archiver."""
    return any(part.startswith((".", "__MACOSX")) for part in path.relative_to(folder).parts)


def find_case(case: Path | str | None = None, *near: str | Path) -> CaseFolder:
    """The case in a folder, or an example by its name; by default the one around some files, as `case_around` says.

    Raises InputError.
    """
    folder = CaseFolder(_example(str(case)) or Path(case or case_around(near) or _shipped()))
    for needed in (folder.seeds, folder.scenarios):
        if not needed.is_dir():
            allowed = "a folder with seeds/ and scenarios/"
            raise InputError.at(str(folder.root), "case", f"no folder {needed.name}/", allowed)
    return folder


def find_scenario(folder: CaseFolder, given: str | Path) -> Path:
    """The file that a name or a path on the command line means; if there is no such file, `NAME.yaml` means NAME.

    Raises InputError.
    """
    text = str(given)
    if isinstance(given, Path) or text.endswith(SUFFIXES) or text.startswith((".", "/", "~")) or "\\" in text:
        path = Path(given)
        if path.suffix.lower() in SUFFIXES and os.path.isfile(path):
            return path
        if found := named_scenario(folder, text):
            return found
        reason = "a .yaml file" if path.suffix.lower() not in SUFFIXES else "a file that exists"
        raise InputError.at(text, "scenario", "no such scenario file", reason)
    found = named_scenario(folder, text)
    if found is None:
        here = f"{text}.yaml for the file in this folder" if os.path.isfile(f"{text}.yaml") else None
        raise InputError.at(text, "scenario", "no such scenario", here or unknown(text, folder.names(), "one of"))
    return found


def named_scenario(folder: CaseFolder, name: str, inside: str = "") -> Path | None:
    """The file of a scenario's name, if there is one in the case's scenarios or in a folder ``inside`` them."""
    return _inside(folder.scenarios / inside, name)


def parent_scenario(folder: CaseFolder, name: str, child: Path) -> Path | None:
    """The file that `extends: name` means in the file `child`: a shipped scenario, else a file beside it."""
    return named_scenario(folder, name) or _inside(child.parent, name)


def file_beside(child: Path, name: str) -> Path | None:
    """A YAML file in the folder of `child` or below it."""
    return _inside(child.parent, name) if name.endswith(SUFFIXES) else None


def scenario_name(path: Path) -> str:
    """The name of a scenario file's results. Raises InputError for a name that cannot be a folder's."""
    if not _NAME.fullmatch(path.stem):
        allowed = "a file name of letters, digits, hyphens, underscores and dots"
        raise InputError.at(str(path), "scenario", path.stem, allowed)
    return path.stem


def _inside(base: Path, name: str) -> Path | None:
    """The YAML file of that name, if it is in the folder after following links."""
    plain = name.removesuffix(".yaml").removesuffix(".yml")
    if not _NAME.fullmatch(plain) or len(name.encode()) > 200:
        return None
    for suffix in SUFFIXES:
        path = base / f"{plain}{suffix}"
        if path.is_file() and path.resolve().is_relative_to(base.resolve()):
            return path
    return None
