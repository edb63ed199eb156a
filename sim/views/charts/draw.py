"""The charts of a run, and of several side by side: each titled with the sentence it shows.

Every chart is three files in ``figures/``: PNG, SVG and its alt text.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.ensemble.result import Ensemble
from sim.views.charts import RUN_CHARTS
from sim.views.charts.answer import draw_answer
from sim.views.charts.leverage import draw_leverage
from sim.views.charts.levers import draw_levers
from sim.views.charts.months import draw_months
from sim.views.charts.outcomes import draw_outcomes
from sim.views.charts.several import draw_side_by_side
from sim.views.charts.style import FIGURES, look, write_picture


def draw_run(ensemble: Ensemble, folder: Path, balanced: Ensemble | None = None) -> list[Path]:
    """The answer, outcomes (with the balanced ledger beside them, when given), months, leverage and levers of one run.

    Returns the files written in ``folder/figures``. Raises CannotWrite.
    """
    with look():
        pages = (
            draw_answer(ensemble), draw_outcomes(ensemble, balanced), draw_months(ensemble), draw_leverage(ensemble),
            draw_levers(ensemble),
        )  # fmt: skip
    drawn = dict(zip(RUN_CHARTS, pages, strict=True))
    return [
        path for name, (page, alt) in drawn.items() for path in write_picture(page, Path(folder) / FIGURES, name, alt)
    ]


def draw_several(ensembles: Sequence[Ensemble], folder: Path, name: str = "side-by-side") -> list[Path]:
    """Classes and shown measures of several scenarios. Returns the files written in ``folder/figures``.

    Raises CannotWrite; ValueError without a scenario.
    """
    with look():
        page, alt = draw_side_by_side(ensembles)
    return write_picture(page, Path(folder) / FIGURES, name, alt)
