import { hasText } from "./bytes.ts";
import type { ImageHeader } from "./format.ts";
import { magickAlone } from "./magick_memory.ts";

/** What an AVIF's pictures have, of all that are in it the most. */
export interface AvifKind {
  /** Whether any has more than 8 bits a channel. */
  readonly isDeep: boolean;
  /** Whether any has a hue for each pixel rather than for four. */
  readonly isFull: boolean;
  /** Whether opacity goes with any. */
  readonly hasOpacity: boolean;
}

/** What begins the settings of the codec, and the bits in them. */
const settings = { name: "av1C", flags: 6, deep: 0x40, grey: 0x10, shared: 0x0c };

/** What says that a picture goes with another, as opacity does. */
const auxiliary = "auxC";

/** Read what kind of pictures an AVIF says that it has; `start` are its first bytes. */
export function readAvifKind(start: Uint8Array): AvifKind {
  const kind = { isDeep: false, isFull: false, hasOpacity: false };
  for (let at = 4; at + 8 <= start.length; at++) {
    if (start[at] === 0x61 && hasText(start, settings.name, at)) {
      const flags = start[at + settings.flags]!;
      if (flags & settings.deep) kind.isDeep = true;
      if (!(flags & settings.grey) && (flags & settings.shared) !== settings.shared) kind.isFull = true;
    }
    if (start[at] === 0x61 && hasText(start, auxiliary, at)) kind.hasOpacity = true;
  }
  return kind;
}

/** How many bytes a pixel the decoder takes for colours, and how many more for opacity: measured, and rounded up. */
const costs = { usual: { shared: 18.5, full: 25, opacity: 2 }, deep: { shared: 22.5, full: 29, opacity: 9 } };

/**
 * How much memory an AVIF's decoder takes, in bytes, about.
 *
 * @param kind What its pictures have.
 * @param header Their sizes.
 */
export function memoryForAvif(
  { isDeep, isFull, hasOpacity }: AvifKind,
  { height, width, largest = 0 }: ImageHeader,
): number {
  const cost = costs[isDeep ? "deep" : "usual"];
  const each = (isFull ? cost.full : cost.shared) + (hasOpacity ? cost.opacity : 0);
  return magickAlone + Math.max(height * width, largest) * each;
}
