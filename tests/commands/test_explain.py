"""`summitry explain` from the words to the files."""

from __future__ import annotations

import csv
import json
from hashlib import sha256
from pathlib import Path

import pytest

from commands.conftest import ROOT
from sim.cli import main
from sim.ensemble.results_folder import damaged

SMALL = ("-n", "400", "--seed", "9")
RIVER = ("river", "--case", str(ROOT / "tests/other_case"))  # a few claims: all that does not hang on long texts
SHIPPED = ("history", "--months", "4")
OUTCOMES = 10


def explain(out: Path, *words: str, scenario: tuple[str, ...] = RIVER) -> int:
    return main(["explain", *scenario, *SMALL, "--out", str(out), *words])


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which the run is finished."""
    folder = tmp_path_factory.mktemp("results")
    assert explain(folder) == 0
    return folder


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shipped")


def results(out: Path) -> Path:
    return next(out.glob("*~*"))


def test_text_fits_80_columns_and_says_what_it_is_not(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(shipped, scenario=SHIPPED) == 0
    short = capsys.readouterr().out
    assert len(short.splitlines()) <= 44
    assert "  Xi will urge caution on Kim, since the North-South dialogue may turn out…" in short
    assert explain(shipped, "--full", scenario=SHIPPED) == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    assert "Not a forecast" in text
    assert "share of the variance of" in text


def test_files_are_written_whole(out: Path) -> None:
    folder = results(out)
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"explain.csv", "figures/explain.png", "figures/explain.svg", "figures/explain.txt", "worlds.npz"} <= names
    with (folder / "explain.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    claims = {row["name"] for row in rows if row["what"] == "claim"}
    assert len([row for row in rows if row["what"] == "claim" and row["quantity"] == "as-before"]) == len(claims)
    assert all(int(row["worlds_holds"]) + int(row["worlds_fails"]) == 200 for row in rows)


def test_json_is_one_document_sorted_by_size(shipped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(shipped, "--json", scenario=SHIPPED) == 0
    document = json.loads(capsys.readouterr().out)
    effects = document["effects"]
    assert {"claim", "outcome", "effect", "se", "holds", "fails"} <= set(effects[0])
    sizes = [abs(each["effect"]) for each in effects]
    assert sizes == sorted(sizes, reverse=True)
    assert len(effects) == OUTCOMES * len({each["claim"] for each in effects})
    assert {each["cause"] for each in document["causes"]}
    assert document["worlds"] == 200


def test_one_outcome(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(out, "--outcome", "as-before", "--json") == 0
    effects = json.loads(capsys.readouterr().out)["effects"]
    assert {each["outcome"] for each in effects} == {"as-before"}


def test_a_saved_run_is_read_and_not_run_again(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_more: object) -> None:
        raise AssertionError("it ran again")

    monkeypatch.setattr("sim.ensemble.run.play", refuse)
    assert explain(out) == 0


def _fail(*_args: object, **_more: object) -> None:
    raise AssertionError("it was computed again")


@pytest.mark.parametrize(
    "words", [(), ("--json",), ("--full",), ("--pairs",), ("--by", "coding", "--outcome", "as-before")]
)
def test_an_answer_is_read_where_it_lies(
    out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    assert explain(out, *words) == 0
    printed = capsys.readouterr().out
    for name in ("explain", "ledger_effects"):
        monkeypatch.setattr(f"sim.commands.explain.{name}", _fail)
    assert explain(out, *words) == 0
    told = capsys.readouterr()
    assert told.out == printed
    assert ("Answered before" in told.err) == ("--json" not in words)


@pytest.mark.parametrize("name", ["explain.answers.json", "explain.csv", "figures/explain.svg"])
def test_an_answer_of_which_a_file_changed_is_made_again(
    out: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert explain(out) == 0
    printed, file = capsys.readouterr().out, results(out) / name
    file.write_bytes(file.read_bytes() + b" ")
    assert explain(out) == 0
    told = capsys.readouterr()
    assert told.out == printed
    assert f"{file} was not as Summitry wrote it" in told.err
    assert damaged(results(out), [name]) == []


def test_a_strangers_answer_that_is_no_text_is_made_again(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With a hash that fits, since the manifest is a stranger's too."""
    assert explain(out) == 0
    printed, folder = capsys.readouterr().out, results(out)
    answers, manifest = folder / "explain.answers.json", folder / "manifest.json"
    given, listed = json.loads(answers.read_text("utf-8")), json.loads(manifest.read_text("utf-8"))
    answers.write_text(json.dumps(given | {"answers": dict.fromkeys(given["answers"], 5)}), "utf-8")
    listed["results"][answers.name]["sha256"] = sha256(answers.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(listed), "utf-8")
    assert explain(out) == 0
    assert capsys.readouterr().out == printed


