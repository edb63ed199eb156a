// A hundred runs as squares in their endings' colours, and the story of one: as an animation and in words.

import { button, h } from "./dom.mjs";
import { monthWords } from "./scenario.mjs";
import { capital, listed, offerSays, partnerOf, percent, sides, terms, thousands } from "./words.mjs";

const STEP_MS = 350; // of the animation
const LEVERS = 8;

export function squares(page, state, found, act) {
  const { run } = state.view;
  const label = (end) => page.outcomes[end].label;
  const move = (event) => {
    const columns = getComputedStyle(event.currentTarget).gridTemplateColumns.split(" ").length;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
    if (!step) return;
    const next = Math.min(Math.max(run + step, 0), found.squares.length - 1);
    act.look({ run: next });
    act.focus(`[data-run="${next}"]`);
    event.preventDefault();
  };
  const turned = found.flipped.subarray(0, found.squares.length).reduce((sum, each) => sum + each, 0);
  return [
    h("h2", {}, `${found.squares.length} of the runs`),
    h("p", { class: "small" }, found.changed ? `One square, one history; outlined: turned by your change (${turned} of these ${found.squares.length}).` : "One square, one history. Choose one and read it."),
    h("div", { class: "squares", role: "group", "aria-label": "Runs; arrow keys choose one", on: { keydown: move } }, found.squares.map((end, at) => {
      const turns = Boolean(found.flipped[at]);
      return h("button", {
        type: "button", class: `square k${end % 10}${turns ? " turned" : ""}`, "data-run": at, "aria-pressed": String(at === run), tabindex: at === run ? 0 : -1,
        "aria-label": `Run ${at}: ${label(end)}${turns ? `, turned by your change from ${label(found.endsBefore[at])}` : ""}`, title: label(end), on: { click: () => act.look({ run: at }) },
      }, turns ? "◆" : "");
    })),
    legend(page, found),
  ];
}

function legend(page, found) {
  const seen = [...new Set(found.squares)].sort((one, other) => one - other);
  return h("p", { class: "key small" }, seen.map((end) => h("span", {}, h("i", { class: `dot k${end % 10}` }), page.outcomes[end].label)));
}

// The story of the chosen run, and after a change the same world before it beside it.
export function storyPanel(page, state, story, was, act) {
  const { run, month } = state.view;
  const last = story.months.length - 1;
  const lines = storyLines(page, story);
  const head = h("h2", {}, `Run ${run} ends in ${page.outcomes[story.outcome].label}`);
  const turned = was && was.outcome !== story.outcome;
  return [
    head,
    h("p", { class: "small" }, falseClaims(page, story), was ? ` The same world before your change: ${turned ? page.outcomes[was.outcome].label : "the same ending"}.` : ""),
    h("div", { class: "tools" },
      button("▶ Play the months", () => animateMonths(act, last)),
      h("label", { class: "small" }, "Month ", h("input", { type: "range", min: 0, max: last, value: month ?? last, "aria-valuetext": monthWords(page, month ?? last), on: { input: (event) => act.look({ month: Number(event.target.value) }) } })),
      h("span", { class: "small" }, month === null ? "" : monthWords(page, month))),
    picture(page, story, month),
    h("div", { class: was ? "two" : null },
      h("div", {}, was ? h("h3", {}, "Now") : null, storyList(page, lines, month)),
      was ? h("div", {}, h("h3", {}, "Before your change"), storyList(page, storyLines(page, was), month)) : null),
  ];
}

function animateMonths(act, last) {
  act.animate([...Array(last + 1).keys()].map((month) => () => act.look({ month })), STEP_MS, () => act.look({ month: null }));
}

function storyList(page, lines, month) {
  return h("ol", { class: "story" }, lines.map((line) => h("li", { class: month === null || line.month <= month ? (line.month === month ? "marked" : null) : "later" },
    h("span", { class: "month" }, monthWords(page, line.month, true)), h("span", {}, line.says))));
}

