// Positions: what a reader does to them, their files, codes and links, and the numbers that the compiled model gets.

import assert from "node:assert/strict";
import test from "node:test";

import { addMeeting, dropMeeting, hostageAt, moveMeeting, setHostage, stepMeeting, toggleEvents } from "../../sim/page/calendar.mjs";
import { readPositions } from "../../sim/page/class.mjs";
import { linkOf, writeCode } from "../../sim/page/codes.mjs";
import { fileName, fromText, toCode, toYaml } from "../../sim/page/position.mjs";
import { credencesAt, eventsAt, givenAt, meetingsAt } from "../../sim/page/scenario.mjs";
import { assume, emptyPosition, firstState, pin, redo, reset, undo, unpin, withPosition } from "../../sim/page/state.mjs";
import { numberAt, page } from "./small_page.mjs";

const empty = emptyPosition("first");
const read = (text) => fromText(page, text, "first");

test("a position that changes nothing gives the scenario's own numbers and calendar", () => {
  const given = givenAt(page, empty);
  assert.deepEqual(given.numbers, page.kernels[0].numbers);
  assert.deepEqual(given.summits.map(({ month, pair }) => [month, pair]), [[0, "KP"], [3, "KU"], [5, "KP"]]);
});

test("a meeting moves, skips months that are taken, keeps its token, and can go and come", () => {
  const once = moveMeeting(page, empty, "KP@2018-03", 4);
  assert.deepEqual(meetingsAt(page, once).map(({ key, month }) => [key, month]), [["KU@2018-06", 3], ["KP@2018-03", 4], ["KP@2018-08", 5]]);
  assert.equal(moveMeeting(page, empty, "KP@2018-03", 5), empty);
  assert.equal(moveMeeting(page, empty, "KP@2018-03", 13), empty);
  assert.equal(meetingsAt(page, stepMeeting(page, once, "KP@2018-03", 1)).find(({ key }) => key === "KP@2018-03").month, 6);
  assert.equal(meetingsAt(page, dropMeeting(page, once, "KP@2018-03")).length, 2);
  assert.deepEqual(moveMeeting(page, once, "KP@2018-03", 0), empty);
  const [more, key] = addMeeting(page, dropMeeting(page, empty, "KP@2018-03"), "KP");
  assert.equal(key, "KP@2018-03+");
  assert.equal(meetingsAt(page, more).length, 3);
});

test("a note is true of a meeting's own month: moved away it goes, moved back it is there again", () => {
  const away = moveMeeting(page, empty, "KP@2018-03", 4);
  assert.doesNotMatch(toYaml(page, away), /Beijing/);
  assert.deepEqual(moveMeeting(page, away, "KP@2018-03", 0), empty);
  assert.match(toYaml(page, moveMeeting(page, empty, "KU@2018-06", 4)), /note: Beijing/);
});

test("within a month the order of the list stands", () => {
  const same = moveMeeting(page, empty, "KP@2018-03", 3);
  assert.deepEqual(givenAt(page, same).summits.map(({ pair }) => pair), ["KP", "KU", "KP"]);
});

test("the troops stay, are on the table, or leave for nothing", () => {
  assert.equal(hostageAt(page, empty, "troops"), "table");
  const stays = setHostage(page, empty, "troops", "stays");
  assert.equal(numberAt(givenAt(page, stays), "case.packages.grand.on"), 0);
  const leaves = setHostage(page, stays, "troops", "leaves");
  assert.equal(hostageAt(page, leaves, "troops"), "leaves");
  assert.equal(numberAt(givenAt(page, leaves), "case.packages.grand.on"), 1);
  assert.equal(eventsAt(page, leaves).at(0).action, "pin");
  assert.deepEqual(setHostage(page, leaves, "troops", "table"), empty);
  assert.deepEqual(eventsAt(page, toggleEvents(page, empty, "tariffs")), []);
});

