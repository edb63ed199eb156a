"""What `compare` shows of three scenarios or more on one screen: a column each, and what differs from the first."""

from collections.abc import Callable, Sequence
from math import isfinite
from string import ascii_uppercase

from sim.analysis.compare import Comparison
from sim.analysis.paired import Difference
from sim.analysis.summit_chain import chain
from sim.ensemble.result import Ensemble
from sim.inputs.case import Case
from sim.views import wording
from sim.views.text import compare
from sim.views.text.screen import Screen, headed

Row = tuple[str, ...]

SCREEN_LINES = 38  # without those that name the files


def several_comparisons(found: Sequence[Comparison], ensembles: Sequence[Ensemble], screen: Screen) -> str:
    """Every comparison against the first of the ensembles, side by side: what differs, the chain, the endings."""
    names = [ensembles[0].scenario.name, *(one.b for one in found)]
    tables = _tables(found, ensembles)
    room = screen.width - max(len(row[0]) for table in tables for row in table)
    called = names if sum(len(name) + 2 for name in names) <= room else list(ascii_uppercase)
    heads = ("from leverage to gain", "share of runs")
    marks = compare.short_marks(found[0], f"differs from {called[0]} by more")
    close = f"{compare.same_draws(found[0])}; {marks}. --full: every difference with its ±. {wording.NOT_A_FORECAST}"
    body = [
        *headed([(heads[0], *called[: len(names)]), *tables[0]], screen), "",
        *headed([(heads[1], *called[: len(names)]), *tables[1]], screen), screen.paragraph(close),
    ]  # fmt: skip
    head = screen.strong(screen.cut(f"{wording.listed(names[1:])} against {names[0]}", screen.width))
    legend = [screen.paragraph(", ".join(map(" ".join, zip(called, names, strict=False))))] if called != names else []
    fits = SCREEN_LINES - len("\n".join([head, *legend, *body]).split("\n"))
    return "\n".join([head, *legend, *_answers(found, ensembles, fits, screen), *body])


def _answers(found: Sequence[Comparison], ensembles: Sequence[Ensemble], fits: int, screen: Screen) -> list[str]:
    """What each changes and, where there is room, what it does to the endings."""
    texts = [_summary(one, each.scenario.case) for one, each in zip(found, ensembles[1:], strict=True)]
    ends = [compare.sentence(one, each.scenario, 1) for one, each in zip(found, ensembles[1:], strict=True)]
    for said in ([f"{what} {end}" for what, end in zip(texts, ends, strict=True)], texts):
        lines = "\n".join(screen.paragraph(one, hang="  ") for one in said).split("\n")
        if len(lines) <= fits:
            break
    return lines


def _summary(found: Comparison, case: Case) -> str:
    """Every way in which one differs from the first, with a warning where there are several."""
    if not found.things:
        return f"{found.b} differs in nothing but its name."
    cause = ", so that no difference below has one cause" if len(found.things) > 1 else ""
    many = wording.counted(len(found.things), "thing")
    return f"{found.b} differs in {many}{cause}: {compare.things_in_a_row(found, case)}."


def _tables(found: Sequence[Comparison], ensembles: Sequence[Ensemble]) -> tuple[list[Row], list[Row]]:
    """The rows of the chain and those of the endings."""
    scenario = ensembles[0].scenario
    links = [chain(each) for each in ensembles]
    held = compare.leverage_rows(links, scenario.case)
    chain_rows: list[Row] = [(label, *(f"{level} " for level in levels)) for label, *levels in held]
    for name, label in compare.chain_links(scenario):
        if all(name in one.measures and all(map(isfinite, one.levels[name])) for one in found):
            levels = [one.levels[name] for one in found]
            chain_rows.append(_row(label, levels, [one.measures[name] for one in found], "{:.3f}".format))
    endings = [
        _row(name[:compare.NAME_WIDTH], [one.shares[name] for one in found], [one.outcomes[name] for one in found],
             wording.how_many)
        for name in found[0].outcomes
    ]  # fmt: skip
    return chain_rows, endings


def _row(
    label: str, levels: Sequence[tuple[float, float]], differences: Sequence[Difference], says: Callable[[float], str]
) -> Row:
    """The level under the first scenario and under each other, with an asterisk where it stands out."""
    others = zip(levels, differences, strict=True)
    return (label, f"{says(levels[0][0])} ", *(says(after) + " *"[one.stands_out] for (_, after), one in others))
