// `node page.mjs FOLDER`: plays what FOLDER/case.json asks for with kernel.mjs and prints what it came to, bit for bit.
import fs from "node:fs";
import { Calendar, loadKernel } from "../../sim/kernel/kernel.mjs";

const folder = process.argv[2];
const { layout, given, seed, first, runs } = JSON.parse(fs.readFileSync(`${folder}/case.json`, "utf8"));
const kernel = await loadKernel(fs.readFileSync(`${folder}/model.wasm`), layout);
const data = kernel.data(given);
const found = kernel.run(data, { seed: BigInt(seed), firstRun: first, runs });
const bits = (values) => [...new Uint32Array(values.buffer)];
const calendar = new Calendar(data, layout);
const months = [...Array(given.months + 1).keys()].map((month) => ({
  occasions: calendar.occasions(month), due: calendar.due(month), changes: calendar.changes(month), pins: calendar.pins(month),
  pinned: calendar.pinnedBefore(month), moves: calendar.moves(month), flags: Object.fromEntries(calendar.flags(month)),
}));
const story = kernel.story(data, { seed: BigInt(seed), run: first + 5 });
console.log(JSON.stringify({
  counts: found.counts, final: [...found.final], series: found.series, leverage: found.leverage, months, story,
  values: Object.fromEntries(Object.entries(found.values).map(([name, values]) => [name, bits(values)])),
}));
