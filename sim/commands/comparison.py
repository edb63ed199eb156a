"""The files that a comparison leaves in DIR/compare/."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands.at_hand import AtHand
from sim.errors import Fault, InputError, Place
from sim.inputs.scenario import Scenario

if TYPE_CHECKING:
    from sim.analysis.compare import Comparison


def check_names(scenarios: Sequence[Scenario]) -> None:
    """Raises InputError where two have the same name: they would share a folder."""
    names = [scenario.name for scenario in scenarios]
    for place, name in enumerate(names):
        if name in names[:place]:
            raise InputError([Fault(Place("compare", 0, 0), "SCENARIO", f"{name} twice", "each name once")])


def write_files(found: Sequence[Comparison], hands: Sequence[AtHand], folder: Path) -> str:
    """Write the tables and a picture for each comparison; says what was written. Raises CannotWrite, Busy."""
    from sim.ensemble.folder import WholeFiles
    from sim.ensemble.lock import hold
    from sim.views.charts.compare import draw_comparison
    from sim.views.charts.files import write_picture
    from sim.views.charts.style import look
    from sim.views.tables.compare import compare_csv, flips_csv
    from sim.views.text.screen import Screen
    from sim.views.text.terminal import files_written

    with hold(folder):
        with WholeFiles(folder) as files:
            files.write("compare.csv", [compare_csv(found, hands[0].ensemble.scenario)])
            files.write("flips.csv", [flips_csv(found)])
        paths = [folder / "compare.csv", folder / "flips.csv"]
        for one, hand in zip(found, hands[1:], strict=True):
            with look():
                page, alt = draw_comparison(one, hands[0].ensemble, hand.ensemble)
            paths += write_picture(page, folder / "figures", f"{one.b}-against-{one.a}", alt)
    return files_written(paths, folder, Screen.here())
