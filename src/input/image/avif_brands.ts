import { hasText, textAt, viewOf } from "./bytes.ts";

/** How many bytes the kinds that a file says it is of may take. */
const longest = 256;

/** Whether a file of boxes says that it is an AVIF, first or behind a more general kind. */
export function isAvif(bytes: Uint8Array): boolean {
  if (bytes.length < 16 || !hasText(bytes, "ftyp", 4)) return false;
  const length = Math.min(viewOf(bytes).getUint32(0), bytes.length, longest);
  for (let at = 8; at + 4 <= length; at += 4) {
    if (["avif", "avis"].includes(textAt(bytes, at, 4))) return true;
  }
  return hasText(bytes, "avif", 8) || hasText(bytes, "avis", 8);
}
