// What a person at the table may ask, as in `summitry play`: a hint, and the claims behind the leverage between two states.

import { h } from "./dom.mjs";
import { freshWorldsAfter, answers, FORECAST_RUNS, meansOf, wishesOf } from "./seat.mjs";
import { paired } from "./statistics.mjs";
import { capital, decimals, fillIn, listed, minus, percent } from "./words.mjs";

const REASONS = 2; // claims named behind a leverage

// What the model's own state would choose, and which answer serves the asker's aims best in the forecast.
export async function hint(page, position, game, ask) {
  const { question, odds } = game;
  const says = answers(page, question).map((each) => `“${each.says}”`);
  const slots = question.at === "moves" ? says.map((_, place) => `odds.${question.state}.${place}`) : [];
  const chances = slots.length ? await meansOf(page, position, game, slots, ask) : {};
  const [best, next] = odds.map((_, place) => place).sort((one, other) => odds[other].score - odds[one].score);
  const more = paired(odds[next].scores, odds[best].scores);
  return { chances: slots.map((slot) => chances[slot]), says, best, next, more };
}

// Leverage of two states over each other when the month began, before its moves: means over fresh worlds, with the claims
// without which it would fall or rise most.
export async function why(page, position, game, other, ask) {
  const { question } = game;
  const here = freshWorldsAfter(page, position, { ...game, question: { ...question, at: "moves" } });
  const given = { ...here.given, months: question.month, summits: firstOnly(here.given.summits, question.month) };
  const { index } = page.kernels[given.kernel];
  const leverage = async (holder, target, without) => {
    const numbers = [...given.numbers];
    for (const sign of without ? "+-" : "") {
      const place = index.get(`ledger.claims.${without}.effects.${holder}>${target}${sign}.share`);
      if (place !== undefined) numbers[place] = 0;
    }
    const found = await ask("leverage", { ...here, given: { ...given, numbers }, parts: 1, runs: FORECAST_RUNS }, `why ${holder} ${target} ${without}`);
    if (!found || found.error) throw new Error(found?.error ?? "another question has come");
    return found[0][`${holder}.${target}`][question.month];
  };
  const between = async (holder, target) => {
    const whole = await leverage(holder, target);
    const feeds = page.claims.flatMap((claim) => claim.effects.filter((each) => each.holder === holder && each.target === target).slice(0, 1).map(({ sign }) => ({ claim, sign })));
    const reasons = [];
    for (const each of feeds) reasons.push({ ...each, part: whole - await leverage(holder, target, each.claim.id) });
    return { holder, target, whole, reasons: reasons.sort((one, two) => Math.abs(two.part) - Math.abs(one.part)).slice(0, REASONS) };
  };
  const { [other]: wants } = await wishesOf(page, position, game, [other], ask);
  return { sides: [await between(question.state, other), await between(other, question.state)], other, wants };
}

// A second summit in a month computes leverage anew. All but the first are put off, so that it stays what it was as the month began.
function firstOnly(summits, month) {
  const due = summits.filter((each) => each.month - each.early <= month && month <= each.month + each.late);
  return summits.map((each) => (due.indexOf(each) > 0 ? { ...each, month: month + 1, early: 0 } : each));
}

// --- drawing ------------------------------------------------------------------------------------------------------

export function advicePanel(page, game) {
  const { advice } = game;
  return h("div", { role: "status", "data-advice": true }, !advice || typeof advice === "string" ? advice : advice.sides ? [advice.sides.map((each) => leverageLines(page, game, each)), wantsLine(page, advice)] : hintLines(page, game, advice));
}

const nameOf = (page, id) => page.states.find((each) => each.id === id).short;

function hintLines(page, { question }, { chances, says, best, next, more }) {
  const known = Number.isFinite(more.half);
  const by = known ? `${says[best]}, by ${minus(`${more.difference > 0 ? "+" : ""}${more.difference.toFixed(1)} ±${more.half.toFixed(1)}`)} over ${says[next]}` : `too few runs differ between ${says[best]} and ${says[next]} to tell`;
  return [
    chances.length ? h("p", {}, `The model’s own ${nameOf(page, question.state)} would choose (mean of fresh worlds): ${listed(says.map((each, place) => `${each} ${percent(chances[place], 0)}`))}.`) : null,
    h("p", {}, `Best score at the end, in this forecast: ${by}${known && more.difference - more.half <= 0 ? " (too close to call)" : ""}.`),
  ];
}

function wantsLine(page, { other, wants }) {
  return h("p", { "data-wants": other }, fillIn(page.wishes.other, nameOf(page, other), listed(wants.slice(0, page.wishes.seen)) || page.wishes.noWish));
}

function leverageLines(page, { question: { state } }, { holder, target, whole, reasons }) {
  const whose = holder === state ? `your leverage over ${nameOf(page, target)}` : `the leverage of ${nameOf(page, holder)} over you`;
  return [
    h("p", { "data-leverage": `${holder}.${target}` }, `${nameOf(page, holder)} over ${nameOf(page, target)}: ${decimals(whole)}`),
    h("ul", {}, reasons.map(({ claim, sign, part }) => h("li", {}, `${capital(claim.claim).replace(/\.$/, "")} (${claim.places[0][0]}, paragraph ${claim.places[0][1]}): ${sign > 0 ? "feeds" : "cuts"} ${whose}, by ${decimals(Math.abs(part))}.`))),
  ];
}
