// Fresh runs: the compiled model in a worker where the browser allows one, else in short slices on the page's own thread.
// A newer question on the same channel replaces one that is not yet answered.

import { loadKernel } from "../kernel/kernel.mjs";

const SLICE_MS = 8;
const FIRST_SLICE = 200; // runs; later slices are as long as 8 ms allow
const TOLD_SLICE = 32; // runs told month by month
const MOST_KEPT = 4; // positions of which the runs without any meeting are kept
const bareWorlds = new Map();

// The worker's answer to messages: the first brings the compiled model, every other asks for something.
export function serve(scope) {
  const answer = answers((id, found) => scope.postMessage({ id, found }));
  scope.onmessage = ({ data }) => answer(data);
}

// An engine: ask(kind, question, channel) gives a promise of the answer, or of null if a newer question has replaced it.
export function startEngine(kernels, source) {
  const waiting = new Map();
  let last = 0;
  const settle = (id, found) => {
    waiting.get(id)?.(found);
    waiting.delete(id);
  };
  const send = transport(source, settle);
  send({ load: kernels });
  return {
    ask(kind, question, channel = kind) {
      last += 1;
      send({ id: last, kind, question, channel });
      return new Promise((resolve) => { waiting.set(last, resolve); });
    },
  };
}

function transport(source, settle) {
  try {
    const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    let heard = false;
    const kept = [];
    let fallback = null;
    worker.onmessage = ({ data }) => { heard = true; settle(data.id, data.found); };
    worker.onerror = () => {
      if (heard) return;
      fallback = answers(settle);
      kept.splice(0).forEach(fallback);
    };
    return (message) => {
      if (fallback) fallback(message);
      else {
        if (!heard) kept.push(message);
        worker.postMessage(message);
      }
    };
  } catch {
    return answers(settle);
  }
}

// Answers messages one question at a time, a slice at a time.
function answers(settle) {
  const queue = [];
  const newest = new Map();
  let kernels = [];
  let busy = false;
  const idle = pause();
  async function work() {
    busy = true;
    while (queue.length) {
      const { id, kind, question, channel } = queue.shift();
      const stale = () => newest.get(channel) !== id;
      let found = null;
      try {
        found = stale() ? null : await KINDS[kind](await kernels[question.given.kernel ?? 0], question, stale, idle);
      } catch (error) {
        found = { error: String(error.message ?? error) };
      }
      settle(id, stale() ? null : found);
    }
    busy = false;
  }
  return (message) => {
    if (message.load) {
      kernels = message.load.map(({ bytes, layout }) => loadKernel(bytes, layout));
      return;
    }
    newest.set(message.channel, message.id);
    queue.push(message);
    if (!busy) work();
  };
}

// A pause that lets messages and painting through, without the 4 ms of a timer.
function pause() {
  const { port1, port2 } = new MessageChannel();
  const waiting = [];
  port1.onmessage = () => waiting.shift()?.();
  return () => new Promise((resolve) => { waiting.push(resolve); port2.postMessage(0); });
}

const KINDS = {
  runs: playRows,
  story: (kernel, { given, seed, run }) => kernel.story(kernel.data(given), { seed, run }),
  starts: (kernel, { given, seed }) => {
    const { worlds } = kernel.run(kernel.data(given), { seed, runs: 2, rows: false, worlds: true });
    const mark = "drawn start/";
    return Object.fromEntries(Object.entries(worlds).filter(([name]) => name.startsWith(mark)).map(([name, values]) => [name.slice(mark.length), values[0]]));
  },
  signed: packagesSigned,
  accepts: (kernel, { given, pair, ...options }) => kernel.accepts(kernel.data(given), pair, options),
  players: (kernel, { given, ...options }) => kernel.sameWorld(kernel.data(given), options),
};

// One question at once, for tests.
export const ask = (kernel, kind, question) => KINDS[kind](kernel, question);

// Rows of every run, with what each state gained against the same worlds without any meeting. `idle` is a pause between
// slices, after which `stale` says whether the answer is still wanted.
export async function playRows(kernel, { given, seed, count, from, firstRun = 0, gained = true, holds = false }, stale = () => false, idle = async () => {}) {
  const data = kernel.data(given);
  const alone = gained ? withoutMeetings(kernel, given, seed) : null;
  const parts = [];
  const whole = (runs) => Math.max(1, Math.round(runs / kernel.layout.stretch)) * kernel.layout.stretch;
  let size = whole(FIRST_SLICE);
  for (let first = 0; first < count;) {
    const begun = performance.now();
    const options = { seed, firstRun: firstRun + first, runs: Math.min(size, count - first), rows: true, from: from ?? null };
    parts.push(withGains(withHolds(kernel.run(data, { ...options, worlds: gained || holds })), alone?.(first, options.runs), kernel.layout.fatal));
    first += options.runs;
    size = whole((size * SLICE_MS) / Math.max(performance.now() - begun, 1));
    await idle();
    if (stale()) return null;
  }
  return joined(parts);
}

