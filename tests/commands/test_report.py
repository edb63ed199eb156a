"""``summitry report`` and ``summitry site``: one page, where it was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.cli import main


def test_a_file_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "pages" / "class.html"
    assert main(["report", "history", "no-hawk", "-n", "40", "--months", "1", "--out", str(path)]) == 0
    assert "it needs no network" in capsys.readouterr().out
    assert main(["report", "history", "no-hawk", "-n", "40", "--months", "1", "--out", str(path)]) == 0
    assert [each.name for each in path.parent.iterdir()] == ["class.html"]
    assert path.read_text("utf-8").count("<figcaption>") == 2


def test_a_results_folder(tmp_path: Path) -> None:
    more = ["--set", "assume.claims.both-or-neither=off", "--out", str(tmp_path)]
    assert main(["report", "history", "-n", "40", "--months", "1", *more]) == 0
    (folder,) = tmp_path.iterdir()
    assert folder.name.startswith("history~")
    assert (folder / "report.html").is_file()
    assert (folder / "manifest.json").is_file()


def test_several_share_the_folder_for_comparisons(tmp_path: Path) -> None:
    assert main(["report", "history", "no-hawk", "-n", "40", "--months", "1", "--out", str(tmp_path)]) == 0
    assert (tmp_path / "compare" / "report.html").is_file()


def test_faults_end_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["report", "histroy", "--out", str(tmp_path / "page.html")]) == 2
    assert main(["report", "history", "history", "--out", str(tmp_path / "page.html")]) == 2
    assert capsys.readouterr().err.count("\n") == 2
    blocked = tmp_path / "blocked"
    blocked.write_text("a file", "utf-8")
    assert main(["report", "history", "-n", "2", "--out", str(blocked / "page.html")]) == 73


@pytest.mark.parametrize(("words", "name"), [(("report", "history", "--out"), "page.html"), (("site",), "")])
def test_a_page_of_somebody_else_is_left_as_it_is(words, name, tmp_path: Path, capsys) -> None:
    path = tmp_path / (name or "index.html")
    path.write_text("<!doctype html><title>My essay</title>", "utf-8")
    assert main([*words, str(tmp_path / name), "-n", "40"]) == 73
    assert path.read_text("utf-8").endswith("My essay</title>")
    assert "no page of Summitry's" in capsys.readouterr().err


def test_a_site_of_too_few_runs_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["site", str(tmp_path / "stick"), "-n", "3"]) == 2
    assert capsys.readouterr().err.startswith("-n: runs: 3; at least 4 runs")


def test_a_site_is_one_page_with_every_scenario_the_lessons_and_the_sheet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["site", str(tmp_path / "stick"), "-n", "40"]) == 0
    assert [each.name for each in (tmp_path / "stick").iterdir()] == ["index.html"]
    text = (tmp_path / "stick" / "index.html").read_text("utf-8")
    assert len(text.encode()) < 800_000
    for part in ('id="coding-sheet"', 'id="lesson-which-claim-does-the-work"', 'id="lesson-a-class-reads-the-texts"'):
        assert part in text
    capsys.readouterr()
    main(["list"])
    listed = capsys.readouterr().out
    assert text.count("<figcaption>") > 15
    assert "xi-first" in listed
