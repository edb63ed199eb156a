"""The page in Debian's Chromium, without a network: dragged, read, copied, pasted, printed, held against fresh runs."""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from markupsafe import Markup
from playwright.sync_api import Browser, Page, expect, sync_playwright

from sim.ensemble.intervals import measure_means
from sim.ensemble.result import Ensemble
from sim.ensemble.run import run
from sim.inputs.scenario import load_scenario
from sim.kernel.compiled import compiled, scenario_data
from sim.kernel.instance import ROWS
from sim.page.explorer import KERNEL as KERNEL_FOLDER
from sim.page.explorer import write_report

KERNEL = KERNEL_FOLDER / "kernel.mjs"
CHROMIUM = os.environ.get("SUMMITRY_CHROMIUM", "/usr/bin/chromium")
AXE = os.environ.get("SUMMITRY_AXE", "")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESKTOP, PROJECTOR, PHONE = (1280, 800), (1024, 768), (390, 844)
RUNS = 2_000
FIRST = '[data-summit="KP@2018-03"]'
PATIENCE = 30_000  # milliseconds, on a busy machine; nothing here asserts a time


@pytest.fixture(scope="session")
def history() -> Ensemble:
    return run(load_scenario("xi-first"), RUNS)


@pytest.fixture(scope="session")
def file(history: Ensemble, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_report([history], tmp_path_factory.mktemp("page") / "report.html")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator[Callable[..., Page]]:
    """Opens the page at a size; a fault of the script or of its policy fails the test."""
    faults: list[str] = []
    contexts = []

    def open_page(size: tuple[int, int] = DESKTOP, fragment: str = "", **how: object) -> Page:
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, offline=True, **how)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        expect.set_options(timeout=PATIENCE)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.goto(file.as_uri() + fragment)
        if how.get("java_script_enabled", True):
            settled(page)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults


def settled(page: Page) -> None:
    """Waits until the runs at rest are shown."""
    expect(page.locator("#how-it-ends")).to_have_attribute("aria-busy", "false")
    fresh = page.locator("[data-effective-runs]")
    expect(fresh).to_have_text(f"{RUNS:,}")
    expect(fresh).to_have_attribute("data-effective-runs", f"{RUNS}")


