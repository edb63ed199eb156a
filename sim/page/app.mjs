// The page: one state, drawn whenever it or the fresh runs behind it have changed.

import { calendar, levelLane } from "./calendar.mjs";
import { playClass, classPanel, readPositions } from "./class.mjs";
import { chain } from "./chain.mjs";
import { cardSliders, claimList, effectsOf, whyLeverageMoved, numberList, ranked, spread, WHY_PARTS } from "./claims.mjs";
import { comparison, predict, prediction } from "./compare.mjs";
import { button, goWithin, h, render } from "./dom.mjs";
import { serve, startEngine } from "./engine.mjs";
import { positionPanel } from "./position_panel.mjs";
import { fromText, toCode } from "./position.mjs";
import { holdsIn, squares, storyPanel } from "./squares.mjs";
import { gameFromText, gameText, playGame } from "./seat.mjs";
import { seatPanel } from "./seat_panel.mjs";
import { credencesAt, givenAt, scenarioOf, unpack } from "./scenario.mjs";
import { emptyPosition, firstState, isEmpty, redo, reset, same, undo, unpin, withPosition, withView } from "./state.mjs";
import { cannotRun, unzipped } from "./unzip.mjs";
import { leverageAtMeeting, liveSentence, plain, summary, thousands } from "./words.mjs";

const WHILE_MOVING = 200;
const WHEN_STOPPED = 1000;
const AT_REST = 10000;
const REST_MS = 700;
const SPEAK_MS = 500;
const LINK_MS = 500; // after the last change: browsers allow few changes of the address a second
const BELOW_MS = 250; // longest that the parts below the first screen wait for the runs of a change

const at = (id) => document.getElementById(id);

async function start() {
  const page = unpack(JSON.parse(await unzipped(at("data").textContent, true)));
  const kernels = await Promise.all(page.kernels.map(async ({ layout, wasm }) => ({ layout, bytes: await unzipped(wasm) })));
  const source = document.querySelector("script[data-page]").textContent;
  const app = createApp(page, startEngine(kernels, source));
  document.documentElement.classList.add("alive");
  for (const each of document.querySelectorAll(".table [data-outcome]")) each.removeAttribute("data-outcome"); // the live bars carry it now
  addEventListener("click", goWithin);
  addEventListener("hashchange", () => app.open(location.hash));
  await app.open(location.hash);
}

