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
    files = FILES[::12]
    assert [fault.place.file for fault in check_files(files)] == [
        fault.place.file for path in files for fault in check_files([path])
    ]


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
        ("events:\n" + "  - {month: 1, set: {x: 1}}\n" * 2000, 2000),
        ("events:\n" + "  - {month: x, set: {us_troops: 1}}\n" * 2000, 2000),
        ("summits:\n" + "  - {month: 1, between: [DPRK, US]}\n" * 2000, 1999),
        ("summits:\n" + "  - {month: 1, between: [DPRK, USA, 5]}\n" * 1500, 3000),
        (f"summits: [{', '.join(['1'] * 10_000)}]\n", 10_000),
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


@pytest.fixture
def case(tmp_path):
    """The shipped case, to be spoilt."""
    return faulty_case(tmp_path)


def spoil(case, card, old, new):
    path = case / "seeds" / f"{card}.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def told(case, card=None):
    """The faults that the check of a card finds, or those for which nothing runs."""
    if card:
        return [str(fault) for fault in check_files([case / "seeds" / f"{card}.yaml"], case)]
    with pytest.raises(InputError) as caught:
        load_scenario("baseline", case=case)
    return [str(fault) for fault in caught.value.faults]


def test_of_a_card_that_cannot_be_read_nothing_else_is_told(case):
    spoil(case, "new-statesman-2018", "  outlet: ", '  outlet: "x')
    (fault,) = told(case)
    assert fault.startswith("seeds/new-statesman-2018.yaml:")
    for card in ("new-statesman-2018", "business-times-2018"):
        assert told(case, card) == [fault]


def test_a_document_or_a_claim_whose_name_is_faulty_may_be_the_one_that_others_cite(case):
    spoil(case, "new-statesman-2018", "  id: new-statesman-2018", "  id: New Statesman")
    spoil(case, "new-statesman-2018", "- id: both-or-neither", "- id: Both-or-neither")
    assert [fault.split(": ")[1] for fault in told(case)] == ["document.id", "claims[10].id"]
    assert told(case, "new-statesman-2018") == told(case)
    assert told(case, "business-times-2018") == []


def test_a_hash_that_is_faulty_is_not_held_against_others(case):
    spoil(case, "new-statesman-2018", "8e629ad526b9", "8e629")
    assert len(told(case)) == len(told(case, "new-statesman-2018")) == 1


def test_a_card_given_twice_is_one_fault(case, tmp_path_factory):
    shutil.copy(case / "seeds" / "mansudae-2019.yaml", case / "seeds" / "copy.yaml")
    (fault,) = told(case, "copy")
    assert fault.startswith("seeds/copy.yaml:11:7: document.id: mansudae-2019; an id of its own; seeds/mansudae-2019")
    assert len(told(case, "mansudae-2019")) == len(told(case)) == 1
    elsewhere = shutil.copy(case / "seeds" / "mansudae-2019.yaml", tmp_path_factory.mktemp("draft"))
    assert check_files([elsewhere]) == []


@pytest.mark.parametrize(
    "text",
    [
        "schema: 1\ndocument: {id: x, title: t, author: a, outlet: o, date: 2018-03-01, file: f}\nclaims: [LIST]\n",
        "schema: 1\ntitle: t\nscenario: history\nfloors: {label: 0.01, forecast: 0.001}\nlabels: [{month: 3, "
        "date: 2018-06-28, label: {dividend: 1}, justification: a, disputed: b}]\nfacts: [LIST]\n",
        "both-or-neither: {effects: [LIST]}\n",
        "schema: 1\ntitle: t\nquestion: q\nplayers:\n  A: {strategies: {x: {}}}\n  B: {strategies: {x: {}}}\n"
        "payoffs: [{when: {A: x, B: x}, gives: {A: 1, B: 1}}, LIST]\n",
    ],
    ids=["card", "record", "coding", "game"],
)
def test_a_list_of_thousands_of_faults_comes_back(tmp_path, text):
    path = tmp_path / "long.yaml"
    path.write_text(text.replace("LIST", ", ".join(["1"] * 4000)), encoding="utf-8")
    assert len(check_files([path])) == 4000


def test_thousands_of_unknown_names_come_back(tmp_path):
    path = tmp_path / "names.yaml"
    path.write_text("assume:\n  claims:\n" + "".join(f"    both-or-neither{at}: off\n" for at in range(4000)))
    found = check_files([path])
    assert [fault.allowed for fault in found[:100]] == ['did you mean "both-or-neither"?'] * 100
    assert len(found) == 4000


@pytest.mark.parametrize("name", ["own.txt", "own.yam"])
def test_a_name_that_no_other_command_reads_is_told(tmp_path, name):
    (tmp_path / name).write_text("both-or-neither: {credence: 0.4}\n")
    (fault,) = check_files([tmp_path / name])
    assert (fault.field, fault.value, fault.allowed) == ("file", name, "a name that ends in .yaml")
