"""Which assumptions matter: the share of the variance of every outcome and measure that each explains alone.

Everything is read from the worlds of one ensemble: every claim (holds or fails), every shared cause, and every number
as it was drawn. The worlds are cut into bins of equal count by the number (a claim gives two). With n_b worlds in bin
b, m_b their mean, m the mean of all, B bins, n worlds and s2 the variance within bins,

    explained = ( sum n_b (m_b - m)^2 - (B - 1) s2 ) / n

The term with s2 is what bins of pure noise would show (the bias that ANOVA's F test removes). The sum over s2 is
noncentral chi-square with B - 1 degrees of freedom, whence se = s2/n sqrt(2 (B - 1) + 4 n explained/s2).

Shares are of the variance due to assumptions; times ``assumptions`` they are of all variance, whose rest is chance.
Interactions are what the shares leave of 1. Total shares, the spread that would be left if everything but one group of
assumptions were known, need further runs in Saltelli's design (2010) on the engine's own streams. Matrix A is the
ensemble's worlds as they are; B has every assumption from a second set of streams; AB_i is A with the streams of group
i from the second set. Chance stays the same throughout. Every world is played twice, f1 and f2 the two plays, and each
product takes one factor from either play, so that chance, which is independent between them, drops out:

    variance due to assumptions   V   = cov(f1, f2)
    first order of group i        S_i = mean of f1(B) (f2(AB_i) - f2(A)) / V
    total of group i              T_i = mean of (f1(A) - f1(AB_i)) (f2(A) - f2(AB_i)) / (2 V)

With f1 = f2 these are Saltelli's and Jansen's estimators, as in SciPy's ``saltelli_2010``.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
import numpy.typing as npt

from sim.analysis.paired import FEW_CHANGED, LEVEL, holm
from sim.analysis.world_means import Bools, Floats, assumed_variance, check_enough, plays, quantities, worlds_of
from sim.ensemble.block import play_ends
from sim.ensemble.result import Ensemble
from sim.inputs.scenario import Scenario
from sim.model.assumptions import draw_world
from sim.model.streams import BLOCK_RUNS, RenamedStreams

BINS = 20  # with so many, a linear effect loses 1/400 of its share
FEWEST = 20  # worlds in a bin
SECOND = "second/"  # prefix of the names of the second set of streams
STRETCH = 2 * BLOCK_RUNS  # runs played at a time
KINDS: Mapping[str, str] = {
    "claim": "claims", "cause": "shared causes", "parameter": "parameters", "ideal": "ideal points",
    "salience": "saliences", "mechanism": "scales of mechanisms", "start": "start levels",
    "weight": "weights of claims",
}  # fmt: skip
"""The kinds of factors in words, by the part of a factor's name before the stroke."""


@dataclass(frozen=True)
class Explained:
    """Variance of each quantity that each factor explains alone, in the quantity's units squared; shape (factors,
    quantities).

    It may be below 0 by noise. ``p`` is the chance of this much or more if the factor does nothing.
    """

    variance: Floats
    se: Floats
    p: Floats


