/** The longest code that Deflate takes, in bits. */
const longest = 15;

/** How long the code of each symbol is, so that the whole is as short as can be: Huffman's way, with two queues. */
function depthsOf(counts: Uint32Array, byCount: readonly number[]): Uint8Array {
  const leaves = byCount.length;
  const weights = new Float64Array(2 * leaves - 1);
  const parents = new Int32Array(2 * leaves - 1);
  byCount.forEach((symbol, at) => weights[at] = counts[symbol]!);
  let [leaf, branch] = [0, leaves];
  for (let next = leaves; next < weights.length; next++) {
    for (let child = 0; child < 2; child++) {
      const isLeaf = leaf < leaves && (branch >= next || weights[leaf]! <= weights[branch]!);
      const lightest = isLeaf ? leaf++ : branch++;
      weights[next]! += weights[lightest]!;
      parents[lightest] = next;
    }
  }
  const depths = new Uint8Array(weights.length);
  for (let at = weights.length - 2; at >= 0; at--) depths[at] = depths[parents[at]!]! + 1;
  return depths.subarray(0, leaves);
}

/**
 * The lengths of the codes of symbols, at most {@linkcode longest}.
 *
 * @param counts How often each is to come; what is 0 times gets no code. Two at least come.
 */
export function codeLengths(counts: Uint32Array): Uint8Array {
  const lengths = new Uint8Array(counts.length);
  const byCount = Array.from(counts.keys()).filter((symbol) => counts[symbol]! > 0)
    .sort((one, other) => counts[one]! - counts[other]!);
  const depths = depthsOf(counts, byCount);
  if (depths[0]! > longest) return codeLengths(counts.map((count) => count > 0 ? (count >> 1) + 1 : 0)); // flatter
  byCount.forEach((symbol, at) => lengths[symbol] = depths[at]!);
  return lengths;
}

/** The bits of a code in the order in which they are written. */
function reversed(code: number, length: number): number {
  let bits = 0;
  for (let at = 0; at < length; at++) bits |= (code >> at & 1) << length - 1 - at;
  return bits;
}

/** How a code's length is told from its bits. */
export const lengthShift = 16;

/**
 * The codes of symbols by their lengths, as Deflate numbers them.
 *
 * @returns Of each symbol its bits, the first lowest, and its length above {@linkcode lengthShift}.
 */
export function codesOf(lengths: Uint8Array): Uint32Array {
  const codes = new Uint32Array(lengths.length);
  for (let length = 1, code = 0; length <= longest; length++, code <<= 1) {
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] === length) codes[symbol] = length << lengthShift | reversed(code++, length);
    }
  }
  return codes;
}
