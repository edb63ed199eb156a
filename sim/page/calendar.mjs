// The calendar on a time axis: a lane per partner with a token per meeting, lanes for what happens, a switch for hostages
// such as troops. Tokens move by mouse, by touch and by keys.

import { button, choice, h, path } from "./dom.mjs";
import { assumedAt, eventsAt, lastMonth, meetingsAt, monthName, monthWords, overlap, conditionWords, scenarioOf, switched } from "./scenario.mjs";
import { assume } from "./state.mjs";
import { decimals, partnerOf, sides } from "./words.mjs";

const MOST_LABELS = 24; // months named on the axis
const GIFT_MONTH = 2; // when hostages leave for nothing
const GIFT_LEVEL = 0.1;
const GIFT_NOTE = "leaves for nothing";

// --- what a reader can do to a calendar: each function gives another position -------------------------------------

// The position with a meeting in another month; the same position where that month is taken.
export function moveMeeting(page, position, key, month) {
  const meetings = meetingsAt(page, position);
  const moved = meetings.find((each) => each.key === key);
  if (!moved || month < 0 || month > lastMonth(page, position) || month === moved.month) return position;
  if (meetings.some((each) => each !== moved && each.pair === moved.pair && overlap(each, { ...moved, month }))) return position;
  const { note, ...elsewhere } = moved; // a note speaks of the meeting's own month
  return withMeetings(page, position, meetings.map((each) => (each === moved ? { ...elsewhere, month } : each)));
}

// The position with a list of meetings; without one where they are the scenario's own again.
function withMeetings(page, position, summits) {
  const own = { ...position, summits: null };
  const meetingsIn = (of) => JSON.stringify(meetingsAt(page, of).map(({ month, pair, key, certain, early, late, occasion }) => [month, pair, key, certain, early, late, occasion]));
  const next = { ...position, summits };
  return meetingsIn(next) === meetingsIn(own) ? own : next;
}

// The position with a meeting moved by one month, or further where months are taken.
export function stepMeeting(page, position, key, step) {
  const meeting = meetingsAt(page, position).find((each) => each.key === key);
  const last = lastMonth(page, position);
  for (let month = (meeting?.month ?? last) + step; month >= 0 && month <= last; month += step) {
    const next = moveMeeting(page, position, key, month);
    if (next !== position) return next;
  }
  return position;
}

export function dropMeeting(page, position, key) {
  return withMeetings(page, position, meetingsAt(page, position).filter((each) => each.key !== key));
}

// Adds a meeting in the wanted month or the next free one; returns the position and the key of the new token.
export function addMeeting(page, position, pair, wanted = 0) {
  const meetings = meetingsAt(page, position);
  const free = [...Array(lastMonth(page, position) + 1).keys()]
    .filter((month) => !meetings.some((each) => each.pair === pair && overlap(each, { month })));
  const month = free.find((each) => each >= wanted) ?? free[0];
  if (month === undefined) return [position, null];
  let key = `${pair}@${monthName(page, month)}`;
  while (meetings.some((each) => each.key === key) || scenarioOf(page, position).summits.some((each) => `${each.pair}@${monthName(page, each.month)}` === key)) key += "+";
  return [withMeetings(page, position, [...meetings, { month, pair, key }]), key];
}

// What becomes of a hostage: `stays` (no package with it is on the table), `table`, or `leaves` (for nothing).
export function hostageAt(page, position, variable) {
  if (eventsAt(page, position).some((each) => each.variable === variable && each.action === "pin")) return "leaves";
  const switches = assumedAt(page, position).packages ?? {};
  return packagesWith(page, variable).every((name) => switched(switches[name]) === false) ? "stays" : "table";
}

export function setHostage(page, position, variable, what) {
  const own = scenarioOf(page, position);
  const pinned = own.events.some((each) => each.variable === variable && each.action === "pin");
  const keeps = (each) => each.variable !== variable;
  let next = { ...position, events: position.events.filter(keeps), dropEvents: position.dropEvents.filter((each) => each !== variable) };
  for (const name of packagesWith(page, variable)) {
    const inherited = switched(own.assume.packages?.[name]) === false;
    next = assume(next, ["packages", name], inherited === (what === "stays") ? undefined : what === "stays" ? "off" : "on");
  }
  if (what === "leaves" && !pinned) next.events = [...next.events, { month: GIFT_MONTH, action: "pin", variable, value: GIFT_LEVEL, note: GIFT_NOTE }];
  if (what !== "leaves" && pinned) next.dropEvents = [...next.dropEvents, variable];
  return next;
}

const packagesWith = (page, variable) => page.packages.filter(({ gives }) => Object.values(gives).some((parts) => variable in parts)).map(({ name }) => name);

