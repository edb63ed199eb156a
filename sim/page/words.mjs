// The summary of runs and its sentences, each computed from the numbers shown beside it.

import { hits, holmAdjusted, mean, paired, share, t95 } from "./statistics.mjs";
import { lastMonth, meetingsAt } from "./scenario.mjs";

const NAMED = 2; // differences that a sentence names; the rest is counted
const SQUARES = 100;

// Everything that the page shows of fresh runs, compared with the same runs before.
export function summary(page, found, before) {
  const { runs } = found;
  const ref = before && { ...before, final: before.final.subarray(0, runs) };
  const outcomes = holmAdjusted(page.outcomes.map((outcome, place) => {
    const now = hits(found.final, place);
    return { ...outcome, ...share(now), ...(ref ? comparedShare(hits(ref.final, place), now, "probability") : { p: 1 }) };
  }));
  const measures = holmAdjusted(page.measures.filter(({ name }) => found.values[name]).map((measure) => measureSummary(measure, found, ref)));
  const flipped = new Uint8Array(runs);
  for (let run = 0; ref && run < runs; run++) flipped[run] = Number(found.final[run] !== ref.final[run]);
  return {
    runs, outcomes, measures: new Map(measures.map((each) => [each.name, each])), flipped,
    flips: flipped.reduce((sum, each) => sum + each, 0),
    gains: page.states.filter(({ id }) => found.values[`gained.${id}`]).map((state) => gainSummary(state, found, ref)),
    leverage: found.leverage, series: found.series,
    squares: Array.from(found.final.subarray(0, SQUARES)), ends: found.final,
  };
}

function comparedShare(one, two, what) {
  return { before: share(one)[what], ...paired(one, two) };
}

function measureSummary(measure, found, ref) {
  const own = (each) => (measure.where ? each.values[measure.where] : null);
  const now = mean(found.values[measure.name], own(found));
  if (!ref) return { ...measure, ...now, p: 1 };
  const [a, b] = [own(ref), own(found)];
  const both = measure.where ? new Uint8Array(found.runs) : null;
  for (let run = 0; both && run < found.runs; run++) both[run] = Number(a[run] && b[run]);
  const values = ref.values[measure.name].subarray(0, found.runs);
  const was = mean(values, a && a.subarray(0, found.runs));
  return { ...measure, ...paired(values, found.values[measure.name], both, Math.abs), ...now, before: was.mean };
}

// A state compared with itself: its gain minus that in the same world without any meeting, in runs without a fatal step in either.
function gainSummary(state, found, ref) {
  const measure = measureSummary({ name: `gained.${state.id}`, where: "counted" }, found, ref);
  const values = found.values[measure.name];
  const { counted } = found.values;
  const { se, n } = paired(new Float32Array(values.length), values, counted);
  return { ...state, ...measure, value: measure.mean, noise: t95(n - 1) * se, better: share(Uint8Array.from(values, (each) => Number(each > 0)), counted) };
}

// --- numbers in words ---------------------------------------------------------------------------------------------

