// What is assumed: every claim with its paragraph, its two codings and what it does at this position; every other number.

import { button, choice, grid, h } from "./dom.mjs";
import { assumedAt, boundsOf, claimGiven, corners, credencesAt, documentsOff, scenarioOf } from "./scenario.mjs";
import { assume } from "./state.mjs";
import { claimWeights, effect, hits, interaction, holmAdjusted, meanWithInterval, quantity, worldMeans, Z95 } from "./statistics.mjs";
import { leverageAtMeeting, capital, listed, minus, percent, rounded, sides } from "./words.mjs";

const SHOWN = 6; // claims before "the rest"
const ON_CARD = 3;
const CERTAIN = [0, 1];
export const LEAST_PART = 0.01; // of leverage
export const WHY_PARTS = 8; // stretches of 128 runs of which each is weighed by itself
export const WHY_RUNS = 128 * WHY_PARTS;

// --- what claims do at a position, from its own fresh runs ---------------------------------------------------------

// For every claim whose credence is neither 0 nor 1: its effects on every ending, those that stand out, and their `size`, the share of
// runs that they move.
export function effectsOf(page, found, credences) {
  const ends = page.outcomes.map((_, place) => sharesOf(found, place));
  const free = page.claims.filter(({ id }) => !CERTAIN.includes(credences.get(id)) && found.holds[id]);
  const weights = new Map(free.map((claim) => [claim.id, weightsOf(page, claim, found, credences)]));
  const all = holmAdjusted(free.flatMap(({ id }) => {
    const held = found.holds[id].reduce((count, holds) => count + holds, 0);
    const smaller = Math.min(held, found.holds[id].length - held);
    return ends.map((ending, place) => ({ id, place, ...effect(weights.get(id), ending, smaller) }));
  }));
  return new Map(free.map(({ id }) => {
    const own = all.filter((each) => each.id === id);
    const out = own.filter((each) => each.standsOut).sort((one, other) => Math.abs(other.effect) - Math.abs(one.effect));
    return [id, { effects: own, out, size: out.reduce((sum, each) => sum + Math.abs(each.effect), 0) / 2, weights: weights.get(id) }];
  }));
}

// The share of each world's plays that end in an ending.
const sharesOf = (found, place) => quantity(worldMeans(hits(found.final, place)));

function weightsOf(page, claim, found, credences) {
  const members = page.claims.filter((each) => each.group === claim.group).map(({ id }) => ({ id, credence: credences.get(id), holds: found.holds[id] }));
  return claimWeights(members, members.findIndex(({ id }) => id === claim.id), found.caused?.[claim.group] ?? members[0].holds);
}

// The claims through which a change moves the leverage at the first meeting: how much less it moves where a claim is false before and
// after, the most first, with 95% intervals over stretches of runs. `leverageAt(position)` plays a position and gives its mean
// leverage by month in each stretch. `more` counts the claims that carry enough to be shown but for which there is no room.
export async function whyLeverageMoved(page, now, before, leverageAt) {
  const table = async (position) => (await leverageAt(position)).map((each) => leverageAtMeeting(page, position, each));
  const change = async (one, other) => {
    const [is, was] = [await table(one), await table(other)];
    return Object.fromEntries(["own", "other"].map((side) => [side, is.map((each, part) => each[side] - was[part][side])]));
  };
  const all = await change(now, before);
  const far = (side) => Math.abs(meanWithInterval(all[side]).mean);
  const [whose, [holder, target]] = far("own") >= far("other") ? ["own", sides(page)] : ["other", sides(page).reverse()];
  const parts = [];
  for (const { id, claim } of page.claims.filter(({ effects }) => effects.some((each) => each.holder === holder.id && each.target === target.id))) {
    const [one, other] = [now, before].map((position) => assume(position, ["claims", id], 0));
    const without = (await change(one, other))[whose];
    parts.push({ id, claim, ...meanWithInterval(all[whose].map((each, part) => each - without[part])) });
  }
  const whole = meanWithInterval(all[whose]);
  const carry = parts.filter(({ mean, half }) => mean * Math.sign(whole.mean) >= Math.max(LEAST_PART, half)).sort((one, other) => Math.abs(other.mean) - Math.abs(one.mean));
  return { holder, target, whole, parts: carry.slice(0, ON_CARD), more: Math.max(carry.length - ON_CARD, 0) };
}

