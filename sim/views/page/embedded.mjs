// From the JSON in the page to ensembles that reweight.mjs can read. Columns of equal bits are written once and shared.

import { bitsOf, bytesOf } from "./reweight.mjs";

export function readScenarios(data) {
  const columns = data.columns.map(bytesOf);
  return data.scenarios.map((scenario) => ({
    ...scenario,
    ensembles: scenario.ensembles.map((ensemble) => lazily(() => readEnsemble(ensemble, data, columns))),
  }));
}

function lazily(read) {
  let found = null;
  return () => (found ??= read());
}

export function readEnsemble(given, data, columns) {
  const unpack = (place) => bitsOf(columns[place], given.worlds);
  return {
    ...given,
    causes: data.causes.map((cause) => cause.claims),
    holds: given.holds.map(unpack),
    caused: given.caused.map(unpack),
    ends: endsOf(bytesOf(given.ends), data.outcomes.length),
    values: given.measures.map((measure) => levelsOf(measure, given.worlds)),
  };
}

// One number a world: first play + outcomes * second play, in one byte for up to 16 outcomes, else in two.
function endsOf(bytes, outcomes) {
  const pairs = outcomes <= 16 ? bytes : new Uint16Array(bytes.buffer);
  return [pairs.map((pair) => pair % outcomes), pairs.map((pair) => Math.floor(pair / outcomes))];
}

// Half a byte a world: steps from the lowest to the highest value.
function levelsOf({ low, high, steps, bytes }, worlds) {
  const packed = bytesOf(bytes);
  const step = (world) => (world % 2 ? packed[world >> 1] & 15 : packed[world >> 1] >> 4);
  return Float64Array.from({ length: worlds }, (_, world) => low + (step(world) * (high - low)) / steps);
}
