// The state of a page: one immutable object. A position is what a scenario file can say; a view is what the reader has
// selected. Only positions can be undone.

const MOST_STEPS = 500;

// The position that changes nothing in the scenario of this name.
export function emptyPosition(scenario) {
  return freeze({ scenario, summits: null, dropEvents: [], events: [], assume: {} });
}

// The first state of a page.
export function firstState(scenario) {
  const position = emptyPosition(scenario);
  return freeze({
    position, past: [], future: [], before: position, pinned: false,
    view: { run: 0, month: null, token: null, guess: null, asked: false },
  });
}

// Another position, which can be undone. Steps with one `gesture` (a drag) count as one.
export function withPosition(state, position, gesture = null) {
  if (same(position, state.position)) return state;
  const joined = gesture !== null && gesture === state.gesture;
  const past = joined ? state.past : [...state.past, state.position].slice(-MOST_STEPS);
  return compared({ ...state, position, past, future: [], gesture });
}

export const withView = (state, change) => freeze({ ...state, view: { ...state.view, ...change } });

export function undo(state) {
  if (!state.past.length) return state;
  return compared({
    ...state, gesture: null, position: state.past.at(-1), past: state.past.slice(0, -1), future: [state.position, ...state.future],
  });
}

export function redo(state) {
  if (!state.future.length) return state;
  const [position, ...future] = state.future;
  return compared({ ...state, gesture: null, position, past: [...state.past, state.position], future });
}

// Resets everything to the scenario and ends the comparison. This can be undone like any step.
export const reset = (state) => unpin(withPosition(state, emptyPosition(state.position.scenario)));

// The position becomes what later ones are compared with.
export const pin = (state, position = state.position) => freeze({ ...state, before: position, pinned: true });
export const unpin = (state) => compared({ ...state, pinned: false });

// What nothing is pinned beside is compared with its own scenario.
const compared = (state) => freeze(state.pinned ? state : { ...state, before: emptyPosition(state.position.scenario) });

// A position with one value of `assume` changed: assume(position, ["claims", "x"], 0.2); undefined takes it away.
export function assume(position, path, value) {
  return { ...position, assume: changed(position.assume, path, value) };
}

export const isEmpty = (position) => same({ ...position, title: undefined, question: undefined }, emptyPosition(position.scenario));

export const same = (one, other) => one === other || JSON.stringify(one) === JSON.stringify(other);

function changed(map, [key, ...rest], value) {
  const copy = { ...map };
  const inner = rest.length ? changed(copy[key] ?? {}, rest, value) : value;
  const gone = inner === undefined || (rest.length && !Object.keys(inner).length);
  if (gone) delete copy[key];
  else copy[key] = inner;
  return copy;
}

function freeze(value) {
  if (value && typeof value === "object" && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}
