"""Thousands of events, hundreds of claims and scenarios: read without a step that takes the square of them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sim.errors import InputError
from sim.inputs.check import check_files
from sim.inputs.scenario import load_scenario

ROOT = Path(__file__).parents[1]
CLAIMS, SCENARIOS = 300, 200
HEAD = "schema: 1\ntitle: T\nquestion: Q?\n"


def test_ten_thousand_events_on_one_variable(tmp_path: Path) -> None:
    """Pins that end after a month, and what happens in the months between; no file may hold all of them."""
    pins = (f"{{month: {2 * month}, pin: {{tariffs: 0.5}}, until: {2 * month + 1}}}" for month in range(1, 4000))
    sets = [f"{{month: {2 * month + 1}, set: {{tariffs: 0.5}}}}" for month in range(6000)]
    layers = {"pins": pins, "some": sets[:3000], "all": sets[3000:]}
    for (name, rows), parent in zip(layers.items(), ("no-trade-war", *layers), strict=False):
        text = "".join(f"  - {row}\n" for row in rows)
        (tmp_path / f"{name}.yaml").write_text(f"{HEAD}extends: {parent}\nevents:\n{text}")
    found = load_scenario(tmp_path / "all.yaml")
    assert sum(event.variable == "tariffs" for event in found.events) == 10_000
    (tmp_path / "held.yaml").write_text(f"{HEAD}extends: all\nevents: [{{month: 5000, shift: {{tariffs: 0.1}}}}]\n")
    with pytest.raises(InputError) as refused:
        load_scenario(tmp_path / "held.yaml")
    [fault] = refused.value.faults
    assert str(fault).endswith(
        "shift of tariffs in month 5000; none while it is pinned from month 5000 to month 5001: end the pin with "
        "until, or drop_events: [tariffs]"
    )


def test_hundreds_of_claims_and_scenarios(tmp_path: Path) -> None:
    case = tmp_path / "case"
    shutil.copytree(ROOT / "other_case", case)
    head, _, claims = (case / "seeds" / "river-letter-2031.yaml").read_text("utf-8").partition("claims:\n")
    claim = claims.partition("\n  - id: ")[0]
    for card in range(CLAIMS // 100):
        copies = (claim.replace("hand-on-the-throat", f"copy-{card * 100 + number}") for number in range(100))
        text = f"{head}claims:\n" + "\n".join(copies) + "\n"
        (case / "seeds" / f"more-{card}.yaml").write_text(text.replace("river-letter-2031", f"more-{card}"), "utf-8")
    paths = [case / "scenarios" / f"one-{number}.yaml" for number in range(SCENARIOS)]
    for number, path in enumerate(paths):
        path.write_text(f"{HEAD}extends: baseline\nassume: {{claims: {{copy-{number}: off}}}}\n")
    assert check_files(paths, case) == []
    last = load_scenario(f"one-{SCENARIOS - 1}", case=case)
    assert (len(last.ledger.claims), last.turned_off) == (CLAIMS + 4, (f"copy-{SCENARIOS - 1}",))
