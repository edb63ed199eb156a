// A position as YAML and as a link, and back.

import assert from "node:assert/strict";
import test from "node:test";

import { OWN, emptyPosition, fromText, toFragment, toYaml } from "../../sim/views/page/position.mjs";

const known = { claims: ["both-or-neither", "trade-talks-linkage", "slight"], variants: [OWN, "document:a-2018", "coding:first"] };
const position = {
  claims: new Map([["both-or-neither", 20], ["trade-talks-linkage", 100], ["slight", 0]]),
  variant: "document:a-2018",
};

test("nothing moved is an empty block", () => {
  assert.equal(toYaml(emptyPosition()), "assume: {}\n");
  assert.equal(toFragment(emptyPosition()), "");
  assert.deepEqual(fromText("assume: {}\n", known), { position: emptyPosition(), problems: [] });
});

test("a position as YAML uses on, off and credence", () => {
  assert.equal(
    toYaml(position),
    "assume:\n  documents:\n    a-2018: off\n  claims:\n    both-or-neither: {credence: 0.2}\n" +
      "    trade-talks-linkage: on\n    slight: off\n",
  );
  assert.equal(toYaml({ claims: new Map(), variant: "coding:first" }), "assume:\n  coding: first\n");
});

test("what is written is read back, as YAML and as a link", () => {
  assert.deepEqual(fromText(toYaml(position), known), { position, problems: [] });
  assert.deepEqual(fromText("file:///stick/report.html" + toFragment(position), known), { position, problems: [] });
  const every = { claims: new Map(), variant: OWN };
  for (let percent = 0; percent <= 100; percent += 1) {
    every.claims.set("slight", percent);
    assert.deepEqual(fromText(toYaml(every), known).position, every);
  }
});

test("a credence of three decimals keeps them", () => {
  const { position: read } = fromText("claims:\n  slight: {credence: 0.525}\n", known);
  assert.deepEqual([...read.claims], [["slight", 52.5]]);
  assert.match(toYaml(read), /slight: \{credence: 0\.525\}/);
  assert.deepEqual(fromText(toFragment(read), known).position, read);
});

test("comments, a foreign indent and a missing head do no harm", () => {
  const { position: read, problems } = fromText("claims:  # mine\n      slight: {credence: 0.35}   # unsure\n\n", known);
  assert.deepEqual([...read.claims], [["slight", 35]]);
  assert.deepEqual(problems, []);
});

test("what a page cannot do is said and changes nothing", () => {
  const text = "assume:\n  claims:\n    unheard-of: off\n    slight: {weight: 3}\n  parameters: {a0: 0.4}\n  coding: second\n<b>no</b>";
  const { position: read, problems } = fromText(text, known);
  assert.deepEqual(read, emptyPosition());
  assert.equal(problems.length, 5);
  assert.match(problems.join("\n"), /no claim unheard-of/);
});

test("a credence out of range is refused, in a link too", () => {
  for (const text of ["#claims=slight:140", "#claims=slight:x", "#claims=slight", "claims:\n  slight: {credence: 7}", "#claims=%E0%A4%A:5"]) {
    const { position: read, problems } = fromText(text, known);
    assert.equal(read.claims.size, 0, text);
    assert.equal(problems.length, 1, text);
  }
});

test("only one author or coding at a time", () => {
  const { problems } = fromText("assume:\n  coding: first\n  documents: \n    a-2018: off\n", known);
  assert.equal(problems.length, 1);
});
