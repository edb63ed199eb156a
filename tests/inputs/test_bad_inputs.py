"""Each bad input is a file beside the lines it must be refused with."""

from pathlib import Path

import pytest

from sim.errors import InputError
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
