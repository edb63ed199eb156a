"""A finished picture to three files: PNG, SVG and its alt text. Each appears whole or not at all."""

from __future__ import annotations

import io
import os
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from sim.errors import CannotWrite
from sim.views.charts.style import Page, look

COLOURS = 128  # of a PNG: its size falls to a third and no difference can be seen


def write_picture(page: Page, folder: Path, name: str, alt: str) -> list[Path]:
    """Write ``folder/name`` as .png, .svg and .txt; the same page gives the same bytes. Raises CannotWrite."""
    contents = {"png": _png(page), "svg": _svg(page), "txt": (alt.strip() + "\n").encode()}
    make_folder(folder)
    return [write_bytes(folder / f"{name}.{kind}", data) for kind, data in contents.items()]


def make_folder(folder: Path) -> None:
    """Raises CannotWrite."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise CannotWrite(f"cannot make the folder {folder}: {problem.strerror}", 73) from problem


def write_bytes(path: Path, data: bytes) -> Path:
    """Write beside the final name, then rename. Raises CannotWrite."""
    waiting = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with waiting.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(waiting, path)
    except OSError as problem:
        waiting.unlink(missing_ok=True)
        raise CannotWrite(f"cannot write {path}: {problem.strerror}", 74) from problem
    return path


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
