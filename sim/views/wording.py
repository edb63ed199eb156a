"""Findings in words: percentages, intervals, and the sentences under every table."""

import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from math import ceil, floor, isnan, log10

from sim.analysis.paired import Difference
from sim.analysis.variance import Part, Sources
from sim.ensemble.intervals import Z95, Mean, Probability, runs_to_halve
from sim.errors import SENTENCE_LIMIT, clean_text
from sim.inputs.case import Case
from sim.inputs.case_rules import Outcome
from sim.inputs.ledger import Ledger

ONE_CODING = "one coding; a second is invited"
PICKED = "What stands out is picked for its size, so with few runs it is overstated."
NOT_A_FORECAST = (
    "Not a forecast: these percentages describe this model under the listed assumptions; "
    "the ± is simulation noise only."
)
TURNED_OFF = "turned off: it fails in every world, with what that implies, which is not the same as having no opinion"


def percent(share: float, digits: int = 1) -> str:
    """A share of 1 as `31.2%`; more digits where it is small, so that what happened never reads as 0%."""
    if 0 < share < 0.5 * 10 ** (-2 - digits):
        return f"{_two_figures(100 * share, round)}%"
    return f"{100 * share:.{digits}f}%"


def number(value: float, digits: int = 2) -> str:
    """`1.30` or `−1.30`, with a minus sign and no hyphen."""
    return f"{value:.{digits}f}".replace("-", "−")


def signed(value: float, digits: int = 1) -> str:
    """`+1.3` or `−1.3`."""
    return f"{value:+z.{digits}f}".replace("-", "−")


def with_bound(share: str) -> str:
    """A share in words, shortened for a table's cell: `below 0.1%` as `<0.1%`.

    >>> with_bound("below 0.1%"), with_bound("37.5%")
    ('<0.1%', '37.5%')
    """
    return share.replace("below ", "<").replace("above ", ">")


def plus_minus(value: float, half: float, digits: int = 1) -> str:
    """`+1.3 ±0.4`; in words where so few worlds differ that no interval can be trusted (NaN)."""
    return f"{signed(value, digits)} ±{half:.{digits}f}" if half == half else "too few differ"


def in_points(one: Difference) -> str:
    """The difference of a share, in points of 100 runs: `+8.4 ±0.6`."""
    return plus_minus(100 * one.difference, 100 * one.half)


def how_many(share: float) -> str:
    """A share of the runs: `no run`, `every run` or a percentage."""
    return "no run" if share == 0 else "every run" if share == 1 else percent(share)


def counted(number: int, word: str) -> str:
    """`1 run`, `2 runs`, `10,000 runs`.

    >>> counted(1, "run"), counted(10_000, "run")
    ('1 run', '10,000 runs')
    """
    return f"{number:,} {word}" + ("" if number == 1 else "s")


def runs_in_worlds(runs: int) -> str:
    """`200 runs in 100 worlds`: every world is played twice, but for the last where their number is odd."""
    return f"{counted(runs, 'run')} in {counted((runs + 1) // 2, 'world')}"


def not_verified(ledger: Ledger) -> str:
    """A sentence on citations that were never compared with their text; empty where all were."""
    if not (missing := sum(place.sha256 is None for place in ledger.places)):
        return ""
    return f"Citations not verified: {missing} of {len(ledger.places)} have no hash of their paragraph."


def credence(value: float) -> str:
    """A credence in two decimals, in three where the third is not 0: the mean of two codings often ends in 5."""
    return f"{value:.3f}".removesuffix("0")


def credence_percent(value: float) -> str:
    """The same as a percentage: `52.5%`, `85%`."""
    return f"{100 * value:.1f}".removesuffix(".0") + "%"


def share_of_runs(found: Probability) -> str:
    """The share of runs in a class. No hit is `below` the upper end of the interval, never 0%."""
    if isnan(found.low):
        return f"{found.count} of {found.runs}"
    if found.count == 0:
        return f"below {_two_figures(100 * found.high, ceil)}%"
    if found.count == found.runs:
        return f"above {100 - float(_two_figures(100 * (1 - found.low), ceil)):.12g}%"
    return percent(found.probability)


def _two_figures(value: float, rounding: Callable[[float], int]) -> str:
    """Two significant figures, rounded the given way."""
    step = 10.0 ** (floor(log10(value)) - 1)
    return f"{rounding(value / step - 1e-9) * step:.10f}".rstrip("0").rstrip(".")


def interval(found: Probability) -> str:
    """The 95% interval as `2.9 to 3.7%`."""
    if isnan(found.low):
        return "too few worlds"
    digits = 1 if found.high >= 0.001 else 2
    return f"{100 * found.low:.{digits}f} to {100 * found.high:.{digits}f}%"


def shortened(text: str, limit: int) -> str:
    """The first whole words of a sentence, cleaned of what a terminal would obey.

    >>> shortened("Xi will urge caution on Kim", 20)
    'Xi will urge…'
    """
    return textwrap.shorten(clean_text(text, SENTENCE_LIMIT), limit, placeholder="…")


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def capital(text: str) -> str:
    """Text with a capital first letter."""
    return text[:1].upper() + text[1:]


def state_name(case: Case, state: str) -> str:
    """A state's name in a sentence."""
    return case.states[state].said


