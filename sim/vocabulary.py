"""Names that files agree on by string: those of a run's variables that no YAML file defines.

A case's expressions may use them, the model keeps them up to date, and analyses read them. Each function gives a name,
and says what the variable of that name holds.
"""

from collections.abc import Iterable

OF_A_PAIR = ("deals", "walkouts", "calledoff", "collapses", "accord", "struck")  # counted or recorded for a pair
OF_A_SIDE = ("promised", "received", "refused")  # added up at each meeting, by the state that gives or stays away
OF_THE_FIRST = ("held", "month", "terms", "chance", "deal")  # recorded of a pair's first meeting
OF_THE_LAST = ("terms", "deal")  # recorded of its last
OF_A_LEVER = ("due", "rate", "got")  # what deals still owe of it, how much a month, and what they have given


def tally(what: str, pair: str, giver: str | None = None) -> str:
    """The name of a number counted for a pair, or for a side of it.

    >>> tally("deals", "KU"), tally("promised", "KU", "US")
    ('deals.KU', 'promised.KU.US')
    """
    return f"{what}.{pair}" if giver is None else f"{what}.{pair}.{giver}"


def first(pair: str, what: str) -> str:
    """The name of what is recorded of a pair's first meeting.

    >>> first("KU", "terms")
    'first.KU.terms'
    """
    return f"first.{pair}.{what}"


def last(pair: str, what: str) -> str:
    """The name of what is recorded of a pair's last meeting.

    >>> last("KU", "terms")
    'last.KU.terms'
    """
    return f"last.{pair}.{what}"


def first_promised(pair: str, giver: str) -> str:
    """Worth of what a state promised at a pair's first meeting.

    >>> first_promised("KU", "US")
    'first.KU.promised.US'
    """
    return first(pair, f"promised.{giver}")


def first_signs(pair: str, side: str) -> str:
    """Chance that a state accepts what is on the table at a pair's first meeting.

    >>> first_signs("KU", "US")
    'first.KU.signs.US'
    """
    return first(pair, f"signs.{side}")


def tabled(package: str) -> str:
    """1 where this package is on the table at its pair's first meeting.

    >>> tabled("freeze-for-freeze")
    'tabled.freeze_for_freeze'
    """
    return f"tabled.{package.replace('-', '_')}"


def tallies(pair: str, between: Iterable[str]) -> list[str]:
    """All names of numbers counted or recorded for a pair, all but ``struck`` 0 before its first meeting."""
    names = [tally(what, pair) for what in OF_A_PAIR] + [first(pair, what) for what in OF_THE_FIRST]
    names += [last(pair, what) for what in OF_THE_LAST]
    for state in between:
        names += [*(tally(what, pair, state) for what in OF_A_SIDE), first_promised(pair, state)]
        names.append(first_signs(pair, state))
    return names


def phases(lever: str) -> list[str]:
    """The names of what is due of a lever under standing deals, how much a month, and what has been given of it."""
    return [f"{what}.{lever}" for what in OF_A_LEVER]


def happens(occasion: str) -> str:
    """The name of a variable that is 1 where an event or summit with a condition or chance comes about.

    >>> happens("event.0")
    'happens.event.0'
    """
    return f"happens.{occasion}"


def pinned(variable: str) -> str:
    """1 from the month in which the scenario pins a variable."""
    return f"pinned.{variable}"


def mean(name: str) -> str:
    """A mean over the months of a run."""
    return f"mean.{name}"


def gain(state: str) -> str:
    """How much of the way to all that it wants a state has covered."""
    return f"gain.{state}"


def gained(state: str) -> str:
    """A state's gain, less that in the same world without any summit."""
    return f"gained.{state}"


def better(state: str) -> str:
    """1 where a state is better off than in the same world without any summit."""
    return f"better.{state}"


def start(variable: str) -> str:
    """A variable's level before the first month."""
    return f"start.{variable}"


def leverage(holder: str, target: str) -> str:
    """Leverage of one state over another."""
    return f"leverage.{holder}.{target}"


def gap(state: str, issue: str) -> str:
    """How far an issue is from where a state wants it."""
    return f"gap.{state}.{issue}"


def after(variable: str) -> str:
    """A variable as it would be after a package is carried out."""
    return f"after.{variable}"
