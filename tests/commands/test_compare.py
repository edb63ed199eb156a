"""`summitry compare` from the words to the files."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from sim.cli import main
from sim.inputs.scenario import load_scenario
from sim.views.wording import states_in_words

SMALL = ("-n", "400", "--months", "4", "--seed", "9")


def compare(out: Path, *words: str) -> int:
    return main(["compare", *words, *SMALL, "--out", str(out)])


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("results")
    assert compare(folder, "xi-first", "xi-fourth") == 0
    return folder


def test_two_as_json(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare(out, "xi-first", "xi-fourth", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert {"difference", "se", "low", "high"} <= set(document["differences"]["mirage"])
    assert "extraction" in document["differences"]
    assert len(document["things"]) == 1
    assert sum(count for row in document["flips"].values() for count in row.values()) == 400


def test_an_answer_is_read_where_it_lies(
    out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = []
    for _ in range(2):
        for words in ([], ["--json"]):
            assert compare(out, "xi-first", "xi-fourth", *words) == 0
            answers.append(capsys.readouterr().out)
        monkeypatch.setattr("sim.commands.compare.against_first", None)
    assert answers[:2] == answers[2:]


def test_more_as_json_are_a_list_against_the_first(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare(out, "xi-first", "xi-fourth", "trump-first", "--json") == 0
    documents = json.loads(capsys.readouterr().out)
    assert [(each["scenario"], each["against"]) for each in documents] == [
        ("xi-fourth", "xi-first"),
        ("trump-first", "xi-first"),
    ]


def test_text_fits_and_warns_of_two_things(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare(out, "history", "xi-after-trump") == 0
    text = capsys.readouterr().out
    assert max(map(len, text.splitlines())) <= 80
    assert "Careful: they differ in 2 things" in text
    assert "Not a forecast" in text


@pytest.mark.parametrize(
    "names",
    [("xi-fourth", "no-china"), ("xi-fourth",), ("xi-fourth", "trump-first", "no-summits", "no-china")],
)
def test_every_comparison_fits_a_screen(out: Path, capsys: pytest.CaptureFixture[str], names: tuple[str, ...]) -> None:
    assert compare(out, "xi-first", *names) == 0
    text = capsys.readouterr().out
    assert len(text.splitlines()) <= 40
    assert max(map(len, text.splitlines())) <= 80
    assert all(name in text for name in names)
    assert compare(out, "xi-first", *names, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    last = document[-1] if len(names) > 1 else document
    shares = [last["probabilities"][name] for name in last["probabilities"]]
    rows = [line for line in text.splitlines() if line.split()[0:1] in [[name] for name in last["probabilities"]]]
    assert len(rows) == len(shares)
    for row, (before, after) in zip(rows, shares, strict=True):
        assert f"{100 * before:.1f}%" in row or before == 0
        assert f"{100 * after:.1f}%" in row or after == 0


@pytest.mark.parametrize("names", [("drawdown-gift",), ("xi-fourth", "drawdown-gift")])
def test_every_difference_is_listed(out: Path, capsys: pytest.CaptureFixture[str], names: tuple[str, ...]) -> None:
    case = load_scenario("xi-first").case
    assert compare(out, "xi-first", *names) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert compare(out, "xi-first", "drawdown-gift", "--json") == 0
    things = json.loads(capsys.readouterr().out)["things"]
    assert len(things) == 8
    assert all(states_in_words(case, thing) in text for thing in things)


def test_one_thing_is_no_warning(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert compare(out, "xi-first", "xi-fourth") == 0
    text = capsys.readouterr().out
    assert "They differ in one thing" in text
    assert len(text.splitlines()) <= 40
    assert "Not a forecast" in text
    assert "Careful" not in text


def test_files(out: Path) -> None:
    picture, *_ = out.glob("compare*/figures/xi-fourth-against-xi-first.png")  # another comparison moved it aside
    folder = picture.parent.parent
    with (folder / "flips.csv").open(encoding="utf-8-sig", newline="") as file:
        assert sum(int(row["runs"]) for row in csv.DictReader(file)) >= 400
    with (folder / "compare.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["what"] for row in rows} == {"outcome", "measure", "outcome by month"}
    assert {row["month"] for row in rows if row["what"] == "outcome"} == {"2018-07"}
    assert {row["month"] for row in rows} == {f"2018-{month:02}" for month in range(3, 8)}


@pytest.mark.parametrize(
    ("words", "told"), [(["xi-first"], "two scenarios or more"), (["xi-first", "xi-first"], "each name once")]
)
def test_mistakes_end_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str
) -> None:
    assert compare(tmp_path, *words) == 2
    assert told in capsys.readouterr().err


def test_two_files_of_one_name_are_told_apart_by_their_folders(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for folder, month in (("monday", "2018-03"), ("tuesday", "2018-06")):
        (tmp_path / folder).mkdir()
        text = (
            f"schema: 1\ntitle: t\nquestion: q\nextends: baseline\nsummits: [{{month: {month}, between: [DPRK, US]}}]\n"
        )
        (tmp_path / folder / "draft.yaml").write_text(text)
    files = [str(tmp_path / folder / "draft.yaml") for folder in ("monday", "tuesday")]
    assert compare(tmp_path / "out", *files) == 0
    assert "tuesday-draft against monday-draft" in capsys.readouterr().out
    assert (tmp_path / "out" / "compare").is_dir()
    assert compare(tmp_path / "out", files[0], files[0]) == 2
    assert "monday-draft twice" in capsys.readouterr().err
