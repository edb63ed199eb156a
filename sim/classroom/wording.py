"""The sentences about a class on its page and in the terminal."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sim.analysis.agreement import RELIABLE, TENTATIVE
from sim.analysis.paired import Difference, OutcomeDifferences
from sim.classroom.beliefs import Belief, ClassAgreement, Spread
from sim.classroom.positions import Classroom, Position
from sim.errors import Fault, clean_text
from sim.views.text.screen import Screen
from sim.views.wording import NOT_A_FORECAST, how_many, listed, number, percent, plus_minus

MOST_LOUD = 2
CLOSE = 0.2  # all values of a claim within this lie close together
BARELY = 0.001  # total variation below which a difference is not mentioned
KINDS = {"scenario": "a scenario", "position": "a position from the page", "coding": "a coding of claims"}

READING = (
    "A credence is how likely a reader thinks it that a claim holds. Nobody’s credence is right or wrong here; the "
    "texts are the evidence, and a credence has to be defended from a paragraph.",
    "All positions are played on the same worlds with the same chance, so a difference between two students is their "
    "beliefs, not luck. More runs make the shares steadier; they make no belief surer.",
    "A deciding claim is found by moving one claim of one student to the class’s median (of all students; one who says "
    "nothing of it counts with the scenario’s credence) and leaving the rest: first estimated from one shared "
    "ensemble, then confirmed by playing. Its size is half the sum of the changes over all endings.",
    "The class’s mean beliefs, played, and the mean of the students’ own endings are not the same thing: the model is "
    "not a straight line. Neither is a vote on what will happen.",
    "Agreement is Krippendorff’s alpha for numbers: 1 where all say the same, 0 where values drawn from one hat would "
    "be as far apart, below 0 where they are further apart than that.",
)


def labels(found: Classroom) -> dict[str, str]:
    """The label of each ending."""
    return {rule.name: clean_text(rule.label, 60) for rule in found.scenario.case.outcomes}


def sentences(found: Classroom) -> dict[str, str]:
    """The sentence of each claim."""
    return {id: clean_text(claim.claim, 160) for id, claim in found.scenario.ledger.claims.items()}


def names_of(found: Classroom, names: bool) -> list[str]:
    """Each student's name on the page: a number, or the name of the file where names were asked for."""
    return [each.name if names else f"Student {place}" for place, each in enumerate(found.positions, start=1)]


def points(one: Difference) -> str:
    """`+8.4 ±0.6 points`"""
    return f"{plus_minus(100 * one.difference, 100 * one.half)} points"


def what_moves(what: OutcomeDifferences, called: Mapping[str, str]) -> str:
    """What a change does to the endings, the largest effect first."""
    loud = what.significant
    if not loud:
        return "nothing beyond the noise"
    said = [f"{called[name]} {points(what.outcomes[name])}" for name in loud[:MOST_LOUD]]
    more = len(loud) - MOST_LOUD
    rest = f" and {more} more" if more > 0 else ""
    return f"{', '.join(said)}{rest} ({percent(what.points)} of runs in all)"


def likeliest(shares: Mapping[str, float], called: Mapping[str, str]) -> str:
    best = max(shares, key=lambda name: shares[name])
    return f"{called[best]}, {how_many(shares[best])}"


def change(own: Belief, median: Belief) -> str:
    """`0.20 → 0.55`, and the weights where they differ."""
    parts = [f"{own.credence:.2f} → {median.credence:.2f}"] if own.credence != median.credence else []
    if own.weight != median.weight:
        parts.append(f"weight {own.weight.mode:.2f} → {median.weight.mode:.2f}")
    return ", ".join(parts)


def belief(one: Belief, other: Belief) -> str:
    """The numbers of a belief that differ from another's."""
    parts = [f"{one.credence:.2f}"] if one.credence != other.credence else []
    return ", ".join([*parts, f"weight {one.weight}"] if one.weight != other.weight else parts)


def pooled_sentence(found: Classroom) -> str:
    """How the class's mean beliefs end, compared with the scenario itself."""
    called = labels(found)
    moved = what_moves(found.pooled_against_start, called)
    head = (
        f"On the class’s mean credences and weights the likeliest ending is {likeliest(found.pooled, called)} of runs"
    )
    if found.pooled_against_start.significant:
        return f"{head}. Against the scenario as it stands: {moved}."
    return f"{head}; against the scenario as it stands nothing moves beyond the noise."


def agreement_sentences(what: str, found: ClassAgreement, sentences: Mapping[str, str]) -> list[str]:
    """How far the values differ, in words, and alpha where there are enough claims for it.

    ``sentences`` are the claims' sentences.
    """
    shared = [spread for spread in found.spreads if len(spread.values) > 1]
    if not shared:
        return [f"No two students say anything of the same claim’s {what}, so there is no agreement to measure."]
    widest, narrowest = shared[0], shared[-1]
    if found.claims == 1:
        count = len(widest.values)
        near = f"; they agree to within {widest.range:.2f}" if 0 < widest.range <= CLOSE else ""
        return [f"On {what}, {count} students speak of one claim: {_reach(widest)}{near}."]
    if widest.range == 0:
        return [f"On {what}, all who speak of a claim say the same, over {found.claims} claims."]
    close = sum(spread.range <= CLOSE for spread in shared)
    first = (
        f"On {what}, students lie furthest apart on “{sentences[widest.claim].rstrip('.')}” ({_reach(widest)}) and "
        f"closest on “{sentences[narrowest.claim].rstrip('.')}” ({_reach(narrowest)}); on {close} of {found.claims} "
        f"claims all lie within {CLOSE:.1f}."
    )
    return [first] if found.alpha is None else [first, _alpha(found)]


