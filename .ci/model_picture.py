"""The model on one page: its flow, one summit in two calendars, and where the runs end."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from first_summit import FloatArray, first_summit
from model_picture_plan import Plan
from picture_cloud import (
    Quadrants,
    draw_cloud,
    draw_quadrant_table,
    furthest,
    quadrant_shares,
    quadrants,
)
from picture_flow import BACK, HEIGHT, draw_flow, steps
from picture_summit import Row, draw_heads, draw_row, scales, signed_shares

from sim.ensemble.intervals import Z95
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.views.charts.labels import name, notes, pair_name, per_hundred, state_name
from sim.views.charts.style import MARGIN, Page, look, write_picture
from sim.views.wording import capital, listed, number

WIDTH, DPI = 11.69, 120  # A4, lying
ROW, BETWEEN = 1.0, 0.2
CLOUD = 1.95
NAME = "model"


def draw_model(folder: Path, plan: Plan, runs: int, seed: int, clouds: Sequence[Ensemble] | None = None) -> list[Path]:
    """Write ``folder/model`` as .png, .svg and .txt; ``clouds`` are the ensembles of the plan's clouds, if already run.

    Raises CannotWrite; ValueError where the classes do not name the quadrants.
    """
    rows = [
        Row(each.label, each.scenario, first_summit(each.scenario, plan.pair, runs, seed)) for each in plan.calendars
    ]
    ended = list(clouds) if clouds is not None else [run(each.scenario, runs, seed) for each in plan.clouds]
    with look():
        page = compose(plan, rows, ended)
    return write_picture(page, folder, NAME)


def compose(plan: Plan, rows: list[Row], ended: list[Ensemble]) -> Page:
    """The flow of the model, a row for each calendar, and the clouds of runs."""
    case = rows[0].scenario.case
    corners = quadrants(case, plan.across, plan.up, plan.rest)
    shares = [quadrant_shares(corners, each.measure(plan.across), each.measure(plan.up)) for each in ended]
    below = CLOUD + 0.78
    body = HEIGHT + BACK + 0.72 + len(rows) * (ROW + BETWEEN) + 0.3 + below
    page = Page(sentence(plan, rows), body, _notes(rows, ended), "The model on one page.", width=WIDTH, dpi=DPI)
    y = page.top - HEIGHT - 0.05
    draw_flow(page, y, rows[0].scenario)
    y -= BACK + 0.62
    draw_heads(page, y + 0.12, rows[0])
    for place, row in enumerate(rows):
        y -= ROW + (BETWEEN if place else 0)
        draw_row(page, y, ROW, row, last=place == len(rows) - 1, scales=scales(rows))
    _clouds(page, plan, ended, corners, shares)
    page.alt_lines += _alt(plan, rows, corners, shares)
    return page


def sentence(plan: Plan, rows: list[Row]) -> str:
    """Terms and chance of a deal at the one summit, in the first calendar instead of the second."""
    (one, two), case = rows, rows[0].scenario.case
    side, summit = state_name(case, one.found.between[0]), name(case.pairs[plan.pair].name)
    terms = f"{number(_mean(one.found.terms))} instead of {number(_mean(two.found.terms))}"
    deals = [per_hundred(float((row.found.signed >= 0).mean())) for row in rows]
    if means_differ(one.found.signed >= 0, two.found.signed >= 0) and deals[0] != deals[1]:
        chance = f"a deal comes in {deals[0]} of 100 runs instead of {deals[1]}"
    else:
        chance = f"a deal is about as likely ({deals[0]} of 100 runs)"
    return (
        f"One summit, two calendars: when {name(one.label, 60)}, the terms of {side} at {summit} are {terms}; {chance}."
    )


def means_differ(one: npt.NDArray[np.generic], two: npt.NDArray[np.generic]) -> bool:
    """Whether the means differ beyond the noise of runs (each calendar has the runs in which its summit was held)."""
    first, second = (each.astype(np.float64) for each in (one, two))
    noise = (first.var() / len(first) + second.var() / len(second)) ** 0.5
    return bool(abs(first.mean() - second.mean()) > 2 * Z95 * noise)  # runs come in pairs that share a world


def _mean(values: FloatArray) -> float:
    return float(values.mean(dtype=np.float64))


def _notes(rows: list[Row], ended: list[Ensemble]) -> list[str]:
    calendars = listed([f"{name(row.scenario.name)} ({name(row.label)})" for row in rows])
    clouds = listed([name(each.scenario.name) for each in ended])
    first, said = notes(ended[:1])[0], f"{rows[0].found.runs:,} runs: two plays of each world; seed {ended[0].seed}"
    moved = "Dots are moved a hair apart so that equal runs can be seen."
    return [first, f"Calendars {calendars}; clouds {clouds}. {said}. Summitry {ended[0].version}. {moved}"]


def _clouds(page: Page, plan: Plan, ended: list[Ensemble], corners: Quadrants, shares: list[list[float]]) -> None:
    y = page.bottom + 0.5
    width = 3.35
    titles = [name(choice.label, 60) for choice in plan.clouds]
    ends = furthest(ended, plan.across), furthest(ended, plan.up)
    page.say(MARGIN, y + CLOUD + 0.24, ["6, 7  Where the runs end"], 9.5, bold=True, va="bottom")
    for place, (title, each) in enumerate(zip(titles, ended, strict=True)):
        x = MARGIN + 0.45 + place * (width + 0.55)
        draw_cloud(page, (x, y, width, CLOUD - 0.05), title, each, (plan.across, plan.up), corners, ends)
    draw_quadrant_table(
        page, MARGIN + 0.45 + len(ended) * (width + 0.55) - 0.2, y + CLOUD - 0.35, corners, titles, shares
    )


def _alt(plan: Plan, rows: list[Row], corners: Quadrants, shares: list[list[float]]) -> list[str]:
    lines = ["The flow of the model:"]
    lines += [f"{place}. {head}: {text}" for place, (head, text) in enumerate(steps(rows[0].scenario), start=1)]
    lines += [line for row in rows for line in _row_in_words(row)]
    for choice, each in zip(plan.clouds, shares, strict=True):
        said = ", ".join(
            f"{corner.label} {per_hundred(share)}" for corner, share in zip(corners.corners, each, strict=True)
        )
        lines.append(f"Cloud of runs, “{name(choice.label, 60)}”, in four quadrants; of 100 runs: {said}.")
    return lines


def _row_in_words(row: Row) -> list[str]:
    case, found = row.scenario.case, row.found
    leverage = " and ".join(
        f"{state_name(case, one)} over {state_name(case, two)} {number(_mean(values))}"
        for (one, two), values in found.leverage.items()
    )
    promised = " and ".join(
        f"{state_name(case, giver)} {number(_mean(values))}" for giver, values in found.promised.items()
    )
    signed = ", ".join(f"{says} {per_hundred(share)}" for says, share in signed_shares(case, found))
    return [
        f"{capital(name(row.label, 60))}: before the summit of {pair_name(case, case.pairs[found.pair])} "
        f"mean leverage is {leverage}; "
        f"terms {number(_mean(found.terms))}; mean chance of a deal {per_hundred(_mean(found.chance))} in 100.",
        f"Promised on average: {promised}. Signed in 100 runs: {signed}.",
    ]
