"""The page in Debian's chromium, without a network: dragged, read, copied, printed, and held against fresh runs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from sim.ensemble.intervals import Probability, outcome_probabilities
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.inputs.scenario import load_scenario
from sim.views.page.report import write_report
from tests.class_of_students import CASE, three

ROOT = Path(__file__).resolve().parents[2]
LESSONS = ROOT / "scenarios" / "lessons"
CHROMIUM = os.environ.get("SUMMITRY_CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESKTOP, PHONE = {"width": 1360, "height": 850}, {"width": 360, "height": 780}
CLAIM, OTHER = "both-or-neither", "trump-wants-out"
EVIL = "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
APART = 4.5  # standard errors: nine outcomes in several comparisons


@pytest.fixture(scope="session")
def history() -> Ensemble:
    return run(load_scenario("history"), 10_000)


@pytest.fixture(scope="session")
def one(history: Ensemble, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report([history], tmp_path_factory.mktemp("one") / "report.html")


@pytest.fixture(scope="session")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ensembles = [run(load_scenario(name), 2_000) for name in ("xi-first", "no-china", "drawdown-gift")]
    evil = replace(ensembles[2].scenario, title=EVIL, note=EVIL, question=EVIL)
    both = [*ensembles[:2], replace(ensembles[2], scenario=evil)]
    return write_report(both, tmp_path_factory.mktemp("several") / "report.html", wide=2_000, small=208)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport=DESKTOP, offline=True)
    yield context
    context.close()


class Visit:
    """A page that was opened, with everything that went wrong on it and every address it asked for."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.asked: list[str] = []
        self.wrong: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.wrong.append(message.text) if message.type != "log" else None)
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.goto(address)
        self.page.wait_for_selector("[data-verdicts] button")

    def shares(self) -> dict[str, tuple[float, float]]:
        """Probability and standard error of each outcome as the bars' hooks say."""
        bars = self.page.eval_on_selector_all("svg[data-outcome]", "bars => bars.map(bar => ({...bar.dataset}))")
        return {
            bar["outcome"]: (float(bar["probability"]), (float(bar["high"]) - float(bar["low"])) / 3.92) for bar in bars
        }

    def drag(self, claim: str, percent: int) -> None:
        self.page.locator(f'input[type=range][data-claim="{claim}"]').fill(str(percent))
        self.settle()

    def settle(self) -> None:
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def choose(self, value: str) -> None:
        self.page.locator(f'label:has(input[value="{value}"])').click()
        self.settle()

    def worlds(self) -> int:
        return int(self.page.locator("[data-effective-runs]").inner_text())

    def close(self) -> None:
        assert self.wrong == []
        assert [address for address in self.asked if not address.startswith("file://")] == []


def agree(found: dict[str, tuple[float, float]], fresh: dict[str, Probability]) -> None:
    for name, (share, se) in found.items():
        other = fresh[name]
        spread = (se**2 + ((other.high - other.low) / 3.92) ** 2) ** 0.5
        assert abs(share - other.probability) < APART * spread + 5e-5, name


def test_it_opens_with_the_runs_own_numbers(context: BrowserContext, one: Path, history: Ensemble) -> None:
    visit = Visit(context, one.as_uri())
    for (share, _), count in zip(visit.shares().values(), history.counts[-1], strict=True):
        assert share == pytest.approx(count / history.runs, abs=5e-5)
    assert 5_000 < visit.worlds() < 20_000
    assert visit.page.locator("[data-warning]").is_hidden()
    visit.close()


def test_a_dragged_claim_answers_like_a_fresh_run(context: BrowserContext, one: Path) -> None:
    visit = Visit(context, one.as_uri())
    before = visit.shares()
    for percent in (5, 98):
        visit.drag(CLAIM, percent)
        fresh = run(load_scenario("history", set=[f"assume.claims.{CLAIM}={{credence: {percent / 100}}}"]), 10_000)
        agree(visit.shares(), outcome_probabilities(fresh))
    assert abs(visit.shares()["partial-bargain"][0] - before["partial-bargain"][0]) > 0.03
    visit.page.locator("[data-reset]").click()
    visit.settle()
    assert visit.shares() == before
    visit.close()


def test_claims_of_one_cause_answer_like_a_fresh_run(context: BrowserContext, one: Path, history: Ensemble) -> None:
    group = next(ids for ids in history.scenario.ledger.groups.values() if len(ids) > 4)
    visit = Visit(context, one.as_uri())
    for claim in group:
        visit.drag(claim, 40)
    fresh = run(load_scenario("history", set=[f"assume.claims.{claim}={{credence: 0.4}}" for claim in group]), 10_000)
    agree(visit.shares(), outcome_probabilities(fresh))
    assert "70%" in visit.page.locator(f'.cause:has([data-claim="{group[0]}"]) .causehead').inner_text()
    visit.close()


