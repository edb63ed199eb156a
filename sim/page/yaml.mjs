// Block YAML as people write scenario files: maps, lists, flow collections, quotes, folded text, comments. No anchors, no tags.
// A parser of our own (6 KB): the smallest well-kept library measured 39 KB, a tenth of a page.

const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/;
const WORDS = new Map([["", null], ["~", null], ["null", null], ["true", true], ["false", false]]);
const ESCAPES = { n: "\n", t: "\t", r: "\r", '"': '"', "\\": "\\", "/": "/", 0: "\0", e: "\x1b", " ": " ", _: "\u00a0" };
const KEY = /^("(?:[^"\\]|\\.)*"\s*|'(?:[^']|'')*'\s*|[^\s#&*!|>%@`{}[\],"'].*?):(?=\s|$)/; // no two repeats side by side, which would take quadratic time

const MOST_LINES = 2000; // of a value in brackets or quotes, which is read anew with every line

export class YamlError extends Error {
  constructor(line, message) {
    super(`line ${line}: ${message}`);
    this.line = line;
  }
}

const LINES = new WeakMap(); // of every map and list that was read: the line of each key or entry

function put(of, key, value, line) {
  Object.defineProperty(of, key, { value, enumerable: true, writable: true, configurable: true });
  if (!LINES.has(of)) LINES.set(of, new Map());
  LINES.get(of).set(String(key), line);
}

// The line of what stands below some keys, as far as they lead; null where the first leads nowhere.
export function lineOf(value, keys) {
  const [key, ...rest] = keys;
  const line = LINES.get(value)?.get(String(key));
  return line === undefined ? null : lineOf(value[key], rest) ?? line;
}

