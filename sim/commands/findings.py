"""What a question about a finished ensemble leaves in its results folder: a CSV and a chart, and the lines that say
so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.stdout import show

if TYPE_CHECKING:
    from sim.views.charts.style import Page
    from sim.views.text.screen import Screen


def tell(text: Callable[[Screen], str], document: Callable[[], Any], as_json: bool) -> None:
    """Print the findings, as text or as one JSON document."""
    if as_json:
        from sim.views.tables.json_report import as_text
        from sim.views.tables.rounding import without_nan

        show(as_text(without_nan(document())))
    else:
        from sim.views.text.screen import Screen

        show(text(Screen.here()))


def leave(
    folder: Path, name: str, csv: bytes, draw: Callable[[], tuple[Page, str]], as_json: bool, more: Sequence[Path] = ()
) -> None:
    """Write ``name.csv`` and ``figures/name.png|svg|txt`` and say where they are. Raises CannotWrite, Busy."""
    from sim.ensemble.folder import write_whole
    from sim.ensemble.lock import hold
    from sim.views.charts.files import write_picture
    from sim.views.charts.style import look
    from sim.views.text.screen import Screen
    from sim.views.text.terminal import files_written

    with hold(folder):
        write_whole(folder / f"{name}.csv", [csv])
        with look():
            page, alt = draw()
        paths = [*more, folder / f"{name}.csv", *write_picture(page, folder / "figures", name, alt)]
    if not as_json:
        show("\n" + files_written(paths, folder, Screen.here()))
