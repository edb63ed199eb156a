"""What a page must reach, measured in Chromium and printed as a table.

    python -m tests.benchmarks.page [--scenario NAME] [--runs N] [--goes N] [--axe axe.min.js] [--site]

A drag is a key that moves a meeting by a month; `redrawn` is the time until the endings of 1,000 fresh runs stand in
the document. Throttling slows the page's own thread six times, not the worker that plays the runs. Times say something
only on a quiet machine: the load is printed beside them.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from sim.ensemble.run import run
from sim.inputs.catalogue import listed_scenarios
from sim.inputs.scenario import load_scenario
from sim.page.explorer import write_report

CHROMIUM = os.environ.get("SUMMITRY_CHROMIUM", "/usr/bin/chromium")
SIZES = {"1280 x 800": (1280, 800), "1024 x 768": (1024, 768), "390 x 844": (390, 844)}
MODES: dict[str, dict[str, Any]] = {
    "light": {}, "dark": {"color_scheme": "dark"}, "forced colours": {"forced_colors": "active"},
    "200%": {"viewport": {"width": 640, "height": 400}},
}  # fmt: skip
PATIENCE = 120_000
REDRAWN = """(runs) => new Promise((done) => {
  const tokens = document.querySelectorAll('[data-summit]'), begun = performance.now();
  const token = tokens[window.go++ % tokens.length];  // another each time: what was played is kept
  const shown = document.querySelector('#count');
  const bars = () => [...document.querySelectorAll('[data-outcome]')].map((each) => each.dataset.count).join();
  const before = bars();
  const seen = new MutationObserver(() => {
    if (bars() === before || Number(shown.textContent.split(' ')[0].replace(/,/g, '')) < runs) return;
    seen.disconnect(); done(performance.now() - begun);
  });
  seen.observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
  token.focus();
  token.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true, cancelable: true}));
})"""

FORESEEN = """() => new Promise((done) => {
  const begun = performance.now(), seat = document.querySelector('#seat-body');
  const seen = new MutationObserver(() => {
    if (!waited || !seat.querySelector('.odds')) { waited ||= !seat.querySelector('.odds'); return; }
    seen.disconnect(); done(performance.now() - begun);
  });
  let waited = false;
  seen.observe(seat, {subtree: true, childList: true});
  seat.querySelector('[data-option]').click();
})"""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    given = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        file = write_report([run(load_scenario(given.scenario), given.runs)], Path(folder) / "report.html")
        say("size, one scenario", f"{file.stat().st_size / 1000:,.0f} kB", "400 kB")
        if given.site:
            names = [each.name for each in listed_scenarios()]
            every = write_report([run(load_scenario(name), 200) for name in names], Path(folder) / "all.html")
            say(f"size, {len(names)} scenarios (without lessons)", f"{every.stat().st_size / 1000:,.0f} kB", "800 kB")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM)
            for throttle, goal in ((1, "60 ms"), (6, "300 ms")):
                times = redrawn(browser, file, given.goes, throttle)
                label = f"drag to redrawn, 1,000 fresh runs, CPU / {throttle}"
                say(label, f"{median(times):,.0f} ms (load {os.getloadavg()[0]:.1f})", goal)
            times = foreseen(browser, file, given.goes)
            say("forecasts of the next question", f"{median(times):,.0f} ms (load {os.getloadavg()[0]:.1f})", "500 ms")
            for name, (width, height) in SIZES.items():
                say(f"first control from the top, {name}", first_control(browser, file, width, height), f"{height} px")
            for name, how in MODES.items() if given.axe else ():
                say(f"axe, {name}", faults(browser, file, given.axe, how), "0 violations")
            say("live region after one change", spoken(browser, file), "once")
            say("printed", pages(browser, file), "2 pages")
            say("without JavaScript", bare(browser, file), "a table and a chart")
            browser.close()


def say(what: str, found: str, goal: str) -> None:
    print(f"{what:<50} {found:<28} goal {goal}", flush=True)


@contextmanager
def opened(browser: Browser, file: Path, wait: bool = True, **how: Any) -> Iterator[Page]:
    """The page, with its runs at rest."""
    context = browser.new_context(
        bypass_csp="bypass" in how, **{key: each for key, each in how.items() if key != "bypass"}
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(file.as_uri())
    if wait:
        page.wait_for_selector("#story h2")
        page.wait_for_timeout(1500)
    yield page
    context.close()


def redrawn(browser: Browser, file: Path, goes: int, throttle: int) -> list[float]:
    with opened(browser, file) as page:
        page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": throttle})
        times = []
        page.evaluate("window.go = 0")
        for _ in range(goes + 1):
            page.evaluate("document.querySelector('[data-reset]').click()")
            page.wait_for_timeout(1200)
            times.append(float(page.evaluate(REDRAWN, 1000)))
        return times[1:]


def first_control(browser: Browser, file: Path, width: int, height: int) -> str:
    with opened(browser, file, viewport={"width": width, "height": height}) as page:
        box = page.locator("[data-summit]").first.bounding_box()
        return f"{box['y'] + box['height']:,.0f} px" if box else "not there"


def faults(browser: Browser, file: Path, axe: str, how: dict[str, Any]) -> str:
    with opened(browser, file, bypass=True, **how) as page:
        page.add_script_tag(path=axe)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        return f"{len(found['violations'])} violations"


def spoken(browser: Browser, file: Path) -> str:
    with opened(browser, file) as page:
        page.evaluate(
            "window.spoken = 0; new MutationObserver(() => { window.spoken++ })"
            ".observe(document.querySelector('#spoken'), {childList: true})"
        )
        page.locator("[data-summit]").first.focus()
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(4000)
        return f"{page.evaluate('window.spoken')} times"


def foreseen(browser: Browser, file: Path, goes: int) -> list[float]:
    """From a choice at the table to the next question with its forecasts, in ms."""
    with opened(browser, file) as page:
        page.locator("[data-sit]").click()
        times = []
        for _ in range(goes + 1):
            page.wait_for_selector(".odds")
            times.append(float(page.evaluate(FORESEEN)))
        return times[1:]


def pages(browser: Browser, file: Path) -> str:
    with opened(browser, file) as page:
        found = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))
        return f"{found} pages"


def bare(browser: Browser, file: Path) -> str:
    with opened(browser, file, wait=False, java_script_enabled=False) as page:
        rows = page.locator(".table tbody tr").count()
        return (
            f"a table of {rows} endings with bars" if "JavaScript is off" in page.locator("main").inner_text() else "no"
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="What a page must reach.")
    parser.add_argument("--scenario", default="xi-first")
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--goes", type=int, default=9)
    parser.add_argument("--axe", default=os.environ.get("SUMMITRY_AXE", ""))
    parser.add_argument("--site", action="store_true")
    return parser


if __name__ == "__main__":
    main()
