"""What a class's students believe, how far they agree and what it implies, on a page and in the terminal.

No names unless asked for.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from math import ceil
from pathlib import Path
from typing import Any

from sim.analysis.agreement import RELIABLE, TENTATIVE
from sim.analysis.paired import OutcomeDifferences
from sim.classroom.positions import Belief, ClassAgreement, Classroom, Spread
from sim.ensemble.intervals import Z95
from sim.ensemble.results_folder import Say, silent, writing
from sim.errors import Fault, clean_text
from sim.page.static_page import write_handout
from sim.views.text.screen import Screen
from sim.views.wording import NOT_A_FORECAST, counted, how_many, in_points, listed, number, percent

TEMPLATE = Path(__file__).with_name("classroom.html.j2")
WIDTH = 240  # of a strip, in its own units
MOST_CLAIMS = 16  # claims shown at once; the others are folded away
FEW = 3  # students; claims of fewer come last
EDGE = 6  # room for a dot at either end
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


def write_classroom(found: Classroom, path: Path, names: bool, say: Say = silent) -> Path:
    """Write the page, whole or not at all; one that somebody has changed is renamed first. Raises CannotWrite, Busy."""
    with writing(path.parent, [path.name], 0, say):
        return write_handout(path, TEMPLATE, about(found, names))


def about(found: Classroom, names: bool) -> dict[str, Any]:
    """The values for the page's template."""
    called = names_of(found, names)
    shares = [found.start, found.pooled, *(each.shares for each in found.positions)]
    largest = max(max(each.values()) for each in shares)
    top = max(ceil(10 * largest - 1e-9), 1) / 10  # the right end of the strips of shares: up to the next tenth
    half = 100 * Z95 * (0.25 / (found.runs * 0.75)) ** 0.5  # of a 95% interval of a share of one half, in points
    several = [each for each in found.credences.spreads if len(each.values) > 1]
    alone = len(found.credences.spreads) - len(several)
    several.sort(key=lambda each: len(each.values) < FEW)  # claims of many students before those of a few
    agreement = agreement_sentences("credences", found.credences, sentences(found))
    if found.weights.claims:
        agreement += agreement_sentences("weights", found.weights, sentences(found))
    return {
        "title": f"The class on: {clean_text(found.scenario.title, 200)}",
        "question": clean_text(found.scenario.question, 400),
        "who": _who(found, names), "short": short(found, called), "pooled": pooled_sentence(found), "top": top,
        "noise": f"{found.runs:,} runs of each position; a share is good to about ±{half:.1f} points.",
        "agreement": agreement, "claims": several[:MOST_CLAIMS], "more_claims": several[MOST_CLAIMS:],
        "passed_over": f"{alone} claims of which only one student speaks are not listed." if alone else "",
        "deciding": deciding_sentence(found), "opposed": opposed_sentences(found, called), "reading": READING,
        "found": found, "ledger": found.scenario.ledger.claims, "called": called, "labels": labels(found),
        "shares": lambda name: sorted(each.shares[name] for each in found.positions), "kinds": KINDS,
        "at": _at, "how_many": how_many, "number": number, "clean": clean_text, "likeliest": likeliest,
        "change": change, "belief": belief, "what_moves": what_moves,
        "decimals": lambda values: [f"{each:.2f}" for each in values],
    }  # fmt: skip


def _who(found: Classroom, names: bool) -> str:
    left = f"; {found.skipped} more with faults in their files are left out" if found.skipped else ""
    hidden = "" if names else " Numbers instead of names; their order says nothing."
    who = f"{counted(len(found.positions), 'student')}{left}"
    return f"{who}; everyone starts from {found.scenario.name}; seed {found.seed}.{hidden}"


def _at(value: float, top: float = 1.0) -> str:
    return f"{EDGE + (WIDTH - 2 * EDGE) * value / top:.1f}"


def labels(found: Classroom) -> dict[str, str]:
    """The label of each ending."""
    return {rule.name: clean_text(rule.label, 60) for rule in found.scenario.case.outcomes}


def sentences(found: Classroom) -> dict[str, str]:
    """The sentence of each claim."""
    return {id: clean_text(claim.claim, 160) for id, claim in found.scenario.ledger.claims.items()}


def names_of(found: Classroom, names: bool) -> list[str]:
    """Each student's name on the page: a number, or the name of the file where names were asked for."""
    return [each.name if names else f"Student {place}" for place, each in enumerate(found.positions, start=1)]


def what_moves(what: OutcomeDifferences, called: Mapping[str, str]) -> str:
    """What a change does to the endings, the largest effect first."""
    loud = what.significant
    if not loud:
        return "nothing beyond the noise"
    said = [f"{called[name]} {in_points(what.outcomes[name])} points" for name in loud[:MOST_LOUD]]
    rest = f" and {len(loud) - MOST_LOUD} more" if len(loud) > MOST_LOUD else ""
    return f"{', '.join(said)}{rest} ({percent(what.points)} of runs in all)"


