"""The charts of a run, and of several side by side: each titled with the sentence it shows.

Every chart is three files in ``figures/``: PNG, SVG and its alt text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from sim.ensemble.result import Ensemble
from sim.ensemble.worker_pool import ordered
from sim.views.charts import RUN_CHARTS
from sim.views.charts.answer import draw_answer
from sim.views.charts.leverage import draw_leverage
from sim.views.charts.levers import draw_levers
from sim.views.charts.months import draw_months
from sim.views.charts.outcomes import draw_outcomes
from sim.views.charts.several import draw_side_by_side
from sim.views.charts.style import FIGURES, Page, look, write_picture


def draw_run(ensemble: Ensemble, folder: Path, balanced: Ensemble | None = None, workers: int = 1) -> list[Path]:
    """The answer, outcomes (with the balanced ledger beside them, when given), months, leverage and levers of one run.

    ``workers`` processes draw them; the bytes are the same for any number. Returns the files written in
    ``folder/figures``. Raises CannotWrite.
    """
    return [
        path
        for files in ordered(partial(_draw, ensemble, folder, balanced), RUN_CHARTS, workers=workers)
        for path in files
    ]


def _draw(ensemble: Ensemble, folder: Path, balanced: Ensemble | None, name: str) -> list[Path]:
    """One of RUN_CHARTS."""
    drawn: Mapping[str, Callable[..., tuple[Page, str]]] = {
        "answer": draw_answer, "outcomes": partial(draw_outcomes, balanced=balanced), "months": draw_months,
        "leverage": draw_leverage, "levers": draw_levers,
    }  # fmt: skip
    with look():
        page, alt = drawn[name](ensemble)
    return write_picture(page, Path(folder) / FIGURES, name, alt)


def draw_several(ensembles: Sequence[Ensemble], folder: Path, name: str = "side-by-side") -> list[Path]:
    """Classes and shown measures of several scenarios. Returns the files written in ``folder/figures``.

    Raises CannotWrite; ValueError without a scenario.
    """
    with look():
        page, alt = draw_side_by_side(ensembles)
    return write_picture(page, Path(folder) / FIGURES, name, alt)
