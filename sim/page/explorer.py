"""``report.html``: a page that runs the model. One file, no server, no network.

Its policy allows only the style and the two scripts whose hashes it names, the compiled model, and a worker made from
the script's own text. The template escapes all text; the script and the data are compressed, a small one unpacks them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

import sim.kernel
from sim.ensemble.intervals import outcome_probabilities
from sim.ensemble.result import Ensemble
from sim.ensemble.safe_files import write_text
from sim.errors import InputError, clean_text
from sim.inputs.cards import Card
from sim.inputs.case_folder import find_case
from sim.inputs.layers import Reading
from sim.inputs.scenario import read_case_cards
from sim.kernel.symbols import Untraceable
from sim.page.claims import documents_data, questions
from sim.page.data import gzipped, page_data, repeat_command
from sim.page.static_page import PAGE, environment, source_hash
from sim.views.text.case_words import spelled_cards
from sim.views.wording import NOT_A_FORECAST, capital, interval, not_verified, share_of_runs

KERNEL = Path(sim.kernel.__file__).resolve().parent
TEMPLATE = "explorer.html.j2"
STYLES = ("style.css", "explorer.css")
SCRIPTS = (
    "dom", "yaml", "state", "statistics", "scenario", "codes", "position", "kernel", "engine", "words", "calendar",
    "claims", "chain", "squares", "compare", "qr", "position_panel", "class", "seat", "advice", "seat_panel", "unzip",
    "app",
)  # as they need each other  # fmt: skip
LOADER = ("unzip", "start")
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\.{1,2}/(?:kernel/)?(\w+)\.mjs";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|function|class)\s+(\w+))", re.MULTILINE)
_COMMENT = re.compile(r"^ *// .*\n|^ */\*\*(?s:.*?)\*/\n|(?<=[;,{)]) // .*$", re.MULTILINE)
_INDENT = re.compile(r"^\s+", re.MULTILINE)


def write_report(
    ensembles: Sequence[Ensemble],
    path: Path,
    *,
    case: Path | str | None = None,
    reading: Sequence[Mapping[str, str]] = (),
) -> Path:
    """Write the page of one or several scenarios, whole or not at all; ``case`` is the folder that they come from.

    ``reading`` are texts to include, each with a title, an id and its HTML. Raises CannotWrite.
    """
    text = page(ensembles, cards_of(ensembles, case), case, reading)
    write_text(path, text)
    return path


def cards_of(ensembles: Sequence[Ensemble], case: Path | str | None) -> tuple[Card, ...]:
    """The source cards of the claims; none when they have gone since the run."""
    try:
        cards = read_case_cards(Reading(find_case(case)))
    except InputError:
        return ()
    known = {claim.id for card in cards for claim in card.given.claims}
    return spelled_cards(cards) if known >= set(ensembles[0].scenario.ledger.claims) else ()


def page(
    ensembles: Sequence[Ensemble],
    cards: Sequence[Card],
    case: Path | str | None = None,
    reading: Sequence[Mapping[str, str]] = (),
) -> str:
    """The HTML of the page. Where the model cannot be compiled, the page shows the run's tables and says why."""
    scenarios, why, data = [each.scenario for each in ensembles], "", None
    try:
        data = page_data(ensembles, cards, case)
    except (ImportError, Untraceable) as error:
        why = clean_text(str(error), 200)
    style = "\n".join(_INDENT.sub("", (PAGE / name).read_text("utf-8")) for name in STYLES)
    script, loader = (bundle(SCRIPTS), bundle(LOADER)) if data else ("", "")
    policy = (
        f"default-src 'none'; style-src {source_hash(style)}; "
        f"script-src {source_hash(loader)} {source_hash(script)} 'wasm-unsafe-eval'; "
        "worker-src blob:; base-uri 'none'; form-action 'none'"
    )
    return environment().get_template(TEMPLATE).render(
        policy=policy, style=Markup(style), loader=Markup(loader), script=gzipped(script.encode("utf-8")),
        data=compressed(data) if data else "", why=why,
        version=ensembles[0].version, heading=clean_text(scenarios[0].question or scenarios[0].title, 400),
        tables=[_table(each) for each in ensembles], reading=reading, questions=questions(cards),
        documents=documents_data(cards), commands=[repeat_command(each) for each in ensembles],
        not_a_forecast=NOT_A_FORECAST, not_verified=not_verified(scenarios[0].ledger),
    )  # fmt: skip


def bundle(names: Sequence[str]) -> str:
    """Modules of the page as one script: each becomes a function that returns its exports."""
    return "const modules = {};\n" + "".join(_module(name) for name in names)


def _module(name: str) -> str:
    path = (KERNEL if name == "kernel" else PAGE) / f"{name}.mjs"
    text = _COMMENT.sub("", path.read_text("utf-8"))
    text = _IMPORT.sub(lambda found: f"const {{{found[1].replace(' as ', ': ')}}} = modules.{found[2]};\n", text)
    names = ", ".join(_EXPORT.findall(text))
    return f"modules.{name} = (() => {{\n{_INDENT.sub('', _EXPORT.sub('', text))}return {{ {names} }};\n}})();\n"


def compressed(data: Mapping[str, Any]) -> str:
    """Compressed JSON."""
    return gzipped(json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8"))


def _table(ensemble: Ensemble) -> dict[str, Any]:
    """The run's table and one chart, for readers without JavaScript."""
    found = outcome_probabilities(ensemble)
    rows = [
        {"name": rule.name, "label": capital(rule.label), "says": rule.says, "percent": share_of_runs(found[rule.name]),
         "interval": interval(found[rule.name]), "width": f"{100 * found[rule.name].probability:.2f}",
         "probability": f"{found[rule.name].probability:.4f}"}
        for rule in ensemble.scenario.case.outcomes
    ]  # fmt: skip
    scenario = ensemble.scenario
    return {
        "title": clean_text(scenario.title, 400),
        "question": clean_text(scenario.question, 400),
        "runs": f"{ensemble.runs:,}",
        "rows": rows,
    }
