// A seat at the table: each month shows the options of a state with their odds, the reader chooses, and the debrief says what
// each choice did. A game is a function of its position, its seats and the choices so far; undo drops the last choice.

import { Calendar } from "../kernel/kernel.mjs";
import { button, choice, grid, h } from "./draw.mjs";
import { holdsIn, storyLines } from "./runs.mjs";
import { givenAt, monthWords, scenarioOf } from "./scenario.mjs";
import { shares } from "./class.mjs";
import { capital, listed, minus, percent, possessive } from "./words.mjs";

const RUN = 0; // the reader's own world is the first of the seed
const FRESH_RUNS = 4096; // forecasts take fresh worlds: those of the second block of draws
const FORECAST_RUNS = 1000; // two plays of 500 fresh worlds for every option

// --- the game -----------------------------------------------------------------------------------------------------

// The numbers of a game: decisions are forced, and meetings asked for are tried a month early.
function withChoices(given, choices) {
  const asked = (each) => choices.some(({ month, pair, early }) => early && pair === each.pair && month === each.month - 1);
  return {
    ...given, summits: given.summits.map((each) => (asked(each) ? { ...each, early: 1, asked: true } : each)),
    force: choices.map(({ early, ...each }) => (early ? { ...each, come: 1 } : each)),
  };
}

// The next question of a game that has been played as far as its choices reach; null when it is over. A decision on coming or
// signing counts for all meetings of the month.
export function nextQuestion(page, told, { given, seats, choices }) {
  const calendar = new Calendar(given, {});
  for (let month = 0; month < told.months.length; month++) {
    const open = (state, what) => seats.includes(state) && !choices.some((each) => each.month === month && each.state === state && each[what] !== undefined);
    for (const state of seats) {
      const pair = mayAsk(page, given, { month, state }).find((each) => !choices.some((one) => one.month === month && one.pair === each && (one.early || one.state === state)));
      if (pair) return { month, state, at: "early", pair };
    }
    const mover = seats.find((state) => page.menus[state] && open(state, "option"));
    if (mover) return { month, state: mover, at: "moves" };
    for (const met of told.months[month].meetings) {
      const { between } = page.pairs.find((each) => each.id === met.pair);
      const due = calendar.due(month).find((each) => each.pair === met.pair);
      const askedBy = (state) => due.planned < 1 && choices.some((each) => each.early && each.month === month && each.state === state && each.pair === met.pair);
      const guest = between.find((state) => due.planned && !due.certain && !askedBy(state) && open(state, "come"));
      if (guest) return { month, state: guest, at: "come", pair: met.pair, met };
      const signer = between.find((state) => met.held && open(state, "sign"));
      if (signer) return { month, state: signer, at: "sign", pair: met.pair, met };
    }
  }
  return null;
}

// The pairs whose meeting of the next month a state may ask for now: not certain, without a window, none of theirs this month.
function mayAsk(page, { summits }, { month, state }) {
  if (!page.asksEarly) return [];
  const between = (each) => page.pairs.find(({ id }) => id === each.pair).between;
  return summits.filter((each) => each.month === month + 1 && !each.certain && (!each.early || each.asked) && between(each).includes(state)
    && !summits.some((other) => other.pair === each.pair && other.month === month)).map((each) => each.pair);
}

const ANSWERS = {
  early: [[0, "meet next month, as planned"], [1, "ask for it this month"]],
  come: [[1, "come to it"], [0, "stay away: it is called off"]],
  sign: [[1, "sign what lies on the table"], [0, "refuse it"]],
};

// Every choice that answers a question, with its text.
export function answers(page, { month, state, at, pair }) {
  if (at === "moves") return page.menus[state].map((option, place) => ({ choice: { month, state, option: place }, says: option.says }));
  return ANSWERS[at].map(([yes, says]) => ({ choice: { month, state, ...(at === "early" ? { pair } : {}), [at]: yes }, says }));
}

// What everybody has seen when a month begins.
function seen(told, month) {
  const hidden = /^(leverage|gap)\.|^(noise|month)$/;
  const levels = month > 0 ? Object.entries(told.months[month - 1].variables) : [];
  return { month, variables: Object.fromEntries(levels.filter(([name]) => !hidden.test(name))) };
}

