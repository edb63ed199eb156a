"""A stranger's YAML is safe to open: every guard, every scalar, every place."""

import math
import os
import random
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sim.errors import InputError, Place
from sim.inputs import yaml_source
from sim.inputs.text_decoding import MOST_BYTES
from sim.inputs.yaml_source import MOST_EVENTS, parse_value, parse_yaml, read_yaml

BAD = sorted((Path(__file__).parent.parent / "bad_inputs" / "yaml").glob("*.yaml"))


def message(text: str | bytes) -> str:
    """What is said about a text that must be refused."""
    with pytest.raises(InputError) as caught:
        parse_yaml(text, "x.yaml")
    return str(caught.value)


# --- files beside their messages


def test_there_are_bad_inputs() -> None:
    assert len(BAD) > 50


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_bad_input_says_what_is_expected(path: Path) -> None:
    with pytest.raises(InputError) as caught:
        read_yaml(path, path.name)
    assert str(caught.value) == path.with_suffix(".expected").read_text(encoding="utf-8").rstrip("\n")
    assert caught.value.exit_code == 2


def test_every_expected_message_has_its_input() -> None:
    expected = (Path(__file__).parent.parent / "bad_inputs" / "yaml").glob("*.expected")
    assert {path.stem for path in expected} == {path.stem for path in BAD}


# --- values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((word, True) for word in ("true", "True", "TRUE")),
        *((word, False) for word in ("false", "False", "FALSE")),
        *((word, None) for word in ("null", "Null", "NULL", "~")),
        *((word, word) for word in ("yes", "no", "on", "off", "NO", "On", "y", "tRUE", "nULL", "=", ".", "+")),
        *((word, word) for word in ("2018-03", "2018-03-01", "2018-03-01T10:00:00Z", "10:30:99", "1:75")),
        *((word, word) for word in ("1_000", "1,000", "1.2.3", "1e", "e5", "0xyz", "0o8", "nan", "inf", ".infinity")),
        *(
            (word, word)
            for word in (
                "\uff11\uff12",
                "\u0661\u0662",
                "12 months",
                "5%",
                "--1",
                "+-1",
                "1-2",
                "004_46b1.txt",
            )
        ),
        ("0", 0),
        ("-0", 0),
        ("+7", 7),
        ("-42", -42),
        ("123456789012345678", 123456789012345678),
        ("1e-3", 0.001),
        ("1E5", 100000.0),
        (".5", 0.5),
        ("-.5", -0.5),
        ("1.", 1.0),
        ("0.25", 0.25),
        ("0e0", 0.0),
        ("'0777'", "0777"),
        ('"true"', "true"),
        ("'~'", "~"),
        ('"1:30"', "1:30"),
        ('""', ""),
    ],
)
def test_scalars_follow_yaml_1_2(text: str, value: Any) -> None:
    read = parse_yaml(f"key: {text}\n", "x.yaml").data["key"]
    assert (type(read), read) == (type(value), value)
    assert parse_yaml(text, "x.yaml").data == value


def test_blocks_of_text_are_text() -> None:
    text = "a: |\n  0777\nb: >-\n  two\n  lines\nc: two\n  lines\n"
    assert parse_yaml(text, "x").data == {"a": "0777\n", "b": "two lines", "c": "two lines"}


def test_keys_are_always_text() -> None:
    text = "3: a\ntrue: b\n~: c\n2018-03: d\n0777: e\n'<<': f\n\"\": g\n? h\n: i\n"
    keys = ["3", "true", "~", "2018-03", "0777", "<<", "", "h"]
    assert list(parse_yaml(text, "x").data) == keys


def test_an_empty_value_is_null() -> None:
    assert parse_yaml("a:\nb: [c, ~]\nd: {e, f: }\n", "x").data == {
        "a": None,
        "b": ["c", None],
        "d": {"e": None, "f": None},
    }


@pytest.mark.parametrize("text", ["\ufefftitle: é\n", b"\xef\xbb\xbftitle: \xc3\xa9\n", "title: é\r\n", "title: é\r"])
def test_byte_order_mark_and_all_line_ends_are_accepted(text: str | bytes) -> None:
    source = parse_yaml(text, "x")
    assert source.data == {"title": "é"}
    assert source.places["title",] == Place("x", 1, 8)