def _reach(spread: Spread) -> str:
    low, high = spread.values[0], spread.values[-1]
    return f"all say {low:.2f}" if low == high else f"{low:.2f} to {high:.2f}"


def _alpha(found: ClassAgreement) -> str:
    """Alpha with its meaning, for two claims or more."""
    assert found.alpha is not None
    alpha = number(found.alpha)
    return (
        "Krippendorff’s alpha (1: all say the same on every claim; 0: as far apart as all these numbers drawn from "
        f"one hat) is {alpha} over {found.values} values of {found.claims} claims: {_verdict(found.alpha)}."
    )


def _verdict(alpha: float) -> str:
    if alpha >= RELIABLE:
        return "the students read the texts alike"
    if alpha >= TENTATIVE:
        return "enough agreement for tentative conclusions"
    if alpha > 0.2:
        return "some agreement, too little to call it a common reading"
    return (
        "hardly more agreement than numbers drawn from a hat" if alpha >= 0 else "further apart than numbers from a hat"
    )


def spread_sentence(found: Classroom) -> str:
    """The ending on which the students' positions differ most."""
    called = labels(found)
    ranges = {name: _range(found.positions, name) for name in called}
    widest = max(ranges, key=lambda name: ranges[name][1] - ranges[name][0])
    low, high = ranges[widest]
    if high - low < BARELY:
        return "Whatever the students believe, the endings stay the same."
    return f"What they believe makes most difference to {called[widest]}: {how_many(low)} to {how_many(high)} of runs."


def _range(positions: Sequence[Position], name: str) -> tuple[float, float]:
    every = [each.shares[name] for each in positions]
    return min(every), max(every)


def deciding_sentence(found: Classroom) -> str:
    """Which claims decide, and for how many."""
    counts = Counter(each.deciding.claim for each in found.positions if each.deciding)
    none = sum(each.deciding is None for each in found.positions)
    if not counts:
        return "For no student does any one claim, moved to the class’s median, move an ending beyond the noise."
    top = sorted(counts, key=lambda claim: (-counts[claim], claim))[:3]
    rest = sum(counts.values()) - sum(counts[claim] for claim in top)
    said = [f"{claim} for {_students(counts[claim])}" for claim in top] + ([f"another for {rest}"] if rest else [])
    tail = f" For {_students(none)} no claim moves anything beyond the noise." if none else ""
    return f"The claim that decides is {listed(said)}.{tail}"


def _students(count: int) -> str:
    return f"{count} student{'' if count == 1 else 's'}"


def opposed_sentences(found: Classroom, called: Sequence[str]) -> list[str]:
    """Which two students differ most, by how much, and how much of that the listed differences explain."""
    two = found.opposed
    if two is None:
        one = len(found.positions) == 1
        return [
            "With one student there is nobody to be opposed to."
            if one
            else "All positions end alike: nobody is opposed to anybody."
        ]
    said = [
        f"{called[two.one]} and {called[two.other]} are furthest apart: from the first to the second, "
        f"{what_moves(two.whole, labels(found))}."
    ]
    for each in two.together:
        alone = listed([f"“{claim}” {percent(one)}" for claim, one in zip(each.claims, each.alone, strict=True)])
        more = "more than" if each.what.points > sum(each.alone) else "no more than"
        said.append(
            f"Changed together, “{each.claims[0]}” and “{each.claims[1]}” change the ending of "
            f"{percent(each.what.points)} of runs, {more} the sum of what they change alone ({alone})."
        )
    if two.untried:
        said.append(
            f"They hold {two.untried} more claims differently; those can do less, by the shared ensemble, and were "
            "not played."
        )
    if two.lines:
        said.append(
            f"Their files differ in more than beliefs: {'; '.join(clean_text(line, 200) for line in two.lines[:6])}."
        )
    return said


def short(found: Classroom, called: Sequence[str]) -> list[str]:
    """The page in a few sentences."""
    return [
        agreement_sentences("credences", found.credences, sentences(found))[0],
        spread_sentence(found), pooled_sentence(found), deciding_sentence(found), opposed_sentences(found, called)[0],
    ]  # fmt: skip


def classroom_text(found: Classroom, names: bool, screen: Screen) -> str:
    """The page in a few sentences, and the table of the endings."""
    called = names_of(found, names)
    count = len(found.positions)
    head = (
        f"{count} student{'' if count == 1 else 's'} on {clean_text(found.scenario.name, 60)}, {found.runs:,} runs each"
    )
    lines = [screen.strong(screen.cut(head, screen.width)), ""]
    lines += [screen.paragraph(line, "- ", "  ") for line in short(found, called)]
    lines += ["", screen.faint(f"{'ending':<24}{'scenario':>11}{'class mean':>13}{'lowest to highest':>25}")]
    for name, label in labels(found).items():
        every = [each.shares[name] for each in found.positions]
        spread = f"{how_many(min(every))} to {how_many(max(every))}"
        start, pooled = how_many(found.start[name]), how_many(found.pooled[name])
        lines.append(screen.text(f"{screen.cut(label, 23):<24}{start:>11}{pooled:>13}{spread:>25}"))
    return "\n".join([*lines, "", screen.paragraph(NOT_A_FORECAST)])


def faults_text(faults: Sequence[Fault], files: int) -> str:
    """How many faults there are in how many files."""
    return f"{len(faults):,} fault{'' if len(faults) == 1 else 's'} in {files:,} file{'' if files == 1 else 's'}"
