// Intervals, paired differences and effects of claims, as sim/ensemble/intervals.py and sim/analysis compute them.

export const Z95 = 1.959963984540054;
const FEW_CHANGED = 10; // fewest worlds that must differ for a normal interval to be trusted
const ENOUGH_CHANGED = 4 * FEW_CHANGED;
const EXPECTED = 5; // worlds that must differ on the smaller side if a claim did nothing
const LEVEL = 0.05;

// 1 for every run with the ending at this place, else 0.
export function hits(final, place) {
  const found = new Uint8Array(final.length);
  for (let run = 0; run < found.length; run++) found[run] = Number(final[run] === place);
  return found;
}

// A share of the runs that count, with Wilson's interval at n/(1+r), r the share of its variance that the two plays of a world have
// in common; `half` is its longer side.
export function share(hits, counts) {
  let [count, runs, pairs, both, paired] = [0, 0, 0, 0, 0];
  for (let k = 0; k < hits.length; k++) {
    if (counts && !counts[k]) continue;
    count += hits[k];
    runs++;
    if (k % 2 === 0 || (counts && !counts[k - 1])) continue;
    both += hits[k - 1] & hits[k];
    paired += hits[k - 1] + hits[k];
    pairs++;
  }
  const p = count / runs;
  const r = p > 0 && p < 1 && pairs ? Math.min(Math.max((both - p * paired + pairs * p * p) / (pairs * p * (1 - p)), 0), 1) : null;
  const { low, high } = wilson(count, runs, r ?? 0);
  return { count, runs, probability: p, assumptions: r, low, high, half: Math.max(high - p, p - low) };
}

function wilson(count, runs, r) {
  const n = runs / (1 + Math.max(r, 0));
  const p = count / runs;
  const centre = p + Z95 ** 2 / (2 * n);
  const half = Z95 * Math.sqrt((p * (1 - p)) / n + Z95 ** 2 / (4 * n * n));
  const whole = 1 + Z95 ** 2 / n;
  return { low: count <= 0 ? 0 : Math.max((centre - half) / whole, 0), high: count >= runs ? 1 : Math.min((centre + half) / whole, 1) };
}

// Mean over the runs that count and have a value (NaN is none); NaN where there is none.
export function mean(values, counts) {
  let sum = 0;
  let n = 0;
  for (let k = 0; k < values.length; k++) {
    if ((!counts || counts[k]) && !Number.isNaN(values[k])) { sum += values[k]; n++; }
  }
  return { mean: n ? sum / n : Number.NaN, n };
}

// B minus A, paired world by world over the runs that count in both; the standard error is clustered by world, the interval
// shifted for skewness (Hall 1992), NaN where too few worlds differ; `half` is its longer side.
export function paired(before, after, counts, size = Number) {
  const { differences, difference, changed } = byWorld(before, after, counts, size);
  const n = differences.length;
  if (n < 2) return { difference: Number.NaN, se: Number.NaN, half: Number.NaN, changed, n, p: 1 };
  let [squares, cubes] = [0, 0];
  for (let k = 0; k < n; k++) {
    const apart = differences[k] - difference;
    squares += apart * apart;
    cubes += apart * apart * apart;
  }
  const se = Math.sqrt(squares / n / (n - 1));
  if (changed < FEW_CHANGED) return { difference, se, half: Number.NaN, changed, n, p: 1 };
  const skew = se > 0 ? cubes / n / (squares / n) ** 1.5 / Math.sqrt(n) : 0;
  const ends = [1, -1].map((side) => difference - se * unskewed(side * t95(n - 1), skew));
  const half = Math.max(...givenShown(...ends, changed).map((end) => Math.abs(end - difference)));
  return { difference, se, half, changed, n, p: twoSided(difference, se) };
}

