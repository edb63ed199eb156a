"""Each bad input is a file beside the lines it must be refused with."""

import shutil
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.inputs.case_folder import find_case
from sim.inputs.check import check_files
from sim.inputs.scenario import load_scenario

FOLDER = Path(__file__).resolve().parent.parent / "bad_inputs"
FILES = sorted(path for kind in ("scenarios", "cards", "others") for path in (FOLDER / kind).glob("*.yaml"))


def lines(faults):
    return [str(fault).removeprefix("tests/bad_inputs/").split("/", 1)[-1] for fault in faults]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_fault_is_explained(path):
    assert lines(InputError(check_files([path])).faults) == path.with_suffix(".expected").read_text().splitlines()


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_message_speaks_pydantic(path):
    text = path.with_suffix(".expected").read_text()
    assert not any(word in text for word in ("valid", "Input should", "union", "dict", "pydantic", "NoneType", "<"))


def test_seven_faults_are_seven_lines():
    for kind in ("scenarios", "cards"):
        assert len(check_files([FOLDER / kind / "seven_faults.yaml"])) == 7


def test_all_files_are_told_in_one_pass():
    found = check_files(FILES)
    assert {fault.place.file for fault in found} >= {
        f"tests/bad_inputs/scenarios/{name}.yaml" for name in ("coding", "unknown_key")
    }


def test_a_faulty_scenario_does_not_load():
    with pytest.raises(InputError):
        load_scenario(FOLDER / "scenarios" / "unknown_claim.yaml")


def test_shipped_files_have_no_fault():
    root = FOLDER.parent.parent
    assert (
        check_files(
            [*root.glob("seeds/*.yaml"), *root.glob("scenarios/*.yaml"), *root.glob("scenarios/variants/*.yaml")]
        )
        == []
    )


def test_a_class_s_own_files_are_checked_for_what_they_are(tmp_path):
    texts = {
        "position.yaml": "assume: {claims: {both-or-neither: off}}\n",
        "coding.yaml": "both-or-neither: {credence: 0.4}\n",
        "claims.yaml": "claims: {both-or-neither: {credence: 0.4}}\n",
        "list.yaml": "- {id: both-or-neither, weight: {low: 0.2, mode: 0.3, high: 0.4}}\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    assert check_files([tmp_path / name for name in texts]) == []


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ("events:\n" + "  - {month: 1, set: {x: 1}}\n" * 5500, 5500),
        ("events:\n" + "  - {month: x, set: {us_troops: 1}}\n" * 5500, 5500),
        ("summits:\n" + "  - {month: 1, between: [DPRK, US]}\n" * 5500, 5499),
        ("summits:\n" + "  - {month: 1, between: [DPRK, USA, 5]}\n" * 4000, 8000),
        (f"summits: [{', '.join(['1'] * 40_000)}]\n", 40_000),
    ],
    ids=("variables", "months", "twice", "dropped", "scalars"),
)
def test_thousands_of_faulty_rows_come_back(rows, count, tmp_path):
    path = tmp_path / "many.yaml"
    path.write_text(f"extends: baseline\ntitle: t\nquestion: q\n{rows}")
    found = check_files([path])
    assert len(found) == count
    assert len({fault.place for fault in found}) == count


def faulty_case(folder, *changes):
    """A copy of the case, with words in its files replaced."""
    for part in (find_case().seeds, find_case().scenarios):
        shutil.copytree(part, folder / part.name)
    for name, old, new in changes:
        path = folder / name
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new, 1))
    return folder


def test_faulty_cards_do_not_hide_faults_of_the_scenario(tmp_path):
    card = ("seeds/new-statesman-2018.yaml", "group: both-or-neither", "group: 5")
    case = faulty_case(tmp_path, card, ("scenarios/xi-first.yaml", "title:", "titel: x\ntitle:"))
    found = check_files([case / "scenarios" / "xi-first.yaml", case / card[0]], case)
    assert [fault.field for fault in found] == ["titel", "claims[10].group"]


def test_a_faulty_case_does_not_hide_faults_of_the_scenario(tmp_path):
    root = ("scenarios/baseline.yaml", "first_month: 2018-03", "first_month: x")
    case = faulty_case(tmp_path, root, ("scenarios/xi-first.yaml", "title:", "titel: x\ntitle:"))
    found = check_files([case / "scenarios" / "xi-first.yaml"], case)
    assert {(fault.place.file, fault.field) for fault in found} == {
        ("scenarios/baseline.yaml", "first_month"),
        ("scenarios/xi-first.yaml", "titel"),
    }


def test_a_case_without_a_number_of_months_is_looked_at_all_the_same(tmp_path):
    root = ("scenarios/baseline.yaml", "\nmonths: ", "\n# months: ")
    case = faulty_case(tmp_path, root, ("scenarios/baseline.yaml", "set: {hawk: ", "set: {hawks: "))
    found = check_files([case / "scenarios" / "baseline.yaml"], case)
    assert [fault.field for fault in found] == ["months", "events[0].set.hawks"]


def test_an_action_that_is_nothing_is_no_fault(tmp_path):
    path = tmp_path / "nothing.yaml"
    path.write_text("extends: history\nevents: [{month: 1, set: , shift: {tariffs: 0.1}}]\n")
    child = tmp_path / "child.yaml"
    child.write_text("extends: nothing\ndrop_events: [hawk]\n")
    assert check_files([path, child]) == []
