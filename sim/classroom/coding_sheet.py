"""A coding sheet: every claim with its paragraph, and empty numbers to fill in, as YAML and as a page to print."""

import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from sim.ensemble.results_folder import Say, silent, writing
from sim.ensemble.safe_files import write_whole
from sim.errors import Fault, InputError, Place, clean_text
from sim.inputs.cards import Card
from sim.inputs.schema_card import ClaimGiven
from sim.inputs.schema_faults import unknown
from sim.page.static_page import body, write_handout

Chosen = list[tuple[Card, list[ClaimGiven]]]

TEMPLATE = Path(__file__).with_name("sheet.html.j2")
FILE = "coding-sheet"
LONGEST = 600

# The bands of the ledger's two coders: priors, not measurements (our assumption).
WEIGHT_BANDS = (
    ("0.25 to 0.35", "a small point, an aside"),
    ("0.40 to 0.50", "said plainly"),
    ("0.55 to 0.60", "strong words, or several sentences"),
)
CREDENCE_BANDS = (
    ("0.35 to 0.50", "somebody else's view, reported; or speculation"),
    ("0.55 to 0.65", "hedged: may, could, perhaps"),
    ("0.70 to 0.80", "said plainly"),
    ("0.85 to 0.90", "said flatly, or by several documents"),
)
RULES = (
    "Read the cited paragraph first, in the document itself; the sentence beside it is ours.",
    "credence: how likely is it that the claim holds? 0 to 1. Not how much you like it, and not how much it matters.",
    "weight: how much does the claim matter if it holds and is fully to the point? Lowest, likeliest, highest.",
    "Never multiply one by the other. An empty line is allowed: that claim then keeps what the ledger has.",
    "Write in one line why: which words of the paragraph speak for your numbers.",
)


def write_sheet(
    cards: Sequence[Card], folder: Path, wanted: Sequence[str] | None = None, say: Say = silent
) -> list[Path]:
    """Write the sheet in both forms; one that somebody has filled in is renamed first.

    Raises InputError for an unknown claim, CannotWrite, Busy.
    """
    chosen = _chosen(cards, wanted)
    yaml, page = folder / f"{FILE}.yaml", folder / f"{FILE}.html"
    with writing(folder, [yaml.name, page.name], 0, say):
        write_whole(yaml, [sheet_yaml(chosen).encode("utf-8")])
        write_handout(page, TEMPLATE, about(chosen))
    return [yaml, page]


def sheet_body(cards: Sequence[Card]) -> Markup:
    """The printed sheet of all claims, as a part of another page."""
    return body(TEMPLATE, about(_chosen(cards, None)))


def _chosen(cards: Sequence[Card], wanted: Sequence[str] | None) -> Chosen:
    """The claims asked for, in the order of the ledger."""
    known = [claim.id for card in cards for claim in card.given.claims]
    faults = [
        Fault(Place("--claims", 0, 0), "claim", name, unknown(name, known, "one of"))
        for name in wanted or ()
        if name not in known
    ]
    if faults:
        raise InputError(faults)
    found = [(card, [claim for claim in card.given.claims if not wanted or claim.id in wanted]) for card in cards]
    return [(card, claims) for card, claims in found if claims]


def sheet_yaml(chosen: Chosen) -> str:
    """The YAML: comments to read, empty values to fill in."""
    head = "# Coding sheet. Save a copy under a name of your own beside your scenario, fill in what you read, and write"
    lines = [head, "#", "#     assume:", "#       coding: YOUR-COPY.yaml", "#", "# into the scenario. Rules:", "#"]
    for rule in RULES:
        lines += textwrap.wrap(rule, 100, initial_indent="# - ", subsequent_indent="#   ")
    lines += ["#", "# Bands for the likeliest weight, to be used alike by all who code:"]
    lines += [f"#   {band}  {meaning}" for band, meaning in WEIGHT_BANDS]
    lines += ["# and for the credence:", *(f"#   {band}  {meaning}" for band, meaning in CREDENCE_BANDS)]
    lines += ["#", "# A filled entry:", "#   some-claim:", "#     credence: 0.65"]
    lines += ["#     weight: {low: 0.3, mode: 0.45, high: 0.6}", "#     why: the second sentence hedges it with could"]
    for card, claims in chosen:
        lines += ["", f"# {'-' * 96}", *_comment(_source(card))]
        for claim in claims:
            lines += ["", *_comment(claim.claim), f"# {_places(claim)}"]
            lines += [f"{claim.id}:", "  credence:", "  weight:", "  why:"]
    return "\n".join(lines) + "\n"


def _comment(text: str) -> Iterator[str]:
    """A text as comment lines."""
    yield from textwrap.wrap(
        clean_text(text, LONGEST), 110, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False
    )


def _source(card: Card) -> str:
    document = card.given.document
    by = f"{document.author}: {document.title} ({document.outlet}, {document.date})"
    return f"{by}; {document.found_at}; file {document.file}"


def _places(claim: ClaimGiven) -> str:
    places = [where.in_words for where in claim.where]
    phrases = [f'"{clean_text(where.phrase, 80)}"' for where in claim.where if where.phrase]
    return "; ".join([", ".join(places), *phrases])


def about(chosen: Chosen) -> dict[str, Any]:
    """The values for the template of the printable page, and the functions that it calls."""
    return {
        "title": "Coding sheet", "rules": RULES, "weight_bands": WEIGHT_BANDS, "credence_bands": CREDENCE_BANDS,
        "chosen": chosen, "count": sum(len(claims) for _, claims in chosen), "source": _source, "places": _places,
        "cleaned": lambda text: clean_text(text, LONGEST),
    }  # fmt: skip
