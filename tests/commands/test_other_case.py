"""Every command on a case with other states, levers and outcomes: nothing about the shipped one is in the program."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from commands.conftest import ROOT

OTHER = ("--case", str(ROOT / "tests/other_case"))
SHIPPED = ("DPRK", "Korea", "Kim", "Trump", "sanctions", "arsenal", "mirage")


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("run", "river", "-n", "60", "--no-charts"),
        ("run", "baseline", "river", "no-league", "-n", "20", "--no-charts"),
        ("story", "river"),
        ("story", "river", "--outcome", "as-before"),
        ("leverage", "river", "--pair", "DELTA,UPLANDS"),
        ("leverage", "river", "--pair", "LEAGUE,UPLANDS"),
        ("claims",),
        ("claims", "one-shot-ends-it"),
        ("claims", "agreement"),
        ("claims", "verify", str(ROOT / "tests/other_case/documents")),
        ("check", *(str(path) for path in sorted((ROOT / "tests/other_case").glob("*/*.yaml")))),
    ],
)
def test_a_command_speaks_of_this_case_alone(summitry, words):
    said = summitry(*words, *OTHER)
    assert (said.status, said.err) == (0, "")
    assert said.out
    assert not [word for word in SHIPPED if word in said.out]
    assert max(map(len, said.out.splitlines())) <= 80


def test_its_outcomes_and_measures_are_its_own(summitry):
    found = json.loads(summitry("run", "river", "-n", "40", "--no-charts", "--json", *OTHER).out)
    assert list(found["outcomes"]) == ["shooting", "water-flows", "standoff", "as-before"]
    assert sum(each["count"] for each in found["outcomes"].values()) == 40


def test_the_heading_names_the_case_where_a_person_reads(summitry, monkeypatch):
    assert summitry("list", *OTHER).out.startswith("Case: other_case\n")
    assert "Case:" not in summitry("list").out
    assert "Case:" not in summitry("claims", "export", "--argdown", *OTHER).out
    for folder in ("tests/other_case", "tests/other_case/scenarios"):
        monkeypatch.chdir(ROOT / folder)
        assert summitry("claims").out.startswith("Case: other_case\n")


def test_citations_that_were_never_verified_are_marked(summitry, tmp_path):
    case = tmp_path / "case"
    shutil.copytree(ROOT / "tests/other_case", case)
    card = case / "seeds" / "river-letter-2031.yaml"
    text = card.read_text("utf-8")
    card.write_text(re.sub(r"(paragraph: 2), sha256: [0-9a-f]+", r"\1", text), "utf-8")
    mark = "Citations not verified: 1 of 4"
    where = ("--case", str(case), "--out", str(tmp_path / "out"))
    said = summitry("run", "river", "-n", "20", *where)
    assert (said.status, mark in said.out) == (0, True), said.err
    [folder] = (tmp_path / "out").iterdir()
    assert mark in (folder / "figures" / "answer.svg").read_text("utf-8")
    assert mark in (folder / "report.html").read_text("utf-8")
    assert "p2 (not verified)" in summitry("claims", "hand-on-the-throat", *where[:2]).out
    verify = ("claims", "verify", str(case / "documents"), *where[:2])
    assert "sha256: missing" in summitry(*verify).out
    assert "its hash is written" in summitry(*verify, "--fix").out
    assert card.read_text("utf-8") == text
    assert mark not in summitry("run", "river", "-n", "20", "--no-charts", *where).out
