// Plays random positions, and every shipped scenario against the one it is read against, as the page does; writes what the
// page would show and the file that it would copy. Called by test_copied_positions.py: node copied_positions.mjs DATA OUT MANY

import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import { loadKernel } from "../../sim/kernel/kernel.mjs";
import { addMeeting, dropMeeting, setHostage, stepMeeting, toggleEvents } from "../../sim/page/calendar.mjs";
import { playRows } from "../../sim/page/engine.mjs";
import { fromText, toCode, toYaml } from "../../sim/page/position.mjs";
import { givenAt, meetingsAt, unpack } from "../../sim/page/scenario.mjs";
import { assume, emptyPosition, same } from "../../sim/page/state.mjs";
import { leverageAtMeeting, liveSentence, plain, summary } from "../../sim/page/words.mjs";

const [data, out, many] = process.argv.slice(2);
const page = unpack(JSON.parse(readFileSync(data, "utf8")));
const kernels = await Promise.all(page.kernels.map(({ wasm, layout }) => loadKernel(gunzipSync(Buffer.from(wasm, "base64")), layout)));
const { runs, seed } = page.scenarios[0].run;

let state = 20180326;
const random = () => { // Mulberry32
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};
const pick = (list) => list[Math.floor(random() * list.length)];

const STEPS = [
  (p) => stepMeeting(page, p, pick(meetingsAt(page, p))?.key, pick([-3, -1, 1, 2, 5])),
  (p) => dropMeeting(page, p, pick(meetingsAt(page, p))?.key),
  (p) => addMeeting(page, p, pick(page.pairs).id, Math.floor(random() * 20))[0],
  (p) => setHostage(page, p, "us_troops", pick(["stays", "table", "leaves"])),
  (p) => toggleEvents(page, p, pick(["tariffs", "trade_talks", "hawk"])),
  (p) => assume(p, ["claims", pick(page.claims).id], pick([0, 1, 0.25, 0.6125])),
  (p) => assume(p, ["documents", pick(page.documents).id], "off"),
  (p) => assume(p, ["balance"], true),
  (p) => assume(p, ["coding"], pick(["first", "second"])),
  (p) => assume(p, ["known_by"], "2018-04"),
  (p) => ({ ...p, events: [...p.events, { month: pick([1, 4]), action: "move", variable: pick(Object.keys(page.menus)), value: pick([0, 1]) }] }),
  (p) => ({ ...p, events: [...p.events, { month: 3, action: "pin", variable: "exercises", value: 0.2, until: 9 }] }),
  (p) => { const row = pick(page.numbers.filter((each) => each.range[0] < each.range[2])); return assume(p, row.key.split("."), pick([row.range[0], row.range[2]])); },
];

async function shown(position, before) {
  const rows = async (of) => { const given = givenAt(page, of); return playRows(kernels[given.kernel], { given, seed, count: runs }); };
  const [now, was] = [await rows(position), await rows(before)];
  const found = { ...summary(page, now, was), changed: true, table: leverageAtMeeting(page, position, now.leverage), tableBefore: leverageAtMeeting(page, before, was.leverage) };
  const text = toYaml(page, position);
  const again = [await fromText(page, text, position.scenario), await fromText(page, await toCode(page, position), page.scenarios[0].name)];
  return {
    text, table: Object.values(found.table), sentence: plain(liveSentence(page, found, position, !same(position, before))), before: before.scenario,
    reads: again.every((each) => each.position && JSON.stringify(givenAt(page, each.position)) === JSON.stringify(givenAt(page, position))),
    outcomes: Object.fromEntries(found.outcomes.map((each) => [each.name, [each.count, each.difference, each.standsOut]])),
    measures: Object.fromEntries([...found.measures.values()].map((each) => [each.name, [Number.isNaN(each.mean) ? null : each.mean, each.n, each.standsOut, Number.isFinite(each.before) ? each.before : null, each.label, each.difference, each.half]])),
    gains: Object.fromEntries(found.gains.map((each) => [each.id, [each.noise, each.better.probability, each.better.half]])), flips: found.flips,
  };
}

// Whether the file that a scenario was read from, pasted, plays as the scenario does.
async function reads(name) {
  const text = readFileSync(new URL(`../../scenarios/${name}.yaml`, import.meta.url), "utf8");
  const { position, problems } = await fromText(page, text, name);
  const data = (of) => { const given = givenAt(page, of); return JSON.stringify({ ...given, numbers: given.numbers.map(Math.fround) }); };
  return problems ?? data(position) === data(emptyPosition(name));
}

const shownPositions = [];
for (const each of page.scenarios) shownPositions.push({ pasted: await reads(each.name), ...await shown(emptyPosition(each.name), emptyPosition(page.scenarios.some((one) => one.name === each.against) ? each.against : page.scenarios[0].name)) });
for (let at = 0; at < Number(many); at++) {
  const start = emptyPosition(pick(page.scenarios).name);
  let position = start;
  for (let steps = 1 + Math.floor(random() * 4); steps > 0; steps--) position = pick(STEPS)(position);
  shownPositions.push(await shown(position, start));
}
writeFileSync(out, JSON.stringify(shownPositions));
