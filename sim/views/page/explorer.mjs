// The page, alive: a position in, findings out. All arithmetic is in reweight.mjs, all words in words.mjs.

import { all, choosePrinted, drawBars, drawClaim, drawMeasures, drawStrip, drawTogether, drawWorlds, one, say, showScenario } from "./draw.mjs";
import { readScenarios } from "./embedded.mjs";
import { OWN, emptyPosition, fromText, tenths, toFragment, toYaml } from "./position.mjs";
import { causeChance, differenceErrors, estimate, meanDifferenceError, standOut, weightedMean } from "./reweight.mjs";
import { comparison, count, summary, whatMoved } from "./words.mjs";

const data = JSON.parse(one("#data").textContent);
const scenarios = readScenarios(data);
const known = { claims: data.claims, variants: scenarios[0].ensembles.map((_, place) => data.variants[place].id) };
let position = emptyPosition();
let shown = 0; // place of the scenario on show
let together = false;

function ensembleOf(scenario, variant = position.variant) {
  return scenarios[scenario].ensembles[known.variants.indexOf(variant)]();
}

// Why a claim cannot be moved in this ensemble, or nothing.
function fixedReason(ensemble, claim) {
  const drawn = ensemble.drawn[claim];
  if (drawn > 0 && drawn < 1) return "";
  const own = ensembleOf(shown, OWN).drawn[claim];
  if (own > 0 && own < 1) return "Fixed: the switch above decides this claim.";
  return `Fixed: the scenario takes this claim to be ${drawn === 0 ? "false" : "true"}; only a run of its own can say otherwise.`;
}

function credencesFor(ensemble) {
  return ensemble.credence.map((own, claim) => {
    const percentage = position.claims.get(data.claims[claim]);
    const drawn = ensemble.drawn[claim];
    return percentage === undefined || drawn === 0 || drawn === 1 ? own : percentage / 100;
  });
}

function findingsFor(scenario) {
  const ensemble = ensembleOf(scenario);
  return estimate(ensemble, credencesFor(ensemble));
}

function measuresOf(ensemble, found) {
  return ensemble.shown.measures.map((mean, place) => {
    if (!found.moved) return mean;
    const values = ensemble.values[place];
    return mean + weightedMean(values, found.weights) - weightedMean(values, ensemble.own.weights);
  });
}

function movesInWords() {
  const parts = [];
  if (position.claims.size) parts.push(`${count(position.claims.size, "claim")} moved`);
  if (position.variant !== OWN) parts.push(`“${data.variants[known.variants.indexOf(position.variant)].label}”`);
  return parts.join(" and ");
}

function redraw() {
  const findings = scenarios.map((_, place) => (place === shown || scenarios.length > 1 ? findingsFor(place) : null));
  const found = findings[shown];
  const ensemble = ensembleOf(shown);
  const run = estimate(ensembleOf(shown, OWN), ensembleOf(shown, OWN).credence);
  const moves = movesInWords();
  drawBars(data.outcomes, found, moves ? run : found);
  drawStrip(data.outcomes, found);
  drawMeasures(measuresOf(ensemble, found));
  drawWorlds(found, ensemble.worlds, data.few_worlds);
  const whose = scenarios.length > 1 ? `${data.scenarios[shown].title}: ` : "";
  say("[data-sentence]", whose + summary(data.outcomes, found));
  say("[data-moved]", whatMoved(data.outcomes, run, found, moves));
  if (scenarios.length > 1) redrawComparison(findings);
}

function redrawComparison(findings) {
  const measures = findings.map((found, place) => measuresOf(ensembleOf(place), found));
  drawTogether(findings, measures);
  const others = findings.slice(1).map((_, before) => before + 1);
  const ends = others.map((place) => outcomeChanges(place, findings));
  const means = others.map((place) => measureChanges(place, findings, measures));
  mark(ends, "outcomes");
  mark(means, "measures");
  for (const place of others) {
    say(`[data-verdict="${place}"]`, comparison([...ends[place - 1], ...means[place - 1]]));
  }
}

// Says of every change whether it stands out: before anything is moved as `compare` does, then by the same test.
function mark(changes, kind) {
  const moved = position.claims.size > 0 || position.variant !== OWN;
  const kept = data.against.map((each) => each[kind].told);
  const tested = standOut(changes.flat().map(({ change, error }) => (change === 0 ? 0 : Math.abs(change) / error)), data.holm);
  changes.flat().forEach((each, place) => {
    each.told = moved || kept.includes(null) ? tested[place] : kept.flat()[place];
  });
}

// The error of a difference: that of the runs, and that of the embedded worlds which move them (or stand for them).
function withRuns(place, kind, at, error) {
  return position.variant === OWN ? Math.hypot(data.against[place - 1][kind].error[at], error) : error;
}