@pytest.mark.parametrize(
    ("switch", "setting"),
    [
        ("document:new-statesman-2018", "assume.documents.new-statesman-2018=off"),
        ("coding:second", "assume.coding=second"),
    ],
)
def test_a_switch_and_a_slider_answer_like_a_fresh_run(
    context: BrowserContext, one: Path, switch: str, setting: str
) -> None:
    visit = Visit(context, one.as_uri())
    visit.choose(switch)
    agree(visit.shares(), outcome_probabilities(run(load_scenario("history", set=[setting]), 6_000)))
    visit.drag("mirage-pressure-return", 20)
    settings = [setting, "assume.claims.mirage-pressure-return={credence: 0.2}"]
    agree(visit.shares(), outcome_probabilities(run(load_scenario("history", set=settings), 6_000)))
    if switch.startswith("document"):
        assert visit.page.locator(f'input[data-claim="{CLAIM}"]').is_disabled()
    visit.close()


def test_too_few_worlds_are_said_to_be_too_few(context: BrowserContext, one: Path) -> None:
    visit = Visit(context, one.as_uri())
    sliders = visit.page.locator("input[type=range][data-claim]")
    ids = [sliders.nth(place).get_attribute("data-claim") or "" for place in range(8)]
    for id in ids:
        visit.drag(id, 0)
    assert visit.worlds() < 1_000
    assert visit.page.locator("[data-warning]").is_visible()
    visit.close()


def test_the_copied_yaml_runs(context: BrowserContext, one: Path, tmp_path: Path) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit = Visit(context, one.as_uri())
    visit.drag(CLAIM, 20)
    visit.page.locator(f'[data-verdicts="{OTHER}"] button[value="0"]').click()
    visit.choose("document:mansudae-2019")
    visit.page.locator('[data-copy="yaml"]').click()
    visit.page.wait_for_function("document.querySelector('[data-copied]').textContent === 'Copied.'")
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert copied == visit.page.locator("[data-yaml]").input_value()
    mine = tmp_path / "mine.yaml"
    mine.write_text(f"schema: 1\ntitle: Mine\nquestion: Is it so?\nextends: history\n{copied}", "utf-8")
    scenario = load_scenario(mine)
    assert (scenario.ledger.claims[CLAIM].credence, scenario.ledger.claims[OTHER].credence) == (0.2, 0.0)
    assert run(scenario, 200).runs == 200
    visit.close()


def test_a_position_travels_as_link_and_as_text(context: BrowserContext, one: Path) -> None:
    visit = Visit(context, one.as_uri())
    visit.drag(CLAIM, 20)
    visit.drag(OTHER, 100)
    yaml, shares = visit.page.locator("[data-yaml]").input_value(), visit.shares()
    link = visit.page.url
    assert f"{CLAIM}:20" in link
    other = Visit(context, link)
    assert other.shares() == shares
    assert other.page.locator("[data-yaml]").input_value() == yaml
    pasted = Visit(context, one.as_uri())
    pasted.page.locator("[data-paste]").fill(yaml)
    pasted.page.locator("[data-take]").click()
    pasted.settle()
    assert pasted.shares() == shares
    for each in (visit, other, pasted):
        each.close()


def test_keys_and_verdicts_move_a_claim(context: BrowserContext, one: Path) -> None:
    visit = Visit(context, one.as_uri())
    slider = visit.page.locator(f'input[data-claim="{CLAIM}"]')
    slider.focus()
    before = int(slider.input_value())
    visit.page.keyboard.press("ArrowLeft")
    assert int(slider.input_value()) == before - 1
    for value in ("0", "50", "100"):
        button = visit.page.locator(f'[data-verdicts="{CLAIM}"] button[value="{value}"]')
        button.click()
        assert slider.input_value() == value
        assert button.get_attribute("aria-pressed") == "true"
    assert "1 claim moved" in visit.page.locator("[data-moved]").inner_text()
    visit.close()


def test_a_nudge_there_and_back_moves_nothing(context: BrowserContext, one: Path) -> None:
    visit = Visit(context, one.as_uri())
    block = visit.page.locator(f'[data-block="{CLAIM}"]')
    assert block.locator("[data-credence]").inner_text() == "52.5"
    visit.page.locator(f'input[data-claim="{CLAIM}"]').focus()
    visit.page.keyboard.press("ArrowRight")
    assert f"{CLAIM}: {{credence: 0.54}}" in visit.page.locator("[data-yaml]").input_value()
    assert "(was 52.5)" in block.locator("[data-note]").inner_text()
    visit.page.keyboard.press("ArrowLeft")
    assert visit.page.locator("[data-yaml]").input_value() == "assume: {}\n"
    assert block.locator("[data-credence]").inner_text() == "52.5"
    visit.close()


