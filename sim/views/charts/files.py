"""A finished picture to three files: PNG, SVG and its alt text. They appear together or not at all."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from sim.ensemble.folder import WholeFiles, prepare
from sim.views.charts.style import NAMED, Page, look

COLOURS = 128  # of a PNG, beside those kept: its size falls to less than half and no difference can be seen
KEPT = 100  # the commonest colours of a PNG stay exactly as drawn, and so do those that stand for something


def write_picture(page: Page, folder: Path, name: str, alt: str) -> list[Path]:
    """Write ``folder/name`` as .png, .svg and .txt; the same page gives the same bytes. Raises CannotWrite."""
    contents = {"png": _png(page), "svg": _svg(page), "txt": (alt.strip() + "\n").encode()}
    prepare(folder)
    with WholeFiles(folder) as files:
        for kind, data in contents.items():
            files.write(f"{name}.{kind}", [data])
    return [folder / f"{name}.{kind}" for kind in contents]


def _png(page: Page) -> bytes:
    canvas, packed = FigureCanvasAgg(page.figure), io.BytesIO()
    with look():
        canvas.draw()
    drawn = Image.frombytes("RGBA", canvas.get_width_height(), bytes(canvas.buffer_rgba())).convert("RGB")
    few_colours(drawn).save(packed, format="png", compress_level=7, dpi=(page.dpi, page.dpi))
    return packed.getvalue()


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


def _svg(page: Page) -> bytes:
    drawn = io.BytesIO()
    with look():
        page.figure.savefig(
            drawn, format="svg", dpi=page.dpi, metadata={"Date": None, "Creator": None, "Title": page.title}
        )
    return drawn.getvalue()