// The compiled model's numbers with the start that was drawn for the reader's world, which everybody saw.
function fromHere(page, position, starts) {
  const given = givenAt(page, position);
  const { index } = page.kernels[given.kernel];
  const numbers = [...given.numbers];
  for (const [name, level] of Object.entries(starts)) for (const corner of ["low", "mode", "high"]) numbers[index.get(`case.variables.${name}.start.${corner}`)] = level;
  return { ...given, numbers };
}

// Shares of the endings from here on, after a choice (null: the model's own state chooses), in fresh worlds.
async function forecast(page, position, { told, starts, choices, month, choice }, ask) {
  const made = choice ? [...choices, choice] : choices;
  const rows = await ask("runs", {
    given: withChoices(fromHere(page, position, starts), made), seed: scenarioOf(page, position).run.seed, count: FORECAST_RUNS, from: seen(told, month), firstRun: FRESH_RUNS, gained: false,
  }, `forecast ${JSON.stringify(choice)}`);
  if (!rows || rows.error) return null;
  return shares(page, rows.final);
}

// A seat that plays: `game` is {seats, choices}; gives the game with its story, its question and the odds of each answer.
export async function played(page, position, game, ask) {
  const given = withChoices(givenAt(page, position), game.choices);
  const { seed } = scenarioOf(page, position).run;
  const told = await ask("story", { given, seed, run: RUN }, "seat");
  const question = told && !told.error && nextQuestion(page, told, { ...game, given });
  const more = question ? await ask("starts", { given, seed }) : await ask("runs", { given, seed, count: 2, gained: false, holds: true }, "seat's world");
  const problem = [told, more].find((each) => !each || each.error);
  if (problem !== undefined) return { ...game, told: null, problem: problem?.error };
  if (!question) return { ...game, told: { ...told, holds: holdsIn(more, RUN) }, question };
  const here = { told, starts: more, choices: game.choices, month: question.month };
  const [own, ...odds] = await Promise.all([null, ...answers(page, question).map((each) => each.choice)].map((choice) => forecast(page, position, { ...here, choice }, ask)));
  return { ...game, told, question, own, odds };
}

// The game after a choice; what the choice did to the odds is kept for the debrief.
export function chosen(game, place, page) {
  const { choice, says } = answers(page, game.question)[place];
  const link = { choice, says, before: game.own, after: game.odds[place] };
  return { seats: game.seats, choices: [...game.choices, choice], links: [...(game.links ?? []), link] };
}

export const back = (game) => ({ seats: game.seats, choices: game.choices.slice(0, -1), links: (game.links ?? []).slice(0, -1) });

// A game as the text in a link: seats, and a digit per choice.
export const gameText = ({ seats, choices }) => `seat=${seats.join("+")}:${choices.map(digitOf).join("")}`;

const digitOf = ({ option, early, come, sign }) => String(option ?? (early ?? come ?? sign ? "y" : "n"));

// Plays a game from its text, one question after the other.
export async function gameFrom(page, position, text, ask) {
  const [, seats, digits] = /^seat=([A-Za-z+]+):([0-9yn]*)$/.exec(text) ?? [];
  if (!seats || !seats.split("+").every((each) => page.menus[each])) return null;
  let game = { seats: seats.split("+"), choices: [] };
  for (const digit of digits) {
    const given = withChoices(givenAt(page, position), game.choices);
    const told = await ask("story", { given, seed: scenarioOf(page, position).run.seed, run: RUN }, "seat");
    const question = told && !told.error && nextQuestion(page, told, { ...game, given });
    const found = question && answers(page, question).find(({ choice }) => digitOf(choice) === digit);
    if (!found) return null;
    game = { seats: game.seats, choices: [...game.choices, found.choice] };
  }
  return game;
}

// --- drawing ------------------------------------------------------------------------------------------------------

export function seatPanel(page, state, game, act) {
  if (!game) return start(page, act);
  if (game.problem) return h("p", { class: "warning" }, game.problem);
  if (!game.told) return h("p", { role: "status" }, "The months go by …");
  const names = listed(game.seats.map((id) => page.states.find((each) => each.id === id).short));
  return [
    h("p", {}, h("b", {}, `You are ${names}. `), "The rules are those of summitry play; the odds come from fresh worlds that know only what everybody has seen."),
    h("div", { class: "two" }, h("div", {}, history(page, game)), h("div", {}, game.question ? ask(page, game, act) : debrief(page, game))),
    h("p", { class: "tools" }, button("Take the last choice back", () => act.seat(back(game)), { disabled: !game.choices.length }), button("Leave the table", () => act.seat(null))),
  ];
}

