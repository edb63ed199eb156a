// Worlds weighted by other credences: the arithmetic of sim/analysis/reweight.py, on the worlds embedded in the page.
//
// A world is a column: holds[claim][world] and caused[cause][world] are 0 or 1, ends[play][world] is the place of the
// outcome. `drawn` are the credences the worlds were drawn at, `credence` those that the scenario assumes.

const Z95 = 1.959963984540054;

export function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

// Packed bits, the first in the highest place of a byte, as one byte a bit.
export function bitsOf(bytes, count) {
  const bits = new Uint8Array(count);
  for (let at = 0; at < count; at += 1) bits[at] = (bytes[at >> 3] >> (7 - (at & 7))) & 1;
  return bits;
}

// C: the chance that a cause holds, given the credences of the claims that restate it.
export function causeChance(credences) {
  return (1 + Math.max(...credences)) / 2;
}

function ratio(drawn, wanted) {
  return [drawn < 1 ? (1 - wanted) / (1 - drawn) : 0, drawn > 0 ? wanted / drawn : 0];
}

function multiply(weights, holds, [fails, true_]) {
  if (fails === 1 && true_ === 1) return;
  for (let at = 0; at < weights.length; at += 1) weights[at] *= holds[at] ? true_ : fails;
}

function multiplyWhere(weights, where, holds, [fails, true_]) {
  if (fails === 1 && true_ === 1) return;
  for (let at = 0; at < weights.length; at += 1) if (where[at]) weights[at] *= holds[at] ? true_ : fails;
}

// Weight of each world under these credences, one a claim.
export function worldWeights(ensemble, credences) {
  const weights = new Float64Array(ensemble.worlds).fill(1);
  const shared = new Set(ensemble.causes.flat());
  ensemble.holds.forEach((holds, claim) => {
    if (!shared.has(claim)) multiply(weights, holds, ratio(ensemble.drawn[claim], credences[claim]));
  });
  ensemble.causes.forEach((claims, cause) => {
    const drawn = causeChance(claims.map((claim) => ensemble.drawn[claim]));
    const wanted = causeChance(claims.map((claim) => credences[claim]));
    const caused = ensemble.caused[cause];
    multiply(weights, caused, ratio(drawn, wanted));
    for (const claim of claims) {
      const change = ratio(ensemble.drawn[claim] / drawn, credences[claim] / wanted);
      multiplyWhere(weights, caused, ensemble.holds[claim], change);
    }
  });
  return weights;
}

export function total(weights) {
  let sum = 0;
  for (let at = 0; at < weights.length; at += 1) sum += weights[at];
  return sum;
}

// (sum w)^2 / sum w^2: how many equally weighted worlds these are worth.
export function effectiveWorlds(weights) {
  let sum = 0;
  let squares = 0;
  for (let at = 0; at < weights.length; at += 1) {
    sum += weights[at];
    squares += weights[at] * weights[at];
  }
  return squares > 0 ? (sum * sum) / squares : 0;
}

// Weighted probability of each outcome; a world counts half for each of its two plays.
export function outcomeMeans([first, second], weights, outcomes) {
  const means = new Float64Array(outcomes);
  for (let at = 0; at < weights.length; at += 1) {
    means[first[at]] += weights[at] / 2;
    means[second[at]] += weights[at] / 2;
  }
  const all = total(weights);
  return means.map((mean) => (all > 0 ? mean / all : NaN));
}

// Standard error of (mean two - mean one) of each outcome: worlds are the units, and the two share them.
// Each side is {ends, weights, means}; world k of one side is world k of the other.
export function differenceErrors(one, two) {
  const outcomes = one.means.length;
  const [all1, all2] = [total(one.weights), total(two.weights)];
  const squares = new Float64Array(outcomes);
  const none = new Float64Array(outcomes); // what a world that ends nowhere near an outcome contributes, per weight
  let [sum11, sum12, sum22] = [0, 0, 0];
  for (let at = 0; at < one.weights.length; at += 1) {
    const a = one.weights[at] / all1;
    const b = two.weights[at] / all2;
    sum11 += a * a;
    sum12 += a * b;
    sum22 += b * b;
    addTouched(squares, one, two, at, a, b);
  }
  return none.map((_, k) => {
    const [m1, m2] = [one.means[k], two.means[k]];
    return Math.sqrt(Math.max(squares[k] + m2 * m2 * sum22 - 2 * m1 * m2 * sum12 + m1 * m1 * sum11, 0));
  });
}

