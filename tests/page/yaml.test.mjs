// Block YAML as people write it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { lineOf, parseYaml, writeYaml } from "../../sim/page/yaml.mjs";

test("maps, lists, flow collections, quotes, comments, folded text", () => {
  const text = `# a comment
title: "A: quoted" # behind
question: What does it
  cost Kim?
summits:
- {month: 2018-03, between: [DPRK, PRC], note: 'It''s'}
- month: 2018-04
  between:
    - DPRK
    - ROK
note: |
  two
  lines
assume: {claims: {x: 0.2,
    y: off}}
empty:
`;
  assert.deepEqual(parseYaml(text), {
    title: "A: quoted", question: "What does it cost Kim?", summits: [{ month: "2018-03", between: ["DPRK", "PRC"], note: "It's" }, { month: "2018-04", between: ["DPRK", "ROK"] }],
    note: "two\nlines\n", assume: { claims: { x: 0.2, y: "off" } }, empty: null,
  });
});

test("Windows line ends, a byte order mark and no-break spaces do not matter", () => {
  assert.deepEqual(parseYaml("\ufeffa:\r\n\u00a0\u00a0b: 1\r\n"), { a: { b: 1 } });
});

test("a fault names its line", () => {
  for (const [text, line] of [["a: 1\na: 2", 2], ["a: [1, 2", 1], ["a: 1\n   b: 2", 2], ["a: &x 1", 1], ["\ta: 1", 1], ["a: {b: 1} c", 1]]) {
    assert.throws(() => parseYaml(text), (error) => error.line === line, text);
  }
});

test("a value in brackets has so many lines that it is read in a moment", () => {
  const list = (lines) => parseYaml(`a: [\n${"1,\n".repeat(lines)}]`).a.length;
  assert.equal(list(100), 100);
  assert.throws(() => list(3000), /line 1: one value on more than 2000 lines/);
});

test("a line is known of every key and entry", () => {
  const read = parseYaml("a: [1, 2]\n__proto__:\n  - 1\n  - {b: 2}");
  assert.deepEqual([lineOf(read, ["a", 1]), lineOf(read, ["__proto__", 1, "b"]), lineOf(read, ["b"])], [1, 4, null]);
});

test("a key may hold a number sign and end in spaces", () => {
  assert.deepEqual(parseYaml("a#b: 1\n'c' : 2\nd  e  : f#g: h # i"), { "a#b": 1, c: 2, "d  e": "f#g: h" });
});

test("a key named __proto__ is a key", () => {
  assert.deepEqual(Object.keys(parseYaml("__proto__: 1")), ["__proto__"]);
  assert.equal({}.polluted, undefined);
});

test("what is written reads back as itself", () => {
  const value = { title: "yes: no", n: 0.25, list: [{ month: "2018-03", between: ["A", "B"] }], map: { off: "off", "a b": "# not a comment", number: "12", empty: {} }, quote: 'say "so"\nand so' };
  assert.deepEqual(parseYaml(writeYaml(value)), value);
});

test("every shipped file reads as Python reads it", { skip: !process.env.YAML_CASES }, () => {
  for (const { text, data } of JSON.parse(readFileSync(process.env.YAML_CASES, "utf8"))) assert.deepEqual(parseYaml(text), data);
});
