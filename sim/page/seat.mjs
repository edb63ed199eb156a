// A seat at the table: a game by the rules of `summitry play`. It is a function of its position, its seats and the choices
// so far; undoing leaves out the last. A choice is {month, state, and one of option, pair + early, come, sign or push}.

import { holdsIn } from "./squares.mjs";
import { givenAt, scenarioOf } from "./scenario.mjs";
import { hits, paired } from "./statistics.mjs";
import { fillIn, offerSays } from "./words.mjs";

export const FORECAST_RUNS = 1000; // two plays of 500 fresh worlds for every answer
export const PLAYERS = 1000; // of the model, in the reader's world with other chance
const RUN = 0; // the reader's own world is the first of the seed
const BLOCK_RUNS = 4096;
const [FRESH, OTHERS] = [BLOCK_RUNS, 2 * BLOCK_RUNS]; // first runs of forecasts and of the model players, as play has them

// --- what is decided ----------------------------------------------------------------------------------------------

// What the compiled model takes for a game: decisions are forced, and meetings asked for are tried a month early.
function withChoices(given, choices) {
  const asked = (each) => choices.some(({ month, pair, early }) => early && pair === each.pair && month === each.month - 1);
  return {
    ...given, summits: given.summits.map((each) => (asked(each) ? { ...each, early: 1, asked: true } : each)),
    force: choices.map(({ early, push, ...each }) => ({ ...each, ...(early ? { come: 1 } : {}), ...(push === undefined ? {} : { sign: 1, pick: push }) })),
  };
}

// The next question of a game that has been played as far as its choices reach; null when it is over.
export function nextQuestion(page, story, { given, seats, choices }) {
  const sitting = page.states.map(({ id }) => id).filter((id) => seats.includes(id));
  for (let month = 0; month < story.months.length; month++) {
    const made = choices.filter((each) => each.month === month);
    for (const state of sitting) {
      const pair = askablePairs(page, given, { month, state }).find((each) => !made.some((one) => one.pair === each && (one.early || (one.early === 0 && one.state === state))));
      if (pair) return { month, state, at: "early", pair };
    }
    const { variables } = story.months[month];
    const driven = (state) => given.events.some((each) => each.action === "move" && each.month === month && each.variable === state && (each.occasion === null || variables[`happens.${each.occasion}`] > 0));
    const mover = sitting.find((state) => page.menus[state] && !driven(state) && !made.some((each) => each.state === state && each.option !== undefined));
    if (mover) return { month, state: mover, at: "moves" };
    for (const met of story.months[month].meetings) {
      const found = attendanceQuestion(page, sitting, made, met) ?? tableQuestion(page, sitting, made, met);
      if (found) return { month, pair: met.pair, met, ...found };
    }
  }
  return null;
}

// The pairs whose meeting of the next month a state may ask for now: not certain, without a condition or a window, and the pair does not
// meet this month.
function askablePairs(page, { summits }, { month, state }) {
  if (!page.asksEarly) return [];
  return summits.filter((each) => each.month === month + 1 && !each.certain && each.occasion === null && (!each.early || each.asked) && sidesOf(page, each.pair).includes(state)
    && !summits.some((other) => other.pair === each.pair && other.month === month)).map((each) => each.pair);
}

const sidesOf = (page, pair) => page.pairs.find(({ id }) => id === pair).between;

// Who has yet to say whether to come; who asked for the meeting early comes.
function attendanceQuestion(page, seats, made, { pair, planned, certain }) {
  if (!planned || certain) return null;
  const settled = (state) => made.some((each) => each.pair === pair && each.state === state && (each.come !== undefined || (each.early && planned < 1)));
  const state = sidesOf(page, pair).find((each) => seats.includes(each) && !settled(each));
  return state ? { state, at: "come" } : null;
}

// Who has yet to speak at the table. Each speaks once; who spoke before another pushed is asked once more; a refusal ends it.
function tableQuestion(page, seats, made, met) {
  const said = made.filter((each) => isSaidAtTable({ month: each.month, pair: met.pair }, each));
  const sides = met.held && met.offers.length ? sidesOf(page, met.pair).filter((each) => seats.includes(each)) : [];
  const pushed = said.findLastIndex((each) => each.push !== undefined);
  const asked = [...sides, ...sides.slice(0, Math.max(pushed, 0))];
  if (said.length >= asked.length || said.some((each) => each.sign === 0)) return null;
  return { state: asked[said.length], at: "sign", mayPush: said.length < sides.length };
}

// What was said at the table of a question, and who has agreed to what lies there by now.
const isSaidAtTable = ({ month, pair }, each) => each.month === month && each.pair === pair && (each.sign !== undefined || each.push !== undefined);
const agreedTo = (said) => said.reduce((agreed, { state, push }) => (push === undefined ? [...agreed, state] : [state]), []);

