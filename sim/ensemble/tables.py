"""Writes an ensemble as tables that a spreadsheet opens, and as a manifest that is enough to repeat it.

A CSV is UTF-8 with a mark in front, has six decimals, and holds nothing that a spreadsheet would run as a formula.
"""

import platform
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from math import isfinite
from typing import Any

import numpy as np

from sim.ensemble.block import COMPUTED_RUNS, ROWS_KEPT
from sim.ensemble.identity import engine_hash, files_hash
from sim.ensemble.intervals import Mean, Probability, measure_means, outcome_probabilities
from sim.ensemble.result import LEVERAGE_COLUMNS, OUTCOME_COLUMNS, Ensemble
from sim.ensemble.signals_and_memory import let_go_of_pages
from sim.kernel.compiled import engine_of
from sim.vocabulary import better, gained

DIGITS = 8  # decimals of any number in a JSON document, more than a float32 sum is exact to
MARK = b"\xef\xbb\xbf"  # tells spreadsheets that it is UTF-8
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_OBEYED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")  # by a terminal
_CHUNK = 1024  # rows formatted at a time


def outcomes_csv(ensemble: Ensemble) -> bytes:
    """By month, and at the end (the last month): how many runs are in each class if they end there."""
    return table(OUTCOME_COLUMNS, ensemble.outcome_rows())


def leverage_csv(ensemble: Ensemble) -> bytes:
    """By month: mean and quantiles over runs of the leverage of each state on each other."""
    return table(LEVERAGE_COLUMNS, ensemble.leverage_rows())


def claims_csv(ensemble: Ensemble) -> bytes:
    """Each claim: its place in the documents, its credence, and in how many kept worlds it holds and fails."""
    rows = []
    for place, claim in enumerate(ensemble.scenario.ledger.claims.values()):
        where = "; ".join(f"{each.document} p{each.paragraph}" for each in claim.places)
        holds = int(ensemble.holds[place].sum())
        let_go_of_pages(ensemble.holds)
        fails = ensemble.holds.shape[1] - holds
        credence = float(claim.credence)
        rows.append((claim.id, claim.document, where, credence, holds, fails, claim.mechanism, claim.group))
    header = ("claim", "document", "paragraphs", "credence", "worlds_holds", "worlds_fails", "mechanism", "group")
    return table(header, rows)


