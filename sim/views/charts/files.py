"""A finished picture to three files: PNG, SVG and its alt text. They appear together or not at all."""

from __future__ import annotations

import io
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from sim.ensemble.folder import WholeFiles, prepare
from sim.views.charts.style import Page, look

COLOURS = 128  # of a PNG: its size falls to a third and no difference can be seen


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
    few = drawn.quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(packed, format="png", compress_level=7, dpi=(page.dpi, page.dpi))
    return packed.getvalue()


def _svg(page: Page) -> bytes:
    drawn = io.BytesIO()
    with look():
        page.figure.savefig(
            drawn, format="svg", dpi=page.dpi, metadata={"Date": None, "Creator": None, "Title": page.title}
        )
    return drawn.getvalue()