const ANSWERS = {
  early: [[{ early: 0 }, "meet next month"], [{ early: 1 }, "ask for it this month"]],
  come: [[{ come: 1 }, "go to it"], [{ come: 0 }, "stay away: it is called off"]],
};

// Every choice that answers a question, with what it says, in the order of `play`.
export function answers(page, { month, state, at, pair, met, mayPush }) {
  const said = (choice, says) => ({ choice: { month, state, ...(pair ? { pair } : {}), ...choice }, says });
  if (at === "moves") return page.menus[state].map((option, place) => said({ option: place }, option.says));
  if (at !== "sign") return ANSWERS[at].map(([choice, says]) => said(choice, says));
  const others = mayPush ? met.offers.map((offer, place) => [offer, place]).filter(([{ on, push }, place]) => on && place !== met.picked && (push === 0 || push === 1)) : [];
  return [
    said({ sign: 1 }, `sign: ${offerSays(page, met.offers[met.picked])}`), said({ sign: 0 }, "refuse: leave without a deal"),
    ...others.map(([offer, place]) => said({ push: place }, `push for: ${offerSays(page, offer)}`)),
  ];
}

// How likely the model's own state was to choose the same in this very world (null where nothing is known), and its likeliest choice.
function ownWay(page, story, { month, state, at, met }, choice) {
  if (at === "early") return { own: null, same: false, instead: "meet next month" };
  if (at === "moves") {
    const odds = story.months[month].odds[state];
    const likeliest = odds.indexOf(Math.max(...odds));
    return { own: odds[choice.option], same: choice.option === likeliest, instead: page.menus[state][likeliest].says };
  }
  const yes = at === "come" ? met.wishes[state] : met.offers[met.picked].accepts[state];
  const [most, least] = at === "come" ? ["go to it", "stay away"] : ["sign", "refuse"];
  const own = choice.push === undefined ? (choice.come ?? choice.sign ? yes : 1 - yes) : null;
  return { own, same: own >= 0.5, instead: yes >= 0.5 ? most : least };
}

// --- where it may lead --------------------------------------------------------------------------------------------

// What everybody has seen when a month begins.
function levelsSeen(story, month) {
  const hidden = /^(leverage|gap)\.|^(noise|month)$/;
  const levels = month > 0 ? Object.entries(story.months[month - 1].variables) : [];
  return { month, variables: Object.fromEntries(levels.filter(([name]) => !hidden.test(name))) };
}

// The decisions of a question's month that everybody has seen when it is put: moves, and what came of the meetings before this one.
function decisionsSeen(page, story, { month, at, pair, met }) {
  if (at === "early" || at === "moves") return [];
  const { choices, meetings } = story.months[month];
  const before = meetings.slice(0, meetings.findIndex((each) => each.pair === pair));
  const sides = (of, row) => sidesOf(page, of).map((state) => ({ month, pair: of, state, ...row(state) }));
  const away = (each) => Object.values(each.refused).some(Boolean);
  return [
    ...Object.entries(choices).map(([state, option]) => ({ month, state, option })),
    ...before.flatMap((each) => sides(each.pair, (state) => (each.held ? { come: 1, sign: Number(each.deal), pick: each.picked } : { come: Number(away(each) && !each.refused[state]) }))),
    ...(at === "sign" ? sides(pair, () => ({ come: 1, pick: met.picked })) : []),
  ];
}

// The chances of a scenario once a month has begun: whether its events and meetings come about is known, 0 or 1, unless another month may
// decide it.
export function knownChances({ chances, events, summits }, story, month) {
  const { variables } = story.months[month];
  const known = (id) => {
    const planned = [...events, ...summits].filter((each) => each.occasion === id);
    return planned.some((each) => each.month === month) && !planned.some((each) => each.early || each.late);
  };
  return Object.fromEntries(Object.entries(chances).map(([id, chance]) => [id, known(id) ? variables[`happens.${id}`] : chance]));
}

// The compiled model's numbers with the start that was drawn for the reader's world, which everybody saw.
function givenWithStart(page, position, starts) {
  const given = givenAt(page, position);
  const { index } = page.kernels[given.kernel];
  const numbers = [...given.numbers];
  for (const [name, level] of Object.entries(starts)) for (const corner of ["low", "mode", "high"]) numbers[index.get(`case.variables.${name}.start.${corner}`)] = level;
  return { ...given, numbers };
}

// The fresh worlds after a choice (null: before any) that answers a question: {given, seed, from, firstRun}.
export function freshWorldsAfter(page, position, { story, question, starts, choices }, choice = null) {
  const made = choice ? [...choices, choice] : choices;
  const table = made.filter((each) => isSaidAtTable(question, each));
  const past = table.slice(0, Math.max(0, table.findLastIndex((each) => each.push !== undefined))); // a push needs the others' word anew
  const given = withChoices(givenWithStart(page, position, starts), made.filter((each) => !past.includes(each)));
  const force = [...decisionsSeen(page, story, question), ...given.force];
  return { given: { ...given, force, chances: knownChances(given, story, question.month) }, seed: scenarioOf(page, position).run.seed, from: levelsSeen(story, question.month), firstRun: FRESH };
}

