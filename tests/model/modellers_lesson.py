"""For modellers: `python -m tests.model.modellers_lesson PICTURE.svg` is a rule of one's own in an ordinary Mesa model.

Washington gets a rule: it presses as long as nothing of the arsenal is gone, then it eases. What
follows is what one does with any Mesa model: subclass an agent, run, collect, plot. Runs of a model of one's own are
stepped by Mesa; only the shipped rules are compiled.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from matplotlib.figure import Figure

from sim.inputs.scenario import load_scenario
from sim.model.diplomacy import Diplomacy
from sim.model.states import State


class EyeForEye(State):
    """Eases once a tenth of the arsenal is gone, else presses: the first and the last of its menu."""

    def choose(self) -> None:
        super().choose()  # the model's own choice, and its draws
        gone = 1 - self.model.variables["arsenal"] / self.model.variables["start.arsenal"]
        self.choice = np.where(gone >= 0.1, np.int8(0), np.int8(len(self.menu.options) - 1))


class WithARule(Diplomacy):
    """The shipped model in which Washington follows the rule."""

    state_classes: ClassVar[Mapping[str, type[State]]] = {"US": EyeForEye}


def played(kind: type[Diplomacy], runs: int = 1000) -> Diplomacy:
    model = kind(load_scenario("history"), runs=runs, rng=1)
    model.run_model()
    return model


def main(path: str) -> None:
    figure = Figure(figsize=(7, 3.5))
    axes = figure.subplots(1, 2, sharex=True)
    for kind in (Diplomacy, WithARule):
        collected = played(kind).datacollector.get_model_vars_dataframe()
        for each, name in zip(axes, ("tension", "test-pause"), strict=True):
            each.plot(collected.index, collected[name], label=kind.__name__)
            each.set_title(name)
    axes[0].legend()
    figure.savefig(path, metadata={"Date": None})


if __name__ == "__main__":
    main(sys.argv[1])