function createApp(page, engine) {
  let state = firstState(page.scenarios[0].name);
  let rows = null; // runs of the position `rowsAre`, which is an earlier one until the new runs are there
  let rowsAre = null;
  let shown = null; // the summary of these rows, made once
  let unsaid = true; // whether the live region has yet to speak of the last change
  let rowsBefore = null; // runs of the position that it is compared with
  let levelsBefore = {}; // means by month of that position over the fewer runs of a drag or a stop, by the number of runs
  let effects = null;
  let why = null; // the claims through which the change moves leverage
  let order = page.claims;
  let stories = {};
  let game = null; // at the seat that is taken
  let left = null; // the last game that another position has cleared, with its own
  let [classroom, classes] = [{}, 0]; // what is shown, and how many have been asked for
  let [moving, drawing] = [false, 0];
  let [resting, speaking, picture, linking, waiting] = [0, 0, 0, 0, 0];
  let below = {}; // what the parts below the first screen show
  const parts = {};
  const cache = new Map(); // rows by position, so that going back takes no time

  const runSettings = () => scenarioOf(page, state.position).run;
  const mostRuns = () => Math.min(Math.max(runSettings().runs, 1), AT_REST);
  const changed = () => !same(state.position, state.before);

  const act = {
    change: (change, gesture = null) => set(withPosition(state, change(state.position), gesture)), // of the position as it is now, not as it was drawn: another change may have come
    look: (change) => { state = withView(state, change); if ("run" in change) askStories(); draw(); },
    moving: (yes) => { moving = yes; if (!yes) { askRuns(); speakLater(); linkLater(); } },
    focus: (selector) => { drawNow(); document.querySelector(selector)?.focus(); },
    animate: (steps, pause, end) => { clearInterval(picture); picture = setInterval(() => (steps.length ? steps.shift()() : (clearInterval(picture), end())), pause); },
    set: (next) => set(next), undo: () => set(undo(state)), redo: () => set(redo(state)), reset: () => set(reset(state)),
    scenario: (name) => set(unpin(withPosition(state, emptyPosition(name)))), seat: (next) => { playSeat(next); },
    advise: async (asks) => {
      if (!game?.question) return; // a choice has just been made
      const asked = { ...game, advice: "The fresh worlds are asked …" };
      game = asked;
      draw();
      const advice = await asks(state.position, asked, engine.ask).catch(() => null);
      if (game === asked) { game = { ...game, advice }; draw(); }
    },
    showClass: (texts) => showClass(texts),
    classNames: (names) => { classroom = { ...classroom, names }; draw(); },
    state: () => state,
  };

  // Plays a game as far as its choices reach. A game belongs to its position: another puts it away until this one comes back.
  async function playSeat(next) {
    const [position, inside] = [state.position, at("seat-body").contains(document.activeElement)];
    const show = () => (inside ? act.focus("[data-turn], [data-sit]") : draw()); // a keyboard keeps its place
    [game, left] = [next, null];
    draw();
    const found = next && await playGame(page, position, next, engine.ask);
    if (game !== next || !same(position, state.position)) return undefined;
    game = found;
    show();
    return writeLink();
  }

  // A class that is asked for while another is played takes its place.
  async function showClass(texts) {
    const [{ scenario }, { seed }, asked] = [state.position, runSettings(), ++classes];
    const wanted = (found) => { if (asked === classes) return found; throw new Error("another class has come"); };
    const tell = (more) => { classroom = wanted({ names: classroom.names, ...more }); draw(); };
    const play = async (given, count, holds = false) => wanted(await engine.askAny(holds ? "runs" : "ends", { given, seed, count, gained: false, holds }));
    try {
      const { readers, refused } = await readPositions(page, texts, scenario);
      if (readers.length < 2) return tell({ refused, busy: "A class needs two positions or more." });
      tell({ refused, busy: "The class is being played …" });
      const found = await playClass(page, readers, emptyPosition(scenario), play, (done, of) => tell({ refused, busy: `${done} of ${of} students are played …` }));
      return tell({ refused, found });
    } catch (error) {
      return asked === classes && tell({ busy: `The class cannot be played: ${error.message}` });
    }
  }

  function set(next) {
    if (next === state) return;
    const moved = !same(next.position, state.position);
    const other = !same(next.before, state.before);
    if (moved && game) left = { position: state.position, game };
    state = next;
    if (other) [rowsBefore, shown] = [null, null];
    if (moved) game = null;
    if (moved && left && same(left.position, state.position)) playSeat(left.game);
    if (moved || other) at("how-it-ends").setAttribute("aria-busy", "true");
    if (moved || other) askRuns();
    linkLater();
    speakLater();
    draw();
  }

  async function rowsOf(position, count, channel) {
    const key = JSON.stringify(position);
    const found = cache.get(key);
    if (found && found.runs >= count) return found;
    const given = givenAt(page, position);
    const fresh = await engine.ask("runs", { given, seed: scenarioOf(page, position).run.seed, count }, channel);
    if (fresh?.error) throw new Error(fresh.error);
    if (fresh && count >= mostRuns()) {
      cache.set(key, fresh);
      if (cache.size > 24) cache.delete(cache.keys().next().value);
    }
    return fresh;
  }

  async function askRuns() {
    clearTimeout(resting);
    const wanted = state.position;
    const [few, all] = [Math.min(moving ? WHILE_MOVING : WHEN_STOPPED, mostRuns()), mostRuns()];
    if (!rowsBefore) askBefore();
    if (cache.has(JSON.stringify(wanted))) return showRows(wanted, cache.get(JSON.stringify(wanted)));
    if (same(wanted, state.before)) return undefined; // these rows have been asked for already
    showRows(wanted, await rowsOf(wanted, few, "now"));
    if (!moving && few < all) resting = setTimeout(async () => showRows(wanted, await rowsOf(wanted, all, "now")), REST_MS);
    return undefined;
  }

  async function askBefore() {
    const wanted = state.before;
    const found = await rowsOf(wanted, mostRuns(), "before");
    if (!found || !same(wanted, state.before)) return;
    [rowsBefore, levelsBefore, shown] = [found, {}, null];
    askSigned(wanted, "signed before");
    for (const count of [WHILE_MOVING, WHEN_STOPPED]) if (count < found.runs) askLevels(wanted, count);
    if (changed()) draw();
    else showRows(state.position, found);
  }

  async function askLevels(wanted, count) {
    const found = await engine.ask("levels", { given: givenAt(page, wanted), seed: runSettings().seed, count }, `levels ${count}`);
    if (found && !found.error && same(wanted, state.before)) levelsBefore[count] = found;
  }

  function showRows(wanted, found) {
    if (!found || !same(wanted, state.position)) return;
    [rows, rowsAre, shown, effects, why] = [found, wanted, null, null, null];
    if (found.runs >= mostRuns()) requestIdle(() => { if (rows === found) { findEffects(); draw(); askWhy(found); } });
    drawNow();
    setTimeout(() => { // once these runs have been painted
      if (rows !== found) return;
      if (found.runs >= Math.min(WHEN_STOPPED, mostRuns())) askSigned(wanted, "signed now");
      askStories();
    });
  }

  function findEffects() {
    if (!rows?.holds) return;
    effects = effectsOf(page, rows, credencesAt(page, state.position));
    if (state.view.held !== state.position.scenario) order = ranked(page, effects);
    state = withView(state, { held: state.position.scenario });
  }

  async function askStories() {
    const { seed } = runSettings();
    const [position, before, { run }] = [state.position, state.before, state.view];
    const now = await engine.ask("story", { given: givenAt(page, position), seed, run }, "story");
    const was = changed() ? await engine.ask("story", { given: givenAt(page, before), seed, run }, "story before") : null;
    if (!now || now.error || !same(position, state.position) || !same(before, state.before) || run !== state.view.run) return;
    const withClaims = (story, from) => story && from && { ...story, holds: holdsIn(from, run) };
    stories = { now: withClaims(now, rows), was: withClaims(was, rowsBefore) };
    draw();
  }

  // Counts the packages that are signed in the first of these runs, once a position no longer moves.
  async function askSigned(position, channel) {
    const key = `signed ${JSON.stringify(position)}`;
    if (!cache.has(key)) {
      const found = await engine.ask("signed", { given: givenAt(page, position), seed: runSettings().seed, pair: page.main, count: Math.min(WHEN_STOPPED, mostRuns()) }, channel);
      if (!found || found.error) return;
      cache.set(key, found);
    }
    draw();
  }

  // Asked one position after the other, so that a newer change waits for one answer at most.
  async function askWhy(of) {
    if (!changed()) return;
    const leverageAt = async (position) => {
      const found = rows === of ? await engine.ask("leverage", { given: givenAt(page, position), seed: runSettings().seed, parts: WHY_PARTS }, "why") : null;
      if (!found || found.error) throw new Error("another change has come");
      return found;
    };
    why = await whyLeverageMoved(page, state.position, state.before, leverageAt).catch(() => null);
    draw();
  }

  const requestIdle = (work, timeout = 1500) => (window.requestIdleCallback ? requestIdleCallback(work, { timeout }) : setTimeout(work, 30));

  function draw() {
    if (!drawing) drawing = requestAnimationFrame(drawNow);
  }

  function drawNow() {
    cancelAnimationFrame(drawing);
    drawing = 0;
    const scenario = scenarioOf(page, state.position);
    const { month, token, dyad, run } = state.view;
    render(at("heading"), [state.position.question ?? scenario.question ?? scenario.title]);
    render(at("tools"), tools(page, state, act));
    part("calendar-body", [state.position, state.before, month, token], () => calendar(page, state, act));
    const found = rows && current();
    if (!found) return;
    part("level", [found, month, state.view.level], () => levelLane(page, state, found, act));
    part("live", [found, found.signed, state.pinned], () => liveSentence(page, found, rowsAre, found.changed, state.pinned).map((each) => (each.number ? h("b", {}, each.number) : each)));
    part("count", [found.runs], () => [h("b", { "data-effective-runs": found.runs }, thousands(found.runs)), " fresh runs; intervals are their noise alone."]);
    render(at("predict"), predict(page, state, found, act));
    render(at("prediction"), prediction(page, state, found));
    part("chain", [found, why, found.signed, found.beforeSigned, order, month, dyad], () => chain(page, state, found, cardSliders(page, state, order, act), act));
    part("squares", [found, run], () => squares(page, state, found, act));
    if (stories.now) part("story", [stories, month], () => storyPanel(page, state, stories.now, stories.was, act));
    part("seat-body", [game], () => seatPanel(page, state, game, act));
    part("class-body", [classroom], () => classPanel(page, classroom, act));
    if (unsaid === "due" && !moving) speak();
    if (shown !== below.shown || state.position !== below.position) at("how-it-ends").setAttribute("aria-busy", "true");
    clearTimeout(waiting);
    waiting = setTimeout(() => requestIdle(drawBelow, 200), same(rowsAre, state.position) ? 0 : BELOW_MS);
  }

  // Draws what stands below the first screen, later than that screen: a drag does not wait for it.
  function drawBelow() {
    const found = current();
    below = { shown, position: state.position };
    part("claims-body", [state.position, effects, state.view.all], () => claimList(page, state, order, effects, rows, act));
    part("numbers-body", [state.position], () => numberList(page, state, act));
    part("spread", [found], () => spread(found));
    part("compare-body", [found, state.before, state.pinned], () => comparison(page, state, found, act));
    part("position-body", [state.position, found.runs, state.view.code, state.view.problems, state.view.taken, state.view.copied], () => positionPanel(page, state, found, act));
    at("how-it-ends").setAttribute("aria-busy", String(!same(rowsAre, state.position) || !rowsBefore || found.runs < mostRuns()));
  }

  // Draws a part anew if what it depends on has changed.
  function part(id, data, draws) {
    if (parts[id]?.every((each, place) => each === data[place])) return;
    parts[id] = data;
    render(at(id), draws());
  }

  // The summary to show; until the runs of a new position are there, the last one.
  function current() {
    const against = rowsBefore && rowsBefore.runs >= rows.runs ? rowsBefore : null;
    shown ??= { ...summary(page, rows, against), changed: !same(rowsAre, state.before) && Boolean(against), endsBefore: against?.final ?? rows.final };
    const levels = levelsBefore[rows.runs] ?? against; // means over other runs would differ by their noise
    const signed = (position) => cache.get(`signed ${JSON.stringify(position)}`);
    return Object.assign(shown, {
      table: leverageAtMeeting(page, rowsAre, rows.leverage), tableBefore: against && leverageAtMeeting(page, state.before, levels.leverage),
      beforeLeverage: levels?.leverage, beforeSeries: levels?.series, why, signed: signed(rowsAre), beforeSigned: signed(state.before),
    });
  }

  // The live region speaks once: half a second after the last change, or as soon after as its runs are there.
  function speakLater() {
    clearTimeout(speaking);
    unsaid = true;
    speaking = setTimeout(() => { if (!moving && same(rowsAre, state.position) && shown) speak(); else unsaid = "due"; }, SPEAK_MS);
  }

  function speak() {
    if (!same(rowsAre, state.position)) return;
    unsaid = false;
    at("spoken").textContent = plain(liveSentence(page, current(), rowsAre, shown.changed, state.pinned));
  }

  function linkLater() {
    clearTimeout(linking);
    if (!moving) linking = setTimeout(writeLink, LINK_MS);
  }

  async function writeLink() {
    const [wanted, sitting] = [state.position, game];
    const code = isEmpty(wanted) && wanted.scenario === page.scenarios[0].name ? "" : await toCode(page, wanted);
    if (!same(wanted, state.position) || sitting !== game) return;
    const parts = [code, game?.seats ? gameText(game) : ""].filter(Boolean);
    history.replaceState(null, "", parts.length ? `#${parts.join("&")}` : location.pathname + location.search);
  }

  async function open(hash) {
    const options = hash.slice(1).split("&");
    if (options.includes("predict=off")) state = withView(state, { asked: true });
    const name = options.find((each) => each.startsWith("scenario="))?.slice(9);
    if (page.scenarios.some((each) => each.name === name)) act.scenario(name);
    const code = options.find((each) => each.startsWith("S1"));
    if (code) {
      const found = await fromText(page, code, state.position.scenario);
      if (found.position) set(withPosition(state, found.position));
      render(at("problem"), found.position ? [] : [h("p", { class: "warning", role: "alert" }, found.problems.join(" "))]);
    }
    drawNow();
    askRuns();
    speakLater();
    const seat = options.find((each) => each.startsWith("seat="));
    const [sitting, position] = [seat && await gameFromText(page, state.position, seat, engine.ask), state.position];
    if (sitting && !game && same(position, state.position)) playSeat(sitting);
  }

  return { open, act };
}

function tools(page, state, act) {
  return [
    page.scenarios.length > 1 ? h("label", {}, "Scenario ", h("select", { "data-scenarios": true, on: { change: (event) => act.scenario(event.target.value) } },
      page.scenarios.map((each) => h("option", { value: each.name, selected: each.name === state.position.scenario }, each.title)))) : null,
    button("Undo", act.undo, { "data-undo": true, "aria-disabled": String(!state.past.length) }), button("Redo", act.redo, { "data-redo": true, "aria-disabled": String(!state.future.length) }),
    button("Put everything back", act.reset, { "data-reset": true }),
  ];
}

if (typeof document === "undefined") serve(globalThis);
else start().catch(cannotRun);
