"""Expressions: what is read, what is refused, and what comes out on floats and on arrays."""

import itertools
import math
import pickle
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.inputs.arithmetic import evaluate
from sim.inputs.expressions import (
    Expression,
    ExpressionError,
    Name,
    Number,
    Operation,
    check_names,
    parse_expression,
    simplify,
)

Float32 = NDArray[np.float32]

NAMES = ("tension", "us_troops", "met.us", "x1", "minimum")
NUMBERS = st.sampled_from([0.0, 1.0, 0.5, 2.0, 0.1, 1e-3, 30.0])


def tree_of(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    """Operations on the expressions given; a minus before a number is that number's own sign."""
    two = st.tuples(inner, inner)
    return (
        st.builds(Operation, st.sampled_from("+-*/"), two)
        | st.builds(Operation, st.sampled_from(["min", "max"]), st.lists(inner, min_size=2, max_size=4).map(tuple))
        | inner.filter(lambda part: not isinstance(part, Number)).map(lambda part: Operation("-", (part,)))
    )


TREES = st.recursive(st.builds(Number, NUMBERS) | st.builds(Name, st.sampled_from(NAMES)), tree_of, max_leaves=12)
SCALARS = st.sampled_from([0.0, 1.0, 0.25, 0.7, -0.5])
ENVIRONMENTS = st.fixed_dictionaries(dict.fromkeys(NAMES, SCALARS))
ARRAYS = st.lists(st.sampled_from([0.0, 1.0, 0.25, 0.7, -0.5]), min_size=3, max_size=3).map(
    lambda values: np.array(values, dtype=np.float32)
)
MIXED = st.fixed_dictionaries(dict.fromkeys(NAMES, SCALARS | ARRAYS))


def plain_value(tree: Expression, environment: Mapping[str, float]) -> float:
    """A second evaluator, on Python floats, that follows the definition and nothing else."""
    if isinstance(tree, Number):
        return tree.value
    if isinstance(tree, Name):
        return environment[tree.name]
    assert isinstance(tree, Operation)
    values = [plain_value(part, environment) for part in tree.operands]
    if len(values) == 1:
        return -values[0]
    plain: dict[str, Callable[[], float]] = {
        "+": lambda: values[0] + values[1],
        "-": lambda: values[0] - values[1],
        "*": lambda: values[0] * values[1],
        "/": lambda: values[0] / values[1] if values[1] else 0.0,
        "min": lambda: min(values),
        "max": lambda: max(values),
    }
    return plain[tree.symbol]()


# --- reading


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("1", Number(1.0)),
        (".5", Number(0.5)),
        ("0.5", Number(0.5)),
        ("1.", Number(1.0)),
        ("1e-3", Number(0.001)),
        ("1E+2", Number(100.0)),
        ("-3", Number(-3.0)),
        ("--3", Number(3.0)),
        (2, Number(2.0)),
        (-0.5, Number(-0.5)),
        ("tension", Name("tension")),
        ("a.b_1.C", Name("a.b_1.C")),
        ("minimum", Name("minimum")),
        ("-a*b", Operation("*", (Operation("-", (Name("a"),)), Name("b")))),
        ("a-b-c", Operation("-", (Operation("-", (Name("a"), Name("b"))), Name("c")))),
        ("a/b*c", Operation("*", (Operation("/", (Name("a"), Name("b"))), Name("c")))),
        ("a+b*c", Operation("+", (Name("a"), Operation("*", (Name("b"), Name("c")))))),
        ("a*-b", Operation("*", (Name("a"), Operation("-", (Name("b"),))))),
        ("a - -2", Operation("-", (Name("a"), Number(-2.0)))),
        (" min ( a , 1,\n\tb ) ", Operation("min", (Name("a"), Number(1.0), Name("b")))),
    ],
)
def test_reads(text: str | float, tree: Expression) -> None:
    assert parse_expression(text) == tree


