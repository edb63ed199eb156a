"""Ten thousand events on one variable: what is pinned when is found without a look at every pair of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.errors import InputError
from sim.inputs.scenario import load_scenario


def test_the_one_event_that_a_pin_forbids_is_found_among_ten_thousand(tmp_path: Path) -> None:
    """Pins that end after a month, and what happens in the months between; no file may hold all of them."""
    pins = [f"{{month: {2 * month}, pin: {{tariffs: 0.5}}, until: {2 * month + 1}}}" for month in range(1, 4000)]
    sets = [f"{{month: {2 * month + 1}, set: {{tariffs: 0.5}}}}" for month in range(6000)]
    layers = {"pins": pins, "some": sets[:3000], "all": [*sets[3000:], "{month: 5000, shift: {tariffs: 0.1}}"]}
    for (name, rows), parent in zip(layers.items(), ("no-trade-war", *layers), strict=False):
        text = "".join(f"  - {row}\n" for row in rows)
        (tmp_path / f"{name}.yaml").write_text(f"title: T\nquestion: Q?\nextends: {parent}\nevents:\n{text}")
    with pytest.raises(InputError) as refused:
        load_scenario(tmp_path / "all.yaml")
    [fault] = refused.value.faults
    assert str(fault).endswith(
        "shift of tariffs in month 5000; none while it is pinned from month 5000 to month 5001: end the pin with "
        "until, or drop_events: [tariffs]"
    )
