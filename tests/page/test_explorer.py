"""The page as text: policy, escaping, size, what it carries."""

from __future__ import annotations

import base64
import gzip
import html
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.inputs.scenario import load_scenario
from sim.kernel.symbols import Untraceable
from sim.page import explorer
from sim.page.data import main_pair, short_name
from sim.page.explorer import SCRIPTS, bundle, cards_of, compressed, page
from sim.page.static_page import source_hash
from sim.views.wording import NOT_A_FORECAST

EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }} \"'& \u2028 $x$ \x1b[31m"
LARGEST = 400_000  # bytes of a page of one scenario


class Reader(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def played() -> Ensemble:
    return run(load_scenario("xi-first"), 400)


@pytest.fixture(scope="module")
def text(played: Ensemble) -> str:
    return page([played], cards_of([played], None))


def unpacked(text: str, id: str) -> str:
    found = re.search(rf'id="{id}">([^<]*)</script>', text)
    assert found
    return gzip.decompress(base64.b64decode(found[1])).decode("utf-8")


def embedded(text: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(unpacked(text, "data"))
    return data


def test_a_page_of_one_scenario_is_small(text: str) -> None:
    assert len(text.encode()) < LARGEST


def test_it_carries_the_run_the_calendar_and_every_claim(text: str, played: Ensemble) -> None:
    data = embedded(text)
    (scenario,) = data["scenarios"]
    counts = played.counts[-1].tolist()
    assert scenario["run"] == {"runs": played.runs, "seed": played.seed, "counts": counts}
    assert [each["month"] for each in scenario["summits"]] == [each.month for each in played.scenario.summits]
    assert [claim["id"] for claim in data["claims"]] == list(played.scenario.ledger.claims)
    for claim in data["claims"]:
        places = played.scenario.ledger.claims[claim["id"]].places
        assert [place[:2] for place in claim["places"]] == [[each.document, each.paragraph] for each in places]
        assert len(claim["codings"]) == 2


def test_the_numbers_are_those_of_the_scenario(text: str, played: Ensemble) -> None:
    (kernel,) = embedded(text)["kernels"]
    numbers = dict(zip(kernel["layout"]["numbers"], kernel["numbers"], strict=True))
    for id, claim in played.scenario.ledger.claims.items():
        assert numbers[f"ledger.claims.{id}.credence"] == claim.credence
    assert numbers["case.parameters.lam.mode"] == played.scenario.case.parameters["lam"].mode


def test_scenarios_of_one_structure_share_a_compiled_model() -> None:
    both = [run(load_scenario(name), 40) for name in ("xi-first", "xi-fourth", "balanced-ledger")]
    data = embedded(page(both, cards_of(both, None)))
    assert len(data["kernels"]) == 1
    assert data["scenarios"][1]["numbers"] == []  # only the calendar differs
    assert data["scenarios"][2]["numbers"] != []


def test_the_policy_allows_this_style_this_script_the_model_and_its_worker(text: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    rules = html.unescape(policy[1])
    style, loader = (re.search(each, text, re.DOTALL) for each in (r"<style>(.*?)</style>", r'"module">(.*?)</script>'))
    assert style
    assert loader
    assert dict(rule.split(" ", 1) for rule in rules.split("; ")) == {
        "default-src": "'none'",
        "style-src": source_hash(style[1]),
        "script-src": f"{source_hash(loader[1])} {source_hash(unpacked(text, 'script'))} 'wasm-unsafe-eval'",
        "worker-src": "blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert not re.search(r'<[^>]*\s(style|on\w+)="', text.split("<script")[0])
    assert not re.search(r'(src|href)="(?!#)', text.split("<script")[0])


def test_strangers_text_stays_text(played: Ensemble) -> None:
    claims = {id: replace(claim, claim=EVIL) for id, claim in played.scenario.ledger.claims.items()}
    scenario = replace(
        played.scenario, title=EVIL, question=EVIL, note=EVIL, changes=(EVIL,),
        ledger=replace(played.scenario.ledger, claims=claims),
        summits=tuple(replace(summit, note=EVIL) for summit in played.scenario.summits),
    )  # fmt: skip
    hostile = replace(played, scenario=scenario)
    text = page([hostile], cards_of([hostile], None))
    tags = Reader(text).tags
    assert [tag for tag, _ in tags].count("script") == 3
    assert not [given for tag, given in tags if tag == "img" or any(name.startswith("on") for name in given)]
    assert "49 " not in text.split("<main>")[0]
    assert "\x1b" not in text
    assert embedded(text)["scenarios"][0]["title"].startswith("</script>")


def test_without_a_compiled_model_it_shows_the_table_and_says_why(
    played: Ensemble, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise Untraceable("behaviour always-hold")

    monkeypatch.setattr(explorer, "page_data", refuse)
    text = page([played], ())
    assert "could not be compiled for this page (behaviour always-hold)" in text
    assert text.count("<script") == 0
    assert NOT_A_FORECAST in text


def test_without_javascript_the_table_stands_there(text: str, played: Ensemble) -> None:
    plain = html.unescape(re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL))
    assert "JavaScript is off" in plain
    for rule in played.scenario.case.outcomes:
        assert rule.says in plain
    assert "summitry run xi-first -n 400 --seed 2018" in plain


def test_the_modules_are_one_script_without_imports() -> None:
    script = bundle(SCRIPTS)
    assert not re.search(r"^(import|export)\b", script, re.MULTILINE)
    assert "</script" not in script
    defined = set(re.findall(r"^modules\.(\w+) = ", script, re.MULTILINE))
    used = re.findall(r"= modules\.(\w+);", script)
    assert set(used) <= defined
    for name in used:
        assert script.index(f"modules.{name} = ") < script.index(f"= modules.{name};")


def test_data_hold_no_tag() -> None:
    assert re.fullmatch(r"[A-Za-z0-9+/=]+", compressed({"a": EVIL}))
    with pytest.raises(ValueError, match="not JSON compliant"):
        compressed({"a": float("nan")})


def test_the_page_speaks_of_the_pair_that_the_case_measures(played: Ensemble) -> None:
    case = played.scenario.case
    assert main_pair(case) == "KU"
    assert [short_name(case, state) for state in case.states.values()] == ["Kim", "Xi", "Trump", "Moon", "Putin"]
