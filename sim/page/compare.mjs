// Predict first; pin a position, or take a shipped scenario, and continue from it; a table of everything that differs.

import { button, grid, h } from "./dom.mjs";
import { emptyPosition, pin, unpin, withView } from "./state.mjs";
import { capital, decimals, differenceWords, inPoints, invitation, minus, percent, thousands } from "./words.mjs";

const MOST_POINTS = 30;

// Before the first change the page asks which way and how far one ending will go.
export function predict(page, state, found, act) {
  if (state.view.asked || state.past.length || state.future.length || found.changed) return null;
  const guess = state.view.draft ?? 0;
  const ending = likeliest(found);
  const answer = (guess) => act.set(withView(act.state(), { asked: true, guess }));
  return h("div", { class: "predict", role: "group", "aria-label": "Predict first" },
    h("span", {}, h("b", {}, "Predict first: "), `if you ${lowered(invitation(page, state.position))}, how far will “${ending.label}” move?`),
    h("input", { type: "range", min: -MOST_POINTS, max: MOST_POINTS, value: String(guess), "aria-label": "Points more or fewer", "aria-valuetext": pointsOf(guess), on: { input: (event) => act.look({ draft: Number(event.target.value) }) } }),
    h("b", { class: "level", "aria-hidden": "true" }, pointsOf(guess)),
    button("That is my guess", () => answer({ name: ending.name, points: act.state().view.draft ?? 0 }), { "data-guess": true }),
    button("Skip", () => answer(null)));
}

const pointsOf = (points_) => (points_ === 0 ? "not at all" : `${minus(points_ > 0 ? `+${points_}` : points_)} points`);
const moves = (guess) => (guess === 0 ? "does not move" : `moves by ${pointsOf(guess)}`);
const lowered = (sentence) => sentence[0].toLowerCase() + sentence.slice(1, -1); // within another
const likeliest = (found) => [...found.outcomes].sort((one, other) => other.count - one.count)[0];

// The guess beside the answer.
export function prediction(page, state, found) {
  const { guess } = state.view;
  const ending = guess && found.outcomes.find((each) => each.name === guess.name);
  if (!ending) return null;
  if (!found.changed) return [`You guess that “${ending.label}” ${moves(guess.points)}. ${invitation(page, state.position)}`];
  const apart = Math.abs(100 * ending.difference - guess.points);
  const close = apart <= 100 * (ending.half || 0) + 0.5;
  return [`You guessed that “${ending.label}” ${moves(guess.points)}; the difference is ${inPoints(ending)}: ${close ? "as near as the noise allows" : `${apart.toFixed(1)} points apart`}.`];
}

export function comparison(page, state, found, act) {
  const choose = (event) => {
    const name = event.target.value;
    act.set(name === "" ? pin(act.state()) : pin(act.state(), emptyPosition(name)));
  };
  const others = page.scenarios.filter((each) => each.name !== state.before.scenario || state.pinned);
  return [
    h("div", { class: "tools" },
      button("Pin this position and go on from it", () => act.set(pin(act.state())), { "data-pin": true }),
      others.length ? h("label", {}, "or compare with ", h("select", { "data-against": true, on: { change: choose } }, h("option", { value: "", selected: true }, "choose a scenario"), others.map((each) => h("option", { value: each.name }, each.title)))) : null,
      state.pinned ? button("Compare with the scenario again", () => act.set(unpin(act.state()))) : null),
    found.changed ? table(found) : h("p", { class: "small" }, "Nothing has been changed yet: both are the same runs."),
  ];
}

function table(found) {
  const rows = [...found.outcomes.map((each) => ({ ...each, share: true })), ...[...found.measures.values()].filter((each) => Number.isFinite(each.before))];
  const said = (each, value) => (each.share ? percent(value) : decimals(value, Math.abs(value) < 0.095 ? 3 : 2));
  const now = (each) => (each.share ? each.probability : each.mean);
  const row = (each) => h("tr", { key: each.name, class: each.standsOut ? "out" : null, "data-difference": each.name, "data-before": each.before.toFixed(6), "data-now": now(each).toFixed(6), "data-stands-out": String(Boolean(each.standsOut)) },
    h("th", { scope: "row" }, capital(each.label)), h("td", { class: "number" }, said(each, each.before)), h("td", { class: "number" }, said(each, now(each))),
    h("td", { class: "number" }, each.share ? inPoints(each) : differenceWords(each)), h("td", {}, each.standsOut ? "beyond the noise" : ""));
  const marks = rows.filter((each) => each.standsOut);
  const rest = rows.filter((each) => !each.standsOut);
  const whole = (list, says) => grid(says, ["Ending or measure", "Before", "Now", "Difference", "Mark"], list.map(row));
  return [
    h("p", {}, `${marks.length} of ${rows.length} endings and measures differ by more than the noise of ${thousands(found.runs)} paired runs (Holm, 5%, endings and measures each as one family).`),
    marks.length ? whole(marks, "Differences beyond the noise") : null,
    h("details", {}, h("summary", {}, `The other ${rest.length}`), whole(rest, "The other differences")),
  ];
}
