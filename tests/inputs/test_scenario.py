"""Scenarios: chains, overrides, assumptions, and pairs that differ in one thing."""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.inputs.cards import check_cards
from sim.inputs.case_folder import find_case
from sim.inputs.catalogue import listed_scenarios
from sim.inputs.layers import Reading
from sim.inputs.scenario import case_cards, load_scenario

ROOT = Path(__file__).resolve().parent.parent.parent
BASELINE = load_scenario("baseline")

# What differs between a scenario and the one it is read against.
BARS = {f"assume.thresholds.{name}" for name in ("c", "t_lo", "u", "c_both")}
ONE_THING = {
    "xi-fourth": {"summits KP"},
    "trump-first": {"summits KU"},
    "no-china": {"summits KP"},
    "xi-after-trump": {"summits KP"},
    "moscow-early": {"summits KR"},
    "no-moscow": {"summits KR"},
    "drawdown-none": {"assume.packages.grand"},
    "drawdown-gift": {"events us_troops"},
    "no-trade-war": {"events tariffs", "events trade_talks"},
    "hawk-stays": {"events hawk"},
    "no-hawk": {"events hawk"},
    "china-stops-enforcing": {"events prc_enforcement"},
    "balanced-ledger": {"assume.balance"},
    "documents-march-2018": {"assume.documents.mansudae-2019"},
    "friends-count-for-nothing": {"assume.claims.more-options-less-beholden"},
    "beijing-breaks-with-kim": {"events prc_ties"},
    "variants/kappa-one": {"assume.parameters.kappa"},
    "variants/summits-before-moves": {"month.order"},
    "variants/thresholds-high-bar": BARS,
    "variants/thresholds-low-bar": BARS,
    "variants/firm-offers": {"bargaining.KR.haggle", "bargaining.KU.haggle"},
    "xi-first": {"summits KP"},
    "xi-trip-in-plan": {"summits KP", "summits KS"},
    "xi-first-certain": {"summits KP"},
    "xi-fourth-certain": {"summits KP"},
    "no-summits": {"summits KU", "summits KP", "summits KS", "summits KR"},
    "variants/pause-before-mirage": {"outcomes"},
    "variants/first-coder": {"assume.coding"},
    "variants/second-coder": {"assume.coding"},
}
HISTORY = "0 KP, 1 KS, 2 KP, 2 KS, 3 KU, 3 KP, 6 KS, 10 KP, 11 KU, 13 KR, 15 KP, 15 KU"
CALENDARS = {
    "history": HISTORY,
    "xi-first": "0 KP, 1 KS, 2 KR, 3 KU, 5 KP, 6 KS, 10 KP, 11 KU, 15 KP, 15 KU",
    "xi-fourth": "1 KS, 2 KR, 3 KU, 3 KP, 5 KP, 6 KS, 10 KP, 11 KU, 15 KP, 15 KU",
    "trump-first": "0 KU, 0 KP, 1 KS, 2 KR, 5 KP, 6 KS, 10 KP, 11 KU, 15 KP, 15 KU",
    "no-china": "1 KS, 2 KR, 3 KU, 6 KS, 11 KU, 15 KU",
    "xi-after-trump": "1 KS, 2 KS, 3 KU, 3 KP, 4 KP, 5 KP, 6 KS, 10 KP, 11 KU, 13 KR, 15 KP, 15 KU",
    "moscow-early": "0 KP, 1 KR, 1 KS, 2 KP, 2 KS, 3 KU, 3 KP, 6 KS, 10 KP, 11 KU, 15 KP, 15 KU",
    "no-moscow": "0 KP, 1 KS, 2 KP, 2 KS, 3 KU, 3 KP, 6 KS, 10 KP, 11 KU, 15 KP, 15 KU",
}
REST_ON_LATER_DOCUMENT = {
    claim.id
    for claim in BASELINE.ledger.claims.values()
    if {place.document for place in claim.places} == {"mansudae-2019"}
}


def leaves(value, path=""):
    if isinstance(value, dict) and value:
        return {leaf: inner for key, part in value.items() for leaf, inner in leaves(part, f"{path}.{key}").items()}
    return {path.removeprefix("."): value}


def differences(one, other):
    """Everything in which two scenarios differ, by name."""
    found = set()
    for pair in one.case.pairs:
        rows = [[(s.month, s.pair) for s in scenario.summits if s.pair == pair] for scenario in (one, other)]
        found |= {f"summits {pair}"} if rows[0] != rows[1] else set()
    for variable in one.case.variables:
        rows = [
            Counter((e.month, e.action, e.value) for e in scenario.events if e.variable == variable)
            for scenario in (one, other)
        ]
        found |= {f"events {variable}"} if rows[0] != rows[1] else set()
    skip = {"title", "question", "note", "read_against", "extends", "summits", "events", "drop_events"}
    mine, theirs = (leaves({key: part for key, part in s.resolved.items() if key not in skip}) for s in (one, other))
    return found | {key for key in mine.keys() | theirs.keys() if mine.get(key) != theirs.get(key)} - {"assume"}


