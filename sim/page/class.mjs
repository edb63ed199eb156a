// A class: many positions, from codes or files, played on the same worlds. Spread of beliefs and of endings, each student's
// deciding claim, the two most opposed and what separates them, as sim/classroom computes them. Nothing leaves the page.

import { codesIn, crc32 } from "./codes.mjs";
import { button, grid, h, textsOf } from "./dom.mjs";
import { fromText } from "./position.mjs";
import { effectsOf } from "./claims.mjs";
import { claimGiven, givenAt } from "./scenario.mjs";
import { hits, holmAdjusted, paired } from "./statistics.mjs";
import { capital, decimals, inPoints, minus, percent, thousands } from "./words.mjs";

const RUNS = 4000; // of each position
const SHARED_RUNS = 20000; // of the one ensemble that all are screened on
const FROM_CERTAINTY = 0.05; // least distance of its credences from 0 and 1
const CANDIDATES = 3; // claims of a student that are confirmed by playing
const WORTH = 0.25; // candidates below this share of the first one's reach are not confirmed
const MOST_PAIRED = 3; // the strongest are also tried two at a time
const MOST_TRIED = 6; // claims on which the two most opposed differ, tried one at a time
const CORNERS = ["low", "mode", "high"];

// --- beliefs ------------------------------------------------------------------------------------------------------

// The beliefs about every claim in numbers of the compiled model: {id: {credence, weight: [low, mode, high]}}.
function beliefsOf(page, given) {
  const at = numberAt(page, given);
  return Object.fromEntries(page.claims.map(({ id }) => [id, {
    credence: at(`ledger.claims.${id}.credence`), weight: CORNERS.map((corner) => at(`ledger.claims.${id}.weight.${corner}`)),
  }]));
}

const numberAt = (page, given) => (name) => given.numbers[page.kernels[given.kernel].index.get(name)] ?? 0;

// The same numbers with other beliefs about some claims.
export function withBeliefs(page, given, beliefs) {
  const { index } = page.kernels[given.kernel];
  const numbers = [...given.numbers];
  const set = (name, value) => { if (index.has(name)) numbers[index.get(name)] = value; };
  for (const [id, { credence, weight }] of Object.entries(beliefs)) {
    set(`ledger.claims.${id}.credence`, credence);
    CORNERS.forEach((corner, place) => set(`ledger.claims.${id}.weight.${corner}`, weight[place]));
  }
  return { ...given, numbers };
}

export function joinBeliefs(readers, join) {
  return Object.fromEntries(Object.keys(readers[0]).map((id) => [id, {
    credence: join(readers.map((each) => each[id].credence)), weight: CORNERS.map((_, place) => join(readers.map((each) => each[id].weight[place]))),
  }]));
}

export const average = (values) => values.reduce((sum, each) => sum + each, 0) / values.length;

export function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// The first-order effect of moving a claim from one belief to another.
export function reach(one, other, effect) {
  const heavier = Math.max(one.weight[1], other.weight[1], 1e-9);
  return effect * (Math.abs(one.credence - other.credence) + (Math.min(one.credence, other.credence) * Math.abs(one.weight[1] - other.weight[1])) / heavier);
}

const alike = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function candidates(own, other, effect) {
  const sizes = Object.keys(own).filter((id) => !alike(own[id], other[id])).map((id) => [id, reach(own[id], other[id], effect[id] ?? 0)]);
  return sizes.sort((one, two) => two[1] - one[1] || (one[0] < two[0] ? -1 : 1));
}

// --- the class ----------------------------------------------------------------------------------------------------

// Plays and compares a class. `readers` are {name, position}; `play(given, count, holds)` gives rows; `progress` gets (done, of).
export async function playClass(page, readers, start, play, progress = () => {}, runs = RUNS) {
  const givens = readers.map((each) => givenAt(page, each.position));
  const held = givens.map((given) => beliefsOf(page, given));
  const [middle, pool] = [joinBeliefs(held, median), joinBeliefs(held, average)];
  const begin = givenAt(page, start);
  const effect = await screenedEffects(page, begin, pool, play);
  const ends = async (given) => (await play(given, runs)).final;
  const [started, pooled] = [await ends(begin), await ends(withBeliefs(page, begin, pool))];
  const given = (what) => agreement(valuesGiven(page, readers, held, beliefsOf(page, begin), what));
  let done = 0;
  const students = await Promise.all(readers.map(async (reader, at) => {
    const found = await student(page, { reader, given: givens[at], own: held[at], middle, effect, ends });
    progress(++done, readers.length);
    return found;
  }));
  return {
    readers: students, start: shares(page, started), pooled: shares(page, pooled), runs,
    mixed: page.outcomes.map((_, place) => average(students.map((each) => each.shares[place]))),
    credences: given("credence"), weights: given("weight"), opposed: await opposed(page, students, givens, held, effect, ends),
  };
}

