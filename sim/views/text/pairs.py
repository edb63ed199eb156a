"""Which claims work together, as `explain --pairs` shows it: sentences, a table, JSON and CSV."""

from typing import Any

from sim.analysis.explain import Explanation, Interaction, Together
from sim.ensemble.intervals import Z95
from sim.ensemble.tables import table
from sim.views.json_report import fields
from sim.views.text.case_words import label_of
from sim.views.text.explain import PICKED, points
from sim.views.text.screen import Screen

COLUMN = 13
MOST_ROWS, MOST_SHARES = 12, 6


def pairs_text(together: Together, found: Explanation, screen: Screen) -> str:
    """Two sentences on the pair that works together most, the pairs that stand out, and shares of the variance."""
    loud = [each for each in together.pairs if each.stands_out]
    looked = f"{together.tests:,} pairs and {'quantities' if len(found.outcomes) > 1 else found.outcomes[0]}"
    if not loud:
        return screen.paragraph(
            f"Which claims work together: no pair stands out from the noise of {together.worlds:,} worlds (Holm, 5% "
            f"over {looked}); more runs (-n) would show smaller ones."
        )
    lines = [screen.paragraph(f"Which claims work together. {sentences(loud[0], found)}"), ""]
    lines.append(screen.faint(f"{'if it holds':>{COLUMN}}{'if it fails':>{COLUMN}}  claim with the other, and on"))
    for each in loud[:MOST_ROWS]:
        holds, fails = (_effect(found, each.quantity, *one) for one in (each.where_holds, each.where_fails))
        says = f"{each.claims[0]} with {each.claims[1]}, {each.quantity}"
        lines.append(screen.paragraph(says, f"{holds:>{COLUMN}}{fails:>{COLUMN}}  ", " " * (2 * COLUMN + 2)))
    more = f", the {MOST_ROWS} largest above" if len(loud) > MOST_ROWS else ""
    lines.append(
        screen.paragraph(
            f"{len(loud)} of {looked} stand out (Holm, 5%){more}. Read: what the claim does where "
            f"the other holds and where it fails; ± the 95% interval. {PICKED}"
        )
    )
    return "\n".join([*lines, *_shares(together, screen)])


def sentences(each: Interaction, found: Explanation) -> str:
    """What one claim does where the other holds, and where it fails."""
    (one, other), label = each.claims, label_of(found.scenario, each.quantity)
    holds, fails = (_effect(found, each.quantity, *some) for some in (each.where_holds, each.where_fails))
    unit = "of 100 runs end in" if found.counts_runs(each.quantity) else "is the change of"
    beyond = _effect(found, each.quantity, each.interaction, each.se)
    return (
        f"If {one} is certain rather than false, {holds} {unit} {label} where {other} holds, and {fails} where it "
        f"fails. The difference, {beyond}, is what the two do only together."
    )


def pairs_data(together: Together) -> dict[str, Any]:
    """What `explain --pairs --json` adds: every pair, the largest first, and what claims explain."""
    return {
        "pairs": [
            fields(each, "claims outcome=quantity interaction se")
            | {"where_holds": each.where_holds[0], "where_fails": each.where_fails[0]}
            | fields(each, "p_holm=p stands_out")
            for each in together.pairs
        ],
        "shares_of_variance": [
            fields(each, "claim outcome=quantity")
            | {f"{what}{part}": value for what, share in (("first_order", each.first), ("shapley", each.shapley))
               for part, value in zip(("", "_se"), share, strict=True)}
            for each in together.shares
        ],
    }  # fmt: skip


def pairs_csv(together: Together) -> bytes:
    """One row for each pair of claims and each quantity."""
    header = ("claim", "other", "quantity", "where_holds", "where_holds_se", "where_fails", "where_fails_se",
              "interaction", "se", "p_holm", "stands_out")  # fmt: skip
    rows = [
        (*each.claims, each.quantity, *each.where_holds, *each.where_fails, each.interaction, each.se, each.p,
         int(each.stands_out))
        for each in together.pairs
    ]  # fmt: skip
    return table(header, rows)


def _shares(together: Together, screen: Screen) -> list[str]:
    """Claims that explain most of the variance of an outcome, with half of what they do in pairs."""
    known = [each for each in together.shares if each.shapley[0] > Z95 * each.shapley[1]][:MOST_SHARES]
    if not known:
        return []
    told = [f"{each.claim} {_share(*each.shapley)} of {each.quantity} (alone, {_share(*each.first)})" for each in known]
    return ["", screen.paragraph(
        "Of the variance over runs, each claim with half of what it does in pairs (Shapley, to second order) explains: "
        f"{'; '.join(told)}."
    )]  # fmt: skip


def _share(share: float, se: float) -> str:
    return f"{100 * share:.1f}% ±{100 * Z95 * se:.1f}"


def _effect(found: Explanation, quantity: str, value: float, se: float) -> str:
    return points(found, quantity, value, Z95 * se)