def equal_bins(numbers: npt.NDArray[np.floating], bins: int = BINS) -> npt.NDArray[np.int64]:
    """The bin of each world, shape (worlds,): from 0 for the lowest numbers, with equal numbers of worlds."""
    bins = max(2, min(bins, len(numbers) // FEWEST))
    places = np.empty(len(numbers), dtype=np.int64)
    places[np.argsort(numbers, kind="stable")] = np.arange(len(numbers)) * bins // max(len(numbers), 1)
    return places


def explained_alone(bins: Sequence[npt.NDArray[np.integer]], values: Floats) -> Explained:
    """What each factor explains of each quantity; ``bins`` has an array (worlds,) a factor, ``values`` is (quantities,
    worlds), NaN where a world has no value.

    A factor that never differs explains 0 with standard error 0.
    """
    there = np.isfinite(values)
    if not there.all():
        parts = [
            explained_alone([places[some] for places in bins], row[None, some])
            for row, some in zip(values, there, strict=True)
        ]
        return Explained(*(np.hstack([getattr(part, name) for part in parts]) for name in ("variance", "se", "p")))
    if not values.shape[1]:
        nothing = np.zeros((len(bins), len(values)))
        return Explained(nothing, nothing, nothing + 1)
    rows = [_one(np.asarray(places), values - values.mean(axis=1, keepdims=True)) for places in bins]
    variance, se, p = (np.array([row[part] for row in rows]).reshape(len(bins), len(values)) for part in range(3))
    return Explained(variance, se, p)


def _one(places: npt.NDArray[np.integer], centred: Floats) -> tuple[Floats, Floats, Floats]:
    quantities, worlds = centred.shape
    sizes = np.bincount(places)
    places, sizes = np.cumsum(sizes > 0)[places] - 1, sizes[sizes > 0]
    free, left = len(sizes) - 1, worlds - len(sizes)
    if free < 1 or left < 1:
        return np.zeros(quantities), np.zeros(quantities), np.ones(quantities)
    sums = np.stack([np.bincount(places, weights=row, minlength=len(sizes)) for row in centred])
    between = (sums**2 / sizes).sum(axis=1)
    within = np.maximum((centred**2).sum(axis=1) - between, 0) / left
    variance = (between - free * within) / worlds
    with np.errstate(divide="ignore", invalid="ignore"):
        signal = np.nan_to_num(worlds * np.maximum(variance, 0) / within, nan=0.0, posinf=0.0)  # n explained/s2
    se = within / worlds * np.sqrt(2 * free + 4 * signal)
    return variance, se, np.array([_tail(float(b), float(w), free) for b, w in zip(between, within, strict=True)])


def _tail(between: float, within: float, free: int) -> float:
    """P(chi-square with ``free`` degrees >= between/within), by the cube root of Wilson and Hilferty (1931)."""
    if within <= 0:
        return 0.0 if between > 0 else 1.0
    slack = 2 / (9 * free)
    return 0.5 * erfc(((between / within / free) ** (1 / 3) - (1 - slack)) / sqrt(2 * slack))


@dataclass(frozen=True)
class Sensitivity:
    """``share[f, q]``: part of quantity q's variance due to assumptions that factor f explains alone; NaN where there
    is none.

    ``p`` is Holm's over all factors and quantities. ``assumptions`` is the part of all variance that is due to
    assumptions, None where it may be 0.
    """

    scenario: str
    worlds: int
    seed: int
    factors: tuple[str, ...]  # kind/name
    quantities: tuple[str, ...]
    share: Floats
    se: Floats
    p: Floats
    assumptions: tuple[float | None, ...]

    def kind(self, factor: int) -> str:
        return self.factors[factor].partition("/")[0]

    def stands_out(self, factor: int, quantity: int) -> bool:
        return bool(self.p[factor, quantity] < LEVEL)

    def ranked(self, quantity: int) -> list[int]:
        """Factors that stand out, the largest share first."""
        found = [place for place in range(len(self.factors)) if self.stands_out(place, quantity)]
        return sorted(found, key=lambda place: -self.share[place, quantity])

    def of_kind(self, kind: str, quantity: int) -> tuple[float, float]:
        """The shares of one kind of factor added up, with the standard error (errors taken as independent)."""
        rows = [place for place in range(len(self.factors)) if self.kind(place) == kind]
        return float(self.share[rows, quantity].sum()), float(np.sqrt((self.se[rows, quantity] ** 2).sum()))


def sensitivity(ensemble: Ensemble, asked: str | None = None) -> Sensitivity:
    """First-order shares of every factor. Raises InputError for an unknown quantity or too few worlds."""
    check_enough(ensemble)
    wanted = quantities(ensemble, asked)
    worlds = worlds_with_numbers(ensemble)
    bins = factor_bins(ensemble, worlds)
    both = [plays(ensemble, name, worlds) for name in wanted]
    variances = [assumed_variance(two) for two in both]
    explained = explained_alone(list(bins.values()), np.stack([two.mean(axis=0) for two in both]))
    assumed = np.array([np.nan if part is None else part for part, _ in variances])
    return Sensitivity(
        ensemble.scenario.name, worlds, ensemble.seed, tuple(bins), wanted,
        explained.variance / assumed, explained.se / assumed, holm(explained.p.ravel()).reshape(explained.p.shape),
        tuple(None if part is None else min(part / whole, 1.0) for part, whole in variances),
    )  # fmt: skip


def worlds_with_numbers(ensemble: Ensemble) -> int:
    """Worlds with two plays whose drawn numbers were kept."""
    return min([worlds_of(ensemble), *(len(drawn) for drawn in ensemble.numbers.values())])


def held(ensemble: Ensemble, worlds: int) -> dict[str, Bools]:
    """Whether each claim and each shared cause holds in each world, by kind/name."""
    known = ("claim", ensemble.names.claims, ensemble.holds), ("cause", ensemble.names.causes, ensemble.caused)
    return {
        f"{kind}/{name}": row[:worlds] for kind, names, rows in known for name, row in zip(names, rows, strict=True)
    }


def factor_bins(ensemble: Ensemble, worlds: int) -> dict[str, npt.NDArray[np.integer]]:
    """The bin of each world for every factor that differs between worlds, by kind/name."""
    found: dict[str, npt.NDArray[np.integer]] = {
        name: row.astype(np.int64) for name, row in held(ensemble, worlds).items() if 0 < row.sum() < worlds
    }
    return found | {name: equal_bins(drawn[:worlds]) for name, drawn in ensemble.numbers.items()}


def stream_groups(streams: tuple[str, ...], single: tuple[str, ...] = ()) -> dict[str, tuple[str, ...]]:
    """The streams of a world by kind (a shared cause counts as claims), then single ones, for Sobol's design."""
    kinds: dict[str, list[str]] = {}
    for stream in streams:
        kind = stream.partition("/")[0]
        kinds.setdefault(KINDS["claim" if kind == "group" else kind], []).append(stream)
    groups = {kind: tuple(names) for kind, names in kinds.items()}
    return groups | {name: (name.replace("cause/", "group/", 1),) for name in single}


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

    NaN where a quantity's variance may be 0, and where the group makes a difference in fewer than FEW_CHANGED worlds
    (for a total, in both plays of a world). The standard errors are over worlds.
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
    above_noise = v > 3 * _se(variance)
    one, two = (
        np.where(above_noise & (np.count_nonzero(terms, axis=-1) >= FEW_CHANGED), 1.0, np.nan)
        for terms in (first, total)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        first_se = _se(first / v[:, None] - alone[..., None] * variance / v[:, None])
        total_se = _se(total / v[:, None] - whole[..., None] * variance / v[:, None])
    return Indices(groups, alone * one, first_se * one, whole * two, total_se * two, v, worlds)


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
    places = {rule.name: place for place, rule in enumerate(scenario.case.outcomes)}

    def play(swapped: Callable[[str], bool]) -> Floats:
        stretches = []
        for first in range(0, 2 * worlds, STRETCH):
            ends = play_ends(scenario, seed, first, min(STRETCH, 2 * worlds - first), second_of(swapped))
            rows = [ends.classes == places[name] if name in places else ends.values[name] for name in quantities]
            stretches.append(np.stack(rows).astype(np.float64))
        values = np.concatenate(stretches, axis=-1)
        return np.stack([values[:, 0::2], values[:, 1::2]])

    return play