// The claim that `id` works together with most, by their interaction on the ending that `id` moves most; null where none stands out.
export function strongestInteraction(page, id, found, effects) {
  const lead = effects.get(id)?.out[0];
  if (!lead) return null;
  const ending = sharesOf(found, lead.place);
  const both = [...effects].filter(([other, each]) => other !== id && each.size > 0 && groupOf(page, other) !== groupOf(page, id))
    .map(([other]) => ({ id: other, ...interaction(found.holds[id], found.holds[other], ending) })).filter(({ p }) => p !== undefined);
  const best = holmAdjusted(both).sort((one, other) => one.p - other.p)[0];
  return best?.standsOut ? { ...best, place: lead.place } : null;
}

const groupOf = (page, id) => page.claims.find((each) => each.id === id).group;

// An effect in points with half its 95% interval.
function pointsOf({ effect: share, se }) {
  const [points, half] = [100 * share, 100 * Z95 * se];
  return `${share > 0 ? "+" : ""}${minus(points.toFixed(Math.abs(points) < 9.95 ? 1 : 0))} ± ${half.toFixed(half < 0.95 || Math.abs(points) < 9.95 ? 1 : 0)}`;
}

function effectLine(page, id, credence, own, found, effects, whole) {
  if (CERTAIN.includes(credence)) return `Taken to be ${credence ? "true" : "false"}: these runs cannot say what it does.`;
  if (!own) return "";
  if (!own.out.length) return "True rather than false: no ending changes by more than the noise.";
  const parts = own.out.slice(0, 3).map((each) => `${page.outcomes[each.place].label} ${pointsOf(each)}`);
  const more = own.out.length > 3 ? ` and ${own.out.length - 3} more` : "";
  if (whole && own.partner === undefined) own.partner = strongestInteraction(page, id, found, effects);
  const with_ = own.partner;
  const together = with_ ? ` It works together with ${with_.id}: both true add ${pointsOf(with_)} to ${page.outcomes[with_.place].label}.` : "";
  return `True rather than false: ${parts.join(", ")} points${more}.${together}`;
}

// The most deciding claims first; in ledger order while no effect is known.
export function ranked(page, effects) {
  const size = ({ id }) => effects?.get(id)?.size ?? 0;
  return [...page.claims].sort((one, other) => size(other) - size(one));
}

// --- drawing ------------------------------------------------------------------------------------------------------

// The sliders of the most deciding claims, for the first card.
export function cardSliders(page, state, order, act) {
  const credences = credencesAt(page, state.position);
  return [
    order.slice(0, ON_CARD).map((claim) => h("label", { class: "quick" }, h("span", {}, capital(claim.claim)), h("b", { class: "level", "aria-hidden": "true" }, percent(credences.get(claim.id), 0)),
      slider(claim, credences.get(claim.id), act, "data-quick"))),
    h("a", { class: "small", href: "#claims" }, `All ${page.claims.length} claims`),
  ];
}

function slider(claim, credence, act, hook) {
  const percents = rounded(100 * credence, 0);
  return h("input", {
    type: "range", min: 0, max: 100, step: 1, value: percents, [hook]: claim.id, "aria-valuetext": `${percents} percent sure`, "aria-labelledby": hook === "data-claim" ? `c-${claim.id}` : null,
    on: {
      input: (event) => act.change(withCredence(claim.id, Number(event.target.value) / 100), `claim ${claim.id}`),
      pointerdown: () => act.moving(true), pointerup: () => act.moving(false), pointercancel: () => act.moving(false),
    },
  });
}

const withCredence = (id, credence) => (position) => {
  const { weight } = claimGiven(position.assume.claims?.[id]);
  return assume(position, ["claims", id], weight === undefined ? credence : { credence, weight });
};

export function claimList(page, state, order, effects, found, act) {
  const credences = credencesAt(page, state.position);
  const article = (whole) => (claim) => claimArticle(page, state, claim, { credence: credences.get(claim.id), effects, found, whole }, act);
  const [first, rest] = [order.slice(0, SHOWN), order.slice(SHOWN)];
  return [
    sources(page, state, act),
    h("div", { class: "claim-list" }, first.map(article(true))),
    rest.length ? h("details", { on: { toggle: (event) => act.look({ all: event.currentTarget.open }) } }, h("summary", {}, `The other ${rest.length} claims`), h("div", { class: "claim-list" }, rest.map(article(state.view.all)))) : null,
    h("details", {}, h("summary", {}, "Which claim attacks or supports which"), graph(page, credences)),
  ];
}

