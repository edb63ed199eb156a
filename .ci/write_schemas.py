"""The JSON Schemas that editors complete and explain from, written to where they are read: sim/inputs/ or here.

Run `python .ci/write_schemas.py` after a change of the models.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from gallery import GalleryFile
from model_picture_plan import PlanFile

from sim.inputs.game import GameFile
from sim.inputs.records import RecordFile
from sim.inputs.schema_card import CardFile
from sim.inputs.schema_scenario import EventGiven, ScenarioFile, SummitGiven

HERE = Path(__file__).resolve().parent
INPUTS = HERE.parent / "sim" / "inputs"


def place_of(name: str) -> Path:
    """Where a schema is kept."""
    return (HERE if name in ("gallery.schema.json", "model_picture.schema.json") else INPUTS) / name


def schemas() -> dict[str, str]:
    """File name to text, the same on every machine."""
    scenario = ScenarioFile.model_json_schema()
    whole = (SummitGiven.__name__, EventGiven.__name__)  # items of lists are replaced, never merged
    for name, form in [("", scenario), *scenario["$defs"].items()]:
        if name not in whole:
            form.pop("required", None)  # a scenario inherits what it does not give
    texts = {
        "scenario.schema.json": scenario,
        "card.schema.json": CardFile.model_json_schema(),
        "game.schema.json": GameFile.model_json_schema(),
        "record.schema.json": RecordFile.model_json_schema(),
        "model_picture.schema.json": PlanFile.model_json_schema(),
        "gallery.schema.json": GalleryFile.model_json_schema(),
    }
    return {
        name: json.dumps(_with_draft(schema), indent=1, ensure_ascii=False) + "\n" for name, schema in texts.items()
    }


def _with_draft(schema: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


if __name__ == "__main__":
    for name, text in schemas().items():
        place_of(name).write_text(text, encoding="utf-8")