// Of every world its part of the mean difference over all runs (ratio_means in sim/analysis/world_means.py); that mean, and how many
// worlds differ: those whose plays, by `size`, do not add up to 0.
function byWorld(before, after, counts, size) {
  const worlds = Math.min(before.length, after.length) >> 1;
  const [sums, plays] = [new Float64Array(worlds), new Uint8Array(worlds)];
  let [n, all, total, changed] = [0, 0, 0, 0];
  for (let k = 0; k < worlds; k++) {
    let apart = 0;
    for (let run = 2 * k; run < 2 * k + 2; run++) {
      const by = after[run] - before[run];
      if ((!counts || counts[run]) && !Number.isNaN(by)) { sums[n] += by; apart += size(by); plays[n]++; }
    }
    if (!plays[n]) continue;
    all += plays[n];
    total += sums[n++];
    if (apart !== 0) changed++;
  }
  const difference = total / all;
  return { differences: sums.subarray(0, n).map((sum, k) => difference + ((sum - plays[k] * difference) * n) / all), difference, changed };
}

// The studentized mean whose transform is z; `skew` is the skewness over the root of the number of worlds.
const unskewed = (z, skew) => (Math.abs(skew) < 1e-6 ? z : (3 / skew) * (Math.cbrt(1 + skew * (z - skew / 6)) - 1));

// An interval that covers as often as it says among those that are shown (given_shown in sim/analysis/paired.py): where few worlds are
// expected to differ, it is shown only where more happen to, so its nearer end is drawn to 0.
function givenShown(low, high, changed) {
  if (changed >= ENOUGH_CHANGED) return [low, high];
  keptOf[changed] ??= fewestExpected(changed, FEW_CHANGED) / fewestExpected(changed, 0);
  return [Math.min(low, keptOf[changed] * low), Math.max(high, keptOf[changed] * high)];
}

const keptOf = []; // by the number of worlds that differ

// The Poisson mean of which a count of `seen` or more is `count` or more in 2.5% of cases; 0 where it always is.
function fewestExpected(count, seen) {
  let [low, high] = [0, count > seen ? count : 0];
  while (high - low > 1e-9) {
    const mean = (low + high) / 2;
    let [chance, all, tail] = [1, 0, 0];
    for (let k = seen; k < 5 * ENOUGH_CHANGED; chance *= mean / ++k) {
      all += chance;
      if (k >= count) tail += chance;
    }
    [low, high] = tail < 0.025 * all ? [mean, high] : [low, mean];
  }
  return low;
}

