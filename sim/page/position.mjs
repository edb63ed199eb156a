// A position as a whole scenario file, and back; as a code.
// A file with faults changes nothing, and all its faults are reported.

import { MARK, readCode, writeCode } from "./codes.mjs";
import { claimGiven, corners, eventsAt, kernelAt, lastMonth, mergeMaps, meetingsAt, monthIndex, monthName, overlap, scenarioOf, switched } from "./scenario.mjs";
import { emptyPosition } from "./state.mjs";
import { lineOf, parseYaml, writeYaml } from "./yaml.mjs";

const KEYS = ["schema", "title", "question", "note", "extends", "read_against", "months", "summits", "drop_summits", "drop_events", "events", "assume"];
const ASSUMED = ["claims", "documents", "coding", "known_by", "balance", "start", "states", "packages", "parameters", "thresholds"];
const ACTIONS = ["set", "shift", "pin", "move"];
const MOST_MONTHS = 1200;
const ELSEWHERE = "not in a page; save the file and play it with summitry run FILE";

// A position as a file: `summitry run FILE` plays the same runs that the page shows.
function toFile(page, position) {
  const scenario = scenarioOf(page, position);
  const kept = ({ month, pair, certain, early, late, occasion, note }) => ({
    month: monthName(page, month), between: page.pairs.find((each) => each.id === pair).between,
    certain: certain || undefined, early: early || undefined, late: late || undefined,
    if: scenario.occasions?.[occasion]?.if || undefined, note: note || undefined,
  });
  const { assume, ...rest } = scenario.own ?? {};
  const assumed = withWholeClaims(mergeMaps(assume ?? {}, position.assume));
  return {
    schema: 1,
    title: position.title ?? `My position, from: ${scenario.title}`,
    question: position.question ?? scenario.question,
    extends: scenario.name,
    ...rest,
    months: position.months ?? rest.months,
    summits: position.summits ? meetingsAt(page, position).map(kept) : rest.summits,
    drop_events: position.dropEvents.length ? position.dropEvents : rest.drop_events,
    events: position.events.length ? [...(rest.events ?? []), ...position.events.map((event) => writtenEvent(page, event))] : rest.events,
    assume: Object.keys(assumed).length ? assumed : undefined,
  };
}

// A bare credence written in full, as every version reads it.
function withWholeClaims(assumed) {
  if (!assumed.claims) return assumed;
  const whole = ([id, given]) => [id, typeof given === "number" ? { credence: given } : given];
  return { ...assumed, claims: Object.fromEntries(Object.entries(assumed.claims).map(whole)) };
}

function writtenEvent(page, { month, action, variable, value, until, note }) {
  return {
    month: monthName(page, month), [action]: { [variable]: action === "move" ? page.menus[variable][value].name : value },
    until: until === undefined || until === null ? undefined : monthName(page, until), note: note || undefined,
  };
}

export const toYaml = (page, position) => writeYaml(toFile(page, position));

