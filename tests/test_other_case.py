"""The building is not built for one story: a second case runs on everything, and nothing in sim/ knows the first."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import tokenize
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from sim.inputs.case_folder import ROOT_SCENARIO, find_case
from sim.inputs.scenario import load_scenario
from tests.class_of_students import CASE

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.usefixtures("no_pixels")


def names_of_the_shipped_case() -> set[str]:
    """States, levers, ties, pairs, packages, outcomes, claims and documents, if no plain English word."""
    scenario = load_scenario("baseline")
    case, ledger = scenario.case, scenario.ledger
    names = {*case.states, *case.pairs, *case.packages, *case.variables, *case.derived, *case.flags, *case.measures}
    names |= {rule.name for rule in case.outcomes} | set(ledger.claims)
    names |= {claim.document for claim in ledger.claims.values()}
    names |= {name for name in find_case().names() if name != ROOT_SCENARIO}
    return names - PLAIN_WORDS


# Names of the case that are words of the program too: they say nothing of Korea.
PLAIN_WORDS = {"ahead", "dividend", "history", "neither", "options", "price", "tests"}


def words_of_the_code(path: Path) -> set[str]:
    """Names and words of strings of a Python file, without comments and docstrings, which may give examples."""
    found: set[str] = set()
    before = tokenize.NEWLINE
    for token in tokenize.generate_tokens(io.StringIO(path.read_text("utf-8")).readline):
        docstring = token.type == tokenize.STRING and before in (
            tokenize.NEWLINE,
            tokenize.INDENT,
            tokenize.NL,
            tokenize.ENCODING,
        )
        if token.type in (tokenize.NAME, tokenize.STRING) and not docstring:
            found |= set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9]+)*", token.string))
        if token.type != tokenize.COMMENT:
            before = token.type
    return found


def test_nothing_in_sim_names_what_belongs_to_the_shipped_case() -> None:
    names = names_of_the_shipped_case()
    assert {"DPRK", "us_troops", "mirage", "both-or-neither", "new-statesman-2018"} <= names
    named = {
        str(path.relative_to(ROOT)): sorted(words_of_the_code(path) & names)
        for path in sorted((ROOT / "sim").rglob("*.py"))
    }
    old = named.pop("sim/inputs/renamed_keys.py")  # what version 3 of the shipped case called things
    assert "leverage_centre" not in names
    assert old
    named["sim/views/charts/style.py"].remove("KR")  # of the names of fonts
    assert {path: found for path, found in named.items() if found} == {}


@pytest.fixture
def summitry(told_of: Callable[..., str]) -> Callable[..., str]:
    return partial(told_of, CASE)


def test_run_and_its_folder(summitry, tmp_path: Path) -> None:
    document = json.loads(summitry("run", "river", "-n", "400", "--json"))
    assert set(document["outcomes"]) == {"shooting", "water-flows", "standoff", "as-before"}
    assert sum(each["count"] for each in document["outcomes"].values()) == 400
    [folder] = (tmp_path / "results").glob("river~*")  # fewer runs than the plain run's
    assert {"report.html", "runs.csv", "manifest.json"} <= {path.name for path in folder.iterdir()}


def test_check_list_and_claims(summitry) -> None:
    files = [str(path) for folder in ("scenarios", "seeds") for path in sorted((CASE / folder).glob("*.yaml"))]
    assert "no fault" in summitry("check", *files)
    assert "river" in summitry("list")
    assert "4 of 4 cited places" in summitry("claims", "verify", str(CASE / "documents"))
    assert "Krippendorff" in summitry("claims", "agreement")
    assert "the Delta" in summitry("claims", "wells-make-polite")


def test_the_leagues_summit_matters(summitry) -> None:
    document = json.loads(summitry("compare", "no-league", "river", "-n", "4000", "--json"))
    assert document["differences"]["water-flows"]["low"] > 0
    assert document["differences"]["standoff"]["high"] < 0


def test_its_claims_do_work(summitry) -> None:
    effects = json.loads(summitry("explain", "river", "-n", "4000", "--json"))["effects"]
    assert {row["claim"] for row in effects} == {
        "hand-on-the-throat",
        "tolls-are-an-argument",
        "wells-make-polite",
        "one-shot-ends-it",
    }
    loudest = effects[0]
    assert abs(loudest["effect"]) > 3 * loudest["se"]


def embedded(page: str) -> Any:
    """What a page's script starts from."""
    found = re.search(r'id="data">([^<]*)<', page)
    assert found
    return json.loads(gzip.decompress(base64.b64decode(found[1])))


def test_report_story_leverage_and_diff(summitry, tmp_path: Path) -> None:
    summitry("report", "river", "no-league", "-n", "400", "--out", "page.html")
    page = (tmp_path / "page.html").read_text("utf-8")
    assert 'data-outcome="water-flows"' in page
    data = embedded(page)
    assert "wells-make-polite" in [claim["id"] for claim in data["claims"]]
    assert "Korea" not in page + json.dumps(data)
    assert "Delta" in summitry("story", "river")
    assert "wells-make-polite" in summitry("leverage", "river", "--pair", "UPLANDS,DELTA")
    assert "2031-05" in summitry("diff", "baseline", "river", "-n", "400")