def until(page: Page, said: str) -> None:
    """Waits until an expression is true; the page's policy forbids Playwright's own way of asking."""
    for _ in range(PATIENCE // 100):
        if page.evaluate(said):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{said} never came true")


def counts(page: Page) -> dict[str, int]:
    bars = page.locator("[data-outcome]").all()
    return {str(bar.get_attribute("data-outcome")): int(str(bar.get_attribute("data-count"))) for bar in bars}


def position(page: Page) -> str:
    return page.locator("[data-yaml]").input_value()


def played(text: str, tmp_path: Path) -> Ensemble:
    """A fresh `summitry run` of a copied position."""
    path = tmp_path / "my-position.yaml"
    path.write_text(text, "utf-8")
    return run(load_scenario(path), RUNS)


def assert_same(page: Page, found: Ensemble) -> None:
    names = [rule.name for rule in found.scenario.case.outcomes]
    assert counts(page) == dict(zip(names, found.counts[-1].tolist(), strict=True))
    means = measure_means(found)
    for name in ("first_us_terms", "first_us_chance", "deals_us"):
        shown = float(str(page.locator(f'[data-measure="{name}"]').first.get_attribute("data-value")))
        assert shown == pytest.approx(means[name].mean, abs=6e-5)
    for state in found.scenario.case.states:
        shown = float(str(page.locator(f'[data-gain="{state}"]').get_attribute("data-value")))
        assert shown == pytest.approx(means[f"gained.{state}"].mean, abs=6e-5)


def test_it_opens_with_the_numbers_of_the_run(opened: Callable[..., Page], history: Ensemble) -> None:
    page = opened()
    assert_same(page, history)
    assert page.locator("[data-run]").count() == 100
    assert "Drag Xi’s first meeting behind Trump’s" in page.locator("[data-sentence]").inner_text()


@pytest.mark.parametrize("size", [DESKTOP, PROJECTOR, PHONE])
def test_the_first_thing_to_grab_is_on_the_first_screen(opened: Callable[..., Page], size: tuple[int, int]) -> None:
    page = opened(size)
    box = page.locator(FIRST).bounding_box()
    assert box
    assert box["y"] + box["height"] < size[1]
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_nothing_is_wider_than_a_narrow_screen(opened: Callable[..., Page]) -> None:
    assert opened((320, 640)).evaluate("document.documentElement.scrollWidth") == 320  # 1280 at 400%


def drag(page: Page, to_month: int) -> None:
    token = page.locator(FIRST)
    track = page.locator('[data-track="KP"]').bounding_box()
    box = token.bounding_box()
    assert track
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(track["x"] + track["width"] * (to_month + 0.5) / 21, box["y"] + 4, steps=6)
    page.mouse.up()


def test_dragged_by_mouse_it_is_the_run_of_the_copied_position(opened: Callable[..., Page], tmp_path: Path) -> None:
    page = opened()
    drag(page, 4)
    expect(page.locator(FIRST)).to_have_attribute("data-month", "2018-07")
    settled(page)
    expect(page.locator("[data-sentence]")).to_contain_text(f"of the same {RUNS:,} runs")
    expect(page.locator('[data-why~="allegiance-boosts-confidence"]')).to_contain_text(" in Kim over Trump (")
    expect(page.get_by_role("region", name="Leverage", exact=True)).to_contain_text("when they first meet")
    found = played(position(page), tmp_path)
    assert [(each.month, each.pair) for each in found.scenario.summits][2:4] == [(3, "KU"), (4, "KP")]
    assert_same(page, found)
    assert page.locator("[data-command]").inner_text() == f"summitry run my-position.yaml -n {RUNS} --seed 2018"


def test_while_a_meeting_is_held_the_same_runs_are_compared(opened: Callable[..., Page]) -> None:
    page = opened()
    token, track = page.locator('[data-summit="KP@2019-06"]'), page.locator('[data-track="KP"]').bounding_box()
    box = token.bounding_box()
    assert box
    assert track
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(track["x"] + track["width"] * 18.5 / 21, box["y"] + 4, steps=6)
    expect(page.locator("[data-effective-runs]")).to_have_text("200")
    said = page.locator("[data-sentence]").inner_text()
    page.mouse.up()
    was, now = re.findall(r"when they first meet: (\S+) → (\S+)\. ", said)[0]
    assert was == now  # it is moved long after they have met


def test_what_states_choose_has_a_lane_with_its_mean_by_month(
    opened: Callable[..., Page], history: Ensemble, tmp_path: Path
) -> None:
    page = opened()
    drag(page, 4)
    settled(page)
    found, month = played(position(page), tmp_path), 10
    lane, track = page.locator("#level"), page.locator('[data-track="KU"]').bounding_box()
    assert track
    page.mouse.move(track["x"] + track["width"] * (month + 0.5) / 21, track["y"] + 2)
    for name, label in (("exercises", "US-South Korean exercises"), ("momentum", "momentum of the talks")):
        page.locator("[data-level]").select_option(name)
        expect(lane.get_by_role("img", name=f"{label}, mean of the runs: March 2018 ")).to_be_visible()
        now, was = (f"{each.series_mean(name)[month]:.2f}".removeprefix("0") for each in (found, history))
        expect(lane.locator(".at")).to_have_text(f"{now} (was {was})")
    assert lane.locator("input").count() == 0  # nothing outside moves it


def test_moved_and_taken_away_by_keys_and_undone(opened: Callable[..., Page]) -> None:
    page = opened()
    token = page.locator(FIRST)
    token.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(token).to_have_attribute("data-month", "2018-06")
    expect(token).to_have_attribute("aria-valuetext", "June 2018")
    page.keyboard.press("Delete")
    expect(token).to_have_count(0)
    page.locator("[data-undo]").click()
    expect(token).to_have_attribute("data-month", "2018-06")
    page.locator("[data-undo]").press("Enter")
    expect(token).to_have_attribute("data-month", "2018-03")
    expect(page.locator("[data-undo]")).to_have_attribute("aria-disabled", "true")
    expect(page.locator("[data-undo]")).to_be_focused()  # nothing more to undo: a keyboard's place is not lost
    page.locator("[data-redo]").click()
    expect(token).to_have_attribute("data-month", "2018-06")
    page.locator("[data-reset]").click()
    expect(token).to_have_attribute("data-month", "2018-03")


def test_the_sliders_on_the_first_card_are_named_for_their_claims(opened: Callable[..., Page]) -> None:
    card = opened().get_by_role("region", name="Claims", exact=True)
    for claim in card.locator(".quick > span").all_inner_texts():
        expect(card.get_by_role("slider", name=claim)).to_have_count(1)


def test_dragged_by_touch(opened: Callable[..., Page]) -> None:
    page = opened(PHONE, has_touch=True, is_mobile=True)
    token, session = page.locator(FIRST), page.context.new_cdp_session(page)
    token.scroll_into_view_if_needed()
    box, track = token.bounding_box(), page.locator('[data-track="KP"]').bounding_box()
    assert box
    assert track
    y, x = box["y"] + box["height"] / 2, box["x"] + box["width"] / 2
    places = [x, x + 10, x + 30, track["x"] + track["width"] * 4.5 / 21]
    for kind, at in [("touchStart", places[0]), *(("touchMove", each) for each in places[1:])]:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": at, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(token).to_have_attribute("data-month", "2018-07")


def test_a_meeting_is_added_and_certain_or_not_it_is_in_the_file(opened: Callable[..., Page], tmp_path: Path) -> None:
    page = opened()
    page.get_by_role("button", name="Add a meeting with Putin").click()
    page.locator('[data-track="KR"] [data-summit]').first.dblclick()  # a meeting that is there is no place for another
    page.locator('[data-track="KR"]').dblclick()  # in the middle
    expect(page.locator('[data-track="KR"] [data-summit]')).to_have_count(3)
    expect(page.locator('[data-track="KR"] [data-month="2019-01"]')).to_have_count(1)
    settled(page)
    assert_same(page, played(position(page), tmp_path))


def test_changes_faster_than_the_page_is_drawn_all_count_and_are_the_run(
    opened: Callable[..., Page], tmp_path: Path
) -> None:
    page = opened()
    page.evaluate("""() => {
        document.querySelector('[data-hostage="us_troops"] input[value="leaves"]').click();
        document.querySelector('[data-events="tariffs"]').click();
        const slider = document.querySelector('input[type=range][data-claim="both-or-neither"]');
        slider.value = 10;
        slider.dispatchEvent(new Event('input', {bubbles: true}));
        const number = document.querySelector('[data-number="parameters.a0"]');
        number.value = 0.9;
        number.dispatchEvent(new Event('change', {bubbles: true}));
        const meeting = document.querySelector('[data-summit="KU@2018-06"]');
        meeting.dispatchEvent(new KeyboardEvent('keydown', {key: 'Delete', bubbles: true}));
    }""")
    settled(page)
    text = position(page)
    for part in ("us_troops", "tariffs", "both-or-neither", "a0"):
        assert part in text
    assert "{month: 2018-06, between: [DPRK, US]}" not in text
    assert_same(page, played(text, tmp_path))


def test_a_number_that_no_run_would_take_changes_nothing(opened: Callable[..., Page]) -> None:
    page = opened()
    page.evaluate("""() => {
        const number = document.querySelector('[data-number="parameters.a0"]');
        number.value = 5;
        number.dispatchEvent(new Event('change', {bubbles: true}));
        document.querySelector('[data-events="tariffs"]').click();
    }""")
    expect(page.locator("[data-yaml]")).to_have_value(re.compile("tariffs"))
    assert "a0" not in position(page)
    number = page.locator('[data-number="parameters.a0"]')
    page.locator('[data-group="parameters"] summary').click()
    for text, shown in (("0.5", "0.5"), ("", "0.7"), ("", "0.7")):  # an empty field is the scenario's own number again
        number.fill(text)
        number.press("Enter")
        expect(page.locator("[data-yaml]")).to_have_value(re.compile("a0: 0.5" if text else r"^(?![\s\S]*a0)"))
        expect(number).to_have_value(shown)


def test_what_is_being_typed_stays_while_the_page_is_drawn_anew(opened: Callable[..., Page]) -> None:
    page = opened()
    page.locator('[data-group="parameters"] summary').click()
    number = page.locator('[data-number="parameters.a0"]')
    number.fill("0.6")
    page.evaluate("""document.querySelector('[data-events="tariffs"]').click()""")
    expect(page.locator("[data-yaml]")).to_have_value(re.compile("tariffs"))
    settled(page)
    expect(number).to_have_value("0.6")
    number.press("Enter")
    expect(page.locator("[data-yaml]")).to_have_value(re.compile("a0: 0.6"))


def test_what_is_handed_in_is_the_position_as_it_is_now(opened: Callable[..., Page]) -> None:
    page = opened()
    page.locator("[data-code]").click()
    code = page.locator("[data-position-code]").inner_text()
    page.locator(FIRST).press("ArrowRight")
    expect(page.locator("[data-position-code]")).to_have_count(0)  # that code was of another position
    page.evaluate("""() => {
        document.querySelector('[data-events="tariffs"]').click();
        document.querySelector('[data-code]').click();
    }""")
    page.locator("[data-paste]").fill(page.locator("[data-position-code]").inner_text())
    assert page.locator("[data-paste]").input_value() != code
    page.locator("[data-reset]").click()
    page.locator("[data-take]").click()
    expect(page.locator("[data-yaml]")).to_have_value(re.compile("drop_events: .tariffs"))
    page.evaluate("""() => {  // a code first, a file right after it
        const [field, take] = ['paste', 'take'].map((each) => document.querySelector(`[data-${each}]`));
        take.click();
        field.value = 'extends: xi-first\\ndrop_events: [hawk]';
        take.click();
    }""")
    expect(page.locator("[data-yaml]")).to_have_value(re.compile("drop_events: .hawk.$", re.MULTILINE))
    page.wait_for_timeout(500)
    expect(page.locator("[data-yaml]")).to_have_value(re.compile("drop_events: .hawk.$", re.MULTILINE))


def test_a_guess_is_the_one_that_the_slider_shows(opened: Callable[..., Page]) -> None:
    page = opened()
    page.evaluate("""() => {
        const slider = document.querySelector('.predict input');
        slider.value = 7;
        slider.dispatchEvent(new Event('input', {bubbles: true}));
        document.querySelector('[data-guess]').click();
    }""")
    expect(page.locator("#prediction")).to_contain_text("moves by +7 points")


def test_garbage_loses_nothing_and_says_what_is_wrong(opened: Callable[..., Page]) -> None:
    page = opened()
    drag(page, 4)
    settled(page)
    before = position(page)
    for garbage in ("no yaml: [", "assume: {claims: {no-such-claim: 0.5}}", "S1garbage", "summits: 3", ""):
        page.locator("[data-paste]").fill(garbage)
        page.locator("[data-take]").click()
        expect(page.locator("[data-problems]")).to_contain_text("Nothing was changed")
        assert position(page) == before


def test_a_whole_scenario_file_is_understood(opened: Callable[..., Page]) -> None:
    page = opened()
    shipped = Path(__file__).parents[2] / "scenarios" / "xi-fourth.yaml"
    page.locator("[data-paste]").fill(shipped.read_text("utf-8"))
    page.locator("[data-take]").click()
    expect(page.locator("h1")).to_have_text("What does it cost Kim to keep Xi waiting until he is fourth in line?")
    settled(page)
    ends = run(load_scenario("xi-fourth"), RUNS)
    assert list(counts(page).values()) == ends.counts[-1].tolist()
    page.locator("[data-undo]").click()
    expect(page.locator("h1")).to_have_text("Does seeing Xi before Trump change what Kim can get?")


def test_a_file_that_was_edited_is_opened_again(opened: Callable[..., Page], tmp_path: Path) -> None:
    page, path = opened(), tmp_path / "my-position.yaml"
    for variable in ("hawk", "tariffs"):
        path.write_text(f"extends: xi-first\ndrop_events: [{variable}]\n", "utf-8")
        page.locator("[data-open]").set_input_files(path)
        expect(page.locator("[data-yaml]")).to_have_value(re.compile(f"drop_events: .{variable}.$", re.MULTILINE))
        assert page.locator("[data-open]").input_value() == ""  # else a browser does not hear that it is chosen again


def test_a_link_carries_the_position_and_no_path(opened: Callable[..., Page], file: Path) -> None:
    page = opened()
    drag(page, 4)
    until(page, "location.hash.startsWith('#S1')")
    fragment = page.evaluate("location.hash")
    again = opened(fragment=fragment)
    expect(again.locator(FIRST.replace("2018-03", "2018-07"))).to_have_count(1)
    page.locator('[data-copy="link"]').click()
    expect(page.locator("[data-copied]")).to_have_text("The link is copied.")
    page.evaluate("navigator.clipboard.writeText = () => Promise.reject(); document.execCommand = () => false")
    page.locator("[data-copy=yaml]").click()
    expect(page.locator("[data-copied]")).to_have_text("This browser lets the page copy nothing: save the file.")
    broken = opened(fragment=fragment[:-4])
    expect(broken.get_by_role("alert")).to_contain_text("damaged")


def test_places_in_the_page_leave_the_link_and_a_pasted_one_is_opened(opened: Callable[..., Page]) -> None:
    page = opened()
    drag(page, 4)
    until(page, "location.hash.startsWith('#S1')")
    fragment = page.evaluate("location.hash")
    page.get_by_role("link", name=re.compile("All .* claims")).click()
    expect(page.locator("#claims")).to_be_focused()
    expect(page.locator("#claims")).to_be_in_viewport()
    assert page.evaluate("location.hash") == fragment
    page.locator("[data-reset]").click()
    until(page, "location.hash === ''")
    page.evaluate("(fragment) => { location.hash = fragment }", fragment)  # as one pastes it into the address
    expect(page.locator(FIRST.replace("2018-03", "2018-07"))).to_have_count(1)
    page.locator("[data-undo]").click()
    expect(page.locator(FIRST)).to_have_count(1)


def test_the_live_region_speaks_once_after_a_drag(opened: Callable[..., Page]) -> None:
    page = opened()
    page.wait_for_timeout(1500)
    page.evaluate(
        """() => { window.spoken = 0;
        const seen = new MutationObserver(() => { window.spoken++ });
        seen.observe(document.querySelector('#spoken'), {childList: true}) }"""
    )
    drag(page, 4)
    settled(page)
    page.wait_for_timeout(2500)
    assert page.evaluate("window.spoken") == 1


def test_a_seat_is_taken_played_and_kept_in_the_link(opened: Callable[..., Page]) -> None:
    page = opened()
    page.locator("[data-sit]").click()
    page.locator("[data-hint]").click()
    expect(page.locator("[data-advice]")).to_contain_text("Best score at the end, in this forecast: ")
    page.get_by_role("button", name="Why Trump?").click()
    expect(page.locator('[data-leverage="DPRK.US"]')).to_contain_text("Kim over Trump: .")
    for _ in range(3):
        page.locator("[data-option='0']").press("Enter")
        expect(page.locator("[data-turn]")).to_be_focused()  # a keyboard's place is at the next question
        until(page, "document.querySelectorAll('.odds').length > 1")
    until(page, "/seat=DPRK:n0.$/.test(location.hash)")  # as planned, a move, come
    page.evaluate("() => ['[data-option]', '[data-hint]'].forEach((each) => document.querySelector(each).click())")
    until(page, "/seat=DPRK:n0..$/.test(location.hash)")  # advice on what was just answered does not stop the game
    expect(page.locator("#seat-body [data-option='1']")).to_be_visible()
    page.get_by_role("button", name="Take the last choice back").click()
    until(page, "/seat=DPRK:n0.$/.test(location.hash)")
    fragment = page.evaluate("location.hash")
    page.locator(FIRST).press("ArrowRight")  # by mistake: the table is laid for another position
    expect(page.locator("[data-sit]")).to_be_visible()
    page.locator("[data-undo]").click()
    until(page, f"location.hash === '{fragment}'")
    expect(page.locator("#seat-body [data-option='1']")).to_be_visible()
    again = opened(fragment=fragment)
    expect(again.locator("#seat-body")).to_contain_text("You are Kim")
    expect(again.locator("#seat-body [data-option='1']")).to_be_visible()


def test_a_class_is_shown_from_codes(opened: Callable[..., Page]) -> None:
    page = opened()
    codes = []
    for months in (2, 3):
        for _ in range(months):
            page.locator(FIRST).press("ArrowRight")
        page.locator("[data-code]").click()
        codes.append(page.locator("[data-position-code]").inner_text())
        expect(page.locator("figure.code svg")).to_be_visible()
        page.locator("[data-code]").click()
    page.locator("[data-class-codes]").fill("\n".join(codes))
    page.locator("[data-class-read]").click()
    found = page.locator('[data-class="2"]')
    expect(found).to_contain_text("Student 1 and Student 2: from one to the other")
    expect(found).not_to_contain_text("Code")
    expect(found).to_contain_text("Too few credences to speak of agreement.")
    expect(found.get_by_role("region", name="What the class believes")).to_have_count(0)  # nobody speaks of a claim
    page.locator("[data-class-names]").check()
    expect(found).to_contain_text("Code 1")
    expect(found).not_to_contain_text("Student 1")
    page.evaluate(
        """(codes) => {  // the second takes the first one's place, whichever is ready first
        const [field, read] = ['codes', 'read'].map((each) => document.querySelector(`[data-class-${each}]`));
        field.value = [...codes, ...codes].join('\\n');
        read.click();
        field.value = [...codes, codes[0]].join('\\n');
        read.click();
    }""",
        codes,
    )
    expect(page.locator('[data-class="3"]')).to_contain_text("The two most opposed")
    page.wait_for_timeout(1500)
    expect(page.locator('[data-class="3"]')).to_be_visible()


def test_my_position_is_at_most_ten_tabs_away(opened: Callable[..., Page]) -> None:
    page = opened()
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('href')") == "#position":
            page.keyboard.press("Enter")
            break
    assert page.evaluate("document.activeElement.id") == "position"


def test_a_run_is_read_beside_the_same_world_before(opened: Callable[..., Page]) -> None:
    page = opened()
    drag(page, 4)
    settled(page)
    page.locator(".square.turned").first.click()
    expect(page.locator("#story")).to_contain_text("Before your change")
    expect(page.locator("#story")).to_contain_text("Kim meets Trump")


def test_sentences_say_what_the_numbers_say(opened: Callable[..., Page]) -> None:
    page = opened()
    drag(page, 4)
    settled(page)
    flips = re.search(r"turns ([\d,]+) of the same", page.locator("[data-sentence]").inner_text())
    assert flips
    rows = page.locator('[data-stands-out="true"]').count()
    sentence = page.locator("[data-sentence]").inner_text()
    named = len(re.findall(r"points|[+−]\.\d", sentence))
    more = sum(int(each) for each in re.findall(r"(\d+) (?:more )?(?:ending|measure)", sentence))
    with_levels = (f'[data-difference="{name}"][data-stands-out="true"]' for name in ("first_us_terms", "gained.DPRK"))
    assert named + more + page.locator(", ".join(with_levels)).count() == rows


def test_without_javascript_it_says_so_and_shows_the_table(opened: Callable[..., Page]) -> None:
    page = opened(java_script_enabled=False)
    assert "JavaScript is off" in page.locator("main").inner_text()
    assert page.locator(".table tbody tr").count() == 10


def test_a_lesson_that_is_open_is_printed_alone(opened: Callable[..., Page], history: Ensemble, tmp_path: Path) -> None:
    page = opened()
    lesson = {"title": "A sheet, to print", "id": "sheet", "html": Markup("<h1>A sheet</h1><p>Tick one.</p>")}
    page.goto(write_report([history], tmp_path / "with-lesson.html", reading=[lesson]).as_uri())
    page.locator("#sheet summary").click()
    page.emulate_media(media="print")
    expect(page.locator("#sheet p")).to_be_visible()
    expect(page.locator("#sheet summary")).not_to_be_visible()
    for each in ("header", "#calendar", "#position"):
        expect(page.locator(each)).not_to_be_visible()
    page.emulate_media(media="screen")
    page.locator("#sheet summary").click()
    page.emulate_media(media="print")
    expect(page.locator("#sheet")).not_to_be_visible()
    expect(page.locator("#position")).to_be_visible()


def test_it_prints_on_two_pages(opened: Callable[..., Page], tmp_path: Path) -> None:
    page = opened()
    drag(page, 4)
    settled(page)
    pdf = page.pdf(path=str(tmp_path / "page.pdf"), format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 2


@pytest.mark.skipif(not AXE, reason="SUMMITRY_AXE names no axe.min.js")
@pytest.mark.parametrize(
    ("how", "size"),
    [({}, DESKTOP), ({"color_scheme": "dark"}, DESKTOP), ({"forced_colors": "active"}, DESKTOP), ({}, (640, 400)),
     ({}, PHONE)],
)  # fmt: skip
def test_axe_finds_nothing(browser: Browser, file: Path, how: dict[str, str], size: tuple[int, int]) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, bypass_csp=True, **how)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(file.as_uri())
    settled(page)
    drag(page, 4)
    settled(page)
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    said = [(each["id"], [node["html"][:200] for node in each["nodes"]][:3]) for each in found["violations"]]
    context.close()
    assert not said, json.dumps(said, indent=1)


@pytest.mark.parametrize("name", ["xi-first", "drawdown-none", "variants/second-coder"])
def test_the_kernel_in_chromium_plays_pythons_runs_to_the_bit(browser: Browser, name: str) -> None:
    plan, runs = load_scenario(name), 700
    model = compiled(plan)
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.add_script_tag(type="module", content=KERNEL.read_text("utf-8") + "window.loadKernel = loadKernel;")
    page.wait_for_function("() => Boolean(window.loadKernel)")
    found = page.evaluate(
        """async ({ wasm, layout, given, runs }) => {
          const kernel = await loadKernel(Uint8Array.from(atob(wasm), (letter) => letter.charCodeAt(0)), layout);
          const { counts, final, values } = kernel.run(kernel.data(given), { seed: 5, firstRun: 4352, runs });
          const bits = (floats) => [...new Uint32Array(floats.buffer)];
          const measures = Object.entries(values).map(([name, of]) => [name, bits(of)]);
          return { counts, final: [...final], values: Object.fromEntries(measures) };
        }""",
        {
            "wasm": base64.b64encode(model.wasm).decode(),
            "layout": dict(model.layout),
            "given": scenario_data(plan, model.layout),
            "runs": runs,
        },
    )
    context.close()
    played = model.play(plan, 5, 4352, runs, ROWS)
    assert found["counts"] == played.counts.tolist()
    assert found["final"] == played.classes[-1].tolist()
    for measure, values in zip(model.layout["finals"], played.values, strict=True):
        assert found["values"][measure] == values.view(np.uint32).tolist(), measure