// What somebody pasted: a scenario file, an `assume:` block, a code or a link. Gives {position} or {problems: [text]}.
export async function fromText(page, text, now) {
  const trimmed = text.trim();
  if (!trimmed) return { problems: ["Nothing was pasted."] };
  const code = /(?:^|[#&?=/])(S1[\w-]+)\s*$/.exec(trimmed)?.[1];
  if (code || /^S1[\w-]*$/.test(trimmed) || /^[a-z]+:\/\/\S+$/i.test(trimmed)) return fromCode(page, code ?? trimmed, now);
  let file;
  try {
    file = parseYaml(text);
  } catch (error) {
    return { problems: [error.message] };
  }
  return fromFile(page, file, now);
}

// A file as data. Where it extends nothing, it applies to the scenario that is open.
function fromFile(page, file, now) {
  const problems = [];
  const say = (where, what) => { problems.push(`${onLine(file, where)}${where}: ${what}`); };
  if (!isMap(file)) return { problems: ["This is no scenario file: it needs keys such as summits: and assume:"] };
  for (const key of Object.keys(file)) if (!KEYS.includes(key)) say(key, unknownKey(page, key, KEYS));
  const name = parent(page, file, now, say);
  const position = { ...emptyPosition(name) };
  for (const key of ["title", "question"]) if (file[key] !== undefined) position[key] = text(file[key], key, say);
  if (file.schema !== undefined && file.schema !== 1) say("schema", "1 is the only version");
  const own = scenarioOf(page, position);
  const last = file.months === undefined ? own.months : months(page, file.months, say);
  if (last !== own.months) position.months = last;
  if (file.summits !== undefined) position.summits = summits(page, file.summits, own.occasions ?? {}, say);
  if (file.drop_summits !== undefined) position.summits = remaining(page, own.summits, file, say);
  if (file.drop_events !== undefined) position.dropEvents = variables(page, file.drop_events ?? [], say);
  if (file.events !== undefined) position.events = events(page, file.events ?? [], say);
  if (file.assume !== undefined && file.assume !== null) position.assume = assumptions(page, file.assume, say);
  if (!problems.length) pinned(page, position, say);
  if (!problems.length && kernelAt(page, position) < 0) say("assume, coding", ELSEWHERE);
  return problems.length ? { problems } : { position };
}

function parent(page, file, now, say) {
  const name = file.extends ?? now;
  if (page.scenarios.some((each) => each.name === name)) return name;
  say("extends", `${name} is ${ELSEWHERE}; this one has ${page.scenarios.map((each) => each.name).join(", ")}`);
  return now;
}

function summits(page, given, occasions, say) {
  if (!Array.isArray(given)) return say("summits", "a list of meetings") ?? null;
  const before = [];
  return given.flatMap((row, place) => {
    const where = `summits, entry ${place + 1}`;
    if (!isMap(row)) return say(where, `a map such as {month: ${monthName(page, 0)}, between: [${page.pairs[0].between.join(", ")}]}`) ?? [];
    const month = monthIndex(page, row.month);
    const pair = page.pairs.find(({ between }) => Array.isArray(row.between) && row.between.length === 2 && between.every((state) => row.between.includes(state)));
    for (const key of Object.keys(row)) if (!["month", "between", "note", "certain", "early", "late", "if"].includes(key)) say(`${where}, ${key}`, "no such key");
    const occasion = row.if === undefined ? undefined : Object.keys(occasions).find((id) => id.startsWith("summit.") && occasions[id].if === String(row.if));
    if (row.if !== undefined && !occasion) say(`${where}, if`, `a condition of its own is ${ELSEWHERE}`);
    if (month === null) say(`${where}, month`, `${show(row.month)} is no month from ${monthName(page, 0)} on`);
    if (!pair) say(`${where}, between`, `${show(row.between)} are no two states that can meet: ${page.pairs.map((each) => each.between.join(" and ")).join(", ")}`);
    if (month === null || !pair) return [];
    const meeting = { month, pair: pair.id, key: `${pair.id}@${monthName(page, month)}`, ...extras({ ...row, occasion }) };
    const other = before.find((each) => each.pair === pair.id && overlap(each, meeting));
    if (other) say(where, other.month === month ? "the same two states twice in one month" : `may be held in months that the meeting of ${monthName(page, other.month)} has too`);
    before.push(meeting);
    return [meeting];
  });
}

function extras({ note, certain, early, late, occasion }) {
  const given = { note, certain: certain === undefined ? undefined : switched(certain), early, late, occasion };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function variables(page, given, say) {
  if (!Array.isArray(given)) return say("drop_events", "a list of variables") ?? [];
  return given.filter((name) => knownVariable(page, name, "drop_events", say));
}

function knownVariable(page, name, where, say) {
  if (page.variables.some((each) => each.name === name)) return true;
  say(where, unknown(name, page.variables.map((each) => each.name), "no such variable"));
  return false;
}

function months(page, given, say) {
  const last = monthIndex(page, given);
  return last !== null && last <= MOST_MONTHS ? last : say("months", `${show(given)} is no whole number from 0 to ${MOST_MONTHS}`);
}

// The inherited meetings that `drop_summits` leaves, each entry a month with one or two states: 2018-06 STATE.
function remaining(page, inherited, file, say) {
  if (file.summits !== undefined) return say("drop_summits", "one of the two: summits replaces all");
  if (!Array.isArray(file.drop_summits)) return say("drop_summits", "a list such as [2018-06 STATE]");
  const between = ({ pair }) => page.pairs.find((each) => each.id === pair).between;
  const dropped = file.drop_summits.flatMap((entry, place) => {
    const [written, ...states] = String(entry).split(" ");
    const month = monthIndex(page, /^\d+$/.test(written) ? Number(written) : written);
    const found = inherited.filter((each) => states.length && each.month === month && states.every((state) => between(each).includes(state)));
    if (!found.length) say(`drop_summits, entry ${place + 1}`, `${show(entry)} is no inherited meeting: ${inherited.map((each) => [monthName(page, each.month), ...between(each)].join(" ")).join(", ")}`);
    return found;
  });
  return inherited.filter((each) => !dropped.includes(each));
}

function events(page, given, say) {
  if (!Array.isArray(given)) return say("events", "a list") ?? [];
  return given.flatMap((row, place) => event(page, row, (field, what) => say(`events, entry ${place + 1}${field}`, what)));
}

function event(page, row, say) {
  const month = isMap(row) ? monthIndex(page, row.month) : null;
  if (month === null) return say("", `a map with a month, such as {month: ${monthName(page, 2)}, set: {${page.variables[0].name}: 0.5}}`) ?? [];
  for (const key of ["if", "chance", "name"]) if (key in row) say(`, ${key}`, ELSEWHERE);
  for (const key of Object.keys(row)) if (!["month", "until", "note", "if", "chance", "name", ...ACTIONS].includes(key)) say(`, ${key}`, "no such key");
  const [action, ...more] = ACTIONS.filter((each) => isMap(row[each]));
  if (!action || more.length) return say("", `exactly one of ${ACTIONS.join(", ")}, each a map`) ?? [];
  const until = row.until === undefined ? undefined : monthIndex(page, row.until);
  if (until === null || until <= month) say(", until", "a month after the event's own");
  const rest = { ...(until === undefined ? {} : { until }), ...(row.note ? { note: String(row.note) } : {}) };
  return Object.entries(row[action]).flatMap(([name, given]) => {
    const value = action === "move" ? place(page, name, given, say) : level(page, name, given, action, say);
    if (until !== undefined && !lasting(page, action, name)) say(", until", "only with pin, or with set of an exogenous variable");
    return value === null ? [] : [{ month, action, variable: name, value, ...rest }];
  });
}

const lasting = (page, action, name) => action === "pin" || (action === "set" && page.variables.find((each) => each.name === name)?.kind === "exogenous");

// The place of a move in the menu of its state.
function place(page, state, given, say) {
  const options = (page.menus[state] ?? []).map((each) => each.name);
  if (!options.length) return say(`, ${state}`, `no state with moves: ${Object.keys(page.menus).join(", ")}`) ?? null;
  if (!options.includes(given)) return say(`, ${state}`, unknown(given, options, `one of ${options.join(", ")}`)) ?? null;
  return options.indexOf(given);
}

function level(page, name, given, action, say) {
  if (!knownVariable(page, name, "", (_, what) => say(`, ${name}`, what))) return null;
  const { unbounded, reading } = page.variables.find((each) => each.name === name);
  if (reading) return say(`, ${name}`, "a variable that other things depend on: this one only records") ?? null;
  if (!Number.isFinite(given)) return say(`, ${name}`, meant(given) ?? `${show(given)} is no number`) ?? null;
  const [low, high] = [action === "shift" ? (unbounded ? -Infinity : -1) : 0, unbounded ? Infinity : 1];
  return given >= low && given <= high ? given : say(`, ${name}`, unbounded ? "at least 0" : `from ${low} to 1`) ?? null;
}

// Nothing else can happen to a variable while it is pinned.
function pinned(page, position, say) {
  const all = eventsAt(page, position);
  for (const pin of all.filter((each) => each.action === "pin")) {
    const other = all.find((each) => each.action !== "pin" && each.variable === pin.variable && each.month >= pin.month && !(each.month >= pin.until));
    if (other) say("events", `${other.action} of ${pin.variable} in ${monthName(page, other.month)}: it is pinned from ${monthName(page, pin.month)} on; end the pin with until, or drop_events: [${pin.variable}]`);
  }
}

function assumptions(page, given, say) {
  if (!isMap(given)) return say("assume", "a map such as assume: {claims: {}}") ?? {};
  const kept = {};
  for (const [key, value] of Object.entries(given)) {
    const check = CHECKS[key];
    if (!check) say(`assume, ${key}`, unknownKey(page, key, ASSUMED));
    else if (value !== null) kept[key] = check(page, value, (where, what) => say(`assume, ${key}${where}`, what));
  }
  return kept;
}

const CHECKS = {
  claims: (page, given, say) => eachKey(given, page.claims.map((each) => each.id), say, (value, name) => checkClaim(value, name, say)),
  documents: (page, given, say) => eachKey(given, page.documents.map((each) => each.id), say, (value, name) => (switched(value) === undefined ? say(`, ${name}`, "on or off") : switched(value) ? "on" : "off")),
  coding: (page, given, say) => (page.codings[given] ? given : say("", `${show(given)}; on this page: ${Object.keys(page.codings).join(", ")}`)),
  known_by: (page, given, say) => (/^\d{4}-(0[1-9]|1[0-2])$/.test(String(given)) ? given : say("", "a month such as 2018-03")),
  balance: (page, given, say) => (switched(given) === undefined ? say("", "on or off") : switched(given)),
  start: (page, given, say) => eachKey(given, page.variables.map((each) => each.name), say, (value, name) => checkRange(value, `, ${name}`, say)),
  parameters: (page, given, say) => eachKey(given, namesOf(page, "parameters"), say, (value, name) => checkRange(value, `, ${name}`, say)),
  thresholds: (page, given, say) => eachKey(given, namesOf(page, "thresholds"), say, (value, name) => checkRange(value, `, ${name}`, say)),
  states: (page, given, say) => eachKey(given, page.states.map((each) => each.id), say, (issues, state) => eachKey(issues, null, say, (value, issue) => (
    isMap(value) ? eachKey(value, ["ideal", "salience"], say, (range, what) => checkRange(range, `, ${state}, ${issue}, ${what}`, say)) : say(`, ${state}, ${issue}`, "{ideal: 0.5, salience: 0.3}")))),
  packages: (page, given, say) => eachKey(given, page.packages.map((each) => each.name), say, (value, name) => checkPackage(page, value, name, say)),
};

const namesOf = (page, group) => page.numbers.filter((each) => each.key.startsWith(`${group}.`)).map((each) => each.key.slice(group.length + 1));

function eachKey(given, known, say, check) {
  if (!isMap(given)) return say("", "a map") ?? {};
  return Object.fromEntries(Object.entries(given).flatMap(([name, value]) => {
    if (known && !known.includes(name)) return say(`, ${name}`, unknown(name, known, "no such name")) ?? [];
    return [[name, check(value, name)]];
  }));
}

function checkClaim(value, name, say) {
  const given = claimGiven(value);
  const fine = (number) => number === undefined || (Number.isFinite(number) && number >= 0 && number <= 1);
  if (!isMap(given) || !fine(given.credence)) return say(isMap(value) ? `, ${name}, credence` : `, ${name}`, meant(given.credence ?? given) ?? "a credence from 0 to 1, on or off");
  for (const key of Object.keys(given)) if (!["credence", "weight"].includes(key)) say(`, ${name}, ${key}`, "credence and weight are all that a claim takes");
  if (given.weight !== undefined) checkRange(given.weight, `, ${name}, weight`, say);
  return given.weight === undefined ? given.credence : given;
}

function checkRange(value, where, say) {
  const { low, mode, high } = corners(value) ?? {};
  return [low, mode, high].every(Number.isFinite) && low <= mode && mode <= high ? value : say(where, meant(value) ?? "a number, or {low, mode, high} in rising order");
}

function checkPackage(page, value, name, say) {
  if (switched(value) !== undefined) return switched(value) ? "on" : "off";
  for (const [state, parts] of Object.entries(isMap(value) ? value : { "": null })) {
    for (const [lever, part] of Object.entries(isMap(parts) ? parts : { "": null })) {
      if (!Number.isFinite(part)) say(`, ${name}`, meant(part) ?? "off, or {state: {lever: share}}");
      else if (!page.kernels[0].index.has(`case.packages.${name}.gives.${state}.${lever}`)) say(`, ${name}, ${state}, ${lever}`, `not a part of this package: ${ELSEWHERE}`);
    }
  }
  return value;
}

// --- codes --------------------------------------------------------------------------------------------------------

export function toCode(page, position) {
  const { schema, ...file } = toFile(page, position);
  if (position.title === undefined) delete file.title;
  if (position.question === undefined) delete file.question;
  return writeCode(file);
}

async function fromCode(page, code, now) {
  try {
    return fromFile(page, await readCode(code), now);
  } catch {
    return { problems: ["This link or code is damaged: part of it is missing or changed. Ask for it again, or for the file."] };
  }
}

const isMap = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
// The number that was meant, if it was written with a comma or in quotation marks.
const meant = (value) => (typeof value === "string" && /^[-+]?(\d+[.,]\d+|\d+|[.,]\d+)$/.test(value.trim()) ? `write ${value.trim().replace(",", ".")}` : undefined);
const show = (value) => (value === undefined ? "nothing" : JSON.stringify(value));
const text = (value, key, say) => (typeof value === "string" && value ? value : say(key, "a sentence"));

// The line of what a problem is about, as far as its keys lead into the file.
function onLine(file, where) {
  const line = lineOf(file, where.split(", ").map((key) => (/^entry \d+$/.test(key) ? Number(key.slice(6)) - 1 : key)));
  return line ? `line ${line}: ` : "";
}

const unknownKey = (page, key, known) => (page.keys.includes(key) ? ELSEWHERE : unknown(key, known, `no such key; there are ${known.join(", ")}`));

function unknown(name, known, otherwise) {
  const near = known.find((each) => distance(each, String(name)) <= 2);
  return near ? `did you mean ${near}?` : otherwise;
}

function distance(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i++) {
    let corner = row[0];
    row[0] = i;
    for (let j = 1; j <= other.length; j++) {
      const above = row[j];
      row[j] = Math.min(above + 1, row[j - 1] + 1, corner + (one[i - 1] === other[j - 1] ? 0 : 1));
      corner = above;
    }
  }
  return row.at(-1);
}
