// From a position to what the compiled model takes: numbers in the order of its layout, summits and events in months.
// The rules are those of sim/inputs: documents first, then single claims, then the balance of the directions.

// Prepares the page's embedded data: indexes, and every scenario's numbers in full.
export function unpack(page) {
  const kernels = page.kernels.map((each) => ({ ...each, index: new Map(each.layout.numbers.map((name, place) => [name, place])) }));
  const scenarios = page.scenarios.map((scenario) => {
    const numbers = [...kernels[scenario.kernel].numbers];
    for (const [place, value] of scenario.numbers) numbers[place] = value;
    return { ...scenario, numbers };
  });
  const codings = Object.fromEntries(Object.entries(page.codings).map(([name, { kernel, ledger }]) => {
    const names = kernels[kernel].layout.numbers.filter((each) => each.startsWith("ledger."));
    return [name, { kernel, ledger: new Map(names.map((each, place) => [each, ledger[place]])) }];
  }));
  const certainty = scenarios.some((each) => each.summits.some((summit) => "certain" in summit));
  const measures = page.measures.map((each) => {
    const state = page.states.find(({ id }) => each.name === `gained.${id}`);
    return state ? { ...each, label: `${state.short}’s gain by the summits`, where: "counted" } : each;
  });
  return { ...page, kernels, scenarios, codings, certainty, measures };
}

// Everything that is assumed at a position: the scenario's own, with the position's changes.
export function assumedAt(page, position) {
  return mergeMaps(scenarioOf(page, position).assume, position.assume);
}

export const scenarioOf = (page, position) => page.scenarios.find((each) => each.name === position.scenario);
export const lastMonth = (page, position) => position.months ?? scenarioOf(page, position).months;

// Whether there is a month in which two meetings of one pair may both be held.
export const overlap = (one, other) => one.month - (one.early ?? 0) <= other.month + (other.late ?? 0) && other.month - (other.early ?? 0) <= one.month + (one.late ?? 0);

// The meetings in their order: by month, within a month as they are listed. `key` names a token for good.
export function meetingsAt(page, position) {
  const listed = position.summits ?? scenarioOf(page, position).summits;
  const keyed = listed.map((each) => ({ ...each, key: each.key ?? `${each.pair}@${monthName(page, each.month)}` }));
  return keyed.map((each, place) => [each, place]).sort((one, other) => one[0].month - other[0].month || one[1] - other[1]).map(([each]) => each);
}

export function eventsAt(page, position) {
  const kept = scenarioOf(page, position).events.filter((event) => !position.dropEvents.includes(event.variable));
  return [...kept, ...position.events].map((each, place) => [each, place])
    .sort((one, other) => one[0].month - other[0].month || one[1] - other[1]).map(([each]) => each);
}

// The condition or chance of something planned, in words; empty for what always happens.
export function conditionWords(page, position, { occasion }) {
  return scenarioOf(page, position).occasions?.[occasion]?.says ?? "";
}