test("documents, credences, weights, ranges and balance reach the numbers", () => {
  const at = (change, name) => numberAt(givenAt(page, { ...empty, assume: change }), name);
  assert.equal(at({ documents: { one: "off" } }, "ledger.claims.a.credence"), 0);
  assert.equal(at({ documents: { one: "off" } }, "ledger.claims.c.credence"), 0.8);
  assert.equal(at({ documents: { one: "off" }, claims: { a: 0.3 } }, "ledger.claims.a.credence"), 0.3);
  assert.equal(at({ known_by: "2018-04" }, "ledger.claims.b.credence"), 0);
  assert.equal(at({ claims: { a: "on" } }, "ledger.claims.a.credence"), 1);
  assert.equal(at({ claims: { c: { weight: 0.2 } } }, "ledger.claims.c.weight.high"), 0.2);
  assert.equal(at({ parameters: { lam: { low: 1, mode: 2, high: 3 } } }, "case.parameters.lam.high"), 3);
  assert.equal(at({ states: { US: { troops: { ideal: 0.9 } } } }, "case.states.US.ideals.troops.position.low"), 0.9);
  const balanced = at({ balance: true }, "ledger.claims.c.effects.US>DPRK+.share"); // US over North is .5 x .5 x .8 = .2, the other way max(.1, .08)
  assert.ok(Math.abs(balanced - 0.25) < 1e-12);
});

test("a coding that the page has no compiled model of is refused", async () => {
  const { problems } = await read("assume: {coding: second}");
  assert.match(problems[0], /coding.*on this page: pooled/);
});

test("dropped meetings, moves, windows and other months of a file reach the model and stand in the copied file", async () => {
  const { position, problems } = await read("drop_summits: [2018-06 US]\ndrop_events:\nmonths: 2019-11\nevents:\n- {month: 2018-04, move: {US: press}}\n- {month: 2018-05, set: {tariffs: 0.3}, until: 2018-07}\n");
  assert.deepEqual(problems, undefined);
  const given = givenAt(page, position);
  assert.deepEqual(given.summits.map(({ month, pair }) => [month, pair]), [[0, "KP"], [5, "KP"]]);
  assert.equal(given.months, 20);
  assert.deepEqual(given.events.map(({ action, variable, value, until }) => [action, variable, value, until]), [["move", "US", 1, null], ["set", "tariffs", 0.3, 4], ["set", "tariffs", 0.5, null]]);
  assert.deepEqual(givenAt(page, (await read(toYaml(page, position))).position), given);
});

test("what a run in the terminal would refuse is refused, in words", async () => {
  const wrong = {
    "drop_summits: [2018-07 US]": /no inherited meeting: 2018-03 DPRK PRC/, "drop_summits: [2018-06 US]\nsummits: []": /summits replaces all/, "months: -1": /months: -1/,
    "behaviour: {US: always-hold}": /behaviour: .*summitry run FILE/, "assume: {constants: {a: 1}}": /constants: .*summitry run FILE/, "month: {order: []}": /line 1: month: .*summitry run FILE/, "events: [{month: 1, move: {US: dance}}]": /US: one of wait, press/,
    "events: [{month: 1, set: {troops: 0.2}, until: 3}]": /only with pin/, "events: [{month: 1, set: {troops: 2}}]": /from 0 to 1/, "events: [{month: 1, pin: {tariffs: 0.1}}]": /pinned from 2018-04/,
    "assume: {parameters: {lam: 101}}": /lam: from 0.001 to 100/, "assume: {parameters: {lam: {low: 0, mode: 1, high: 2}}}": /lam: from 0.001 to 100/, "assume: {parameters: {lam: {low: 1, mode: 2, high: 3, source: me}}}": /lam: a number, or/,
    "assume: {start: {tariffs: -0.2}}": /tariffs: from 0 to 1/, "assume: {states: {US: {troops: {salience: 7}}}}": /salience: from 0 to 1/, "assume: {states: {US: {tropps: {salience: 0.7}}}}": /did you mean troops/,
    "assume: {claims: {a: {weight: 2}}}": /weight: from 0 to 1/, "assume: {claims: {a: }}": /a: a credence/, "assume: {packages: {grand: {US: {troops: 1.5}}}}": /shares from 0 to 1/, "assume: {constructor: {a: 1}}": /constructor: no such key/, "assume: {coding: constructor}": /on this page/,
    "events: [{month: 1, move: {constructor: dance}}]": /constructor: no state with moves/, "events: [{month: 1, set: {}}]": /exactly one of/, "events: [{month: 1, set: {troops: 1}, note: [a]}]": /note: \["a"\] is no text/,
    "summits: [{month: 3, between: [DPRK, US], early: -1}]": /early: a whole number/, "summits: [{month: 3, between: [DPRK, US], late: 1.5}]": /late: a whole number/, "summits: [{month: 3, between: [DPRK, US], certain: maybe}]": /certain: on or off/,
    "summits: [{month: 3, between: [DPRK, US], certain: on, early: 1}]": /held in its month/, "summits: [{month: 3, between: [DPRK, US], note: 5}]": /note: 5 is no text/,
    "events: [{month: 3, pin: {troops: 0.2}, until: 2}]": /after the event/, "summits:\n- {month: 2, between: [DPRK, US], late: 1}\n- {month: 3, between: [US, DPRK]}": /2018-05 has too/,
  };
  for (const [text, says] of Object.entries(wrong)) assert.match((await read(text)).problems?.join(" ") ?? text, says);
});

