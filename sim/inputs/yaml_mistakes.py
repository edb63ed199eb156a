"""Explains a YAML parser's errors to people who do not know the grammar of YAML."""

from typing import NamedTuple

OUT_OF_BOUNDS = "out of bounds"  # our own words where the parser itself fails


class Mistake(NamedTuple):
    """What to do; `at_start`: report where the broken thing begins, not where the parser failed."""

    advice: str
    at_start: bool = False


_INDENTATION = "the indentation does not fit the lines above, or text follows a closing quote"

# In this order: the first pair whose words are in the parser's context and problem counts.
_MISTAKES: tuple[tuple[str, str, Mistake], ...] = (
    ("", "'\\t' that cannot start", Mistake("a tab stands here: use spaces")),
    ("", "'%' that cannot start", Mistake("put quotes around text that begins with %")),
    ("", "that cannot start any token", Mistake("put quotes around text that begins with @ or `")),
    ("", "mapping values are not allowed", Mistake("quote text that has a colon, or check the indentation")),
    ("quoted scalar", "end of stream", Mistake("this quotation mark is never closed", at_start=True)),
    ("quoted scalar", "document separator", Mistake("this quotation mark is never closed", at_start=True)),
    ("double-quoted", "", Mistake("a backslash in double quotes begins an escape: use single quotes")),
    ("simple key", "':'", Mistake("a key needs a colon and a space after it", at_start=True)),
    ("scanning an alias", "", Mistake("put quotes around text that begins with *")),
    ("scanning an anchor", "", Mistake("put quotes around text that begins with &")),
    ("tag", "", Mistake("tags are not used: delete it, or put quotes around text that begins with !")),
    ("", "tag handle", Mistake("tags are not used: delete it, or put quotes around text that begins with !")),
    ("directive", "", Mistake("put quotes around text that begins with %")),
    ("", "directive", Mistake("delete this line")),
    ("", "incompatible YAML", Mistake("YAML 1.2: delete this line")),
    ("flow sequence", "", Mistake("this [ is not closed, or a comma is missing", at_start=True)),
    ("flow mapping", "", Mistake("this { is not closed, or a comma is missing", at_start=True)),
    ("", "sequence entries are not allowed", Mistake("a list begins on its own line, or quote the text")),
    ("block scalar", "", Mistake("after | or > the text begins on the next line")),
    ("block", "found ']'", Mistake("this ] closes nothing")),
    ("block", "found '}'", Mistake("this } closes nothing")),
    ("block", "found ','", Mistake("put quotes around text with quotes or brackets before a comma")),
    ("block mapping", "found '-'", Mistake("an item of a list where a key is due: check the indentation")),
    ("block", "expected <block end>", Mistake(_INDENTATION)),
    ("", "expected the node content", Mistake("a value is missing, or a bracket or comma is one too many")),
    ("", "expected '<document start>'", Mistake("out of place: check brackets, quotes and %")),
    ("", OUT_OF_BOUNDS, Mistake("an escape or version beyond all bounds")),
)
_UNKNOWN = Mistake("not YAML: check quotes, colons and indentation")


def explain_syntax(problem: str, context: str) -> Mistake:
    """The mistake behind a parser's message, in two parts: what was being read, and what was wrong."""
    for in_context, in_problem, mistake in _MISTAKES:
        if in_context in context and in_problem in problem:
            return mistake
    return _UNKNOWN