// Endings and the asker's score at the end of each fresh run after a choice; with null the model's own state chooses.
async function forecast(page, position, here, choice, ask) {
  const rows = await ask("runs", { ...freshWorldsAfter(page, position, here, choice), count: FORECAST_RUNS, gained: false }, `forecast ${JSON.stringify([here.question.month, choice])}`);
  if (!rows || rows.error) return null;
  const gain = rows.values[`gain.${here.question.state}`];
  return { final: rows.final, scores: gain.map((each) => 100 * each), score: (100 * gain.reduce((sum, each) => sum + each, 0)) / gain.length };
}

// Means over fresh worlds of slots of the compiled model in a question's month.
export const meansOf = (page, position, here, names, ask) => ask("means", { ...freshWorldsAfter(page, position, here), names, worlds: FORECAST_RUNS / 2 }, `means ${names[0]}`);

// What each of some states seems to want changed in a question's month, the most first, as `wishes` of sim/play finds it: by
// everybody’s likeliest numbers, with every claim true. {STATE: [issues in words]}
export async function wishesOf(page, position, here, states, ask) {
  const asked = freshWorldsAfter(page, position, here);
  const { layout, index } = page.kernels[asked.given.kernel];
  const numbers = asked.given.numbers.map((number, place) => {
    const [, range] = /^(case\.(?:parameters|states)\..+)\.(?:low|high)$/.exec(layout.numbers[place]) ?? [];
    return range ? asked.given.numbers[index.get(`${range}.mode`)] : layout.numbers[place].endsWith(".credence") ? 1 : number;
  });
  const names = states.flatMap((state) => page.issues.map(({ name }) => `wants.${state}.${name}`)).filter((name) => `v:${name}` in layout.slots);
  const gaps = await ask("means", { ...asked, given: { ...asked.given, numbers }, names, worlds: 1 }, `wants ${states}`);
  if (!gaps || gaps.error) return null;
  const { up, down, noticed } = page.wishes;
  const wished = (state) => page.issues.map(({ name, label }) => ({ label, gap: gaps[`wants.${state}.${name}`] ?? 0 })).filter(({ gap }) => Math.abs(gap) >= noticed)
    .sort((one, other) => Math.abs(other.gap) - Math.abs(one.gap)).map(({ label, gap }) => fillIn(gap > 0 ? up : down, label));
  return Object.fromEntries(states.map((state) => [state, wished(state)]));
}

// The ending that a choice moved most and by how much, paired world by world; `size` is the probability that it moved to other endings.
export function swing(page, { before, after }) {
  const moved = page.outcomes.map((_, place) => paired(hits(before.final, place), hits(after.final, place)));
  const far = moved.map((each) => Math.abs(each.difference));
  const most = far.indexOf(Math.max(...far));
  return { size: far.reduce((sum, each) => sum + each, 0) / 2, most, ...moved[most] };
}

// --- playing ------------------------------------------------------------------------------------------------------

// The story of a game so far, with the question it comes to.
async function storySoFar(page, position, { seats, choices }, ask) {
  const given = withChoices(givenAt(page, position), choices);
  const story = await ask("story", { given, seed: scenarioOf(page, position).run.seed, run: RUN }, "seat");
  return { given, story, question: story && !story.error ? nextQuestion(page, story, { seats, choices, given }) : null };
}

// Plays a game, {seats, choices}, as far as its choices reach: gives it with its story, its next question and the odds of each answer.
export async function playGame(page, position, game, ask) {
  const { given, story, question } = await storySoFar(page, position, game, ask);
  const { seed } = scenarioOf(page, position).run;
  const starts = await ask("starts", { given, seed });
  const problem = [story, starts].find((each) => !each || each.error);
  if (problem !== undefined) return { ...game, story: null, problem: problem?.error };
  if (!question) return { ...game, story, question, ...await debriefData(page, position, game, story, starts, ask) };
  const here = { story, question, starts, choices: game.choices };
  const other = question.at === "sign" && sidesOf(page, question.pair).find((each) => each !== question.state);
  const slot = (place) => `meeting.${question.pair}.accepts.${place}.${other}`;
  const [wishes, own, signs, ...odds] = await Promise.all([
    wishesOf(page, position, here, [question.state], ask), forecast(page, position, here, null, ask), other ? meansOf(page, position, here, question.met.offers.map((_, place) => slot(place)), ask) : null,
    ...answers(page, question).map(({ choice }) => forecast(page, position, here, choice, ask))]);
  const agreed = agreedTo(game.choices.filter((each) => isSaidAtTable(question, each))).includes(other);
  const chance = ({ choice }) => {
    if (!other || choice.sign === 0) return null;
    return agreed && choice.push === undefined ? 1 : signs[slot(choice.push ?? question.met.picked)];
  };
  return { ...game, story, question, starts, wants: wishes?.[question.state] ?? [], own, odds, signs: answers(page, question).map(chance) };
}

