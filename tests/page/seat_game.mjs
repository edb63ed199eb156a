// Plays a game at the table as the page does and writes what it shows: node seat_game.mjs DATA OUT SEAT+SEAT
// To the question at place k it gives the answer at place k mod their number.

import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import { advicePanel, hint, why } from "../../sim/page/advice.mjs";
import { loadKernel } from "../../sim/kernel/kernel.mjs";
import { ask as answerOf } from "../../sim/page/engine.mjs";
import { answers, withChoice, gameFromText, gameText, playGame, swing } from "../../sim/page/seat.mjs";
import { seatPanel } from "../../sim/page/seat_panel.mjs";
import { unpack } from "../../sim/page/scenario.mjs";
import { emptyPosition } from "../../sim/page/state.mjs";

const ADVISED = 8; // questions at which a hint is asked for, and why
const [data, out, seats] = process.argv.slice(2);
const page = unpack(JSON.parse(readFileSync(data, "utf8")));
const kernels = await Promise.all(page.kernels.map(({ wasm, layout }) => loadKernel(gunzipSync(Buffer.from(wasm, "base64")), layout)));
const ask = (kind, question) => answerOf(kernels[question.given.kernel], kind, question);
const position = emptyPosition(page.scenarios[0].name);
const act = new Proxy({}, { get: () => () => {} });
const counts = ({ final, score }) => ({ score, counts: page.outcomes.map((_, place) => final.filter((end) => end === place).length) });

let game = await playGame(page, position, { seats: seats.split("+"), choices: [] }, ask);
const asked = [];
while (game.question) {
  const { month, state, at, pair } = game.question;
  const given = answers(page, game.question);
  const place = asked.length % given.length;
  const advised = asked.length < ADVISED ? [await hint(page, position, game, ask), await why(page, position, game, "PRC", ask)] : [];
  asked.push({ month, state, at, pair, place, says: given.map(({ says }) => says), own: counts(game.own), odds: game.odds.map(counts), signs: game.signs, advised, said: advised.map((advice) => JSON.stringify(advicePanel(page, { ...game, advice }))), drawn: JSON.stringify(seatPanel(page, { position }, game, act)) });
  game = await playGame(page, position, withChoice(game, place, page), ask);
}
const again = await gameFromText(page, position, gameText(game), ask);
const links = ({ links: all }) => all.map((each) => ({ own: each.own, ...swing(page, each) }));
const unasked = await playGame(page, position, { ...again, choices: again.choices.slice(0, -1) }, ask);
writeFileSync(out, JSON.stringify({
  asked, debrief: JSON.stringify(seatPanel(page, { position }, game, act)), outcome: game.story.outcome, results: game.results, holds: Object.values(game.holds), links: links(game),
  players: page.outcomes.map((_, place) => game.players.filter((end) => end === place).length), same: JSON.stringify(again.choices) === JSON.stringify(game.choices) && Boolean(unasked.question),
  reopened: links(await playGame(page, position, again, ask)), months: game.story.months.map(({ variables, gains, meetings }) => ({ variables, gains, meetings })),
}));