async function screenedEffects(page, begin, pool, play) {
  const inside = Object.fromEntries(Object.entries(pool).map(([id, each]) => [id, { ...each, credence: Math.min(Math.max(each.credence, FROM_CERTAINTY), 1 - FROM_CERTAINTY) }]));
  const rows = await play(withBeliefs(page, begin, inside), SHARED_RUNS, true);
  const effects = effectsOf(page, rows, new Map(Object.entries(inside).map(([id, { credence }]) => [id, credence])));
  return Object.fromEntries([...effects].map(([id, { effects: each }]) => [id, each.reduce((sum, one) => sum + Math.abs(one.effect || 0), 0) / 2]));
}

async function student(page, { reader, given, own, middle, effect, ends }) {
  const mine = await ends(given);
  const listed = candidates(own, middle, effect).slice(0, CANDIDATES);
  const tried = listed.filter(([, size]) => size >= WORTH * listed[0][1]);
  const played = [];
  for (const [id] of tried) played.push({ id, final: await ends(withBeliefs(page, given, { [id]: middle[id] })) });
  const turns = differences(page, mine, played).sort((one, other) => other.points - one.points);
  return { ...reader, final: mine, shares: shares(page, mine), turns, deciding: turns.find((each) => each.out.length) ?? null, own, middle };
}

export function shares(page, final) {
  const counts = page.outcomes.map(() => 0);
  for (const end of final) counts[end] += 1;
  return counts.map((count) => count / final.length);
}

// Several plays, each compared with the base; Holm's adjustment covers all of them.
function differences(page, base, others) {
  const all = holmAdjusted(others.flatMap(({ id, final }) => page.outcomes.map((_, place) => ({ id, place, ...paired(hits(base, place), hits(final, place)) }))));
  return others.map(({ id, final }) => {
    const out = all.filter((each) => each.id === id && each.standsOut).sort((one, other) => Math.abs(other.difference) - Math.abs(one.difference));
    return { id, points: changedShare(page, base, final), out };
  });
}

// The share of runs that would have to end otherwise to make two plays alike: each ending's difference takes its sign from one
// half of the worlds and its size from the other, so that noise alone adds up to 0 on average.
function changedShare(page, base, final) {
  const worlds = final.length >> 1;
  const middle = worlds >> 1;
  const mean = (place, from, to) => {
    let sum = 0;
    for (let run = 2 * from; run < 2 * to; run++) sum += Number(final[run] === place) - Number(base[run] === place);
    return sum / (2 * (to - from));
  };
  return page.outcomes.reduce((sum, _, place) => {
    const [one, other] = [mean(place, 0, middle), mean(place, middle, worlds)];
    return sum + (Math.sign(one) * other + Math.sign(other) * one) / 4;
  }, 0);
}

// The two readers whose endings differ most, and what each claim on which they differ does alone.
async function opposed(page, students, givens, held, effect, ends) {
  let best = { apart: 0 };
  students.forEach((one, a) => students.slice(a + 1).forEach((other, b) => {
    const apart = one.shares.reduce((sum, share, place) => sum + Math.abs(share - other.shares[place]), 0) / 2;
    if (apart > best.apart + 1e-9) best = { apart, one: a, other: a + 1 + b };
  }));
  if (!best.apart) return null;
  const { one, other } = best;
  const order = candidates(held[one], held[other], effect);
  const played = [{ id: "*", final: students[other].final }];
  for (const [id] of order.slice(0, MOST_TRIED)) played.push({ id, final: await ends(withBeliefs(page, givens[one], { [id]: held[other][id] })) });
  const otherwise = !alike({ ...givens[one], numbers: 0 }, { ...givens[other], numbers: 0 }) || !alike(withBeliefs(page, givens[other], held[one]).numbers, givens[one].numbers);
  if (otherwise) played.push({ id: "", final: await ends(withBeliefs(page, givens[other], held[one])) });
  const [whole, ...gaps] = differences(page, students[one].final, played);
  gaps.sort((a, b) => b.points - a.points);
  const strongest = gaps.filter((each) => each.id && each.out.length).slice(0, MOST_PAIRED).map((each) => each.id);
  const pairs = strongest.flatMap((id, at) => strongest.slice(at + 1).map((next) => [id, next]));
  const joint = [];
  for (const pair of pairs) joint.push({ id: pair.join(" and "), final: await ends(withBeliefs(page, givens[one], Object.fromEntries(pair.map((id) => [id, held[other][id]])))) });
  return { one, other, whole, gaps, together: differences(page, students[one].final, joint), untried: Math.max(order.length - MOST_TRIED, 0) };
}

