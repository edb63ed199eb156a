// Plays a game at the table as the page does and writes what it shows: node seat_game.mjs DATA OUT SEAT OPTION,... SIGN,... COME,... EARLY,...

import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";

import { loadKernel } from "../../sim/kernel/kernel.mjs";
import { ask as answerOf } from "../../sim/page/engine.mjs";
import { answers, chosen, gameFrom, gameText, played, seatPanel } from "../../sim/page/seat.mjs";
import { unpack } from "../../sim/page/scenario.mjs";
import { emptyPosition } from "../../sim/page/state.mjs";

const [data, out, seat, options, signs, comes, earlies] = process.argv.slice(2);
const page = unpack(JSON.parse(readFileSync(data, "utf8")));
const kernels = await Promise.all(page.kernels.map(({ wasm, layout }) => loadKernel(gunzipSync(Buffer.from(wasm, "base64")), layout)));
const ask = (kind, question) => answerOf(kernels[question.given.kernel], kind, question);
const position = emptyPosition(page.scenarios[0].name);

let game = await played(page, position, { seats: [seat], choices: [] }, ask);
const odds = [];
while (game.question) {
  const { month, at } = game.question;
  const list = { moves: options, sign: signs, come: comes, early: earlies }[at].split(",");
  const wanted = answers(page, game.question).findIndex(({ choice }) => (choice.option ?? choice[at]) === Number(list[month]));
  odds.push({ month, at, place: wanted, answers: answers(page, game.question).length, odds: game.odds, own: game.own });
  game = await played(page, position, chosen(game, wanted, page), ask);
}
const again = await gameFrom(page, position, gameText(game), ask);
const debrief = JSON.stringify(seatPanel(page, { position }, game, {}));
writeFileSync(out, JSON.stringify({ odds, debrief, outcome: game.told.outcome, same: JSON.stringify(again.choices) === JSON.stringify(game.choices), holds: Object.values(game.told.holds), months: game.told.months.map(({ variables, choices, meetings }) => ({ variables, choices, meetings })) }));