def test_one_document_may_be_marked() -> None:
    assert parse_yaml("%YAML 1.2\n---\na: 1\n...\n", "x").data == {"a": 1}


def test_tabs_inside_text_and_comments_are_harmless() -> None:
    assert parse_yaml("a: 'x\ty' # c\td\n", "x").data == {"a": "x\ty"}


# --- places


def test_every_value_and_key_knows_its_place() -> None:
    source = parse_yaml("a: 1\nb:\n  - x\n  - {c: 'é', d: [2]}\n3:\n", "x.yaml")

    def places(at: dict[tuple[str, int, int], Any]) -> dict[Any, Place]:
        return {path: Place(*place) for place, path in at.items()}

    assert source.places == {
        (): Place("x.yaml", 1, 1),
        ("a",): Place("x.yaml", 1, 4),
        ("b",): Place("x.yaml", 3, 3),
        ("b", 0): Place("x.yaml", 3, 5),
        ("b", 1): Place("x.yaml", 4, 5),
        ("b", 1, "c"): Place("x.yaml", 4, 9),
        ("b", 1, "d"): Place("x.yaml", 4, 17),
        ("b", 1, "d", 0): Place("x.yaml", 4, 18),
        ("3",): Place("x.yaml", 5, 3),
    }
    assert source.key_places == {
        ("a",): Place("x.yaml", 1, 1),
        ("b",): Place("x.yaml", 2, 1),
        ("b", 1, "c"): Place("x.yaml", 4, 6),
        ("b", 1, "d"): Place("x.yaml", 4, 14),
        ("3",): Place("x.yaml", 5, 1),
    }


TEXTS = st.text(st.sampled_from("abé:#-[]{},&*!|>'\"%@` \t\n\\0.~=<?"), max_size=12)
LEAVES = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.floats(allow_nan=False, allow_infinity=False)
TREES = st.recursive(
    LEAVES | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=25,
)


@given(TREES, st.booleans())
def test_reads_back_what_a_writer_of_yaml_wrote(tree: Any, flow: bool) -> None:
    text = yaml.safe_dump(tree, default_flow_style=flow, allow_unicode=True, sort_keys=False)
    source = parse_yaml(text, "x")
    assert source.data == tree
    assert set(source.places) == set(paths(tree))