export function toggleEvents(page, position, variable) {
  const dropped = position.dropEvents.includes(variable);
  return { ...position, dropEvents: dropped ? position.dropEvents.filter((each) => each !== variable) : [...position.dropEvents, variable] };
}

// --- drawing ------------------------------------------------------------------------------------------------------

// `act` has change(from a position to another, gesture), state(), look({token, month}) and moving(yes).
export function calendar(page, state, act) {
  const { position, before, view } = state;
  const months = lastMonth(page, position) + 1;
  const meetings = meetingsAt(page, position);
  const ghosts = meetingsAt(page, before);
  const chosen = meetings.find((each) => each.key === view.token) ?? meetings[0];
  return h("div", { class: "lanes", style: { "--n": months }, on: { pointermove: (event) => showMonth(event, months, view, act), pointerleave: () => act.look({ month: null }) } },
    axis(page, months, view.month),
    page.pairs.map((pair) => lane(page, state, pair, { meetings, ghosts, months, chosen, act })),
    eventLanes(page, state, months, act),
    h("div", { key: "level", id: "level", class: "lane event", own: true }),
    forcedMoves(page, state.position),
    h("div", { class: "tools" }, hostages(page, position, act), chosen ? chosenMeeting(page, position, chosen, act) : null));
}

function axis(page, months, marked) {
  const step = Math.ceil(months / MOST_LABELS);
  return h("div", { class: "axis", "aria-hidden": "true" }, [...Array(months).keys()].filter((month) => month % step === 0).map((month) => {
    const year = month === 0 || monthName(page, month).slice(0, 4) !== monthName(page, month - step).slice(0, 4);
    return h("span", { class: month === marked ? "marked" : null, style: { "--m": month } },
      monthWords(page, month, true), year ? h("b", {}, ` ’${monthName(page, month).slice(2, 4)}`) : null);
  }));
}

function lane(page, state, pair, { meetings, ghosts, months, chosen, act }) {
  const who = partnerOf(page, pair.id).short;
  const own = meetings.filter((each) => each.pair === pair.id).sort((one, other) => (one.key < other.key ? -1 : 1)); // a token that is dragged keeps its place
  const gone = ghosts.filter((each) => each.pair === pair.id && !own.some((now) => now.month === each.month));
  return h("div", { class: `lane ${pairClass(page, pair.id)}` },
    h("span", { class: "who" }, who,
      button("+", () => add(page, pair.id, act), { class: "add", "aria-label": `Add a meeting with ${who}`, title: `Add a meeting with ${who}` })),
    h("div", { class: "track", "data-track": pair.id, on: { dblclick: (event) => (event.target.closest("[data-summit]") ? null : add(page, pair.id, act, monthAt(event, event.currentTarget, months))) } },
      state.view.month === null ? null : h("i", { key: "cursor", class: "cursor", style: { "--m": state.view.month } }),
      gone.map((each) => h("i", { key: `ghost ${each.key}`, class: "ghost", style: { "--m": each.month } })),
      own.map((each) => token(page, state, each, { who, months, chosen, act }))));
}

export const pairClass = (page, id) => `p${page.pairs.findIndex((each) => each.id === id) % 6}`;

function token(page, state, meeting, { who, months, chosen, act }) {
  const [host] = sides(page);
  const condition = conditionWords(page, state.position, meeting);
  const moved = !meetingsAt(page, state.before).some((each) => each.pair === meeting.pair && each.month === meeting.month);
  return h("div", {
    key: meeting.key, class: `token${moved ? " moved" : ""}${meeting === chosen ? " chosen" : ""}`, role: "slider", tabindex: meeting === chosen ? 0 : -1,
    "data-summit": meeting.key, "data-month": monthName(page, meeting.month), style: { "--m": meeting.month },
    "aria-label": `${host.short} meets ${who}${meeting.note ? `, ${meeting.note}` : ""}${meeting.certain ? ", certain" : ""}${condition ? `, ${condition}` : ""}`,
    "aria-valuemin": 0, "aria-valuemax": months - 1, "aria-valuenow": meeting.month, "aria-valuetext": monthWords(page, meeting.month),
    "aria-orientation": "horizontal", "aria-describedby": "calendar-keys",
    on: {
      keydown: (event) => keyPressed(page, state, meeting, event, act),
      focus: () => act.look({ token: meeting.key }),
      pointerdown: (event) => grab(page, meeting, event, months, act),
    },
  }, condition ? "?" : meeting.certain ? "●" : null);
}

