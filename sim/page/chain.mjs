// The chain: claims, leverage, terms, the deal, how it ends and who gained. Every card shows before and after.

import { pairClass } from "./calendar.mjs";
import { LEAST_PART, WHY_RUNS } from "./claims.mjs";
import { bar, h, path } from "./dom.mjs";
import { meetingsAt, monthWords } from "./scenario.mjs";
import { shareOfSlices } from "./statistics.mjs";
import { capital, decimals, differenceWords, inPoints, levelAt, percent, points, rounded, shareOfRuns, sides, terms, thousands, withBound } from "./words.mjs";

const WIDTH = 240;
const HEIGHT = 120;

// `found` is a summary of fresh runs; `sliders` are those of the deciding claims.
export function chain(page, state, found, sliders, act) {
  return [
    card("Claims", "Each from a paragraph: how sure are you?", sliders),
    card("Leverage", null, leverage(page, state, found, act)),
    card("Terms", null, table(page, found)),
    card("The deal", null, deal(page, found)),
    h("section", { class: "card wide-card", "aria-label": "How it ends and who gained" }, endings(page, found), gains(page, found)),
  ];
}

function card(title, says, content) {
  return h("section", { class: "card", "aria-label": title }, h("h2", {}, title), says ? h("p", { class: "small" }, says) : null, content);
}

// --- leverage -----------------------------------------------------------------------------------------------------

function leverage(page, state, found, act) {
  const [one, two] = dyad(page, state);
  const months = found.leverage[`${one.id}.${two.id}`].length;
  const x = (month) => (WIDTH * (month + 0.5)) / months;
  const y = (level) => HEIGHT - HEIGHT * level;
  const line = (each, kind) => each && h("path", { class: `line ${kind}`, d: path(each.map((level, month) => [x(month), y(level)])) });
  const own = (from, to) => [found.leverage[`${from.id}.${to.id}`], found.beforeLeverage?.[`${from.id}.${to.id}`]];
  const [there, thereWas] = own(one, two);
  const [back, backWas] = own(two, one);
  const pair = page.pairs.find(({ between }) => between.includes(one.id) && between.includes(two.id));
  const met = pair ? meetingsAt(page, state.position).filter((each) => each.pair === pair.id) : [];
  const main = pair?.id === page.main;
  const at = state.view.month ?? (main ? found.table.month : null);
  const atBefore = state.view.month ?? (main && found.tableBefore ? found.tableBefore.month : null);
  const say = (from, to, levels, was) => `${from.short} over ${to.short} ${decimals(levelAt(levels, at))}${found.changed && was ? ` (was ${decimals(levelAt(was, atBefore))})` : ""}`;
  return [
    h("svg", { class: "lines", viewBox: `-2 -4 ${WIDTH + 4} ${HEIGHT + 8}`, role: "img", "aria-label": `Mean leverage by month. ${say(one, two, there, thereWas)}; ${say(two, one, back, backWas)}.` },
      h("line", { class: "grid", x1: 0, x2: WIDTH, y1: y(0), y2: y(0) }), h("line", { class: "grid", x1: 0, x2: WIDTH, y1: y(0.5), y2: y(0.5) }), h("line", { class: "grid", x1: 0, x2: WIDTH, y1: y(1), y2: y(1) }),
      met.map((each) => h("line", { class: `met ${pairClass(page, each.pair)}`, x1: x(each.month), x2: x(each.month), y1: y(0), y2: y(1) })),
      state.view.month === null ? null : h("line", { class: "cursor", x1: x(at), x2: x(at), y1: y(0), y2: y(1) }),
      found.changed ? [line(thereWas, "there was"), line(backWas, "back was")] : null, line(there, "there"), line(back, "back")),
    h("p", { class: "legend" }, h("span", { class: "there" }, say(one, two, there, thereWas)), h("span", { class: "back" }, say(two, one, back, backWas))),
    found.changed && found.why ? whyItMoved(found.why) : null,
    h("p", { class: "small" }, `How far one can move the other, 0 to 1; ${at === null ? "mean over the months" : state.view.month === null ? "when they first meet" : `in ${monthWords(page, at)}, where you point`}.${found.changed ? " Dashed: before." : ""}`),
    dyads(page, state, act),
  ];
}

// Why leverage moved: the claims that each carry a part of it alone, and whether something is left.
function whyItMoved({ holder, target, whole, parts, more }) {
  if (Math.abs(whole.mean) <= whole.half) return h("p", { class: "small", "data-why": "" }, `Neither moves by more than the noise (${thousands(WHY_RUNS)} runs).`);
  const moved = `${withInterval(whole)} in ${holder.short} over ${target.short} (${thousands(WHY_RUNS)} runs)`;
  if (!parts.length) return h("p", { class: "small", "data-why": "" }, `Why? Of ${moved} no claim alone carries ${decimals(LEAST_PART)}${Math.abs(whole.mean) > LEAST_PART ? ": several do together" : ""}.`);
  const alone = parts.reduce((sum, { mean }) => sum + Math.abs(mean), 0);
  const rest = more ? `${more} more carry less each.` : Math.abs(whole.mean) - alone > whole.half ? "The rest hangs on several together." : null;
  return h("div", { class: "carried", "data-why": parts.map((each) => each.id).join(" ") }, h("p", { class: "small" }, `Why? Of ${moved} so much is gone where one claim is false:`),
    h("ul", { class: "offers" }, parts.map((each) => h("li", { title: each.claim }, h("span", {}, each.claim), h("b", {}, withInterval(each))))), rest && h("p", { class: "small" }, rest));
}

