// Intervals, paired differences, effects of claims: known answers, and sentences that say what the numbers say.

import assert from "node:assert/strict";
import test from "node:test";

import { whyLeverageMoved } from "../../sim/page/claims.mjs";
import { claimWeights, effect, erfc, interaction, holmAdjusted, paired, quantity, share, shareOfSlices, t95, worldMeans } from "../../sim/page/statistics.mjs";
import { emptyPosition } from "../../sim/page/state.mjs";
import { leverageAtMeeting, liveSentence, percent, plain, rounded, shareOfRuns, summary } from "../../sim/page/words.mjs";
import { page } from "./small_page.mjs";

const close = (one, other, within = 1e-9) => assert.ok(Math.abs(one - other) <= within, `${one} is not ${other}`);

test("Wilson's interval of 2 in 10 without clusters", () => {
  const found = share(Uint8Array.from([1, 0, 0, 0, 0, 1, 0, 0, 0, 0]));
  close(found.low, 0.05668, 1e-5);
  close(found.high, 0.50984, 1e-5);
});

test("runs that share a world count less", () => {
  const alike = share(Uint8Array.from({ length: 100 }, (_, run) => Number((run >> 1) % 5 === 0)));
  close(alike.assumptions, 1);
  const apart = share(Uint8Array.from({ length: 100 }, (_, run) => Number(run % 5 === 0)));
  assert.ok(alike.high - alike.low > apart.high - apart.low);
});

test("a paired difference is the mean of the worlds' differences", () => {
  const found = paired(Uint8Array.from([0, 0, 1, 1, 0, 0, 0, 0]), Uint8Array.from([1, 1, 1, 1, 0, 1, 0, 0]));
  close(found.difference, 3 / 8);
  assert.equal(found.changed, 2);
  assert.equal(found.p, 1); // too few worlds differ for a normal test
});

test("the interval of a difference is compare's: shifted for skewness, none where too few worlds differ", () => {
  const none = new Uint8Array(400);
  const found = paired(none, Uint8Array.from(none, (_, run) => Number(run % 40 < 2)));
  close(found.half, 0.05, 1e-12); // sim.analysis.paired of the same: 10 of 200 worlds, so that it reaches to 0
  close(paired(none, Uint8Array.from(none, (_, run) => Number(run % 34 < 2))).half, 0.0505320, 1e-6); // 12 of 200
  close(t95(10), 2.228, 1e-3);
  assert.ok(Number.isNaN(paired(none, Uint8Array.from(none, (_, run) => Number(run < 18))).half));
});

test("a share in counts of slices has their noise: twice the count in each slice is no more knowledge", () => {
  const slices = Array.from({ length: 30 }, (_, at) => [at % 3, 2]);
  const [once, twice] = [slices, slices.map(([hits, of]) => [2 * hits, 2 * of])].map(shareOfSlices);
  close(once.share, 0.5);
  close(once.half, t95(29) * Math.sqrt((20 * 0.25) / 29 / 30), 1e-12); // two of three shares are one half away from the mean
  assert.deepEqual(twice, once);
  assert.ok(Number.isNaN(shareOfSlices([[0, 0]]).share));
});

test("Holm's adjustment and the error function", () => {
  assert.deepEqual(holmAdjusted([{ p: 0.03 }, { p: 0.01 }, { p: 0.04 }]).map(({ p }) => Number(p.toFixed(6))), [0.06, 0.03, 0.06]);
  close(erfc(1.959963984540054 / Math.SQRT2), 0.05, 1e-7);
  close(erfc(-1), 1.8427007929497148, 1e-6);
});

test("the effect of a claim alone is the mean where it holds minus the mean where it fails; one of a cause moves the cause along", () => {
  const holds = Uint8Array.from([1, 1, 0, 0]);
  const alone = claimWeights([{ credence: 0.5, holds }], 0, null);
  close(effect(alone, quantity([1, 1, 0, 0.5]), 2).effect, 0.75);
  const members = [{ credence: 0.4, holds }, { credence: 0.4, holds: Uint8Array.from([1, 0, 1, 0]) }];
  const [one, zero] = claimWeights(members, 0, Uint8Array.from([1, 1, 1, 0]));
  close(one[0], 1 / 0.7 * (1 / (0.4 / 0.7)) * (0.4 / (0.4 / 0.7)));
  close(one[2], 0);
  close(zero[0], 0);
  close(zero[3], 1);
  assert.deepEqual([...worldMeans([0, 1, 1, 1])], [0.5, 1]);
});

const worlds = (value) => Float64Array.from({ length: 400 }, (_, world) => Number(value(world)));
const done = (holds, values) => effect(claimWeights([{ credence: 0.5, holds }], 0, null), quantity(values), holds.reduce((sum, one) => sum + one, 0));

