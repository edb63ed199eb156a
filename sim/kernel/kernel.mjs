// The compiled model in a browser or in Node: the twin of compiled.py, without imports. A scenario is the data that
// compiled.py's scenario_data() gives, edited at will; run k of a seed is run k of `summitry run` with that seed.

const HISTOGRAMS = 1, ROWS = 2, WORLDS = 4;
const ASKED = 1 - 2 ** -24; // as in sim/model/calendar.py

export async function loadKernel(bytes, layout) {
  const { instance } = await WebAssembly.instantiate(bytes);
  return new Kernel(instance.exports, layout);
}

class Kernel {
  constructor(exports, layout) {
    this.exports = exports;
    this.layout = layout;
    this.index = new Map(layout.numbers.map((name, place) => [name, place]));
    this.columns = new Map(layout.columns.map((name, place) => [name, place + 1]));
    this.finals = new Map(layout.finals.map((name, place) => [name, place]));
  }

  /** A scenario, checked: throws an Error that says what is not known or out of place. */
  data(given) {
    const fail = (text) => { throw new Error(text); };
    const { layout } = this;
    if (given.numbers.length !== layout.numbers.length) fail(`${given.numbers.length} numbers where ${layout.numbers.length} are needed`);
    given.numbers.forEach((x, k) => Number.isFinite(x) || fail(`${layout.numbers[k]} is ${x}, not a finite number`));
    const summits = given.summits.map((s) => ({ certain: false, early: 0, late: 0, occasion: null, ...s }));
    for (const s of summits) layout.pairs.includes(s.pair) || fail(`no pair ${s.pair}`);
    const events = given.events.map((e) => ({ until: null, occasion: null, ...e }));
    for (const { occasion } of [...summits, ...events]) occasion === null || layout.occasions.includes(occasion) || fail(`no occasion ${occasion}`);
    for (const e of events) this.#checkEvent(e, fail);
    const force = (given.force ?? []).map((f) => ({ ...f }));
    for (const f of force) f.state === undefined || f.state in layout.states || fail(`no state ${f.state}`);
    return { ...given, numbers: Float32Array.from(given.numbers), summits, events, force };
  }

