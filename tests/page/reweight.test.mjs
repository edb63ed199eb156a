// The arithmetic of the page against Python's, on the case that make_case.py wrote.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { readEnsemble, readScenarios } from "../../sim/views/page/embedded.mjs";
import {
  differenceErrors, effectiveWorlds, estimate, meanDifferenceError, outcomeMeans, standOut, weightedMean, wilson,
  worldWeights,
} from "../../sim/views/page/reweight.mjs";

const shared = JSON.parse(readFileSync(new URL("./reweight_case.json", import.meta.url)));
const read = () => readEnsemble(shared.ensemble, shared.data, shared.data.columns.map((text) => Buffer.from(text, "base64")));
const ensemble = read();
const outcomes = shared.data.outcomes.length;
const plain = worldWeights(ensemble, ensemble.credence);

function close(found, expected, what) {
  assert.equal(found.length, expected.length);
  expected.forEach((value, at) => assert.ok(Math.abs(found[at] - value) < 1e-9, `${what} ${at}: ${found[at]} is not ${value}`));
}

test("weights, effective worlds, means and errors are Python's to 1e-9", () => {
  for (const expected of shared.expected) {
    const weights = worldWeights(ensemble, expected.credence);
    const means = outcomeMeans(ensemble.ends, weights, outcomes);
    close(weights, expected.weights, "weight of world");
    close([effectiveWorlds(weights)], [expected.effective], "effective worlds");
    close(means, expected.means, "mean of outcome");
    const own = { ends: ensemble.ends, weights: plain, means: outcomeMeans(ensemble.ends, plain, outcomes) };
    close(differenceErrors(own, { ends: ensemble.ends, weights, means }), expected.errors, "error of outcome");
  }
});

test("Wilson's interval is Python's", () => {
  for (const [share, n, low, high] of shared.wilson) close(wilson(share, n), [low, high], `share ${share}, end`);
});

test("a measure is read from half-bytes between its lowest and highest value", () => {
  const [values] = ensemble.values;
  assert.equal(values.length, ensemble.worlds);
  close(values.slice(0, 5), [1, 4, 4, 1, 1], "value of world");
  assert.ok(Math.abs(weightedMean(values, plain) - 2.5) < 0.01);
});

function withRun() {
  const shown = { probability: [0.1, 0.5, 0.4, 0], low: [0.08, 0.46, 0.36, 0], high: [0.12, 0.54, 0.44, 0.01] };
  return { ...read(), shown: { ...shown, effective: [900, 900, 900, 900] } };
}

test("at the scenario's own credences the run's own numbers are shown", () => {
  const own = withRun();
  const found = estimate(own, [...own.credence]);
  assert.equal(found.moved, false);
  assert.deepEqual(found.probability, own.shown.probability);
  assert.deepEqual(found.low, own.shown.low);
});

test("a moved credence moves the run's numbers by what the embedded worlds move", () => {
  const own = withRun();
  const asked = shared.expected[1];
  const found = estimate(own, asked.credence);
  const before = outcomeMeans(own.ends, plain, outcomes);
  const raw = asked.means.map((mean, k) => Math.max(own.shown.probability[k] + mean - before[k], 0));
  const all = raw.reduce((sum, share) => sum + share, 0);
  close(found.probability, raw.map((share) => share / all), "probability of outcome");
  found.probability.forEach((share, k) => assert.ok(found.low[k] <= share && share <= found.high[k]));
  assert.ok(found.high[1] - found.low[1] > own.shown.high[1] - own.shown.low[1] - 0.03);
  assert.ok(Math.abs(found.probability.reduce((sum, share) => sum + share, 0) - 1) < 1e-12);
});

test("worlds of two scenarios are paired: the same worlds with the same weights differ by nothing", () => {
  const side = { ends: ensemble.ends, weights: plain, means: outcomeMeans(ensemble.ends, plain, outcomes) };
  close(differenceErrors(side, side), new Array(outcomes).fill(0), "error of outcome");
});

test("a measure that is an outcome has the error of that outcome", () => {
  const share = Float64Array.from(ensemble.ends[0], (first, at) => ((first === 1) + (ensemble.ends[1][at] === 1)) / 2);
  for (const { credence, weights, errors } of shared.expected) {
    const found = meanDifferenceError(share, plain, share, worldWeights(ensemble, credence));
    assert.equal(weights.length, share.length);
    assert.ok(Math.abs(found - errors[1]) < 1e-9);
  }
});

test("Holm: the largest is tested against all, the next against those that are left, until one does not stand out", () => {
  const thresholds = [1.96, 2.24, 2.39, 2.5];
  assert.deepEqual(standOut([2.3, 0, 2.6, 2.4], thresholds), [true, false, true, true]);
  assert.deepEqual(standOut([2.3, 0, 2.6, 2.2], thresholds), [false, false, true, false]);
  assert.deepEqual(standOut([2.4, 2.4, Infinity], thresholds), [true, true, true]);
  assert.deepEqual(standOut([2.4, 2.4], [1.96, 2.5]), [false, false]);
});

test("more than sixteen outcomes take two bytes a world", () => {
  const ends = Buffer.from(new Uint16Array([3 + 20 * 17, 19]).buffer).toString("base64");
  const data = { outcomes: new Array(20).fill({}), causes: [], columns: [], scenarios: [] };
  const given = { worlds: 2, holds: [], caused: [], measures: [], ends };
  assert.deepEqual(readEnsemble(given, data, []).ends.map((plays) => [...plays]), [[3, 19], [17, 0]]);
  const [scenario] = readScenarios({ ...data, scenarios: [{ name: "one", ensembles: [given] }] });
  assert.equal(scenario.ensembles[0](), scenario.ensembles[0]());
});