// Switches for authors and codings, which change many claims at once.
function sources(page, { position }, act) {
  const assumed = assumedAt(page, position);
  const off = documentsOff(page, assumed);
  const coding = assumed.coding ?? "pooled";
  const names = { pooled: "both coders' mean", first: "first coder", second: "second coder" };
  return h("div", { class: "tools" },
    choice("Whose word counts", page.documents.map(({ id, author }) => [author || id, {
      type: "checkbox", checked: !off.has(id), "data-document": id, on: { change: (event) => act.change((now) => assume(now, ["documents", id], documentSwitch(page, now, id, event.target.checked))) }}])),
    Object.keys(page.codings).length > 1 && page.claims.some((each) => each.codings.length > 1) ? choice("Read by", Object.keys(page.codings).map((each) => [names[each] ?? each, {
      type: "radio", name: "coding", value: each, checked: coding === each, on: { change: () => act.change((now) => assume(now, ["coding"], each === (scenarioOf(page, now).assume.coding ?? "pooled") ? undefined : each)) }}])) : null);
}

// The value to write for a document; undefined where the scenario says the same.
function documentSwitch(page, position, id, on) {
  const inherited = !documentsOff(page, scenarioOf(page, position).assume).has(id);
  if (on === inherited) return undefined;
  return on ? "on" : "off";
}

function claimArticle(page, state, claim, { credence, effects, found, whole }, act) {
  const moved = state.position.assume.claims?.[claim.id] !== undefined;
  const verdict = (value, says) => button(says, () => act.change(withCredence(claim.id, value)), { "aria-pressed": String(credence === value) });
  const doubt = () => act.change((now) => assume(now, ["claims", claim.id], undefined));
  return h("article", { key: claim.id, class: `claim${moved ? " moved" : ""}`, "data-block": claim.id },
    h("h3", { id: `c-${claim.id}` }, capital(claim.claim)),
    h("div", { class: "control" }, slider(claim, credence, act, "data-claim"), h("b", { class: "level", "aria-hidden": "true" }, percent(credence, 0)),
      h("span", { class: "three", role: "group", "aria-label": "My verdict" }, verdict(1, "accept"), button("as coded", doubt, { "aria-pressed": String(!moved) }), verdict(0, "reject"))),
    h("p", { class: "small effect" }, effectLine(page, claim.id, credence, effects?.get(claim.id), found, effects, whole), claim.colour ? ` Colour: no effect is claimed. ${claim.colour}` : ""),
    h("details", {}, h("summary", {}, placeOf(page, claim), h("span", { class: "slug" }, ` ${claim.id}`)), claimDetails(page, claim)));
}

function placeOf(page, claim) {
  const [document, paragraph] = claim.places[0];
  return `${page.documents.find((each) => each.id === document)?.author ?? document}, paragraph ${paragraph}`;
}

function claimDetails(page, claim) {
  const author = (id) => page.documents.find((each) => each.id === id)?.author ?? id;
  return [
    claim.places.map(([document, paragraph, phrase]) => h("p", {}, `${author(document)}, paragraph ${paragraph}`, phrase ? [": ", h("q", {}, phrase)] : "", ".")),
    h("p", {}, claim.feeds, claim.active ? ` When: ${claim.active}.` : ""),
    claim.holds ? h("p", {}, `Where it holds: ${claim.holds}.`) : null, claim.fails ? h("p", {}, `Where it fails: ${claim.fails}.`) : null,
    claim.codings.length ? grid(`${claim.codings.length > 1 ? "Two codings" : "The coding"} of ${claim.id}`, ["Coding", "Mechanism", "Weight", "Credence", "Why", "Doubt"], claim.codings.map((coding, at) => [at ? "Second" : "First", ...coding])) : null,
    claim.codings.length === 1 ? h("p", { class: "small" }, "One coding; a second is invited.") : null,
    claim.rivals.length ? h("p", {}, `It contradicts ${listed(claim.rivals.map(([id, issue]) => `${id} (on ${issue})`))}.`) : null,
    claim.changed ? h("p", { class: "small" }, claim.changed) : null,
  ];
}

