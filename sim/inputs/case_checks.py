"""Checks a case and a scenario's assumptions about it, beyond the form of each value and the names in it.

All checks read the raw data, so that no fault hides another.
"""

from collections.abc import Iterable

from sim.inputs.engine_numbers import EngineNumber, engine_numbers
from sim.inputs.expressions import ExpressionError, Number, parse_expression
from sim.inputs.name_checks import Known, Names, Written
from sim.inputs.schedule import check_inside, check_schedule
from sim.inputs.schema_faults import Findings, place_of
from sim.inputs.schema_types import LARGEST

RESERVED = ("noise", "first_meeting", "min", "max")
_SECTIONS = {
    "variables": "a variable", "flags": "a flag", "ranks": "a rank", "derived": "a derived variable",
    "parameters": "a parameter", "constants": "a constant", "measures": "a measure",
}  # fmt: skip


def check_case(names: Names, found: Findings) -> None:
    """Notes what is impossible in the case, and in the scenario's assumptions."""
    data = names.data
    _check_one_meaning(data, found)
    _check_numbers(data, found)
    _check_states(data, names, found)
    _check_variables(data, found)
    _check_pairs(data, names, found)
    _check_menus(data, found)
    _check_packages(data, names, found)
    _check_bargaining(data, names, found)
    _check_outcomes(data, names, found)
    _check_assumed(data, names, found)
    check_schedule(data, names, found)


def _check_one_meaning(data: Written, found: Findings) -> None:
    """Notes every name with two meanings."""
    seen = dict.fromkeys(RESERVED, "a word of expressions")
    first: dict[str, tuple[str, str]] = {}
    for section, what in _SECTIONS.items():
        for name in data[section].keys or ():
            if name in seen:
                # Reported where it was written last: in the scenario's own file, if it has the name.
                path, other = (section, name), seen[name]
                if name in first and place_of(found.source, path).file != found.source.name:
                    path, other = first[name], what
                found.add(path, "a name taken", f"another name: {name} is {other}", at_key=True)
            seen[name] = what
            first.setdefault(name, (section, name))
    for _, pair in data["pairs"].items():
        met = pair["met"].text
        if met in seen:
            found.add(pair["met"].path, met, f"another name: this is {seen[met]}")
        seen[met or ""] = "the recency of a meeting"


def _check_numbers(data: Written, found: Findings) -> None:
    """Notes numbers that do not make sense."""
    for section in ("parameters", "constants"):
        given, engine = data[section], engine_numbers(section, data["states"].keys or ())
        for name, entry in given.items():
            value = entry if entry["value"].number is None else entry["value"]
            check_inside(value, *sensible_bounds(entry, engine.get(name)), found)


def sensible_bounds(entry: Written, engine: EngineNumber | None) -> tuple[float, float]:
    """Lowest and highest sensible value of a number: `within` of its entry in the case, cut to the engine's range."""
    low, high = entry["within"][0].number, entry["within"][1].number
    if low is None or high is None:
        low, high = -LARGEST, LARGEST
    return (low, high) if engine is None else (max(low, engine.low), min(high, engine.high))


def _check_states(data: Written, names: Names, found: Findings) -> None:
    for _, state in data["states"].items():
        given = state["ideals"].keys
        for issue in data["issues"].keys or ():
            if given is not None and issue not in given:
                found.add(state["ideals"].path, f"no {issue}", "an ideal point for every issue")


def _check_variables(data: Written, found: Findings) -> None:
    for _, given in data["variables"].items():
        direction = given["direction"]
        if given["kind"].text and (given["kind"].text == "lever") != (direction.value is not None):
            found.add(direction.path, direction.text or "missing", "up or down for a lever, none for others")
        highest = LARGEST if given["unbounded"].value is True else 1.0
        check_inside(given["start"], 0.0, highest, found)
        _check_season(given, highest, found)
    for _, flag in data["flags"].items():
        months = _constant(flag["within"], data)
        if months is not None and (months != int(months) or months < 0):
            found.add(flag["within"].path, f"{months:g}", "a whole number from 0")
        _each_once(flag["pairs"].rows(), "pair", found)
    for _, rank in data["ranks"].items():
        _each_once(rank["counts"].rows(), "pair", found)
    for _, issue in data["issues"].items():
        _each_once(issue["moved_by"].rows(), "lever", found)
        _each_once(issue["ideal_times"]["except"].rows(), "state", found)