function keyPressed(page, { position }, meeting, event, act) {
  const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
  const along = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (step) act.change((now) => stepMeeting(page, now, meeting.key, step), `keys ${meeting.key}`);
  else if (along) act.focus(`[data-summit="${nextMeeting(page, position, meeting, along).key}"]`);
  else if (event.key === "Delete" || event.key === "Backspace") remove(page, meeting, act);
  else if (event.key === "Home") act.change((now) => moveMeeting(page, now, meeting.key, 0));
  else if (event.key === "End") act.change((now) => moveMeeting(page, now, meeting.key, lastMonth(page, now)));
  else return;
  event.preventDefault();
}

function nextMeeting(page, position, meeting, step) {
  const meetings = meetingsAt(page, position);
  return meetings.at((meetings.findIndex((each) => each.key === meeting.key) + step) % meetings.length);
}

function remove(page, meeting, act) {
  const meetings = meetingsAt(page, act.state().position);
  const place = meetings.findIndex((each) => each.key === meeting.key);
  const next = meetings[place + 1] ?? meetings[place - 1];
  act.look({ token: next?.key ?? null });
  act.change((now) => dropMeeting(page, now, meeting.key));
  act.focus(next ? `[data-summit="${next.key}"]` : ".lane .add");
}

function add(page, pair, act, month = 0) {
  const [next, key] = addMeeting(page, act.state().position, pair, month);
  if (!key) return;
  act.look({ token: key });
  act.change(() => next);
  act.focus(`[data-summit="${key}"]`);
}

function grab(page, meeting, event, months, act) {
  if (event.button > 0) return;
  const node = event.currentTarget;
  const track = node.parentElement;
  const gesture = `drag ${meeting.key} ${event.timeStamp}`;
  node.setPointerCapture(event.pointerId);
  node.focus({ preventScroll: true });
  act.look({ token: meeting.key });
  const move = (at) => act.change((position) => moveMeeting(page, position, meeting.key, monthAt(at, track, months)), gesture);
  const end = () => {
    node.removeEventListener("pointermove", move);
    for (const kind of ["pointerup", "pointercancel"]) node.removeEventListener(kind, end);
    act.moving(false);
  };
  act.moving(true);
  node.addEventListener("pointermove", move);
  for (const kind of ["pointerup", "pointercancel"]) node.addEventListener(kind, end);
  event.preventDefault();
}

function monthAt(event, track, months) {
  const { left, width } = track.getBoundingClientRect();
  return Math.min(Math.max(Math.floor(((event.clientX - left) / width) * months), 0), months - 1);
}

// Marks the month under the pointer; none where it is over a token, which is held or was just dropped.
function showMonth(event, months, view, act) {
  const track = event.currentTarget.querySelector(".track");
  const { left, right } = track.getBoundingClientRect();
  const onTrack = event.clientX >= left && event.clientX < right && !event.target.closest("[data-summit]");
  const month = onTrack ? monthAt(event, track, months) : null;
  if (month !== view.month) act.look({ month });
}

// Lanes of what happens from outside: the level of every variable that seasons or events move, the latter with a switch.
function eventLanes(page, { position }, months, act) {
  const { events: own, seasons = {} } = scenarioOf(page, position);
  const touched = new Set([...own, ...position.events].filter((each) => each.action !== "move" && each.variable).map((each) => each.variable));
  const variables = [...new Set([...touched, ...Object.keys(seasons)])]
    .filter((name) => !page.variables.find((each) => each.name === name)?.hostage);
  return variables.map((name) => {
    const { label, start } = page.variables.find((each) => each.name === name);
    const on = !position.dropEvents.includes(name);
    const events = eventsAt(page, position).filter((each) => each.variable === name);
    const levels = levelsOf(events, start, months, seasons[name]);
    const condition = [...new Set(events.map((each) => conditionWords(page, position, each)).filter(Boolean))].map((text) => ` (${text})`).join("");
    return h("div", { class: "lane event" },
      h("label", { class: "who", title: `${label}${condition}` }, touched.has(name) ? h("input", { type: "checkbox", checked: on, "data-events": name, on: { change: () => act.change((now) => toggleEvents(page, now, name)) } }) : null, h("span", {}, label, condition ? " ?" : null)),
      stepChart(levels, `${label}${condition}: ${levelWords(page, levels)}`));
  });
}

const stepsOf = (levels) => levels.flatMap((level, month) => [[month, 1 - bounded(level)], [month + 1, 1 - bounded(level)]]);

// Levels by month as steps over the axis; dashed, the levels before.
function stepChart(levels, says, before = null) {
  const [months, steps] = [levels.length, stepsOf(levels)];
  return h("svg", { class: "track", viewBox: `0 -0.1 ${months} 1.2`, preserveAspectRatio: "none", role: "img", "aria-label": says },
    h("path", { d: `${path([[0, 1], ...steps, [months, 1]], 2)}Z`, class: "fill" }), h("path", { d: path(steps, 2), class: "edge" }), before && h("path", { d: path(stepsOf(before), 2), class: "edge was" }));
}

