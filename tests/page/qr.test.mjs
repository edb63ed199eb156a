// QR codes: the one of a short text was read back by an independent decoder (OpenCV) and is kept here.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import test from "node:test";

import { qrModules, qrPath } from "../../sim/page/qr.mjs";

const digest = (text) => createHash("sha256").update(qrModules(text).map((row) => row.map(Number).join("")).join("\n")).digest("hex").slice(0, 16);

test("codes that a decoder has read", () => {
  assert.equal(digest("S1abc-_"), "2267cb995343a528");
  assert.equal(digest(`S1${"zZ0-".repeat(300)}`), "478cb8a6c8bd7d9c");
});

test("the size grows with the text until it is too long", () => {
  assert.equal(qrModules("A").length, 21);
  assert.equal(qrModules("x".repeat(2953)).length, 177);
  assert.equal(qrModules("x".repeat(2954)), null);
  assert.equal(qrPath("x".repeat(3000)), null);
});
