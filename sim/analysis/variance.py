"""Where the spread comes from: which claims hold, other numbers, both together, chance, and which scenario is played.

The share of all assumptions is the covariance of a world's two plays over the variance over runs. What a group of
assumptions explains alone comes from the same worlds: its members become independent features x_j of mean 0 and
variance 1 (claims that restate one cause are rotated together, a number is replaced by its rank), and with y the mean
of a class in a world, less its mean over worlds,

    linear      sum over features of E[y x_j]^2
    in pairs    sum over pairs of E[y x_i x_j]^2, among the features that explain most linearly

Each square is estimated by the mean of y_k y_l x_kj x_lj over different worlds k and l, so that chance and the many
features of a group explain nothing on average. What assumptions explain beyond claims alone and numbers alone is what
both do together, and whatever is neither linear nor in pairs. Errors are those of U-statistics (Hoeffding 1948).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
import numpy.typing as npt

from sim.analysis.paired import FEW_CHANGED
from sim.analysis.reweight import Holding, holding
from sim.analysis.world_means import FEWEST_WORLDS, Floats, check_enough, plays, quantities, worlds_of
from sim.ensemble.intervals import WORLDS_FOR_SPLIT
from sim.ensemble.result import Ensemble

WORLDS_READ = 20_000  # most worlds read: enough to know the shares to within half a percent
PAIRED = 40  # features of a group whose pairs are examined, those that explain most linearly


@dataclass(frozen=True)
class Part:
    """A share of the variance over runs and its standard error. By noise it may lie outside [0, 1]."""

    share: float
    se: float


@dataclass(frozen=True)
class Sources:
    """Shares of the variance over runs. Claims and numbers are what each explains alone, None with too few worlds."""

    assumptions: Part
    claims: Part | None
    numbers: Part | None

    @property
    def together(self) -> Part | None:
        """What claims and numbers do only together, and whatever of either is neither linear nor in pairs."""
        if self.claims is None or self.numbers is None:
            return None
        parts = (self.assumptions, self.claims, self.numbers)
        share = self.assumptions.share - self.claims.share - self.numbers.share
        return Part(share, float(np.sqrt(sum(part.se**2 for part in parts))))

    @property
    def chance(self) -> Part:
        """What differs between two plays of one world."""
        return Part(1 - self.assumptions.share, self.assumptions.se)


def sources_by_outcome(ensemble: Ensemble) -> dict[str, Sources | None]:
    """Where the spread of each class over runs comes from.

    None where there are too few worlds to say, and for a class in which both plays of fewer than FEW_CHANGED worlds
    ended, or of all but so few: what two plays have in common is read off these.
    """
    if worlds_of(ensemble) < WORLDS_FOR_SPLIT:
        return dict.fromkeys(ensemble.names.outcomes)
    plays, claims, numbers = _read(ensemble)
    both, neither = plays.prod(axis=0).sum(axis=1), (1 - plays).prod(axis=0).sum(axis=1)
    return {
        name: split(plays[:, [place]], claims, numbers) if min(both[place], neither[place]) >= FEW_CHANGED else None
        for place, name in enumerate(ensemble.names.outcomes)
    }


def sources_of_spread(ensemble: Ensemble) -> Sources | None:
    """One split for all classes together, each weighed by its variance. None where every run ended alike, and where
    there are too few worlds to say."""
    if worlds_of(ensemble) < WORLDS_FOR_SPLIT:
        return None
    return split(*_read(ensemble))


def split(plays: Floats, claims: Floats, numbers: Floats) -> Sources | None:
    """The split of the spread of ``plays``, shape (2, classes, worlds), by features of shape (worlds, features).

    None where nothing varies. Claims and numbers are None with fewer than FEWEST_WORLDS worlds.
    """
    if plays.shape[2] == 0:
        return None
    plays = plays - plays.mean(axis=(0, 2), keepdims=True)
    whole = float((plays**2).mean(axis=(0, 2)).sum())
    if whole <= 0:
        return None
    common = (plays[0] * plays[1]).sum(axis=0)
    assumed = Part(float(common.mean()) / whole, float(common.std() / np.sqrt(len(common))) / whole)
    if len(common) < FEWEST_WORLDS:
        return Sources(assumed, None, None)
    y = plays.mean(axis=0).T
    return Sources(assumed, _alone(claims, y, whole), _alone(numbers, y, whole))


def _read(ensemble: Ensemble) -> tuple[Floats, Floats, Floats]:
    """Both plays of every world by class, and the features of claims and of numbers."""
    worlds = min([worlds_of(ensemble), WORLDS_READ, *(len(drawn) for drawn in ensemble.numbers.values())])
    ends = ensemble.classes[-1, : 2 * worlds].reshape(worlds, 2).T
    plays = np.stack([ends == place for place in range(len(ensemble.names.outcomes))], axis=1).astype(np.float64)
    if worlds < FEWEST_WORLDS:
        return plays, np.zeros((worlds, 0)), np.zeros((worlds, 0))
    held = holding(ensemble).part(slice(0, worlds))
    return plays, claim_features(held), number_features(ensemble.numbers, worlds)


def claim_features(worlds: Holding) -> Floats:
    """Independent features of which claims hold, shape (worlds, features); those that never differ are left out."""
    blocks = [worlds.row(claim)[None] for claim in worlds.alone]
    for cause, members in worlds.members.items():
        blocks.append(np.stack([worlds.cause_row(cause), *(worlds.row(claim) for claim in members)]))
    return np.concatenate([_independent(block) for block in blocks] or [np.zeros((worlds.worlds, 0))], axis=1)


def number_features(numbers: Mapping[str, npt.NDArray[np.float32]], worlds: int) -> Floats:
    """The rank of each world among all by each drawn number, shape (worlds, numbers that differ)."""
    varying = [drawn[:worlds] for drawn in numbers.values() if worlds and np.ptp(drawn[:worlds]) > 0]
    if not varying:
        return np.zeros((worlds, 0))
    centred = np.empty((worlds, len(varying)))
    for column, drawn in enumerate(varying):
        centred[np.argsort(drawn, kind="stable"), column] = np.arange(worlds) - (worlds - 1) / 2
    return np.asarray(centred / centred.std(axis=0))


def _independent(rows: npt.NDArray[np.bool_]) -> Floats:
    """Uncorrelated columns of mean 0 and variance 1 with the same information, shape (worlds, columns)."""
    centred = rows.T - rows.mean(axis=1)
    size, turn = np.linalg.eigh(centred.T @ centred / max(len(centred), 1))
    kept = size > 1e-9
    return np.asarray(centred @ turn[:, kept] / np.sqrt(size[kept]))


def _alone(x: Floats, y: Floats, whole: float) -> Part:
    """What features explain linearly and in pairs, summed over the columns of ``y``, as a share of ``whole``."""
    noise = float((np.atleast_2d(np.cov(y.T, ddof=0)) ** 2).sum())  # of the product of two worlds' y
    strongest = np.argsort(-((x.T @ y) ** 2).sum(axis=1), kind="stable")[:PAIRED]
    found = [(_linear(x, y), x.shape[1]), (_pairs(x[:, strongest], y), comb(len(strongest), 2))]
    others = max(len(y) - 1, 1)
    share = sum(float(rows.mean()) / others for rows, _ in found) / whole
    variance = sum(_variance(rows / others, many * noise) for rows, many in found)
    return Part(share, float(np.sqrt(variance)) / whole)


def _linear(x: Floats, y: Floats) -> Floats:
    """y_k y_l x_kj x_lj summed over features, columns and all other worlds l, for each world k."""
    return np.asarray((y * (x @ (x.T @ y))).sum(axis=1) - (y**2).sum(axis=1) * (x**2).sum(axis=1))


def _pairs(x: Floats, y: Floats) -> Floats:
    """The same with the products of two features in place of the features."""
    squares = x**2
    found = -(y**2).sum(axis=1) * (squares.sum(axis=1) ** 2 - (squares**2).sum(axis=1))
    for column in y.T:
        products = (x * column[:, None]).T @ x
        found += column * (((x @ products) * x).sum(axis=1) - squares @ np.diag(products))
    return np.asarray(found / 2)


def _variance(by_world: Floats, of_product: float) -> float:
    """Variance of a mean over pairs of worlds: 4/n of that of a world's own mean, and 2/n^2 of that of a pair."""
    worlds = len(by_world)
    own = max(float(by_world.var()) - of_product / worlds, 0.0)
    return 4 / worlds * own + 2 / worlds**2 * of_product