test("a claim's test is explain's: a small side without a hit is not certain, and there is none where too few would differ", () => {
  const [quarter, third, half] = [4, 3, 2].map((step) => worlds((world) => world % step === 0));
  const usual = worlds((world) => (world % 5 === 0) / 2 + (world % 16 === 0) / 2);
  close(done(quarter, usual).p, 7.8564954e-5, 1e-9); // sim.analysis.explain of the same
  const rare = worlds((world) => world >= 300 && world % 3 === 0);
  const found = done(worlds((world) => world < 60), rare);
  close(found.effect, -0.1);
  close(found.p, 0.010445021, 1e-7);
  assert.equal(done(worlds((world) => world < 40), rare).p, 1);
  const both = interaction(quarter, third, quantity(usual)); // sim.analysis.explain of the same
  close(both.effect, 0.0155971480, 1e-9);
  close(both.se, 0.0692391664, 1e-9);
  assert.equal(interaction(worlds((world) => world < 60), half, quantity(rare)), null);
});

test("what happened never reads as 0%, what did not happen never as a certain 0%", () => {
  assert.equal(percent(0.0001), "<0.1%");
  assert.equal(shareOfRuns({ count: 0, runs: 1000, probability: 0, low: 0, high: 0.0038 }), "below 0.4%");
});

const table = (own) => leverageAtMeeting(page, emptyPosition("first"), { "DPRK.US": own, "US.DPRK": [0, 0, 0, 0.1] }); // they first meet in month 3

function rows(ends, terms, held) {
  return { runs: ends.length, final: Int8Array.from(ends), values: { first_us_terms: Float32Array.from(terms), held: Float32Array.from(held) } };
}

test("a tie is rounded as in the terminal, to the even digit; nothing has no sign", () => {
  assert.deepEqual([45, 55, 65, 185].map((count) => percent(count / 2000)), ["2.2%", "2.8%", "3.2%", "9.2%"]);
  assert.deepEqual([[0.5, 0], [1.5, 0], [-2.25, 1], [2.675, 2], [0.125, 2], [-0.04, 1]].map(([value, digits]) => rounded(value, digits)), ["0", "2", "-2.2", "2.67", "0.12", "0.0"]);
});

test("the live sentence counts the runs that turned and gives means over meetings that were held", () => {
  const before = rows([0, 1, 1, 1], [0.5, 0.7, 0.6, 0], [1, 1, 1, 0]);
  const now = rows([1, 1, 0, 1], [0.5, 0.5, 0.5, 0], [1, 1, 1, 0]);
  const found = { ...summary(page, now, before), table: table([0.2, 0.2, 0.2, 0.41]), tableBefore: table([0.2, 0.2, 0.2, 0.6]) };
  assert.equal(found.flips, 2);
  const said = plain(liveSentence(page, found, emptyPosition("first"), true));
  assert.match(said, /^Your change turns 2 of the same 4 runs\. Kim’s leverage over Trump when they first meet: \.60 → \.41\. Kim’s terms with Trump: 60 → 50 \(within the noise\)\./);
  assert.match(said, /Nothing else differs by more than the noise/);
});

test("a first meeting that is planned beyond the last month is none: leverage is the mean over the months", () => {
  assert.deepEqual(leverageAtMeeting(page, { ...emptyPosition("first"), months: 1 }, { "DPRK.US": [0.2, 0.4], "US.DPRK": [0.1, 0.1] }), { month: null, own: (0.2 + 0.4) / 2, other: 0.1 });
});

test("before anything is touched the sentence invites one move", () => {
  const found = { ...summary(page, rows([1, 1, 1, 1], [0.6, 0.6, 0.6, 0.6], [1, 1, 1, 1]), null), table: table([0, 0, 0, 0.6]) };
  assert.match(plain(liveSentence(page, found, emptyPosition("first"), false)), /A peace \(all is well\) comes about most often: .*Drag Xi’s first meeting behind Trump’s\.$/);
});

test("why leverage moved: the claims without which less of the change is left", async () => {
  const before = emptyPosition("first");
  const now = { ...before, summits: [] };
  // of a change of -.2, claim a carries .15 and b .004; c feeds the other side
  const leverageAt = async ({ summits, assume }) => {
    const off = (id) => Number(assume.claims?.[id] === 0);
    const own = summits ? 0.4 + 0.15 * off("a") + 0.004 * off("b") : 0.6;
    return [-0.01, 0.01, -0.01, 0.01, -0.01, 0.01, -0.01, 0.01].map((noise) => ({ "DPRK.US": Array(13).fill(own + noise * (summits ? 1 : 2) * (1 + off("a"))), "US.DPRK": Array(13).fill(0.3 - 0.1 * off("c")) }));
  };
  const { holder, whole, parts, more } = await whyLeverageMoved(page, now, before, leverageAt);
  assert.equal(holder.id, "DPRK");
  close(whole.mean, -0.2);
  close(whole.half, 2.3646 * 0.01 / Math.sqrt(7), 1e-5); // Student's t of seven degrees of freedom, eight values .01 from their mean
  assert.deepEqual(parts.map(({ id, mean, half }) => [id, mean.toFixed(3), half.toFixed(3)]), [["a", "-0.150", "0.009"]]);
  assert.equal(more, 0);
});