test("a number written with a comma or in quotation marks is refused with what to write", async () => {
  const wrong = {
    "assume:\n  claims:\n    a: 0,3": "line 3: assume, claims, a: write 0.3", "assume:\n  claims:\n    b: {credence: 0,3}": "line 3: write credence: 0.3 with a point",
    "assume:\n  claims: {a: 0,3, b: 1}": "line 2: write a: 0.3 with a point", "assume:\n  parameters:\n    lam: '0.3'": "line 3: assume, parameters, lam: write 0.3",
    "events:\n- month: 2018-05\n  set: {tariffs: ',5'}": "line 2: events, entry 1, tariffs: write .5", "title: T\nsummits:\n- {month: 2018-06, between: [DPRK, US], note: one thing, and another}": "line 3: write note: \"one thing, and another\" with quotation marks",
    "assume:\n  claims:\n    a:\n      credence: 0,3": "line 4: assume, claims, a, credence: write 0.3",
  };
  for (const [text, says] of Object.entries(wrong)) assert.deepEqual((await read(text)).problems, [says]);
});

test("a refusal names the line and what to do", async () => {
  const text = "title: Mine\nsummits:\n- {month: 2018-04, between: [DPRK, US]}\n- month: 2018-06\n  between: [DPRK, US]\n  if: tension - 0.5\nevents:\n- month: 2018-05\n  set: {tariffs: 0.5}\n  chance: 0.5\nassume:\n  claims:\n    a: 0.5\n    b: 2\n";
  const { problems } = await read(text);
  assert.deepEqual(problems.map((each) => /^line \d+: [\w, ]+/.exec(each)?.[0]), ["line 6: summits, entry 2, if", "line 10: events, entry 1, chance", "line 14: assume, claims, b"]);
  assert.ok(problems.slice(0, 2).every((each) => each.endsWith("save the file and play it with summitry run FILE")));
});

test("history: undo, redo, a drag is one step, reset can be undone", () => {
  let state = firstState("first");
  state = withPosition(state, assume(empty, ["claims", "a"], 0.1), "drag 1");
  state = withPosition(state, assume(empty, ["claims", "a"], 0.2), "drag 1");
  assert.equal(state.past.length, 1);
  assert.deepEqual(undo(state).position, empty);
  assert.deepEqual(redo(undo(state)).position, state.position);
  assert.deepEqual(undo(reset(state)).position, state.position);
  assert.throws(() => { state.position.assume.claims.a = 1; }, TypeError);
});

test("a position is compared with its own scenario, also after undo and redo, unless another is pinned", () => {
  const other = withPosition(firstState("first"), emptyPosition("second"));
  assert.deepEqual([other, undo(other), redo(undo(other))].map(({ before }) => before.scenario), ["second", "first", "second"]);
  const pinned = pin(firstState("first"), emptyPosition("third"));
  assert.deepEqual([pinned, withPosition(pinned, emptyPosition("second")), unpin(pinned), reset(pinned)].map(({ before }) => before.scenario), ["third", "third", "first", "first"]);
});

