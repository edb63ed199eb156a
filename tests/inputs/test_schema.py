"""The schemas: current, used by every shipped file, and partial for scenarios."""

import json
from pathlib import Path

import pytest
from write_schemas import place_of, schemas

from sim.inputs.check import check_files
from sim.inputs.schema_faults import unknown
from sim.inputs.yaml_source import read_yaml

jsonschema = pytest.importorskip("jsonschema")
ROOT = Path(__file__).resolve().parent.parent.parent
SCENARIOS = sorted([*ROOT.glob("scenarios/*.yaml"), *ROOT.glob("scenarios/variants/*.yaml")])
CARDS = sorted(ROOT.glob("seeds/*.yaml"))
RECORDS = sorted(ROOT.glob("scenarios/records/*.yaml"))
SHIPPED = [*SCENARIOS, *CARDS, *RECORDS]
SCHEMAS = schemas()
FORMS = {name: json.loads(text) for name, text in SCHEMAS.items()}
VALIDATORS = {name: jsonschema.validators.validator_for(form)(form) for name, form in FORMS.items()}


def schema_of(path):
    """The schema that a shipped file is to be held against."""
    kind = "record" if path in RECORDS else "card" if path in CARDS else "scenario"
    return f"{kind}.schema.json"


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_written_schemas_are_current(name):
    assert place_of(name).read_text(encoding="utf-8") == SCHEMAS[name]


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_written_schemas_are_schemas(name):
    VALIDATORS[name].check_schema(FORMS[name])


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_first_line_leads_an_editor_to_the_schema(path):
    first = path.read_text(encoding="utf-8").splitlines()[0]
    prefix = "# yaml-language-server: $schema="
    assert first.startswith(prefix)
    assert (path.parent / first.removeprefix(prefix)).resolve() == place_of(schema_of(path))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_files_fit_the_schema(path):
    VALIDATORS[schema_of(path)].validate(read_yaml(path).data)


def test_shipped_files_have_no_fault():
    assert check_files(SHIPPED) == []


def test_every_key_of_a_scenario_is_explained():
    scenario = json.loads(SCHEMAS["scenario.schema.json"])
    assert [key for key, form in scenario["properties"].items() if not form.get("description")] == []


def test_an_unknown_word_is_answered_with_the_near_miss_or_all_there_is():
    assert unknown("tarifs", ["tariffs", "aid"], "a variable") == 'did you mean "tariffs"?'
    assert unknown("zzz", ["tariffs", "aid"], "a variable") == "a variable: aid, tariffs"