const withInterval = ({ mean, half }) => `${mean > 0 ? "+" : ""}${decimals(mean, 3)} ± ${decimals(half, 3)}`;

const withSign = (value) => `${value > 0 ? "+" : ""}${decimals(value)}`;

function dyad(page, state) {
  const [one, two] = (state.view.dyad ?? sides(page).map((each) => each.id).join(".")).split(".");
  return [one, two].map((id) => page.states.find((each) => each.id === id));
}

function dyads(page, state, act) {
  const shown = dyad(page, state).map((each) => each.id);
  const every = page.states.flatMap((one, at) => page.states.slice(at + 1).map((two) => [one, two]));
  return h("label", { class: "small pick" }, "Whose ", h("select", { on: { change: (event) => act.look({ dyad: event.target.value }) } },
    every.map(([one, two]) => h("option", { value: `${one.id}.${two.id}`, selected: shown.includes(one.id) && shown.includes(two.id) }, `${one.short} and ${two.short}`))));
}

// --- terms --------------------------------------------------------------------------------------------------------

function table(page, found) {
  const [own, other] = sides(page);
  const measure = found.measures.get(page.termsOf);
  if (!page.termsOf) return h("p", { class: "small" }, "This case measures no terms at a first meeting.");
  if (!measure || !measure.n) return h("p", {}, `${own.short} and ${other.short} do not meet.`);
  const at = (share) => (100 * share).toFixed(2);
  const now = Math.round(100 * measure.mean);
  const was = Number.isFinite(measure.before) ? Math.round(100 * measure.before) : null;
  return [
    h("p", { class: "ends" }, h("b", {}, `${own.short} ${now}`), h("b", {}, `${100 - now} ${other.short}`)),
    h("svg", { class: "balance", viewBox: "0 0 100 16", preserveAspectRatio: "none", "aria-hidden": "true" },
      h("rect", { class: "theirs", width: 100, height: 16 }), h("rect", { class: "ours", width: at(measure.mean), height: 16 }),
      found.changed && was !== null ? h("rect", { class: "was", x: at(measure.before), width: 1, height: 16 }) : null,
      h("rect", { class: "even", x: 49.7, y: 0, width: 0.6, height: 16 })),
    h("p", { class: "small", "data-measure": page.termsOf, "data-value": measure.mean.toFixed(4) },
      `At their first meeting${heldNote(page, found)}; the middle mark is even. ${now === 50 ? "Both have to give alike" : `${now > 50 ? other.short : own.short} has to give more`}.`,
      found.changed && was !== null ? ` Before: ${terms(measure.before)} (${points(measure)}).` : ""),
  ];
}

function heldNote(page, found) {
  const held = page.heldOf && found.measures.get(page.heldOf);
  return held && held.mean < 0.9995 ? `, held in ${percent(held.mean)} of runs` : "";
}

// --- the deal -----------------------------------------------------------------------------------------------------

function deal(page, found) {
  const chance = page.chanceOf && found.measures.get(page.chanceOf);
  const offers = packageShares(page, found);
  const measures = ["deals", "collapses"].map((what) => page[`${what}Of`] && found.measures.get(page[`${what}Of`])).filter(Boolean);
  return [
    chance?.n ? h("p", { class: "big", "data-measure": page.chanceOf, "data-value": chance.mean.toFixed(4) }, percent(chance.mean, 0), found.changed && Number.isFinite(chance.before) ? h("small", {}, ` was ${percent(chance.before, 0)}`) : null) : null,
    chance?.n ? h("p", { class: "small" }, `chance of a deal, in this model, when ${sides(page)[0].short} first meets ${sides(page)[1].short}${found.changed && Number.isFinite(chance.before) ? ` (${inPoints(chance)})` : ""}`) : null,
    offers.some(({ now }) => now) ? h("ul", { class: "offers" }, offers.map(({ name, says, now, was }) => h("li", { "data-package": name },
      h("span", {}, says), h("b", {}, percent(now)), bar(now, { kind: "offer", before: found.changed ? was : undefined })))) : null,
    offers.length ? h("p", { class: "small" }, dealsNote(found.signed, offers)) : null,
    keptShare(page, found),
    measures.map((each) => h("p", { class: "small line-up", "data-measure": each.name, "data-value": each.mean.toFixed(4) }, `${capital(each.label)}, a run: `, h("b", {}, decimals(each.mean)), found.changed ? ` (was ${decimals(each.before)}; ${differenceWords(each)})` : "")),
  ];
}