@dataclass(frozen=True)
class VarianceSplit:
    """Shares of the variance of one quantity over all runs of all scenarios; they add to 1. ``se`` is of ``scenario``.

    ``means`` is the quantity's mean in each scenario. All shares are None where the quantity never differs.
    """

    means: tuple[float, ...]
    scenario: float | None
    se: float | None
    with_assumptions: float | None
    assumptions: float | None
    chance: float | None


@dataclass(frozen=True)
class ScenarioFactor:
    """The split of each quantity over some scenarios, played in the same worlds."""

    scenarios: tuple[str, ...]
    worlds: int
    splits: dict[str, VarianceSplit]


def scenario_as_factor(ensembles: Sequence[Ensemble], asked: str | None = None) -> ScenarioFactor:
    """The split of every quantity that has a meaning in all scenarios. Raises InputError as :func:`quantities`."""
    for ensemble in ensembles:
        check_enough(ensemble)
    shared = [ensemble.meaningful_measures for ensemble in ensembles]
    wanted = [
        name for name in quantities(ensembles[0], asked)
        if name in ensembles[0].names.outcomes or all(name in measures for measures in shared)
    ]  # fmt: skip
    worlds = min(worlds_of(ensemble) for ensemble in ensembles)
    splits = {name: variance_split(np.stack([plays(each, name, worlds) for each in ensembles])) for name in wanted}
    return ScenarioFactor(tuple(ensemble.scenario.name for ensemble in ensembles), worlds, splits)


def variance_split(values: Floats) -> VarianceSplit:
    """The split of a quantity given in every scenario, play and world, shape (scenarios, 2, worlds).

    A world without a value in any of them is left out."""
    values = values[:, :, np.isfinite(values).all(axis=(0, 1))]
    if not values.size:
        return VarianceSplit((float("nan"),) * len(values), None, None, None, None, None)
    means = values.mean(axis=(1, 2))
    whole = float(values.var())
    if whole <= 0:
        return VarianceSplit(tuple(map(float, means)), None, None, None, None, None)
    deviations = values - values.mean(axis=0)
    by_world = (deviations[:, 0] * deviations[:, 1]).mean(axis=0)
    one, two = values.mean(axis=0) - values.mean()
    away = deviations.mean(axis=1) - deviations.mean(axis=(1, 2))[:, None]
    noise = float((away**2).mean()) / values.shape[2]
    alone = float(means.var()) - noise
    slope = (means - means.mean())[:, None] * away * 2
    se = float(np.sqrt(slope.mean(axis=0).var() / values.shape[2]))  # up to 1.4 too wide if ``alone`` is all noise
    mixed, assumed = float(by_world.mean()) - alone, float((one * two).mean())
    shares = (alone / whole, se / whole, mixed / whole, assumed / whole, 1 - (alone + mixed + assumed) / whole)
    return VarianceSplit(tuple(map(float, means)), *shares)