def runs_csv(ensemble: Ensemble) -> Iterator[bytes]:
    """One row a kept run: its world, its outcome, and every measure at the end."""
    runs = np.arange(ensemble.kept_runs)
    columns = [runs, runs // 2, (ensemble.classes[-1], ensemble.names.outcomes), *ensemble.values]
    for piece in large_table(("run", "world", "outcome", *ensemble.names.measures), columns, ensemble.kept_runs):
        yield piece
        let_go_of_pages(ensemble.values)


def core(ensemble: Ensemble) -> dict[str, Any]:
    """The numbers of a run as plain JSON data, for its manifest and for `--json`.

    Shares are null where there is no variance, measures where they mean nothing.
    """
    found = outcome_probabilities(ensemble)
    shares = {name: each.assumptions for name, each in found.items()}
    return {
        "scenario": ensemble.scenario.name,
        "runs": ensemble.runs,
        "seed": ensemble.seed,
        "version": ensemble.version,
        "files_hash": files_hash(ensemble.scenario),
        "months": ensemble.months,
        "outcomes": {
            name: {"count": each.count, **_rounded(each, "probability", "low", "high")} for name, each in found.items()
        },
        "uncertainty": {
            "assumptions": {name: rounded(share) for name, share in shares.items()},
            "chance": {name: None if share is None else rounded(1 - share) for name, share in shares.items()},
        },
        "measures": _measures(ensemble),
    }


def manifest(ensemble: Ensemble, command: str | Sequence[str], started: datetime | str) -> dict[str, Any]:
    """All that is needed to repeat the run exactly, when it was made, and what came out."""
    engine = engine_of(ensemble.scenario)
    return {
        **core(ensemble),
        "title": ensemble.scenario.title,
        "set": list(ensemble.scenario.overrides),
        "files": dict(ensemble.scenario.files),
        "command": command if isinstance(command, str) else list(command),
        "started": _utc(started),
        "finished": _utc(datetime.now(UTC)),
        "versions": {
            "summitry": ensemble.version,
            "engine": engine_hash(),
            "python": platform.python_version(),
            "numpy": np.__version__,
            "mesa": version("mesa"),
        },
        "plays": engine if engine == ensemble.scenario.engine else f"{engine}: wasmtime is not installed",
        "platform": f"{sys.platform} {platform.machine()}",
        "computed_runs": COMPUTED_RUNS,
        "rows": {"kept": ensemble.kept_runs, "of": ensemble.runs, "at_most": ROWS_KEPT, "note": rows_note(ensemble)},
    }


def rows_note(ensemble: Ensemble) -> str:
    """A sentence on what runs.csv does not hold; empty when it holds every run."""
    if ensemble.kept_runs == ensemble.runs:
        return ""
    kept, runs = f"{ensemble.kept_runs:,}", f"{ensemble.runs:,}"
    return f"runs.csv holds the first {kept} of {runs} runs; outcomes.csv and leverage.csv count every run"


def rounded(value: float | None) -> float | None:
    """A number rounded to ``DIGITS`` for JSON; None where there is no finite number."""
    return None if value is None or not isfinite(value) else round(value, DIGITS)


def _rounded(found: Probability | Mean, *names: str) -> dict[str, float | None]:
    return {name: rounded(getattr(found, name)) for name in names}


def _measures(ensemble: Ensemble) -> dict[str, Any]:
    """Every measure at the end of the run, null where it means nothing here. A state's gain comes with the share of
    runs in which it is better off.
    """
    meaningful, parts = ensemble.meaningful_measures, ("mean", "low", "high")
    found = {
        name: _rounded(each, *parts) if name in meaningful else dict.fromkeys(parts)
        for name, each in measure_means(ensemble).items()
    }
    for state in ensemble.scenario.case.states:
        found[gained(state)]["better"] = found[better(state)]["mean"]
    return found


def _utc(moment: datetime | str) -> str:
    return moment if isinstance(moment, str) else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def cell(text: object) -> str:
    """A text as one cell: a formula gets an apostrophe in front, quotes and separators are quoted."""
    plain = _OBEYED.sub("", str(text))
    if plain.startswith(_FORMULA):
        plain = "'" + plain
    return '"' + plain.replace('"', '""') + '"' if any(mark in plain for mark in ',"\n\r') else plain


def number(value: float | None) -> str:
    """A number with six decimals; empty where it is not finite."""
    return "" if value is None or not isfinite(value) else _no_minus_zero(f"{value:.6f}")


def _no_minus_zero(text: str) -> str:
    return text.replace("-0.000000", "0.000000")


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    """A small table: floats with six decimals, whole numbers as they are, None as an empty cell, the rest as text."""
    lines = [",".join(map(cell, header)), *(",".join(map(_any, row)) for row in rows)]
    return MARK + ("\n".join(lines) + "\n").encode()


def _any(value: object) -> str:
    if value is None or isinstance(value, float | np.floating):
        return number(None if value is None else float(value))
    return str(value) if isinstance(value, int | np.integer) else cell(value)


def large_table(header: Sequence[str], columns: Sequence[Any], rows: int) -> Iterator[bytes]:
    """A large table in pieces. A column is whole numbers, float32 numbers, or (places, texts)."""
    yield MARK + (",".join(map(cell, header)) + "\n").encode()
    for first in range(0, rows, _CHUNK):
        chunk = slice(first, min(first + _CHUNK, rows))
        values: list[Any] = [None] * (len(columns) * (chunk.stop - first))
        formats = []
        for place, column in enumerate(columns):
            form, values[place :: len(columns)] = _column(column, chunk)
            formats.append(form)
        lines = (",".join(formats) + "\n") * (chunk.stop - first)  # one format for all: twice as fast as line by line
        yield _no_minus_zero(lines % tuple(values)).encode()


def _column(column: Any, chunk: slice) -> tuple[str, list[Any]]:
    """The format of each value, and the values."""
    if isinstance(column, tuple):
        places, texts = column
        cells = [cell(text) for text in texts]
        return "%s", [cells[place] for place in places[chunk].tolist()]
    values = column[chunk]
    if values.dtype.kind in "iu":
        return "%d", values.tolist()
    if not np.isfinite(values).all():
        text = "%.6f," * len(values) % tuple(values.tolist())
        for not_finite in ("nan", "-inf", "inf"):
            text = text.replace(not_finite, "")
        return "%s", text.split(",")[:-1]
    return "%.6f", values.tolist()
