// Findings in words.

import assert from "node:assert/strict";
import test from "node:test";

import { comparison, count, percent, points, summary, whatMoved } from "../../sim/views/page/words.mjs";

const outcomes = [
  { name: "war", label: "a war", says: "all is lost" },
  { name: "peace", label: "a peace", says: "all is well" },
];
const finding = (...probability) => ({ probability, low: probability.map((p) => p - 0.02), high: probability.map((p) => p + 0.02) });

test("a chance never reads as nothing", () => {
  assert.equal(percent(0.0001), "below 0.1%");
  assert.equal(percent(0), "0.0%");
  assert.equal(percent(0.0312), "3.1%");
  assert.equal(percent(0.512), "51%");
  assert.equal(points(0.01), "1.0 point");
  assert.equal(count(1, "claim"), "1 claim");
});

test("the sentence names the likeliest and the next", () => {
  assert.equal(
    summary(outcomes, finding(0.3, 0.7)),
    "In 70 of 100 runs (68.0 to 72.0 with the simulation noise) it ends in a peace: all is well. Next comes a war, in 30 of 100 runs.",
  );
});

test("what the reader's moves did has a sign and a size", () => {
  assert.equal(whatMoved(outcomes, finding(0.3, 0.7), finding(0.3, 0.7), ""), "");
  assert.match(whatMoved(outcomes, finding(0.3, 0.7), finding(0.3, 0.7), "1 claim moved"), /nothing changes/);
  assert.match(whatMoved(outcomes, finding(0.3, 0.7), finding(0.45, 0.55), "1 claim moved"), /a war gains the most: 15 points more/);
});

test("the sign of a comparison is in words, shares first, and noise is not told", () => {
  const changes = (told) => [
    { label: "aid", change: 0.4, told, measure: true },
    { label: "a war", change: 0.05, told, measure: false },
    { label: "a peace", change: -0.06, told, measure: false },
  ];
  assert.equal(
    comparison(changes(true)),
    "a peace is less likely (by 6.0 points); a war is more likely (by 5.0 points); aid: higher by 0.400; " +
      "what is not named differs by less than the noise.",
  );
  assert.equal(comparison(changes(false)), "nothing differs by more than the simulation noise.");
});
