"""`sensitivity`, `discover`, `flip` and `hindcast` from the command line: JSON, text of 80 columns, files, refusals."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.analysis.discovery import discover
from sim.analysis.flip import flip
from sim.cli import main
from sim.inputs.case_folder import find_case
from sim.views.wording import NOT_A_FORECAST

SHORT = ["-n", "600", "--seed", "7"]


def ask(words: list[str], out: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """The JSON document of a command."""
    assert main([*words, *SHORT, "--out", str(out), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["not_a_forecast"] == NOT_A_FORECAST
    return document


def read(words: list[str], out: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The text of a command, which must fit 80 columns, a screen unless in full, and end with what it is not."""
    assert main([*words, *SHORT, "--out", str(out)]) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    assert "--full" in words or len(text.splitlines()) <= 40
    assert " ".join(NOT_A_FORECAST.split()) in " ".join(text.split())
    return text


def computed_once(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, called once only: the same question asked for text and for JSON has the same answer."""
    found: list[Any] = []

    def call(*given: Any, **more: Any) -> Any:
        found[:] = found or [function(*given, **more)]
        return found[0]

    return call


def pictures(folder: Path, name: str) -> None:
    """A table that opens in a spreadsheet and a chart in three files stand there."""
    assert (folder / f"{name}.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    assert (folder / f"figures/{name}.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in (folder / f"figures/{name}.svg").read_text(encoding="utf-8")
    assert len((folder / f"figures/{name}.txt").read_text(encoding="utf-8")) > 50


def test_sensitivity(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["sensitivity", "xi-fourth", "--months", "2", "--over", "xi-first,xi-fourth"]
    document = ask([*words, "--sobol", "--outcome", "tension"], tmp_path, capsys)
    assert {row["quantity"] for row in document["first_order"]} == {"tension"}
    assert {"parameter/calm", "claim/both-or-neither", "start/tension"} < {
        row["factor"] for row in document["first_order"]
    }
    assert {"claims", "parameters", "start levels"} < {row["factor"] for row in document["total"]}
    assert document["over"]["scenarios"] == ["xi-first", "xi-fourth"]
    assert document["structure"]["against"] == "xi-first"
    assert {"kappa-one", "summits-before-moves"} < {each["variant"] for each in document["structure"]["variants"]}
    assert "share" in read([*words, "--no-variants", "--full"], tmp_path, capsys).lower()
    folder = next(tmp_path.glob("xi-fourth~*"))
    pictures(folder, "sensitivity")
    pictures(folder, "sensitivity-tension")


def test_total_shares_of_what_some_runs_lack_are_said_to_be_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["sensitivity", "xi-fourth", "--months", "3", "--sobol", "--no-variants", "--outcome", "first_us_terms"]
    text = " ".join(read([*words, "--full"], tmp_path, capsys).split())
    assert "no total share is known of first_us_terms: too much chance" in text


def test_hindcast(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = ask(["hindcast", "history", "no-china", "--leave-out", "20", "--no-thresholds"], tmp_path, capsys)
    assert set(document["means"]) == {"history", "no-china", "uniform", "persistence", "the label itself"}
    assert document["weighted_on_months"] == [3, 6, 12]
    assert "endings unlike the ones that" in document["what_it_can_show"]
    assert "at 4 dates" in document["what_it_can_show"]
    assert document["leave_out"]["month"] == 20
    assert {"claim", "prior", "posterior", "bayes_factor", "log_bayes_factor_se"} < set(document["claims"][0])
    assert 0 < document["effective_worlds"] <= document["worlds"] == 300
    pictures(next(tmp_path.glob("history~*")), "hindcast-without-20")
    dated = ask(["hindcast", "history", "no-china", "--leave-out", "2019-11", "--no-thresholds"], tmp_path, capsys)
    assert dated == document


def test_hindcast_against_a_record_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "case"
    for part in ("seeds", "scenarios"):
        shutil.copytree(find_case().root / part, folder / part)
    shutil.copy(folder / "scenarios/records/history.yaml", folder / "scenarios/records/second-look.yaml")
    words = ["hindcast", "--no-thresholds", "--case", str(folder)]
    first, second = (ask([*words, *more], tmp_path, capsys) for more in ([], ["--record", "second-look"]))
    assert (first.pop("record"), second.pop("record")) == ("history", "second-look")
    assert first == second
    assert {path.name for path in tmp_path.glob("history~*/hindcast*.csv")} == {
        "hindcast.csv", "hindcast-second-look.csv",
    }  # fmt: skip


def test_hindcast_reads_the_finished_run_and_moves_the_thresholds(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "history", *SHORT, "--out", str(tmp_path), "--no-charts"]) == 0
    before = next(tmp_path.glob("history~*/worlds.npz")).stat().st_mtime_ns
    capsys.readouterr()
    assert "log score (higher is better)" in read(["hindcast", "--no-thresholds"], tmp_path, capsys)
    text = read(["hindcast", "--full"], tmp_path, capsys)
    assert "disputed thresholds" in text
    assert "written after the event" in " ".join(text.split())
    assert "perfect" not in text  # soft labels leave the best forecast short of 0
    assert re.search(r"the best possible is the label itself, −\d\.\d\d\)", " ".join(text.split()))
    assert next(tmp_path.glob("history~*/worlds.npz")).stat().st_mtime_ns == before


def test_flip_of_what_no_claim_decides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Summits with China are what ties to China come from."""
    words = ["flip", "no-china", "xi-first", "--outcome", "prc_ties", "--months", "3"]
    document = ask(words, tmp_path, capsys)
    assert document["quantity"] == "prc_ties"
    assert document["difference"] > 0
    assert document["smallest"] is None
    assert "No change of one claim" in read(words, tmp_path, capsys)
    pictures(tmp_path / "compare", "flip-no-china-xi-first-prc_ties")


def test_flip_by_one_claim(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What the hawk's leaving does to Kim's terms hangs on the claim about him."""
    monkeypatch.setattr("sim.commands.flip.flip", computed_once(flip))
    words = ["flip", "history", "no-hawk", "--outcome", "first_us_terms", "--months", "3"]
    document = ask(words, tmp_path, capsys)
    smallest = document["smallest"]
    assert document["difference"] > 0 > smallest["all_the_way"]["difference"]
    assert [move["assumption"] for move in smallest["moves"]] == ["cocked-gun-adviser"]
    assert (smallest["level"], smallest["verdict"]) == ("one claim", "reversed")
    assert "that reverses the difference" in " ".join(read(words, tmp_path, capsys).split())


def test_discover(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.commands.discover.discover", computed_once(discover))
    words = ["discover", "history", "--outcome", "test-pause"]
    document = ask(words, tmp_path, capsys)
    assert 0 < document["probability"] < 1
    assert len(document["factors"]) == 4
    read(words, tmp_path, capsys)
    pictures(next(tmp_path.glob("history~*")), "discover-test-pause")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["sensitivity", "history", "--over", "xi-first"],
            "--over: scenarios: xi-first; two or more different scenarios",
        ),
        (["sensitivity", "history", "--outcome", "mirrage"], 'did you mean "mirage"'),
        (["sensitivity", "history", "-n", "100"], "at least 200"),
        (["hindcast", "--leave-out", "7"], "one of 3, 6, 12, 20"),
        (["hindcast", "--leave-out", "2019-13"], "--leave-out: month: 2019-13; 0 to 20, or 2018-03 to 2019-11"),
        (["hindcast", "--months", "5"], "at least 20, the last labelled month"),
        (["flip", "history", "no-china", "--outcome", "first_us_tersm"], "did you mean"),
        (["discover", "history", "--outcome", "mirrage"], 'did you mean "mirage"'),
    ],
)
def test_refusals_are_one_line_each(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    size = [] if "-n" in words else ["-n", "400"]
    assert main([*words, *size, "--out", str(tmp_path)]) == 2
    errors = capsys.readouterr().err.strip().splitlines()
    assert message in errors[-1]
    assert not any("Traceback" in line for line in errors)
