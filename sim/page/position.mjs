// A position as a whole scenario file, and back; as a code.
// A file with faults changes nothing, and all its faults are reported.

import { codesIn, readCode, writeCode } from "./codes.mjs";
import { boundsOf, claimGiven, corners, eventsAt, kernelAt, mergeMaps, meetingsAt, monthIndex, monthName, overlap, scenarioOf, switched } from "./scenario.mjs";
import { emptyPosition } from "./state.mjs";
import { lineOf, parseYaml, writeYaml } from "./yaml.mjs";

const KEYS = ["schema", "title", "question", "note", "extends", "read_against", "months", "summits", "drop_summits", "drop_events", "events", "assume"];
const ASSUMED = ["claims", "documents", "coding", "known_by", "balance", "start", "states", "packages", "parameters", "thresholds"];
const ACTIONS = ["set", "shift", "pin", "move"];
const MINE = "My position, from: ";
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
    title: position.title ?? `${MINE}${scenario.title.replace(MINE, "")}`,
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

// Bare credences written in full, as {credence: 0.5}.
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

// The name of a position's file: not that of the file which it extends, so that saving does not replace it.
export function fileName({ scenario }) {
  const [own, number = 1] = /^my-position(?:-(\d+))?$/.exec(scenario) ?? [];
  return own ? `my-position-${Number(number) + 1}.yaml` : "my-position.yaml";
}

export const toYaml = (page, position) => writeYaml(toFile(page, position));

const MOST_CHARACTERS = 1_048_576; // of a file, as sim/inputs/text_decoding.py
const MOST_PROBLEMS = 50; // that are shown

// What somebody pasted: a scenario file, an `assume:` block, a code or a link. Gives {position} or {problems: [text]}.
export async function fromText(page, text, now) {
  const trimmed = text.trim();
  if (!trimmed) return { problems: ["Nothing was pasted."] };
  if (trimmed.length > MOST_CHARACTERS) return { problems: ["It is too long: at most 1 MiB."] };
  const joined = trimmed.split("\n").map((line) => line.trim().replace(/=$/, "")).join(""); // a code that a mail program has broken
  const code = codesIn(joined).at(-1);
  if (2 * code?.length > joined.length || (code && !/\s/.test(joined)) || /^S1[\w-]*$/.test(trimmed) || /^[a-z]+:\/\/\S+$/i.test(trimmed)) return fromCode(page, code ?? trimmed, now);
  let file;
  try {
    file = parseYaml(text);
  } catch (error) {
    return { problems: [error instanceof RangeError ? "It is nested too deeply." : error.message] };
  }
  return fromFile(page, file, now);
}

// A file as data. Where it extends nothing, it applies to the scenario that is open.
function fromFile(page, file, now) {
  const problems = [];
  const report = (where, what) => { if (problems.length < MOST_PROBLEMS) problems.push(`${linePrefix(file, where)}${where}: ${what}`); };
  if (!isMap(file)) return { problems: ["This is no scenario file: it needs keys such as summits: and assume:"] };
  for (const key of Object.keys(file)) if (!KEYS.includes(key)) report(key, unknownKey(page, key, KEYS));
  const name = parent(page, file, now, report);
  const position = { ...emptyPosition(name) };
  for (const key of ["title", "question"]) if (file[key] !== undefined) position[key] = text(file[key], key, report);
  if (file.schema !== undefined && file.schema !== 1) report("schema", "1 is the only version");
  const own = scenarioOf(page, position);
  const last = file.months === undefined ? own.months : months(page, file.months, report);
  if (last !== own.months) position.months = last;
  if (file.summits !== undefined) position.summits = summits(page, file.summits, own.occasions ?? {}, report);
  if (file.drop_summits !== undefined) position.summits = remaining(page, own.summits, file, report);
  if (file.drop_events !== undefined) position.dropEvents = variables(page, file.drop_events ?? [], report);
  if (file.events !== undefined) position.events = events(page, file.events ?? [], report);
  if (file.assume !== undefined && file.assume !== null) position.assume = assumptions(page, file.assume, report);
  if (!problems.length) pinned(page, position, report);
  if (!problems.length && kernelAt(page, position) < 0) report("assume, coding", ELSEWHERE);
  return problems.length ? { problems } : { position };
}

function parent(page, file, now, report) {
  const name = file.extends ?? now;
  if (page.scenarios.some((each) => each.name === name)) return name;
  report("extends", `${name} is ${ELSEWHERE}; this one has ${page.scenarios.map((each) => each.name).join(", ")}`);
  return now;
}