@pytest.mark.parametrize(
    ("text", "position", "said"),
    [
        ("", 1, "a value is missing before the end"),
        ("  ", 3, "a value is missing before the end"),
        ("a +", 4, "a value is missing before the end"),
        ("+a", 1, "a value is missing before +"),
        ("a ** 2", 4, "a value is missing before *"),
        ("a // 2", 4, "a value is missing before /"),
        ("a ^ 2", 3, "^ is not allowed: only names, numbers, + - * / ( ) , min and max"),
        ("a; b", 2, "; is not allowed: only names, numbers, + - * / ( ) , min and max"),
        (
            "a\x1b[0m",
            2,
            "an invisible character is not allowed: only names, numbers, + - * / ( ) , min and max",
        ),
        ("é", 1, "é is not allowed: only names, numbers, + - * / ( ) , min and max"),
        ("\u0661", 1, "\u0661 is not allowed: only names, numbers, + - * / ( ) , min and max"),
        ("a.", 2, ". is not allowed: only names, numbers, + - * / ( ) , min and max"),
        ("2a", 2, "an operator is missing before a"),
        ("1_000", 2, "an operator is missing before _000"),
        ("0x10", 2, "an operator is missing before x10"),
        ("1.2.3", 4, "an operator is missing before .3"),
        ("a b", 3, "an operator is missing before b"),
        ("a)", 2, ") does not belong here"),
        ("a, b", 2, ", does not belong here"),
        ("(a", 3, "a ) is missing before the end"),
        ("(a, b)", 3, "a ) is missing before ,"),
        ("()", 2, "a value is missing before )"),
        ("min", 1, "min needs brackets: min(a, b)"),
        ("max * 2", 1, "max needs brackets: max(a, b)"),
        ("1 + min(a)", 5, "min needs two values or more"),
        ("min()", 5, "a value is missing before )"),
        ("min(a,)", 7, "a value is missing before )"),
        ("mim(a, b)", 1, 'unknown function mim (did you mean "min"?): only min and max'),
        ("__import__(os)", 1, "unknown function __import__: only min and max"),
        ("a.b(c, d)", 1, "unknown function a.b: only min and max"),
        ("1e999", 1, "a number must be finite"),
        (math.inf, 1, "a number must be finite"),
        (math.nan, 1, "a number must be finite"),
        (10**400, 1, "a number must be finite"),
        (True, 1, "an expression is a number or text"),
        (None, 1, "an expression is a number or text"),
        (["a"], 1, "an expression is a number or text"),
    ],
)
def test_refuses(text: Any, position: int, said: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_expression(text)
    assert (caught.value.message, caught.value.position) == (said, position)
    assert str(caught.value) == f"{said} (character {position})"


def test_length_depth_and_operations_are_limited() -> None:
    parse_expression("a" + " " * 999)
    with pytest.raises(ExpressionError, match="at most 1,000 characters"):
        parse_expression("a" + " " * 1_000)
    for opening, closing in (("(", ")"), ("-", ""), ("min(1,", ")")):
        parse_expression(opening * 32 + "a" + closing * 32)
        with pytest.raises(ExpressionError, match="at most 32 levels"):
            parse_expression(opening * 33 + "a" + closing * 33)
    parse_expression("+".join("a" * 201))
    parse_expression(f"min({','.join('a' * 201)})")
    for text in ("+".join("a" * 202), f"max({','.join('a' * 202)})", "*".join(["-a"] * 102)):
        with pytest.raises(ExpressionError, match="at most 200 operations"):
            parse_expression(text)


BITS = st.lists(st.sampled_from(["a", "b.c", "1", ".5", "e", " ", "(", ")", "min(", "max", ",", *"+-*/.^"])).map(
    "".join
)


def check_error(error: ExpressionError, text: str) -> None:
    """An error points into the text and prints as one line."""
    assert 1 <= error.position <= len(text) + 1
    assert len(str(error).splitlines()) == 1
    str(error).encode("utf-8")


@settings(max_examples=500)
@given(st.text() | BITS)
@example("(" * 1_000)
@example("-" * 1_000)
@example("1" * 1_000)
@example("a." * 500)
@example("\n" * 1_000)
def test_text_raises_nothing_but_expression_errors(text: str) -> None:
    try:
        tree = parse_expression(text)
    except ExpressionError as error:
        check_error(error, text)
    else:
        assert parse_expression(tree.text) == tree


def test_an_error_survives_another_process() -> None:
    error = pickle.loads(pickle.dumps(ExpressionError("no", 3)))
    assert (error.message, error.position) == ("no", 3)


@given(TREES)
def test_text_reads_back_as_the_same_expression(tree: Expression) -> None:
    again = parse_expression(tree.text)
    assert again == tree
    assert again.text == tree.text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("((a))+ (b*c)", "a + b * c"),
        ("a-(b-c)", "a - (b - c)"),
        ("(a-b)-c", "a - b - c"),
        ("a/(b*c)", "a / (b * c)"),
        ("-(a+b)*c", "-(a + b) * c"),
        ("-(a*b)", "-(a * b)"),
        ("max(a,(b))", "max(a, b)"),
        ("1.50*a", "1.5 * a"),
    ],
)
def test_text_has_the_fewest_brackets(text: str, written: str) -> None:
    assert parse_expression(text).text == written