def likeliest(shares: Mapping[str, float], called: Mapping[str, str]) -> str:
    """The likeliest ending with its share; ``called`` has the labels."""
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
    ending = likeliest(found.pooled, called)
    head = f"On the class’s mean credences and weights the likeliest ending is {ending} of runs"
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
    if found.alpha is None:
        return [first]
    over = f"{number(found.alpha)} over {found.values} values of {found.claims} claims: {_verdict(found.alpha)}"
    meaning = "1: all say the same on every claim; 0: as far apart as all these numbers drawn from one hat"
    return [first, f"Krippendorff’s alpha ({meaning}) is {over}."]


def _reach(spread: Spread) -> str:
    low, high = spread.values[0], spread.values[-1]
    return f"all say {low:.2f}" if low == high else f"{low:.2f} to {high:.2f}"


def _verdict(alpha: float) -> str:
    if alpha >= RELIABLE:
        return "the students read the texts alike"
    if alpha >= TENTATIVE:
        return "enough agreement for tentative conclusions"
    if alpha > 0.2:
        return "some agreement, too little to call it a common reading"
    hardly = "hardly more agreement than numbers drawn from a hat"
    return hardly if alpha >= 0 else "further apart than numbers from a hat"


def spread_sentence(found: Classroom) -> str:
    """The ending on which the students' positions differ most."""
    called = labels(found)
    every = {name: sorted(each.shares[name] for each in found.positions) for name in called}
    widest = max(every, key=lambda name: every[name][-1] - every[name][0])
    low, high = every[widest][0], every[widest][-1]
    if high - low < BARELY:
        return "Between the students’ positions no ending differs."
    return f"What they believe makes most difference to {called[widest]}: {how_many(low)} to {how_many(high)} of runs."


def deciding_sentence(found: Classroom) -> str:
    """Which claims decide, and for how many."""
    counts = Counter(each.deciding.claim for each in found.positions if each.deciding)
    none = sum(each.deciding is None for each in found.positions)
    if not counts:
        return "For no student does any one claim, moved to the class’s median, move an ending beyond the noise."
    top = sorted(counts, key=lambda claim: (-counts[claim], claim))[:3]
    rest = sum(counts.values()) - sum(counts[claim] for claim in top)
    said = [f"{claim} for {counted(counts[claim], 'student')}" for claim in top]
    tail = f" For {counted(none, 'student')} no claim moves anything beyond the noise." if none else ""
    return f"The claim that decides is {listed(said + [f'another for {rest}'] * bool(rest))}.{tail}"


def opposed_sentences(found: Classroom, called: Sequence[str]) -> list[str]:
    """Which two students differ most, by how much, and how much of that the listed differences explain."""
    two = found.opposed
    if two is None and len(found.positions) == 1:
        return ["With one student there is nobody to be opposed to."]
    if two is None:
        return ["All positions end alike: nobody is opposed to anybody."]
    both, moves = f"{called[two.one]} and {called[two.other]}", what_moves(two.whole, labels(found))
    said = [f"{both} are furthest apart: from the first to the second, {moves}."]
    for each in two.together:
        alone = listed([f"“{claim}” {percent(one)}" for claim, one in zip(each.claims, each.alone, strict=True)])
        more = "more than" if each.what.points > sum(each.alone) else "no more than"
        said.append(
            f"Changed together, “{each.claims[0]}” and “{each.claims[1]}” change the ending of "
            f"{percent(each.what.points)} of runs, {more} the sum of what they change alone ({alone})."
        )
    if two.untried:
        less = "those can do less, by the shared ensemble, and were not played"
        said.append(f"They hold {two.untried} more claims differently; {less}.")
    if two.lines:
        lines = "; ".join(clean_text(line, 200) for line in two.lines[:6])
        said.append(f"Their files differ in more than beliefs: {lines}.")
    return said


def short(found: Classroom, called: Sequence[str]) -> list[str]:
    """The page in a few sentences."""
    return [
        agreement_sentences("credences", found.credences, sentences(found))[0],
        spread_sentence(found), pooled_sentence(found), deciding_sentence(found), opposed_sentences(found, called)[0],
    ]  # fmt: skip


def classroom_text(found: Classroom, names: bool, screen: Screen) -> str:
    """The page in a few sentences, and the table of the endings."""
    called, count = names_of(found, names), counted(len(found.positions), "student")
    head = f"{count} on {clean_text(found.scenario.name, 60)}, {found.runs:,} runs each"
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
    return f"{counted(len(faults), 'fault')} in {counted(files, 'file')}"