  #checkEvent(event, fail) {
    const { states, variables } = this.layout;
    if (event.action === "move") event.variable in states || fail(`no state ${event.variable}`);
    else variables.includes(event.variable) || fail(`no variable ${event.variable}`);
  }

  /**
   * Plays runs firstRun (a multiple of layout.stretch) to firstRun + runs - 1. Gives counts [month][class]; by final
   * measure sums, squares and where (how many runs count); means by month in series and leverage; with rows the class
   * of each run in final, and its measures in values.
   */
  run(data, { seed = 1, firstRun = 0, runs = 1000, months = data.months, rows = true, worlds = false, from = null } = {}) {
    if (firstRun % this.layout.stretch) throw new Error(`runs begin at a multiple of ${this.layout.stretch}`);
    const room = this.#prepare(data, seed, runs, months + 1, (rows ? ROWS : 0) | (worlds ? WORLDS : 0), from);
    this.exports.play(firstRun, runs);
    const found = this.#results(runs, months + 1, room, rows);
    return worlds ? { ...found, worlds: this.#worlds(runs, room) } : found;
  }

  /** One run, month by month. */
  story(data, { seed = 1, run = 0, from = null } = {}) {
    const { layout, exports } = this, months = data.months + 1;
    this.#prepare(data, seed, 1, months, 0, from);
    exports.place_run(run);
    const lane = (run >> 1) & 3, calendar = new Calendar(data, layout), reports = [];
    const slots = new Float32Array(exports.memory.buffer);
    const at = (name) => slots[layout.slots[name] / 4 + lane];
    const record = exports.record.value / 4, finals = exports.finals.value / 4;
    const column = (base, k) => new Float32Array(exports.memory.buffer)[base + k * this.#width() + lane];
    let outcome = 0;
    for (let month = from?.month ?? 0; month < months; month++) {
      exports.play_month(month);
      outcome = column(record, 0);
      reports.push({
        variables: Object.fromEntries(this.#variables().map((name) => [name, at(`v:${name}`)])),
        series: Object.fromEntries(layout.columns.filter((n) => !n.startsWith("leverage ")).map((name) => [name, column(record, this.columns.get(name))])),
        leverage: Object.fromEntries(layout.columns.filter((n) => n.startsWith("leverage ")).map((name) => [name.slice(9).replace(">", "."), column(record, this.columns.get(name))])),
        choices: Object.fromEntries(this.#choosers().map((state) => [state, at(`v:choice.${state}`)])),
        odds: Object.fromEntries(this.#choosers().map((state) => [state, layout.states[state].map((_, k) => at(`v:odds.${state}.${k}`))])),
        meetings: calendar.due(month).map(({ pair, planned, certain }) => ({ planned, certain, ...this.#meeting(pair, at) })).filter((meeting) => meeting.tried),
        gains: Object.fromEntries(Object.keys(layout.states).map((state) => [state, column(finals, this.finals.get(`gain.${state}`))])),
        outcome,
      });
    }
    const measures = Object.fromEntries(layout.finals.map((name, k) => [name, column(finals, k)]));
    return { first: from?.month ?? 0, months: reports, outcome, measures };
  }

  #meeting(pair, at) {
    const { layout } = this, [one, two] = layout.sides[pair], here = (path) => {
      const slot = `v:meeting.${pair}.${path}`;
      return slot in layout.slots ? at(slot) : undefined;
    };
    const sides = (path) => ({ [one]: here(`${path}.${one}`), [two]: here(`${path}.${two}`) });
    const offers = layout.offers[pair].map((offer, k) => ({
      ...offer,
      on: this.#number(`case.packages.${offer.package}.on`) > 0,
      shares: this.#under(`v:meeting.${pair}.offers.${k}.shares.`, at),
      gains: sides(`offers.${k}.gains`),
      accepts: sides(`accepts.${k}`),
    }));
    return {
      pair, tried: here("attendance.tried") > 0, held: here("attendance.come") > 0, wishes: sides("attendance.wishes"),
      refused: { [one]: here(`attendance.refused.${one}`) > 0, [two]: here(`attendance.refused.${two}`) > 0 },
      first: here("first") > 0, terms: sides("terms"), pressed: sides("pressed"), offers,
      picked: here("picked") ?? 0, chance: here("chance"), draw: here("draw"), deal: here("deal") > 0,
    };
  }

  /** {GIVER: {LEVER: value}} of all slots below a name. */
  #under(prefix, at) {
    const found = {};
    for (const name of this.#below(prefix)) {
      const [giver, lever] = name.slice(prefix.length).split(".");
      (found[giver] ??= {})[lever] = at(name);
    }
    return found;
  }

  /** A number of the scenario that was last played. */
  #number(name) {
    return new Float32Array(this.exports.memory.buffer, this.layout.places.numbers)[this.index.get(name)];
  }

  #below(prefix) {
    this.prefixes ??= new Map();
    if (!this.prefixes.has(prefix)) this.prefixes.set(prefix, Object.keys(this.layout.slots).filter((name) => name.startsWith(prefix)));
    return this.prefixes.get(prefix);
  }

  /** What a pair signs in runs of a seed: {PACKAGE: deals}; firstRun is a multiple of 8. Played month by month. */
  signed(data, pair, { seed = 1, firstRun = 0, runs = 128 } = {}) {
    const calendar = new Calendar(data, this.layout), slot = (name) => this.layout.slots[`v:meeting.${pair}.${name}`] / 4, found = {};
    const months = new Set([...Array(data.months + 1).keys()].filter((month) => calendar.due(month).some((each) => each.pair === pair)));
    this.#eachMonth(data, { seed, firstRun, runs, last: data.months }, (month, slots, lane) => {
      if (!months.has(month) || !(slots[slot("attendance.come") + lane] > 0 && slots[slot("deal") + lane] > 0)) return;
      const name = this.layout.offers[pair][slots[slot("picked") + lane]].package;
      found[name] = (found[name] ?? 0) + 1;
    });
    return found;
  }

  /** Means of slots over worlds after the first month: {NAME: mean}. */
  means(data, names, { seed = 1, firstRun = 0, worlds = 500, from }) {
    const { slots: places } = this.layout, found = Object.fromEntries(names.map((name) => [name, 0]));
    this.#eachMonth(data, { seed, firstRun, runs: 2 * worlds, plays: 1, from, last: from.month }, (_, slots, lane) => {
      for (const name of names) found[name] += slots[places[`v:${name}`] / 4 + lane] / worlds;
    });
    return found;
  }

  /** Plays runs month by month, four worlds at a time, to the last month: see(month, slots, lane) of each; with one play the first of each world. */
  #eachMonth(data, { seed, firstRun, runs, plays = 2, from = null, last }, see) {
    const { exports } = this, end = firstRun + runs;
    this.#prepare(data, seed, 1, data.months + 1, 0, from);
    for (let group = firstRun; group < end; group += 8) {
      for (let run = group; run < group + plays; run++) {
        exports.place_run(run);
        for (let month = from?.month ?? 0; month <= last; month++) {
          exports.play_month(month);
          const slots = new Float32Array(exports.memory.buffer);
          for (let lane = 0; lane < 4 && run + 2 * lane < end; lane++) see(month, slots, lane);
        }
      }
    }
  }

  /** Runs of one and the same world, that of a run of the seed, with other chance: rows from firstRun on. */
  sameWorld(data, { run = 0, seed = 1, ...options }) {
    const { layout, exports } = this, width = layout.world_width, lane = (run >> 1) & 3;
    this.#prepare(data, seed, 1, data.months + 1, 0, null);
    exports.place_run(run);
    const draws = new Float32Array(exports.memory.buffer, layout.places.world_draws, 2 * width * layout.stretch / 4);
    const group = ((run % layout.stretch) >> 3) * width;
    const world = Array.from({ length: width }, (_, k) => draws[4 * (group + k) + lane]);
    draws.forEach((_, k) => { draws[k] = world[(k >> 2) % width]; });
    exports.same_world.value = 1;
    try {
      return this.run(data, { seed, ...options });
    } finally {
      exports.same_world.value = 0;
    }
  }

  #choosers() { return Object.keys(this.layout.states).filter((state) => this.layout.states[state].length); }

  #variables() {
    const hidden = /^v:(meeting|odds|wants|change|due\.(opens|planned|certain)|leverage |choice|move|come|sign|pick)/;
    return this.visible ??= Object.keys(this.layout.slots).filter((name) => name.startsWith("v:") && !hidden.test(name)).map((name) => name.slice(2));
  }

  #width() { return this.layout.stretch; }  // of a column, in floats: 4 lanes x 2 plays x groups

  #prepare(data, seed, runs, months, keep, from) {
    const { exports, layout } = this, plan = writtenPlan(data, layout, months, from);
    const room = exports.reserve(from?.month ?? 0, months, runs, keep, plan.byteLength);
    const { buffer } = exports.memory;
    new Float32Array(buffer, layout.places.numbers, data.numbers.length).set(data.numbers);
    const words = new Uint32Array(buffer, layout.places.seed, 4);
    for (let k = 0, left = BigInt(seed); k < 4; k++, left >>= 32n) words[k] = Number(left & 0xffffffffn);
    new Uint8Array(buffer, exports.plan.value, plan.byteLength).set(plan);
    exports.prepare();
    return room;
  }

  /** What every world drew, and which claims and causes hold in it, by the names of layout.worlds. */
  #worlds(runs, room) {
    const { layout, exports } = this, count = (runs + 1) >> 1;
    return Object.fromEntries(layout.worlds.map((name, k) => [name,
      Float32Array.from(new Float32Array(exports.memory.buffer, exports.worlds.value + 2 * k * room, count))]));
  }

  #results(runs, months, room, rows) {
    const { layout, exports } = this, { buffer } = exports.memory, classes = layout.outcomes.length;
    const counts = new Int32Array(buffer, exports.counts.value, months * classes);
    const sums = new Float64Array(buffer, exports.sums.value, months * (layout.columns.length + 1) * 2);
    const moments = new Float64Array(buffer, exports.moments.value, 12 * layout.finals.length);
    const mean = (month, name) => {
      const k = 2 * (month * (layout.columns.length + 1) + this.columns.get(name));
      return (sums[k] + sums[k + 1]) / runs;
    };
    const all = [...Array(months).keys()], series = {}, leverage = {};
    for (const name of layout.columns) {
      const values = all.map((month) => mean(month, name));
      if (name.startsWith("leverage ")) leverage[name.slice(9).replace(">", ".")] = values;
      else series[name] = values;
    }
    const moment = (row, name) => {
      const k = 2 * (row * layout.finals.length + this.finals.get(name));
      return moments[k] + moments[k + 1];
    };
    const found = {
      runs, room, series, leverage,
      counts: all.map((month) => [...counts.subarray(month * classes, (month + 1) * classes)]),
      sums: Object.fromEntries(layout.finals.map((name) => [name, moment(0, name)])),
      squares: Object.fromEntries(layout.finals.map((name) => [name, moment(1, name)])),
      where: Object.fromEntries(layout.finals.map((name) => [name, moment(4, name)])),
    };
    if (!rows) return found;
    found.final = Int8Array.from(new Int8Array(buffer, exports.classes.value + (months - 1) * room, runs));
    found.values = Object.fromEntries(layout.finals.map((name, k) => [name,
      Float32Array.from(new Float32Array(buffer, exports.values.value + 4 * k * room, runs))]));
    return found;
  }
}