# --- names


def test_names() -> None:
    tree = parse_expression("max(a, b.c) * (1 - a) + 2")
    assert tree.names == {"a", "b.c"}
    check_names(tree, ["a", "b.c"])
    check_names(parse_expression(1), [])


def test_an_unknown_name_is_pointed_at_with_the_near_miss() -> None:
    with pytest.raises(ExpressionError) as caught:
        check_names(parse_expression("arsenal * tensoin + xx"), {"arsenal", "tension"})
    assert str(caught.value) == 'unknown name tensoin (did you mean "tension"?) (character 11)'


def test_names_are_listed_where_none_is_near() -> None:
    with pytest.raises(ExpressionError) as caught:
        check_names(parse_expression("winter"), {"arsenal", "tension", "deals.KU"})
    assert str(caught.value) == "unknown name winter (names are arsenal, tension) (character 1)"
    with pytest.raises(ExpressionError, match="names are tension, arsenal"):
        check_names(parse_expression("winter"), {"arsenal", "tension"}, last={"arsenal"})


def test_a_name_without_a_value() -> None:
    with pytest.raises(KeyError):
        evaluate(parse_expression("a * b"), {"a": 1.0})


# --- values


@given(TREES, ENVIRONMENTS)
def test_floats_agree_with_a_plain_evaluator(tree: Expression, environment: dict[str, float]) -> None:
    value = evaluate(tree, environment)
    assert type(value) is float
    assert value == plain_value(tree, environment)


@given(TREES, MIXED)
def test_arrays_agree_with_a_plain_evaluator(tree: Expression, environment: dict[str, Any]) -> None:
    kept = {name: np.copy(value) for name, value in environment.items()}
    value = evaluate(tree, environment)
    rows = [
        plain_value(tree, {name: float(np.broadcast_to(v, 3)[row]) for name, v in environment.items()})
        for row in range(3)
    ]
    # A divisor that only rounding keeps from 0 makes two right answers differ by anything.
    if "/" not in tree.text:
        np.testing.assert_allclose(np.broadcast_to(value, 3), rows, rtol=1e-4, atol=1e-3)
    assert isinstance(value, float) or value.dtype == np.float32
    for name, before in kept.items():
        np.testing.assert_array_equal(environment[name], before)


@given(TREES, MIXED, st.sets(st.sampled_from(NAMES)))
def test_simplifying_changes_no_bit(tree: Expression, environment: dict[str, Any], fixed: set[str]) -> None:
    constants = {name: environment[name] for name in fixed if isinstance(environment[name], float)}
    simple = simplify(tree, constants)
    assert simple.names <= tree.names - set(constants)
    with np.errstate(all="ignore"):
        value, expected = evaluate(simple, environment), evaluate(tree, environment)
    assert type(value) is type(expected)
    np.testing.assert_array_equal(value, expected)


@pytest.mark.parametrize(
    ("text", "simple"),
    [
        ("c * a", "0.5 * a"),
        ("c * 2 * a", "a"),
        ("(1 - c) * a", "0.5 * a"),
        ("zero * a + b", "b"),
        ("a + zero", "a"),
        ("a - zero", "a"),
        ("zero - a", "0 - a"),
        ("a / 1", "a"),
        ("a / zero", "0"),
        ("zero / a", "0"),
        ("min(a, c, 2)", "min(a, 0.5, 2)"),
        ("max(c, 0.7, zero)", "0.7"),
        ("-c", "-0.5"),
        ("-(zero * a)", "-0"),
        ("a * b", "a * b"),
        ("1e308 * 1e308", "1e+308 * 1e+308"),
    ],
)
def test_simplify(text: str, simple: str) -> None:
    assert simplify(parse_expression(text), {"c": 0.5, "zero": 0}).text == simple


def float32(*values: float) -> Float32:
    return np.array(values, dtype=np.float32)


