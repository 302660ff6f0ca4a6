/** What each byte does to a checksum; then what it does with one to seven bytes behind it. */
export const remainders = new Int32Array(8 * 256);
for (let byte = 0; byte < 256; byte++) {
  let sum = byte;
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? sum >>> 1 ^ 0xedb88320 : sum >>> 1;
  remainders[byte] = sum;
}
for (let at = 256; at < remainders.length; at++) {
  const sum = remainders[at - 256]!;
  remainders[at] = sum >>> 8 ^ remainders[sum & 255]!;
}

/** The checksum of nothing; that which is stored is the complement of the last. */
export const noChecksum = -1;

/** The checksum of what came before and some bytes more, of which four are taken at a time. */
export function addToChecksum(sum: number, bytes: Uint8Array): number {
  let at = 0;
  for (const end = bytes.length - 3; at < end; at += 4) {
    sum ^= bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 | bytes[at + 3]! << 24;
    sum = remainders[768 + (sum & 255)]! ^ remainders[512 + (sum >>> 8 & 255)]! ^
      remainders[256 + (sum >>> 16 & 255)]! ^ remainders[sum >>> 24]!;
  }
  for (; at < bytes.length; at++) sum = sum >>> 8 ^ remainders[(sum ^ bytes[at]!) & 255]!;
  return sum;
}