// 97.5% point of Student's t, by the expansion of Fisher and Cornish (1960).
export function t95(degrees) {
  const z = Z95;
  const terms = [(z ** 3 + z) / 4, (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96, (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384];
  return terms.reduce((sum, term, power) => sum + term / degrees ** (power + 1), z);
}

// The mean of independent values and half its 95% interval, by Student's t.
export function meanWithInterval(values) {
  const middle = mean(values).mean;
  const variance = values.reduce((sum, each) => sum + (each - middle) ** 2, 0) / (values.length - 1);
  return { mean: middle, half: t95(values.length - 1) * Math.sqrt(variance / values.length) };
}

// A share in counts of independent slices, [[hits, of]], with half its 95% interval, by Student's t of the slices' parts in it.
export function shareOfSlices(slices) {
  const [hits, of] = [0, 1].map((at) => slices.reduce((sum, each) => sum + each[at], 0));
  const parts = slices.map(([own, all]) => hits / of + ((own - (all * hits) / of) * slices.length) / of);
  return { share: hits / of, half: meanWithInterval(parts).half };
}

// Holm's adjustment over one family: marks those that stand out.
export function holmAdjusted(family) {
  const order = family.map((each, place) => [each.p, place]).sort((one, other) => one[0] - other[0]);
  const adjusted = new Array(family.length);
  let least = 0;
  order.forEach(([p, place], rank) => {
    least = Math.max(least, p * (family.length - rank));
    adjusted[place] = Math.min(least, 1);
  });
  return family.map((each, place) => ({ ...each, p: adjusted[place], standsOut: adjusted[place] < LEVEL }));
}

function twoSided(estimate, se) {
  if (!Number.isFinite(estimate) || !Number.isFinite(se) || estimate === 0) return 1;
  return se > 0 ? erfc(Math.abs(estimate) / (se * Math.SQRT2)) : 0;
}

// Complementary error function: Numerical Recipes' Chebyshev fit, relative error below 1.2e-7.
export function erfc(x) {
  const t = 1 / (1 + 0.5 * Math.abs(x));
  const terms = [0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368];
  const tail = t * Math.exp(-x * x - 1.26551223 + terms.reduce((sum, term) => term + t * sum, 0) * t);
  return x >= 0 ? tail : 2 - tail;
}

// A quantity over worlds, its mean over the plays of each, as `effect` and `interaction` read it: `differ` counts the worlds that
// have another value than the median, `least` is how many worlds a side needs for a normal test (EXPECTED of them differ).
export function quantity(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  const median = Float64Array.from(values).sort()[values.length >> 1];
  const differ = values.reduce((count, value) => count + Number(value !== median), 0);
  return { values, variance, least: differ < FEW_CHANGED ? Infinity : Math.max(FEW_CHANGED, (EXPECTED * values.length) / differ) };
}

// What a claim does to a quantity: the mean at credence 1 minus that at credence 0 (MODEL.md 7.9). `weights` are the two sets [where
// true, where false], `smaller` is the number of worlds where it holds or fails, whichever is less. The test takes the larger of two
// errors, since a side without a hit has no spread of its own and looks certain.
export function effect(weights, { values, variance, least }, smaller) {
  const [one, zero] = weights.map((w) => moments(w, values));
  const se = Math.sqrt(one.variance + zero.variance);
  const pooled = Math.sqrt(variance * (one.heavy + zero.heavy));
  return { effect: one.mean - zero.mean, se, p: smaller < least ? 1 : twoSided(one.mean - zero.mean, Math.max(se, pooled)) };
}

// Weighted mean, the variance of it, and the sum of squared weights over the square of their sum.
function moments(weights, values) {
  let [w, wv, heavy, about] = [0, 0, 0, 0];
  for (let k = 0; k < values.length; k++) {
    w += weights[k];
    wv += weights[k] * values[k];
    heavy += weights[k] ** 2;
  }
  const mean = wv / w;
  for (let k = 0; k < values.length; k++) about += (weights[k] * (values[k] - mean)) ** 2;
  return { mean, variance: about / (w * w), heavy: heavy / (w * w) };
}

// What two claims do together: what the first does where the second holds, less what it does where that fails. Null where one of the
// four cells has too few worlds.
export function interaction(one, other, { values, variance, least }) {
  const cells = [[0, 0, 0], [0, 0, 0], [0, 0, 0], [0, 0, 0]];
  for (let k = 0; k < values.length; k++) {
    const cell = cells[2 * one[k] + other[k]];
    cell[0] += 1;
    cell[1] += values[k];
    cell[2] += values[k] ** 2;
  }
  if (cells.some(([n]) => n < least)) return null;
  const means = cells.map(([n, sum]) => sum / n);
  const squares = cells.reduce((sum, [n, , square], at) => sum + Math.max(square / n - means[at] ** 2, variance) / n, 0);
  const [difference, se] = [means[3] - means[2] - means[1] + means[0], Math.sqrt(squares)];
  return { effect: difference, se, p: twoSided(difference, se) };
}

// Weights of every world at credence 1 and at credence 0 of a claim that restates a cause with others (MODEL.md 7.1, 7.9).
// Of each member: its credence and whether it holds by world; `caused` is whether the cause holds.
export function claimWeights(members, which, caused) {
  if (members.length === 1) return [1, 0].map((side) => Float64Array.from(members[0].holds, (holds) => Number(Boolean(holds) === Boolean(side))));
  return [1, 0].map((credence) => {
    const wanted = members.map((member, place) => (place === which ? credence : member.credence));
    return groupWeights(members, wanted, caused);
  });
}

function groupWeights(members, wanted, caused) {
  const chance = (credences) => (1 + Math.max(...credences)) / 2;
  const had = members.map((member) => member.credence);
  const [old, now] = [chance(had), chance(wanted)];
  return Float64Array.from(caused, (holds, world) => {
    const cause = ratio(holds, old, now);
    if (!holds) return cause;
    return members.reduce((weight, member, at) => weight * ratio(member.holds[world], had[at] / old, wanted[at] / now), cause);
  });
}

// A case that cannot occur has weight 0.
function ratio(holds, drawn, wanted) {
  if (holds) return drawn > 0 ? wanted / drawn : 0;
  return drawn < 1 ? (1 - wanted) / (1 - drawn) : 0;
}

// Means over the two plays of each world.
export function worldMeans(values) {
  return Float64Array.from({ length: values.length >> 1 }, (_, world) => (values[2 * world] + values[2 * world + 1]) / 2);
}
