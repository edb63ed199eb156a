"""Positions as codes, as in the page's links: `S1`, then base64url of a CRC-32 and a deflated scenario file."""

from __future__ import annotations

import base64
import binascii
import json
import re
import zlib

MARK = "S1"
LONGEST = 20_000  # characters of a code
LARGEST = 200_000  # bytes of the scenario file in it
_CODE = re.compile(r"(?:^|[#&?=/\s])(S1[A-Za-z0-9_-]{8,})$")


class DamagedCodeError(ValueError):
    """A code of which part is missing or changed."""


def codes_in(text: str) -> list[tuple[int, str]]:
    """The codes of a text with their line numbers; a code is alone on its line or ends a link.

    >>> codes_in("Ann: https://example.org/page#S1abcdefgh\\nnothing\\nS1ABCDEFGH")
    [(1, 'S1abcdefgh'), (3, 'S1ABCDEFGH')]
    """
    lines = enumerate(text.splitlines(), start=1)
    return [(number, found[1]) for number, line in lines if (found := _CODE.search(line.strip()[-LONGEST:]))]


def file_of(code: str) -> str:
    """The scenario file in a code, as JSON (which is YAML). Raises DamagedCodeError."""
    try:
        packed = base64.urlsafe_b64decode(code.removeprefix(MARK) + "=" * (-len(code.removeprefix(MARK)) % 4))
        unpacking = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
        plain = unpacking.decompress(packed[4:], LARGEST)
        whole = unpacking.eof and zlib.crc32(plain) == int.from_bytes(packed[:4], "big")
        given = json.loads(plain) if whole else None
    except (binascii.Error, zlib.error, ValueError, RecursionError) as error:
        raise DamagedCodeError from error
    if not isinstance(given, dict):
        raise DamagedCodeError
    given = {"schema": 1, "title": "A position", "question": "What does this reader's position imply?", **given}
    return json.dumps(given, indent=1, ensure_ascii=False)


def code_of(given: dict[str, object]) -> str:
    """The code of a scenario file, as the page writes it; `schema` is left out.

    >>> json.loads(file_of(code_of({"extends": "xi-first"})))["extends"]
    'xi-first'
    """
    plain = json.dumps({key: value for key, value in given.items() if key != "schema"}, separators=(",", ":")).encode()
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = packing.compress(plain) + packing.flush()
    return MARK + base64.urlsafe_b64encode(zlib.crc32(plain).to_bytes(4, "big") + packed).decode().rstrip("=")