// How often each package of a pair is signed in the first runs: {runs, deals: {PACKAGE: count}}.
async function packagesSigned(kernel, { given, seed, pair, count }, stale = () => false, idle = async () => {}) {
  const data = kernel.data(given);
  const deals = {};
  for (let firstRun = 0; firstRun < count; firstRun += TOLD_SLICE) {
    const found = kernel.signed(data, pair, { seed, firstRun, runs: Math.min(TOLD_SLICE, count - firstRun) });
    for (const [name, more] of Object.entries(found)) deals[name] = (deals[name] ?? 0) + more;
    await idle();
    if (stale()) return null;
  }
  return { runs: count, deals };
}

// Which claims and causes hold in every world, from all that a world draws.
function withHolds({ worlds, ...found }) {
  const named = (kind) => Object.fromEntries(Object.entries(worlds ?? {}).filter(([name]) => name.startsWith(`${kind} `))
    .map(([name, values]) => [name.slice(kind.length + 1), Uint8Array.from(values)]));
  return { ...found, holds: named("holds"), caused: named("cause") };
}

// What every state has gained in the same worlds without any meeting, by run. It is kept: moved meetings leave it as it is.
function withoutMeetings(kernel, given, seed) {
  const { finals, fatal, stretch } = kernel.layout;
  const bare = { ...given, summits: [] };
  const key = JSON.stringify([bare, seed]);
  const found = bareWorlds.get(key) ?? { data: kernel.data(bare), runs: 0, values: Object.fromEntries(finals.filter((name) => name.startsWith("gain.") || name === fatal).map((name) => [name, new Float32Array()])) };
  bareWorlds.delete(key);
  bareWorlds.set(key, found);
  if (bareWorlds.size > MOST_KEPT) bareWorlds.delete(bareWorlds.keys().next().value);
  const each = (change) => Object.fromEntries(Object.entries(found.values).map(([name, values]) => [name, change(values, name)]));
  return (first, runs) => {
    if (found.runs < first + runs) {
      const whole = found.runs - (found.runs % stretch);
      const more = kernel.run(found.data, { seed, firstRun: whole, runs: first + runs - whole });
      found.values = each((values, name) => concatenated([values.subarray(0, whole), more.values[name]]));
      found.runs = first + runs;
    }
    return each((values) => values.subarray(first, first + runs));
  };
}

function withGains(found, alone, fatal) {
  if (!alone) return found;
  const counted = Uint8Array.from(found.final, (_, run) => Number(!fatal || !(found.values[fatal][run] || alone[fatal][run])));
  const values = { ...found.values, counted };
  for (const name of Object.keys(values)) if (name.startsWith("better.")) delete values[name];
  for (const name of Object.keys(found.values)) {
    if (name.startsWith("gain.")) values[`gained.${name.slice(5)}`] = Float32Array.from(found.values[name], (value, run) => value - alone[name][run]);
  }
  return { ...found, values };
}

// Joins slices: rows one after another, means by month weighted by their runs, counts added.
function joined(parts) {
  const runs = parts.reduce((sum, part) => sum + part.runs, 0);
  const each = (name, join) => Object.fromEntries(Object.keys(parts[0][name] ?? {}).map((key) => [key, join(parts.map((part) => part[name][key]))]));
  const means = (lists) => lists[0].map((_, month) => lists.reduce((sum, list, place) => sum + list[month] * parts[place].runs, 0) / runs);
  return {
    runs, final: concatenated(parts.map((part) => part.final)), 
    values: each("values", concatenated), holds: each("holds", concatenated), caused: each("caused", concatenated),
    series: each("series", means), leverage: each("leverage", means),
  };
}

function concatenated(lists) {
  const whole = new lists[0].constructor(lists.reduce((sum, list) => sum + list.length, 0));
  lists.reduce((at, list) => { whole.set(list, at); return at + list.length; }, 0);
  return whole;
}