// The calendar of a scenario by month: the twin of sim/model/calendar.py (a test compares the two).
export class Calendar {
  constructor(data, layout) {
    Object.assign(this, { summits: data.summits, events: data.events, force: data.force ?? [], layout });
    Object.assign(this, { chances: data.chances ?? {}, seasons: data.seasons ?? {} });
  }

  #open(month) { return this.summits.filter((s) => s.month - s.early <= month && month <= s.month + s.late); }

  /** The conditions and chances that are decided as a month begins: those of its events and of the summits that are due. */
  occasions(month) {
    const found = [...this.events.filter((e) => e.month === month), ...this.#open(month)].map((each) => each.occasion);
    return [...new Set(found.filter((id) => id != null))].map((id) => ({ id, chance: this.chances[id] ?? 1 }));
  }

  due(month) {
    return this.#open(month).map((s) => ({
      pair: s.pair, opens: +(month === Math.max(0, s.month - s.early)), planned: month >= s.month ? 1 : s.asked ? ASKED : 0, certain: +s.certain, where: where(s),
    }));
  }

  changes(month) {
    const ended = this.events.filter((e) => e.until === month && e.action !== "move" && this.layout.exogenous.includes(e.variable));
    const begun = this.events.filter((e) => e.month === month && e.action !== "move");
    return [
      ...Object.keys(this.seasons).flatMap((name) => this.#inForce(name, month)),
      ...ended.flatMap((e) => this.#inForce(e.variable, month, e).map((c) => ({ ...c, where: [...where(e), ...c.where] }))),
      ...begun.map((e) => change(e.variable, e.value, +(e.action === "shift"), 0, where(e)))];
  }

  #inForce(variable, month, without = null) {
    let found = [change(variable, 0, 0, this.seasons[variable]?.[month % 12] ?? 1)];
    for (const e of this.events) {
      if (e === without || e.variable !== variable || e.action === "move" || e.month >= month) continue;
      const shifts = e.action === "shift", last = found.at(-1);
      if (!shifts && !lasts(e, month)) continue;
      if (e.occasion != null || (shifts && last.where.length)) found.push(change(variable, e.value, +shifts, 0, where(e)));
      else if (shifts) found[found.length - 1] = { ...last, by: last.by + e.value };
      else found = [change(variable, e.value)];
    }
    return found;
  }

  #pinning(month) { return this.events.filter((e) => e.action === "pin" && e.month <= month); }

  pins(month) { return this.#pinning(month).filter((e) => lasts(e, month)).map((e) => made(e.variable, e.value, e)); }

  pinnedBefore(month) { return this.#pinning(month).map((e) => made(e.variable, 1, e)); }

  moves(month) {
    const states = Object.keys(this.layout.states).filter((state) => this.layout.states[state].length);
    const forced = this.events.filter((e) => e.action === "move" && e.month === month);
    return [...states.map((state) => made(state, -1)), ...forced.map((e) => made(e.variable, e.value, e))];
  }

  flags(month) {
    return new Map(this.layout.flags.map((f) => [f.name,
      +this.summits.some((s) => f.pairs.includes(s.pair) && month <= s.month && s.month <= month + f.within)]));
  }

  /** What is decided at the table in a month: {move.STATE, come.PAIR.STATE, sign.PAIR.STATE, pick.PAIR}, -1 where it is not. */
  forced(month) {
    const undecided = decisions(this.force).filter(([name]) => !name.startsWith("move.")).map(([name]) => [name, -1]);
    return new Map([...undecided, ...decisions(this.force.filter((f) => f.month === month))]);
  }
}

// What rows such as {month, state, option} or {month, pair, state, sign, pick} decide, by the name of the slot.
function decisions(rows) {
  const names = { option: (f) => `move.${f.state}`, come: (f) => `come.${f.pair}.${f.state}`, sign: (f) => `sign.${f.pair}.${f.state}`, pick: (f) => `pick.${f.pair}` };
  return rows.flatMap((f) => Object.keys(names).filter((what) => f[what] !== undefined).map((what) => [names[what](f), +f[what]]));
}

function lasts(event, month) { return event.until === null || month < event.until; }

function where(planned) { return planned.occasion == null ? [] : [planned.occasion]; }

function change(variable, by, ofNow = 0, ofStart = 0, where = []) { return { variable, by, ofNow, ofStart, where }; }

function made(name, value, planned = {}) { return { name, value, where: where(planned) }; }

function writtenPlan(data, layout, months, from) {
  const calendar = new Calendar(data, layout), { slots, variables, pairs } = layout, words = [], float = (x) => ({ x });
  const slotsOf = (where, most = 1) => [...where.map((id) => slots[`v:happens.${id}`]), ...Array(most - where.length).fill(slots["v:always"])];
  const levels = Object.entries(from?.variables ?? {}).filter(([name]) => `v:${name}` in slots);
  const look = (id) => 2 * variables.length + 3 * pairs.length + layout.occasions.indexOf(id);
  for (let month = 0; month < months; month++) {
    const named = [...[...calendar.flags(month)].map(([name, value]) => made(name, value)),
      ...calendar.pinnedBefore(month).map((m) => ({ ...m, name: `pinned.${m.name}` })),
      ...calendar.moves(month).map((m) => ({ ...m, name: `move.${m.name}` })),
      ...[...calendar.forced(month)].map(([name, value]) => made(name, value))];
    const sets = named.filter(({ name }) => `v:${name}` in slots);
    const looks = calendar.occasions(month), changes = calendar.changes(month), due = calendar.due(month), pins = calendar.pins(month);
    words.push([looks.length, sets.length, changes.length, due.length, pins.length,
      ...looks.flatMap((o) => [look(o.id), float(o.chance)]),
      ...sets.flatMap((m) => [slots[`v:${m.name}`], float(m.value), ...slotsOf(m.where)]),
      ...changes.flatMap((c) => [variables.indexOf(c.variable), float(c.by), float(c.ofNow), float(c.ofStart), ...slotsOf(c.where, 2)]),
      ...due.flatMap((d) => [pairs.indexOf(d.pair), float(d.opens), float(d.planned), float(d.certain), ...slotsOf(d.where)]),
      ...pins.flatMap((m) => [variables.length + variables.indexOf(m.name), float(m.value), ...slotsOf(m.where)])]);
  }
  const begins = [];
  let at = 4 * (2 + months);
  for (const part of words) { begins.push(at); at += 4 * part.length; }
  const all = [at, levels.length, ...begins, ...words.flat(), ...levels.flatMap(([name, x]) => [slots[`v:${name}`], float(x), slots["v:always"]])];
  const view = new DataView(new ArrayBuffer(4 * all.length));
  all.forEach((word, k) => (typeof word === "number" ? view.setInt32(4 * k, word, true) : view.setFloat32(4 * k, word.x, true)));
  return new Uint8Array(view.buffer);
}
