"""Total shares of variance: the spread that would be left if everything but one group of assumptions were known.

Saltelli's design (2010) on the engine's own streams. Matrix A is the ensemble's worlds as they are; B has every
assumption from a second set of streams; AB_i is A with the streams of group i from the second set. Chance stays the
same throughout. Every world is played twice, f1 and f2 the two plays, and each product takes one factor from either
play, so that chance, which is independent between them, drops out:

    variance due to assumptions   V   = cov(f1, f2)
    first order of group i        S_i = mean of f1(B) (f2(AB_i) - f2(A)) / V
    total of group i              T_i = mean of (f1(A) - f1(AB_i)) (f2(A) - f2(AB_i)) / (2 V)

With f1 = f2 these are Saltelli's and Jansen's estimators, as in SciPy's ``saltelli_2010``.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sim.analysis.world_means import Floats
from sim.ensemble.block import Ends, play_ends
from sim.inputs.scenario import Scenario
from sim.model.assumptions import draw_world
from sim.model.streams import BLOCK_RUNS, RenamedStreams

SECOND = "second/"  # prefix of the names of the second set of streams
STRETCH = 2 * BLOCK_RUNS  # runs played at a time


def second_of(swapped: Callable[[str], bool]) -> Callable[[str], str]:
    """Names of streams, with the prefix where ``swapped(name)``; streams of chance never have it."""
    return lambda name: SECOND + name if swapped(name) else name


def assumption_streams(scenario: Scenario) -> tuple[str, ...]:
    """The name of every stream that a world of this scenario draws from."""
    asked: list[str] = []

    def ask(name: str) -> bool:
        asked.append(name)
        return False

    draw_world(scenario, RenamedStreams(second_of(ask), 0, 2))
    return tuple(dict.fromkeys(asked))


@dataclass(frozen=True)
class Indices:
    """Shares of the variance due to assumptions, shape (groups, quantities); ``variance`` is that variance,
    (quantities,).

    NaN where a quantity's variance may be 0. The standard errors are over worlds.
    """

    groups: tuple[str, ...]
    first: Floats
    first_se: Floats
    total: Floats
    total_se: Floats
    variance: Floats
    worlds: int


Play = Callable[[Callable[[str], bool]], Floats]  # which streams are swapped -> values (2 plays, quantities, worlds)


def indices(groups: Mapping[str, Iterable[str]], play: Play, on_play: Callable[[], None] = lambda: None) -> Indices:
    """First-order and total indices of groups of streams; ``play`` is called once for each group and twice more.

    ``on_play`` is called after each. SciPy requires a power of two worlds for a Sobol design, so their number is cut.
    """
    pages = []
    for swapped in ((), None, *groups.values()):
        names = None if swapped is None else frozenset(swapped)
        pages.append(play(lambda name, names=names: names is None or name in names))  # type: ignore[misc]
        on_play()
    worlds = 1 << (pages[0].shape[-1].bit_length() - 1)
    a, b, *ab = (page[..., :worlds] for page in pages)
    return _estimate(tuple(groups), a, b, np.stack(ab))


def _estimate(groups: tuple[str, ...], a: Floats, b: Floats, ab: Floats) -> Indices:
    """SciPy checks the design and hands it to ``two_plays``; the errors follow from the same terms."""
    from scipy.stats import sobol_indices

    quantities, worlds = a.shape[1:]
    share = (quantities, len(groups))  # SciPy drops axes of length 1
    centre = np.concatenate([a, b], axis=-1).mean(axis=(0, -1))[:, None]
    f_a, f_b = ((page - centre).reshape(2 * quantities, worlds) for page in (a, b))
    f_ab = (ab - centre).reshape(len(groups), 2 * quantities, worlds)
    design = {"f_A": f_a.copy(), "f_B": f_b.copy(), "f_AB": f_ab.copy()}
    found = sobol_indices(func=design, n=worlds, method=two_plays)
    alone, whole = found.first_order.reshape(share).T, found.total_order.reshape(share).T
    variance, first, total = _terms(f_a, f_b, f_ab)
    v = variance.mean(axis=-1)
    told = v > 3 * _se(variance)
    hide = np.where(told, 1.0, np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        first_se = _se(first / v[:, None] - alone[..., None] * variance / v[:, None])
        total_se = _se(total / v[:, None] - whole[..., None] * variance / v[:, None])
    return Indices(groups, alone * hide, first_se * hide, whole * hide, total_se * hide, v, worlds)


def two_plays(f_A: Floats, f_B: Floats, f_AB: Floats) -> tuple[Floats, Floats]:  # noqa: N803, SciPy's names
    """First and total indices, shape (quantities, groups), from centred values whose first half of rows is one play."""
    variance, first, total = _terms(f_A, f_B, f_AB)
    v = variance.mean(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return (first.mean(axis=-1) / v).T, (total.mean(axis=-1) / v).T


def _terms(f_a: Floats, f_b: Floats, f_ab: Floats) -> tuple[Floats, Floats, Floats]:
    """The terms whose means are V, S V, T V: shapes (quantities, worlds), then (groups, quantities, worlds) twice."""
    half = len(f_a) // 2
    (a1, a2), (b1, b2) = (f_a[:half], f_a[half:]), (f_b[:half], f_b[half:])
    ab1, ab2 = f_ab[:, :half], f_ab[:, half:]
    variance = (a1 * a2 + b1 * b2) / 2
    first = (b1 * (ab2 - a2) + b2 * (ab1 - a1)) / 2
    return variance, first, (a1 - ab1) * (a2 - ab2) / 2


def _se(terms: Floats) -> Floats:
    return np.asarray(terms.std(axis=-1) / np.sqrt(terms.shape[-1]))


def player(scenario: Scenario, quantities: Sequence[str], worlds: int, seed: int) -> Play:
    """Plays the model with some streams swapped; quantities are outcomes and measures."""

    def stretches(swapped: Callable[[str], bool]) -> Iterator[Floats]:
        for first in range(0, 2 * worlds, STRETCH):
            ends = play_ends(scenario, seed, first, min(STRETCH, 2 * worlds - first), second_of(swapped))
            yield _read(scenario, ends, quantities)

    return lambda swapped: np.concatenate(list(stretches(swapped)), axis=-1)


def _read(scenario: Scenario, ends: Ends, quantities: Sequence[str]) -> Floats:
    """Values of the quantities at the end, shape (2 plays, quantities, worlds)."""
    places = {rule.name: place for place, rule in enumerate(scenario.case.outcomes)}
    rows = [ends.classes == places[name] if name in places else ends.values[name] for name in quantities]
    values = np.stack(rows).astype(np.float64)
    return np.stack([values[:, 0::2], values[:, 1::2]])