// Adds (b (v2 - m2) - a (v1 - m1))^2 - (b m2 - a m1)^2 for the at most four outcomes that this world ended in.
function addTouched(squares, one, two, at, a, b) {
  const touched = [one.ends[0][at], one.ends[1][at], two.ends[0][at], two.ends[1][at]];
  for (let place = 0; place < 4; place += 1) {
    const k = touched[place];
    if (touched.indexOf(k) < place) continue;
    const v1 = ((touched[0] === k) + (touched[1] === k)) / 2;
    const v2 = ((touched[2] === k) + (touched[3] === k)) / 2;
    const rest = a * one.means[k] - b * two.means[k];
    const whole = b * v2 - a * v1 + rest;
    squares[k] += whole * whole - rest * rest;
  }
}

export function weightedMean(values, weights) {
  let sum = 0;
  for (let at = 0; at < weights.length; at += 1) sum += weights[at] * values[at];
  return sum / total(weights);
}

// Standard error of the difference of two weighted means of a measure, world k of one against world k of the other.
export function meanDifferenceError(values1, weights1, values2, weights2) {
  const [mean1, mean2] = [weightedMean(values1, weights1), weightedMean(values2, weights2)];
  const [all1, all2] = [total(weights1), total(weights2)];
  let squares = 0;
  for (let at = 0; at < weights1.length; at += 1) {
    const part = (weights2[at] * (values2[at] - mean2)) / all2 - (weights1[at] * (values1[at] - mean1)) / all1;
    squares += part * part;
  }
  return Math.sqrt(squares);
}

// Which of a family of differences stand out by Holm's test: each as its size in standard errors, and thresholds[left - 1]
// the size needed with so many left to test.
export function standOut(sizes, thresholds) {
  const told = sizes.map(() => false);
  const order = sizes.map((_, at) => at).sort((a, b) => sizes[b] - sizes[a]);
  for (let place = 0; place < order.length; place += 1) {
    if (!(sizes[order[place]] > thresholds[order.length - place - 1])) break;
    told[order[place]] = true;
  }
  return told;
}

// Wilson's 95% interval of a share of n runs; n may be a number of effective runs.
export function wilson(share, n) {
  if (!(n > 0)) return [0, 1];
  const centre = share + (Z95 * Z95) / (2 * n);
  const half = Z95 * Math.sqrt(Math.max(share * (1 - share), 0) / n + (Z95 * Z95) / (4 * n * n));
  const scale = 1 + (Z95 * Z95) / n;
  return [share <= 0 ? 0 : Math.max((centre - half) / scale, 0), share >= 1 ? 1 : Math.min((centre + half) / scale, 1)];
}

// What an ensemble says under these credences. At the scenario's own credences these are the run's own numbers; away from
// them, the run's numbers moved by how far the embedded worlds move, so that a small step is never drowned in noise.
export function estimate(ensemble, credences) {
  const { shown, ends } = ensemble;
  const outcomes = shown.probability.length;
  ensemble.own ??= weighed(ensemble, ensemble.credence, outcomes);
  const moved = credences.some((credence, claim) => credence !== ensemble.credence[claim]);
  const now = moved ? weighed(ensemble, credences, outcomes) : ensemble.own;
  if (!moved) return { ...now, moved, probability: shown.probability, low: shown.low, high: shown.high, ends };
  const errors = differenceErrors(ensemble.own, now);
  const found = { ...now, moved, probability: [], low: [], high: [], ends };
  const clipped = now.means.map((mean, k) => Math.max(shown.probability[k] + mean - ensemble.own.means[k], 0));
  const all = clipped.reduce((sum, share) => sum + share, 0);
  clipped.forEach((raw, k) => {
    const share = raw / all;
    const spread = share * (1 - share);
    const n = spread > 0 ? 1 / (1 / shown.effective[k] + errors[k] ** 2 / spread) : shown.effective[k];
    const [low, high] = wilson(share, n);
    found.probability.push(share);
    found.low.push(low);
    found.high.push(high);
  });
  return found;
}

function weighed(ensemble, credences, outcomes) {
  const weights = worldWeights(ensemble, credences);
  const means = outcomeMeans(ensemble.ends, weights, outcomes);
  return { ends: ensemble.ends, weights, means, effective: effectiveWorlds(weights) };
}
