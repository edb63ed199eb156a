"""How every picture looks: palette, type, and a page that is measured so that nothing is clipped.

Lengths are inches, from the lower left corner. Colours are Petroff's (2021, arXiv 2107.02270), which colour-blind
readers can distinguish; hatches, markers and labels beside the marks make the same distinction when printed grey.
"""

import io
import os
import warnings
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path as FolderPath
from typing import Any

import matplotlib
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.ft2font import FT2Font, LoadFlags
from PIL import Image

from sim.ensemble.safe_files import FIGURES, WholeFiles, prepare
from sim.errors import clean_lines, clean_text

WIDTH = 10.0
DPI = 120
LARGEST = 2000  # pixels, either way
MARGIN = 0.3
INK, MUTED, FAINT, PAPER = "#1a1a1a", "#555555", "#d4d4d4", "#ffffff"
TITLE, TEXT, SMALL = 14.5, 10.0, 8.5  # points
WIDEST = 1.15  # advance, as a multiple of its size, of the box that matplotlib draws for a letter that no font has
RULED = 1000  # size in points at which letters are measured
TITLE_LIMIT = 260  # characters of a sentence that heads a chart
PNG_EFFORT = 3  # compression, of 9: more takes longer and saves nothing (measured)
FALLBACKS = (  # fonts for letters that DejaVu Sans lacks, where they are installed
    "Noto Sans CJK KR", "Noto Sans KR", "Malgun Gothic", "Apple SD Gothic Neo", "NanumGothic", "Noto Sans CJK JP",
    "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", "WenQuanYi Zen Hei", "Droid Sans Fallback", "Unifont",
)  # fmt: skip

# Petroff's ten, ordered so that neighbours differ in lightness too and can be distinguished in grey when stacked.
PALETTE = (
    "#bd1f01", "#92dadd", "#a96b59", "#b9ac70", "#832db6", "#ffa90e", "#3f90da", "#94a4a2", "#717581", "#e76300",
)  # fmt: skip
HATCHES = ("", "---", "", "////", "", "\\\\\\\\", "", "|||", "xxx", "")
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "*", "<", ">")
HALF, NINE_IN_TEN = "#5f96cc", "#c6daee"  # bands of the runs
BAND_ENDS = (0.05, 0.25, 0.75, 0.95)  # their quantiles: nine in ten, half, half, nine in ten
ONE, TWO = "#1f66ad", "#e76300"  # two things that must look different; the first is Petroff's blue, darkened for lines
NAMED = (*PALETTE, INK, MUTED, FAINT, PAPER, ONE, TWO)  # colours that stand for something


def colour(place: int) -> str:
    """The colour of the thing at a place in a list; colours repeat after ten."""
    return PALETTE[place % len(PALETTE)]


def hatch(place: int) -> str:
    """The hatch of the thing at a place in a list."""
    return HATCHES[place % len(HATCHES)]


def marker(place: int) -> str:
    """The marker of the thing at a place in a list."""
    return MARKERS[place % len(MARKERS)]


