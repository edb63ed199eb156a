// Drawing as a function of the state: a tree of plain objects, applied to the document with as few changes as possible.

const SVG = new Set(["svg", "g", "path", "line", "rect", "circle", "text", "title", "polygon", "ellipse"]);
const AS_PROPERTY = new Set(["value", "checked", "disabled", "hidden", "open", "readOnly", "indeterminate"]);

// h("p", {class: "small"}, "text", h("b", {}, "more")); handlers are given as {on: {click: f}}, styles as {style: {"--at": 3}}.
export function h(tag, given = {}, ...children) {
  return { tag, given, children: children.flat(3).filter((each) => each !== null && each !== undefined && each !== false) };
}

// Gives an element the children described. A child with a key keeps its element, and so its focus and a running drag.
export function render(parent, children) {
  let node = parent.firstChild;
  for (const child of [children].flat(3)) {
    if (child === null || child === undefined || child === false) continue;
    const kept = node && (fits(node, child) ? node : laterMatch(node, child));
    while (kept && node !== kept) node = removeAndNext(node);
    if (kept) update(kept, child);
    else if (node && child.given?.key === undefined && node.drawn?.key === undefined) {
      const made = make(child);
      node.replaceWith(made);
      node = made;
    } else {
      parent.insertBefore(make(child), node);
      continue;
    }
    node = node.nextSibling;
  }
  while (node) node = removeAndNext(node);
}

function removeAndNext(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

function laterMatch(node, child) {
  if (child.given?.key === undefined) return null;
  for (let next = node.nextSibling; next; next = next.nextSibling) if (fits(next, child)) return next;
  return null;
}

function fits(node, child) {
  if (typeof child !== "object") return node.nodeType === 3;
  return node.nodeType === 1 && node.localName === child.tag && node.drawn?.key === child.given.key;
}

function make(child) {
  if (typeof child !== "object") return document.createTextNode(String(child));
  const node = SVG.has(child.tag) ? document.createElementNS("http://www.w3.org/2000/svg", child.tag) : document.createElement(child.tag);
  update(node, child);
  return node;
}

function update(node, child) {
  if (typeof child !== "object") {
    if (node.data !== String(child)) node.data = String(child);
    return;
  }
  const before = node.drawn ?? {};
  node.drawn = child.given;
  for (const name in child.given) if (name !== "key" && name !== "own") set(node, name, child.given[name], before[name]);
  for (const name in before) if (name !== "key" && !(name in child.given)) set(node, name, undefined, before[name]);
  if (!child.given.own) render(node, child.children); // `own`: something else draws its children
}

function set(node, name, value, before) {
  if (name === "on") return listen(node, value ?? {}, before ?? {});
  if (name === "style") {
    for (const key in before) if (!value || !(key in value)) node.style.removeProperty(key);
    for (const key in value) if (value[key] !== before?.[key]) node.style.setProperty(key, String(value[key]));
  } else if (AS_PROPERTY.has(name)) {
    const wanted = value ?? (name === "value" ? "" : false);
    const typing = name === "value" && node.type === "number" && node === document.activeElement;
    const kept = (name === "open" || typing) && before === value; // what a reader opened stays open, and what is typed
    if (!kept && node[name] !== wanted && !(name === "value" && String(wanted) === node.value)) node[name] = wanted;
  } else if (value === before) return undefined;
  else if (value === null || value === undefined || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : String(value));
  return undefined;
}

function listen(node, wanted, before) {
  node.heard ??= {};
  for (const kind in before) if (!(kind in wanted)) node.heard[kind] = null;
  for (const kind in wanted) {
    if (!(kind in node.heard)) node.addEventListener(kind, (event) => node.heard[kind]?.(event));
    node.heard[kind] = wanted[kind];
  }
}

// A table in a box of its own that scrolls; a row is [head, ...cells] or a row that is drawn already.
export function grid(says, heads, rows) {
  const row = ([head, ...cells]) => h("tr", {}, h("th", { scope: "row" }, head), cells.map((each) => h("td", {}, each)));
  return h("div", { class: "wide", tabindex: 0, role: "region", "aria-label": says }, h("table", {},
    h("thead", {}, h("tr", {}, heads.map((each) => h("th", { scope: "col" }, each)))), h("tbody", {}, rows.map((each) => (Array.isArray(each) ? row(each) : each)))));
}

export const button = (says, click, hooks = {}) => h("button", { type: "button", ...hooks, on: { click } }, says);

// Choices side by side, each an input's attributes with its label.
export const choice = (legend, choices, hooks = {}) => h("fieldset", { class: "choice", ...hooks }, h("legend", {}, legend),
  choices.map(([says, input]) => h("label", {}, h("input", input), h("span", {}, says))));

// A path through points (x, y).
export function path(points, digits = 1) {
  return points.map(([x, y], place) => `${place ? "L" : "M"}${x.toFixed(digits)} ${y.toFixed(digits)}`).join("");
}

// A horizontal share from 0 to `top` with its interval and where it was before.
export function bar(share, { low, high, before, kind, top = 1, hooks = {} }) {
  const at = (value) => (100 * Math.min(Math.max(value / top, 0), 1)).toFixed(2);
  return h("svg", { class: `bar ${kind}`, viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true", ...hooks },
    h("rect", { class: "ground", width: 100, height: 10 }),
    h("rect", { class: "value", width: at(share), height: 10 }),
    high > low && h("rect", { class: "range", x: at(low), y: 4, width: (at(high) - at(low)).toFixed(2), height: 2 }),
    before !== undefined && h("rect", { class: "was", x: Math.max(0, at(before) - 0.5), width: 1, height: 10 }));
}

// To a place in the page without its name in the address, where the link of the position stands.
export function goWithin(event) {
  const place = document.getElementById(event.target.closest("a[href^='#']")?.hash.slice(1));
  if (!place) return;
  event.preventDefault();
  place.tabIndex = -1;
  place.focus();
  place.scrollIntoView();
}

// The files of an input or a drop, read: [{name, text}]. An input is cleared, so that a file that was edited can be opened again.
export async function textsOf(given) {
  const read = [...given.files].map(async (file) => ({ name: file.name, text: await file.text() }));
  if ("value" in given) given.value = "";
  return Promise.all(read);
}
