"""Statements that the reference text calls open or no theorem, measured and printed, and all one-shot shares.

python -m tests.model.report_open
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.inputs.ledger import Ledger
from sim.model.leverage import Arguments
from tests.model.one_shot import Look, OneShot, moved
from tests.model.settings import reference


def compare(title: str, before: Look, after: Look, text: str) -> None:
    """One statement: what moved, and what the text says of it."""
    one, two = before.meeting.pair.between
    print(f"\n{title}\n  text: {text}")
    rows = {
        f"L {one} on {two}": (before.leverage.get((one, two), 0.0), after.leverage.get((one, two), 0.0)),
        f"L {two} on {one}": (before.leverage.get((two, one), 0.0), after.leverage.get((two, one), 0.0)),
        f"y of {one}": (before.terms, after.terms),
        "p of a deal": (before.chance, after.chance),
        f"receipts of {one}": (before.receipts[one], after.receipts[one]),
        f"receipts of {two}": (before.receipts[two], after.receipts[two]),
    }
    for name, (a, b) in rows.items():
        print(f"  {name:18s} {moved(a, b)!s:38s} mean {np.mean(a):.3f} to {np.mean(b):.3f}")


def concessions(shot: OneShot) -> None:
    """3: raising a claim for the DPRK over the US never lowers expected concessions: not a theorem."""
    print("\n3  raising a claim of the DPRK over the US never lowers expected concessions: not a theorem")
    print("  text: receipts fall in 4.7% of tests, most for economic-options-open (30%); p falls in 9.6%")
    before, receipts, chances = shot.look(), [], []
    for name, claim in shot.scenario.ledger.claims.items():
        if any((each.holder, each.target, each.sign) == ("DPRK", "US", 1) for each in claim.effects):
            bases = {name: np.minimum(shot.world.base[name] * np.float32(1.5), np.float32(0.98))}
            after = shot.look(bases=bases)
            receipts.append((moved(before.receipts["DPRK"], after.receipts["DPRK"]).fell, name))
            chances.append(moved(before.chance, after.chance).fell)
    worst, name = max(receipts)
    print(
        f"  {len(receipts)} claims: receipts fall in {100 * np.mean([share for share, _ in receipts]):.1f}% of states,",
        end=" ",
    )
    print(f"most for {name} ({100 * worst:.0f}%); p falls in {100 * np.mean(chances):.1f}%")


def shielding(shot: OneShot) -> None:
    """6: a copy that does not inherit its original's attackers shields the group."""
    before, most = shot.leverage({}), 0.0
    for name, claim in shot.scenario.ledger.claims.items():
        if claim.attackers and claim.effects:
            copy = replace(claim, id=f"{name}-again", attackers=())
            ledger = Ledger({**shot.scenario.ledger.claims, copy.id: copy})
            world = replace(
                shot.world,
                base={**shot.world.base, copy.id: shot.world.base[name]},
                holds={**shot.world.holds, copy.id: shot.world.holds[name]},
            )
            after = Arguments(ledger, world).leverage(shot.capped({}))
            most = max(most, *(float(np.max(np.abs(after[dyad] - before[dyad]))) for dyad in before))
    print(f"\n6  a restatement without its original's attackers moves a leverage by up to {most:.3f} (text: up to .06)")


def main() -> None:
    shot = OneShot()
    names = shot.names

    def look(pair: str = "KU", first: bool = False, **changes: object) -> Look:
        full = {name: np.broadcast_to(np.asarray(value, np.float32), shot.states) for name, value in changes.items()}
        return shot.look(full, pair, first)

    start = np.asarray(names["start.arsenal"])
    print("4,000 random states; first coding, 57 claims. Rises and falls are beyond float32 rounding.")
    concessions(shot)
    shielding(shot)
    compare(
        "8  ties with China from .2 to .7, a meeting just held",
        look(prc_ties=0.2, met_prc=0),
        look(prc_ties=0.7, met_prc=1),
        "y rises 100%; L US on DPRK falls 90%, never rises; p rises 85%, falls 15%",
    )
    compare("8  ties alone from .2 to .7", look(prc_ties=0.2), look(prc_ties=0.7), "the same")
    compare(
        "10 tariffs from .2 to .9 with talks open",
        look(tariffs=0.2, trade_talks=1),
        look(tariffs=0.9, trade_talks=1),
        "L rises 60%, never falls; p rises 60% (.334 to .379), falls .1%",
    )
    compare("11 troops from 1 to .1", look(us_troops=1), look(us_troops=0.1), "p falls 94%, receipts fall 97%")
    chip = OneShot(reference("drawdown-chip"))
    there, gone = (
        chip.look({"us_troops": np.full(chip.states, level, np.float32), "america_first": 1.0}) for level in (1, 0.1)
    )
    compare("11 the same where both-or-neither and trump-wants-out hold", there, gone, "the same")
    compare(
        "12 arsenal from its start to 0",
        look(arsenal=start),
        look(arsenal=0 * start),
        "L falls 99%, y falls 97%; open: p falls 63%, rises 37%; receipts fall 61%",
    )
    compare(
        "13 arsenal from its start to 1.3 times it",
        look(arsenal=start),
        look(arsenal=1.3 * start),
        "L rises 99.4%; y rises 98.7%, falls 1.1%; open: p up 50%, down 50%; receipts fall 59%",
    )
    compare(
        "14 sanctions from .5 to 1, with China",
        look("KP", sanctions=0.5),
        look("KP", sanctions=1),
        "L rises both ways; open: y up 36%, down 63%",
    )
    compare(
        "15 strategic tests from .3 to 1, with China",
        look("KP", strategic_tests=0.3),
        look("KP", strategic_tests=1),
        "y falls 86%, never rises; p falls 86% (.884 to .782), rises .2%",
    )
    compare(
        "16 Putin just met, with China",
        look("KP", met_rus=0),
        look("KP", met_rus=1),
        "y rises 46%, never falls; p rises 45%",
    )
    compare(
        "17 ties with the South from .2 to .7",
        look(rok_ties=0.2),
        look(rok_ties=0.7),
        "L US on DPRK falls 66%, never rises",
    )
    compare("18 a hawk in office", look(hawk=0), look(hawk=1), "L US on DPRK up 48%, down 13%; p falls 90%")
    compare("19 America First from .6 to 1", look(america_first=0.6), look(america_first=1), "y rises 51%, never falls")
    compare("20 Xi met first, last", look(prc_rank=0), look(prc_rank=1), "y falls 54%, never rises")
    compare(
        "20 at the first Xi meeting",
        look("KP", True, prc_rank=0),
        look("KP", True, prc_rank=1),
        "p falls 75% (.868 to .811), rises 5%",
    )
    more = {"distrust": np.asarray(names["distrust"]) + np.float32(0.3)}
    compare("21 more distrust: every acceptance falls, the mix shifts", shot.look(), shot.look(more), "p rises .9%")


if __name__ == "__main__":
    main()
