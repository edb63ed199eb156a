// My position: a whole scenario file to copy, save, paste or open; a link, a code for the teacher, a QR code; the command.

import { button, h, textsOf } from "./dom.mjs";
import { linkOf } from "./codes.mjs";
import { fileName, fromText, toCode, toYaml } from "./position.mjs";
import { qrPath } from "./qr.mjs";
import { scenarioOf } from "./scenario.mjs";
import { same } from "./state.mjs";
import { command } from "./words.mjs";

export function positionPanel(page, state, found, act) {
  const { view, position } = state;
  const now = () => act.state().position; // it may have changed since this was drawn
  const ofThis = (said) => (said && same(said.position, position) ? said.text : null);
  const code = ofThis(view.code);
  const { seed } = scenarioOf(page, position).run;
  return [
    h("div", { class: "two" },
      h("div", {},
        h("label", { for: "yaml" }, "My position as a scenario file"),
        h("textarea", { id: "yaml", "data-yaml": true, readOnly: true, rows: 12, spellcheck: "false", value: toYaml(page, position) }),
        h("p", { class: "tools" }, button("Copy the file", () => copy(act, now(), toYaml(page, now()), "The file is copied."), { "data-copy": "yaml" }), button("Save it", () => save(fileName(now()), toYaml(page, now()))),
          button("Copy a link", async () => copy(act, now(), linkOf(await toCode(page, now()), location), "The link is copied."), { "data-copy": "link" }),
          button("Show a code", async () => act.look({ code: code ? null : { position: now(), text: await toCode(page, now()) } }), { "data-code": true }),
          h("span", { role: "status", "data-copied": true }, ofThis(view.copied) ?? "")),
        h("p", {}, "The same runs in the terminal: ", h("code", { "data-command": true }, command(fileName(position), found.runs, seed)))),
      h("div", {},
        h("label", { for: "paste" }, "Somebody’s file, code or link"),
        h("textarea", { id: "paste", "data-paste": true, rows: 12, spellcheck: "false" }),
        h("p", { class: "tools" }, button("Take this position", () => takeText(page, act, document.getElementById("paste").value), { "data-take": true }),
          h("label", { class: "file" }, "or open a file ", h("input", { type: "file", accept: ".yaml,.yml,.txt", "data-open": true, on: { change: async ({ target }) => takeText(page, act, (await textsOf(target))[0].text) } }))),
        h("div", { role: "status", "data-problems": true }, (view.problems ?? []).length ? [h("p", {}, "Nothing was changed:"), h("ul", {}, view.problems.map((each) => h("li", {}, each)))] : view.taken ?? ""))),
    code ? codeFigure(code) : null,
  ];
}

let takes = 0; // counted, since a code is read more slowly than a file: the last one taken counts

async function takeText(page, act, text) {
  const mine = ++takes;
  const found = await fromText(page, text, act.state().position.scenario);
  if (mine !== takes) return undefined;
  if (found.problems) return act.look({ problems: found.problems, taken: null });
  act.look({ problems: null, taken: "Taken. Undo brings back what was here." });
  return act.change(() => found.position);
}

async function copy(act, position, text, says) {
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    done = document.execCommand("copy");
    field.remove();
  }
  act.look({ copied: { position, text: done ? says : "This browser lets the page copy nothing: save the file." } });
}

function save(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/yaml" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function codeFigure(code) {
  const drawn = qrPath(code);
  return h("figure", { class: "code" },
    drawn ? h("svg", { viewBox: `0 0 ${drawn.size} ${drawn.size}`, role: "img", "aria-label": "QR code of the position’s code" }, h("rect", { class: "paper", width: drawn.size, height: drawn.size }), h("path", { class: "ink", d: drawn.d })) : h("p", {}, "This position is too long for a QR code: hand in the file."),
    h("figcaption", { class: "small" }, "For the teacher’s page, as text: ", h("code", { "data-position-code": true }, code)));
}
