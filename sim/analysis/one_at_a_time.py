"""What each difference between two scenarios does alone, and what all do together, on the same worlds and chance."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim import __version__
from sim.analysis.paired import OutcomeDifferences, changed_share, marked, outcome_differences
from sim.analysis.variants import Draws, endings, play_variants
from sim.errors import InputError
from sim.inputs.scenario import Scenario


@dataclass(frozen=True)
class DifferencePart:
    """One thing, in words, and what it does when it alone is changed in the first scenario."""

    lines: tuple[str, ...]
    what: OutcomeDifferences


@dataclass(frozen=True)
class OneAtATime:
    """``whole`` is b against a; ``beyond`` what is left of each outcome's difference when the parts' are taken off it.

    ``shares`` are those under a and under b.
    """

    a: str
    b: str
    runs: int
    seed: int
    version: str
    shares: Mapping[str, tuple[float, float]]
    whole: OutcomeDifferences
    parts: tuple[DifferencePart, ...]
    beyond: Mapping[str, float]

    @property
    def interplay(self) -> float:
        """How much of the outcomes the sum of the parts gets wrong (:func:`paired.changed_share`)."""
        return float(changed_share(*(self.whole.halves - sum(part.what.halves for part in self.parts))))


def one_at_a_time(
    a: Scenario,
    b: Scenario,
    changes: Sequence[tuple[tuple[str, ...], Scenario]],
    runs: int,
    seed: int,
    on_runs: Callable[[int], None] | None = None,
) -> OneAtATime:
    """Play a, b and a with each change. Raises InputError where the two end in other classes."""
    names, others = ([rule.name for rule in each.case.outcomes] for each in (a, b))
    if names != others:
        raise InputError.at(b.name, "outcomes", ", ".join(others), f"those of {a.name}")
    scenarios = [a, b, *(scenario for _, scenario in changes)]
    first, *played = play_variants(scenarios, Draws(runs, seed), endings, on_runs)
    whole, *each = marked([outcome_differences(first, other, names) for other in played])
    shares = [np.bincount(ends, minlength=len(names)) / len(ends) for ends in (first, played[0])]
    beyond = {
        name: whole.outcomes[name].difference - sum(part.outcomes[name].difference for part in each) for name in names
    }
    return OneAtATime(
        a.name, b.name, runs, seed, __version__,
        {name: (float(shares[0][place]), float(shares[1][place])) for place, name in enumerate(names)},
        whole, tuple(DifferencePart(lines, what) for (lines, _), what in zip(changes, each, strict=True)), beyond,
    )  # fmt: skip
