// Fresh runs: the compiled model in a worker where the browser allows one, else in short slices on the page's own thread.
// A newer question on the same channel replaces one that is not yet answered.

import { loadKernel } from "../kernel/kernel.mjs";

const SLICE_MS = { worker: 24, page: 8 }; // after a slice a newer question is heard; on the page's own thread also keys and painting
const FIRST_SLICE = 200; // runs; later slices are as many as such a time allows
const MONTHLY_SLICE = 32; // runs played month by month
const MOST_WORKERS = 4;
const MOST_KEPT = 4; // positions of which the runs without any meeting are kept
const runsWithoutMeetings = new Map();

// The worker's answer to messages: the first brings the compiled model, every other asks for something.
export function serve(scope) {
  const answer = questionQueue((id, found) => scope.postMessage({ id, found }, buffersOf(found)), SLICE_MS.worker);
  scope.onmessage = ({ data }) => answer(data);
}

// The buffers of rows, which are handed over to the page, not copied.
function buffersOf(found) {
  return [found?.final, ...["values", "holds", "caused"].flatMap((name) => Object.values(found?.[name] ?? {}))].flatMap((each) => (ArrayBuffer.isView(each) ? [each.buffer] : []));
}

// An engine: ask(kind, question, channel) gives a promise of the answer, or of null if a newer question has replaced it; askAny gives
// each of many questions to the next worker, of which there are as many as processors, at most MOST_WORKERS.
export function startEngine(kernels, source) {
  const waiting = new Map();
  const workers = [];
  let last = 0;
  const settle = (id, found) => {
    waiting.get(id)?.(found);
    waiting.delete(id);
  };
  const startWorker = () => {
    const send = connection(source, settle);
    send({ load: kernels });
    return send;
  };
  const ask = (place, kind, question, channel) => {
    last += 1;
    workers[place] ??= startWorker();
    workers[place]({ id: last, kind, question, channel });
    return new Promise((resolve) => { waiting.set(last, resolve); });
  };
  return {
    ask: (kind, question, channel = kind) => ask(0, kind, question, channel),
    askAny: (kind, question) => ask(last % Math.min(navigator.hardwareConcurrency ?? 1, MOST_WORKERS), kind, question, `any ${last}`),
  };
}

function connection(source, settle) {
  try {
    const worker = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
    let answered = false;
    const unanswered = [];
    let fallback = null;
    worker.onmessage = ({ data }) => { answered = true; settle(data.id, data.found); };
    worker.onerror = () => {
      if (answered) return;
      fallback = questionQueue(settle, SLICE_MS.page);
      unanswered.splice(0).forEach(fallback);
    };
    return (message) => {
      if (fallback) fallback(message);
      else {
        if (!answered) unanswered.push(message);
        worker.postMessage(message);
      }
    };
  } catch {
    return questionQueue(settle, SLICE_MS.page);
  }
}

// Answers messages one question at a time, a slice at a time.
function questionQueue(settle, sliceMs) {
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
        found = stale() ? null : await KINDS[kind](await kernels[question.given.kernel ?? 0], question, { stale, idle, sliceMs });
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
  ends: async (...asked) => { const rows = await playRows(...asked); return rows && { final: rows.final }; },
  story: (kernel, { given, seed, run }) => kernel.story(kernel.data(given), { seed, run }),
  starts: (kernel, { given, seed }) => {
    const { worlds } = kernel.run(kernel.data(given), { seed, runs: 2, rows: false, worlds: true });
    const mark = "drawn start/";
    return Object.fromEntries(Object.entries(worlds).filter(([name]) => name.startsWith(mark)).map(([name, values]) => [name.slice(mark.length), values[0]]));
  },
  signed: packagesSigned,
  leverage: leverageInParts,
  levels: (kernel, { given, seed, count }) => kernel.run(kernel.data(given), { seed, runs: count, rows: false }),
  means: (kernel, { given, names, ...options }) => kernel.means(kernel.data(given), names, options),
  players: (kernel, { given, ...options }) => kernel.sameWorld(kernel.data(given), options),
};

// The answer to one question, without a queue; for tests.
export const ask = (kernel, kind, question) => KINDS[kind](kernel, question);

// `idle` is a pause between slices, after which `stale` says whether the answer is no longer wanted.
const AT_ONCE = { stale: () => false, idle: async () => {}, sliceMs: SLICE_MS.worker };
let slice = FIRST_SLICE;

// Rows of every run, with what each state gained against the same worlds without any meeting.
export async function playRows(kernel, { given, seed, count, from = null, firstRun = 0, gained = true, holds = false }, { stale, idle, sliceMs } = AT_ONCE) {
  const data = kernel.data(given);
  const alone = gained ? withoutMeetings(kernel, given, seed) : null;
  const parts = [];
  for (let first = 0; first < count;) {
    const begun = performance.now();
    const runs = Math.min(Math.max(1, Math.round(slice / kernel.layout.stretch)) * kernel.layout.stretch, count - first);
    parts.push(kernel.run(data, { seed, firstRun: firstRun + first, runs, from, worlds: gained || holds }));
    first += runs;
    alone?.(first);
    slice = (runs * sliceMs) / Math.max(performance.now() - begun, 1);
    await idle();
    if (stale()) return null;
  }
  return withGains(joinSlices(parts), alone?.(count), kernel.layout.fatal);
}

