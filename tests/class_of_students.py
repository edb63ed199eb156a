"""A synthetic class: files as students hand them in, on the small case of tests/other_case."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path

from sim.classroom.class_files import MARK

CASE = Path(__file__).resolve().parent / "other_case"
CLAIMS = ("hand-on-the-throat", "tolls-are-an-argument", "wells-make-polite", "one-shot-ends-it")


def position(**credences: str) -> str:
    """An `assume:` block as the page copies it."""
    return "assume:\n  claims:\n" + "".join(
        f"    {key.replace('_', '-')}: {value}\n" for key, value in credences.items()
    )


def three(folder: Path) -> Path:
    """A position, a scenario and a coding; the last holds back the most."""
    folder.mkdir(exist_ok=True)
    (folder / "Änne Müller (1).yaml").write_text(
        position(wells_make_polite="on", tolls_are_an_argument="{credence: 0.9}"), encoding="utf-8"
    )
    (folder / "bea.yaml").write_text(
        "schema: 1\ntitle: Bea's river\nquestion: Well?\nextends: river\n"
        + position(wells_make_polite="{credence: 0.7}"),
        encoding="utf-8",
    )
    (folder / "carl.yml").write_text(
        "wells-make-polite:\n  credence: 0.05\n  weight: {low: 0.1, mode: 0.2, high: 0.3}\n"
        "tolls-are-an-argument:\n  credence: 0.1\n  weight:\n  why:\n",
        encoding="utf-8",
    )
    return folder


def code_of(given: dict[str, object]) -> str:
    """The code of a scenario file, as the page writes it; `schema` is left out."""
    plain = json.dumps({key: value for key, value in given.items() if key != "schema"}, separators=(",", ":")).encode()
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    packed = packing.compress(plain) + packing.flush()
    return MARK + base64.urlsafe_b64encode(zlib.crc32(plain).to_bytes(4, "big") + packed).decode().rstrip("=")
