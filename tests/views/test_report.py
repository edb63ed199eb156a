"""The page as text: policy, escaping, size, what it embeds and what it says."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from sim.analysis.compare import against_first
from sim.analysis.explain import explain
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.inputs.scenario import load_scenario
from sim.views.citations import spelled_cards
from sim.views.page.report import bundle, cards_of, page, safe_json, write_report
from sim.views.page.report_claims import causes, decisive
from sim.views.wording import NOT_A_FORECAST, credence, credence_percent

WIDE, SMALL = 600, 208
EVIL = "</script><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7*7 }} \"'& \u2028 $x$ \x1b[31m"


class Reader(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def having(self, attribute: str) -> list[dict[str, str | None]]:
        return [attributes for _, attributes in self.tags if attribute in attributes]


@pytest.fixture(scope="module")
def history() -> Ensemble:
    return run(load_scenario("history"), 600)


@pytest.fixture(scope="module")
def text(history: Ensemble) -> str:
    return page([history], cards_of([history], None), WIDE, SMALL)


def embedded(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


def test_hooks(text: str, history: Ensemble) -> None:
    reader = Reader(text)
    bars = reader.having("data-outcome")
    assert [bar["data-outcome"] for bar in bars] == list(history.names.outcomes)
    for bar, count in zip(bars, history.counts[-1], strict=True):
        assert bar["data-probability"] == f"{count / history.runs:.4f}"
    sliders = reader.having("data-claim")
    assert sorted(str(slider["data-claim"]) for slider in sliders) == sorted(history.scenario.ledger.claims)
    assert {(slider["type"], slider["min"], slider["max"]) for slider in sliders} == {("range", "0", "100")}
    assert len(reader.having("data-effective-runs")) == len(reader.having("data-reset")) == 1


def test_it_reads_like_a_page(text: str, history: Ensemble) -> None:
    assert f"<h1>{history.scenario.question}</h1>" in text
    plain = html.unescape(text)
    assert plain.count(NOT_A_FORECAST) >= 2
    for heading in ("What happens", "How it ends", "Which claims do the work", "Two kinds of not knowing", "To discuss",
                    "What is assumed", "How to repeat it", "My position"):  # fmt: skip
        assert f">{heading}<" in text
    assert "summitry run history -n 600 --seed 2018" in plain
    for claim in history.scenario.ledger.claims.values():
        assert claim.claim in plain
        for place in claim.places:
            assert f"paragraph {place.paragraph}" in plain
            assert place.phrase is None or place.phrase in plain


def test_what_a_claim_does_to_behaviour_is_there(text: str) -> None:
    plain = html.unescape(text)
    for part in (
        "Where it holds: The United States presses harder: likelier, by 0.2 times a US or South Korean summit is near.",
        "(dial of both-or-neither)): set to 0.", "it weakens us-sole-economic-key and china-sole-ear",
    ):  # fmt: skip
        assert part in plain


def test_the_page_tells_the_effects_that_explain_marks_in_its_order() -> None:
    ensemble = run(load_scenario("xi-first"), 3_000)
    found, work = explain(ensemble), decisive(ensemble)
    labels = {rule.name: rule.label for rule in ensemble.scenario.case.outcomes}
    marked = [(each.name, labels[each.quantity], each.effect) for each in found.effects if each.stands_out]
    told = [(claim, each.outcome, each.change) for claim, does in work.items() for each in does.effects]
    assert len(marked) > 10
    assert sorted(each[:2] for each in told) == sorted(each[:2] for each in marked)
    assert sum(each[2] for each in told) == pytest.approx(sum(each[2] for each in marked))
    assert {claim: does.moved for claim, does in work.items()} == pytest.approx(found.moved)
    loud = [name for name in sorted(found.moved, key=lambda name: -found.moved[name]) if work[name].effects]
    groups = list(dict.fromkeys(ensemble.scenario.ledger.claims[name].group for name in loud))
    shown = causes([ensemble], [work], cards_of([ensemble], None))
    assert [cause["label"] for cause in shown[: len(groups)]] == [group.replace("-", " ") for group in groups]


def test_no_document_is_called_by_a_number(text: str) -> None:
    read = html.unescape(text.split('<script type="application/json"')[0].split("</style>")[1])
    assert not re.search(r"(?<![\w.,])00[0134](?![\w.])", read)
    assert "mansudae-2019 p7" in read


def test_both_codings_and_doubts_are_there(text: str, history: Ensemble) -> None:
    plain = html.unescape(text)
    for card in spelled_cards(cards_of([history], None)):
        for claim in card.given.claims:
            for coding in (claim.codings.first, claim.codings.second):
                assert (coding.doubt or "")[:200] in plain
    assert plain.count("<b>Second coding:</b>") == len(history.scenario.ledger.claims)


def test_the_policy_allows_this_style_and_script_and_nothing_else(text: str) -> None:
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    rules = html.unescape(policy[1])
    assert rules.startswith("default-src 'none';")
    assert "unsafe" not in rules
    for pattern, name in (
        (r"<style>(.*?)</style>", "style-src"),
        (r'<script type="module">(.*?)</script>', "script-src"),
    ):
        part = re.search(pattern, text, re.DOTALL)
        assert part
        digest = base64.b64encode(hashlib.sha256(part[1].encode()).digest()).decode()
        assert f"{name} 'sha256-{digest}'" in rules
    assert not re.search(r'\s(style|on\w+)="', text)
    assert not re.search(r'(src|href)="(?!#)', text)
    assert "http://" not in text.replace("http://www.w3.org", "")
    assert "https://" not in text


def test_strangers_text_stays_text(history: Ensemble) -> None:
    claims = {id: replace(claim, claim=EVIL) for id, claim in history.scenario.ledger.claims.items()}
    scenario = replace(
        history.scenario, title=EVIL, question=EVIL, note=EVIL, changes=(EVIL,), overrides=(f"title={EVIL}",),
        ledger=replace(history.scenario.ledger, claims=claims),
        summits=tuple(replace(summit, note=EVIL) for summit in history.scenario.summits),
        events=tuple(replace(event, note=EVIL) for event in history.scenario.events),
    )  # fmt: skip
    hostile = replace(history, scenario=scenario)
    text = page([hostile, hostile], cards_of([hostile], None), 40, 24)
    reader = Reader(text)
    assert [tag for tag, _ in reader.tags].count("script") == 2
    assert not [
        attributes
        for tag, attributes in reader.tags
        if tag == "img" or any(name.startswith("on") for name in attributes)
    ]
    assert "49 " not in text.split("<main>")[0]
    assert "\x1b" not in text
    assert embedded(text)["scenarios"][0]["title"].startswith("</script>")


def test_json_holds_no_tag() -> None:
    written = safe_json({"a": "</script><!--& \u2028\u2029 é"})
    assert not set("<>&\u2028\u2029") & set(written)
    assert json.loads(written) == {"a": "</script><!--& \u2028\u2029 é"}
    with pytest.raises(ValueError, match="not JSON compliant"):
        safe_json({"a": float("nan")})


def test_the_modules_make_one_script_of_distinct_names() -> None:
    script = bundle()
    assert not re.search(r"^(import|export)\b", script, re.MULTILINE)
    source = Path(__file__).parents[2] / "sim" / "views" / "page"
    names = [
        name
        for path in source.glob("*.mjs")
        for name in re.findall(
            r"^(?:export )?(?:async )?(?:function|const|let) (\w+)", path.read_text("utf-8"), re.MULTILINE
        )
    ]
    assert len(names) == len(set(names)) > 40
    for name in names:
        assert re.search(rf"\b{name}\b", script)


def test_columns_are_the_worlds(text: str, history: Ensemble) -> None:
    from sim.views.page.report_worlds import pulled

    data = embedded(text)
    own = data["scenarios"][0]["ensembles"][0]
    again = run(pulled(history.scenario), 2 * WIDE, history.seed)
    for place, row in zip(own["holds"], again.holds, strict=True):
        packed = np.frombuffer(base64.b64decode(data["columns"][place]), np.uint8)
        assert (np.unpackbits(packed)[:WIDE] == row).all()
    ends = np.frombuffer(base64.b64decode(own["ends"]), np.uint8)
    assert (ends % len(data["outcomes"]) == again.classes[-1, 0::2]).all()
    assert own["credence"] == [claim.credence for claim in history.scenario.ledger.claims.values()]
    assert own["shown"]["probability"] == (history.counts[-1] / history.runs).tolist()


def test_switches_are_authors_and_codings(text: str, history: Ensemble) -> None:
    data = embedded(text)
    documents = {claim.document for claim in history.scenario.ledger.claims.values()}
    ids = [variant["id"] for variant in data["variants"]]
    assert ids == ["own", *(f"document:{id}" for id in sorted(documents)), "coding:first", "coding:second"]
    for variant, ensemble in zip(ids, data["scenarios"][0]["ensembles"], strict=True):
        kind, _, name = variant.partition(":")
        setting = {"own": [], "document": [f"assume.documents.{name}=off"], "coding": [f"assume.coding={name}"]}[kind]
        fresh = load_scenario("history", set=setting)
        assert ensemble["credence"] == [claim.credence for claim in fresh.ledger.claims.values()]
        assert ensemble["worlds"] == (WIDE if kind == "own" else SMALL)


def test_several_scenarios_share_their_columns(text: str) -> None:
    both = [run(load_scenario(name), 200) for name in ("history", "no-hawk")]
    together = page(both, cards_of(both, None), WIDE, SMALL)
    assert len(embedded(together)["columns"]) == len(embedded(text)["columns"])
    assert [each["name"] for each in embedded(together)["scenarios"]] == ["history", "no-hawk"]
    assert 'value="all"' in together


def test_one_credence_has_one_figure(text: str) -> None:
    plain = html.unescape(text)
    assert "Credence <b data-credence>52.5</b>%" in plain
    assert "with a chance of 52.5%." in plain
    assert (credence(0.525), credence(0.85), credence(0.5)) == ("0.525", "0.85", "0.50")
    assert (credence_percent(0.525), credence_percent(0.85), credence_percent(1.0)) == ("52.5%", "85%", "100%")


def test_runs_are_called_runs(text: str) -> None:
    read = html.unescape(text.split("</style>")[1])
    for part in ("share of runs that end so", "The run itself played 300 of them twice: 600 runs."):
        assert part in read
    assert "of 100 worlds" not in read
    assert "of worlds that end so" not in read


def test_side_by_side_is_marked_as_compare_marks_it() -> None:
    both = [run(load_scenario(name), 2_000) for name in ("xi-first", "no-china", "drawdown-gift")]
    data = embedded(page(both, (), 200, 104))
    found = against_first(*both)
    assert [each["outcomes"]["told"] for each in data["against"]] == [
        [one.outcomes[name].stands_out for name in both[0].names.outcomes] for one in found
    ]
    assert [each["outcomes"]["error"] for each in data["against"]] == [
        [one.outcomes[name].se for name in both[0].names.outcomes] for one in found
    ]
    assert len(data["against"][0]["measures"]["told"]) == len(data["measures"])
    assert data["holm"] == pytest.approx([NormalDist().inv_cdf(1 - 0.025 / k) for k in range(1, 19)])
    other_seed = [both[0], run(load_scenario("no-china"), 400, 5)]
    assert embedded(page(other_seed, (), 200, 104))["against"][0]["outcomes"]["told"] is None


def test_a_scenario_that_excludes_claims_fixes_their_sliders() -> None:
    settings = ["assume.claims.both-or-neither=on", "assume.documents.mansudae-2019=off", "assume.coding=first"]
    ensemble = run(load_scenario("history", set=settings), 200)
    text = page([ensemble], cards_of([ensemble], None), 200, 104)
    sliders = {slider["data-claim"]: slider for slider in Reader(text).having("data-claim")}
    for id, claim in ensemble.scenario.ledger.claims.items():
        assert ("disabled" in sliders[id]) == (claim.credence in (0.0, 1.0))
    ids = [variant["id"] for variant in embedded(text)["variants"]]
    assert "document:mansudae-2019" not in ids
    assert {"coding:pooled", "coding:second"} < set(ids)
    assert "coding:first" not in ids


def test_without_cards_the_page_still_stands(history: Ensemble) -> None:
    text = page([history], (), 200, 104)
    assert [variant["id"] for variant in embedded(text)["variants"]] == ["own"]
    assert len(Reader(text).having("data-claim")) == len(history.scenario.ledger.claims)


@pytest.mark.parametrize("runs", [1, 3])
def test_the_smallest_run_has_a_page(runs: int) -> None:
    ensemble = run(load_scenario("history", months=0), runs)
    assert "data-outcome" in page([ensemble], (), 40, 24)


def test_the_file_appears_whole(tmp_path: Path, history: Ensemble) -> None:
    path = write_report([history], tmp_path / "new" / "report.html", wide=40, small=24)
    assert [each.name for each in path.parent.iterdir()] == ["report.html"]
    assert path.read_text("utf-8").startswith("<!doctype html>")
