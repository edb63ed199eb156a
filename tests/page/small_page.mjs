// A page's data in small: two partners, one main pair, three claims of which two restate one cause, two endings.

import { unpack } from "../../sim/page/scenario.mjs";

const NUMBERS = {
  "ledger.claims.a.credence": 0.5, "ledger.claims.a.weight.low": 0.1, "ledger.claims.a.weight.mode": 0.2, "ledger.claims.a.weight.high": 0.3, "ledger.claims.a.effects.DPRK>US+.share": 1,
  "ledger.claims.b.credence": 0.4, "ledger.claims.b.weight.low": 0.1, "ledger.claims.b.weight.mode": 0.2, "ledger.claims.b.weight.high": 0.3, "ledger.claims.b.effects.DPRK>US+.share": 1,
  "ledger.claims.c.credence": 0.8, "ledger.claims.c.weight.low": 0.5, "ledger.claims.c.weight.mode": 0.5, "ledger.claims.c.weight.high": 0.5, "ledger.claims.c.effects.US>DPRK+.share": 0.5,
  "case.parameters.lam.low": 4, "case.parameters.lam.mode": 6, "case.parameters.lam.high": 8, "case.variables.troops.start.low": 1, "case.variables.troops.start.mode": 1,
  "case.variables.troops.start.high": 1, "case.thresholds.c.mode": 0.1, "case.packages.grand.gives.US.troops": 0.5, "case.packages.grand.on": 1,
  "case.states.US.ideals.troops.position.low": 0.2, "case.states.US.ideals.troops.position.mode": 0.3, "case.states.US.ideals.troops.position.high": 0.4,
};
const names = Object.keys(NUMBERS);
const claim = (id, group, documents, effects, more = {}) => ({ id, claim: `${id} is so`, group, documents, places: [[documents[0], 1, ""]], effects, attacks: [], supports: [], codings: [], rivals: [], ...more });

export const page = unpack({
  keys: ["behaviour", "constants", "month"],
  firstMonth: [2018, 3], main: "KU", termsOf: "first_us_terms", heldOf: null,
  states: [{ id: "DPRK", label: "North", short: "Kim" }, { id: "US", label: "US", short: "Trump" }, { id: "PRC", label: "China", short: "Xi" }],
  pairs: [{ id: "KP", between: ["DPRK", "PRC"] }, { id: "KU", between: ["DPRK", "US"] }],
  outcomes: [{ name: "war", label: "a war", says: "all is lost" }, { name: "peace", label: "a peace", says: "all is well" }],
  measures: [{ name: "first_us_terms", label: "terms", shown: true, where: "held" }, { name: "held", label: "held", shown: false, where: null }],
  variables: [{ name: "troops", label: "troops", kind: "lever", start: 1, hostage: true }, { name: "tariffs", label: "tariffs", kind: "exogenous", start: 0.2, hostage: false }],
  packages: [{ name: "grand", pair: "KU", says: "bombs for troops", gives: { US: { troops: 0.5 } } }],
  issues: [{ name: "troops", label: "troops" }],
  menus: { US: [{ name: "wait", says: "waits", reference: true }, { name: "press", says: "presses", reference: false }] }, documents: [{ id: "one", author: "One", date: "2018-03-29" }, { id: "two", author: "Two", date: "2019-01-01" }],
  claims: [
    claim("a", "same", ["one"], [{ holder: "DPRK", target: "US", sign: 1 }]), claim("b", "same", ["two"], [{ holder: "DPRK", target: "US", sign: 1 }]),
    claim("c", "other", ["one", "two"], [{ holder: "US", target: "DPRK", sign: 1 }]),
  ],
  numbers: [{ key: "parameters.lam", label: "lam", range: [4, 6, 8], within: [0.001, 100], meaning: "", source: "" }, { key: "thresholds.c", label: "c", range: [0.1, 0.1, 0.1], within: [-1000000, 1000000], meaning: "", source: "" }],
  codings: { pooled: { kernel: 0, ledger: names.filter((name) => name.startsWith("ledger.")).map((name) => NUMBERS[name]) } },
  kernels: [{ wasm: "", layout: { numbers: names }, numbers: Object.values(NUMBERS) }],
  scenarios: [{
    name: "first", title: "Xi first", question: "Does it matter?", kernel: 0, numbers: [], months: 12, assume: {}, moves: [], run: { runs: 1000, seed: 1 },
    summits: [{ month: 0, pair: "KP", note: "Beijing" }, { month: 3, pair: "KU" }, { month: 5, pair: "KP" }],
    events: [{ month: 4, action: "set", variable: "tariffs", value: 0.5, note: "up" }],
  }],
});
export const numberAt = (given, name) => given.numbers[page.kernels[0].index.get(name)];