@pytest.mark.parametrize("name", sorted(ONE_THING))
def test_matched_pairs_differ_in_one_thing(name):
    one = load_scenario(name)
    assert differences(one, load_scenario(one.read_against)) == ONE_THING[name]


def test_every_scenario_read_against_another_is_in_the_table():
    named = {name for name in find_case().names() if load_scenario(name).read_against}
    assert named == set(ONE_THING)


@pytest.mark.parametrize("name", sorted(CALENDARS))
def test_calendars(name):
    assert ", ".join(f"{summit.month} {summit.pair}" for summit in load_scenario(name).summits) == CALENDARS[name]


def test_events_of_history():
    rows = [(e.month, e.action, e.variable, e.value) for e in load_scenario("history").events]
    assert rows == [
        (0, "set", "hawk", 1), (4, "set", "tariffs", 0.35), (6, "set", "tariffs", 0.6), (9, "set", "trade_talks", 1),
        (14, "set", "tariffs", 0.8), (14, "set", "trade_talks", 0), (15, "set", "trade_talks", 1),
        (17, "set", "tariffs", 0.9),
        (18, "set", "hawk", 0),
    ]  # fmt: skip


def test_titles_and_questions_are_sentences():
    for each in listed_scenarios():
        assert each.title[0].isupper(), each.name
        assert not each.title.endswith(".")
        assert each.question.endswith("?")


def test_history_changes_nothing():
    history = load_scenario("history")
    assert (history.changes, history.turned_off, history.imposed) == ((), (), ())


def test_ideal_points_are_cut_at_the_bounds():
    state = BASELINE.case.states["DPRK"]
    arsenal, troops = state.ideals["arsenal"].position, state.ideals["us_troops"]
    assert (arsenal.low, arsenal.mode, arsenal.high) == pytest.approx((0.7, 0.9, 1))
    assert (troops.position.low, troops.position.high) == (0, 0.1)
    assert (troops.salience.low, troops.salience.high) == pytest.approx((0.3, 0.9))


def test_constants_are_folded():
    assert BASELINE.case.derived["squeeze"].value.names == {"sanctions", "prc_enforcement"}
    assert BASELINE.case.flags["ahead"].within == 2


def test_values_are_fixed_and_thresholds_in_force():
    case = load_scenario("history", set=["assume.thresholds.c=0.12", "assume.parameters.kappa=1"]).case
    assert case.parameters["link"].fixed
    assert case.parameters["kappa"].fixed
    assert case.thresholds["c"].mode == 0.12
    conditions = [one for outcome in case.outcomes for one in outcome.when if one.threshold == "c"]
    assert conditions
    assert all(one.value == 0.12 for one in conditions)


def test_options_say_what_they_changed():
    found = load_scenario("history", set=["assume.claims.trade-talks-linkage.credence=0.2", "months=6"])
    assert found.changes == ("months: 20 -> 6", "claim trade-talks-linkage: credence 0.625 -> 0.2")
    assert found.months == 6
    assert load_scenario("history", months=3).months == 3


@pytest.mark.parametrize(("value", "credence"), [("off", 0), ("on", 1), ("false", 0), ("{credence: 0.25}", 0.25)])
def test_a_claim_is_switched_or_given_a_credence(value, credence):
    found = load_scenario("history", set=[f"assume.claims.both-or-neither={value}"])
    assert found.ledger.claims["both-or-neither"].credence == credence
    assert found.turned_off == (("both-or-neither",) if credence == 0 else ())


def test_a_document_takes_only_the_claims_that_rest_on_it_alone():
    assert set(load_scenario("documents-march-2018").turned_off) == REST_ON_LATER_DOCUMENT
    assert set(load_scenario("history", set=["assume.known_by=2018-12"]).turned_off) == REST_ON_LATER_DOCUMENT
    assert load_scenario("history", set=["assume.known_by=2019-01"]).turned_off == ()


def test_what_is_said_of_a_claim_beats_its_document():
    claim = sorted(REST_ON_LATER_DOCUMENT)[0]
    found = load_scenario("documents-march-2018", set=[f"assume.claims.{claim}=on"])
    assert found.ledger.claims[claim].credence == 1
    assert claim not in found.turned_off