export const minus = (text) => String(text).replace(/-/g, "−");
export const capital = (text) => text.slice(0, 1).toUpperCase() + text.slice(1);
export const fillIn = (text, ...words) => text.replace(/\{\}/g, () => words.shift());
export const listed = (words, last = "and") => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1)}`);
export const thousands = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");
export const decimals = (value, digits = 2) => (Number.isFinite(value) ? minus(rounded(value, digits)).replace(/^(−?)0\./, "$1.") : "–");

// As the terminal rounds: a tie to the even digit, and no minus before nothing.
export function rounded(value, digits) {
  const tie = Math.abs((value * 2 ** (digits + 1)) % 2) === 1;
  const text = (tie ? (2 * Math.round((value * 10 ** digits) / 2)) / 10 ** digits : value).toFixed(digits);
  return Number(text) ? text : text.replace("-", "");
}

// A share as a percentage; what happened never reads as 0%.
export function percent(value, digits = value > 0 && value < 0.095 ? 1 : 0) {
  if (value > 0 && value < 0.0005) return "<0.1%";
  return `${rounded(100 * value, digits)}%`;
}

// A share of runs: none is `below` the upper end of its interval, all is `above` the lower.
export function shareOfRuns({ count, runs, probability, high, low }) {
  if (count === 0) return `below ${(100 * high).toFixed(1)}%`;
  return count === runs ? `above ${(100 * low).toFixed(1)}%` : percent(probability);
}

// A share of runs shortened for a table's cell: `below 0.1%` as `<0.1%`.
export const withBound = (share) => share.replace("below ", "<").replace("above ", ">");

// A difference of shares in points with half its interval; in words where too few worlds differ for one.
export function points({ difference, half, changed }) {
  if (!Number.isFinite(half)) return changed ? "too few differ" : "the same";
  const digits = Math.abs(difference) < 0.095 ? 1 : 0;
  const sign = difference > 0 ? "+" : "";
  return `${sign}${minus(rounded(100 * difference, digits))} ± ${rounded(100 * half, digits)}`;
}

// The same of a measure, in its own unit.
export function differenceWords({ difference, half, changed }) {
  if (!Number.isFinite(half)) return changed ? "too few differ" : "the same";
  const digits = half < 0.0005 ? 4 : Math.abs(difference) < 0.095 ? 3 : 2;
  return `${difference > 0 ? "+" : ""}${decimals(difference, digits)} ± ${decimals(half, digits)}`;
}

export const inPoints = (each) => `${points(each)}${Number.isFinite(each.half) ? " points" : ""}`;

// Terms as two numbers that add up to 100.
export function terms(value) {
  const first = Math.round(100 * value);
  return `${first} : ${100 - first}`;
}

// A package in words, with the terms where they are not pressed all the way.
export function offerSays(page, offer) {
  const { says } = page.packages.find((each) => each.name === offer.package);
  return `${says}${offer.push === 1 ? "" : offer.push === 0 ? ", at even terms" : ", half pressed"}`;
}

// --- sentences ----------------------------------------------------------------------------------------------------

// The two sides of the main meeting.
export function sides(page) {
  const pair = page.pairs.find((each) => each.id === page.main);
  return pair.between.map((id) => page.states.find((state) => state.id === id));
}

// Mean leverage of the two sides over each other in the month of their first planned meeting; without one, over all months.
export function leverageAtMeeting(page, position, leverage) {
  const [own, other] = sides(page);
  const month = meetingsAt(page, position).find((each) => each.pair === page.main && each.month <= lastMonth(page, position))?.month ?? null;
  const at = (from, to) => levelAt(leverage[`${from.id}.${to.id}`], month);
  return { month, own: at(own, other), other: at(other, own) };
}

// A level by month in one month, or its mean over them.
export const levelAt = (levels, month) => (month === null ? levels.reduce((sum, each) => sum + each, 0) / levels.length : levels[month]);

// The live sentence as parts to draw, with the numbers marked.
export function liveSentence(page, found, position, changed, pinned = false) {
  return changed ? whatChanged(page, found, pinned) : whatIsShown(page, found, position);
}

function whatIsShown(page, found, position) {
  const [first, second] = [...found.outcomes].sort((one, other) => other.count - one.count);
  const close = second && second.high >= first.low;
  const ends = close
    ? [capital(first.label), " and ", second.label, " come about most often (", number(shareOfRuns(first)), " and ", number(shareOfRuns(second)), " of runs; too close to call)."]
    : [capital(first.label), ` (${first.says}) comes about most often: `, number(shareOfRuns(first)), " of runs."];
  const meets = page.measures.find((each) => each.name === page.termsOf);
  const measure = meets && found.measures.get(meets.name);
  const [own, other] = sides(page);
  const sat = measure && measure.n
    ? [` When they first meet, ${possessive(own.short)} leverage over ${other.short} is `, number(decimals(found.table.own)), `, ${possessive(other.short)} over ${own.short} `, number(decimals(found.table.other)), "; terms ", number(terms(measure.mean)), ` for ${own.short}.`]
    : page.termsOf ? [` ${own.short} and ${other.short} do not meet.`] : [];
  return [...ends, ...sat, " ", invitation(page, position)];
}

// One move to try: the first meeting with another partner to the other side of the first main meeting.
export function invitation(page, position) {
  const meetings = meetingsAt(page, position);
  const main = meetings.find((each) => each.pair === page.main);
  const [, partner] = sides(page);
  if (!main) return `Add a meeting with ${partner.short} and see what comes of it.`;
  const place = meetings.indexOf(main);
  const other = meetings.find((each, at) => each.pair !== page.main && at < place) ?? meetings.find((each) => each.pair !== page.main);
  if (!other) return `Drag ${possessive(partner.short)} first meeting to another month.`;
  const where = meetings.indexOf(other) < place ? "behind" : "before";
  return `Drag ${possessive(partnerOf(page, other.pair).short)} first meeting ${where} ${possessive(partner.short)}.`;
}

export const possessive = (name) => `${name}’s`;

// The state that the page's first side meets in a pair.
export function partnerOf(page, id) {
  const { between } = page.pairs.find((each) => each.id === id);
  const [own] = sides(page);
  return page.states.find((state) => state.id === (between[0] === own.id ? between[1] : between[0]));
}

function whatChanged(page, found, pinned) {
  const [own, other] = sides(page);
  const measure = found.measures.get(page.termsOf);
  const parts = [pinned ? "Against what you pinned, your position turns " : "Your change turns ", number(thousands(found.flips)), ` of the same ${thousands(found.runs)} runs.`];
  if (measure?.n && Number.isFinite(measure.before)) {
    parts.push(` ${possessive(own.short)} leverage over ${other.short} when they first meet: `, number(`${decimals(found.tableBefore.own)} → ${decimals(found.table.own)}`), ".");
    const step = ({ before, mean: now, standsOut }, said) => [number(`${said(before)} → ${said(now)}`), said(before) === said(now) || standsOut ? "." : " (within the noise)."];
    parts.push(` ${possessive(own.short)} terms with ${other.short}: `, ...step(measure, (each) => Math.round(100 * each)));
    const gain = found.measures.get(`gained.${own.id}`);
    if (gain) parts.push(` What ${own.short} gains by all meetings: `, ...step(gain, decimals));
  } else if (measure && !measure.n) parts.push(` ${own.short} and ${other.short} do not meet.`);
  return [...parts, " ", ...standingOut(page, found)];
}

// Everything that differs by more than the noise: the endings named, the measures named or counted.
function standingOut(page, found) {
  const ends = found.outcomes.filter((each) => each.standsOut).sort((one, other) => Math.abs(other.difference) - Math.abs(one.difference));
  const levels = [page.termsOf, `gained.${sides(page)[0].id}`]; // with their levels
  const measures = [...found.measures.values()].filter((each) => each.standsOut && !levels.includes(each.name))
    .sort((one, other) => Math.abs(other.difference / other.se) - Math.abs(one.difference / one.se));
  if (!ends.length && !measures.length) return ["Nothing else differs by more than the noise of so many runs."];
  const said = ends.slice(0, NAMED).map((each) => `${each.label} ${inPoints(each)}`);
  const shown = measures.filter((each) => each.shown).slice(0, Math.max(0, NAMED - said.length)).map((each) => `${each.label} ${differenceWords(each)}`);
  const more = [count(ends.length - Math.min(ends.length, NAMED), "more ending"), count(measures.length - shown.length, `${shown.length || said.length ? "more " : ""}measure`)].filter(Boolean);
  const rest = more.length ? [`${said.length + shown.length ? "; beyond the noise also " : "Beyond the noise: "}${listed(more)}, listed below`] : [];
  return [`${capital([...said, ...shown].join(", "))}${rest.join("")}.`];
}

const count = (many, what) => (many > 0 ? `${many} ${what}${many === 1 ? "" : "s"}` : "");
const number = (text) => ({ number: text });

// The sentence as text, for the live region and for checks.
export const plain = (parts) => parts.map((part) => part.number ?? part).join("");

// The command that repeats what is shown.
export const command = (file, runs, seed) => `summitry run ${file} -n ${runs} --seed ${seed}`;