// Attack and support as a drawn graph: claims on a circle, those without links left out.
function graph(page, credences) {
  const linked = page.claims.filter((claim) => claim.attacks.length || claim.supports.length || page.claims.some((each) => [...each.attacks, ...each.supports].includes(claim.id)));
  const place = new Map(linked.map(({ id }, at) => {
    const angle = (2 * Math.PI * at) / linked.length;
    return [id, [190 * Math.cos(angle), 190 * Math.sin(angle), angle]];
  }));
  const arrow = (from, to, kind) => place.has(from) && h("line", { class: `link ${kind}`, x1: place.get(from)[0], y1: place.get(from)[1], x2: place.get(to)[0], y2: place.get(to)[1] });
  const said = linked.flatMap(({ id, attacks, supports }) => [...attacks.map((each) => `${each} attacks ${id}`), ...supports.map((each) => `${each} supports ${id}`)]);
  return [h("svg", { class: "graph", viewBox: "-390 -390 780 780", role: "img", "aria-label": "Claims and the attacks (dashed) and supports (solid) between them; the list below says the same" },
    linked.flatMap(({ id, attacks, supports }) => [...attacks.map((each) => arrow(each, id, "attack")), ...supports.map((each) => arrow(each, id, "support"))]),
    linked.map(({ id }) => {
      const [, , angle] = place.get(id);
      const left = Math.cos(angle) < 0;
      return h("g", { transform: `rotate(${(angle * 180) / Math.PI})` }, h("circle", { cx: 190, r: 3 + 5 * credences.get(id) }), h("text", { x: left ? -200 : 200, y: 4, transform: left ? "rotate(180)" : null, "text-anchor": left ? "end" : "start" }, id));
    })), h("p", { class: "small" }, `Dashed: attacks; solid: supports; a larger dot is believed more. ${said.join("; ")}.`)];
}

// --- every other number -------------------------------------------------------------------------------------------

const GROUPS = { parameters: "Parameters", thresholds: "Thresholds of the endings", start: "Where things start", states: "What each state wants" };

export function numberList(page, state, act) {
  return Object.entries(GROUPS).map(([group, title]) => {
    const rows = page.numbers.filter(({ key }) => key.startsWith(`${group}.`));
    const changed = rows.filter((row) => valueAt(state.position.assume, row.key) !== undefined).length;
    return rows.length ? h("details", { "data-group": group }, h("summary", {}, `${title} (${rows.length}${changed ? `, ${changed} changed` : ""})`),
      grid(title, ["Number", "Likeliest", "Range", "Meaning and source"], rows.map((row) => numberRow(page, state, row, act)))) : null;
  });
}

const valueAt = (map, key) => key.split(".").reduce((inner, step) => inner?.[step], map);

function numberRow(page, { position }, row, act) {
  const [low, mode, high] = row.range;
  const [min, max] = boundsOf(page, row.key);
  const inherited = corners(valueAt(scenarioOf(page, position).assume, row.key)) ?? { low, mode, high };
  const given = valueAt(position.assume, row.key);
  const now = corners(given) ?? inherited;
  const likeliest = ({ mode }) => String(Number(mode.toPrecision(6)));
  const take = ({ target }) => {
    if (!target.reportValidity()) return;
    act.change((position) => assume(position, row.key.split("."), target.value ? Number(target.value) : undefined));
    target.value ||= likeliest(inherited);
  };
  return h("tr", { key: row.key, class: given === undefined ? null : "moved" }, h("th", { scope: "row" }, row.label, given === undefined ? null : h("span", { class: "badge" }, "changed")),
    h("td", {}, h("input", { type: "number", step: "any", min, max, value: likeliest(now), "data-number": row.key, "aria-label": row.label, on: { change: take } })),
    h("td", {}, now.low === now.high ? "fixed" : `${now.low} to ${now.high}`), h("td", { class: "small" }, row.meaning ? `${row.meaning}. ` : "", row.source));
}

// The two kinds of uncertainty: how much of each ending's spread is assumed, how much is chance within a world.
export function spread(found) {
  const rows = found.outcomes.filter((each) => each.assumptions !== null && each.probability >= 0.005);
  return [
    h("p", {}, "What is assumed differs between worlds; chance differs within one, since each world is played twice. More runs shrink the noise; they shrink neither the assumptions nor what this model leaves out."),
    h("ul", { class: "spread" }, rows.map((each) => h("li", {}, h("span", { class: "what" }, capital(each.label)),
      h("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, h("rect", { class: "chance", width: 100, height: 10 }), h("rect", { class: "assumed", width: (100 * each.assumptions).toFixed(1), height: 10 })),
      h("span", { class: "number" }, `of its spread ${Math.round(100 * each.assumptions)}% assumed, ${100 - Math.round(100 * each.assumptions)}% chance`)))),
  ];
}