// Mean leverage by month in each of so many parts of the runs, by default stretches, so that its noise can be seen:
// [{HOLDER.TARGET: [by month]}].
async function leverageInParts(kernel, { given, seed, parts, runs = kernel.layout.stretch, from = null, firstRun = 0 }, { stale, idle } = AT_ONCE) {
  const [data, found] = [kernel.data(given), []];
  for (let part = 0; part < parts && !stale(); part++) {
    found.push(kernel.run(data, { seed, firstRun: firstRun + part * runs, runs, rows: false, from }).leverage);
    await idle();
  }
  return found;
}

// How often each package of a pair is signed in the first runs, a slice at a time: {runs, slices: [{PACKAGE: count}]}.
async function packagesSigned(kernel, { given, seed, pair, count }, { stale, idle } = AT_ONCE) {
  const data = kernel.data(given);
  const slices = [];
  for (let firstRun = 0; firstRun < count; firstRun += MONTHLY_SLICE) {
    slices.push(kernel.signed(data, pair, { seed, firstRun, runs: Math.min(MONTHLY_SLICE, count - firstRun) }));
    await idle();
    if (stale()) return null;
  }
  return { runs: count, slices };
}

// Gives a function from a number of runs to what every state gains in them without any meeting; kept, since it does not depend on meetings.
function withoutMeetings(kernel, given, seed) {
  const { finals, fatal, stretch } = kernel.layout;
  const bare = { ...given, summits: [] };
  const key = JSON.stringify([bare, seed]);
  const found = runsWithoutMeetings.get(key) ?? { data: kernel.data(bare), runs: 0, values: Object.fromEntries(finals.filter((name) => name.startsWith("gain.") || name === fatal).map((name) => [name, new Float32Array()])) };
  runsWithoutMeetings.delete(key);
  runsWithoutMeetings.set(key, found);
  if (runsWithoutMeetings.size > MOST_KEPT) runsWithoutMeetings.delete(runsWithoutMeetings.keys().next().value);
  const each = (change) => Object.fromEntries(Object.entries(found.values).map(([name, values]) => [name, change(values, name)]));
  return (runs) => {
    if (found.runs < runs) {
      const whole = found.runs - (found.runs % stretch);
      const more = kernel.run(found.data, { seed, firstRun: whole, runs: runs - whole });
      found.values = each((values, name) => concatenated([values.subarray(0, whole), more.values[name]]));
      found.runs = runs;
    }
    return found.values;
  };
}

function withGains(found, alone, fatal) {
  if (!alone) return found;
  const values = Object.fromEntries(Object.entries(found.values).filter(([name]) => !name.startsWith("better.")));
  const struck = fatal ? [values[fatal], alone[fatal]] : [];
  values.counted = new Uint8Array(found.runs).fill(1);
  for (const each of struck) for (let run = 0; run < found.runs; run++) if (each[run]) values.counted[run] = 0;
  for (const name of Object.keys(alone).filter((each) => each.startsWith("gain."))) {
    const gained = values[`gained.${name.slice(5)}`] = Float32Array.from(values[name]);
    for (let run = 0; run < found.runs; run++) gained[run] -= alone[name][run];
  }
  return { ...found, values };
}

// Joins slices: rows one after another, means by month weighted by their runs. Of what worlds draw, only which
// claims and causes hold is kept.
function joinSlices(parts) {
  const runs = parts.reduce((sum, part) => sum + part.runs, 0);
  const each = (name, join, as = (key) => key) => Object.fromEntries(Object.keys(parts[0][name] ?? {}).filter(as).map((key) => [as(key), join(parts.map((part) => part[name][key]))]));
  const means = (lists) => lists[0].map((_, month) => lists.reduce((sum, list, place) => sum + list[month] * parts[place].runs, 0) / runs);
  const drawn = (kind) => each("worlds", (lists) => new Uint8Array(concatenated(lists)), (key) => key.startsWith(`${kind} `) && key.slice(kind.length + 1));
  return {
    runs, final: concatenated(parts.map((part) => part.final)), values: each("values", concatenated), holds: drawn("holds"), caused: drawn("cause"),
    leverage: each("leverage", means), series: each("series", means),
  };
}

function concatenated(lists) {
  const whole = new lists[0].constructor(lists.reduce((sum, list) => sum + list.length, 0));
  lists.reduce((at, list) => { whole.set(list, at); return at + list.length; }, 0);
  return whole;
}