// The lane of a level that states choose: its mean by month in fresh runs. No event sets it, so it has no switch. The reader
// chooses the level; the first to be shown is one that the second main side gives in the first package of the main pair.
export function levelLane(page, { view }, found, act) {
  const choices = page.variables.filter(({ name }) => found.series[name]);
  const given = page.packages.find(({ pair }) => pair === page.main)?.gives[sides(page)[1].id] ?? {};
  const shown = choices.find(({ name }) => name === view.level) ?? choices.find(({ name, hostage }) => name in given && !hostage) ?? choices[0];
  if (!shown) return null;
  const [now, was] = [found.series, found.changed ? found.beforeSeries : null].map((series) => series?.[shown.name]);
  const at = (levels) => decimals(levels[view.month]);
  const inFives = (levels) => levelWords(page, levels.map((level) => Math.round(20 * level) / 20));
  return [
    h("span", { class: "who" }, h("select", { "aria-label": "A level that states choose", "data-level": shown.name, on: { change: (event) => act.look({ level: event.target.value }) } },
      h("optgroup", { label: "Chosen by states: mean of the runs" }, choices.map(({ name, label }) => h("option", { value: name, selected: name === shown.name }, label))))),
    stepChart(now, `${shown.label}, mean of the runs: ${inFives(now)}${was ? `; before your change: ${inFives(was)}` : ""}`, was),
    view.month === null ? null : h("small", { class: "at", style: { "--m": view.month, "--n": now.length } }, at(now), was ? ` (was ${at(was)})` : ""),
  ];
}

// Moves that events force on states, which have no lane.
function forcedMoves(page, position) {
  const made = eventsAt(page, position).filter((each) => each.action === "move");
  const says = ({ variable, value, month }) => `${page.states.find((each) => each.id === variable).short} ${page.menus[variable][value].says} (${monthWords(page, month)})`;
  return made.length ? h("p", { class: "small" }, `Made to act: ${made.map(says).join("; ")}.`) : null;
}

// Levels without uncertainty; an event with a condition or a chance is drawn as if it came about.
function levelsOf(events, start, months, season) {
  let level = start;
  let pinned = null;
  return [...Array(months).keys()].map((month) => {
    const before = events.filter((one) => one.month < month);
    if (season && before.every((one) => one.action === "shift")) level = bounded(before.reduce((sum, one) => sum + one.value, start * season[month % 12]));
    for (const each of events.filter((one) => one.month === month)) {
      if (each.action === "pin") pinned = each;
      level = bounded(each.action === "shift" ? level + each.value : each.value);
    }
    if (month >= pinned?.until) pinned = null;
    return pinned ? pinned.value : level;
  });
}

const bounded = (level) => Math.min(Math.max(level, 0), 1);

function levelWords(page, levels) {
  const turns = levels.flatMap((level, month) => (month === 0 || level !== levels[month - 1] ? [`${monthWords(page, month)} ${Math.round(100 * level)} of 100`] : []));
  return turns.join(", ");
}

function hostages(page, position, act) {
  return page.variables.filter((each) => each.hostage && packagesWith(page, each.name).length).map(({ name, label }) => {
    const now = hostageAt(page, position, name);
    const radio = (value, says) => [says, { type: "radio", name: `hostage-${name}`, value, checked: now === value, on: { change: () => act.change((now) => setHostage(page, now, name, value)) } }];
    return choice(label, [radio("stays", "stay"), radio("table", "on the table"), radio("leaves", "leave for nothing")], { "data-hostage": name });
  });
}

function chosenMeeting(page, position, meeting, act) {
  const [host] = sides(page);
  const condition = conditionWords(page, position, meeting);
  const set = (change) => act.change((now) => withMeetings(page, now, meetingsAt(page, now).map((each) => (each.key === meeting.key ? { ...each, ...change } : each))));
  const step = (by, says, name) => button(says, () => act.change((now) => stepMeeting(page, now, meeting.key, by), `keys ${meeting.key}`), { "aria-label": `${name} by a month` });
  return h("div", { class: "chosen-meeting", role: "group", "aria-label": "The chosen meeting" },
    h("span", {}, `${host.short} meets ${partnerOf(page, meeting.pair).short}, ${monthWords(page, meeting.month)}${condition ? `, ${condition}` : ""}`),
    step(-1, "◀", "Earlier"), step(1, "▶", "Later"),
    page.certainty ? h("label", {}, h("input", { type: "checkbox", checked: Boolean(meeting.certain), on: { change: () => set({ certain: !meeting.certain || undefined, early: undefined, late: undefined }) } }), "certain") : null,
    button("Take away", () => remove(page, meeting, act), { "data-drop": true }));
}