def _check_season(given: Written, highest: float, found: Findings) -> None:
    """Notes a season of a variable that is not exogenous, and one that takes the start out of bounds."""
    season, start = given["by_month"], given["start"].corners
    if season.value is not None and given["kind"].text not in ("exogenous", None):
        allowed = "only of an exogenous variable: others are moved by what is done"
        found.add(season.path, f"of a {given['kind'].text}", allowed)
        return
    for month in season.rows():
        if start and month.number is not None and month.number * start[1] > highest:
            allowed = f"at most {highest / start[1]:.4g}: it multiplies the start, {start[1]:g}"
            found.add(month.path, f"{month.number:g}", allowed)


def _constant(given: Written, data: Written) -> float | None:
    """A number, or the value of the constant named."""
    if given.text is None:
        return given.number
    entry = data["constants"][given.text]
    if entry.value is not None:
        return next((one.number for one in (entry, entry["value"], entry["mode"]) if one.number is not None), None)
    try:
        expression = parse_expression(given.text)
    except ExpressionError:
        return None
    return expression.value if isinstance(expression, Number) else None


def _each_once(words: Iterable[Written], what: str, found: Findings) -> None:
    seen: set[str | None] = {None}
    for word in words:
        if word.text is not None and word.text in seen:
            found.add(word.path, word.text, f"each {what} once")
        seen.add(word.text)


def _check_pairs(data: Written, names: Names, found: Findings) -> None:
    seen: list[set[str]] = []
    for _, pair in data["pairs"].items():
        sides = {side.text or "" for side in pair["between"].rows()}
        _each_once(pair["between"].rows(), "state", found)
        if len(sides) == 2 and sides in seen:
            one, other = (side.text for side in pair["between"].rows())
            found.add(pair["between"].path, f"{one} and {other} again", "each two states once")
        seen.append(sides)


def _check_menus(data: Written, found: Findings) -> None:
    for _, menu in data["moves"].items():
        options = list(menu["options"].rows())
        if options and sum(option["reference"].value is True for option in options) != 1:
            found.add(menu["options"].path, "not one reference", "exactly one option with reference: true")
        _each_once((option["name"] for option in options), "option", found)
        for option in options:
            if option["reference"].value is True and any(option[key].value for key in ("utility", "constant", "bias")):
                allowed = "no utility, constant or bias: the reference has utility 0"
                found.add(option["reference"].path, "true", allowed)


def _check_packages(data: Written, names: Names, found: Findings) -> None:
    for _, package in data["packages"].items():
        sides = names.sides(package["pair"].text)
        check_sides(package["gives"], sides, found)
        check_sides(package["costs"], sides, found)
        levers = {lever for _, parts in package["gives"].items() for lever in parts.keys or ()}
        for lever in package["whole"].rows():
            if lever.text is not None:
                found.known(lever.path, lever.text, levers, "lever of this package")
        _each_once(package["whole"].rows(), "lever of this package", found)


def check_sides(given: Written, sides: Known, found: Findings) -> None:
    """Notes keys that are not sides of a pair."""
    for side, entry in given.items():
        found.known(entry.path, side, sides, "side of this pair", at_key=True)


def _check_bargaining(data: Written, names: Names, found: Findings) -> None:
    given = data["bargaining"]
    for pair in data["pairs"].keys or ():
        if given.keys is not None and pair not in given.keys:
            found.add(given.path, f"no {pair}", "an entry for every pair")
    for pair, entry in given.items():
        if names.pairs is None or pair in names.pairs:
            for part in ("friction", "wish"):
                check_sides(entry[part], names.sides(pair), found)


def _check_outcomes(data: Written, names: Names, found: Findings) -> None:
    rows = list(data["outcomes"].rows())
    thresholds = names.section("thresholds")
    _each_once((outcome["name"] for outcome in rows), "outcome", found)
    for outcome in rows:
        for _, bounds in outcome["when"].items():
            for _, bound in bounds.items():
                if bound.text is not None and not _is_number(bound.text):
                    found.known(bound.path, bound.text, thresholds, "threshold")
    if rows and (rows[-1]["when"].value or rows[-1]["unless_pinned"].value):
        allowed = "no condition: the last outcome takes all other runs"
        found.add(rows[-1]["when"].path, rows[-1]["name"].text or "a condition", allowed)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _check_assumed(data: Written, names: Names, found: Findings) -> None:
    """Notes assumptions of a scenario outside the bounds of the case."""
    assume = data["assume"]
    for section in ("parameters", "thresholds", "constants"):
        engine = engine_numbers(section, data["states"].keys or ())
        for name, value in assume[section].items():
            check_inside(value, *sensible_bounds(data[section][name], engine.get(name)), found)
    for name, value in assume["start"].items():
        unbounded = data["variables"][name]["unbounded"].value is True
        check_inside(value, 0.0, LARGEST if unbounded else 1.0, found)
    for name, gives in assume["packages"].items():
        check_sides(gives, names.sides(data["packages"][name]["pair"].text), found)
