"""A class in the page gives the figures of `summitry classroom` on the same files; codes hold what files hold."""

from __future__ import annotations

import base64
import json
import random
import shutil
import subprocess
import zlib
from pathlib import Path
from typing import Any

import pytest

from sim.classroom.class_files import read_class
from sim.classroom.positions import Classroom, classroom
from sim.ensemble.run import run
from sim.inputs.scenario import load_scenario
from sim.page.data import page_data
from sim.page.explorer import cards_of

HERE = Path(__file__).parent
STUDENTS, RUNS, SEED = 12, 400, 2018

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dozen positions: a few credences each, some without a document, some other calendars."""
    folder, draw = tmp_path_factory.mktemp("students"), random.Random(7)
    claims = list(load_scenario("xi-first").ledger.claims)
    for place in range(STUDENTS):
        picked = draw.sample(claims, 6)
        lines = [f"    {claim}: {{credence: {draw.choice([0, 0.1, 0.5, 0.9, 1])}}}" for claim in picked]
        text = "schema: 1\nextends: xi-first\ntitle: Mine\nquestion: Why?\n"
        text += "drop_events: [tariffs]\n" if place % 7 == 0 else ""
        text += "assume:\n" + ("  documents: {mansudae-2019: off}\n" if place % 5 == 1 else "")
        (folder / f"student-{place:02}.yaml").write_text(text + "  claims:\n" + "\n".join(lines) + "\n", "utf-8")
    return folder


@pytest.fixture(scope="module")
def found(folder: Path) -> Classroom:
    return classroom(read_class(folder, "xi-first"), RUNS, SEED)


@pytest.fixture(scope="module")
def shown(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    work = tmp_path_factory.mktemp("class")
    ensembles = [run(load_scenario("xi-first"), 128, SEED, workers=1)]
    data, files, out = work / "data.json", work / "files.json", work / "out.json"
    data.write_text(json.dumps(page_data(ensembles, cards_of(ensembles, None), None)), "utf-8")
    texts = [{"name": path.stem, "text": path.read_text("utf-8")} for path in sorted(folder.iterdir())]
    files.write_text(json.dumps(texts), "utf-8")
    subprocess.run(["node", str(HERE / "class_found.mjs"), str(data), str(files), str(out), str(RUNS)], check=True)
    read: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return read


def test_endings_and_deciding_claims_are_those_of_classroom(found: Classroom, shown: dict[str, Any]) -> None:
    assert shown["refused"] == []
    assert shown["start"] == pytest.approx(list(found.start.values()))
    assert shown["pooled"] == pytest.approx(list(found.pooled.values()), abs=0.004)  # means in float64 and float32
    assert shown["mixed"] == pytest.approx(list(found.mixed.values()))
    assert [each["name"] for each in shown["readers"]] == [each.name for each in found.positions]  # Student 1, 2, ...
    for each, position in zip(shown["readers"], found.positions, strict=True):
        assert each["shares"] == pytest.approx(list(position.shares.values()))
        assert each["deciding"] == (position.deciding.claim if position.deciding else None)


def test_the_most_opposed_are_the_same_two(found: Classroom, shown: dict[str, Any]) -> None:
    assert found.opposed
    pair = [found.positions[found.opposed.one].name, found.positions[found.opposed.other].name]
    assert [shown["opposed"]["one"], shown["opposed"]["other"]] == pair
    assert shown["opposed"]["points"] == pytest.approx(found.opposed.whole.points)
    tried = {gap.claim for gap in found.opposed.gaps}
    assert {claim for claim, _ in shown["opposed"]["gaps"]} == tried
    both = {" and ".join(each.claims): each.what.points for each in found.opposed.together}
    assert dict(shown["opposed"]["together"]) == pytest.approx(both)


def test_agreement_is_that_of_classroom(found: Classroom, shown: dict[str, Any]) -> None:
    mine, credences = shown["credences"], found.credences
    assert (mine["alpha"], mine["claims"], mine["values"]) == (
        pytest.approx(credences.alpha), credences.claims, credences.values,
    )  # fmt: skip
    assert [claim for claim, _ in mine["spreads"]] == [each.claim for each in credences.spreads]
    assert [value for _, value in mine["spreads"]] == pytest.approx([each.agreement for each in credences.spreads])


def test_a_code_is_a_checksum_and_deflated_json(shown: dict[str, Any]) -> None:
    assert shown["again"] == STUDENTS
    for code in shown["codes"]:
        assert code.startswith("S1")
        whole = base64.urlsafe_b64decode(code[2:] + "=" * (-len(code[2:]) % 4))
        text = zlib.decompress(whole[4:], -15)
        assert int.from_bytes(whole[:4], "big") == zlib.crc32(text)
        assert json.loads(text)["extends"] == "xi-first"
