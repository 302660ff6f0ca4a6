/** Bits that are not written yet, the first lowest, and how many: fewer than 8 between two calls. */
let bits: u64 = 0;
let pending: u64 = 0;

/** Both sums of Adler's checksum. */
let first: u64 = 1;
let second: u64 = 0;

const modulus: u64 = 65521;

/** Begin with a picture, behind some bits. */
export function start(value: u32, length: u32): void {
  bits = value;
  pending = length;
  first = 1;
  second = 0;
}

export function firstSum(): u32 {
  return <u32> first;
}

export function secondSum(): u32 {
  return <u32> second;
}

/** Bytes as differences from the mean of the one to the left and the one above, rounded down; four pixels at a time. */
function filterRow(row: usize, above: usize, width: u32, to: usize): void {
  const one = i8x16.splat(1);
  let left: u32 = 0;
  let x: u32 = 0;
  const head = width < 5 ? width : 1; // the first has none to its left
  for (; x < head; x++) {
    const pixel = load<u32>(row + (x << 2));
    const up = load<u32>(above + (x << 2));
    const mean = (left & up) + ((left ^ up) >> 1 & 0x7f7f7f7f);
    store<u32>(to + (x << 2), ((pixel | 0x80808080) - (mean & 0x7f7f7f7f)) ^ ((pixel ^ ~mean) & 0x80808080));
    left = pixel;
  }
  while (x < width) {
    if (x + 4 > width) x = width - 4; // some once more
    const at = x << 2;
    const before = v128.load(row + at - 4);
    const up = v128.load(above + at);
    const mean = i8x16.sub(i8x16.avgr_u(before, up), v128.and(v128.xor(before, up), one));
    v128.store(to + at, i8x16.sub(v128.load(row + at), mean));
    x += 4;
  }
}

/** Write the same pixels again and again, as those before them. */
function writeRun(bytes: u32, longest: u32, matches: usize, out: usize): usize {
  while (bytes > 0) {
    const length = bytes < longest ? bytes : longest;
    const match = load<u32>(matches + (length << 2));
    bits |= <u64> (match & 0xffffff) << pending;
    pending += match >> 24;
    store<u64>(out, bits);
    out += <usize> (pending >> 3);
    bits >>= pending & 56;
    pending &= 7;
    bytes -= length;
  }
  return out;
}

/**
 * Filter rows, and write them in the codes of a block.
 *
 * @param rows RGBA, with the row above before them.
 * @param channels 3, or 4 with opacity.
 * @param codes Of 256 literals: its bits, and its length from bit 16 on.
 * @param matches Of each length, one byte back: its bits, and how many from bit 24 on.
 * @param room Takes a filtered row.
 * @param out Takes what is written; there is room for two bytes a value, and some.
 * @returns Where that ends.
 */
export function encodeRows(
  rows: usize,
  count: u32,
  width: u32,
  channels: u32,
  codes: usize,
  matches: usize,
  room: usize,
  out: usize,
): usize {
  const hasOpacity = channels == 4;
  const mask: u32 = hasOpacity ? 0xffffffff : 0xffffff;
  const longest: u32 = hasOpacity ? 256 : 258;
  const stride = <usize> width << 2;
  const filter = load<u32>(codes + 12); // its number is 3
  for (let y: u32 = 0; y < count; y++) {
    const row = rows + y * stride;
    filterRow(row, row - stride, width, room);
    bits |= <u64> (filter & 0xffff) << pending;
    pending += filter >> 16;
    store<u64>(out, bits);
    out += <usize> (pending >> 3);
    bits >>= pending & 56;
    pending &= 7;
    first += 3;
    second += first;
    let run: u32 = 0;
    for (let at = room, end = room + stride; at < end; at += 4) {
      const pixel = load<u32>(at) & mask;
      if (pixel == 0) {
        run++;
        if (run > 1) {
          second += first * channels;
          continue;
        }
      } else if (run > 0) {
        if (run > 1) out = writeRun((run - 1) * channels, longest, matches, out);
        run = 0;
      }
      const red = pixel & 255;
      const green = pixel >> 8 & 255;
      const blue = pixel >> 16 & 255;
      const redCode = load<u32>(codes + (red << 2));
      const greenCode = load<u32>(codes + (green << 2));
      const blueCode = load<u32>(codes + (blue << 2));
      const redEnd = <u64> (redCode >> 16);
      const greenEnd = redEnd + (greenCode >> 16);
      const three = <u64> (redCode & 0xffff) | <u64> (greenCode & 0xffff) << redEnd |
        <u64> (blueCode & 0xffff) << greenEnd;
      bits |= three << pending;
      pending += greenEnd + (blueCode >> 16);
      store<u64>(out, bits);
      out += <usize> (pending >> 3);
      bits >>= pending & 56;
      pending &= 7;
      second += 3 * first + (3 * red + 2 * green + blue);
      first += red + green + blue;
      if (hasOpacity) {
        const opacity = pixel >> 24;
        const code = load<u32>(codes + (opacity << 2));
        bits |= <u64> (code & 0xffff) << pending;
        pending += code >> 16;
        store<u64>(out, bits);
        out += <usize> (pending >> 3);
        bits >>= pending & 56;
        pending &= 7;
        first += opacity;
        second += first;
      }
    }
    if (run > 1) out = writeRun((run - 1) * channels, longest, matches, out);
    first %= modulus;
    second %= modulus;
  }
  return out;
}

/** Write a last code, and fill up the byte that it ends in. */
export function finish(code: u32, out: usize): usize {
  bits |= <u64> (code & 0xffff) << pending;
  pending += code >> 16;
  store<u64>(out, bits);
  return out + <usize> ((pending + 7) >> 3);
}

/** Go on with a checksum of a PNG's chunk, eight bytes at a time, by eight tables of 256 numbers. */
export function checksum(sum: u32, at: usize, end: usize, tables: usize): u32 {
  for (; at + 8 <= end; at += 8) {
    const low = load<u32>(at) ^ sum;
    const high = load<u32>(at + 4);
    sum = load<u32>(tables + ((low & 255) << 2), 7168) ^ load<u32>(tables + ((low >> 8 & 255) << 2), 6144) ^
      load<u32>(tables + ((low >> 16 & 255) << 2), 5120) ^ load<u32>(tables + (low >> 24 << 2), 4096) ^
      load<u32>(tables + ((high & 255) << 2), 3072) ^ load<u32>(tables + ((high >> 8 & 255) << 2), 2048) ^
      load<u32>(tables + ((high >> 16 & 255) << 2), 1024) ^ load<u32>(tables + (high >> 24 << 2));
  }
  for (; at < end; at++) sum = sum >> 8 ^ load<u32>(tables + (((sum ^ load<u8>(at)) & 255) << 2));
  return sum;
}
