"""From leverage to a deal: what an ensemble says about the first summit of one pair, and who gained by the summits."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from sim.ensemble.intervals import Mean, measure_means
from sim.ensemble.result import Ensemble
from sim.inputs.case import Pair
from sim.inputs.expressions import Name
from sim.inputs.scenario import Scenario
from sim.vocabulary import first, first_signs, tabled, tally


@dataclass(frozen=True)
class Chain:
    """One pair's first summit: ``leverage`` each way in its planned month, and the case's measures of what followed.

    ``measures`` maps each quantity (held, terms, chance, deal, promised, received) to the name of its measure,
    ``signs`` each side and ``tabled`` each package; quantities that a case does not measure are absent. ``promised``
    and ``received`` are those of the side that is not ``between[0]``.
    """

    pair: Pair
    month: int
    leverage: tuple[float, float]  # of between[0] over between[1], and the other way round
    measures: Mapping[str, str]
    signs: Mapping[str, str]  # chance that a side accepts what is on the table
    tabled: Mapping[str, str]  # share of the meetings in which a package is on the table

    def quantities(self, means: Mapping[str, Mean]) -> dict[str, float]:
        """The means of ``measures``, and as `kept` the share of what was promised that was given and stayed; those
        that mean nothing here are left out.
        """
        at = {what: means[name].mean for what, name in self.measures.items() if isfinite(means[name].mean)}
        if at.get("promised", 0) > 0 and "received" in at:
            at["kept"] = at["received"] / at["promised"]
        return at


def chain(ensemble: Ensemble) -> Chain | None:
    """The chain of the pair that the case shows first; None where the scenario plans no summit."""
    scenario = ensemble.scenario
    pair = chain_pair(scenario)
    if pair is None:
        return None
    month = min(each.month for each in scenario.summits if each.pair == pair.id)
    one, two = pair.between
    leverage = tuple(
        float(ensemble.leverage_mean(dyad)[month]) if dyad in ensemble.names.dyads else 0.0
        for dyad in ((one, two), (two, one))
    )
    measures = chain_measures(scenario, pair)
    return Chain(
        pair, month, (leverage[0], leverage[1]), measures, chain_signs(scenario, pair), chain_tabled(scenario, pair)
    )


def chain_pair(scenario: Scenario) -> Pair | None:
    """The pair with a shown measure of its first summit; without one, the first pair that is planned to meet."""
    planned = [each.pair for each in scenario.summits if each.month <= scenario.months]
    shown = {each.value.name for each in scenario.case.measures.values() if each.shown and isinstance(each.value, Name)}
    measured = [pair for pair in planned if shown & {first(pair, "terms"), first(pair, "chance")}]
    return scenario.case.pairs[[*measured, *planned][0]] if planned else None


def chain_measures(scenario: Scenario, pair: Pair) -> dict[str, str]:
    """The names of the case's measures of a pair's first summit and deals, by quantity."""
    giver = pair.between[1]
    wanted = {what: first(pair.id, what) for what in ("held", "terms", "chance", "deal")}
    return _measured(scenario, wanted | {what: tally(what, pair.id, giver) for what in ("promised", "received")})


def chain_signs(scenario: Scenario, pair: Pair) -> dict[str, str]:
    """The measure of each side's own chance to accept what is on the table, by side."""
    return _measured(scenario, {side: first_signs(pair.id, side) for side in pair.between})


def chain_tabled(scenario: Scenario, pair: Pair) -> dict[str, str]:
    """The measure of how often each package is on the table, by package."""
    packages = scenario.case.packages.values()
    return _measured(scenario, {each.name: tabled(each.name) for each in packages if each.pair == pair.id})


def _measured(scenario: Scenario, wanted: Mapping[str, str]) -> dict[str, str]:
    """The case's measure of each quantity, where one measures just this quantity."""
    known = {each.value.name: name for name, each in scenario.case.measures.items() if isinstance(each.value, Name)}
    return {what: known[name] for what, name in wanted.items() if name in known}


@dataclass(frozen=True)
class Gain:
    """What the summits brought a state: its gain, and the share of runs in which it is better off than without any."""

    state: str
    gained: Mean
    better: Mean


def gains(ensemble: Ensemble) -> list[Gain]:
    """Each state compared with itself in the same worlds without any summit; empty where that was not played, or where
    no summit can come within the months.
    """
    if not any(each.opens <= ensemble.months for each in ensemble.scenario.summits):
        return []
    found = measure_means(ensemble)
    every = [
        Gain(state, found[f"gained.{state}"], found[f"better.{state}"])
        for state in ensemble.scenario.case.states
        if f"gained.{state}" in found
    ]
    return [each for each in every if isfinite(each.gained.mean)]