@pytest.mark.parametrize("text", ["0 * a", "a * 0", "off * a", "(1 - 1) * a", "a / 0", "0 / a", "off * (a + b) * c"])
def test_a_scalar_zero_makes_a_term_exactly_zero(text: str) -> None:
    array = float32(1, 2, 3)
    value = evaluate(parse_expression(text), {"a": array, "b": array, "c": array, "off": 0.0})
    assert type(value) is float
    assert value == 0


def test_division_by_zero_is_zero_everywhere() -> None:
    assert evaluate(parse_expression("a / b"), {"a": 1.0, "b": 0.0}) == 0
    assert evaluate(parse_expression("0 / 0"), {}) == 0
    environment: dict[str, Any] = {"a": float32(1, 2, 0), "b": float32(0, 4, 0), "s": 3.0}
    for text, expected in {
        "a / b": [0, 0.5, 0],
        "s / b": [0, 0.75, 0],
        "(a + 1) / b": [0, 0.75, 0],
        "(a + 1) / (b * 2)": [0, 0.375, 0],
        "a / (b * 2)": [0, 0.25, 0],
    }.items():
        np.testing.assert_array_equal(evaluate(parse_expression(text), environment), float32(*expected))
    np.testing.assert_array_equal(environment["b"], float32(0, 4, 0))


def test_what_follows_a_deciding_zero_costs_nothing() -> None:
    assert evaluate(parse_expression("(1 - met) * never"), {"met": 1.0}) == 0


@pytest.mark.parametrize("number", ["1e300", "1e-300", "0.1", "16777217", "3"])
@pytest.mark.parametrize(
    "operation", ["a + n", "n + a", "a * n", "n - a", "a / n", "n / a", "min(a, n)", "max(n, a)", "-a * n"]
)
def test_no_scalar_widens_an_array(number: str, operation: str) -> None:
    with np.errstate(all="ignore"):
        value = evaluate(
            parse_expression(operation.replace("n", number).replace("mi" + number, "min")), {"a": float32(1, 2)}
        )
    assert isinstance(value, np.ndarray)
    assert value.dtype == np.float32


@pytest.mark.parametrize("scalar", [0.5, 1, True, np.float32(0.5), np.float64(0.5), np.array(0.5)])
def test_scalars_of_every_kind_become_floats(scalar: Any) -> None:
    assert type(evaluate(parse_expression("a"), {"a": scalar})) is float
    assert type(evaluate(parse_expression("a * 2 - a"), {"a": scalar})) is float
    value = evaluate(parse_expression("a * b"), {"a": scalar, "b": float32(1, 2)})
    assert isinstance(value, np.ndarray)
    assert value.dtype == np.float32


def test_shapes_may_be_broadcast() -> None:
    column, row = np.ones((3, 1), dtype=np.float32), np.ones(2, dtype=np.float32)
    for text in ("(a + 1) * b", "b * (a + 1)", "(a + 1) * (b + 1)", "(b * 2) / (a - 1)", "min(a, b)"):
        value = evaluate(parse_expression(text), {"a": column, "b": row})
        assert np.shape(value) == (3, 2)


def test_temporaries_are_used_again() -> None:
    runs = 1_000_000
    environment: dict[str, Any] = {name: np.full(runs, 0.5, dtype=np.float32) for name in "abc"}
    tree = parse_expression("-(((1 - a) * b + 0.5) * c - 0.25 * 2)")
    evaluate(tree, environment)
    tracemalloc.start()
    try:
        evaluate(tree, environment)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1.1 * 4 * runs


def test_the_longest_expression_evaluates_and_travels() -> None:
    for symbol in "+-*/":
        tree = parse_expression(symbol.join("a" * 201))
        copy = pickle.loads(pickle.dumps(tree))
        assert copy == tree
        assert hash(copy) == hash(tree)
        assert evaluate(copy, {"a": 1.0}) == evaluate(simplify(tree, {"a": 1}), {})


def test_all_pairs_of_small_operations() -> None:
    for first, second, values in itertools.product("+-*/", "+-*/", itertools.product([0.0, 1.0, -2.0], repeat=3)):
        environment = dict(zip("abc", values, strict=True))
        tree = parse_expression(f"a {first} b {second} c")
        assert evaluate(tree, environment) == plain_value(tree, environment)


def test_reading_expressions_does_not_import_numpy() -> None:
    code = (
        "import sys; from sim.inputs.expressions import parse_expression as p; p('min(a, 1)').names;"
        "sys.exit('numpy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
