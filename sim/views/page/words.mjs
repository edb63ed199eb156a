// Numbers and findings in words.

// A share as a percentage that never rounds a chance away: whole from 10 on, one decimal below.
export function percent(share) {
  const value = 100 * share;
  if (value > 0 && value < 0.05) return "below 0.1%";
  return value >= 9.95 ? `${value.toFixed(0)}%` : `${value.toFixed(1)}%`;
}

export function interval(low, high) {
  return `${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)}%`;
}

export function points(difference) {
  const size = Math.abs(100 * difference);
  const text = size >= 9.95 ? size.toFixed(0) : size.toFixed(1);
  return `${text} ${text === "1.0" ? "point" : "points"}`;
}

export function count(number, word) {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

function shareWords(share) {
  const hundred = Math.round(100 * share);
  return hundred < 1 ? "fewer than 1 of 100 runs" : `${hundred} of 100 runs`;
}

// The sentence over the bars: what is most likely, and what comes next.
export function summary(outcomes, found) {
  const order = outcomes.map((_, k) => k).sort((a, b) => found.probability[b] - found.probability[a]);
  const [first, second] = order;
  const range = `${(100 * found.low[first]).toFixed(1)} to ${(100 * found.high[first]).toFixed(1)} with the simulation noise`;
  const next = second === undefined ? "" : ` Next comes ${outcomes[second].label}, in ${shareWords(found.probability[second])}.`;
  const { label, says } = outcomes[first];
  return `In ${shareWords(found.probability[first])} (${range}) it ends in ${label}: ${says}.${next}`;
}

// What the reader's own moves did, against the run.
export function whatMoved(outcomes, run, found, moves) {
  if (!moves) return "";
  const changes = outcomes.map((outcome, k) => [outcome.label, found.probability[k] - run.probability[k]]);
  const [label, change] = changes.reduce((most, one) => (Math.abs(one[1]) > Math.abs(most[1]) ? one : most));
  if (Math.abs(change) < 0.0005) return `With ${moves}, nothing changes by a tenth of a point.`;
  return `With ${moves}, ${label} ${change > 0 ? "gains" : "loses"} the most: ${points(change)} ${change > 0 ? "more" : "less"}.`;
}

// The sign of a comparison, B against A, outcome by outcome; only what stands out from the noise is said. Each of `changes`
// is {label, change, told, measure}: a share of runs, or (measure) a mean.
export function comparison(changes) {
  const told = changes
    .filter((each) => each.told && Math.abs(each.change) >= 0.0005)
    .sort((a, b) => Number(a.measure) - Number(b.measure) || Math.abs(b.change) - Math.abs(a.change));
  if (!told.length) return "nothing differs by more than the simulation noise.";
  return told.slice(0, 6).map(sayChange).join("; ") + "; what is not named differs by less than the noise.";
}

function sayChange({ label, change, measure }) {
  if (measure) return `${label}: ${change > 0 ? "higher" : "lower"} by ${Math.abs(change).toFixed(3)}`;
  return `${label} is ${change > 0 ? "more" : "less"} likely (by ${points(change)})`;
}

export function capital(text) {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
