import { uniformFloat64 } from "npm:pure-rand@8.4.2/distribution/uniformFloat64";
import { xoroshiro128plus } from "npm:pure-rand@8.4.2/generator/xoroshiro128plus";

/** 32 bits that differ from text to text (FNV-1a). */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}

/**
 * Random numbers from 0 to below 1, the same for the same seed and name.
 *
 * @param seed Where they begin.
 * @param name Tells sequences apart.
 */
export function randomNumbers(seed: number, name: string): () => number {
  const generator = xoroshiro128plus(seed ^ hash(name));
  return () => uniformFloat64(generator);
}