function summits(page, given, occasions, report) {
  if (!Array.isArray(given)) return report("summits", "a list of meetings") ?? null;
  const before = [];
  return given.flatMap((row, place) => {
    const where = `summits, entry ${place + 1}`;
    if (!isMap(row)) return report(where, `a map such as {month: ${monthName(page, 0)}, between: [${page.pairs[0].between.join(", ")}]}`) ?? [];
    const month = monthIndex(page, row.month);
    const pair = page.pairs.find(({ between }) => Array.isArray(row.between) && row.between.length === 2 && between.every((state) => row.between.includes(state)));
    for (const key of Object.keys(row)) if (!["month", "between", "note", "certain", "early", "late", "if"].includes(key)) report(`${where}, ${key}`, "no such key");
    const occasion = row.if === undefined ? undefined : Object.keys(occasions).find((id) => id.startsWith("summit.") && occasions[id].if === String(row.if));
    if (row.if !== undefined && !occasion) report(`${where}, if`, `a condition of its own is ${ELSEWHERE}`);
    if (month === null) report(`${where}, month`, `${show(row.month)} is no month from ${monthName(page, 0)} on`);
    if (!pair) report(`${where}, between`, `${show(row.between)} are no two states that can meet: ${page.pairs.map((each) => each.between.join(" and ")).join(", ")}`);
    if (month === null || !pair) return [];
    const meeting = { month, pair: pair.id, key: `${pair.id}@${monthName(page, month)}`, ...extras({ ...row, occasion }, (key, what) => report(`${where}, ${key}`, what)) };
    const other = before.find((each) => each.pair === pair.id && overlap(each, meeting));
    if (other) report(where, other.month === month ? "the same two states twice in one month" : `may be held in months that the meeting of ${monthName(page, other.month)} has too`);
    before.push(meeting);
    return [meeting];
  });
}