def lightness(shade: str) -> float:
    """Relative luminance in [0, 1] (WCAG 2) of ``#rrggbb``."""
    parts = [int(shade[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ink_on(shade: str) -> str:
    """Ink or paper, whichever reads better on this colour."""
    return PAPER if lightness(shade) < 0.22 else INK


@contextmanager
def look() -> Iterator[None]:
    """Our settings in place of the reader's own; text is never read as mathematics."""
    with matplotlib.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")  # a title may be in any script
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(
            {
                "text.parse_math": False, "font.family": list(families()), "font.size": TEXT, "text.color": INK,
                "text.hinting": "no_hinting",  # as letters are measured here, and a fifth faster
                "axes.labelcolor": INK, "axes.edgecolor": MUTED, "axes.linewidth": 0.8, "axes.axisbelow": True,
                "xtick.color": MUTED, "ytick.color": MUTED, "xtick.labelcolor": INK, "ytick.labelcolor": INK,
                "xtick.labelsize": SMALL, "ytick.labelsize": SMALL, "hatch.linewidth": 0.7, "grid.color": FAINT,
                "grid.linewidth": 0.6, "svg.hashsalt": "summitry", "svg.fonttype": "none", "path.simplify": False,
            }
        )  # fmt: skip
        yield


@lru_cache(maxsize=1)
def families() -> tuple[str, ...]:
    """DejaVu Sans, which comes with matplotlib, and the fallbacks that are installed."""
    here = {font.name for font in fontManager.ttflist}
    return ("DejaVu Sans", *(name for name in FALLBACKS if name in here))


@lru_cache(maxsize=64)
def _font(family: str, bold: bool) -> FT2Font:
    return get_font(findfont(FontProperties(family=family, weight="bold" if bold else "normal")))


if hasattr(os, "register_at_fork"):  # forked processes would read a font's file from one place that each of them moves
    os.register_at_fork(after_in_child=_font.cache_clear)


def drawable(character: str) -> bool:
    """Whether some font of this machine has the letter."""
    return character.isspace() or any(_font(family, False).get_char_index(ord(character)) for family in families())


@lru_cache(maxsize=4096)
def _advance(character: str, bold: bool) -> float:
    """A character's advance width as a multiple of its size, unhinted."""
    fonts = [_font(family, bold) for family in families()]
    font = next((each for each in fonts if each.get_char_index(ord(character))), None)
    if font is None:
        return WIDEST
    font.set_size(RULED, 72)
    glyph = font.load_glyph(font.get_char_index(ord(character)), flags=LoadFlags.NO_HINTING)
    return float(glyph.linearHoriAdvance) / 65536 / RULED


def width_of(text: str, size: float = TEXT, bold: bool = False) -> float:
    """Width of one line in inches, with some slack: a reader's SVG viewer may have another font."""
    return sum(_advance(character, bold) for character in text) * size / 72 * 1.03


def fit(
    text: str, inches: float, size: float = TEXT, *, lines: int = 1, bold: bool = False, limit: int = 300
) -> list[str]:
    """Text of any origin as at most ``lines`` lines of this width; what is too long is cut with an ellipsis."""
    found: list[str] = []
    for word in _pieces(clean_text(text, limit).split(), inches, size, bold):
        if found and width_of(f"{found[-1]} {word}", size, bold) <= inches:
            found[-1] = f"{found[-1]} {word}"
        else:
            found.append(word)
    if len(found) > lines:
        last = found[lines - 1]
        while last and width_of(last + "…", size, bold) > inches:
            last = last[:-1]
        found[lines - 1 :] = [last.rstrip(" ,;:") + "…"]
    return found


def _pieces(words: Sequence[str], inches: float, size: float, bold: bool) -> Iterator[str]:
    """The words, cut into pieces no wider than a line."""
    for word in words:
        rest = word
        while width_of(rest, size, bold) > inches:
            widths = [width_of(rest[:at], size, bold) for at in range(1, len(rest))]
            cut = max(1, bisect_right(widths, inches))
            yield rest[:cut]
            rest = rest[cut:]
        yield rest


class Page:
    """A figure with a sentence on top, notes at the bottom and a body of the given height in between.

    ``bottom`` and ``top`` are the body's ends in inches. ``alt_lines`` is its alternative text: first ``what``
    the picture is and its title; who draws adds the rest. Raises ValueError for a page larger than LARGEST.
    """

    def __init__(
        self, title: str, body: float, notes: Sequence[str], what: str = "", *, width: float = WIDTH, dpi: int = DPI
    ) -> None:
        inside = width - 2 * MARGIN
        self.undrawn: set[str] = set()  # letters that no font here has
        self.title = clean_text(title, TITLE_LIMIT)
        self.alt_lines = [f"{what} {self.title}".lstrip()]
        heading = fit(self.title, inside, TITLE, lines=4, bold=True)
        foot = [line for note in notes for line in fit(note, inside, SMALL, lines=3, limit=600)]
        self.width, self.dpi = width, dpi
        self.bottom = MARGIN + 0.16 * len(foot)
        self.top = self.bottom + body
        self.height = self.top + 0.27 * len(heading) + MARGIN + 0.05
        if max(self.width, self.height) * dpi > LARGEST:
            raise ValueError(f"a picture of {self.width:.1f} x {self.height:.1f} inches is too large")
        self.figure = Figure(figsize=(self.width, self.height), dpi=dpi, facecolor=PAPER)
        self.say(MARGIN, self.height - MARGIN + 0.05, heading, TITLE, bold=True, spacing=1.3)
        self.say(MARGIN, self.bottom - 0.14, foot, SMALL, shade=MUTED, spacing=1.35)

    @property
    def alt(self) -> str:
        """The alternative text, one thing a line."""
        return "\n".join(self.alt_lines)

    def say(
        self, x: float, y: float, text: str | Sequence[str], size: float = TEXT, *, inches: float = 0, most: int = 1,
        shade: str = INK, bold: bool = False, align: str = "left", va: str = "top", spacing: float = 1.25,
        paper: bool = False,
    ) -> None:  # fmt: skip
        """Lines at (x, y), their upper left corner or as ``align`` and ``va`` say; on ``paper`` if asked. A text is
        fitted into at most ``most`` lines of so many ``inches``.
        """
        lines = fit(text, inches, size, lines=most, bold=bold) if isinstance(text, str) else text
        self.undrawn |= {each for line in lines for each in line if not drawable(each)}
        self.figure.text(
            x / self.width, y / self.height, "\n".join(lines), fontsize=size, color=shade, ha=align, va=va,
            fontweight="bold" if bold else "normal", linespacing=spacing,
            bbox={"facecolor": PAPER, "edgecolor": "none", "pad": 1} if paper else None,
        )  # fmt: skip

    def caption(self, x: float, y: float, text: str, *, align: str = "left") -> None:
        """A small line of text with its lower end at (x, y), above a plot."""
        self.say(x, y, [text], SMALL, shade=MUTED, align=align, va="bottom")

    def key(self, handles: Sequence[Artist]) -> None:
        """What the marks mean, in one row at the top of the body."""
        corner = (MARGIN / self.width, (self.top - 0.02) / self.height)
        self.figure.legend(
            handles=list(handles), ncols=len(handles), loc="upper left", bbox_to_anchor=corner, frameon=False,
            fontsize=SMALL, borderaxespad=0, borderpad=0, columnspacing=1.6, handlelength=2.2,
        )  # fmt: skip

    def axes(self, x: float, y: float, width: float, height: float, **options: Any) -> Axes:
        """A plot with its lower left corner at (x, y), without upper and right spines."""
        place = (x / self.width, y / self.height, width / self.width, height / self.height)
        axes = self.figure.add_axes(place, **options)
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(length=3, width=0.8)
        return axes


def whisker(axes: Axes, low: float, high: float, where: float, cap: float = 0.0) -> None:
    """An interval along x, dark on a pale line so that it shows in and beside a bar; ``cap``: points of its ends."""
    for width, shade in ((3.2, PAPER), (1.3, INK)):
        axes.plot(
            [low, high], [where] * 2, color=shade, linewidth=width, solid_capstyle="butt", zorder=3, clip_on=False
        )
    if cap:
        axes.plot(
            [low, high], [where] * 2, "|", color=INK, markersize=cap, markeredgewidth=1.3, zorder=3, clip_on=False
        )


def hatched_bar(axes: Axes, where: float, value: float, height: float, shade: str, place: int) -> None:
    """A bar along x in the colour and hatch of the thing at this place, with an outline."""
    axes.barh(where, value, height, color=shade, edgecolor=ink_on(shade), hatch=hatch(place), linewidth=0)
    axes.barh(where, value, height, color="none", edgecolor=INK, linewidth=0.8)


def write_picture(page: Page, folder: FolderPath, name: str) -> list[FolderPath]:
    """Write ``folder/name`` as .png, .svg and .txt, all or none, the same bytes each time. Raises CannotWrite."""
    alt = page.alt.strip()
    if page.undrawn:
        some = ", ".join(sorted(page.undrawn)[:6])
        lines = [f"No font here has {some}: install one that does, such as Noto Sans CJK (package fonts-noto-cjk)."]
        page.say(MARGIN, MARGIN - 0.08, lines, 7, shade=MUTED)
        alt = f"{alt}\n{lines[0]}"
    contents = {"png": _png(page), "svg": _svg(page), "txt": (clean_lines(alt.strip()) + "\n").encode()}
    ours = folder.name == FIGURES  # in a results folder, where it must not be a link
    prepare(folder.parent if ours else folder)
    with WholeFiles(folder.parent, within=FIGURES) if ours else WholeFiles(folder) as files:
        for kind, data in contents.items():
            files.write(f"{name}.{kind}", [data])
    return [folder / f"{name}.{kind}" for kind in contents]


def _png(page: Page) -> bytes:
    canvas, packed = FigureCanvasAgg(page.figure), io.BytesIO()
    with look():
        canvas.draw()
    drawn = Image.frombytes("RGBA", canvas.get_width_height(), bytes(canvas.buffer_rgba())).convert("RGB")
    drawn.save(packed, format="png", compress_level=PNG_EFFORT, dpi=(page.dpi, page.dpi))
    return packed.getvalue()


def _svg(page: Page) -> bytes:
    drawn = io.BytesIO()
    with look():
        page.figure.savefig(
            drawn, format="svg", dpi=page.dpi, metadata={"Date": None, "Creator": None, "Title": page.title}
        )
    return drawn.getvalue()
