// The seat as it is drawn: what has happened, the question with the odds of each answer, and the debrief.

import { advicePanel, hint, why } from "./advice.mjs";
import { button, choice, grid, h } from "./dom.mjs";
import { storyLines } from "./squares.mjs";
import { monthWords } from "./scenario.mjs";
import { answers, withoutLastChoice, withChoice, FORECAST_RUNS, PLAYERS, scoreOf, swing } from "./seat.mjs";
import { hits, share } from "./statistics.mjs";
import { capital, fillIn, listed, minus, offerSays, percent, points, possessive, shareOfRuns, thousands } from "./words.mjs";

const SHOWN_OUTCOMES = 3;

// --- drawing ------------------------------------------------------------------------------------------------------

export function seatPanel(page, state, game, act) {
  if (!game) return start(page, act);
  if (game.problem) return h("p", { class: "warning" }, game.problem);
  if (!game.story) return h("p", { role: "status" }, "The months go by …");
  const names = listed(game.seats.map((id) => page.states.find((each) => each.id === id).short));
  return [
    h("p", {}, h("b", {}, `You are ${names}. `), "The rules are those of summitry play; the odds come from fresh worlds that know only what everybody has seen."),
    h("div", { class: "two" }, h("div", {}, history(page, game)), h("div", {}, game.question ? ask(page, game, act) : debrief(page, game))),
    h("p", { class: "tools" }, button("Take the last choice back", () => act.seat(withoutLastChoice(game)), { "aria-disabled": String(!game.choices.length) }), button("Leave the table", () => act.seat(null))),
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

function history(page, { story, question }) {
  const lines = storyLines(page, { ...story, months: question ? seenMonths(story, question) : story.months });
  return [h("h3", {}, "What has happened"), lines.length ? h("ol", { class: "story" }, lines.map((line) => h("li", {}, h("span", { class: "month" }, monthWords(page, line.month, true)), h("span", {}, line.says)))) : h("p", { class: "small" }, "Nothing yet.")];
}

// The months that are over, and of the question's own what went before it.
function seenMonths({ months }, { month, at, pair }) {
  const over = months.slice(0, month);
  if (at === "early" || at === "moves") return over;
  const meetings = months[month].meetings.slice(0, months[month].meetings.findIndex((each) => each.pair === pair));
  return [...over, { ...months[month], meetings, variables: over.at(-1)?.variables ?? {} }];
}

function ask(page, game, act) {
  const { question, odds, signs, wants } = game;
  const { short } = page.states.find((each) => each.id === question.state);
  const { score, change } = scoreOf(game, question.state, question.month);
  const shown = likeliest(page, odds);
  const widest = Math.max(...odds.filter(Boolean).flatMap((each) => shown.map((place) => found(each, place).high - found(each, place).low)));
  return [
    h("h3", { tabindex: -1, "data-turn": true }, `${monthWords(page, question.month)}: what does ${short} do?`),
    h("p", { "data-wants": question.state }, fillIn(page.wishes.own, wants.slice(0, page.wishes.aims).join(", ") || page.wishes.noAim)),
    h("p", { "data-score": score.toFixed(1) }, h("b", {}, `Score ${whole(score)}`), `, ${whole(change)} last month: how far ${short} has come of the way to `, h("a", { href: "#numbers" }, "all of that"), ", of 100; below 0 it is further away than at the start."),
    h("p", {}, asked(page, question)),
    h("ul", { class: "options" }, answers(page, question).map(({ says }, place) => h("li", {},
      button(capital(says), () => act.seat(withChoice(game, place, page)), { "data-option": place }), odds[place] ? strip(page, odds[place], shown, signs[place] === null ? "" : `; ${otherOf(page, question)} signs ${percent(signs[place], 0)}`) : null))),
    h("p", { class: "tools", role: "group", "aria-label": "Ask" },
      button("Hint", () => act.advise((...at) => hint(page, ...at)), { "data-hint": true, title: "What the model’s own state would choose, and which answer serves your aims best in the forecast", disabled: !odds.every(Boolean) }),
      page.states.filter(({ id }) => id !== question.state).map(({ id, short: name }) => button(`Why ${name}?`, () => act.advise((position, of, ask_) => why(page, position, of, id, ask_)), { "data-why-state": id, title: `The claims behind your leverage over ${name} and that of ${name} over you` }))),
    advicePanel(page, game),
    h("p", { class: "small" }, `How it may end after each: ${thousands(FORECAST_RUNS)} runs in fresh worlds, give or take ${(50 * widest).toFixed(0)} points; the score is that at the end.`),
  ];
}

function asked(page, { state, at, pair, met }) {
  const other = pair && otherOf(page, { pair, state });
  if (at === "early") return `A meeting with ${other} is planned for next month. Ask for it now, to be held if the other side comes?`;
  if (at === "come") return `A meeting with ${other} is due.`;
  return at === "sign" ? `On the table with ${other}: ${offerSays(page, met.offers[met.picked])}. ${capital(possessive(nameOf(page, state)))} terms: ${Math.round(100 * (met.terms[state] ?? 0.5))} of 100.` : null;
}

const nameOf = (page, id) => page.states.find((each) => each.id === id).short;
const otherOf = (page, { pair, state }) => nameOf(page, page.pairs.find(({ id }) => id === pair).between.find((id) => id !== state));
const whole = (score) => minus(`${score > -0.5 ? "+" : ""}${score.toFixed(0).replace("-0", "0")}`);
const found = ({ final }, place) => share(hits(final, place));

// The endings that are likeliest under any answer, in their own order.
function likeliest(page, odds) {
  const most = page.outcomes.map((_, place) => Math.max(...odds.filter(Boolean).map((each) => found(each, place).probability)));
  return [...most.keys()].sort((one, other) => most[other] - most[one]).slice(0, SHOWN_OUTCOMES).sort((one, other) => one - other);
}

function strip(page, odds, shown, more) {
  let from = 0;
  const parts = page.outcomes.map((_, place) => {
    const { probability } = found(odds, place);
    const part = h("rect", { class: `k${place % 10} part`, x: (100 * from).toFixed(2), width: (100 * probability).toFixed(2), height: 10 });
    from += probability;
    return part;
  });
  return [h("svg", { class: "odds", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, parts),
    h("span", { class: "small" }, `${shown.map((place) => `${page.outcomes[place].label} ${shareOfRuns(found(odds, place))}`).join(", ")}; score ${whole(odds.score)}${more}`)];
}

const SHOWN_SWINGS = 6;

// How it ended, how the model's own players did in the same world, and what each choice did to the odds, the largest first.
function debrief(page, { story, links, holds, results, alike }) {
  const swings = links.filter((each) => each.before && each.after).map((each) => ({ ...each, ...swing(page, each) })).sort((one, other) => other.size - one.size);
  const known = links.filter((each) => each.own !== null);
  const same = known.filter((each) => each.same).length;
  const held = page.claims.filter(({ id }) => holds[id]).length;
  const per = (of, place) => shareOfRuns(found(of, place));
  const choices = (says, list) => grid(says, ["Choice", "Of 100 runs it moved", "Most of all", "The model’s own state"], list.map((each) => [
      `${monthWords(page, each.choice.month)}: ${each.says}`, (100 * each.size).toFixed(0),
      `${page.outcomes[each.most].label} ${per(each.before, each.most)} to ${per(each.after, each.most)} (${points(each)})`,
      each.own === null ? "" : `${percent(each.own, 0)} likely to do the same; likeliest ${each.instead}`]));
  return [
    h("h3", { tabindex: -1, "data-turn": true, "data-ending": page.outcomes[story.outcome].name }, `It ends in ${page.outcomes[story.outcome].label}: ${page.outcomes[story.outcome].says}`),
    h("p", {}, `Of ${thousands(PLAYERS)} model players from the same start in the same world, with other chance, ${alike} ended so.`),
    results.map(({ state, score, gained, better }) => h("p", { "data-result": state }, `${nameOf(page, state)}: score ${whole(score)} of 100 to all it wants${gained === null ? "" : `, ${whole(gained)} against the same world without any summit`}; better than ${percent(better, 0)} of the model players.`)),
    h("p", {}, `${held} of ${page.claims.length} claims held in your world; you could not know which.`),
    h("p", {}, `In this very world the model’s own state would likeliest have done the same ${same} of ${known.length} times.`),
    choices("Your choices, the largest swing first", swings.slice(0, SHOWN_SWINGS)),
    swings.length > SHOWN_SWINGS ? h("details", {}, h("summary", {}, `The other ${swings.length - SHOWN_SWINGS} choices`), choices("Your other choices", swings.slice(SHOWN_SWINGS))) : null,
    h("p", { class: "small" }, `Before each choice (the model’s own state in the seat) and after it, ${thousands(FORECAST_RUNS)} runs in fresh worlds on the same draws.`),
  ];
}