// Months are counted from the first; written, they are 2018-03 (monthName), March 2018 or Mar (monthWords).
export function monthName(page, month) {
  const count = page.firstMonth[0] * 12 + page.firstMonth[1] - 1 + month;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, "0")}`;
}

const NAMES = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

export function monthWords(page, month, short = false) {
  const [year, number] = monthName(page, month).split("-");
  const name = NAMES[Number(number) - 1];
  return short ? name.slice(0, 3) : `${name} ${year}`;
}

export function monthIndex(page, written) {
  if (Number.isInteger(written)) return written >= 0 ? written : null;
  const found = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(String(written));
  const index = found ? (Number(found[1]) - page.firstMonth[0]) * 12 + Number(found[2]) - page.firstMonth[1] : -1;
  return index >= 0 ? index : null;
}

// A position as the compiled model takes it. A coding other than the scenario's may need another compiled model.
export function givenAt(page, position) {
  const scenario = scenarioOf(page, position);
  const assumed = assumedAt(page, position);
  const kernel = kernelAt(page, position);
  if (kernel < 0) throw new Error("This page has no compiled model for it: run the file in the terminal.");
  const { index, numbers: base } = page.kernels[kernel];
  const numbers = Float64Array.from(base);
  const set = (name, value) => { if (index.has(name)) numbers[index.get(name)] = value; };
  page.kernels[scenario.kernel].layout.numbers.forEach((name, place) => set(name, scenario.numbers[place]));
  setLedger(page, assumed, set);
  setCase(assumed, set);
  if (switched(assumed.balance)) balance(page, numbers, index);
  return {
    kernel, numbers: Array.from(numbers), months: lastMonth(page, position),
    summits: meetingsAt(page, position).map(({ month, pair, certain, early, late, occasion }) => ({ month, pair, certain: Boolean(certain), early: early ?? 0, late: late ?? 0, occasion: occasion ?? null })),
    events: eventsAt(page, position).map(({ month, action, variable, value, until, occasion }) => ({ month, action, variable, value, until: until ?? null, occasion: occasion ?? null })),
    chances: Object.fromEntries(Object.entries(scenario.occasions ?? {}).map(([id, { chance }]) => [id, chance])),
    seasons: scenario.seasons ?? {},
  };
}

// The place of the compiled model that plays a position, which depends on its coding; -1 where the page has none.
export function kernelAt(page, position) {
  const [own, coding] = [scenarioOf(page, position), codingOf(assumedAt(page, position))];
  return coding === codingOf(own.assume) ? own.kernel : (page.codings[coding]?.kernel ?? -1);
}

const codingOf = (assumed) => assumed.coding ?? "pooled";

// The credence of every claim at a position, by id.
export const credencesAt = (page, position) => credencesOf(page, assumedAt(page, position));

function credencesOf(page, assumed) {
  const off = documentsOff(page, assumed);
  const coded = page.codings[codingOf(assumed)].ledger;
  return new Map(page.claims.map((claim) => {
    const read = claim.documents.every((document) => off.has(document)) ? 0 : coded.get(`ledger.claims.${claim.id}.credence`);
    return [claim.id, claimGiven(assumed.claims?.[claim.id]).credence ?? read];
  }));
}

// The documents that do not count; an explicit switch beats the date.
export function documentsOff(page, assumed) {
  const late = (document) => Boolean(assumed.known_by) && document.date.slice(0, 7) > assumed.known_by;
  return new Set(page.documents.filter((each) => !(switched(assumed.documents?.[each.id]) ?? !late(each))).map((each) => each.id));
}

// on, off, true and false as true and false; undefined for everything else.
export function switched(value) {
  if (value === true || value === "on") return true;
  return value === false || value === "off" ? false : undefined;
}

// A claim's entry, in short or long form, as {credence, weight}.
export function claimGiven(given) {
  const on = switched(given);
  if (on !== undefined) return { credence: Number(on) };
  if (typeof given === "string" && given.endsWith("%")) return { credence: Number(given.slice(0, -1)) / 100 };
  return typeof given === "number" ? { credence: given } : (given ?? {});
}

// A range of three corners, from a number or a map.
export function corners(given) {
  return typeof given === "number" ? { low: given, mode: given, high: given } : given;
}

// The lowest and the highest sensible value of a number that a position can change, by its key.
export function boundsOf(page, key) {
  if (key.startsWith("start.")) return [0, page.variables.find((each) => `start.${each.name}` === key).unbounded ? Infinity : 1];
  return page.numbers.find((each) => each.key === key)?.within ?? [0, 1];
}

function setLedger(page, assumed, set) {
  page.codings[codingOf(assumed)].ledger.forEach((value, name) => set(name, value));
  for (const [id, credence] of credencesOf(page, assumed)) set(`ledger.claims.${id}.credence`, credence);
  for (const [id, given] of Object.entries(assumed.claims ?? {})) {
    const { weight } = claimGiven(given);
    if (weight !== undefined) setRange(set, `ledger.claims.${id}.weight`, weight);
  }
}

function setRange(set, name, given) {
  for (const [corner, value] of Object.entries(corners(given))) set(`${name}.${corner}`, value);
}

function setCase(assume, set) {
  for (const [name, given] of Object.entries(assume.parameters ?? {})) setRange(set, `case.parameters.${name}`, given);
  for (const [name, given] of Object.entries(assume.start ?? {})) setRange(set, `case.variables.${name}.start`, given);
  for (const [name, given] of Object.entries(assume.thresholds ?? {})) set(`case.thresholds.${name}.mode`, corners(given).mode);
  for (const [state, issues] of Object.entries(assume.states ?? {})) {
    for (const [issue, { ideal, salience }] of Object.entries(issues)) {
      if (ideal !== undefined) setRange(set, `case.states.${state}.ideals.${issue}.position`, ideal);
      if (salience !== undefined) setRange(set, `case.states.${state}.ideals.${issue}.salience`, salience);
    }
  }
  for (const [name, given] of Object.entries(assume.packages ?? {})) {
    if (switched(given) !== undefined) {
      set(`case.packages.${name}.on`, Number(switched(given)));
      continue;
    }
    for (const [state, parts] of Object.entries(given)) {
      for (const [lever, part] of Object.entries(parts)) set(`case.packages.${name}.gives.${state}.${lever}`, part);
    }
  }
}

// Scales down the heavier direction of each two states until both have the same sum over causes of share x weight x credence.
function balance(page, numbers, index) {
  const at = (name) => numbers[index.get(name)] ?? 0;
  const totals = new Map();
  for (const claim of page.claims) {
    const push = at(`ledger.claims.${claim.id}.weight.mode`) * at(`ledger.claims.${claim.id}.credence`);
    claim.effects.forEach(({ holder, target, sign }) => {
      if (sign < 0) return;
      const causes = totals.get(`${holder}>${target}`) ?? totals.set(`${holder}>${target}`, new Map()).get(`${holder}>${target}`);
      causes.set(claim.group, Math.max(causes.get(claim.group) ?? 0, push * at(`ledger.claims.${claim.id}.effects.${holder}>${target}+.share`)));
    });
  }
  const total = (holder, target) => [...(totals.get(`${holder}>${target}`)?.values() ?? [])].reduce((sum, each) => sum + each, 0);
  for (const claim of page.claims) {
    claim.effects.forEach(({ holder, target, sign }) => {
      const [own, other] = [total(holder, target), total(target, holder)];
      const name = index.get(`ledger.claims.${claim.id}.effects.${holder}>${target}+.share`);
      if (sign > 0 && own > other && other > 0 && name !== undefined) numbers[name] *= other / own;
    });
  }
}

// One map merged into another.
export function mergeMaps(base, over) {
  const merged = { ...base };
  for (const [key, value] of Object.entries(over ?? {})) {
    const both = isMap(merged[key]) && isMap(value);
    merged[key] = both ? mergeMaps(merged[key], value) : value;
  }
  return merged;
}

const isMap = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