test("the file of a position reads back as the position", async () => {
  const moved = assume(setHostage(page, toggleEvents(page, moveMeeting(page, empty, "KP@2018-03", 4), "tariffs"), "troops", "leaves"), ["claims", "a"], 0.25);
  const found = await read(toYaml(page, moved));
  assert.deepEqual(givenAt(page, found.position), givenAt(page, moved));
  assert.deepEqual(credencesAt(page, found.position).get("a"), 0.25);
});

test("what is far longer than a position is refused at once", async () => {
  for (const title of ["a".repeat(300_000), Array.from({ length: 9000 }, (_, at) => at ** 3).join(" ")]) {
    assert.match((await read(await writeCode({ title }))).problems[0], /damaged/);
  }
  assert.match((await read("a".repeat(2 ** 20 + 1))).problems[0], /too long/);
  const keys = Array.from({ length: 5000 }, (_, at) => `k${at}: 1`).join("\n");
  assert.equal((await read(keys)).problems.length, 50);
});

test("a position is not saved over the file that it extends", () => {
  assert.deepEqual(["xi-first", "my-position", "my-position-2", "my-position-of-mine"].map((scenario) => fileName({ scenario })), ["my-position.yaml", "my-position-2.yaml", "my-position-3.yaml", "my-position.yaml"]);
});

test("a code and a link carry a position; a damaged one says so; a file's path is never in it", async () => {
  const moved = assume(empty, ["claims", "b"], 0.75);
  const code = await toCode(page, moved);
  assert.match(code, /^S1[\w-]+$/);
  assert.deepEqual((await read(`https://example.org/page.html#${code}`)).position, moved);
  assert.deepEqual((await read(code)).position, moved);
  for (const sent of [`${code}.`, `"${code}"`, `My code: ${code}`, `${code.slice(0, 30)}\n${code.slice(30)}`, `${code.slice(0, 30)}=\r\n${code.slice(30)}`, `https://example.org/p.html#${code}&seat=DPRK:y`]) {
    assert.deepEqual((await read(sent)).position, (await read(code)).position);
  }
  const { readers } = await readPositions(page, [{ name: "", text: `Ann ${code}, Ben https://example.org/#${await toCode(page, empty)}&seat=US:n;` }], "first");
  assert.deepEqual(readers.map(({ position }) => position.assume), [moved.assume, empty.assume]);
  for (const bad of [code.slice(0, -3), `${code.slice(0, 20)}${code[20] === "A" ? "B" : "A"}${code.slice(21)}`, "S1", "https://example.org/nothing"]) {
    assert.match((await read(bad)).problems[0], /damaged/);
  }
  assert.equal(linkOf("S1x", { protocol: "file:", pathname: "/home/somebody/page.html" }), "#S1x");
  assert.equal(linkOf("S1x", { protocol: "https:", origin: "https://example.org", pathname: "/p.html" }), "https://example.org/p.html#S1x");
});

test("every fault of a garbled text is reported, and it gives no position", async () => {
  for (const text of ["", "garbage", "[1, 2]", "a: b: c: d", "<script>", "{", "summits: 3", "assume: [1]", "\u0000"]) {
    const found = await read(text);
    assert.ok(found.problems.length > 0 && found.position === undefined, text);
  }
  const { problems } = await read("extends: nowhere\nassume: {claims: {zz: 0.5, a: 2}, parameters: {lma: 1}}\nsummits:\n- {month: 2017-01, between: [DPRK, DPRK]}\nassumes: {}\n");
  assert.equal(problems.length, 7);
  assert.ok(problems.some((each) => each.includes("did you mean assume")) && problems.some((each) => each.includes("did you mean lam")));
});

test("an assume block alone is a position of the open scenario; percent is understood", async () => {
  const { position } = await read("assume:\n  claims:\n    a: 20%\n    b: off\n");
  assert.equal(credencesAt(page, position).get("a"), 0.2);
  assert.equal(credencesAt(page, position).get("b"), 0);
  assert.equal(position.scenario, "first");
});
