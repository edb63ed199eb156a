// A class as the page computes it: node class_found.mjs DATA FILES OUT RUNS

import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import { loadKernel } from "../../sim/kernel/kernel.mjs";
import { playClass, readPositions } from "../../sim/page/class.mjs";
import { playRows } from "../../sim/page/engine.mjs";
import { toCode } from "../../sim/page/position.mjs";
import { unpack } from "../../sim/page/scenario.mjs";
import { emptyPosition } from "../../sim/page/state.mjs";

const [data, files, out, runs] = process.argv.slice(2);
const page = unpack(JSON.parse(readFileSync(data, "utf8")));
const kernels = await Promise.all(page.kernels.map(({ wasm, layout }) => loadKernel(gunzipSync(Buffer.from(wasm, "base64")), layout)));
const { name, run: { seed } } = page.scenarios[0];
const play = (given, count, holds = false) => playRows(kernels[given.kernel], { given, seed, count, gained: false, holds });
const { readers, refused } = await readPositions(page, JSON.parse(readFileSync(files, "utf8")), name);
const found = await playClass(page, readers, emptyPosition(name), play, () => {}, Number(runs));
const codes = await Promise.all(readers.map((each) => toCode(page, each.position)));
const again = await readPositions(page, [{ name: "", text: codes.join("\n") }], name);
writeFileSync(out, JSON.stringify({
  refused, codes, again: again.readers.length, start: found.start, pooled: found.pooled, mixed: found.mixed,
  credences: { ...found.credences, spreads: found.credences.spreads.map((each) => [each.id, each.agreement]) },
  readers: found.readers.map(({ name: who, shares, deciding, turns }) => ({ name: who, shares, deciding: deciding?.id ?? null, points: turns.map((each) => [each.id, each.points]) })),
  opposed: found.opposed && { one: readers[found.opposed.one].name, other: readers[found.opposed.other].name, points: found.opposed.whole.points, gaps: found.opposed.gaps.map((each) => [each.id, each.points]), together: found.opposed.together.map((each) => [each.id, each.points]) },
}));
