"""``report.html``: one file that reads like a page for a class and is the explorer too. No server, no network.

The policy in its head allows the one style and the one script whose hashes it names, and nothing else. Text of
strangers is escaped by the template; data stand in JSON from which no tag can be made.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.inputs.cards import Card
from sim.views.page.report_worlds import SMALL_WORLDS, WIDE_WORLDS

if TYPE_CHECKING:
    from sim.ensemble.result import Ensemble

PAGE = Path(__file__).resolve().parent
SCRIPTS = (
    "reweight.mjs",
    "embedded.mjs",
    "position.mjs",
    "words.mjs",
    "draw.mjs",
    "explorer.mjs",
)  # as they need each other
TEMPLATES = ("template.html.j2", "claim.html.j2")
_INDENT = re.compile(r"^ +", re.MULTILINE)
_IMPORT = re.compile(r"^import [^;]*;\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?=const|function|async|class)|^export \{[^}]*\};\n", re.MULTILINE)
_COMMENT = re.compile(r"^ *// .*\n", re.MULTILINE)
_UNSAFE = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def write_report(
    ensembles: Sequence[Ensemble],
    path: Path,
    *,
    case: Path | str | None = None,
    wide: int = WIDE_WORLDS,
    small: int = SMALL_WORLDS,
) -> Path:
    """Write the page of one or several scenarios, whole or not at all; ``case`` is the folder that they come from.

    Runs ``wide`` worlds of each scenario for the sliders and ``small`` ones for each switch. Raises CannotWrite.
    """
    from sim.ensemble.folder import prepare, write_whole

    prepare(path.parent)
    write_whole(path, [page(ensembles, cards_of(ensembles, case), wide, small).encode("utf-8")])
    return path


def cards_of(ensembles: Sequence[Ensemble], case: Path | str | None) -> tuple[Card, ...]:
    """The source cards of the claims; none when they have gone since the run."""
    from sim.inputs.case_folder import find_case
    from sim.inputs.layers import Reading
    from sim.inputs.scenario import read_case_cards

    try:
        cards = read_case_cards(Reading(find_case(case)))
    except InputError:
        return ()
    known = {claim.id for card in cards for claim in card.given.claims}
    return cards if known >= set(ensembles[0].scenario.ledger.claims) else ()


def page(ensembles: Sequence[Ensemble], cards: Sequence[Card], wide: int, small: int) -> str:
    """The text of the page."""
    from sim.analysis.reweight import effective_worlds, holding, world_weights
    from sim.views.citations import spelled_cards
    from sim.views.page import report_data, report_worlds
    from sim.views.page.report_claims import causes, decisive, texts
    from sim.views.page.report_text import scenario_text
    from sim.views.wording import NOT_A_FORECAST

    cards = spelled_cards(cards)
    offered = report_worlds.variants([each.scenario for each in ensembles], cards)
    embedded = [report_worlds.embed(each.scenario, cards, each.seed, offered, wide, small) for each in ensembles]
    work = [decisive(each) for each in ensembles]
    told = []
    for ensemble, worlds, found in zip(ensembles, embedded, work, strict=True):
        own = {id: claim.credence for id, claim in ensemble.scenario.ledger.claims.items()}
        weights = world_weights(holding(worlds[0].ensemble), own)
        told.append(scenario_text(ensemble, found, cards, len(weights), effective_worlds(weights)))
    heading = told[0]["question"] or told[0]["title"]
    return render({
        "heading": heading,
        "several": len(ensembles) > 1,
        "scenarios": told,
        "variants": [each.variant for each in embedded[0]],
        "texts": texts(cards),
        "causes": causes(ensembles, work, cards),
        "not_a_forecast": NOT_A_FORECAST,
        "version": ensembles[0].version,
    }, report_data.page_data(ensembles, embedded))  # fmt: skip


def render(about: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    """Fill the template; style and script go in with their hashes."""
    from jinja2 import DictLoader, Environment, StrictUndefined
    from markupsafe import Markup

    style, script = Markup((PAGE / "style.css").read_text("utf-8")), Markup(bundle())
    templates = {name: _INDENT.sub("", (PAGE / name).read_text("utf-8")) for name in TEMPLATES}
    environment = Environment(
        loader=DictLoader(templates), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    )
    return environment.get_template(TEMPLATES[0]).render(
        page=about, policy=policy, style=style, script=script, data=Markup(safe_json(data))
    )


def bundle() -> str:
    """The modules of the page as one: imports and exports fall away, for all names are distinct."""
    parts = [_COMMENT.sub("", _EXPORT.sub("", _IMPORT.sub("", (PAGE / name).read_text("utf-8")))) for name in SCRIPTS]
    return _INDENT.sub("", "\n".join(parts))


def safe_json(data: Any) -> str:
    """JSON in which no tag, entity or line separator can be read."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_UNSAFE)


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
