"""The gallery: drawn by one command, small, with an index that says every picture in words."""

from __future__ import annotations

from pathlib import Path

import gallery
import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from sim.errors import InputError
from sim.views.charts import style

COMMITTED = Path(__file__).parents[2] / "results" / "gallery"
MOST_BYTES = 1_500_000


@pytest.fixture(scope="module")
def drawn(no_pixels: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("gallery")
    done = CliRunner().invoke(gallery.main, ["--runs", "120", "--out", str(out)], catch_exceptions=False)
    assert done.exit_code == 0
    assert str(out / "README.md") in done.output
    return out


def test_every_picture_has_its_words_in_the_index(drawn: Path) -> None:
    index = (drawn / "README.md").read_text(encoding="utf-8")
    pictures = sorted(drawn.rglob("*.png"))
    assert len(pictures) == 8
    for picture in pictures:
        assert picture.with_suffix(".svg").is_file()
        title = picture.with_suffix(".txt").read_text(encoding="utf-8").splitlines()[0]
        assert f"![{gallery._plain(title)}]({picture.relative_to(drawn).as_posix()})" in index


def test_the_committed_gallery_is_small_and_holds_the_same_pictures(drawn: Path) -> None:
    here, there = ({path.relative_to(root) for path in root.rglob("*.*")} for root in (drawn, COMMITTED))
    assert here == there
    assert sum(path.stat().st_size for path in COMMITTED.rglob("*") if path.is_file()) < MOST_BYTES


def test_markdown_of_a_stranger_is_only_text() -> None:
    assert gallery._plain("[a](b) <i> *c*") == "\\[a\\](b) \\<i\\> \\*c\\*"


def test_a_place_that_cannot_be_written_ends_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    done = CliRunner().invoke(gallery.main, ["--runs", "2", "--out", str(tmp_path / "taken")])
    assert done.exit_code == 73
    assert done.output.count("\n") == 1


def test_every_fault_of_the_plan_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    faulty = Path(__file__).with_name("faulty_gallery.yaml")
    monkeypatch.setattr(gallery, "FILE", faulty)
    with pytest.raises(InputError) as raised:
        gallery._given()
    told = [str(fault).removeprefix(f"{faulty.parent}/") for fault in raised.value.faults]
    assert told == faulty.with_suffix(".expected").read_text().splitlines()


def test_a_picture_of_many_colours_keeps_those_that_stand_for_something() -> None:
    """A thousand other colours, and each named one on a few pixels."""
    seen = np.random.default_rng(1).integers(0, 256, size=(300, 300, 3)).astype(np.uint8)
    for place, shade in enumerate(style.NAMED):
        seen[place, :4] = list(bytes.fromhex(shade[1:]))
    few = gallery.few_colours(Image.fromarray(seen))
    after = np.asarray(few.convert("RGB"))
    for place, shade in enumerate(style.NAMED):
        assert bytes(after[place, 0].tolist()).hex() == shade[1:]
    assert len(few.getcolors()) <= 256
    assert np.abs(after.astype(int) - seen).mean() < 30