// The value of a text; throws YamlError, which names the line.
export function parseYaml(text) {
  const lines = logicalLines(text.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n").replaceAll("\u00a0", " "));
  if (!lines.some((line) => line.text)) return null;
  const reader = { lines, at: 0 };
  skipEmpty(reader);
  const value = readBlock(reader, lines[reader.at].indent);
  skipEmpty(reader);
  if (reader.at < lines.length) throw new YamlError(lines[reader.at].number, "indented otherwise than the lines before it");
  return value;
}

function logicalLines(text) {
  return text.split("\n").flatMap((raw, index) => {
    if (/^(---|\.\.\.)\s*$/.test(raw)) return [];
    const spaces = raw.match(/^[ \t]*/)[0];
    const body = withoutComment(raw.slice(spaces.length)).trimEnd();
    if (body && spaces.includes("\t")) throw new YamlError(index + 1, "a tab where spaces are needed");
    return [{ indent: spaces.length, text: body, raw, number: index + 1 }];
  });
}

function withoutComment(text) {
  let quote = "";
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (quote === '"' && character === "\\") at++;
    else if (quote) quote = character === quote ? "" : quote;
    else if ((character === '"' || character === "'") && (at === 0 || /[\s,[{:]/.test(text[at - 1]))) quote = character;
    else if (character === "#" && (at === 0 || /\s/.test(text[at - 1]))) return text.slice(0, at);
  }
  return text;
}

function skipEmpty(reader) {
  while (reader.at < reader.lines.length && !reader.lines[reader.at].text) reader.at++;
}

function readBlock(reader, indent) {
  const line = reader.lines[reader.at];
  if (line.text === "-" || line.text.startsWith("- ")) return readList(reader, indent);
  return KEY.test(line.text) ? readMap(reader, indent) : readScalarLines(reader, line.text, indent - 1);
}

function readList(reader, indent) {
  const list = [];
  for (skipEmpty(reader); reader.at < reader.lines.length; skipEmpty(reader)) {
    const line = reader.lines[reader.at];
    if (line.indent !== indent || !(line.text === "-" || line.text.startsWith("- "))) break;
    const rest = line.text.slice(1).trimStart();
    if (!rest) {
      reader.at++;
      put(list, list.length, nested(reader, indent, line), line.number);
    } else if (KEY.test(rest) || rest.startsWith("- ")) {
      const inner = line.indent + line.text.length - rest.length;
      reader.lines[reader.at] = { ...line, indent: inner, text: rest };
      put(list, list.length, readBlock(reader, inner), line.number);
    } else put(list, list.length, readScalarLines(reader, rest, indent), line.number);
  }
  return list;
}

function readMap(reader, indent) {
  const map = {};
  for (skipEmpty(reader); reader.at < reader.lines.length; skipEmpty(reader)) {
    const line = reader.lines[reader.at];
    if (line.indent !== indent) {
      if (line.indent > indent) throw new YamlError(line.number, "indented further than the key before it");
      break;
    }
    const found = line.text.match(KEY);
    if (!found) throw new YamlError(line.number, "neither a key with a colon nor an entry of a list");
    const key = String(scalar(found[1].trimEnd(), line.number));
    if (Object.hasOwn(map, key)) throw new YamlError(line.number, `${key} stands here twice`);
    const rest = line.text.slice(found[0].length).trim();
    let value;
    if (/^[|>][-+]?\d?$/.test(rest)) value = blockText(reader, indent, rest);
    else if (rest) value = readScalarLines(reader, rest, indent);
    else {
      reader.at++;
      value = nested(reader, indent, line, true);
    }
    put(map, key, value, line.number);
  }
  return map;
}

// The value below a key or a dash; a list may be indented no further than its key.
function nested(reader, indent, line, listToo = false) {
  skipEmpty(reader);
  const next = reader.lines[reader.at];
  if (!next || next.indent < indent) return null;
  const list = next.text === "-" || next.text.startsWith("- ");
  if (next.indent > indent || (listToo && list)) return readBlock(reader, next.indent);
  return null;
}

function blockText(reader, indent, style) {
  const kept = [];
  for (reader.at++; reader.at < reader.lines.length; reader.at++) {
    const { raw } = reader.lines[reader.at];
    if (raw.trim() && raw.match(/^ */)[0].length <= indent) break;
    kept.push(raw);
  }
  const margin = Math.min(...kept.filter((raw) => raw.trim()).map((raw) => raw.match(/^ */)[0].length));
  const lines = kept.map((raw) => raw.slice(margin).trimEnd());
  const text = style[0] === "|" ? lines.join("\n") : lines.join("\n").replace(/([^\n])\n(?=[^\n])/g, "$1 ");
  return text.trimEnd() + (style[1] === "-" ? "" : "\n");
}

// A scalar or flow collection, which may continue on lines indented further than `indent`.
function readScalarLines(reader, text, indent) {
  const { number } = reader.lines[reader.at];
  reader.at++;
  let whole = text;
  for (; reader.at < reader.lines.length; reader.at++) {
    const next = reader.lines[reader.at];
    if (next.text && next.indent <= indent && !openFlow(whole)) break;
    if (!next.text && !openFlow(whole)) break;
    if (!openFlow(whole) && KEY.test(next.text)) throw new YamlError(next.number, "a key below a value that has ended");
    if (next.number > number + MOST_LINES) throw new YamlError(number, `one value on more than ${MOST_LINES} lines`);
    whole += ` ${next.text}`;
  }
  return flowOrScalar(whole.trim(), number);
}

function openFlow(text) {
  if (!/^[[{"']/.test(text)) return false;
  try {
    flowOrScalar(text, 0);
    return false;
  } catch (error) {
    return error.open === true;
  }
}

function flowOrScalar(text, line) {
  if (!/^[[{"']/.test(text)) return scalar(text, line);
  const cursor = { text, at: 0, line };
  const value = flowValue(cursor);
  space(cursor);
  if (cursor.at < text.length) throw new YamlError(line, `what follows ${text.slice(0, cursor.at).slice(-12)} is not understood`);
  return value;
}

const space = (cursor) => { while (/\s/.test(cursor.text[cursor.at] ?? "")) cursor.at++; };

function open(cursor, what) {
  return Object.assign(new YamlError(cursor.line, `${what} is not closed`), { open: true });
}

function flowValue(cursor) {
  space(cursor);
  const first = cursor.text[cursor.at];
  if (first === "[") return flowList(cursor);
  if (first === "{") return flowMap(cursor);
  if (first === '"' || first === "'") return quoted(cursor, first);
  const end = cursor.text.slice(cursor.at).search(/[,\]}]|:(?=\s|$)/);
  const plain = cursor.text.slice(cursor.at, end < 0 ? undefined : cursor.at + end);
  cursor.at += plain.length;
  return scalar(plain.trim(), cursor.line);
}

function flowList(cursor) {
  const list = [];
  for (cursor.at++; ; cursor.at++) {
    space(cursor);
    if (cursor.at >= cursor.text.length) throw open(cursor, "[");
    if (cursor.text[cursor.at] === "]") break;
    list.push(flowValue(cursor));
    space(cursor);
    if (cursor.text[cursor.at] === "]") break;
    if (cursor.text[cursor.at] !== ",") throw open(cursor, "[");
  }
  cursor.at++;
  return list;
}

function flowMap(cursor) {
  const map = {};
  let last = null;
  for (cursor.at++; ; cursor.at++) {
    space(cursor);
    if (cursor.at >= cursor.text.length) throw open(cursor, "{");
    if (cursor.text[cursor.at] === "}") break;
    const key = String(flowValue(cursor));
    space(cursor);
    if (/[,}]/.test(cursor.text[cursor.at] ?? "")) throw new YamlError(cursor.line, splitAtComma(last, map[last], key));
    if (cursor.text[cursor.at] !== ":") throw open(cursor, "{");
    cursor.at++;
    if (Object.hasOwn(map, key)) throw new YamlError(cursor.line, `${key} stands here twice`);
    put(map, key, flowValue(cursor), cursor.line);
    last = key;
    space(cursor);
    if (cursor.text[cursor.at] === "}") break;
    if (cursor.text[cursor.at] !== ",") throw open(cursor, "{");
  }
  cursor.at++;
  return map;
}

// What to write where {credence: 0,3} or {note: one thing, and another} was read as two entries.
function splitAtComma(last, before, key) {
  if (/^\d+$/.test(key) && Number.isInteger(before)) return `write ${last}: ${before}.${key} with a point`;
  return typeof before === "string" ? `write ${last}: "${before}, ${key}" with quotation marks` : `${key} has no value: write ${key}: and one`;
}

function quoted(cursor, quote) {
  let said = "";
  for (cursor.at++; cursor.at < cursor.text.length; cursor.at++) {
    const character = cursor.text[cursor.at];
    if (character === "\\" && quote === '"') {
      const escape = cursor.text[++cursor.at];
      const length = { x: 2, u: 4, U: 8 }[escape];
      if (length) {
        said += String.fromCodePoint(Number.parseInt(cursor.text.slice(cursor.at + 1, cursor.at + 1 + length), 16) || 0xfffd);
        cursor.at += length;
      } else said += ESCAPES[escape] ?? escape;
    } else if (character !== quote) said += character;
    else if (quote === "'" && cursor.text[cursor.at + 1] === "'") {
      said += "'";
      cursor.at++;
    } else {
      cursor.at++;
      return said;
    }
  }
  throw open(cursor, quote);
}

function scalar(text, line) {
  if (/^[&*!]\S/.test(text)) throw new YamlError(line, "anchors, aliases and tags are not understood here");
  if (/^["']/.test(text)) return quoted({ text, at: 0, line }, text[0]);
  if (WORDS.has(text)) return WORDS.get(text);
  return NUMBER.test(text) ? Number(text) : text;
}

// Block YAML of maps, lists and scalars; a map or list of scalars alone stands on one line.
export function writeYaml(value, indent = 0) {
  const pad = " ".repeat(indent);
  return Object.entries(value).filter(([, each]) => each !== undefined).map(([key, each]) => {
    if (isFlat(each)) return `${pad}${word(key)}: ${flow(each)}\n`;
    if (Array.isArray(each)) return `${pad}${word(key)}:\n${each.map((row) => `${pad}  - ${flow(row)}\n`).join("")}`;
    return `${pad}${word(key)}:\n${writeYaml(each, indent + 2)}`;
  }).join("");
}

const isFlat = (value) => value === null || typeof value !== "object"
  || Object.values(value).length === 0 || Object.values(value).every((each) => each === null || typeof each !== "object");

function flow(value) {
  if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
  if (value && typeof value === "object") {
    return `{${Object.entries(value).filter(([, each]) => each !== undefined).map(([key, each]) => `${word(key)}: ${flow(each)}`).join(", ")}}`;
  }
  return typeof value === "string" ? word(value) : String(value);
}

function word(text) {
  const plain = /^[A-Za-z0-9][^:#{}[\],&*!|>'"%@`\\\n]*$/.test(text) && text.trim() === text;
  const safe = plain && !NUMBER.test(text) && !/^(true|false|null|yes|no|y|n)$/i.test(text);
  return safe ? text : JSON.stringify(text);
}