def states_in_words(case: Case, text: str) -> str:
    """A text with its pairs by name: `DPRK and PRC` is `Kim and Xi`, `DPRK over PRC` is `North Korea over China`."""
    codes = "|".join(map(re.escape, case.states))
    between = re.compile(rf"(?<![\w.])({codes}) (and|over|or) ({codes})(?![\w.])")

    def named(found: re.Match[str]) -> str:
        name = leader_name if found[2] == "and" else state_name
        return f"{name(case, found[1])} {found[2]} {name(case, found[3])}"

    return between.sub(named, text)


def things_in_words(case: Case, things: Iterable[str]) -> list[str]:
    """The lines in which two scenarios differ, cleaned, with states and pairs by name."""
    return [states_in_words(case, clean_text(thing, SENTENCE_LIMIT)) for thing in things]


def leader_name(case: Case, state: str) -> str:
    """The name of a state's leader in a sentence, or of the state where none is given."""
    return case.states[state].called or case.states[state].leader or state_name(case, state)


def of_100(share: float) -> str:
    """A share as a whole number of 100; only none reads as 0, and only all as 100.

    >>> of_100(0.627), of_100(0.999), of_100(0.0), of_100(0.002)
    ('63', 'more than 99', '0', 'fewer than 1')
    """
    if 0 < share < 0.005:
        return "fewer than 1"
    return "more than 99" if 0.995 <= share < 1 else f"{100 * share:.0f}"


def what_is_likeliest(outcomes: Sequence[Outcome], found: dict[str, Probability]) -> str:
    """The likeliest class, by how much, and what it means; or that it is too close to call."""
    first = max(outcomes, key=lambda outcome: found[outcome.name].probability)
    text = likeliest(outcomes, found)
    return text if "too close" in text else f"{text} It means: {first.says}."


def likeliest(outcomes: Sequence[Outcome], found: dict[str, Probability]) -> str:
    """One plain sentence: the likeliest class, and by how much, or that it is too close to call."""
    ranked = sorted(outcomes, key=lambda outcome: -found[outcome.name].probability)
    first, second = ranked[0], ranked[1] if len(ranked) > 1 else None
    lead = found[first.name]
    if second is None or found[second.name].count == 0:
        return f"Every run ends in {first.label}."
    other = found[second.name]
    if not other.high < lead.low:  # also where there are too few worlds for intervals
        return (
            f"{capital(first.label)} ({share_of_runs(lead)} of runs) and {second.label} ({share_of_runs(other)}) are "
            "too close to call with this many runs: their intervals overlap."
        )
    ratio = lead.probability / other.probability
    more = "a little more than" if ratio < 1.15 else f"{ratio:.{1 if ratio < 10 else 0}f} times as many as"
    return (
        f"{capital(first.label)} is likeliest in this model, with {share_of_runs(lead)} of runs, {more} the next, "
        f"{second.label} ({share_of_runs(other)})."
    )


def where_the_spread_comes_from(sources: Sources | None, short: bool = False) -> str:
    """One plain sentence: how much of the spread is chance, claims, other numbers, and claims and numbers together."""
    if sources is None:
        return "Every run ended alike, or there are too few worlds to say where the spread comes from."
    if sources.claims is None or sources.numbers is None or sources.together is None:
        return "There are too few worlds to say how much of the spread is assumed and how much is chance."
    parts = (sources.claims, sources.numbers, sources.together, sources.chance, sources.assumptions)
    claims, numbers, together, chance, assumed = map(part_of_spread, parts)
    if short:
        return (
            f"Runs differ: {chance} by chance within a world, {claims} by which claims hold, {numbers} by the other "
            f"numbers, {together} by both together or not linearly."
        )
    return (
        f"Of the spread over the endings, {chance} comes from chance within a world, {assumed} from what is assumed: "
        f"{claims} from which claims hold and {numbers} from the other numbers (either alone, linearly and in pairs), "
        f"{together} from claims and numbers together, or in a way that is not linear."
    )


def part_of_spread(part: Part) -> str:
    """`10% (±1)`, with the 95% interval; `less than 3%` where the share is smaller than that."""
    half = 100 * Z95 * part.se
    if 100 * part.share < half:
        return f"less than {max(ceil(100 * part.share + half), 1)}%"
    return f"{100 * part.share:.0f}% (±{max(half, 1):.0f})"


def short_part(part: Part) -> str:
    """`10 ±1%`, or `<3%` where the share is smaller than its 95% interval: for a cell of a table."""
    return part_of_spread(part).replace("less than ", "<").replace("% (", " ").replace(")", "%")


def marks(family: str) -> str:
    """What ± and an asterisk mean in a table whose tests are counted: `20 comparisons`."""
    return f"± the 95% interval. An asterisk marks what stands out (Holm, 5% over {family})."


def more_runs(runs: int) -> str:
    """How many more runs would halve the intervals."""
    more = runs_to_halve(runs)
    return (
        f"{more:,} more runs would halve these intervals (-n {runs + more}); they would not make the assumptions surer."
    )


def with_noise(found: Mean) -> str:
    """A mean with half its 95% interval: `1.17 ± 0.01`, in as many digits as the noise allows."""
    if isnan(found.half):
        return f"{found.mean:.2f} (too few worlds for a ±)"
    digits = 2 if found.half >= 0.005 else 3 if found.half >= 0.0005 else 4
    return f"{found.mean:.{digits}f} ± {found.half:.{digits}f}"