// Levels of the levers by month, darker where higher: a strip each.
function picture(page, story, month) {
  const months = story.months.length;
  const levers = page.variables.filter((each) => each.kind === "lever" && changes(story, each.name)).slice(0, LEVERS);
  return h("div", { class: "strips", role: "img", "aria-label": levers.map((each) => `${each.label} ${Math.round(100 * story.months[0].variables[each.name])} to ${Math.round(100 * story.months.at(-1).variables[each.name])} of 100`).join("; ") },
    levers.map((each) => h("div", { class: "strip-row", "aria-hidden": "true" }, h("span", { class: "small" }, each.label),
      h("svg", { viewBox: `0 0 ${months} 1`, preserveAspectRatio: "none" }, story.months.map((one, at) => h("rect", {
        class: `cell${at === month ? " marked" : ""}${month !== null && at > month ? " later" : ""}`, x: at + 0.05, width: 0.9, height: 1, "fill-opacity": Math.min(Math.max(one.variables[each.name], 0.04), 1).toFixed(2),
      }))))));
}

function changes(story, name) {
  const levels = story.months.map((each) => each.variables[name]);
  return levels[0] !== undefined && Math.max(...levels) - Math.min(...levels) > 0.02;
}

// What happens in a run, in the order of its months: [{month, says}].
export function storyLines(page, story) {
  return story.months.flatMap((each, month) => [...acts(page, story, month), ...each.meetings.map((met) => meeting(page, met)), ...collapses(page, story, month)].map((says) => ({ month, says })));
}

// Choices of the page's two main sides, except their reference option and a repetition of last month's.
function acts(page, story, month) {
  return sides(page).flatMap((state) => {
    const chosen = (at) => story.months[at]?.choices?.[state.id];
    const option = page.menus[state.id]?.[chosen(month)];
    return option && !option.reference && chosen(month) !== chosen(month - 1) ? [`${state.short} ${option.says}.`] : [];
  });
}

function collapses(page, { months }, month) {
  const count = (at, pair) => months[at]?.variables[`collapses.${pair}`] ?? 0;
  return page.pairs.filter(({ id }) => count(month, id) > count(month - 1, id)).map(({ id }) => `The deal with ${partnerOf(page, id).short} collapses.`);
}

// Which claims hold in the world of a run, if fresh runs have reported it.
export const holdsIn = (rows, run) => rows?.holds && Object.fromEntries(Object.entries(rows.holds).map(([id, worlds]) => [id, Boolean(worlds[run >> 1])]));

function meeting(page, met) {
  const [host] = sides(page);
  const partner = partnerOf(page, met.pair);
  if (met.held === false) {
    const away = Object.entries(met.refused ?? {}).filter(([, refused]) => refused).map(([id]) => page.states.find((each) => each.id === id).short);
    return `${host.short} and ${partner.short} do not meet: ${away.length ? `${listed(away)} will not come` : "it is not brought forward"}.`;
  }
  const offer = met.offers[met.picked];
  if (!offer) return `${host.short} meets ${partner.short}: nothing is on the table.`;
  const both = Object.values(offer.accepts).reduce((chance, each) => chance * each);
  const signs = met.deal ? "signed" : "they part without an agreement";
  return `${host.short} meets ${partner.short}: terms ${terms(met.terms[host.id])}; ${offerSays(page, offer)}, ${percent(both)} likely; ${signs}.`;
}

function falseClaims(page, story) {
  if (!story.holds) return "";
  const failing = page.claims.filter(({ id }) => story.holds[id] === false);
  const most = failing.slice(0, 2).map((each) => `“${capital(each.claim)}”`);
  if (!failing.length) return "Every claim holds in this world.";
  return `In this world ${thousands(failing.length)} of ${page.claims.length} claims are false${most.length ? `, among them ${listed(most)}` : ""}`;
}
