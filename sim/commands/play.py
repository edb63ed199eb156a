"""``summitry play SCENARIO --as STATE``"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands.options import WholeNumber
from sim.commands.output import finish_output, show
from sim.commands.question import Asked, question
from sim.defaults import DEFAULT_WORLDS
from sim.errors import Fault, InputError, Place
from sim.inputs.case import Case
from sim.inputs.schema_faults import unknown

if TYPE_CHECKING:
    from sim.play.session import Session


@question("play", "[SCENARIO]", "seed set months out")
@click.option(
    "--as", "seats", metavar="STATE[,STATE]", help="The state that you hold; several take turns at one screen."
)
@click.option(
    "--load", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Go on with a saved game."
)
@click.option(
    "--worlds", type=WholeNumber(2, 100_000), default=DEFAULT_WORLDS, show_default=True, metavar="N",
    help="Fresh worlds behind every forecast: fewer are quicker and less sure.",
)  # fmt: skip
def command(asked: Asked, seats: str | None, load: Path | None, worlds: int) -> None:
    """Take a seat: play a state month by month, with a forecast before every move, and see the debrief.

    The game is kept after every decision in OUT/play/, with a transcript; --load goes on with it. Type help at the
    table.
    """
    if load is not None and (asked.scenarios or seats is not None):
        raise click.UsageError("--load FILE goes on with a saved game: give no SCENARIO and no --as")
    if load is not None:
        from sim.play.session import Session

        _sit(Session.load(load, asked.screen, _show))
    elif asked.scenarios and seats:
        _sit(_new(asked, seats, worlds))
    else:
        raise click.UsageError("give a SCENARIO and --as STATE, or --load FILE")


def _new(asked: Asked, seats: str, worlds: int) -> Session:
    from sim.play.save import new_game
    from sim.play.session import GAME_FILE, new_folder, started

    loaded = asked.load_first()
    taken = _seats(seats, loaded.case)
    folder = new_folder(asked.out, loaded, taken)
    saved = new_game(loaded, asked.scenarios[0], asked.case, asked.last_month, asked.seed, taken, worlds)
    return started(saved, loaded, folder / GAME_FILE, asked.screen, _show)


def _sit(session: Session) -> None:
    try:
        session.run()
    except KeyboardInterrupt:
        raise KeyboardInterrupt(f"\nstopped: the game is kept; to go on: summitry play --load {session.path}") from None


def _show(text: str) -> None:
    show(text, end="")
    finish_output()  # a player who cannot see the question is not asked


def _seats(text: str, case: Case) -> list[str]:
    """The states of `A` or `North Korea,Trump`. Raises InputError."""
    from sim.play.text import named

    known = list(case.menus)
    seats = [named(word, case) or word.strip() for word in text.split(",")]
    place = Place("--as", 0, 0)
    if faults := [Fault(place, "state", seat, unknown(seat, known, "one of")) for seat in seats if seat not in known]:
        raise InputError(faults)
    if len(set(seats)) < len(seats):
        raise InputError.at("--as", "state", text, "each state once")
    return seats
