"""``summitry claims [ID]``, ``claims verify DIR``, ``claims agreement``"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from sim.analysis.agreement import codings_agree
from sim.commands.question import Asked, question
from sim.commands.stdout import say, show
from sim.errors import Fault, InputError, Place
from sim.inputs.cards import Card
from sim.inputs.case_folder import ROOT_SCENARIO, find_case
from sim.inputs.documents import verify
from sim.inputs.layers import Reading
from sim.inputs.scenario import read_case_cards
from sim.inputs.schema_faults import unknown
from sim.views.text.ledger import agreement_table, claim_list, claim_whole, verified


@question("claims", options_metavar="[OPTIONS]")
@click.argument("words", metavar="[ID | verify DIR | agreement]", nargs=-1)
def command(asked: Asked, words: tuple[str, ...]) -> None:
    """Show the ledger: every claim, where it stands, and how sure the coders are of it.

    \b
    claims              every claim in a line or two
    claims ID           one claim whole: both codings, doubts, links, effects
    claims verify DIR   check the cited paragraphs against the documents in DIR
    claims agreement    how far the two codings agree (Krippendorff's alpha)
    """
    cards = read_case_cards(Reading(find_case(asked.case)))
    if words[:1] == ("verify",):
        _verify(asked, cards, words[1:])
    elif words == ("agreement",):
        _agreement(asked, cards)
    elif len(words) < 2:
        _ledger(asked, cards, *words)
    else:
        raise click.UsageError("give one claim, `verify DIR` or `agreement`")


def _verify(asked: Asked, cards: Sequence[Card], words: Sequence[str]) -> None:
    if len(words) != 1 or not Path(words[0]).is_dir():
        raise click.UsageError("claims verify DIR: the folder that holds the documents")
    faults = verify(cards, Path(words[0]))
    if faults:
        for line in str(InputError(faults)).splitlines():
            show(asked.screen.paragraph(line, hang="  "))
        say(verified(cards, faults))
        raise click.exceptions.Exit(2)
    show(verified(cards, faults))


def _agreement(asked: Asked, cards: Sequence[Card]) -> None:
    states = list(asked.load(ROOT_SCENARIO).case.states)
    found = codings_agree([claim for card in cards for claim in card.given.claims], states)
    show(agreement_table(found, asked.screen))


def _ledger(asked: Asked, cards: Sequence[Card], claim: str | None = None) -> None:
    scenario = asked.load(ROOT_SCENARIO)
    ledger = scenario.ledger
    if claim is None:
        show(claim_list(ledger, asked.screen))
        return
    if claim not in ledger.claims:
        raise InputError([Fault(Place(claim, 0, 0), "claim", "no such claim", unknown(claim, ledger.claims, "one of"))])
    show(claim_whole(claim, cards, scenario, asked.screen))