def paths(tree: Any, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every path in a tree."""
    inside = list(tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ())
    return [here, *(path for key, value in inside for path in paths(value, (*here, key)))]


@given(TREES)
def test_marks_are_those_of_the_plain_parser(tree: Any) -> None:
    text = yaml.safe_dump(tree, default_flow_style=None)
    mine = [(place.line, place.column) for place in parse_yaml(text, "x").places.values()]

    def marks(node: Any) -> list[tuple[int, int]]:
        values = [v for _, v in node.value] if isinstance(node, yaml.MappingNode) else node.value
        inside = [] if isinstance(node, yaml.ScalarNode) else [mark for value in values for mark in marks(value)]
        return [(node.start_mark.line + 1, node.start_mark.column + 1), *inside]

    assert mine == marks(yaml.compose(text, Loader=yaml.SafeLoader))


# --- guards


def test_depth_is_limited() -> None:
    assert parse_yaml("[" * 32 + "]" * 32, "x").data is not None
    assert message("[" * 33 + "]" * 33) == ("x.yaml:1:33: " + "[0]" * 32 + ": nested too deeply; at most 32 levels")
    assert "x.yaml:33:65: " in message("".join(f"{'  ' * level}a:\n" for level in range(40)))


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[\n", "{", "&a [", "!x ["])
def test_deep_nesting_is_refused(opening: str) -> None:
    assert message(opening * (MOST_BYTES // len(opening) // 2))


def test_size_is_limited() -> None:
    most = "# " + "x" * (MOST_BYTES - 7) + "\na: 1"
    assert parse_yaml(most.encode(), "x").data == {"a": 1}
    for text in (most + " ", (most + " ").encode(), "# " + "é" * (MOST_BYTES // 2)):
        assert message(text) == "x.yaml:1:1: file: more than 1,048,576 bytes; at most 1,048,576 bytes (1 MiB)"


def test_events_are_limited() -> None:
    fits = "\n".join(["- a"] * (MOST_EVENTS - 6))  # the stream, the document and the list take six
    assert len(parse_yaml(fits, "x").data) == MOST_EVENTS - 6
    assert "more than 50,000 parts" in message(fits + "\n- a")


def test_a_bomb_of_aliases_is_not_expanded() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 12)]
    said = message("\n".join(lines)).splitlines()
    assert len(said) == 12 + 9 * 11
    assert all("no anchors" in line or "no aliases" in line for line in said)


def test_hundred_thousand_claims_are_refused() -> None:
    assert message("claims:\n" + "".join(f"- {{id: c{i}}}\n" for i in range(100_000)))
    assert message("".join(f"a: {i}\n" for i in range(100_000)))


@pytest.mark.parametrize(
    "number", ["9" * 5_000, "-" + "9" * 5_000, "1" * 5_000 + ".5", "0" * 5_000, "1e" + "9" * 5_000]
)
def test_huge_numbers_are_refused_in_one_line(number: str) -> None:
    said = message(f"a: {number}")
    assert len(said) < 250
    assert said.startswith("x.yaml:1:4: a: ")


QUICK_TO_WRITE = ["a", "\n", "# c\n", "a: b\n", "x: |\n  y\n", "?\n", "[a,", "'a' ", "a\n\n", "%\n", ",\n"]


@pytest.mark.parametrize(
    ("opening", "piece"),
    [*(("", piece) for piece in QUICK_TO_WRITE), *(('"', piece) for piece in ("a", "\n", "\\u00e9", "\\\n"))],
)
def test_a_mebibyte_of_anything_is_read_or_refused(opening: str, piece: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sixteenth of it also without libyaml, which is slow, as are many parts: other tests see their limit."""
    monkeypatch.setattr(yaml_source, "MOST_EVENTS", 5_000)
    _read(opening + piece * ((MOST_BYTES - 1) // len(piece)))
    check_only_input_errors(opening + piece * (MOST_BYTES // 16 // len(piece)))


@pytest.mark.parametrize("version", ["1." + "9" * 5_000, "9" * 5_000 + ".1"])
def test_a_version_beyond_all_bounds(version: str) -> None:
    assert "beyond all bounds" in message(f"%YAML {version}\n---\na: 1\n")


def test_messages_hold_no_terminal_escapes() -> None:
    assert message('"\\e[31mred": 1\n"\\e[31mred": 2\n') == (
        "x.yaml:2:1: red: given twice; keep one; the first is at x.yaml:1:1"
    )
    assert "\u202e" not in message("a: *b\u202ec\n'\u202e': !x\u202e 1\n")


YAML_BITS = st.lists(
    st.sampled_from(
        [
            "a",
            "b: ",
            "- ",
            "? ",
            ": ",
            "\n",
            "\n  ",
            "\t",
            "[",
            "]",
            "{",
            "}",
            ", ",
            "&a ",
            "*a ",
            "!x ",
            "!!",
            "<<",
            "|",
            ">",
            "---\n",
            "...\n",
            "%TAG ! x\n",
            "%YAML 1.2\n",
            "#",
            '"',
            "'",
            "\\",
            "\\x",
            "\\U0011FFFF",
            "0x1",
            "1:30",
            "\0",
            "\ufeff",
            "é",
            "%zz",
            "\ud800",
        ]
    ),
    max_size=30,
).map("".join)


def check_lines(error: InputError) -> None:
    """One printable line a fault, each beginning with the name of the file."""
    assert all(line.startswith("x.yaml:") for line in str(error).splitlines())
    assert len(str(error).splitlines()) == len(error.faults)
    str(error).encode("utf-8")


def check_only_input_errors(text: str | bytes) -> None:
    """Reads a text that may be anything: a value, or faults of one line each, with and without libyaml the same."""
    with pytest.MonkeyPatch.context() as patch:
        said = [_read(text)]
        patch.setattr(yaml_source, "CBaseLoader", None)
        said.append(_read(text))
    assert said[0] == said[1]


def _read(text: str | bytes) -> str:
    try:
        source = parse_yaml(text, "x.yaml")
        return repr((source.data, source.places, source.key_places))
    except InputError as error:
        check_lines(error)
        return str(error)


@settings(max_examples=250)
@given(YAML_BITS | st.text() | st.binary())
@example("%YAML 1.2 x")
@example('"\\UFFFFFFFF"')
@example("a: !<")
@example("- |0\n")
@example("a: [b?, c]")
@example("a: >#")
@example("a: {b: \n}")
def test_nothing_but_input_errors(text: str | bytes) -> None:
    check_only_input_errors(text)


def test_damaged_scenarios_raise_nothing_but_input_errors() -> None:
    pristine = b"".join(path.read_bytes() for path in BAD if not path.stem.startswith("utf"))
    chance = random.Random(20180612)
    for _ in range(300):
        at = chance.randrange(len(pristine) - 400)
        piece = bytearray(pristine[at : at + chance.randrange(1, 400)])
        for _ in range(chance.randrange(4)):
            piece[chance.randrange(len(piece))] = chance.randrange(256)
        check_only_input_errors(bytes(piece))


# --- files


def test_reads_a_file_under_its_own_or_a_given_name(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"title: x\n")
    assert read_yaml(path).places["title",] == Place(str(path), 1, 8)
    assert read_yaml(path, "scenario").name == "scenario"
    link = tmp_path / "link.yaml"
    link.symlink_to(path)
    assert read_yaml(link).data == {"title": "x"}


def refusal(path: Path) -> str:
    """What is said about a file that cannot be read."""
    with pytest.raises(InputError) as caught:
        read_yaml(path, "x.yaml")
    return str(caught.value)


def test_what_is_not_a_readable_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.yaml") == "x.yaml: file: no such file or directory; give a file that can be read"
    assert refusal(tmp_path) == "x.yaml: file: a folder; give a file"
    os.mkfifo(tmp_path / "pipe")
    assert refusal(tmp_path / "pipe") == "x.yaml: file: a pipe, socket or device; give an ordinary file"
    assert refusal(Path("/dev/zero")) == "x.yaml: file: a pipe, socket or device; give an ordinary file"
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for path in (tmp_path / "loop", tmp_path / ("n" * 300), tmp_path / "nul\0", tmp_path / "none" / "x"):
        assert refusal(path).endswith("; give a file that can be read")


def test_a_file_without_permission_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1")

    def forbid(*_: object) -> int:  # root may read everything, so changing the mode would prove nothing
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", forbid)
    assert refusal(path) == "x.yaml: file: permission denied; give a file that can be read"


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    with path.open("wb") as file:
        file.truncate(10**12)  # sparse: reading it would exhaust memory
    assert refusal(path) == "x.yaml: file: 1,000,000,000,000 bytes; at most 1,048,576 bytes (1 MiB)"


# --- options


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("off", "off"),
        ("0.2", 0.2),
        ("{credence: 0.1}", {"credence": 0.1}),
        ("[a, 2]", ["a", 2]),
        ("null", None),
        ("''", ""),
    ],
)
def test_option_values(text: str, value: Any) -> None:
    assert parse_value(text, "--set assume.claims.x") == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("0777", "value: 0777; write 777 or quote it"),
        ("", "value: empty; write something"),
        ("{a: .inf}", "a: .inf; a number must be finite, or quote it"),
        ("[1, 2", "value: [1, 2; this [ is not closed, or a comma is missing"),
        ("x\0", "value: NUL; delete this invisible character"),
    ],
)
def test_option_faults_stand_at_the_option(text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_value(text, "--set seed")
    assert str(caught.value) == f"--set seed: {said}"
    assert caught.value.faults[0].place == Place("--set seed", 0, 0)


def test_numbers_are_finite_and_of_one_type() -> None:
    values = parse_yaml("[1, 1.0, -3, 1e10]", "x").data
    assert [type(value) for value in values] == [int, float, int, float]
    assert all(map(math.isfinite, values))
