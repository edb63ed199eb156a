"""Whether a picture is whole: no text outside it, none on another."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from sim.views.charts import style


@lru_cache(maxsize=8)
def texts(page: style.Page) -> list[tuple[str, Bbox]]:
    """Every visible text with its box in pixels. A page is laid out once: ask when nothing more is drawn on it."""
    canvas = FigureCanvasAgg(page.figure)
    with style.look():
        page.figure.draw_without_rendering()
        return [
            (text.get_text(), text.get_window_extent(canvas.get_renderer()))
            for text in page.figure.findobj(Text)
            if text.get_visible() and text.get_text().strip()
        ]


def assert_whole(page: style.Page) -> None:
    width, height = page.figure.bbox.width, page.figure.bbox.height
    assert max(width, height) <= style.LARGEST
    for text, box in texts(page):
        assert box.x0 >= 0, f"{text[:60]!r} begins left of the picture"
        assert box.x1 <= width, f"{text[:60]!r} ends right of the picture"
        assert box.y0 >= 0, f"{text[:60]!r} reaches below the picture"
        assert box.y1 <= height, f"{text[:60]!r} reaches above the picture"


def overlaps(page: style.Page) -> list[tuple[str, str]]:
    """Texts that stand on one another by more than a pixel each way."""
    found = []
    for (one, first), (two, second) in combinations(texts(page), 2):
        wide = min(first.x1, second.x1) - max(first.x0, second.x0)
        high = min(first.y1, second.y1) - max(first.y0, second.y0)
        if wide > 1 and high > 1:
            found.append((one, two))
    return found
