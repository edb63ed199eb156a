"""``summitry claims [ID]``, ``claims verify DIR``, ``claims agreement``"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands.options import case_option
from sim.commands.stdout import show

if TYPE_CHECKING:
    from sim.inputs.cards import Card


@click.command(name="claims", options_metavar="[OPTIONS]")
@click.argument("words", metavar="[ID | verify DIR | agreement]", nargs=-1)
@case_option
def command(words: tuple[str, ...], case: Path | None) -> None:
    """Show the ledger: every claim, where it stands, and how sure the coders are of it.

    \b
    claims              every claim in a line or two
    claims ID           one claim whole: both codings, doubts, links, effects
    claims verify DIR   check the cited paragraphs against the documents in DIR
    claims agreement    how far the two codings agree (Krippendorff's alpha)
    """
    from sim.inputs.case_folder import find_case
    from sim.inputs.layers import Reading
    from sim.inputs.scenario import read_case_cards

    cards = read_case_cards(Reading(find_case(case)))
    if words[:1] == ("verify",):
        _verify(cards, words[1:])
    elif words == ("agreement",):
        _agreement(cards, case)
    elif len(words) < 2:
        _ledger(cards, case, *words)
    else:
        raise click.UsageError("give one claim, `verify DIR` or `agreement`")


def _verify(cards: Sequence[Card], words: Sequence[str]) -> None:
    from sim.errors import InputError
    from sim.inputs.documents import verify
    from sim.views.text.ledger import verified
    from sim.views.text.screen import Screen

    if len(words) != 1 or not Path(words[0]).is_dir():
        raise click.UsageError("claims verify DIR: the folder that holds the documents")
    faults = verify(cards, Path(words[0]))
    if faults:
        for line in str(InputError(faults)).splitlines():
            show(Screen.here().paragraph(line, hang="  "))
        click.echo(verified(cards, faults), err=True)
        raise click.exceptions.Exit(2)
    show(verified(cards, faults))


def _agreement(cards: Sequence[Card], case: Path | None) -> None:
    from sim.analysis.agreement import codings_agree
    from sim.inputs.case_folder import ROOT_SCENARIO
    from sim.inputs.scenario import load_scenario
    from sim.views.text.ledger import agreement_table
    from sim.views.text.screen import Screen

    states = list(load_scenario(ROOT_SCENARIO, case=case).case.states)
    found = codings_agree([claim for card in cards for claim in card.given.claims], states)
    show(agreement_table(found, Screen.here()))


def _ledger(cards: Sequence[Card], case: Path | None, claim: str | None = None) -> None:
    from sim.errors import Fault, InputError, Place
    from sim.inputs.case_folder import ROOT_SCENARIO
    from sim.inputs.scenario import load_scenario
    from sim.inputs.schema_faults import unknown
    from sim.views.text.ledger import claim_list, claim_whole
    from sim.views.text.screen import Screen

    scenario = load_scenario(ROOT_SCENARIO, case=case)
    ledger = scenario.ledger
    if claim is None:
        show(claim_list(ledger, Screen.here()))
        return
    if claim not in ledger.claims:
        raise InputError([Fault(Place(claim, 0, 0), "claim", "no such claim", unknown(claim, ledger.claims, "one of"))])
    show(claim_whole(claim, cards, scenario, Screen.here()))