// What can be said once a game is over: which claims held, how model players did in the same world, what each choice did.
async function debriefData(page, position, { seats, choices, links = [] }, story, starts, ask) {
  const { seed } = scenarioOf(page, position).run;
  const given = givenAt(page, position);
  const { fatal } = page.kernels[given.kernel].layout;
  const [world, alone, players] = await Promise.all([
    ask("runs", { given, seed, count: 2, gained: false, holds: true }, "seat's world"), ask("story", { given: { ...given, summits: [] }, seed, run: RUN }, "seat alone"),
    ask("players", { given, seed, run: RUN, runs: PLAYERS, firstRun: OTHERS })]);
  const ranked = (satisfied, struck) => (fatal && struck >= 1 ? -Infinity : satisfied);
  const results = seats.map((state) => {
    const own = ranked(story.measures[`satisfaction.${state}`], story.measures[fatal]);
    const others = Array.from(players.values[`satisfaction.${state}`], (each, k) => ranked(each, players.values[fatal]?.[k]));
    const below = others.reduce((sum, each) => sum + (each < own ? 1 : each === own ? 0.5 : 0), 0) / others.length;
    const struck = fatal && (story.measures[fatal] || alone.measures[fatal]);
    const score = 100 * story.months.at(-1).gains[state];
    return { state, score, gained: struck ? null : score - 100 * alone.months.at(-1).gains[state], better: below };
  });
  const whole = [];
  for (const [at, choice] of choices.entries()) whole.push(links[at]?.after ? links[at] : await choiceRecord(page, position, seats, choices, at, starts, ask));
  return { holds: holdsIn(world, RUN), results, players: Array.from(players.final), alike: players.final.reduce((sum, each) => sum + (each === story.outcome), 0), links: whole };
}

// A choice in a game that was opened from a link, with what it said and did computed anew.
async function choiceRecord(page, position, seats, choices, at, starts, ask) {
  const game = { seats, choices: choices.slice(0, at) };
  const { story, question } = await storySoFar(page, position, game, ask);
  const here = { story, question, starts, choices: game.choices };
  const [before, after] = await Promise.all([null, choices[at]].map((choice) => forecast(page, position, here, choice, ask)));
  const { says } = answers(page, question).find(({ choice }) => symbolOf(choice) === symbolOf(choices[at]));
  return { choice: choices[at], says, before, after, ...ownWay(page, story, question, choices[at]) };
}

// The game after a choice; what the choice did to the odds is kept for the debrief.
export function withChoice(game, place, page) {
  const { choice, says } = answers(page, game.question)[place];
  const link = { choice, says, before: game.own, after: game.odds[place], ...ownWay(page, game.story, game.question, choice) };
  const links = [...(game.links ?? [])];
  links[game.choices.length] = link;
  return { seats: game.seats, choices: [...game.choices, choice], links };
}

export const withoutLastChoice = (game) => ({ seats: game.seats, choices: game.choices.slice(0, -1), links: (game.links ?? []).slice(0, game.choices.length - 1) });

// The score of a state when a question is put: at the end of the last month, and what that month changed.
export function scoreOf({ story }, state, month) {
  const at = (each) => (each < 0 ? 0 : 100 * story.months[each].gains[state]);
  return { score: at(month - 1), change: at(month - 1) - at(month - 2) };
}

// A game in a link: seats, and a sign per choice: the place of a move, y or n, a capital letter for what is pushed for.
export const gameText = ({ seats, choices }) => `seat=${seats.join("+")}:${choices.map(symbolOf).join("")}`;

const symbolOf = ({ option, early, come, sign, push }) => (push === undefined ? String(option ?? (early ?? come ?? sign ? "y" : "n")) : String.fromCharCode(65 + push));

// Plays a game from its text, one question after the other.
export async function gameFromText(page, position, text, ask) {
  const [, seats, digits] = /^seat=([A-Za-z+]+):([0-9ynA-Z]*)$/.exec(text) ?? [];
  if (!seats || !seats.split("+").every((each) => page.menus[each])) return null;
  let game = { seats: seats.split("+"), choices: [] };
  for (const digit of digits) {
    const { question } = await storySoFar(page, position, game, ask);
    const found = question && answers(page, question).find(({ choice }) => symbolOf(choice) === digit);
    if (!found) return null;
    game = { seats: game.seats, choices: [...game.choices, found.choice] };
  }
  return game;
}
