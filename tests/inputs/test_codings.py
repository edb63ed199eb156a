"""Pooling the two codings, by the rules of the model."""

import pytest

from sim.inputs.cards import read_cards
from sim.inputs.case_folder import find_case
from sim.inputs.codings import pool
from sim.inputs.layers import Reading
from sim.inputs.scenario import read_case_cards
from sim.inputs.schema_card import OwnCoding
from sim.inputs.yaml_source import parse_yaml

CARD = """
schema: 1
document: {id: gazette-2018, title: A leader, author: Anon, outlet: The Gazette, date: 2018-03-30, file: gazette.txt}
claims:
  - id: road
    claim: A new road helps.
    where: [{document: gazette-2018, paragraph: 3, sha256: HASH}]
    group: road
    active: 1 - half*aid
    effects:
      - {holder: DPRK, target: US, sign: "+", share: 0.6, coded_by: both}
      - {holder: US, target: DPRK, sign: "-", share: 0.2, coded_by: first}
      - {holder: PRC, target: US, sign: "+", coded_by: second}
    fails: [{key: link, set: 0}, {key: slight, times: 2}]
    codings:
      first: {mechanism: outside-option, weight: {low: 0.2, mode: 0.4, high: 0.6}, credence: 0.5,
              attacks: [wall], supports: [bridge]}
      second: {mechanism: issue-linkage, weight: {low: 0.4, mode: 0.5, high: 1}, credence: 0.8,
               attacks: [wall, bridge]}
  - id: wall
    claim: A wall stops it.
    where: [{document: gazette-2018, paragraph: 3, sha256: HASH}]
    group: wall
    active: 1
    effects: [{holder: PRC, target: US, sign: "-", coded_by: second}]
    codings:
      first: {mechanism: outside-option, weight: {low: 0, mode: 0, high: 0}, credence: 0}
      second: {mechanism: outside-option, weight: {low: 1, mode: 1, high: 1}, credence: 1}
  - id: bridge
    claim: A bridge helps too.
    where: [{document: gazette-2018, paragraph: 3, sha256: HASH}]
    group: road
    active: aid
    effects: [{holder: DPRK, target: US, sign: "+", share: 0.6, coded_by: both}]
    shares_off: it is counted elsewhere
    codings:
      first: {mechanism: outside-option, weight: {low: 0, mode: 0, high: 0}, credence: 0}
      second: {mechanism: outside-option, weight: {low: 1, mode: 1, high: 1}, credence: 1}
""".replace("HASH", "f" * 64)
CONSTANTS = {"disputed": 0.5, "share_unknown": 0.4, "half": 0.5}


@pytest.fixture
def cards():
    read = read_cards((parse_yaml(CARD, "gazette.yaml"),))
    assert read.faults == ()
    return list(read.sound)


def shares(claim):
    return {(effect.holder, effect.target): (effect.sign, effect.share) for effect in claim.effects}


def test_pooled_takes_means_and_halves_what_is_disputed(cards):
    road = pool(cards, "pooled", CONSTANTS).claims["road"]
    assert (road.weight.low, road.weight.mode, road.weight.high) == pytest.approx((0.3, 0.45, 0.8))
    assert road.credence == pytest.approx(0.65)
    assert road.mechanism == "outside-option"
    assert shares(road) == {("DPRK", "US"): (1, 0.6), ("US", "DPRK"): (-1, 0.1), ("PRC", "US"): (1, 0.2)}


def test_pooled_links_of_one_coding_count_half(cards):
    claims = pool(cards, "pooled", CONSTANTS).claims
    assert [(link.source, link.factor) for link in claims["wall"].attackers] == [("road", 1.0)]
    assert [(link.source, link.factor) for link in claims["bridge"].attackers] == [("road", 0.5)]
    assert [(link.source, link.factor) for link in claims["bridge"].supporters] == [("road", 0.5)]


def test_first_is_the_first_coding_alone(cards):
    claims = pool(cards, "first", CONSTANTS).claims
    assert (claims["road"].credence, claims["road"].weight.high) == (0.5, 0.6)
    assert shares(claims["road"]) == {("DPRK", "US"): (1, 0.6), ("US", "DPRK"): (-1, 0.2)}
    assert claims["bridge"].attackers == ()
    assert claims["bridge"].supporters[0].factor == 1.0
    assert claims["wall"].effects == ()


def test_second_has_no_halves_and_takes_the_median_share(cards):
    claims = pool(cards, "second", CONSTANTS).claims
    assert claims["road"].mechanism == "issue-linkage"
    assert shares(claims["road"]) == {("DPRK", "US"): (1, 0.6), ("PRC", "US"): (1, 0.4)}
    assert shares(claims["wall"]) == {("PRC", "US"): (-1, 0.4)}  # no other effect: the constant share_unknown
    assert claims["bridge"].attackers[0].factor == 1.0


def test_a_claim_with_shares_off_has_no_effects(cards):
    assert pool(cards, "pooled", CONSTANTS).claims["bridge"].effects == ()


def test_constants_are_folded_and_couplings_kept(cards):
    road = pool(cards, "pooled", CONSTANTS).claims["road"]
    assert road.active.names == {"aid"}
    assert [(one.key, one.operation, one.value) for one in road.fails] == [("link", "set", 0), ("slight", "times", 2)]


def test_a_class_replaces_what_it_codes_and_the_rest_stays_pooled(cards):
    own = {"road": OwnCoding.model_validate({"credence": 0.1, "attacks": [], "effects": [
        {"holder": "DPRK", "target": "US", "sign": "-", "share": 0.9}]})}  # fmt: skip
    claims = pool(cards, own, CONSTANTS).claims
    assert (claims["road"].credence, claims["road"].weight.mode) == (0.1, pytest.approx(0.45))
    assert shares(claims["road"]) == {("DPRK", "US"): (-1, 0.9)}
    assert claims["wall"].attackers == ()
    assert claims["bridge"].supporters[0].factor == 0.5
    assert claims["wall"].credence == 0.5


def test_the_order_of_the_cards_is_by_document():
    shipped = read_case_cards(Reading(find_case()))
    assert [card.id for card in shipped] == sorted(card.id for card in shipped)
    one, other = pool(shipped, "pooled", CONSTANTS), pool(shipped[::-1], "pooled", CONSTANTS)
    assert list(one.claims) == list(other.claims)
    assert one == other