function extras({ note, certain, early, late, occasion }, report) {
  const given = { note, certain: certain === undefined ? undefined : switched(certain), early, late, occasion };
  if (note !== undefined && typeof note !== "string") report("note", `${show(note)} is no text`);
  if (certain !== undefined && given.certain === undefined) report("certain", "on or off");
  for (const [key, months] of Object.entries({ early, late })) if (months !== undefined && (!Number.isInteger(months) || months < 0)) report(key, "a whole number of months, at least 0");
  if (given.certain && (early || late)) report("certain", "or early and late: what is certain is held in its month");
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function variables(page, given, report) {
  if (!Array.isArray(given)) return report("drop_events", "a list of variables") ?? [];
  return given.filter((name) => knownVariable(page, name, "drop_events", report));
}

function knownVariable(page, name, where, report) {
  if (page.variables.some((each) => each.name === name)) return true;
  report(where, unknown(name, page.variables.map((each) => each.name), "no such variable"));
  return false;
}

function months(page, given, report) {
  const last = monthIndex(page, given);
  return last !== null && last <= MOST_MONTHS ? last : report("months", `${show(given)} is no whole number from 0 to ${MOST_MONTHS}`);
}

// The inherited meetings that `drop_summits` leaves, each entry a month with one or two states: 2018-06 STATE.
function remaining(page, inherited, file, report) {
  if (file.summits !== undefined) return report("drop_summits", "one of the two: summits replaces all");
  if (!Array.isArray(file.drop_summits)) return report("drop_summits", "a list such as [2018-06 STATE]");
  const between = ({ pair }) => page.pairs.find((each) => each.id === pair).between;
  const dropped = file.drop_summits.flatMap((entry, place) => {
    const [written, ...states] = String(entry).split(" ");
    const month = monthIndex(page, /^\d+$/.test(written) ? Number(written) : written);
    const found = inherited.filter((each) => states.length && each.month === month && states.every((state) => between(each).includes(state)));
    if (!found.length) report(`drop_summits, entry ${place + 1}`, `${show(entry)} is no inherited meeting: ${inherited.map((each) => [monthName(page, each.month), ...between(each)].join(" ")).join(", ")}`);
    return found;
  });
  return inherited.filter((each) => !dropped.includes(each));
}

function events(page, given, report) {
  if (!Array.isArray(given)) return report("events", "a list") ?? [];
  return given.flatMap((row, place) => event(page, row, (field, what) => report(`events, entry ${place + 1}${field}`, what)));
}

function event(page, row, report) {
  const month = isMap(row) ? monthIndex(page, row.month) : null;
  if (month === null) return report("", `a map with a month, such as {month: ${monthName(page, 2)}, set: {${page.variables[0].name}: 0.5}}`) ?? [];
  for (const key of ["if", "chance", "name"]) if (key in row) report(`, ${key}`, ELSEWHERE);
  for (const key of Object.keys(row)) if (!["month", "until", "note", "if", "chance", "name", ...ACTIONS].includes(key)) report(`, ${key}`, "no such key");
  const [action, ...more] = ACTIONS.filter((each) => isMap(row[each]));
  if (!action || more.length || !Object.keys(row[action]).length) return report("", `exactly one of ${ACTIONS.join(", ")}, each a map`) ?? [];
  const until = row.until === undefined ? undefined : monthIndex(page, row.until);
  if (until === null || until <= month) report(", until", "a month after the event's own");
  const rest = { ...(until === undefined ? {} : { until }), ...(row.note ? { note: row.note } : {}) };
  if (row.note !== undefined && typeof row.note !== "string") report(", note", `${show(row.note)} is no text`);
  return Object.entries(row[action]).flatMap(([name, given]) => {
    const value = action === "move" ? place(page, name, given, report) : level(page, name, given, action, report);
    if (until !== undefined && !lasting(page, action, name)) report(", until", "only with pin, or with set of an exogenous variable");
    return value === null ? [] : [{ month, action, variable: name, value, ...rest }];
  });
}

const lasting = (page, action, name) => action === "pin" || (action === "set" && page.variables.find((each) => each.name === name)?.kind === "exogenous");

// The place of a move in the menu of its state.
function place(page, state, given, report) {
  const options = Object.hasOwn(page.menus, state) ? page.menus[state].map((each) => each.name) : [];
  if (!options.length) return report(`, ${state}`, `no state with moves: ${Object.keys(page.menus).join(", ")}`) ?? null;
  if (!options.includes(given)) return report(`, ${state}`, unknown(given, options, `one of ${options.join(", ")}`)) ?? null;
  return options.indexOf(given);
}

function level(page, name, given, action, report) {
  if (!knownVariable(page, name, "", (_, what) => report(`, ${name}`, what))) return null;
  const { unbounded, reading } = page.variables.find((each) => each.name === name);
  if (reading) return report(`, ${name}`, "a variable that other things depend on: this one only records") ?? null;
  if (!Number.isFinite(given)) return report(`, ${name}`, corrected(given) ?? `${show(given)} is no number`) ?? null;
  const [low, high] = [action === "shift" ? (unbounded ? -Infinity : -1) : 0, unbounded ? Infinity : 1];
  return given >= low && given <= high ? given : report(`, ${name}`, unbounded ? "at least 0" : `from ${low} to 1`) ?? null;
}

// Nothing else can happen to a variable while it is pinned.
function pinned(page, position, report) {
  const all = eventsAt(page, position);
  for (const pin of all.filter((each) => each.action === "pin")) {
    const other = all.find((each) => each.action !== "pin" && each.variable === pin.variable && each.month >= pin.month && !(each.month >= pin.until));
    if (other) report("events", `${other.action} of ${pin.variable} in ${monthName(page, other.month)}: it is pinned from ${monthName(page, pin.month)} on; end the pin with until, or drop_events: [${pin.variable}]`);
  }
}

function assumptions(page, given, report) {
  if (!isMap(given)) return report("assume", "a map such as assume: {claims: {}}") ?? {};
  const kept = {};
  for (const [key, value] of Object.entries(given)) {
    const check = Object.hasOwn(CHECKS, key) && CHECKS[key];
    if (!check) report(`assume, ${key}`, unknownKey(page, key, ASSUMED));
    else if (value !== null) kept[key] = check(page, value, (where, what) => report(`assume, ${key}${where}`, what));
  }
  return kept;
}

const CHECKS = {
  claims: (page, given, report) => eachKey(given, page.claims.map((each) => each.id), report, (value, name) => checkClaim(value, name, report)),
  documents: (page, given, report) => eachKey(given, page.documents.map((each) => each.id), report, (value, name) => (switched(value) === undefined ? report(`, ${name}`, "on or off") : switched(value) ? "on" : "off")),
  coding: (page, given, report) => (Object.hasOwn(page.codings, given) ? given : report("", `${show(given)}; on this page: ${Object.keys(page.codings).join(", ")}`)),
  known_by: (page, given, report) => (/^\d{4}-(0[1-9]|1[0-2])$/.test(String(given)) ? given : report("", "a month such as 2018-03")),
  balance: (page, given, report) => (switched(given) === undefined ? report("", "on or off") : switched(given)),
  start: (page, given, report) => eachKey(given, page.variables.map((each) => each.name), report, (value, name) => checkRange(value, `, ${name}`, report, boundsOf(page, `start.${name}`))),
  parameters: (page, given, report) => eachKey(given, namesOf(page, "parameters"), report, (value, name) => checkRange(value, `, ${name}`, report, boundsOf(page, `parameters.${name}`))),
  thresholds: (page, given, report) => eachKey(given, namesOf(page, "thresholds"), report, (value, name) => checkRange(value, `, ${name}`, report, boundsOf(page, `thresholds.${name}`))),
  states: (page, given, report) => eachKey(given, page.states.map((each) => each.id), report, (issues, state) => eachKey(issues, page.issues.map((each) => each.name), report, (value, issue) => (
    isMap(value) ? eachKey(value, ["ideal", "salience"], report, (range, what) => checkRange(range, `, ${state}, ${issue}, ${what}`, report)) : report(`, ${state}, ${issue}`, "{ideal: 0.5, salience: 0.3}")))),
  packages: (page, given, report) => eachKey(given, page.packages.map((each) => each.name), report, (value, name) => checkPackage(page, value, name, report)),
};

const namesOf = (page, group) => page.numbers.filter((each) => each.key.startsWith(`${group}.`)).map((each) => each.key.slice(group.length + 1));

function eachKey(given, known, report, check) {
  if (!isMap(given)) return report("", "a map") ?? {};
  return Object.fromEntries(Object.entries(given).flatMap(([name, value]) => {
    if (known && !known.includes(name)) return report(`, ${name}`, unknown(name, known, "no such name")) ?? [];
    return [[name, check(value, name)]];
  }));
}

function checkClaim(value, name, report) {
  const given = claimGiven(value);
  const fine = (number) => number === undefined || (Number.isFinite(number) && number >= 0 && number <= 1);
  if (!isMap(given) || value === null || !fine(given.credence)) return report(isMap(value) ? `, ${name}, credence` : `, ${name}`, corrected(given.credence ?? given) ?? "a credence from 0 to 1, on or off");
  for (const key of Object.keys(given)) if (!["credence", "weight"].includes(key)) report(`, ${name}, ${key}`, "credence and weight are all that a claim takes");
  if (given.weight !== undefined) checkRange(given.weight, `, ${name}, weight`, report);
  return given.weight === undefined ? given.credence : given;
}

function checkRange(value, where, report, [least, most] = [0, 1]) {
  const { low, mode, high, ...more } = corners(value) ?? {};
  if (![low, mode, high].every(Number.isFinite) || low > mode || mode > high || Object.keys(more).length) return report(where, corrected(value) ?? "a number, or {low, mode, high} in rising order");
  return low >= least && high <= most ? value : report(where, most < Infinity ? `from ${least} to ${most}` : `at least ${least}`);
}

function checkPackage(page, value, name, report) {
  if (switched(value) !== undefined) return switched(value) ? "on" : "off";
  for (const [state, parts] of Object.entries(isMap(value) ? value : { "": null })) {
    for (const [lever, part] of Object.entries(isMap(parts) ? parts : { "": null })) {
      if (!Number.isFinite(part) || part < 0 || part > 1) report(`, ${name}`, corrected(part) ?? "off, or {state: {lever: share}} with shares from 0 to 1");
      else if (!page.kernels[0].index.has(`case.packages.${name}.gives.${state}.${lever}`)) report(`, ${name}, ${state}, ${lever}`, `not a part of this package: ${ELSEWHERE}`);
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
const corrected = (value) => (typeof value === "string" && /^[-+]?(\d+[.,]\d+|\d+|[.,]\d+)$/.test(value.trim()) ? `write ${value.trim().replace(",", ".")}` : undefined);
const show = (value) => (value === undefined ? "nothing" : JSON.stringify(value));
const text = (value, key, report) => (typeof value === "string" && value ? value : report(key, "a sentence"));

// The line of what a problem is about, as far as its keys lead into the file.
function linePrefix(file, where) {
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
