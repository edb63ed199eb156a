// A reader's position: which credences were moved and which switch is set; as YAML, as a link, and back.
//
// A position is {claims: Map(id -> per cent, to a tenth), variant: id}. A variant is "own", "document:ID" or "coding:NAME".

export const OWN = "own";

export function emptyPosition() {
  return { claims: new Map(), variant: OWN };
}

// Per cent to a tenth: credences have three decimals at most.
export function tenths(percent) {
  return Math.round(10 * percent) / 10;
}

export function toYaml({ claims, variant }) {
  const [kind, name] = variant.split(":");
  const lines = [];
  if (kind === "coding") lines.push(`  coding: ${name}`);
  if (kind === "document") lines.push("  documents:", `    ${name}: off`);
  if (claims.size) lines.push("  claims:");
  for (const [id, percent] of claims) lines.push(`    ${id}: ${credenceText(percent)}`);
  return lines.length ? ["assume:", ...lines, ""].join("\n") : "assume: {}\n";
}

function credenceText(percent) {
  if (percent === 0) return "off";
  return percent === 100 ? "on" : `{credence: ${Math.round(10 * percent) / 1000}}`;
}

export function toFragment({ claims, variant }) {
  const parts = [];
  if (claims.size) parts.push("claims=" + [...claims].map(([id, percent]) => `${encodeURIComponent(id)}:${percent}`).join(","));
  if (variant !== OWN) parts.push("assume=" + encodeURIComponent(variant));
  return parts.length ? "#" + parts.join("&") : "";
}

// The position that a text means: a link, or YAML as toYaml writes it. `known` holds {claims: [id], variants: [id]}.
// Anything else becomes a line in `problems` and changes nothing.
export function fromText(text, known) {
  const mark = text.indexOf("#claims=") >= 0 ? text.indexOf("#claims=") : text.indexOf("#assume=");
  const found = mark >= 0 ? fromFragment(text.slice(mark).trim()) : fromYaml(text);
  const position = emptyPosition();
  for (const [id, percent] of found.claims) {
    if (!known.claims.includes(id)) found.problems.push(`no claim ${id}`);
    else if (!(percent >= 0 && percent <= 100)) found.problems.push(`the credence of ${id} lies between 0 and 100 per cent`);
    else position.claims.set(id, tenths(percent));
  }
  if (known.variants.includes(found.variant)) position.variant = found.variant;
  else found.problems.push(`this page holds no worlds for ${found.variant.replace(":", " ")}`);
  if (found.several) found.problems.push("only one author or coding can be switched at a time");
  return { position, problems: found.problems };
}

export function fromFragment(fragment) {
  const found = { claims: [], variant: OWN, problems: [] };
  for (const part of fragment.replace(/^#/, "").split("&")) {
    const [key, value = ""] = part.split("=");
    if (key === "assume") found.variant = decoded(value);
    if (key !== "claims") continue;
    for (const item of value.split(",").filter(Boolean)) {
      const [id, percent] = item.split(":");
      found.claims.push([decoded(id), percent === undefined || percent === "" ? NaN : Number(percent)]);
    }
  }
  return found;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const LINE = /^( *)([\w.-]+):\s*(.*?)\s*$/;
const SECTIONS = ["claims", "documents"];

export function fromYaml(text) {
  const found = { claims: [], variant: OWN, problems: [] };
  let section = "";
  for (const line of text.split(/\r?\n/)) {
    const plain = line.replace(/(^|\s)#.*$/, "").trimEnd();
    if (!plain.trim() || /^assume:(\s*\{\s*\})?$/.test(plain.trim())) continue;
    const [, , key, value] = plain.match(LINE) ?? [];
    if (key === undefined) found.problems.push(`not understood: ${plain.trim().slice(0, 60)}`);
    else if (SECTIONS.includes(key) && !value) section = key;
    else if (key === "coding") switchTo(found, value === "pooled" ? OWN : `coding:${value}`);
    else if (section === "documents") readDocument(found, key, value);
    else if (section === "claims") readClaim(found, key, value);
    else found.problems.push(`this page cannot change ${key}; a run can`);
  }
  return found;
}

function switchTo(found, variant) {
  found.several = found.variant !== OWN && variant !== OWN;
  if (variant !== OWN) found.variant = variant;
}

function readDocument(found, id, value) {
  if (value === "off" || value === "false") switchTo(found, `document:${id}`);
}

function readClaim(found, id, value) {
  const number = value.match(/^\{\s*credence:\s*([0-9.eE+-]+)\s*\}$/);
  const switches = { on: 100, true: 100, off: 0, false: 0 };
  if (number) found.claims.push([id, 100 * Number(number[1])]);
  else if (value in switches) found.claims.push([id, switches[value]]);
  else found.problems.push(`${id}: not understood: ${value.slice(0, 60)}`);
}
