"""The tables of ``sim/MODEL.md``, made from the case's YAML and the source cards so that they cannot drift from them.

    python .ci/model_tables.py      write them into sim/MODEL.md

A table stands between ``<!-- table: NAME -->`` and ``<!-- end of table -->``; what is between is replaced.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from sim.inputs.catalogue import listed_scenarios
from sim.inputs.engine_numbers import FILE as ENGINE_NUMBERS
from sim.inputs.scenario import Scenario, load_scenario
from sim.inputs.yaml_source import read_yaml

DESCRIPTION = Path(__file__).resolve().parent.parent / "sim" / "MODEL.md"
_REGION = re.compile(r"(<!-- table: ([a-z-]+) -->\n).*?(<!-- end of table -->)", re.S)

Data = Mapping[str, Any]


def with_tables(text: str, scenario: Scenario) -> str:
    """The text with every marked table made anew. Raises KeyError for a name that is no table."""
    return _REGION.sub(lambda found: f"{found[1]}{TABLES[found[2]](scenario)}\n{found[3]}", text)


def _table(heads: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).replace("|", "\\|").replace("\n", " ")


def _code(text: object) -> str:
    return f"`{text}`" if text not in ("", None) else ""


def _corners(given: Any) -> tuple[object, object, object]:
    """Low, mode and high of a number as written; a fixed number is its own mode."""
    if not isinstance(given, Mapping):
        return "", given, ""
    if "value" in given:
        return given.get("low", ""), given["value"], given.get("high", "")
    return given["low"], given["mode"], given["high"]


def _basis(entry: Data) -> str:
    return "; ".join(str(entry[key]) for key in ("source", "basis") if entry.get(key))


def _numbers(entries: Data) -> str:
    rows = [(_code(name), *_corners(each), each.get("meaning", ""), _basis(each)) for name, each in entries.items()]
    return _table(("name", "low", "mode", "high", "meaning", "source"), rows)


def parameters(scenario: Scenario) -> str:
    return _numbers(_fixed_marked(scenario.resolved["parameters"]))


def _fixed_marked(entries: Data) -> dict[str, Data]:
    """Parameters whose meaning says where one is not drawn."""
    return {
        name: {**each, "meaning": f"fixed: {each['meaning']}"} if "value" in each else each
        for name, each in entries.items()
    }


def constants(scenario: Scenario) -> str:
    return _numbers(scenario.resolved["constants"])


def engine(scenario: Scenario) -> str:
    """The engine's own numbers, with their defaults and how far any case may go."""
    written = read_yaml(ENGINE_NUMBERS).data
    entries = {**_fixed_marked(written["parameters"]), **written["constants"]}
    rows = [
        (_code(name), *_corners(each), "{:g} to {:g}".format(*each["within"]), each["meaning"], each["source"])
        for name, each in entries.items()
    ]
    return _table(("name", "low", "mode", "high", "any case", "meaning", "source"), rows)


def thresholds(scenario: Scenario) -> str:
    return _numbers(scenario.resolved["thresholds"])


def variables(scenario: Scenario) -> str:
    rows = []
    for name, each in scenario.resolved["variables"].items():
        kind = f"{each['kind']}, {each['direction']}" if "direction" in each else each["kind"]
        rows.append((_code(name), kind, *_corners(each["start"]), each.get("label", ""), _basis(each)))
    return _table(("name", "kind", "start: low", "mode", "high", "meaning", "source"), rows)


def derived(scenario: Scenario) -> str:
    rows = [
        (_code(name), _code(each["value"]), each.get("label", ""), _basis(each))
        for name, each in scenario.resolved["derived"].items()
    ]
    return _table(("name", "value", "meaning", "source"), rows)


def ideals(scenario: Scenario) -> str:
    """Position / salience of every state on every issue, with the letter of how sure the coder was."""
    states, issues = scenario.resolved["states"], scenario.resolved["issues"]
    rows = [(issue, *(_ideal(state["ideals"][issue]) for state in states.values())) for issue in issues]
    return _table(("issue", *states), rows)


def _ideal(given: Data) -> str:
    sure = given["confidence"]
    if given.get("confidence_salience", sure) != sure:
        sure = f"{sure}, salience {given['confidence_salience']}"
    return f"{given['position']:g} / {given['salience']:g} ({sure})"


def widths(scenario: Scenario) -> str:
    given = scenario.resolved["confidence_widths"]
    kinds = [key for key in next(iter(given.values())) if key != "source"]
    return _table(("half width of", *kinds), [(name, *(each[kind] for kind in kinds)) for name, each in given.items()])


def moves(scenario: Scenario) -> str:
    rows = []
    for state, menu in scenario.resolved["moves"].items():
        for option in menu["options"]:
            if not option.get("reference"):
                rows.append((state, option["name"], _utility(option)))
    return _table(("state", "option", "utility over the reference option"), rows)


def _utility(option: Data) -> str:
    terms = [f"{option.get('constant', 0):g}", option.get("bias", "")]
    for term in option.get("utility", ()):
        amount, of = f"{term.get('times', 1):+g}", "" if str(term["of"]) == "1" else f" {term['of']}"
        terms.append(f"{amount}{of}" + (f" [if {term['if']}]" if "if" in term else ""))
    return "; ".join(term for term in terms if term)


def effects(scenario: Scenario) -> str:
    rows = []
    for state, menu in scenario.resolved["moves"].items():
        for option in menu["options"]:
            done = [f"{name} {_signed(by)}" for name, by in option.get("effects", {}).items()]
            done += [f"{name} at least {level}" for name, level in option.get("at_least", {}).items()]
            reference = " (reference)" if option.get("reference") else ""
            rows.append((state, option["name"] + reference, "; ".join(done) or "nothing"))
    return _table(("state", "option", "added a month, times step"), rows)


