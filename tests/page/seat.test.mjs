// Which question comes next at a table: what cannot be decided is not asked, who spoke before a push is asked again.

import assert from "node:assert/strict";
import test from "node:test";

import { answers, nextQuestion, knownChances } from "../../sim/page/seat.mjs";
import { page } from "./small_page.mjs";

const months = (count, meetings = []) => ({ months: Array.from({ length: count }, (_, month) => ({ meetings: month ? [] : meetings, variables: { "happens.e": 1, "happens.f": 0 } })) });
const move = (month, occasion = null) => ({ month, action: "move", variable: "US", value: 1, occasion });
const next = (story, given, seats, choices) => nextQuestion(page, story, { given: { summits: [], events: [], ...given }, seats, choices });

test("a state that an event makes act is not asked, one whose event does not come about is", () => {
  const asked = (events) => next(months(3), { events }, ["US"], []);
  assert.equal(asked([]).month, 0);
  assert.equal(asked([move(0), move(1, "e")]).month, 2);
  assert.equal(asked([move(0), move(1, "f")]).month, 1);
});

test("each speaks once, a push asks again who spoke before, a refusal ends it", () => {
  const offers = [1, 0].map((push) => ({ package: "grand", on: true, push }));
  const story = months(1, [{ pair: "KU", planned: 1, certain: 1, held: true, picked: 0, offers, terms: {} }]);
  const moved = [{ month: 0, state: "US", option: 0 }];
  const ask = (...said) => next(story, {}, ["US", "DPRK"], [...moved, ...said.map(([state, choice]) => ({ month: 0, pair: "KU", state, ...choice }))]);
  assert.deepEqual([ask().state, ask().at, ask().mayPush], ["DPRK", "sign", true]);
  assert.deepEqual(answers(page, ask()).map(({ choice: { sign, push } }) => sign ?? `push ${push}`), [1, 0, "push 1"]);
  assert.equal(ask(["DPRK", { sign: 1 }]).state, "US");
  const again = ask(["DPRK", { sign: 1 }], ["US", { push: 1 }]);
  assert.deepEqual([again.state, again.mayPush, answers(page, again).length], ["DPRK", false, 2]);
  assert.equal(ask(["DPRK", { push: 1 }], ["US", { sign: 1 }]), null);
  assert.equal(ask(["DPRK", { sign: 0 }]), null);
});

test("what came about in a month is known from then on; what may still come about in another is not", () => {
  const given = { chances: { e: 0.5, f: 0.5, w: 0.5 }, events: [move(0, "e"), move(0, "f")], summits: [{ month: 0, early: 0, late: 2, occasion: "w" }] };
  assert.deepEqual(knownChances(given, months(2), 0), { e: 1, f: 0, w: 0.5 });
  assert.deepEqual(knownChances(given, months(2), 1), given.chances);
});
