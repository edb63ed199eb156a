"""What each claim moves, measured on many runs: writes the table of claims into sim/MODEL.md.

An effect is what a measure is where the claim holds, less what it is where it fails, with all other claims as drawn:
least squares of the world means on all claims, with standard errors that allow for any variance.

    python .ci/claims_effects.py [RUNS]
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.ensemble.run import run
from sim.inputs.scenario import Scenario, load_scenario

Floats = npt.NDArray[np.float64]
DESCRIPTION = Path(__file__).parent.parent / "sim" / "MODEL.md"
BEGIN, END = "<!-- measured: claims -->\n", "<!-- end of measured -->"
SURE = 5.0  # standard errors
ELSEWHERE = {"fourth-in-line-slight": "xi-fourth", "hawk-hastens-beijing-trip": "xi-trip-in-plan"}


@dataclass(frozen=True)
class Effects:
    """Effect and standard error of every claim (rows) on every measure (columns)."""

    claims: tuple[str, ...]
    measures: tuple[str, ...]
    effect: Floats
    se: Floats

    def of(self, claim: str, measure: str) -> tuple[float, float]:
        place = self.claims.index(claim), self.measures.index(measure)
        return float(self.effect[place]), float(self.se[place])


def played(scenario: Scenario, runs: int, seed: int) -> tuple[Floats, dict[str, Floats]]:
    """Which claims hold in each world, and the mean of every measure over its two plays."""
    ensemble = run(scenario, runs, seed)
    values = {name: ensemble.measure(name) for name in ensemble.names.measures}
    values |= {name: ensemble.ended(name) for name in ensemble.names.outcomes}
    return ensemble.holds.T.astype(np.float64), {name: _by_world(value) for name, value in values.items()}


def _by_world(value: npt.NDArray[np.generic]) -> Floats:
    """The mean of two plays, of the one to which the measure applies, or NaN."""
    plays = value.astype(np.float64).reshape(-1, 2)
    there = ~np.isnan(plays)
    counted = there.sum(axis=1)
    return np.where(counted > 0, np.where(there, plays, 0).sum(axis=1) / np.maximum(counted, 1), np.nan)


def effects(scenario: Scenario, runs: int, seed: int = 2018) -> Effects:
    """Fits together all measures that count in the same worlds: they share the claims' matrix."""
    holds, measures = played(scenario, runs, seed)
    moving = {name: value for name, value in measures.items() if np.nanstd(value) > 1e-9}
    values = np.stack(list(moving.values()), axis=1)
    counted = ~np.isnan(values)
    effect = np.empty((holds.shape[1], len(moving)))
    se = np.empty_like(effect)
    for worlds in np.unique(counted, axis=1).T:
        alike = (counted == worlds[:, None]).all(axis=0)
        effect[:, alike], se[:, alike] = _fit(holds[worlds], values[worlds][:, alike])
    return Effects(tuple(scenario.ledger.claims), tuple(moving), effect, se)


def _fit(holds: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Least squares of each column; White's standard errors: the diagonal of B diag(e^2) B' with B = (X'X)^-1 X'."""
    x = np.column_stack([np.ones(len(holds)), holds])
    least = np.linalg.pinv(x.T @ x) @ x.T
    fitted = least @ values
    spread = least**2 @ (values - x @ fitted) ** 2
    return fitted[1:], np.sqrt(np.maximum(spread[1:], 1e-30))


def is_leverage(name: str) -> bool:
    """Whether a measure is leverage of a pair, or made of it: the terms, and what is read off leverage alone."""
    return "_over_" in name or name.endswith((".terms", "_terms")) or name == "pax"


def rows(found: Mapping[str, Effects], scenario: Scenario) -> list[str]:
    """One row a claim: paragraph, mechanism, observable and its effect, and the largest effect elsewhere."""
    lines = []
    for name, claim in scenario.ledger.claims.items():
        of = found[ELSEWHERE.get(name, "history")]
        row = of.claims.index(name)
        effect, se = of.of(name, claim.observable)
        others = [place for place, measure in enumerate(of.measures) if not is_leverage(measure)]
        best = max(others, key=lambda place: abs(of.effect[row, place]) / of.se[row, place])
        sure = abs(of.effect[row, best]) > SURE * of.se[row, best]
        places = "; ".join(f"{place.document} p{place.paragraph}" for place in claim.places)
        elsewhere = (
            f"`{of.measures[best]}` {of.effect[row, best]:+.4f} ({abs(of.effect[row, best]) / of.se[row, best]:.0f} se)"
        )
        where = f" (in {ELSEWHERE[name]})" if name in ELSEWHERE else ""
        observable = "colour" if claim.colour else f"`{claim.observable}`{where} {effect:+.4f} ± {se:.4f}"
        lines.append(
            f"| {name} | {places} | {claim.mechanism} | {observable} | {elsewhere}{'' if sure else ', not sure'} |"
        )
    return lines


def written(runs: int) -> str:
    """The table with what it comes to in a sentence."""
    scenarios = {name: load_scenario(name) for name in ("history", *ELSEWHERE.values())}
    found = {name: effects(each, runs) for name, each in scenarios.items()}
    history = scenarios["history"]
    lines = rows(found, history)
    ledger = history.ledger.claims
    weak = [line.split(" |")[0].lstrip("| ") for line in lines if line.endswith("not sure |")]
    missed = []
    for name, claim in ledger.items():
        effect, se = found[ELSEWHERE.get(name, "history")].of(name, claim.observable)
        if not claim.colour and abs(effect) < SURE * se:
            missed.append(name)
    colour = [name for name, claim in ledger.items() if claim.colour]
    endings = {rule.name for rule in history.case.outcomes}
    of = found["history"]
    columns = [place for place, name in enumerate(of.measures) if name in endings]
    moved = (np.abs(of.effect[:, columns]) > SURE * of.se[:, columns]).any(axis=1)
    head = (
        f"Of the {len(ledger)} claims {len(ledger) - len(colour) - len(missed)} move the observable that their "
        f"paragraph names by {SURE:g} standard errors or more at {runs:,} runs; {', '.join(colour)} are colour by "
        f"their cards; of the others {', '.join(missed) or 'none'} moves it by less. "
        f"{len(ledger) - len(weak)} move something that is neither leverage nor made of it; these do not: "
        f"{', '.join(weak) or 'none'}. {int(moved.sum())} move the probability of some ending of `history`.\n\n"
        "| claim | paragraphs | mechanism | observable, effect ± se | largest effect that is no leverage |\n"
        "| --- | --- | --- | --- | --- |\n"
    )
    return head + "\n".join(lines) + "\n"


def main() -> None:
    text = DESCRIPTION.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 102_400
    DESCRIPTION.write_text(before + BEGIN + written(runs) + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
