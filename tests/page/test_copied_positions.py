"""Page = run, to the run: what the page shows of a position against a fresh run of the file that it copies.

Every shipped scenario beside the one it is read against, and twelve random positions (SUMMITRY_POSITIONS of them where
that is set): counts, means, marks, and the numbers in the page's live sentence. The page's modules run under Node.
"""

from __future__ import annotations

import json
import math
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sim.analysis.compare import compare
from sim.analysis.summit_chain import chain
from sim.ensemble.intervals import measure_means
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.inputs.catalogue import listed_scenarios
from sim.inputs.scenario import load_scenario
from sim.page.data import page_data
from sim.page.explorer import cards_of

HERE = Path(__file__).parent
RUNS, MANY = 128, int(os.environ.get("SUMMITRY_POSITIONS", "12"))

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


@pytest.fixture(scope="module")
def shipped() -> dict[str, Ensemble]:
    return {each.name: run(load_scenario(each.name), RUNS, workers=1) for each in listed_scenarios()}


@pytest.fixture(scope="module")
def shown(shipped: dict[str, Ensemble], tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("positions")
    ensembles = list(shipped.values())
    data, out = folder / "data.json", folder / "out.json"
    data.write_text(json.dumps(page_data(ensembles, cards_of(ensembles, None), None)), "utf-8")
    subprocess.run(["node", str(HERE / "copied_positions.mjs"), str(data), str(out), str(MANY)], check=True)
    found: list[dict[str, Any]] = json.loads(out.read_text("utf-8"))
    assert len(found) == len(ensembles) + MANY
    return found


@pytest.fixture(scope="module")
def runs(shown: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> list[Ensemble]:
    """A fresh run of every copied file."""
    folder = tmp_path_factory.mktemp("copied")
    found = []
    for place, each in enumerate(shown):
        path = folder / f"position-{place}.yaml"
        path.write_text(each["text"], "utf-8")
        found.append(run(load_scenario(path), RUNS, workers=1))
    return found


def test_counts_and_means_are_those_of_a_run_of_the_copied_file(
    shown: list[dict[str, Any]], runs: list[Ensemble]
) -> None:
    for each, fresh in zip(shown, runs, strict=True):
        assert [row[0] for row in each["outcomes"].values()] == fresh.counts[-1].tolist(), each["text"]
        means = measure_means(fresh)
        for name, (mean, n, *_) in each["measures"].items():
            if name in means and mean is not None and n:
                assert mean == pytest.approx(means[name].mean, abs=2e-6, rel=1e-5), (name, each["text"])


def test_gains_have_the_intervals_of_the_run(shown: list[dict[str, Any]], runs: list[Ensemble]) -> None:
    for each, fresh in zip(shown, runs, strict=True):
        means = measure_means(fresh)
        for state, (noise, better, its_noise) in each["gains"].items():
            gained, share = means[f"gained.{state}"], means[f"better.{state}"]
            if gained.se:  # without any meeting every gain is nothing
                assert noise == pytest.approx(gained.half, rel=1e-3), each["text"]
            assert (better, its_noise) == pytest.approx((share.mean, share.half), abs=1e-5)


def test_a_copied_file_and_a_code_read_back_as_the_position(shown: list[dict[str, Any]]) -> None:
    assert all(each["reads"] for each in shown)


def test_the_file_of_a_scenario_is_understood_whole(shown: list[dict[str, Any]], shipped: dict[str, Ensemble]) -> None:
    found = {name: each["pasted"] for name, each in zip(shipped, shown, strict=False)}
    case = found.pop("baseline")  # the whole case is no position: each of its keys is refused, with the way to play it
    assert all(each.startswith("line ") and each.endswith("summitry run FILE") for each in case)
    assert found == dict.fromkeys(found, True)


def test_marks_are_those_of_compare(
    shown: list[dict[str, Any]], runs: list[Ensemble], shipped: dict[str, Ensemble]
) -> None:
    for each, fresh in zip(shown, runs, strict=True):
        if not each["flips"]:
            continue
        found = compare(shipped[each["before"]], fresh)
        assert each["flips"] == round(found.changed * RUNS)
        for name, (_, difference, stands_out) in each["outcomes"].items():
            assert difference == pytest.approx(found.outcomes[name].difference, abs=1e-9)
            assert stands_out == found.outcomes[name].stands_out
        for name, (*_, difference, half) in each["measures"].items():
            if name in found.measures:
                other = found.measures[name]
                here = [math.nan if value is None else value for value in (difference, half)]
                assert here == pytest.approx([other.difference, other.half], rel=1e-3, abs=1e-6, nan_ok=True), name


def test_the_sentence_says_what_the_numbers_say(shown: list[dict[str, Any]], runs: list[Ensemble]) -> None:
    changed = [each for each in shown if each["sentence"].startswith("Your change")]
    assert len(changed) > MANY
    for each, fresh in zip(shown, runs, strict=True):
        if each not in changed:
            continue
        text, measures = each["sentence"], each["measures"]
        table, leverage = chain(fresh), re.search(r"leverage over Trump when they first meet: \S+ → (\.\d\d)\.", text)
        if table and leverage and table.pair.id == "KU":
            assert float(leverage[1]) == pytest.approx(table.leverage[0], abs=0.0051)
        assert f"turns {each['flips']:,} of the same {RUNS} runs" in text
        terms = re.search(r"terms with Trump: (\d+) → (\d+)( \(within the noise\))?\.", text)
        mean, n, marked, before, *_ = measures["first_us_terms"]
        if n and before is not None:
            assert terms
            assert bool(terms[3]) == (terms[1] != terms[2] and not marked)
            assert (int(terms[1]), int(terms[2])) == (int(100 * before + 0.5), int(100 * mean + 0.5))
            gains = re.search(r"Kim gains by all meetings: −?(\.\d\d) → −?(\.\d\d)(?: \(within the noise\))?\.", text)
            assert gains
            assert float(gains[2]) == pytest.approx(abs(measure_means(fresh)["gained.DPRK"].mean), abs=0.0051)
            text = text.replace(gains[0], "")
        loud = [name for name, row in each["outcomes"].items() if row[2]]
        loud += [name for name, row in measures.items() if row[2] and name not in ("first_us_terms", "gained.DPRK")]
        named = text.count(" ± ")
        counted = sum(int(number) for number in re.findall(r"(\d+) (?:more )?(?:ending|measure)s?", text))
        assert named + counted == len(loud), text
        assert ("Nothing else differs" in text) == (not loud)