def _signed(by: object) -> str:
    return f"{by:+g}" if isinstance(by, int | float) else str(by)


def packages(scenario: Scenario) -> str:
    rows = []
    for name, each in scenario.resolved["packages"].items():
        gives = "; ".join(f"{giver}: {_pairs(parts)}" for giver, parts in each["gives"].items())
        rows.append((each["pair"], name, gives, ", ".join(each.get("whole", ())) or "-", _basis(each)))
    return _table(("pair", "package", "who gives what at parity", "given whole", "source"), rows)


def _pairs(parts: Data) -> str:
    return ", ".join(
        f"{name} {amount:g}" if isinstance(amount, int | float) else f"{name} {amount}"
        for name, amount in parts.items()
    )


def _times(term: Data) -> str:
    return f"{term['times']:+g} " if "times" in term else ""


def friction(scenario: Scenario) -> str:
    rows = []
    for pair, each in scenario.resolved["bargaining"].items():
        for side, terms in each.get("friction", {}).items():
            said = "; ".join(
                _times(term) + _code(term["of"]) + (f" [if {term['if']}]" if "if" in term else "") for term in terms
            )
            rows.append((pair, side, said))
    return _table(("pair", "side", "friction, a sum of"), rows)


def wishes(scenario: Scenario) -> str:
    rows = []
    for pair, each in scenario.resolved["bargaining"].items():
        terms = {**each.get("wish", {}), **({"to hurry": each["hurry"]} if each.get("hurry") else {})}
        for side, given in terms.items():
            said = "; ".join(
                _times(term) + _code(term["of"]) + (f" [if {term['if']}]" if "if" in term else "") for term in given
            )
            rows.append((pair, side, said))
    return _table(("pair", "side", "log odds, over wish_base or hurry_base, a sum of"), rows)


def moods(scenario: Scenario) -> str:
    when = ("at_deal", "at_walkout", "at_first_meeting", "at_refusal", "at_collapse")
    rows = [
        (pair, *(_pairs(each[key]) if key in each else "-" for key in when))
        for pair, each in scenario.resolved["bargaining"].items()
    ]
    return _table(
        (
            "pair",
            "at a deal",
            "at a meeting without one",
            "at the first meeting, either way",
            "at a refusal",
            "at a collapse",
        ),
        rows,
    )


def issues(scenario: Scenario) -> str:
    rows = [
        (name, _code(each["now"]), _code(each["after"]), ", ".join(each["moved_by"]), _basis(each))
        for name, each in scenario.resolved["issues"].items()
    ]
    return _table(("issue", "level now", "level after the package", "moved by", "source"), rows)


def drift(scenario: Scenario) -> str:
    month = scenario.resolved["month"]
    rows = [
        (_code(name), f"times {factor:g}", "with the moves", month["decay_source"])
        for name, factor in month["decay"].items()
    ]
    rows += [
        (_code(name), _code(each["value"]), "after the summits", _basis(each)) for name, each in month["drift"].items()
    ]
    return _table(("variable", "becomes", "when", "source"), rows)


def measures(scenario: Scenario) -> str:
    rows = [
        (_code(name), _code(each["value"]), each.get("label", ""))
        for name, each in scenario.resolved["measures"].items()
    ]
    return _table(("measure", "value", "meaning"), rows)


def outcomes(scenario: Scenario) -> str:
    rows = []
    for place, each in enumerate(scenario.resolved["outcomes"]):
        bounds = [
            f"{name} {'at least' if bound == 'min' else 'at most'} {threshold}"
            for name, given in each.get("when", {}).items()
            for bound, threshold in given.items()
        ]
        if "unless_pinned" in each:
            bounds.append(f"passed over where the scenario pins {each['unless_pinned']}")
        rows.append((place, each["name"], "; ".join(bounds) or "every other run", each.get("says", ""), _basis(each)))
    return _table(("#", "class", "first rule that holds", "in words", "from"), rows)


def couplings(scenario: Scenario) -> str:
    rows = [
        (claim.id, _code(coupling.key), f"{coupling.operation} {coupling.value:g}", ", ".join(_places(claim.places)))
        for claim in scenario.ledger.claims.values()
        for coupling in claim.fails
    ]
    return _table(("where this claim fails", "this number", "is", "the claim stands in"), rows)


def _places(places: Iterable[Any]) -> list[str]:
    return [f"{place.document} p{place.paragraph}" for place in places]


def causes(scenario: Scenario) -> str:
    shared = {group: claims for group, claims in scenario.ledger.groups.items() if len(claims) > 1}
    return _table(("cause", "claims that restate it"), [(group, ", ".join(claims)) for group, claims in shared.items()])


def scenarios(scenario: Scenario) -> str:
    rows = []
    for each in listed_scenarios():
        rows.append((each.name, each.title, each.question, load_scenario(each.name).read_against or "-"))
    return _table(("scenario", "title", "question", "read against"), rows)


TABLES: dict[str, Callable[[Scenario], str]] = {
    table.__name__: table
    for table in (
        *(parameters, constants, engine, thresholds, variables, derived, ideals, widths, moves, effects, packages),
        *(friction, wishes, moods, issues, drift, measures, outcomes, couplings, causes, scenarios),
    )
}  # fmt: skip


def main() -> None:
    """Write the tables into the description."""
    text = DESCRIPTION.read_text(encoding="utf-8")
    DESCRIPTION.write_text(with_tables(text, load_scenario("baseline")), encoding="utf-8")


if __name__ == "__main__":
    main()
