"""Findings as pictures, each titled with the sentence that it shows; here they are drawn by name.

Every chart is three files: PNG, SVG and its alt text. Nothing here imports matplotlib, which takes its time, before
something is drawn.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from importlib import import_module
from pathlib import Path

from sim.ensemble.result import Ensemble
from sim.ensemble.safe_files import FIGURES
from sim.ensemble.worker_pool import ordered

RUN_CHARTS = ("answer", "outcomes", "months", "leverage", "levers")  # of one run, in its folder's figures/
SEVERAL_CHARTS = ("side-by-side",)  # of several runs, in the folder for results about several scenarios
_ALSO = "also"  # the task beside the charts of a run
_LONGEST_FIRST = ("leverage", "answer", "months", "outcomes", _ALSO, "levers")  # so that processes end together


@contextmanager
def imported_meanwhile() -> Iterator[None]:
    """Import matplotlib in a thread: nearly free beside the compiled model, which plays without the interpreter.

    Where it cannot be imported, whoever draws says so.
    """
    with ThreadPoolExecutor(1) as thread:
        thread.submit(import_module, f"{__name__}.style")
        yield


def write_chart(folder: Path, file: str, name: str, *findings: object) -> list[Path]:
    """Draw a chart and write ``folder/file`` as .png, .svg and .txt; ``name`` is a file here and its function that
    returns the page: `effects.draw_flip`. Raises CannotWrite.
    """
    from sim.views.charts.style import look, write_picture

    module, _, function = name.partition(".")
    with look():
        page = getattr(import_module(f"{__name__}.{module}"), function)(*findings)
    return write_picture(page, folder, file)


def draw_run(
    ensemble: Ensemble, folder: Path, balanced: Ensemble | None = None, workers: int = 1,
    also: Callable[[], object] | None = None,
) -> list[Path]:  # fmt: skip
    """The answer, outcomes (with the balanced ledger beside them, when given), months, leverage and levers of one run.

    ``workers`` processes draw them; the bytes are the same for any number. ``also`` is called in one of them, as a
    sixth picture would be drawn. Returns the files written in ``folder/figures``. Raises CannotWrite.
    """
    import_module(f"{__name__}.style")  # with matplotlib, once for all processes that are forked
    tasks = [task for task in _LONGEST_FIRST if task != _ALSO or also is not None]
    work = partial(_draw, ensemble, folder, balanced, also)
    drawn = dict(zip(tasks, ordered(work, tasks, workers=workers), strict=True))
    return [path for name in RUN_CHARTS for path in drawn[name]]


def _draw(
    ensemble: Ensemble, folder: Path, balanced: Ensemble | None, also: Callable[[], object] | None, name: str
) -> list[Path]:
    """One of RUN_CHARTS, or what is done beside them."""
    if name == _ALSO and also is not None:
        also()
        return []
    more = [balanced] if name == "outcomes" else []
    module = "levels" if name in ("leverage", "levers") else name
    return write_chart(folder / FIGURES, name, f"{module}.draw_{name}", ensemble, *more)


def draw_several(ensembles: Sequence[Ensemble], folder: Path, name: str = "side-by-side") -> list[Path]:
    """Classes and shown measures of several scenarios. Returns the files written in ``folder/figures``.

    Raises CannotWrite; ValueError without a scenario.
    """
    return write_chart(folder / FIGURES, name, "compare.draw_side_by_side", ensembles)
