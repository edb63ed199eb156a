"""Which conclusions depend on how the model is built, as `sensitivity` says it."""

from collections.abc import Iterator
from typing import Any

from sim.analysis.variants import Structure, Variation
from sim.inputs.scenario import Scenario
from sim.views import wording
from sim.views.json_report import fields
from sim.views.text.case_words import amount, label_of
from sim.views.text.screen import Screen


def structure_text(found: Structure, scenario: Scenario, screen: Screen) -> str:
    """The likeliest ending and the largest shift under each variant, then what depends on one."""
    against = f", and the sign of what differs from {found.against}" if found.against else ""
    how = (
        "How the model is built: the same worlds and chance under each variant of scenarios/variants,"
        f" {found.runs:,} runs each. Watched: the likeliest ending ({found.likeliest},"
        f" {wording.percent(found.probability)} of runs){against}."
    )
    head = screen.faint(f"{'variant':<24} {'likeliest':<24} largest shift (of 100 runs)")
    lines = [screen.paragraph(how), head]
    for each in found.variations:
        mark = "!" if each.flags(found.likeliest) else " "
        said = f"{each.likeliest} {wording.percent(each.probability)}"
        lines.append(
            f"{mark}{screen.cut(each.name, 23):<23} {screen.cut(said, 24):<24} {each.shift[0]}"
            f" {wording.signed(100 * each.shift[1])}"
        )
    lines += [screen.paragraph(line, hang="  ") for line in flagged(found, scenario)]
    return screen.text("\n".join(lines))


def flagged(found: Structure, scenario: Scenario) -> list[str]:
    """A line for each conclusion that depends on a variant, or one that says none does."""
    lines = [line for each in found.variations for line in _flags(each, found, scenario)]
    lost = [
        f"{each.name} ({wording.listed([label_of(scenario, quantity) for quantity in each.lost])})"
        for each in found.variations
        if each.lost
    ]
    close = [
        f"{each.name} ({each.likeliest} or {found.likeliest})" for each in found.variations
        if each.likeliest != found.likeliest and not each.surely
    ]  # fmt: skip
    if close:
        lines.append(f"Too close to call which ending is likeliest under: {'; '.join(close)}.")
    if not lines:
        signs = f", and so does the direction of every difference from {found.against}" if found.against else ""
        lines = [f"However the model is built, the likeliest ending stays the same under every variant{signs}."]
    return lines + ([f"A difference is lost in the noise under: {'; '.join(lost)}."] if lost else [])


def _flags(each: Variation, found: Structure, scenario: Scenario) -> Iterator[str]:
    if each.likeliest != found.likeliest and each.surely:
        likeliest = f"the likeliest ending is {each.likeliest}, not {found.likeliest}"
        yield f"! {each.name}: {likeliest}. Say so with any claim about it."
    for contrast in each.contrasts:
        if contrast.reversed:
            before, after = (amount(scenario, contrast.quantity, one) for one in (contrast.plain, contrast.varied))
            yield f"! {each.name}: {contrast.quantity} against {found.against} turns from {before} to {after}."


def structure_data(found: Structure, scenario: Scenario) -> dict[str, Any]:
    """The same for `--json`."""
    variants = [
        {
            **fields(each, "variant=name title likeliest probability"),
            "largest_shift": {"outcome": each.shift[0], "by": each.shift[1]},
            "flags": each.flags(found.likeliest), "no_longer_told_apart": each.lost,
        }
        for each in found.variations
    ]  # fmt: skip
    about = fields(found, "against likeliest probability runs")
    return about | {"variants": variants, "said": flagged(found, scenario)}
