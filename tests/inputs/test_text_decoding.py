"""Characters that cannot be seen, or look like others, are named with their code points."""

import pytest

from sim.inputs.text_decoding import look_alike


@pytest.mark.parametrize(
    ("character", "told"),
    [
        ("\u00a0", "write a space in place of U+00A0, a no-break space"),
        ("\u00ad", "delete U+00AD, a soft hyphen"),
        ("\u200b", "delete U+200B, a zero-width space"),
        ("\u2060", "delete U+2060, a word joiner"),
        ("\u2013", "write - in place of U+2013, an en dash"),
        ("\u2014", "write - in place of U+2014, an em dash"),
        ("\u2212", "write - in place of U+2212, a minus sign"),
        ("\u2018", "write ' in place of U+2018, a curly quotation mark"),
        ("\u2019", "write ' in place of U+2019, a curly quotation mark"),
        ("\u201c", 'write " in place of U+201C, a curly quotation mark'),
        ("\u201d", 'write " in place of U+201D, a curly quotation mark'),
        ("\uff1a", "write : in place of U+FF1A, a full-width colon"),
        ("\uff0c", "write , in place of U+FF0C, a full-width comma"),
    ],
)  # fmt: skip
def test_what_looks_like_another_character_is_named(character: str, told: str) -> None:
    assert look_alike(f"both{character}x") == (4, told)
    assert look_alike("both x-y: 'z'") is None
