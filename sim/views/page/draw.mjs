// Findings onto the page. Everything is text or an attribute of an SVG rectangle; nothing is ever read as HTML.

import { interval, percent } from "./words.mjs";

const one = (selector, inside = document) => inside.querySelector(selector);
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];

export function drawBars(outcomes, found, run) {
  outcomes.forEach((outcome, k) => {
    const bar = one(`svg[data-outcome="${CSS.escape(outcome.name)}"]`);
    const [share, low, high] = [found.probability[k], found.low[k], found.high[k]];
    bar.dataset.probability = share.toFixed(4);
    bar.dataset.low = low.toFixed(4);
    bar.dataset.high = high.toFixed(4);
    stretch(one(".value", bar), 0, share);
    stretch(one(".range", bar), low, high - low);
    const own = one(".own", bar);
    own.setAttribute("x", (1000 * run.probability[k] - 1.5).toFixed(1));
    own.setAttribute("visibility", found === run ? "hidden" : "visible");
    const row = bar.parentElement;
    one("[data-percent]", row).textContent = percent(share);
    one("[data-interval]", row).textContent = interval(low, high);
  });
}

function stretch(rectangle, from, width) {
  rectangle.setAttribute("x", (1000 * from).toFixed(1));
  rectangle.setAttribute("width", (1000 * Math.max(width, 0)).toFixed(1));
}

// The same in one stacked bar, for narrow screens where the bars are out of sight while a claim is dragged.
export function drawStrip(outcomes, found) {
  let from = 0;
  found.probability.forEach((share, k) => {
    stretch(one(`[data-strip="${k}"]`), from, share);
    from += share;
  });
  const order = outcomes.map((_, k) => k).sort((a, b) => found.probability[b] - found.probability[a]);
  const leading = order.slice(0, 3).map((k) => `${outcomes[k].label} ${percent(found.probability[k])}`);
  say("[data-strip-words]", leading.join(" · "));
}

export function drawTogether(findings, measures) {
  measures.forEach((means, scenario) => {
    means.forEach((mean, place) => {
      one(`[data-measurecell="${scenario}:${place}"]`).textContent = mean.toFixed(3);
    });
  });
  findings.forEach((found, scenario) => {
    found.probability.forEach((share, k) => {
      one(`[data-cell="${scenario}:${k}"]`).textContent = percent(share);
      stretch(one(`[data-cellbar="${scenario}:${k}"]`), 0, share);
    });
  });
}

export function drawWorlds(found, worlds, few) {
  const effective = Math.round(found.effective);
  one("[data-effective-runs]").textContent = String(effective);
  one("[data-all-worlds]").textContent = worlds.toLocaleString("en");
  one("[data-warning]").hidden = effective >= few;
  one("[data-worlds]").classList.toggle("few", effective < few);
}

export function drawMeasures(means) {
  means.forEach((mean, place) => {
    one(`[data-measure="${place}"]`).textContent = mean.toFixed(3);
  });
}

export function drawClaim(id, shown, own, moved, fixed) {
  const slider = one(`input[data-claim="${CSS.escape(id)}"]`);
  slider.value = String(shown);
  slider.disabled = Boolean(fixed);
  slider.setAttribute("aria-valuetext", `${shown} per cent${moved ? ", moved" : ""}`);
  const block = slider.closest("[data-block]");
  block.classList.toggle("moved", moved);
  one("[data-credence]", block).textContent = String(shown);
  one("[data-note]", block).textContent = fixed || (moved ? `(was ${own})` : "");
  for (const button of all("[data-verdicts] button", block)) {
    button.disabled = Boolean(fixed);
    button.setAttribute("aria-pressed", String(moved && Number(button.value) === shown));
  }
}

// The claims that fit on paper: those that were moved, then those that do most of the work.
export function choosePrinted(most) {
  const blocks = all("[data-block]");
  const order = [...blocks.filter((block) => block.classList.contains("moved")), ...blocks.filter((block) => block.classList.contains("top"))];
  const printed = new Set([...new Set(order)].slice(0, most));
  for (const block of blocks) block.classList.toggle("printed", printed.has(block));
}

export function showScenario(place) {
  for (const part of all("[data-scenario]")) part.hidden = part.dataset.scenario !== String(place);
}

export function say(selector, text) {
  const place = one(selector);
  if (place && place.textContent !== text) place.textContent = text;
}

export { all, one };