function start(page, act) {
  const playable = page.states.filter((each) => page.menus[each.id]);
  const take = () => {
    const seats = [...document.querySelectorAll("[data-seat]:checked")].map((each) => each.value);
    if (seats.length) act.seat({ seats, choices: [] });
  };
  return [
    h("p", {}, "Play one state, or several at one screen, month by month on the calendar above. The world is one draw of everything that is assumed; you do not know which."),
    h("div", { class: "tools" }, choice("Who", playable.map((each, at) => [each.short, { type: "checkbox", value: each.id, "data-seat": each.id, checked: at === 0 }])), button("Take the seat", take, { "data-sit": true })),
  ];
}

function history(page, { told, question }) {
  const until = question ? question.month : told.months.length;
  const lines = storyLines(page, { ...told, months: told.months.slice(0, until) });
  return [h("h3", {}, "What has happened"), lines.length ? h("ol", { class: "story" }, lines.map((line) => h("li", {}, h("span", { class: "month" }, monthWords(page, line.month, true)), h("span", {}, line.says)))) : h("p", { class: "small" }, "Nothing yet.")];
}

function ask(page, game, act) {
  const { question, odds } = game;
  const { short } = page.states.find((each) => each.id === question.state);
  const { met, pair } = question;
  const offer = question.at === "sign" ? met.offers[met.picked] : null;
  const other = pair && page.states.find((each) => each.id === page.pairs.find(({ id }) => id === pair).between.find((id) => id !== question.state)).short;
  return [
    h("h3", {}, `${monthWords(page, question.month)}: what does ${short} do?`),
    question.at === "early" ? h("p", {}, `A meeting with ${other} is planned for next month. Ask for it now, to be held if the other side comes?`) : null,
    question.at === "come" ? h("p", {}, `A meeting with ${other} is planned for this month; the answer counts for every meeting of the month.`) : null,
    offer ? h("p", {}, `At the table with ${other}: ${offer.package.replace(/-/g, " ")}, ${possessive(short)} terms ${Math.round(100 * (met.terms[question.state] ?? 0.5))} of 100.`) : null,
    h("ul", { class: "options" }, answers(page, question).map(({ says }, place) => h("li", {},
      button(capital(says), () => act.seat(chosen(game, place, page)), { "data-option": place }), odds[place] ? strip(page, odds[place]) : null))),
    h("p", { class: "small" }, `How it may end after each: ${FORECAST_RUNS} runs in fresh worlds.`),
  ];
}

function strip(page, odds) {
  let from = 0;
  const parts = odds.map((share, place) => {
    const part = h("rect", { class: `k${place % 10} part`, x: (100 * from).toFixed(2), width: (100 * share).toFixed(2), height: 10 });
    from += share;
    return part;
  });
  const top = odds.map((share, place) => [share, place]).sort((one, other) => other[0] - one[0]).slice(0, 3);
  return [h("svg", { class: "odds", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, parts), h("span", { class: "small" }, top.map(([share, place]) => `${page.outcomes[place].label} ${percent(share)}`).join(", "))];
}

// What each choice did to the odds, the largest first.
function debrief(page, { told, links }) {
  const swings = (links ?? []).filter((each) => each.before && each.after).map((each) => {
    const moved = each.after.map((share, place) => share - each.before[place]);
    const most = moved.reduce((best, by, place) => (Math.abs(by) > Math.abs(moved[best]) ? place : best), 0);
    return { ...each, size: moved.reduce((sum, by) => sum + Math.abs(by), 0) / 2, most, by: moved[most] };
  }).sort((one, other) => other.size - one.size);
  const held = page.claims.filter(({ id }) => told.holds[id]).length;
  return [
    h("h3", { "data-ending": page.outcomes[told.outcome].name }, `It ends in ${page.outcomes[told.outcome].label}: ${page.outcomes[told.outcome].says}`),
    h("p", {}, `${held} of ${page.claims.length} claims held in your world; you could not know which.`),
    grid("Your choices, the largest swing first", ["Choice", "Of 100 runs it moved", "Most of all"], swings.slice(0, 12).map((each) => [
      `${monthWords(page, each.choice.month)}: ${each.says}`, (100 * each.size).toFixed(0), `${page.outcomes[each.most].label} ${each.by > 0 ? "+" : ""}${minus((100 * each.by).toFixed(0))}`])),
  ];
}