// The numbers that the readers' own files give, or change against the start, by claim.
function valuesGiven(page, readers, held, start, what) {
  return page.claims.map(({ id }) => ({
    id, values: readers.flatMap(({ position }, at) => {
      const own = held[at][id];
      if (claimGiven(position.assume.claims?.[id])[what] === undefined && alike(own[what], start[id][what])) return [];
      return [what === "weight" ? own.weight[1] : own.credence];
    }).sort((one, other) => one - other),
  })).filter(({ values }) => values.length);
}

// Krippendorff's interval alpha over claims with two values or more, and for each claim 1 - s2 / S2, its own variance over
// that of all values; null where nothing varies or there is only one claim. The widest spread first.
export function agreement(spreads) {
  const shared = spreads.map(({ values }) => values).filter((values) => values.length > 1);
  const every = shared.flat();
  const hat = shared.length > 1 ? variance(every) : 0;
  const inside = shared.reduce((sum, values) => sum + values.length * variance(values), 0);
  const each = spreads.map(({ id, values }) => ({
    id, values, median: median(values), width: values.at(-1) - values[0], agreement: hat > 0 && values.length > 1 ? 1 - variance(values) / hat : null,
  }));
  const first = (one, other) => Number(one.values.length < 2) - Number(other.values.length < 2) || other.width - one.width || (one.id < other.id ? -1 : 1);
  return { alpha: hat > 0 ? 1 - inside / (every.length * hat) : null, claims: shared.length, values: every.length, spreads: each.sort(first) };
}

const variance = (values) => values.reduce((sum, each) => sum + (each - average(values)) ** 2, 0) / (values.length - 1);

// Positions from what was dropped or pasted: one of each code in a text, else one of the whole text. They are ordered as in
// `summitry classroom`, so that a student's number does not give the name away.
export async function readPositions(page, texts, scenario) {
  const parts = texts.flatMap(({ name, text }) => {
    const codes = codesIn(text);
    return codes.length ? codes.map((code, at) => ({ name: codes.length > 1 || !name ? `${name || "Code"} ${at + 1}` : name, text: code })) : [{ name: name || "Text", text }];
  });
  const read = await Promise.all(parts.map(async ({ name, text }) => ({ name, ...await fromText(page, text, scenario) })));
  const readers = await Promise.all(read.filter((each) => each.position).map(async (each) => ({ ...each, place: await orderKey(each.name) })));
  return { readers: readers.sort((one, other) => (one.place < other.place ? -1 : Number(one.place > other.place))), refused: read.filter((each) => each.problems) };
}

// The key of a stable order that is not alphabetical: SHA-256 where the page's address has it (https and files), else a checksum.
async function orderKey(name) {
  const bytes = new TextEncoder().encode(name);
  const digest = crypto.subtle ? new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)) : [crc32(bytes)];
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// --- drawing ------------------------------------------------------------------------------------------------------

// `shown` is {busy, found, refused, names: whether names are shown}; `act.showClass(texts)` plays a class.
export function classPanel(page, shown, act) {
  const open = async (given) => act.showClass((await textsOf(given)).map(({ name, text }) => ({ name: name.replace(/\.(ya?ml|txt)$/, ""), text })));
  return [
    h("p", {}, "Drop the class’s files here, or paste their codes, one a line. Everything is computed in this page; nothing leaves the room."),
    h("div", { class: "drop", on: { dragover: (event) => event.preventDefault(), drop: (event) => { event.preventDefault(); open(event.dataTransfer); } } },
      h("label", { for: "codes" }, "Codes or links of the class"), h("textarea", { id: "codes", rows: 4, spellcheck: "false", "data-class-codes": true }),
      h("p", { class: "tools" }, button("Show the class", () => act.showClass([{ name: "", text: document.getElementById("codes").value }]), { "data-class-read": true }),
        h("label", {}, "or files ", h("input", { type: "file", multiple: true, accept: ".yaml,.yml,.txt", "data-class-files": true, on: { change: (event) => open(event.target) } })))),
    h("p", { role: "status" }, shown.busy ?? ""),
    (shown.refused ?? []).map((each) => h("p", { class: "warning" }, `${each.name} was not read: ${each.problems.join(" ")}`)),
    shown.found ? [
      h("label", {}, h("input", { type: "checkbox", checked: Boolean(shown.names), "data-class-names": true, on: { change: (event) => act.classNames(event.target.checked) } }), " Names instead of numbers, whose order says nothing"),
      classTables(page, shown.found, shown.names)] : null,
  ];
}

