"""`run`: the table, the JSON document, the files, and what happens when it is stopped or asked for too much."""

from __future__ import annotations

import json
import math
import re
import signal
import subprocess
import sys

import pytest

from commands.conftest import ROOT, program, start, surroundings, without_bar
from sim.views.wording import NOT_A_FORECAST

OUTCOMES = [
    "fatal-step", "neither", "disarmament", "withdrawal", "mirage", "test-pause", "dividend", "respite", "relapse",
    "stalemate",
]  # fmt: skip
RIVER = ("river", "--case", str(ROOT / "tests/other_case"))
TABLES = {"manifest.json", "outcomes.csv", "leverage.csv", "claims.csv", "runs.csv", "worlds.npz"}


def plain(text: str) -> str:
    """Text without its line breaks."""
    return " ".join(text.split())


def test_the_table_comes_with_everything_that_must_stand_beside_it(summitry, tmp_path):
    said = summitry("run", "xi-first", "-n", "400", "--no-charts", "--full")
    text = plain(said.out)
    assert (said.status, said.err) == (0, "")
    assert max(map(len, said.out.splitlines())) <= 80
    lines = said.out.splitlines()
    rows = [line.split() for line in lines[lines.index("") :] if line.split() and line.split()[0] in OUTCOMES]
    assert [row[0] for row in rows] == OUTCOMES * 2  # the answer's, then those of --full
    counts = [int(row[1]) for row in rows[len(OUTCOMES) :]]
    assert sum(counts) == 400
    for label in ("arsenal ", "concessions extracted", "deals with the US", "chance of a deal at the first US summit",
                  "Kim's terms at the first US summit", "sanctions ", "tension ", "momentum"):  # fmt: skip
        assert label in said.out
    assert "400 runs in 200 worlds" in text
    assert "seed 2018" in text
    assert "likeliest in this model" in text or "too close to call" in text
    assert "from chance within a world" in text
    assert NOT_A_FORECAST in text
    assert "1,200 more runs would halve" in text
    (folder,) = (tmp_path / "results").iterdir()
    assert {path.name for path in folder.iterdir() if path.name[0] != "."} == TABLES
    assert "results/xi-first~" in text or "results/xi-first/: 6 tables" in text


def test_a_finished_run_is_shown_again_and_says_so(summitry, tmp_path):
    first = summitry("run", "history", "-n", "100", "--months", "1", "--no-charts")
    (folder,) = (tmp_path / "results").iterdir()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    again = summitry("run", "history", "-n", "100", "--months", "1", "--no-charts")
    assert "Shown again from its folder" in plain(again.out)
    assert "Shown again" not in plain(first.out)
    table = slice(first.out.index("How it ends"), first.out.index("Not a forecast"))
    assert first.out[table] in again.out
    assert before == {path.name: path.read_bytes() for path in folder.iterdir()}
    fresh = summitry("run", "history", "-n", "100", "--months", "1", "--no-charts", "--fresh")
    assert "Shown again" not in plain(fresh.out)


def test_json_is_one_document_with_all_that_is_promised(summitry):
    said = summitry("run", "drawdown-gift", "-n", "300", "--seed", "5", "--no-charts", "--json")
    found = json.loads(said.out, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))
    assert (said.status, said.err) == (0, "")
    assert (found["scenario"], found["runs"], found["seed"], found["months"]) == ("drawdown-gift", 300, 5, 20)
    assert len(found["files_hash"]) == 64
    assert found["version"]
    assert list(found["outcomes"]) == OUTCOMES
    assert sum(each["count"] for each in found["outcomes"].values()) == 300
    for each in found["outcomes"].values():
        assert each["low"] <= each["probability"] <= each["high"]
        assert math.isclose(each["probability"], each["count"] / 300, abs_tol=1e-6)
    shares, chance = found["uncertainty"]["assumptions"], found["uncertainty"]["chance"]
    assert list(shares) == list(chance) == OUTCOMES
    assert shares["withdrawal"] is None
    assert chance["withdrawal"] is None
    assert math.isclose(shares["test-pause"] + chance["test-pause"], 1, abs_tol=1e-6)
    wanted = {
        "extraction",
        "deals_us",
        "promised_us",
        "arsenal_ratio",
        "sanctions",
        "tension",
        "prc_enforcement",
        "aid",
    }
    assert wanted <= set(found["measures"])
    for each in found["measures"].values():
        assert each["low"] <= each["mean"] <= each["high"]
    for state in ("DPRK", "PRC", "US", "ROK", "RUS"):
        assert 0 <= found["measures"][f"gained.{state}"]["better"] <= 1
    assert found["imposed"] == ["us_troops"]
    assert found["not_a_forecast"] == NOT_A_FORECAST


