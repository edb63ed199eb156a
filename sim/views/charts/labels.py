"""Words and numbers that the charts share: dates, probabilities, names, the lines below a picture."""

from collections.abc import Sequence

from sim.ensemble.intervals import Probability
from sim.ensemble.result import Ensemble
from sim.errors import SENTENCE_LIMIT, clean_text
from sim.inputs.case import Case, Pair
from sim.inputs.ledger import Claim
from sim.inputs.scenario import Scenario
from sim.views import wording
from sim.views.wording import NOT_A_FORECAST, capital, listed, not_verified, share_of_runs

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")  # in no reader's locale
NAME_LIMIT, SAYS_LIMIT, SCENARIO_LIMIT = 40, 120, 90


def name(text: str, limit: int = NAME_LIMIT) -> str:
    """A label of the case, cleaned and cut for use in a sentence."""
    return clean_text(text, limit)


def bare(text: str) -> str:
    """A state's or an outcome's name without its article, for a label."""
    return next((text[len(word) :] for word in ("the ", "a ", "an ") if text.startswith(word)), text)


def state_name(case: Case, state: str) -> str:
    """A state's name in a sentence of a chart."""
    return name(case.states[state].label)


def pair_name(case: Case, pair: Pair) -> str:
    """Both sides, as a label."""
    return " – ".join(bare(state_name(case, state)) for state in pair.between)


def month_name(scenario: Scenario, month: int) -> str:
    """The month in words, such as `Jun 2018`."""
    year, first = scenario.first_month
    at = first - 1 + month
    return f"{MONTHS[at % 12]} {year + at // 12}"


def claim_sentence(claim: Claim) -> str:
    """A claim as a sentence, for readers who do not know its short name."""
    return clean_text(claim.claim, SENTENCE_LIMIT)


def measure_of(case: Case, quantity: str) -> str | None:
    """The measure of a case that is this quantity and nothing else, such as `first.KU.terms`."""
    return next((each.name for each in case.measures.values() if each.value.text == quantity), None)


def outcome_names(ensemble: Ensemble) -> dict[str, str]:
    """Label of each class, by its name, in the classes' own order."""
    return {outcome.name: name(outcome.label) for outcome in ensemble.scenario.case.outcomes}


def per_hundred(share: float) -> str:
    """A share as a number of 100: whole from 10 on, one decimal below, more where it would read 0."""
    value = 100 * share
    if 9.95 <= value <= 99 or value == 100 or value == 0:
        return f"{value:.0f}"
    return f"{value:.1f}" if 0.05 <= value <= 99.95 else f"{value:.2g}" if value < 1 else f"{value:.2f}"


def chance(found: Probability) -> str:
    """A probability as a number of 100; where it never (always) happened, "below" ("above") the end of its interval."""
    if found.count in (0, found.runs):
        return share_of_runs(found).removesuffix("%")
    return per_hundred(found.probability)


def interval(found: Probability) -> str:
    """The ends of the 95% interval, to a tenth (a hundredth where that would read 0.0)."""
    return wording.interval(found).removesuffix("%")


def overlap(one: Probability, two: Probability) -> bool:
    """Whether two intervals have a value in common."""
    return one.low <= two.high and two.low <= one.high


def likeliest(found: dict[str, Probability]) -> list[str]:
    """Names of the classes, the likeliest first; ties in their own order."""
    return sorted(found, key=lambda outcome: -found[outcome].count)


def notes(ensembles: Sequence[Ensemble]) -> list[str]:
    """The lines below a picture: that it is no forecast, and what it was made from."""
    first = ensembles[0]
    same = all((each.runs, each.seed) == (first.runs, first.seed) for each in ensembles)
    size = _size(first) if same else "; ".join(f"{name(each.scenario.name)}: {_size(each)}" for each in ensembles[:4])
    titles = dict.fromkeys(_scenario(each.scenario) for each in ensembles)
    made = f"{'Scenario' if len(titles) == 1 else 'Scenarios'} {listed(list(titles)[:4])}. "
    unverified = dict.fromkeys(filter(None, (not_verified(each.scenario.ledger) for each in ensembles)))
    return [NOT_A_FORECAST, f"{made}{capital(size)}. Summitry {first.version}.", *unverified]


def _scenario(scenario: Scenario) -> str:
    return f"{name(scenario.name)} ({name(scenario.title, SCENARIO_LIMIT)})"


def _size(ensemble: Ensemble) -> str:
    worlds = (ensemble.runs + 1) // 2
    return f"{ensemble.runs:,} runs: {worlds:,} worlds, each played twice; seed {ensemble.seed}"