def direction_totals(ledger):
    totals = {}
    for claim in ledger.claims.values():
        for effect in claim.effects:
            if effect.sign > 0:
                groups = totals.setdefault((effect.holder, effect.target), {})
                groups[claim.group] = max(groups.get(claim.group, 0), effect.share * claim.weight.mode * claim.credence)
    return {dyad: sum(groups.values()) for dyad, groups in totals.items()}


def test_balance_makes_both_directions_equal():
    before, after = (direction_totals(load_scenario(name).ledger) for name in ("history", "balanced-ledger"))
    for (one, other), total in after.items():
        if (other, one) in before:
            assert total == pytest.approx(min(before[one, other], before[other, one]))
        else:
            assert total == before[one, other]


def test_states_packages_and_starts():
    case = load_scenario(
        "history",
        set=[
            "assume.states.US.us_troops={ideal: {low: 0.4, mode: 0.55, high: 0.95}, salience: 0.35}",
            "assume.packages={grand: {US: {us_troops: 0.5}}, interim: off}",
            "assume.start.tension={low: 0.3, mode: 0.4, high: 0.6}",
        ],
    ).case
    ideal = case.states["US"].ideals["us_troops"]
    assert (ideal.position.high, ideal.salience.low, ideal.salience.high) == (0.95, 0.35, 0.35)
    assert case.packages["grand"].gives["US"]["us_troops"] == 0.5
    assert case.packages["grand"].gives["US"]["exercises"] == 0.8
    assert "interim" not in case.packages
    assert case.variables["tension"].start.mode == 0.4


def write(folder, name, text):
    path = folder / f"{name}.yaml"
    path.write_text(text)
    return path


def test_events_are_dropped_then_added(tmp_path):
    path = write(
        tmp_path,
        "own",
        "extends: history\ndrop_events: [hawk, tariffs, trade_talks]\n"
        "events: [{month: 2, set: {hawk: 0.5, tariffs: 1}}]\n",
    )
    rows = [(e.month, e.variable, e.value) for e in load_scenario(path).events]
    assert rows == [(2, "hawk", 0.5), (2, "tariffs", 1)]


def test_a_level_may_be_written_as_a_percentage():
    found = load_scenario("no-summits", set=["events=[{month: 2018-07, set: {us_troops: 50%}}]"])
    assert [event.value for event in found.events if event.variable == "us_troops"] == [0.5]
    assert found.changes[-1] == "with event 2018-07 set us_troops 0.5"


def test_a_file_beside_may_be_extended_but_not_one_outside(tmp_path):
    (tmp_path / "inner").mkdir()
    write(tmp_path, "parent", "extends: history\nmonths: 5\n")
    assert load_scenario(write(tmp_path, "child", "extends: parent\n")).months == 5
    (tmp_path / "inner" / "link.yaml").symlink_to(tmp_path / "parent.yaml")
    for outside in ("../parent", str(tmp_path / "parent.yaml"), "link", 150 * "é"):
        with pytest.raises(InputError, match="extends"):
            load_scenario(write(tmp_path / "inner", "child", f"extends: {outside}\n"))


def test_a_link_in_a_circle_is_no_card_and_no_scenario(tmp_path):
    for name in ("seeds", "scenarios"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "round.yaml").symlink_to("round.yaml")
    case = find_case(tmp_path)
    assert (case.cards(), case.listed()) == ([], [])
    assert case.display(tmp_path / "seeds" / "round.yaml") == str(tmp_path / "seeds" / "round.yaml")


def test_a_long_chain_is_refused(tmp_path):
    write(tmp_path, "s0", "extends: history\n")
    for number in range(1, 9):
        last = write(tmp_path, f"s{number}", f"extends: s{number - 1}\n")
    with pytest.raises(InputError, match="at most 8"):
        load_scenario(last)


def test_a_circle_is_refused(tmp_path):
    write(tmp_path, "one", "extends: other\n")
    with pytest.raises(InputError, match="does not extend this one"):
        load_scenario(write(tmp_path, "other", "extends: one\n"))


@pytest.mark.parametrize("name", ["../baseline", "/etc/passwd", "variants/../history", "histry", "", "a/b/c/d/e/f"])
def test_names_stay_in_the_case(name):
    with pytest.raises(InputError):
        load_scenario(name)


def test_a_near_miss_is_suggested():
    with pytest.raises(InputError, match='did you mean "history"'):
        load_scenario("histry")


