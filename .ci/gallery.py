"""The small committed set of charts: ``python .ci/gallery.py`` draws it anew.

Which scenarios it shows is said in ``gallery.yaml`` beside it.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Literal

import click
import numpy as np
from model_picture import draw_model
from model_picture_plan import load_form, load_plan
from PIL import Image
from pydantic import Field, TypeAdapter

from sim.defaults import DEFAULT_SEED
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.ensemble.safe_files import FIGURES, prepare, write_whole
from sim.errors import SummitryError
from sim.inputs.scenario import load_scenario
from sim.inputs.schema_types import Part, Slug
from sim.inputs.yaml_source import read_yaml
from sim.views.charts import draw_run, draw_several
from sim.views.charts.style import NAMED
from sim.views.wording import NOT_A_FORECAST

FILE = Path(__file__).with_name("gallery.yaml")
RUNS = 20_000
COLOURS = 128  # of a PNG, beside those kept: its size falls to less than half and no difference can be seen
KEPT = 100  # the commonest colours of a PNG stay exactly as drawn, and so do those that stand for something
BALANCED = ("assume.balance=true",)


class GalleryFile(Part):
    """What is drawn."""

    schema_version: Literal[1] = Field(alias="schema", description="Version of this format: 1.")
    alone: list[Slug] = Field(description="Scenarios with all charts of a run.", min_length=1)
    side_by_side: dict[Slug, list[Slug]] = Field(default={}, description="Name of a chart: the scenarios in it.")


_FORM: TypeAdapter[GalleryFile] = TypeAdapter(GalleryFile)


class Ensembles:
    """Ensembles of a case, each played once."""

    def __init__(self, case: Path | None, runs: int, seed: int) -> None:
        self.case, self.runs, self.seed = case, runs, seed
        self._played: dict[tuple[str, tuple[str, ...]], Ensemble] = {}

    def of(self, name: str, overrides: tuple[str, ...] = ()) -> Ensemble:
        if (name, overrides) not in self._played:
            scenario = load_scenario(name, case=self.case, set=overrides)
            self._played[name, overrides] = run(scenario, self.runs, self.seed)
        return self._played[name, overrides]


def draw_gallery(out: Path, runs: int = RUNS, seed: int = DEFAULT_SEED, case: Path | None = None) -> list[Path]:
    """Draw everything into ``out`` with an index, README.md; the files written. Raises InputError and CannotWrite."""
    plan, given, ensembles = load_plan(case), _given(), Ensembles(case, runs, seed)
    written = draw_model(out / FIGURES, plan, runs, seed, [ensembles.of(each.scenario.name) for each in plan.clouds])
    for name in given.alone:
        written += draw_run(ensembles.of(name), out / name, ensembles.of(name, BALANCED))
    for name, several in given.side_by_side.items():
        written += draw_several([ensembles.of(each) for each in several], out, name)
    for path in written:
        if path.suffix == ".png":
            shrink(path)
    prepare(out)
    write_whole(out / "README.md", [index(out, written, runs, seed).encode()])
    return [*written, out / "README.md"]


def shrink(path: Path) -> None:
    """Write a picture anew with few colours, so that the repository stays small."""
    packed = io.BytesIO()
    with Image.open(path) as drawn:
        few_colours(drawn.convert("RGB")).save(packed, format="png", compress_level=9, dpi=drawn.info.get("dpi"))
    write_whole(path, [packed.getvalue()])


def few_colours(drawn: Image.Image) -> Image.Image:
    """An RGB picture with at most 256 colours: flat areas and the colours of classes as drawn, all else nearly so."""
    few = drawn.quantize(COLOURS, dither=Image.Dither.NONE)
    palette = (few.getpalette() or [])[: 3 * COLOURS]
    palette += [0] * (3 * COLOURS - len(palette))
    coded = np.asarray(drawn).astype(np.int64) @ np.array([1 << 16, 1 << 8, 1])
    colours, counts = np.unique(coded, return_counts=True)
    commonest = colours[np.argsort(-counts, kind="stable")[:KEPT]]
    named = np.intersect1d(colours, [int(shade[1:], 16) for shade in NAMED])
    kept = np.union1d(commonest, named)
    place = np.minimum(np.searchsorted(kept, coded), len(kept) - 1)
    indices = np.where(kept[place] == coded, COLOURS + place, np.asarray(few))
    exact = Image.fromarray(indices.astype(np.uint8), "P")
    exact.putpalette(palette + [part for each in kept.tolist() for part in each.to_bytes(3, "big")])
    return exact


def index(out: Path, written: list[Path], runs: int, seed: int) -> str:
    """Every picture with its alt text, as Markdown."""
    lines = [
        "# Gallery", "", NOT_A_FORECAST, "",
        f"Made by `python .ci/gallery.py --runs {runs}` with seed {seed}. "
        "Under each picture stands what it shows, in words.",
    ]  # fmt: skip
    for picture in (path for path in written if path.suffix == ".png"):
        place = picture.relative_to(out).as_posix()
        title, *rest = picture.with_suffix(".txt").read_text(encoding="utf-8").splitlines()
        lines += [
            "",
            f"## {place}",
            "",
            f"![{_plain(title)}]({place})",
            "",
            f"{_plain(title)} ([SVG]({place[:-4]}.svg))",
            "",
        ]
        lines += [f"- {_plain(line)}" for line in rest]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Text in which Markdown and HTML find nothing to do."""
    return "".join(f"\\{each}" if each in "\\`*_[]<>#|" else each for each in text)


def _given() -> GalleryFile:
    return load_form(_FORM, read_yaml(FILE))


@click.command()
@click.option("--runs", type=click.IntRange(2), default=RUNS, show_default=True, help="Runs of each scenario.")
@click.option("--seed", type=click.IntRange(0), default=DEFAULT_SEED, show_default=True, help="Seed of all draws.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("results/gallery"),
    show_default=True,
    help="Folder to draw into.",
)
@click.option("--case", type=click.Path(path_type=Path), help="Folder of another case.")
def main(runs: int, seed: int, out: Path, case: Path | None) -> None:
    """Draw the gallery: the model on one page, the charts of a run, and scenarios side by side."""
    try:
        for path in draw_gallery(out, runs, seed, case):
            click.echo(path)
    except SummitryError as problem:
        click.echo(str(problem), err=True)
        raise SystemExit(problem.exit_code) from None


if __name__ == "__main__":
    main()
