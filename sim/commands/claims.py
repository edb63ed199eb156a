"""``summitry claims [ID]``, ``claims verify DIR [--fix]``, ``claims add``, ``claims agreement``"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from sim.analysis.agreement import codings_agree
from sim.commands import claims_edit, completion
from sim.commands.asked import Asked, question
from sim.commands.stdout import say, show
from sim.errors import InputError
from sim.inputs.cards import Card
from sim.inputs.case_folder import ROOT_SCENARIO, find_case
from sim.inputs.documents import verify
from sim.inputs.layers import Reading
from sim.inputs.ledger import Claim
from sim.inputs.scenario import read_case_cards
from sim.inputs.schema_faults import unknown
from sim.views.text.ledger import agreement_table, argdown_text, claim_list, claim_whole, verified

METAVAR = "[ID | WORD | verify DIR | add | agreement | export]"


@question("claims", names_case=False, options_metavar="[OPTIONS]")
@click.argument("words", nargs=-1, metavar=METAVAR, shell_complete=completion.claims)
@click.option("--argdown", is_flag=True, help="With export: an argument map in Argdown.")
@click.option("--fix", is_flag=True, help="With verify: move numbers and hashes to where the words are now.")
@click.option("--document", metavar="ID", help="With add: the document whose card gets the claim.")
@click.option("--phrase", metavar="WORDS", help="With add: up to six words of its paragraph.")
@click.option("--feeds", metavar="A>B+,...", help="With add: the leverage it feeds (+) or cuts (-), in quotes.")
@click.option("--id", "name", metavar="SLUG", help="With add: the claim's name (default: from the phrase).")
@click.option("--claim", "sentence", metavar="TEXT", help="With add: the claim in one sentence.")
@click.option(
    "--documents",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="With add: where the documents are (default: documents/ in the case).",
)
def command(asked: Asked, words: tuple[str, ...], argdown: bool, fix: bool, **typed: Any) -> None:
    """Show the ledger: every claim, its paragraph, and how sure the coders are of it.

    \b
    claims              every claim in a line or two
    claims ID           one claim in full: both codings, doubts, links, effects
    claims WORD         every claim with WORD in its name, sentence or phrase
    claims verify DIR   check the cited paragraphs against the documents in DIR
    claims verify DIR --fix   the same, and correct places that have only moved
    claims add --document ID --phrase "words" --feeds "A>B+"
                        a new claim with its paragraph and hash
    claims agreement    how far the two codings agree (Krippendorff's alpha)
    claims export --argdown   the ledger as an argument map, for Argdown's tools
    """
    if words != ("export",):
        asked.name_case()
    cards = read_case_cards(Reading(find_case(asked.case)))
    if words[:1] == ("verify",):
        _verify(asked, cards, words[1:], fix)
    elif words == ("add",):
        _add(asked, cards, typed)
    elif words == ("agreement",):
        _agreement(asked, cards)
    elif words == ("export",):
        if not argdown:
            raise click.UsageError("claims export --argdown: the one format that there is")
        show(argdown_text(asked.load(ROOT_SCENARIO)))
    elif len(words) < 2:
        _ledger(asked, cards, *words)
    else:
        raise click.UsageError("give one claim or word, `verify DIR`, `add`, `agreement` or `export --argdown`")


def _add(asked: Asked, cards: Sequence[Card], typed: Mapping[str, Any]) -> None:
    if not all(typed[needed] for needed in ("document", "phrase", "feeds")):
        raise click.UsageError('claims add --document ID --phrase "words" --feeds "A>B+"')
    claims_edit.add(asked, cards, claims_edit.NewClaim(**typed))


def _verify(asked: Asked, cards: Sequence[Card], words: Sequence[str], fix: bool) -> None:
    if len(words) != 1 or not Path(words[0]).is_dir():
        raise click.UsageError("claims verify DIR: the folder that holds the documents")
    if fix and claims_edit.fix(asked, cards, Path(words[0])):
        cards = read_case_cards(Reading(find_case(asked.case)))
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
        show(claim_list(ledger, scenario.case, asked.screen))
        return
    if claim in ledger.claims:
        show(claim_whole(claim, cards, scenario, asked.screen))
        return
    found = [each for each in ledger.claims.values() if _speaks_of(each, claim)]
    if not found:
        allowed = unknown(claim, ledger.claims, "one of")
        raise InputError.at(claim, "claim", "no such claim", allowed)
    show(claim_list(replace(ledger, claims={each.id: each for each in found}), scenario.case, asked.screen))


def _speaks_of(claim: Claim, word: str) -> bool:
    phrases = " ".join(place.phrase or "" for place in claim.places)
    return word.casefold() in f"{claim.id} {claim.claim} {phrases}".casefold()