def test_a_shipped_scenario_may_be_called_by_its_file_name(summitry):
    words = ("-n", "20", "--months", "1", "--no-charts", "--json")
    assert summitry("run", "history.yaml", *words).out == summitry("run", "history", *words).out


def test_a_file_beside_is_told_from_a_name(summitry, tmp_path):
    (tmp_path / "mine.yaml").write_text("schema: 1\nextends: history\n", encoding="utf-8")
    assert "mine.yaml for the file in this folder" in summitry("run", "mine").err


def test_several_scenarios_as_json_and_side_by_side(summitry, tmp_path):
    words = ("run", "xi-first", "xi-fourth", "-n", "100", "--months", "3", "--no-charts")
    found = json.loads(summitry(*words, "--json").out)
    assert [each["scenario"] for each in found["scenarios"]] == ["xi-first", "xi-fourth"]
    said = summitry(*words)
    assert max(map(len, said.out.splitlines())) <= 80
    side = said.out.splitlines()[
        said.out.splitlines().index(f"{'share of runs':<24}{'xi-first':>14}{'xi-fourth':>14}") :
    ]
    assert side[1].startswith("fatal-step")
    assert len(list((tmp_path / "results").iterdir())) == 2


def test_the_manifest_holds_the_numbers_of_the_json_document(summitry, tmp_path):
    words = ("run", "history", "--set", "summits=[]", "--months", "3", "-n", "100", "--no-charts")
    found = json.loads(summitry(*words, "--json").out)
    (folder,) = (tmp_path / "results").iterdir()
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["measures"]["first_us_terms"] == {"mean": None, "low": None, "high": None}
    for numbers in ("outcomes", "measures"):
        assert manifest[numbers] == found[numbers]
    for part, shares in manifest["uncertainty"].items():
        assert shares == found["uncertainty"][part]


def test_measures_about_a_summit_that_is_never_held_are_null(summitry):
    found = json.loads(summitry("run", "history", "-n", "50", "--months", "1", "--no-charts", "--json").out)
    assert found["measures"]["first_us_terms"] == {"mean": None, "low": None, "high": None}
    assert found["measures"]["deals_us"]["mean"] == 0
    text = plain(summitry("run", "history", "-n", "50", "--months", "1", "--no-charts", "--full").out)
    assert "Kim's terms at the first US summit no such summit here" in text


def test_one_run_and_an_odd_number_of_runs(summitry):
    found = json.loads(summitry("run", "history", "-n", "1", "--no-charts", "--json").out)
    assert sum(each["count"] for each in found["outcomes"].values()) == 1
    assert set(found["uncertainty"]["assumptions"].values()) == {None}
    said = summitry("run", "history", "-n", "3", "--no-charts")
    assert said.status == 0
    assert "3 runs in 2 worlds" in said.out
    assert " 0.0%" not in said.out


def test_what_is_turned_off_and_imposed_is_said(summitry):
    said = summitry("run", "drawdown-gift", "-n", "60", "--no-charts", "--set", "assume.claims.warhead-clock=off")
    text = plain(said.out)
    assert "imposed by the scenario itself, so not counted" in text
    assert "Neither is partly the scenario's own doing: it pins US troops in the South." in text
    assert "not the same as having no opinion: warhead-clock" in text
    full = summitry(
        "run", "drawdown-gift", "-n", "60", "--no-charts", "--set", "assume.claims.warhead-clock=off", "--full"
    )
    assert "claim warhead-clock: credence" in plain(full.out)
    assert "imposed: us_troops" in plain(full.out)


def test_a_pin_that_an_ending_asks_about_is_the_scenarios_own_doing(summitry):
    words = ("run", "xi-first", "-n", "60", "--months", "6", "--no-charts", "--set")
    held = summitry(*words, "events=[{month: 2018-05, pin: {strategic_tests: 0.2}}]")
    assert "Test-pause, respite and relapse are partly the scenario's own doing: it pins strategic tests." in plain(
        held.out
    )
    freed = summitry(*words, "events=[{month: 2018-05, pin: {strategic_tests: 0.2}, until: 2018-08}]")
    assert "own doing" not in plain(freed.out)


