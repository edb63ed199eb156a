"""What `discover` says: boxes as sentences, and the same as data."""

from typing import Any

from sim.analysis.discovery import Box, Discovery, Limit
from sim.ensemble.intervals import Z95
from sim.ensemble.tables import table
from sim.inputs.scenario import Scenario
from sim.views import wording
from sim.views.json_report import fields
from sim.views.text.case_words import label_of, long_name, meaning_of, short_name
from sim.views.text.screen import Screen


def discovery_text(found: Discovery, scenario: Scenario, screen: Screen, full: bool = False) -> str:
    """How the boxes were searched, and each as a sentence with its limits and caveats; one screen has the first box."""
    factors = f" ({wording.listed([short_name(factor) for factor in found.factors])})" if full else ""
    how = (
        f"Under which assumptions do runs end in {label_of(scenario, found.outcome)}? PRIM looked for a box in"
        f" {found.worlds:,} worlds, among the {len(found.factors)} assumptions that move this ending most{factors};"
        f" every figure below is counted on {found.worlds:,} other worlds."
    )
    parts = [screen.paragraph(how)]
    for place, box in enumerate(found.boxes if full else found.boxes[:1], start=1):
        lines = [screen.strong(line) for line in screen.paragraph(box_in_words(found, box, scenario)).split("\n")]
        limits = [screen.paragraph(f"- {limit_words(scenario, limit)}", hang="  ") for limit in box.limits]
        parts.append("\n".join([*([f"Box {place}"] if len(found.boxes) > 1 else []), *lines, *limits]))
        parts.append(screen.paragraph(_honest(box)))
    if not full and len(found.boxes) > 1:
        parts.append(f"--full shows {len(found.boxes) - 1} more.")
    if not found.boxes:
        parts.append(screen.paragraph(nothing(found, scenario)))
    return "\n\n".join([*parts, screen.paragraph(wording.NOT_A_FORECAST)])


def box_in_words(found: Discovery, box: Box, scenario: Scenario, with_limits: bool = False) -> str:
    """One sentence: in worlds where ..., this ending is so many times as likely. Without its limits, for readers who
    see them listed below it.
    """
    many = len(box.limits)
    where = f"all {many} of these are so" if many > 2 else "both of these are so" if many == 2 else "this is so"
    if with_limits:
        where = wording.listed([_clause(limit) for limit in box.limits])
    return (
        f"In worlds where {where}, {label_of(scenario, found.outcome)} is {box.lift:.1f} times as likely:"
        f" {wording.percent(box.density)} of runs (±{100 * Z95 * box.density_se:.1f}) instead of"
        f" {wording.percent(found.rate)}."
    )


def nothing(found: Discovery, scenario: Scenario) -> str:
    """What is said where there is no box."""
    return (
        f"No box: no few assumptions single out the runs that end in {label_of(scenario, found.outcome)} "
        f"({wording.percent(found.rate)} of runs) beyond what chance would show. More runs (-n) may find one."
    )


def _clause(limit: Limit) -> str:
    name = limit.factor.partition("/")[2]
    if limit.state is not None:
        return f"{name} {limit.state}"
    what = short_name(limit.factor).removeprefix("parameter ")
    if limit.low is None:
        return f"{what} is at most {limit.high:.2g}"
    if limit.high is None:
        return f"{what} is at least {limit.low:.2g}"
    return f"{what} lies between {limit.low:.2g} and {limit.high:.2g}"


def limit_words(scenario: Scenario, limit: Limit) -> str:
    """One limit of the box in full words."""
    kind, _, name = limit.factor.partition("/")
    if kind == "claim":
        return f"{name} {limit.state}: {scenario.ledger.claims[name].claim.rstrip('.')}"
    if kind == "cause":
        return f"the cause {name} {limit.state}, which several claims restate"
    share = limit.at[1] - limit.at[0]
    where = "lower" if limit.low is None else "upper" if limit.high is None else "middle"
    meaning = meaning_of(scenario, limit.factor)
    what = f"{meaning} ({name})" if meaning else long_name(scenario, limit.factor)
    return f"{what}: {bounds(limit)}, the {where} {wording.percent(share, 0)} of the worlds"


def bounds(limit: Limit) -> str:
    """What a box demands of a number: `at most 0.12`."""
    low, high = ("" if end is None else f"{end:.2g}".replace("-", "−") for end in (limit.low, limit.high))
    return f"{low} to {high}" if low and high else f"at least {low}" if low else f"at most {high}"


def _honest(box: Box) -> str:
    return (
        f"The box holds {wording.percent(box.mass, 0)} of all worlds, and {wording.percent(box.coverage, 0)} of the"
        f" runs that end so lie in it (coverage); {wording.percent(box.density, 0)} of its runs end so (density; it"
        f" was {wording.percent(box.searched_density, 0)} in the worlds that were searched). It says under which of the"
        " model's assumptions this ending is common, not that these assumptions are right."
    )


def discovery_document(found: Discovery, scenario: Scenario) -> dict[str, Any]:
    """The `--json` of `discover`."""
    boxes = [
        {"sentence": box_in_words(found, box, scenario, with_limits=True)}
        | fields(box, "coverage density density_se mass lift density_where_searched=searched_density")
        | {"limits": [fields(each, "factor state low high") for each in box.limits]}
        for box in found.boxes
    ]
    about = fields(found, "scenario outcome worlds_searched=worlds worlds_counted=worlds probability=rate factors")
    return about | {"boxes": boxes, "not_a_forecast": wording.NOT_A_FORECAST}


def discovery_csv(found: Discovery) -> bytes:
    """A row for each limit of each box."""
    header = ("box", "factor", "state", "low", "high", "coverage", "density", "density_se", "mass", "lift")
    rows = [
        (place, each.factor, each.state or "", each.low, each.high,
         *fields(box, "coverage density density_se mass lift").values())
        for place, box in enumerate(found.boxes, start=1)
        for each in box.limits
    ]  # fmt: skip
    return table(header, rows)