function classTables(page, found, names) {
  const { opposed: two } = found;
  const readers = found.readers.map((each, at) => ({ ...each, name: names ? each.name : `Student ${at + 1}` }));
  const several = found.credences.spreads.filter(({ values }) => values.length > 1);
  const alone = found.credences.spreads.length - several.length;
  const name = (at) => readers[at].name;
  return h("div", { "data-class": readers.length },
    h("h3", {}, `What ${readers.length} positions imply`),
    grid("Shares of the endings", ["Ending", "Each student", "Scenario", "Class’s mean beliefs", "Mean of the students", "Lowest to highest"], page.outcomes.map((outcome, place) => {
      const values = readers.map((each) => each.shares[place]);
      return [capital(outcome.label), dots(values), percent(found.start[place]), percent(found.pooled[place]), percent(found.mixed[place]), `${percent(Math.min(...values))} to ${percent(Math.max(...values))}`];
    })),
    h("h3", {}, "What they believe"),
    alpha("credences", found.credences), found.weights.spreads.length ? alpha("weights", found.weights) : null,
    several.length ? grid("What the class believes", ["Claim", "Credences, 0 to 1", "Students", "Median", "Lowest to highest", "Agreement"], several.map((each) => [
      named(page, each.id), dots(each.values), String(each.values.length), decimals(each.median), `${decimals(each.values[0])} to ${decimals(each.values.at(-1))}`,
      each.width === 0 ? "all alike" : each.agreement === null ? "" : decimals(each.agreement)])) : null,
    alone ? h("p", { class: "small" }, `${alone === 1 ? "1 claim of which only one student speaks is" : `${alone} claims of which only one student speaks are`} not listed.`) : null,
    h("h3", {}, "Each student’s deciding claim"),
    grid("Deciding claims", ["Student", "Likeliest ending", "Deciding claim", "Own, and the class’s median", "Moved to the median"], readers.map((each) => [
      each.name, likeliest(page, each.shares), each.deciding ? named(page, each.deciding.id) : "none beyond the noise",
      each.deciding ? `${decimals(each.own[each.deciding.id].credence)}, ${decimals(each.middle[each.deciding.id].credence)}` : "", each.deciding ? moves(page, each.deciding) : ""])),
    h("h3", {}, "The two most opposed"),
    two ? [h("p", { "data-opposed": `${name(two.one)}|${name(two.other)}` }, `${name(two.one)} and ${name(two.other)}: from one to the other ${moves(page, two.whole) || "nothing beyond the noise"}.`),
      grid("What separates the two", ["What separates them", "Changed, it moves"], [...two.gaps, ...two.together].map((each) => [each.id ? each.id.split(" and ").map((id) => h("div", {}, named(page, id))) : "all else that their files say", moves(page, each) || "nothing beyond the noise"])),
      two.together.length ? h("p", { class: "small" }, "Two claims changed together stand last: where they move more than both alone, they work together.") : null,
      two.untried ? h("p", { class: "small" }, `${two.untried} more claims on which they differ were not tried.`) : null] : h("p", {}, "All end alike."),
    h("p", { class: "small" }, `${thousands(found.runs)} runs of each position on the same worlds.`));
}

function alpha(what, found) {
  return h("p", { class: "small", "data-alpha": what }, found.alpha === null ? `Too few ${what} to speak of agreement.`
    : `Krippendorff’s alpha of the ${what} (1: all say the same on every claim; 0: as far apart as all these numbers drawn from one hat) is ${decimals(found.alpha)} over ${found.values} values of ${found.claims} claims.`);
}

const named = (page, id) => [capital(page.claims.find((each) => each.id === id).claim), h("span", { class: "slug" }, ` ${id}`)];
const likeliest = (page, of) => { const best = of.indexOf(Math.max(...of)); return `${page.outcomes[best].label} (${percent(of[best])})`; };
const moves = (page, { out }) => out.slice(0, 2).map((each) => `${page.outcomes[each.place].label} ${inPoints(each)}`).join(", ");

function dots(values) {
  return h("svg", { class: "dots", viewBox: "0 0 240 20", preserveAspectRatio: "none", role: "img", "aria-label": minus(values.map((each) => decimals(each)).join(", ")) },
    h("line", { class: "grid", x1: 0, x2: 240, y1: 10, y2: 10 }), values.map((each) => h("ellipse", { class: "dot", cx: (4 + 232 * each).toFixed(1), cy: 10, rx: 4, ry: 5 })));
}