// How much of what the second side promised in all deals was given and stayed.
function keptShare(page, found) {
  const [promised, received] = [page.promisedOf, page.receivedOf].map((name) => name && found.measures.get(name));
  if (!promised || !received || !(promised.mean > 0)) return null;
  const share = received.mean / promised.mean;
  const was = found.changed && promised.before > 0 ? ` (was ${percent(received.before / promised.before, 0)})` : "";
  return h("p", { class: "small line-up", "data-kept": share.toFixed(4) }, "Kept: ", h("b", {}, percent(share, 0)), ` of what ${sides(page)[1].short} promised in all deals${was}`);
}

function dealsNote({ runs, slices }, offers) {
  const count = slices.reduce((sum, each) => sum + dealsIn(each), 0);
  if (!count) return `Nothing is signed in ${thousands(runs)} runs.`;
  const noise = 100 * Math.max(...offers.map(({ half }) => half));
  return `What is signed: of ${thousands(count)} deals of ${thousands(runs)} runs, at all their meetings${Number.isFinite(noise) ? `; ± ${noise.toFixed(0)} points or less` : ""}`;
}

const dealsIn = (deals) => Object.values(deals).reduce((sum, each) => sum + each, 0);

// Signed packages, as shares of the deals.
function packageShares(page, found) {
  if (!found.signed) return [];
  const shareIn = (signed, name) => shareOfSlices(signed.slices.map((deals) => [deals[name] ?? 0, dealsIn(deals)]));
  return page.packages.filter((each) => each.pair === page.main).map((each) => {
    const { share, half } = shareIn(found.signed, each.name);
    return { ...each, now: share || 0, half, was: found.beforeSigned && (shareIn(found.beforeSigned, each.name).share || 0) };
  }).sort((one, other) => other.now - one.now);
}

// --- endings and gains --------------------------------------------------------------------------------------------

function endings(page, found) {
  const highest = Math.max(...found.outcomes.map((each) => Math.max(each.high, found.changed ? each.before : 0)));
  const top = Math.ceil(10 * highest) / 10;
  return h("div", { class: "endings" }, h("h2", {}, "How it ends ", h("small", {}, `bars: 0 to ${Math.round(100 * top)}% of runs`)), h("ul", { class: "bars" }, found.outcomes.map((each, place) => h("li", { title: each.says },
    h("span", { class: "what" }, capital(each.label)),
    bar(each.probability, {
      low: each.low, high: each.high, top, kind: `k${place % 10}`, before: found.changed ? each.before : undefined,
      hooks: { "data-outcome": each.name, "data-probability": each.probability.toFixed(4), "data-low": each.low.toFixed(4), "data-high": each.high.toFixed(4), "data-count": each.count },
    }),
    h("b", { class: "number" }, withBound(shareOfRuns(each))),
    h("span", { class: `change${each.standsOut ? " out" : ""}` }, found.changed ? points(each) : interval(each))))),
    h("details", {}, h("summary", { class: "small" }, "What each ending means"), h("dl", { class: "small" }, found.outcomes.map((each) => [h("dt", {}, capital(each.label)), h("dd", {}, each.says)]))));
}

const interval = ({ low, high }, digits = high < 0.095 ? 1 : 0) => `${rounded(100 * low, digits)} to ${rounded(100 * high, digits)}%`;

function gains(page, found) {
  if (!found.gains.length) return null;
  const widest = Math.max(0.1, ...found.gains.map((each) => Math.abs(each.value)));
  const x = (value) => (50 + (48 * value) / widest).toFixed(2);
  const was = (each) => found.changed && Number.isFinite(each.before);
  return h("div", { class: "gains" }, h("h2", {}, "Who gained"), h("p", { class: "small" }, "How much of all it wants each got by the meetings (1: all), and in how many runs it is better off by them; no common unit."),
    h("ul", {}, found.gains.map((each) => h("li", { "data-gain": each.id, "data-value": each.value.toFixed(4) },
      h("span", { class: "what" }, each.short), h("b", { class: "number" }, withSign(each.value)),
      h("span", { class: `change${found.measures.get(each.name)?.standsOut ? " out" : ""}` }, was(each) ? differenceWords(each) : `± ${decimals(each.noise, 3)}`),
      h("svg", { class: "gain", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
        h("rect", { class: "ground", width: 100, height: 10 }),
        h("rect", { class: each.value < 0 ? "loss" : "win", x: Math.min(x(0), x(each.value)), width: Math.abs(x(each.value) - x(0)).toFixed(2), height: 10 }),
        h("rect", { class: "even", x: 49.7, width: 0.6, height: 10 }),
        was(each) ? h("rect", { class: "was", x: x(each.before), width: 1, height: 10 }) : null),
      h("span", { class: "change" }, `${percent(each.better.probability, 0)} ± ${rounded(100 * each.better.half, 1)}`)))));
}
