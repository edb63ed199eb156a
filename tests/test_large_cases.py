"""Much of everything: 300 claims, 200 scenarios, 10,000 events. What is too much is refused in one line."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

from sim.cli import main
from tests.class_of_students import CASE


@pytest.fixture
def case(tmp_path: Path) -> Path:
    shutil.copytree(CASE, tmp_path / "case")
    return tmp_path / "case"


def test_three_hundred_claims(case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (path,) = (case / "seeds").iterdir()
    card = yaml.safe_load(path.read_text("utf-8"))
    one = card["claims"][0]
    card["claims"] += [{**one, "id": f"again-{n}", "group": f"again-{n}"} for n in range(300)]
    path.write_text(json.dumps(card, default=str), "utf-8")
    words = ["run", "river", "-n", "8", "--months", "1", "--no-charts", "--case", str(case), "--out", str(tmp_path)]
    assert main(words) == 0
    assert main(["claims", "--case", str(case)]) == 0
    assert "again-299" in capsys.readouterr().out


def test_two_hundred_scenarios_in_one_command(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for n in range(200):
        text = f"title: River {n}\nquestion: And now?\nextends: river\nmonths: {n % 7}\n"
        (case / "scenarios" / f"river-{n}.yaml").write_text(text, "utf-8")
    assert main(["check", *(f"river-{n}" for n in range(200)), "--case", str(case)]) == 0
    assert "200 files, no fault" in capsys.readouterr().out
    assert main(["list", "--case", str(case)]) == 0
    assert "river-199" in capsys.readouterr().out


def test_ten_thousand_events_are_refused_in_a_line(
    case: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    row = "  - {month: 1, set: {drought: 0.5}}\n"
    path = case / "scenarios" / "many.yaml"
    path.write_text("title: T\nquestion: Q?\nextends: river\nevents:\n" + 10_000 * row, "utf-8")
    assert main(["run", "many", "--case", str(case), "--out", str(tmp_path)]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "more than 50,000 parts" in line
