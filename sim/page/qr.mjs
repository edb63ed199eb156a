// QR codes (ISO/IEC 18004) of text as bytes, error correction L, versions 1 to 40. Our own code: libraries are larger.

const PER_BLOCK = [7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30];
const BLOCKS = [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25];
const QUIET = 4; // modules of margin

// {size, d} of an SVG path, or null where the text is too long for any version.
export function qrPath(text) {
  const code = qrModules(text);
  if (!code) return null;
  const parts = code.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x + QUIET} ${y + QUIET}h1v1h-1z`] : [])));
  return { size: code.length + 2 * QUIET, d: parts.join("") };
}

// Rows of true (dark) and false; null where the text is too long.
export function qrModules(text) {
  const bytes = [...new TextEncoder().encode(text)];
  const version = [...Array(40).keys()].map((at) => at + 1).find((each) => 4 + (each < 10 ? 8 : 16) + 8 * bytes.length <= 8 * dataWords(each));
  if (!version) return null;
  const words = withCorrection(dataOf(bytes, version), version);
  const drawn = [0, 1, 2, 3, 4, 5, 6, 7].map((mask) => drawCode(version, words, mask));
  return drawn.reduce((best, each) => (penalty(each) < penalty(best) ? each : best));
}

function rawModules(version) {
  const align = version === 1 ? 0 : Math.floor(version / 7) + 2;
  const patterns = version === 1 ? 0 : (25 * align - 10) * align - 55;
  return (16 * version + 128) * version + 64 - patterns - (version >= 7 ? 36 : 0);
}

const allWords = (version) => Math.floor(rawModules(version) / 8);
const dataWords = (version) => allWords(version) - PER_BLOCK[version - 1] * BLOCKS[version - 1];

function dataOf(bytes, version) {
  const bits = [];
  const push = (value, length) => { for (let at = length - 1; at >= 0; at--) bits.push((value >>> at) & 1); };
  push(4, 4);
  push(bytes.length, version < 10 ? 8 : 16);
  bytes.forEach((byte) => push(byte, 8));
  push(0, Math.min(4, 8 * dataWords(version) - bits.length));
  while (bits.length % 8) bits.push(0);
  const words = [];
  for (let at = 0; at < bits.length; at += 8) words.push(Number.parseInt(bits.slice(at, at + 8).join(""), 2));
  for (let pad = 0xec; words.length < dataWords(version); pad ^= 0xec ^ 0x11) words.push(pad);
  return words;
}

// --- error correction over GF(256) --------------------------------------------------------------------------------

function times(one, other) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((other >>> bit) & 1) * one;
  }
  return product;
}

function divisor(degree) {
  const result = Array(degree).fill(0);
  result[degree - 1] = 1;
  for (let root = 1, step = 0; step < degree; step++, root = times(root, 2)) {
    for (let at = 0; at < degree; at++) result[at] = times(result[at], root) ^ (at + 1 < degree ? result[at + 1] : 0);
  }
  return result;
}

function remainder(data, by) {
  const result = by.map(() => 0);
  for (const each of data) {
    const factor = each ^ result.shift();
    result.push(0);
    by.forEach((coefficient, at) => { result[at] ^= times(coefficient, factor); });
  }
  return result;
}

function withCorrection(data, version) {
  const [blocks, own] = [BLOCKS[version - 1], PER_BLOCK[version - 1]];
  const short = Math.floor(allWords(version) / blocks) - own;
  const shorter = blocks - (allWords(version) % blocks);
  const by = divisor(own);
  let at = 0;
  const parts = [...Array(blocks).keys()].map((block) => {
    const part = data.slice(at, at += short + (block < shorter ? 0 : 1));
    return { part, check: remainder(part, by) };
  });
  const along = (pick, length) => [...Array(length).keys()].flatMap((place) => parts.flatMap((each) => (place < pick(each).length ? [pick(each)[place]] : [])));
  return [...along((each) => each.part, short + 1), ...along((each) => each.check, own)];
}

// --- drawing ------------------------------------------------------------------------------------------------------

const MASKS = [
  (x, y) => (x + y) % 2, (x, y) => y % 2, (x) => x % 3, (x, y) => (x + y) % 3,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2, (x, y) => ((x * y) % 2) + ((x * y) % 3),
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2, (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2,
];

function drawCode(version, words, mask) {
  const size = 4 * version + 17;
  const dark = Array.from({ length: size }, () => Array(size).fill(false));
  const fixed = Array.from({ length: size }, () => Array(size).fill(false));
  const put = (x, y, value) => { if (x >= 0 && y >= 0 && x < size && y < size) { dark[y][x] = Boolean(value); fixed[y][x] = true; } };
  for (let at = 0; at < size; at++) { put(6, at, at % 2 === 0); put(at, 6, at % 2 === 0); }
  for (const [cx, cy] of [[3, 3], [size - 4, 3], [3, size - 4]]) square(put, cx, cy, 4, (ring) => ring !== 2 && ring !== 4);
  const centres = alignments(version, size);
  for (const cx of centres) for (const cy of centres) if (!corner(cx, cy, size)) square(put, cx, cy, 2, (ring) => ring !== 1);
  drawFormat(put, mask, size);
  if (version >= 7) drawVersion(put, version, size);
  fill(dark, fixed, words, mask, size);
  return dark;
}

function square(put, cx, cy, reach, isDark) {
  for (let dy = -reach; dy <= reach; dy++) for (let dx = -reach; dx <= reach; dx++) put(cx + dx, cy + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))));
}

function alignments(version, size) {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const step = version === 32 ? 26 : Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  return [6, ...[...Array(count - 1).keys()].map((at) => size - 7 - at * step).reverse()];
}

const corner = (x, y, size) => (x === 6 && (y === 6 || y === size - 7)) || (x === size - 7 && y === 6);

function drawFormat(put, mask, size) {
  const data = (1 << 3) | mask; // level L
  let rest = data;
  for (let step = 0; step < 10; step++) rest = (rest << 1) ^ ((rest >>> 9) * 0x537);
  const bits = ((data << 10) | rest) ^ 0x5412;
  const bit = (at) => (bits >>> at) & 1;
  for (let at = 0; at <= 5; at++) put(8, at, bit(at));
  put(8, 7, bit(6)); put(8, 8, bit(7)); put(7, 8, bit(8));
  for (let at = 9; at < 15; at++) put(14 - at, 8, bit(at));
  for (let at = 0; at < 8; at++) put(size - 1 - at, 8, bit(at));
  for (let at = 8; at < 15; at++) put(8, size - 15 + at, bit(at));
  put(8, size - 8, true);
}

function drawVersion(put, version, size) {
  let rest = version;
  for (let step = 0; step < 12; step++) rest = (rest << 1) ^ ((rest >>> 11) * 0x1f25);
  const bits = (version << 12) | rest;
  for (let at = 0; at < 18; at++) {
    const [long, short] = [size - 11 + (at % 3), Math.floor(at / 3)];
    put(long, short, (bits >>> at) & 1);
    put(short, long, (bits >>> at) & 1);
  }
}

function fill(dark, fixed, words, mask, size) {
  let at = 0;
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < size; step++) {
      for (const x of [right, right - 1]) {
        const y = ((right + 1) & 2) === 0 ? size - 1 - step : step;
        if (fixed[y][x]) continue;
        const bit = at < words.length * 8 ? (words[at >>> 3] >>> (7 - (at & 7))) & 1 : 0;
        dark[y][x] = Boolean(bit) !== (MASKS[mask](x, y) === 0);
        at++;
      }
    }
  }
}

// The standard's penalties that matter most: long runs, two-by-two blocks and an uneven balance.
function penalty(dark) {
  const size = dark.length;
  let points = 0;
  const line = (get) => {
    let length = 0;
    for (let at = 0; at < size; at++) {
      length = at > 0 && get(at) === get(at - 1) ? length + 1 : 1;
      if (length === 5) points += 3;
      else if (length > 5) points += 1;
    }
  };
  let count = 0;
  for (let y = 0; y < size; y++) {
    line((x) => dark[y][x]);
    line((x) => dark[x][y]);
    for (let x = 0; x < size; x++) {
      count += dark[y][x];
      if (x && y && dark[y][x] === dark[y - 1][x] && dark[y][x] === dark[y][x - 1] && dark[y][x] === dark[y - 1][x - 1]) points += 3;
    }
  }
  return points + 10 * Math.floor(Math.abs((20 * count) / (size * size) - 10));
}
