// A file as a code that fits in a link or on a poster: `S1` and, in base64url, the CRC-32 of the file as JSON (4 bytes, high
// first) and this JSON, deflated raw.

const MARK = "S1";
const LONGEST_CODE = 20_000; // characters; as sim/classroom/class_files.py
const LARGEST_CODED = 200_000; // bytes of the file in it

// The codes in a text, in links and in sentences too.
export const codesIn = (text) => text.match(/(?<![\w-])S1[\w-]{8,}/g) ?? [];

export async function writeCode(file) {
  const bytes = new TextEncoder().encode(JSON.stringify(file));
  const packed = await piped(bytes, new CompressionStream("deflate-raw"));
  const sum = crc32(bytes);
  const whole = Uint8Array.from([sum >>> 24, (sum >>> 16) & 255, (sum >>> 8) & 255, sum & 255, ...packed]);
  return MARK + btoa(String.fromCharCode(...whole)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

// The file of a code; throws where the code is damaged, or longer than that of a position.
export async function readCode(code) {
  if (code.length > LONGEST_CODE) throw new Error("too long");
  const text = code.startsWith(MARK) ? code.slice(MARK.length).replace(/-/g, "+").replace(/_/g, "/") : "?";
  const whole = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const bytes = await piped(whole.slice(4), new DecompressionStream("deflate-raw"));
  const sum = ((whole[0] << 24) | (whole[1] << 16) | (whole[2] << 8) | whole[3]) >>> 0;
  if (bytes.length > LARGEST_CODED || sum !== crc32(bytes)) throw new Error("another sum");
  return JSON.parse(new TextDecoder().decode(bytes));
}

// A link with a code in it; if the page is a local file, only the fragment, never a path of the reader's machine.
export function linkOf(code, location) {
  return /^https?:$/.test(location.protocol) ? `${location.origin}${location.pathname}#${code}` : `#${code}`;
}

async function piped(bytes, stream) {
  const [answer] = await Promise.all([new Response(stream.readable).arrayBuffer(), feed(stream.writable, bytes)]);
  return new Uint8Array(answer);
}

async function feed(writable, bytes) {
  const writer = writable.getWriter();
  await writer.write(bytes);
  await writer.close();
}

export function crc32(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}