function outcomeChanges(place, findings) {
  const errors = differenceErrors(findings[0], findings[place]);
  return data.outcomes.map(({ label }, k) => {
    const change = findings[place].probability[k] - findings[0].probability[k];
    return { label, change, error: withRuns(place, "outcomes", k, errors[k]), measure: false };
  });
}

function measureChanges(place, findings, measures) {
  return data.measures.map((label, at) => {
    const change = measures[place][at] - measures[0][at];
    const [values1, values2] = [ensembleOf(0).values[at], ensembleOf(place).values[at]];
    const error = meanDifferenceError(values1, findings[0].weights, values2, findings[place].weights);
    return { label, change, error: withRuns(place, "measures", at, error), measure: true };
  });
}

function redrawClaims(ids = data.claims) {
  const ensemble = ensembleOf(shown);
  for (const id of ids) {
    const claim = data.claims.indexOf(id);
    const own = tenths(100 * ensemble.credence[claim]);
    const fixed = fixedReason(ensemble, claim);
    const moved = !fixed && position.claims.has(id);
    drawClaim(id, moved ? position.claims.get(id) : own, own, moved, fixed);
  }
  choosePrinted(data.printed);
  const credences = credencesFor(ensemble);
  data.causes.forEach(({ claims }, place) => {
    say(`[data-cause="${place}"]`, `${tenths(100 * causeChance(claims.map((claim) => credences[claim])))}%`);
  });
}

function redrawPosition() {
  one("[data-yaml]").value = toYaml(position);
  const fragment = toFragment(position);
  const address = fragment || location.pathname + location.search;
  try {
    history.replaceState(null, "", address);
  } catch {
    // some viewers of local files do not let a page change its own address; the link button still works
  }
  const variant = data.variants[known.variants.indexOf(position.variant)];
  say("[data-variant-note]", variant.note);
}

function refresh(ids) {
  redrawClaims(ids);
  redraw();
  redrawPosition();
}

let waiting = false;
function refreshSoon(id) {
  redrawClaims([id]);
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    redraw();
  });
}

function move(id, percentage) {
  position.claims.set(id, percentage);
}

// A slider that is back where it stood leaves the claim as the scenario has it, also where that is no whole per cent.
function slide(id, percentage) {
  const own = 100 * ensembleOf(shown).credence[data.claims.indexOf(id)];
  if (percentage === Math.round(tenths(own))) position.claims.delete(id);
  else move(id, percentage);
}

for (const slider of all("input[data-claim]")) {
  const id = slider.dataset.claim;
  slider.addEventListener("input", () => {
    slide(id, Number(slider.value));
    refreshSoon(id);
    redrawPosition();
  });
}

for (const group of all("[data-verdicts]")) {
  const id = group.dataset.verdicts;
  for (const [word, percentage] of [["reject", 0], ["doubt", 50], ["accept", 100]]) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: word, value: String(percentage) });
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-pressed") === "true") position.claims.delete(id);
      else move(id, percentage);
      refresh();
    });
    group.append(button);
  }
}

for (const choice of all('input[name="variant"]')) {
  choice.addEventListener("change", () => {
    position.variant = choice.value;
    refresh();
  });
}

for (const choice of all('input[name="scenario"]')) {
  choice.addEventListener("change", () => {
    together = choice.value === "all";
    if (!together) shown = Number(choice.value);
    showScenario(shown);
    one("[data-single]").hidden = together;
    one("[data-together]").hidden = !together;
    refresh();
  });
}

one("[data-reset]").addEventListener("click", () => take(emptyPosition()));

function take(next) {
  position = next;
  for (const choice of all('input[name="variant"]')) choice.checked = choice.value === position.variant;
  refresh();
}

one("[data-find]").addEventListener("input", (event) => {
  const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const block of all("[data-block]")) {
    const text = block.textContent.toLowerCase();
    block.hidden = !words.every((word) => text.includes(word));
  }
  for (const cause of all(".cause")) cause.hidden = !one("[data-block]:not([hidden])", cause);
});

for (const button of all("[data-copy]")) {
  button.addEventListener("click", async () => {
    const link = location.href.split("#")[0] + toFragment(position);
    const text = button.dataset.copy === "link" ? link : toYaml(position);
    say("[data-copied]", (await copied(text)) ? "Copied." : "Not copied: select the text and copy it by hand.");
  });
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copiedByHand(text);
  }
}

function copiedByHand(text) {
  const area = one("[data-yaml]");
  area.value = text;
  area.select();
  return document.execCommand("copy");
}

one("[data-take]").addEventListener("click", () => {
  const { position: next, problems } = fromText(one("[data-paste]").value, known);
  say("[data-problems]", problems.length ? problems.join("; ") : "Taken.");
  take(next);
});

function takeAddress() {
  if (location.hash.length < 2) return;
  const { position: next } = fromText(location.hash, known);
  take(next);
}

window.addEventListener("hashchange", takeAddress);
takeAddress();
refresh();