def test_it_fits_a_phone_and_a_finger(browser: Browser, one: Path, several: Path) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, offline=True)
    for path in (one, several):
        visit = Visit(context, path.as_uri())
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        slider = visit.page.locator(f'input[data-claim="{CLAIM}"]')
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        assert box is not None
        assert box["height"] >= 24
        visit.page.touchscreen.tap(box["x"] + 0.25 * box["width"], box["y"] + box["height"] / 2)
        visit.settle()
        assert 15 <= int(slider.input_value()) <= 35
        assert visit.page.locator("[data-strip-words]").is_visible()
        visit.close()
    context.close()


def test_several_scenarios_in_one_page(context: BrowserContext, several: Path) -> None:
    visit = Visit(context, several.as_uri())
    verdict = visit.page.locator('[data-verdict="1"]')
    assert "likely" in verdict.inner_text()
    first = visit.shares()
    visit.choose("1")
    assert visit.shares() != first
    visit.drag(CLAIM, 0)
    moved = visit.shares()
    visit.choose("0")
    assert visit.shares() != first
    visit.choose("all")
    cells = visit.page.locator('[data-cell="1:4"]').inner_text()
    assert (
        cells.rstrip("%")
        == f"{100 * moved['partial-bargain'][0]:.{0 if moved['partial-bargain'][0] >= 0.0995 else 1}f}"
    )
    assert visit.page.locator("[data-single]").is_hidden()
    visit.choose("2")
    assert visit.page.locator(f'input[data-claim="{CLAIM}"]').is_disabled()
    assert visit.page.title() != "owned"
    assert visit.page.locator("img").count() == 0
    visit.close()


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_accessibility_fault(browser: Browser, one: Path, several: Path, width: dict[str, int], scheme: str) -> None:
    axe = Path(os.environ["SUMMITRY_AXE"]).read_text("utf-8")
    context = browser.new_context(viewport=width, color_scheme=scheme, offline=True, bypass_csp=True)
    for path, view in ((one, "own"), (several, "all")):
        visit = Visit(context, path.as_uri())
        visit.choose(view)
        visit.drag(CLAIM, 3)
        visit.page.evaluate(
            "document.querySelectorAll('details').forEach((part, place) => { part.open = place % 9 === 0 })"
        )
        visit.page.evaluate(axe)
        found = visit.page.evaluate(
            "async () => (await axe.run(document)).violations.map(each => [each.id, each.nodes[0].html])"
        )
        assert found == []
        visit.close()
    context.close()


@pytest.fixture(scope="session")
def handouts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A page of every kind that a class gets: its own, a sheet, the lessons, the debrief of a game."""
    folder = tmp_path_factory.mktemp("handouts")
    three(folder / "class")
    river = ["--case", CASE]
    for words, said in (
        (["classroom", folder / "class", "-n", "400", *river], ""),
        (["classroom", "sheet"], ""),
        *((["classroom", "lesson", path.stem, "-n", "600"], "") for path in sorted(LESSONS.glob("*.md"))),
        (["play", "history", "--as", "DPRK", "--months", "1"], "1\n" * 12),
    ):
        command = [sys.executable, "-m", "sim", *map(str, words), "--out", "out"]
        where = {**os.environ, "PYTHONPATH": str(ROOT)}
        subprocess.run(command, cwd=folder, env=where, input=said, capture_output=True, check=True, text=True)
    return sorted((folder / "out").rglob("*.html"))


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_handouts_fit_their_screen_without_an_accessibility_fault(
    browser: Browser, handouts: list[Path], width: dict[str, int], scheme: str
) -> None:
    assert len(handouts) >= 6
    axe = Path(os.environ["SUMMITRY_AXE"]).read_text("utf-8")
    context = browser.new_context(viewport=width, color_scheme=scheme, offline=True, bypass_csp=True)
    for path in handouts:
        page = context.new_page()
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        page.evaluate(axe)
        found = page.evaluate(
            "async () => (await axe.run(document)).violations.map(each => [each.id, each.nodes[0].html])"
        )
        assert (path.name, found) == (path.name, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= width["width"], path.name
        page.close()
    context.close()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_it_prints_on_two_pages_with_the_sliders_as_they_stand(
    context: BrowserContext, one: Path, several: Path, tmp_path: Path, paper: str
) -> None:
    for place, path in enumerate((one, several)):
        visit = Visit(context, path.as_uri())
        visit.drag(CLAIM, 7)
        visit.choose("all" if place else "document:student-room-2018")
        file = tmp_path / f"{place}.pdf"
        visit.page.pdf(path=file, format=paper, print_background=True)
        about = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
        assert "Pages:           2\n" in about
        said = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
        assert "7%" in said
        assert "(was 5" in said
        visit.close()


def test_chromium_itself_prints_two_pages(one: Path, tmp_path: Path) -> None:
    file = tmp_path / "page.pdf"
    command = [CHROMIUM, *ARGUMENTS, f"--user-data-dir={tmp_path / 'profile'}", f"--print-to-pdf={file}", one.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    about = subprocess.run(["pdfinfo", file], capture_output=True, text=True, check=True).stdout
    assert "Pages:           2\n" in about


def test_it_is_small(one: Path) -> None:
    assert one.stat().st_size < 700_000