def test_the_chain_names_the_packages_and_what_each_side_would_sign(summitry):
    said = summitry("run", "xi-first", "-n", "400", "--no-charts")
    text = plain(said.out)
    assert re.search(r"leverage Kim over Trump 0\.\d\d, Trump over Kim 0\.\d\d: terms \d\d to \d\d for Kim", text)
    assert re.search(r'offered "[a-z ,]+" \d+, "[a-z ,]+" \d+ of 100 times', text)
    both = re.search(r"signing Kim at \d+, Trump at \d+, both at (\d+) of 100 such meetings", text)
    assert both
    assert f"of these summits end in a deal ({both[1]} against " in text


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("history", "-n", "1e12"), "1,000,000,000,000 runs"),
        (("history", "--months", "1e9"), "1000000000"),
        (("history", "history"), "history twice"),
        (("histry",), 'did you mean "history"?'),
        (("history", "--set", "assume.claims.warhead-clok=off"), 'did you mean "warhead-clock"?'),
        (("history", "--executor", "proceses"), 'did you mean "processes"?'),
        (("history", "--case", "nowhere"), "a folder with seeds/ and scenarios/"),
    ],
)
def test_what_cannot_be_done_is_refused_in_one_line_before_any_work(summitry, tmp_path, words, line):
    said = summitry("run", *words)
    assert said.status == 2
    assert said.out == ""
    assert line in said.err
    assert len(said.err.splitlines()) == 1
    assert not (tmp_path / "results").exists()


def test_plain_characters_where_the_terminal_has_no_others(tmp_path):
    words = ("run", "history", "-n", "60", "--months", "2", "--no-charts")
    done = start(*words, folder=tmp_path, PYTHONIOENCODING="ascii", LC_ALL="C")
    assert (done.returncode, without_bar(done.stderr)) == (0, "")
    assert done.stdout.isascii()
    assert "?" not in done.stdout.replace("came of it?", "")
    assert "+/-" in done.stdout
    assert "####" in done.stdout


def test_a_narrow_terminal_gets_narrow_lines(summitry, monkeypatch):
    monkeypatch.setenv("COLUMNS", "50")
    said = summitry("run", "history", "-n", "60", "--months", "2", "--no-charts")
    assert max(map(len, said.out.splitlines())) <= 50
    assert "test-pause" in said.out


def test_no_colour_when_nobody_looks(summitry):
    assert "\x1b" not in summitry("run", "history", "-n", "20", "--months", "1", "--no-charts").out


if sys.platform != "win32":

    @pytest.mark.parametrize(("number", "workers"), [(signal.SIGINT, "1"), (signal.SIGTERM, "2")])
    def test_a_stopped_run_ends_in_one_line_with_the_command_to_go_on(tmp_path, number, workers):
        words = (
            "run",
            "history",
            "-n",
            "900000",
            "--workers",
            workers,
            "--no-charts",
            "--out",
            "my results",
            "--fresh",
        )
        with subprocess.Popen(
            program(*words), cwd=tmp_path, env=surroundings(), start_new_session=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as running:  # fmt: skip
            assert running.stdout is not None
            assert running.stdout.readline() == "History as planned, March 2018 to November 2019\n"
            running.send_signal(number)
            out, err = running.communicate()
        assert running.returncode == 130
        assert re.sub("history~[0-9a-f]+;", "history~HASH;", without_bar(err)) == (
            f"stopped; what is finished is kept in my results/history~HASH; to go on: summitry run history -n 900000 "
            f"--workers {workers} --no-charts --out 'my results'\n"
        )
        assert "how it ends" not in out
        assert not list(tmp_path.glob("my results/history~*/*.csv"))


def test_the_pictures_are_those_of_the_run(summitry, tmp_path):
    """Shown again only with every chart and the page of this very run; else they are drawn anew."""
    words = ("run", *RIVER)
    summitry(*words, "-n", "100")
    (folder,) = (tmp_path / "results").iterdir()
    assert "100 runs" in (folder / "figures" / "outcomes.svg").read_text()
    again = summitry(*words, "-n", "100")
    assert "Shown again" in plain(again.out)
    (folder / "figures" / "levers.svg").unlink()
    summitry(*words, "-n", "100")
    assert (folder / "figures" / "levers.svg").exists()
    (folder / "figures" / "levers.svg").write_text("coloured in")
    said = summitry(*words, "-n", "100")
    assert "levers.svg was not as Summitry wrote it" in said.err
    assert "coloured in" in {path.read_text() for path in folder.glob("figures/levers.svg~*")}
    assert "svg xmlns" in (folder / "figures" / "levers.svg").read_text()


def test_explain_before_run_hides_no_chart(summitry, tmp_path):
    summitry("explain", *RIVER, "-n", "100")
    said = summitry("run", *RIVER, "-n", "100")
    (folder,) = (tmp_path / "results").iterdir()
    assert "Shown again" in plain(said.out)
    assert (folder / "report.html").exists()
    assert (folder / "figures" / "outcomes.png").exists()
