"""The meaning of an unquoted word of YAML: the core schema of YAML 1.2, strictly.

YAML 1.1 turns `NO` into False, `0777` into 511 and `1:30` into 90. Here a word is a number, true or false, null, or
text; a word that only looks like a number is refused rather than guessed at. Quoted words are always text.
"""

import re

Scalar = str | int | float | bool | None

MOST_DIGITS = 18  # fits 64 bits with its sign
MOST_FLOAT_CHARACTERS = 40

_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_NUMBER_STARTS = frozenset("+-.0123456789")
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_LEADING_ZEROS = re.compile(r"([-+]?)0+([0-9].*)")
_OTHER_BASE = re.compile(r"[-+]?0(?:x[0-9a-fA-F]+|o[0-7]+|b[01]+)", re.IGNORECASE)
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|nan)", re.IGNORECASE)
_CLOCK = re.compile(r"[-+]?[0-9]+(?::[0-5]?[0-9])+(?:\.[0-9]*)?")


class OddScalarError(ValueError):
    """An unquoted word that must be written in another way; the message says how."""


def read_plain(text: str) -> Scalar:
    """The value of an unquoted scalar. Raises OddScalarError for a number that is not a plain one."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    if _FLOAT.fullmatch(text):
        return _read_number(text)
    if _OTHER_BASE.fullmatch(text):
        raise OddScalarError("write numbers in base ten, or quote it")
    if _NOT_FINITE.fullmatch(text):
        raise OddScalarError("a number must be finite, or quote it")
    if _CLOCK.fullmatch(text):
        raise OddScalarError("quote a time, or write one number")
    return text


def _read_number(text: str) -> int | float:
    """The int or float written in base ten."""
    zeros = _LEADING_ZEROS.fullmatch(text)
    if zeros:
        raise OddScalarError(f"write {zeros[1]}{zeros[2][:MOST_FLOAT_CHARACTERS]} or quote it")
    if _INTEGER.fullmatch(text):
        if len(text.lstrip("+-")) > MOST_DIGITS:  # before int(), which takes quadratic time
            raise OddScalarError(f"a whole number has at most {MOST_DIGITS} digits, or quote it")
        return int(text)
    if len(text) > MOST_FLOAT_CHARACTERS:
        raise OddScalarError(f"a number has at most {MOST_FLOAT_CHARACTERS} characters, or quote it")
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise OddScalarError("a number is at most 1.7e308, or quote it")
    if number == 0 and re.search("[1-9]", re.split("[eE]", text)[0]):
        raise OddScalarError("too small for a number: write 0 or quote it")
    return number