def test_an_answer_of_another_program_or_size_is_made_again(
    out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert explain(out) == 0
    monkeypatch.setattr("sim.commands.question.program_hash", lambda: "edited")
    capsys.readouterr()
    assert explain(out) == 0
    assert "Answered before" not in capsys.readouterr().err
    monkeypatch.setattr("sim.commands.explain.explain", _fail)
    assert explain(out, "-n", "200") == 70


def test_an_unknown_outcome_is_one_line_and_exit_2(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(out, "--outcome", "as-befor") == 2
    told = capsys.readouterr().err
    assert 'did you mean "as-before"' in told
    assert len(told.strip().splitlines()) == 1


def test_too_few_runs_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", *RIVER, "-n", "2", "--months", "1", "--out", str(tmp_path)]) == 2
    assert "at least 4 runs" in capsys.readouterr().err


@pytest.mark.parametrize("how", [(), ("--full",)])
def test_of_two_worlds_no_bound_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], how: tuple[str, ...]
) -> None:
    assert main(["explain", *RIVER, "-n", "4", "--months", "1", "--out", str(tmp_path), *how]) == 0
    assert " nan" not in capsys.readouterr().out


def test_pairs_are_asked_of_claims(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(out, "--pairs", "--by", "document") == 2
    assert "--pairs goes with --by claim" in capsys.readouterr().err


@pytest.mark.parametrize("by", ["coding", "document"])
def test_variants_are_announced_run_and_written(shipped: Path, capsys: pytest.CaptureFixture[str], by: str) -> None:
    assert explain(shipped, "--by", by, scenario=SHIPPED) == 0
    told = capsys.readouterr()
    assert "more ensembles of 400 runs" in told.err
    assert max(map(len, told.out.splitlines())) <= 80
    assert len(told.out.splitlines()) <= 40
    assert "DPRK and" not in told.out
    assert (results(shipped) / f"explain-by-{by}.csv").is_file()
    assert (results(shipped) / "figures" / f"explain-by-{by}.png").is_file()


def test_variants_as_json(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(out, "--by", "coding", "--outcome", "as-before", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["by"] == "coding"
    assert [each["name"] for each in document["effects"]] == ["first", "second"]


@pytest.mark.parametrize("by", ["document", "mechanism"])
def test_variants_of_a_measure_are_in_its_own_unit(out: Path, capsys: pytest.CaptureFixture[str], by: str) -> None:
    assert explain(out, "--by", by, "--outcome", "gain.DELTA") == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "in the unit of gain.DELTA" in told
    assert "100 runs" not in told
    alt = (results(out) / "figures" / f"explain-by-{by}-gain.DELTA.txt").read_text("utf-8")
    assert "100 runs" not in alt
    assert explain(out, "--by", by, "--outcome", "gain.DELTA", "--json") == 0
    effects = json.loads(capsys.readouterr().out)["effects"]
    assert {each["outcome"] for each in effects} == {"gain.DELTA"}
    assert f"{effects[0]['effect']:+.3f}".replace("-", "−") in alt


def test_pairs_and_measures(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(out, "--pairs", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert {"claims", "outcome", "interaction", "se", "stands_out"} <= document["pairs"][0].keys()
    sizes = [abs(each["interaction"]) for each in document["pairs"]]
    assert sizes == sorted(sizes, reverse=True)
    assert explain(out, "--outcome", "gain.DELTA", "--pairs", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert {each["outcome"] for each in (*document["effects"], *document["pairs"])} == {"gain.DELTA"}
    assert explain(out, "--outcome", "gain.DELTA", "--pairs", "--full") == 0
    assert "in the unit of gain.DELTA" in " ".join(capsys.readouterr().out.split())
    assert (results(out) / "figures" / "explain-pairs-gain.DELTA.png").is_file()