def test_a_variant_runs_by_name():
    assert load_scenario("variants/kappa-one").name == "kappa-one"
    assert "kappa-one" not in [each.name for each in listed_scenarios()]


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("a.b", "KEY=VALUE"),
        ("extends=xi-first", "what happens or what is assumed"),
        ("assume.claims.both-or-neithr=off", 'did you mean "both-or-neither"'),
        ("months=-1", "at least 0"),
        ("sumits=[]", 'did you mean "summits"'),
        ("assume.parameters.a0={low: 0.2}", "missing"),
        ("assume.parameters.a0=!!python/object 1", "tags are not used"),
        ("summits=", "nothing"),
    ],
)
def test_options_are_checked(option, said):
    with pytest.raises(InputError) as caught:
        load_scenario("history", set=[option])
    assert said in str(caught.value)
    assert str(caught.value).startswith("--set")


def test_two_options_are_told_together():
    with pytest.raises(InputError) as caught:
        load_scenario("history", set=["months=x", "assume.claims.nobody=off"], months=-3)
    assert len(caught.value.faults) == 3


def test_an_option_that_cannot_be_read_hides_nothing(tmp_path):
    path = write(tmp_path, "own", "extends: history\nassume: {claims: {nobody: off}}\n")
    with pytest.raises(InputError) as caught:
        load_scenario(path, set=["foo", "extends=xi-first", "assume.parameters.a0=[1", "months=x"])
    assert [fault.field for fault in caught.value.faults] == [
        "option",
        "value",
        "extends",
        "months",
        "assume.claims.nobody",
    ]


def test_a_class_file_beside_the_scenario_or_in_an_option(tmp_path, monkeypatch):
    coding = "both-or-neither: {credence: 0.9}\n"
    write(tmp_path, "class", coding)
    path = write(tmp_path, "own", "extends: history\nassume: {coding: class.yaml}\n")
    found = load_scenario(path)
    assert (found.coding, found.ledger.claims["both-or-neither"].credence) == ("class.yaml", 0.9)
    monkeypatch.chdir(tmp_path)
    assert load_scenario("history", set=["assume.coding=class.yaml"]).ledger == found.ledger
    write(tmp_path, "class", "- {id: both-or-neither, credence: 0.9}\n")
    assert load_scenario(path).ledger == found.ledger


def test_a_faulty_class_file_is_told(tmp_path):
    write(tmp_path, "class", "- {id: both-or-neithr, credence: 0.9}\n- {id: warhead-clock, credence: 9}\n")
    with pytest.raises(InputError) as caught:
        load_scenario(write(tmp_path, "own", "extends: history\nassume: {coding: class.yaml}\n"))
    assert [fault.place.line for fault in caught.value.faults] == [1, 2]


def test_files_are_named_from_the_case_with_their_hash():
    names = [name for name, _ in load_scenario("xi-fourth").files]
    assert {"scenarios/baseline.yaml", "scenarios/xi-first.yaml", "scenarios/xi-fourth.yaml"} < set(names)
    assert sum(name.startswith("seeds/") for name in names) == 4
    assert all(len(digest) == 64 for _, digest in load_scenario("xi-fourth").files)


def test_another_case_is_another_folder(tmp_path):
    with pytest.raises(InputError, match="seeds"):
        load_scenario("baseline", case=tmp_path)
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "seeds").mkdir()
    text = (ROOT / "scenarios" / "baseline.yaml").read_text().replace("title: The Korean", "title: Another Korean")
    (tmp_path / "scenarios" / "baseline.yaml").write_text(text)
    for card in (ROOT / "seeds").glob("*.yaml"):
        (tmp_path / "seeds" / card.name).write_text(card.read_text())
    assert load_scenario("baseline", case=tmp_path).title.startswith("Another")


def test_a_case_whose_thresholds_are_all_comments_is_told_which_are_asked_for(tmp_path):
    shutil.copytree(ROOT / "tests" / "other_case", tmp_path / "case")
    path = tmp_path / "case" / "scenarios" / "baseline.yaml"
    head, _, rest = path.read_text("utf-8").partition("thresholds:\n")
    path.write_text(f"{head}thresholds:\n{rest.partition(chr(10) * 2)[2]}", "utf-8")
    with pytest.raises(InputError, match="min: enough; a threshold"):
        load_scenario("baseline", case=tmp_path / "case")


def test_cards_of_the_case_are_sound():
    cards = case_cards(Reading(find_case()))
    assert cards.faults == ()
    assert check_cards(cards, None) == []


@pytest.mark.parametrize("name", ["x" * 300, "x" * 300 + ".yaml", "a\0b"])
def test_a_name_that_no_file_can_have_is_no_scenario(name: str) -> None:
    with pytest.raises(InputError, match="no such scenario"):
        load_scenario(name)
